"""The hits of one page, read and marked: words, the nearest sentence, and which of them say nearly the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from winloss.model import Hit
from winloss.ports import Workbench
from winloss.services.search import folding, nearness

if TYPE_CHECKING:
    from winloss.ports import Vectors

MARKED = 50
"""Of so many hits at most the nearest sentence is looked for: more than people see on a page."""
Ranking = Sequence[tuple[str, float]]


def hits_of(bench: Workbench, window: Ranking, query: str, *, mode: str, about: str) -> tuple[Hit, ...]:
    """The hits of one page with the words that the query means.

    `about` are the words whose meaning was looked for, empty where none was: a hit with less than half of them, or any
    hit of a search by meaning alone, is told with the sentence that is nearest to them.
    """
    engine = bench.engine()
    hits = _passages(bench, window)
    if query:
        hits = [replace(hit, highlights=tuple(engine.highlight(query, hit.passage.text))) for hit in hits]
    if about:
        asked = _words(about, engine.highlight(query, about))
        meant = [place for place, hit in enumerate(hits) if mode == "meaning" or _by_meaning(hit, asked)]
        hits = _with_sentences(bench, hits, meant, nearness.encoded(bench, [about])[0])
    return folding.folded(hits)


def hits_near(bench: Workbench, window: Ranking, vector: Vectors) -> tuple[Hit, ...]:
    """The hits of one page, each with the sentence that is nearest to the vector."""
    hits = _passages(bench, window)
    return folding.folded(_with_sentences(bench, hits, range(len(hits)), vector))


def _passages(bench: Workbench, window: Ranking) -> list[Hit]:
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
    """The hits, those at the places with the sentence that is nearest to the vector, as far as that is looked for."""
    places = places[:MARKED]
    spans = nearness.nearest_sentences(bench, [hits[place].passage.text for place in places], vector)
    marked = dict(zip(places, spans, strict=True))
    return [replace(hit, sentence=marked.get(place)) for place, hit in enumerate(hits)]
