"""Counts and sentences in plain English, the same on pages, in reports and in findings."""

from __future__ import annotations


def amount(count: int, one: str, many: str | None = None) -> str:
    """A count with its noun: `1 verbatim`, `2,184 verbatims`."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def capitalise(text: str) -> str:
    """The text with a capital letter at its beginning, and no other change."""
    return text[:1].upper() + text[1:]
