"""One state of the words in PostgreSQL: which passages hold a word, how often and where, by its full-text search."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, Text, cast, func, literal_column, select, true, type_coerce
from sqlalchemy.dialects.postgresql import TSQUERY

from winloss.search.postgres.lexemes import all_of, any_of, occurrences_of, side_by_side
from winloss.search.postgres.numbers import Numbered
from winloss.search.postgres.tables import PASSAGES, WORDS
from winloss.search.postings import (
    CONTEXT,
    DOC_BITS,
    STEMS,
    SURFACES,
    Kept,
    Occurrences,
    Postings,
    Snapshot,
    Weights,
)

_FOUND = np.dtype([("n", ">i4"), ("length", ">i4"), ("rank", ">f4")])


class PostgresSnapshot(Snapshot):
    """What is read is kept for as long as the state lasts; passages that came later are left out.

    Documents are numbered by their place among `numbered`. `means` are the mean lengths of the fields.
    """

    def __init__(self, engine: Engine, numbered: Numbered, live: int, means: dict[str, float]) -> None:
        self._engine = engine
        self._numbered = numbered
        self._kept = Kept()
        self._means = means
        self._known_lengths = {field: np.zeros(len(numbered.ns), dtype=np.float32) for field in means}
        self.size = len(numbered.ns)
        self.live = live

    @property
    def ids(self) -> NDArray[np.bytes_]:
        """The id of each document."""
        return self._numbered.names

    @cached_property
    def deleted(self) -> NDArray[np.bool_]:  # type: ignore[override]
        """Which of the documents are no longer there."""
        with self._engine.connect() as connection:
            packed = connection.execute(select(func.string_agg(func.int4send(PASSAGES.c.n), _NOTHING))).scalar()
        gone = np.ones(self.size, dtype=np.bool_)
        gone[self._numbered.places(np.frombuffer(packed or b"", dtype=">i4"))[0]] = False
        return gone

    @cached_property
    def live_ids(self) -> frozenset[str]:
        """The ids of the documents that are there."""
        with self._engine.connect() as connection:
            return frozenset(connection.execute(select(PASSAGES.c.id)).scalars())

    @property
    def lengths(self) -> dict[str, Weights]:
        """Relative lengths of those documents of which postings have been read."""
        return self._known_lengths

    @cached_property
    def frequencies(self) -> dict[str, int]:
        """Every surface with the number of documents that hold it."""
        return self._frequencies(SURFACES)

    @cached_property
    def lexicon(self) -> list[str]:
        """Every surface that occurs, in order."""
        return list(self.frequencies)

    @cached_property
    def stems(self) -> list[str]:
        """Every stem that occurs, in order."""
        return list(self._stem_frequencies)

    @cached_property
    def _stem_frequencies(self) -> dict[str, int]:
        return self._frequencies(STEMS)

    def count(self, field: str, word: str) -> int:
        """In how many documents the word occurs."""
        if field == CONTEXT:
            return len(self.postings(field, word)[0])
        return (self.frequencies if field == SURFACES else self._stem_frequencies).get(word, 0)

    def mark(self, verbatim_id: str) -> bytes | None:
        """The mark of the passage with this id, or None where there is none."""
        with self._engine.connect() as connection:
            mark = connection.execute(select(PASSAGES.c.mark).where(PASSAGES.c.id == verbatim_id)).scalar()
        return bytes(mark) if mark is not None else None

    def postings(self, field: str, word: str) -> Postings:
        """The documents that hold the word in the field, and how often."""
        found: Postings = self._kept.get((field, word), lambda: self._matching(field, any_of([word]), ranked=True))
        return found

    def holding(self, field: str, words: Iterable[str]) -> Postings:
        """The documents that hold one of the words in the field, each counted once."""
        wanted = tuple(words)
        return self._matching(field, any_of(wanted)) if wanted else self.merged([])

    def phrase(self, words: Sequence[str]) -> Postings:
        """The documents that hold the surfaces side by side, each counted once."""
        if len(words) == 1:
            return self.postings(SURFACES, words[0])
        wanted = side_by_side(words)
        found: Postings = self._kept.get(wanted, lambda: self._matching(SURFACES, wanted))
        return found

    def occurrences(self, word: str) -> Occurrences:
        """Where the surface occurs."""
        return self.places([word])[word]

    def places(self, words: Collection[str]) -> dict[str, Occurrences]:
        """Where each of the surfaces occurs in the documents that hold all of them."""
        lexeme = (
            func.unnest(PASSAGES.c.surfaces).table_valued("lexeme", "positions", "weights", name="lexeme").lateral()
        )
        chosen = select(PASSAGES.c.n, lexeme.c.lexeme, lexeme.c.positions).select_from(PASSAGES).join(lexeme, true())
        query = chosen.where(_matches(SURFACES, all_of(words)), lexeme.c.lexeme.in_(list(words)))
        found: dict[str, list[tuple[int, list[int]]]] = {word: [] for word in words}
        with self._engine.connect() as connection:
            for n, word, positions in connection.execute(query):
                found[word].append((n, positions or []))
        self._matching(SURFACES, all_of(words))
        return {word: self._combined(pairs) for word, pairs in found.items()}

    def _combined(self, pairs: Sequence[tuple[int, Sequence[int]]]) -> Occurrences:
        docs, here = self._numbered.places(np.array([n for n, _ in pairs], dtype=np.int64))
        kept = [positions for (_, positions), known in zip(pairs, here.tolist(), strict=True) if known]
        sizes = np.array([len(positions) for positions in kept], dtype=np.intp)
        flat = np.array([place for positions in kept for place in positions], dtype=np.int64)
        return np.sort((np.repeat(docs.astype(np.int64), sizes) << DOC_BITS) + flat)

    def _matching(self, field: str, query: str, *, ranked: bool = False) -> Postings:
        """The documents whose field matches a `tsquery`, with occurrences (of a single word) where they are ranked."""
        length = PASSAGES.c.context_length if field == CONTEXT else PASSAGES.c.length
        rank = func.ts_rank(PASSAGES.c[field], _query(query)) if ranked else literal_column("0::real")
        packed = func.int4send(PASSAGES.c.n).concat(func.int4send(length)).concat(func.float4send(rank))
        with self._engine.connect() as connection:
            found = connection.execute(select(func.string_agg(packed, _NOTHING)).where(_matches(field, query))).scalar()
        rows = np.frombuffer(found or b"", dtype=_FOUND)
        docs, here = self._numbered.places(rows["n"])
        order = np.argsort(docs)
        rows, docs = rows[here][order], docs[order]
        measured = CONTEXT if field == CONTEXT else STEMS
        self._known_lengths[measured][docs] = rows["length"].astype(np.float32) / np.float32(self._means[measured])
        counts = occurrences_of(rows["rank"]) if ranked else np.ones(len(docs), dtype=np.float32)
        return docs, counts

    def _frequencies(self, field: str) -> dict[str, int]:
        query = select(WORDS.c.word, WORDS.c.passages).where(WORDS.c.field == field).order_by(WORDS.c.word)
        with self._engine.connect() as connection:
            return {row.word: row.passages for row in connection.execute(query)}


_NOTHING: Any = literal_column("''::bytea")


def _query(query: str) -> Any:
    return cast(type_coerce(query, Text), TSQUERY)


def _matches(field: str, query: str) -> Any:
    return PASSAGES.c[field].bool_op("@@")(_query(query))
