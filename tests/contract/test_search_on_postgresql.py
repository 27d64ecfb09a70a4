"""What searching within PostgreSQL promises beyond the contract: one transaction, many processes, the same answers."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, event, select, text, update

from tests.conftest import StillClock, fresh_database_on, migrated_on, with_stand_ins
from tests.contract.test_search_engine import POSTS, write
from winloss.bootstrap import open_workbench
from winloss.cli.commands import winloss
from winloss.errors import QueryError
from winloss.model import Ask, EvidenceRow, Passage, text_key
from winloss.ports import Workbench
from winloss.search import LocalEngine, PostgresEngine, PostgresIndex, PostgresVectors, VectorFile, WhooshIndex
from winloss.search.keys import halves
from winloss.search.postgres.lexemes import any_of, occurrences_of, vector_of
from winloss.search.postgres.opening import missing_part
from winloss.search.postgres.tables import PASSAGES, STATE, VECTORS, WORDS
from winloss.services.analysis import analyse
from winloss.services.search import indexing
from winloss.services.sources import intake
from winloss.store.engine import open_engine

pytestmark = pytest.mark.postgres

SYNONYMS = (("costs", "price tag"), ("alert", "alarm bell"))
LEXICON = ("alerts", "alert", "cost", "costing", "price", "tag", "the", "not", "café", "o'clock", "IT", "安", "bell")
TEXTS = st.lists(st.lists(st.sampled_from(LEXICON), max_size=7).map(" ".join), min_size=1, max_size=8)
BITS = ("{}", '"{} {}"', '"{} {}"~2', "-{}", "{}~", "{}*", "{} OR {}", "({} {})", "{} AND {}", "{}", "source:survey {}")
QUERIES = st.lists(
    st.tuples(st.sampled_from(BITS), st.sampled_from(LEXICON), st.sampled_from(LEXICON)).map(
        lambda bit: bit[0].format(bit[1], bit[2])
    ),
    min_size=1,
    max_size=3,
).map(" ".join)


@pytest.fixture
def database(tmp_path: Path, postgres_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    url = migrated_on(postgres_server)
    monkeypatch.setenv("DATABASE_URL", url)
    return url


@pytest.fixture
def stocked(database: str, tmp_path: Path) -> Iterator[Workbench]:
    bench = with_stand_ins(open_workbench(tmp_path / "workspace", clock=StillClock()))
    write(tmp_path, POSTS)
    intake.take_in(bench, [tmp_path / "posts.csv"])
    analyse(bench)
    yield bench
    bench.store.close()


@pytest.fixture(scope="module")
def engine(postgres_server: str) -> Iterator[Engine]:
    opened = open_engine(fresh_database_on(postgres_server))
    assert missing_part(opened) is None
    yield opened
    opened.dispose()


def total(bench: Workbench, query: str) -> int:
    return bench.engine().find(Ask(query=query, mode="words")).total


def test_words_are_found_in_the_revision_that_brought_them(stocked: Workbench) -> None:
    assert stocked.searching == "in the database"
    assert stocked.index().revision() == stocked.store.revision()
    assert indexing.refresh(stocked) == 0
    assert not (stocked.root / "index").exists()
    assert indexing.verify(stocked).complete


def test_what_is_rolled_back_is_not_found(stocked: Workbench) -> None:
    passage = stocked.store.passages_after("", limit=1)[0]
    with pytest.raises(KeyboardInterrupt), stocked.store.transaction() as transaction:
        transaction.put_verbatims(passage.document_id, [], "other")
        raise KeyboardInterrupt
    assert total(stocked, "alerts") == 3
    with stocked.store.transaction() as transaction:
        transaction.put_verbatims(passage.document_id, [], "other")
    assert passage.id not in stocked.index().ids()


def test_another_process_finds_what_this_one_stores(stocked: Workbench, tmp_path: Path) -> None:
    """The other process has searched, and so read what it keeps, before this one stores more."""
    probe = (
        "import sys; from pathlib import Path\n"
        "from tests.conftest import with_stand_ins\nfrom winloss.bootstrap import open_workbench\n"
        "from winloss.model import Ask\n"
        "bench = with_stand_ins(open_workbench(Path(sys.argv[1])))\n"
        "for line in sys.stdin:\n"
        "    found = bench.engine().find(Ask(query=line.strip(), mode='words', counted=('tag',)))\n"
        "    near = bench.engine().find(Ask(query=line.strip()), bench.encoder().encode([line.strip()])[0])\n"
        "    tagged = sum(n for _, n in found.filter_counts['tag'])\n"
        "    print(found.total, near.total, found.revision, tagged, flush=True)\n"
    )
    command = [sys.executable, "-c", probe, str(tmp_path / "elsewhere")]
    other = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert other.stdin is not None
    assert other.stdout is not None

    def ask(query: str) -> list[int]:
        other.stdin.write(f"{query}\n")
        other.stdin.flush()
        return [int(number) for number in other.stdout.readline().split()]

    try:
        assert ask("alerts")[0] == 3
        more = (*POSTS, ("n1", "The alerts came back and nobody saw the zebras.", "2026-06-01", "", "pain/new"))
        write(tmp_path, more)
        intake.take_in(stocked, [tmp_path / "posts.csv"])
        analyse(stocked)
        assert ask("alerts")[0] == 4
        assert ask("zebra*") == [1, 1, stocked.store.revision(), 1]
        indexing.rebuild(stocked)
        stocked.vectors().clear()
        assert ask("zebras")[0] == 1
    finally:
        other.stdin.close()
        other.wait(timeout=30)


def test_what_is_forgotten_leaves_no_word_and_no_vector(stocked: Workbench) -> None:
    ids = [document.id for document in stocked.store.documents() if document.external_id == "p4"]
    keys = [text_key(item.text) for item in stocked.store.passages_after("", limit=9) if item.document_id in ids]
    assert stocked.vectors().missing(keys) == []
    with stocked.store.transaction() as transaction:
        transaction.erase_documents(ids)
    assert stocked.vectors().missing(keys) == keys
    with stocked.store._engine.connect() as connection:
        assert connection.execute(select(WORDS.c.word).where(WORDS.c.word.in_(["pilot", "traffic"]))).all() == []
    assert total(stocked, "pilot") == 0
    stocked.store.compact()


@pytest.mark.parametrize("damage", ["words", "state", "vectors", "behind"])
def test_what_does_not_agree_is_noticed_and_repaired(stocked: Workbench, damage: str) -> None:
    with stocked.store._engine.begin() as connection:
        if damage == "words":
            connection.execute(update(PASSAGES).values(mark=b"other"))
        elif damage == "state":
            connection.execute(update(STATE).values(schema="0"))
        elif damage == "vectors":
            connection.execute(VECTORS.delete())
            connection.execute(update(STATE).values(dropped=STATE.c.dropped + 1))
        else:
            connection.execute(update(STATE).values(revision=1))
    if damage == "behind":
        assert indexing.verify(stocked).complete
        assert indexing.refresh(stocked) == 0
    else:
        assert not indexing.verify(stocked).complete
        from winloss.services import analysis

        analysis.embed_verbatims(stocked)
        indexing.rebuild(stocked)
    assert indexing.verify(stocked).complete
    assert stocked.index().revision() == stocked.store.revision()
    assert total(stocked, "alerts") == 3


def test_without_the_extension_files_are_searched_and_status_says_so(database: str, tmp_path: Path) -> None:
    def refuse(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "CREATE EXTENSION" in statement:
            import psycopg

            raise psycopg.errors.FeatureNotSupported('extension "vector" is not available')

    event.listen(Engine, "before_cursor_execute", refuse)
    try:
        bench = with_stand_ins(open_workbench(tmp_path / "plain", clock=StillClock()))
        write(tmp_path, POSTS)
        intake.take_in(bench, [tmp_path / "posts.csv"])
        analyse(bench)
        assert total(bench, "alerts") == 3
        assert "pgvector" in bench.searching
        shown = CliRunner().invoke(winloss, ["--workspace", str(tmp_path / "plain"), "status"])
        assert "has no pgvector" in shown.output
        bench.store.close()
    finally:
        event.remove(Engine, "before_cursor_execute", refuse)
    later = with_stand_ins(open_workbench(tmp_path / "plain", clock=StillClock()))
    assert later.searching == "in the database"
    indexing.repair(later)
    assert total(later, "alerts") == 3
    later.store.close()


@given(texts=TEXTS, queries=st.lists(QUERIES, min_size=5, max_size=5))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_both_engines_find_the_same_by_words(
    engine: Engine, tmp_path_factory: pytest.TempPathFactory, texts: list[str], queries: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("both")
    passages = [told(number, words) for number, words in enumerate(texts)]
    evidence = Evidence(passages)
    here, there = WhooshIndex(folder / "index", SYNONYMS), PostgresIndex(engine, SYNONYMS)
    for index in (here, there):
        index.rebuild(passages[::2], revision=1)
        index.update(passages, [], revision=2)
    files = LocalEngine(evidence, here, lambda: None)  # type: ignore[arg-type]
    database = PostgresEngine(evidence, there, lambda: None)  # type: ignore[arg-type, return-value]
    for query in queries:
        assert members(files, query) == members(database, query), query


def members(engine: LocalEngine, query: str) -> set[str] | str:
    """The ids that are found, or why nothing can be."""
    try:
        return {name for name, _ in engine.find(Ask(query=query, mode="words", limit=100)).ranking}
    except QueryError as error:
        return error.message


def told(number: int, words: str) -> Passage:
    known = {"id": f"v{number}", "text": words, "title": LEXICON[number % 5], "source": "survey", "document_id": "d"}
    rest = {"respondent": "r", "external_id": "x", "turn": 0, "start": 0, "end": len(words), "rights": "internal"}
    return Passage(**{**dict.fromkeys(item.name for item in fields(Passage)), **known, **rest, "tags": ()})


class Evidence:
    """As much of a store as searching asks for."""

    def __init__(self, passages: list[Passage]) -> None:
        self._passages = passages

    def revision(self) -> int:
        return 2

    def evidence_rows(self, _documents: object = None) -> Iterator[EvidenceRow]:
        empty = dict.fromkeys(item.name for item in fields(EvidenceRow))
        for item in self._passages:
            known = {"id": item.id, "key": text_key(item.text), "document_id": "d", "respondent": "r", "facet": "none"}
            yield EvidenceRow(**{**empty, **known, "source": item.source, "rights": item.rights, "tags": (), "turn": 0})


def test_meaning_is_exact_below_the_graph_and_nearly_so_with_it(engine: Engine, tmp_path: Path) -> None:
    """Vectors around one direction, so that many are near, and a query of which few are near."""
    rng = np.random.default_rng(3)
    rows = rng.standard_normal((3000, 32)).astype(np.float32)
    rows[:1800] += 2 * rows[0]
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    keys = [text_key(str(number)) for number in range(len(rows))]
    exact = VectorFile(tmp_path, fingerprint="x", dimensions=32)
    there = PostgresVectors(engine, fingerprint="it's 100% x:1", dimensions=32, graph_from=2000)
    for store in (exact, there):
        store.append(keys[:2500], rows[:2500])
        store.append(keys[2000:], rows[2000:])
    assert there.missing([*keys, text_key("new")]) == [text_key("new")]
    assert np.array_equal(there.get(keys[::-1]), rows[::-1])
    for vector in (rows[0], -rows[0], rows[2900]):
        wanted = {place for place, cosine in enumerate(rows @ vector) if cosine >= 0.3}
        near = there.near(vector, 0.3)
        found = {int(place) for place in np.flatnonzero(near >= 0.3)}
        assert not found - wanted
        assert len(found) >= 0.99 * len(wanted)
    with engine.connect() as connection:
        assert any("it's 100% x:1" in str(item) for item in graphs(connection))
    there.clear()
    assert there.missing(keys[:3]) == keys[:3]
    assert len(there.places(halves(keys[:3]))) == 3
    assert (there.places(halves(keys[:3])) == -1).all()


def graphs(connection: Connection) -> list[str]:
    query = text("SELECT indexdef FROM pg_indexes WHERE indexdef LIKE '%hnsw%'")
    return [definition.replace("''", "'") for definition in connection.execute(query).scalars()]


@given(st.lists(st.text("ab'\\: &|!<>é安", min_size=1, max_size=5), max_size=400))
@settings(max_examples=50, deadline=None)
def test_any_words_come_back_from_the_database_with_their_counts(engine: Engine, words: list[str]) -> None:
    query = text("SELECT lexeme, positions FROM unnest(CAST(:words AS tsvector))")
    with engine.connect() as connection:
        stored = {row.lexeme: row.positions for row in connection.execute(query, {"words": vector_of(words)})}
        assert stored.keys() == set(words)
        for word, positions in stored.items():
            assert positions == [place for place, one in enumerate(words, 1) if one == word][:256]
            rank = text("SELECT ts_rank(CAST(:words AS tsvector), CAST(:word AS tsquery))")
            ranked = connection.execute(rank, {"words": vector_of(words), "word": any_of([word])}).scalar()
            assert occurrences_of(np.array([ranked], np.float32))[0] == len(positions)


def test_a_passage_longer_than_a_tsvector_can_hold_is_stored_and_found(engine: Engine) -> None:
    index = PostgresIndex(engine, ())
    index.rebuild([told(1, " ".join(f"{'x' * 55}{number}" for number in range(40_000)))], revision=1)
    assert [name for name, _ in index.search(f"{'x' * 55}17", limit=5)] == ["v1"]


def test_the_tables_are_as_the_migration_makes_them(engine: Engine) -> None:
    query = text("SELECT column_name FROM information_schema.columns WHERE table_name = :name")
    with engine.connect() as connection:
        for table in (PASSAGES, STATE, VECTORS, WORDS):
            made = set(connection.execute(query, {"name": table.name}).scalars())
            assert made == set(table.columns.keys())
