"""Decides what a passage says of a statement: supports it, contradicts it, or neither."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp
from typing import TYPE_CHECKING

import numpy as np

from nlp.stance_features import Frame, Signs, features, frame_of, words_mark
from winloss.model import Stance, StanceDecision, fingerprint

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

NEAR = 0.3


class StanceJudge:
    """Decides what texts say of a statement; satisfies the port `Stances`.

    `names` are the vendor's and others' that say nothing about what a statement is about.
    """

    fingerprint: str

    def __init__(self, names: Sequence[str] = ()) -> None:
        self._names = tuple(names)
        self.fingerprint = fingerprint("stance", words_mark(), *self._names)

    def judge(
        self, statement: str, texts: Sequence[str], vectors: Vectors, statement_vector: Vectors
    ) -> list[StanceDecision]:
        """One decision per text, in order, given the vectors of the same texts and of the statement."""
        frame = frame_of(statement, self._names)
        near = vectors @ np.asarray(statement_vector).reshape(-1) if len(texts) else []
        return [_decision(frame, text, float(cosine)) for text, cosine in zip(texts, near, strict=True)]


def _decision(frame: Frame, text: str, cosine: float) -> StanceDecision:
    _, best = features(frame, text)
    for_it, against, neither = _leanings(frame, best, cosine)
    total = exp(for_it) + exp(against) + exp(neither)
    chances = {
        Stance.SUPPORTS: exp(for_it) / total,
        Stance.CONTRADICTS: exp(against) / total,
        Stance.UNRELATED: exp(neither) / total,
    }
    stance = max(chances, key=lambda item: chances[item])
    said = ", ".join(f"“{word}”" for word in best.words[:3])
    return StanceDecision(
        stance=stance,
        score=round(chances[stance], 4),
        reason=f"words: {said}" if said else "by meaning",
        probabilities={item.value: round(chance, 4) for item, chance in chances.items()},
        span=best.span,
    )


def _leanings(frame: Frame, best: Signs, cosine: float) -> tuple[float, float, float]:
    v = best.values
    about = min(1.0, v["subject"] + v["concepts"] / 2 + v["roles"] + v["stems"] / 2) + 2 * (cosine - NEAR)
    turned = v["deny"] + v["negation"] / 2 + v["disagree"] + v["degree_disagree"] + v["other_reason"]
    turned += v["other_role"] / 2
    kept = v["affirm"] + v["agree"] + v["degree_agree"] + v["wish"] / 2 + 0.3
    if frame.negated:
        turned, kept = kept, turned
    return 2 * about + 2 * (kept - turned) - 1, 2 * about + 2 * (turned - kept) - 1, 1.0
