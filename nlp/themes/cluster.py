"""Themes as dense regions of meaning: which verbatims say the same thing, and which fit nowhere.

UMAP, then HDBSCAN, is what measured best on known groups (`benchmarks/themes`): PCA leaves about half of all verbatims
unthemed, k-means needs to be told the number of themes and forces every verbatim into one. UMAP draws at random, and
with a few hundred verbatims two runs agree on little more than three quarters of the themes; so it is run several
times, and clusters that come back are the themes. With thousands, the most stable clusters are whole subjects, and the
finest ones of the hierarchy are taken: what belongs together is told by families (`nlp.themes.levels`). Verbatims that
lie between those go to the nearest, if they are at least half as near to it as its middle one; the rest stay unthemed,
and that share is part of the answer.

A sentence or two often leave out what they are about, because the sentence before has said it. So a verbatim's vector
is leaned towards the mean of the turn it was said in before themes are looked for.

The first call in a process takes some ten seconds longer, while UMAP's numeric kernels are imported and compiled;
importing this module does not import UMAP.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import ceil, sqrt

import numpy as np
from numpy.typing import NDArray

from nlp.themes.corners import dense_corners
from nlp.themes.levels import families
from winloss.model import fingerprint, text_key

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

UNTHEMED = -1
CLUSTER_VERSION = 7
"""Raise it whenever the same vectors would come out in other themes."""

SMALLEST = 5
DIMENSIONS = 5
NEIGHBOURS = 15
EPOCHS = 200
SMALL = 1_500
RUNS_SMALL = 9
DIMENSIONS_LARGE = 8
EPOCHS_LARGE = 75
RUNS_LARGE = 2
DOMINANT = 0.3
"""A cluster with a larger share of all rows is no theme but the subject itself; its densest parts are taken then."""
SAME = 0.7
HELD = 1 / 3
SAMPLE = 12_000
"""Most rows that are clustered outright; beyond, the others join the themes of their neighbours in a sample."""
VOTERS = 10
CONTEXT = 0.6
"""Weight of the turn beside the verbatim's own 1."""
EDGE = 0.01
"""Share of a theme's own members that may lie farther from its centre than a verbatim that joins later."""
FLOOR = 0.5
"""A row less than so many times as near to a theme's centre as its middle member is not of that theme."""
CHUNK = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Clustering:
    """Which theme each row is in, in the caller's row order; themes are numbered from 0, largest first.

    `labels` holds a theme number or -1 (unthemed), `strength` the cosine similarity to the theme's centre (0 for
    unthemed rows), `centroids` one unit row per theme, and `members` the row numbers of each theme, nearest the centre
    first. `fingerprint` changes with everything that shapes the result beside the vectors.

    `nearest` is the theme whose centre is nearest, also of unthemed rows (-1 where there is no theme), and `membership`
    how near: the share of that theme's own members that are no nearer its centre. `families` has a family number per
    theme. `corners` are the densest groups among unthemed rows, densest first: not yet themes.
    """

    labels: Ints
    strength: Floats
    centroids: Floats
    members: tuple[Ints, ...]
    fingerprint: str
    nearest: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    membership: Floats = field(default_factory=lambda: np.zeros(0, dtype=np.float32))
    families: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    corners: tuple[Ints, ...] = ()

    @property
    def unthemed(self) -> float:
        """Share of the rows that are in no theme; 0 where there are no rows."""
        return float(np.mean(self.labels == UNTHEMED)) if len(self.labels) else 0.0


def in_context(vectors: Floats, turns: Sequence[object]) -> Floats:
    """Unit rows leaned towards the mean of the rows of the same turn; `turns` names each row's turn.

    A row that is alone in its turn stays as it is. The sums run in row order: give the rows in a fixed one.
    """
    numbers = {turn: number for number, turn in enumerate(dict.fromkeys(turns))}
    of_row = np.array([numbers[turn] for turn in turns], dtype=np.int64)
    sums = np.zeros((len(numbers), *vectors.shape[1:]), dtype=np.float32)
    np.add.at(sums, of_row, vectors)
    sizes = np.bincount(of_row, minlength=len(numbers)).astype(np.float32)
    leaned = vectors + CONTEXT * (sums / np.maximum(sizes, 1)[:, None])[of_row]
    return np.asarray(leaned / np.maximum(np.linalg.norm(leaned, axis=1, keepdims=True), 1e-12), dtype=np.float32)


