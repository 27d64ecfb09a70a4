"""Who says the same as a group of verbatims does: how a signal is followed to other sources and later quarters.

The measure is held against what was said before the group was heard: a verbatim says the same where it is nearer to the
group than all but one in a hundred of those. So of everything else one in a hundred will seem to say the same by
chance, which is why counts found this way are shown beside the same count of earlier quarters.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

NEAREST = 3
"""How many members must be near, so that one odd member draws nothing to the group."""
CHANCE = 0.01
"""Share of what was said before that may be as near: the error of the first kind that is accepted."""
ALPHA = 0.05
_AT_ONCE = 4096


def least_nearness(members: Floats, before: Floats) -> float | None:
    """How near a verbatim must be to say the same as the members: nearer than all but one in a hundred of `before`.

    Unit rows in; `before` are verbatims of quarters that did not hold the group, or held it least. Fewer than four
    members say nothing that could be followed: None. The threshold is an empirical quantile, as in conformal
    prediction: Vovk, Gammerman & Shafer, Algorithmic Learning in a Random World (2005), chapter 2.
    """
    if len(members) <= NEAREST:
        return None
    own = float(_nearness(members, members, skip_itself=True).min())
    return max(float(np.quantile(_nearness(before, members), 1 - CHANCE)), own) if len(before) else own


def nearness(rows: Floats, members: Floats) -> list[float]:
    """How near each row is to the members: its mean cosine to the three nearest of them."""
    return [float(value) for value in _nearness(rows, members)]


def more_than_chance(heard: int, of: int) -> bool:
    """Whether so many of so many verbatims say the same as a group is more than the measure finds where nobody does."""
    from scipy.stats import binom

    return heard > 0 and float(binom.sf(heard - 1, of, CHANCE)) <= ALPHA


def _nearness(rows: Floats, members: Floats, *, skip_itself: bool = False) -> NDArray[np.float64]:
    found = np.empty(len(rows))
    for start in range(0, len(rows), _AT_ONCE):
        cosine = (rows[start : start + _AT_ONCE] @ members.T).astype(np.float64)
        if skip_itself:
            places = np.arange(len(cosine))
            cosine[places, start + places] = -np.inf
        found[start : start + _AT_ONCE] = np.partition(cosine, -NEAREST, axis=1)[:, -NEAREST:].mean(axis=1)
    return found
