"""What browsing keeps in memory: the evidence of the store's current revision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from winloss.model import EvidenceRow, Filters
from winloss.ports import Workbench
from winloss.services.evidence import passing


@dataclass(frozen=True, slots=True)
class Library:
    """The evidence of one store revision."""

    revision: int
    rows: list[EvidenceRow]

    def passing(self, filters: Filters) -> Sequence[EvidenceRow]:
        """The rows that pass the filters."""
        return passing(self.rows, filters) if filters else self.rows


def library(bench: Workbench) -> Library:
    """The library of the store's current revision, made anew only when the store has changed."""
    revision = bench.store.revision()
    kept = bench.memo.get("library")
    if not isinstance(kept, Library) or kept.revision != revision:
        kept = bench.memo["library"] = Library(revision, bench.store.evidence())
    return kept
