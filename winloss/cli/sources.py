"""`winloss ingest`, `copies`, `formats`: sources in, or a look at what would come in."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from winloss.cli.shared import json_option, print_json, workbench
from winloss.model import Finding
from winloss.ports import Format, Workbench
from winloss.services.presenting import plain
from winloss.services.sources import intake, preview

ASK = "?"
KINDS = ("interview", "community", "inquiry", "survey", "deals", "accounts")


@click.command("ingest")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--kind", type=click.Choice(KINDS), help="What the files are, where their content does not tell.")
@click.option(
    "--map",
    "mapping",
    is_flag=False,
    flag_value=ASK,
    help="A mapping file; without one, at the end of the line: ask what the columns of a table mean.",
)
@click.option("--private", is_flag=True, help="Read direct messages and private channels of chats, too.")
@click.option("--dry-run", is_flag=True, help="Show what would be read; store nothing.")
@json_option
@click.pass_context
def ingest_command(
    context: click.Context,
    paths: tuple[Path, ...],
    kind: str | None,
    mapping: str | None,
    *,
    private: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Read files, folders or zips into the workspace.

    A folder's manifest.csv gives dates, accounts, outcomes and participants; FILE.map.toml beside FILE.csv maps its
    columns. Reading the same bytes again changes nothing; a corrected file becomes a new version.

    \b
    Examples:
      winloss ingest interviews/
      winloss ingest posts.csv --map posts.map.toml --dry-run
      winloss ingest posts.csv --map
    """
    bench = workbench(context)
    chosen = _mapping(bench, mapping, paths, kind)
    if dry_run:
        previews = preview.look(bench, paths, kind=kind, mapping=chosen, private=private)
        if as_json:
            print_json(plain(previews))
        else:
            for item in previews:
                _print_preview(item)
        sys.exit(2 if any(item.error for item in previews) else 0)
    report = intake.take_in(bench, paths, kind=kind, mapping=chosen, private=private)
    print_json(plain(report)) if as_json else _print_report(report)
    sys.exit(2 if any(item.status == "refused" for item in report.files) else 0)


def _mapping(bench: Workbench, written: str | None, paths: tuple[Path, ...], kind: str | None) -> Path | None:
    """The mapping file that is named, or that comes of asking."""
    if written is None:
        return None
    if written == ASK:
        from winloss.cli.mapping import mapping_by_asking

        return mapping_by_asking(bench, paths, kind=kind)
    if not Path(written).is_file():
        raise click.BadParameter(f"there is no file {written!r}", param_hint="--map")
    return Path(written)


@click.command("copies")
@json_option
@click.pass_context
def copies_command(context: click.Context, *, as_json: bool) -> None:
    """List documents that say what another one says, with which of them counts and why.

    \b
    Example:
      winloss copies
    """
    bench = workbench(context)
    copies = bench.store.copies()
    if as_json:
        print_json({"copies": plain(copies)})
        return
    names = {document.id: document.title or document.external_id for document in bench.store.documents()}
    for copy in copies:
        counted = "counts except for those words" if copy.how == "quotes" else "is not counted"
        click.echo(f"{names.get(copy.document_id, copy.document_id)}  {click.style(copy.document_id, dim=True)}")
        click.echo(f"    {counted}: it {copy.evidence}  {click.style(copy.of_id, dim=True)}")
    click.echo(f"{len(copies):,} documents say what another one says.")


@click.command("formats")
@json_option
def formats_command(*, as_json: bool) -> None:
    """List every format that is read, and what comes of it.

    \b
    Example:
      winloss formats
    """
    from ingest import formats

    found = list(formats.formats())
    if as_json:
        rows = [{"family": heading, "reader": reader, "format": plain(form)} for heading, reader, form in found]
        print_json({"formats": rows})
    else:
        _print_formats(found)


@click.command("template")
@click.argument("kind", type=click.Choice(("inquiries", "interviews", "deals", "accounts", "manifest")))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write: .csv or .xlsx.")
def template_command(kind: str, out: Path | None) -> None:
    """Write a table of ours to fill in. An Excel file has a second sheet that explains every column.

    \b
    Examples:
      winloss template inquiries --out inquiries.xlsx
      winloss template manifest > interviews/manifest.csv
    """
    from winloss.services.sources.templates import template_csv, write_template

    if out is None:
        click.echo(template_csv(kind), nl=False)
    else:
        write_template(kind, out)
        click.echo(f"{out}: fill it in, then winloss ingest {out.name}")


def _print_formats(found: Sequence[tuple[str, str, Format]]) -> None:
    before = ""
    for heading, _, form in found:
        if heading != before:
            click.echo(click.style(heading, bold=True))
        before = heading
        about = f"{form.looks.replace('`', '')}: {form.gives}"
        click.echo(f"  {form.name}  {click.style(about, dim=True)}")


def _print_report(report: intake.IntakeReport) -> None:
    for item in report.files:
        click.echo(f"{item.status:<9} {item.path}  {_counted(item)}")
        if item.error:
            click.echo(f"          {item.error}\n          hint: {item.hint}", err=True)
        if item.status != "unchanged":
            _print_findings(item.findings)
    _print_findings(report.findings)
    if report.joined:
        click.echo(f"{report.joined} documents got account, segment or outcome from CRM data")
    if any(item.status in ("added", "updated") for item in report.files):
        click.echo("Next: winloss analyse")


def _counted(item: intake.FileOutcome) -> str:
    words = {
        "documents": item.documents,
        "new versions": item.new_versions,
        "turns": item.turns,
        "deals": item.deals,
        "accounts": item.accounts,
    }
    return ", ".join(f"{count:,} {name}" for name, count in words.items() if count)


def _print_findings(findings: tuple[Finding, ...]) -> None:
    for finding in findings:
        times = f" ({finding.count:,} times)" if finding.count > 1 else ""
        place = f" [{finding.where}]" if finding.where and finding.count == 1 else ""
        click.echo(click.style(f"          {finding.severity}: {finding.message}{times}{place}", dim=True))


def _print_preview(item: preview.Preview) -> None:
    click.echo(click.style(item.path, bold=True))
    if item.error:
        click.echo(f"  {item.error}\n  hint: {item.hint}", err=True)
        return
    click.echo(
        f"  read by: {item.reader}; {item.documents} documents, {item.turns} turns, {item.deals} deals, "
        f"{item.accounts} accounts"
    )
    for speaker in item.speakers:
        click.echo(
            f"  {speaker.name or '(no name)'}: {speaker.side} ({speaker.side_evidence}); "
            f"{speaker.role or 'role unknown'}{f' ({speaker.role_evidence})' if speaker.role else ''}"
        )
    for words in item.verbatims:
        click.echo(f"  “{words}”")
    _print_findings(item.findings)
