"""Values that no export should hold and that some day one does."""

from __future__ import annotations

import string
from random import Random
from typing import Any

TEXTS = (
    *("", " ", "\u00a0", "\n\n", "0", "-1", "null", "NaN", "true", "[deleted]", "[removed]", ":", ": :", "::", "—"),
    "Q:",
    *("a" * 5000, "word " * 800, "Dana Ortiz: " * 200, "\ud800", "ok \udfff", "\x00"),
    *("a\x00b", "\u2028", "\u202e", "\ufeff"),
    *("👩‍👩‍👧", "é" * 70, "ß", "İ", "ﬁ", "<b>x</b>", "<v Dana>x", "&lt;&#0;&#x110000;&nbsp", "<!--"),
    *("]]>", "{\\rtf1", "%PDF-"),
    *("10:00", "00:00:01.000 --> 00:00:00.000", "99:99:99", "[1:2:3]", "(((((", "[[[[[", ">>>>", "---"),
    *("> quoted\n> more", "| a | b |"),
    *("1969-12-31", "0000-00-00", "9999-12-31T23:59:59.999999+14:00", "2026-02-30", "31/12/99999", "1e400"),
    *("-0", "٣٢١", "²"),
    *("2026-04-14T10:00:00Z", "1776124800", "1776124800000", "99999999999999999999", "a@b"),
    *("javascript:alert(1)", "http://[::1"),
)  # fmt: skip
NUMBERS = (
    *(0, -1, 1, 2, 1e308, -1e308, 5e-324, 0.1, -0.0, 2**31, 2**53 + 1, 2**63, 2**64, -(2**63) - 1, 10**30, 10**400),
    *(1e15, float("inf"), float("-inf"), float("nan"), 253_402_300_800, 1776124800, 1776124800000),
)  # fmt: skip
PIECES = (
    *(b"\x00", b"\xff", b"\xfe\xff", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\r\n", b"\n\n", b"\x1a", b"\xc3"),
    *(b"\xe2\x80\xa8", b'"', b"'", b"<", b">", b"&", b"{", b"}", b"[", b"]", b",", b";", b":", b"\t", b"|"),
    *(b"\\", b"%", b"#", b"-->", b"*"),
    *(b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x80", b"{\\*", b"\\'", b"\\u-1?", b"\\bin9", b"]]>"),
    *(b"<!--", b"<![CDATA["),
    *(b"From ", b"--", b"\n.\n", b"=?utf-8?b?", b"WEBVTT\n\n", b"PK\x03\x04", b"endobj", b"stream\n"),
    b" 00:00:01,000 --> 00:00:02,000\n",
)  # fmt: skip


def value(rng: Random, depth: int = 0) -> Any:
    """Any JSON value, hostile ones most of all."""
    kind = rng.randrange(10 if depth < 3 else 7)
    if kind < 3:
        return text(rng)
    if kind < 5:
        return rng.choice(NUMBERS)
    if kind < 7:
        return rng.choice((None, True, False, [], {}, [[]], [None], {"": None}))
    if kind == 7:
        return [value(rng, depth + 1) for _ in range(rng.randrange(4))]
    if kind == 8:
        return {text(rng)[:20]: value(rng, depth + 1) for _ in range(rng.randrange(4))}
    return nested(rng.choice((3, 50, 190, 300)))


def nested(depth: int) -> list[Any]:
    """A list in a list in a list."""
    inner: list[Any] = []
    for _ in range(depth):
        inner = [inner]
    return inner


def text(rng: Random) -> str:
    """A hostile text, or a few random letters."""
    if rng.random() < 0.8:
        return rng.choice(TEXTS)
    return "".join(rng.choices(string.printable, k=rng.randrange(1, 30)))


def number(rng: Random) -> str:
    """Digits where digits are expected."""
    return rng.choice(
        ("0", "1", "00", "59", "60", "61", "99", "999", "12345678901", "-1", "9" * 40, "1.5", "٣", "²", "")
    )
