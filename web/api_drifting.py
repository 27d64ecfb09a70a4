"""The API of a verdict's explanation, and of what people decide about what it points at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, request

from web import asking
from web.api_coding import Route, checked
from winloss.errors import QueryError
from winloss.model import NodeDecision, Scope
from winloss.ports import Workbench
from winloss.services import browsing
from winloss.services.drift import deciding, explaining
from winloss.services.presenting import plain
from winloss.services.research.coding import coder_name
from winloss.services.search import searching

WAYS = ("confirm", "dismiss", "watch", "undo")
SCOPE = ("segment", "facet", "role")
_MEMBERS = {"do": str, "node": str, "by": str, "title": str, "reason": str}


def register(api: Blueprint, route: Route, bench: Workbench, page: Callable[[], tuple[int, int]]) -> None:  # noqa: ARG001
    """Add `/drift/explanation` and `/drift/decisions`."""

    @route("/drift/explanation", "quarter", *SCOPE)
    def explanation() -> object:
        filters = asking.filters_of(request.args, without=("quarter",))
        searching.check_filters(bench, filters)
        quarter = asking.quarter_of(request.args) or browsing.latest_quarter(bench)
        scope = Scope(**{name: next(iter(getattr(filters, name)), None) for name in SCOPE})
        return plain(explaining.explain(bench, quarter, scope))

    @route("/drift/decisions")
    def node_decisions() -> object:
        return {"watched": plain(deciding.watched(bench, everything=True))}

    @api.post("/drift/decisions")
    def decide_node() -> Response:
        told = checked(request.get_json(silent=True), _MEMBERS)
        return jsonify(plain(decided(bench, told, coder_name(told.get("by")))))


def decided(bench: Workbench, told: Mapping[str, Any], me: str) -> NodeDecision:
    """Do what a form or a program asks for; returns the decision, or the one that was taken back.

    Raises:
        QueryError: it asks for nothing that there is.
    """
    node, title, reason = (str(told.get(name) or "") for name in ("node", "title", "reason"))
    ways: Mapping[str, Callable[[], NodeDecision]] = {
        "confirm": lambda: deciding.confirm(bench, node, by=me, title=title),
        "dismiss": lambda: deciding.dismiss(bench, node, by=me, reason=reason),
        "watch": lambda: deciding.watch(bench, node, by=me, title=title),
        "undo": lambda: deciding.take_back(bench, node, by=me),
    }
    wanted = str(told.get("do") or "")
    if wanted not in ways:
        raise QueryError("nothing that can be decided about a signal", hint=f"Known: {', '.join(ways)}.")
    return ways[wanted]()
