"""`winloss theme`: people rename, merge, split, pin and archive themes, move verbatims, and see what happened."""

from __future__ import annotations

from typing import Any

import click

from winloss.cli.shared import json_option, print_json, workbench
from winloss.services import doing
from winloss.services.presenting import plain
from winloss.services.research.coding import coder_name
from winloss.services.themes import curation

by_option = click.option("--by", envvar="WINLOSS_CODER", metavar="NAME", help="Who does it; also from WINLOSS_CODER.")


@click.group("theme")
def theme_command() -> None:
    """Decide about themes. What is decided holds over every analysis and can be taken back.

    \b
    Examples:
      winloss theme rename habcdefghijklmnop "Nobody can budget for year two" --by Dana
      winloss theme merge habcdefghijklmnop hponmlkjihgfedcba --by Dana
      winloss theme history habcdefghijklmnop
      winloss theme undo --by Dana
    """


@theme_command.command("rename")
@click.argument("theme_id", metavar="THEME")
@click.argument("title")
@by_option
@json_option
@click.pass_context
def rename_command(context: click.Context, theme_id: str, title: str, by: str | None, *, as_json: bool) -> None:
    """Give a theme a title of your own."""
    theme = curation.rename(workbench(context), theme_id, title, by=by)
    _answer(as_json, theme, f"{theme.id} is called “{theme.title}” now.")


@theme_command.command("merge")
@click.argument("theme_id", metavar="THEME")
@click.argument("into")
@by_option
@json_option
@click.pass_context
def merge_command(context: click.Context, theme_id: str, into: str, by: str | None, *, as_json: bool) -> None:
    """Have THEME go into the theme INTO."""
    theme = curation.merge(workbench(context), theme_id, into, by=by)
    _answer(as_json, theme, f"{theme_id} has gone into “{theme.title}”, which has {theme.size:,} verbatims now.")


@theme_command.command("split")
@click.argument("theme_id", metavar="THEME")
@click.argument("verbatim_ids", nargs=-1, required=True, metavar="VERBATIM...")
@click.option("--title", required=True, help="What the new theme is called.")
@by_option
@json_option
@click.pass_context
def split_command(
    context: click.Context, theme_id: str, verbatim_ids: tuple[str, ...], title: str, by: str | None, *, as_json: bool
) -> None:
    """Make a theme of its own of some verbatims; what comes later stays with the first."""
    theme = curation.split(workbench(context), theme_id, verbatim_ids, title, by=by)
    _answer(as_json, theme, f"“{theme.title}” ({theme.id}) has {theme.size:,} verbatims.")


@theme_command.command("move")
@click.argument("verbatim_ids", nargs=-1, required=True, metavar="VERBATIM...")
@click.option("--into", metavar="THEME", help="The theme they belong to; without it, to none.")
@by_option
@json_option
@click.pass_context
def move_command(
    context: click.Context, verbatim_ids: tuple[str, ...], into: str | None, by: str | None, *, as_json: bool
) -> None:
    """Move verbatims to another theme, or out of any."""
    moved = curation.move(workbench(context), verbatim_ids, into, by=by)
    _answer(as_json, {"moved": moved}, f"{moved:,} moved.")


@theme_command.command("pin")
@click.argument("theme_id", metavar="THEME")
@by_option
@json_option
@click.pass_context
def pin_command(context: click.Context, theme_id: str, by: str | None, *, as_json: bool) -> None:
    """Keep a theme, with the verbatims it has now, whatever later analyses find."""
    theme = curation.pin(workbench(context), theme_id, by=by)
    _answer(as_json, theme, f"“{theme.title}” stays, with {theme.size:,} verbatims.")


@theme_command.command("archive")
@click.argument("theme_id", metavar="THEME")
@by_option
@json_option
@click.pass_context
def archive_command(context: click.Context, theme_id: str, by: str | None, *, as_json: bool) -> None:
    """Set a theme aside: it keeps its verbatims, and lists show it last."""
    theme = curation.archive(workbench(context), theme_id, by=by)
    _answer(as_json, theme, f"“{theme.title}” is archived.")


@theme_command.command("undo")
@click.argument("decision_id", metavar="[DECISION]", required=False)
@by_option
@json_option
@click.pass_context
def undo_command(context: click.Context, decision_id: str | None, by: str | None, *, as_json: bool) -> None:
    """Take back one decision by its id (`history` shows it), or the last thing that you did."""
    bench = workbench(context)
    if decision_id:
        gone = curation.take_back(bench, decision_id, by=by)
        _answer(as_json, gone, f"Taken back: {gone.kind} of {gone.theme_id}.")
        return
    done = doing.undo(bench, by=coder_name(by))
    _answer(as_json, {"undone": done.what}, f"Taken back: {done.what}.")


@theme_command.command("history")
@click.argument("theme_id", metavar="[THEME]", required=False)
@json_option
@click.pass_context
def history_command(context: click.Context, theme_id: str | None, *, as_json: bool) -> None:
    """What happened to a theme, or to all: when, why, by whom; and the decisions that hold."""
    bench = workbench(context)
    if theme_id:
        bench.store.theme(theme_id)
    events = bench.store.theme_events(theme_id)
    held = curation.decisions_on(bench, theme_id) if theme_id else bench.store.theme_decisions()
    if as_json:
        print_json({"events": plain(events), "decisions": plain(held)})
        return
    for event in events:
        who = event.by or f"from {event.cause}"
        others = f" ({', '.join(event.others)})" if event.others else ""
        click.echo(
            f"{event.at[:10]}  {event.theme_id}  {click.style(event.what, bold=True)} {who}: {event.reason}{others}"
        )
    for item in held:
        click.echo(click.style(f"holds: {item.kind} of {item.theme_id} by {item.by} ({item.id})", dim=True))
    if not events:
        click.echo("Nothing has happened yet: `winloss analyse` finds themes.")


def _answer(as_json: bool, value: Any, words: str) -> None:  # noqa: FBT001
    if as_json:
        print_json(plain(value))
    else:
        click.echo(words)
