"""How text is cut into words, how synonyms join in, and what is highlighted."""

from __future__ import annotations

import pytest

from winloss.search.analysis import LONGEST, surfaces, tokens
from winloss.search.highlighting import spans
from winloss.search.query import parse
from winloss.search.synonyms import Thesaurus

GROUPS = (("EDR", "endpoint detection and response"), ("PoC", "proof of concept", "pilot", "bake-off"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Café, NAÏVE", ["cafe", "naive"]),
        ("cafe\u0301 re\u0301sume\u0301", ["cafe", "resume"]),
        ("don't don’t buyer's", ["dont", "dont", "buyers"]),
        ("bake-off, year-two", ["bake", "off", "year", "two"]),
        ("$1,200 and v3.5, 3.5", ["1200", "and", "v3", "5", "3.5"]),
        ("安全性 ok", ["安", "全", "性", "ok"]),
        ("Straße STRASSE", ["strasse", "strasse"]),
        ("?! … ~ ()", []),
        ("x" * 500, ["x" * LONGEST]),
    ],
)
def test_surfaces(text: str, expected: list[str]) -> None:
    assert surfaces(text) == expected


def test_tokens_point_at_the_text_as_written() -> None:
    text = "“Renewals” were cafe\u0301-priced."
    assert [text[token.start : token.end] for token in tokens(text)] == ["Renewals", "were", "cafe\u0301", "priced"]
    assert [token.stem for token in tokens(text)] == ["renew", "were", "cafe", "price"]


def test_it_is_a_department_and_also_a_stop_word() -> None:
    assert [token.stop for token in tokens("IT said it works for us in the US")] == [
        False, False, True, False, True, True, True, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("alert", ["Alerts", "alerting"]),
        ("the", ["The", "the"]),
        ("the pilot", ["pilot"]),
        ('"the pilot was"', ["the pilot was"]),
        ("was slow -alerts", ["slow"]),
        ("al*", ["Alerts", "alerting"]),
        ("alrts~", ["Alerts", "alerting"]),
        ("bake-offs", ["pilot"]),
        ("proof of concept", ["pilot"]),
        ("(slow OR fast) AND pilot", ["pilot", "slow"]),
        ('slow "pilot was slow"', ["pilot was slow"]),
    ],
)
def test_highlights(query: str, marked: list[str]) -> None:
    text = "The Alerts in the pilot was slow; alerting."
    found = spans(Thesaurus(GROUPS).expand(parse(query)), text)
    assert [text[start:end] for start, end in found] == marked
