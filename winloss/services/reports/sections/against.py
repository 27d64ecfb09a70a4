"""Two quarters held against each other, segment by segment: who was heard, what the detector said, what changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from winloss.errors import QueryError
from winloss.model import (
    DriftVerdict,
    Filters,
    QuarterComparison,
    ReportPart,
    ReportSection,
    Scope,
    Share,
    Statement,
    ThemeChange,
)
from winloss.ports import Workbench
from winloss.report.texts import VERDICT_WORDS
from winloss.services import browsing
from winloss.services.drift.verdicts import verdict_of
from winloss.services.evidence import Heard, scope_only
from winloss.services.library import library
from winloss.services.reports.sections.basis import heading_of
from winloss.services.reports.sections.changes import change_statement
from winloss.services.reports.sections.frame import Frame, Ground
from winloss.services.reports.sections.news import pointed_at
from winloss.services.reports.sections.words import CHANGES, NOT_ENOUGH, SOURCES, count_of, listed, people, signed

IN_SHORT = 5
TOLD = {"new": "New in {later}", "gone": "Gone since {earlier}", "grew": "Grew", "faded": "Faded"}
"""What a change may be called -> the section that tells it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the quarters: who was heard, in which kinds of source, and what the detector said of it."""

    quarter: str
    people: int
    documents: int
    verbatims: int
    sources: tuple[tuple[str, Share], ...]
    verdict: DriftVerdict | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A segment in both quarters; `segment` is None where none is known."""

    segment: str | None
    earlier: Side
    later: Side
    comparison: QuarterComparison

    def changes(self, word: str) -> list[ThemeChange]:
        """The changes that may be called so."""
        return [change for change in self.comparison.changes if change.word == word]


def compared(bench: Workbench, one: str, other: str, filters: Filters) -> tuple[Compared, ...]:
    """The two quarters in each segment asked for, or in all; never pooled over segments.

    Raises:
        QueryError: both are the same quarter.
    """
    earlier, later = in_order(one, other)
    names: Sequence[str | None] = filters.segment or browsing.segments(bench) or (None,)
    return tuple(_compared(bench, earlier, later, filters, name) for name in names)


def in_order(one: str, other: str) -> tuple[str, str]:
    """The earlier and the later of two quarters.

    Raises:
        QueryError: both are the same quarter.
    """
    if one == other:
        raise QueryError(f"{one} cannot be held against itself", hint="Name another quarter.")
    earlier, later = sorted((one, other))
    return earlier, later


def parts(ground: Ground, found: Sequence[Compared], filters: Filters) -> Iterator[ReportPart]:
    """One part a segment."""
    for item in (_outside(ground, item) for item in found):
        frame = Frame(ground, filters, item.segment)
        told = {word: list(_statements(frame, item, word)) for word in TOLD}
        first = [statement for word in TOLD for statement in told[word]][:IN_SHORT]
        sections = [
            ReportSection(heading="In short", statements=tuple(first), note=_basis(item)),
            ReportSection(heading="The two quarters", table=_sides(item)),
            *(_section(item, word, told[word]) for word in TOLD),
            _every_theme(item),
        ]
        verdict = item.later.verdict
        yield ReportPart(
            heading=heading_of(item.segment),
            segment=item.segment,
            verdict=verdict,
            sections=tuple(sections),
            rests_on=pointed_at(frame, verdict),
        )


def _outside(ground: Ground, item: Compared) -> Compared:
    """The same with its themes called as they may be outside."""
    changes = tuple(replace(change, theme=ground.titled(change.theme)) for change in item.comparison.changes)
    return replace(item, comparison=replace(item.comparison, changes=changes))


# --- one segment -----------------------------------------------------------------------------------------------------


def _compared(bench: Workbench, earlier: str, later: str, filters: Filters, segment: str | None) -> Compared:
    scope = replace(filters, segment=(segment,) if segment else (), quarter=())
    heard = library(bench).heard(scope_only(scope))
    return Compared(
        segment=segment,
        earlier=_side(bench, heard.of(earlier), earlier, segment),
        later=_side(bench, heard.of(later), later, segment),
        comparison=browsing.compare(bench, earlier, later, scope),
    )


