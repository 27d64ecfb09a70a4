"""Trains the head that tells proof demanded from proof received: `python -m nlp.facets.proof_training`.

The passages are of this project's own writing, in eight fields and two hands, with others beside them that are about no
proof; the half that is trained on is chosen by the hash of the text. The strength of the penalty was chosen by
cross-validation within that half.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nlp.facets.proof_sides import SIDES, VECTOR_SCALE, wording_features

if TYPE_CHECKING:
    from nlp.vectors.encode import SentenceEncoder
    from winloss.ports import Encoder

DATA = Path(__file__).parent.parent / "data"
PASSAGES = DATA / "proof_passages.jsonl"
HEAD = DATA / "proof_head.json"
PENALTY = 1.0
DECIMALS = 4


def bundled_encoder() -> SentenceEncoder:
    """The encoder that the head is trained with: the one that comes with the product."""
    from platformdirs import user_cache_path

    from nlp.vectors.encode import SentenceEncoder
    from nlp.vectors.export import BUNDLED_MODEL

    return SentenceEncoder(BUNDLED_MODEL, cache=user_cache_path("winloss", appauthor=False) / "models")


def passages(split: str) -> list[dict[str, str]]:
    """The labelled passages of one half: `dev` or `test`."""
    rows = [json.loads(line) for line in PASSAGES.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if row["split"] == split]


def train(encoder: Encoder) -> dict[str, Any]:
    """The head's weights, fitted to the development half."""
    rows = passages("dev")
    texts, sides = [row["text"] for row in rows], [SIDES.index(row["side"]) for row in rows]
    wording = wording_features(texts)
    full = _fitted(np.hstack([wording, VECTOR_SCALE * encoder.encode(texts)]), sides)
    plain = _fitted(wording, sides)
    return {
        "encoder": encoder.fingerprint,
        "weights": full[0],
        "bias": full[1],
        "plain_weights": plain[0],
        "plain_bias": plain[1],
    }


def _fitted(inputs: Any, sides: list[int]) -> tuple[list[list[float]], list[float]]:
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=PENALTY, max_iter=5000).fit(inputs, sides)
    return np.round(fitted.coef_.T, DECIMALS).tolist(), np.round(fitted.intercept_, DECIMALS).tolist()


if __name__ == "__main__":
    made = train(bundled_encoder())
    HEAD.write_text(json.dumps(made) + "\n", encoding="utf-8")
    sys.stdout.write(f"{HEAD.name}: {len(made['weights'])} inputs, from {len(passages('dev'))} passages\n")
