"""Makes the weights of the facet classifier of the labelled passages: `python -m nlp.facets.training DATA [--further]`.

DATA is the folder with the public text that labelled passages point into. The head and the network learn from the
training part; how much each counts is fitted on the part to choose by, so that what ships is calibrated on passages it
has not learned from. The test part is looked at in `benchmarks/facets` only: the figures there describe exactly these
weights.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nlp.facets import tuning
from nlp.facets.classify import FACETS
from nlp.facets.facet_network import CHANGES
from nlp.facets.features import cue_hits, cues_mark, feature_names, features, phrase_matrix, phrases
from nlp.facets.labelled import DATA, DEV, TRAIN, Labelled, load_passages, load_real, of_parts
from winloss.model import Facet, fingerprint, text_key
from winloss.ports import Encoder

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Mix = Mapping[str, tuple[float, float]]

STRENGTH = 1.0
"""Inverse of the L2 penalty (scikit-learn's C)."""
MEANING_SCALE = 1.5
PHRASE_SCALE = 2.0
MIN_PASSAGES = 3
"""A phrase in fewer passages is not in the vocabulary."""
FURTHER_RUNS = ((11, 0.0), (12, 0.3))
"""The seed of each further run of the network, and how even it holds the facets."""
KEPT = 0.25
"""How much of the network that it started from stays in one that was taught further."""


def main() -> None:
    """Learn from the training part, fit the mix on the part to choose by, write the weights into `nlp/data`."""
    from platformdirs import user_cache_path

    from nlp.vectors.encode import SentenceEncoder
    from nlp.vectors.export import BUNDLED_MODEL

    encoder = SentenceEncoder(BUNDLED_MODEL, cache=user_cache_path("winloss", appauthor=False) / "models")
    passages = [*load_passages(), *load_real(Path(sys.argv[1]))]
    learn, choose = of_parts(passages, TRAIN), of_parts(passages, DEV)
    start = tuning.load(DATA / CHANGES) if sys.argv[2:] == ["--further"] else None
    train(learn, choose, encoder, tuned(learn, start))


# --- the head --------------------------------------------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Heads:
    """The head with the meaning, and the one from the wording alone."""

    full: Fitted
    plain: Fitted


def inputs(texts: Sequence[str], vectors: Floats, vocabulary: dict[str, int]) -> Floats:
    """Meaning, cues and phrases side by side, unscaled."""
    return np.hstack([vectors, features(texts, [cue_hits(text) for text in texts]), phrase_matrix(texts, vocabulary)])


def fit(texts: Sequence[str], facets: Sequence[Facet], vectors: Floats) -> Fitted:
    """A multinomial logistic regression on all inputs; the scales of the blocks are folded into the weights."""
    from scipy.sparse import csr_matrix
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
    model.fit(csr_matrix(inputs(texts, vectors, vocabulary) * scale), numbers_of(facets))
    return Fitted(
        vocabulary=vocabulary,
        coefficients=(model.coef_.T * scale[:, None]).astype(np.float32),
        bias=model.intercept_.astype(np.float32),
    )


def vocabulary_of(texts: Sequence[str]) -> dict[str, int]:
    """The phrases that enough passages hold, in alphabetical order."""
    holding = Counter(phrase for text in texts for phrase in {phrase for phrase, _, _ in phrases(text)})
    return {phrase: column for column, phrase in enumerate(sorted(p for p, n in holding.items() if n >= MIN_PASSAGES))}


# --- the network -----------------------------------------------------------------------------------------------------


def tuned(passages: Sequence[Labelled], start: dict[str, Floats] | None = None) -> dict[str, Floats]:
    """The changes to the sentence model that these passages teach it, or teach it further from a `start`.

    What is kept is the mean of two runs from the network so far, which is less sure of what it learned by heart than
    either: one counts the passages by `weights_of`, the other holds facets more even besides. Taught further, it keeps
    some of its `start`, so that it forgets no writer over the new ones (Wortsman et al., arXiv:2109.01903).
    """
    texts, facets = _texts_and_facets(passages)
    targets = np.eye(len(FACETS), dtype=np.float32)[numbers_of(facets)]
    begun = tuning.tune(texts, targets, weights_of(passages)) if start is None else start
    runs = [
        tuning.tune(texts, targets, weights_of(passages, even), recipe=replace(tuning.FURTHER, seed=seed), start=begun)
        for seed, even in FURTHER_RUNS
    ]
    taught = tuning.averaged(runs)
    if start is None:
        return taught
    return {name: KEPT * start[name] + (1 - KEPT) * block for name, block in taught.items()}


def weights_of(passages: Sequence[Labelled], even: float = 0.0) -> Floats:
    """How much each passage counts in tuning; the mean is 1.

    Public text and passages written here draw level halfway (a kind counts by the square root of how rare it is), and
    facets by the power `even` of how rare they are. Proof in public text, the rarest of all, counts half as much again.
    """
    real = np.array([item.real for item in passages])
    facets = numbers_of([item.facet for item in passages])
    rarity = 1 / np.bincount(facets, minlength=len(FACETS))[facets]
    share = np.where(real, real.mean(), 1 - real.mean())
    weights = share**-0.5 * rarity**even * np.where(real & (facets == FACETS.index(Facet.PROOF)), 1.5, 1.0)
    return np.asarray(weights / weights.mean(), dtype=np.float32)


# --- both ------------------------------------------------------------------------------------------------------------


def chosen_mix(heads: Heads, changes: Mapping[str, Floats], choose: Sequence[Labelled], vectors: Floats) -> Mix:
    """The mix (see `nlp.facets.classify.Head`) under which the facets of `choose`, of these vectors, are likeliest."""
    texts, facets = _texts_and_facets(choose)
    full, plain = heads.full.logits(texts, vectors), heads.plain.logits(texts, vectors[:, :0])
    network = tuning.logits_of(dict(changes), texts)
    nothing = np.zeros_like(network)
    return {
        "network": best_mix(plain, network, facets),
        "full": best_mix(full, nothing, facets),
        "plain": best_mix(plain, nothing, facets),
    }


def best_mix(head: Floats, network: Floats, facets: Sequence[Facet]) -> tuple[float, float]:
    """The factors of two judges' logits under which the facets are likeliest: temperature scaling (Guo et al. 2017) of
    both at once. A judge that says nothing gets 0.
    """
    from scipy.optimize import minimize

    rows, columns = np.arange(len(facets)), numbers_of(facets)

    def surprise(factors: Any) -> float:
        mixed = factors[0] * head.astype(np.float64) + factors[1] * network
        return float(np.mean(np.logaddexp.reduce(mixed, axis=1) - mixed[rows, columns])) + 1e-6 * float(
            factors @ factors
        )

    found = minimize(surprise, np.array([0.5, 0.5]), bounds=[(0, 20), (0, 20)]).x
    return round(float(found[0]), 4), round(float(found[1]), 4) if network.any() else 0.0


def train(
    learn: Sequence[Labelled],
    choose: Sequence[Labelled],
    encoder: Encoder,
    changes: Mapping[str, Floats],
    *,
    target: Path = DATA,
) -> dict[str, Any]:
    """Fit the heads on `learn` and the mix on `choose`, with the network of these `changes` that `learn` taught; write
    all of it to `target`. Returns what `facet_head.json` says.

    Two sets of the head's weights are written: with the meaning, and from the wording alone for vectors of another
    model.
    """
    texts, facets = _texts_and_facets(learn)
    vectors = encoder.encode(texts)
    heads = Heads(full=fit(texts, facets, vectors), plain=fit(texts, facets, vectors[:, :0]))
    tuning.save(dict(changes), target / CHANGES)
    mix = chosen_mix(heads, tuning.load(target / CHANGES), choose, encoder.encode(_texts_and_facets(choose)[0]))
    blocks = _blocks(heads.full, vectors.shape[1])
    plain_blocks = {f"plain_{name}": block for name, block in _blocks(heads.plain, 0).items()}
    del plain_blocks["plain_meaning"]
    weights = {name: block.round(4) for name, block in (blocks | plain_blocks).items()}
    told = json.dumps(mix, sort_keys=True)
    mark = fingerprint("facet-head", cues_mark(), told, *(text_key(repr(block.tolist())) for block in weights.values()))
    about = {
        "fingerprint": mark,
        "encoder": encoder.fingerprint,
        "facets": [facet.value for facet in FACETS],
        "passages": dict(sorted(Counter(facet.value for facet in facets).items())),
        "mix": mix,
        "cues": cues_mark(),
        "features": list(feature_names()),
        "vocabulary": list(heads.full.vocabulary),
    }
    np.savez_compressed(target / "facet_head.npz", allow_pickle=False, **weights)
    (target / "facet_head.json").write_text(json.dumps(about, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return about


def numbers_of(facets: Sequence[Facet]) -> Any:
    """The column of each facet."""
    return np.array([FACETS.index(facet) for facet in facets], dtype=np.int64)


def _texts_and_facets(passages: Sequence[Labelled]) -> tuple[list[str], list[Facet]]:
    return [item.text for item in passages], [item.facet for item in passages]


def _blocks(fitted: Fitted, width: int) -> dict[str, Floats]:
    cues = width + len(feature_names())
    return {
        "meaning": fitted.coefficients[:width],
        "cues": fitted.coefficients[width:cues],
        "words": fitted.coefficients[cues:],
        "bias": fitted.bias,
    }


if __name__ == "__main__":
    main()
