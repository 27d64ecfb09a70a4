"""The API of kept reports: asked for and made as jobs, drafted for by a language model, read, and removed."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, jsonify, request

from web.api_coding import Route, checked
from web.as_json import report_json
from web.queueing import accepted
from winloss.errors import QueryError
from winloss.model import Filters
from winloss.ports import Workbench
from winloss.services.presenting import plain
from winloss.services.reports import keeping, making
from winloss.services.reports.keeping import KeptReport
from winloss.services.reports.making import Wish
from winloss.services.workspace.jobs import Job, job_json

WAYS = ("draft", "remove")
_WISH = {"quarter": str, "against": str, "segment": str}
_CHANGE = {"do": str}


def register(api: Blueprint, route: Route, bench: Workbench, page: Callable[[], tuple[int, int]]) -> None:  # noqa: ARG001
    """Add `/reports`."""

    @route("/reports")
    def reports_answer() -> object:
        return _listed(bench)

    @route("/reports/<report_id>")
    def report_answer(report_id: str) -> object:
        kept, content = keeping.opened(bench, report_id)
        return {
            "kept": _kept_json(kept),
            "report": report_json(content.report),
            "dropped": plain(content.dropped),
            "lacking": plain(content.lacking),
        }

    @api.post("/reports")
    def ask_report() -> Response:
        told = checked(request.get_json(silent=True), _WISH)
        if not told.get("quarter"):
            raise QueryError("a quarter is needed", hint='Send {"quarter": "2026Q2"}.')
        segment = told.get("segment")
        filters = Filters(segment=(segment,) if segment else ())
        found = making.ask(bench, Wish(quarter=told["quarter"], against=told.get("against") or None, filters=filters))
        return _answered(found)

    @api.post("/reports/<report_id>")
    def change_report(report_id: str) -> Response:
        way = checked(request.get_json(silent=True), _CHANGE).get("do")
        if way == "draft":
            return _answered(making.ask_draft(bench, report_id))
        if way == "remove":
            return jsonify({"job": None, "kept": _kept_json(keeping.remove(bench, report_id))})
        raise QueryError("do names none of the changes there are", hint=f"Known: {', '.join(WAYS)}.")


def _answered(found: Job | KeptReport) -> Response:
    """What was asked for: the job that makes it, or the report that is kept already."""
    if isinstance(found, KeptReport):
        return accepted({"job": None, "kept": _kept_json(found)}, None)
    job = job_json(found)
    return accepted({"job": job, "kept": None}, job)


def _listed(bench: Workbench) -> dict[str, object]:
    return {"reports": [_kept_json(kept) for kept in keeping.listed(bench)]}


def _kept_json(kept: KeptReport) -> dict[str, object]:
    """What is told of a kept report in lists; of its filters those that are set."""
    told = plain(kept)
    assert isinstance(told, dict)
    return {**told, "filters": {name: value for name, value in told["filters"].items() if value}}
