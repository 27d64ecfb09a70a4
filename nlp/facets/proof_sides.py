"""Whether a passage about proof asks for evidence or tells of evidence that was had.

A multinomial logistic regression weighs the rules of language (`nlp.facets.proof_cues`), a few features of the wording
and the passage's vector. It was trained on half of `data/proof_passages.jsonl` by `python -m
nlp.facets.proof_training`; what it reaches on the other half stands in `benchmarks/proof`. Where the vectors are not
those it was trained with, it judges by the wording alone. What it is not sure of is unclear, and counts on neither
side.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from nlp.facets.proof_cues import cue_counts, told_side
from winloss.model import ProofSide, fingerprint

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Vectors = NDArray[np.float32]

SIDES = (ProofSide.DEMANDED, ProofSide.RECEIVED, ProofSide.UNCLEAR)
"""The order of the columns of the weights."""
SURE = 0.5
"""Least probability of a side; below, the passage is unclear."""
VECTOR_SCALE = 6.0
"""By what the unit vectors are multiplied beside features that are around 1."""
SHORT = 14

_NUMBER = re.compile(
    r"(?i)\d|\b(?:percent|half|third|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty|hundred|"
    r"thousand)\b"
)
_PAST = re.compile(r"(?i)\b(?:was|were|had|did|went|got|came|said|ran|took|found|showed|gave|told)\b")
_UNREAL = re.compile(r"(?i)\b(?:would|will|can|could|before|until)\b|['’]d\b")
_OWN = re.compile(r"(?i)\b(?:i|we|my|our|us|me)\b")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ProofHead:
    """The weights: one row per input, one column per side; `plain` ones are for the wording alone."""

    encoder: str
    weights: Floats
    bias: Floats
    plain_weights: Floats
    plain_bias: Floats
    fingerprint: str


def proof_sides(texts: Sequence[str], vectors: Vectors | None = None, *, encoder: str | None = None) -> list[ProofSide]:
    """The side of each passage; `vectors` are theirs, made by the encoder with this fingerprint.

    Raises:
        ValueError: there is not one vector for each text.
    """
    if vectors is not None and len(vectors) != len(texts):
        raise ValueError(f"{len(texts)} texts but {len(vectors)} vectors")
    if not texts:
        return []
    head, wording = load_proof_head(), wording_features(texts)
    if vectors is None or encoder != head.encoder:
        logits = wording @ head.plain_weights + head.plain_bias
    else:
        logits = np.hstack([wording, VECTOR_SCALE * vectors]) @ head.weights + head.bias
    chances = np.exp(logits - logits.max(axis=1, keepdims=True))
    chances /= chances.sum(axis=1, keepdims=True)
    best = chances.argmax(axis=1)
    sure = chances[np.arange(len(texts)), best] >= SURE
    return [SIDES[int(place)] if is_sure else ProofSide.UNCLEAR for place, is_sure in zip(best, sure, strict=True)]


def wording_features(texts: Sequence[str]) -> Floats:
    """One row per text: the cues by side and weight, what the rules say, numbers, a question, tense, whose words."""
    return np.array([_features(text) for text in texts], dtype=np.float64)


def _features(text: str) -> list[float]:
    ruled = told_side(text)[0]
    return [
        *(float(min(2, count)) for count in cue_counts(text)),
        float(ruled is ProofSide.DEMANDED),
        float(ruled is ProofSide.RECEIVED),
        min(3, len(_NUMBER.findall(text))) / 1.5,
        float(text.rstrip().endswith("?")),
        float(len(text.split()) < SHORT),
        *(float(bool(pattern.search(text))) for pattern in (_PAST, _UNREAL, _OWN)),
    ]


@cache
def load_proof_head() -> ProofHead:
    """The weights that lie beside the code."""
    read = json.loads(files("nlp").joinpath("data", "proof_head.json").read_text(encoding="utf-8"))
    parts = {name: np.array(read[name]) for name in ("weights", "bias", "plain_weights", "plain_bias")}
    return ProofHead(encoder=read["encoder"], fingerprint=fingerprint("proof-head", json.dumps(read)), **parts)
