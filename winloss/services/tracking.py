"""From quarter to quarter: snapshots with denominators, the lineage of themes, and drift verdicts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import product

from winloss.model import (
    THEMED_FACETS,
    DriftVerdict,
    EvidenceRow,
    Facet,
    Scope,
    Snapshot,
    ThemeCount,
    fingerprint,
    text_key,
)
from winloss.ports import Workbench
from winloss.services.evidence import respondents, share

TRACKING_VERSION = 1
DRIFT_VERSION = 1
DRIFT_RESPONDENTS = 400
"""Most respondents of one quarter that a drift test looks at, drawn by hash; keeps a test of 40,000 posts short."""


def take_snapshots(bench: Workbench) -> int:
    """Take the snapshot of every quarter and facet that has none or changed since; returns how many were taken."""
    rows = [row for row in bench.store.evidence() if row.quarter]
    by_quarter: dict[str, list[EvidenceRow]] = defaultdict(list)
    for row in rows:
        by_quarter[str(row.quarter)].append(row)
    taken = {(snapshot.quarter, snapshot.facet): snapshot for snapshot in bench.store.snapshots()}
    fresh: list[Snapshot] = []
    for quarter, facet in product(sorted(by_quarter), THEMED_FACETS):
        mark = _fingerprint(by_quarter[quarter], facet)
        before = taken.get((quarter, facet))
        if before is None or before.fingerprint != mark:
            fresh.append(_snapshot(by_quarter[quarter], quarter, facet, (before.revision if before else 0) + 1, mark))
    if fresh:
        with bench.store.transaction() as transaction:
            transaction.put_snapshots(fresh)
        trace_lineage(bench)
    return len(fresh)


def judge_drift(bench: Workbench) -> int:
    """Compute the drift verdict of every quarter and scope whose evidence changed; returns how many."""
    rows = [row for row in bench.store.evidence() if row.quarter]
    quarters = sorted({str(row.quarter) for row in rows})
    cells = [(quarter, scope) for quarter in quarters for scope in _scopes(rows)]
    done = 0
    with bench.progress.track("testing for drift", total=len(cells)) as advance:
        for quarter, scope in cells:
            done += _judge_cell(bench, rows, quarter, scope)
            advance(1)
    return done


# --- snapshots and lineage -------------------------------------------------------------------------------------------


def _snapshot(rows: Sequence[EvidenceRow], quarter: str, facet: Facet, revision: int, mark: str) -> Snapshot:
    said = [row for row in rows if row.facet == facet.value]
    return Snapshot(
        quarter=quarter,
        facet=facet,
        revision=revision,
        fingerprint=mark,
        respondents=len(respondents(rows)),
        verbatims=len(said),
        unthemed=sum(1 for row in said if row.theme_id is None),
        counts=tuple(_counts(rows, said, quarter)),
    )


def _counts(rows: Sequence[EvidenceRow], said: Sequence[EvidenceRow], quarter: str) -> Iterable[ThemeCount]:
    """One count per theme and scope: all, each segment, each role, each segment and role."""
    bases = _by_scope(rows)
    words = defaultdict(list)
    for row in said:
        if row.theme_id:
            words[row.theme_id].append(row)
    for theme_id in sorted(words):
        for scope, members in sorted(_by_scope(words[theme_id]).items(), key=lambda item: _order(item[0])):
            yield ThemeCount(
                theme_id=theme_id,
                quarter=quarter,
                segment=scope[0],
                role=scope[1],
                share=share(members, bases[scope]),
            )


def _by_scope(rows: Iterable[EvidenceRow]) -> Mapping[tuple[str | None, str | None], list[EvidenceRow]]:
    groups: dict[tuple[str | None, str | None], list[EvidenceRow]] = defaultdict(list)
    for row in rows:
        for scope in {(None, None), (row.segment, None), (None, row.role), (row.segment, row.role)}:
            groups[scope].append(row)
    return groups


def _order(scope: tuple[str | None, str | None]) -> tuple[str, str]:
    return scope[0] or "", scope[1] or ""


def trace_lineage(bench: Workbench) -> None:
    """Say anew how the themes of the snapshots that there are relate from quarter to quarter."""
    from nlp.align import quarter_lineage

    for facet in THEMED_FACETS:
        counts = {
            snapshot.quarter: {
                item.theme_id: item.share.count
                for item in snapshot.counts
                if item.segment is None and item.role is None
            }
            for snapshot in bench.store.snapshots(facet)
        }
        with bench.store.transaction() as transaction:
            transaction.put_lineage(facet, quarter_lineage(counts, facet))


def _fingerprint(rows: Sequence[EvidenceRow], facet: Facet) -> str:
    parts: list[str | None] = [str(TRACKING_VERSION)]
    for row in rows:
        theme_id = row.theme_id if row.facet == facet.value else "-"
        parts += [row.id, row.respondent, row.segment, row.role, theme_id]
    return fingerprint(*parts)


# --- drift -----------------------------------------------------------------------------------------------------------


def _scopes(rows: Sequence[EvidenceRow]) -> list[Scope]:
    """Everything of substance and each facet; pooled, and in each segment."""
    segments = sorted({row.segment for row in rows if row.segment})
    facets = (None, *(facet.value for facet in THEMED_FACETS))
    return [Scope(facet=facet, segment=segment) for facet in facets for segment in (None, *segments)]


def _judge_cell(bench: Workbench, rows: Sequence[EvidenceRow], quarter: str, scope: Scope) -> int:
    settings = bench.settings
    members = _drawn(row for row in rows if _in_scope(row, scope) and str(row.quarter) <= quarter)
    mark = fingerprint(
        DRIFT_VERSION,
        bench.encoder().fingerprint,
        settings.drift_permutations,
        settings.drift_history,
        settings.drift_delta,
        settings.seed,
        *(part for row in members for part in (row.id, row.segment, row.role)),
    )
    stage = f"drift:{quarter}:{scope.facet}:{scope.segment}"
    if bench.store.stage(stage) == mark:
        return 0
    verdict = drift_of(bench, members, quarter, scope)
    with bench.store.transaction() as transaction:
        transaction.put_verdicts([verdict], mark)
        transaction.set_stage(stage, mark)
    return 1


def drift_of(bench: Workbench, members: Sequence[EvidenceRow], quarter: str, scope: Scope) -> DriftVerdict:
    """The verdict on these rows, of which those of `quarter` are current and the earlier ones history."""
    from nlp.drift import DriftSettings, drift

    settings = bench.settings
    return drift(
        bench.vectors().get([row.key for row in members]),
        ids=[row.id for row in members],
        respondents=[row.respondent for row in members],
        quarters=[str(row.quarter) for row in members],
        strata=[f"{row.segment}|{row.source}" for row in members],
        sampling=[f"{row.segment}|{row.source}|{row.role}" for row in members],
        current=quarter,
        scope=scope,
        dates=[row.date for row in members],
        settings=DriftSettings(
            permutations=settings.drift_permutations,
            history=settings.drift_history,
            delta=settings.drift_delta,
            seed=settings.seed,
        ),
    )


def _in_scope(row: EvidenceRow, scope: Scope) -> bool:
    of_facet = row.facet == scope.facet if scope.facet else row.facet in THEMED_FACETS
    return of_facet and scope.segment in (None, row.segment)


def _drawn(rows: Iterable[EvidenceRow]) -> list[EvidenceRow]:
    """All rows of at most `DRIFT_RESPONDENTS` people a quarter, the same ones every time."""
    by_quarter: dict[str, dict[str, list[EvidenceRow]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        by_quarter[str(row.quarter)][row.respondent].append(row)
    drawn: list[EvidenceRow] = []
    for people in by_quarter.values():
        for person in sorted(people, key=text_key)[:DRIFT_RESPONDENTS]:
            drawn.extend(people[person])
    return sorted(drawn, key=lambda row: row.id)
