"""One width of "current" after another: scanned, and what the scans found put into nodes that can be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nlp.signal.cells import Cell, people
from nlp.signal.coverage import Coverage, SynthesisTheme, coverage
from nlp.signal.drift_settings import DriftSettings
from nlp.signal.treescan import Bools, Ints, Regions, Scan, non_overlapping, scans
from winloss.model import DriftNode

MIN_CURRENT = 15
MIN_HISTORY = 45
NODES_SHOWN = 5
OVERLAPPING_LOOKED_AT = 200
READABLE_SHARE = 0.2
"""A group of more than a fifth of everybody heard is a mood, not a theme: it is shown where nothing smaller is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """One width of "current": which units count, which are current, and the scans made of them."""

    width: int
    active: Bools
    is_current: Bools
    tested: Bools
    rising: Scan
    falling: Scan


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A significant region in the window where it is most significant."""

    window: Window
    scan: Scan
    region: int
    kind: str
    coherence: float
    readable: bool


def tested_units(cell: Cell, width: int, history: int) -> tuple[Bools, Bools, Bools]:
    """Current units, units of the history, and those of either in a stratum that was heard before."""
    now, before = people(cell, width, history)
    known = np.isin(cell.strata, np.unique(cell.strata[before]))
    return now, before, (now | before) & known


def scanned(cell: Cell, tree: Regions, width: int, settings: DriftSettings) -> Window | None:
    """The scans of one width; None where too little history is left before it or too few can be tested."""
    now, before, tested = tested_units(cell, width, settings.history)
    periods_before = len(np.unique(cell.period_of_unit[before]))
    too_few = before.sum() < MIN_HISTORY or (now & tested).sum() < MIN_CURRENT
    if periods_before < settings.history_least or too_few:
        return None
    rising, falling = scans(
        tree, now, cell.strata, active=tested, permutations=settings.permutations, seed=settings.seed + width
    )
    return Window(width=width, active=now | before, is_current=now, tested=tested, rising=rising, falling=falling)


def nodes_found(
    cell: Cell, tree: Regions, windows: Sequence[Window], settings: DriftSettings, *, fading: bool
) -> list[DriftNode]:
    """Significant regions of all windows that share no row, p corrected for the number of windows.

    What history hardly said is emerging where it says one thing, else growing: people who speak up for the first time,
    each of something else, are no new theme. Of those that overlap, one that can be read goes first, then one that is
    emerging, then the most significant.
    """
    found = _candidates(cell, tree, windows, settings, fading=fading)
    found.sort(key=lambda item: (not item.readable, item.kind != "emerging", *_strength(item)))
    chosen = non_overlapping(tree, [item.region for item in found])
    by_region = {item.region: item for item in found}
    kept = sorted((by_region[region] for region in chosen), key=lambda item: (not item.readable, *_strength(item)))
    return [_node(cell, tree, item, len(windows)) for item in kept[:NODES_SHOWN]]


def held_against(
    cell: Cell,
    node: DriftNode,
    themes: Sequence[SynthesisTheme],
    cited: frozenset[str],
    settings: DriftSettings,
) -> DriftNode:
    """The node with what a synthesis says of it."""
    place = {name: row for row, name in enumerate(cell.ids)}
    rows = np.array([place[name] for name in node.verbatims])
    found: Coverage = coverage(
        cell.vectors[rows],
        themes,
        cited=np.array([name in cited for name in node.verbatims]),
        respondents=cell.unit_of_row[rows].tolist(),
        limit=settings.coverage_gap,
        limit_statement=settings.coverage_gap_statement,
    )
    closest = themes[found.theme].name if found.theme is not None else None
    return replace(node, covered=found.covered, closest=closest, gap=found.gap)


def smallest_p(found: Sequence[Scan]) -> float:
    """The p of a cell: the smallest of any region and window, corrected for the number of windows."""
    smallest = min((float(item.p.min()) for item in found if len(item.p)), default=1.0)
    return min(1.0, smallest * len(found))


# --- which regions ----------------------------------------------------------------------------------------------------


def _candidates(
    cell: Cell, tree: Regions, windows: Sequence[Window], settings: DriftSettings, *, fading: bool
) -> list[Candidate]:
    results = [window.falling if fading else window.rising for window in windows]
    significant = sorted(
        (float(result.p[region]), float(result.scores[region]), number, int(region))
        for number, result in enumerate(results)
        for region in np.flatnonzero(result.p * len(windows) <= settings.alpha)
    )
    first: dict[int, int] = {}
    for _, _, number, region in significant:
        first.setdefault(region, number)
    floor = _readable_from(cell.vectors, cell.unit_of_row)
    return [
        _candidate(cell, tree, windows[number], results[number], region, floor, settings, fading=fading)
        for region, number in list(first.items())[:OVERLAPPING_LOOKED_AT]
        if fading or _still_said(cell, tree, region)
    ]


def _still_said(cell: Cell, tree: Regions, region: int) -> bool:
    """Somebody of the last period is in it: what came up some quarters ago and is silent now is not arriving."""
    return bool((cell.period_of_unit[tree.units[region].indices] == len(cell.periods) - 1).any())


def _candidate(
    cell: Cell,
    tree: Regions,
    window: Window,
    scan: Scan,
    region: int,
    floor: float,
    settings: DriftSettings,
    *,
    fading: bool,
) -> Candidate:
    ratio = odds_ratio_bound(int(scan.current[region]), int(scan.history[region]), float(scan.q[region]))
    coherence = _coherence(cell, _rows_of(cell, tree, window, region, now=not fading))
    says_one_thing = coherence >= floor
    emerging = ratio > settings.emerging_ratio and says_one_thing
    kind = "fading" if fading else "emerging" if emerging else "growing"
    small = int(scan.current[region] + scan.history[region]) <= READABLE_SHARE * int(window.tested.sum())
    readable = small and says_one_thing
    return Candidate(window=window, scan=scan, region=region, kind=kind, coherence=coherence, readable=readable)


def _strength(item: Candidate) -> tuple[float, float, int]:
    return float(item.scan.p[item.region]), float(item.scan.scores[item.region]), item.region


def _readable_from(vectors: NDArray[np.float32], unit_of_row: Ints) -> float:
    """The least coherence of a group that says one thing: a third of the way from any two people to near neighbours.

    Measured on 400 rows spread evenly over the cell.
    """
    drawn = np.unique(np.linspace(0, len(vectors) - 1, 400).astype(np.int64))
    cosine = (vectors[drawn] @ vectors.T).astype(np.float64)
    cosine[unit_of_row[drawn, None] == unit_of_row[None, :]] = np.nan
    any_two = float(np.nanmean(cosine))
    nearest = float(np.median(np.nanmax(np.where(np.isnan(cosine), -1.0, cosine), axis=1)))
    return any_two + (nearest - any_two) / 3


def _coherence(cell: Cell, rows: Ints) -> float:
    """Mean cosine between the mean directions of two people of a group; 1 for a single one."""
    units, of_row = np.unique(cell.unit_of_row[rows], return_inverse=True)
    if len(units) < 2:
        return 1.0
    sums = np.zeros((len(units), cell.vectors.shape[1]))
    np.add.at(sums, of_row, cell.vectors[rows])
    means = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)
    return float((np.linalg.norm(means.sum(axis=0)) ** 2 - len(units)) / (len(units) * (len(units) - 1)))


# --- what a node says -------------------------------------------------------------------------------------------------


def _node(cell: Cell, tree: Regions, item: Candidate, window_count: int) -> DriftNode:
    window, scan, region = item.window, item.scan, item.region
    current, history = int(scan.current[region]), int(scan.history[region])
    mine = _by_typicality(cell, _rows_of(cell, tree, window, region, now=item.kind != "fading"))
    others = _by_typicality(cell, _rows_of(cell, tree, window, region, now=item.kind == "fading"))
    return DriftNode(
        kind=item.kind,
        p=min(1.0, float(scan.p[region]) * window_count),
        ratio=odds_ratio_bound(current, history, float(scan.q[region])),
        current=current,
        current_base=int((window.tested & window.is_current).sum()),
        history=history,
        history_base=int((window.tested & ~window.is_current).sum()),
        window=window.width,
        verbatims=tuple(cell.ids[row] for row in mine),
        earliest=min((day for row in mine if (day := cell.dates[row])), default=None),
        said_before=tuple(cell.ids[row] for row in others),
        coherence=round(item.coherence, 6),
    )


def _rows_of(cell: Cell, tree: Regions, window: Window, region: int, *, now: bool) -> Ints:
    rows: Ints = np.sort(tree.rows[region].indices.astype(np.int64))
    wanted = window.tested & (window.is_current if now else ~window.is_current)
    return rows[wanted[cell.unit_of_row[rows]]]


def _by_typicality(cell: Cell, rows: Ints) -> list[int]:
    if not len(rows):
        return []
    centre = cell.vectors[rows].mean(axis=0)
    return sorted(map(int, rows), key=lambda row: (-round(float(cell.vectors[row] @ centre), 6), cell.ids[row]))


def odds_ratio_bound(current: int, history: int, q: float) -> float:
    """Lower 90% Clopper-Pearson bound of the odds of being current, over the odds expected.

    Source: Clopper & Pearson, Biometrika 26 (1934) 404-413.
    """
    from scipy.stats import beta

    if current == 0 or not 0 < q < 1:
        return 0.0
    low = float(beta.ppf(0.10, current, history + 1))
    return (low / (1 - low)) / (q / (1 - q)) if low < 1 else float("inf")
