"""`winloss codes`, `code`, `agreement`: a codebook of tags, giving them to verbatims, and whether two coders agree."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import click

from winloss.cli.shared import json_option, print_json, workbench
from winloss.services import doing
from winloss.services.presenting import plain
from winloss.services.research import agreement, coding
from winloss.services.research import codes as codebook
from winloss.services.research.agreement import NOBODY_VARIES, NOT_ENOUGH, Agreement
from winloss.services.research.coding import CodeCount
from winloss.services.sources import adopting

by_option = click.option("--by", envvar="WINLOSS_CODER", metavar="NAME", help="Who does it; also from WINLOSS_CODER.")


@click.group("codes")
def codes_command() -> None:
    """The codebook of tags that people give to verbatims: paths such as pain/cost/renewal.

    Everything here can be taken back with `winloss codes undo`. Codes that came with sources (REFI-QDA projects,
    highlights) are listed beside; `adopt` takes them into the codebook.

    \b
    Examples:
      winloss codes add pain/cost --description "What it costs them" --colour "#8c2f1b"
      winloss codes rename pain/cost money/price
      winloss codes list
    """


@codes_command.command("list")
@json_option
@click.pass_context
def list_command(context: click.Context, *, as_json: bool) -> None:
    """Show every code: verbatims with it or one below it, of those looked at, and by coder."""
    found = coding.tally(workbench(context))
    if as_json:
        print_json(plain(found))
        return
    _print_rows(found.codes)
    if found.from_sources:
        click.echo("\nCame with sources (`winloss codes adopt` takes them into the codebook):")
        _print_rows(found.from_sources)
    for part in found.coders:
        click.echo(
            click.style(f"{part.coder} has looked at {part.base:,} verbatims and coded {part.count:,}", dim=True)
        )
    if not found.codes and not found.from_sources:
        click.echo('No codes yet. Make one: winloss codes add pain/cost --description "What it costs them"')


@codes_command.command("add")
@click.argument("path")
@click.option("--description", default="", metavar="TEXT", help="What the code stands for.")
@click.option("--colour", metavar="#RRGGBB", help="Its colour.")
@by_option
@json_option
@click.pass_context
def add_command(
    context: click.Context, path: str, description: str, colour: str | None, by: str | None, *, as_json: bool
) -> None:
    """Make a code, and those above it that are not there yet."""
    code = codebook.add(workbench(context), path, by=_who(by), description=description, colour=colour)
    _answer(as_json, code, f"The code {code.path} is there now.")


@codes_command.command("describe")
@click.argument("path")
@click.option("--description", metavar="TEXT", help="What the code stands for.")
@click.option("--colour", metavar="#RRGGBB", help="Its colour; empty for none.")
@by_option
@json_option
@click.pass_context
def describe_command(
    context: click.Context, path: str, description: str | None, colour: str | None, by: str | None, *, as_json: bool
) -> None:
    """Say what a code stands for, or its colour."""
    code = codebook.describe(workbench(context), path, by=_who(by), description=description, colour=colour)
    _answer(as_json, code, f"{code.path}: {code.description or 'no description'}, {code.colour or 'no colour'}.")


@codes_command.command("rename")
@click.argument("path")
@click.argument("to")
@by_option
@json_option
@click.pass_context
def rename_command(context: click.Context, path: str, to: str, by: str | None, *, as_json: bool) -> None:
    """Give a code another path, TO in full; everything below it and all codings move along."""
    changed = codebook.move(workbench(context), path, to, by=_who(by))
    _answer(as_json, changed, f"Moved {path} to {to}: {_told(changed)}. {_undo(by)}")


@codes_command.command("merge")
@click.argument("path")
@click.argument("into")
@by_option
@json_option
@click.pass_context
def merge_command(context: click.Context, path: str, into: str, by: str | None, *, as_json: bool) -> None:
    """Make one code of two: what has PATH gets INTO instead."""
    changed = codebook.merge(workbench(context), path, into, by=_who(by))
    _answer(as_json, changed, f"Merged {path} into {into}: {_told(changed)}. {_undo(by)}")


@codes_command.command("remove")
@click.argument("path")
@by_option
@json_option
@click.pass_context
def remove_command(context: click.Context, path: str, by: str | None, *, as_json: bool) -> None:
    """Take a code and everything below it out of the codebook and away from every verbatim."""
    changed = codebook.remove(workbench(context), path, by=_who(by))
    _answer(as_json, changed, f"Removed {path}: {_told(changed)}. {_undo(by)}")


@codes_command.command("adopt")
@click.argument("path", required=False)
@by_option
@json_option
@click.pass_context
def adopt_command(context: click.Context, path: str | None, by: str | None, *, as_json: bool) -> None:
    """Take codes that came with sources into the codebook: PATH and those below it, or all of them."""
    made = adopting.adopt(workbench(context), path, by=_who(by))
    _answer(as_json, made, f"Now in the codebook: {', '.join(code.path for code in made)}. {_undo(by)}")


@codes_command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@by_option
@json_option
@click.pass_context
def import_command(context: click.Context, file: Path, by: str | None, *, as_json: bool) -> None:
    """Take the codebook of a REFI-QDA file in (.qdpx, .qde, .qdc): codes, descriptions, colours."""
    made = adopting.take_in(workbench(context), file, by=_who(by))
    _answer(as_json, made, f"Now in the codebook: {', '.join(code.path for code in made)}. {_undo(by)}")


@codes_command.command("undo")
@by_option
@json_option
@click.pass_context
def undo_command(context: click.Context, by: str | None, *, as_json: bool) -> None:
    """Take back the last thing that you did."""
    done = doing.undo(workbench(context), by=_who(by))
    _answer(as_json, {"undone": done.what}, f"Taken back: {done.what}.")


@codes_command.command("redo")
@by_option
@json_option
@click.pass_context
def redo_command(context: click.Context, by: str | None, *, as_json: bool) -> None:
    """Do again what you took back last."""
    done = doing.redo(workbench(context), by=_who(by))
    _answer(as_json, {"done": done.what}, f"Done again: {done.what}.")


@click.command("code")
@click.argument("verbatim_id", metavar="VERBATIM")
@click.argument("paths", nargs=-1, metavar="[CODE]...")
@click.option("--coder", envvar="WINLOSS_CODER", metavar="NAME", help="You; also from WINLOSS_CODER.")
@click.option("--new", is_flag=True, help="Make the codes that are not there yet.")
@click.option("--remove", is_flag=True, help="Take these codes away instead.")
@click.option("--none-applies", is_flag=True, help="Note that you looked and no code applies.")
@json_option
@click.pass_context
def code_command(
    context: click.Context,
    verbatim_id: str,
    paths: tuple[str, ...],
    coder: str | None,
    *,
    new: bool,
    remove: bool,
    none_applies: bool,
    as_json: bool,
) -> None:
    """Give a verbatim codes, by path or by their last part; the web app's page /code does it by keyboard.

    \b
    Examples:
      winloss code vabcdefghijklmnop pain/cost renewal --coder Dana
      winloss code vabcdefghijklmnop --none-applies --coder Dana
    """
    if bool(paths) == none_applies or (remove and (new or none_applies)):
        raise click.UsageError("name codes to give or (with --remove) to take away, or --none-applies, not both")
    bench = workbench(context)
    me = coding.as_known(bench, coder)
    if none_applies:
        coding.none_applies(bench, verbatim_id, coder=me)
        has: frozenset[str] = frozenset()
    elif remove:
        has = coding.take_away(bench, verbatim_id, paths, coder=me)
    else:
        has = coding.give(bench, verbatim_id, paths, coder=me, new=new)
    told = {"verbatim": verbatim_id, "coder": me, "codes": sorted(has), "none_applies": none_applies}
    words = "that no code applies" if none_applies else ", ".join(sorted(has)) or "nothing"
    _answer(as_json, told, f"{me} has noted on {verbatim_id}: {words}. {_undo(me)}")


@click.command("agreement")
@click.option("--coder", "coders", multiple=True, metavar="NAME", help="A coder; give two or more.")
@click.option("--code", metavar="CODE", help="Only this code.")
@json_option
@click.pass_context
def agreement_command(context: click.Context, coders: tuple[str, ...], code: str | None, *, as_json: bool) -> None:
    """Whether coders see the same, on the verbatims that they have looked at in common: Cohen's kappa, code by code.

    More than two coders get Krippendorff's alpha and every pair.

    \b
    Example:
      winloss agreement --coder Dana --coder Tom
    """
    if len(coders) < 2:
        raise click.UsageError("name two coders or more: --coder Dana --coder Tom")
    bench = workbench(context)
    if len(coders) > 2:
        if code:
            raise click.UsageError("--code compares two coders; name only two")
        together = agreement.several(bench, coders)
        if as_json:
            print_json(plain(together))
            return
        value = "not enough" if together.alpha is None else f"{together.alpha:.2f}"
        click.echo(
            f"Krippendorff's alpha of {', '.join(together.coders)}: {value} ({together.n:,} verbatims in common)"
        )
        for one, other, overall in together.pairs:
            click.echo(f"  {one} and {other}: {_said(overall)}")
        return
    found = agreement.two_coders(bench, coders[0], coders[1], code=code)
    if as_json:
        print_json(plain(found))
        return
    click.echo(f"{found.a} and {found.b}, overall: {_said(found.overall)}")
    for row in found.codes:
        who = f"both {row.both}, only {found.a} {row.only_a}, only {found.b} {row.only_b}"
        click.echo(f"  {row.code}: {_said(row)}; {who}")
    for item in found.disagreements:
        ours, theirs = (", ".join(given) or "none applies" for given in (item.a, item.b))
        click.echo(click.style(f"  differ on {item.verbatim_id}: {found.a}: {ours}; {found.b}: {theirs}", dim=True))


def _said(row: Agreement) -> str:
    same = f"the same on {row.agreed:,} of {row.n:,} verbatims"
    if row.verdict == NOT_ENOUGH:
        return f"{same}; not enough in common to say more (ten are needed)"
    if row.verdict == NOBODY_VARIES:
        return f"{same}; kappa is undefined, because nobody varies"
    stuck = "they never differ" if row.agreed == row.n else "one of them never varies"
    between = stuck if row.low is None else f"95 % interval {row.low:.2f} to {row.high:.2f}"
    return f"{same} ({row.observed:.0%}); kappa {row.kappa:.2f}, {between}"


def _print_rows(rows: tuple[CodeCount, ...]) -> None:
    for row in rows:
        depth = row.path.count("/")
        name = f"{'  ' * depth}{row.path.rpartition('/')[2]}"
        by = ", ".join(f"{part.coder} {part.count:,} of {part.base:,}" for part in row.by)
        told = f"{row.total.count:,} of {row.total.base:,} verbatims" + (f"  {by}" if by else "")
        click.echo(f"{name:<32} {click.style(told, dim=True)}")


def _told(changed: codebook.Changed) -> str:
    counts = ((changed.codes, "code"), (changed.verbatims, "coded verbatim"), (changed.coders, "coder"))
    return ", ".join(f"{count:,} {one}{'' if count == 1 else 's'}" for count, one in counts)


def _undo(by: str | None) -> str:
    return f"`winloss codes undo{f' --by {shlex.quote(by)}' if by else ''}` takes it back."


def _who(by: str | None) -> str | None:
    return coding.coder_name(by) if by else None


def _answer(as_json: bool, value: Any, words: str) -> None:  # noqa: FBT001
    if as_json:
        print_json(plain(value))
    else:
        click.echo(words)
