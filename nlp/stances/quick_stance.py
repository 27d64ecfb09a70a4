"""Decides quickly, and less surely, what a passage says of a statement: for where hundreds are weighed by nearness too.

A deck has dozens of claims with hundreds of verbatims near each, and whether one of these speaks of the claim its
nearness and its theme tell as well (`nlp.decks.deck_evidence`); to read them all takes minutes (`nlp.stances.stance`).
Two questions in turn, each answered by a forest over the signs of `nlp.stances.stance_features` and the nearness in
meaning: does the passage speak of the statement at all, and if so, is it for what the statement is about or against it?
Where the statement itself says "not", the second answer is turned round. Weights: `data/stance_forest.npz`, made by
`nlp.stances.stance_training`; measured in `benchmarks/stance`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

from nlp.stances.forest import Forest, forest_of
from nlp.stances.stance import decision, explained
from nlp.stances.stance_features import Frame, Signs, features, frame_of, words_mark
from winloss.errors import ConfigError
from winloss.model import StanceDecision, fingerprint

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Vectors = NDArray[np.float32]

FOREST = "stance_forest"


class QuickJudge:
    """Decides what texts say of a statement; satisfies the port `QuickStances`.

    `names` are the vendor's and others' that say nothing about what a statement is about. `weights` are others than
    those in `nlp/data`.

    Raises:
        ConfigError: the weights are missing, or were made for another vocabulary.
    """

    fingerprint: str

    def __init__(self, names: Sequence[str] = (), *, weights: Weights | None = None) -> None:
        self._names = tuple(names)
        self._weights = weights or load_weights()
        self.fingerprint = fingerprint("quick stance", self._weights.fingerprint, *self._names)

    def judge(
        self, statement: str, texts: Sequence[str], vectors: Vectors, statement_vector: Vectors
    ) -> list[StanceDecision]:
        """One decision per text, in order, given the vectors of the same texts and of the statement.

        Probabilities are calibrated on pairs that were not learned from.

        Raises:
            ValueError: there is not one vector for each text.
        """
        if len(texts) != len(vectors):
            raise ValueError(f"{len(texts)} texts but {len(vectors)} vectors")
        if not texts:
            return []
        frame = frame_of(statement, self._names)
        near = np.asarray(vectors, dtype=np.float64) @ np.asarray(statement_vector, dtype=np.float64).reshape(-1)
        rows, signs = inputs(frame, texts, near)
        chances = self._weights.chances(rows, negated=frame.negated)
        return [decision(row, explained(text, told)) for text, row, told in zip(texts, chances, signs, strict=True)]


class Weights:
    """Both forests with how their answers are calibrated: (factor, shift) of the logit of each."""

    def __init__(self, about: Forest, way: Forest, scales: Sequence[Sequence[float]], mark: str) -> None:
        self._about, self._way, self._scales = about, way, scales
        self.fingerprint = mark

    def chances(self, rows: Floats, *, negated: bool) -> Floats:
        """A row per row of inputs, a column per `Stance` in its order."""
        about = scaled(self._about.chances(rows), *self._scales[0])
        way = scaled(self._way.chances(rows), *self._scales[1])
        for_it = 1 - way if negated else way
        return np.stack([about * for_it, about * (1 - for_it), 1 - about], axis=1)


def inputs(frame: Frame, texts: Sequence[str], near: Floats) -> tuple[Floats, list[Signs]]:
    """What the forests are given of each text, and the clause that each rests on; `near` are the cosines."""
    found = [features(frame, text) for text in texts]
    rows = np.array([values for values, _ in found], dtype=np.float64)
    return np.hstack([rows, np.asarray(near).reshape(-1, 1)]), [signs for _, signs in found]


def scaled(chances: Floats, factor: float, shift: float) -> Floats:
    """Chances with their logits stretched and shifted (Platt, Advances in Large Margin Classifiers (1999) 61-74)."""
    held = np.clip(chances, 1e-4, 1 - 1e-4)
    return np.asarray(1 / (1 + np.exp(-(factor * np.log(held / (1 - held)) + shift))))


@cache
def load_weights() -> Weights:
    """The weights in `nlp/data`.

    Raises:
        ConfigError: they are missing, or were made for another vocabulary.
    """
    folder = files("nlp").joinpath("data")
    try:
        about = json.loads(folder.joinpath(f"{FOREST}.json").read_text(encoding="utf-8"))
        with folder.joinpath(f"{FOREST}.npz").open("rb") as stream, np.load(stream, allow_pickle=False) as kept:
            arrays: Mapping[str, Any] = {name: kept[name] for name in kept.files}
    except (OSError, ValueError) as error:
        raise ConfigError(f"the weights for stances cannot be read: {error}", hint="Install winloss again.") from error
    if about["words"] != words_mark():
        raise ConfigError(
            "the weights for stances were made for another vocabulary",
            hint="Make them again: python -m nlp.stances.stance_training.",
        )
    return Weights(forest_of(arrays, "about"), forest_of(arrays, "way"), about["scales"], about["fingerprint"])
