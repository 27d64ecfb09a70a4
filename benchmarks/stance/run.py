"""How well stances are told, beside nearness alone and counting words: `python -m benchmarks.stance.run [DATA]`.

Measured on the part of the labelled pairs that nothing was learned from or chosen by; DATA is the folder with the
public text that some pairs point into.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from platformdirs import user_cache_path
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score

from nlp.facets.labelled import DEV, TEST, TRAIN
from nlp.stances.stance import StanceJudge
from nlp.stances.stance_features import frame_of, signs_of
from nlp.stances.stance_labelled import Pair, load_pairs, load_read, load_real, of_parts
from nlp.stances.stance_training import REAL, some_of
from nlp.vectors.encode import SentenceEncoder
from nlp.vectors.export import BUNDLED_MODEL
from winloss.model import Stance

STANCES = list(Stance)
DRAWS = 2000
LENIENT = 0.7
"""Two of three labelled pairs speak of their statement, of what is searched for a statement hardly one in ten."""


def main() -> None:
    """Print a table of each judge on own pairs and on public text."""
    encoder = SentenceEncoder(BUNDLED_MODEL, cache=user_cache_path("winloss", appauthor=False) / "models")
    own = load_pairs(later=False)
    learn, test = of_parts(own, TRAIN, DEV), of_parts(own, TEST)
    read = of_parts(load_read(), TEST)
    parts = {"own": test, **{kind: [it for it in read if it.origin == kind] for kind in ("search", "situation")}}
    if len(sys.argv) > 1:
        parts["debates"] = some_of(of_parts(load_real(Path(sys.argv[1])), TEST), REAL)
    for name, pairs in parts.items():
        counts = {stance.value: sum(pair.stance is stance for pair in pairs) for stance in STANCES}
        print(f"{name}: {len(pairs)} pairs, {len({pair.group for pair in pairs})} groups, {counts}")
        wanted = [STANCES.index(pair.stance) for pair in pairs]
        groups = [pair.group for pair in pairs]
        show("  nearness alone", wanted, by_cosine(learn, pairs, encoder), groups)
        show("  counting words", wanted, [by_words(pair) for pair in pairs], groups)
        show("  shipped", wanted, by_judge(pairs, encoder), groups)
        show("  shipped, lenient", wanted, by_judge(pairs, encoder, LENIENT), groups)


def by_judge(pairs: Sequence[Pair], encoder: SentenceEncoder, speaks: float | None = None) -> list[int]:
    """What the shipped judge says, or would say were a passage unrelated only above a probability of `speaks`."""
    judge = StanceJudge()
    statements, texts = encoder.encode([p.statement for p in pairs]), encoder.encode([p.text for p in pairs])
    found = [
        judge.judge(pair.statement, [pair.text], texts[row : row + 1], statements[row])[0]
        for row, pair in enumerate(pairs)
    ]
    if speaks is None:
        return [STANCES.index(item.stance) for item in found]
    return [_lenient(item.probabilities, speaks) for item in found]


def _lenient(told: Mapping[str, float], speaks: float) -> int:
    if told[Stance.UNRELATED] > speaks:
        return STANCES.index(Stance.UNRELATED)
    return STANCES.index(max((Stance.SUPPORTS, Stance.CONTRADICTS), key=lambda stance: told[stance]))


def by_cosine(learn: Sequence[Pair], pairs: Sequence[Pair], encoder: SentenceEncoder) -> list[int]:
    """What can be told from the cosine alone, by a logistic regression on it and its square."""
    model = LogisticRegression(C=100.0, max_iter=1000)
    model.fit(cosines(learn, encoder), [STANCES.index(pair.stance) for pair in learn])
    return [int(stance) for stance in model.predict(cosines(pairs, encoder))]


def cosines(pairs: Sequence[Pair], encoder: SentenceEncoder) -> np.ndarray:
    """The cosine of statement and text, and its square."""
    statements, texts = encoder.encode([p.statement for p in pairs]), encoder.encode([p.text for p in pairs])
    near = (statements * texts).sum(axis=1)
    return np.stack([near, near**2], axis=1)


def by_words(pair: Pair) -> int:
    """Unrelated without a word in common; else the sign of affirming and denying words and of agreeing tone."""
    frame = frame_of(pair.statement)
    signs = signs_of(frame, pair.text)
    if not max(sign.values["subject"] + sign.values["concepts"] + sign.values["roles"] for sign in signs):
        return STANCES.index(Stance.UNRELATED)
    total = sum(
        sign.values["affirm"]
        + sign.values["agree"]
        - sign.values["deny"]
        - sign.values["negation"]
        - sign.values["disagree"]
        for sign in signs
    )
    for_it = (total >= 0) ^ frame.negated
    return STANCES.index(Stance.SUPPORTS if for_it else Stance.CONTRADICTS)


def show(name: str, wanted: Sequence[int], found: Sequence[int], groups: Sequence[str]) -> None:
    """One row: macro-F1 with its 95% interval over resampled groups, F1 of each stance, accuracy."""
    each = f1_score(wanted, found, average=None, labels=range(3), zero_division=0)
    low, high = interval(np.array(wanted), np.array(found), np.array(groups))
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


def _confusion(wanted: np.ndarray, found: np.ndarray) -> np.ndarray:
    return np.bincount(wanted * 3 + found, minlength=9).reshape(3, 3)


def _macro(table: np.ndarray) -> float:
    right = np.diag(table)
    return float(np.mean(2 * right / np.maximum(table.sum(axis=0) + table.sum(axis=1), 1)))


if __name__ == "__main__":
    main()
