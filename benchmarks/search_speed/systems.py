"""The systems that are measured: each is made from the same texts and asked the same questions.

A system is made once in its folder and opened again by later runs. Only ours filters and counts.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.search_speed import corpus, workspace
from winloss.bootstrap import open_workbench
from winloss.model import Ask, Filters
from winloss.ports import Workbench
from winloss.search.analysis import surfaces, tokens
from winloss.services.search import indexing
from winloss.services.search.searching import COUNTED

LIMIT = 20
ADDED = 1000
TWO = Filters(segment=("segment 1", "segment 2"), facet=("pain",))
NO_KEYS = np.empty((0, 2), dtype=np.uint64)
Questions = Mapping[str, list[Any]]
Act = Callable[[Any], object]


class System(ABC):
    """One way to search. `folder` is its own, `bench` the workspace with the texts and the vectors."""

    def __init__(self, folder: Path, bench: Workbench) -> None:
        self.folder = folder
        self.bench = bench

    @abstractmethod
    def make(self) -> None:
        """Make the index from the workspace's texts or vectors, durable."""

    @abstractmethod
    def open(self) -> None:
        """Have it ready to be asked."""

    @abstractmethod
    def kinds(self, questions: Questions) -> Iterator[tuple[str, list[Any], Act]]:
        """(kind of question, questions, how to ask one)."""

    def once(self) -> Mapping[str, float]:
        """Seconds of what is done once, after everything was asked."""
        return {}

    def texts(self) -> Iterator[tuple[str, str]]:
        """(id, text) of every verbatim."""
        after = ""
        while passages := self.bench.store.passages_after(after, limit=5000):
            yield from ((passage.id, passage.text) for passage in passages)
            after = passages[-1].id

    def matrix(self) -> Any:
        """Every vector in memory."""
        vectors: Any = self.bench.vectors()
        return np.array(vectors.placed(NO_KEYS)[1])


class Ours(System):
    """What `winloss search` asks."""

    def make(self) -> None:
        indexing.refresh(self.bench)

    def open(self) -> None:
        self.bench.engine().find(Ask(query="alerts", mode="words"))

    def kinds(self, questions: Questions) -> Iterator[tuple[str, list[Any], Act]]:
        find = self.bench.engine().find
        pairs = list(zip(questions["titles"], questions["vectors"], strict=True))
        full: dict[str, Any] = {"filters": TWO, "counted": COUNTED, "limit": LIMIT}
        yield "words", questions["titles"], lambda query: find(Ask(query=query, mode="words", limit=LIMIT))
        yield "phrases", questions["phrases"], lambda query: find(Ask(query=query, mode="words", limit=LIMIT))
        yield "whole posts", questions["posts"], lambda query: find(Ask(query=query, mode="words", limit=LIMIT))
        yield "meaning", pairs, lambda pair: find(Ask(query=pair[0], mode="meaning", limit=LIMIT), pair[1])
        yield "words, two filters, all counts", pairs, lambda pair: find(Ask(query=pair[0], mode="words", **full))
        yield (
            "words and meaning, two filters, all counts",
            pairs,
            lambda pair: find(Ask(query=pair[0], **full), pair[1]),
        )

    def once(self) -> Mapping[str, float]:
        command = [sys.executable, "-m", "winloss", "--workspace", str(self.bench.root), "search", "password sync"]
        kept = self.bench.root / "index" / "evidence.columns"
        kept.unlink(missing_ok=True)
        return {
            "start and search, evidence not kept yet": seconds_of(lambda: run([*command, "--mode", "words"])),
            "start and search by words": middle(lambda: run([*command, "--mode", "words"])),
            "start and search by words and meaning": middle(lambda: run(command)),
            f"add {ADDED:,} verbatims and find one": seconds_of(self._add),
            "start and search by words after that": middle(lambda: run([*command, "--mode", "words"])),
        }

    def _add(self) -> None:
        first = self.bench.store.counts()["verbatims"] + corpus.TURNS
        workspace.make(self.bench.root, self.data, ADDED, first=first, seed=first, bench=self.bench)
        indexing.refresh(self.bench)
        found = self.bench.engine().find(Ask(query="the", mode="words", limit=1))
        assert found.revision == self.bench.store.revision()
        assert self.bench.index().revision() == self.bench.store.revision()

    data: Path


class SqliteFts(System):
    """SQLite's full-text search with its Porter stemmer."""

    def make(self) -> None:
        with sqlite3.connect(self.folder / "fts.sqlite") as database:
            database.execute("CREATE VIRTUAL TABLE texts USING fts5(id UNINDEXED, body, tokenize='porter unicode61')")
            database.executemany("INSERT INTO texts VALUES (?, ?)", self.texts())

    def open(self) -> None:
        self.database = sqlite3.connect(self.folder / "fts.sqlite")

    def kinds(self, questions: Questions) -> Iterator[tuple[str, list[Any], Act]]:
        yield "words", [" OR ".join(quoted(title)) for title in questions["titles"]], self._ask
        yield "phrases", questions["phrases"], self._ask
        yield "whole posts", [" OR ".join(quoted(post)) for post in questions["posts"]], self._ask

    def _ask(self, query: str) -> object:
        search = "SELECT id, rank FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT ?"
        return self.database.execute(search, (query, LIMIT)).fetchall()


