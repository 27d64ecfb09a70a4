"""Putting two rankings together: by words, which knows names and terms, and by meaning, which knows paraphrases."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean, pstdev
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Ranking = Sequence[tuple[str, float]]

WEIGHT = 0.4
"""The say that words have beside meaning; how it was measured is told in `benchmarks/retrieval`."""
RANK_CONSTANT = 60


def fuse(
    words: Ranking,
    meaning: Ranking,
    *,
    method: Literal["z-score", "reciprocal rank"] = "z-score",
    weight: float = WEIGHT,
) -> list[tuple[str, float]]:
    """One ranking of everything in either, best first, ties by id; `weight` is the share of `words`.

    `z-score` standardises the scores of each ranking; what a ranking does not hold counts as its lowest score.
    `reciprocal rank` sums weight / (60 + rank) (Cormack, Clarke and Büttcher, 2009).
    """
    measure = _standardised if method == "z-score" else _reciprocal
    parts = ((measure(words), weight), (measure(meaning), 1.0 - weight))
    totals = {name: 0.0 for name, _ in (*words, *meaning)}
    for (scores, lowest), share in parts:
        for name in totals:
            totals[name] += share * scores.get(name, lowest)
    return sorted(((name, round(score, 9)) for name, score in totals.items()), key=lambda item: (-item[1], item[0]))


def fuse_candidates(
    words: NDArray[np.float32],
    cosines: NDArray[np.float32],
    documents: NDArray[np.int32],  # noqa: ARG001
    turns: NDArray[np.int32],  # noqa: ARG001
    weight: float = WEIGHT,
) -> NDArray[np.float64]:
    """A score for each candidate from its score by words (nan: no match) and its cosine, both standardised."""
    return weight * _z(words) + (1.0 - weight) * _z(cosines)


def _z(scores: NDArray[np.float32]) -> NDArray[np.float64]:
    known = scores[~np.isnan(scores)].astype(np.float64)
    if not len(known):
        return np.zeros(len(scores))
    standard = (np.nan_to_num(scores.astype(np.float64), nan=known.min()) - known.mean()) / (known.std() or 1.0)
    rounded: NDArray[np.float64] = np.round(standard, 9)
    return rounded


def _standardised(ranking: Ranking) -> tuple[dict[str, float], float]:
    if not ranking:
        return {}, 0.0
    values = [score for _, score in ranking]
    mean, spread = fmean(values), pstdev(values) or 1.0
    scores = {name: (score - mean) / spread for name, score in ranking}
    return scores, min(scores.values())


def _reciprocal(ranking: Ranking) -> tuple[dict[str, float], float]:
    return {name: 1.0 / (RANK_CONSTANT + rank) for rank, (name, _) in enumerate(ranking, start=1)}, 0.0
