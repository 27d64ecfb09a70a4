"""What leadership believes, held against what people said in the year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from winloss.model import UNSURE, Belief, ReportSection, Statement
from winloss.services.belief import beliefs, believing
from winloss.services.belief.believing import Standing, Verdict
from winloss.services.reports.sections.frame import EXEMPLARS, Frame, Told
from winloss.services.reports.sections.words import NOT_ENOUGH, count_of, name

HEADING = "Beliefs held against the evidence"
ORDER = (
    Verdict.CONTRADICTED,
    Verdict.MIXED,
    Verdict.SUPPORTED,
    Verdict.NOT_ENOUGH,
    Verdict.SILENT,
    Verdict.UNFALSIFIABLE,
)
SPEAKS = (Verdict.CONTRADICTED, Verdict.MIXED, Verdict.SUPPORTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    belief: Belief
    verdict: Verdict
    sentence: str
    whole: Standing
    segments: Sequence[Standing]
    voices: Sequence[str]


def held(frame: Frame) -> Told:
    """Every belief of the scope with its verdict over the year; the contradicted ones first."""
    known = [belief for belief in beliefs.listed(frame.bench) if _concerns(frame, belief)]
    found = [_hold(frame, belief) for belief in known]
    found.sort(key=lambda item: (ORDER.index(item.verdict), item.belief.since, item.belief.statement))
    statements = [told for item in found if item.verdict in SPEAKS and (told := _statement(frame, item))]
    section = ReportSection(
        heading=HEADING,
        statements=tuple(statements),
        table=_table(found),
        note=_note(frame, found),
        names=tuple(item.belief.statement for item in found),
    )
    return Told(section=section, lead=statements[0] if statements else None)


def _concerns(frame: Frame, belief: Belief) -> bool:
    """A belief of another segment or role is no business of this part."""
    segment = frame.segment is None or belief.segment in (None, frame.segment)
    return segment and (belief.role is None or not frame.scope.role or belief.role in frame.scope.role)


def _hold(frame: Frame, belief: Belief) -> _Held:
    found = believing.told(frame.bench, belief, heard=frame.heard_in_year(believing.scope_of(belief)), limit=EXEMPLARS)
    sides = (found.contradicting, found.supporting)
    first, second = sides if found.verdict is not Verdict.SUPPORTED else sides[::-1]
    return _Held(
        belief=belief,
        verdict=found.verdict,
        sentence=found.sentence,
        whole=found.whole,
        segments=found.segments,
        voices=(*first[:EXEMPLARS], *second[:1]),
    )


def _statement(frame: Frame, item: _Held) -> Statement | None:
    held_by = f"{item.belief.owner}, since {item.belief.since}"
    text = f"{name(item.belief.statement)} ({held_by}) is {item.verdict}. {item.sentence}{_by_segment(item)}"
    return frame.ground.said(text, frame.ground.passages(item.voices), names=(item.belief.statement,))


def _by_segment(item: _Held) -> str:
    """Beside a number that is pooled over segments, what each says."""
    if len(item.segments) < 2:
        return ""
    told = (
        f"{part.name} {part.supports.count} for it and {part.contradicts.count} against it, of {part.supports.base:,}"
        for part in item.segments
    )
    return f" By segment: {'; '.join(told)}."


def _table(found: Sequence[_Held]) -> tuple[tuple[str, ...], ...]:
    if not found:
        return ()
    head = ("Belief", "The evidence", "Support it", "Contradict it", "Say nothing of it")
    rows = ((item.belief.statement, str(item.verdict), *_counts(item.whole)) for item in found)
    return (head, *rows)


def _counts(whole: Standing) -> tuple[str, str, str]:
    return count_of(whole.supports), count_of(whole.contradicts), count_of(whole.silent)


def _note(frame: Frame, found: Sequence[_Held]) -> str:
    if not found:
        return "No belief of this scope is in the register, so that nothing can be held against the evidence."
    lead = f"People {frame.in_year}, each counted on the side that their words lean to."
    lead = f"{NOT_ENOUGH} for any of them. {lead}" if all(item.verdict not in SPEAKS for item in found) else lead
    return f"{lead} {UNSURE}"