def _side(bench: Workbench, heard: Heard, quarter: str, segment: str | None) -> Side:
    people, verbatims = heard.bases("source"), heard.verbatims("source")
    return Side(
        quarter=quarter,
        people=heard.people,
        documents=len({row.document_id for row in heard.rows}),
        verbatims=len(heard.rows),
        sources=tuple(
            (kind, Share(count=people[kind], base=heard.people, verbatims=verbatims[kind])) for kind in sorted(people)
        ),
        verdict=verdict_of(bench, quarter, Scope(segment=segment)),
    )


def _statements(frame: Frame, item: Compared, word: str) -> Iterator[Statement]:
    for change in item.changes(word):
        told = change_statement(frame, change, item.earlier.quarter, item.later.quarter)
        if told:
            yield told


def _section(item: Compared, word: str, statements: Sequence[Statement]) -> ReportSection:
    heading = TOLD[word].format(earlier=item.earlier.quarter, later=item.later.quarter)
    note = None if statements else "No theme, beyond what chance would explain."
    return ReportSection(heading=heading, statements=tuple(statements), note=note)


def _basis(item: Compared) -> str:
    sides = [f"{people(side.people)} heard in {side.quarter}" for side in (item.earlier, item.later)]
    few = min(item.earlier.people, item.later.people) < 10
    told = any(item.changes(word) for word in TOLD)
    nothing = "" if told else " None is new, gone, grew or faded beyond what chance would explain."
    lead = f"{NOT_ENOUGH} to name a change, which takes 10 people in each quarter: " if few else ""
    return f"{lead}{listed(sides)}; {len(item.comparison.changes):,} themes were compared.{nothing}"


def _sides(item: Compared) -> tuple[tuple[str, ...], ...]:
    both = (item.earlier, item.later)
    kinds = sorted({kind for side in both for kind, _ in side.sources})
    rows = [
        ("The drift detector", *(VERDICT_WORDS[side.verdict.state] if side.verdict else "no verdict" for side in both)),
        ("Smallest new theme it would have seen", *map(_seen, both)),
        ("People heard", *(f"{side.people:,}" for side in both)),
        *((SOURCES.get(kind, kind), *(_of(side, kind) for side in both)) for kind in kinds),
        ("Documents", *(f"{side.documents:,}" for side in both)),
        ("Verbatims", *(f"{side.verbatims:,}" for side in both)),
    ]
    return (("", *(side.quarter for side in both)), *rows)


def _seen(side: Side) -> str:
    if side.verdict is None or side.verdict.mds is None:
        return f"none among {people(side.people)}"
    return f"{side.verdict.mds:.0%} of {people(side.people)}"


def _of(side: Side, kind: str) -> str:
    found = dict(side.sources).get(kind)
    return count_of(found) if found else f"0 of {side.people:,}"


def _every_theme(item: Compared) -> ReportSection:
    earlier, later = item.earlier.quarter, item.later.quarter
    head = ("Theme", earlier, later, "Difference in points", "What may be said")
    rows = tuple(
        (
            change.theme.title,
            count_of(change.earlier),
            count_of(change.later),
            _difference(change),
            CHANGES[change.word],
        )
        for change in item.comparison.changes
    )
    return ReportSection(
        heading="Every theme of either quarter",
        table=(head, *rows) if rows else (),
        note="A change is named only where its 95% interval leaves no room for none."
        if rows
        else f"{NOT_ENOUGH}: no theme is told in either quarter.",
        names=tuple(change.theme.title for change in item.comparison.changes),
    )


def _difference(change: ThemeChange) -> str:
    if change.difference is None or change.low is None or change.high is None:
        return "cannot be told"
    return f"{signed(change.difference)} ({signed(change.low)} to {signed(change.high)})"
