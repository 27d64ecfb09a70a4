"""The script with which a page draws charts again, served by us: nothing is asked of another server."""

from __future__ import annotations

from flask import Blueprint, Response, request

from winloss.ports import Workbench
from winloss.services.reports import charts


def make_blueprint(_: Workbench) -> Blueprint:
    """`/charts/vega.js`."""
    pages = Blueprint("charting", __name__)

    @pages.get("/charts/vega.js")
    def library() -> Response:
        answer = Response(charts.scripts(), content_type="text/javascript; charset=utf-8")
        answer.add_etag()
        answer.make_conditional(request)
        return answer

    return pages
