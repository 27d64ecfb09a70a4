"""Who does what in the deal: each role with what buyers say it approves, champions, blocks, and their words."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from web import asking
from winloss.model import Facet, Permission, RolePart
from winloss.ports import Workbench
from winloss.services import browsing
from winloss.services.search import searching
from winloss.services.themes import permissions

NOBODY = "none"
"""Stands in an address for whoever acts without a seat in the buying group."""


def make_blueprint(bench: Workbench) -> Blueprint:
    """`/deal`."""
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

    return pages


def _by_role(parts: tuple[RolePart, ...]) -> list[tuple[str | None, dict[Permission, RolePart]]]:
    """A row for each role, those that most is told of first."""
    rows: dict[str | None, dict[Permission, RolePart]] = {}
    for part in parts:
        rows.setdefault(part.role, {})[part.permission] = part
    return sorted(rows.items(), key=lambda row: (row[0] is None, -sum(part.share.count for part in row[1].values())))


def _chosen(parts: tuple[RolePart, ...], who: str | None, does: str | None) -> RolePart | None:
    role = None if who == NOBODY else who
    return next((part for part in parts if part.role == role and part.permission == does), None)
