"""What other tools do to see something new: four tests that answer with a p-value, run on the same streams."""

from __future__ import annotations

import numpy as np

from nlp.signal.dendrogram import _kmeans


def mmd(vectors: np.ndarray, now: np.ndarray, chance: np.random.Generator, permutations: int = 199) -> float:
    """Maximum mean discrepancy with a Gaussian kernel at the median distance (Gretton et al., JMLR 13 (2012))."""
    square = np.maximum(2 - 2 * vectors @ vectors.T, 0).astype(np.float32)
    kernel = np.exp(-square / max(float(np.median(square)), 1e-9))
    weights = np.stack([_weights(labels) for labels in _labels(now, chance, permutations)], axis=1)
    values = ((kernel @ weights) * weights).sum(axis=0)
    return _p(values)


def unseen_mass(vectors: np.ndarray, now: np.ndarray, chance: np.random.Generator, permutations: int = 199) -> float:
    """The share of current people in clusters that hold nobody of the history (average link, cut at cosine 0.6)."""
    from scipy.cluster.hierarchy import fcluster, linkage

    labels = fcluster(linkage(vectors, "average", metric="cosine"), 0.4, "distance")
    sizes = np.bincount(labels)
    values = []
    for current in _labels(now, chance, permutations):
        here = np.bincount(labels[current], minlength=len(sizes))
        values.append(here[here == sizes].sum() / max(int(current.sum()), 1))
    return _p(np.array(values))


def theme_sets(vectors: np.ndarray, now: np.ndarray, chance: np.random.Generator, permutations: int = 39) -> float:
    """Themes of both sides found apart and matched (Hungarian): how badly the worst-matched current theme fits."""
    from scipy.optimize import linear_sum_assignment

    values = []
    for current in _labels(now, chance, permutations):
        ours, theirs = (_themes(vectors[side]) for side in (current, ~current))
        cosine = ours @ theirs.T
        rows, columns = linear_sum_assignment(-cosine)
        values.append(1 - cosine[rows, columns].min())
    return _p(np.array(values))


def classifier(vectors: np.ndarray, now: np.ndarray, chance: np.random.Generator) -> float:
    """Can a classifier tell the current texts from the others? Ridge, five folds, rank test of held-out scores.

    After Lopez-Paz & Oquab, ICLR 2017.
    """
    from scipy.stats import mannwhitneyu

    fold = chance.permutation(len(now)) % 5
    scores = np.zeros(len(now))
    for number in range(5):
        train = fold != number
        rows, wanted = vectors[train].astype(np.float64), now[train] - now[train].mean()
        weights = np.linalg.solve(rows.T @ rows + 10 * np.eye(rows.shape[1]), rows.T @ wanted)
        scores[~train] = vectors[~train] @ weights
    return float(mannwhitneyu(scores[now], scores[~now], alternative="greater").pvalue)


def _labels(now: np.ndarray, chance: np.random.Generator, permutations: int):
    yield now
    for _ in range(permutations):
        yield chance.permutation(now)


def _weights(labels: np.ndarray) -> np.ndarray:
    return (labels / labels.sum() - ~labels / (~labels).sum()).astype(np.float32)


def _themes(vectors: np.ndarray) -> np.ndarray:
    group = _kmeans(vectors, max(2, min(30, len(vectors) // 5)), 0)
    middles = np.stack([vectors[group == number].mean(axis=0) for number in np.unique(group)])
    return middles / np.linalg.norm(middles, axis=1, keepdims=True)


def _p(values: np.ndarray) -> float:
    return float((1 + (values[1:] >= values[0] - 1e-12).sum()) / len(values))
