"""Trains the facet classifier's weights from the labelled passages: `python -m nlp.training`.

The passages are split by the hash of their text, so that a passage stays where it is however the file grows: six
tenths to train and two to choose by (together `DEVELOP`), two tenths that are looked at once, in `benchmarks/facets`.
What ships is trained on `DEVELOP` only: the figures there describe exactly these weights.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nlp.classify import FACETS
from nlp.features import cue_hits, cues_mark, feature_names, features, phrase_matrix, phrases
from winloss.model import Facet, fingerprint, text_key
from winloss.ports import Encoder

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

DATA = Path(__file__).parent / "data"
PASSAGES = DATA / "facet_passages.jsonl"
TRAIN, DEV, TEST = "train", "dev", "test"
DEVELOP = (TRAIN, DEV)

STRENGTH = 1.0
"""Inverse of the L2 penalty (scikit-learn's C)."""
MEANING_SCALE = 1.5
PHRASE_SCALE = 2.0
MIN_PASSAGES = 3
"""A phrase in fewer passages is not in the vocabulary."""
FOLDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """One labelled passage."""

    text: str
    facet: Facet
    domain: str
    register: str

    @property
    def part(self) -> str:
        """Which part of the split it is in, by the hash of its text."""
        place = int(text_key(self.text)[:8], 16) % 10
        return TRAIN if place < 6 else DEV if place < 8 else TEST


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fitted:
    """Weights of one fit: `coefficients` has a row per input (meaning, cues, phrases) and a column per facet."""

    vocabulary: dict[str, int]
    coefficients: Floats
    bias: Floats

    def logits(self, texts: Sequence[str], vectors: Floats) -> Floats:
        """One row per text, one column per facet. `vectors` may have no columns."""
        logits: Floats = inputs(texts, vectors, self.vocabulary) @ self.coefficients + self.bias
        return logits


def load_passages(path: Path = PASSAGES) -> list[Labelled]:
    """Every labelled passage, in the order of the file."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        Labelled(text=row["text"], facet=Facet(row["facet"]), domain=row["domain"], register=row["register"])
        for row in rows
    ]


def inputs(texts: Sequence[str], vectors: Floats, vocabulary: dict[str, int]) -> Floats:
    """Meaning, cues and phrases side by side, unscaled."""
    return np.hstack([vectors, features(texts, [cue_hits(text) for text in texts]), phrase_matrix(texts, vocabulary)])


def fit(texts: Sequence[str], facets: Sequence[Facet], vectors: Floats) -> Fitted:
    """A multinomial logistic regression on all inputs; the scales of the blocks are folded into the weights."""
    from sklearn.linear_model import LogisticRegression

    vocabulary = vocabulary_of(texts)
    scale = np.concatenate(
        [
            np.full(vectors.shape[1], MEANING_SCALE),
            np.ones(len(feature_names())),
            np.full(len(vocabulary), PHRASE_SCALE),
        ]
    ).astype(np.float32)
    model = LogisticRegression(C=STRENGTH, max_iter=5000, tol=1e-6)
    model.fit(inputs(texts, vectors, vocabulary) * scale, [FACETS.index(facet) for facet in facets])
    return Fitted(
        vocabulary=vocabulary,
        coefficients=(model.coef_.T * scale[:, None]).astype(np.float32),
        bias=model.intercept_.astype(np.float32),
    )


def vocabulary_of(texts: Sequence[str]) -> dict[str, int]:
    """The phrases that enough passages hold, in alphabetical order."""
    holding = Counter(phrase for text in texts for phrase in {phrase for phrase, _, _ in phrases(text)})
    return {phrase: column for column, phrase in enumerate(sorted(p for p, n in holding.items() if n >= MIN_PASSAGES))}


def held_out_logits(texts: Sequence[str], facets: Sequence[Facet], vectors: Floats) -> Floats:
    """Logits of each passage from a fit that has not seen it; the folds follow the hash of the text."""
    fold = np.array([int(text_key(text)[8:16], 16) % FOLDS for text in texts])
    logits = np.zeros((len(texts), len(FACETS)), dtype=np.float32)
    for number in range(FOLDS):
        seen, unseen = np.flatnonzero(fold != number).tolist(), np.flatnonzero(fold == number).tolist()
        fitted = fit([texts[row] for row in seen], [facets[row] for row in seen], vectors[seen])
        logits[unseen] = fitted.logits([texts[row] for row in unseen], vectors[unseen])
    return logits


def best_temperature(logits: Floats, facets: Sequence[Facet]) -> float:
    """The divisor of the logits under which the facets are likeliest (Guo et al. 2017)."""
    from scipy.optimize import minimize_scalar

    rows, columns = np.arange(len(facets)), np.array([FACETS.index(facet) for facet in facets])

    def surprise(log_temperature: float) -> float:
        scaled = logits.astype(np.float64) / np.exp(log_temperature)
        return float(np.mean(np.logaddexp.reduce(scaled, axis=1) - scaled[rows, columns]))

    return float(np.exp(minimize_scalar(surprise, bounds=(-2, 2), method="bounded").x))


def train(passages: Sequence[Labelled], encoder: Encoder, *, target: Path = DATA) -> dict[str, Any]:
    """Fit on the passages of `DEVELOP`, calibrate, write `facet_head.npz` and `.json`; returns what the latter says.

    Two sets of weights are written: with the meaning, and from the wording alone for vectors of another model.
    """
    own = [passage for passage in passages if passage.part in DEVELOP]
    texts, facets = [passage.text for passage in own], [passage.facet for passage in own]
    vectors = encoder.encode(texts)
    none = vectors[:, :0]
    full, plain = fit(texts, facets, vectors), fit(texts, facets, none)
    warmth = best_temperature(held_out_logits(texts, facets, vectors), facets)
    plain_warmth = best_temperature(held_out_logits(texts, facets, none), facets)
    blocks = _blocks(full, warmth, vectors.shape[1])
    plain_blocks = {f"plain_{name}": block for name, block in _blocks(plain, plain_warmth, 0).items()}
    del plain_blocks["plain_meaning"]
    weights = {name: block.round(4) for name, block in (blocks | plain_blocks).items()}
    mark = fingerprint("facet-head", cues_mark(), *(text_key(repr(block.tolist())) for block in weights.values()))
    about = {
        "fingerprint": mark,
        "encoder": encoder.fingerprint,
        "facets": [facet.value for facet in FACETS],
        "passages": dict(sorted(Counter(facet.value for facet in facets).items())),
        "temperature": round(warmth, 4),
        "plain_temperature": round(plain_warmth, 4),
        "cues": cues_mark(),
        "features": list(feature_names()),
        "vocabulary": list(full.vocabulary),
    }
    np.savez_compressed(target / "facet_head.npz", allow_pickle=False, **weights)
    (target / "facet_head.json").write_text(json.dumps(about, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return about


def _blocks(fitted: Fitted, temperature: float, width: int) -> dict[str, Floats]:
    weights = fitted.coefficients / np.float32(temperature)
    cues = width + len(feature_names())
    return {
        "meaning": weights[:width],
        "cues": weights[width:cues],
        "words": weights[cues:],
        "bias": fitted.bias / np.float32(temperature),
    }


def main() -> None:
    """Train with the bundled model and write the weights beside this module."""
    from platformdirs import user_cache_path

    from nlp.encode import SentenceEncoder
    from nlp.export import BUNDLED_MODEL

    encoder = SentenceEncoder(BUNDLED_MODEL, cache=user_cache_path("winloss", appauthor=False) / "models")
    train(load_passages(), encoder)


if __name__ == "__main__":
    main()
