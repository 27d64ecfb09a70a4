"""From quarter to quarter: snapshots with denominators, and the lineage of themes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import product

from winloss.model import (
    THEMED_FACETS,
    EvidenceRow,
    Facet,
    Snapshot,
    ThemeCount,
    fingerprint,
)
from winloss.ports import Workbench
from winloss.services.evidence import respondents, share

TRACKING_VERSION = 1


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
        with bench.store.transaction(sources=False) as transaction:
            transaction.put_snapshots(fresh)
        trace_lineage(bench)
    return len(fresh)


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
    from nlp.themes.align import quarter_lineage

    for facet in THEMED_FACETS:
        counts = {
            snapshot.quarter: {
                item.theme_id: item.share.count
                for item in snapshot.counts
                if item.segment is None and item.role is None
            }
            for snapshot in bench.store.snapshots(facet)
        }
        with bench.store.transaction(sources=False) as transaction:
            transaction.put_lineage(facet, quarter_lineage(counts, facet))


def _fingerprint(rows: Sequence[EvidenceRow], facet: Facet) -> str:
    parts: list[str | None] = [str(TRACKING_VERSION)]
    for row in rows:
        theme_id = row.theme_id if row.facet == facet.value else "-"
        parts += [row.id, row.respondent, row.segment, row.role, theme_id]
    return fingerprint(*parts)
