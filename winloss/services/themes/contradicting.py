"""What contradicts a theme: the passages that deny it, whichever facet they are in, and who says so.

A passage denies a theme when it is in the theme and denies it, or when it is in no theme of that facet, denies
something, and the theme it is nearest to is this one, as near as the theme's own verbatims (`nlp.themes.belonging`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from winloss.model import THEMED_FACETS, EvidenceRow, Facet
from winloss.ports import Workbench
from winloss.services.library import library
from winloss.services.readings import telling

if TYPE_CHECKING:
    from nlp.themes.belonging import Reach


def denials(bench: Workbench) -> Mapping[str, Sequence[EvidenceRow]]:
    """Theme id -> the rows that deny it, by id; of the store's current revision."""
    return library(bench).once("denials", lambda: _denials(bench))


def judge(bench: Workbench) -> None:
    """Have every text judged: what is in no theme may deny one."""
    for facet in THEMED_FACETS:
        _denying(bench, (), facet)


def _denials(bench: Workbench) -> Mapping[str, Sequence[EvidenceRow]]:
    rows = library(bench).rows
    found: dict[str, list[EvidenceRow]] = defaultdict(list)
    for facet in THEMED_FACETS:
        denying = _denying(bench, rows, facet)
        inside = [row for row in denying if row.facet == facet and row.theme_id]
        outside = [row for row in denying if row.facet != facet or row.theme_id is None]
        for row in inside:
            found[str(row.theme_id)].append(row)
        for theme_id, row in _about(bench, rows, facet, outside):
            found[theme_id].append(row)
    return {theme_id: sorted(denied, key=lambda row: row.id) for theme_id, denied in found.items()}


def _denying(bench: Workbench, rows: Sequence[EvidenceRow], facet: Facet) -> list[EvidenceRow]:
    from nlp.facets.denial import denial

    told = telling(bench, f"denial:{facet}", library(bench).keys, lambda text: denial(text, facet) is not None)
    return [row for row in rows if row.key in told]


def _about(
    bench: Workbench, rows: Sequence[EvidenceRow], facet: Facet, passages: Sequence[EvidenceRow]
) -> list[tuple[str, EvidenceRow]]:
    """The passages that are about a theme of the facet, with that theme."""
    from nlp.themes.belonging import MOST, belonging, reach

    members: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row.facet == facet and row.theme_id and len(members[row.theme_id]) < MOST:
            members[row.theme_id].append(row.key)
    if not members or not passages:
        return []
    vectors, themes = bench.vectors(), sorted(members)
    known: dict[str, tuple[list[str], Reach]] = bench.memo.setdefault("reach of themes", {})
    for theme_id in themes:
        if theme_id not in known or known[theme_id][0] != members[theme_id]:
            known[theme_id] = members[theme_id], reach(vectors.get(members[theme_id]))
    places = belonging([known[name][1] for name in themes], vectors.get([row.key for row in passages]))
    return [(themes[place], row) for place, row in zip(places, passages, strict=True) if place is not None]
