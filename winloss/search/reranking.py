"""The best results read once more: a model that reads question and passage together puts them in a new order.

Off unless the settings name a model; see Nogueira and Cho, "Passage Re-ranking with BERT" (2019).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING

from winloss.model import Ask, Filters, Found
from winloss.search.query import parse, said
from winloss.search.writing import written

if TYPE_CHECKING:
    from winloss.ports import Reranker, SearchEngine, Store, Vectors

BEST = 50
"""So many of the best are put in a new order; the others follow as they were."""
SCORES_KEPT = 5000


class RerankingEngine:
    """A search engine whose best by relevance are put in the order that `reranker` gives; all else is as `engine` does.

    Which verbatims are found, and how many, stays the same.
    """

    def __init__(self, engine: SearchEngine, store: Store, reranker: Callable[[], Reranker]) -> None:
        self._engine = engine
        self._store = store
        self._reranker = reranker
        self._scores: OrderedDict[tuple[str, str], float] = OrderedDict()
        self._turn = Lock()

    def find(self, ask: Ask, vector: Vectors | None = None) -> Found:
        about = written(said(parse(ask.query))) if ask.query.strip() else ""
        if not about or ask.sort != "relevance" or ask.offset >= BEST:
            return self._engine.find(ask, vector)
        found = self._engine.find(replace(ask, offset=0, limit=max(BEST, ask.offset + ask.limit)), vector)
        ranking = (*self._reordered(about, found.ranking[:BEST], found.ranking[BEST:]), *found.ranking[BEST:])
        return replace(found, ranking=ranking[ask.offset : ask.offset + ask.limit])

    def _reordered(
        self, about: str, best: Sequence[tuple[str, float]], rest: Sequence[tuple[str, float]]
    ) -> list[tuple[str, float]]:
        """The best by the new scores, moved up so that they stay above the rest; ties as they were."""
        scores = self._scored(about, [name for name, _ in best])
        lift = max(0.0, rest[0][1] - min(scores.values())) if rest else 0.0
        order = sorted((name for name, _ in best), key=lambda name: -scores[name])
        return [(name, scores[name] + lift) for name in order]

    def _scored(self, about: str, names: Sequence[str]) -> Mapping[str, float]:
        texts = {passage.id: passage.text for passage in self._store.passages(names)}
        with self._turn:
            unread = [name for name in texts if (about, texts[name]) not in self._scores]
            if unread:
                read = self._reranker().score(about, [texts[name] for name in unread])
                self._scores.update(((about, texts[name]), float(s)) for name, s in zip(unread, read, strict=True))
            found = {name: self._scores[about, text] for name, text in texts.items()}
            while len(self._scores) > SCORES_KEPT:
                self._scores.popitem(last=False)
        lowest = min(found.values(), default=0.0)
        return {name: found.get(name, lowest) for name in names}

    def nearest(self, vector: Vectors, filters: Filters, limit: int) -> list[tuple[str, float]]:
        return self._engine.nearest(vector, filters, limit)

    def check(self, filters: Filters) -> None:
        self._engine.check(filters)

    def values(self) -> Mapping[str, tuple[tuple[str, int], ...]]:
        return self._engine.values()

    def spelt(self, query: str) -> str | None:
        return self._engine.spelt(query)

    def simpler(self, query: str) -> list[tuple[str, str]]:
        return self._engine.simpler(query)

    def highlight(self, query: str, text: str) -> list[tuple[int, int]]:
        return self._engine.highlight(query, text)

    def ready(self) -> None:
        self._engine.ready()

    def forget(self) -> None:
        with self._turn:
            self._scores.clear()
        self._engine.forget()
