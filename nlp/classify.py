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

from nlp.features import CueHit, cue_hits, cues_mark, feature_names, features, phrase_matrix
from nlp.reasons import Weighed, is_small_talk, reason_for
from winloss.errors import ConfigError
from winloss.model import Classification, Facet, fingerprint

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]
    Floats = NDArray[np.float64]

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
    meaning: Floats
    cues: Floats
    words: Floats
    bias: Floats
    plain_cues: Floats
    plain_words: Floats
    plain_bias: Floats
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
        hits = [cue_hits(text) for text in texts]
        plain = self._foreign or vectors.shape[1] != self._head.dimensions
        meaning, wording = self._logits(texts, hits, None if plain else vectors)
        pulls = _pulls(self._head.plain_cues if plain else self._head.cues)
        return [
            _decision(text, _weighed(found, pulls), *row)
            for text, found, *row in zip(texts, hits, meaning, wording, strict=True)
        ]

    def _logits(
        self, texts: Sequence[str], hits: Sequence[Sequence[CueHit]], vectors: Vectors | None
    ) -> tuple[Floats, Floats]:
        """What the meaning (nothing, where there are no vectors) and the wording of each text say for each facet."""
        head = self._head
        cues, words = features(texts, hits).astype(np.float64), phrase_matrix(texts, head.vocabulary)
        if vectors is None:
            nothing = np.zeros((len(texts), len(FACETS)))
            return nothing, cues @ head.plain_cues + words @ head.plain_words + head.plain_bias
        return vectors.astype(np.float64) @ head.meaning, cues @ head.cues + words @ head.words + head.bias


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
            weights = {name: arrays[name].astype(np.float64) for name in arrays.files}
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"the weights of the facet classifier cannot be read: {error}", hint="Install winloss again."
        ) from error
    if about["cues"] != cues_mark() or about["facets"] != list(FACETS):
        raise ConfigError(
            "the weights of the facet classifier were made for other cues",
            hint="Make them again: python -m nlp.training.",
        )
    return Head(
        encoder=about["encoder"],
        dimensions=weights["meaning"].shape[0],
        vocabulary={phrase: column for column, phrase in enumerate(about["vocabulary"])},
        fingerprint=about["fingerprint"],
        **weights,
    )


def _decision(text: str, weighed: Mapping[Facet, list[Weighed]], meaning: Floats, wording: Floats) -> Classification:
    from nlp.permission import permission_of

    if is_small_talk(text):
        return _small_talk()
    scores = _softmax(meaning + wording)
    best = int(np.argmax(scores))
    facet = FACETS[best]
    by_meaning = float(meaning[best] - meaning.mean()) > float(wording[best] - wording.mean())
    ranked = {name: round(float(score), 6) for name, score in zip(FACETS, scores, strict=True)}
    return Classification(
        facet=facet,
        facet_score=ranked[facet],
        scores={name.value: score for name, score in ranked.items()},
        reason=reason_for(text, weighed[facet], ranked, by_meaning=by_meaning),
        permission=permission_of(text),
    )


def _weighed(hits: Sequence[CueHit], pulls: Floats) -> dict[Facet, list[Weighed]]:
    """The cues in a text by the facet they speak for, with how far each moves the decision there."""
    rows = _rows()
    weighed: dict[Facet, list[Weighed]] = {facet: [] for facet in FACETS}
    for hit in hits:
        if hit.cue.facet is not None:
            pull = float(pulls[rows[hit.cue.name], FACETS.index(hit.cue.facet)])
            weighed[hit.cue.facet] += [Weighed(start=start, end=end, weight=pull) for start, end in hit.spans]
    return weighed


@cache
def _rows() -> dict[str, int]:
    return {name: row for row, name in enumerate(feature_names())}


def _pulls(weights: Floats) -> Floats:
    """How far each input moves the decision towards each facet, against the average of the others."""
    others = (weights.sum(axis=1, keepdims=True) - weights) / (weights.shape[1] - 1)
    return np.asarray(weights - others)


def _softmax(logits: Floats) -> Floats:
    powers = np.exp(logits - logits.max())
    return np.asarray(powers / powers.sum())


def _small_talk() -> Classification:
    rest = (1 - SMALL_TALK_SCORE) / (len(FACETS) - 1)
    return Classification(
        facet=Facet.NONE,
        facet_score=SMALL_TALK_SCORE,
        scores={facet.value: SMALL_TALK_SCORE if facet is Facet.NONE else rest for facet in FACETS},
        reason="only a greeting, an acknowledgement or fillers",
    )
