"""The demo: a fresh workspace with the fictional corpus, analysed with the real model, summed up in a page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import fixtures
from winloss.errors import ConfigError
from winloss.model import Facet, Filters, Scope, State
from winloss.ports import Workbench
from winloss.services import browsing, presenting
from winloss.services.analysis import analyse
from winloss.services.belief import beliefs, believing
from winloss.services.belief.belief_files import drafts_in
from winloss.services.sources import intake

MARK = ".winloss-demo"
TOLD = 3


def prepare(root: Path) -> None:
    """Make an empty demo workspace at `root`, replacing an earlier demo.

    Raises:
        ConfigError: the folder holds something that is not a demo; it is left alone.
    """
    if root.exists() and any(root.iterdir()):
        if not (root / MARK).exists():
            raise ConfigError(
                f"{root} is not empty and not a demo workspace", hint="Name another folder with --workspace."
            )
        shutil.rmtree(root)
    root.mkdir(parents=True, exist_ok=True)
    (root / MARK).touch()
    shutil.copyfile(fixtures.CODEBOOK, root / "codebook.toml")
    shutil.copyfile(fixtures.SETTINGS, root / "winloss.toml")


def run(bench: Workbench) -> Iterator[str]:
    """Ingest the corpus, analyse it, and tell what was found, line by line."""
    yield bench.settings.label
    read = intake.take_in(bench, [fixtures.CORPUS])
    for refused in (item for item in read.files if item.status == "refused"):
        yield f"refused: {refused.path}: {refused.error}"
    analyse(bench)
    counts = bench.store.counts()
    yield (
        f"{counts['documents']:,} documents, {counts['verbatims']:,} verbatims, {counts['deals']:,} deals, "
        f"{counts['accounts']:,} accounts"
    )
    latest = browsing.quarters(bench)[-1]
    yield from _pains(bench, latest)
    yield from _verdicts(bench)
    yield from _beliefs(bench)


def _pains(bench: Workbench, quarter: str) -> Iterator[str]:
    for segment in browsing.segments(bench):
        filters = Filters(segment=(segment,), facet=(Facet.PAIN.value,))
        page = browsing.theme_page(bench, filters, quarter=quarter)
        yield f"\nTop pains, {segment}, {quarter}:"
        for view in page.themes[:TOLD]:
            yield f"  {view.share.count:>3} of {view.share.base} people  {view.theme.title}"
            for passage in view.exemplars[:1]:
                yield f"      “{' '.join(passage.text.split())}” ({presenting.attribution(passage, bench.codebook)})"


def _verdicts(bench: Workbench) -> Iterator[str]:
    yield "\nIs new signal still arriving? (all facets, all segments)"
    for verdict in browsing.verdicts(bench):
        if verdict.scope == Scope():
            mark = "*" if verdict.state in (State.NEW_SIGNAL, State.NARROWED, State.LAUNDERED) else " "
            yield f"{mark} {verdict.quarter}  {verdict.state.value:<13} {verdict.sentence}"


def _beliefs(bench: Workbench) -> Iterator[str]:
    beliefs.add_all(bench, drafts_in(fixtures.BELIEFS), by=None)
    yield "\nWhat leadership believes, held against what buyers say:"
    for entry in believing.register(bench):
        yield f"  {entry.verdict.value:<20} {entry.belief.statement}: {entry.sentence}"
