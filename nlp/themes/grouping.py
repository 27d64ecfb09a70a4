"""Groups that are known beforehand, in the form in which themes are described."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nlp.themes.cluster import Clustering


def grouped(vectors: NDArray[np.float32], sizes: Sequence[int]) -> Clustering:
    """A clustering of rows that come group after group, in groups of these sizes; empty groups are left out."""
    filled = [size for size in sizes if size]
    labels = np.repeat(np.arange(len(filled)), filled)
    centres = np.stack([vectors[labels == number].mean(axis=0) for number in range(len(filled))])
    centres /= np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-12)
    nearness = (vectors * centres[labels]).sum(axis=1)
    members = [np.flatnonzero(labels == number) for number in range(len(filled))]
    return Clustering(
        labels=labels,
        strength=nearness.astype(np.float32),
        centroids=centres.astype(np.float32),
        members=tuple(inside[np.argsort(-nearness[inside], kind="stable")] for inside in members),
        fingerprint="",
    )
