"""Finding what a buyer said: by words, by meaning, or both fused; similar verbatims; a verbatim in its context."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from winloss.errors import NotFound, QueryError
from winloss.model import Ask, Filters, Found, Hit, InContext, Instead, Passage, SearchPage, text_key
from winloss.ports import Workbench
from winloss.services import folding, indexing, nearness, presenting
from winloss.services.library import library

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
        hits=_hits(bench, found.ranking, ask),
        nearest=() if found.total else _nearest(bench, ask),
        filter_counts=found.filter_counts,
        sort=sort,
        revision=found.revision,
    )


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
    if not _about(ask):
        return ()
    ask = replace(ask, mode="meaning", sort="relevance", limit=NEAREST, offset=0, close_only=False)
    return _hits(bench, _find(bench, ask).ranking, ask)


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
    found = _passages(bench, ranking)
    hits = folding.folded(_with_sentences(bench, found, range(len(found)), vector))
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


def _hits(bench: Workbench, window: Sequence[tuple[str, float]], ask: Ask) -> tuple[Hit, ...]:
    """The hits of one page with what is marked in them; those that say nearly the same are told by `same_as`."""
    engine = bench.engine()
    hits = _passages(bench, window)
    if ask.query:
        hits = [replace(hit, highlights=tuple(engine.highlight(ask.query, hit.passage.text))) for hit in hits]
    if about := _about(ask):
        asked = _words(about, engine.highlight(ask.query, about))
        meant = [place for place, hit in enumerate(hits) if ask.mode == "meaning" or _by_meaning(hit, asked)]
        hits = _with_sentences(bench, hits, meant, nearness.encoded(bench, [about])[0])
    return folding.folded(hits)


def _passages(bench: Workbench, window: Sequence[tuple[str, float]]) -> list[Hit]:
    scores = dict(window)
    passages = bench.store.passages([verbatim_id for verbatim_id, _ in window])
    return [Hit(passage=passage, score=scores[passage.id]) for passage in passages]


def _by_meaning(hit: Hit, asked: frozenset[str]) -> bool:
    """Whether less than half of the words that were asked for are in the hit."""
    return 2 * len(_words(hit.passage.text, hit.highlights)) < len(asked)


def _words(text: str, spans: Iterable[tuple[int, int]]) -> frozenset[str]:
    """What stands at the spans, by the stems of its words."""
    from winloss.search.analysis import tokens

    return frozenset(" ".join(token.stem for token in tokens(text[start:end])) for start, end in spans)


def _with_sentences(bench: Workbench, hits: Sequence[Hit], places: Sequence[int], vector: Vectors) -> list[Hit]:
    """The hits, those at the places with the sentence that is nearest to the vector."""
    spans = nearness.nearest_sentences(bench, [hits[place].passage.text for place in places], vector)
    marked = dict(zip(places, spans, strict=True))
    return [replace(hit, sentence=marked.get(place)) for place, hit in enumerate(hits)]
