"""The API of rights: who may be quoted, how and until when; who is who; where too few people fit. For researchers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, request

from web import coders
from web.api_coding import Route, checked
from winloss.errors import QueryError
from winloss.ports import Workbench
from winloss.services import doing
from winloss.services.presenting import plain
from winloss.services.quote_rights import rights, rights_listing

CHANGES = ("set", "clear", "undo")
KINDS = ("documents", "files", "people")
_MEMBERS = {
    "do": str,
    "document": str,
    "file": str,
    "person": str,
    "rights": str,
    "until": str,
    "by": str,
}


def register(api: Blueprint, route: Route, bench: Workbench, page: Callable[[], tuple[int, int]]) -> None:
    """Add `/rights`, `/rights/decisions` and `/rights/warnings`; `page` tells the offset and the limit."""

    @route("/rights", "of", "limit", "offset")
    def rights_answer() -> object:
        kind = request.args.get("of") or KINDS[0]
        if kind not in KINDS:
            raise QueryError(f"nothing of the kind {kind!r} has rights", hint=f"Known: {', '.join(KINDS)}.")
        found = rights_listing.listed(bench, kind)
        start, limit = page()
        return {"of": kind, "total": len(found), "listed": plain(found[start : start + limit])}

    @route("/rights/decisions")
    def rights_decisions() -> object:
        return {"decisions": plain(bench.store.rights_decisions())}

    @api.post("/rights/decisions")
    def decide_rights() -> Response:
        change(bench, checked(request.get_json(silent=True), _MEMBERS))
        return jsonify({"decisions": plain(bench.store.rights_decisions())})

    @route("/rights/warnings")
    def rights_warnings() -> object:
        return {"few": plain(rights_listing.few(bench)), "endings": plain(rights_listing.endings(bench))}


def change(bench: Workbench, told: Mapping[str, Any]) -> None:
    """Do what a form or a call asks for.

    Raises:
        QueryError: it asks for nothing that there is.
    """
    by = coders.author(told.get("by") or None)
    named = {name: told.get(name) or None for name in ("document", "file", "person")}
    target = rights.Target(**named)
    given, until = told.get("rights") or None, told.get("until") or None
    ways: Mapping[str, Callable[[], object]] = {
        "set": lambda: rights.set_rights(bench, target, rights=given, until=until, by=by),
        "clear": lambda: rights.clear(bench, target, by=by),
        "undo": lambda: doing.undo(bench, by=by),
    }
    if told.get("do") not in ways:
        raise QueryError("do names none of the changes there are", hint=f"Known: {', '.join(CHANGES)}.")
    ways[told["do"]]()
