"""Does a synthesis cover what is new? A group of new verbatims is held against the themes that the synthesis states.

A theme is judged by what it meant before: by its statement and by its quotes of *earlier* quarters. New words filed
under an old theme do not make the old theme new, so the quotes of this quarter count only for a theme that has no
earlier ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Bools = NDArray[np.bool_]

OTHERS = 5
"""How many fellow members stand for a group: about as many quotes as a theme of a synthesis shows."""


def _none() -> Floats:
    return np.zeros((0, 0), dtype=np.float32)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SynthesisTheme:
    """One theme of a synthesis as unit vectors: its statement, its quotes of earlier quarters and those of this one."""

    name: str
    statement: Floats
    earlier: Floats = field(default_factory=_none)
    current: Floats = field(default_factory=_none)

    @property
    def quoted(self) -> bool:
        """Whether buyers' words stand beside the statement."""
        return bool(len(self.earlier) or len(self.current))


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How far a group of verbatims is from the theme that comes closest to it.

    `gap` is None where nothing had to be covered: every verbatim of the group is cited. `theme` is the place of the
    closest theme in the synthesis, None for an empty one; `limit` is the gap up to which that theme covers the group.
    """

    covered: bool
    gap: float | None
    theme: int | None
    limit: float
    uncited: int


def coverage(
    rows: Floats,
    themes: Sequence[SynthesisTheme],
    *,
    cited: Bools | None = None,
    respondents: Sequence[object] | None = None,
    limit: float = 0.15,
    limit_statement: float = 0.30,
) -> Coverage:
    """Whether one single theme lies as close to the group's uncited verbatims as they lie to each other.

    `rows` are the unit vectors of the group, one a verbatim; `cited` says which of them the synthesis quotes. The gap
    is the mean cosine of an uncited verbatim with the centroid of five other members, less its mean cosine with the
    best theme. A theme known by its statement alone is measured with `limit_statement`: a summary is never as close
    to verbatims as verbatims are. The order of the rows is nothing. Source: the measure and both limits are this
    project's own, fitted in `benchmarks/drift`.
    """
    order = np.lexsort(np.asarray(rows, dtype=np.float64).T)
    exact = np.asarray(rows, dtype=np.float64)[order]
    people = np.unique(np.asarray(respondents if respondents is not None else range(len(order))), return_inverse=True)[
        1
    ]
    open_rows = ~cited[order] if cited is not None else np.ones(len(order), dtype=bool)
    count = int(open_rows.sum())
    if not count:
        return Coverage(covered=True, gap=None, theme=None, limit=limit, uncited=0)
    together = float(_fellowship(exact, people[order])[open_rows].mean())
    if not themes:
        return Coverage(covered=False, gap=together, theme=None, limit=limit, uncited=count)
    gaps = [together - float((exact[open_rows] @ theme_vector(theme)).mean()) for theme in themes]
    limits = [limit if theme.quoted else limit_statement for theme in themes]
    best = min(range(len(themes)), key=lambda place: (gaps[place] - limits[place], place))
    return Coverage(covered=gaps[best] <= limits[best], gap=gaps[best], theme=best, limit=limits[best], uncited=count)


def theme_vector(theme: SynthesisTheme) -> NDArray[np.float64]:
    """The statement and the mean of the quotes, each with half the say: earlier quotes, else those of this quarter."""
    quotes = theme.earlier if len(theme.earlier) else theme.current
    statement = _unit(np.asarray(theme.statement, dtype=np.float64))
    if not len(quotes):
        return statement
    return _unit(statement + _unit(np.asarray(quotes, dtype=np.float64).mean(axis=0)))


def _fellowship(rows: NDArray[np.float64], people: NDArray[np.int64]) -> NDArray[np.float64]:
    """Cosine of each row with the centroid of the next five rows of other people, in a circle."""
    cosines = np.ones(len(rows))
    for place in range(len(rows)):
        circle = np.roll(np.arange(len(rows)), -place)[1:]
        others = circle[people[circle] != people[place]]
        chosen = (others if len(others) else circle)[:OTHERS]
        if len(chosen):
            cosines[place] = rows[place] @ _unit(rows[chosen].mean(axis=0))
    return cosines


def _unit(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    unit: NDArray[np.float64] = vector / max(float(np.linalg.norm(vector)), 1e-12)
    return unit
