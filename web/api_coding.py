"""The API of coding: the codebook with its counts, codings, agreement. What is sent is one JSON object, checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, request

from web import coders
from winloss.errors import QueryError
from winloss.ports import Workbench
from winloss.services import doing
from winloss.services.presenting import plain
from winloss.services.research import agreement, coding
from winloss.services.research import codes as codebook
from winloss.services.sources import adopting

CHANGES = ("add", "describe", "move", "merge", "remove", "adopt", "undo", "redo")
_CODE_MEMBERS = {"do": str, "path": str, "to": str, "description": str, "colour": str, "by": str}
_CODING_MEMBERS = {"verbatim": str, "coder": str, "give": list, "take": list, "none": bool, "new": bool, "undo": bool}
_KINDS = {str: "a text", list: "a list of texts", bool: "true or false", int: "a whole number", dict: "an object"}


Answer = Callable[..., object]
Route = Callable[..., Callable[[Answer], Answer]]


def register(api: Blueprint, route: Route, bench: Workbench, page: Callable[[], tuple[int, int]]) -> None:
    """Add `/codes`, `/codings` and `/agreement`; `page` tells the offset and the limit that are asked for."""

    @route("/codes")
    def codes() -> object:
        return plain(coding.tally(bench))

    @api.post("/codes")
    def change_codes() -> Response:
        _change(bench, checked(request.get_json(silent=True), _CODE_MEMBERS))
        return jsonify(plain(coding.tally(bench)))

    @route("/codings", "verbatim", "coder", "limit", "offset")
    def codings() -> object:
        one, coder = request.args.get("verbatim"), request.args.get("coder")
        found = bench.store.codings([one]) if one else bench.store.codings(current=True)
        found = [item for item in found if not coder or item.coder.casefold() == coder.casefold()]
        start, limit = page()
        told = [plain(item) for item in found[start : start + limit]]
        return {"total": len(found), "codings": told}

    @api.post("/codings")
    def code() -> Response:
        told = checked(request.get_json(silent=True), _CODING_MEMBERS)
        return jsonify(_coded(bench, told))

    @route("/agreement", "a", "b", "code")
    def agreed() -> object:
        a, b, code = (request.args.get(name) or None for name in ("a", "b", "code"))
        if bool(a) != bool(b):
            raise QueryError("two coders are needed", hint="Ask with a=Dana&b=Tom, or with neither for who there is.")
        compared = plain(agreement.two_coders(bench, a, b, code=code)) if a and b else None
        return {"coders": plain(coding.tally(bench).coders), "compared": compared}


def _change(bench: Workbench, told: Mapping[str, Any]) -> None:
    path, to, by = told.get("path", ""), told.get("to", ""), coders.author(told.get("by"))
    by = coding.coder_name(by) if by else None
    description, colour = told.get("description"), told.get("colour")
    ways: Mapping[str, Callable[[], object]] = {
        "add": lambda: codebook.add(bench, path, by=by, description=description or "", colour=colour),
        "describe": lambda: codebook.describe(bench, path, by=by, description=description, colour=colour),
        "move": lambda: codebook.move(bench, path, to, by=by),
        "merge": lambda: codebook.merge(bench, path, to, by=by),
        "remove": lambda: codebook.remove(bench, path, by=by),
        "adopt": lambda: adopting.adopt(bench, path or None, by=by),
        "undo": lambda: doing.undo(bench, by=by),
        "redo": lambda: doing.redo(bench, by=by),
    }
    if told.get("do") not in ways:
        raise QueryError("do names none of the changes there are", hint=f"Known: {', '.join(CHANGES)}.")
    ways[told["do"]]()


def _coded(bench: Workbench, told: Mapping[str, Any]) -> dict[str, object]:
    """Do what is asked for, in the order undo, none, take, give; answers with what the coder has noted now."""
    verbatim_id, me = told.get("verbatim", ""), coding.as_known(bench, coders.author(told.get("coder")))
    if told.get("undo"):
        doing.undo(bench, by=me)
    if told.get("none"):
        coding.none_applies(bench, verbatim_id, coder=me)
    if take := told.get("take"):
        coding.take_away(bench, verbatim_id, take, coder=me)
    if give := told.get("give"):
        coding.give(bench, verbatim_id, give, coder=me, new=bool(told.get("new")))
    noted = coding.sheet(bench, me, [verbatim_id]).get(verbatim_id)
    return {"verbatim": verbatim_id, "coder": me, "codes": sorted(noted or ()), "looked_at": noted is not None}


def checked(body: object, members: Mapping[str, type]) -> Mapping[str, Any]:
    """What was sent, once it is known to be an object with members of these kinds and no others.

    Raises:
        QueryError: it is not.
    """
    if request.args:
        raise QueryError(f"no parameter {next(iter(request.args))!r}", hint="Send it as a member of the JSON object.")
    if not isinstance(body, dict):
        raise QueryError("a JSON object is needed", hint=f"Its members: {', '.join(members)}.")
    for name, value in body.items():
        if name not in members:
            raise QueryError(f"no member {name!r}", hint=f"Known: {', '.join(members)}.")
        texts = not isinstance(value, list) or all(isinstance(item, str) for item in value)
        if not isinstance(value, members[name]) or not texts:
            raise QueryError(f"{name} must be {_KINDS[members[name]]}", hint="Send it so, or leave it out.")
    return body
