"""The API of labelling: who says what a verbatim is, what to label next, and what the labels teach the model."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, Response, jsonify, request

from web import coders
from web.api_coding import Route, checked
from winloss.errors import QueryError
from winloss.model import held_of
from winloss.ports import Workbench
from winloss.services import doing
from winloss.services.presenting import plain
from winloss.services.research import labelling, retraining
from winloss.services.research.coding import coder_name
from winloss.services.research.retraining import Lesson

LESSONS = ("measure", "adopt", "revert")
_LABEL_MEMBERS = {"verbatim": str, "by": str, "facet": str, "undo": bool}


def register(api: Blueprint, route: Route, bench: Workbench, page: Callable[[], tuple[int, int]]) -> None:
    """Add `/labels`, `/labels/next` and `/lesson`; `page` tells the offset and the limit that are asked for."""

    @route("/labels", "verbatim", "by", "limit", "offset")
    def labels() -> object:
        one, by = request.args.get("verbatim"), request.args.get("by")
        found = bench.store.labels([one]) if one else bench.store.labels(current=True)
        found = [item for item in found if not by or item.by.casefold() == by.casefold()]
        start, limit = page()
        told = plain(labelling.report(bench))
        return {"total": len(found), "labels": plain(found[start : start + limit]), "report": told}

    @route("/labels/next", "order", "by", "limit", "offset")
    def next_to_label() -> object:
        order, by = request.args.get("order") or labelling.UNSURE, request.args.get("by") or None
        start, limit = page()
        return {"verbatims": labelling.queue(bench, order=order, by=by, limit=start + limit)[start:]}

    @api.post("/labels")
    def label() -> Response:
        told = checked(request.get_json(silent=True), _LABEL_MEMBERS)
        verbatim_id, me = told.get("verbatim", ""), coder_name(coders.author(told.get("by")))
        if told.get("undo") and verbatim_id:
            labelling.unlabel(bench, verbatim_id, by=me)
        elif told.get("undo"):
            doing.undo(bench, by=me)
        if facet := told.get("facet"):
            labelling.label(bench, verbatim_id, facet, by=me)
        held = held_of(bench.store.labels([verbatim_id]))
        return jsonify({"verbatim": verbatim_id, "by": me, "holds": plain(held) if held else None})

    @route("/lesson")
    def lesson() -> object:
        in_use = retraining.in_use(bench)
        return {"in_use": plain(in_use) if in_use else None, "measured": None}

    @api.post("/lesson")
    def learn() -> Response:
        told = checked(request.get_json(silent=True), {"do": str})
        return jsonify(_learned(bench, told.get("do")))


def _learned(bench: Workbench, wanted: str | None) -> dict[str, object]:
    """Do it; answers with what is in use now, and with what was measured where that was asked for."""
    ways: Mapping[str | None, Callable[[Workbench], Lesson | None]] = {
        "measure": retraining.measure,
        "adopt": retraining.adopt,
        "revert": retraining.give_up,
    }
    if wanted not in ways:
        raise QueryError("do names nothing that can be done", hint=f"Known: {', '.join(LESSONS)}.")
    lesson = ways[wanted](bench)
    in_use = retraining.in_use(bench)
    measured = lesson if wanted == "measure" else None
    return {"in_use": plain(in_use) if in_use else None, "measured": plain(measured) if measured else None}
