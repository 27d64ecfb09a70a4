"""JSON exports: a look at their shape without reading them whole, and reading them without being drowned.

The shape of a file is the set of paths at which something stands, an array's members all under one name: the shape of
`{"a": [{"b": 1}]}` is `a`, `a.item`, `a.item.b`. Readers tell formats by it, whatever else a file holds.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import IO, Any

from ingest.sniff import encoding_of, encoding_of_head
from winloss.errors import MalformedSource
from winloss.ports import Probe

EVENTS = 3000
LARGEST_WHOLE = 40 << 20
DEEPEST = 200
_START = ("{", "[")


def shape(seen: Probe) -> frozenset[str]:
    """The paths at which something stands near the beginning of a JSON file or of JSON lines.

    Empty for what is not JSON. Members of a top-level array stand under `item`.
    """
    if not seen.text.lstrip("\ufeff \t\r\n").startswith(_START):
        return frozenset()
    return _shape(seen.path, seen.head)


def read_whole(path: Path) -> Any:
    """The document in a JSON file.

    Raises:
        MalformedSource: not JSON, not text, nested too deeply, or larger than one document of speech can be.
    """
    if path.stat().st_size > LARGEST_WHOLE:
        raise MalformedSource(
            f"{path.name} is larger than {LARGEST_WHOLE >> 20} MiB, too large for one recording",
            hint="Export it in parts.",
            path=str(path),
        )
    encoding, _ = encoding_of(path)
    try:
        document = json.loads(path.read_bytes().decode(encoding).removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise _broken(path, error) from error
    return document


def stream(path: Path, prefix: str) -> Iterator[Any]:
    """The values at a path of a JSON file (`messages.item`, `item`), one at a time, however large the file is.

    Values nested more deeply than `DEEPEST` are refused.

    Raises:
        MalformedSource: the JSON breaks off or is no JSON; what came before has been given.
    """
    encoding, _ = encoding_of(path)
    with path.open("rb") as file:
        yield from stream_utf8(_as_utf8(file, encoding), prefix, path)


def stream_utf8(file: IO[bytes], prefix: str, path: Path) -> Iterator[Any]:
    """As `stream`, of an open file whose JSON is UTF-8; `path` is what it is called where it is broken.

    Raises:
        MalformedSource: as `stream`.
    """
    import ijson

    try:
        events = ijson.parse(file)
        yield from ijson.items(_shallow(events, path), prefix)
    except (ijson.JSONError, ValueError, ArithmeticError, RecursionError) as error:
        raise _broken(path, error) from error


def _shallow(events: Iterator[tuple[str, str, Any]], path: Path) -> Iterator[tuple[str, str, Any]]:
    depth = 0
    for event in events:
        depth += (event[1] in ("start_map", "start_array")) - (event[1] in ("end_map", "end_array"))
        if depth > DEEPEST:
            raise MalformedSource(f"{path.name} is nested more than {DEEPEST} levels deep", path=str(path))
        prefix, kind, value = event
        yield (prefix, kind, float(value)) if isinstance(value, Decimal) else event


@lru_cache(maxsize=4)
def _shape(path: Path, head: bytes) -> frozenset[str]:
    import ijson

    found: set[str] = set()
    try:
        encoding = encoding_of_head(head) or "utf-8"
        with path.open("rb") as file:
            for prefix, _, _ in islice(ijson.parse(_as_utf8(file, encoding), multiple_values=True), EVENTS):
                found.add(prefix)
    except (ijson.JSONError, ValueError, ArithmeticError, RecursionError, OSError):
        pass
    return frozenset(found - {""})


class _Utf8:
    """A file in another encoding, read as UTF-8: what a JSON parser wants."""

    def __init__(self, file: IO[bytes], encoding: str) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")

    def read(self, size: int = -1) -> bytes:
        """About as many bytes; empty at the end of the file only."""
        while size:
            block = self._file.read(size)
            if text := self._decoder.decode(block, final=not block).removeprefix("\ufeff"):
                return text.encode("utf-8", "replace")
            if not block:
                break
        return b""


def _as_utf8(file: IO[bytes], encoding: str) -> Any:
    return file if encoding == "utf-8" else _Utf8(file, encoding)


def _broken(path: Path, error: Exception) -> MalformedSource:
    where = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
    what = "nested too deeply" if isinstance(error, RecursionError) else "not valid JSON"
    return MalformedSource(f"{path.name} is {what}: {error}", hint="Export it again.", path=str(path), where=where)
