"""`winloss status`, `doctor`, `export`, `backup`, `restore`, `verify`, `reindex`."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import click

from winloss.bootstrap import default_workspace
from winloss.cli.shared import filter_options, json_option, print_json, warn_of_few, workbench
from winloss.model import Filters
from winloss.ports import Workbench
from winloss.services.presenting import plain
from winloss.services.quote_rights.outward import FewPeople


@click.command("status")
@json_option
@click.pass_context
def status_command(context: click.Context, *, as_json: bool) -> None:
    """Show what is stored and what is out of date.

    \b
    Example:
      winloss status
    """
    from winloss.services.workspace.status import status

    answer = status(workbench(context))
    if as_json:
        print_json(plain(answer))
        return
    for name, value in answer.items():
        if isinstance(value, dict):
            shown = ", ".join(
                f"{count} {what}" if count is not True else what for what, count in value.items() if count
            )
            click.echo(f"{name}: {shown or 'none'}")
        else:
            click.echo(f"{name}: {', '.join(value) if isinstance(value, list) else value}")


@click.command("doctor")
@json_option
@click.pass_context
def doctor_command(context: click.Context, *, as_json: bool) -> None:
    """Check packages, model, store and index; exit status 1 where something is wrong.

    \b
    Example:
      winloss doctor
    """
    from winloss.services.workspace.status import doctor

    checks = doctor(workbench(context))
    if as_json:
        print_json({"checks": plain(checks)})
    else:
        for check in checks:
            click.echo(f"{'ok     ' if check.passed else 'PROBLEM'} {check.name}: {check.detail}")
    sys.exit(0 if all(check.passed for check in checks) else 1)


@click.command("export")
@filter_options()
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write: .csv, .docx, .jsonl, .md or .qdpx.",
)
@click.option("--collection", metavar="NAME", help="Write what is pinned to this collection, with its notes.")
@click.option("--saved", metavar="NAME", help="Write what this saved search finds now.")
@click.pass_context
def export_command(
    context: click.Context, filters: Filters, out: Path, collection: str | None, saved: str | None
) -> None:
    """Write the verbatims that pass the filters, or those of a collection or a saved search, and may be quoted.

    A .qdpx file is a REFI-QDA project, documents with their coded verbatims for QualCoder, NVivo and others.

    \b
    Examples:
      winloss export --segment federal --facet pain --out federal-pains.csv
      winloss export --quarter 2026Q2 --out 2026Q2.qdpx
      winloss export --collection "Board deck" --out board-deck.docx
    """
    from winloss.services.research.coding_export import export_project
    from winloss.services.workspace.keeping import export_lines

    if collection or saved or out.suffix in (".docx", ".md"):
        _export_handout(workbench(context), filters, out, collection=collection, saved=saved)
        return
    few: dict[FewPeople, None] = {}
    if out.suffix == ".qdpx":
        texts, coded = export_project(workbench(context), filters, out, few=few)
        click.echo(f"{out}: {coded:,} coded verbatims in {texts:,} texts")
        warn_of_few([item.words for item in few])
        return
    lines = export_lines(workbench(context), filters, suffix=out.suffix, few=few)
    aside = out.with_name(out.name + ".part")
    with aside.open("w", encoding="utf-8", newline="") as target:
        target.writelines(lines)
    aside.replace(out)
    click.echo(str(out))
    warn_of_few([item.words for item in few])


def _export_handout(
    bench: Workbench, filters: Filters, out: Path, *, collection: str | None, saved: str | None
) -> None:
    from winloss.services.research import quoting

    if sum(map(bool, (filters, collection, saved))) > 1:
        raise click.UsageError("Name filters, a collection or a saved search: one of them.")
    if collection:
        handout = quoting.of_collection(bench, collection)
    else:
        handout = quoting.of_search(bench, saved) if saved else quoting.of_filters(bench, filters)
    quoting.write(bench, handout, out)
    click.echo(f"{out}: {handout.told}")
    warn_of_few([few.words for few in handout.few])


@click.command("backup")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_context
def backup_command(context: click.Context, target: Path) -> None:
    """Write the workspace's truth into one zip.

    What was forgotten is not in it, and the marks that keep it from coming back are.

    \b
    Example:
      winloss backup winloss-2026-09-30.zip
    """
    from winloss.services.workspace.keeping import backup

    click.echo(str(backup(workbench(context), target)))


@click.command("restore")
@click.argument("archive", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_context
def restore_command(context: click.Context, archive: Path) -> None:
    """Unpack a backup into an empty workspace.

    A backup from before something was forgotten brings it back: forget it there again.

    \b
    Example:
      winloss --workspace restored restore winloss-2026-09-30.zip
    """
    from winloss.bootstrap import open_workbench
    from winloss.services import journal
    from winloss.services.team import users
    from winloss.services.workspace.keeping import restore

    root = context.obj or default_workspace()
    restore(archive, root)
    bench = open_workbench(root)
    users.end_everything(bench)
    journal.note(bench, journal.RESTORED, archive.name)
    if bench.store.has_users():
        click.echo("Users and passwords are as they were then; sign-ins and tokens from then open nothing any more.")
    click.echo(f"Restored into {root}. Next: winloss --workspace {root} analyse")


@click.command("verify")
@click.option("--repair", is_flag=True, help="Rebuild what does not agree.")
@json_option
@click.pass_context
def verify_command(context: click.Context, *, repair: bool, as_json: bool) -> None:
    """Compare the search index and the vectors with the store; exit status 1 where they do not agree.

    \b
    Examples:
      winloss verify
      winloss verify --repair
    """
    from winloss.services import analysis
    from winloss.services.erasure import erasing
    from winloss.services.search import indexing

    bench = workbench(context)
    found = indexing.verify(bench)
    if repair and not found.complete:
        with erasing.at_work(bench):
            analysis.embed_verbatims(bench)
            indexing.rebuild(bench)
        found = indexing.verify(bench)
    if as_json:
        print_json({**asdict(found), "complete": found.complete, "searching": bench.searching})
    else:
        click.echo(f"{found.stored:,} verbatims stored; searching happens {bench.searching}")
        for number, what in (
            (found.missing, "not indexed"),
            (found.differing, "indexed with other words"),
            (found.extra, "indexed but not stored"),
            (found.without_vector, "without a vector"),
        ):
            click.echo(f"{number:>8,} {what}")
        click.echo("Everything agrees." if found.complete else "Next: winloss verify --repair")
    if not found.complete:
        sys.exit(1)


@click.command("reindex")
@click.pass_context
def reindex_command(context: click.Context) -> None:
    """Throw the search index and the vectors away and rebuild them from the store.

    \b
    Example:
      winloss reindex
    """
    from winloss.services import analysis
    from winloss.services.erasure import erasing
    from winloss.services.search import indexing

    bench = workbench(context)
    with erasing.at_work(bench):
        bench.vectors().clear()
        embedded = analysis.embed_verbatims(bench)
        indexed = indexing.rebuild(bench)
    click.echo(f"{embedded:,} vectors and {indexed:,} index entries rebuilt from the store")
