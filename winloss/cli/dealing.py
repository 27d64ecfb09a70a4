"""`winloss permissions`: which role approves, champions, blocks or has to be won over, as buyers tell it."""

from __future__ import annotations

import click

from winloss.cli.shared import filter_options, json_option, print_json, workbench
from winloss.model import Filters
from winloss.model.fields import fields_of
from winloss.services.search import searching
from winloss.services.telling import share_json
from winloss.services.themes import permissions


@click.command("permissions")
@filter_options()
@json_option
@click.pass_context
def permissions_command(context: click.Context, filters: Filters, *, as_json: bool) -> None:
    """Say what each role does in deals, as buyers tell it.

    Counts are people who say so, of all people heard. What only a title says ("Economic buyer") is told apart.

    \b
    Example:
      winloss permissions --segment federal --quarter 2026Q2
    """
    bench = workbench(context)
    searching.check_filters(bench, filters)
    found = permissions.parts(bench, filters)
    if as_json:
        print_json({"parts": [{**fields_of(part), "share": share_json(part.share)} for part in found]})
        return
    for part in found:
        role = bench.codebook.role_label(part.role) if part.role else "somebody without a seat"
        titled = f"  (+{part.by_title} inferred from the title only)" if part.by_title else ""
        click.echo(
            f"{part.share.count:>4} of {part.share.base:<5} {click.style(role, bold=True)}: {part.permission}{titled}"
        )
        for passage in permissions.passages_of(bench, part)[:1]:
            click.echo(click.style(f"              “{' '.join(passage.text.split())}”  {passage.id}", dim=True))
    if not found:
        click.echo("Nobody in this scope says what a role did in a deal.")
