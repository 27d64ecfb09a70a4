"""Teaches the facet classifier what people corrected, without forgetting what it knew.

To the logits of the classifier that ships, a correction is added: linear in the same inputs as the head, and kept small
by a penalty on its weights (the maximum a posteriori estimate under a normal prior around what ships, as in Chelba and
Acero, "Adaptation of maximum entropy capitalizer", 2006). With few labels it hardly moves anything; how strong the
penalty is, is chosen by cross-validation over documents.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nlp.facets.classify import FACETS, FacetClassifier
from nlp.facets.features import cues_mark
from winloss.errors import StaleArtefact
from winloss.model import Facet, fingerprint, text_key

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Vectors = NDArray[np.float32]

FORMAT = 1
FOLDS = 5
PENALTIES = (1.0, 3.0, 10.0, 30.0, 100.0)
"""Tried from weak to strong; the scale is that of a sum over labels."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Adaptation:
    """What is added to the logits: a row per input of the head (meaning, cues, phrases) and one of constants.

    `of` is the fingerprint of the classifier that it corrects: with any other it means nothing.
    """

    weights: Floats
    of: str
    labels: int

    @property
    def fingerprint(self) -> str:
        """Changes with the weights."""
        return fingerprint("facet-adaptation", FORMAT, self.of, text_key(repr(self.weights.round(6).tolist())))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Learned:
    """An adaptation, and what classifiers said of each label that had not learned from its document.

    `before` and `after` hold a row of scores per label and a column per facet of `FACETS`.
    """

    adaptation: Adaptation
    before: Floats
    after: Floats
    penalty: float


def learn(
    classifier: FacetClassifier,
    texts: Sequence[str],
    vectors: Vectors,
    facets: Sequence[Facet],
    documents: Sequence[str],
) -> Learned:
    """What labelled texts teach `classifier`, which must be one that ships; `documents` names where each is from.

    Raises:
        ValueError: the labels are of fewer than two documents.
    """
    if len(set(documents)) < 2:
        raise ValueError("labels of one document cannot be held against those of another")
    logits, inputs = classifier.readings(texts, vectors)
    inputs = np.hstack([inputs, np.ones((len(texts), 1))])
    # Under this penalty weights lie in the span of the labels' inputs: as many directions as labels are enough.
    directions = np.linalg.qr(inputs.T)[0]
    inputs = inputs @ directions
    truth = np.array([FACETS.index(facet) for facet in facets])
    folds = _folds(documents)
    tried = {penalty: _held_out(logits, inputs, truth, folds, penalty) for penalty in PENALTIES}
    best = min(tried, key=lambda penalty: (_surprise(tried[penalty], truth), -penalty))
    weights = directions @ _fitted(logits, inputs, truth, best)
    return Learned(
        adaptation=Adaptation(weights=weights, of=classifier.fingerprint, labels=len(texts)),
        before=_softmax(logits),
        after=_softmax(_nested(logits, inputs, truth, folds)),
        penalty=best,
    )


def save(adaptation: Adaptation, folder: Path) -> Path:
    """Keep an adaptation in `folder` under its fingerprint; returns the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{adaptation.fingerprint}.npz"
    about = json.dumps({"of": adaptation.of, "labels": adaptation.labels, "cues": cues_mark(), "format": FORMAT})
    np.savez_compressed(path, allow_pickle=False, weights=adaptation.weights, about=np.array(about))
    return path


def load(path: Path) -> Adaptation:
    """An adaptation as `save` kept it.

    Raises:
        StaleArtefact: it is not there, or made for other inputs.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            about = json.loads(str(arrays["about"]))
            weights = arrays["weights"].astype(np.float64)
    except (OSError, ValueError, KeyError) as error:
        raise StaleArtefact(f"what was learned from labels cannot be read: {error}", hint=_AGAIN) from error
    if about["cues"] != cues_mark() or about["format"] != FORMAT:
        raise StaleArtefact("what was learned from labels is of another version", hint=_AGAIN)
    return Adaptation(weights=weights, of=about["of"], labels=about["labels"])


_AGAIN = "Learn again from the labels, which are all still there: winloss label --retrain."


# --- fitting ---------------------------------------------------------------------------------------------------------


def _fitted(logits: Floats, inputs: Floats, truth: Any, penalty: float) -> Floats:
    """The weights that make the labels likeliest, less half the penalty times their squares."""
    from scipy.optimize import minimize

    rows, shape = np.arange(len(truth)), (inputs.shape[1], len(FACETS))

    def loss(flat: Any) -> tuple[float, Any]:
        weights = flat.reshape(shape)
        scores = _softmax(logits + inputs @ weights)
        surprise = -np.log(np.maximum(scores[rows, truth], 1e-300)).sum() + penalty / 2 * float((weights**2).sum())
        scores[rows, truth] -= 1
        return float(surprise), (inputs.T @ scores + penalty * weights).ravel()

    found = minimize(loss, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return np.asarray(found.x.reshape(shape))


def _held_out(logits: Floats, inputs: Floats, truth: Any, folds: Any, penalty: float) -> Floats:
    """Logits of each row from a fit that has not seen its fold."""
    after = logits.copy()
    for fold in np.unique(folds):
        seen, unseen = folds != fold, folds == fold
        after[unseen] += inputs[unseen] @ _fitted(logits[seen], inputs[seen], truth[seen], penalty)
    return after


def _nested(logits: Floats, inputs: Floats, truth: Any, folds: Any) -> Floats:
    """The same, with the penalty chosen anew within what each fit sees, so that no row has a say in it."""
    after = logits.copy()
    for fold in np.unique(folds):
        seen, unseen = folds != fold, folds == fold
        inside = (logits[seen], inputs[seen], truth[seen])
        chosen = PENALTIES[-1]
        if len(np.unique(folds[seen])) > 1:
            chosen = min(PENALTIES, key=lambda p: (_surprise(_held_out(*inside, folds[seen], p), inside[2]), -p))
        after[unseen] += inputs[unseen] @ _fitted(*inside, chosen)
    return after


def _folds(documents: Sequence[str]) -> Any:
    """A fold for each row; rows of one document share it, and the largest documents are dealt out first."""
    names, sizes = np.unique(np.array(documents), return_counts=True)
    order = sorted(range(len(names)), key=lambda place: (-sizes[place], names[place]))
    full = [0] * min(FOLDS, len(names))
    fold_of: dict[str, int] = {}
    for place in order:
        fold = full.index(min(full))
        fold_of[str(names[place])] = fold
        full[fold] += int(sizes[place])
    return np.array([fold_of[document] for document in documents])


def _surprise(logits: Floats, truth: Any) -> float:
    return float(-np.log(np.maximum(_softmax(logits)[np.arange(len(truth)), truth], 1e-300)).mean())


def _softmax(logits: Floats) -> Floats:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
