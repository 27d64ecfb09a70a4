"""How small a new theme could have been seen: the scan's power, measured on the data it was run on.

A theme of the history is hidden and put back among the current respondents at a known share; how often the scan finds
it is its power. The dendrogram is reused: respondents are relabelled or left out, nothing is clustered again. The
theme is not a branch of that dendrogram, which the scan would find whole: it is a loose neighbourhood, as real themes
are.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nlp.signal.treescan import MIN_RESPONDENTS, Bools, Floats, Ints, Regions, tail_scores

SHARES = (0.05, 0.10, 0.15, 0.20, 0.30)
SPIKES = 40
WANTED = 0.80
WANTED_SMALL = 0.90
SMALL = 60


def power_by_share(
    vectors: NDArray[np.float32],
    unit_of_row: Ints,
    found: Regions,
    is_current: Bools,
    strata: Ints,
    *,
    active: Bools,
    q: Floats,
    threshold: float,
    looseness: float,
    seed: int,
    shares: Sequence[float] = SHARES,
) -> dict[float, float]:
    """Share of the current respondents -> share of the spike-ins that were found, for each of `shares`, rising.

    A hidden theme is a neighbourhood in the history, of `looseness` times as many people as are put back. A share for
    which the history is too small is left out; once a share was found every time, larger ones are not tried.
    """
    chance = np.random.default_rng(seed)
    history = np.flatnonzero(active & ~is_current)
    means = _means(vectors, unit_of_row, len(is_current))
    people = int((active & is_current).sum())
    result: dict[float, float] = {}
    for share in shares:
        if looseness * share * people > len(history) / 2:
            continue
        if 1.0 in result.values():
            result[share] = 1.0
            continue
        spikes = [
            _spike(means, history, is_current, strata, active, int(chance.binomial(people, share)), looseness, chance)
            for _ in range(SPIKES)
        ]
        current = np.stack([labels for labels, _ in spikes], axis=1)
        present = np.stack([there for _, there in spikes], axis=1)
        best = _tail_scores(found, current, present, q).min(axis=0, initial=0.0)
        result[share] = float((best <= threshold).mean())
    return result


def smallest_seen(power: dict[float, float], people: int) -> float | None:
    """The smallest share seen with at least 80% probability (90% under 60 respondents, where it is optimistic)."""
    wanted = WANTED_SMALL if people < SMALL else WANTED
    return next((share for share in sorted(power) if power[share] >= wanted), None)


def _spike(
    means: NDArray[np.float32],
    history: Ints,
    is_current: Bools,
    strata: Ints,
    active: Bools,
    count: int,
    looseness: float,
    chance: np.random.Generator,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Labels and presence of one pseudo-period in which a hidden theme of the history is all new."""
    nearness = np.round(means[history] @ means[int(chance.choice(history))], 6)
    size = max(MIN_RESPONDENTS, round(looseness * count))
    theme, present = history[np.argsort(-nearness, kind="stable")[:size]], active.copy()
    present[theme] = False
    labels = _relabelled(is_current, strata, present, chance)
    chosen = chance.choice(theme, size=min(count, len(theme)), replace=False)
    present[chosen] = True
    labels[chosen] = True
    return labels.astype(np.float32), present.astype(np.float32)


def _tail_scores(found: Regions, is_current: NDArray[np.float32], active: NDArray[np.float32], q: Floats) -> Floats:
    """Scores for other labels: one column a data set, `active` saying which respondents exist in it."""
    current = np.rint(np.asarray(found.units @ is_current)).astype(np.int64)
    size = np.rint(np.asarray(found.units @ active)).astype(np.int64)
    scores = tail_scores(current, size, q[:, None])
    return np.where(size >= MIN_RESPONDENTS, scores, 0.0)


def _means(vectors: NDArray[np.float32], unit_of_row: Ints, units: int) -> NDArray[np.float32]:
    from scipy.sparse import csr_matrix

    ones = np.ones(len(vectors), dtype=np.float32)
    sums = csr_matrix((ones, (unit_of_row, np.arange(len(vectors)))), shape=(units, len(vectors))) @ vectors
    return np.asarray(sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12), dtype=np.float32)


def _relabelled(is_current: Bools, strata: Ints, present: Bools, chance: np.random.Generator) -> Bools:
    labels = np.zeros(len(is_current), dtype=bool)
    for stratum in np.unique(strata[present]):
        members = np.flatnonzero(present & (strata == stratum))
        labels[members] = chance.permutation(is_current[members])
    return labels
