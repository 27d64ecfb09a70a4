"""The search engine of a store on PostgreSQL: words and vectors are looked up there, filters are columns here.

The columns of the filters are brought to the store's revision before they are used, so nothing that another process
writes is missed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from winloss.model import Ask, Filters
from winloss.ports import Store
from winloss.search.columns import EvidenceTable, Rows
from winloss.search.engine import DIGITS, NEAR, LocalEngine, Matches, Scores, best
from winloss.search.postgres.index import PostgresIndex
from winloss.search.postgres.vectors import PostgresVectors


class PostgresEngine(LocalEngine):
    """Search over a workspace whose store, words and vectors are in one PostgreSQL database.

    It finds what `LocalEngine` finds; by meaning, as far as the graph of the vectors knows them.
    """

    def __init__(
        self,
        store: Store,
        index: PostgresIndex,
        vectors: Callable[[], PostgresVectors],
        meant: Callable[[str, str], str | None] = lambda _field, _written: None,
        names: Sequence[str] = (),
    ) -> None:
        super().__init__(store, index, vectors, meant, names)
        self._near_by: Callable[[], PostgresVectors] = vectors
        self._placed_rows: tuple[EvidenceTable, object, NDArray[np.int32]] | None = None

    def nearest(self, vector: Scores, filters: Filters, limit: int) -> list[tuple[str, float]]:
        """(id, cosine) of the verbatims nearest to the vector among those that pass the filters, nearest first."""
        table = self.table()
        rows = np.flatnonzero(table.mask(filters))
        cosines = self._of_rows(table, self._near_by().near(vector, 1.0))[rows]
        if np.count_nonzero(~np.isnan(cosines)) < min(limit, len(rows)):
            cosines = self._cosines(table, vector)[rows]
        kept = ~np.isnan(cosines)
        found, scores = best(rows[kept], cosines[kept], table, limit)
        return [(table.id_of(row), score) for row, score in zip(found.tolist(), scores.tolist(), strict=True)]

    def _state_of_vectors(self) -> object:
        return self._near_by().state()

    def _near(self, table: EvidenceTable, vector: Scores, ask: Ask) -> Scores:
        if not ask.close_only:
            return self._cosines(table, vector)
        self._row_places(table)
        return self._of_rows(table, self._near_by().near(vector, NEAR))

    def _to_weigh(self, table: EvidenceTable, matches: Matches, vector: Scores | None) -> Callable[[Rows], Scores]:
        known = matches.cosines
        if known is None or vector is None:
            return super()._to_weigh(table, matches, vector)

        def cosines_of(rows: Rows) -> Scores:
            cosines: Scores = known[rows].copy()
            places = self._row_places(table)[rows]
            unknown = np.isnan(cosines) & (places >= 0)
            if unknown.any():
                cosines[unknown] = self._near_by().cosines(vector, np.unique(places[unknown]))[places[unknown]]
            return cosines

        return cosines_of

    def _cosines(self, table: EvidenceTable, vector: Scores) -> Scores:
        """The cosine of every row; nan where a text has no vector yet."""
        self._row_places(table)
        return self._of_rows(table, self._near_by().cosines(vector))

    def _of_rows(self, table: EvidenceTable, by_place: Scores) -> Scores:
        places = self._row_places(table)
        here = (places >= 0) & (places < len(by_place))
        cosines = np.full(len(table), np.nan, dtype=np.float32)
        cosines[here] = by_place[places[here]]
        return cosines

    def _row_places(self, table: EvidenceTable) -> NDArray[np.int32]:
        """Where each row's vector stands; -1 where its text has none yet."""
        state = self._near_by().state()
        known = self._placed_rows
        if known is None or known[0] is not table or known[1] != state:
            known = self._placed_rows = table, state, self._near_by().places(table.keys)
        return known[2]

    def _by_typicality(self, rows: Rows, table: EvidenceTable, *, typical: bool) -> tuple[Rows, NDArray[np.float64]]:
        """By the cosine to the middle of them all; rows without a vector come last."""
        places = self._row_places(table)[rows]
        middle = self._near_by().middle(places[places >= 0]) if (places >= 0).any() else None
        if middle is None or not np.linalg.norm(middle):
            return rows, np.zeros(len(rows))
        placed, rest = rows[places >= 0], rows[places < 0]
        by_place = self._near_by().cosines(middle, np.unique(places[places >= 0]))
        cosines = np.round(by_place[places[places >= 0]].astype(np.float64), DIGITS)
        order = np.lexsort((table.ids[placed], -cosines if typical else cosines))
        return np.concatenate([placed[order], rest]), np.concatenate([cosines[order], np.zeros(len(rest))])
