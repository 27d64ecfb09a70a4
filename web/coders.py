"""Who codes in this browser, and which codes the digits give: asked once, then remembered in cookies.

Whoever is signed in codes, decides and corrects in their own name, whatever a form or a cookie says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from urllib.parse import quote, unquote

from flask import Response, g, request

from winloss.errors import QueryError
from winloss.services.research.codes import key_of
from winloss.services.research.coding import coder_name

CODER, KEYS = "coder", "code-keys"
DIGITS = 9
_YEAR = 365 * 24 * 3600


def coder() -> str | None:
    """The coder's name, or None where it was not asked for yet."""
    if g.get("person"):
        return str(g.person.name)
    try:
        return coder_name(unquote(request.cookies.get(CODER, "")))
    except QueryError:
        return None


def author(told: str | None) -> str | None:
    """Who makes a change: whoever is signed in, else whoever is told."""
    return str(g.person.name) if g.get("person") else told


def remember_coder(response: Response, name: str) -> None:
    """Have the browser remember who codes, where nobody is signed in."""
    if not g.get("person"):
        _remember(response, CODER, quote(name))


def keys_of(paths: Sequence[str], most_used: Sequence[str]) -> list[str]:
    """Which codes the digits from 1 on give: those they gave before, then those used most; they never change places."""
    marks = {_mark(path): path for path in paths}
    kept = [marks[mark] for mark in request.cookies.get(KEYS, "").split("-") if mark in marks]
    return list(dict.fromkeys([*kept, *most_used]))[:DIGITS]


def remember_keys(response: Response, paths: Sequence[str]) -> None:
    """Have the browser remember which codes the digits give."""
    _remember(response, KEYS, "-".join(map(_mark, paths)))


def _remember(response: Response, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=_YEAR, httponly=True, samesite="Strict")


def _mark(path: str) -> str:
    return hashlib.blake2b(key_of(path).encode(), digest_size=5).hexdigest()
