"""A correction of a speaker as a program sends it: one JSON object, every member checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from winloss.errors import QueryError
from winloss.model import Side

_TEXTS = ("name", "document", "title", "role", "full_name", "by")
_YES_OR_NO = ("unnamed", "undo")
MEMBERS = (*_TEXTS, *_YES_OR_NO, "side", "turns")


def correction_of(body: object) -> Mapping[str, Any]:
    """The members that are there, `unnamed` and `undo` always.

    Raises:
        QueryError: no object, or a member is unknown or of another kind than it must be.
    """
    if not isinstance(body, dict):
        raise QueryError("a JSON object is needed", hint=f"Its members: {', '.join(MEMBERS)}.")
    for name in body:
        if name not in MEMBERS:
            raise QueryError(f"no member {name!r}", hint=f"Known: {', '.join(MEMBERS)}.")
    told: dict[str, Any] = {name: _is(body, name, str, "a text") for name in _TEXTS if body.get(name) is not None}
    told |= {name: bool(_is(body, name, bool, "true or false")) for name in _YES_OR_NO}
    if (side := body.get("side")) is not None:
        if not isinstance(side, str) or side not in set(Side):
            raise QueryError("side is none of those there are", hint=f"Known: {', '.join(Side)}.")
        told["side"] = Side(side)
    if (turns := body.get("turns")) is not None:
        if not isinstance(turns, list) or len(turns) != 2 or not all(type(turn) is int for turn in turns):
            raise QueryError("turns must be the first and the last", hint="Such as [3, 17]; they count from 0.")
        told["turns"] = (turns[0], turns[1])
    return told


def _is(body: Mapping[str, object], name: str, kind: type, words: str) -> object:
    value = body.get(name)
    if value is not None and not isinstance(value, kind):
        raise QueryError(f"{name} must be {words}", hint="Send it so, or leave it out.")
    return value
