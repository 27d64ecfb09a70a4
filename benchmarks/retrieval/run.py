"""How well words, meaning and their fusions find what answers a question.

    python benchmarks/retrieval/run.py DATA [CACHE]      DATA: the folder with the real data sets

Vectors are kept in CACHE (default: a folder of the system's temporary folder), so that a second run takes minutes.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import fmean

from judged import Judged, Query, forum, meetings, ndcg, recall

from winloss.bootstrap import open_tools
from winloss.model import Passage, text_key
from winloss.search import VectorFile, WhooshIndex, fuse, nearest, plain_query

DEPTH = 1000
WEIGHTS = (0.1, 0.2, 0.3, 0.4, 0.5)

Ranking = list[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Found:
    """What each single mode finds for one query."""

    query: Query
    words: Ranking
    meaning: Ranking


def main() -> None:
    data = Path(sys.argv[1])
    cache = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(tempfile.gettempdir()) / "winloss-retrieval"
    for judged in (forum(data, with_content=False), forum(data, with_content=True), meetings(data)):
        found = searched(judged, cache)
        print(f"\n{judged.name}: {len(judged.passages)} passages, {len(found)} questions", flush=True)
        print("| | nDCG@10 chosen on | nDCG@10 | recall@100 |\n|---|---|---|---|")
        for name, rank in systems().items():
            train = measured(found, rank, training=True)
            test = measured(found, rank, training=False)
            print(f"| {name} | {train[0]:.3f} | {test[0]:.3f} | {test[1]:.3f} |", flush=True)


def systems() -> Mapping[str, Callable[[Found], Ranking]]:
    """Everything that is compared."""
    named: dict[str, Callable[[Found], Ranking]] = {
        "words": lambda found: found.words,
        "meaning": lambda found: found.meaning,
    }
    for method in ("z-score", "reciprocal rank"):
        for weight in WEIGHTS:
            named[f"{method}, words {weight}"] = lambda found, method=method, weight=weight: fuse(
                found.words, found.meaning, method=method, weight=weight
            )
    return named


def measured(found: Iterable[Found], rank: Callable[[Found], Ranking], *, training: bool) -> tuple[float, float]:
    """Mean nDCG@10 and recall@100 over one half of the questions."""
    gains, recalls = [], []
    for item in found:
        if item.query.training == training:
            names = [name for name, _ in rank(item)]
            gains.append(ndcg(names, item.query.relevant))
            recalls.append(recall(names, item.query.relevant))
    return fmean(gains), fmean(recalls)


def searched(judged: Judged, cache: Path) -> list[Found]:
    """Both rankings of every question."""
    ids = sorted(judged.passages)
    row_of = {name: row for row, name in enumerate(ids)}
    matrix = encoded([judged.passages[name] for name in ids], cache)
    asked = encoded([query.text for query in judged.queries], cache)
    index = index_of(judged, cache)
    found = []
    for query, vector in zip(judged.queries, asked, strict=True):
        words = index.search(plain_query(query.text), limit=DEPTH, allowed=query.among)
        mask = None
        if query.among is not None:
            mask = matrix[:, 0] != matrix[:, 0]
            mask[[row_of[name] for name in query.among]] = True
        meaning = [(ids[row], score) for row, score in nearest(vector, matrix, mask=mask, limit=DEPTH)]
        found.append(Found(query, words, meaning))
    return found


def index_of(judged: Judged, cache: Path) -> WhooshIndex:
    """The passages as an index, kept between runs."""
    index = WhooshIndex(cache / f"index-{judged.name.partition(',')[0]}", synonyms=())
    if index.ids() != judged.passages.keys():
        index.rebuild((passage(name, text) for name, text in sorted(judged.passages.items())), revision=1)
    return index


def encoded(texts: list[str], cache: Path):
    """One unit row per text, kept between runs."""
    encoder = open_tools().encoder()
    vectors = VectorFile(cache / "vectors", fingerprint=encoder.fingerprint, dimensions=encoder.dimensions)
    text_of = {text_key(text): text for text in texts}
    missing = vectors.missing(list(text_of))
    for start in range(0, len(missing), 2000):
        keys = missing[start : start + 2000]
        vectors.append(keys, encoder.encode([text_of[key] for key in keys]))
        print(f"encoded {start + len(keys)} of {len(missing)}", file=sys.stderr, flush=True)
    return vectors.get([text_key(text) for text in texts])


def passage(name: str, text: str) -> Passage:
    values = {item.name: None for item in fields(Passage)}
    known = {"id": name, "text": text, "respondent": "", "source": "community", "document_id": name}
    return Passage(
        **{**values, **known, "external_id": name, "turn": 0, "start": 0, "end": len(text), "rights": "internal"}
    )


if __name__ == "__main__":
    main()
