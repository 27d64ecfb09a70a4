"""`winloss beliefs`: what leadership holds to be true, and what each quarter's evidence says of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from winloss.cli.shared import json_option, print_json, print_passage, workbench
from winloss.errors import QueryError
from winloss.model import UNSURE, Belief
from winloss.ports import Workbench
from winloss.services import doing
from winloss.services.belief import beliefs, believing
from winloss.services.belief.belief_files import drafts_in
from winloss.services.belief.telling_beliefs import told_belief, told_entry, told_evidence
from winloss.services.presenting import may_quote, plain
from winloss.services.research.coding import coder_name

by_option = click.option("--by", envvar="WINLOSS_CODER", metavar="NAME", help="Who does it; also from WINLOSS_CODER.")
_SHORT = {"supported": "+", "contradicted": "-", "mixed": "±", "silent": "·", "unfalsifiable": "x"}


@click.group("beliefs")
def beliefs_command() -> None:
    """What leadership holds to be true, held against what buyers say.

    Everything here can be taken back with `winloss beliefs undo`.

    \b
    Examples:
      winloss beliefs add "We lose federal on price" --owner "Dana Whitfield" --since 2025-02-01 --segment federal
      winloss beliefs add --from beliefs.csv --owner "Sales leadership"
      winloss beliefs show "We lose federal on price" --quarter 2026Q2
    """


@beliefs_command.command("add")
@click.argument("statement", required=False)
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Take every belief of a .csv, .jsonl, .toml or .md file (its bullets); all of them or none.",
)
@click.option("--owner", default="", metavar="NAME", help="Who holds it.")
@click.option("--since", default="", metavar="DAY", help="Since when it is held (2025-02-01); default: today.")
@click.option("--segment", default="", metavar="NAME", help="The segment it speaks of; default: every one.")
@click.option("--role", default="", metavar="NAME", help="The buyer's role it speaks of, such as ciso.")
@click.option("--facet", default="", metavar="NAME", help="Only pain, proof or engagement counts as evidence.")
@by_option
@json_option
@click.pass_context
def add_command(
    context: click.Context,
    statement: str | None,
    source: Path | None,
    owner: str,
    since: str,
    segment: str,
    role: str,
    facet: str,
    by: str | None,
    *,
    as_json: bool,
) -> None:
    """Write a belief, or the beliefs of a file, into the register.

    \b
    Example:
      winloss beliefs add "We lose federal on price" --owner "Dana Whitfield" --since 2025-02-01 --segment federal
    """
    if (statement is None) == (source is None):
        raise QueryError("name a statement or a file", hint='winloss beliefs add "We lose on price" --owner Dana')
    if source is not None:
        drafts = drafts_in(source, owner=owner, since=since, segment=segment)
    else:
        said = statement or ""
        drafts = [beliefs.Draft(statement=said, owner=owner, since=since, segment=segment, role=role, facet=facet)]
    bench = workbench(context)
    made = beliefs.add_all(bench, drafts, by=_who(by))
    _answer(as_json, [told_belief(belief) for belief in made], [_line(bench, belief) for belief in made])


@beliefs_command.command("list")
@click.option("--retired", is_flag=True, help="Those that are no longer held too.")
@json_option
@click.pass_context
def list_command(context: click.Context, *, retired: bool, as_json: bool) -> None:
    """Show every belief with what the evidence says of it, in all and quarter by quarter.

    \b
    Example:
      winloss beliefs list --json
    """
    bench = workbench(context)
    entries = believing.register(bench, retired=retired)
    if as_json:
        print_json({"beliefs": [told_entry(entry) for entry in entries]})
        return
    for entry in entries:
        strip = " ".join(_SHORT.get(part.verdict, "?") for part in entry.quarters)
        click.echo(f"{entry.verdict.value.upper():<20} {_line(bench, entry.belief)}")
        click.echo(f"    {entry.sentence}")
        if entry.quarters:
            span = f"{entry.quarters[0].name} … {entry.quarters[-1].name}"
            click.echo(click.style(f"    {strip}   {span}", dim=True))
    if entries:
        legend = "+ supported, - contradicted, ± mixed, · silent, ? not enough evidence, x cannot be tested"
        click.echo(click.style(legend, dim=True))
        click.echo(click.style(UNSURE, dim=True))
    else:
        click.echo('No beliefs yet. Write one down: winloss beliefs add "We lose on price" --owner Dana')


@beliefs_command.command("show")
@click.argument("belief", metavar="BELIEF")
@click.option("--quarter", metavar="Q", help="Only what this quarter says, such as 2026Q2.")
@json_option
@click.pass_context
def show_command(context: click.Context, belief: str, quarter: str | None, *, as_json: bool) -> None:
    """Show what the evidence says of a belief, named by its id or statement: who is for it, against it and silent.

    \b
    Example:
      winloss beliefs show "We lose federal on price" --quarter 2026Q2
    """
    bench = workbench(context)
    found = believing.evidence(bench, belief, quarter=quarter)
    if as_json:
        print_json(told_evidence(found))
        return
    click.echo(f"“{found.belief.statement}”")
    click.echo(click.style(_line(bench, found.belief), dim=True))
    click.echo(f"\n{found.verdict.value.upper()} ({found.quarter or 'all quarters'}): {found.sentence}\n")
    click.echo(click.style(f"{UNSURE}\n", dim=True))
    _print_parts("segment", found.segments)
    _print_parts("role", found.roles)
    _print_parts("source", found.sources)
    _print_parts("quarter", found.quarters)
    for title, voices in (("For it:", found.supporting), ("Against it:", found.contradicting)):
        click.echo(click.style(title, bold=True))
        for voice in voices:
            if may_quote(voice.passage):
                print_passage(bench, voice.passage)
                click.echo(click.style(f"    {voice.score:.0%} sure · {voice.reason}", dim=True))
        if not voices:
            click.echo("    nobody")
    for edit in found.belief.edits:
        who = f" by {edit.by}" if edit.by else ""
        change = f"{edit.field} {edit.was or 'none'} → {edit.became or 'none'}"
        click.echo(click.style(f"{edit.at[:10]}{who}: {change}", dim=True))


@beliefs_command.command("edit")
@click.argument("belief", metavar="BELIEF")
@click.option("--statement", metavar="TEXT", help="What is believed, in other words.")
@click.option("--owner", metavar="NAME", help="Who holds it.")
@click.option("--since", metavar="DAY", help="Since when.")
@click.option("--segment", metavar="NAME", help="The segment it speaks of; an empty text takes it away.")
@click.option("--role", metavar="NAME", help="The role it speaks of; an empty text takes it away.")
@click.option("--facet", metavar="NAME", help="The facet that counts as evidence; an empty text takes it away.")
@by_option
@json_option
@click.pass_context
def edit_command(
    context: click.Context,
    belief: str,
    statement: str | None,
    owner: str | None,
    since: str | None,
    segment: str | None,
    role: str | None,
    facet: str | None,
    by: str | None,
    *,
    as_json: bool,
) -> None:
    """Change a belief; what it was before stays in its trail.

    \b
    Example:
      winloss beliefs edit "We lose federal on price" --owner "Ines Okafor" --segment ""
    """
    bench = workbench(context)
    parts = {"statement": statement, "owner": owner, "since": since, "segment": segment, "role": role, "facet": facet}
    changed = beliefs.edit(bench, belief, by=_who(by), **parts)
    _answer(as_json, told_belief(changed), [_line(bench, changed)])


@beliefs_command.command("retire")
@click.argument("belief", metavar="BELIEF")
@by_option
@json_option
@click.pass_context
def retire_command(context: click.Context, belief: str, by: str | None, *, as_json: bool) -> None:
    """Note that a belief is no longer held; it stays in the register with its trail.

    \b
    Example:
      winloss beliefs retire "We lose federal on price"
    """
    bench = workbench(context)
    changed = beliefs.retire(bench, belief, by=_who(by))
    _answer(as_json, told_belief(changed), [_line(bench, changed)])


@beliefs_command.command("restore")
@click.argument("belief", metavar="BELIEF")
@by_option
@json_option
@click.pass_context
def restore_command(context: click.Context, belief: str, by: str | None, *, as_json: bool) -> None:
    """Note that a retired belief is held again.

    \b
    Example:
      winloss beliefs restore "We lose federal on price"
    """
    bench = workbench(context)
    changed = beliefs.restore(bench, belief, by=_who(by))
    _answer(as_json, told_belief(changed), [_line(bench, changed)])


@beliefs_command.command("undo")
@by_option
@click.pass_context
def undo_command(context: click.Context, by: str | None) -> None:
    """Take back your last step.

    \b
    Example:
      winloss beliefs undo
    """
    operation = doing.undo(workbench(context), by=_who(by))
    click.echo(f"Taken back: {operation.what}.")


def _line(bench: Workbench, belief: Belief) -> str:
    role = bench.codebook.role_label(belief.role) if belief.role else None
    scope = ", ".join(part for part in (belief.segment, role, belief.facet) if part) or "everybody"
    status = "" if belief.status == beliefs.HELD else ", retired"
    return f"{belief.statement}  ({belief.owner}, since {belief.since}, {scope}{status})  {belief.id}"


def _print_parts(what: str, parts: Sequence[believing.Standing]) -> None:
    for part in parts:
        name = click.style(f"{what:<8}", dim=True)
        counts = f"{part.supports.count:>3} for, {part.contradicts.count:>3} against, {part.silent.count:>4} silent"
        click.echo(f"{name}{part.name:<24} {counts} of {part.supports.base:>4} people  {part.verdict.value}")
    if parts:
        click.echo()


def _answer(as_json: bool, value: object, lines: Sequence[str]) -> None:  # noqa: FBT001
    if as_json:
        print_json(plain(value))
        return
    for line in lines:
        click.echo(line)


def _who(by: str | None) -> str | None:
    return coder_name(by) if by else None
