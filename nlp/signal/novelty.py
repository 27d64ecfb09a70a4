"""How new each verbatim of the current period is: its distance to what was said, blended with what the scan found."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nlp.signal.treescan import Floats, Regions

NEIGHBOURS = 5


def novelty(current: NDArray[np.float32], history: NDArray[np.float32]) -> Floats:
    """How far each current row is from what was said before: mean of 1 - cosine to its five nearest of the history.

    Unit rows in, values in [0, 2] out; without any history everything is 1.
    """
    if not len(history):
        return np.ones(len(current))
    near = min(NEIGHBOURS, len(history))
    values = np.empty(len(current))
    for start in range(0, len(current), 1024):
        cosine = current[start : start + 1024] @ history.T
        nearest = np.partition(cosine, -near, axis=1)[:, -near:]
        values[start : start + 1024] = 1.0 - nearest.mean(axis=1)
    return values


def row_surprise(found: Regions, scores: Floats, row_count: int) -> Floats:
    """Per row the strongest evidence of any region it is in: minus the smallest log tail probability, 0 for none."""
    surprise = np.zeros(row_count)
    weights = found.rows.tocoo()
    np.maximum.at(surprise, weights.col, -scores[weights.row])
    return surprise


def blended(distance: Floats, surprise: Floats) -> Floats:
    """The mean of both ranks, in (0, 1]: 1 is the newest. Rows alike in both get the same value."""
    return (_rank(distance) + _rank(surprise)) / 2


def _rank(values: Floats) -> Floats:
    from scipy.stats import rankdata

    ranks: Floats = rankdata(np.round(values, 6), method="average") / max(len(values), 1)
    return ranks
