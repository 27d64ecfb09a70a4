"""The API of the belief register. What is sent is one JSON object, checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, request

from web import asking
from web.api_coding import Route, checked
from winloss.errors import QueryError
from winloss.ports import Workbench
from winloss.services import doing
from winloss.services.belief import asking_beliefs, beliefs, believing
from winloss.services.belief.telling_beliefs import told_entry, told_evidence
from winloss.services.research.coding import coder_name

CHANGES = ("add", "edit", "retire", "restore", "undo", "redo")
_MEMBERS = {"do": str, "belief": str, **dict.fromkeys(beliefs.EDITABLE, str), "by": str}


def register(api: Blueprint, route: Route, bench: Workbench, page: Callable[[], tuple[int, int]]) -> None:  # noqa: ARG001
    """Add `/beliefs`."""

    @route("/beliefs", "retired")
    def belief_register() -> object:
        return _register(bench, retired=asking.yes_of(request.args, "retired"))

    @route("/beliefs/<belief_id>", "quarter")
    def belief(belief_id: str) -> object:
        return told_evidence(believing.evidence(bench, belief_id, quarter=asking.quarter_of(request.args), wait=False))

    @api.post("/beliefs")
    def change_beliefs() -> Response:
        _change(bench, checked(request.get_json(silent=True), _MEMBERS))
        asking_beliefs.ask(bench)
        return jsonify(_register(bench, retired=True))


def _register(bench: Workbench, *, retired: bool) -> dict[str, object]:
    return {"beliefs": [told_entry(entry) for entry in believing.register(bench, retired=retired, wait=False)]}


def _change(bench: Workbench, told: Mapping[str, Any]) -> None:
    name, by = told.get("belief", ""), coder_name(told["by"]) if told.get("by") else None
    parts = {field: told[field] for field in beliefs.EDITABLE if field in told}
    ways: Mapping[str, Callable[[], object]] = {
        "add": lambda: beliefs.add(bench, beliefs.Draft(**{"statement": "", **parts}), by=by),
        "edit": lambda: beliefs.edit(bench, name, by=by, **parts),
        "retire": lambda: beliefs.retire(bench, name, by=by),
        "restore": lambda: beliefs.restore(bench, name, by=by),
        "undo": lambda: doing.undo(bench, by=by),
        "redo": lambda: doing.redo(bench, by=by),
    }
    if told.get("do") not in ways:
        raise QueryError("do names none of the changes there are", hint=f"Known: {', '.join(CHANGES)}.")
    ways[told["do"]]()
