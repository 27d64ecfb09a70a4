"""Reading a question and a passage together, by any cross-encoder that is on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from winloss.errors import ConfigError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Scores = NDArray[np.float32]

BATCH = 16


class CrossEncoderReranker:
    """Satisfies the port `Reranker`; `model` is a folder, or a name whose files were downloaded to this machine before.

    Nothing is downloaded.

    Raises:
        ConfigError: there is no such model here, or it gives more than one number for a pair.
    """

    def __init__(self, model: str) -> None:
        from sentence_transformers import CrossEncoder

        try:
            self._model: Any = CrossEncoder(model, device="cpu", local_files_only=True)
        except (OSError, ValueError, KeyError) as error:
            hint = "Name a folder that holds a cross-encoder, or clear `reranker` in winloss.toml."
            raise ConfigError(f"no cross-encoder {model!r} on this machine", hint=hint) from error
        if self._model.num_labels != 1:
            raise ConfigError(
                f"{model!r} sorts pairs into {self._model.num_labels} classes and cannot put them in an order",
                hint="Take a cross-encoder that was trained for search, with one output.",
            )

    def score(self, query: str, texts: Sequence[str]) -> Scores:
        """How well each text answers the query, in order; only the differences mean something."""
        pairs = [(query, text) for text in texts]
        scores = self._model.predict(pairs, batch_size=BATCH, show_progress_bar=False, convert_to_numpy=True)
        return np.asarray(scores, dtype=np.float32)
