"""Lines that quote somebody else, as Markdown marks them and forums show them."""

from __future__ import annotations

import re
from collections.abc import Iterator

_QUOTE = re.compile(r" {0,3}>(?![!\d])")
_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_OTHER_BLOCK = re.compile(
    r" {0,3}(?:[-*+][ \t]|\d{1,9}[.)][ \t]|#{1,6}[ \t]|(?:\*[ \t]*){3,}$|(?:-[ \t]*){3,}$|```|~~~)"
)
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")


def quoted_lines(text: str) -> tuple[tuple[int, int], ...]:
    """Half-open spans of the lines that quote: those behind `>`, and those that go on below without a blank line.

    `>` before a number means more than, `>!` hides the author's own words, and in a block of code nothing is quoted.
    """
    if ">" not in text:
        return ()
    spans: list[tuple[int, int]] = []
    for start, end, joined in _quoting(text):
        if joined and spans:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return tuple(spans)


def _quoting(text: str) -> Iterator[tuple[int, int, bool]]:
    """(start, end, whether it goes on from the line before) of every quoting line, without its line end."""
    fenced = before = False
    for match in _LINE.finditer(text):
        line = match[0].rstrip("\r\n")
        if _FENCE.match(line):
            fenced = not fenced
        quotes = not fenced and bool(line.strip()) and (bool(_QUOTE.match(line)) or (before and _goes_on(line)))
        if quotes:
            yield match.start(), match.start() + len(line), before
        before = quotes


def _goes_on(line: str) -> bool:
    return not _OTHER_BLOCK.match(line) and not line.lstrip().startswith(">")
