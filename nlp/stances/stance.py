"""Decides what a passage says of a statement: supports it, contradicts it, or neither.

The decision is `nlp.stances.stance_reader`'s, which reads both as a whole. Beside it are told the clause that comes
nearest to the statement and the words in it that do (`nlp.stances.stance_features`), for whoever looks the passage over
to begin with. Measured in `benchmarks/stance`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from nlp.stances.stance_features import Signs, features, frame_of
from winloss.model import Basis, Stance, StanceDecision, fingerprint

SPEAKS = 0.5
"""A passage speaks of a statement where it is no likelier than this that it says nothing of it."""
QUOTED = 3
"""Words that a reason quotes at most."""


class Reader(Protocol):
    """What tells how likely each stance is."""

    fingerprint: str

    def chances(
        self, statement: str, texts: Sequence[str], *, advance: Callable[[int], None] | None = None
    ) -> NDArray[np.float64]:
        """A row per text, a column per `Stance` in its order."""


class StanceJudge:
    """Decides what texts say of a statement; satisfies the port `Stances`.

    `names` are the vendor's and others' that say nothing about what a statement is about.
    """

    fingerprint: str

    def __init__(self, reader: Reader, names: Sequence[str] = ()) -> None:
        self._reader, self._names = reader, tuple(names)
        self.fingerprint = fingerprint("stance", reader.fingerprint, *self._names)

    def judge(
        self, statement: str, texts: Sequence[str], *, advance: Callable[[int], None] | None = None
    ) -> list[StanceDecision]:
        """One decision per text, in order, with calibrated probabilities; `advance(n)` is called as texts get done.

        Raises:
            ConfigError: the reader's network cannot be opened.
        """
        chances = self._reader.chances(statement, texts, advance=advance) if texts else ()
        return [decision(row, basis) for row, basis in zip(chances, self.explain(statement, texts), strict=True)]

    def explain(self, statement: str, texts: Sequence[str]) -> list[Basis]:
        """Where in each text to look first, and why there; nothing is decided anew."""
        frame = frame_of(statement, self._names)
        return [explained(text, features(frame, text)[1]) for text in texts]


def decision(chances: NDArray[np.float64], basis: Basis) -> StanceDecision:
    """What the chances of each stance, in the order of `Stance`, come to."""
    told = {stance: round(float(chance), 4) for stance, chance in zip(Stance, chances, strict=True)}
    stance = _decided(told)
    return StanceDecision(
        stance=stance,
        score=told[stance],
        probabilities={item.value: chance for item, chance in told.items()},
        reason=basis.reason,
        span=basis.span,
    )


def _decided(told: Mapping[Stance, float]) -> Stance:
    """Unrelated where that is likelier than not, else the likelier side."""
    if told[Stance.UNRELATED] > SPEAKS:
        return Stance.UNRELATED
    return Stance.SUPPORTS if told[Stance.SUPPORTS] >= told[Stance.CONTRADICTS] else Stance.CONTRADICTS


def explained(text: str, signs: Signs) -> Basis:
    """The clause that shows most of what a statement is about, and the words that show it."""
    said = list(dict.fromkeys(" ".join(text[start:end].split()) for start, end in signs.spans))[:QUOTED]
    words = ", ".join(f"“{word}”" for word in said)
    return Basis(
        span=_trimmed(text, signs.span),
        reason=f"nearest to it in the words {words}" if said else "read as a whole",
    )


def _trimmed(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """The span without white space at its ends."""
    start, end = span
    words = text[start:end]
    return start + len(words) - len(words.lstrip()), end - (len(words) - len(words.rstrip()))
