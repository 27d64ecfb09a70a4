"""The detector on a public support forum, quarter by quarter, and on the same posts with the quarters shuffled.

posts.py DATA CACHE quarters [N [Q]]  what is called new in 2023Q3 … 2026Q2 (or in Q): N random posts a quarter, 0: all
posts.py DATA CACHE placebo [TIMES]   alarms on 400 posts a quarter whose quarters are shuffled over the authors
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

import numpy as np
from report import interval
from streams import Texts, texts_of

from nlp.signal.cells import make_cell
from nlp.signal.drift import DriftSettings, drift
from nlp.signal.treescan import regions
from nlp.signal.windows import nodes_found, scanned, smallest_p
from winloss.model import Scope

FIRST = "2023Q3"
DRAWN = 400


def main() -> None:
    data, cache = Path(sys.argv[1]), Path(sys.argv[2])
    texts = texts_of("thunderbird", data, cache)
    number = int(sys.argv[4]) if len(sys.argv) > 4 else None
    if sys.argv[3] == "placebo":
        placebo(texts, number or 100)
        return
    rows = drawn(texts, number) if number else np.arange(len(texts.quarter))
    for quarter in sys.argv[5:] or sorted({str(quarter) for quarter in texts.quarter if quarter >= FIRST}):
        report(texts, rows, quarter)


def drawn(texts: Texts, number: int) -> np.ndarray:
    chance = np.random.default_rng(0)
    parts = [
        chance.permutation(np.flatnonzero(texts.quarter == quarter))[:number] for quarter in np.unique(texts.quarter)
    ]
    return np.concatenate(parts)


def report(texts: Texts, rows: np.ndarray, quarter: str) -> None:
    """The verdict on one quarter, with the titles of what it calls new or more frequent."""
    rows = rows[texts.quarter[rows] <= quarter]
    started, wall = time.process_time(), time.perf_counter()
    verdict = drift(
        texts.vectors[rows],
        ids=[str(row) for row in rows],
        respondents=[f"{texts.author[row]}" for row in rows],
        quarters=[str(texts.quarter[row]) for row in rows],
        strata=["all"] * len(rows),
        current=quarter,
        scope=Scope(),
        settings=DriftSettings(),
    )
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"\n{quarter}  {verdict.state.value}  {len(rows)} posts  mds {verdict.mds}  ", end="")
    print(f"cpu {time.process_time() - started:.0f} s  wall {time.perf_counter() - wall:.0f} s  {memory:.1f} GiB")
    print(f"  {verdict.sentence}")
    for node in verdict.nodes:
        counts = f"{node.current}/{node.current_base} now, {node.history}/{node.history_base} before"
        print(f"  {node.kind}, last {node.window}: {counts}, p {node.p:.4f}, coherence {node.coherence:.2f}")
        for name in node.verbatims[:6]:
            print(f"      {texts.title[int(name)][:110]}")
    sys.stdout.flush()


def placebo(texts: Texts, times: int) -> None:
    """The same tree, the quarters shuffled: whatever is called new now is a false alarm."""
    rows = drawn(texts, DRAWN)
    names, authors = [f"{row:06}" for row in rows], [str(texts.author[row]) for row in rows]
    quarters = [str(texts.quarter[row]) for row in rows]
    settings = DriftSettings(permutations=499)
    cell = make_cell(
        texts.vectors[rows], names, authors, quarters, ["all"] * len(rows), ["all"] * len(rows), None, max(quarters), 12
    )
    tree, chance = regions(cell.vectors, cell.unit_of_row, seed=0), np.random.default_rng(0)
    periods, alarms, emerging = cell.period_of_unit.copy(), 0, 0
    for _ in range(times):
        cell.period_of_unit[:] = chance.permutation(periods)
        windows = [window for width in settings.windows if (window := scanned(cell, tree, width, settings))]
        alarms += smallest_p([window.rising for window in windows]) <= settings.alpha
        emerging += any(n.kind == "emerging" for n in nodes_found(cell, tree, windows, settings, fading=False))
    print(
        f"alarm {interval(alarms, times)}, emerging {interval(emerging, times)}, {times} shuffles of {len(rows)} posts"
    )


if __name__ == "__main__":
    main()
