"""`winloss unread`, `coverage`: what nobody has read yet, and of whom too few were heard."""

from __future__ import annotations

import click

from winloss.cli.shared import json_option, print_json, print_passage, workbench
from winloss.cli.tracking import one_quarter
from winloss.services import browsing
from winloss.services.drift import hearing
from winloss.services.plain_words import amount
from winloss.services.search import unread

KINDS = {unread.NEW: "makes something new", unread.AGAINST: "against a theme", unread.ALONE: "fits no theme"}
EVERYBODY = "all"


@click.command("unread")
@click.option("--limit", type=click.IntRange(1, 1000), default=unread.SHOWN, show_default=True, help="How many people.")
@click.option("--after", type=click.IntRange(0, 1_000_000), default=0, show_default=True, help="People to pass over.")
@json_option
@click.pass_context
def unread_command(context: click.Context, limit: int, after: int, *, as_json: bool) -> None:
    """Show verbatims that nobody has opened, coded, labelled or pinned, the most telling first, one a person.

    Listing them does not count as reading them.

    \b
    Examples:
      winloss unread
      winloss unread --after 5 --json
    """
    bench = workbench(context)
    found = unread.unread(bench, limit=limit, after=after)
    if as_json:
        print_json(unread.unread_json(found))
        return
    for number, (kind, passage) in enumerate(found.shown, start=after + 1):
        print_passage(bench, passage, number=number)
        if kind in KINDS:
            click.echo(click.style(f"    {KINDS[kind]}", dim=True))
    more = f" Next: --after {found.after}" if found.after else ""
    click.echo(
        f"{found.verbatims:,} verbatims from {amount(found.people, 'person', 'people')} were read by nobody.{more}"
    )


@click.command("coverage")
@click.option("--quarter", metavar="QUARTER", help="Such as 2026Q2; else the newest.")
@json_option
@click.pass_context
def coverage_command(context: click.Context, quarter: str | None, *, as_json: bool) -> None:
    """Show how many people were heard in a quarter, by segment and source, of how many it takes to trust silence.

    \b
    Example:
      winloss coverage --quarter 2026Q2
    """
    bench = workbench(context)
    found = hearing.hearing(bench, one_quarter(quarter) or browsing.latest_quarter(bench))
    if as_json:
        print_json(hearing.hearing_json(found))
    else:
        _print_hearing(found)


def _print_hearing(found: hearing.Hearing) -> None:
    names, sources = (None, *found.segments), (None, *found.sources)
    width = max(len(name or EVERYBODY) for name in names) + 2
    columns = [max(len(source or EVERYBODY), 6) + 2 for source in sources]
    heads = "".join(f"{source or EVERYBODY:>{wide}}" for source, wide in zip(sources, columns, strict=True))
    click.echo(click.style(f"{found.quarter:<{width}}{heads}", bold=True))
    for name in names:
        shares = [found.cells[name, source] for source in sources]
        cells = [
            click.style(f"{share.count or '-':>{wide}}", fg=None if share.count >= found.needed else "yellow")
            for share, wide in zip(shares, columns, strict=True)
        ]
        click.echo(f"{name or EVERYBODY:<{width}}{''.join(cells)}")
    rarest = 3 / found.needed
    click.echo(
        f"People, of the {found.needed} who must be heard before their silence on something means that fewer than "
        f"{rarest:.0%} hold it."
    )
    thin = [f"{segment}, {source} ({count or 'nobody'})" for segment, source, count in found.thinnest]
    if thin:
        click.echo(f"Thinnest: {'; '.join(thin)}. `winloss drift` says whom to ask next.")
