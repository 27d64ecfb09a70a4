"""The API of a report with sentences that a language model drafts."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from web.api_coding import checked
from web.as_json import report_json
from winloss.errors import QueryError
from winloss.model import Filters
from winloss.ports import Workbench
from winloss.services.presenting import plain
from winloss.services.reports import drafting, reporting
from winloss.services.search import searching

_MEMBERS = {"quarter": str, "segment": str}


def register(api: Blueprint, bench: Workbench) -> None:
    """Add what is posted to `/report`."""

    @api.post("/report")
    def draft_report() -> Response:
        told = checked(request.get_json(silent=True), _MEMBERS)
        if not told.get("quarter"):
            raise QueryError("a quarter is needed", hint='Send {"quarter": "2026Q2"}.')
        filters = Filters(segment=(told["segment"],) if told.get("segment") else ())
        searching.check_filters(bench, filters)
        made = drafting.draft(bench, reporting.compose(bench, told["quarter"], filters), ask=True)
        return jsonify(drafted_json(made))


def drafted_json(made: drafting.Drafted) -> dict[str, object]:
    """A drafted report as data, with what was dropped and what could not be drafted."""
    return {
        "report": report_json(made.report),
        "kept": made.kept,
        "dropped": plain(made.dropped),
        "lacking": plain(made.lacking),
    }
