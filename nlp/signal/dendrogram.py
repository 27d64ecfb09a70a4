"""Dendrograms over the vectors of a cell: every group of rows that hangs together, at every size.

Up to 8,000 rows the rows themselves are the leaves. A tree gives every row one place, and a small theme that lies
between two branches is whole in no node: so there are trees over the vectors as they are, and over what is left of them
without what nearly all rows share. Above, the leaves are micro-clusters of about ten rows, found in two steps (coarse
groups, then k-means within each), and there is one tree per coarse group and one over the groups: what a tree costs
grows with the square of its leaves.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Ints = NDArray[np.int64]

ROWS_AS_LEAVES = 8_000
MICRO_SIZE = 10
GROUP = 4_000
"""Rows of a coarse group, within which micro-clusters are sought."""
TREE_LEAVES = 4_000
"""Most leaves of one tree above the limit."""
FITTED_ON = 20_000
COMMON = 100
"""One in so many dimensions of the vectors is taken for what nearly all rows share."""
GROWTH = 1.05
"""A node is a region of its own when it has a twentieth more rows than the largest region within it."""


def leaves_of(vectors: Floats, seed: int) -> tuple[Ints, Floats]:
    """Which leaf each row is in, and the leaves' centres (unit rows)."""
    if len(vectors) <= ROWS_AS_LEAVES:
        return np.arange(len(vectors)), vectors
    coarse = _kmeans(vectors, -(-len(vectors) // GROUP), seed)
    leaf = np.zeros(len(vectors), dtype=np.int64)
    for group in np.unique(coarse):
        rows = np.flatnonzero(coarse == group)
        leaf[rows] = leaf.max() + 1 + _kmeans(vectors[rows], max(1, len(rows) // MICRO_SIZE), seed)
    leaf = np.unique(leaf, return_inverse=True)[1].astype(np.int64)
    return leaf, _centres(vectors, leaf, int(leaf.max()) + 1)


def nodes_over(centres: Floats, most: float, seed: int) -> Any:
    """Nodes x leaves (0/1, sparse): leaves and the inner nodes with at most this share of the leaves."""
    from scipy.sparse import vstack

    count = len(centres)
    if count <= ROWS_AS_LEAVES:
        every = [np.array([leaf]) for leaf in range(count)]
        trees = (tree for rows in (centres, _without_common(centres)) for tree in _trees(rows))
        return vstack([_incidence(_nodes(tree, every, most * count), count) for tree in trees])
    group = _kmeans(centres, -(-2 * count // TREE_LEAVES), seed)
    parts = [np.flatnonzero(group == number) for number in np.unique(group)]
    parts = [piece for part in parts for piece in np.array_split(part, -(-len(part) // ROWS_AS_LEAVES))]
    blocks = [
        _incidence(_nodes(tree, [np.array([leaf]) for leaf in part], most * count), count)
        for part in parts
        for tree in _trees(centres[part])
    ]
    middles = np.stack([_unit(centres[part].mean(axis=0)) for part in parts])
    blocks += [_incidence(_nodes(tree, parts, most * count), count) for tree in _trees(middles)]
    return vstack(blocks)


def _trees(centres: Floats) -> Iterator[NDArray[np.float64]]:
    """Average link on 1 - cosine, then Ward on the distance of the unit rows."""
    from scipy.cluster.hierarchy import linkage

    count = len(centres)
    if count < 2:
        return
    distance = np.empty(count * (count - 1) // 2)
    start = 0
    for row in range(count - 1):
        distance[start : start + count - 1 - row] = 1.0 - centres[row + 1 :] @ centres[row]
        start += count - 1 - row
    np.clip(distance, 0.0, 2.0, out=distance)
    yield linkage(distance, "average")
    yield linkage(np.sqrt(2.0 * distance, out=distance), "ward")


def _without_common(rows: Floats) -> Floats:
    """Unit rows of what is left without the mean and the strongest principal directions.

    Sentence vectors share a few directions that tell how a thing is said more than what. Source, also of their number:
    Mu & Viswanath, All-but-the-Top, ICLR 2018.
    """
    left = rows - rows.mean(axis=0)
    number = rows.shape[1] // COMMON
    if number:
        strongest = np.linalg.eigh(left.T.astype(np.float64) @ left)[1][:, -number:].astype(np.float32)
        left = left - (left @ strongest) @ strongest.T
    unit: Floats = left / np.maximum(np.linalg.norm(left, axis=1, keepdims=True), 1e-12)
    return unit


def _nodes(tree: NDArray[np.float64], leaves: list[Ints], most: float) -> list[Ints]:
    """The members of each node; larger ones cannot qualify, and one hardly larger than its child says nothing new."""
    members: dict[int, Ints] = {number: leaf for number, leaf in enumerate(leaves) if len(leaf) <= max(3.0, most)}
    inside = {number: len(leaf) for number, leaf in members.items()}
    kept = list(members.values())
    for number, (left, right, *_) in enumerate(tree):
        one, other = members.pop(int(left), None), members.pop(int(right), None)
        if one is None or other is None or len(one) + len(other) > max(3.0, most):
            continue
        place = len(leaves) + number
        members[place] = np.concatenate([one, other])
        inside[place] = max(inside[int(left)], inside[int(right)])
        if len(members[place]) >= GROWTH * inside[place]:
            kept.append(members[place])
            inside[place] = len(members[place])
    return kept


def _incidence(members: list[Ints], count: int) -> Any:
    from scipy.sparse import csr_matrix

    indices = np.concatenate(members) if members else np.empty(0, dtype=np.int64)
    offsets = np.concatenate([[0], np.cumsum([len(item) for item in members])])
    return csr_matrix((np.ones(len(indices), dtype=np.float32), indices, offsets), shape=(len(members), count))


def _kmeans(rows: Floats, count: int, seed: int, rounds: int = 6) -> Ints:
    """Spherical k-means, fitted on at most 20,000 rows. Source: Dhillon & Modha, Machine Learning 42 (2001) 143-175."""
    chance = np.random.default_rng(seed)
    drawn = rows[np.sort(chance.permutation(len(rows))[:FITTED_ON])]
    centres = drawn[np.sort(chance.permutation(len(drawn))[: min(count, len(drawn))])]
    for _ in range(rounds):
        fresh = _centres(drawn, _nearest(drawn, centres), len(centres))
        empty = ~fresh.any(axis=1)
        fresh[empty] = centres[empty]
        centres = fresh
    return _nearest(rows, centres)


def _nearest(rows: Floats, centres: Floats) -> Ints:
    parts = [(rows[start : start + 2048] @ centres.T).argmax(axis=1) for start in range(0, len(rows), 2048)]
    return np.concatenate(parts)


def _centres(rows: Floats, of_row: Ints, count: int) -> Floats:
    """The mean direction of each group; zero for an empty one."""
    from scipy.sparse import csr_matrix

    ones = np.ones(len(rows), dtype=np.float32)
    sums = csr_matrix((ones, (of_row, np.arange(len(rows)))), shape=(count, len(rows))) @ rows
    return np.asarray(sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12), dtype=np.float32)


def _unit(vector: Floats) -> Floats:
    unit: Floats = vector / max(float(np.linalg.norm(vector)), 1e-12)
    return unit
