"""Families of themes: themes whose centres lie together, for readers who want the whole before its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Ints = NDArray[np.int64]

FEWEST = 4
"""With fewer themes there is nothing to put together: each is a family of its own."""
MOST = 400
"""Cuts that are tried; with more themes than that, they are spread evenly."""


def families(centroids: Floats) -> Ints:
    """The number of each theme's family, given one unit row per theme; families are numbered by their first theme.

    Themes are joined step by step where that adds least to the scatter within families (Ward, Journal of the American
    Statistical Association 58 (1963) 236-244). Of the cuts through that tree that tell something (`_cuts`), the
    one with the best mean silhouette is taken (Rousseeuw, Journal of Computational and Applied Mathematics 20 (1987)
    53-65).
    """
    count = len(centroids)
    if count < FEWEST:
        return np.arange(count, dtype=np.int64)
    from sklearn.metrics import silhouette_score

    rows = centroids.astype(np.float64)
    distance = np.clip(1 - rows @ rows.T, 0, 2)
    distance = (distance + distance.T) / 2
    np.fill_diagonal(distance, 0)
    cuts = _cuts(rows)
    scores = [round(float(silhouette_score(distance, cut, metric="precomputed")), 9) for cut in cuts]
    labels = cuts[int(np.argmax(scores))] if cuts else np.zeros(count, dtype=np.int64)
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    return np.asarray(np.argsort(np.argsort(first))[inverse], dtype=np.int64)


def _cuts(rows: NDArray[np.float64]) -> list[Ints]:
    """The ways to cut the tree into two families or more, fewest first.

    Those come alone that put two themes into a family on average and no more than half of all into one: a family that
    holds nearly everything, or families of one, tell nobody anything. Where no cut is like that, all count.
    """
    from scipy.cluster.hierarchy import fcluster, linkage

    count, tree = len(rows), linkage(rows, "ward")
    tried = np.unique(np.linspace(2, count - 1, min(MOST, count - 2)).astype(int))
    cuts = [np.asarray(fcluster(tree, int(number), "maxclust"), dtype=np.int64) for number in tried]
    cuts = [cut for cut in cuts if 1 < cut.max() < count]
    telling = [cut for cut in cuts if 2 * cut.max() <= count and 2 * np.bincount(cut).max() <= count]
    return telling or cuts
