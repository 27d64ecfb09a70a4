"""The blind tree scan: does a group of verbatims hold more (or fewer) people of the current period than chance allows?

Current and history are put into one dendrogram, blind to the period; every node of it is a region. Regions are scored
by how surprising their number of current respondents is, and calibrated by permuting the period over respondents
within strata. Sources: Kulldorff, Communications in Statistics 26 (1997) 1481-1496 (scan statistic); Kulldorff et al.,
Biometrics 59 (2003) 323-331 (tree-based scan); Westfall & Young (1993), single-step max-T.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

MICRO_ABOVE = 3000
MICRO_SIZE = 10
MIN_RESPONDENTS = 3
MAX_ROW_SHARE = 1 / 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Regions:
    """Nodes of the dendrograms as sparse incidence matrices: `rows` nodes x rows, `units` nodes x respondents (0/1)."""

    rows: Any
    units: Any

    @property
    def count(self) -> int:
        """How many regions there are."""
        return int(self.units.shape[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """The outcome of one scan. `scores` are log tail probabilities (small is surprising), `p` adjusted over regions.

    `null` holds the smallest score of each permutation, sorted; `q` is the expected current share of each region.
    """

    scores: Floats
    p: Floats
    null: Floats
    current: Ints
    history: Ints
    q: Floats

    def threshold(self, alpha: float) -> float:
        """The score at which a region is significant at `alpha`."""
        place = max(0, int(np.floor(alpha * (len(self.null) + 1))) - 1)
        return float(self.null[place]) if len(self.null) else -np.inf


def regions(vectors: NDArray[np.float32], unit_of_row: Ints, *, seed: int) -> Regions:
    """Every node of the average-link (1 - cosine) and Ward dendrograms with at least 3 respondents and 1/3 of rows.

    `vectors` are unit rows, `unit_of_row` numbers the respondent of each row. Above 3,000 rows the leaves are
    micro-clusters of about ten rows.
    """
    from scipy.sparse import csr_matrix, vstack

    leaves, centres = _leaves(vectors, seed)
    unit_count = int(unit_of_row.max()) + 1 if len(unit_of_row) else 0
    of_leaf = csr_matrix(
        (np.ones(len(leaves), dtype=np.float32), (leaves, np.arange(len(leaves)))), shape=(len(centres), len(leaves))
    )
    of_row = csr_matrix(
        (np.ones(len(leaves), dtype=np.float32), (np.arange(len(leaves)), unit_of_row)),
        shape=(len(leaves), unit_count),
    )
    nodes = vstack([_nodes(tree, len(centres)) for tree in _trees(centres)])
    rows = (nodes @ of_leaf).tocsr()
    units = (rows @ of_row).tocsr()
    units.data[:] = 1.0
    kept = (units.getnnz(axis=1) >= MIN_RESPONDENTS) & (rows.getnnz(axis=1) <= max(3, MAX_ROW_SHARE * len(leaves)))
    return _distinct(Regions(rows=rows[kept], units=units[kept]))


def scan(
    found: Regions,
    is_current: Bools,
    strata: Ints,
    *,
    active: Bools,
    permutations: int,
    seed: int,
    fading: bool = False,
) -> Scan:
    """Score every region and calibrate by permuting `is_current` over respondents within strata.

    Only `active` respondents count. A region's q is the mean over its respondents of their stratum's current share;
    its score is log P(Bin(c + h, q) >= c), or <= c for fading. Deterministic for a seed.
    """
    chance = np.random.default_rng(seed)
    units = found.units[:, np.flatnonzero(active)]
    labels, groups = is_current[active], strata[active]
    size = np.asarray(units.sum(axis=1)).ravel().astype(np.int64)
    q = _expected(units, labels, groups, size)
    table = _Tails(size, q, fading=fading)
    current = np.asarray(units @ labels.astype(np.float32)).ravel().astype(np.int64)
    scores = table(current[:, None]).ravel()
    null = np.concatenate(
        [table(_counts(units, block)).min(axis=0) for block in _permuted(labels, groups, permutations, chance)]
        or [np.empty(0)]
    )
    null.sort()
    smaller = np.searchsorted(null, scores + 1e-9, side="right")
    return Scan(
        scores=scores,
        p=(1 + smaller) / (len(null) + 1),
        null=null,
        current=current,
        history=size - current,
        q=q,
    )


def tail_scores(found: Regions, is_current: NDArray[np.float32], active: NDArray[np.float32], q: Floats) -> Floats:
    """Scores for other labels: one column a data set, `active` saying which respondents exist in it."""
    from scipy.stats import binom

    current = np.asarray(found.units @ is_current)
    size = np.asarray(found.units @ active)
    scores = binom.logsf(current - 1, size, q[:, None])
    return np.where(size >= MIN_RESPONDENTS, scores, 0.0)


def non_overlapping(found: Regions, order: Sequence[int]) -> list[int]:
    """The regions of `order` that share no row with one before them."""
    taken: set[int] = set()
    kept = []
    for region in order:
        members = set(found.rows[region].indices.tolist())
        if taken.isdisjoint(members):
            taken |= members
            kept.append(region)
    return kept


class _Tails:
    """Log binomial tails of every region looked up instead of computed: score(region, count)."""

    def __init__(self, size: Ints, q: Floats, *, fading: bool) -> None:
        from scipy.stats import binom

        self._offset = np.concatenate([[0], np.cumsum(size + 1)])
        region = np.repeat(np.arange(len(size)), size + 1)
        count = np.arange(self._offset[-1]) - self._offset[region]
        with np.errstate(divide="ignore"):
            tails = (
                binom.logcdf(count, size[region], q[region])
                if fading
                else binom.logsf(count - 1, size[region], q[region])
            )
        self._tails = np.maximum(np.nan_to_num(tails, nan=0.0), -700.0)

    def __call__(self, counts: Ints) -> Floats:
        scores: Floats = self._tails[self._offset[:-1, None] + counts]
        return scores


def _leaves(vectors: NDArray[np.float32], seed: int) -> tuple[Ints, NDArray[np.float64]]:
    """Which leaf each row is in, and the leaves' centres (unit rows)."""
    rows = vectors.astype(np.float64)
    if len(rows) <= MICRO_ABOVE:
        return np.arange(len(rows)), rows
    from sklearn.cluster import MiniBatchKMeans

    model = MiniBatchKMeans(n_clusters=len(rows) // MICRO_SIZE, n_init=1, random_state=seed, batch_size=4096)
    leaf = model.fit_predict(rows)
    used, leaf = np.unique(leaf, return_inverse=True)
    centres = model.cluster_centers_[used]
    return leaf.astype(np.int64), centres / np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-12)


