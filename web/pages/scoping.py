"""The scope that pages about themes share: what the address asks for, and what its form needs."""

from __future__ import annotations

from collections.abc import Sequence

from flask import request

from web import asking
from web.presenters import chosen_values
from winloss.errors import QueryError
from winloss.model import THEMED_FACETS, Facet, Filters
from winloss.ports import Workbench
from winloss.services.search import searching


def scope_of(bench: Workbench, *, keep: tuple[str, ...] = ()) -> Filters:
    """The filters of the address without quarter, facet and theme, or with those of them to keep.

    Raises:
        QueryError: a value is unknown.
    """
    left_out = tuple(name for name in ("quarter", "facet", "theme") if name not in keep)
    filters = asking.filters_of(request.args, without=left_out)
    searching.check_filters(bench, filters)
    return filters


def form_of(bench: Workbench, filters: Filters, quarters: Sequence[str]) -> dict[str, object]:
    """What the form of a scope needs, and the scope in the words of an address."""
    return {
        "filters": filters,
        "values": searching.filter_values(bench),
        "quarters": quarters,
        "address": asking.address_of(filters),
        "chosen": [pair for pair in chosen_values(filters) if pair[0] != "facet"],
        "facets": [facet.value for facet in THEMED_FACETS],
    }


def facet_of(asked: str | None) -> str:
    """The themed facet that is asked for, pains where none is.

    Raises:
        QueryError: there are no themes of it.
    """
    known = [facet.value for facet in THEMED_FACETS]
    if asked and asked not in known:
        raise QueryError(f"no themes of facet {asked!r}", hint=f"Choose from {', '.join(known)}.")
    return asked or Facet.PAIN.value
