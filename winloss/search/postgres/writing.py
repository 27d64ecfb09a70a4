"""Writing the words of passages, within whatever transaction changes the passages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, cast, delete, func, insert, literal, select, union_all, update
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.dialects.postgresql import insert as insert_or_add
from sqlalchemy.types import Text

from winloss.model import Passage, text_key
from winloss.search.generation import contents
from winloss.search.postgres.lexemes import fields_of
from winloss.search.postgres.tables import COUNTERS, PASSAGES, SCHEMA, STATE, VECTORS, WORDS, WRITERS
from winloss.search.postings import CONTEXT, ID, MARK, STEMS, SURFACES

FIELDS = (SURFACES, STEMS, CONTEXT)
_ADD = insert(PASSAGES).values({name: cast(bindparam(name, type_=Text), TSVECTOR) for name in FIELDS})


class WordsMirror:
    """Keeps the words in step with the store: what a transaction changes and what is found of it appear together."""

    def __init__(self, *, with_vectors: bool = True) -> None:
        self._with_vectors = with_vectors

    def replace(self, connection: Connection, documents: Sequence[str], passages: Sequence[Passage]) -> None:
        """These are now all the current passages of these documents."""
        lock(connection)
        here = select(PASSAGES.c.id, PASSAGES.c.mark).where(PASSAGES.c.document_id.in_(documents))
        known = {row.id: bytes(row.mark) for row in connection.execute(here)}
        made = {passage.id: contents(passage) for passage in passages}
        stays = {name for name, words in made.items() if known.get(name) == words[MARK]}
        drop(connection, known.keys() - stays)
        add(connection, (passage for passage in passages if passage.id not in stays))

    def note(self, connection: Connection, revision: int, *, erased: bool) -> None:
        """Everything of this revision has been told.

        Where something before it has not been, the index stays behind until it is brought up to date.
        """
        lock(connection)
        in_step = (STATE.c.revision == revision - 1) & (STATE.c.schema.in_((SCHEMA,) if revision > 1 else (SCHEMA, "")))
        noted = update(STATE).where(in_step).values(schema=SCHEMA, revision=revision, stamp=STATE.c.stamp + 1)
        if connection.execute(noted).rowcount and erased and self._with_vectors:
            drop_stray_vectors(connection)


def lock(connection: Connection) -> None:
    """Wait for whoever else is writing words, and hold others off until the transaction ends."""
    connection.execute(select(func.pg_advisory_xact_lock(WRITERS)))


def add(connection: Connection, passages: Iterable[Passage]) -> None:
    """Write passages that are not there."""
    rows = [_row(passage) for passage in passages]
    if rows:
        connection.execute(_ADD, rows)
        _count(connection, [row["id"] for row in rows], 1)


def drop(connection: Connection, ids: Iterable[str]) -> None:
    """Take passages out, and the words that occur nowhere else."""
    names = sorted(ids)
    if names:
        _count(connection, names, -1)
        connection.execute(delete(PASSAGES).where(PASSAGES.c.id == func.any(_texts(names))))
        connection.execute(delete(WORDS).where(WORDS.c.passages <= 0))


def clear(connection: Connection) -> None:
    """Take everything out."""
    connection.execute(delete(PASSAGES))
    connection.execute(delete(WORDS))


def set_state(connection: Connection, *, revision: int) -> None:
    """Note the revision that the words are of."""
    state = {"schema": SCHEMA, "revision": revision, "stamp": STATE.c.stamp + 1}
    connection.execute(update(STATE).values(state))


def stored_revision(connection: Connection) -> int:
    """The store's revision as this transaction sees it."""
    return connection.execute(select(COUNTERS.c.value).where(COUNTERS.c.name == "revision")).scalar() or 0


def drop_stray_vectors(connection: Connection) -> None:
    """Throw away the vectors of texts that no current passage has."""
    used = select(PASSAGES.c.id).where(PASSAGES.c.key == VECTORS.c.key).exists()
    if connection.execute(delete(VECTORS).where(~used)).rowcount:
        connection.execute(update(STATE).values(dropped=STATE.c.dropped + 1))


def _row(passage: Passage) -> dict[str, Any]:
    found = contents(passage)
    return {
        "id": found[ID],
        "document_id": passage.document_id,
        "key": text_key(passage.text),
        "mark": found[MARK],
        "length": len(found[STEMS]),
        "context_length": len(found[CONTEXT]),
        **fields_of({name: found[name] for name in FIELDS}),
    }


def _count(connection: Connection, ids: Sequence[str], sign: int) -> None:
    """Add to, or take from, the number of passages of each word of these passages."""
    parts = [
        select(literal(name).label("field"), func.unnest(func.tsvector_to_array(PASSAGES.c[name])).label("word")).where(
            PASSAGES.c.id == func.any(_texts(ids))
        )
        for name in FIELDS
    ]
    words = union_all(*parts).subquery()
    word = words.c.word.collate("C")
    counted = (
        select(words.c.field, word, sign * func.count()).group_by(words.c.field, word).order_by(words.c.field, word)
    )
    adding = insert_or_add(WORDS).from_select(["field", "word", "passages"], counted)
    total = WORDS.c.passages + adding.excluded.passages
    connection.execute(adding.on_conflict_do_update(index_elements=["field", "word"], set_={"passages": total}))


def _texts(values: Sequence[str]) -> Any:
    return cast(list(values), ARRAY(Text))
