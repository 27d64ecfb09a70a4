"""A judged collection in the product's own engine, and in `bm25s` with its own tokens and English stems."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import bm25s
import Stemmer
from judged import Judged

from winloss.bootstrap import open_tools
from winloss.model import Ask, EvidenceRow, Passage, text_key
from winloss.search import LocalEngine, VectorFile, WhooshIndex, plain_query

Ranking = dict[str, float]
Searching = Callable[[str], Ranking]
"""Takes the text of a question and returns passage id -> score of the best."""


class Collected:
    """The passages of a judged collection, as a store gives them to the engine."""

    def __init__(self, judged: Judged) -> None:
        self._judged = judged

    def revision(self) -> int:
        return 1

    def touched(self, since: int) -> list[str]:  # noqa: ARG002
        return []

    def evidence_rows(self, documents: Sequence[str] | None = None) -> Iterator[EvidenceRow]:  # noqa: ARG002
        empty = {item.name: None for item in fields(EvidenceRow)}
        for name in sorted(self._judged.passages):
            place = self._judged.passages[name]
            known = {"id": name, "key": text_key(place.text), "document_id": place.document, "turn": place.turn}
            yield EvidenceRow(**{**empty, **known, "respondent": "", "source": "interview", "rights": "", "tags": ()})


def ours(judged: Judged, cache: Path, mode: str, *, depth: int) -> Searching:
    """The product's search in that mode; questions are asked as people who know no operators ask them."""
    vectors = encoded([place.text for place in judged.passages.values()], cache)
    asked = {query.text: None for query in judged.queries}
    encoded(list(asked), cache)
    store: Any = Collected(judged)
    engine = LocalEngine(store, index_of(judged, cache), lambda: vectors)

    def search(text: str) -> Ranking:
        vector = vectors.get([text_key(text)])[0] if mode != "words" else None
        ask = Ask(query=plain_query(text), mode=mode, limit=depth, close_only=False)
        return dict(engine.find(ask, vector).ranking)

    return search


def peer(judged: Judged, *, depth: int) -> Searching:
    """The same passages in `bm25s`: Lucene's BM25, k1 1.5 and b 0.75, English stop words and Snowball stems."""
    names = sorted(judged.passages)
    stemmer = Stemmer.Stemmer("english")

    def tokens(texts: list[str]) -> Any:
        return bm25s.tokenize(texts, stopwords="en", stemmer=stemmer, show_progress=False)

    index = bm25s.BM25()
    index.index(tokens([judged.passages[name].text for name in names]), show_progress=False)

    def search(text: str) -> Ranking:
        places, scores = index.retrieve(tokens([text]), k=depth, show_progress=False)
        found = zip(places[0].tolist(), scores[0].tolist(), strict=True)
        return {names[place]: score for place, score in found if score > 0}

    return search


def index_of(judged: Judged, cache: Path) -> WhooshIndex:
    """The passages as an index of words, kept between runs."""
    index = WhooshIndex(cache / f"index-{judged.name}", synonyms=())
    if index.ids() != judged.passages.keys():
        index.rebuild((_passage(judged, name) for name in sorted(judged.passages)), revision=1)
    return index


def encoded(texts: Sequence[str], cache: Path) -> VectorFile:
    """The product's vectors of these texts among others, kept between runs."""
    encoder = open_tools().encoder()
    vectors = VectorFile(cache / "vectors", fingerprint=encoder.fingerprint, dimensions=encoder.dimensions)
    text_of = {text_key(text): text for text in texts}
    missing = vectors.missing(list(text_of))
    for start in range(0, len(missing), 2000):
        keys = missing[start : start + 2000]
        vectors.append(keys, encoder.encode([text_of[key] for key in keys]))
        print(f"encoded {start + len(keys)} of {len(missing)}", file=sys.stderr, flush=True)
    return vectors


def _passage(judged: Judged, name: str) -> Passage:
    place = judged.passages[name]
    empty = {item.name: None for item in fields(Passage)}
    known = {"id": name, "text": place.text, "document_id": place.document, "turn": place.turn, "external_id": name}
    more = {"respondent": "", "source": "interview", "start": 0, "end": len(place.text), "rights": "", "tags": ()}
    return Passage(**{**empty, **known, **more})
