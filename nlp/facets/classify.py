"""Decides which facet a passage belongs to: work to get done, what it costs today, what convinces, or none of these.

Two judges agree on it. The head is a multinomial logistic regression over the passage's cues and phrases
(`nlp.facets.features`), small enough to say why: every decision quotes the words that weighed most. The network is the
sentence model itself, tuned to tell facets apart (`nlp.facets.facet_network`); where there is none, the head has the
passage's vector as well. Their logits are added with weights under which the scores are calibrated. All of it is made
by `python -m nlp.facets.training` and lies in `nlp/data`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Protocol

import numpy as np

from nlp.facets.features import CueHit, cue_hits, cues_mark, feature_names, features, phrase_matrix
from nlp.facets.reasons import Weighed, is_small_talk, reason_for
from winloss.errors import ConfigError
from winloss.model import Classification, Facet, fingerprint

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nlp.facets.adapting import Adaptation

    Vectors = NDArray[np.float32]
    Floats = NDArray[np.float64]

FACETS = (Facet.ENGAGEMENT, Facet.NONE, Facet.PAIN, Facet.PROOF)
"""The order of the columns of the weights."""
SMALL_TALK_SCORE = 0.97


class Network(Protocol):
    """What a tuned sentence model says of passages."""

    @property
    def fingerprint(self) -> str:
        """Changes with its weights."""

    def logits(self, texts: Sequence[str]) -> Floats:
        """One row per text, one column per facet of `FACETS`."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Head:
    """The trained weights: one row per input, one column per facet of `FACETS`.

    `meaning` fits vectors of the encoder it was trained with; with any other, `plain_*` decides from the wording.
    `mix` says by what the logits of the head and of the network are multiplied before they are added: `network` where
    there is one, which knows the meaning, so that the head judges the wording; `full` and `plain` where there is none.
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
    mix: Mapping[str, tuple[float, float]]
    fingerprint: str


class FacetClassifier:
    """Decides the facet of passages; satisfies the port `Classifier`.

    `encoder` is the fingerprint of the encoder that makes the vectors. Where it is not the one the weights were trained
    with, or where it is not given and the vectors have another width, the head judges by the wording alone. Without a
    `network`, the head decides alone. `adaptation` is what people's labels taught it (`nlp.facets.adapting`); one that
    was made for another classifier is left aside.
    """

    fingerprint: str

    def __init__(
        self, *, encoder: str | None = None, network: Network | None = None, adaptation: Adaptation | None = None
    ) -> None:
        self._head = load_head()
        self._network = network
        self._foreign = encoder is not None and encoder != self._head.encoder
        judges = ("plain" if self._foreign else "full", network.fingerprint if network else "alone")
        self.fingerprint = fingerprint("facet-head", self._head.fingerprint, *judges)
        self._adaptation = adaptation if adaptation and adaptation.of == self.fingerprint else None
        if self._adaptation is not None:
            self.fingerprint = fingerprint(self.fingerprint, self._adaptation.fingerprint)

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
        pulls = _pulls(self._head.plain_cues if plain or self._network else self._head.cues)
        return [
            _decision(text, _weighed(found, pulls), *row)
            for text, found, *row in zip(texts, hits, meaning, wording, strict=True)
        ]

    @property
    def adapted(self) -> bool:
        """Whether what people's labels taught it is in force."""
        return self._adaptation is not None

    def readings(self, texts: Sequence[str], vectors: Vectors) -> tuple[Floats, Floats]:
        """The calibrated logits of each text, and the inputs of the head: meaning (where known), cues, phrases."""
        hits = [cue_hits(text) for text in texts]
        known = None if self._foreign or vectors.shape[1] != self._head.dimensions else vectors
        whole, wording = self._logits(texts, hits, known)
        return whole + wording, self._inputs(texts, hits, known)

    def _inputs(self, texts: Sequence[str], hits: Sequence[Sequence[CueHit]], vectors: Vectors | None) -> Floats:
        blocks = [features(texts, hits), phrase_matrix(texts, self._head.vocabulary)]
        return np.hstack([*([] if vectors is None else [vectors]), *blocks]).astype(np.float64)

    def _logits(
        self, texts: Sequence[str], hits: Sequence[Sequence[CueHit]], vectors: Vectors | None
    ) -> tuple[Floats, Floats]:
        """What each text as a whole, and its wording, say for each facet; together the calibrated logits."""
        head = self._head
        judged = None if self._network else vectors
        known = "plain" if judged is None else "full"
        of_head, of_network = head.mix["network" if self._network else known]
        cues, words = features(texts, hits).astype(np.float64), phrase_matrix(texts, head.vocabulary)
        if judged is None:
            whole = np.zeros((len(texts), len(FACETS)))
            wording = cues @ head.plain_cues + words @ head.plain_words + head.plain_bias
        else:
            whole = judged.astype(np.float64) @ head.meaning
            wording = cues @ head.cues + words @ head.words + head.bias
        said = self._network.logits(texts) if self._network else np.zeros_like(whole)
        whole, wording = of_head * whole + of_network * said, of_head * wording
        if self._adaptation is not None:
            weights = self._adaptation.weights
            wording = wording + self._inputs(texts, hits, vectors) @ weights[:-1] + weights[-1]
        return whole, wording


@cache
def load_head() -> Head:
    """The weights in `nlp/data`.

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
            hint="Make them again: python -m nlp.facets.training.",
        )
    return Head(
        encoder=about["encoder"],
        dimensions=weights["meaning"].shape[0],
        vocabulary={phrase: column for column, phrase in enumerate(about["vocabulary"])},
        mix={mode: (float(of_head), float(of_network)) for mode, (of_head, of_network) in about["mix"].items()},
        fingerprint=about["fingerprint"],
        **weights,
    )


def _decision(text: str, weighed: Mapping[Facet, list[Weighed]], meaning: Floats, wording: Floats) -> Classification:
    from nlp.speakers.permission import permission_of

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
