"""Is new signal still arriving? The verdicts of a quarter, how they came about, and those of the quarters before."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from web import asking
from web.presenters import verdict_at
from winloss.errors import NotFound
from winloss.model import THEMED_FACETS, DriftNode, DriftVerdict, Filters, Passage
from winloss.ports import Workbench
from winloss.services import browsing, searching


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeView:
    """A drift node with the verbatims that make it; what may not be quoted is there to be read, as everywhere."""

    node: DriftNode
    passages: tuple[Passage, ...]


def make_blueprint(bench: Workbench) -> Blueprint:
    """`/drift`."""
    pages = Blueprint("drift", __name__)

    @pages.get("/drift")
    def drift() -> ResponseReturnValue:
        filters = asking.filters_of(request.args, without=("quarter",))
        searching.check_filters(bench, filters)
        every = browsing.verdicts(bench)
        quarters = list(dict.fromkeys(verdict.quarter for verdict in every))
        quarter = asking.quarter_of(request.args, default=quarters[-1] if quarters else None)
        now = [verdict for verdict in every if verdict.quarter == quarter]
        segment, facet = _only(filters.segment), _only(filters.facet)
        verdict = verdict_at(now, segment=segment, facet=facet)
        return render_template(
            "drift.html",
            quarters=quarters,
            quarter=quarter,
            now=now,
            segment=segment,
            facet=facet,
            verdict=verdict,
            scope=Filters(segment=filters.segment[:1], facet=filters.facet[:1]),
            nodes=[_node(bench, node) for node in verdict.nodes] if verdict else [],
            timelines=[(name, _over_time(every, name, facet)) for name in (None, *browsing.segments(bench))],
            segments=browsing.segments(bench),
            facets=[item.value for item in THEMED_FACETS],
            verdict_at=verdict_at,
        )

    return pages


def _only(values: tuple[str, ...]) -> str | None:
    return values[0] if values else None


def _over_time(verdicts: tuple[DriftVerdict, ...], segment: str | None, facet: str | None) -> list[DriftVerdict]:
    return [item for item in verdicts if (item.scope.segment, item.scope.facet) == (segment, facet)]


def _node(bench: Workbench, node: DriftNode) -> NodeView:
    passages = []
    for name in node.verbatims:
        try:
            passages.append(searching.passage_of(bench, name))
        except NotFound:
            continue
    return NodeView(node=node, passages=tuple(passages))
