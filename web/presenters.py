"""Between URLs and services, and between answers and templates: filters from a query string, marks around words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any
from urllib.parse import urlencode

from flask import Request
from markupsafe import Markup, escape
from werkzeug.datastructures import MultiDict

from winloss.errors import QueryError
from winloss.model import Filters, Share
from winloss.quarter import Quarter

PER_PAGE = 20


def filters_of(request: Request) -> Filters:
    """The filters in the query string, under the same names as everywhere (the buyer's mode is `mode_of_buyer`)."""
    values: dict[str, Any] = {}
    for item in fields(Filters):
        name = "mode_of_buyer" if item.name == "mode" else item.name
        given = [value for value in request.args.getlist(name) if value]
        if item.name in ("since", "until"):
            values[item.name] = given[0] if given else None
        elif item.name == "quarter":
            values[item.name] = tuple(str(Quarter.parse(value)) for value in given)
        else:
            values[item.name] = tuple(given)
    return Filters(**values)


def whole_number(request: Request, name: str, default: int, *, most: int) -> int:
    """A whole number of the query string between 0 and `most`.

    Raises:
        QueryError: it is none, or out of range.
    """
    text = request.args.get(name, str(default))
    if not text.isdigit() or int(text) > most:
        raise QueryError(f"{name} is {text!r}", hint=f"Give a whole number from 0 to {most}.")
    return int(text)


def marked(text: str, spans: Sequence[Sequence[int]]) -> Markup:
    """The text, escaped, with the spans in <mark>."""
    pieces, place = [], 0
    for start, end in sorted(map(tuple, spans)):
        if start >= place:
            pieces += [escape(text[place:start]), Markup("<mark>"), escape(text[start:end]), Markup("</mark>")]
            place = end
    return Markup("").join([*pieces, escape(text[place:])])


def of(share: Share) -> str:
    """A share in words, with its denominator."""
    return f"{share.count} of {share.base}" if share.base else "nobody heard"


def percent(share: Share) -> str:
    """A share as a percentage, empty where nobody was heard."""
    return f"{100 * share.value:.0f} %" if share.value is not None else ""


def clock(milliseconds: int | None) -> str:
    """A place in a recording as H:MM:SS."""
    if milliseconds is None:
        return ""
    seconds = milliseconds // 1000
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def with_value(arguments: MultiDict[str, str], name: str, value: str, *, drop: bool = False) -> str:
    """The query string with a value of a filter added, or taken away; paging starts again."""
    pairs = [(key, item) for key, item in arguments.items(multi=True) if item and key != "offset"]
    pairs = [pair for pair in pairs if pair != (name, value)]
    return urlencode(pairs if drop else [*pairs, (name, value)])


def with_offset(arguments: MultiDict[str, str], offset: int) -> str:
    """The same query string at another page."""
    pairs = [(key, item) for key, item in arguments.items(multi=True) if item and key != "offset"]
    return urlencode([*pairs, ("offset", str(offset))])
