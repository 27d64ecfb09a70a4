"""How well the larger reader tells stances: `python -m benchmarks.stance.reader BASE [CHANGES]`.

BASE is the folder of all-mpnet-base-v2; CHANGES other weights than those in `nlp/data`. What the answers are scaled by
is fitted on the parts to choose by, all kinds of pairs together; then each kind's test part is read once. Of the pairs
of the field, from which the kept changes learned nothing, the part to train by is read: their test part waits.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from benchmarks.stance.run import show
from nlp.facets import tuning
from nlp.facets.labelled import DEV, TEST, TRAIN
from nlp.stances.reader_training import CHANGES, SECOND, check, together
from nlp.stances.stance_labelled import Pair, load_field, load_pairs, load_read, of_parts
from winloss.model import Stance

STANCES = list(Stance)
CHOSEN_BY, MEASURED = 300, 600
"""Pairs of each kind that the scale is fitted on, and that are measured, drawn by chance with a fixed seed."""


def main() -> None:
    """Print a row for each kind of pairs: whether it is told what speaks of a statement, which side, and all three."""
    base = Path(sys.argv[1])
    check(base)
    changes = tuning.load(Path(sys.argv[2]) if len(sys.argv) > 2 else CHANGES)
    recipe = replace(SECOND, base=base)
    read = load_read()
    kinds = {"own": load_pairs()} | {
        kind: [pair for pair in read if pair.origin == kind] for kind in ("search", "situation")
    }
    chosen_by = [pair for pairs in kinds.values() for pair in _some(of_parts(pairs, DEV), CHOSEN_BY)]
    about, way = scaled(logits(changes, chosen_by, recipe), _answers(chosen_by))
    print(f"scales fitted on {len(chosen_by)} pairs: about {about}, way {way}")
    parts = {kind: of_parts(pairs, TEST) for kind, pairs in kinds.items()} | {"field": of_parts(load_field(), TRAIN)}
    for kind, pairs in parts.items():
        measured = _some(pairs, MEASURED)
        speaks, for_it = logits(changes, measured, recipe)
        wanted = _answers(measured)
        speaking = wanted < 2
        found = np.where(about[0] * speaks + about[1] > 0, np.where(for_it > 0, 0, 1), 2)
        auc, side = roc_auc_score(speaking, speaks), ((for_it > 0) == (wanted == 0))[speaking].mean()
        print(f"{kind}: {len(measured)} pairs, {speaking.sum()} speak; about (AUC) {auc:.3f}, side {side:.3f}")
        show("  reader", wanted.tolist(), found.tolist(), [pair.group for pair in measured])


def logits(changes: dict, pairs: Sequence[Pair], recipe: tuning.Recipe) -> tuple[np.ndarray, np.ndarray]:
    """Of each pair: how likelier it is that the passage speaks of the statement than not, and for it than against."""
    rows = tuning.logits_of(changes, [together(pair.statement, pair.text) for pair in pairs], recipe)
    return np.logaddexp(rows[:, 0], rows[:, 1]) - rows[:, 2], rows[:, 0] - rows[:, 1]


def scaled(found: tuple[np.ndarray, np.ndarray], wanted: np.ndarray) -> tuple[tuple[float, float], float]:
    """Factor and shift of the first logit, and the factor of the second, under which the answers are likeliest."""
    speaking = wanted < 2
    about = LogisticRegression(C=1e4).fit(found[0].reshape(-1, 1), speaking)
    way = LogisticRegression(C=1e4, fit_intercept=False).fit(found[1][speaking].reshape(-1, 1), wanted[speaking] == 0)
    return (float(about.coef_[0, 0]), float(about.intercept_[0])), float(way.coef_[0, 0])


def _answers(pairs: Sequence[Pair]) -> np.ndarray:
    return np.array([STANCES.index(pair.stance) for pair in pairs])


def _some(pairs: Sequence[Pair], count: int) -> list[Pair]:
    return random.Random(1).sample(pairs, min(count, len(pairs)))


if __name__ == "__main__":
    main()
