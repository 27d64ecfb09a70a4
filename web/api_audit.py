"""The API of decks: held against the verbatims, kept, and taken away. A deck is sent as base64 inside JSON."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, request

from web.api_coding import Route, checked
from winloss.errors import QueryError
from winloss.model import Filters
from winloss.ports import Workbench
from winloss.services import doing
from winloss.services.audit import keeping_decks
from winloss.services.audit.audit_presenting import audit_json, deck_json
from winloss.services.research.coding import coder_name
from winloss.services.search import searching

WAYS = ("audit", "keep", "remove", "undo")
_MEMBERS = {"do": str, "name": str, "content": str, "quarter": str, "segment": str, "deck": str, "by": str}


def register(api: Blueprint, route: Route, bench: Workbench, page: Callable[[], tuple[int, int]]) -> None:  # noqa: ARG001
    """Add `/audits`."""

    @route("/audits")
    def audits() -> object:
        return _decks(bench)

    @route("/audits/<audit_id>")
    def audit(audit_id: str) -> object:
        return audit_json(keeping_decks.opened(bench, audit_id)[0])

    @api.post("/audits")
    def change_audits() -> Response:
        told = checked(request.get_json(silent=True), _MEMBERS)
        return jsonify({**_changed(bench, told), **_decks(bench)})


def _decks(bench: Workbench) -> dict[str, object]:
    return {"decks": [deck_json(deck) for deck in keeping_decks.decks(bench)]}


def _changed(bench: Workbench, told: Mapping[str, Any]) -> dict[str, object]:
    by = coder_name(told["by"]) if told.get("by") else None
    way = told.get("do")
    if way == "remove":
        keeping_decks.remove(bench, told.get("deck", ""), by=by)
    elif way == "undo":
        doing.undo(bench, by=by)
    elif way in ("audit", "keep"):
        audit_id = told.get("deck") or _looked_at(bench, told)
        if way == "keep":
            audit_id = keeping_decks.keep_opened(bench, audit_id, by=by).id
        return {"audit": audit_json(keeping_decks.opened(bench, audit_id)[0])}
    else:
        raise QueryError("do names none of the changes there are", hint=f"Known: {', '.join(WAYS)}.")
    return {"audit": None}


def _looked_at(bench: Workbench, told: Mapping[str, Any]) -> str:
    """Read the deck that was sent; returns the id of its audit."""
    filters = Filters(segment=(told["segment"],)) if told.get("segment") else Filters()
    searching.check_filters(bench, filters)
    try:
        content = base64.b64decode(told.get("content", ""), validate=True)
    except (binascii.Error, ValueError) as error:
        raise QueryError("content is not base64", hint="Encode the bytes of the file, without line breaks.") from error
    if not content or not told.get("name"):
        raise QueryError("a deck needs a name and content", hint="Send name, such as readout.pptx, and its bytes.")
    audit = keeping_decks.look(bench, told["name"], content, quarter=told.get("quarter") or None, filters=filters)
    return audit.id
