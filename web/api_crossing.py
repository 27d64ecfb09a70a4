"""The API of what is counted across themes: segment by role, the map of seats, and the proof gap."""

from __future__ import annotations

from collections.abc import Callable

from flask import request

from web import asking
from web.api_coding import Route
from web.openapi_crossing import GAP_FILTERS, MAP_FILTERS, MATRIX_FILTERS
from web.pages.scoping import facet_of
from winloss.model import Filters
from winloss.ports import Workbench
from winloss.services import telling
from winloss.services.themes import crossing, proofgap


def register(
    route: Route, bench: Workbench, filters: Callable[..., Filters], quarter: Callable[[], str | None]
) -> None:
    """Add `/matrix`, `/map` and `/proof-gap`; `filters` and `quarter` read the address."""

    @route("/matrix", "facet", *MATRIX_FILTERS)
    def matrix() -> object:
        chosen = filters(bench, without=("quarter", "facet"))
        facet = facet_of(request.args.get("facet"))
        return telling.matrix_json(crossing.matrix(bench, chosen, facet=facet, quarter=quarter()))

    @route("/map", *MAP_FILTERS)
    def seats() -> object:
        chosen = filters(bench, without=("quarter", "facet", "theme"))
        asked = asking.quarter_of(request.args)
        return telling.map_json(crossing.seats(bench, chosen, quarter=asked), asked)

    @route("/proof-gap", *GAP_FILTERS)
    def gap() -> object:
        chosen = filters(bench, without=("quarter", "facet"))
        return telling.gap_json(proofgap.proof_gap(bench, chosen, quarter=quarter()))
