"""Reads a statement and a passage side by side, and says how likely the passage supports it or contradicts it.

A cross-encoder: both go through one network, so that each word of one is read in the light of the other's, where two
sentence vectors can tell hardly more than that they speak of the same thing. The network is an MPNet (Song et al.,
arXiv:2004.09297), tuned as `nlp.stances.reader_training` says; it runs without torch once it has been converted.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nlp.vectors.export import exported_packed
from nlp.vectors.network import TextNetwork
from winloss.errors import ConfigError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

DATA = files("nlp").joinpath("data")
NETWORK, ABOUT = "stance_reader.npz", "stance_reader.json"


class StanceReader:
    """The network in `nlp/data`; `cache` is where the converted form is kept.

    It is opened when first read with; the first use on a machine converts it, which takes half a minute.

    Raises:
        ConfigError: what tells how its answers are scaled cannot be read; later, the network cannot be converted.
    """

    fingerprint: str

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._network: TextNetwork | None = None
        try:
            about = json.loads(DATA.joinpath(ABOUT).read_text(encoding="utf-8"))
            self.fingerprint, self._scales = str(about["sha256"]), Scales(*map(float, about["scales"]))
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise ConfigError(f"{ABOUT} cannot be read: {error}", hint="Install winloss again.") from error

    def chances(self, statement: str, texts: Sequence[str], *, advance: Callable[[int], None] | None = None) -> Floats:
        """A row per text, a column per `Stance` in its order; calibrated on pairs that were not learned from."""
        if self._network is None:
            with as_file(DATA.joinpath(NETWORK)) as packed:
                self._network = TextNetwork(exported_packed(packed, self._cache), small=False)
        rows = self._network.rows([together(statement, text) for text in texts], advance=advance)
        return self._scales.chances(rows.astype(np.float64))


class Scales:
    """How answers are calibrated: factor and shift of the logit that a passage speaks of the statement, and the factor
    of the logit that it is for it (Platt, Advances in Large Margin Classifiers (1999) 61-74)."""

    def __init__(self, factor: float, shift: float, way: float) -> None:
        self.factor, self.shift, self.way = factor, shift, way

    def chances(self, rows: Floats) -> Floats:
        """Probabilities from the network's own logits; both have a column per `Stance` in its order."""
        speaks, for_it = split(rows)
        about, way = _sigmoid(self.factor * speaks + self.shift), _sigmoid(self.way * for_it)
        return np.stack([about * way, about * (1 - way), 1 - about], axis=1)


def split(rows: Floats) -> tuple[Floats, Floats]:
    """Of each row of logits: that the passage speaks of the statement rather than not, and for it than against it."""
    return np.logaddexp(rows[:, 0], rows[:, 1]) - rows[:, 2], rows[:, 0] - rows[:, 1]


def together(statement: str, text: str) -> str:
    """A statement and a passage as the network reads them: one text with its own border between them."""
    return f"{statement}</s></s>{text}"


def _sigmoid(logits: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -40, 40))))
