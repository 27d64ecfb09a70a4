"""Measures the drift detector on streams with a known truth: `python benchmarks/drift/run.py DATA CACHE RESULTS ...`

    run.py DATA CACHE RESULTS banking77 stable-100 200       measures one case, 200 repetitions, into RESULTS (JSONL)
    run.py DATA CACHE RESULTS table                          prints every case measured so far

DATA is the folder with `banking77/` and `thunderbird-aaq/`; vectors are encoded once, into CACHE. A case may be
measured in several goes: repetitions that RESULTS has are not run again.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from baselines import classifier, mmd, theme_sets, unseen_mass
from decks import held_against_decks
from report import tables
from streams import Stream, Texts, simulate, texts_of

from nlp.signal.drift import DriftSettings, drift_and_novelty
from nlp.signal.novelty import novelty
from winloss.model import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One row of the table: how the streams are made, and what is measured on them besides the scan."""

    people: int
    share: float = 0.0
    history: int = 4
    arrives: int = 1
    windows: tuple[int, ...] = (1,)
    mix_shift: float = 0.0
    baselines: bool = False
    decks: bool = False
    power: bool = False
    copied: float = 0.0
    groups: int = 1
    groups_now: int = 0


CASES = {
    "stable-40": Case(people=40, baselines=True),
    "stable-100": Case(people=100, baselines=True),
    "stable-400": Case(people=400),
    "mix-40": Case(people=40, mix_shift=0.5),
    "mix-100": Case(people=100, mix_shift=0.5),
    "new-40-10": Case(people=40, share=0.10, baselines=True),
    "new-40-20": Case(people=40, share=0.20, baselines=True),
    "new-100-5": Case(people=100, share=0.05),
    "new-100-10": Case(people=100, share=0.10, baselines=True, decks=True),
    "new-100-20": Case(people=100, share=0.20),
    "new-400-2": Case(people=400, share=0.02),
    "new-400-5": Case(people=400, share=0.05),
    "rolling-40-0": Case(people=40, history=12, windows=(1, 2, 4)),
    "rolling-40-10": Case(people=40, share=0.10, history=11, arrives=4, windows=(1, 2, 4)),
    "power-40": Case(people=40, power=True),
    "power-100": Case(people=100, power=True),
    "power-400": Case(people=400, power=True),
    "true-40-5": Case(people=40, share=0.05),
    "true-40-30": Case(people=40, share=0.30),
    "true-40-15": Case(people=40, share=0.15),
    "true-100-15": Case(people=100, share=0.15),
    "true-400-10": Case(people=400, share=0.10),
    "copied-40": Case(people=40, copied=0.5),
    "copied-100": Case(people=100, copied=0.5),
    "groups-100": Case(people=100, groups=6),
    "narrowed-100": Case(people=100, groups=6, groups_now=3),
}


def main() -> None:
    data, cache, results = (Path(name) for name in sys.argv[1:4])
    if sys.argv[4] == "table":
        print(tables(_kept(results)))
        return
    name, case, repetitions = sys.argv[4], sys.argv[5], int(sys.argv[6])
    done = {row["seed"] for row in _kept(results) if (row["set"], row["case"]) == (name, case)}
    texts = texts_of(name, data, cache)
    with results.open("a", encoding="utf-8") as out:
        for seed in range(repetitions):
            if seed not in done:
                row = {"set": name, "case": case, "seed": seed, **measured(texts, case, seed)}
                out.write(json.dumps(row) + "\n")
                out.flush()


def measured(texts: Texts, name: str, seed: int) -> dict[str, object]:
    """Everything that is measured on one stream of a case."""
    case = CASES[name]
    stream = simulate(
        texts, case.people, case.share, 100_000 * list(CASES).index(name) + seed,
        history=case.history, arrives=case.arrives, mix_shift=case.mix_shift, copied=case.copied, groups=case.groups,
        groups_now=case.groups_now,
    )  # fmt: skip
    settings = DriftSettings(
        permutations=2400 if case.people <= 100 else 999,
        windows=case.windows,
        measure_power=case.power,
        measure_recycling=bool(case.copied or case.groups > 1),
    )
    started = time.process_time()
    verdict, scores = judged(stream, settings)
    row: dict[str, object] = {
        "cpu": round(time.process_time() - started, 3),
        "state": verdict.state.value,
        "p": verdict.statistics["p_rising"],
        "p_fading": verdict.statistics["p_fading"],
        "emerging": "emerging" in verdict.flags,
        "narrowed": "narrowed" in verdict.flags,
        "recycled": "recycled text" in verdict.flags,
    }
    row |= {key: value for key, value in verdict.statistics.items() if key.startswith("power_at")}
    if case.share:
        row |= found_and_missed(stream, verdict, scores)
    if case.baselines:
        row |= of_baselines(stream, seed)
    if case.decks:
        row |= held_against_decks(texts, stream, verdict, settings, seed)
    return row


def judged(stream: Stream, settings: DriftSettings, **given):
    names = [f"{number:05}" for number in range(len(stream.quarter))]
    return drift_and_novelty(
        stream.vectors,
        ids=names,
        respondents=names,
        quarters=[f"{quarter:03}" for quarter in stream.quarter],
        strata=["all"] * len(names),
        sampling=[str(group) for group in stream.group],
        current=f"{stream.quarter.max():03}",
        scope=Scope(),
        settings=settings,
        **given,
    )


def found_and_missed(stream: Stream, verdict, scores) -> dict[str, object]:
    """Purity and recall of the first rising node, and how well novelty ranks the current messages (AUROC)."""
    now = np.flatnonzero(stream.quarter == stream.quarter.max())
    row: dict[str, object] = {}
    rising = [node for node in verdict.nodes if node.kind != "fading"]
    if rising:
        rows = np.array([int(name) for name in rising[0].verbatims])
        span = stream.quarter > stream.quarter.max() - rising[0].window
        row["purity"] = float(stream.new[rows].mean())
        row["recall"] = float(stream.new[rows].sum() / max(1, int((stream.new & span).sum())))
    if stream.new[now].any() and not stream.new[now].all():
        before = stream.vectors[stream.quarter < stream.quarter.max()]
        blend = np.array([scores[f"{place:05}"] for place in now])
        row["auroc"] = auroc(blend, stream.new[now])
        row["auroc_distance"] = auroc(novelty(stream.vectors[now], before), stream.new[now])
        row["auroc_nearest"] = auroc(1 - (stream.vectors[now] @ before.T).max(axis=1), stream.new[now])
    return row


def of_baselines(stream: Stream, seed: int) -> dict[str, object]:
    now, chance = stream.quarter == stream.quarter.max(), np.random.default_rng(seed)
    row = {
        "mmd": mmd(stream.vectors, now, chance),
        "unseen": unseen_mass(stream.vectors, now, chance),
        "classifier": classifier(stream.vectors, now, chance),
    }
    if seed < 100:
        row["theme_sets"] = theme_sets(stream.vectors, now, chance)
    return row


def auroc(scores: np.ndarray, positive: np.ndarray) -> float:
    from scipy.stats import rankdata

    ranks = rankdata(scores)
    hits = int(positive.sum())
    return float((ranks[positive].sum() - hits * (hits + 1) / 2) / (hits * (len(scores) - hits)))


def _kept(results: Path) -> list[dict]:
    if not results.exists():
        return []
    return [json.loads(line) for line in results.read_text(encoding="utf-8").splitlines() if line]


if __name__ == "__main__":
    main()
