"""`winloss matrix`, `map`, `proof-gap`: who says what where, and the proof that is asked for against the proof had."""

from __future__ import annotations

from collections.abc import Callable

import click

from winloss.cli.shared import filter_options, json_option, print_json, workbench
from winloss.cli.tracking import one_quarter
from winloss.model import THEMED_FACETS, Filters, MapCell, Matrix, ProofGap, ProofGapRow, Share
from winloss.services import telling
from winloss.services.search import searching
from winloss.services.themes import crossing, proofgap

TOLD = 3
facet_option = click.option(
    "--facet", type=click.Choice([facet.value for facet in THEMED_FACETS]), default="pain", show_default=True
)
quarter_option = click.option("--quarter", metavar="QUARTER", help="Such as 2026Q2.")


@click.command("matrix")
@facet_option
@quarter_option
@filter_options(without=("quarter", "facet"))
@json_option
@click.pass_context
def matrix_command(context: click.Context, facet: str, quarter: str | None, filters: Filters, *, as_json: bool) -> None:
    """Show pains (or another facet) by segment and role: the last quarter, or another one, and the eight before it.

    \b
    Examples:
      winloss matrix --quarter 2026Q2
      winloss matrix --facet proof --segment federal --json
    """
    bench = workbench(context)
    searching.check_filters(bench, filters)
    found = crossing.matrix(bench, filters, facet=facet, quarter=one_quarter(quarter))
    if as_json:
        print_json(telling.matrix_json(found))
    else:
        _print_matrix(found, bench.codebook.role_label)


@click.command("map")
@quarter_option
@filter_options(without=("quarter", "facet", "theme"))
@json_option
@click.pass_context
def map_command(context: click.Context, quarter: str | None, filters: Filters, *, as_json: bool) -> None:
    """Show engagements, pains and proof by segment and seat: what practitioners and what executives tell.

    \b
    Example:
      winloss map --segment federal --role ciso
    """
    bench = workbench(context)
    searching.check_filters(bench, filters)
    cells = crossing.seats(bench, filters, quarter=one_quarter(quarter))
    if as_json:
        print_json(telling.map_json(cells, one_quarter(quarter)))
        return
    before = None
    for cell in cells:
        before = _print_seat(cell, before, bench.codebook.role_label(cell.role) if cell.role else "all roles")


@click.command("proof-gap")
@quarter_option
@filter_options(without=("quarter", "facet"))
@json_option
@click.pass_context
def proof_gap_command(context: click.Context, quarter: str | None, filters: Filters, *, as_json: bool) -> None:
    """Show the proof that each role asks for against the proof that it says it got, also by the pains it tells.

    \b
    Example:
      winloss proof-gap --segment federal
    """
    bench = workbench(context)
    searching.check_filters(bench, filters)
    gap = proofgap.proof_gap(bench, filters, quarter=one_quarter(quarter))
    if as_json:
        print_json(telling.gap_json(gap))
    else:
        _print_gap(gap, bench.codebook.role_label)


def _of(share: Share) -> str:
    return f"{share.count} of {share.base}" if share.base else "nobody heard"


def _print_matrix(matrix: Matrix, role_label: Callable[[str | None], str]) -> None:
    click.echo(f"{matrix.facet}, {matrix.quarter}; trends over {', '.join(matrix.quarters)}")
    for cell in matrix.cells:
        if not cell.share.base:
            continue
        role = role_label(cell.role) if cell.role else "all roles"
        click.echo(f"{click.style(f'{cell.segment} · {role}', bold=True)}  {_of(cell.share)}")
        for told in cell.themes[:TOLD]:
            trend = " ".join(str(share.count) if share.base else "-" for _, share in told.trend)
            click.echo(f"  {_of(told.share):>10}  {told.theme.title}  {click.style(f'[{trend}]', dim=True)}")
    if matrix.outside:
        click.echo(f"Of {matrix.outside} more people the segment or the role is not known.")


def _print_seat(cell: MapCell, before: object, role: str) -> object:
    place = (cell.segment, cell.role, cell.mode)
    if place != before:
        seat = cell.mode or "seat not known"
        click.echo(click.style(f"{cell.segment or 'everyone'} · {role} · {seat}", bold=True))
    click.echo(f"  {cell.facet:<10} {_of(cell.share)}")
    for told in cell.themes:
        click.echo(f"    {_of(told.share):>10}  {told.theme.title}")
    return place


def _print_gap(gap: ProofGap, role_label: Callable[[str | None], str]) -> None:
    asked = [row for row in gap.rows if row.demanded.count]
    for row in asked:
        _print_gap_row(row, role_label(row.role))
    sides = gap.sides
    click.echo(
        f"{sides['demanded']} verbatims about proof ask for it, {sides['received']} tell of proof that was had, "
        f"{sides['unclear']} do neither plainly."
    )


def _print_gap_row(row: ProofGapRow, role: str) -> None:
    what = f"{role} · “{row.pain.title}”" if row.pain else role
    click.echo(click.style(what, bold=not row.pain))
    click.echo(f"  ask {_of(row.demanded)}; got {_of(row.received)}; asked, not got {_of(row.unmet)}")
    for kind in row.kinds[:TOLD]:
        title = kind.theme.title if kind.theme else "in no theme"
        counts = f"{kind.demanded.count} ask, {kind.received.count} got, {kind.unmet.count} asked, not got"
        click.echo(f"    {title}: {counts}")
        for passage in kind.asked[:1]:
            click.echo(click.style(f"      asks “{' '.join(passage.text.split())}”", dim=True))
        for passage in kind.got[:1]:
            click.echo(click.style(f"      got  “{' '.join(passage.text.split())}”", dim=True))
