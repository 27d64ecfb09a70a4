"""Vectors by text key in two append-only files.

An exact scan of a million rows takes less than a tenth of a second, so there is no approximate index to keep in step,
and how many are near can be counted.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from pathlib import Path
from threading import RLock
from urllib.parse import quote
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from winloss.errors import NotFound, StaleArtefact
from winloss.search.files import locked, replace_whole, sync_folder
from winloss.search.keys import KEY_BYTES, KeyPlaces, Keys, Places, halves, halves_of

Matrix = NDArray[np.float32]

WIDTH_BYTES = 4
WIDEST = 1 << 16
ROWS_AT_ONCE = 4096


class VectorFile:
    """The vectors of one encoder fingerprint: rows in `<fingerprint>.vectors`, their keys in `<fingerprint>.keys`.

    The file of keys begins with the width of a row and a random stamp: another head means that the files were thrown
    away and begun anew.

    A vector reaches the disk before its key does, so whatever has a key is whole; a torn tail is cut off by the next
    writer. Any number of processes may read while one writes (writers wait for each other).
    """

    def __init__(self, folder: Path, *, fingerprint: str, dimensions: int) -> None:
        name = quote(fingerprint, safe="")
        self.dimensions = dimensions
        self._keys_path = folder / f"{name}.keys"
        self._rows_path = folder / f"{name}.vectors"
        self._lock_path = folder / f"{name}.lock"
        self._turn = RLock()
        folder.mkdir(parents=True, exist_ok=True)
        self._forget()

    def missing(self, keys: Sequence[str]) -> list[str]:
        """Those of `keys` that have no vector, each once, in order."""
        distinct = list(dict.fromkeys(keys))
        with self._turn:
            self._refresh()
            places = self._places.find(halves(distinct))
        return [key for key, place in zip(distinct, places.tolist(), strict=True) if place < 0]

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
        with self._turn, locked(self._lock_path):
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
        with self._turn:
            places, matrix = self.placed(halves(keys))
        if len(missing := np.flatnonzero(places < 0)):
            raise NotFound(f"no vector for the text {keys[missing[0]]}", hint="Run `winloss analyse`.")
        return np.asarray(matrix[places])

    def placed(self, keys: Keys) -> tuple[Places, Matrix]:
        """Where the vector of each key stands (-1: nowhere), and all vectors as they lie in the file."""
        with self._turn:
            self._refresh()
            return self._places.find(keys), self._rows

    def clear(self) -> None:
        """Throw every vector of this fingerprint away. Processes that are reading keep what they have open."""
        with self._turn, locked(self._lock_path):
            self._forget()
            self._keys_path.unlink(missing_ok=True)
            self._rows_path.unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the files."""
        with self._turn:
            self._forget()

    def _forget(self) -> None:
        self._places = KeyPlaces()
        self._rows: Matrix = np.zeros((0, self.dimensions), dtype=np.float32)
        self._stamp = b""

    def _refresh(self) -> None:
        """Take in what other processes have appended, or start anew where they have cleared the files."""
        size = _size(self._keys_path)
        stamp = _head(self._keys_path)
        if stamp != self._stamp:
            self._forget()
            self._stamp = stamp
        whole = min(size // KEY_BYTES - 1, _size(self._rows_path) // (4 * self.dimensions))
        if whole > len(self._rows):
            self._load(len(self._rows), whole)

    def _load(self, known: int, whole: int) -> None:
        with self._keys_path.open("rb") as file:
            file.seek((known + 1) * KEY_BYTES)
            self._places.add(halves_of(file.read((whole - known) * KEY_BYTES)))
        self._rows = np.memmap(self._rows_path, dtype="<f4", mode="r", shape=(whole, self.dimensions))

    def _cut_torn_tail(self) -> None:
        """Cut both files to the whole records, beginning them where they are new; nothing that is read is lost."""
        if not self._stamp:
            self._rows_path.unlink(missing_ok=True)
            replace_whole(self._keys_path, _new_head(self.dimensions))
            return
        for path, size in (
            (self._rows_path, 4 * self.dimensions * len(self._rows)),
            (self._keys_path, KEY_BYTES * (len(self._rows) + 1)),
        ):
            if _size(path) > size:
                os.truncate(path, size)


def keep_only(folder: Path, keys: Collection[str]) -> int:
    """Throw away the vectors of every other text, whatever model made them; returns how many went.

    Files that do not tell the width of their rows are thrown away whole. A crash leaves fewer vectors, never more.
    """
    wanted = {bytes.fromhex(key) for key in keys}
    gone = 0
    for keys_path in sorted(folder.glob("*.keys")):
        with locked(keys_path.with_suffix(".lock")):
            gone += _thin_out(keys_path, wanted)
    for stray in [*folder.glob("*.part"), *folder.glob("*.vectors")]:
        if stray.suffix == ".part" or not stray.with_suffix(".keys").exists():
            stray.unlink()
    return gone


def _thin_out(keys_path: Path, wanted: Collection[bytes]) -> int:
    """Leave the wanted rows in one pair of files; the keys go first and come back last."""
    rows_path = keys_path.with_suffix(".vectors")
    head, *found = _records(keys_path)
    width = int.from_bytes(head[:WIDTH_BYTES], "big")
    count = min(len(found), _size(rows_path) // (4 * width)) if 0 < width <= WIDEST else 0
    kept = [row for row in range(count) if found[row] in wanted]
    if count and len(kept) == len(found) and _size(rows_path) == 4 * width * count:
        return 0
    keys_path.unlink()
    if not kept:
        rows_path.unlink(missing_ok=True)
        return len(found)
    aside = rows_path.with_name(f"{rows_path.name}.part")
    rows = np.memmap(rows_path, dtype="<f4", mode="r", shape=(count, width))
    with aside.open("wb") as file:
        for start in range(0, len(kept), ROWS_AT_ONCE):
            file.write(rows[kept[start : start + ROWS_AT_ONCE]].tobytes())
        file.flush()
        os.fsync(file.fileno())
    del rows
    aside.replace(rows_path)
    replace_whole(keys_path, _new_head(width) + b"".join(found[row] for row in kept))
    return len(found) - len(kept)


def _records(keys_path: Path) -> list[bytes]:
    """The head of a file of keys and its whole keys."""
    data = keys_path.read_bytes()
    whole = range(0, max(len(data) // KEY_BYTES, 1) * KEY_BYTES, KEY_BYTES)
    return [data[at : at + KEY_BYTES] for at in whole]


def _new_head(width: int) -> bytes:
    return width.to_bytes(WIDTH_BYTES, "big") + uuid4().bytes[WIDTH_BYTES:]


def _append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _head(path: Path) -> bytes:
    """The stamp of a file of keys; empty where there is none."""
    if not path.exists():
        return b""
    with path.open("rb") as file:
        stamp = file.read(KEY_BYTES)
    return stamp if len(stamp) == KEY_BYTES else b""


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
