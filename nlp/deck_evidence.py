"""How near verbatims are to a claim, so that their stance is asked for at all.

A single short verbatim lies far from a claim that says the same in other words, while the group it belongs to lies
near. Its nearness is therefore the mean of its own and of its theme's: cluster-based smoothing, as in X. Liu and W. B.
Croft, Cluster-based retrieval using language models, SIGIR 2004.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

NEAR = 0.36
"""Nearness from which on a verbatim is taken to be about a claim. Chosen on claims about other subjects than any
verbatim's (`benchmarks/audit`): at most one person in a thousand is as near to such a claim."""
MOST = 300
"""So many are read for one claim; where more are near, counts are least numbers."""
ALIKE = 0.75
"""Cosine from which on two statements say the same."""


class Ground:
    """The distinct texts of a scope as vectors, each with its theme (None: unthemed), and the themes' centres."""

    def __init__(self, vectors: Vectors, themes: Sequence[str | None]) -> None:
        self._vectors = vectors
        names = sorted({name for name in themes if name})
        places = {name: number for number, name in enumerate(names)}
        self.themes = tuple(names)
        self._theme_of = np.array([places[name] if name else -1 for name in themes], dtype=np.int64)
        self.centres = _centres(vectors, self._theme_of, len(names))

    def rows(self, places: Sequence[int]) -> Vectors:
        """The vectors of these texts, in order."""
        return self._vectors[list(places)]

    def nearness(self, statement: Vectors) -> NDArray[np.float32]:
        """How near every text is to a statement."""
        own = self._vectors @ statement
        if not len(self.themes):
            return np.asarray(own)
        shared = self.centres @ statement
        smoothed = np.where(self._theme_of >= 0, (own + shared[self._theme_of]) / 2, own)
        return np.asarray(smoothed, dtype=np.float32)

    def near(self, statement: Vectors, allowed: Sequence[int], *, most: int = MOST) -> tuple[list[int], bool]:
        """The places of the allowed texts that are about a statement, nearest first, and whether there are more."""
        if not len(allowed):
            return [], False
        places = np.asarray(allowed)
        nearness = self.nearness(statement)[places]
        enough = np.flatnonzero(nearness >= NEAR)
        order = enough[np.argsort(-np.round(nearness[enough], 6), kind="stable")]
        return [int(place) for place in places[order[:most]]], len(order) > most


def _centres(vectors: Vectors, theme_of: NDArray[np.int64], count: int) -> Vectors:
    sums = np.zeros((count, vectors.shape[1] if vectors.ndim == 2 else 0), dtype=np.float32)
    themed = theme_of >= 0
    np.add.at(sums, theme_of[themed], vectors[themed])
    norms = np.linalg.norm(sums, axis=1, keepdims=True)
    return np.asarray(sums / np.where(norms > 0, norms, 1), dtype=np.float32)


def nearest_statement(statement: Vectors, others: Vectors) -> tuple[int, float] | None:
    """Which of the others a statement is nearest to, and the cosine; None without others."""
    if not len(others):
        return None
    cosines = others @ statement
    best = int(np.argmax(np.round(cosines, 6)))
    return best, float(cosines[best])


def centre(vectors: Vectors) -> Vectors:
    """The unit vector of the mean of some vectors."""
    mean = np.asarray(vectors).mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-12), dtype=np.float32)


def by_typicality(vectors: Vectors) -> list[int]:
    """The places of the rows, those nearest to their middle first."""
    if not len(vectors):
        return []
    nearness = np.round(vectors @ centre(vectors), 6)
    return [int(place) for place in np.argsort(-nearness, kind="stable")]


def cosines(ours: Sequence[Vectors], theirs: Sequence[Vectors]) -> list[list[float]]:
    """The cosine of each of ours with each of theirs."""
    if not len(ours) or not len(theirs):
        return []
    return [[float(value) for value in row] for row in np.stack(ours) @ np.stack(theirs).T]
