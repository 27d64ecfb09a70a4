"""Keeping the search index in step with the store; it can be thrown away and rebuilt at any time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from winloss.model import Passage
from winloss.ports import Workbench

BATCH = 2000


def refresh(bench: Workbench) -> int:
    """Bring the index to the store's revision; returns how many passages were added."""
    revision = bench.store.revision()
    index = bench.index()
    at = index.revision()
    if at == revision:
        return 0
    if at is None:
        return rebuild(bench)
    stored, indexed = {row.id for row in bench.store.evidence()}, index.ids()
    fresh = sorted(stored - indexed)
    index.update(_by_id(bench, fresh), indexed - stored, revision=revision)
    return len(fresh)


def rebuild(bench: Workbench) -> int:
    """Throw the index away and build it from the store; returns how many passages it holds."""
    revision = bench.store.revision()
    total = bench.store.counts()["verbatims"]
    with bench.progress.track("indexing", total=total) as advance:
        bench.index().rebuild(_everything(bench, advance), revision=revision)
    return total


def _everything(bench: Workbench, advance: Callable[[int], None]) -> Iterator[Passage]:
    after = ""
    while passages := bench.store.passages_after(after, limit=BATCH):
        yield from passages
        after = passages[-1].id
        advance(len(passages))


def _by_id(bench: Workbench, ids: Sequence[str]) -> Iterator[Passage]:
    for start in range(0, len(ids), BATCH):
        yield from bench.store.passages(ids[start : start + BATCH])
