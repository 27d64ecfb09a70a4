"""Measures the facet classifier that ships on passages nobody chose by, and baselines beside it.

    python benchmarks/facets/run.py DATA

DATA is the folder with the public text that labelled passages point into.

The weights that ship and every baseline learned from the training part; what ships was calibrated on the part to choose
by; all are measured on the test part. Told apart throughout are passages by writers of whom others were learned from,
by a writer whom nothing was learned from, and of public text.
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

from nlp.facets import training
from nlp.facets.classify import FACETS, FacetClassifier
from nlp.facets.facet_network import FacetNetwork
from nlp.facets.features import cue_hits
from nlp.facets.labelled import DEV, TEST, TRAIN, UNREAD, Labelled, load_passages, load_real, of_parts
from winloss.bootstrap import model_cache, open_tools
from winloss.model import Facet, text_key
from winloss.ports import Encoder
from winloss.services.research.kappa import kappa

HERE = Path(__file__).parent
RECALL = 0.75
KINDS = ("written here", "a writer unread", "public text")
PAIN = FACETS.index(Facet.PAIN)
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
    report(test, encoder)
    print("\nBaselines on the same passages, learned from the same part:\n")
    vectors, unknown = encoder.encode(texts_of(learn)), encoder.encode(texts_of(test))
    task = Task(learn=learn, vectors=vectors, others=test, unknown=unknown)
    table({name: method(task) for name, method in BASELINES.items()}, test)
    agreement(passages)


def table(scores: dict[str, Floats], passages: Sequence[Labelled]) -> None:
    facets, kinds_of = facets_of(passages), np.array([kind_of(item) for item in passages])
    kinds = [kind for kind in KINDS if kind in kinds_of]
    print(f"| method | all: accuracy | macro F1 | ECE | {' | '.join(f'{kind} | macro F1 | ECE' for kind in kinds)} |")
    print(f"|---|---|---|---|{'---|---|---|' * len(kinds)}")
    for name, rows in scores.items():
        kept = [kinds_of == kind for kind in kinds]
        told = [summary(rows[some], facets[some]) for some in (np.ones(len(rows), dtype=bool), *kept)]
        print(f"| {name} | {' | '.join(told)} |", flush=True)


def report(test: Sequence[Labelled], encoder: Encoder) -> None:
    """Print figures overall, by kind, by set and per facet, of what ships."""
    texts, facets = texts_of(test), facets_of(test)
    vectors = encoder.encode(texts)
    network = FacetNetwork(model_cache())
    classifier = FacetClassifier(encoder=encoder.fingerprint, network=network)
    classifier.classify(texts[:8], vectors[:8])
    started, before = time.perf_counter(), time.process_time()
    scores = scores_of(classifier, texts, vectors)
    seconds, spent = time.perf_counter() - started, time.process_time() - before
    alone = FacetClassifier(encoder=encoder.fingerprint)
    table(
        {
            "head and network (ships)": scores,
            "the head alone": scores_of(alone, texts, vectors),
        },
        test,
    )
    kinds = np.array([kind_of(item) for item in test])
    for kind in ("all", *KINDS):
        some = (kinds == kind) | (kind == "all")
        print(f"\n{kind}, {some.sum()} passages:\n")
        per_facet(scores[some], facets[some])
        precision = precision_at(scores[some, PAIN], facets[some] == PAIN)
        print(f"\nPain at a recall of {RECALL:.0%}: precision {precision:.3f}.")
    per_set(scores, facets, test)
    sure = scores.max(axis=1) >= 0.6
    right = scores.argmax(axis=1)[sure] == facets[sure]
    print(f"\nScore 0.6 or more: {sure.mean():.0%} of the passages, {right.mean():.3f} of them right.")
    rates = f"{len(texts) / spent:.0f} passages a CPU second, {len(texts) / seconds:.0f} by the clock"
    print(f"{rates}, given their vectors.")


def per_set(scores: Floats, facets: Numbers, test: Sequence[Labelled]) -> None:
    """Print figures by data set, and by how a passage written here is told."""
    groups = np.array([item.domain if item.real else f"{kind_of(item)}: {item.register}" for item in test])
    print("\n| set or register | passages | accuracy | macro F1 | ECE |\n|---|---|---|---|---|")
    for group in sorted(set(groups.tolist())):
        some = groups == group
        print(f"| {group} | {some.sum()} | {summary(scores[some], facets[some])} |")


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
    for kind, name in ((None, "all"), (False, "written here"), (True, "public text")):
        pairs = [
            (item.facet, second[key])
            for item in passages
            if (key := text_key(item.text)) in second and kind in (None, item.real)
        ]
        found = kappa(pairs)
        width = f" ({found.low:.2f} to {found.high:.2f})" if found.low is not None else ""
        print(f"Labelled twice, {name}: {found.agreed} of {found.n} the same, kappa {found.value:.2f}{width}.")


def kind_of(item: Labelled) -> str:
    return KINDS[2] if item.real else KINDS[1] if item.writer in UNREAD else KINDS[0]


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
    fitted = training.fit(texts_of(task.learn), [item.facet for item in task.learn], task.vectors)
    return softmax(fitted.logits(texts_of(task.others), task.unknown))


def softmax(logits: Floats) -> Floats:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


BASELINES: dict[str, Method] = {
    "most frequent facet": majority,
    "counting cues": cue_count,
    "15 nearest neighbours": neighbours,
    "nearest centre": prototypes,
    "logistic regression, meaning only": meaning_only,
    "logistic regression, wording only": wording_only,
    "logistic regression, meaning and wording": head,
}


if __name__ == "__main__":
    main()
