"""The questions that `winloss ingest TABLE --map` asks: what is in the table, and what each column means."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from winloss.errors import ConfigError, SourceError
from winloss.model import Account, Deal, ReadDocument
from winloss.ports import Workbench

if TYPE_CHECKING:
    from ingest.proposing import Proposal

KINDS = ("interview", "community", "inquiry", "survey", "deals", "accounts")
_WIDE = 48


def can_ask() -> bool:
    """Whether somebody sits at a terminal."""
    return sys.stdin.isatty()


def mapping_by_asking(bench: Workbench, paths: tuple[Path, ...], *, kind: str | None) -> Path:
    """The mapping file that the answers amount to, saved beside the table and for the next table of its shape.

    Raises:
        ConfigError: nobody to ask, or not one table.
    """
    from winloss.services.sources import mapping_tables

    if len(paths) != 1 or not paths[0].is_file():
        raise ConfigError(
            "--map without a file asks about one table", hint="Name one table: winloss ingest X.csv --map"
        )
    path = paths[0]
    if not can_ask():
        hint = f"Run it in a terminal, or write {path.stem}.map.toml and pass it: --map {path.stem}.map.toml"
        raise ConfigError("--map without a file asks questions, which needs a terminal", hint=hint)
    proposal, rows = mapping_tables.proposal_for(path, kind=kind)
    _show_rows(rows)
    if kind is None:
        asked = click.prompt("What is it?", type=click.Choice(KINDS), default=proposal.kind)
        if asked != proposal.kind:
            proposal, _ = mapping_tables.proposal_for(path, kind=asked)
    while True:
        _ask_columns(proposal, rows)
        try:
            things = mapping_tables.tried(path, proposal)
        except (SourceError, ConfigError) as error:
            click.echo(f"That does not work: {error.message}. {error.hint}")
            continue
        _show_things(things)
        if click.confirm("Is that right?", default=True):
            break
    beside = mapping_tables.keep(bench, path, proposal)
    click.echo(f"Saved as {beside.name}; the next table with these columns is read the same way.")
    return beside


def _show_rows(rows: Sequence[Mapping[str, object]]) -> None:
    for number, cells in enumerate(rows, start=1):
        click.echo(click.style(f"row {number}", bold=True))
        for column, cell in cells.items():
            click.echo(f"  {column}: {_short(cell)}")


def _ask_columns(proposal: Proposal, rows: Sequence[Mapping[str, object]]) -> None:
    from ingest.proposing import fields_for

    names = fields_for(proposal.kind)
    while True:
        for number, column in enumerate(proposal.columns, start=1):
            sample = next((cells[column] for cells in rows if cells.get(column)), "")
            taken = proposal.field_of(column) or "kept beside"
            click.echo(
                f"{number:>3}  {column}  {click.style(_short(sample), dim=True)}  = {click.style(taken, bold=True)}"
            )
        if missing := proposal.missing():
            click.echo(f"Still needed: {' or '.join(missing)}")
        answer = click.prompt("Change with NUMBER=FIELD (NUMBER= for none), Enter when it is right", default="").strip()
        if not answer and not proposal.missing():
            return
        place, _, name = (part.strip() for part in answer.partition("="))
        known = place.isdigit() and 0 < int(place) <= len(proposal.columns)
        if answer and known and (not name or name in names):
            proposal.assign(proposal.columns[int(place) - 1], name or None)
        elif answer:
            click.echo(f"Write it like 3=text. Fields: {', '.join(names)}")


def _show_things(things: Sequence[object]) -> None:
    click.echo(click.style("This is what would be read:", bold=True))
    for thing in things:
        if isinstance(thing, ReadDocument):
            turn = thing.turns[0]
            click.echo(f"  {thing.happened_on or 'no date'}  {turn.speaker or 'nobody named'}: “{_short(turn.text)}”")
        elif isinstance(thing, Deal):
            click.echo(
                f"  {thing.name or thing.external_id}: {thing.account or 'no account'}, {thing.outcome or 'open'}"
            )
        elif isinstance(thing, Account):
            click.echo(f"  {thing.name}: {thing.industry or 'no industry'}, {thing.employees or '?'} employees")
    if not things:
        click.echo("  nothing")


def _short(value: object) -> str:
    text = " ".join(str(value or "").split())
    return text if len(text) <= _WIDE else f"{text[:_WIDE]}…"
