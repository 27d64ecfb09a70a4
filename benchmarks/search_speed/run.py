"""How long searching takes over very many verbatims, beside other engines in the same run.

    python benchmarks/search_speed/run.py DATA FOLDER SIZE [SIZE ...]

DATA is the folder with the real data sets; indexes are made in FOLDER and used again. Every figure is the wall time of
single calls in one process after each kind was asked once.
"""

from __future__ import annotations

import random
import resource
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.search_speed import corpus
from winloss.model import Ask, EvidenceRow, Filters
from winloss.search import LocalEngine, VectorFile, WhooshIndex, parse, plain_query
from winloss.search.analysis import surfaces, tokens

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
TWO = Filters(segment=("segment 1", "segment 2"), facet=("pain",))
ADDED = 1000
LIMIT = 20


class Memory:
    """As much of a store as searching asks for."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.number = 1
        self.fresh: list[EvidenceRow] = []

    def revision(self) -> int:
        return self.number

    def touched(self, since: int) -> list[str]:
        return sorted({row.document_id for row in self.fresh}) if since < self.number else []

    def evidence_rows(self, documents: object = None) -> Iterator[EvidenceRow]:
        return corpus.evidence(self.size) if documents is None else iter(self.fresh)


def main() -> None:
    data, folder = Path(sys.argv[1]), Path(sys.argv[2])
    for size in map(int, sys.argv[3:]):
        print(f"\n## {size:,} verbatims\n\n| | n | median ms | p95 ms |\n|---|---|---|---|")
        measure(data, folder / str(size), size)
        print(
            f"\nPeak resident memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB", flush=True
        )


def measure(data: Path, folder: Path, size: int) -> None:
    short, long, phrases = questions(data)
    store, index = Memory(size), WhooshIndex(folder / "index", ())
    vectors = VectorFile(folder / "vectors", fingerprint="random", dimensions=corpus.DIMENSIONS)
    if index.revision() is None:
        told("make the index of words", lambda _: index.rebuild(corpus.passages(data, size), revision=1), [""])
        corpus.fill(vectors, size)
    engine: Any = LocalEngine(store, index, lambda: vectors)  # type: ignore[arg-type]
    asked = corpus.unit_rows(len(short), seed=1)
    vector_of = dict(zip(short, asked, strict=True))

    def find(query: str, vector: Any = None, **options: Any) -> None:
        engine.find(Ask(query=query, limit=LIMIT, counted=COUNTED, **options), vector)

    told("open everything, first question", lambda query: find(query, mode="words"), ["alerts"])
    for again in ("each for the first time", "again"):
        told(f"words, 2 to 10, {again}", lambda query: find(query, mode="words"), short)
        told(f"words, phrases of 2 to 4, {again}", lambda query: find(query, mode="words"), phrases)
        told(f"words, whole posts, {again}", lambda query: find(query, mode="words"), long)
        engine._rankings.clear()
    told("words, two filters", lambda query: find(query, mode="words", filters=TWO), short)
    told("meaning, two filters", lambda query: find(query, vector_of[query], mode="meaning", filters=TWO), short)
    told("**words and meaning, two filters, all counts**", lambda q: find(q, vector_of[q], filters=TWO), short)
    told("words and meaning", lambda query: find(query, vector_of[query]), short)
    peers(data, folder, size, short, vectors, asked)
    told(f"add {ADDED:,} verbatims and find one", lambda _: add(data, engine, store, index, vectors), [""])
    index.update([], [row.id for row in store.fresh], revision=1)


def add(data: Path, engine: Any, store: Memory, index: WhooshIndex, vectors: VectorFile) -> None:
    """What searching has to do until what was just stored is found."""
    first = store.size + corpus.TURNS
    corpus.fill(vectors, ADDED, first=first)
    store.fresh = list(corpus.evidence(ADDED, first=first))
    index.update(corpus.passages(data, ADDED, first=first, seed=9), [], revision=2)
    store.number = 2
    found = engine.find(Ask(query="the", mode="words", limit=1, filters=Filters()))
    assert found.revision == 2


def peers(data: Path, folder: Path, size: int, short: list[str], vectors: VectorFile, asked: Any) -> None:
    """SQLite's full-text search for words, and usearch for meaning: exact, without filters or counts."""
    path = folder / "fts.sqlite"
    made = path.exists()
    database = sqlite3.connect(path)
    if not made:

        def fill(_: object) -> None:
            database.execute("CREATE VIRTUAL TABLE texts USING fts5(id UNINDEXED, body, tokenize='porter unicode61')")
            rows = ((item.id, item.text) for item in corpus.passages(data, size))
            database.executemany("INSERT INTO texts VALUES (?, ?)", rows)
            database.commit()

        told("SQLite FTS5: make the index", fill, [""])
    search = "SELECT id, rank FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT 20"

    def fts(query: str) -> None:
        telling = [token.surface for token in tokens(query) if not token.stop] or surfaces(query)
        database.execute(search, (" OR ".join(f'"{word}"' for word in telling),)).fetchall()

    told("SQLite FTS5: words, 2 to 10", fts, short)
    from usearch.index import MetricKind
    from usearch.index import search as exact

    matrix = np.ascontiguousarray(vectors.placed(np.empty((0, 2), dtype=np.uint64))[1])
    told("usearch: exact scan", lambda vector: exact(matrix, vector, LIMIT, MetricKind.IP, exact=True), asked[:20])


def questions(data: Path) -> tuple[list[str], list[str], list[str]]:
    """Titles and whole posts as questions, and phrases cut out of the texts."""
    draw = random.Random(1)
    posts = list(corpus.lines(data / "thunderbird-aaq" / "questions.jsonl"))
    titles = [post["title"] for post in posts if 2 <= len(post["title"].split()) <= 10]
    short = list(dict.fromkeys(plain_query(title) for title in draw.sample(titles, 200)))
    long = [plain_query(f"{post['title']} {post['content']}") for post in draw.sample(posts, 100)]
    pool = corpus.sentences(data)
    return short, long, [phrase(draw.choice(pool), draw) for _ in range(150)]


def phrase(text: str, draw: random.Random) -> str:
    words = surfaces(text)
    first = draw.randrange(max(len(words) - 3, 1))
    query = f'"{" ".join(words[first : first + draw.choice((2, 3, 4))])}"'
    parse(query)
    return query


def told(what: str, act: Callable[[Any], object], subjects: Iterable[Any]) -> None:
    """Print how long the act takes on each of the subjects."""
    took = []
    for subject in subjects:
        started = time.perf_counter()
        act(subject)
        took.append(1000 * (time.perf_counter() - started))
    print(f"| {what} | {len(took):,} | {np.median(took):,.1f} | {np.quantile(took, 0.95):,.1f} |", flush=True)


if __name__ == "__main__":
    main()
