"""Finding what a buyer said: by words, by meaning, or both fused; similar verbatims; a verbatim in its context."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from winloss.errors import NotFound, QueryError
from winloss.model import Filters, Hit, InContext, Passage, SearchPage, text_key
from winloss.ports import Workbench
from winloss.services import presenting
from winloss.services.library import Library, library

if TYPE_CHECKING:
    from winloss.ports import Vectors

MODES = ("hybrid", "words", "meaning")
COUNTED = (
    "segment",
    "role",
    "mode",
    "facet",
    "source",
    "outcome",
    "competitor",
    "quarter",
    "account",
    "tag",
    "language",
)
DEPTH = 1000
"""How deep each single mode looks; what lies deeper is not fused, counted or paged."""

Ranking = list[tuple[str, float]]


def search(
    bench: Workbench,
    query: str,
    filters: Filters,
    *,
    mode: str = "hybrid",
    limit: int = 20,
    offset: int = 0,
    counted: bool = True,
) -> SearchPage:
    """One page of the verbatims that match; without a query, the newest that pass the filters.

    `counted=False` leaves the filter counts out, which spares a cold start from reading the whole evidence.

    Raises:
        QueryError: the query, a filter's value or the mode is wrong; the message says where.
    """
    if mode not in MODES:
        raise QueryError(f"no search mode {mode!r}", hint=f"Modes: {', '.join(MODES)}.")
    ranking = rank(bench, query, filters, mode=mode, depth=max(DEPTH, offset + limit))
    window = ranking[offset : offset + limit]
    counts = _filter_counts(library(bench), filters, [found for found, _ in ranking], query) if counted else {}
    return SearchPage(
        query=query,
        mode=mode,
        total=len(ranking),
        hits=_hits(bench, window, query),
        filter_counts=counts,
    )


def rank(bench: Workbench, query: str, filters: Filters, *, mode: str, depth: int) -> Ranking:
    """(verbatim id, score), best first, ties by id."""
    if not query.strip():
        return _newest(library(bench), filters)
    allowed = _allowed(bench, filters) if filters else None
    if mode == "words":
        return bench.index().search(query, limit=depth, allowed=allowed)
    if mode == "meaning":
        return by_meaning(bench, _encode(bench, query), filters, depth)
    from winloss.search import fuse

    words = bench.index().search(query, limit=depth, allowed=allowed)
    return fuse(words, by_meaning(bench, _encode(bench, query), filters, depth))[:depth]


def by_meaning(bench: Workbench, vector: Vectors, filters: Filters, depth: int) -> Ranking:
    """The verbatims nearest to the vector among those that pass the filters, with their cosine."""
    from winloss.search import nearest

    shelf = library(bench)
    if not shelf.rows:
        return []
    mask = shelf.table.mask(filters) if filters else None
    found = nearest(vector, shelf.matrix(bench), mask=mask, limit=depth)
    return [(shelf.rows[row].id, score) for row, score in found]


def similar(bench: Workbench, verbatim_id: str, filters: Filters, *, limit: int = 20) -> SearchPage:
    """The verbatims that mean nearly the same, nearest first, without itself.

    Raises:
        NotFound: no such verbatim.
    """
    passage = passage_of(bench, verbatim_id)
    vector = bench.vectors().get([text_key(passage.text)])[0]
    ranking = [item for item in by_meaning(bench, vector, filters, limit + 1) if item[0] != verbatim_id][:limit]
    return SearchPage(query=passage.text, mode="meaning", total=len(ranking), hits=_hits(bench, ranking, ""))


def show(bench: Workbench, verbatim_id: str, *, context: int = 2) -> InContext:
    """The verbatim among `context` turns before and after its own.

    Raises:
        NotFound: no such verbatim.
    """
    passage = passage_of(bench, verbatim_id)
    versions = bench.store.versions(passage.document_id)
    for document in reversed(versions):
        turns = bench.store.turns(document.id, document.version)
        place = next((n for n, turn in enumerate(turns) if _holds(turn.text, turn.ordinal, passage)), None)
        if place is not None:
            window = tuple(turns[max(0, place - context) : place + context + 1])
            retired = document.version != versions[-1].version
            return InContext(passage=passage, document=document, turns=window, retired=retired)
    raise NotFound(f"the turn of verbatim {verbatim_id} is gone", hint="Run `winloss analyse`.")


def passage_of(bench: Workbench, verbatim_id: str) -> Passage:
    """The passage with this id.

    Raises:
        NotFound: there is none.
    """
    found = bench.store.passages([verbatim_id])
    if not found:
        raise NotFound(f"no verbatim {verbatim_id}", hint="Ids are printed by `winloss search --json`.")
    return found[0]


def filter_values(bench: Workbench) -> Mapping[str, tuple[str, ...]]:
    """Every value that each filter can take in this workspace, most frequent first."""
    shelf = library(bench)
    counts = shelf.table.counts_with(Filters(), COUNTED)
    return {name: tuple(value for value, _ in values) for name, values in counts.items()}


def check_filters(bench: Workbench, filters: Filters) -> None:
    """Refuse filter values that nothing has.

    Raises:
        QueryError: a value is unknown; the hint suggests the nearest known one.
    """
    if filters:
        library(bench).table.check(filters)


def attribution(bench: Workbench, passage: Passage) -> str:
    """Who said it, as far as the rights allow."""
    return presenting.attribution(passage, bench.codebook)


def may_quote(passage: Passage) -> bool:
    """Whether the words may be printed in a report."""
    return presenting.may_quote(passage)


def run_batch(
    bench: Workbench, queries: Iterable[tuple[str, str]], filters: Filters, *, mode: str, by: str, limit: int = 1000
) -> Iterable[str]:
    """Lines of a TREC run: query id, `Q0`, document's external id (or verbatim id), rank, score, run name."""
    for query_id, query in queries:
        ranking = rank(bench, query, filters, mode=mode, depth=max(DEPTH, limit))
        names = _best_per_document(bench, ranking) if by == "document" else ranking
        for place, (name, score) in enumerate(names[:limit], start=1):
            yield f"{query_id} Q0 {name} {place} {score:.6f} winloss-{mode}"


