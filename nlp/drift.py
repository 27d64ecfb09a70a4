"""The drift detector: is new signal still arriving in a cell, and could it have been seen if it were?

The unit is the respondent in a period: verbatims of one talkative person are not independent, and tests that treat
them so raise false alarms. Somebody heard both now and before counts once in each. Pure functions: arrays in, a frozen
verdict out; the result does not depend on the order of the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil, exp

import numpy as np
from numpy.typing import NDArray

from nlp import power, wording
from nlp.cells import Cell, make_cell, people
from nlp.treescan import Bools, Floats, Ints, Regions, Scan, non_overlapping, regions, scan
from winloss.model import DriftNode, DriftVerdict, Scope, State

MIN_CURRENT = 15
MIN_HISTORY = 45
MIN_HISTORY_PERIODS = 2
NODES_SHOWN = 5
NEIGHBOURS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftSettings:
    """Everything that shapes a verdict. `delta` is the share that "saturated" promises to have seen.

    `emerging_ratio` and `narrowing_ratio` were fitted to MiniLM vectors: refit them for another encoder.
    """

    permutations: int = 1999
    history: int = 8
    windows: tuple[int, ...] = (1, 2, 4)
    alpha: float = 0.05
    delta: float = 0.10
    emerging_ratio: float = 5.0
    narrowing_ratio: float = 0.75
    measure_power: bool = True
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Window:
    """One width of "current": which units count, which are current, and the scans made of them."""

    width: int
    active: Bools
    is_current: Bools
    tested: Bools
    rising: Scan
    falling: Scan


@dataclass(slots=True)
class _Findings:
    """What was found on the way to the verdict."""

    nodes: list[DriftNode] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    statistics: dict[str, float | int | str | None] = field(default_factory=dict)
    mds: float | None = None


def drift(
    vectors: NDArray[np.float32],
    *,
    ids: Sequence[str],
    respondents: Sequence[str],
    quarters: Sequence[str],
    strata: Sequence[str],
    current: str,
    scope: Scope,
    settings: DriftSettings,
    sampling: Sequence[str] | None = None,
    dates: Sequence[str | None] | None = None,
) -> DriftVerdict:
    """The verdict on one cell: `current` against the periods before it; rows of later periods are ignored.

    `vectors` are unit rows, everything else is one value a row. Permutation respects `strata`; narrowing is measured
    on `sampling` (default: the strata). Without a synthesis to hold it against, the verdict is never LAUNDERED.
    """
    span = settings.history + max(settings.windows)
    cell = make_cell(vectors, ids, respondents, quarters, strata, sampling or strata, dates, current, span)
    found = _Findings()
    now, before = people(cell, 1, settings.history)
    found.statistics.update(respondents_current=int(now.sum()), respondents_history=int(before.sum()))
    enough = now.sum() >= MIN_CURRENT and before.sum() >= MIN_HISTORY
    if not enough or len(cell.periods) <= MIN_HISTORY_PERIODS:
        return _verdict(current, scope, found, settings, tested=False)
    tree = regions(cell.vectors, cell.unit_of_row, seed=settings.seed)
    windows = [window for width in settings.windows if (window := _window(cell, tree, width, settings)) is not None]
    if windows:
        _collect_nodes(cell, tree, windows, found, settings)
        _narrowing(cell, tree, windows[0], found, settings)
        _measure_power(cell, tree, windows, found, settings)
    return _verdict(current, scope, found, settings, tested=bool(windows))


def benjamini_hochberg(p_values: Sequence[float], q: float) -> list[bool]:
    """Which hypotheses are rejected at false discovery rate `q`, in the order given.

    Source: Benjamini & Hochberg, Journal of the Royal Statistical Society B 57 (1995) 289-300.
    """
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    passed = [rank for rank, place in enumerate(order, 1) if p_values[place] <= q * rank / len(p_values)]
    rejected = set(order[: passed[-1]]) if passed else set()
    return [place in rejected for place in range(len(p_values))]


def novelty(current: NDArray[np.float32], history: NDArray[np.float32]) -> Floats:
    """How far each current row is from what was said before: mean of 1 - cosine to its five nearest of the history.

    Unit rows in, values in [0, 2] out; without any history everything is 1.
    """
    if not len(history):
        return np.ones(len(current))
    near = min(NEIGHBOURS, len(history))
    values = np.empty(len(current))
    for start in range(0, len(current), 1024):
        cosine = current[start : start + 1024] @ history.T
        nearest = np.partition(cosine, -near, axis=1)[:, -near:]
        values[start : start + 1024] = 1.0 - nearest.mean(axis=1)
    return values


# --- the scans --------------------------------------------------------------------------------------------------------


def _window(cell: Cell, tree: Regions, width: int, settings: DriftSettings) -> _Window | None:
    """The scans of one width; None where too little history is left before it."""
    now, before = people(cell, width, settings.history)
    periods_before = len(np.unique(cell.period_of_unit[before]))
    if periods_before < MIN_HISTORY_PERIODS or before.sum() < MIN_HISTORY or now.sum() < MIN_CURRENT:
        return None
    active = now | before
    known = np.isin(cell.strata, np.unique(cell.strata[before]))
    scans = [
        scan(
            tree,
            now,
            cell.strata,
            active=active & known,
            permutations=settings.permutations,
            seed=settings.seed + width,
            fading=fading,
        )
        for fading in (False, True)
    ]
    return _Window(width=width, active=active, is_current=now, tested=active & known, rising=scans[0], falling=scans[1])


# --- what the scans say ----------------------------------------------------------------------------------------------


def _collect_nodes(
    cell: Cell, tree: Regions, windows: Sequence[_Window], found: _Findings, settings: DriftSettings
) -> None:
    """Significant, non-overlapping regions over all windows; p is corrected for the number of windows."""
    rising = _significant(tree, windows, "rising", settings)
    falling = _significant(tree, windows, "falling", settings)
    for window, region in rising:
        found.nodes.append(_node(cell, tree, window, window.rising, region, len(windows), settings))
    found.nodes += [
        _node(cell, tree, window, window.falling, region, len(windows), settings, fading=True)
        for window, region in falling
    ]
    for kind in ("emerging", "growing", "fading"):
        if any(node.kind == kind for node in found.nodes):
            found.flags.append(kind)
    for name, scans in (("p_rising", [w.rising for w in windows]), ("p_fading", [w.falling for w in windows])):
        smallest = min((float(item.p.min()) for item in scans if len(item.p)), default=1.0)
        found.statistics[name] = min(1.0, smallest * len(windows))
    found.statistics["regions"] = tree.count
    found.statistics["permutations"] = settings.permutations
    unseen = windows[0].active & windows[0].is_current & ~windows[0].tested
    if unseen.any():
        found.flags.append("new population")
    found.statistics["respondents_new_population"] = int(unseen.sum())


def _significant(
    tree: Regions, windows: Sequence[_Window], direction: str, settings: DriftSettings
) -> list[tuple[_Window, int]]:
    results: list[Scan] = [getattr(window, direction) for window in windows]
    candidates = sorted(
        (float(result.p[region]), float(result.scores[region]), number, int(region))
        for number, result in enumerate(results)
        for region in np.flatnonzero(result.p * len(windows) <= settings.alpha)
    )
    first: dict[int, int] = {}
    for _, _, number, region in candidates:
        first.setdefault(region, number)
    return [(windows[first[region]], region) for region in non_overlapping(tree, list(first))[:NODES_SHOWN]]


def _node(
    cell: Cell,
    tree: Regions,
    window: _Window,
    result: Scan,
    region: int,
    window_count: int,
    settings: DriftSettings,
    *,
    fading: bool = False,
) -> DriftNode:
    current, history = int(result.current[region]), int(result.history[region])
    ratio = _odds_ratio_bound(current, history, float(result.q[region]))
    kind = "fading" if fading else "emerging" if ratio > settings.emerging_ratio else "growing"
    heard = window.active & (~window.is_current if fading else window.is_current)
    rows = [row for row in tree.rows[region].indices if heard[cell.unit_of_row[row]]]
    centre = cell.vectors[rows].mean(axis=0)
    nearest = sorted(rows, key=lambda row: (-round(float(cell.vectors[row] @ centre), 6), cell.ids[row]))
    days = [day for row in rows if (day := cell.dates[row])]
    return DriftNode(
        kind=kind,
        p=min(1.0, float(result.p[region]) * window_count),
        ratio=ratio,
        current=current,
        current_base=int((window.active & window.is_current).sum()),
        history=history,
        history_base=int((window.active & ~window.is_current).sum()),
        window=window.width,
        verbatims=tuple(cell.ids[row] for row in nearest),
        earliest=min(days, default=None),
    )


def _odds_ratio_bound(current: int, history: int, q: float) -> float:
    """Lower 90% Clopper-Pearson bound of the odds of being current, over the odds expected.

    Source: Clopper & Pearson, Biometrika 26 (1934) 404-413.
    """
    from scipy.stats import beta

    if current == 0 or not 0 < q < 1:
        return 0.0
    low = float(beta.ppf(0.10, current, history + 1))
    return (low / (1 - low)) / (q / (1 - q)) if low < 1 else float("inf")


def _narrowing(cell: Cell, tree: Regions, window: _Window, found: _Findings, settings: DriftSettings) -> None:
    """Were fewer kinds of people asked? Effective number of sampling strata now over before, tested by permutation."""
    labels, groups = window.is_current[window.active], cell.sampling[window.active]
    ratio = _diversity(groups[labels]) / _diversity(groups[~labels])
    chance = np.random.default_rng(settings.seed)
    at_most = sum(_ratio_of(groups, chance.permutation(labels)) <= ratio for _ in range(settings.permutations))
    p = (1 + at_most) / (settings.permutations + 1)
    found.statistics.update(sampling_ratio=ratio, p_narrowing=p)
    if p <= settings.alpha and (
        ratio < settings.narrowing_ratio or _fades_only_pooled(cell, tree, window, found, settings)
    ):
        found.flags.append("narrowed")


def _fades_only_pooled(cell: Cell, tree: Regions, window: _Window, found: _Findings, settings: DriftSettings) -> bool:
    """Themes seem to fade, but only while nobody asks who was asked: the sampling went, not the theme."""
    if "fading" in found.flags:
        return False
    pooled = scan(
        tree,
        window.is_current,
        np.zeros_like(cell.strata),
        active=window.active,
        permutations=settings.permutations,
        seed=settings.seed,
        fading=True,
    )
    return bool(len(pooled.p)) and float(pooled.p.min()) <= settings.alpha


def _diversity(groups: Ints) -> float:
    """exp(entropy): the effective number of strata."""
    _, counts = np.unique(groups, return_counts=True)
    share = counts / counts.sum()
    return exp(float(-(share * np.log(share)).sum()))


def _ratio_of(groups: Ints, labels: Bools) -> float:
    return _diversity(groups[labels]) / _diversity(groups[~labels])


def _measure_power(
    cell: Cell, tree: Regions, windows: Sequence[_Window], found: _Findings, settings: DriftSettings
) -> None:
    if not settings.measure_power:
        return
    window = windows[0]
    measured = power.power_by_share(
        tree,
        window.is_current,
        cell.strata,
        active=window.tested,
        q=window.rising.q,
        threshold=window.rising.threshold(settings.alpha / len(windows)),
        seed=settings.seed,
    )
    heard = int((window.tested & window.is_current).sum())
    found.mds = power.smallest_seen(measured, heard)
    found.statistics.update({f"power_at_{share:.0%}": value for share, value in measured.items()})


# --- the verdict -----------------------------------------------------------------------------------------------------


def _verdict(current: str, scope: Scope, found: _Findings, settings: DriftSettings, *, tested: bool) -> DriftVerdict:
    state = _state(found, settings, tested=tested)
    heard = int(found.statistics["respondents_current"] or 0)
    needed = _people_needed(found, heard, settings)
    found.statistics["more_respondents_needed"] = needed if state is State.UNDERPOWERED else None
    return DriftVerdict(
        quarter=current,
        scope=scope,
        state=state,
        sentence=wording.sentence(state, found.nodes, found.statistics, found.mds, needed, tested=tested),
        flags=tuple(found.flags),
        statistics=found.statistics,
        nodes=tuple(found.nodes),
        mds=found.mds,
    )


def _state(found: _Findings, settings: DriftSettings, *, tested: bool) -> State:
    if not tested:
        return State.UNDERPOWERED
    if "emerging" in found.flags:
        return State.NEW_SIGNAL
    if "narrowed" in found.flags:
        return State.NARROWED
    if found.nodes:
        return State.SHIFTING
    if found.mds is not None and found.mds <= settings.delta:
        return State.SATURATED
    return State.UNDERPOWERED


def _people_needed(found: _Findings, heard: int, settings: DriftSettings) -> int:
    """More current respondents until a theme of `delta` would be seen: as many heard voices as are needed now.

    Never fewer than the rule of three asks for (3 / delta) nor than the least that is tested at all.
    """
    least = max(MIN_CURRENT, ceil(3 / settings.delta))
    seen_now = heard * found.mds / settings.delta if found.mds else 2.0 * least
    return max(1, ceil(max(least, seen_now)) - heard)
