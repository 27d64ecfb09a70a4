"""Numbers in claims held against the counts: holds, does not hold, or cannot be told.

    number                 holds                                 does not hold
    ---------------------  ------------------------------------  ---------------------------------------------------
    a share is bounded     the whole 95% interval is inside      the whole interval is outside
    a share is named       it lies in an interval no wider than  it lies outside the interval
                           `NARROW`
    a count                at least (at most) as many people     fewer (more) people; a named count is off by more
                                                                 than `SLACK`
    a ratio of segments    it lies in the interval, which        it lies outside the interval
                           excludes 1
    more often here        the interval of the difference is     it is below 0
                           above 0

Shares are people of those heard in the claim's scope: silence is not agreement. Intervals of shares are Wilson's, of
differences Newcombe's, of ratios the logarithm's with one half added to each count (D. Katz et al., Biometrics 34
(1978) 469-474; the halves after J. B. S. Haldane, 1956).
"""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, log, sqrt
from typing import TYPE_CHECKING

from winloss.model import Share
from winloss.model.auditing import CheckedNumber, Holding
from winloss.services.statistics import Z95, newcombe, wilson

if TYPE_CHECKING:
    from nlp.decks.deck_numbers import Quantity

NARROW = 0.30
SLACK = 0.10
FEWEST = 5
"""Fewer people heard than this tell nothing of a share."""


def check(quantity: Quantity, said: Share, segments: Mapping[str, Share], *, capped: bool) -> CheckedNumber:
    """Hold a number against the people who say the claim; `segments` are those that the claim compares, in its order.

    `capped`: not everything was read, so that `said` is a least number.
    """
    from nlp.decks.deck_numbers import Meant

    if quantity.meant is Meant.SHARE:
        holding, reason = _share(quantity, said, capped=capped)
    elif quantity.meant is Meant.COUNT:
        holding, reason = _count(quantity, said, capped=capped)
    else:
        holding, reason = _compared(quantity, segments, ratio=quantity.meant is Meant.RATIO)
    return CheckedNumber(words=quantity.words, says=quantity.says, holding=holding, reason=reason)


def _share(quantity: Quantity, said: Share, *, capped: bool) -> tuple[Holding, str]:
    if said.base < FEWEST:
        return Holding.OPEN, f"Only {said.base} people were heard."
    low, high = wilson(said)
    told = f"{said.count} of {said.base} people heard say it ({_percent(low, high)})"
    if quantity.denies:
        return (Holding.FAILS if said.count else Holding.HOLDS), f"{told}."
    if quantity.low == quantity.high == 1.0:
        return (Holding.HOLDS if said.count == said.base else Holding.FAILS), f"{told}; the others do not say so."
    high = 1.0 if capped else high
    base = _base(quantity, said)
    if quantity.exact:
        if not low <= quantity.low <= high:
            return Holding.FAILS, f"{told}{base}."
        return (Holding.HOLDS if high - low <= NARROW else Holding.OPEN), f"{told}{base}."
    if low > quantity.high or high < quantity.low:
        return Holding.FAILS, f"{told}{base}."
    inside = quantity.low <= low and high <= max(quantity.high, 1e-9)
    return (Holding.HOLDS if inside else Holding.OPEN), f"{told}{base}."


def _base(quantity: Quantity, said: Share) -> str:
    if quantity.of is None or quantity.of == said.base:
        return ""
    return f"; the deck speaks of {quantity.of}, the verbatims hold {said.base}"


def _count(quantity: Quantity, said: Share, *, capped: bool) -> tuple[Holding, str]:
    told = f"{'at least ' if capped else ''}{said.count} people say it"
    low, high = quantity.low, quantity.high
    if quantity.exact:
        low, high = low - max(1.0, SLACK * low) * (low > 3), high + max(1.0, SLACK * high) * (high > 3)
    if said.count < low:
        return (Holding.OPEN if capped else Holding.FAILS), f"{told}."
    if said.count > high:
        return Holding.FAILS, f"{told}."
    return (Holding.OPEN if capped and quantity.exact else Holding.HOLDS), f"{told}."


def _compared(quantity: Quantity, segments: Mapping[str, Share], *, ratio: bool) -> tuple[Holding, str]:
    if len(segments) != 2:
        return Holding.OPEN, "It does not say which two groups it compares."
    (one, here), (other, there) = segments.items()
    told = f"{here.count} of {here.base} in {one}, {there.count} of {there.base} in {other}"
    if min(here.base, there.base) < FEWEST:
        return Holding.OPEN, f"{told}: too few heard."
    if ratio:
        low, high = _ratio_interval(here, there)
        told = f"{told} (between {low:.1f} and {high:.1f} times)"
        if not low <= quantity.low <= high and not (quantity.high > quantity.low and high >= quantity.low):
            return Holding.FAILS, f"{told}."
        return (Holding.HOLDS if low > 1 or high < 1 else Holding.OPEN), f"{told}."
    least, most = newcombe(there, here)
    if least is None or most is None:
        return Holding.OPEN, f"{told}."
    if quantity.high <= 1.0:
        least, most = -most, -least
    return (Holding.HOLDS if least > 0 else Holding.FAILS if most < 0 else Holding.OPEN), f"{told}."


def _ratio_interval(here: Share, there: Share) -> tuple[float, float]:
    a, n, c, m = here.count + 0.5, here.base + 0.5, there.count + 0.5, there.base + 0.5
    centre, half = log((a / n) / (c / m)), Z95 * sqrt(1 / a - 1 / n + 1 / c - 1 / m)
    return exp(centre - half), exp(centre + half)


def _percent(low: float, high: float) -> str:
    return f"95% interval {100 * low:.0f} to {100 * high:.0f}%"
