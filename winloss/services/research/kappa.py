"""How far coders agree beyond what luck would give: Cohen's kappa with its interval, and Krippendorff's alpha.

Both are of unordered categories. Kappa is 1 where two coders never differ and 0 where they agree as often as two who
code at their own rates and by chance.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from winloss.services.statistics import Z95

Pair = tuple[Hashable, Hashable]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kappa:
    """Two coders on `n` units, of which they agree on `agreed`.

    `value` is None where it is undefined: no unit, or both only ever used one and the same category. `low` and `high`
    are its 95% interval, None where the formula for large samples gives no width: the two never differ, or one of them
    only ever used one category.
    """

    n: int
    agreed: int
    expected: float | None
    value: float | None
    low: float | None = None
    high: float | None = None


def kappa(pairs: Iterable[Pair]) -> Kappa:
    """Cohen's kappa of the categories that two coders gave to the same units.

    Sources: J. Cohen, Educational and Psychological Measurement 20 (1960) 37-46; its standard error for large samples
    where kappa is not zero: J. L. Fleiss, J. Cohen and B. S. Everitt, Psychological Bulletin 72 (1969) 323-327.
    """
    cells = Counter(pairs)
    n = sum(cells.values())
    agreed = sum(count for (one, other), count in cells.items() if one == other)
    if not n:
        return Kappa(n=0, agreed=0, expected=None, value=None)
    rows, columns = _marginals(cells)
    expected = sum(rows[name] * columns[name] for name in rows) / (n * n)
    if expected == 1:
        return Kappa(n=n, agreed=agreed, expected=1.0, value=None)
    value = (agreed / n - expected) / (1 - expected)
    if agreed == n or min(len(rows), len(columns)) == 1:
        return Kappa(n=n, agreed=agreed, expected=expected, value=value)
    error = sqrt(max(0.0, _variance(cells, n, agreed / n, expected)))
    low, high = max(-1.0, value - Z95 * error), min(1.0, value + Z95 * error)
    return Kappa(n=n, agreed=agreed, expected=expected, value=value, low=low, high=high)


def alpha(units: Iterable[Sequence[Hashable]]) -> float | None:
    """Krippendorff's alpha for nominal data: `units` are the categories that each unit was given, one a coder.

    Units with fewer than two categories say nothing and are left out. None where alpha is undefined: nothing to
    compare, or only one category was ever used.

    Source: K. Krippendorff, Computing Krippendorff's alpha-reliability (2011), section C.
    """
    told = [Counter(unit) for unit in units if len(unit) > 1]
    whole: Counter[Hashable] = sum(told, Counter())
    n = whole.total()
    expected = n * n - sum(count * count for count in whole.values())
    if not expected:
        return None
    differing = sum(_differing(unit) / (unit.total() - 1) for unit in told)
    return 1 - (n - 1) * differing / expected


def _differing(unit: Counter[Hashable]) -> int:
    """Ordered pairs of coders who gave different categories."""
    return unit.total() ** 2 - sum(count * count for count in unit.values())


def _marginals(cells: Counter[Pair]) -> tuple[Counter[Hashable], Counter[Hashable]]:
    rows: Counter[Hashable] = Counter()
    columns: Counter[Hashable] = Counter()
    for (one, other), count in cells.items():
        rows[one] += count
        columns[other] += count
    return rows, columns


def _variance(cells: Counter[Pair], n: int, observed: float, expected: float) -> float:
    rows, columns = _marginals(cells)
    total = -((observed * expected - 2 * expected + observed) ** 2)
    for (one, other), count in cells.items():
        if one == other:
            total += count / n * ((1 - expected) - (rows[one] + columns[one]) / n * (1 - observed)) ** 2
        else:
            total += count / n * (1 - observed) ** 2 * ((columns[one] + rows[other]) / n) ** 2
    return total / (n * (1 - expected) ** 4)
