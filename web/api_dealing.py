"""The API of the deals that a CRM gives."""

from __future__ import annotations

from collections.abc import Callable

from flask import request

from web.api_coding import Route
from web.asking_deals import PARAMETERS, deals_asked
from winloss.ports import Workbench
from winloss.services.search import searching
from winloss.services.themes import crm_deals
from winloss.services.themes.deals_told import deals_json


def register(route: Route, bench: Workbench, page: Callable[[], tuple[int, int]]) -> None:
    """Add `/deals`; `page` tells the offset and the limit."""

    @route("/deals", "limit", "offset", *PARAMETERS)
    def deals() -> object:
        asked = deals_asked(request.args)
        searching.check_filters(bench, asked.said)
        offset, limit = page()
        return deals_json(crm_deals.deals(bench, asked), bench.codebook, offset=offset, limit=limit)
