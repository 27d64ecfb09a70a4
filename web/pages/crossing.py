"""Who says what where: a facet by segment and role, the map of seats, and the proof gap."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from web import asking
from web.pages.scoping import facet_of, form_of, scope_of
from winloss.errors import QueryError
from winloss.model import MapCell, ProofGapRow
from winloss.ports import Workbench
from winloss.services import browsing
from winloss.services.themes import crossing, proofgap

TOLD = 2
"""How many themes a cell of the matrix tells; the rest are counted."""

FEW = 5
"""Fewest people of a cell for which a line over the quarters is drawn."""


def make_blueprint(bench: Workbench) -> Blueprint:
    """`/matrix`, `/map` and `/proof-gap`, and the verbatims behind its numbers."""
    pages = Blueprint("crossing", __name__)

    @pages.get("/matrix")
    def matrix() -> ResponseReturnValue:
        quarters = browsing.quarters(bench)
        facet = facet_of(request.args.get("facet"))
        filters = scope_of(bench)
        quarter = asking.quarter_of(request.args, default=quarters[-1] if quarters else None)
        found = crossing.matrix(bench, replace(filters, role=()), facet=facet, quarter=quarter)
        return render_template(
            "matrix.html",
            matrix=found,
            facet=facet,
            quarter=found.quarter,
            told=TOLD,
            few=FEW,
            **form_of(bench, filters, quarters),
        )

    @pages.get("/map")
    def seats() -> ResponseReturnValue:
        quarters = browsing.quarters(bench)
        filters = scope_of(bench)
        quarter = asking.quarter_of(request.args)
        cells = crossing.seats(bench, filters, quarter=quarter)
        return render_template(
            "map.html",
            groups=_groups(cells),
            modes=[mode for mode in crossing.MODES if any(cell.mode == mode for cell in cells)],
            quarter=quarter,
            **form_of(bench, filters, quarters),
        )

    @pages.get("/proof-gap")
    def gap() -> ResponseReturnValue:
        quarters = browsing.quarters(bench)
        filters = scope_of(bench, keep=("theme",))
        quarter = asking.quarter_of(request.args)
        return render_template(
            "proof_gap.html",
            gap=proofgap.proof_gap(bench, filters, quarter=quarter),
            by_role=_by_role,
            quarter=quarter,
            **form_of(bench, filters, quarters),
        )

    @pages.get("/proof-gap/said")
    def said() -> ResponseReturnValue:
        quarters = browsing.quarters(bench)
        filters = scope_of(bench)
        quarter = asking.quarter_of(request.args)
        asked = proofgap.Asked(
            role=request.args.get("of") or None,
            pain=request.args.get("pain") or None,
            proof=request.args.get("proof") or None,
            any_proof="proof" not in request.args,
            side=side_of_proof(request.args.get("side")),
        )
        return render_template(
            "proof_said.html",
            asked=asked,
            passages=proofgap.said(bench, filters, asked, quarter=quarter),
            quarter=quarter,
            **form_of(bench, filters, quarters),
        )

    return pages


def side_of_proof(asked: str | None) -> str:
    """Which number's verbatims are to be listed.

    Raises:
        QueryError: there is no such number.
    """
    if asked not in proofgap.SIDES:
        raise QueryError(f"no side {asked!r}", hint=f"Choose from {', '.join(proofgap.SIDES)}.")
    return asked


class _OfRole(NamedTuple):
    """The rows of one role; None: not known."""

    grouper: str | None
    list: list[ProofGapRow]


def _by_role(rows: Iterable[ProofGapRow]) -> list[_OfRole]:
    """The rows of the proof gap by role, the role that most people were heard of first."""
    groups: dict[str | None, list[ProofGapRow]] = {}
    for row in rows:
        groups.setdefault(row.role, []).append(row)
    return sorted(map(_OfRole, groups, groups.values()), key=lambda group: -group.list[0].people.base)


Seat = tuple[str, str | None]
"""A facet and a seat."""


def _groups(cells: tuple[MapCell, ...]) -> list[tuple[tuple[str | None, str | None], dict[Seat, MapCell]]]:
    """The cells by segment and role, in their order, each by facet and seat."""
    groups: dict[tuple[str | None, str | None], dict[Seat, MapCell]] = {}
    for cell in cells:
        groups.setdefault((cell.segment, cell.role), {})[cell.facet, cell.mode] = cell
    return list(groups.items())
