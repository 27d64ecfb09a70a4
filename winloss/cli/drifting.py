"""`winloss drift`: is new signal still arriving, what is it, and what did people decide about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from winloss.cli.curating import by_option
from winloss.cli.shared import filter_options, json_option, print_json, print_passage, workbench
from winloss.cli.tracking import one_quarter
from winloss.model import DriftExplanation, DriftVerdict, Filters, NodeDecision, Scope, Signal
from winloss.ports import Workbench
from winloss.quarter import Quarter
from winloss.services.drift import deciding, explaining, verdicts
from winloss.services.presenting import plain
from winloss.services.search import searching

QUOTES = 3
title_option = click.option("--title", default="", help="What to call it; else the buyers' words do.")


@click.group("drift", invoke_without_command=True)
@click.option("--quarter", metavar="QUARTER", help="Only this quarter; default: every quarter.")
@filter_options(without=("quarter",))
@json_option
@click.pass_context
def drift_command(context: click.Context, quarter: str | None, filters: Filters, *, as_json: bool) -> None:
    """Say whether new signal is still arriving, per facet, segment and role.

    One quarter is explained: what is new and who says it first, what could not have been seen, why nothing new came
    when nothing did, and whom to ask next.

    \b
    Examples:
      winloss drift
      winloss drift --quarter 2026Q2 --facet pain --segment federal
      winloss drift dismiss nabcdefghijklmnop --reason "a vendor's campaign" --by Dana
      winloss drift watch nabcdefghijklmnop --by Dana
    """
    if context.invoked_subcommand is not None:
        return
    bench = workbench(context)
    searching.check_filters(bench, filters)
    found = verdicts.verdicts(bench, quarter=one_quarter(quarter), filters=filters)
    if as_json:
        print_json({"verdicts": plain(found)})
        return
    _print_verdicts(bench, found)
    scope = _scope(filters)
    if quarter and any(item.scope == scope for item in found):
        _print_explanation(bench, explaining.explain(bench, quarter, scope))


@drift_command.command("explain")
@click.option("--quarter", required=True, metavar="QUARTER", help="The quarter, such as 2026Q2.")
@filter_options(without=("quarter",))
@json_option
@click.pass_context
def explain_command(context: click.Context, quarter: str, filters: Filters, *, as_json: bool) -> None:
    """Explain one verdict: of a quarter, and of one facet, segment and role, or of all."""
    bench = workbench(context)
    searching.check_filters(bench, filters)
    explained = explaining.explain(bench, str(Quarter.parse(quarter)), _scope(filters))
    if as_json:
        print_json(plain(explained))
        return
    _print_verdicts(bench, [explained.verdict])
    _print_explanation(bench, explained)


@drift_command.command("confirm")
@click.argument("node", metavar="NODE")
@title_option
@by_option
@json_option
@click.pass_context
def confirm_command(context: click.Context, node: str, title: str, by: str | None, *, as_json: bool) -> None:
    """Make NODE a theme, or let it join the theme that it is for the most part."""
    bench = workbench(context)
    made = deciding.confirm(bench, node, by=by, title=title)
    theme = bench.store.theme(str(made.theme_id))
    _answer(as_json, made, f"It is in the theme “{theme.title}” ({theme.id}), {theme.size:,} verbatims.")


@drift_command.command("dismiss")
@click.argument("node", metavar="NODE")
@click.option("--reason", required=True, help="Why it is nothing.")
@by_option
@json_option
@click.pass_context
def dismiss_command(context: click.Context, node: str, reason: str, by: str | None, *, as_json: bool) -> None:
    """Say that NODE is nothing: it stays listed and heads no verdict."""
    made = deciding.dismiss(workbench(context), node, by=by, reason=reason)
    _answer(as_json, made, f"Dismissed ({made.id}): {made.reason}")


@drift_command.command("watch")
@click.argument("node", metavar="NODE")
@title_option
@by_option
@json_option
@click.pass_context
def watch_command(context: click.Context, node: str, title: str, by: str | None, *, as_json: bool) -> None:
    """Follow NODE: every quarter tells how many people say it."""
    made = deciding.watch(workbench(context), node, by=by, title=title)
    _answer(as_json, made, f"Watched from now on ({made.id}); `winloss drift watched` reports.")


@drift_command.command("undo")
@click.argument("node", metavar="NODE")
@by_option
@json_option
@click.pass_context
def undo_command(context: click.Context, node: str, by: str | None, *, as_json: bool) -> None:
    """Take back what was decided about NODE (its id, or the decision's)."""
    gone = deciding.take_back(workbench(context), node, by=by)
    _answer(as_json, gone, f"Taken back: {gone.kind} ({gone.id}).")


@drift_command.command("watched")
@click.option("--all", "everything", is_flag=True, help="Dismissed ones too.")
@json_option
@click.pass_context
def watched_command(context: click.Context, *, everything: bool, as_json: bool) -> None:
    """Report on what is watched or confirmed: who said it in each quarter since."""
    bench = workbench(context)
    found = deciding.watched(bench, everything=everything)
    if as_json:
        print_json({"watched": plain(found)})
        return
    for item in found:
        made = item.decision
        click.echo(f"{click.style(item.title, bold=True)}  {click.style(made.id, dim=True)}")
        click.echo(f"    {made.kind} by {made.by}, {made.made_at[:10]}{f': {made.reason}' if made.reason else ''}")
        click.echo("    " + "  ".join(f"{name} {share.count}/{share.base}" for name, share in item.trend))
        click.echo(f"    {item.words}")
    if not found:
        click.echo("Nothing is watched: `winloss drift watch NODE` starts that.")


# --- printing --------------------------------------------------------------------------------------------------------


def _scope(filters: Filters) -> Scope:
    return Scope(**{name: next(iter(getattr(filters, name)), None) for name in ("facet", "segment", "role")})


def _print_verdicts(bench: Workbench, found: Sequence[DriftVerdict]) -> None:
    for verdict in found:
        scope = explaining.scope_words(bench, verdict.scope)
        click.echo(f"{verdict.quarter}  {click.style(verdict.state.value, bold=True):<24} {scope}")
        click.echo(f"        {verdict.sentence}")
        if verdict.flags:
            click.echo(click.style(f"        flags: {', '.join(verdict.flags)}", dim=True))
        for node in verdict.nodes:
            click.echo(click.style(f"        {node.kind}: “{node.title}” ({node.id})", dim=True))
    if not found:
        click.echo("No verdicts yet: run `winloss analyse`.")


def _print_explanation(bench: Workbench, explained: DriftExplanation) -> None:
    for signal in explained.signals:
        _print_signal(bench, signal)
    _heading("What could not have been seen")
    click.echo(f"  {explained.unseen}")
    if explained.streak:
        click.echo(f"  {explained.streak}")
    _heading("What may explain silence")
    for reason in explained.reasons:
        click.echo(f"  {'!' if reason.applies else ' '} {reason.kind}: {reason.words}")
    _heading("Whom to ask next")
    for number, kind in enumerate(explained.next_interviews, start=1):
        click.echo(f"  {number}. {kind.words}")
    if not explained.next_interviews:
        click.echo("  Nothing is known of deals or accounts: ingest a CRM export.")


def _print_signal(bench: Workbench, signal: Signal) -> None:
    kinds = {"emerging": "New", "growing": "Heard more", "fading": "Heard less"}
    _heading(f"{kinds[signal.node.kind]}: “{signal.title}”  {signal.id}")
    click.echo(f"  {signal.rests_on}.")
    if signal.spread_words:
        click.echo(f"  {signal.spread_words}")
    if signal.decision:
        click.echo(f"  {_decided(signal.decision)}")
    for number, passage in enumerate(bench.store.passages(signal.node.verbatims[:QUOTES]), start=1):
        print_passage(bench, passage, number=number)


def _decided(made: NodeDecision) -> str:
    words = {"confirm": "Confirmed", "dismiss": "Dismissed", "watch": "Watched"}[made.kind.value]
    return f"{words} by {made.by} on {made.made_at[:10]}{f': {made.reason}' if made.reason else ''}."


def _heading(text: str) -> None:
    click.echo()
    click.echo(click.style(text, bold=True))


def _answer(as_json: bool, value: Any, words: str) -> None:  # noqa: FBT001
    if as_json:
        print_json(plain(value))
    else:
        click.echo(words)
