"""Sentence vectors on the machine itself: a sentence-embedding model, run by ONNX Runtime in single precision.

Why not through torch: for the same vectors ONNX Runtime needs well under half the work of torch in single precision; it
costs about what torch in bfloat16 does, which is less exact; and a fresh process with one query to answer is spared the
seconds that importing torch takes (`benchmarks/encoding`). Torch is needed once per model, to convert it
(`nlp.export`); what comes out is kept in a cache folder under the hash of the model's weights.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nlp.export import ExportedModel, exported
from nlp.filler import UNHEARD
from winloss.model import fingerprint

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

WINDOW = 4096
"""Texts tokenised at a time, so that memory stays bounded whatever the corpus."""
BATCH_TEXTS = 32
BATCH_TOKENS = 4096
FORMAT = 2
"""Of what is read of a text; raise it with any change to that."""


class SentenceEncoder:
    """Turns texts into unit vectors; satisfies the port `Encoder`.

    `model` is the bundled model's name or the folder of a sentence-transformers model; `cache` is where the converted
    model is kept. The first use of a model on a machine converts it, which takes some ten seconds.

    Raises:
        ConfigError: the model is not there, is damaged or cannot be converted, or the cache cannot be written.
    """

    fingerprint: str
    dimensions: int

    def __init__(self, model: str, cache: Path, *, threads: int = 2) -> None:
        self._model: ExportedModel = exported(model, cache)
        self._threads = threads
        self._session: Any = None
        self._tokenizer: Any = None
        self.fingerprint = fingerprint("sentence-encoder", FORMAT, self._model.weights, "fp32", self._model.max_tokens)
        self.dimensions = self._model.dimensions

    def encode(self, texts: Sequence[str], *, advance: Callable[[int], None] | None = None) -> Vectors:
        """One unit row (float32) per text, in order; `advance(n)` is called as texts get done.

        A text beyond the model's length is read up to there. Equal texts are encoded once and get equal rows. The same
        set of texts gives the same bits in whatever order it comes; in other company a row may differ by 1e-6.
        """
        rows_of: dict[str, list[int]] = {}
        for row, text in enumerate(texts):
            rows_of.setdefault(text, []).append(row)
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for batch, tokens in self._batches(sorted(rows_of, key=lambda text: (len(text), text))):
            encoded = self._run(tokens)
            for text, vector in zip(batch, encoded, strict=True):
                vectors[rows_of[text]] = vector
            if advance is not None:
                advance(sum(len(rows_of[text]) for text in batch))
        return vectors

    def _batches(self, texts: list[str]) -> Iterator[tuple[list[str], list[list[int]]]]:
        """Texts with their tokens, in batches of equal token counts: nothing is padded, so no work is wasted."""
        remaining = iter(texts)
        while window := list(islice(remaining, WINDOW)):
            tokens = self._tokens(window)
            order = sorted(range(len(window)), key=lambda place: (len(tokens[place]), window[place]))
            for group in _equal_runs(order, [len(item) for item in tokens]):
                yield [window[place] for place in group], [tokens[place] for place in group]

    def _tokens(self, texts: list[str]) -> list[list[int]]:
        if self._tokenizer is None:
            from tokenizers import Tokenizer

            self._tokenizer = Tokenizer.from_file(str(self._model.tokenizer))
            self._tokenizer.no_padding()
            self._tokenizer.enable_truncation(self._model.max_tokens)
        return [item.ids for item in self._tokenizer.encode_batch([_encodable(text) for text in texts])]

    def _run(self, tokens: list[list[int]]) -> Vectors:
        if self._session is None:
            self._session = _open_session(self._model.network, self._threads)
        ids = np.array(tokens, dtype=np.int64)
        (raw,) = self._session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        vectors: Vectors = np.asarray(raw, dtype=np.float32)
        lengths: Vectors = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(lengths, np.float32(1e-12)), dtype=np.float32)


def _equal_runs(order: list[int], lengths: list[int]) -> Iterator[list[int]]:
    """`order` cut into batches whose members have the same length, none over the limits."""
    batch: list[int] = []
    for place in order:
        full = len(batch) >= BATCH_TEXTS or (len(batch) + 1) * lengths[place] > BATCH_TOKENS
        if batch and (full or lengths[place] != lengths[batch[0]]):
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


def _encodable(text: str) -> str:
    """The text without a transcriber's notes, and with lone surrogates replaced, which no tokeniser accepts."""
    heard = UNHEARD.sub(" ", text)
    return (heard if heard.strip() else text).encode("utf-8", "replace").decode("utf-8")


def _open_session(network: Path, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry(
        "session.intra_op.allow_spinning", "0"
    )  # waiting threads leave the cores to others
    return onnxruntime.InferenceSession(str(network), options, providers=["CPUExecutionProvider"])
