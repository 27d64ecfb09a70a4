"""Supporting flags: signs that a synthesis repeats what was believed, or that texts were recycled. Never verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Bools = NDArray[np.bool_]
    Ints = NDArray[np.int64]

SAME = 0.7
"""Cosine from which on two statements are taken to say the same. Of arguments and key points on one subject and side
(ArgKP, development part), 45 % of those that match reach it and 14 % of those that do not.
"""
NULL_DECKS = 999
NEAR = 40
"""How many neighbours of a row are remembered; the nearest that belongs to the history is among them."""
RECYCLED_ROWS = 8_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Echo:
    """How close a deck is to the beliefs, what a deck made of the verbatims alone would be, and how rare the rest."""

    overlap: float
    expected: float
    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """Supporting flags and the numbers behind them, to be shown beside a verdict."""

    flags: tuple[str, ...] = ()
    statistics: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))


def repeat_rate(statements: Floats, before: Floats, *, same: float = SAME) -> float:
    """The share of statements (unit rows) that say the same as one of `before`; 0 where either is empty."""
    if not len(statements) or not len(before):
        return 0.0
    return float(((statements @ before.T).max(axis=1) >= same).mean())


def belief_echo(
    deck: Floats,
    beliefs: Floats,
    *,
    themes: Floats,
    theme_of: Sequence[int],
    respondents: Sequence[object],
    decks: int = NULL_DECKS,
    seed: int = 0,
) -> Echo:
    """Is the deck closer to the beliefs than decks made of nothing but what people said?

    The overlap is the mean, over the deck's statements, of the cosine with the nearest belief. A null deck takes the
    people of a bootstrap sample and states the themes that most of them named, as many as the deck has; `themes` are
    the themes' own statements as unit rows, `theme_of` the theme of each verbatim (-1 for none). Source: the
    bootstrap is Efron's (Annals of Statistics 7 (1979) 1-26), with people as the unit drawn.
    """
    if not len(deck) or not len(beliefs) or not len(themes):
        return Echo(overlap=0.0, expected=0.0, p=1.0)
    nearest = (themes @ beliefs.T).max(axis=1)
    named = _named(theme_of, respondents, len(themes))
    chance = np.random.default_rng(seed)
    drawn = chance.multinomial(len(named), np.full(len(named), 1 / len(named)), size=decks)
    counts = drawn @ named + 1e-6 * chance.random((decks, len(themes)))
    top = np.argsort(-counts, axis=1)[:, : min(len(deck), len(themes))]
    null = nearest[top].mean(axis=1)
    overlap = float((deck @ beliefs.T).max(axis=1).mean())
    return Echo(
        overlap=overlap, expected=float(null.mean()), p=float((1 + (null >= overlap - 1e-9).sum()) / (decks + 1))
    )


def support(
    deck: Floats,
    *,
    last_deck: Floats | None = None,
    beliefs: Floats | None = None,
    echo: Echo | None = None,
    alpha: float = 0.05,
) -> Support:
    """The flags of a deck: it repeats the last one, it restates the beliefs, it echoes them more than people do."""
    flags, numbers = [], {}
    for name, label, before in (
        ("repeat_rate_deck", "repeats the last synthesis", last_deck),
        ("repeat_rate_beliefs", "restates beliefs", beliefs),
    ):
        if before is not None and len(before) and len(deck):
            numbers[name] = repeat_rate(deck, before)
            if numbers[name] >= 0.5:
                flags.append(label)
    if echo is not None:
        numbers.update(belief_overlap=echo.overlap, belief_overlap_expected=echo.expected, p_belief_echo=echo.p)
        if echo.p <= alpha:
            flags.append("belief echo")
    return Support(flags=tuple(flags), statistics=MappingProxyType(numbers))


def recycled(
    vectors: NDArray[np.float32],
    unit_of_row: Ints,
    is_current: Bools,
    strata: Ints,
    *,
    active: Bools,
    permutations: int = 499,
    seed: int = 0,
) -> float:
    """p that this period's words lie as close to the history's as they do, or closer, by chance: copied text.

    The statistic is the mean over current respondents of the distance (1 - cosine) of their rows to the nearest row of
    the history; permuting the period over respondents within strata says how small it would be by chance. Above 8,000
    rows an evenly spread sample is looked at. Source: permutation test of a nearest-neighbour statistic in the manner
    of Schilling, JASA 81 (1986) 799-806.
    """
    rows = np.flatnonzero(active[unit_of_row])
    if len(rows) > RECYCLED_ROWS:
        rows = rows[np.linspace(0, len(rows) - 1, RECYCLED_ROWS).astype(np.int64)]
    there, units = np.unique(unit_of_row[rows], return_inverse=True)
    near, distance = _neighbours(vectors[rows], units)
    chance = np.random.default_rng(seed)
    now, groups = is_current[there], strata[there]
    labels = [now] + [_permuted(now, groups, chance) for _ in range(permutations)]
    values = np.array([_mean_novelty(label[units], units, near, distance) for label in labels])
    return float((1 + (values[1:] <= values[0] + 1e-9).sum()) / (permutations + 1))


def _named(theme_of: Sequence[int], respondents: Sequence[object], themes: int) -> NDArray[np.float64]:
    """Respondents x themes: who named what."""
    people = {person: place for place, person in enumerate(sorted(set(respondents), key=str))}
    named = np.zeros((len(people), themes))
    for theme, person in zip(theme_of, respondents, strict=True):
        if theme >= 0:
            named[people[person], theme] = 1
    return named


def _neighbours(rows: Floats, units: Ints) -> tuple[Ints, NDArray[np.float64]]:
    """The nearest rows of other respondents, nearest first, and their distances; own rows lie infinitely far."""
    count = min(NEAR, len(rows) - 1)
    near = np.empty((len(rows), count), dtype=np.int64)
    distance = np.empty((len(rows), count))
    for start in range(0, len(rows), 1024):
        away = 1.0 - (rows[start : start + 1024] @ rows.T).astype(np.float64)
        away[units[start : start + 1024, None] == units[None, :]] = np.inf
        part = np.argpartition(away, count - 1, axis=1)[:, :count]
        found = np.take_along_axis(away, part, axis=1)
        order = np.argsort(found, axis=1, kind="stable")
        near[start : start + 1024] = np.take_along_axis(part, order, axis=1)
        distance[start : start + 1024] = np.take_along_axis(found, order, axis=1)
    return near, distance


def _mean_novelty(is_current: Bools, units: Ints, near: Ints, distance: NDArray[np.float64]) -> float:
    """Mean over current people; a row without a neighbour in the history among those remembered is wholly new."""
    rows = np.flatnonzero(is_current)
    old = ~is_current[near[rows]] & np.isfinite(distance[rows])
    first = old.argmax(axis=1)
    each = np.where(old.any(axis=1), distance[rows, first], 1.0)
    people = np.bincount(units[rows])
    per_person = np.bincount(units[rows], weights=each)[people > 0] / people[people > 0]
    return float(per_person.mean()) if len(per_person) else 0.0


def _permuted(is_current: Bools, strata: Ints, chance: np.random.Generator) -> Bools:
    labels = is_current.copy()
    for stratum in np.unique(strata):
        members = np.flatnonzero(strata == stratum)
        labels[members] = chance.permutation(labels[members])
    return labels
