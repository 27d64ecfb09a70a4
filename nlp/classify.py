"""Decides which facet a passage belongs to: work to get done, what it costs today, what convinces, or none of these.

A multinomial logistic regression over the passage's vector, its cues and its phrases (`nlp.features`). It is small
enough to say why: every decision quotes the words that weighed most. Weights are made by `python -m nlp.training` and
lie beside this module; deciding needs NumPy only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from nlp.features import cue_hits, feature_names, features, phrase_matrix
from nlp.reasons import Weighed, is_small_talk, reason_for
from winloss.errors import ConfigError
from winloss.model import Classification, Facet, fingerprint

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

FACETS = (Facet.ENGAGEMENT, Facet.NONE, Facet.PAIN, Facet.PROOF)
"""The order of the columns of the weights."""
SMALL_TALK_SCORE = 0.97


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Head:
    """The trained weights: one row per input, one column per facet of `FACETS`, already divided by the temperature.

    `meaning` fits vectors of the encoder it was trained with; with any other, `plain_*` decides from the wording.
    """

    encoder: str
    dimensions: int
    vocabulary: Mapping[str, int]
    meaning: Vectors
    cues: Vectors
    words: Vectors
    bias: Vectors
    plain_cues: Vectors
    plain_words: Vectors
    plain_bias: Vectors
    fingerprint: str


class FacetClassifier:
    """Decides the facet of passages; satisfies the port `Classifier`.

    `encoder` is the fingerprint of the encoder that makes the vectors. Where it is not the one the weights were
    trained with, or where it is not given and the vectors have another width, the wording alone decides.
    """

    fingerprint: str

    def __init__(self, *, encoder: str | None = None) -> None:
        self._head = load_head()
        self._foreign = encoder is not None and encoder != self._head.encoder
        self.fingerprint = fingerprint("facet-head", self._head.fingerprint, "plain" if self._foreign else "full")

    def classify(self, texts: Sequence[str], vectors: Vectors) -> list[Classification]:
        """One decision per text, given the vectors of the same texts.

        Scores are calibrated: of the passages given 0.7, about seven in ten are what they are said to be. A passage of
        greetings and fillers only is none.

        Raises:
            ValueError: there is not one vector for each text.
        """
        if len(texts) != len(vectors):
            raise ValueError(f"{len(texts)} texts but {len(vectors)} vectors")
        if not texts:
            return []
        meaning, wording = self._logits(texts, vectors)
        scores = _softmax(meaning + wording)
        return [self._decision(text, *row) for text, *row in zip(texts, scores, meaning, wording, strict=True)]

    def _logits(self, texts: Sequence[str], vectors: Vectors) -> tuple[Vectors, Vectors]:
        """What the meaning and what the wording of each text say for each facet."""
        head = self._head
        cues, words = features(texts), phrase_matrix(texts, head.vocabulary)
        if self._is_foreign(vectors):
            nothing = np.zeros((len(texts), len(FACETS)), dtype=np.float32)
            return nothing, cues @ head.plain_cues + words @ head.plain_words + head.plain_bias
        return vectors @ head.meaning, cues @ head.cues + words @ head.words + head.bias

    def _is_foreign(self, vectors: Vectors) -> bool:
        return self._foreign or vectors.shape[1] != self._head.dimensions

    def _decision(self, text: str, scores: Vectors, meaning: Vectors, wording: Vectors) -> Classification:
        from nlp.permission import permission_of

        if is_small_talk(text):
            return _small_talk()
        best = int(np.argmax(scores))
        ranked = {facet: float(score) for facet, score in zip(FACETS, scores, strict=True)}
        by_meaning = float(meaning[best] - meaning.mean()) > float(wording[best] - wording.mean())
        return Classification(
            facet=FACETS[best],
            facet_score=ranked[FACETS[best]],
            scores={facet.value: score for facet, score in ranked.items()},
            reason=reason_for(text, self._weighed(text, best), ranked, by_meaning=by_meaning),
            permission=permission_of(text),
        )

    def _weighed(self, text: str, facet: int) -> list[Weighed]:
        """The cues in the text that speak for `facet`, with how far each moves the decision there."""
        head = self._head
        rows = {name: row for row, name in enumerate(feature_names())}
        return [
            Weighed(start=start, end=end, weight=_pull(head.cues[rows[hit.cue.name]], facet))
            for hit in cue_hits(text)
            if hit.cue.facet is FACETS[facet]
            for start, end in hit.spans
        ]


@cache
def load_head() -> Head:
    """The weights that lie beside this module.

    Raises:
        ConfigError: they are missing or do not fit this version's features.
    """
    folder = files("nlp").joinpath("data")
    try:
        about = json.loads(folder.joinpath("facet_head.json").read_text(encoding="utf-8"))
        with folder.joinpath("facet_head.npz").open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
            weights = {name: arrays[name].astype(np.float32) for name in arrays.files}
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"the weights of the facet classifier cannot be read: {error}", hint="Install winloss again."
        ) from error
    if about["features"] != list(feature_names()) or about["facets"] != list(FACETS):
        raise ConfigError(
            "the weights of the facet classifier were made for other features",
            hint="Make them again: python -m nlp.training.",
        )
    return Head(
        encoder=about["encoder"],
        dimensions=weights["meaning"].shape[0],
        vocabulary={phrase: column for column, phrase in enumerate(about["vocabulary"])},
        fingerprint=about["fingerprint"],
        **weights,
    )


def _softmax(logits: Vectors) -> Vectors:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True), dtype=np.float64)
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _pull(row: Vectors, facet: int) -> float:
    """How far an input moves the decision towards a facet, against the average of the others."""
    return float(row[facet] - (row.sum() - row[facet]) / (len(row) - 1))


def _small_talk() -> Classification:
    rest = (1 - SMALL_TALK_SCORE) / (len(FACETS) - 1)
    return Classification(
        facet=Facet.NONE,
        facet_score=SMALL_TALK_SCORE,
        scores={facet.value: SMALL_TALK_SCORE if facet is Facet.NONE else rest for facet in FACETS},
        reason="only a greeting, an acknowledgement or fillers",
    )
