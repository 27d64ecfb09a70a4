"""Who does what in deals, in buyers' words; and the deals themselves, as the CRM gives them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from web import asking
from web.asking_deals import deals_asked, deals_url
from web.presenters import chosen_values
from winloss.model import Facet, Permission, RolePart
from winloss.ports import Workbench
from winloss.services import browsing
from winloss.services.search import searching
from winloss.services.themes import crm_deals, permissions
from winloss.services.themes.deals_asked import MANY, DealsAsked, parameters

PAGE = 50
NOBODY = "none"
"""Stands in an address for whoever acts without a seat in the buying group."""


def make_blueprint(bench: Workbench) -> Blueprint:
    """`/deal` and `/deals`."""
    pages = Blueprint("dealing", __name__)

    @pages.get("/deal")
    def deal() -> ResponseReturnValue:
        filters = asking.filters_of(request.args, without=("role",))
        searching.check_filters(bench, filters)
        found = permissions.parts(bench, filters)
        chosen = _chosen(found, request.args.get("who"), request.args.get("does"))
        return render_template(
            "deal.html",
            rows=_by_role(found),
            permissions=list(Permission),
            chosen=chosen,
            passages=permissions.passages_of(bench, chosen) if chosen else (),
            filters=filters,
            facet=Facet.PAIN.value,
            quarter=next(iter(filters.quarter), None),
            address=asking.address_of(filters),
            quarters=browsing.quarters(bench),
            segments=browsing.segments(bench),
            nobody=NOBODY,
        )

    @pages.get("/deals")
    def deals() -> ResponseReturnValue:
        asked = deals_asked(request.args)
        searching.check_filters(bench, asked.said)
        offset = asking.number_of(request.args, "offset", default=0, low=0, high=1_000_000)
        page = crm_deals.deals(bench, asked)
        return render_template(
            "deals.html",
            page=page,
            shown=page.deals[offset : offset + PAGE],
            asked=asked,
            theme=bench.store.theme(asked.theme) if asked.theme else None,
            said=chosen_values(asked.said),
            told=parameters(asked),
            chips=_chips(asked),
            values=crm_deals.values(bench),
            offset=offset,
            size=PAGE,
            facet=Facet.PAIN.value,
            quarter=next(iter(asked.quarter), None),
            address={"segment": list(asked.segment)} if asked.segment else {},
        )

    return pages


def _chips(asked: DealsAsked) -> list[tuple[str, str, str]]:
    """Each thing that is asked for, and the address that asks for all but it."""
    chips = [
        (name, value, deals_url(_changed(asked, name, tuple(it for it in getattr(asked, name) if it != value))))
        for name in MANY
        for value in getattr(asked, name)
    ]
    return [*chips, *([("theme", asked.theme, deals_url(asked, theme=None))] if asked.theme else [])]


def _changed(asked: DealsAsked, field: str, values: tuple[str, ...]) -> DealsAsked:
    changes: dict[str, Any] = {field: values}
    return replace(asked, **changes)


def _by_role(parts: tuple[RolePart, ...]) -> list[tuple[str | None, dict[Permission, RolePart]]]:
    """A row for each role, those that most is told of first."""
    rows: dict[str | None, dict[Permission, RolePart]] = {}
    for part in parts:
        rows.setdefault(part.role, {})[part.permission] = part
    return sorted(rows.items(), key=lambda row: (row[0] is None, -sum(part.share.count for part in row[1].values())))


def _chosen(parts: tuple[RolePart, ...], who: str | None, does: str | None) -> RolePart | None:
    role = None if who == NOBODY else who
    return next((part for part in parts if part.role == role and part.permission == does), None)
