"""`winloss permissions`, `deals`: who does what in deals, as buyers tell it; the deals themselves, as the CRM does."""

from __future__ import annotations

from typing import Any

import click

from winloss.cli.shared import filter_options, json_option, print_json, workbench
from winloss.errors import QueryError
from winloss.model import Filters
from winloss.model.fields import fields_of
from winloss.ports import Workbench
from winloss.quarter import Quarter
from winloss.services.search import searching
from winloss.services.telling import share_json
from winloss.services.themes import crm_deals, permissions
from winloss.services.themes.deals_asked import DealsAsked
from winloss.services.themes.deals_told import cause_label, deals_json

_WORDS_OF = ("quarter", "segment", "role", "source", "language")
"""What the words of a theme may be narrowed to on the command line."""


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


@click.command("deals")
@click.option("--quarter", multiple=True, metavar="QUARTER", help="Closed in this quarter, such as 2026Q2.")
@click.option("--segment", multiple=True, metavar="VALUE", help="Segment of the account.")
@click.option("--outcome", multiple=True, metavar="VALUE", help="won, lost_to_competitor, no_decision and so on.")
@click.option("--cause", multiple=True, metavar="VALUE", help="What the CRM names; or placed, unplaced, unstated.")
@click.option("--competitor", multiple=True, metavar="VALUE", help="The competitor as the CRM writes it.")
@click.option("--account", multiple=True, metavar="VALUE", help="An account's name.")
@click.option("--reason", multiple=True, metavar="TEXT", help="The CRM's reason to the letter.")
@click.option("--deal", multiple=True, metavar="ID", help="The CRM's id.")
@click.option("--file", multiple=True, metavar="PATH", help="The file that tells of it, as files are listed.")
@click.option("--theme", metavar="ID", help="Only deals whose buyers tell this theme.")
@click.option("--said", multiple=True, metavar="FILTER=VALUE", help="With --theme: whose words, such as role=ciso.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@click.option("--offset", type=click.IntRange(0, 1_000_000), default=0, show_default=True)
@json_option
@click.pass_context
def deals_command(
    context: click.Context, /, said: tuple[str, ...], limit: int, offset: int, *, as_json: bool, **asked: Any
) -> None:
    """List the deals that the CRM gives, with its reason in its own words and what was heard of each.

    What a CRM states is no buyer's word, and counts as evidence nowhere.

    \b
    Examples:
      winloss deals --quarter 2026Q2 --cause price
      winloss deals --theme habcdefghijklmnop --cause placed --json
    """
    bench = workbench(context)
    quarters = tuple(str(Quarter.parse(text)) for text in asked.pop("quarter"))
    wish = DealsAsked(**asked, quarter=quarters, said=_words_of(said))
    searching.check_filters(bench, wish.said)
    page = crm_deals.deals(bench, wish)
    if as_json:
        print_json(deals_json(page, bench.codebook, offset=offset, limit=limit))
        return
    for deal in page.deals[offset : offset + limit]:
        _print_deal(bench, deal)
    click.echo(f"{len(page.deals):,} of {page.total:,} deals that the CRM gives.")
    told = [f"{cause_label(bench.codebook, name).lower()} {count}" for name, count in page.causes]
    if told:
        click.echo(f"The CRM on {page.lost:,} lost ones: {'; '.join(told)}. It is no buyer's word.")


def _words_of(pairs: tuple[str, ...]) -> Filters:
    """The scope of a theme's words."""
    chosen: dict[str, Any] = {}
    for text in pairs:
        name, equals, value = text.partition("=")
        if name not in _WORDS_OF or not equals or not value:
            raise QueryError(f"not a filter and a value: {text!r}", hint=f"Known: {', '.join(_WORDS_OF)}.")
        chosen[name] = (*chosen.get(name, ()), str(Quarter.parse(value)) if name == "quarter" else value)
    return Filters(**chosen)


def _print_deal(bench: Workbench, deal: crm_deals.CrmDeal) -> None:
    causes = ", ".join(cause_label(bench.codebook, name).lower() for name in deal.causes)
    reason = f"{deal.reason}{f' ({causes})' if causes else ''}" if deal.reason else ""
    ended = f"{deal.outcome or deal.stage or 'not told'}{f' against {deal.competitor}' if deal.competitor else ''}"
    day = deal.closed_on.isoformat() if deal.closed_on else "no date"
    click.echo(f"{day:<10}  {click.style(deal.account or deal.name or deal.id, bold=True)}: {ended}")
    if reason:
        click.echo(f"            the CRM says: {reason}")
    places = "; ".join(f"{path}, {where}" if where else path for path, where in deal.told_in)
    heard = f"{deal.verbatims:,} verbatims from {deal.people:,} people" if deal.verbatims else "nobody of it was heard"
    click.echo(click.style(f"            {heard} · {deal.id} · {places}", dim=True))
