"""`winloss collections` and `winloss saved`: pinned verbatims, and searches to come back to."""

from __future__ import annotations

from typing import Any

import click

from winloss.cli.shared import filter_options, json_option, print_json, print_passage, workbench
from winloss.model import Filters
from winloss.services import doing
from winloss.services.presenting import passage_json, plain
from winloss.services.research import coding, collecting
from winloss.services.research.coding import coder_name
from winloss.services.search import saving
from winloss.services.search.searching import MODES

SHOWN = 20

by_option = click.option("--by", envvar="WINLOSS_CODER", metavar="NAME", help="Who does it; also from WINLOSS_CODER.")


@click.group("collections")
def collections_command() -> None:
    """Named lists of verbatims, with notes and in your order.

    Everything here can be taken back with `winloss collections undo`. `winloss export --collection NAME --out x.docx`
    writes one as Word, Markdown, CSV or JSON lines.

    \b
    Examples:
      winloss collections pin "Board deck" vabcdefghijklmnop --note "opens the pricing slide" --new
      winloss collections show "Board deck"
    """


@collections_command.command("list")
@json_option
@click.pass_context
def list_command(context: click.Context, *, as_json: bool) -> None:
    """Show every collection and how many verbatims it holds."""
    shelves = collecting.shelves(workbench(context))
    if as_json:
        print_json(plain(shelves))
        return
    for shelf in shelves:
        told = f"  {shelf.collection.description}" if shelf.collection.description else ""
        click.echo(f"{shelf.collection.name}  {_verbatims(shelf.pins)}{click.style(told, dim=True)}")
    if not shelves:
        click.echo('No collections yet. Make one: winloss collections pin "Board deck" VERBATIM --new')


@collections_command.command("show")
@click.argument("name")
@json_option
@click.pass_context
def show_command(context: click.Context, name: str, *, as_json: bool) -> None:
    """Show what is pinned to a collection, with its notes."""
    bench = workbench(context)
    pinned = collecting.contents(bench, name)
    if as_json:
        print_json([{**passage_json(it.passage), "note": it.pin.note, "retired": it.retired} for it in pinned])
        return
    for number, item in enumerate(pinned, start=1):
        print_passage(bench, item.passage, number=number)
        if item.retired:
            click.echo("    A newer version of the document no longer has these words.")
        if item.pin.note:
            click.echo(f"    Note: {item.pin.note}")
    click.echo(click.style(_verbatims(len(pinned)), dim=True))


@collections_command.command("add")
@click.argument("name")
@click.option("--description", default="", metavar="TEXT", help="What it is for.")
@by_option
@json_option
@click.pass_context
def add_command(context: click.Context, name: str, description: str, by: str | None, *, as_json: bool) -> None:
    """Make an empty collection."""
    made = collecting.create(workbench(context), name, by=_who(by), description=description)
    _answer(as_json, made, f"The collection {made.name} is there now.")


@collections_command.command("pin")
@click.argument("name")
@click.argument("verbatim_ids", nargs=-1, required=True, metavar="VERBATIM...")
@click.option("--note", default="", metavar="TEXT", help="What you want to remember about it.")
@click.option(
    "--tag", "tags", multiple=True, metavar="PATH", help="A code to give them too, made if need be; with --by."
)
@click.option("--new", is_flag=True, help="Make the collection if there is none of that name.")
@by_option
@json_option
@click.pass_context
def pin_command(
    context: click.Context,
    name: str,
    verbatim_ids: tuple[str, ...],
    note: str,
    tags: tuple[str, ...],
    by: str | None,
    *,
    new: bool,
    as_json: bool,
) -> None:
    """Pin verbatims to a collection, behind what is there."""
    bench = workbench(context)
    if tags:
        coder = coding.as_known(bench, by)
        for verbatim_id in verbatim_ids:
            coding.give(bench, verbatim_id, tags, coder=coder, new=True)
    count = collecting.pin(bench, name, verbatim_ids, by=_who(by), note=note, new=new)
    _answer(as_json, {"pinned": count}, f"Pinned {_verbatims(count)} to {name}.")


