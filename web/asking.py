"""What an address asks for: filters, quarters, numbers; and the way back, from filters to an address.

The names are those of the command line: `mode` is how to search, `mode-of-buyer` the seat a buyer speaks from.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from winloss.errors import QueryError
from winloss.model import Filters, Side
from winloss.quarter import Quarter

Args = MultiDict[str, str]
Address = dict[str, Any]

NOT = "not"
PARAMETERS: Mapping[str, str] = {
    item.name: {"mode": "mode-of-buyer", "without": NOT}.get(item.name, item.name) for item in fields(Filters)
}
"""Field of `Filters` -> its name in addresses; what is left out is written `not=segment:federal`."""

SINGLE = ("since", "until")
ALL = "all"


def filters_of(args: Args, *, without: tuple[str, ...] = ()) -> Filters:
    """The filters that the address names; empty values, as forms send them, are none.

    Raises:
        QueryError: a quarter or a day is not written as one, or what to leave out is not a field and a value.
    """
    chosen: dict[str, Any] = {
        field: tuple(dict.fromkeys(value for value in args.getlist(name) if value))
        for field, name in PARAMETERS.items()
        if field not in (*SINGLE, *without)
    }
    if quarters := chosen.get("quarter"):
        chosen["quarter"] = tuple(dict.fromkeys(str(Quarter.parse(text)) for text in quarters))
    if left_out := chosen.get("without"):
        pairs = dict.fromkeys(map(_left_out, left_out))
        chosen["without"] = tuple(pair for pair in pairs if pair[0] not in without)
    return Filters(**chosen, since=_day(args.get("since")), until=_day(args.get("until")))


def address_of(filters: Filters) -> Address:
    """The filters as parameters of an address."""
    address: Address = {}
    for field, name in PARAMETERS.items():
        if value := getattr(filters, field):
            address[name] = value if isinstance(value, str) else list(value)
    if filters.without:
        address[NOT] = [f"{PARAMETERS[field]}:{value}" for field, value in filters.without]
    return address


def search_of(args: Args) -> Address:
    """The parameters of a search as they are in the address, and no others."""
    known = ("q", "mode", "sort", *PARAMETERS.values())
    return {name: values for name in known if (values := [value for value in args.getlist(name) if value])}


def toggled(filters: Filters, field: str, value: str) -> Filters:
    """The filters with one value taken out where it is in, put in where it is not."""
    present = getattr(filters, field)
    changed: Any
    if field in SINGLE:
        changed = None if present else value
    else:
        changed = tuple(item for item in present if item != value) if value in present else (*present, value)
    return replace(filters, **{field: changed})


def without(filters: Filters, field: str, value: str) -> Filters:
    """The filters with one value left out, or no longer left out where it was."""
    pair = (field, value)
    if pair in filters.without:
        return replace(filters, without=tuple(item for item in filters.without if item != pair))
    chosen: Any = tuple(item for item in getattr(filters, field) if item != value)
    return replace(filters, **{field: chosen}, without=(*filters.without, pair))


def quarter_of(args: Args, *, name: str = "quarter", default: str | None = None) -> str | None:
    """The one quarter asked for; `all` is None, nothing is the default.

    Raises:
        QueryError: it is not written as a quarter.
    """
    text = args.get(name)
    if text == ALL:
        return None
    return str(Quarter.parse(text)) if text else default


def number_of(args: Args, name: str, *, default: int, low: int, high: int) -> int:
    """A whole number between `low` and `high`, both included.

    Raises:
        QueryError: it is not.
    """
    text = args.get(name)
    if not text:
        return default
    try:
        number = int(text)
    except ValueError:
        number = low - 1
    if not low <= number <= high:
        raise QueryError(f"{name} is not a number from {low} to {high}: {text!r}", hint=f"Leave it out for {default}.")
    return number


def yes_of(args: Args, name: str) -> bool:
    """Whether something is asked for by `true`; `false` and nothing are no.

    Raises:
        QueryError: it is neither.
    """
    text = args.get(name) or "false"
    if text not in ("true", "false"):
        raise QueryError(f"{name} is neither true nor false: {text!r}", hint="Leave it out for false.")
    return text == "true"


def side_of(args: Args) -> Side | None:
    """The side that is named, or None where none is.

    Raises:
        QueryError: there is no such side.
    """
    text = args.get("side")
    if not text:
        return None
    if text not in set(Side):
        raise QueryError(f"no side {text!r}", hint=f"Known: {', '.join(Side)}.")
    return Side(text)


def turns_of(args: Args) -> tuple[int, int] | None:
    """First and last of the turns that are named, as `3-17` or `3`; None where none are.

    Raises:
        QueryError: it is not written so.
    """
    text = (args.get("turns") or "").strip()
    if not text:
        return None
    match = re.fullmatch(r"(\d{1,9})(?:\s*[-–]\s*(\d{1,9}))?", text)
    if match is None:
        raise QueryError(f"not turns: {text!r}", hint="Write 3-17, or 3 for one turn.")
    return int(match[1]), int(match[2] or match[1])


def _left_out(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    field = next((field for field, written in PARAMETERS.items() if written == name), None)
    if field in (None, "without", *SINGLE) or not colon or not value:
        raise QueryError(f"not a filter and a value: {text!r}", hint="Write not=segment:federal.")
    return str(field), str(Quarter.parse(value)) if field == "quarter" else value


def _day(text: str | None) -> str | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise QueryError(f"not a day: {text!r}", hint="Write days as 2026-04-30.") from error
