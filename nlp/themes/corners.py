"""Where unthemed verbatims lie closest together: what may become a theme, and is not one yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Ints = NDArray[np.int64]

FEWEST = 3
MOST = 10
NEIGHBOURS = 5
ROWS = 4_000
"""Most rows that are looked at, spread evenly over all: beyond, the corners are those of a sample."""
DENSE = 0.9
"""Quantile of the similarity between nearest neighbours from which on two rows lie close together."""


def dense_corners(vectors: Floats, rows: Ints, *, dense: float = DENSE) -> list[Ints]:
    """The densest groups of at least three among these rows of `vectors` (unit rows), densest first, ten at most.

    Two rows are linked where each is among the five nearest of the other and their similarity is in the top tenth
    (or above the quantile `dense` of nearest neighbours); what hangs together is a group. Its rows are in the order
    given.
    """
    if len(rows) > ROWS:
        rows = rows[np.linspace(0, len(rows) - 1, ROWS).astype(np.int64)]
    if len(rows) < FEWEST:
        return []
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    similarity = vectors[rows] @ vectors[rows].T
    np.fill_diagonal(similarity, -1)
    linked = _nearest(similarity, min(NEIGHBOURS, len(rows) - 1))
    close = float(np.quantile(similarity.max(axis=1), dense))
    linked &= linked.T & (similarity >= close)
    _, groups = connected_components(csr_matrix(linked), directed=False)
    found = [np.flatnonzero(groups == number) for number in np.flatnonzero(np.bincount(groups) >= FEWEST)]
    density = [float(similarity[np.ix_(group, group)][linked[np.ix_(group, group)]].mean()) for group in found]
    order = sorted(range(len(found)), key=lambda place: (-round(density[place], 6), int(found[place][0])))
    return [rows[found[place]] for place in order[:MOST]]


def _nearest(similarity: Floats, count: int) -> NDArray[np.bool_]:
    """For each row which columns are its `count` nearest; of those that are equally near, the first ones."""
    edge = np.partition(similarity, -count, axis=1)[:, -count, None]
    found = similarity >= edge
    for row in np.flatnonzero(found.sum(axis=1) > count):
        nearest = np.argsort(-similarity[row], kind="stable")[:count]
        found[row] = False
        found[row, nearest] = True
    return found
