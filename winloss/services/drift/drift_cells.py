"""The cells of evidence that drift verdicts are given on: role x facet x segment, of which many hold too few people.

Evidence is sorted into leaves (quarter, facet, segment, role) once; a cell is a set of leaves. So is its fingerprint,
and whether a cell must be looked at again is told without touching its rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from winloss.model import THEMED_FACETS, EvidenceRow, Scope, fingerprint

Leaf = tuple[str, str, str | None, str | None]
"""Quarter, facet, segment, role."""
OF_SUBSTANCE = frozenset(facet.value for facet in THEMED_FACETS)


@dataclass(frozen=True)
class Evidence:
    """What buyers said of any facet that themes are made of, by leaf; rows of a leaf are in the order of their ids."""

    leaves: Mapping[Leaf, tuple[EvidenceRow, ...]]

    @cached_property
    def quarters(self) -> tuple[str, ...]:
        """Every quarter, oldest first."""
        return tuple(sorted({quarter for quarter, *_ in self.leaves}))

    @cached_property
    def marks(self) -> Mapping[Leaf, str]:
        """What tells whether anything in a leaf changed that a verdict rests on."""
        return {
            leaf: fingerprint(
                *(part for row in rows for part in (row.id, row.key, row.respondent, row.source, row.question))
            )
            for leaf, rows in self.leaves.items()
        }

    @cached_property
    def people(self) -> Mapping[Leaf, frozenset[str]]:
        """The people of each leaf."""
        return {leaf: frozenset(row.respondent for row in rows) for leaf, rows in self.leaves.items()}

    def scopes(self, quarter: str) -> list[Scope]:
        """Every cell in which somebody was heard in the quarter: facet x segment x role, pooled ones first."""
        here = [leaf for leaf in self.leaves if leaf[0] == quarter]
        combined: set[tuple[str | None, str | None, str | None]] = set()
        for _, facet, segment, role in here:
            combined.update(product({None, facet}, {None, segment}, {None, role}))
        order = sorted(combined, key=lambda parts: [(part is not None, part or "") for part in reversed(parts)])
        return [Scope(facet=facet, segment=segment, role=role) for facet, segment, role in order]

    def of(self, scope: Scope, quarters: Iterable[str]) -> list[Leaf]:
        """The leaves of a cell in these quarters."""
        wanted = frozenset(quarters)
        return sorted(
            (leaf for leaf in self.leaves if leaf[0] in wanted and within(leaf, scope)),
            key=lambda leaf: tuple(part or "" for part in leaf),
        )

    def rows(self, leaves: Sequence[Leaf]) -> list[EvidenceRow]:
        """The rows of some leaves, ordered by id."""
        return sorted((row for leaf in leaves for row in self.leaves[leaf]), key=lambda row: row.id)

    def mark(self, leaves: Sequence[Leaf]) -> str:
        """The fingerprint of some leaves."""
        return fingerprint(*(part for leaf in leaves for part in (*leaf, self.marks[leaf])))

    def heard(self, leaves: Sequence[Leaf], quarter: str) -> tuple[int, int]:
        """People of the quarter, and people before it, each counted once in every quarter."""
        told: dict[str, set[str]] = defaultdict(set)
        for leaf in leaves:
            told[leaf[0]] |= self.people[leaf]
        return len(told[quarter]), sum(len(people) for name, people in told.items() if name < quarter)


def evidence_of(rows: Iterable[EvidenceRow]) -> Evidence:
    """The rows of substance that have a quarter, sorted into leaves."""
    leaves: dict[Leaf, list[EvidenceRow]] = defaultdict(list)
    for row in rows:
        if row.quarter and row.facet in OF_SUBSTANCE:
            leaves[row.quarter, row.facet, row.segment, row.role].append(row)
    return Evidence({leaf: tuple(inside) for leaf, inside in leaves.items()})


def within(leaf: Leaf, scope: Scope) -> bool:
    """Whether a leaf belongs to a cell."""
    _, facet, segment, role = leaf
    return scope.facet in (None, facet) and scope.segment in (None, segment) and scope.role in (None, role)


def earlier(quarters: Sequence[str], quarter: str, count: int) -> list[str]:
    """The quarter and as many before it, oldest first."""
    return [name for name in quarters if name <= quarter][-(count + 1) :]


def in_scope(rows: Iterable[EvidenceRow], scope: Scope) -> Iterator[EvidenceRow]:
    """The rows of substance of a cell, of whatever quarter."""
    for row in rows:
        if row.quarter and row.facet in OF_SUBSTANCE and within((row.quarter, row.facet, row.segment, row.role), scope):
            yield row
