"""`winloss audit` and `decks`: a deck held against the verbatims, and the decks that are kept."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from winloss.cli.shared import filter_options, json_option, print_json, workbench
from winloss.model import UNSURE, Filters
from winloss.model.auditing import AuditedClaim, CheckedQuote, Grade, Holding, QuoteState, SynthesisAudit, Witness
from winloss.ports import Workbench

QUOTED = 2
COLOURS = {
    Grade.SUPPORTED: "green",
    Grade.ONE_SEGMENT: "yellow",
    Grade.THIN: "yellow",
    Grade.CONTRADICTED: "red",
    Grade.NO_EVIDENCE: "red",
    Grade.RESTATED: "magenta",
    Grade.UNFALSIFIABLE: "cyan",
}


@click.command("audit")
@click.argument("deck", type=click.Path(path_type=Path))
@filter_options()
@click.option(
    "--keep", is_flag=True, help="Keep it as the synthesis of its quarter: drift and later decks are held against it."
)
@click.option("--by", metavar="NAME", help="Who keeps it.")
@click.option("--strict", is_flag=True, help="Exit with 1 unless every claim is supported.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write .html, .json, or a copy of the deck with remarks.",
)
@click.option("--link", default="http://127.0.0.1:8321/v/", show_default=True, help="What permalinks begin with.")
@json_option
@click.pass_context
def audit_command(
    context: click.Context,
    deck: Path,
    filters: Filters,
    *,
    keep: bool,
    by: str | None,
    strict: bool,
    out: Path | None,
    link: str,
    as_json: bool,
) -> None:
    """Hold a deck against what buyers said: every claim graded, with the verbatims for and against it.

    DECK is a PPTX (notes too), DOCX, PDF, Markdown or text file, or a list of themes (CSV, JSON, one a line). --quarter
    is the one it speaks of; everything said until its end counts. Without it, the latest.

    \b
    Examples:
      winloss audit q2-readout.pptx --quarter 2026Q2
      winloss audit q2-readout.docx --segment federal --out q2-readout-checked.docx
      winloss audit q2-readout.pptx --quarter 2026Q2 --keep --by "Dana"
    """
    from winloss.services.audit import audit_files, auditing, keeping_decks
    from winloss.services.audit.audit_presenting import audit_json
    from winloss.services.search import searching

    bench = workbench(context)
    searching.check_filters(bench, filters)
    audit = auditing.audit_file(bench, deck, quarter=auditing.one_quarter(filters), filters=filters)
    if keep:
        kept = keeping_decks.keep(bench, deck, audit, by=by)
        click.echo(f"Kept as the synthesis of {kept.quarter} ({kept.id}).", err=True)
    if out is not None:
        audit_files.write(bench, audit, deck, out, link=lambda verbatim_id: link + verbatim_id)
        click.echo(f"Written to {out}.", err=True)
    if as_json:
        print_json(audit_json(audit))
    else:
        _print(bench, audit)
    if strict and not audit.sound:
        sys.exit(1)


@click.group("decks")
def decks_command() -> None:
    """The decks that are kept as what a quarter's synthesis says.

    \b
    Example:
      winloss audit q2-readout.pptx --quarter 2026Q2 --keep
      winloss decks list
    """


@decks_command.command("list")
@json_option
@click.pass_context
def list_decks(context: click.Context, *, as_json: bool) -> None:
    """List the kept decks, the latest quarter first."""
    from winloss.services.audit import keeping_decks
    from winloss.services.audit.audit_presenting import deck_json

    bench = workbench(context)
    known = keeping_decks.decks(bench)
    if as_json:
        print_json({"decks": [deck_json(deck) for deck in known]})
        return
    for deck in known:
        scope = f"  {deck.segment}" if deck.segment else ""
        click.echo(f"{deck.quarter}  {deck.name}  {len(deck.claims)} claims{scope}  {click.style(deck.id, dim=True)}")
    if not known:
        click.echo("No deck is kept. `winloss audit DECK --keep` keeps one.")


@decks_command.command("show")
@click.argument("deck")
@json_option
@click.pass_context
def show_deck(context: click.Context, deck: str, *, as_json: bool) -> None:
    """Hold a kept deck against the verbatims as they are now; DECK is its name or id."""
    from winloss.services.audit import keeping_decks
    from winloss.services.audit.audit_presenting import audit_json

    bench = workbench(context)
    audit = keeping_decks.reopened(bench, keeping_decks.find(bench, deck))
    if as_json:
        print_json(audit_json(audit))
    else:
        _print(bench, audit)


@decks_command.command("remove")
@click.argument("deck")
@click.option("--by", metavar="NAME", help="Who takes it away.")
@click.pass_context
def remove_deck(context: click.Context, deck: str, *, by: str | None) -> None:
    """Keep a deck no longer; DECK is its name or id. `winloss decks undo` brings it back."""
    from winloss.services.audit import keeping_decks

    gone = keeping_decks.remove(workbench(context), deck, by=by)
    click.echo(f"{gone.name} of {gone.quarter} is no longer kept.")


@decks_command.command("undo")
@click.option("--by", metavar="NAME", help="Whose last step is taken back.")
@click.pass_context
def undo_deck(context: click.Context, *, by: str | None) -> None:
    """Take back the last thing done to what is kept."""
    from winloss.services import doing

    click.echo(f"Taken back: {doing.undo(workbench(context), by=by).what}.")


# --- telling ---------------------------------------------------------------------------------------------------------


def _print(bench: Workbench, audit: SynthesisAudit) -> None:
    from winloss.report.audit_texts import basis, headline, left_out_line

    click.echo(click.style(f"{audit.name}: {headline(audit)}", bold=True))
    click.echo(click.style(UNSURE, dim=True))
    click.echo(click.style(basis(audit), dim=True))
    for number, claim in enumerate(audit.claims, start=1):
        _print_claim(bench, claim, number)
    if audit.quotes:
        click.echo(click.style("\nQuotations", bold=True))
        for quote in audit.quotes:
            _print_quote(quote)
    click.echo(click.style("\nWhat the deck leaves out", bold=True))
    click.echo(f"  {audit.covered} of {audit.themes} strong or new themes of the quarter are spoken of.")
    for item in audit.left_out:
        click.echo(f"  {left_out_line(item)}")
        for passage in item.quotes[:1]:
            click.echo(click.style(f"      “{' '.join(passage.text.split())}”", dim=True))


def _print_claim(bench: Workbench, claim: AuditedClaim, number: int) -> None:
    from winloss.report.audit_texts import counts, heard

    mark = click.style(claim.grade.value.upper(), fg=COLOURS[claim.grade], bold=True)
    click.echo(f"\n{number:>3}. {mark}  {claim.claim.text}  {click.style(claim.claim.where, dim=True)}")
    click.echo(f"     {claim.reason}")
    for line in (", ".join(claim.scope_words), counts(claim.segments), heard(claim)):
        if line:
            click.echo(click.style(f"     {line}", dim=True))
    for item in claim.numbers:
        colour = {Holding.HOLDS: "green", Holding.FAILS: "red"}.get(item.holding)
        click.echo(f"     “{item.words}” {click.style(item.holding.value, fg=colour)}: {item.reason}")
    for remark in claim.remarks:
        click.echo(f"     {remark}")
    _print_side(bench, "+", claim.witnesses)
    _print_side(bench, "-", claim.against)


def _print_side(bench: Workbench, sign: str, side: Sequence[Witness]) -> None:
    from winloss.services.presenting import attribution, may_quote

    for witness in [one for one in side if may_quote(one.passage)][:QUOTED]:
        if witness.led_by:
            click.echo(click.style(f"     ? {witness.led_how}: “{witness.led_by}”", dim=True))
        passage = witness.passage
        click.echo(f"     {sign} “{' '.join(passage.text.split())}”")
        click.echo(click.style(f"       {attribution(passage, bench.codebook)} · {passage.id}", dim=True))


def _print_quote(quote: CheckedQuote) -> None:
    from winloss.report.audit_texts import quote_note

    colour = "green" if quote.state is QuoteState.EXACT else "red"
    click.echo(
        f"  {click.style(quote.state.value.upper(), fg=colour)}  {quote_note(quote)}  "
        f"{click.style(quote.where, dim=True)}"
    )