@collections_command.command("unpin")
@click.argument("name")
@click.argument("verbatim_ids", nargs=-1, required=True, metavar="VERBATIM...")
@by_option
@json_option
@click.pass_context
def unpin_command(
    context: click.Context, name: str, verbatim_ids: tuple[str, ...], by: str | None, *, as_json: bool
) -> None:
    """Take verbatims out of a collection."""
    count = collecting.unpin(workbench(context), name, verbatim_ids, by=_who(by))
    _answer(as_json, {"unpinned": count}, f"Took {_verbatims(count)} out of {name}.")


@collections_command.command("note")
@click.argument("name")
@click.argument("verbatim_id", metavar="VERBATIM")
@click.argument("text")
@by_option
@json_option
@click.pass_context
def note_command(
    context: click.Context, name: str, verbatim_id: str, text: str, by: str | None, *, as_json: bool
) -> None:
    """Write the note of a pin anew; an empty TEXT takes it away."""
    collecting.note(workbench(context), name, verbatim_id, text, by=_who(by))
    _answer(as_json, {"note": text}, "Noted.")


@collections_command.command("move")
@click.argument("name")
@click.argument("verbatim_id", metavar="VERBATIM")
@click.argument("place", type=click.IntRange(min=1))
@by_option
@json_option
@click.pass_context
def move_command(
    context: click.Context, name: str, verbatim_id: str, place: int, by: str | None, *, as_json: bool
) -> None:
    """Put a pin at another PLACE, counted from 1."""
    collecting.move(workbench(context), name, verbatim_id, place, by=_who(by))
    _answer(as_json, {"place": place}, f"Moved to place {place}.")


@collections_command.command("rename")
@click.argument("name")
@click.argument("to")
@by_option
@json_option
@click.pass_context
def rename_command(context: click.Context, name: str, to: str, by: str | None, *, as_json: bool) -> None:
    """Give a collection another name."""
    changed = collecting.describe(workbench(context), name, by=_who(by), to=to)
    _answer(as_json, changed, f"{name} is called {changed.name} now.")


@collections_command.command("merge")
@click.argument("name")
@click.argument("into")
@by_option
@json_option
@click.pass_context
def merge_command(context: click.Context, name: str, into: str, by: str | None, *, as_json: bool) -> None:
    """Put everything of one collection into another and take the first away."""
    target = collecting.merge(workbench(context), name, into, by=_who(by))
    _answer(as_json, target, f"{name} is part of {target.name} now.")


@collections_command.command("remove")
@click.argument("name")
@by_option
@json_option
@click.pass_context
def remove_command(context: click.Context, name: str, by: str | None, *, as_json: bool) -> None:
    """Take a collection away; its verbatims stay where they are."""
    count = collecting.remove(workbench(context), name, by=_who(by))
    _answer(as_json, {"pins": count}, f"Removed {name} with {count} pins. `winloss collections undo` brings it back.")


@collections_command.command("undo")
@by_option
@json_option
@click.pass_context
def undo_command(context: click.Context, by: str | None, *, as_json: bool) -> None:
    """Take back what was done last."""
    done = doing.undo(workbench(context), by=_who(by))
    _answer(as_json, {"undone": done.what}, f"Took back: {done.what}.")


@collections_command.command("redo")
@by_option
@json_option
@click.pass_context
def redo_command(context: click.Context, by: str | None, *, as_json: bool) -> None:
    """Do again what was taken back last."""
    done = doing.redo(workbench(context), by=_who(by))
    _answer(as_json, {"done": done.what}, f"Did again: {done.what}.")


@click.group("saved")
def saved_command() -> None:
    """Searches to come back to: each finds what is there now and says what is new since you last looked.

    \b
    Examples:
      winloss saved add "Federal pricing" "price OR renewal" --segment federal
      winloss saved list
      winloss saved show "Federal pricing"
    """


