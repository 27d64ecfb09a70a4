"""The drift detector: is new signal still arriving in a cell, and could it have been seen if it were?

The unit is the respondent in a period: verbatims of one talkative person are not independent, and tests that treat
them so raise false alarms. Somebody heard both now and before counts once in each. Pure functions: arrays in, a frozen
verdict out; the result does not depend on the order of the rows.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from math import ceil

import numpy as np
from numpy.typing import NDArray

from nlp.signal import power, wording
from nlp.signal.cells import Cell, make_cell
from nlp.signal.coverage import SynthesisTheme
from nlp.signal.drift_settings import DriftSettings, settings_for
from nlp.signal.echo import Support, recycled
from nlp.signal.narrowing import narrowing
from nlp.signal.novelty import blended, novelty, row_surprise
from nlp.signal.streaks import benjamini_hochberg
from nlp.signal.treescan import Regions, regions, scans
from nlp.signal.windows import (
    MIN_CURRENT,
    MIN_HISTORY,
    Window,
    held_against,
    nodes_found,
    scanned,
    smallest_p,
    tested_units,
)
from winloss.model import DriftNode, DriftVerdict, Scope, State

__all__ = [
    "DriftSettings",
    "SynthesisTheme",
    "benjamini_hochberg",
    "drift",
    "drift_and_novelty",
    "novelty",
    "settings_for",
]

HISTORY_ROWS = 20_000
"""Most rows of the history that a verbatim's distance is measured to."""


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
    synthesis: Sequence[SynthesisTheme] | None = None,
    cited: Collection[str] = (),
    support: Support | None = None,
) -> DriftVerdict:
    """The verdict on one cell: `current` against the periods before it; rows of later periods are ignored.

    `vectors` are unit rows, everything else is one value a row. Permutation respects `strata`; narrowing is measured
    on `sampling` (default: the strata). With a `synthesis` (its themes, and the ids of the verbatims that it cites) an
    emerging node that it does not cover makes the verdict LAUNDERED; without one the verdict is never that. The flags
    and numbers of `support` are shown beside the others and decide nothing.
    """
    span = settings.history + max(settings.windows)
    cell = make_cell(vectors, ids, respondents, quarters, strata, sampling or strata, dates, current, span)
    return _judged(cell, scope, settings, synthesis, cited, support)[0]


def drift_and_novelty(
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
    synthesis: Sequence[SynthesisTheme] | None = None,
    cited: Collection[str] = (),
    support: Support | None = None,
) -> tuple[DriftVerdict, dict[str, float]]:
    """The verdict, as `drift` gives it, and how new each verbatim of the current period is: id -> (0, 1].

    Novelty is the mean of two ranks among the current verbatims: by distance to the five nearest of the history, and
    by the strongest evidence of any region that the verbatim is in.
    """
    span = settings.history + max(settings.windows)
    cell = make_cell(vectors, ids, respondents, quarters, strata, sampling or strata, dates, current, span)
    verdict, tree, windows = _judged(cell, scope, settings, synthesis, cited, support)
    return verdict, _novelty(cell, tree, windows)


def _judged(
    cell: Cell,
    scope: Scope,
    settings: DriftSettings,
    synthesis: Sequence[SynthesisTheme] | None,
    cited: Collection[str],
    support: Support | None,
) -> tuple[DriftVerdict, Regions | None, list[Window]]:
    found = _Findings()
    _count_people(cell, found, settings)
    tree = regions(cell.vectors, cell.unit_of_row, seed=settings.seed) if _enough(found, cell, settings) else None
    windows = _windows(cell, tree, settings) if tree is not None else []
    if tree is not None and windows:
        _collect_nodes(cell, tree, windows, found, settings)
        _hold_against(cell, found, synthesis, cited, settings)
        _narrowing(cell, tree, windows[0], found, settings)
        _supporting(cell, windows[0], found, support, settings)
        _measure_power(cell, tree, windows, found, settings)
    return _verdict(cell.periods[-1], scope, found, settings, tested=bool(windows)), tree, windows


