"""The proof gap of the year: what people of each role ask to see, against what somebody of their deal says was had."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from winloss.model import Passage, ProofAsked, ProofGapRow, ReportSection, Statement
from winloss.quarter import Quarter
from winloss.services.plain_words import capitalise
from winloss.services.reports.sections.frame import EXEMPLARS, YEAR, Frame, Told
from winloss.services.reports.sections.words import NOT_ENOUGH, count_of, name
from winloss.services.themes import proofgap

HEADING = "The proof gap"
TOLD = 3
TOGETHER = 2
"""People of a role who must lack a kind of proof before a sentence is made of it; one stands in the table."""
ROWS = 6
NO_THEME = "proof in no theme"

Gap = tuple[ProofGapRow, ProofAsked]


def proofs(frame: Frame) -> Told:
    """The kinds of proof that most people ask for while nobody in their deal says that it was had."""
    found = _gaps(frame)
    statements = [told for gap in found if gap[1].unmet.count >= TOGETHER and (told := _statement(frame, *gap))][:TOLD]
    section = ReportSection(
        heading=HEADING,
        statements=tuple(statements),
        table=_table(frame, found[:ROWS]),
        note=_note(frame, found, told=bool(statements)),
        names=tuple(kind.theme.title for _, kind in found if kind.theme),
    )
    return Told(section=section, lead=statements[0] if statements else None)


def _gaps(frame: Frame) -> list[Gap]:
    """The gaps of each role, the widest first."""
    quarter = Quarter.parse(frame.quarter)
    since, until = quarter.shift(1 - YEAR).start.isoformat(), (quarter.end - timedelta(days=1)).isoformat()
    scope = frame.scope
    inside = replace(scope, since=max(since, scope.since or since), until=min(until, scope.until or until))
    gap = proofgap.proof_gap(frame.bench, inside)
    called = frame.ground.titled
    found = [
        (row, replace(kind, theme=called(kind.theme)) if kind.theme else kind)
        for row in gap.rows
        if row.pain is None and row.role
        for kind in row.kinds
    ]
    found.sort(key=lambda item: (-item[1].unmet.count, -item[1].demanded.count, item[0].role or "", _title(item[1])))
    return found


def _title(kind: ProofAsked) -> str:
    return kind.theme.title if kind.theme else NO_THEME


def _statement(frame: Frame, row: ProofGapRow, kind: ProofAsked) -> Statement | None:
    role = frame.ground.codebook.role_label(row.role)
    what = name(kind.theme.title) if kind.theme else NO_THEME
    text = (
        f"{role}: {kind.demanded.count} of {kind.demanded.base} people ask for {what}; for {kind.unmet.count} of "
        f"{kind.unmet.base} nobody in the deal says that it was had."
    )
    names = (kind.theme.title,) if kind.theme else ()
    link = kind.theme.id if kind.theme else None
    return frame.ground.said(text, _quotes(frame, kind), names=names, link=link)


def _quotes(frame: Frame, kind: ProofAsked) -> list[Passage]:
    unmet = set(kind.unmet_in)
    first = [passage.id for passage in kind.asked if passage.id in unmet]
    return frame.ground.passages([*first, *kind.unmet_in][:EXEMPLARS])


def _table(frame: Frame, found: Sequence[Gap]) -> tuple[tuple[str, ...], ...]:
    if not found:
        return ()
    head = ("Role", "Kind of proof", "Ask for it", "Had it", "Ask, and nobody in the deal had it")
    label = frame.ground.codebook.role_label
    rows = (
        (label(row.role), _title(kind), *map(count_of, (kind.demanded, kind.received, kind.unmet)))
        for row, kind in found
    )
    return (head, *rows)


def _note(frame: Frame, found: Sequence[Gap], *, told: bool) -> str:
    if not found:
        return f"{NOT_ENOUGH}: nobody whose role is known asks for proof {frame.in_year}, or says that it was had."
    lead = "" if told else f"No kind of proof is lacked by {TOGETHER} people of a role. "
    caution = "That nobody says a proof was had does not say that it was not."
    return f"{lead}{capitalise(frame.in_year)}, of the people of each role. {caution}"
