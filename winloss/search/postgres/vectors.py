"""Vectors by text key in PostgreSQL, and the nearest: by comparing all, or by pgvector's graph (HNSW) of very many.

HNSW as in Malkov and Yashunin, "Efficient and robust approximate nearest neighbor search using Hierarchical Navigable
Small World graphs" (2018).
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Integer,
    Text,
    bindparam,
    cast,
    delete,
    func,
    literal_column,
    select,
    text,
    type_coerce,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as insert_new

from winloss.errors import NotFound, StaleArtefact
from winloss.search.keys import KeyPlaces, Keys, Places, halves_of
from winloss.search.postgres.numbers import NONE, Numbered
from winloss.search.postgres.tables import STATE, VECTORS, WRITERS, Vector

Matrix = NDArray[np.float32]

CLOSEST = 1000
"""So many of the nearest are looked for in the graph; it keeps as many candidates at hand, which is the most it can."""
SMALLEST_GRAPH = 200_000
"""Fewer vectors are compared one by one, which is exact and takes no longer; see `benchmarks/search_speed`."""
WIDEST_GRAPH = 2000
"""pgvector's graphs hold no longer vectors."""
DIGITS = 6
AT_ONCE = 1000
_FOUND = np.dtype([("n", ">i4"), ("distance", ">f8")])
_NOTHING: Any = literal_column("''::bytea")