# --- who was heard ----------------------------------------------------------------------------------------------------


def _count_people(cell: Cell, found: _Findings, settings: DriftSettings) -> None:
    now, before, tested = tested_units(cell, 1, settings.history)
    unseen = int((now & ~tested).sum()) if before.any() else 0
    found.statistics.update(
        respondents_current=int(now.sum()),
        respondents_history=int(before.sum()),
        periods_history=len(cell.periods) - 1,
        respondents_new_population=unseen,
    )
    if unseen:
        found.flags.append("new population")
    if len(cell.periods) == 2:
        found.flags.append("one period of history")
    if not settings.fitted:
        found.flags.append("constants not fitted to this model")


def _enough(found: _Findings, cell: Cell, settings: DriftSettings) -> bool:
    now = int(found.statistics["respondents_current"] or 0) - int(found.statistics["respondents_new_population"] or 0)
    before = int(found.statistics["respondents_history"] or 0)
    return now >= MIN_CURRENT and before >= MIN_HISTORY and len(cell.periods) > settings.history_least


def _windows(cell: Cell, tree: Regions, settings: DriftSettings) -> list[Window]:
    return [window for width in settings.windows if (window := scanned(cell, tree, width, settings)) is not None]


# --- what the scans say -----------------------------------------------------------------------------------------------


def _collect_nodes(
    cell: Cell, tree: Regions, windows: Sequence[Window], found: _Findings, settings: DriftSettings
) -> None:
    for fading in (False, True):
        found.nodes += nodes_found(cell, tree, windows, settings, fading=fading)
    for kind in ("emerging", "growing", "fading"):
        if any(node.kind == kind for node in found.nodes):
            found.flags.append(kind)
    found.statistics.update(
        p_rising=smallest_p([window.rising for window in windows]),
        p_fading=smallest_p([window.falling for window in windows]),
        regions=tree.count,
        permutations=settings.permutations,
        windows=",".join(str(window.width) for window in windows),
    )
    for window in windows:
        found.statistics[f"p_rising_{window.width}"] = smallest_p([window.rising])


def _hold_against(
    cell: Cell,
    found: _Findings,
    synthesis: Sequence[SynthesisTheme] | None,
    cited: Collection[str],
    settings: DriftSettings,
) -> None:
    if synthesis is None:
        return
    quoted = frozenset(cited)
    found.nodes = [
        held_against(cell, node, synthesis, quoted, settings) if node.kind == "emerging" else node
        for node in found.nodes
    ]
    judged = [node for node in found.nodes if node.covered is not None]
    if any(not node.covered for node in judged):
        found.flags.insert(0, "not covered by the synthesis")
    found.statistics["synthesis_gap"] = judged[0].gap if judged else None


def _narrowing(cell: Cell, tree: Regions, window: Window, found: _Findings, settings: DriftSettings) -> None:
    """Fewer kinds of people, or themes that seem to fade only while nobody asks who was asked."""
    measured = narrowing(
        cell.sampling[window.active],
        window.is_current[window.active],
        permutations=settings.permutations,
        seed=settings.seed,
    )
    found.statistics.update(sampling_ratio=measured.ratio, p_narrowing=measured.p, p_sampling_mix=measured.p_mix)
    fewer = measured.ratio < settings.narrowing_ratio and measured.p <= settings.alpha
    if fewer or (measured.p_mix <= settings.alpha and _fades_only_pooled(cell, tree, window, settings)):
        found.flags.append("narrowed")
        found.statistics["narrowed_by"] = "fewer kinds of people" if fewer else "other people"


def _fades_only_pooled(cell: Cell, tree: Regions, window: Window, settings: DriftSettings) -> bool:
    """The sampling went, not the theme: fading is significant across strata and not within them."""
    if smallest_p([window.falling]) <= settings.alpha:
        return False
    pooled = scans(
        tree,
        window.is_current,
        np.zeros_like(cell.strata),
        active=window.tested,
        permutations=settings.permutations,
        seed=settings.seed,
    )[1]
    return smallest_p([pooled]) <= settings.alpha


