"""The API of users and the journal, and who asks. Passwords come in here and never go out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, request

from web import asking, signing_in
from web.api_coding import Route, checked
from winloss.errors import QueryError
from winloss.model import User
from winloss.ports import Workbench
from winloss.services import journal
from winloss.services.presenting import plain
from winloss.services.team import users

CHANGES = ("add", "role", "password", "remove")
_MEMBERS = {"do": str, "name": str, "role": str, "password": str}


def register(api: Blueprint, route: Route, bench: Workbench, page: Callable[[], tuple[int, int]]) -> None:
    """Add `/users`, `/journal` and `/whoami`; `page` tells the offset and the limit that are asked for."""

    @route("/users")
    def users_answer() -> object:
        return {"users": [_user(item) for item in bench.store.users()]}

    @api.post("/users")
    def change_users() -> Response:
        _change(bench, checked(request.get_json(silent=True), _MEMBERS))
        return jsonify({"users": [_user(item) for item in bench.store.users()]})

    @route("/journal", "before", "limit")
    def journal_answer() -> object:
        before = asking.number_of(request.args, "before", default=0, low=0, high=10**15) or None
        return {"entries": plain(_entries(bench, page()[1], before))}

    @route("/whoami")
    def whoami() -> object:
        me = signing_in.person()
        return {"name": me.name if me else None, "role": me.access if me else None}


def _entries(bench: Workbench, limit: int, before: int | None) -> object:
    return journal.entries(bench, limit=limit, before=before)


def _user(item: User) -> dict[str, object]:
    return {"name": item.name, "role": item.access, "made_at": item.made_at}


def _change(bench: Workbench, told: Mapping[str, Any]) -> None:
    name, role, password = (told.get(member, "") for member in ("name", "role", "password"))
    ways: Mapping[str, Callable[[], object]] = {
        "add": lambda: users.add(bench, name, users.access_of(role), password),
        "role": lambda: users.set_access(bench, name, users.access_of(role)),
        "password": lambda: users.set_password(bench, name, password),
        "remove": lambda: users.remove(bench, name),
    }
    if told.get("do") not in ways:
        raise QueryError("do names none of the changes there are", hint=f"Known: {', '.join(CHANGES)}.")
    ways[told["do"]]()
