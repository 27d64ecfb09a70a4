"""Runs a converted text model: texts in, one row of numbers per text out, on ONNX Runtime.

The exact form takes batches of texts of equal token count, so that nothing is padded. The small form takes each text by
itself, several at a time in threads: its activations get their scale from everything in the batch, and a text's row
would else depend on its company.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from nlp.text.filler import UNHEARD
from nlp.vectors.export import ExportedModel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Rows = NDArray[np.float32]

WINDOW = 4096
"""Texts tokenised at a time, so that memory stays bounded whatever the corpus."""
BATCH_TEXTS = 32
BATCH_TOKENS = 4096


class TextNetwork:
    """A converted model, opened when first used; `small` runs its 8-bit form, on `threads` threads."""

    def __init__(self, model: ExportedModel, *, small: bool, threads: int = 2) -> None:
        self._model = model
        self._alone = small
        self._threads = threads
        self._session: Any = None
        self._tokenizer: Any = None

    def rows(self, texts: Sequence[str], *, advance: Callable[[int], None] | None = None) -> Rows:
        """One row (float32) per text, in order; `advance(n)` is called as texts get done.

        A text beyond the model's length is read up to there. Equal texts are run once and get equal rows. The same set
        of texts gives the same bits in whatever order it comes.
        """
        rows_of: dict[str, list[int]] = {}
        for row, text in enumerate(texts):
            rows_of.setdefault(text, []).append(row)
        result = np.zeros((len(texts), self._model.dimensions), dtype=np.float32)
        for batch, found in self._batches(sorted(rows_of, key=lambda text: (len(text), text))):
            for text, row_values in zip(batch, found, strict=True):
                result[rows_of[text]] = row_values
            if advance is not None:
                advance(sum(len(rows_of[text]) for text in batch))
        return result

    def _batches(self, texts: list[str]) -> Iterator[tuple[list[str], Rows]]:
        """Texts with their rows, some at a time."""
        remaining = iter(texts)
        with ThreadPoolExecutor(self._threads if self._alone else 1) as pool:
            while window := list(islice(remaining, WINDOW)):
                tokens = self._tokens(window)
                order = sorted(range(len(window)), key=lambda place: (len(tokens[place]), window[place]))
                groups = list(_equal_runs(order, [len(item) for item in tokens]))
                batches = [[tokens[place] for place in group] for group in groups]
                for group, found in zip(groups, pool.map(self._run, batches), strict=True):
                    yield [window[place] for place in group], found

    def _tokens(self, texts: list[str]) -> list[list[int]]:
        if self._tokenizer is None:
            from tokenizers import Tokenizer

            self._tokenizer = Tokenizer.from_file(str(self._model.tokenizer))
            self._tokenizer.no_padding()
            self._tokenizer.enable_truncation(self._model.max_tokens)
        if self._session is None:
            network = self._model.small if self._alone else self._model.network
            self._session = _open_session(str(network), threads=1 if self._alone else self._threads)
        return [item.ids for item in self._tokenizer.encode_batch([encodable(text) for text in texts])]

    def _run(self, tokens: list[list[int]]) -> Rows:
        ids = np.array(tokens, dtype=np.int64)
        parts = [ids[row : row + 1] for row in range(len(ids))] if self._alone else [ids]
        found = [
            self._session.run(None, {"input_ids": part, "attention_mask": np.ones_like(part)})[0] for part in parts
        ]
        return np.asarray(np.vstack(found), dtype=np.float32)


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


def encodable(text: str) -> str:
    """What a model is given of a text: no transcriber's notes, and no lone surrogates, which no tokeniser accepts."""
    heard = UNHEARD.sub(" ", text)
    return (heard if heard.strip() else text).encode("utf-8", "replace").decode("utf-8")


def _open_session(network: str, *, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry(
        "session.intra_op.allow_spinning", "0"
    )  # waiting threads leave the cores to others
    return onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
