"""Quotations in running text: where they stand, and the text without them."""

from __future__ import annotations

import re
from dataclasses import dataclass

SHORTEST = 4
"""Fewer words between marks are a term or a doubt, not a quotation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A text without its quotations, and these without their marks."""

    text: str
    quotes: tuple[str, ...] = ()


_PAIRS = (("“", "”"), ("„", "“"), ("„", "”"), ("«", "»"), ("»", "«"), ("‹", "›"), ('"', '"'), ("‘", "’"), ("'", "'"))
_QUOTED = re.compile(
    "|".join(
        rf"(?<!\w){re.escape(opening)}(?=\S)((?:(?!{re.escape(opening)}).){{1,2000}}?\S){re.escape(closing)}(?!\w)"
        if opening in "'‘\""
        else rf"{re.escape(opening)}((?:(?!{re.escape(opening)}).){{1,2000}}?){re.escape(closing)}"
        for opening, closing in _PAIRS
    ),
    re.DOTALL,
)
_LEFT = re.compile(r"\s*\(\s*\)|\s+(?=[,.;:!?)])")


def without_quotations(text: str) -> Marked:
    """The text without quotations of at least four words; shorter ones are words in marks and stay."""
    quotes: list[str] = []

    def taken(found: re.Match[str]) -> str:
        inner = next(group for group in found.groups() if group is not None).strip()
        if len(inner.split()) < SHORTEST:
            return found[0]
        quotes.append(inner)
        return " "

    left = _QUOTED.sub(taken, text)
    if quotes:
        left = _LEFT.sub("", " ".join(left.split()))
    return Marked(text=left.strip(), quotes=tuple(quotes))
