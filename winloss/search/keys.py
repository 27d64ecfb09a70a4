"""Text keys in order, so that a million of them take no more memory than their bytes."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

KEY_BYTES = 16

Keys = NDArray[np.uint64]
"""One row a key: its two halves."""
Places = NDArray[np.int32]


def halves(keys: Iterable[str]) -> Keys:
    """Hexadecimal keys by their halves."""
    return halves_of(bytes.fromhex("".join(keys)))


def halves_of(written: bytes) -> Keys:
    """Keys that stand one after another, by their halves."""
    return np.frombuffer(written, dtype=">u8").astype(np.uint64).reshape(-1, 2)


class KeyPlaces:
    """Where each key stands in a file that only grows; of a key that stands there twice, the first place.

    Keys are kept in runs, each in order. A run half as long as the one before is merged with it: adding a few to a
    million does not sort the million.
    """

    def __init__(self) -> None:
        self.size = 0
        self._runs: list[tuple[Keys, Places]] = []

    def add(self, keys: Keys) -> None:
        """The next keys of the file."""
        places = np.arange(self.size, self.size + len(keys), dtype=np.int32)
        self.size += len(keys)
        while self._runs and 2 * len(keys) >= len(self._runs[-1][0]):
            before = self._runs.pop()
            keys, places = np.concatenate([before[0], keys]), np.concatenate([before[1], places])
        order = np.lexsort((places, keys[:, 1], keys[:, 0]))
        self._runs.append((keys[order], places[order]))

    def find(self, keys: Keys) -> Places:
        """The place of each key; -1 where there is none."""
        found = np.full(len(keys), -1, dtype=np.int32)
        for run in self._runs:
            open_ones = np.flatnonzero(found < 0)
            found[open_ones] = _find(run, keys[open_ones])
        return found


def _find(run: tuple[Keys, Places], keys: Keys) -> Places:
    known, places = run
    at = np.searchsorted(known[:, 0], keys[:, 0])
    found = np.full(len(keys), -1, dtype=np.int32)
    looking = np.arange(len(keys))
    while len(looking):
        looking = looking[at[looking] < len(known)]
        looking = looking[known[at[looking], 0] == keys[looking, 0]]
        same = known[at[looking], 1] == keys[looking, 1]
        found[looking[same]] = places[at[looking[same]]]
        looking = looking[~same]
        at[looking] += 1
    return found
