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

    Themes are joined step by step by the average cosine between their members (UPGMA), and of all ways to cut that tree
    into two families or more the one with the best mean silhouette is taken (Rousseeuw, Journal of Computational and
    Applied Mathematics 20 (1987) 53-65).
    """
    count = len(centroids)
    if count < FEWEST:
        return np.arange(count, dtype=np.int64)
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform
    from sklearn.metrics import silhouette_score

    distance = np.clip(1 - centroids.astype(np.float64) @ centroids.T, 0, 2)
    distance = (distance + distance.T) / 2
    np.fill_diagonal(distance, 0)
    tree = linkage(squareform(distance, checks=False), "average")
    tried = np.unique(np.linspace(2, count - 1, min(MOST, count - 2)).astype(int))
    best, labels = -2.0, np.arange(count)
    for number in tried:
        cut = fcluster(tree, int(number), "maxclust")
        if 1 < len(np.unique(cut)) < count:
            score = round(float(silhouette_score(distance, cut, metric="precomputed")), 9)
            if score > best:
                best, labels = score, cut
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    return np.asarray(np.argsort(np.argsort(first))[inverse], dtype=np.int64)
