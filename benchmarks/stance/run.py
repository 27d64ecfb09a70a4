"""How well stances are told, beside nearness alone: `python -m benchmarks.stance.run [DATA] [--kind KIND ...]`.

Measured on pairs that nothing was learned from or chosen by: the test part of each kind of labelled pairs, at most 600
of each, and the pairs of `unseen.jsonl`, whose writers wrote nothing else. DATA is the folder with the public text that
some pairs point into.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import numpy as np
from platformdirs import user_cache_path
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score

from nlp.facets.labelled import DEV, TEST, TRAIN
from nlp.stances.reader_training import STANCES, answers
from nlp.stances.stance import StanceJudge
from nlp.stances.stance_labelled import Pair, load_field, load_pairs, load_read, load_real, of_parts
from nlp.stances.stance_reader import StanceReader
from nlp.vectors.encode import SentenceEncoder
from nlp.vectors.export import BUNDLED_MODEL
from winloss.model import Stance

CACHE = user_cache_path("winloss", appauthor=False) / "models"
UNSEEN = Path(__file__).parent / "unseen.jsonl"
DRAWS = 2000
MOST = 600
"""Pairs of a kind that are measured, drawn by chance with a fixed seed."""


def main() -> None:
    """Print a row for each judge on each kind of pairs."""
    asked = set(sys.argv[sys.argv.index("--kind") + 1 :]) if "--kind" in sys.argv else None
    data = Path(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1] != "--kind" else None
    encoder, judge = SentenceEncoder(BUNDLED_MODEL, cache=CACHE), StanceJudge(StanceReader(CACHE))
    learn = _some(of_parts(load_pairs(), TRAIN, DEV))
    for kind, pairs in kinds(data):
        if asked and kind not in asked:
            continue
        wanted, groups = answers(pairs), [pair.group for pair in pairs]
        counts = {stance.value: sum(pair.stance is stance for pair in pairs) for stance in STANCES}
        print(f"{kind}: {len(pairs)} pairs, {len(set(groups))} groups, {counts}")
        show("  nearness alone", wanted, by_cosine(learn, pairs, encoder), groups)
        chances = by_judge(judge, pairs)
        show("  ships", wanted, _decided(chances), groups)
        speaking = wanted < STANCES.index(Stance.UNRELATED)
        about = roc_auc_score(speaking, 1 - chances[:, 2])
        right = ((chances[:, 0] < chances[:, 1]) == (wanted == 1))[speaking].mean()
        print(f"    that it speaks of it: AUC {about:.3f}; right side of those that do: {right:.3f}", flush=True)


def kinds(data: Path | None) -> Iterator[tuple[str, list[Pair]]]:
    """What is measured on, by name."""
    read = load_read()
    yield "own", _some(of_parts(load_pairs(), TEST))
    for origin in ("search", "situation"):
        yield origin, _some(of_parts([pair for pair in read if pair.origin == origin], TEST))
    yield "field", _some(of_parts(load_field(), TEST))
    yield from unseen().items()
    if data:
        yield "debates", _some(of_parts(load_real(data), TEST))


def unseen() -> dict[str, list[Pair]]:
    """The pairs by writers who wrote nothing else, by writer."""
    rows = [json.loads(line) for line in UNSEEN.read_text(encoding="utf-8").splitlines()]
    pairs: dict[str, list[Pair]] = {}
    for row in rows:
        pairs.setdefault(f"unseen {row['writer']}", []).extend(
            Pair(statement=row["statement"], text=text, stance=Stance(said), field="unseen", group=row["statement"])
            for said, text in row["texts"]
        )
    return pairs


def by_judge(judge: StanceJudge, pairs: Sequence[Pair]) -> np.ndarray:
    """The shipped judge's chances: a row per pair, a column per `Stance`."""
    rows = np.zeros((len(pairs), len(STANCES)))
    order = sorted(range(len(pairs)), key=lambda place: pairs[place].statement)
    for statement, places in groupby(order, key=lambda place: pairs[place].statement):
        some = list(places)
        for place, told in zip(some, judge.judge(statement, [pairs[place].text for place in some]), strict=True):
            rows[place] = [told.probabilities[stance.value] for stance in STANCES]
    return rows


def by_cosine(learn: Sequence[Pair], pairs: Sequence[Pair], encoder: SentenceEncoder) -> np.ndarray:
    """What can be told from the cosine alone, by a logistic regression on it and its square."""
    model = LogisticRegression(C=100.0, max_iter=1000)
    model.fit(cosines(learn, encoder), answers(learn))
    return np.asarray(model.predict(cosines(pairs, encoder)))


def cosines(pairs: Sequence[Pair], encoder: SentenceEncoder) -> np.ndarray:
    """The cosine of statement and text, and its square."""
    statements, texts = encoder.encode([p.statement for p in pairs]), encoder.encode([p.text for p in pairs])
    near = (statements * texts).sum(axis=1)
    return np.stack([near, near**2], axis=1)


def show(name: str, wanted: np.ndarray, found: np.ndarray, groups: Sequence[str]) -> None:
    """One row: macro-F1 with its 95% interval over resampled groups, F1 of each stance, accuracy."""
    each = f1_score(wanted, found, average=None, labels=range(3), zero_division=0)
    low, high = interval(wanted, found, np.array(groups))
    told = " ".join(f"{stance.value} {score:.3f}" for stance, score in zip(STANCES, each, strict=True))
    right = accuracy_score(wanted, found)
    print(f"{name:<18} macro-F1 {each.mean():.3f} ({low:.3f}-{high:.3f})  {told}  right {right:.3f}")


def interval(wanted: np.ndarray, found: np.ndarray, groups: np.ndarray) -> tuple[float, float]:
    """95% percentile interval of macro-F1 over groups drawn with replacement (Efron 1979)."""
    chance, names = np.random.default_rng(1), np.unique(groups)
    counts = np.stack([_confusion(wanted[groups == name], found[groups == name]) for name in names])
    drawn = [counts[chance.integers(len(names), size=len(names))].sum(axis=0) for _ in range(DRAWS)]
    low, high = np.percentile([_macro(table) for table in drawn], [2.5, 97.5])
    return float(low), float(high)


def _decided(chances: np.ndarray) -> np.ndarray:
    return np.where(chances[:, 2] > 0.5, 2, np.where(chances[:, 0] >= chances[:, 1], 0, 1))


def _some(pairs: Sequence[Pair]) -> list[Pair]:
    return random.Random(1).sample(pairs, min(MOST, len(pairs)))


def _confusion(wanted: np.ndarray, found: np.ndarray) -> np.ndarray:
    return np.bincount(wanted * 3 + found, minlength=9).reshape(3, 3)


def _macro(table: np.ndarray) -> float:
    right = np.diag(table)
    return float(np.mean(2 * right / np.maximum(table.sum(axis=0) + table.sum(axis=1), 1)))


if __name__ == "__main__":
    main()
