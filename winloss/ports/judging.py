"""What judges texts: models that are slow to load, behind narrow seams.

Arrays are float32 with unit rows unless said otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from winloss.model import Basis, Classification, StanceDecision

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """Turns texts into unit vectors."""

    fingerprint: str
    dimensions: int

    def encode(self, texts: Sequence[str], *, advance: Callable[[int], None] | None = None) -> Vectors:
        """One unit row per text, in order; `advance(n)` is called as texts get done. Deterministic."""


class Classifier(Protocol):
    """Decides the facet of passages."""

    fingerprint: str

    def classify(self, texts: Sequence[str], vectors: Vectors) -> list[Classification]:
        """One decision per text, given the vectors of the same texts."""


class Reranker(Protocol):
    """Reads a query and a text together."""

    def score(self, query: str, texts: Sequence[str]) -> Vectors:
        """How well each text answers the query, one number per text, in order; only differences mean something."""


class Stances(Protocol):
    """Decides what texts say of a statement: supports, contradicts, or neither."""

    fingerprint: str

    def judge(
        self, statement: str, texts: Sequence[str], *, advance: Callable[[int], None] | None = None
    ) -> list[StanceDecision]:
        """One decision per text, in order, each in some tenth of a second; `advance(n)` is called as they come."""

    def explain(self, statement: str, texts: Sequence[str]) -> list[Basis]:
        """Where in each text to look first, in order; nothing is decided anew, and no time is taken."""


class QuickStances(Protocol):
    """Decides the same from words and vectors: a thousand times sooner, and less surely."""

    fingerprint: str

    def judge(
        self, statement: str, texts: Sequence[str], vectors: Vectors, statement_vector: Vectors
    ) -> list[StanceDecision]:
        """One decision per text, in order, given the vectors of the same texts and of the statement."""


class Drafter(Protocol):
    """A language model that is asked for sentences. What it answers is somebody else's word until it is checked."""

    model: str
    place: str
    """The machine that it is on, as it is told to people."""
    local: bool
    """Whether that is this machine."""

    def ask(self, instructions: str, data: str) -> str:
        """What the model answers, as it came.

        Raises:
            DraftingFailed: it gives no answer, not in time, or one that is too long.
        """
