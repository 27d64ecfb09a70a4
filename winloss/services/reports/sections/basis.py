"""What a part rests on, by source, role, outcome and segment, each with its denominator, and what is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from winloss.model import EvidenceRow, Outcome, ReportSection, Rights, SourceKind
from winloss.quarter import Quarter
from winloss.services import browsing
from winloss.services.drift.next_interviews import CLOSED
from winloss.services.evidence import respondents
from winloss.services.plain_words import amount, capitalise
from winloss.services.reports.sections.frame import Frame, Told
from winloss.services.reports.sections.words import NOT_ENOUGH, SOURCES, listed, people
from winloss.services.sources import languages

HEADING = "What this rests on"
EXPECTED = (SourceKind.INTERVIEW, SourceKind.COMMUNITY, SourceKind.INQUIRY)
SIDES = (Outcome.WON, Outcome.LOST_TO_COMPETITOR, Outcome.NO_DECISION)
OUTCOMES = {
    Outcome.WON: "won",
    Outcome.LOST_TO_COMPETITOR: "lost to a competitor",
    Outcome.NO_DECISION: "no decision",
    Outcome.OPEN: "still open",
    Outcome.CHURNED: "churned",
    Outcome.RENEWED: "renewed",
}


def basis(frame: Frame) -> Told:
    """Who was heard in the quarter, and who was not."""
    label = frame.ground.codebook.role_label
    head = ("By", "Value", "People", "Documents", "Verbatims")
    rows = [
        *_split(frame, "Source", lambda row: SOURCES.get(row.source, row.source)),
        *(_split(frame, "Segment", lambda row: row.segment or "not known") if frame.segment is None else ()),
        *_split(
            frame,
            "Outcome",
            lambda row: OUTCOMES.get(Outcome(row.outcome), row.outcome) if row.outcome else "not known",
        ),
        *_split(frame, "Role", lambda row: label(row.role)),
    ]
    note = " ".join([_lead(frame), *_missing(frame)])
    return Told(section=ReportSection(heading=HEADING, table=(head, *rows) if rows else (), note=note))


def rests_on(frame: Frame) -> str:
    """One line of it, for the top of the part."""
    if not frame.now:
        return f"{NOT_ENOUGH}: nobody was heard in {frame.quarter}."
    counts = [
        f"{len(respondents(rows)):,} in {SOURCES.get(kind, kind).lower()}"
        for kind, rows in _grouped(frame.now, lambda row: row.source)
    ]
    return f"This rests on {people(frame.people)} heard in {frame.quarter}: {listed(counts)}."


def _split(frame: Frame, title: str, of: Callable[[EvidenceRow], str | None]) -> list[tuple[str, ...]]:
    """A line for each value, the one with the most people first; the denominators are the people of the quarter."""
    return [
        (
            title,
            str(value),
            f"{len(respondents(rows)):,} of {frame.people:,}",
            f"{len({row.document_id for row in rows}):,}",
            f"{len(rows):,}",
        )
        for value, rows in _grouped(frame.now, of)
    ]


def _grouped(
    rows: Iterable[EvidenceRow], of: Callable[[EvidenceRow], str | None]
) -> list[tuple[str, list[EvidenceRow]]]:
    groups: Mapping[str, list[EvidenceRow]] = defaultdict(list)
    for row in rows:
        groups[of(row) or "not known"].append(row)
    return sorted(groups.items(), key=lambda item: (-len(respondents(item[1])), item[0]))


def _lead(frame: Frame) -> str:
    documents = len({row.document_id for row in frame.now})
    heard = f"{people(frame.people)} in {amount(documents, 'document')} and {amount(len(frame.now), 'verbatim')}"
    return f"{heard}; a person may stand in more than one line of a split."


def _missing(frame: Frame) -> list[str]:
    """What a reader would look for and not find."""
    parts = [*_silent(frame), *_deals(frame), *_unknown(frame), *_left_out(frame)]
    return [f"Missing: {'; '.join(parts)}."] if parts else ["Nothing that was looked for is missing."]


def _silent(frame: Frame) -> list[str]:
    heard = {row.source for row in frame.now}
    asked = frame.scope.source or EXPECTED
    kinds = [SOURCES[kind].lower() for kind in EXPECTED if kind in asked and kind not in heard]
    found = [f"nobody was heard in {listed(kinds)}"] if kinds else []
    segments = {row.segment for row in frame.now}
    lacking = [name for name in browsing.segments(frame.bench) if name not in segments]
    if frame.segment is None and not frame.scope.segment and lacking:
        found.append(f"nobody was heard of {listed(lacking)}")
    told = {row.outcome for row in frame.now if row.source == SourceKind.INTERVIEW}
    ends = [OUTCOMES[side] for side in SIDES if side not in told]
    return [
        *found,
        *([f"no interview about a deal that ended as {' or '.join(ends)}"] if ends and not frame.scope.outcome else []),
    ]


def _deals(frame: Frame) -> list[str]:
    """Deals of the CRM that closed in the quarter and that nobody was interviewed about."""
    bench, quarter = frame.bench, Quarter.parse(frame.quarter)
    segment_of = {account.name.casefold(): bench.codebook.segment_of(account) for account in bench.store.accounts()}
    closed = {
        deal.account.casefold()
        for deal in bench.store.deals()
        if deal.account and deal.closed_on and deal.outcome in CLOSED and quarter.start <= deal.closed_on < quarter.end
        if frame.segment in (None, segment_of.get(deal.account.casefold()))
    }
    asked = {row.account.casefold() for row in frame.rows if row.account and row.source == SourceKind.INTERVIEW}
    if not closed:
        return []
    lacking = f"for {len(closed - asked):,} of {len(closed):,} accounts with a deal that closed in {frame.quarter}"
    return [f"{lacking} there is no interview"]


def _unknown(frame: Frame) -> list[str]:
    found = []
    for what, rows in (
        ("role", [row for row in frame.now if row.role is None]),
        ("segment", [row for row in frame.now if row.segment is None]),
    ):
        if rows:
            found.append(f"the {what} of {len(respondents(rows)):,} of {frame.people:,} people is not known")
    undated = [row for row in frame.all_rows if row.quarter is None]
    if undated:
        found.append(f"{people(len(respondents(undated)))} said something without a date and stand in no quarter")
    return found


def _left_out(frame: Frame) -> list[str]:
    silent = [row for row in frame.now if row.rights == Rights.NO_QUOTE]
    found = (
        [f"{len(silent):,} of {len(frame.now):,} verbatims may not be quoted; they are counted, and cited nowhere"]
        if silent
        else []
    )
    unread = languages.left_out(frame.now, frame.bench.settings)
    return [*found, *([languages.told(unread).rstrip(".")] if unread else [])]


def outside(frame: Frame) -> str:
    """Who stands in no column where segments stand side by side."""
    count = len(respondents([row for row in frame.now if row.segment is None]))
    return (
        f" Of {count:,} more {'person' if count == 1 else 'people'} the segment is not known; they stand in no column."
        if count
        else ""
    )


def heading_of(segment: str | None) -> str:
    """What a part is called."""
    return capitalise(segment) if segment else "Everybody heard: no segments are known"


def narrowed(filters_named: Sequence[str]) -> str:
    """Said where a part is of less than the verdict above it."""
    return (
        f"The verdict above is of everybody in its segment; what follows is of {listed(filters_named)} only."
        if filters_named
        else ""
    )