def cluster(vectors: Floats, *, keys: Sequence[str], min_size: int, seed: int) -> Clustering:
    """The themes of `vectors` (unit rows), one key per row.

    The same rows give the same themes in whatever order they come: they are sorted by key first. Themes are numbered
    by size, ties by their smallest key. Fewer than `2 * min_size` rows make no theme. Above `SAMPLE` rows, a sample
    drawn by the hash of the keys is clustered, with `min_size` scaled down, and the other rows follow by vote.

    Raises:
        ValueError: `keys` and `vectors` differ in length, or `min_size` is below 2.
    """
    if len(keys) != len(vectors) or min_size < 2:
        raise ValueError(f"{len(vectors)} vectors, {len(keys)} keys, least size {min_size}: cannot cluster these")
    rows = _by_key(vectors, keys)
    ordered = np.ascontiguousarray(vectors[rows], dtype=np.float32)
    found = _numbered(_adopted(ordered, _labels(ordered, [keys[row] for row in rows], min_size, seed)))
    return _described(ordered, rows, found, _fingerprint(min_size, seed))


def extend(
    vectors: Floats, *, keys: Sequence[str], earlier: Mapping[str, int], min_size: int, seed: int
) -> tuple[Clustering, dict[int, int]]:
    """Themes of a grown corpus: what was in a theme stays in it, what came joins, and what fits nowhere may be new.

    `earlier` says of every row that was there before, by its key, which theme it was in (-1: none). Returns the
    clustering and, for each of its themes that was there before, the number it had. New themes are looked for among
    the unthemed rows; one without any row that came is left where it was.

    Raises:
        ValueError: as for `cluster`.
    """
    if len(keys) != len(vectors) or min_size < 2:
        raise ValueError(f"{len(vectors)} vectors, {len(keys)} keys, least size {min_size}: cannot cluster these")
    rows = _by_key(vectors, keys)
    ordered, names = np.ascontiguousarray(vectors[rows], dtype=np.float32), [keys[row] for row in rows]
    came = np.array([name not in earlier for name in names], dtype=bool)
    labels = np.array([earlier.get(name, UNTHEMED) for name in names], dtype=np.int64)
    olds = np.unique(labels[labels != UNTHEMED])
    labels = _adopted(ordered, _compact(labels), only=came)
    open_rows = np.flatnonzero(labels == UNTHEMED)
    fresh = _labels(ordered[open_rows], [names[row] for row in open_rows], min_size, seed)
    for number in range(fresh.max(initial=UNTHEMED) + 1):
        inside = open_rows[fresh == number]
        if came[inside].any():
            labels[inside] = labels.max(initial=UNTHEMED) + 1
    found = _numbered(labels)
    was = {int(found[row]): int(olds[labels[row]]) for row in range(len(found)) if 0 <= labels[row] < len(olds)}
    return _described(ordered, rows, found, _fingerprint(min_size, seed)), was


def _by_key(vectors: Floats, keys: Sequence[str]) -> Ints:
    """The rows in the order of their keys."""
    return np.array(sorted(range(len(keys)), key=lambda row: (keys[row], vectors[row].tobytes())), dtype=np.int64)


def _described(ordered: Floats, rows: Ints, found: Ints, mark: str) -> Clustering:
    """The clustering in the caller's row order, given the labels of the rows in key order."""
    labels = np.full(len(rows), UNTHEMED, dtype=np.int64)
    labels[rows] = found
    centroids = _centroids(ordered, found)
    nearness = _nearness(ordered, found, centroids)
    strength = np.zeros(len(rows), dtype=np.float32)
    strength[rows] = nearness
    nearest, membership = np.full(len(rows), UNTHEMED, dtype=np.int64), np.zeros(len(rows), dtype=np.float32)
    nearest[rows], membership[rows] = _soft(ordered, found, centroids, nearness)
    members = tuple(
        rows[inside[np.argsort(-nearness[inside], kind="stable")]]
        for inside in (np.flatnonzero(found == number) for number in range(len(centroids)))
    )
    return Clustering(
        labels=labels,
        strength=strength,
        centroids=centroids,
        members=members,
        fingerprint=mark,
        nearest=nearest,
        membership=membership,
        families=families(centroids),
        corners=tuple(rows[corner] for corner in dense_corners(ordered, np.flatnonzero(found == UNTHEMED))),
    )


