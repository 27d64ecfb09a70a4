"""The API of collections and saved searches. What is sent is one JSON object, checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, request

from web import coders
from web.api_coding import Route, checked
from winloss.errors import QueryError
from winloss.model import Filters
from winloss.ports import Workbench
from winloss.services import doing
from winloss.services.presenting import passage_json, plain
from winloss.services.research import collecting
from winloss.services.research.coding import coder_name
from winloss.services.search import saving

CHANGES = ("add", "describe", "merge", "remove", "pin", "unpin", "note", "move", "undo", "redo")
SAVED_CHANGES = ("save", "rename", "remove", "looked")
_MEMBERS = {
    "do": str,
    "collection": str,
    "to": str,
    "description": str,
    "verbatims": list,
    "note": str,
    "place": int,
    "new": bool,
    "by": str,
}
_SAVED_MEMBERS = {"do": str, "search": str, "to": str, "query": str, "mode": str, "filters": dict, "by": str}


def register(api: Blueprint, route: Route, bench: Workbench, page: Callable[[], tuple[int, int]]) -> None:
    """Add `/collections` and `/saved`; `page` tells the offset and the limit that are asked for."""

    @route("/collections")
    def collections() -> object:
        return {"collections": plain(collecting.shelves(bench))}

    @route("/collections/<collection>")
    def collection(collection: str) -> object:
        pinned = collecting.contents(bench, collection)
        told = [{**passage_json(it.passage), "note": it.pin.note, "retired": it.retired} for it in pinned]
        return {"collection": plain(collecting.find(bench, collection)), "verbatims": told}

    @api.post("/collections")
    def change_collections() -> Response:
        _change(bench, checked(request.get_json(silent=True), _MEMBERS))
        return jsonify({"collections": plain(collecting.shelves(bench))})

    @route("/saved")
    def saved_searches() -> object:
        return {"searches": [_standing(found) for found in saving.standings(bench)]}

    @route("/saved/<search>", "limit", "offset")
    def saved_search(search: str) -> object:
        found = saving.standing(bench, search)
        start, limit = page()
        passages = bench.store.passages(list(found.ids[start : start + limit]))
        told = [{**passage_json(passage), "new": passage.id in found.new} for passage in passages]
        return {**_standing(found), "verbatims": told}

    @api.post("/saved")
    def change_saved() -> Response:
        _change_saved(bench, checked(request.get_json(silent=True), _SAVED_MEMBERS))
        return jsonify({"searches": [_standing(found) for found in saving.standings(bench)]})


def _standing(found: saving.Standing) -> dict[str, object]:
    told = {"total": len(found.ids), "new": len(found.new), "looked_at": found.looked_at, "wrong": found.wrong}
    return {"search": plain(found.search), **told}


def _look(bench: Workbench, name: str) -> None:
    found = saving.standing(bench, name)
    saving.looked_at(bench, found.search, found.ids)


def _change(bench: Workbench, told: Mapping[str, Any]) -> None:
    name, to, note = told.get("collection", ""), told.get("to", ""), told.get("note", "")
    verbatims, by = told.get("verbatims", []), _who(told)
    one = verbatims[0] if verbatims else ""
    ways: Mapping[str, Callable[[], object]] = {
        "add": lambda: collecting.create(bench, name, by=by, description=told.get("description", "")),
        "describe": lambda: collecting.describe(bench, name, by=by, to=to or None, description=told.get("description")),
        "merge": lambda: collecting.merge(bench, name, to, by=by),
        "remove": lambda: collecting.remove(bench, name, by=by),
        "pin": lambda: collecting.pin(bench, name, verbatims, by=by, note=note, new=bool(told.get("new"))),
        "unpin": lambda: collecting.unpin(bench, name, verbatims, by=by),
        "note": lambda: collecting.note(bench, name, one, note, by=by),
        "move": lambda: collecting.move(bench, name, one, told.get("place", 1), by=by),
        "undo": lambda: doing.undo(bench, by=by),
        "redo": lambda: doing.redo(bench, by=by),
    }
    _do(ways, told)


def _change_saved(bench: Workbench, told: Mapping[str, Any]) -> None:
    name, to, by = told.get("search", ""), told.get("to", ""), _who(told)
    mode, query = told.get("mode") or "hybrid", told.get("query", "")
    ways: Mapping[str, Callable[[], object]] = {
        "save": lambda: saving.save(bench, name, query, _filters(told.get("filters", {})), mode=mode, by=by),
        "rename": lambda: saving.rename(bench, name, to, by=by),
        "remove": lambda: saving.remove(bench, name, by=by),
        "looked": lambda: _look(bench, name),
    }
    _do(ways, told)


def _do(ways: Mapping[str, Callable[[], object]], told: Mapping[str, Any]) -> None:
    if told.get("do") not in ways:
        raise QueryError("do names none of the changes there are", hint=f"Known: {', '.join(ways)}.")
    ways[told["do"]]()


def _who(told: Mapping[str, Any]) -> str | None:
    by = coders.author(told.get("by"))
    return coder_name(by) if by else None


def _filters(told: Mapping[str, Any]) -> Filters:
    """Filters as the API tells them: lists of texts by name, days for `since` and `until`."""
    days = ("since", "until")
    known = [name for name in Filters.__dataclass_fields__ if name != "without"]
    for name, value in told.items():
        texts = isinstance(value, str) if name in days else isinstance(value, list) and all(map(_is_text, value))
        if name not in known or not texts:
            raise QueryError(f"not a filter: {name!r}", hint=f"Known, each a list of texts: {', '.join(known)}.")
    values: dict[str, Any] = {name: value if name in days else tuple(value) for name, value in told.items()}
    return Filters(**values)


def _is_text(value: object) -> bool:
    return isinstance(value, str)
