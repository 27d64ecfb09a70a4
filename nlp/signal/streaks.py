"""Evidence over many tests: false discoveries among cells, and streaks over quarters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt

LEAST_PERMUTATIONS = 1999
CLAIMED = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Streak:
    """What several quarters say together. `evidence` is the product of their e-values; 20 or more is claimed."""

    evidence: float
    quarters: int
    claimed: bool


def benjamini_hochberg(p_values: Sequence[float], q: float) -> list[bool]:
    """Which hypotheses are rejected at false discovery rate `q`, in the order given.

    Source: Benjamini & Hochberg, Journal of the Royal Statistical Society B 57 (1995) 289-300.
    """
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    passed = [rank for rank, place in enumerate(order, 1) if p_values[place] <= q * rank / len(p_values)]
    rejected = set(order[: passed[-1]]) if passed else set()
    return [place in rejected for place in range(len(p_values))]


def adjusted(p_values: Sequence[float]) -> list[float]:
    """The smallest false discovery rate at which each hypothesis would be rejected, in the order given.

    Source: the step-up form of Benjamini & Hochberg (1995), as Yekutieli & Benjamini, Journal of Statistical Planning
    and Inference 82 (1999) 171-196, state it.
    """
    order = sorted(range(len(p_values)), key=lambda place: p_values[place], reverse=True)
    result, smallest = [0.0] * len(p_values), 1.0
    for step, place in enumerate(order):
        smallest = min(smallest, p_values[place] * len(p_values) / (len(p_values) - step))
        result[place] = smallest
    return result


def permutations_for(cells: int, q: float = 0.10) -> int:
    """Permutations so that the smallest p there can be is a tenth of what one of `cells` must reach: 10 * cells / q."""
    return max(LEAST_PERMUTATIONS, ceil(10 * cells / q))


def streak(p_values: Sequence[float]) -> Streak:
    """The evidence that something held over these quarters, oldest first: the product of e = 1 / (2 sqrt(p)).

    Tests must rest on different people, so p-values come from windows of one quarter. Under the null hypothesis the
    product exceeds 20 with probability at most .05, whenever one stops looking. Source: Vovk & Wang, Annals of
    Statistics 49 (2021) 1736-1754 (the calibrator with kappa = 1/2); Ville's inequality.
    """
    evidence = 1.0
    for p in p_values:
        evidence *= 1 / (2 * sqrt(max(p, 1e-12)))
    return Streak(evidence=evidence, quarters=len(p_values), claimed=evidence >= CLAIMED)
