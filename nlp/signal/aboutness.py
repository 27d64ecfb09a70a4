"""Is a claim about what is new, or about something old that is like it?

A claim known by its words alone is weak evidence. How near it is to a group says little by itself: what is new lies
beside what is old, some claims are near to everything, and short ones to nothing. So its nearness to the group is held
against its nearness to what was said before, in two ways that err differently:

- *rank*: among the groups of like size that earlier verbatims fall into, how many lie farther from the claim? The
  groups are the nodes of the dendrograms over what was said before, made without looking at the claim; a claim about
  something else finds the new group nearer than a twentieth of them no more often than chance has it.
- *fit*: how much nearer is it to the nearer half of the group than to as many verbatims of before, those nearest to it?
  The latter are chosen among many more, so that it fits them better than it deserves; a claim about what is new falls
  behind by a little at most.

Both measures are the project's own; `benchmarks/drift/claims.py` says how well they tell claims apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    Floats = NDArray[np.float32]

SMALLEST, LEAST, MOST = 3, 0.5, 4.0
"""A group of before is held against a new one from half to four times its size, and never one of fewer than three."""
ROWS = 4_000
"""So many verbatims of before, spread evenly, are put into groups."""
RANK, BEHIND = 0.95, 0.01
"""A claim is about a group that outranks this share of the groups of before, and that it fits no worse than by so much
cosine. Chosen on claims of the demo corpus and on the key points of ArgKP (`benchmarks/drift`)."""


class Before:
    """What was said before, and the groups that it falls into."""

    def __init__(self, rows: Floats, *, seed: int = 0) -> None:
        self.rows = rows
        drawn = rows[np.unique(np.linspace(0, len(rows) - 1, ROWS).astype(np.int64))] if len(rows) else rows
        self._middles, self._sizes = _groups(drawn, seed)

    def is_about(self, statement: Floats, group: Floats) -> bool:
        """Whether a claim (a unit row) is about a group of verbatims that are new, and not about something of before.

        Where nothing was said before, every claim is about the group.
        """
        return self.agrees(self.rank(statement, group), self.fit(statement, group))

    @staticmethod
    def agrees(rank: float, fit: float) -> bool:
        """Whether both measures say that a claim is about the group."""
        return rank >= RANK and fit >= -BEHIND

    def rank(self, statement: Floats, group: Floats) -> float:
        """The share of the groups of like size that a claim lies farther from than from this one; 1 without any."""
        comparable = (self._sizes >= LEAST * len(group)) & (self._sizes <= MOST * len(group))
        if not comparable.any():
            return 1.0
        near = self._middles[comparable] @ np.asarray(statement, dtype=np.float64)
        return float((near < _mean_cosine(group, statement)).mean())

    def fit(self, statement: Floats, group: Floats) -> float:
        """How much nearer a claim is to the nearer half of the group than to as many verbatims of before, in cosine."""
        if not len(self.rows):
            return 1.0
        half = -(-len(group) // 2)
        here, earlier = (np.sort((rows @ statement).astype(np.float64))[::-1][:half] for rows in (group, self.rows))
        return float(here.mean() - earlier.mean())


def _mean_cosine(group: Floats, statement: Floats) -> float:
    return float((group @ statement).astype(np.float64).mean())


def _groups(rows: Floats, seed: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The mean vector of every group (its product with a claim is the mean cosine of its members), and its size."""
    from nlp.signal.dendrogram import nodes_over

    if len(rows) < SMALLEST:
        return np.zeros((0, rows.shape[1] if rows.ndim == 2 else 0)), np.zeros(0, dtype=np.int64)
    found: Any = nodes_over(rows, 1.0, seed)
    sizes = np.asarray(found.getnnz(axis=1), dtype=np.int64)
    kept = np.flatnonzero(sizes >= SMALLEST)
    return np.asarray(found[kept] @ rows.astype(np.float64)) / sizes[kept, None], sizes[kept]
