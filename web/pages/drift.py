"""Is new signal still arriving? Verdicts by quarter and segment, what drove each, and what people decided about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web import asking, coders
from web.api_drifting import SCOPE, decided
from winloss.model import THEMED_FACETS, DriftExplanation, DriftVerdict, Filters, Passage, Scope, Signal
from winloss.ports import Workbench
from winloss.services import browsing
from winloss.services.drift import deciding, explaining
from winloss.services.drift import verdicts as reading
from winloss.services.research.coding import coder_name
from winloss.services.search import searching


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalView:
    """A signal with the verbatims that make it; what may not be quoted is there to be read, as everywhere."""

    signal: Signal
    passages: tuple[Passage, ...]
    before: tuple[Passage, ...]


def make_blueprint(bench: Workbench) -> Blueprint:
    """`/drift` and `/drift/decide`."""
    pages = Blueprint("drift", __name__)

    @pages.get("/drift")
    def drift() -> ResponseReturnValue:
        filters = asking.filters_of(request.args, without=("quarter",))
        searching.check_filters(bench, filters)
        every = reading.verdicts(bench, roles=True)
        quarters = list(dict.fromkeys(verdict.quarter for verdict in every))
        quarter = asking.quarter_of(request.args, default=quarters[-1] if quarters else None)
        scope = Scope(**{name: next(iter(getattr(filters, name)), None) for name in SCOPE})
        return _page(bench, every, quarters, quarter, scope)

    @pages.post("/drift/decide")
    def decide() -> ResponseReturnValue:
        form = request.form
        me = coder_name(form.get("by") or coders.coder())
        made = decided(bench, form, me)
        address: dict[str, Any] = {name: form[name] for name in ("quarter", *SCOPE) if form.get(name)}
        response = redirect(url_for("drift.drift", **address, _anchor=form.get("node") or made.id), code=303)
        coders.remember_coder(response, me)  # type: ignore[arg-type]
        return response

    return pages


def _page(
    bench: Workbench, every: Sequence[DriftVerdict], quarters: Sequence[str], quarter: str | None, scope: Scope
) -> str:
    grid = {
        (item.scope.segment, item.quarter): item
        for item in every
        if (item.scope.facet, item.scope.role) == (scope.facet, scope.role)
    }
    segments = browsing.segments(bench)
    explained = _explained(bench, quarter, scope, grid)
    return render_template(
        "drift.html",
        quarters=quarters,
        quarter=quarter,
        scope=scope,
        filters=Filters(segment=_one(scope.segment), facet=_one(scope.facet) or _facets(every), role=_one(scope.role)),
        grid=grid,
        explained=explained,
        signals=[_view(bench, signal) for signal in explained.signals] if explained else [],
        themes={theme.id: theme for theme in bench.store.themes(dormant=True)},
        timeline=[grid[scope.segment, name] for name in quarters if (scope.segment, name) in grid],
        segments=segments,
        facets=[item.value for item in THEMED_FACETS],
        roles=_roles(bench, every),
        matrix=_matrix(every, quarter, scope),
        by_role=_by_role(every, quarter, scope),
        watched=deciding.watched(bench, everything=True),
        coder=coders.coder(),
    )


def _facets(every: Sequence[DriftVerdict]) -> tuple[str, ...]:
    """What a verdict on everything of substance counts: the facets that anybody spoke of."""
    heard = {item.scope.facet for item in every}
    return tuple(facet.value for facet in THEMED_FACETS if facet.value in heard)


def _one(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def _explained(
    bench: Workbench,
    quarter: str | None,
    scope: Scope,
    grid: Mapping[tuple[str | None, str], DriftVerdict],
) -> DriftExplanation | None:
    if quarter is None or (scope.segment, quarter) not in grid:
        return None
    return explaining.explain(bench, quarter, scope)


def _view(bench: Workbench, signal: Signal) -> SignalView:
    return SignalView(
        signal=signal,
        passages=tuple(bench.store.passages(signal.node.verbatims)),
        before=tuple(bench.store.passages(signal.node.said_before)),
    )


def _roles(bench: Workbench, every: Sequence[DriftVerdict]) -> list[str]:
    """The roles of which some cell was ever tested, in the order of the codebook."""
    tested = {item.scope.role for item in every if item.statistics.get("p_rising") is not None}
    return [role.name for role in bench.codebook.roles if role.name in tested]


def _matrix(
    every: Sequence[DriftVerdict], quarter: str | None, scope: Scope
) -> dict[tuple[str | None, str | None], DriftVerdict]:
    """(facet, segment) -> the verdict of the quarter, of the role that is chosen."""
    here = [item for item in every if item.quarter == quarter and item.scope.role == scope.role]
    return {(item.scope.facet, item.scope.segment): item for item in here}


def _by_role(every: Sequence[DriftVerdict], quarter: str | None, scope: Scope) -> list[DriftVerdict]:
    """The verdicts of each role in the quarter, facet and segment that are chosen, most people first."""
    here = [
        item
        for item in every
        if item.quarter == quarter
        and item.scope.role
        and (item.scope.facet, item.scope.segment) == (scope.facet, scope.segment)
    ]
    return sorted(here, key=lambda item: (-int(item.statistics["respondents_current"] or 0), str(item.scope.role)))
