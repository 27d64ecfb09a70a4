"""Compares ways to decide the facet, and measures the one that ships once on passages nobody chose by.

    python benchmarks/facets/run.py DATA      DATA: the folder with the public text that labelled passages point into

Methods learn from the training passages and are compared on those to choose by; the weights that ship are measured on
the test passages. Passages written here and passages of public text are told apart throughout.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp import training, tuning
from nlp.classify import FACETS, FacetClassifier
from nlp.facet_network import FacetNetwork
from nlp.features import cue_hits
from nlp.labelled import DEV, TEST, TRAIN, Labelled, load_passages, load_real, of_parts
from winloss.bootstrap import model_cache, open_tools
from winloss.model import Facet, text_key
from winloss.ports import Encoder

HERE = Path(__file__).parent
RECALL = 0.75
Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Task:
    """What a method learns from, and what it then has to score."""

    learn: Sequence[Labelled]
    vectors: Floats
    others: Sequence[Labelled]
    unknown: Floats

    @property
    def facets(self) -> Numbers:
        return facets_of(self.learn)


Method = Callable[[Task], Floats]


def main() -> None:
    encoder = open_tools().encoder()
    passages = [*load_passages(), *load_real(Path(sys.argv[1]))]
    learn, choose, test = (of_parts(passages, part) for part in (TRAIN, DEV, TEST))
    print(f"{len(learn)} passages to train, {len(choose)} to choose by, {len(test)} to test\n")
    compare(learn, choose, encoder)
    print("\nThe weights that ship, on the test passages:\n")
    report(test, encoder)
    print("\nBeside it, baselines on the same passages, learned from the other parts:\n")
    known = [*learn, *choose]
    task = Task(
        learn=known, vectors=encoder.encode(texts_of(known)), others=test, unknown=encoder.encode(texts_of(test))
    )
    table({name: METHODS[name](task) for name in BASELINES}, test)
    agreement(passages)


def compare(learn: Sequence[Labelled], choose: Sequence[Labelled], encoder: Encoder) -> None:
    """Print every method's figures on the passages to choose by."""
    vectors, unknown = encoder.encode(texts_of(learn)), encoder.encode(texts_of(choose))
    task = Task(learn=learn, vectors=vectors, others=choose, unknown=unknown)
    table({name: method(task) for name, method in METHODS.items()}, choose)


def table(scores: dict[str, Floats], passages: Sequence[Labelled]) -> None:
    own, real = (np.array([item.real == real for item in passages]) for real in (False, True))
    facets = facets_of(passages)
    print("| method | written here: accuracy | macro F1 | ECE | public text: accuracy | macro F1 | ECE |")
    print("|---|---|---|---|---|---|---|")
    for name, rows in scores.items():
        print(f"| {name} | {summary(rows[own], facets[own])} | {summary(rows[real], facets[real])} |", flush=True)


def report(test: Sequence[Labelled], encoder: Encoder) -> None:
    """Print figures overall, by kind and per facet, of what ships."""
    texts, facets = texts_of(test), facets_of(test)
    vectors = encoder.encode(texts)
    network = FacetNetwork(model_cache())
    classifier = FacetClassifier(encoder=encoder.fingerprint, network=network)
    classifier.classify(texts[:8], vectors[:8])
    started = time.perf_counter()
    scores = scores_of(classifier, texts, vectors)
    seconds = time.perf_counter() - started
    table(
        {
            "head and network (ships)": scores,
            "the same with vectors of another model": scores_of(
                FacetClassifier(encoder="another", network=network), texts, vectors
            ),
            "the head alone": scores_of(FacetClassifier(encoder=encoder.fingerprint), texts, vectors),
        },
        test,
    )
    for real in (False, True):
        some = np.array([item.real == real for item in test])
        print(f"\n{'Public text' if real else 'Written here'}, {some.sum()} passages:\n")
        per_facet(scores[some], facets[some])
        precision = precision_at(scores[some, FACETS.index(Facet.PAIN)], facets[some] == FACETS.index(Facet.PAIN))
        print(f"\nPain at a recall of {RECALL:.0%}: precision {precision:.3f}.")
    sure = scores.max(axis=1) >= 0.6
    right = scores.argmax(axis=1)[sure] == facets[sure]
    print(f"\nScore 0.6 or more: {sure.mean():.0%} of the passages, {right.mean():.3f} of them right.")
    print(f"{len(texts) / seconds:.0f} passages a second, given their vectors.")


def per_facet(scores: Floats, facets: Numbers) -> None:
    print("| facet | passages | precision | recall | F1 |\n|---|---|---|---|---|")
    for column, facet in enumerate(FACETS):
        precision, recall, f1 = figures(scores.argmax(axis=1) == column, facets == column)
        print(f"| {facet} | {int((facets == column).sum())} | {precision:.2f} | {recall:.2f} | {f1:.2f} |")


