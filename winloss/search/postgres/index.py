"""The index of words in PostgreSQL, as the services see it; `writing.WordsMirror` keeps it in step by itself."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from threading import Lock

from sqlalchemy import Connection, Engine, func, inspect, select

from winloss.errors import QueryError
from winloss.model import Passage
from winloss.search.generation import mark_of
from winloss.search.postgres import writing
from winloss.search.postgres.numbers import NONE, Numbered
from winloss.search.postgres.snapshot import PostgresSnapshot
from winloss.search.postgres.tables import PASSAGES, SCHEMA, STATE, VECTORS
from winloss.search.postings import CONTEXT, STEMS
from winloss.search.query import All, forgiving, parse, words_of
from winloss.search.synonyms import Thesaurus
from winloss.search.thesaurus_file import LiveThesaurus

AT_ONCE = 1000


class PostgresIndex:
    """Lexical search over passages. Any number of processes may search and write; what each has read it checks.

    `synonyms` are groups of words and phrases that a query treats as one, or what keeps them.
    """

    def __init__(self, engine: Engine, synonyms: tuple[tuple[str, ...], ...] | LiveThesaurus) -> None:
        self._engine = engine
        self._thesaurus = synonyms if isinstance(synonyms, LiveThesaurus) else Thesaurus(synonyms)
        self._numbered: Numbered = NONE
        self._open: tuple[int, PostgresSnapshot] | None = None
        self._turn = Lock()

    def revision(self) -> int | None:
        """The store revision the index was last brought to; None when it is empty or unusable."""
        with self._engine.connect() as connection:
            query = select(STATE.c.revision).where(STATE.c.schema == SCHEMA)
            return connection.execute(query).scalar()

    def ids(self) -> frozenset[str]:
        """The ids of every indexed passage."""
        with self._engine.connect() as connection:
            return (
                frozenset(connection.execute(select(PASSAGES.c.id)).scalars()) if _usable(connection) else frozenset()
            )

    def differing(self, passages: Iterable[Passage]) -> list[str]:
        """The ids of those passages that are not indexed, or not with these words, title and question."""
        differing = []
        left = iter(passages)
        with self._engine.connect() as connection:
            usable = _usable(connection)
            while batch := list(islice(left, AT_ONCE)):
                query = select(PASSAGES.c.id, PASSAGES.c.mark).where(PASSAGES.c.id.in_([item.id for item in batch]))
                known = {row.id: bytes(row.mark) for row in connection.execute(query)} if usable else {}
                differing += [item.id for item in batch if known.get(item.id) != mark_of(item)]
        return differing

    def update(self, passages: Iterable[Passage], removed: Iterable[str], *, revision: int) -> None:
        """Add or replace passages, drop removed ids, and remember the revision; atomic.

        Where there is no usable index, one is made of these passages.
        """
        with self._engine.begin() as connection:
            writing.lock(connection)
            if not _usable(connection):
                writing.clear(connection)
            writing.drop(connection, removed)
            self._add(connection, passages)
            writing.set_state(connection, revision=revision)

    def rebuild(self, passages: Iterable[Passage], *, revision: int) -> None:
        """Throw everything away and index these passages; atomic. Vectors of texts that are gone go too."""
        with self._engine.begin() as connection:
            writing.lock(connection)
            now = max(revision, writing.stored_revision(connection))
            writing.clear(connection)
            self._add(connection, passages)
            if inspect(connection).has_table(VECTORS.name):
                writing.drop_stray_vectors(connection)
            writing.set_state(connection, revision=now)

    def search(
        self, query: str, *, limit: int, allowed: frozenset[str] | None = None, fuzzy: bool = False
    ) -> list[tuple[str, float]]:
        """(verbatim id, score), best first, ties by id; `allowed` restricts the answer to these ids.

        `fuzzy` forgives slips of the pen in every bare word. An index that was never built answers nothing.

        Raises:
            QueryError: the query cannot be parsed; `column` says where.
        """
        from winloss.search.scoring import best, score

        tree = self.understood(parse(query))
        snapshot = self.snapshot()
        if snapshot is None or not snapshot.live or limit < 1:
            return []
        docs, scores = score(forgiving(tree) if fuzzy else tree, snapshot)
        return best(docs, scores, snapshot.ids, limit, allowed)

    def understood(self, tree: All) -> All:
        """The tree with what means the same beside each word."""
        return self._thesaurus.expand(tree)

    def highlight(self, query: str, text: str) -> list[tuple[int, int]]:
        """Half-open spans of `text` that match the query's words; a query with a slip in it is taken as bare words."""
        from winloss.search.highlighting import spans

        try:
            tree = parse(query)
        except QueryError:
            tree = words_of(query)
        return spans(self._thesaurus.expand(tree), text)

    def snapshot(self) -> PostgresSnapshot | None:
        """The newest state, read anew only when it has changed; None where there is none."""
        with self._turn, self._engine.connect() as fresh:
            connection = fresh.execution_options(isolation_level="REPEATABLE READ")
            stamp = connection.execute(select(STATE.c.stamp).where(STATE.c.schema == SCHEMA)).scalar()
            if stamp is None:
                return None
            if self._open is None or self._open[0] != stamp:
                self._open = stamp, self._read(connection)
            return self._open[1]

    def _read(self, connection: Connection) -> PostgresSnapshot:
        later = select(PASSAGES.c.n, PASSAGES.c.id).where(PASSAGES.c.n > self._numbered.last).order_by(PASSAGES.c.n)
        rows = connection.execute(later).all()
        self._numbered = self._numbered.and_more([row.n for row in rows], [row.id.encode() for row in rows])
        columns = (PASSAGES.c.length, PASSAGES.c.context_length)
        means = (func.avg(func.nullif(column, 0)) for column in columns)
        live, *lengths = connection.execute(select(func.count(), *means).select_from(PASSAGES)).one()
        known = {name: float(mean or 1) for name, mean in zip((STEMS, CONTEXT), lengths, strict=True)}
        return PostgresSnapshot(self._engine, self._numbered, live, known)

    @staticmethod
    def _add(connection: Connection, passages: Iterable[Passage]) -> None:
        left = iter(passages)
        while batch := {passage.id: passage for passage in islice(left, AT_ONCE)}:
            writing.drop(connection, batch)
            writing.add(connection, batch.values())


def _usable(connection: Connection) -> bool:
    return bool(connection.execute(select(STATE.c.id).where(STATE.c.schema == SCHEMA)).scalar())
