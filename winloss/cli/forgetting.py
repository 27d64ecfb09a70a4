"""`winloss forget`: a person, a document or a source taken away for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from winloss.cli.shared import json_option, print_json, workbench
from winloss.errors import QueryError
from winloss.services.presenting import plain

if TYPE_CHECKING:
    from winloss.services.erasure.forgetting import Named, Plan

_OUT_OF_REACH = (
    "Out of reach: backups, exports and reports written earlier, a database server's own logs, and the files you read "
    "in. Delete those yourself."
)
_SHOWN = 20


@click.command("forget")
@click.option("--person", "people", multiple=True, metavar="NAME", help="Everything somebody said, by full name.")
@click.option("--account", metavar="NAME", help="With --person: only the one of this name at this account.")
@click.option("--document", "documents", multiple=True, metavar="ID", help="A document, by its id or its source's.")
@click.option(
    "--source", "sources", multiple=True, metavar="KIND_OR_FILE", help="All of a kind, or of a file as it is listed."
)
@click.option("--may-return", is_flag=True, help="Leave no mark: what goes may be read in again later.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Show what would go; change nothing.")
@json_option
@click.pass_context
def forget_command(
    context: click.Context,
    people: tuple[str, ...],
    account: str | None,
    documents: tuple[str, ...],
    sources: tuple[str, ...],
    *,
    may_return: bool,
    yes: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Forget a person, a document or a source for good.

    Takes their words out of the store, the search index, the vectors, the themes and the counts, removes the raw files
    that hold them, and leaves a mark without words or names, so that reading the same source again does not bring them
    back. Other people's words stay as they were said, also where they name the person. Without options it finishes what
    a crash left undone.

    Backups, exports and reports written earlier are out of reach. A backup from before, restored later, brings back
    what it holds and knows of no forgetting since: forget it there again.

    \b
    Examples:
      winloss forget --person "Dana Whitfield"
      winloss forget --document d2kq7x4m5a6b7c8e --yes
      winloss forget --source posts.csv --dry-run
    """
    from winloss.services.erasure import erasing, forgetting

    bench = workbench(context)
    wish = forgetting.Wish(people=people, documents=documents, sources=sources, account=account, may_return=may_return)
    _check(wish, yes=yes, dry_run=dry_run, as_json=as_json)
    if not (people or documents or sources):
        done = erasing.finish(bench)
        click.echo("Finished what was left to forget." if done else "Nothing is left to forget; name what to forget.")
        return
    if not (as_json or (yes and not dry_run)):
        _print_plan(forgetting.plan(bench, wish), "would go" if dry_run else "will go")
    if dry_run:
        if as_json:
            print_json(plain(forgetting.plan(bench, wish)))
        return
    if not yes:
        click.confirm("This cannot be undone. Forget all of this?", abort=True)
    told = forgetting.forget(bench, wish)
    if as_json:
        print_json(plain(told))
        return
    if yes:
        _print_plan(told, "are gone")
    click.echo(f"Forgotten. {_OUT_OF_REACH}\nNext: winloss analyse")


def _check(wish: object, *, yes: bool, dry_run: bool, as_json: bool) -> None:
    if getattr(wish, "account", None) and not getattr(wish, "people", ()):
        raise QueryError("--account narrows --person", hint="Name the person too.")
    if as_json and not (yes or dry_run):
        raise QueryError("--json does not ask", hint="Add --yes to forget, or --dry-run to look first.")


def _print_plan(told: Plan, verb: str) -> None:
    counted = {
        "documents": len(told.documents),
        "turns": told.turns,
        "verbatims": told.verbatims,
        "deals": told.deals,
        "accounts": told.accounts,
    }
    words = ", ".join(f"{count:,} {name}" for name, count in counted.items() if count)
    click.echo(click.style(f"{words or 'No words'} {verb}.", bold=True))
    _print_documents("whole", told.documents)
    _print_documents("in part", told.parts)
    for path in told.files:
        click.echo(f"file     {path}")
    for path in told.released:
        click.echo(f"bytes    {path}: its raw bytes go; what else was read from it stays")
    for remark in told.remarks:
        click.echo(f"note     {remark}")


def _print_documents(how: str, documents: tuple[Named, ...]) -> None:
    for item in documents[:_SHOWN]:
        lost = f"{item.turns} turns" if item.turns else "all words stay, a name or a title goes"
        click.echo(f"{how:<8} {item.title or item.external_id}  ({item.kind}, {lost}, {item.id})")
    if len(documents) > _SHOWN:
        click.echo(f"         … and {len(documents) - _SHOWN:,} more")
