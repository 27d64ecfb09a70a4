"""Numbers that the database gave to things, and their places in arrays of this process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

NO_NUMBERS: NDArray[np.int64] = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Numbered:
    """Ascending numbers and the name that each of them stands for, for ever: more can be added, none changes."""

    ns: NDArray[np.int64]
    names: NDArray[np.bytes_]

    @property
    def last(self) -> int:
        """The greatest number; 0 where there is none."""
        return int(self.ns[-1]) if len(self.ns) else 0

    def and_more(self, ns: list[int], names: list[bytes]) -> Numbered:
        """These and those after them."""
        if not ns:
            return self
        return Numbered(
            np.concatenate([self.ns, np.array(ns, dtype=np.int64)]),
            np.concatenate([self.names, np.array(names, dtype=np.bytes_)]) if len(self.ns) else np.array(names),
        )

    def places(self, ns: NDArray[Any]) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        """The places of those of the numbers that are among these, and which of them are."""
        if not len(self.ns):
            return np.empty(0, dtype=np.int32), np.zeros(len(ns), dtype=np.bool_)
        at = np.minimum(np.searchsorted(self.ns, ns), len(self.ns) - 1)
        here = self.ns[at] == ns
        return at[here].astype(np.int32), here


NONE = Numbered(NO_NUMBERS, np.empty(0, dtype="S1"))