def min_size_for(count: int, share: float) -> int:
    """The fewest verbatims that make a theme among `count`.

    At least five, at least `share` of them all, and at least a third of the square root of their number: with 500
    verbatims a theme of five is as often chance as meaning.
    """
    return max(SMALLEST, ceil(share * count), ceil(sqrt(count) / 3))


# --- finding dense regions -------------------------------------------------------------------------------------------


def _labels(vectors: Floats, keys: Sequence[str], min_size: int, seed: int) -> Ints:
    """Theme numbers, in no particular order, for rows sorted by key."""
    if len(vectors) < 2 * min_size:
        return np.full(len(vectors), UNTHEMED, dtype=np.int64)
    if len(vectors) <= SAMPLE:
        return _dense(vectors, min_size, seed)
    drawn = np.sort(np.argsort(np.array([text_key(key) for key in keys]), kind="stable")[:SAMPLE])
    scaled = max(SMALLEST, round(min_size * SAMPLE / len(vectors)))
    return _voted(vectors, drawn, _dense(vectors[drawn], scaled, seed))


def _dense(vectors: Floats, min_size: int, seed: int) -> Ints:
    """What most of several runs find together. On one thread: the matrices are small, and sums keep their order."""
    from threadpoolctl import threadpool_limits

    near = _nearest(vectors, vectors, min(NEIGHBOURS, len(vectors) - 1))
    runs = RUNS_SMALL if len(vectors) <= SMALL else RUNS_LARGE
    with warnings.catch_warnings(), threadpool_limits(1):
        warnings.simplefilter("ignore")
        return _consensus([_one_run(vectors, near, min_size, seed + run) for run in range(runs)], min_size)


def _one_run(vectors: Floats, near: tuple[Ints, Floats], min_size: int, seed: int) -> Ints:
    """UMAP of the exact neighbour graph (an approximate one could depend on the machine's threads), then HDBSCAN."""
    from umap import UMAP

    large = len(vectors) > SMALL
    reduction = UMAP(
        n_neighbors=near[0].shape[1],
        n_components=DIMENSIONS_LARGE if large else DIMENSIONS,
        n_epochs=EPOCHS_LARGE if large else EPOCHS,
        min_dist=0.0,
        init="pca",
        metric="cosine",
        random_state=seed % 2**32,
        n_jobs=1,
        precomputed_knn=(near[0], np.clip(1 - near[1], 0, 2)),
    )
    points = np.asarray(reduction.fit_transform(vectors), dtype=np.float32)
    if large:
        return _settled(vectors, points, _regions(points, min_size, finest=True))
    found = _regions(points, min_size, finest=False)
    if np.bincount(found + 1)[1:].max(initial=0) > DOMINANT * len(found):
        found = _regions(points, min_size, finest=True)
    return found


def _regions(points: Floats, min_size: int, *, finest: bool) -> Ints:
    """HDBSCAN: the finest regions of its hierarchy, or those that last longest in it."""
    from hdbscan import HDBSCAN

    clusters = HDBSCAN(
        min_cluster_size=min_size,
        min_samples=min(SMALLEST, min_size),
        core_dist_n_jobs=1,
        cluster_selection_method="leaf" if finest else "eom",
    )
    return np.asarray(clusters.fit_predict(points), dtype=np.int64)


def _settled(vectors: Floats, points: Floats, found: Ints) -> Ints:
    """Each row in the region whose middle is nearest among the reduced rows, if it is near enough to that region.

    The finest regions leave out what lies between them and cut each other's edges by chance: one step of Lloyd's
    algorithm (IEEE Transactions on Information Theory 28 (1982) 129-137) from their middles puts both right. A row
    whose own vector is less than `FLOOR` times as near to the region's centre as the middle one of what the region held
    is there by the reduction's chance, and stays unthemed.
    """
    if found.max(initial=UNTHEMED) == UNTHEMED:
        return found
    middles = np.stack([points[found == number].mean(axis=0) for number in range(found.max() + 1)])
    labels, centroids = _closest(points, middles), _centroids(vectors, found)
    typical = np.array([np.median(vectors[found == number] @ centroids[number]) for number in range(len(centroids))])
    far = np.einsum("ij,ij->i", vectors, centroids[labels]) < FLOOR * typical[labels]
    return _compact(np.where(far, UNTHEMED, labels))


