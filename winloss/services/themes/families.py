"""The level above themes and what is below them: families of themes, and corners of what is in no theme yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from winloss.model import Corner, EvidenceRow, Facet, Family, ThemeView
from winloss.ports import Workbench
from winloss.services.evidence import Heard, respondents
from winloss.services.library import library

CORNERS = 3
QUOTES = 2
PEOPLE = 2
"""Fewest people of a corner: what one person repeats is no corner."""


def families(views: Sequence[ThemeView], said: Sequence[EvidenceRow], heard: Heard) -> tuple[Family, ...]:
    """The families of these themes (ranked), those of most people first; a theme without a family is one of its own.

    `said` are the rows of the themes in the scope, `heard` all of it. Whoever tells several themes of a family counts
    once.
    """
    groups: dict[tuple[str, object], list[ThemeView]] = defaultdict(list)
    for view in views:
        own = view.theme.family if view.theme.family is not None else view.theme.id
        groups[view.theme.facet.value, own].append(view)
    told: dict[str | None, list[EvidenceRow]] = defaultdict(list)
    for row in said:
        told[row.theme_id].append(row)
    found = [_family(number, facet, group, told, heard) for number, ((facet, _), group) in enumerate(groups.items())]
    return tuple(sorted(found, key=lambda family: (-family.share.count, family.number)))


def _family(
    number: int,
    facet: str,
    views: Sequence[ThemeView],
    said: Mapping[str | None, Sequence[EvidenceRow]],
    heard: Heard,
) -> Family:
    own = [row for view in views for row in said.get(view.theme.id, ())]
    return Family(
        number=number,
        facet=facet,
        title=views[0].theme.title,
        themes=tuple(view.theme.id for view in views),
        share=heard.share(own),
        segments=heard.split(own, "segment"),
    )


def corners(bench: Workbench, facets: Sequence[str], heard: Heard) -> tuple[Corner, ...]:
    """The densest corners of what is unthemed in these facets, densest first, as far as they lie in what was heard."""
    groups = [(facet, group) for facet in facets for group in _groups(bench, facet)]
    wanted = {name for _, group in groups for name in group}
    here = {row.id: row for row in heard.rows if row.id in wanted}
    drafts = [
        (facet, inside)
        for facet, group in groups
        if len(respondents(inside := [here[name] for name in group if name in here])) >= PEOPLE
    ][:CORNERS]
    quoted = {facet + rows[0].id: _one_each(rows) for facet, rows in drafts}
    known = {item.id: item for item in bench.store.passages([name for names in quoted.values() for name in names])}
    return tuple(
        Corner(
            facet=facet,
            share=heard.share(rows),
            segments=heard.split(rows, "segment"),
            verbatims=tuple(row.id for row in rows),
            quotes=tuple(known[name] for name in quoted[facet + rows[0].id] if name in known),
        )
        for facet, rows in drafts
    )


def _groups(bench: Workbench, facet: str) -> Sequence[Sequence[str]]:
    """The corners of a facet over all quarters, as verbatim ids; made anew only when what is unthemed has changed."""
    if facet == Facet.NONE:
        return ()
    return library(bench).once(("corners", facet), lambda: _corners_of(bench, facet))


def _corners_of(bench: Workbench, facet: str) -> Sequence[Sequence[str]]:
    from nlp.themes.belonging import corners_among

    rows = [row for row in library(bench).rows if row.facet == facet and row.theme_id is None]
    ids = [row.id for row in rows]
    memo: dict[str, tuple[list[str], Sequence[Sequence[str]]]] = bench.memo.setdefault("corners", {})
    kept = memo.get(facet)
    if kept is None or kept[0] != ids:
        places = corners_among(bench.vectors().get([row.key for row in rows])) if rows else []
        kept = memo[facet] = (ids, [[ids[place] for place in group] for group in places])
    return kept[1]


def _one_each(rows: Sequence[EvidenceRow]) -> tuple[str, ...]:
    first: Mapping[str, str] = {row.respondent: row.id for row in reversed(rows)}
    return tuple(list(first.values())[::-1][:QUOTES])
