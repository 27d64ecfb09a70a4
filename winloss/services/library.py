"""What searching and browsing keep in memory: the evidence in columns and the vectors beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from winloss.model import EvidenceRow, Filters
from winloss.ports import Workbench
from winloss.services.evidence import passing

if TYPE_CHECKING:
    from winloss.ports import Vectors


@dataclass(slots=True)
class Library:
    """The evidence of one store revision; the vectors are read when first asked for."""

    revision: int
    rows: list[EvidenceRow]
    table: Any
    _matrix: Any = field(default=None)

    def matrix(self, bench: Workbench) -> Vectors:
        """One unit row per evidence row, in the same order."""
        if self._matrix is None:
            self._matrix = bench.vectors().get([row.key for row in self.rows])
        matrix: Vectors = self._matrix
        return matrix

    def passing(self, filters: Filters) -> Sequence[EvidenceRow]:
        """The rows that pass the filters."""
        return passing(self.rows, filters) if filters else self.rows


def library(bench: Workbench) -> Library:
    """The library of the store's current revision, made anew only when the store has changed."""
    from winloss.search import EvidenceTable

    revision = bench.store.revision()
    kept = bench.memo.get("library")
    if not isinstance(kept, Library) or kept.revision != revision:
        rows = bench.store.evidence()
        kept = Library(revision, rows, EvidenceTable.from_rows(rows))
        bench.memo["library"] = kept
    return kept
