"""Were fewer kinds of people asked? The make-up of the sample now and before, compared by permutation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.signal.treescan import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """`ratio` is the effective number of strata now over before, `p` that of a ratio so low by chance.

    `p_mix` is that of shares so different by chance, whichever way they moved.
    """

    ratio: float
    p: float
    p_mix: float


def narrowing(groups: Ints, is_current: Bools, *, permutations: int, seed: int) -> Narrowing:
    """Compares how the people now and before spread over `groups`, one value a respondent.

    The effective number of groups is exp(entropy) (Hill, Ecology 54 (1973) 427-432); the difference of the mix is
    Pearson's chi-square. Both are calibrated by permuting the period over respondents.
    """
    names, groups = np.unique(groups, return_inverse=True)
    labels = is_current.astype(bool)
    chance = np.random.default_rng(seed)
    now = np.stack([np.bincount(groups[labels], minlength=len(names))])
    total = np.bincount(groups, minlength=len(names))
    drawn = chance.multivariate_hypergeometric(total, int(labels.sum()), size=permutations)
    ratio, null_ratio = _ratio(now, total)[0], _ratio(drawn, total)
    moved, null_moved = _moved(now, total)[0], _moved(drawn, total)
    return Narrowing(
        ratio=float(ratio),
        p=float((1 + (null_ratio <= ratio + 1e-12).sum()) / (permutations + 1)),
        p_mix=float((1 + (null_moved >= moved - 1e-12).sum()) / (permutations + 1)),
    )


def _ratio(now: NDArray[np.int64], total: Ints) -> Floats:
    ratio: Floats = np.exp(_entropy(now) - _entropy(total - now))
    return ratio


def _entropy(counts: NDArray[np.int64]) -> Floats:
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    entropy: Floats = -(share * np.log(np.where(share > 0, share, 1.0))).sum(axis=1)
    return entropy


def _moved(now: NDArray[np.int64], total: Ints) -> Floats:
    expected = total * now.sum(axis=1, keepdims=True) / max(int(total.sum()), 1)
    moved: Floats = ((now - expected) ** 2 / np.maximum(expected, 1e-12)).sum(axis=1)
    return moved