def _closest(points: Floats, middles: Floats) -> Ints:
    """The number of the nearest middle of each point, in bounded memory."""
    result = np.empty(len(points), dtype=np.int64)
    lengths = (middles.astype(np.float64) ** 2).sum(axis=1)
    for start in range(0, len(points), CHUNK):
        part = points[start : start + CHUNK].astype(np.float64)
        result[start : start + CHUNK] = (lengths - 2 * part @ middles.T).argmin(axis=1)
    return result


def _consensus(runs: Sequence[Ints], min_size: int) -> Ints:
    """Clusters of different runs that hold the same rows, taken for one; each row goes where most runs put it.

    The clusters of all runs are themselves clustered, by average linkage on their Jaccard distance (the meta-clustering
    of Strehl and Ghosh, 2002). A row that no such group holds in at least `HELD` of the runs is unthemed.
    """
    from scipy.cluster.hierarchy import fcluster, linkage

    found = np.array([run == number for run in runs for number in range(run.max() + 1)], dtype=np.float32)
    if len(found) < 2:
        return runs[0]
    shared = found @ found.T
    sizes = np.diag(shared)
    distance = 1 - shared / (sizes[:, None] + sizes[None, :] - shared)
    groups = fcluster(linkage(distance[np.triu_indices(len(found), 1)], "average"), SAME, "distance") - 1
    held = np.zeros((groups.max() + 1, found.shape[1]), dtype=np.float32)
    np.add.at(held, groups, found)
    labels = np.where(held.max(axis=0) >= HELD * len(runs), held.argmax(axis=0), UNTHEMED)
    large = np.bincount(labels[labels != UNTHEMED], minlength=len(held)) >= min_size
    return _compact(np.where((labels != UNTHEMED) & large[labels], labels, UNTHEMED))


def _nearest(queries: Floats, base: Floats, count: int) -> tuple[Ints, Floats]:
    """The `count` rows of `base` most similar to each query, most similar first, in bounded memory."""
    indices = np.empty((len(queries), count), dtype=np.int64)
    similarities = np.empty((len(queries), count), dtype=np.float32)
    for start in range(0, len(queries), CHUNK):
        scores = queries[start : start + CHUNK] @ base.T
        top = np.sort(np.argpartition(scores, -count, axis=1)[:, -count:], axis=1)
        values = np.take_along_axis(scores, top, axis=1)
        order = np.argsort(-values, axis=1, kind="stable")
        indices[start : start + CHUNK] = np.take_along_axis(top, order, axis=1)
        similarities[start : start + CHUNK] = np.take_along_axis(values, order, axis=1)
    return indices, similarities


# --- rows that were not clustered outright ---------------------------------------------------------------------------


def _voted(vectors: Floats, drawn: Ints, found: Ints) -> Ints:
    """Labels of all rows: those of the drawn ones, and for the others what most of their nearest drawn rows have."""
    labels = np.full(len(vectors), UNTHEMED, dtype=np.int64)
    labels[drawn] = found
    others = np.setdiff1d(np.arange(len(vectors)), drawn)
    for start in range(0, len(others), CHUNK):
        part = others[start : start + CHUNK]
        nearest, similarity = _nearest(vectors[part], vectors[drawn], VOTERS)
        votes = np.zeros((len(part), int(found.max(initial=UNTHEMED)) + 2), dtype=np.float32)
        for voter in range(VOTERS):
            votes[np.arange(len(part)), found[nearest[:, voter]]] += similarity[:, voter]
        winners = votes.argmax(axis=1)
        labels[part] = np.where(winners == votes.shape[1] - 1, UNTHEMED, winners)
    return labels


