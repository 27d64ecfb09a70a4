"""Finding what a buyer said: by words, by meaning, or both fused; similar verbatims; a verbatim in its context."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from winloss.errors import NotFound, QueryError
from winloss.model import Ask, Filters, Found, Hit, InContext, Instead, Passage, SearchPage, text_key
from winloss.ports import Workbench
from winloss.services import presenting
from winloss.services.library import library
from winloss.services.search import indexing, marking, nearness

if TYPE_CHECKING:
    pass

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
    "rights",
)
OFFERED = 5
"""At most so many other questions are offered where nothing was found."""
NEAREST = 3
"""So many verbatims are shown as the nearest where none is near enough."""
SORTS = ("relevance", "newest", "oldest", "typical", "unusual")
Ranking = list[tuple[str, float]]


def search(
    bench: Workbench,
    query: str,
    filters: Filters,
    *,
    mode: str = "hybrid",
    sort: str = "relevance",
    limit: int = 20,
    offset: int = 0,
    counted: bool = True,
    as_of: int | None = None,
) -> SearchPage:
    """One page of the verbatims that match; without a query, the newest that pass the filters.

    `counted=False` leaves the filter counts out. `as_of` is the revision of the page before, whose ranking goes on.

    Raises:
        QueryError: the query, a filter's value, the mode or the order is wrong; the message says where.
    """
    ask = Ask(query=query.strip(), filters=filters, mode=mode, sort=sort, limit=limit, offset=offset, as_of=as_of)
    found = _find(bench, replace(ask, counted=COUNTED if counted else ()))
    return SearchPage(
        query=query,
        mode=mode,
        total=found.total,
        hits=marking.hits_of(bench, found.ranking, ask.query, mode=mode, about=_about(ask)),
        nearest=() if found.total else _nearest(bench, ask),
        filter_counts=found.filter_counts,
        sort=sort,
        revision=found.revision,
    )


def listing(
    bench: Workbench,
    query: str,
    filters: Filters,
    *,
    mode: str = "hybrid",
    sort: str = "relevance",
    limit: int = 1000,
    as_of: int | None = None,
) -> tuple[list[str], int]:
    """The ids of the first `limit` verbatims that `search` would list, and the revision to go on from.

    Raises:
        QueryError: the query, a filter's value, the mode or the order is wrong.
    """
    ask = Ask(query=query.strip(), filters=filters, mode=mode, sort=sort, limit=limit, as_of=as_of)
    found = _find(bench, ask)
    return [verbatim_id for verbatim_id, _ in found.ranking], found.revision


def instead(bench: Workbench, query: str, filters: Filters, *, mode: str = "hybrid") -> list[Instead]:
    """What to ask where nothing was found: spelt as the corpus does, with less demanded, without one of the filters.

    Only what leads somewhere is offered.

    Raises:
        QueryError: the query cannot be parsed.
    """
    query = query.strip()
    offers: list[tuple[str, str, Filters]] = []
    if query:
        offers += _spelt(bench, query, filters)
        offers += [(label, other, filters) for label, other in bench.engine().simpler(query)]
    offers += [(label, query, other) for label, other in _fewer(filters)]
    return _leading_somewhere(bench, offers, mode)[:OFFERED]


def meant(bench: Workbench, page: SearchPage, filters: Filters) -> Instead | None:
    """What was probably meant where something was found, but nothing on the page has a word that was asked for.

    Raises:
        QueryError: the query cannot be parsed.
    """
    query = page.query.strip()
    if not query or not page.hits or any(hit.highlights for hit in page.hits):
        return None
    found = _leading_somewhere(bench, _spelt(bench, query, filters), page.mode)
    return found[0] if found else None


def _spelt(bench: Workbench, query: str, filters: Filters) -> list[tuple[str, str, Filters]]:
    spelt = bench.engine().spelt(query)
    return [(f"Did you mean {spelt}?", spelt, filters)] if spelt else []


def _leading_somewhere(bench: Workbench, offers: Iterable[tuple[str, str, Filters]], mode: str) -> list[Instead]:
    found = []
    for label, other, kept in offers:
        total = _find(bench, Ask(query=other, filters=kept, mode=mode, limit=0)).total
        if total:
            found.append(Instead(label=label, query=other, filters=kept, total=total))
    return found


def _fewer(filters: Filters) -> Iterator[tuple[str, Filters]]:
    """The filters without each of them in turn."""
    for item in fields(Filters):
        if value := getattr(filters, item.name):
            told = ", ".join(v if isinstance(v, str) else v[1] for v in ((value,) if isinstance(value, str) else value))
            name = "what is left out" if item.name == "without" else item.name
            cleared: Any = {item.name: item.default}
            yield f"Without the filter {name}: {told}", replace(filters, **cleared)


def rank(bench: Workbench, query: str, filters: Filters, *, mode: str, depth: int) -> Ranking:
    """(verbatim id, score), best first, ties by id; near or not."""
    ask = Ask(query=query.strip(), filters=filters, mode=mode, limit=depth, close_only=False)
    return list(_find(bench, ask).ranking)


def _nearest(bench: Workbench, ask: Ask) -> tuple[Hit, ...]:
    """The few that come nearest in meaning where none is near enough to be called found."""
    about = _about(ask)
    if not about:
        return ()
    ask = replace(ask, mode="meaning", sort="relevance", limit=NEAREST, offset=0, close_only=False)
    return marking.hits_of(bench, _find(bench, ask).ranking, ask.query, mode=ask.mode, about=about)


def _find(bench: Workbench, ask: Ask) -> Found:
    if ask.mode not in MODES:
        raise QueryError(f"no search mode {ask.mode!r}", hint=f"Modes: {', '.join(MODES)}.")
    indexing.repair(bench)
    about = _about(ask)
    return bench.engine().find(ask, nearness.encoded(bench, [about])[0] if about else None)


def _about(ask: Ask) -> str:
    """The words whose meaning is looked for: the query without fields and what it leaves out; empty for none."""
    from winloss.search import parse, said, written

    if not ask.query or ask.mode == "words":
        return ""
    tree = parse(ask.query)
    about = said(tree)
    return ask.query if about == tree else written(about)


def similar(bench: Workbench, verbatim_id: str, filters: Filters, *, limit: int = 20) -> SearchPage:
    """The verbatims that mean nearly the same, nearest first, without itself.

    Raises:
        NotFound: no such verbatim.
    """
    passage = passage_of(bench, verbatim_id)
    vector = bench.vectors().get([text_key(passage.text)])[0]
    near = bench.engine().nearest(vector, filters, limit + 1)
    ranking = [item for item in near if item[0] != verbatim_id][:limit]
    hits = marking.hits_near(bench, ranking, vector)
    return SearchPage(query=passage.text, mode="meaning", total=len(ranking), hits=hits)


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
    return {name: tuple(value for value, _ in values) for name, values in bench.engine().values().items()}


def check_filters(bench: Workbench, filters: Filters) -> None:
    """Refuse filter values that nothing has.

    Raises:
        QueryError: a value is unknown; the hint suggests the nearest known one.
    """
    if filters:
        bench.engine().check(filters)


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
        ranking = rank(bench, query, filters, mode=mode, depth=limit)
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