class Tantivy(System):
    """tantivy with its English stemmer, one writing thread."""

    def make(self) -> None:
        import tantivy

        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw")
        builder.add_text_field("body", stored=False, tokenizer_name="en_stem")
        (self.folder / "tantivy").mkdir()
        index = tantivy.Index(builder.build(), path=str(self.folder / "tantivy"))
        writer = index.writer(heap_size=256_000_000, num_threads=1)
        for name, text in self.texts():
            writer.add_document(tantivy.Document(id=name, body=text))
        writer.commit()
        writer.wait_merging_threads()

    def open(self) -> None:
        import tantivy

        self.index = tantivy.Index.open(str(self.folder / "tantivy"))
        self.searcher = self.index.searcher()

    def kinds(self, questions: Questions) -> Iterator[tuple[str, list[Any], Act]]:
        yield "words", [" ".join(quoted(title)) for title in questions["titles"]], self._ask
        yield "phrases", questions["phrases"], self._ask
        yield "whole posts", [" ".join(quoted(post)) for post in questions["posts"]], self._ask

    def _ask(self, query: str) -> object:
        hits = self.searcher.search(self.index.parse_query(query, ["body"]), LIMIT).hits
        return [self.searcher.doc(address)["id"] for _, address in hits]


class Bm25s(System):
    """bm25s, mapped into memory, without a stemmer."""

    def make(self) -> None:
        import bm25s

        index = bm25s.BM25()
        index.index(bm25s.tokenize([text for _, text in self.texts()], show_progress=False), show_progress=False)
        index.save(str(self.folder / "bm25s"))

    def open(self) -> None:
        import bm25s

        self.index = bm25s.BM25.load(str(self.folder / "bm25s"), mmap=True)

    def kinds(self, questions: Questions) -> Iterator[tuple[str, list[Any], Act]]:
        yield "words", questions["titles"], self._ask
        yield "whole posts", questions["posts"], self._ask

    def _ask(self, query: str) -> object:
        import bm25s

        words = bm25s.tokenize(query, show_progress=False)
        return self.index.retrieve(words, k=LIMIT, show_progress=False)


class Usearch(System):
    """usearch's exact scan."""

    def make(self) -> None:
        """There is nothing to make for an exact scan."""

    def open(self) -> None:
        self.rows = self.matrix()

    def kinds(self, questions: Questions) -> Iterator[tuple[str, list[Any], Act]]:
        yield "meaning", questions["vectors"], self._ask

    def _ask(self, vector: Any) -> object:
        from usearch.index import MetricKind
        from usearch.index import search as exact

        return exact(self.rows, vector, LIMIT, MetricKind.IP, exact=True)


class Faiss(System):
    """faiss' exact scan, IndexFlatIP."""

    def make(self) -> None:
        """There is nothing to make for an exact scan."""

    def open(self) -> None:
        import faiss

        rows = self.matrix()
        self.index = faiss.IndexFlatIP(rows.shape[1])
        self.index.add(rows)

    def kinds(self, questions: Questions) -> Iterator[tuple[str, list[Any], Act]]:
        yield "meaning", questions["vectors"], lambda vector: self.index.search(vector[None, :], LIMIT)


SYSTEMS: Mapping[str, type[System]] = {
    "winloss": Ours,
    "SQLite FTS5": SqliteFts,
    "tantivy": Tantivy,
    "bm25s": Bm25s,
    "usearch": Usearch,
    "faiss": Faiss,
}


def opened(name: str, folder: Path, data: Path) -> System:
    """The system over the workspace in `folder`."""
    own = folder / name
    own.mkdir(exist_ok=True)
    system = SYSTEMS[name](own, open_workbench(folder / "workspace"))
    if isinstance(system, Ours):
        system.data = data
    return system


def quoted(query: str) -> list[str]:
    """The telling words of a question, each in quotation marks."""
    telling = [token.surface for token in tokens(query) if not token.stop] or surfaces(query)
    return [f'"{word}"' for word in telling]


def run(command: list[str]) -> None:
    root = Path(__file__).parents[2]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=root, env={**os.environ, "COLUMNS": "80"})


def seconds_of(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def middle(act: Callable[[], object], times: int = 5) -> float:
    """The median of so many times."""
    return float(np.median([seconds_of(act) for _ in range(times)]))


def taken(act: Act, subjects: Iterable[Any]) -> list[float]:
    """Milliseconds for each of the subjects."""
    return [1000 * seconds_of(lambda subject=subject: act(subject)) for subject in subjects]
