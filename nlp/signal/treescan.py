"""The blind tree scan: does a group of verbatims hold more (or fewer) people of the current period than chance allows?

Current and history are put into dendrograms, blind to the period; every node of them is a region. Regions are scored
by how surprising their number of current respondents is, and calibrated by permuting the period over respondents
within strata. Sources: Kulldorff, Communications in Statistics 26 (1997) 1481-1496 (scan statistic); Kulldorff et al.,
Biometrics 59 (2003) 323-331 (tree-based scan); Westfall & Young (1993), single-step max-T.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

MIN_RESPONDENTS = 3
MAX_ROW_SHARE = 1 / 3
BLOCK = 250
"""Most permutations that are counted at once."""
BLOCK_VALUES = 20_000_000
"""Most labels that are held at once: of many respondents, fewer permutations."""


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
        place = int(np.floor(alpha * (len(self.null) + 1))) - 1
        return float(self.null[place]) if 0 <= place < len(self.null) else -np.inf


def regions(vectors: NDArray[np.float32], unit_of_row: Ints, *, seed: int) -> Regions:
    """Every node of the average-link (1 - cosine) and Ward dendrograms of 3 people or more, and 1/3 of rows or less.

    `vectors` are unit rows, `unit_of_row` numbers the respondent of each row. Up to 8,000 rows both dendrograms are
    also made without what nearly all rows share; above, their leaves are micro-clusters of about ten rows
    (`nlp.signal.dendrogram`).
    """
    from scipy.sparse import csr_matrix

    from nlp.signal.dendrogram import leaves_of, nodes_over

    leaves, centres = leaves_of(vectors, seed)
    count = len(leaves)
    ones = np.ones(count, dtype=np.float32)
    unit_count = int(unit_of_row.max()) + 1 if count else 0
    of_leaf = csr_matrix((ones, (leaves, np.arange(count))), shape=(len(centres), count))
    of_row = csr_matrix((ones, (np.arange(count), unit_of_row)), shape=(count, unit_count))
    rows = (nodes_over(centres, MAX_ROW_SHARE, seed) @ of_leaf).tocsr()
    rows = rows[rows.getnnz(axis=1) <= max(MIN_RESPONDENTS, MAX_ROW_SHARE * count)]
    units = (rows @ of_row).tocsr()
    units.data[:] = 1.0
    kept = np.flatnonzero(units.getnnz(axis=1) >= MIN_RESPONDENTS)
    return _distinct(Regions(rows=rows[kept], units=units[kept]))


def scans(
    found: Regions, is_current: Bools, strata: Ints, *, active: Bools, permutations: int, seed: int
) -> tuple[Scan, Scan]:
    """Score every region for too many current respondents and for too few; both are calibrated by one permutation.

    `is_current` is permuted over the `active` respondents within strata. A region's q is the mean over its
    respondents of their stratum's current share; its score is log P(Bin(c + h, q) >= c), or <= c for too few.
    Deterministic for a seed.
    """
    chance = np.random.default_rng(seed)
    units = found.units[:, np.flatnonzero(active)]
    labels, groups = is_current[active], strata[active]
    size = np.asarray(units.sum(axis=1)).ravel().astype(np.int64)
    q = _expected(units, labels, groups, size)
    tables = (_Tails(size, q, fading=False), _Tails(size, q, fading=True))
    current = np.rint(np.asarray(units @ labels.astype(np.float32)).ravel()).astype(np.int64)
    smallest: list[list[Floats]] = [[], []]
    for block in _permuted(labels, groups, permutations, chance):
        counts = np.rint(units @ block).astype(np.int64)
        smallest[1].append(tables[1].smallest(counts.copy()))
        smallest[0].append(tables[0].smallest(counts))
    return (
        _outcome(current, size, q, smallest[0], fading=False),
        _outcome(current, size, q, smallest[1], fading=True),
    )


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
    """Log binomial tails of every region looked up instead of computed.

    Only counts that a permutation can reach are kept: from the mean to fifteen standard deviations beyond (or before,
    for too few); a count outside has the score of the nearest one kept.
    """

    def __init__(self, size: Ints, q: Floats, *, fading: bool) -> None:
        mean, spread = size * q, 15 * np.sqrt(size * q * (1 - q)) + 30
        low, high = (mean - spread, mean + 1) if fading else (mean - 1, mean + spread)
        self._low = np.clip(np.floor(low), 0, size).astype(np.int64)
        self._high = np.clip(np.ceil(high), 0, size).astype(np.int64)
        width = self._high - self._low + 1
        start = np.concatenate([[0], np.cumsum(width)])[:-1]
        self._base = start - self._low
        region = np.repeat(np.arange(len(size)), width)
        count = np.arange(len(region)) - self._base[region]
        self._tails = tail_scores(count, size[region], q[region], fading=fading)

    def smallest(self, counts: Ints) -> Floats:
        """The smallest score of each column of counts (regions x permutations); 0 without any region."""
        np.clip(counts, self._low[:, None], self._high[:, None], out=counts)
        counts += self._base[:, None]
        smallest: Floats = self._tails[counts].min(axis=0, initial=0.0)
        return smallest


def tail_scores(count: Ints, size: Ints, q: Floats, *, fading: bool = False) -> Floats:
    """log P(Bin(size, q) >= count), or <= count for too few; never below -700."""
    from scipy.stats import binom

    with np.errstate(divide="ignore"):
        tails = binom.logcdf(count, size, q) if fading else binom.logsf(count - 1, size, q)
    scores: Floats = np.maximum(np.nan_to_num(tails, nan=0.0, neginf=-700.0), -700.0)
    return scores


def _outcome(current: Ints, size: Ints, q: Floats, smallest: list[Floats], *, fading: bool) -> Scan:
    scores = tail_scores(current, size, q, fading=fading)
    null = np.sort(np.concatenate(smallest)) if smallest else np.empty(0)
    smaller = np.searchsorted(null, scores + 1e-9, side="right")
    return Scan(
        scores=scores, p=(1 + smaller) / (len(null) + 1), null=null, current=current, history=size - current, q=q
    )


def _distinct(found: Regions) -> Regions:
    """Equal regions once: the trees find many nodes twice."""
    seen: dict[bytes, int] = {}
    found.rows.sort_indices()
    bounds, indices = found.rows.indptr, found.rows.indices
    for region in range(found.count):
        seen.setdefault(indices[bounds[region] : bounds[region + 1]].tobytes(), region)
    kept = list(seen.values())
    return Regions(rows=found.rows[kept], units=found.units[kept])


def _expected(units: Any, labels: Bools, strata: Ints, size: Ints) -> Floats:
    people = np.bincount(strata)
    share = np.bincount(strata, weights=labels) / np.maximum(people, 1)
    q: Floats = np.asarray(units @ share[strata]).ravel() / np.maximum(size, 1)
    return q


def _permuted(
    labels: Bools, strata: Ints, permutations: int, chance: np.random.Generator
) -> Iterator[NDArray[np.float32]]:
    """Blocks of permuted labels, respondents x permutations."""
    order = np.argsort(strata, kind="stable")
    back = np.argsort(order, kind="stable")
    bounds = np.flatnonzero(np.diff(strata[order])) + 1
    block = max(1, min(BLOCK, BLOCK_VALUES // max(1, len(labels))))
    for start in range(0, permutations, block):
        width = min(block, permutations - start)
        parts = [
            chance.permuted(np.repeat(part[None, :], width, axis=0), axis=1)
            for part in np.split(labels[order].astype(np.float32), bounds)
        ]
        yield np.ascontiguousarray(np.concatenate(parts, axis=1).T[back])