def _best_per_document(bench: Workbench, ranking: Sequence[tuple[str, float]]) -> Ranking:
    external = bench.memo.get("external")
    shelf = library(bench)
    if external is None or external[0] != shelf.revision:
        documents = {document.id: document.external_id for document in bench.store.documents()}
        external = (shelf.revision, {row.id: documents[row.document_id] for row in shelf.rows})
        bench.memo["external"] = external
    best: dict[str, float] = {}
    for verbatim_id, score in ranking:
        best.setdefault(external[1][verbatim_id], score)
    return list(best.items())


def _holds(text: str, ordinal: int, passage: Passage) -> bool:
    return ordinal == passage.turn and text[passage.start : passage.end] == passage.text


def _encode(bench: Workbench, query: str) -> Vectors:
    vector: Vectors = bench.encoder().encode([query])[0]
    return vector


def _allowed(bench: Workbench, filters: Filters) -> frozenset[str]:
    shelf = library(bench)
    mask = shelf.table.mask(filters)
    return frozenset(row.id for row, passes in zip(shelf.rows, mask, strict=True) if passes)


def _newest(shelf: Library, filters: Filters) -> Ranking:
    rows = sorted(shelf.passing(filters), key=lambda row: row.id)
    rows.sort(key=lambda row: row.date or "", reverse=True)
    return [(row.id, 0.0) for row in rows]


def _filter_counts(
    shelf: Library, filters: Filters, found: Sequence[str], query: str
) -> Mapping[str, tuple[tuple[str, int], ...]]:
    within = frozenset(found) if query.strip() else None
    counts: Mapping[str, tuple[tuple[str, int], ...]] = shelf.table.counts_with(filters, COUNTED, within=within)
    return counts


def _hits(bench: Workbench, window: Sequence[tuple[str, float]], query: str) -> tuple[Hit, ...]:
    scores = dict(window)
    passages = bench.store.passages([verbatim_id for verbatim_id, _ in window])
    index = bench.index() if query.strip() else None
    return tuple(
        Hit(
            passage=passage,
            score=scores[passage.id],
            highlights=tuple(index.highlight(query, passage.text)) if index else (),
        )
        for passage in passages
    )
