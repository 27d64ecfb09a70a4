"""How small a new theme could have been seen: the scan's power, measured on the data it was run on.

A theme of the history is hidden and put back among the current respondents at a known share; how often the scan finds
it is its power. The dendrogram is reused: respondents are relabelled or left out, nothing is clustered again.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nlp.treescan import MIN_RESPONDENTS, Bools, Floats, Ints, Regions, tail_scores

SHARES = (0.05, 0.10, 0.15, 0.20, 0.30)
SPIKES = 40
WANTED = 0.80
WANTED_SMALL = 0.90
SMALL = 60


def power_by_share(
    found: Regions,
    is_current: Bools,
    strata: Ints,
    *,
    active: Bools,
    q: Floats,
    threshold: float,
    seed: int,
) -> dict[float, float]:
    """Share of the current respondents -> share of the spike-ins that were found, for each of `SHARES`.

    A share for which no theme of the history is large enough is left out.
    """
    chance = np.random.default_rng(seed)
    history_sizes = np.asarray(found.units @ (active & ~is_current).astype(np.float32)).ravel()
    people = int((active & is_current).sum())
    result: dict[float, float] = {}
    for share in SHARES:
        spikes = [
            spike
            for _ in range(SPIKES)
            if (spike := _spike(found, is_current, strata, active, history_sizes, people, share, chance)) is not None
        ]
        if len(spikes) < SPIKES // 2:
            continue
        current = np.stack([labels for labels, _ in spikes], axis=1)
        present = np.stack([there for _, there in spikes], axis=1)
        best = tail_scores(found, current, present, q).min(axis=0)
        result[share] = float((best <= threshold).mean())
    return result


def smallest_seen(power: dict[float, float], people: int) -> float | None:
    """The smallest share seen with at least 80% probability (90% under 60 respondents, where it is optimistic)."""
    wanted = WANTED_SMALL if people < SMALL else WANTED
    return next((share for share in sorted(power) if power[share] >= wanted), None)


def _spike(
    found: Regions,
    is_current: Bools,
    strata: Ints,
    active: Bools,
    history_sizes: Floats,
    people: int,
    share: float,
    chance: np.random.Generator,
) -> tuple[NDArray[np.float32], NDArray[np.float32]] | None:
    """Labels and presence of one pseudo-period in which a hidden theme of the history is all new."""
    count = max(1, int(chance.binomial(people, share)))
    fitting = np.flatnonzero((history_sizes >= max(count, MIN_RESPONDENTS)) & (history_sizes <= 3 * count + 12))
    if not len(fitting):
        return None
    theme = found.units[int(chance.choice(fitting))].indices
    theme = theme[active[theme]]
    present = active.copy()
    present[theme] = False
    labels = _relabelled(is_current, strata, present, chance)
    chosen = chance.choice(theme, size=min(count, len(theme)), replace=False)
    present[chosen] = True
    labels[chosen] = True
    return labels.astype(np.float32), present.astype(np.float32)


def _relabelled(is_current: Bools, strata: Ints, present: Bools, chance: np.random.Generator) -> Bools:
    labels = np.zeros(len(is_current), dtype=bool)
    for stratum in np.unique(strata[present]):
        members = np.flatnonzero(present & (strata == stratum))
        labels[members] = chance.permutation(is_current[members])
    return labels
