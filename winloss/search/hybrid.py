"""One order from two kinds of score: by words, which know names and terms, and by meaning, which knows paraphrases.

Both are standardised over the candidates and added (the convex combination of Bruch, Gai and Ingber, "An Analysis of
Fusion Functions for Hybrid Retrieval", 2023). Then what was said around a passage has its say: where a conversation
turns to a subject, much of what is said about it names it only once. How the three shares were chosen, and what other
fusions come to, is told in `benchmarks/retrieval`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

WORDS = 0.3
"""The say that words have; meaning has the rest."""
NEIGHBOURS = 0.4
"""What it is worth that everything around a passage is one standard deviation better than the candidates' mean."""
DOCUMENT = 0.3
"""What it is worth that the best passage of the same document is one standard deviation better."""
REACH = 4
"""Turns further away than this are no neighbours."""
FADING = 2.0
"""A neighbour so many turns away counts 1/e of one in the same turn."""
DIGITS = 9
"""Scores are compared to this many decimals: rounding noise must not decide an order."""

Scores = NDArray[np.float64]


def fuse(
    words: NDArray[np.float32],
    cosines: NDArray[np.float32],
    documents: NDArray[np.int32],
    turns: NDArray[np.int32],
) -> Scores:
    """A score for each candidate, whatever their order; only their differences mean something.

    `words` holds the score by words and `cosines` the nearness in meaning; nan (no match, unknown) counts as the lowest
    among the candidates. `documents` tells which candidates stand together, `turns` where in their document. A
    candidate never loses by what stands around it, and what stands alone goes by its own scores.
    """
    if not len(words):
        return np.zeros(0)
    own = WORDS * standardised(words) + (1.0 - WORDS) * standardised(cosines)
    fused: Scores = own + NEIGHBOURS * _around(own, documents, turns) + DOCUMENT * _best_of(own, documents)
    rounded: Scores = np.round(fused, DIGITS)
    return rounded


def standardised(scores: NDArray[np.float32]) -> Scores:
    """Differences from the mean in standard deviations; nan counts as the lowest, and nothing but nan as 0."""
    known = scores[~np.isnan(scores)].astype(np.float64)
    if not len(known):
        return np.zeros(len(scores))
    filled: Scores = np.nan_to_num(scores.astype(np.float64), nan=known.min())
    spread = known.std() if known.max() > known.min() else 1.0
    standard: Scores = np.round((filled - known.mean()) / spread, DIGITS)
    return standard


def _around(own: Scores, documents: NDArray[np.int32], turns: NDArray[np.int32]) -> Scores:
    """By how much the candidates around each one are better than the mean, the nearer ones counting more.

    Where all turns within reach are candidates, one each, their weights come to 1.
    """
    order = np.lexsort((turns, documents))
    place, turn, document = own[order], turns[order].astype(np.int64), documents[order]
    better = np.maximum(place - own.mean(), 0.0)
    total = np.zeros(len(own))
    for step in range(1, len(own)):
        apart = turn[step:] - turn[:-step]
        together = (document[step:] == document[:-step]) & (apart <= REACH)
        if not together.any():
            break
        weight = np.exp(-np.where(together, apart, 0) / FADING) * together
        total[:-step] += weight * better[step:]
        total[step:] += weight * better[:-step]
    around = np.empty(len(own))
    around[order] = total / (2.0 * np.exp(-np.arange(1, REACH + 1) / FADING).sum())
    return around


def _best_of(own: Scores, documents: NDArray[np.int32]) -> Scores:
    """The score of the best candidate of the same document."""
    _, codes = np.unique(documents, return_inverse=True)
    best = np.full(codes.max() + 1, -np.inf)
    np.maximum.at(best, codes, own)
    return best[codes]
