"""Wording shared by every renderer: who said it, how citations are numbered, what a verdict is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from winloss.model import DriftVerdict, Passage, Report, Rights, State

RoleLabel = Callable[[str | None], str]
Link = Callable[[str], str]

VERDICT_WORDS = {
    State.LAUNDERED: "The synthesis repeats belief",
    State.NEW_SIGNAL: "New signal",
    State.NARROWED: "The sampling narrowed",
    State.SHIFTING: "Known themes shift",
    State.SATURATED: "Saturated",
    State.UNDERPOWERED: "Not enough evidence",
}

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
