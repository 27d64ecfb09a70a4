"""The evidence in columns kept beside the index, so that a search that has just begun need not read a million rows.

One file: the length of a header, the header as JSON, and the arrays one after another, each at a multiple of 64 bytes.
It is mapped into memory, replaced whole, and thrown away when it does not fit. The table in it may be older than the
store: whoever takes it brings it to the store's revision like any other.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from winloss.search.columns import SINGLE, Column, EvidenceTable, TagColumn
from winloss.search.files import locked, replace_whole

FORMAT = 1
"""Raise it whenever the same evidence would be counted otherwise, or be written down otherwise."""

WORTHWHILE = 2000
"""Fewer verbatims than this are read from the store as fast."""

_LENGTH_BYTES = 8
_ALIGNED = 64
_OWN = ("ids", "live", "keys", "days", "turns")
_Arrays = dict[str, NDArray[Any]]
_Values = dict[str, tuple[str, ...]]


class TableFile:
    """The last table that was worth keeping, in a folder. Any number of processes may use it."""

    def __init__(self, folder: Path, *, worthwhile: int = WORTHWHILE) -> None:
        self._path = folder / "evidence.columns"
        self._lock_path = folder / "evidence.lock"
        self._worthwhile = worthwhile

    def load(self) -> EvidenceTable | None:
        """The table that is kept, or None where there is none that this version can use."""
        try:
            with self._path.open("rb") as file:
                return _read(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def save(self, table: EvidenceTable, is_current: Callable[[], bool]) -> bool:
        """Keep the table where that is worthwhile and it `is_current` still; returns whether it is kept.

        That is asked while nobody can `drop` the file: what was forgotten meanwhile is never written. Where nothing
        can be written, nothing is kept.
        """
        if table.count < self._worthwhile:
            return False
        try:
            with locked(self._lock_path):
                if not is_current():
                    return False
                replace_whole(self._path, *_written(table))
        except OSError:
            return False
        return True

    def drop(self) -> None:
        """Throw the file away. Processes that use it keep what they have open."""
        with locked(self._lock_path):
            self._path.unlink(missing_ok=True)


def _written(table: EvidenceTable) -> Iterator[Any]:
    arrays, values = _parts(table)
    places, at = [], 0
    for name, array in arrays.items():
        places.append((name, array.dtype.str, array.shape, at))
        at += _up(array.nbytes)
    told = {"format": FORMAT, "revision": table.revision, "values": values, "arrays": places, "bytes": at}
    header = json.dumps(told, ensure_ascii=False).encode("utf-8", "surrogatepass")
    yield len(header).to_bytes(_LENGTH_BYTES, "little")
    yield header + bytes(_up(_LENGTH_BYTES + len(header)) - _LENGTH_BYTES - len(header))
    for array in arrays.values():
        yield np.ascontiguousarray(array).reshape(-1).view(np.uint8).data
        yield bytes(_up(array.nbytes) - array.nbytes)


def _read(data: mmap.mmap) -> EvidenceTable | None:
    length = int.from_bytes(data[:_LENGTH_BYTES], "little")
    header = json.loads(data[_LENGTH_BYTES : _LENGTH_BYTES + length].decode("utf-8", "surrogatepass"))
    first = _up(_LENGTH_BYTES + length)
    if header["format"] != FORMAT or len(data) != first + header["bytes"]:
        return None
    arrays: _Arrays = {}
    for name, kind, shape, at in header["arrays"]:
        count = int(np.prod(shape))
        arrays[name] = np.frombuffer(data, dtype=kind, count=count, offset=first + at).reshape(shape)
    return _table(header["revision"], arrays, {name: tuple(values) for name, values in header["values"].items()})


def _parts(table: EvidenceTable) -> tuple[_Arrays, _Values]:
    columns: Mapping[str, Column] = {**table.columns, "document": table.documents, "tag": table.tags}
    arrays: _Arrays = {name: getattr(table, name) for name in _OWN}
    arrays |= {f"codes of {name}": column.codes for name, column in columns.items()}
    arrays["rows of tags"] = table.tags.rows
    return arrays, {name: column.values for name, column in columns.items()}


def _table(revision: int, arrays: _Arrays, values: _Values) -> EvidenceTable:
    return EvidenceTable(
        revision=revision,
        **{name: arrays[name] for name in _OWN},
        documents=Column(values["document"], arrays["codes of document"]),
        columns={name: Column(values[name], arrays[f"codes of {name}"]) for name in SINGLE},
        tags=TagColumn(values["tag"], arrays["codes of tag"], arrays["rows of tags"]),
    )


def _up(size: int) -> int:
    return -(-size // _ALIGNED) * _ALIGNED
