"""`winloss rights`: who may be quoted, how and until when; who goes by which pseudonym; where too few people fit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from winloss.cli.shared import json_option, print_json, workbench
from winloss.model import GIVEN_RIGHTS, RightsDecision
from winloss.ports import Workbench
from winloss.services import doing
from winloss.services.presenting import plain
from winloss.services.quote_rights import rights, rights_listing
from winloss.services.research.coding import coder_name

SHOWN = 100
_KINDS = ("documents", "files", "people")
by_option = click.option("--by", envvar="WINLOSS_CODER", metavar="NAME", help="Who decides; also from WINLOSS_CODER.")


def target_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that name one document, file or person."""
    for name, words in (
        ("--person", "Somebody by pseudonym (Buyer 7), by id, or by the full name."),
        ("--file", "Everything read from a file, by its path as it is listed."),
        ("--document", "A document, by its id or its name."),
    ):
        command = click.option(name, help=words, metavar="NAME")(command)
    return command


@click.group("rights")
def rights_command() -> None:
    """Decide who may be quoted, how and until when. The stricter of source and person holds.

    named: by name. anonymous: without a name. internal: marked so. no_quote: not at all, as analyst contracts ask.
    After the last day of --until the words stay in the workspace, and no export has them.

    \b
    Examples:
      winloss rights set no_quote --file inquiries.csv --by Dana
      winloss rights set anonymous --person "Buyer 7" --until 2027-03-31 --by Dana
      winloss rights list people
      winloss rights warnings
    """


@rights_command.command("set")
@click.argument("given", metavar="[RIGHTS]", required=False, type=click.Choice([it.value for it in GIVEN_RIGHTS]))
@target_options
@click.option("--until", metavar="DAY", help="The last day of the right to quote, such as 2027-03-31.")
@by_option
@json_option
@click.pass_context
def set_command(
    context: click.Context,
    given: str | None,
    document: str | None,
    file: str | None,
    person: str | None,
    until: str | None,
    by: str | None,
    *,
    as_json: bool,
) -> None:
    """Decide the rights of a document, a file or a person; without RIGHTS only the last day is decided.

    \b
    Example:
      winloss rights set named --document acme-call-3 --until 2026-12-31 --by Dana
    """
    bench = workbench(context)
    target = rights.Target(document=document, file=file, person=person)
    made = rights.set_rights(bench, target, rights=given, until=until, by=_who(by))
    _answer(bench, made, as_json=as_json)


@rights_command.command("clear")
@target_options
@by_option
@json_option
@click.pass_context
def clear_command(
    context: click.Context, document: str | None, file: str | None, person: str | None, by: str | None, *, as_json: bool
) -> None:
    """Take back what was decided about a document, a file or a person: what the source says holds."""
    bench = workbench(context)
    gone = rights.clear(bench, rights.Target(document=document, file=file, person=person), by=_who(by))
    if as_json:
        print_json(plain(gone))
        return
    click.echo(f"No longer decided: {rights.told_of(gone)}. What the source says holds.")


@rights_command.command("undo")
@by_option
@json_option
@click.pass_context
def undo_command(context: click.Context, by: str | None, *, as_json: bool) -> None:
    """Take back the last thing that you decided."""
    done = doing.undo(workbench(context), by=_who(by))
    if as_json:
        print_json({"undone": done.what})
        return
    click.echo(f"Taken back: {done.what}.")


@rights_command.command("show")
@target_options
@json_option
@click.pass_context
def show_command(
    context: click.Context, document: str | None, file: str | None, person: str | None, *, as_json: bool
) -> None:
    """What holds for a document, a file or a person, who decided it, and what lies unquoted."""
    bench = workbench(context)
    meant = rights.meant_by(bench, rights.Target(document=document, file=file, person=person))
    found = rights_listing.one(bench, meant)
    if as_json:
        print_json(plain(found))
        return
    click.echo(click.style(meant.label, bold=True))
    click.echo(rights_listing.line(found))


@rights_command.command("list")
@click.argument("kind", type=click.Choice(_KINDS), default="documents")
@click.option("--decided", is_flag=True, help="Only those about which somebody decided.")
@json_option
@click.pass_context
def list_command(context: click.Context, kind: str, *, decided: bool, as_json: bool) -> None:
    """Every document, file or person with the rights that hold, and what lies unquoted."""
    found = [row for row in rights_listing.listed(workbench(context), kind) if row.decision or not decided]
    if as_json:
        print_json({kind: plain(found)})
        return
    for row in found[:SHOWN]:
        click.echo(f"{click.style(rights_listing.name(row), bold=True)}: {rights_listing.line(row)}")
    if len(found) > SHOWN:
        click.echo(f"… and {len(found) - SHOWN:,} more; --decided narrows, --json lists all.")
    click.echo(f"{len(found):,} {kind}.")


@rights_command.command("pseudonyms")
@json_option
@click.pass_context
def pseudonyms_command(context: click.Context, *, as_json: bool) -> None:
    """Who is who: the name behind each pseudonym. For researchers; it is no part of any export."""
    found = sorted(rights_listing.people(workbench(context)), key=rights_listing.by_pseudonym)
    if as_json:
        print_json([{"pseudonym": one.pseudonym, "id": one.respondent, "names": list(one.names)} for one in found])
        return
    for one in found:
        click.echo(f"{one.pseudonym or 'none yet'}  {', '.join(one.names) or '(no name)'}")


@rights_command.command("warnings")
@json_option
@click.pass_context
def warnings_command(context: click.Context, *, as_json: bool) -> None:
    """Where segment, role and region fit fewer than three people, and rights that have ended or will."""
    bench = workbench(context)
    few, endings = rights_listing.few(bench), rights_listing.endings(bench)
    if as_json:
        print_json({"few": plain(few), "endings": plain(endings)})
        return
    for crowd in few:
        click.echo(f"{crowd.people} of the people heard fit: {', '.join(rights_listing.told(bench, crowd))}")
    for ending in endings:
        word = "ended" if ending.ended else "ends"
        click.echo(f"right to quote {word} on {ending.decision.until}: {ending.label}")
    click.echo(f"{len(few):,} combinations fit fewer than three people; exports leave region, then role, out of them.")


def _who(by: str | None) -> str | None:
    return coder_name(by) if by else None


def _answer(bench: Workbench, made: RightsDecision, *, as_json: bool) -> None:
    if as_json:
        print_json(plain(made))
        return
    held = rights_listing.unquoted_under(bench, made)
    click.echo(f"Decided: {rights.told_of(made)}. {held:,} of its verbatims may not be quoted now.")
