"""Wording shared by every renderer: who said it, how citations are numbered, what a verdict is called."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence

from winloss.model import DriftVerdict, Passage, Report, Rights, State

SCROLLED = '<div class="scroll" tabindex="0">'
"""What stands before a wide table: it can be scrolled, by keyboard too."""
RoleLabel = Callable[[str | None], str]
Link = Callable[[str], str]
LANGUAGE = "en-GB"
"""What the report itself is written in; the quotations have the languages of their verbatims."""

_FIRST_END = re.compile(r" \(|; |\.(?= |$)")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no XML file may hold (XML 1.0, production 2)."""

VERDICT_WORDS = {
    State.LAUNDERED: "The synthesis repeats belief",
    State.NEW_SIGNAL: "New signal",
    State.NARROWED: "The sampling narrowed",
    State.SHIFTING: "Known themes shift",
    State.SATURATED: "Saturated",
    State.UNDERPOWERED: "Not enough evidence",
}

SHORT_VERDICTS = {
    State.LAUNDERED: "Not covered",
    State.NEW_SIGNAL: "New signal",
    State.NARROWED: "Narrowed",
    State.SHIFTING: "Shifting",
    State.SATURATED: "Saturated",
    State.UNDERPOWERED: "Too few",
}
"""State -> what it is called where there is little room."""
NOTICED = {
    "emerging": "something new is heard",
    "growing": "something known is heard more",
    "fading": "something known is heard less",
    "narrowed": "the sampling narrowed",
    "new population": "people of a new kind were asked",
    "recycled text": "texts lie so near to earlier ones that they may be recycled",
    "repeats the last synthesis": "the deck says what the last one said",
    "restates beliefs": "the deck says what was believed",
    "belief echo": "the deck is nearer to the beliefs than what people said is",
    "dismissed": "somebody dismissed what is listed as such",
}
"""Flag of a verdict -> what was noticed, in words."""
_TOLD_BY = {
    State.LAUNDERED: ("emerging", "not covered by the synthesis"),
    State.NEW_SIGNAL: ("emerging",),
    State.NARROWED: ("narrowed",),
    State.SHIFTING: ("growing", "fading"),
}
"""The flags that a state already tells."""


def noticed_beside(verdict: DriftVerdict) -> list[str]:
    """What a verdict noticed beside its state, in words."""
    return [NOTICED.get(flag, flag) for flag in verdict.flags if flag not in _TOLD_BY.get(verdict.state, ())]


def who_said(passage: Passage, role_label: RoleLabel) -> str:
    """Who said it, as far as the rights allow: a name only where it may be named, else pseudonym, role and segment.

    A role that is not known is told so; one that may not be told beside a pseudonym is left out like it.
    """
    role = role_label(passage.role) if passage.role or not passage.pseudonym else None
    region = f"region {passage.region}" if passage.region else None
    parts = [passage.pseudonym, role, passage.segment, region, passage.quarter, passage.source]
    if passage.rights == Rights.NAMED and passage.speaker:
        parts = [passage.speaker, role_label(passage.role), passage.account, passage.quarter]
    return " · ".join(part for part in parts if part)


def attribution(passage: Passage, role_label: RoleLabel) -> str:
    """Who said it, and that it is for internal use only where it is."""
    line = who_said(passage, role_label)
    return f"{line} · internal use only" if passage.rights == Rights.INTERNAL else line


def citation_numbers(report: Report) -> Mapping[str, int]:
    """Verbatim id -> its number in the list of cited verbatims, from 1."""
    return {passage.id: number for number, passage in enumerate(report.cited, start=1)}


def cited_numbers(citations: Sequence[str], numbers: Mapping[str, int]) -> list[int]:
    """The numbers of a statement's citations, in order."""
    return [numbers[name] for name in citations if name in numbers]


def headline(statement: str, title: str) -> str:
    """What a statement about a theme says first: who tells it, without the interval and the parts that follow."""
    place = statement.find(title) + len(title) if title in statement else 0
    found = _FIRST_END.search(statement, place)
    return statement[: found.start()] if found else statement


def printable(text: str) -> str:
    """The text as an office file can hold it: without control characters, which show nothing; line breaks are alike."""
    return _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def written_in(language: str | None) -> str:
    """The language to mark words with, empty where they are in that of the report or nobody knows."""
    own = LANGUAGE.partition("-")[0]
    return "" if not language or language.partition("-")[0] == own else language


def right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction is written from the right.

    Source: Unicode Standard Annex 9, rules P2 and P3.
    """
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False
