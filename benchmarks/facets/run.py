"""Compares ways to decide the facet, and measures the one that ships once on passages nobody chose by.

    python benchmarks/facets/run.py [DATA]      DATA: the folder with the real data sets, for the check on real text

Methods are compared on the passages set aside to choose by, after learning from the training passages; the weights
that ship are measured on the test passages and, where DATA is given, on labelled passages of real text.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp import training
from nlp.classify import FACETS, FacetClassifier
from nlp.features import cue_hits
from nlp.training import Labelled
from winloss.bootstrap import open_tools
from winloss.model import text_key

HERE = Path(__file__).parent
Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Task:
    """What a method learns from, and what it then has to score."""

    texts: Sequence[str]
    facets: Numbers
    vectors: Floats
    others: Sequence[str]
    unknown: Floats


Method = Callable[[Task], Floats]


def main() -> None:
    encoder = open_tools().encoder()
    passages = training.load_passages()
    learn, choose, test = ([item for item in passages if item.part == part] for part in ("train", "dev", "test"))
    print(f"passages: {len(learn)} to train, {len(choose)} to choose by, {len(test)} to test\n")
    task = Task(
        texts=texts_of(learn),
        facets=facets_of(learn),
        vectors=encoder.encode(texts_of(learn)),
        others=texts_of(choose),
        unknown=encoder.encode(texts_of(choose)),
    )
    print("| method | accuracy | macro F1 | ECE |\n|---|---|---|---|")
    for name, method in METHODS.items():
        print(f"| {name} | {summary(method(task), facets_of(choose))} |", flush=True)
    print("\nThe weights that ship, on the test passages:\n")
    report(texts_of(test), facets_of(test), encoder.encode(texts_of(test)))
    if sys.argv[1:]:
        texts, facets = real_passages(Path(sys.argv[1]))
        print(f"\nThe same on {len(texts)} passages of real text:\n")
        report(texts, facets, encoder.encode(texts))


def texts_of(passages: Sequence[Labelled]) -> list[str]:
    return [item.text for item in passages]


def facets_of(passages: Sequence[Labelled]) -> Numbers:
    return np.array([FACETS.index(item.facet) for item in passages])


def report(texts: Sequence[str], facets: Numbers, vectors: Floats) -> None:
    """Print figures overall and per facet of what ships, with the meaning and from the wording alone."""
    classifier = FacetClassifier()
    started = time.perf_counter()
    scores = scores_of(classifier, texts, vectors)
    seconds = time.perf_counter() - started
    plain = scores_of(FacetClassifier(encoder="another"), texts, vectors)
    print("| | accuracy | macro F1 | ECE |\n|---|---|---|---|")
    print(f"| meaning and wording | {summary(scores, facets)} |")
    print(f"| wording alone (vectors of another model) | {summary(plain, facets)} |\n")
    print("| facet | passages | precision | recall | F1 |\n|---|---|---|---|---|")
    for column, facet in enumerate(FACETS):
        precision, recall, f1 = figures(scores.argmax(axis=1) == column, facets == column)
        print(f"| {facet} | {int((facets == column).sum())} | {precision:.2f} | {recall:.2f} | {f1:.2f} |")
    sure = scores.max(axis=1) >= 0.6
    right = scores.argmax(axis=1)[sure] == facets[sure]
    print(f"\nScore 0.6 or more: {sure.mean():.0%} of the passages, {right.mean():.3f} of them right.")
    print(f"{len(texts) / seconds:.0f} passages a second, given their vectors.")


def scores_of(classifier: FacetClassifier, texts: Sequence[str], vectors: Floats) -> Floats:
    return np.array([[item.scores[facet] for facet in FACETS] for item in classifier.classify(texts, vectors)])


def summary(scores: Floats, facets: Numbers) -> str:
    best = scores.argmax(axis=1)
    f1 = np.mean([figures(best == column, facets == column)[2] for column in range(len(FACETS))])
    return f"{(best == facets).mean():.3f} | {f1:.3f} | {calibration_error(scores, facets):.3f}"


def figures(said: NDArray[np.bool_], true: NDArray[np.bool_]) -> tuple[float, float, float]:
    both = float((said & true).sum())
    precision, recall = both / max(1, said.sum()), both / max(1, true.sum())
    return precision, recall, 2 * both / max(1, said.sum() + true.sum())


def calibration_error(scores: Floats, facets: Numbers) -> float:
    """Expected calibration error over ten bins of equal width (Guo et al. 2017)."""
    sure, right = scores.max(axis=1), scores.argmax(axis=1) == facets
    bins = np.minimum((sure * 10).astype(int), 9)
    gaps = [abs(sure[bins == n].mean() - right[bins == n].mean()) * (bins == n).mean() for n in set(bins.tolist())]
    return float(sum(gaps))


def real_passages(data: Path) -> tuple[list[str], Numbers]:
    """The passages of `real_labels.jsonl`, read from where they are and checked by their hash."""
    texts, facets = [], []
    for line in (HERE / "real_labels.jsonl").read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        text = line_of(data / label["file"], label["line"])
        content = json.loads(text) if label["path"] else text
        for step in label["path"]:
            content = content[step]
        passage = content[label["start"] : label["end"]]
        if text_key(passage) != label["hash"]:
            raise SystemExit(f"{label['file']}, line {label['line'] + 1} is not the text that was labelled")
        texts.append(passage)
        facets.append([facet.value for facet in FACETS].index(label["facet"]))
    return texts, np.array(facets)


def line_of(path: Path, number: int) -> str:
    return path.read_text(encoding="utf-8").split("\n")[number]


# --- The methods -----------------------------------------------------------------------------------------------------


def majority(task: Task) -> Floats:
    share = np.bincount(task.facets, minlength=len(FACETS)) / len(task.facets)
    return np.tile(share, (len(task.others), 1))


def cue_count(task: Task) -> Floats:
    counts = np.full((len(task.others), len(FACETS)), 0.25)
    for row, text in enumerate(task.others):
        for hit in cue_hits(text):
            if hit.cue.facet is not None:
                counts[row, FACETS.index(hit.cue.facet)] += 1
    return counts / counts.sum(axis=1, keepdims=True)


def neighbours(task: Task) -> Floats:
    nearest = np.argsort(-(task.unknown @ task.vectors.T), axis=1, kind="stable")[:, :15]
    return np.array([np.bincount(task.facets[row], minlength=len(FACETS)) / 15 for row in nearest])


def prototypes(task: Task) -> Floats:
    centres = np.stack([task.vectors[task.facets == column].mean(axis=0) for column in range(len(FACETS))])
    return softmax(20 * task.unknown @ (centres / np.linalg.norm(centres, axis=1, keepdims=True)).T)


def meaning_only(task: Task) -> Floats:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=5, max_iter=5000).fit(task.vectors, task.facets)
    return np.asarray(model.predict_proba(task.unknown))


def wording_only(task: Task) -> Floats:
    return everything(replace(task, vectors=task.vectors[:, :0], unknown=task.unknown[:, :0]))


def everything(task: Task) -> Floats:
    named = [FACETS[column] for column in task.facets]
    warmth = training.best_temperature(training.held_out_logits(task.texts, named, task.vectors), named)
    return softmax(training.fit(task.texts, named, task.vectors).logits(task.others, task.unknown) / warmth)


def softmax(logits: Floats) -> Floats:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


METHODS: dict[str, Method] = {
    "most frequent facet": majority,
    "counting cues": cue_count,
    "15 nearest neighbours": neighbours,
    "nearest centre": prototypes,
    "logistic regression, meaning only": meaning_only,
    "logistic regression, wording only": wording_only,
    "logistic regression, meaning and wording (ships)": everything,
}


if __name__ == "__main__":
    main()
