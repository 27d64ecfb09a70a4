"""Hits for people: the words with their marks, who said them as far as rights allow, what says nearly the same."""

from __future__ import annotations

import sys

import click

from winloss.model import Hit, Passage, SearchPage
from winloss.ports import Workbench
from winloss.services import presenting
from winloss.services.search import folding, showing


def print_results(bench: Workbench, page: SearchPage) -> None:
    """A page of hits, or that there are none and what comes nearest."""
    _print_hits(bench, page.hits)
    if not page.hits:
        click.echo("Nothing found. Try fewer words, `--mode meaning`, or fewer filters.")
    if page.nearest:
        click.echo("Nothing is close; the nearest are:")
        _print_hits(bench, page.nearest)
    if page.total > len(page.hits):
        click.echo(click.style(f"{len(page.hits)} of {page.total:,} shown; --limit shows more", dim=True))


def source_line(bench: Workbench, passage: Passage) -> str:
    """Who said it, when, and where in the recording."""
    parts = [
        passage.facet if passage.facet != "none" else None,
        presenting.attribution(passage, bench.codebook),
        passage.date or "no date",
        f"at {presenting.clock(passage.start_ms)}" if passage.start_ms is not None else None,
        passage.id,
    ]
    return " · ".join(part for part in parts if part)


def _print_hits(bench: Workbench, hits: tuple[Hit, ...]) -> None:
    for number, (hit, same) in enumerate(folding.folds(hits), start=1):
        click.echo(f"{click.style(f'{number:>2}. ', dim=True)}“{_words(hit)}”")
        _print_nearest_sentence(hit)
        click.echo(click.style(f"    {source_line(bench, hit.passage)}", dim=True))
        if same:
            click.echo(click.style(f"    and {len(same)} nearly the same:", dim=True))
        for other in same:
            click.echo(click.style(f"      {source_line(bench, other.passage)}", dim=True))


def _words(hit: Hit) -> str:
    """The text on one line: words looked for in bold, the nearest sentence underlined, cuts shown."""
    it = showing.shown(hit)
    marked = "".join(
        click.style(piece.text, bold=piece.found or None, underline=piece.near or None) for piece in it.pieces
    )
    line = " ".join(marked.split())
    return f"{'… ' if it.cut_before else ''}{line}{' …' if it.cut_after else ''}"


def _print_nearest_sentence(hit: Hit) -> None:
    """The sentence once more where nothing can be underlined."""
    if sys.stdout.isatty():
        return
    if near := "".join(piece.text for piece in showing.shown(hit).pieces if piece.near):
        click.echo(f"    nearest in meaning: “{' '.join(near.split())}”")
