"""Keeping the search index in step with the store; it can be thrown away and rebuilt at any time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from winloss.model import Passage
from winloss.ports import Workbench

BATCH = 2000
DOCUMENTS_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How far index and vectors agree with the store, in verbatims; all of the last four are 0 where they do.

    `extra` are indexed but not current, `differing` are indexed with other words, `without_vector` have none.
    """

    stored: int
    missing: int
    extra: int
    differing: int
    without_vector: int

    @property
    def complete(self) -> bool:
        """Whether everything agrees."""
        return not (self.missing or self.extra or self.differing or self.without_vector)


def refresh(bench: Workbench) -> int:
    """Bring the index to the store's revision; returns how many passages were added or replaced."""
    revision = bench.store.revision()
    index = bench.index()
    at = index.revision()
    if at == revision:
        return 0
    touched = bench.store.touched(at) if at is not None else None
    if at is None or touched is None:
        return _compared(bench, revision) if at is not None else rebuild(bench)
    changed: list[str] = []
    gone: set[str] = set()
    for start in range(0, len(touched), DOCUMENTS_AT_ONCE):
        documents = touched[start : start + DOCUMENTS_AT_ONCE]
        current = [row.id for row in bench.store.evidence_rows(documents)]
        changed += index.differing(_by_id(bench, current))
        gone |= {verbatim.id for verbatim in bench.store.verbatims_of(documents)} - set(current)
    index.update(_by_id(bench, changed), gone, revision=revision)
    bench.engine().ready()
    return len(changed)


def repair(bench: Workbench) -> None:
    """Bring an index that a crash or an older version left behind up to date, once in the life of a workbench."""
    if not bench.memo.setdefault("index repaired", False):
        bench.memo["index repaired"] = True
        if bench.index().revision() != bench.store.revision() and bench.store.counts()["verbatims"]:
            refresh(bench)


def rebuild(bench: Workbench) -> int:
    """Throw away the index and what the engine keeps, and build them from the store; returns how many passages."""
    revision = bench.store.revision()
    total = bench.store.counts()["verbatims"]
    with bench.progress.track("indexing", total=total) as advance:
        bench.index().rebuild(_everything(bench, advance), revision=revision)
    bench.engine().forget()
    bench.engine().ready()
    return total


def verify(bench: Workbench) -> Agreement:
    """Compare every verbatim of the store with the index and the vectors."""
    index, vectors = bench.index(), bench.vectors()
    indexed = index.ids()
    stored: set[str] = set()
    differing = missing = without_vector = 0
    with bench.progress.track("comparing", total=bench.store.counts()["verbatims"]) as advance:
        for passages in _batches(bench):
            ids = {passage.id for passage in passages}
            stored |= ids
            missing += len(ids - indexed)
            differing += len(indexed.intersection(index.differing(passages)))
            advance(len(passages))
    if gone := set(vectors.missing(bench.store.text_keys())):
        without_vector = sum(row.key in gone for row in bench.store.evidence_rows())
    return Agreement(
        stored=len(stored),
        missing=missing,
        extra=len(indexed - stored),
        differing=differing,
        without_vector=without_vector,
    )


def _compared(bench: Workbench, revision: int) -> int:
    """Bring the index to the revision by comparing everything."""
    index = bench.index()
    changed: list[str] = []
    stored: set[str] = set()
    for passages in _batches(bench):
        stored |= {passage.id for passage in passages}
        changed += index.differing(passages)
    index.update(_by_id(bench, changed), index.ids() - stored, revision=revision)
    bench.engine().ready()
    return len(changed)


def _everything(bench: Workbench, advance: Callable[[int], None]) -> Iterator[Passage]:
    for passages in _batches(bench):
        yield from passages
        advance(len(passages))


def _batches(bench: Workbench) -> Iterator[list[Passage]]:
    after = ""
    while passages := bench.store.passages_after(after, limit=BATCH):
        yield passages
        after = passages[-1].id


def _by_id(bench: Workbench, ids: Sequence[str]) -> Iterator[Passage]:
    for start in range(0, len(ids), BATCH):
        yield from bench.store.passages(ids[start : start + BATCH])
