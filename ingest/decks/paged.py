"""PDF: lines put together to bullets and paragraphs by how they begin, where they break, and how long they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from ingest.pdf_text import page_lines
from winloss.model.auditing import Block, BlockKind

_BULLET = re.compile(r"(\s*)(?:[•·‣▪◦●○■□–—*➢➤✓-]|\uf0b7|\(?\d{1,2}[.)])\s+(?=\S)")
_ENDS = re.compile(r"[.!?:;…][\"”’)\]]*$")
_SHORT = 0.62
"""A line this much shorter than the longest of its page ends its paragraph, where the next begins with a capital."""
_LONGEST_TITLE = 110
_INDENT = 3


def pdf_blocks(path: Path) -> list[Block]:
    """What stands on the pages; the first short line of a page without a mark at its end is its title.

    Raises:
        MalformedSource: it is broken, locked, too large, or holds no text.
    """
    return [block for number, lines in enumerate(page_lines(path)) for block in _page(lines, number)]


def _page(lines: Sequence[str], number: int) -> Iterator[Block]:
    runs = list(_runs(lines))
    count = 0
    for order, (text, level, listed) in enumerate(runs):
        title = order == 0 and not listed and len(text) < _LONGEST_TITLE and len(runs) > 1 and text[-1] not in ":;,"
        count += not title
        yield Block(
            text=text,
            kind=BlockKind.TITLE if title else BlockKind.BODY,
            where=f"page {number + 1}, title" if title else f"page {number + 1}, paragraph {count}",
            place=number,
            part=number,
            level=level,
            listed=listed,
        )


def _runs(lines: Sequence[str]) -> Iterator[tuple[str, int, bool]]:
    """(text, depth, whether it is a bullet) of every paragraph of a page."""
    longest = max(map(len, lines), default=0)
    held: list[str] = []
    level, listed = 0, False
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        bullet = _BULLET.match(line)
        if bullet and held:
            yield " ".join(held), level, listed
            held = []
        if not line.strip():
            if held:
                yield " ".join(held), level, listed
            held, level, listed = [], 0, False
            continue
        if bullet:
            level, listed = len(bullet[1]) // _INDENT, True
        held.append(" ".join(_BULLET.sub("", line, count=1).split()))
        if _breaks(line, after, longest, first=not listed and len(held) == 1):
            yield " ".join(held), level, listed
            held, level, listed = [], 0, False
    if held:
        yield " ".join(held), level, listed


def _breaks(line: str, after: str, longest: int, *, first: bool) -> bool:
    """Whether a paragraph ends with this line: it is short or ends a sentence, and the next one begins anew."""
    following = after.strip()
    if not following or following[0].islower():
        return False
    short = len(line.rstrip()) < _SHORT * longest
    return short or (first and bool(_ENDS.search(line.rstrip())) and following[0].isupper())
