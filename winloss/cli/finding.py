"""`winloss search`, `similar`, `show`: the buyer's words, found."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from winloss.cli.results import print_results
from winloss.cli.shared import filter_options, json_option, print_json, print_passage, read_lines, workbench
from winloss.errors import QueryError
from winloss.model import Filters, Side
from winloss.ports import Workbench
from winloss.services.presenting import clock, hit_json, passage_json, plain
from winloss.services.search import searching
from winloss.services.themes import permissions


@click.command("search")
@click.argument("query", required=False, default="")
@filter_options()
@click.option("--mode", type=click.Choice(searching.MODES), default="hybrid", show_default=True, help="How to search.")
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True, help="How many to show.")
@click.option("--queries", type=click.Path(exists=True, path_type=Path), help="Batch: a file of `id<TAB>query` lines.")
@click.option(
    "--run", "run_file", type=click.Path(dir_okay=False, path_type=Path), help="Batch: the TREC run to write."
)
@click.option(
    "--by",
    type=click.Choice(["document", "verbatim"]),
    default="document",
    show_default=True,
    help="Batch: what the run ranks.",
)
@json_option
@click.pass_context
def search_command(
    context: click.Context,
    query: str,
    filters: Filters,
    mode: str,
    limit: int,
    queries: Path | None,
    run_file: Path | None,
    by: str,
    *,
    as_json: bool,
) -> None:
    """Find what buyers said: words, "exact phrases", -not, OR, (groups), wild*, fuzzy~, "near these"~5, role:ciso.

    \b
    Examples:
      winloss search "year two cost" --segment "mid-market commercial"
      winloss search 'nobody reads alerts' --mode meaning --facet pain --json
      winloss search --queries queries.tsv --run out.trec
    """
    bench = workbench(context)
    searching.check_filters(bench, filters)
    if queries or run_file:
        _run_batch(bench, queries, run_file, filters, mode, by)
        return
    page = searching.search(bench, query, filters, mode=mode, limit=limit, counted=False)
    if as_json:
        print_json(
            {
                "query": page.query,
                "mode": page.mode,
                "total": page.total,
                "hits": [hit_json(hit) for hit in page.hits],
                "nearest": [hit_json(hit) for hit in page.nearest],
            }
        )
        return
    print_results(bench, page)
    meant = searching.meant(bench, page, filters)
    for offer in searching.instead(bench, query, filters, mode=mode) if not page.total else filter(None, [meant]):
        click.echo(f"  {offer.label} ({offer.total:,} verbatims)")


@click.command("similar")
@click.argument("verbatim_id")
@filter_options()
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True, help="How many to show.")
@json_option
@click.pass_context
def similar_command(context: click.Context, verbatim_id: str, filters: Filters, limit: int, *, as_json: bool) -> None:
    """Show the verbatims that mean nearly the same as one.

    \b
    Example:
      winloss similar vabcdefghijklmnop --facet pain
    """
    bench = workbench(context)
    page = searching.similar(bench, verbatim_id, filters, limit=limit)
    if as_json:
        print_json({"verbatim": verbatim_id, "hits": [hit_json(hit) for hit in page.hits]})
    else:
        print_results(bench, page)


@click.command("show")
@click.argument("verbatim_id")
@click.option(
    "--context", "around", type=click.IntRange(0, 50), default=2, show_default=True, help="Turns before and after."
)
@json_option
@click.pass_context
def show_command(context: click.Context, verbatim_id: str, around: int, *, as_json: bool) -> None:
    """Show a verbatim in its context.

    \b
    Example:
      winloss show vabcdefghijklmnop --context 4
    """
    bench = workbench(context)
    found = searching.show(bench, verbatim_id, context=around)
    if as_json:
        print_json(
            {
                **passage_json(found.passage),
                "question": found.passage.question,
                "retired": found.retired,
                "in_deal": plain(permissions.part_in(bench, found)),
                "context": [plain(turn) for turn in found.turns],
            }
        )
        return
    for turn in found.turns:
        who = turn.speaker.name if turn.speaker.side is not Side.BUYER else (turn.speaker.role or "buyer")
        when = f" · {clock(turn.start_ms)}" if turn.start_ms is not None else ""
        heading = f"{turn.speaker.side}: {who}{when}"
        click.echo(click.style(heading, bold=turn.ordinal == found.passage.turn, dim=True))
        click.echo(f"  {turn.text}\n")
    print_passage(bench, found.passage)


def _run_batch(
    bench: Workbench, queries: Path | None, run_file: Path | None, filters: Filters, mode: str, by: str
) -> None:
    if queries is None or run_file is None:
        raise QueryError("a batch needs both --queries and --run", hint="Give a file of `id<TAB>query` lines.")
    pairs = []
    for number, line in enumerate(read_lines(str(queries)), start=1):
        query_id, tab, query = line.partition("\t")
        if line.strip() and not tab:
            raise QueryError(f"line {number} of {queries.name} has no tab", hint="Write `id<TAB>query` lines.")
        if line.strip():
            pairs.append((query_id, query))
    aside = run_file.with_name(run_file.name + ".part")
    with bench.progress.track("searching", total=len(pairs)) as advance, aside.open("w", encoding="utf-8") as out:
        for pair in pairs:
            out.writelines(f"{line}\n" for line in searching.run_batch(bench, [pair], filters, mode=mode, by=by))
            advance(1)
    aside.replace(run_file)
    sys.stderr.write(f"{len(pairs)} queries written to {run_file}\n")