def _trees(centres: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    from scipy.cluster.hierarchy import linkage
    from scipy.spatial.distance import squareform

    distance = np.clip(1.0 - centres @ centres.T, 0.0, 2.0)
    np.fill_diagonal(distance, 0.0)
    condensed = squareform(distance, checks=False)
    return [linkage(condensed, "average"), linkage(np.sqrt(2.0 * condensed), "ward")]


def _nodes(tree: NDArray[np.float64], leaf_count: int) -> Any:
    """Inner nodes x leaves; nodes with more than a third of the leaves are left out early, they cannot qualify."""
    from scipy.sparse import csr_matrix

    members: dict[int, list[int]] = {leaf: [leaf] for leaf in range(leaf_count)}
    limit = max(3, int(MAX_ROW_SHARE * leaf_count))
    lists: list[list[int]] = [[leaf] for leaf in range(leaf_count)] if leaf_count else []
    for number, (left, right, *_) in enumerate(tree):
        one, other = members.get(int(left)), members.get(int(right))
        if one is not None and other is not None and len(one) + len(other) <= limit:
            members[leaf_count + number] = one + other
            lists.append(members[leaf_count + number])
    indices = np.concatenate([np.asarray(item) for item in lists])
    offsets = np.concatenate([[0], np.cumsum([len(item) for item in lists])])
    return csr_matrix((np.ones(len(indices), dtype=np.float32), indices, offsets), shape=(len(lists), leaf_count))


def _distinct(found: Regions) -> Regions:
    """Equal respondent sets once: two trees find many nodes twice."""
    seen: dict[bytes, int] = {}
    units = found.units
    units.sort_indices()
    for region in range(found.count):
        span = slice(units.indptr[region], units.indptr[region + 1])
        seen.setdefault(units.indices[span].tobytes() + b"|" + found.rows[region].indices.tobytes(), region)
    kept = list(seen.values())
    return Regions(rows=found.rows[kept], units=units[kept])


def _expected(units: Any, labels: Bools, strata: Ints, size: Ints) -> Floats:
    share = np.zeros(int(strata.max()) + 1 if len(strata) else 0)
    for stratum in np.unique(strata):
        share[stratum] = labels[strata == stratum].mean()
    q: Floats = np.asarray(units @ share[strata]).ravel() / np.maximum(size, 1)
    return q


def _permuted(labels: Bools, strata: Ints, permutations: int, chance: np.random.Generator) -> Any:
    """Blocks of permuted labels, respondents x permutations."""
    order = np.argsort(strata, kind="stable")
    back = np.argsort(order, kind="stable")
    bounds = np.flatnonzero(np.diff(strata[order])) + 1
    for start in range(0, permutations, 250):
        width = min(250, permutations - start)
        parts = [
            chance.permuted(np.repeat(part[:, None], width, axis=1), axis=0)
            for part in np.split(labels[order].astype(np.float32), bounds)
        ]
        yield np.concatenate(parts)[back]


def _counts(units: Any, block: NDArray[np.float32]) -> Ints:
    counts: Ints = np.rint(units @ block).astype(np.int64)
    return counts