def agreement(passages: Sequence[Labelled]) -> None:
    """Print how far a second, independent labelling agrees with the first (Cohen's kappa)."""
    second = {}
    for line in (HERE / "second_labels.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        second[row["hash"]] = Facet(row["facet"])
    print()
    for kind in (None, False, True):
        both = [
            (item.facet, second[key])
            for item in passages
            if (key := text_key(item.text)) in second and kind in (None, item.real)
        ]
        same = float(np.mean([one is other for one, other in both]))
        name = {None: "all", False: "written here", True: "public text"}[kind]
        print(f"Labelled twice, {name}: {len(both)} passages, {same:.0%} the same, kappa {kappa(both):.2f}.")


def kappa(pairs: Sequence[tuple[Facet, Facet]]) -> float:
    """Cohen's kappa (Educational and Psychological Measurement 20 (1960) 37-46)."""
    same = float(np.mean([one is other for one, other in pairs]))
    chance = sum(
        np.mean([one is facet for one, _ in pairs]) * np.mean([other is facet for _, other in pairs])
        for facet in FACETS
    )
    return float((same - chance) / (1 - chance))


def texts_of(passages: Iterable[Labelled]) -> list[str]:
    return [item.text for item in passages]


def facets_of(passages: Iterable[Labelled]) -> Numbers:
    return np.array([FACETS.index(item.facet) for item in passages])


def scores_of(classifier: FacetClassifier, texts: Sequence[str], vectors: Floats) -> Floats:
    return np.array([[item.scores[facet] for facet in FACETS] for item in classifier.classify(texts, vectors)])


# --- figures ---------------------------------------------------------------------------------------------------------


def summary(scores: Floats, facets: Numbers) -> str:
    best = scores.argmax(axis=1)
    f1 = np.mean([figures(best == column, facets == column)[2] for column in range(len(FACETS))])
    return f"{(best == facets).mean():.3f} | {f1:.3f} | {calibration_error(scores, facets):.3f}"


def figures(said: NDArray[np.bool_], true: NDArray[np.bool_]) -> tuple[float, float, float]:
    both = float((said & true).sum())
    precision, recall = both / max(1, said.sum()), both / max(1, true.sum())
    return precision, recall, 2 * both / max(1, said.sum() + true.sum())


def precision_at(scores: Floats, true: NDArray[np.bool_]) -> float:
    """The precision under the threshold at which the recall first reaches `RECALL`."""
    found = np.cumsum(true[np.argsort(-scores, kind="stable")])
    taken = int(np.argmax(found >= RECALL * true.sum()))
    return float(found[taken] / (taken + 1))


def calibration_error(scores: Floats, facets: Numbers) -> float:
    """Expected calibration error over ten bins of equal width (Guo et al. 2017)."""
    sure, right = scores.max(axis=1), scores.argmax(axis=1) == facets
    bins = np.minimum((sure * 10).astype(int), 9)
    gaps = [abs(sure[bins == n].mean() - right[bins == n].mean()) * (bins == n).mean() for n in set(bins.tolist())]
    return float(sum(gaps))


# --- the methods -----------------------------------------------------------------------------------------------------


def majority(task: Task) -> Floats:
    share = np.bincount(task.facets, minlength=len(FACETS)) / len(task.facets)
    return np.tile(share, (len(task.others), 1))


def cue_count(task: Task) -> Floats:
    counts = np.full((len(task.others), len(FACETS)), 0.25)
    for row, item in enumerate(task.others):
        for hit in cue_hits(item.text):
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
    return head(replace(task, vectors=task.vectors[:, :0], unknown=task.unknown[:, :0]))


def head(task: Task) -> Floats:
    return softmax(head_logits(task))


def network(task: Task) -> Floats:
    return softmax(tuning.logits_of(training.tuned(task.learn), texts_of(task.others)))


def both(task: Task) -> Floats:
    """Mixed as the other half of the passages to choose by wants it, so that no passage chooses its own mix."""
    of_head, of_network = head_logits(task), tuning.logits_of(training.tuned(task.learn), texts_of(task.others))
    facets = [item.facet for item in task.others]
    half = np.array([int(text_key(item.text)[8:12], 16) % 2 for item in task.others])
    scores = np.zeros_like(of_head)
    for side in (0, 1):
        told, asked = np.flatnonzero(half != side), np.flatnonzero(half == side)
        mix = training.best_mix(of_head[told], of_network[told], [facets[row] for row in told])
        scores[asked] = softmax(mix[0] * of_head[asked] + mix[1] * of_network[asked])
    return scores


def head_logits(task: Task) -> Floats:
    fitted = training.fit(texts_of(task.learn), [item.facet for item in task.learn], task.vectors)
    return fitted.logits(texts_of(task.others), task.unknown)


def softmax(logits: Floats) -> Floats:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


BASELINES: dict[str, Method] = {
    "most frequent facet": majority,
    "counting cues": cue_count,
    "15 nearest neighbours": neighbours,
    "nearest centre": prototypes,
}
METHODS: dict[str, Method] = {
    **BASELINES,
    "logistic regression, meaning only": meaning_only,
    "logistic regression, wording only": wording_only,
    "logistic regression, meaning and wording (the head)": head,
    "the tuned sentence model (the network)": network,
    "head and network (ships)": both,
}


if __name__ == "__main__":
    main()
