"""The API of decks: held against the verbatims, kept, and taken away. A deck is sent as base64 inside JSON."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, request

from web.api_coding import Route, checked
from web.queueing import accepted
from winloss.errors import QueryError
from winloss.model import Filters
from winloss.ports import Workbench
from winloss.services import doing
from winloss.services.audit import asking_audits, keeping_decks
from winloss.services.audit.asking_audits import Wish
from winloss.services.audit.audit_presenting import audit_json, deck_json
from winloss.services.research.coding import coder_name
from winloss.services.search import searching
from winloss.services.workspace.jobs import Job, job_json

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
        changed: dict[str, Any] = {"audit": None, "job": None, **_changed(bench, told), **_decks(bench)}
        return accepted(changed, changed["job"])


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
        found = told.get("deck") or _asked(bench, told, keep=way == "keep", by=by)
        if isinstance(found, Job):
            return {"job": job_json(found)}
        if way == "keep" and told.get("deck"):
            found = keeping_decks.keep_opened(bench, found, by=by).id
        return {"audit": audit_json(keeping_decks.opened(bench, found)[0])}
    else:
        raise QueryError("do names none of the changes there are", hint=f"Known: {', '.join(WAYS)}.")
    return {}


def _asked(bench: Workbench, told: Mapping[str, Any], *, keep: bool, by: str | None) -> Job | str:
    """Have the deck that was sent audited: the job that does it, or the id of the audit where it was made already."""
    filters = Filters(segment=(told["segment"],)) if told.get("segment") else Filters()
    searching.check_filters(bench, filters)
    try:
        content = base64.b64decode(told.get("content", ""), validate=True)
    except (binascii.Error, ValueError) as error:
        raise QueryError("content is not base64", hint="Encode the bytes of the file, without line breaks.") from error
    if not content or not told.get("name"):
        raise QueryError("a deck needs a name and content", hint="Send name, such as readout.pptx, and its bytes.")
    wish = Wish(quarter=told.get("quarter") or None, filters=filters, keep=keep, by=by)
    return asking_audits.ask(bench, told["name"], content, wish)