def _soft(vectors: Floats, labels: Ints, centroids: Floats, nearness: Floats) -> tuple[Ints, Floats]:
    """Each row's nearest theme, and the share of that theme's members that are no nearer its centre."""
    if not len(centroids):
        return np.full(len(labels), UNTHEMED, dtype=np.int64), np.zeros(len(labels), dtype=np.float32)
    nearest, closeness = labels.copy(), nearness.copy()
    outside = np.flatnonzero(labels == UNTHEMED)
    for start in range(0, len(outside), CHUNK):
        part = outside[start : start + CHUNK]
        scores = vectors[part] @ centroids.T
        nearest[part] = scores.argmax(axis=1)
        closeness[part] = scores.max(axis=1)
    membership = np.zeros(len(labels), dtype=np.float32)
    for number in range(len(centroids)):
        here = nearest == number
        inside = np.sort(nearness[labels == number])
        membership[here] = np.searchsorted(inside, closeness[here], side="right") / len(inside)
    return nearest, membership


def _adopted(vectors: Floats, labels: Ints, *, only: NDArray[np.bool_] | None = None) -> Ints:
    """Unthemed rows join the theme with the nearest centre if they are as near it as its own members are.

    `only` are the rows that may join.
    """
    centroids = _centroids(vectors, labels)
    outside = np.flatnonzero(labels == UNTHEMED if only is None else (labels == UNTHEMED) & only)
    if not len(centroids) or not len(outside):
        return labels
    reach = np.array(
        [np.quantile(vectors[labels == number] @ centroids[number], EDGE) for number in range(len(centroids))]
    )
    scores = vectors[outside] @ centroids.T
    nearest = scores.argmax(axis=1)
    joins = scores[np.arange(len(outside)), nearest] >= reach[nearest]
    result = labels.copy()
    result[outside[joins]] = nearest[joins]
    return result


def _compact(labels: Ints) -> Ints:
    """The same labels without gaps in their numbers."""
    kept = np.unique(labels[labels != UNTHEMED])
    return np.where(labels == UNTHEMED, UNTHEMED, np.searchsorted(kept, labels))


def _numbered(labels: Ints) -> Ints:
    """The same themes numbered by size, ties by their first row (rows are sorted by key)."""
    old, first, sizes = np.unique(labels[labels != UNTHEMED], return_index=True, return_counts=True)
    result = np.full(len(labels), UNTHEMED, dtype=np.int64)
    for number, which in enumerate(np.lexsort((first, -sizes))):
        result[labels == old[which]] = number
    return result


def _centroids(vectors: Floats, labels: Ints) -> Floats:
    count = int(labels.max(initial=UNTHEMED)) + 1
    sums = np.zeros((count, vectors.shape[1] if vectors.ndim == 2 else 0), dtype=np.float32)
    for number in range(count):
        sums[number] = vectors[labels == number].sum(axis=0)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    return np.asarray(sums / np.maximum(lengths, 1e-12), dtype=np.float32)


def _nearness(vectors: Floats, labels: Ints, centroids: Floats) -> Floats:
    """Cosine of each row to its own theme's centre, 0 for unthemed rows."""
    result = np.zeros(len(labels), dtype=np.float32)
    inside = np.flatnonzero(labels != UNTHEMED)
    for start in range(0, len(inside), CHUNK):
        part = inside[start : start + CHUNK]
        result[part] = np.einsum("ij,ij->i", vectors[part], centroids[labels[part]])
    return np.clip(result, 0, 1)


def _fingerprint(min_size: int, seed: int) -> str:
    shape = (
        SMALLEST,
        DIMENSIONS,
        NEIGHBOURS,
        EPOCHS,
        SMALL,
        RUNS_SMALL,
        DIMENSIONS_LARGE,
        EPOCHS_LARGE,
        RUNS_LARGE,
        DOMINANT,
        SAME,
        HELD,
        SAMPLE,
        VOTERS,
        CONTEXT,
        EDGE,
        FLOOR,
    )
    return fingerprint("cluster", CLUSTER_VERSION, *_versions(), *shape, min_size, seed)


@cache
def _versions() -> tuple[str, ...]:
    from importlib.metadata import version

    return tuple(f"{name} {version(name)}" for name in ("umap-learn", "hdbscan"))
