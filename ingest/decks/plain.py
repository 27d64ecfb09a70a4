"""Markdown and plain text: headings, lists, tables, quotations and paragraphs, found again by their line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from ingest.sniff import read_text
from winloss.model.auditing import Block, BlockKind

_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_UNDERLINE = re.compile(r"\s{0,3}(=+|-{3,})\s*$")
_BULLET = re.compile(r"(\s*)(?:[-*+•·‣▪◦–—]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s+(?=\S)")
_ROW = re.compile(r"\s*\|.*\|\s*$")
_RULER = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_RULE = re.compile(r"\s*(?:[-*_]\s*){3,}$")
_QUOTE = re.compile(r"\s*>\s?")
_MARKS = re.compile(r"(\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)|`)")
_LINK = re.compile(r"!?\[([^\]]*)\]\((?:[^()]|\([^)]*\))*\)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_INDENT = 2
LONGEST_ENTRY = 200


def markdown_blocks(path: Path) -> list[Block]:
    """The blocks of a Markdown file; `place` is the line, from 0.

    Raises:
        MalformedSource: it is no text, or more than any deck holds.
    """
    return list(_blocks(_text(path), marked=True))


def text_blocks(path: Path) -> list[Block]:
    """The blocks of a plain text: a line that begins like a list is one, others run on until an empty line.

    Raises:
        MalformedSource: it is no text, or more than any deck holds.
    """
    text = _text(path)
    if _one_a_line(text):
        return [
            Block(text=words, kind=BlockKind.BODY, where=f"line {number}", place=number - 1, part=0, listed=True)
            for number, line in enumerate(text.splitlines(), start=1)
            if (words := _plain(_BULLET.sub("", line, count=1), marked=False))
        ]
    return list(_blocks(text, marked=False))


def _one_a_line(text: str) -> bool:
    """Whether a text is a list with an entry a line: lines do not go on small, as wrapped ones do, and few are long."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) < 2 or any(_HEADING.match(line) or _ROW.match(line) for line in lines):
        return False
    going_on = sum(line[:1].islower() for line in lines[1:])
    empty = text.count("\n\n")
    return empty == 0 and going_on <= 0.15 * len(lines) and max(map(len, lines)) <= LONGEST_ENTRY


def _text(path: Path) -> str:
    text = read_text(path)[0]
    return _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)


def _blocks(text: str, *, marked: bool) -> Iterator[Block]:
    lines = text.splitlines()
    part = 0
    for start, end, kind in _runs(lines):
        raw = lines[start:end]
        where = f"line {start + 1}"
        if kind == "heading":
            part += 1
            words = _plain(_HEADING.sub(r"\2", raw[0]), marked=marked)
            yield Block(text=words, kind=BlockKind.TITLE, where=where, place=start, part=part)
        elif kind == "table":
            yield from _table(raw, start, part, marked=marked)
        else:
            found = _BULLET.match(raw[0]) if kind == "bullet" else None
            joined = " ".join(_QUOTE.sub("", line, count=1) if kind == "quote" else line for line in raw)
            words = _plain(_BULLET.sub("", joined, count=1) if found else joined, marked=marked)
            if kind == "quote" and words[:1] not in '"“':
                words = f"“{words}”"
            level = len(found[1].expandtabs(4)) // _INDENT if found else 0
            if words:
                yield Block(
                    text=words,
                    kind=BlockKind.BODY,
                    where=where,
                    place=start,
                    part=part,
                    level=level,
                    listed=bool(found),
                )


def _runs(lines: list[str]) -> Iterator[tuple[int, int, str]]:
    """(first line, line after the last, what it is) of every block."""
    at = 0
    while at < len(lines):
        line = lines[at]
        if not line.strip() or _RULE.fullmatch(line):
            at += 1
        elif _FENCE.match(line):
            at = _until(lines, at + 1, lambda text: bool(_FENCE.match(text))) + 1
        elif _HEADING.match(line):
            yield at, at + 1, "heading"
            at += 1
        elif at + 1 < len(lines) and _UNDERLINE.match(lines[at + 1]) and not _BULLET.match(line):
            yield at, at + 1, "heading"
            at += 2
        else:
            end, kind = _block_end(lines, at)
            yield at, end, kind
            at = end


def _block_end(lines: list[str], at: int) -> tuple[int, str]:
    line = lines[at]
    if _ROW.match(line):
        return _until(lines, at, lambda text: not _ROW.match(text)), "table"
    if _QUOTE.match(line):
        return _until(lines, at, lambda text: not _QUOTE.match(text)), "quote"
    kind = "bullet" if _BULLET.match(line) else "paragraph"
    return _until(lines, at + 1, _begins_another), kind


def _begins_another(line: str) -> bool:
    starts = (_BULLET, _HEADING, _ROW, _QUOTE, _FENCE, _RULE)
    return not line.strip() or any(pattern.match(line) for pattern in starts)


def _until(lines: list[str], at: int, ends: Callable[[str], bool]) -> int:
    while at < len(lines) and not ends(lines[at]):
        at += 1
    return at


def _table(raw: list[str], start: int, part: int, *, marked: bool) -> Iterator[Block]:
    rows = [
        (number, tuple(_plain(cell, marked=marked) for cell in line.strip().strip("|").split("|")))
        for number, line in enumerate(raw, start=start)
        if not _RULER.fullmatch(line)
    ]
    head = rows[0][1] if len(rows) > 1 else ()
    for number, row in rows[1:] if head else rows:
        if any(row):
            text = " | ".join(filter(None, row))
            yield Block(
                text=text,
                kind=BlockKind.CELL,
                where=f"line {number + 1}",
                place=number,
                part=part,
                cells=row,
                head=head,
            )


def _plain(text: str, *, marked: bool) -> str:
    """The words without what only says how they look."""
    if marked:
        text = _MARKS.sub("", _LINK.sub(r"\1", text))
    return " ".join(text.split())
