"""`winloss rights`: who may be quoted from a document, and how, whatever its source said."""

from __future__ import annotations

import click

from winloss.cli.shared import json_option, print_json, workbench
from winloss.model import Rights, RightsDecision
from winloss.services.presenting import plain


@click.command("rights")
@click.argument("document", required=False)
@click.option("--give", "rights", type=click.Choice([item.value for item in Rights]), help="The rights it is to have.")
@click.option("--undo", is_flag=True, help="Let it have those of its source again.")
@click.option("--by", metavar="WHO", help="Who says so.")
@json_option
@click.pass_context
def rights_command(
    context: click.Context, document: str | None, *, rights: str | None, undo: bool, by: str | None, as_json: bool
) -> None:
    """List or change the quote rights of documents. Given rights hold when the source is read again.

    \b
    Examples:
      winloss rights
      winloss rights call-7 --give no_quote --by Mira
      winloss rights call-7 --undo
    """
    from winloss.services import granting

    bench = workbench(context)
    if document is None:
        if rights or undo:
            raise click.UsageError("Name the document.")
        _list(list(granting.all_given(bench).values()), as_json=as_json)
        return
    if bool(rights) == undo:
        raise click.UsageError("Say --give RIGHTS, or --undo.")
    done = granting.take_back(bench, document, by=by) if undo else granting.give(bench, document, rights or "", by=by)
    if as_json:
        print_json(plain(done))
        return
    click.echo(f"{done.name}: {done.rights} (was {done.before})")


def _list(found: list[RightsDecision], *, as_json: bool) -> None:
    if as_json:
        print_json({"rights": plain(found)})
        return
    for item in found:
        click.echo(f"{item.document_id}  {item.rights}  (read as {item.read}) {item.by or ''}".rstrip())
    click.echo(f"{len(found):,} documents have other rights than their source gave them.")
