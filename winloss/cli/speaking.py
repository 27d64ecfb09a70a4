"""`winloss speakers`: who speaks and what tells so, and corrections that hold from then on."""

from __future__ import annotations

import re
from dataclasses import replace

import click

from winloss.cli.shared import json_option, print_json, workbench
from winloss.model import Side
from winloss.services.presenting import plain
from winloss.services.sources import speaking

SHOWN = 100


@click.group("speakers", invoke_without_command=True)
@click.option("--document", metavar="DOCUMENT", help="Only this document, by its id or its name.")
@click.option("--unknown", is_flag=True, help="Only speakers whose side nothing tells.")
@json_option
@click.pass_context
def speakers_command(context: click.Context, document: str | None, *, unknown: bool, as_json: bool) -> None:
    """List who speaks: side, role, title, how much, and what tells so.

    \b
    Examples:
      winloss speakers --unknown
      winloss speakers assign "Ravi Anand" --side vendor --by Mira
      winloss speakers assign "Speaker 1" --document call-7 --side buyer --as "Priya Nair"
    """
    if context.invoked_subcommand:
        return
    people = speaking.people(workbench(context), document=document, unknown=unknown)
    if as_json:
        print_json({"speakers": plain(people)})
        return
    for person in people if document else people[:SHOWN]:
        _print_person(person)
    if not document and len(people) > SHOWN:
        click.echo(f"… and {len(people) - SHOWN:,} more; --document and --unknown narrow, --json lists all.")
    click.echo(f"{len(people):,} speakers.")


@speakers_command.command("assign")
@click.argument("name", required=False)
@click.option("--document", metavar="DOCUMENT", help="Only in this document, by its id or its name.")
@click.option("--unnamed", is_flag=True, help="The turns of this document that name no speaker.")
@click.option("--turns", metavar="FIRST-LAST", help="Only these turns of the document; they count from 0.")
@click.option("--side", type=click.Choice([side.value for side in Side]), help="Whose side they are on.")
@click.option("--title", help="Their job title.")
@click.option("--role", help="Their role in the buying group, such as ciso.")
@click.option("--as", "full_name", metavar="FULL NAME", help="Their full name.")
@click.option("--by", "author", metavar="WHO", help="Who says so; shown as evidence.")
@click.option("--undo", is_flag=True, help="Take back what was said about them.")
@json_option
@click.pass_context
def assign_command(
    context: click.Context,
    name: str | None,
    document: str | None,
    *,
    unnamed: bool,
    turns: str | None,
    side: str | None,
    title: str | None,
    role: str | None,
    full_name: str | None,
    author: str | None,
    undo: bool,
    as_json: bool,
) -> None:
    """Say who a speaker is, in everything that is stored and in everything that comes in later.

    \b
    Examples:
      winloss speakers assign "Ravi Anand" --side vendor
      winloss speakers assign --document call-7 --unnamed --turns 3-17 --side buyer
      winloss speakers assign "Ravi Anand" --undo
    """
    bench = workbench(context)
    target = speaking.Target(name=name, document=document, unnamed=unnamed, turns=_turns(turns))
    if undo:
        if side or title or role or full_name:
            raise click.UsageError("--undo takes back everything that was said; give it alone.")
        done = speaking.undo(bench, target)
    else:
        chosen = Side(side) if side else None
        done = speaking.assign(bench, target, side=chosen, title=title, role=role, name=full_name, author=author)
    if as_json:
        print_json(plain(replace(done, correction=replace(done.correction, texts=()))))
        return
    where = "in 1 document" if done.documents == 1 else f"in {done.documents:,} documents"
    turns_changed = "1 turn" if done.turns == 1 else f"{done.turns:,} turns"
    click.echo(f"{'Taken back' if undo else 'Noted'}: {turns_changed} {where} changed.")
    if done.turns:
        click.echo("Next: winloss analyse")


def _turns(written: str | None) -> tuple[int, int] | None:
    if written is None:
        return None
    match = re.fullmatch(r"\s*(\d{1,9})(?:\s*[-–:]\s*(\d{1,9}))?\s*", written)
    if match is None:
        raise click.BadParameter(f"not turns: {written!r}. Write 3-17, or 3 for one turn.", param_hint="--turns")
    return int(match[1]), int(match[2] or match[1])


def _print_person(person: speaking.Person) -> None:
    speaker = person.speaker
    described = " · ".join(part for part in (speaker.title, speaker.role) if part)
    click.echo(
        f"{click.style(speaker.name or '(no name)', bold=True)}: {speaker.side} ({speaker.side_evidence})"
        f"{f'; {described}' if described else ''}"
    )
    if speaker.role_evidence:
        click.echo(click.style(f"    role: {speaker.role_evidence}", dim=True))
    places = ", ".join(person.documents[:3]) + (" …" if len(person.documents) > 3 else "")
    words = "document" if len(person.documents) == 1 else "documents"
    turns = "turn" if person.turns == 1 else "turns"
    counted = f"    {person.turns:,} {turns} in {len(person.documents):,} {words}: {places}"
    click.echo(click.style(counted, dim=True))