@saved_command.command("list")
@json_option
@click.pass_context
def saved_list_command(context: click.Context, *, as_json: bool) -> None:
    """Show every saved search, what it finds now, and how many of these are new."""
    found = saving.standings(workbench(context))
    if as_json:
        print_json([_standing_json(item) for item in found])
        return
    for item in found:
        new = click.style(f"  {len(item.new):,} new", bold=True) if item.new else ""
        told = f"cannot be asked any more: {item.wrong}" if item.wrong else _verbatims(len(item.ids))
        click.echo(f"{item.search.name}  {told}{new}")
    if not found:
        click.echo('No saved searches yet. Save one: winloss saved add "Federal pricing" "price" --segment federal')


@saved_command.command("add")
@click.argument("name")
@click.argument("query", default="")
@filter_options()
@click.option("--mode", type=click.Choice(MODES), default="hybrid", show_default=True, help="How to search.")
@by_option
@json_option
@click.pass_context
def saved_add_command(
    context: click.Context, name: str, query: str, filters: Filters, mode: str, by: str | None, *, as_json: bool
) -> None:
    """Save a search; what it finds now counts as seen."""
    made = saving.save(workbench(context), name, query, filters, mode=mode, by=_who(by))
    _answer(as_json, made, f"Saved as {made.name}.")


@saved_command.command("show")
@click.argument("name")
@click.option("--limit", type=click.IntRange(min=1), default=SHOWN, show_default=True, help="How many to show.")
@click.option("--new", "only_new", is_flag=True, help="Only what is new since it was last looked at.")
@json_option
@click.pass_context
def saved_show_command(context: click.Context, name: str, limit: int, *, only_new: bool, as_json: bool) -> None:
    """Show what a saved search finds now, what is new first and marked; what is shown counts as seen from here on."""
    bench = workbench(context)
    found = saving.standing(bench, name)
    wanted = [item for item in found.new_first if item in found.new or not only_new][:limit]
    passages = bench.store.passages(wanted)
    if as_json:
        told = [{**passage_json(passage), "new": passage.id in found.new} for passage in passages]
        print_json({**_standing_json(found), "verbatims": told})
    else:
        for number, passage in enumerate(passages, start=1):
            print_passage(bench, passage, number=number)
            if passage.id in found.new:
                click.echo(click.style("    new", bold=True))
        click.echo(click.style(f"{_verbatims(len(found.ids))}, {len(found.new):,} new", dim=True))
    saving.looked_at(bench, found.search, wanted)


@saved_command.command("rename")
@click.argument("name")
@click.argument("to")
@by_option
@json_option
@click.pass_context
def saved_rename_command(context: click.Context, name: str, to: str, by: str | None, *, as_json: bool) -> None:
    """Give a saved search another name."""
    changed = saving.rename(workbench(context), name, to, by=_who(by))
    _answer(as_json, changed, f"{name} is called {changed.name} now.")


@saved_command.command("remove")
@click.argument("name")
@by_option
@json_option
@click.pass_context
def saved_remove_command(context: click.Context, name: str, by: str | None, *, as_json: bool) -> None:
    """Take a saved search away."""
    saving.remove(workbench(context), name, by=_who(by))
    _answer(as_json, {"removed": name}, f"Removed {name}. `winloss collections undo` brings it back.")


def _standing_json(found: saving.Standing) -> dict[str, object]:
    told = {"total": len(found.ids), "new": len(found.new), "looked_at": found.looked_at, "wrong": found.wrong}
    return {"search": plain(found.search), **told}


def _who(by: str | None) -> str | None:
    return coder_name(by) if by else None


def _verbatims(count: int) -> str:
    return f"{count:,} verbatim{'' if count == 1 else 's'}"


def _answer(as_json: bool, told: Any, words: str) -> None:  # noqa: FBT001
    if as_json:
        print_json(plain(told))
    else:
        click.echo(words)
