"""Intervals for shares and for their differences: what small numbers allow to say, and no more."""

from __future__ import annotations

from math import comb, sqrt
from typing import Protocol

from winloss.model import Share

Z95 = 1.959963984540054
FEW = 10


class Counted(Protocol):
    """So many of so many: people, or deals."""

    @property
    def count(self) -> int: ...

    @property
    def base(self) -> int: ...

    @property
    def value(self) -> float | None: ...


def wilson(share: Counted) -> tuple[float, float]:
    """Wilson's 95% score interval of a share, (0, 1) where nobody was asked.

    Source: E. B. Wilson, Journal of the American Statistical Association 22 (1927) 209-212.
    """
    if share.base == 0:
        return 0.0, 1.0
    n, p, z2 = share.base, share.count / share.base, Z95 * Z95
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 * sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(0.0, centre - half), min(1.0, centre + half)


def difference(earlier: Counted, later: Counted) -> float | None:
    """Later minus earlier, None where either quarter has nobody."""
    if earlier.value is None or later.value is None:
        return None
    return later.value - earlier.value


def newcombe(earlier: Counted, later: Counted) -> tuple[float | None, float | None]:
    """95% interval of later minus earlier, from the two Wilson intervals.

    Source: R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10.
    """
    change = difference(earlier, later)
    if change is None or earlier.value is None or later.value is None:
        return None, None
    low_then, high_then = wilson(earlier)
    low_now, high_now = wilson(later)
    low = change - sqrt((later.value - low_now) ** 2 + (high_then - earlier.value) ** 2)
    high = change + sqrt((high_now - later.value) ** 2 + (earlier.value - low_then) ** 2)
    return low, high


def fisher(one: Counted, other: Counted) -> float:
    """The two-sided p value of Fisher's exact test: how likely two shares as different are, or more so, by chance.

    Source: R. A. Fisher, Journal of the Royal Statistical Society 85 (1922) 87-94.
    """
    return _exact(one, other)[0]


def mid_p(one: Counted, other: Counted) -> float:
    """Fisher's exact test with half of the probability of what was seen: less cautious at small numbers.

    Source: H. O. Lancaster, Journal of the American Statistical Association 56 (1961) 223-234.
    """
    p, seen = _exact(one, other)
    return max(0.0, p - seen / 2)


def _exact(one: Counted, other: Counted) -> tuple[float, float]:
    """The two-sided p value, and the probability of just what was seen."""
    people, successes = one.base + other.base, one.count + other.count
    low, high = max(0, successes - other.base), min(successes, one.base)
    weights = {k: comb(one.base, k) * comb(other.base, successes - k) for k in range(low, high + 1)}
    seen, total = weights[one.count], comb(people, successes)
    return float(sum(weight for weight in weights.values() if weight <= seen) / total), float(seen / total)


def word_for(earlier: Share, later: Share, low: float | None, high: float | None) -> str:
    """`grew`, `faded`, `new`, `gone`, `steady` or `too few`.

    New and gone need a theme that one of the quarters does not have at all and an interval that excludes zero; under
    ten people in either quarter nothing is said.
    """
    if min(earlier.base, later.base) < FEW or low is None or high is None:
        return "too few"
    if low > 0:
        return "new" if earlier.count == 0 else "grew"
    if high < 0:
        return "gone" if later.count == 0 else "faded"
    return "steady"
