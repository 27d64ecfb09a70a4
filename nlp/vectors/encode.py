"""Sentence vectors on the machine itself: a sentence-embedding model, run by ONNX Runtime.

By default in its 8-bit form, which costs a fraction of what the exact one does through torch and moves a vector by less
than themes or neighbours notice; `exact` selects single precision (both measured in `benchmarks/encoding`). Torch is
needed once per model, to convert it (`nlp.vectors.export`): a fresh process with one query to answer is spared the
seconds that importing it takes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nlp.vectors.export import exported
from nlp.vectors.network import TextNetwork
from winloss.model import fingerprint

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

FORMAT = 3
"""Of what is read of a text; raise it with any change to that."""


class SentenceEncoder:
    """Turns texts into unit vectors; satisfies the port `Encoder`.

    `model` is the bundled model's name or the folder of a sentence-transformers model; `cache` is where the converted
    model is kept. The first use of a model on a machine converts it, which takes some ten seconds. With `exact`, the
    vectors are those of the model in single precision, to about 1e-6, at about twice the cost.

    Raises:
        ConfigError: the model is not there, is damaged or cannot be converted, or the cache cannot be written.
    """

    fingerprint: str
    dimensions: int

    def __init__(self, model: str, cache: Path, *, exact: bool = False, threads: int = 2) -> None:
        found = exported(model, cache)
        small = not exact and found.small != found.network
        self._network = TextNetwork(found, small=small, threads=threads)
        precision = "int8" if small else "fp32"
        self.fingerprint = fingerprint("sentence-encoder", FORMAT, found.weights, precision, found.max_tokens)
        self.dimensions = found.dimensions

    def encode(self, texts: Sequence[str], *, advance: Callable[[int], None] | None = None) -> Vectors:
        """One unit row (float32) per text, in order; `advance(n)` is called as texts get done.

        A text beyond the model's length is read up to there. Equal texts are encoded once and get equal rows. The same
        set of texts gives the same bits in whatever order it comes; in other company a row may differ by 1e-6 where
        the exact form runs, and not at all where the 8-bit form does.
        """
        vectors = self._network.rows(texts, advance=advance)
        lengths: Vectors = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(lengths, np.float32(1e-12)), dtype=np.float32)
