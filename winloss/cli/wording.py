"""`winloss synonyms`: words that search treats as one."""

from __future__ import annotations

import click

from winloss.cli.shared import json_option, print_json, workbench
from winloss.services.presenting import plain
from winloss.services.search import wording


@click.group("synonyms")
def synonyms_command() -> None:
    """List, add and remove words that search treats as one.

    What is changed holds from the next query on, also in a web app that is running. Words in quotation marks are
    always looked for as written.

    \b
    Examples:
      winloss synonyms add "year two" "second year" renewal
      winloss synonyms remove renewal
      winloss synonyms list
    """


@synonyms_command.command("list")
@click.option("--mine", is_flag=True, help="Only those of this workspace.")
@json_option
@click.pass_context
def list_command(context: click.Context, *, mine: bool, as_json: bool) -> None:
    """Show the groups: this workspace's, the companies' names, the codebook's."""
    found = [group for group in wording.groups(workbench(context)) if not mine or group.source == "workspace"]
    if as_json:
        print_json({"synonyms": plain(found)})
        return
    for group in found:
        click.echo(f"{' = '.join(group.words)}{click.style(f'  {group.source}', dim=True)}")
    if not found:
        click.echo('None yet. Add some: winloss synonyms add "year two" "second year"')


@synonyms_command.command("add")
@click.argument("words", nargs=-1, required=True)
@json_option
@click.pass_context
def add_command(context: click.Context, words: tuple[str, ...], *, as_json: bool) -> None:
    """Say that these words or phrases mean the same; groups that share a word become one."""
    group = wording.add(workbench(context), words)
    if as_json:
        print_json(plain(group))
    else:
        click.echo(f"Search treats these as one now: {', '.join(group.words)}.")


@synonyms_command.command("remove")
@click.argument("word")
@json_option
@click.pass_context
def remove_command(context: click.Context, word: str, *, as_json: bool) -> None:
    """Take a word or phrase out of its group again."""
    wording.remove(workbench(context), word)
    if as_json:
        print_json({"removed": word})
    else:
        click.echo(f"{word} means only itself again.")
