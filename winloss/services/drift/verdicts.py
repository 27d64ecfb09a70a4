"""The verdicts as everything else reads them: settled among the cells of their quarter, with decisions held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from winloss.model import DriftVerdict, Filters, Scope
from winloss.ports import Workbench
from winloss.services.drift.settling import settled

Place = tuple[str, Scope]
"""A quarter and a cell."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """Every verdict, settled, in order and by its place; `key` says what they were settled from."""

    key: object
    told: tuple[DriftVerdict, ...]
    by_place: Mapping[Place, DriftVerdict]


def verdicts(
    bench: Workbench, *, quarter: str | None = None, filters: Filters | None = None, roles: bool = False
) -> tuple[DriftVerdict, ...]:
    """Drift verdicts of a quarter (or all), of the facets, segments and roles asked for (or all, pooled ones too).

    Cells of one role are among them where roles are asked for, or all of them with `roles`.
    """
    chosen = filters or Filters()
    return tuple(
        verdict
        for verdict in _all(bench).told
        if quarter in (None, verdict.quarter)
        and (not chosen.facet or verdict.scope.facet in chosen.facet)
        and (not chosen.segment or verdict.scope.segment in chosen.segment)
        and (verdict.scope.role in chosen.role if chosen.role else roles or verdict.scope.role is None)
    )


def verdict_of(bench: Workbench, quarter: str, scope: Scope) -> DriftVerdict | None:
    """The verdict of one cell, or None where nobody was heard in it."""
    return by_place(bench).get((quarter, scope))


def by_place(bench: Workbench) -> Mapping[Place, DriftVerdict]:
    """Every verdict by its quarter and cell: for whoever needs many of them."""
    return _all(bench).by_place


def _order(verdict: DriftVerdict) -> tuple[object, ...]:
    """Oldest quarter first; everything of substance before its facets, everybody before segments and roles."""
    scope = verdict.scope
    return verdict.quarter, scope.facet or "", scope.role or "", scope.segment or ""


def _all(bench: Workbench) -> _Kept:
    """Every verdict, settled; kept in memory until anything is written or decided."""
    key = bench.store.revision(), tuple(bench.store.node_decisions())
    kept: _Kept | None = bench.memo.get("verdicts")
    if kept is None or kept.key != key:
        found = tuple(sorted(settled(bench.store.verdicts(), key[1], delta=bench.settings.drift_delta), key=_order))
        places = {(item.quarter, item.scope): item for item in found}
        bench.memo["verdicts"] = kept = _Kept(key, found, places)
    return kept