class PostgresVectors:
    """The vectors of one encoder fingerprint, for every process that shares the database.

    From `graph_from` vectors on they are searched by a graph.
    """

    def __init__(self, engine: Engine, *, fingerprint: str, dimensions: int, graph_from: int = SMALLEST_GRAPH) -> None:
        self.dimensions = dimensions
        self._engine = engine
        self._model = fingerprint
        self._graph_from = graph_from
        digest = blake2b(fingerprint.encode(), digest_size=6).hexdigest()
        self._graph = f"ix_search_vectors_{digest}"
        self._turn = Lock()
        self._forget()

    def missing(self, keys: Sequence[str]) -> list[str]:
        """Those of `keys` that have no vector, each once, in order."""
        distinct = list(dict.fromkeys(keys))
        known: set[str] = set()
        with self._engine.connect() as connection:
            for start in range(0, len(distinct), AT_ONCE):
                here = self._mine() & VECTORS.c.key.in_(distinct[start : start + AT_ONCE])
                known.update(connection.execute(select(VECTORS.c.key).where(here)).scalars())
        return [key for key in distinct if key not in known]

    def append(self, keys: Sequence[str], vectors: Matrix) -> None:
        """Add the vectors whose keys are not there yet; durable when the call returns.

        Raises:
            StaleArtefact: the vectors have another width than those of this model.
        """
        if vectors.shape != (len(keys), self.dimensions):
            raise StaleArtefact(
                f"vectors of shape {vectors.shape} do not fit {len(keys)} keys of {self.dimensions} dimensions",
                hint="The embedding model has changed under the same name; clear the vectors and analyse again.",
            )
        rows = [
            {"model": self._model, "key": key, "written": _written(vector)}
            for key, vector in zip(keys, vectors, strict=True)
        ]
        wanted = cast(bindparam("written", type_=Text), Vector(self.dimensions))
        adding = insert_new(VECTORS).values(embedding=wanted).on_conflict_do_nothing(index_elements=["model", "key"])
        with self._engine.begin() as connection:
            _lock(connection)
            if rows:
                connection.execute(adding, rows)
            self._draw_graph(connection)

    def get(self, keys: Sequence[str]) -> Matrix:
        """One row per key, in order.

        Raises:
            NotFound: a key has no vector.
        """
        rows: dict[str, int] = {}
        parts: list[bytes] = []
        distinct = list(dict.fromkeys(keys))
        with self._engine.connect() as connection:
            for start in range(0, len(distinct), AT_ONCE):
                here = self._mine() & VECTORS.c.key.in_(distinct[start : start + AT_ONCE])
                for key, sent in connection.execute(
                    select(VECTORS.c.key, func.vector_send(VECTORS.c.embedding)).where(here)
                ):
                    rows[key] = len(parts)
                    parts.append(bytes(sent)[4:])
        if gone := next((key for key in keys if key not in rows), None):
            raise NotFound(f"no vector for the text {gone}", hint="Run `winloss analyse`.")
        matrix = np.frombuffer(b"".join(parts), dtype=">f4").astype(np.float32).reshape(-1, self.dimensions)
        chosen: Matrix = matrix[[rows[key] for key in keys]]
        return chosen

    def clear(self) -> None:
        """Throw every vector of this fingerprint away."""
        with self._engine.begin() as connection:
            _lock(connection)
            connection.execute(delete(VECTORS).where(self._mine()))
            connection.execute(update(STATE).values(dropped=STATE.c.dropped + 1))

    def close(self) -> None:
        """Let go of what was read."""
        with self._turn:
            self._forget()

    # --- searching ---

    def state(self) -> tuple[int, int]:
        """Other numbers mean that there are other vectors."""
        with self._turn:
            self._refresh()
            return self._dropped, self._numbered.last

    def places(self, keys: Keys) -> Places:
        """The place of each key's vector; -1 where there is none."""
        with self._turn:
            self._refresh()
            return self._places.find(keys)

    def near(self, vector: Matrix, least: float) -> Matrix:
        """The cosine of each place, for those of at least `least` and maybe others; nan elsewhere.

        Where more are as near as the graph can tell, every vector is compared.
        """
        self.state()
        best = self._closest(vector)
        if len(best) < CLOSEST or best["distance"].max() > 1 - least:
            return self._by_place(best)
        return self._by_place(self._compared(vector, self._distance(vector) <= 1 - least))

    def cosines(self, vector: Matrix, places: Places | None = None) -> Matrix:
        """The cosine of each place, or of these and nan elsewhere."""
        if places is None:
            self.state()
        return self._by_place(self._compared(vector, None if places is None else self._among(places)))

    def middle(self, places: Places) -> Matrix | None:
        """The mean of the vectors at these places, each as often as it is named; None where there is none."""
        named = func.unnest(self._numbers(places)).column_valued("named")
        query = select(func.vector_send(func.avg(self._embedding()))).where(VECTORS.c.n == named)
        with self._engine.connect() as connection:
            sent = connection.execute(query).scalar()
        return np.frombuffer(bytes(sent)[4:], dtype=">f4").astype(np.float32) if sent is not None else None

    def _closest(self, vector: Matrix) -> NDArray[Any]:
        distance = self._distance(vector)
        inner = select(VECTORS.c.n, distance.label("distance")).where(self._mine()).order_by(distance).limit(CLOSEST)
        nearest = inner.subquery()
        with self._engine.begin() as connection:
            connection.execute(text(f"SET LOCAL hnsw.ef_search = {CLOSEST}"))
            connection.execute(text("SET LOCAL hnsw.iterative_scan = strict_order"))
            return _packed(connection, nearest.c.n, nearest.c.distance)

    def _compared(self, vector: Matrix, condition: ColumnElement[bool] | None) -> NDArray[Any]:
        chosen = select(VECTORS.c.n, self._distance(vector).label("distance")).where(self._mine())
        found = (chosen if condition is None else chosen.where(condition)).subquery()
        with self._engine.connect() as connection:
            return _packed(connection, found.c.n, found.c.distance)

    def _by_place(self, found: NDArray[Any]) -> Matrix:
        cosines = np.full(len(self._numbered.ns), np.nan, dtype=np.float32)
        places, here = self._numbered.places(found["n"])
        cosines[places] = np.round(1 - found["distance"][here], DIGITS)
        return cosines

    def _among(self, places: Places) -> ColumnElement[bool]:
        return VECTORS.c.n == func.any(self._numbers(places))

    def _numbers(self, places: Places) -> Any:
        return cast(self._numbered.ns[places].tolist(), ARRAY(Integer))

    def _mine(self) -> ColumnElement[bool]:
        """The model is written into the SQL, so that the graph's index, which is of one model, can be used."""
        return VECTORS.c.model == bindparam("model", self._model, Text, literal_execute=True)

    def _embedding(self) -> ColumnElement[Any]:
        return cast(VECTORS.c.embedding, Vector(self.dimensions))

    def _distance(self, vector: Matrix) -> ColumnElement[Any]:
        return self._embedding().op("<=>")(cast(type_coerce(_written(vector), Text), Vector(self.dimensions)))

    def _forget(self) -> None:
        self._numbered: Numbered = NONE
        self._places = KeyPlaces()
        self._dropped = -1

    def _refresh(self) -> None:
        """Take in what other processes have added, or begin anew where some have gone."""
        with self._engine.connect() as fresh:
            connection = fresh.execution_options(isolation_level="REPEATABLE READ")
            dropped = connection.execute(select(STATE.c.dropped)).scalar_one()
            if dropped != self._dropped:
                self._forget()
                self._dropped = dropped
            later = self._mine() & (VECTORS.c.n > self._numbered.last)
            rows = connection.execute(select(VECTORS.c.n, VECTORS.c.key).where(later).order_by(VECTORS.c.n)).all()
        if rows:
            keys = bytes.fromhex("".join(row.key for row in rows))
            self._numbered = self._numbered.and_more([row.n for row in rows], [row.key.encode() for row in rows])
            self._places.add(halves_of(keys))

    def _draw_graph(self, connection: Connection) -> None:
        """Make the index that finds the nearest, once there are enough vectors for it to pay."""
        if self.dimensions > WIDEST_GRAPH or connection.execute(select(func.to_regclass(self._graph))).scalar():
            return
        if (
            connection.execute(select(func.count()).select_from(VECTORS).where(self._mine())).scalar_one()
            < self._graph_from
        ):
            return
        model = self._model.replace("'", "''").replace("%", "%%")
        connection.exec_driver_sql(
            f"CREATE INDEX {self._graph} ON search_vectors USING hnsw"
            f" ((embedding::vector({self.dimensions})) vector_cosine_ops) WHERE model = '{model}'"
        )


def _packed(connection: Connection, n: Any, distance: Any) -> NDArray[Any]:
    packed = func.int4send(n).concat(func.float8send(distance))
    found = connection.execute(select(func.string_agg(packed, _NOTHING))).scalar()
    return np.frombuffer(found or b"", dtype=_FOUND)


def _written(vector: Matrix) -> str:
    """The vector as pgvector reads it; every number comes back as it was."""
    return f"[{','.join(map(str, vector.tolist()))}]"


def _lock(connection: Connection) -> None:
    connection.execute(select(func.pg_advisory_xact_lock(WRITERS)))
