"""What an analysis did to the themes there were: born, continued, split, merged, dormant, returned, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from winloss.model import Cause, Theme, ThemeEvent

PART = 0.30
"""Share of a theme's verbatims whose going elsewhere makes it a split, and whose coming makes it a merger."""
BACK = 2
"""Exemplars of a dormant theme that must be together again for it to have returned."""


def returning(
    known: Iterable[Theme],
    before: Mapping[str, str],
    clusters: Mapping[str, int | None],
    continues: Mapping[int, str],
) -> dict[int, str]:
    """The clusters that continue nothing but hold most exemplars of a dormant theme: it is that theme again."""
    living = set(before.values())
    found: dict[int, str] = {}
    for theme in sorted(known, key=lambda theme: theme.id):
        if theme.id in living or theme.id in continues.values():
            continue
        votes = Counter(number for name in theme.exemplars if (number := clusters.get(name)) is not None)
        for number, count in votes.most_common(1):
            if count >= BACK and number not in continues and number not in found:
                found[number] = theme.id
    return found


def cause_of(earlier: str | None, content: str) -> Cause:
    """Data, where other verbatims are looked at than the last time; settings, where the same ones are."""
    return Cause.SETTINGS if earlier == content else Cause.DATA


def happened(
    known: Iterable[Theme],
    before: Mapping[str, str],
    themes: Sequence[Theme],
    assignments: Mapping[str, str | None],
    *,
    cause: Cause,
    at: str,
) -> list[ThemeEvent]:
    """The events between two analyses of one facet: `before` and `assignments` say which theme each verbatim is in.

    `known` are all themes that there ever were, `themes` those found now. A theme whose verbatims are the same as
    before has no event.
    """
    was, now = Counter(before.values()), Counter(name for name in assignments.values() if name)
    moved = Counter((before[name], assignments[name]) for name in before.keys() & assignments.keys())
    ever = {theme.id for theme in known}
    made = {theme.id: theme for theme in themes}
    events: list[ThemeEvent] = []

    def tell(theme_id: str, what: str, reason: str, others: Iterable[str] = ()) -> None:
        facet = made[theme_id].facet if theme_id in made else facets[theme_id]
        told = tuple(sorted(set(others) - {theme_id}))
        events.append(
            ThemeEvent(theme_id=theme_id, facet=facet, what=what, cause=cause, reason=reason, at=at, others=told)
        )

    facets = {theme.id: theme.facet for theme in known}
    for theme_id in sorted(made):
        came = {old: count for (old, new), count in moved.items() if new == theme_id and old != theme_id}
        stayed, size = moved[theme_id, theme_id], now[theme_id]
        parts = [old for old, count in came.items() if count >= PART * was[old] and count >= PART * size]
        if theme_id not in ever:
            tell(
                theme_id,
                "born",
                f"{_verbatims(size)} of it, {sum(came.values()):,} of them in other themes before",
                came,
            )
        elif not was[theme_id]:
            tell(theme_id, "returned", f"{_verbatims(size)} of it after it had been dormant")
        elif stayed < was[theme_id] or size > stayed:
            tell(theme_id, "continued", f"{stayed:,} of {_verbatims(was[theme_id])} stayed, {size - stayed:,} came")
        swallowed = [old for old in parts if old not in made]
        if swallowed:
            tell(theme_id, "merged", f"{sum(came[old] for old in swallowed):,} verbatims came with it", swallowed)
    for theme_id in sorted(was):
        went = {new: count for (old, new), count in moved.items() if old == theme_id and new}
        parts = [new for new, count in went.items() if count >= PART * was[theme_id]]
        if len(parts) > 1:
            told = ", ".join(f"{went[new]:,}" for new in sorted(parts))
            tell(theme_id, "split", f"of {_verbatims(was[theme_id])}, {told} are apart now", parts)
        if theme_id not in made:
            lost = was[theme_id] - sum(went.values())
            tell(theme_id, "dormant", f"{_verbatims(lost)} are in no theme now, {sum(went.values()):,} in others", went)
    return events


def _verbatims(count: int) -> str:
    return f"{count:,} verbatim{'' if count == 1 else 's'}"
