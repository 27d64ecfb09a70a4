"""Which deals an address asks for, and the address that asks for them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import url_for
from werkzeug.datastructures import MultiDict

from web import asking
from web.asking import Args
from winloss.errors import QueryError
from winloss.model import Filters
from winloss.quarter import Quarter
from winloss.services.themes.deals_asked import MANY, SAID, DealsAsked, parameters

PARAMETERS: tuple[str, ...] = (*MANY, "theme", SAID)


def deals_asked(args: Args) -> DealsAsked:
    """The deals that the address asks for; empty values, as forms send them, ask for nothing.

    Raises:
        QueryError: a quarter is not written as one, or what limits the words of a theme is no filter and value.
    """
    chosen: dict[str, Any] = {name: tuple(dict.fromkeys(filter(None, args.getlist(name)))) for name in MANY}
    chosen["quarter"] = tuple(dict.fromkeys(str(Quarter.parse(text)) for text in chosen["quarter"]))
    return DealsAsked(**chosen, theme=args.get("theme") or None, said=_said(args.getlist(SAID)))


def deals_url(asked: DealsAsked | None = None, *, offset: int = 0, **changes: Any) -> str:
    """The page that lists the deals behind a number; `changes` replace what is asked for."""
    pairs = parameters(replace(asked or DealsAsked(), **changes))
    told = urlencode([*pairs, *([("offset", str(offset))] if offset else [])])
    return f"{url_for('dealing.deals')}?{told}" if told else url_for("dealing.deals")


def _said(pairs: list[str]) -> Filters:
    """The scope of the words: filters as searches take them, each written `quarter:2026Q2`."""
    told: list[tuple[str, str]] = []
    for text in filter(None, pairs):
        name, colon, value = text.partition(":")
        if name not in asking.PARAMETERS.values() or name in ("facet", "theme") or not colon or not value:
            raise QueryError(f"not a filter and a value: {text!r}", hint="Write said=quarter:2026Q2.")
        told.append((name, value))
    return asking.filters_of(MultiDict(told))
