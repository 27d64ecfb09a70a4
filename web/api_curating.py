"""The API of decisions about themes, and of the ledger that says what happened to them."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, jsonify, request
from werkzeug.datastructures import MultiDict

from web import coders
from web.api_coding import Route, checked
from web.pages.curating import decided
from winloss.ports import Workbench
from winloss.services.presenting import plain
from winloss.services.research.coding import coder_name
from winloss.services.themes import curation

WAYS = ("rename", "merge", "split", "move", "pin", "archive", "undo", "take-back")
_MEMBERS = {"do": str, "by": str, "title": str, "into": str, "verbatims": list, "decision": str}


def register(api: Blueprint, route: Route, bench: Workbench, page: Callable[[], tuple[int, int]]) -> None:
    """Add `/themes/<id>/decisions` and `/ledger`; `page` tells the offset and the limit."""

    @route("/themes/<theme_id>/decisions")
    def decisions(theme_id: str) -> object:
        return _history(bench, bench.store.theme(theme_id).id)

    @api.post("/themes/<theme_id>/decisions")
    def decide(theme_id: str) -> Response:
        told = checked(request.get_json(silent=True), _MEMBERS)
        form = MultiDict({name: value for name, value in told.items() if name not in ("by", "verbatims")})
        form.setlist("verbatim", told.get("verbatims", []))
        changed = decided(bench, bench.store.theme(theme_id).id, form, coder_name(coders.author(told.get("by"))))
        return jsonify(_history(bench, changed))

    @route("/ledger", "limit", "offset")
    def ledger() -> object:
        start, limit = page()
        return {"events": plain(bench.store.theme_events(limit=start + limit)[start:])}


def _history(bench: Workbench, theme_id: str) -> dict[str, object]:
    theme = bench.store.theme(theme_id)
    return {
        "theme": plain(theme),
        "events": plain(bench.store.theme_events(theme_id)),
        "decisions": plain(curation.decisions_on(bench, theme_id)),
    }
