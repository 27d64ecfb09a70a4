"""Simulated quarters with and without one new theme: how often the detector raises a false alarm, and when it sees one.

    python benchmarks/drift/run.py DATA [REPETITIONS]      DATA: the folder that holds banking77/train.csv

A quarter is n people who each say one message; 30 of the 77 intents are the themes, with shares drawn from a Dirichlet
distribution that stays the same over four quarters of history and the current one; 8 % of the messages are one-off
chatter from the other intents. A new theme is an intent never drawn before, said by a share s of the current people.
"""

from __future__ import annotations

import csv
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from nlp.drift import DriftSettings, drift
from winloss.bootstrap import open_tools
from winloss.model import Scope, State

QUARTERS = ("2025Q1", "2025Q2", "2025Q3", "2025Q4", "2026Q1")
THEMES = 30
CHATTER = 0.08
CASES = (
    (40, 0.0),
    (100, 0.0),
    (400, 0.0),
    (40, 0.10),
    (40, 0.20),
    (100, 0.05),
    (100, 0.10),
    (100, 0.20),
    (400, 0.02),
    (400, 0.05),
)
SETTINGS = DriftSettings(permutations=999, windows=(1,))


def main() -> None:
    data = Path(sys.argv[1])
    repetitions = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    vectors, labels = embedded(data)
    print("| n | new share | repetitions | alarm (emerging or growing) | emerging | power predicted | s per test |")
    print("|---|---|---|---|---|---|---|")
    for people, share in CASES:
        started = time.perf_counter()
        verdicts = [judge(vectors, labels, people, share, seed) for seed in range(repetitions)]
        seconds = (time.perf_counter() - started) / repetitions
        alarms = sum(bool({"emerging", "growing"} & set(verdict.flags)) for verdict in verdicts)
        emerging = sum(verdict.state is State.NEW_SIGNAL for verdict in verdicts)
        known = [verdict.statistics.get(f"power_at_{share:.0%}") for verdict in verdicts]
        predicted = [value for value in known if isinstance(value, float)]
        told = f"{np.mean(predicted):.2f}" if predicted else "–"
        print(
            f"| {people} | {share:.0%} | {repetitions} | {interval(alarms, repetitions)} | "
            f"{interval(emerging, repetitions)} | {told} | {seconds:.2f} |",
            flush=True,
        )


def embedded(data: Path) -> tuple[np.ndarray, np.ndarray]:
    """Vectors and intents of banking77's messages, cached in the temporary folder."""
    kept = Path(tempfile.gettempdir()) / "winloss-banking77.npz"
    if kept.exists():
        stored = np.load(kept)
        return stored["vectors"], stored["labels"]
    with (data / "banking77" / "train.csv").open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    vectors = open_tools().encoder().encode([row["text"] for row in rows])
    labels = np.array([row["category"] for row in rows])
    np.savez(kept, vectors=vectors, labels=labels)
    return vectors, labels


def judge(vectors, labels, people: int, share: float, seed: int):
    """One simulated history and current quarter, judged."""
    chance = np.random.default_rng(seed)
    intents = chance.permutation(np.unique(labels))
    themes, fresh, others = intents[:THEMES], intents[THEMES], intents[THEMES + 1 :]
    rows_of = {intent: chance.permutation(np.flatnonzero(labels == intent)).tolist() for intent in intents}
    mix = chance.dirichlet(np.ones(THEMES))
    rows, quarters = [], []
    for quarter in QUARTERS:
        for _ in range(people):
            if quarter == QUARTERS[-1] and chance.random() < share:
                intent = fresh
            elif chance.random() < CHATTER:
                intent = chance.choice(others)
            else:
                intent = themes[chance.choice(THEMES, p=mix)]
            pool = rows_of[intent]
            rows.append(pool[chance.integers(len(pool))])
            quarters.append(quarter)
    names = [f"{number:05}" for number in range(len(rows))]
    return drift(
        vectors[rows], ids=names, respondents=names, quarters=quarters, strata=["all"] * len(rows),
        current=QUARTERS[-1], scope=Scope(), settings=SETTINGS,
    )  # fmt: skip


def interval(hits: int, tries: int) -> str:
    """The share with its exact 95 % binomial interval (Clopper-Pearson)."""
    from scipy.stats import beta

    low = beta.ppf(0.025, hits, tries - hits + 1) if hits else 0.0
    high = beta.ppf(0.975, hits + 1, tries - hits) if hits < tries else 1.0
    return f"{hits / tries:.2f} ({low:.2f}–{high:.2f})"


if __name__ == "__main__":
    main()