def _supporting(cell: Cell, window: Window, found: _Findings, support: Support | None, settings: DriftSettings) -> None:
    """Flags that decide nothing: text that lies too close to the history's, and what the caller found of the deck."""
    if settings.measure_recycling:
        p = recycled(
            cell.vectors, cell.unit_of_row, window.is_current, cell.strata, active=window.tested, seed=settings.seed
        )
        found.statistics["p_recycled"] = p
        if p <= settings.alpha:
            found.flags.append("recycled text")
    if support is not None:
        found.flags += support.flags
        found.statistics.update(support.statistics)


def _measure_power(
    cell: Cell, tree: Regions, windows: Sequence[Window], found: _Findings, settings: DriftSettings
) -> None:
    if not settings.measure_power:
        return
    window = windows[0]
    measured = power.power_by_share(
        cell.vectors,
        cell.unit_of_row,
        tree,
        window.is_current,
        cell.strata,
        active=window.tested,
        q=window.rising.q,
        threshold=window.rising.threshold(settings.alpha / len(windows)),
        looseness=settings.looseness,
        seed=settings.seed,
    )
    heard = int((window.tested & window.is_current).sum())
    found.mds = power.smallest_seen(measured, heard)
    found.statistics.update({f"power_at_{share:.0%}": value for share, value in measured.items()})


def _novelty(cell: Cell, tree: Regions | None, windows: Sequence[Window]) -> dict[str, float]:
    """Novelty of every row of the current period; by distance alone where nothing was scanned.

    Of a longer history than `HISTORY_ROWS`, rows spread evenly over it stand for it.
    """
    is_current = cell.period_of_unit == len(cell.periods) - 1
    now = np.flatnonzero(is_current[cell.unit_of_row])
    before = np.flatnonzero(~is_current[cell.unit_of_row])
    before = (
        before[np.unique(np.linspace(0, len(before) - 1, HISTORY_ROWS).astype(np.int64))] if len(before) else before
    )
    distance = novelty(cell.vectors[now], cell.vectors[before])
    surprise = distance
    if tree is not None and windows:
        surprise = row_surprise(tree, windows[0].rising.scores, len(cell.ids))[now]
    return {cell.ids[row]: float(value) for row, value in zip(now, blended(distance, surprise), strict=True)}


# --- the verdict ------------------------------------------------------------------------------------------------------


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
        flags=tuple(dict.fromkeys(found.flags)),
        statistics=found.statistics,
        nodes=tuple(found.nodes),
        mds=found.mds,
    )


def _state(found: _Findings, settings: DriftSettings, *, tested: bool) -> State:
    """The first state that matches; the most significant emerging node says whether a synthesis launders.

    "Nothing above delta" takes 3 / delta people at least: the rule of three.

    Source of the rule of three: Hanley & Lippman-Hand, JAMA 249 (1983) 1743-1745.
    """
    if not tested:
        return State.UNDERPOWERED
    emerging = [node for node in found.nodes if node.kind == "emerging"]
    if emerging:
        return State.LAUNDERED if emerging[0].covered is False else State.NEW_SIGNAL
    if "narrowed" in found.flags:
        return State.NARROWED
    if found.nodes:
        return State.SHIFTING
    heard = int(found.statistics["respondents_current"] or 0)
    if found.mds is not None and found.mds <= settings.delta and heard >= 3 / settings.delta:
        return State.SATURATED
    return State.UNDERPOWERED


def _people_needed(found: _Findings, heard: int, settings: DriftSettings) -> int:
    """More current respondents until a theme of `delta` would be seen: as many heard voices as are needed now.

    Never fewer than the rule of three asks for (3 / delta) nor than the least that is tested at all.
    """
    least = max(MIN_CURRENT, ceil(3 / settings.delta))
    seen_now = heard * found.mds / settings.delta if found.mds else 2.0 * least
    return max(1, ceil(max(least, seen_now)) - heard)
