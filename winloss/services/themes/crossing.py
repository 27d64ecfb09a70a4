"""Themes crossed with who says them: segment by role over nine quarters, and seat by facet for each segment and role.

Nothing here is pooled over segments: every cell belongs to one, with its own denominator. A cell's people are those
heard in it with any verbatim; whose segment is not known stands in no cell and is counted beside.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from winloss.errors import NotFound
from winloss.model import (
    THEMED_FACETS,
    Cell,
    CellTheme,
    EvidenceRow,
    Filters,
    MapCell,
    Matrix,
    Mode,
    Share,
    Theme,
)
from winloss.ports import Workbench
from winloss.quarter import Quarter, quarter_range
from winloss.services import browsing
from winloss.services.evidence import Heard, respondents, scope_only, share
from winloss.services.library import library

BEFORE = 8
"""Quarters before the chosen one that a trend shows."""
THEMES = 3
MODES: tuple[str | None, ...] = (Mode.PRACTITIONER.value, Mode.EXECUTIVE.value, None)

Place = tuple[str, str | None]
"""A segment and a role, None for all roles."""


def span(bench: Workbench, quarter: str | None) -> tuple[str, ...]:
    """The chosen quarter (by default the last with evidence) and the eight before it, oldest first.

    Quarters before the first with evidence are left out. Empty where there is no evidence.

    Raises:
        NotFound: nothing was heard in the quarter or before it.
    """
    known = browsing.quarters(bench)
    if not known:
        return ()
    last = Quarter.parse(quarter or known[-1])
    if str(last) < known[0]:
        raise NotFound(f"no evidence from {last}", hint=f"Quarters with evidence: {', '.join(known)}.")
    first = max(Quarter.parse(known[0]), last.shift(-BEFORE))
    return tuple(str(item) for item in quarter_range(first, last))


def matrix(bench: Workbench, filters: Filters, *, facet: str, quarter: str | None = None) -> Matrix:
    """A facet by segment and role in one quarter and the eight before it.

    Every segment has a cell for all of its roles together, with those whose role is not known, and one a role.

    Raises:
        NotFound: nothing was heard in the quarter or before it.
    """
    return library(bench).once(("matrix", filters, facet, quarter), lambda: _matrix(bench, filters, facet, quarter))


def _matrix(bench: Workbench, filters: Filters, facet: str, quarter: str | None) -> Matrix:
    quarters = span(bench, quarter)
    scope = library(bench).passing(replace(scope_only(filters), quarter=quarters)) if quarters else ()
    places = _by_place(scope)
    themes = {theme.id: theme for theme in bench.store.themes(dormant=True)}
    wanted = frozenset(filters.theme)
    cells = [_cell(place, rows, facet, quarters, themes, wanted) for place, rows in places.items()]
    cells.sort(key=lambda cell: (cell.segment, cell.role is not None, -cell.share.base, cell.role or ""))
    known = {segment for segment, _ in places}
    now = [row for row in scope if row.quarter == quarters[-1]]
    return Matrix(
        facet=facet,
        quarter=quarters[-1] if quarters else None,
        quarters=quarters,
        segments=tuple(name for name in browsing.segments(bench) if name in known),
        roles=_roles(scope),
        cells=tuple(cells),
        outside=len(respondents(now) - respondents([row for row in now if row.segment and row.role])),
    )


def seats(bench: Workbench, filters: Filters, *, quarter: str | None = None) -> tuple[MapCell, ...]:
    """Engagements, pains and proof by segment, role and seat: what practitioners and what executives tell.

    Without a role asked for, the roles of a segment stand together (`role` None); with it, each apart. Segments come
    in their order, or all as one (`segment` None) where none is known; seats as practitioner, executive, not known.
    """
    return library(bench).once(("seats", filters, quarter), lambda: _seats(bench, filters, quarter))


def _seats(bench: Workbench, filters: Filters, quarter: str | None) -> tuple[MapCell, ...]:
    scope = library(bench).passing(replace(scope_only(filters), quarter=(quarter,) if quarter else ()))
    themes = {theme.id: theme for theme in bench.store.themes(dormant=True)}
    found = [
        _map_cell(segment, role, mode, facet.value, rows, themes)
        for segment, role, mode, rows in _seated(bench, scope, filters.role)
        for facet in THEMED_FACETS
    ]
    return _with_quotes(bench, found)


# --- cells -----------------------------------------------------------------------------------------------------------


def _by_place(scope: Iterable[EvidenceRow]) -> Mapping[Place, list[EvidenceRow]]:
    places: dict[Place, list[EvidenceRow]] = defaultdict(list)
    for row in scope:
        if row.segment:
            places[row.segment, None].append(row)
            if row.role:
                places[row.segment, row.role].append(row)
    return places


def _cell(
    place: Place,
    rows: Sequence[EvidenceRow],
    facet: str,
    quarters: Sequence[str],
    themes: Mapping[str, Theme],
    wanted: frozenset[str],
) -> Cell:
    said = [row for row in rows if row.facet == facet and (not wanted or row.theme_id in wanted)]
    over_time = Heard(rows).trend(said, quarters)
    bases = {quarter: part.base for quarter, part in over_time}
    return Cell(
        segment=place[0],
        role=place[1],
        share=over_time[-1][1],
        trend=over_time,
        themes=_cell_themes(said, bases, quarters[-1], themes),
    )


def _cell_themes(
    said: Iterable[EvidenceRow], bases: Mapping[str, int], quarter: str, themes: Mapping[str, Theme]
) -> tuple[CellTheme, ...]:
    """The themes told in the quarter, by people, each with its shares of the people heard in every quarter."""
    groups: dict[str, dict[str, list[EvidenceRow]]] = defaultdict(lambda: defaultdict(list))
    for row in said:
        if row.theme_id and row.quarter:
            groups[row.theme_id][row.quarter].append(row)
    told = [theme_id for theme_id, parts in groups.items() if quarter in parts]
    shares = {
        theme_id: tuple((name, _share(groups[theme_id].get(name, ()), base)) for name, base in bases.items())
        for theme_id in told
    }
    ranked = sorted(told, key=lambda theme_id: (-dict(shares[theme_id])[quarter].count, theme_id))
    return tuple(
        CellTheme(theme=themes[name], share=dict(shares[name])[quarter], trend=shares[name]) for name in ranked
    )


def _share(said: Sequence[EvidenceRow], base: int) -> Share:
    return Share(count=len(respondents(said)), base=base, verbatims=len(said))


def _roles(scope: Iterable[EvidenceRow]) -> tuple[str | None, ...]:
    """All roles together, then each that was heard in a known segment, most people first."""
    people: dict[str, set[str]] = defaultdict(set)
    for row in scope:
        if row.segment and row.role:
            people[row.role].add(row.respondent)
    return (None, *sorted(people, key=lambda role: (-len(people[role]), role)))


# --- seats -----------------------------------------------------------------------------------------------------------


def _seated(
    bench: Workbench, scope: Sequence[EvidenceRow], roles: Sequence[str]
) -> Iterable[tuple[str | None, str | None, str | None, list[EvidenceRow]]]:
    heard = {row.segment for row in scope}
    segments: list[str | None] = [name for name in browsing.segments(bench) if name in heard]
    for segment in segments or [None]:
        for role in roles or (None,):
            rows = [row for row in scope if segment in (None, row.segment) and role in (None, row.role)]
            for mode in MODES:
                part = [row for row in rows if row.mode == mode]
                if part:
                    yield segment, role, mode, part


def _map_cell(
    segment: str | None,
    role: str | None,
    mode: str | None,
    facet: str,
    rows: Sequence[EvidenceRow],
    themes: Mapping[str, Theme],
) -> tuple[MapCell, list[EvidenceRow]]:
    """The cell and what was said in it."""
    said = [row for row in rows if row.facet == facet]
    groups: dict[str, list[EvidenceRow]] = defaultdict(list)
    for row in said:
        if row.theme_id:
            groups[row.theme_id].append(row)
    ranked = sorted(groups, key=lambda name: (-len(respondents(groups[name])), name))[:THEMES]
    told = tuple(CellTheme(theme=themes[name], share=share(groups[name], rows), trend=()) for name in ranked)
    cell = MapCell(segment=segment, role=role, mode=mode, facet=facet, share=share(said, rows), themes=told)
    return cell, said


def _with_quotes(bench: Workbench, cells: Sequence[tuple[MapCell, Sequence[EvidenceRow]]]) -> tuple[MapCell, ...]:
    """The cells, each with what one of its own people says of its first theme."""
    chosen = [_to_quote(cell, said) for cell, said in cells]
    known = {passage.id: passage for passage in bench.store.passages(sorted({name for name in chosen if name}))}
    return tuple(
        replace(cell, quote=known.get(name) if name else None) for (cell, _), name in zip(cells, chosen, strict=True)
    )


def _to_quote(cell: MapCell, said: Sequence[EvidenceRow]) -> str | None:
    """An exemplar of the cell's first theme that was said in the cell, else what was said there last."""
    if not cell.themes:
        return None
    theme = cell.themes[0].theme
    own = sorted((row for row in said if row.theme_id == theme.id), key=lambda row: (row.date or "", row.id))
    here = {row.id for row in own}
    return next((name for name in theme.exemplars if name in here), own[-1].id if own else None)
