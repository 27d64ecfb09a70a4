"""Vectors by text key in two append-only files, and the exact scan for the nearest of them.

An exact scan of 150,000 rows takes a few hundredths of a second, so there is no approximate index to keep in step.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from winloss.errors import NotFound, StaleArtefact
from winloss.search.files import locked, sync_folder

Matrix = NDArray[np.float32]

KEY_BYTES = 16
DIGITS = 6
"""Cosines are compared to this many decimals: rounding noise must not decide an order."""


class VectorFile:
    """The vectors of one encoder fingerprint: rows in `<fingerprint>.f32`, their keys in `<fingerprint>.keys`.

    A vector reaches the disk before its key does, so whatever has a key is whole; a torn tail is cut off by the next
    writer. Any number of processes may read while one writes (writers wait for each other).
    """

    def __init__(self, folder: Path, *, fingerprint: str, dimensions: int) -> None:
        name = quote(fingerprint, safe="")
        self.dimensions = dimensions
        self._keys_path = folder / f"{name}.keys"
        self._rows_path = folder / f"{name}.f32"
        self._lock_path = folder / f"{name}.lock"
        folder.mkdir(parents=True, exist_ok=True)
        self._forget()

    def missing(self, keys: Sequence[str]) -> list[str]:
        """Those of `keys` that have no vector, each once, in order."""
        self._refresh()
        return [key for key in dict.fromkeys(keys) if key not in self._row_of]

    def append(self, keys: Sequence[str], vectors: Matrix) -> None:
        """Add the vectors whose keys are not there yet; durable when the call returns.

        Raises:
            StaleArtefact: the vectors have another width than this file.
        """
        if vectors.shape != (len(keys), self.dimensions):
            raise StaleArtefact(
                f"vectors of shape {vectors.shape} do not fit {len(keys)} keys of {self.dimensions} dimensions",
                hint="The embedding model has changed under the same name; clear the vectors and analyse again.",
            )
        with locked(self._lock_path):
            place_of = {key: at for at, key in reversed([*enumerate(keys)])}
            places = [place_of[key] for key in self.missing(keys)]
            if places:
                self._cut_torn_tail()
                _append(self._rows_path, np.ascontiguousarray(vectors[places], dtype="<f4").tobytes())
                _append(self._keys_path, bytes.fromhex("".join(keys[at] for at in places)))
                sync_folder(self._keys_path.parent)
        self._refresh()

    def get(self, keys: Sequence[str]) -> Matrix:
        """One row per key, in order.

        Raises:
            NotFound: a key has no vector.
        """
        self._refresh()
        try:
            rows = np.fromiter((self._row_of[key] for key in keys), dtype=np.intp, count=len(keys))
        except KeyError as error:
            raise NotFound(f"no vector for the text {error.args[0]}", hint="Run `winloss analyse`.") from None
        if self._rows is None:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        return np.asarray(self._rows[rows], dtype=np.float32)

    def clear(self) -> None:
        """Throw every vector of this fingerprint away. Processes that are reading keep what they have open."""
        with locked(self._lock_path):
            self._forget()
            self._keys_path.unlink(missing_ok=True)
            self._rows_path.unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the files."""
        self._forget()

    def _forget(self) -> None:
        self._row_of: dict[str, int] = {}
        self._rows: Matrix | None = None
        self._inode = 0

    def _refresh(self) -> None:
        """Take in what other processes have appended, or start anew where the files were replaced."""
        try:
            status = self._keys_path.stat()
        except FileNotFoundError:
            self._forget()
            return
        known = len(self._row_of)
        if status.st_ino != self._inode or status.st_size < known * KEY_BYTES:
            self._forget()
            self._inode, known = status.st_ino, 0
        whole = min(status.st_size // KEY_BYTES, _size(self._rows_path) // (4 * self.dimensions))
        if whole > known:
            self._load(known, whole)

    def _load(self, known: int, whole: int) -> None:
        with self._keys_path.open("rb") as file:
            file.seek(known * KEY_BYTES)
            written = file.read((whole - known) * KEY_BYTES).hex()
        width = 2 * KEY_BYTES
        for row in range(known, whole):
            at = (row - known) * width
            self._row_of[written[at : at + width]] = row
        self._rows = np.memmap(self._rows_path, dtype="<f4", mode="r", shape=(whole, self.dimensions))

    def _cut_torn_tail(self) -> None:
        """Cut both files to the whole records; only bytes that nobody reads are lost."""
        whole = len(self._row_of)
        for path, record in ((self._rows_path, 4 * self.dimensions), (self._keys_path, KEY_BYTES)):
            if _size(path) > whole * record:
                os.truncate(path, whole * record)


def nearest(vector: Matrix, matrix: Matrix, *, mask: NDArray[np.bool_] | None, limit: int) -> list[tuple[int, float]]:
    """(row, dot product) of the `limit` rows nearest to the vector among those the mask lets pass, best first.

    Exact; with unit rows the score is the cosine. Ties go to the lower row.
    """
    rows, scores = _scores(vector, matrix, mask)
    if not (count := min(limit, len(scores))):
        return []
    border = np.partition(scores, len(scores) - count)[len(scores) - count]
    near = np.flatnonzero(scores >= border)
    best = near[np.lexsort((near, -scores[near]))][:count]
    found = best if rows is None else rows[best]
    return [(int(row), float(score)) for row, score in zip(found, scores[best], strict=True)]


def _scores(
    vector: Matrix, matrix: Matrix, mask: NDArray[np.bool_] | None
) -> tuple[NDArray[np.intp] | None, NDArray[np.float32]]:
    """The rows that pass (None: all) and their scores. Copying rows out pays only where few of them pass."""
    if mask is None:
        return None, np.round(matrix @ vector, DIGITS)
    rows = np.flatnonzero(mask)
    chosen = matrix[rows] @ vector if 4 * len(rows) < len(matrix) else (matrix @ vector)[rows]
    return rows, np.round(chosen, DIGITS)


def _append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
