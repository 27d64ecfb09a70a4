"""JSON exports: a look at their shape without reading them whole, and reading them without being drowned.

The shape of a file is the set of paths at which something stands, an array's members all under one name: the shape of
`{"a": [{"b": 1}]}` is `a`, `a.item`, `a.item.b`. Readers tell formats by it, whatever else a file holds.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import IO, Any

from ingest.limits import MAX_JSON, event_weight, json_weight, too_much
from ingest.sniff import encoding_of, probe
from winloss.errors import MalformedSource
from winloss.ports import Probe

EVENTS = 3000
LARGEST_WHOLE = 40 << 20
LARGEST_STRING = 32 << 20
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
    text = path.read_bytes().decode(encoding).removeprefix("\ufeff")
    if json_weight(text) > MAX_JSON:
        raise too_much(path, "holds millions of values")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _broken(path, error) from error


def stream(path: Path, prefix: str) -> Iterator[Any]:
    """The values at a path of a JSON file (`messages.item`, `item`), one at a time, however large the file is.

    Values nested more deeply than `DEEPEST`, and those that fill the memory by themselves, are refused.

    Raises:
        MalformedSource: the JSON breaks off or is no JSON; what came before has been given.
    """
    import ijson

    encoding, _ = encoding_of(path)
    with path.open("rb") as file:
        try:
            events = ijson.parse(_Bounded(_as_utf8(file, encoding), path), use_float=True)
            yield from ijson.items(_bounded(events, path, prefix), prefix)
        except (ijson.JSONError, ValueError, RecursionError) as error:
            raise _broken(path, error) from error


def _bounded(events: Iterator[tuple[str, str, Any]], path: Path, wanted: str) -> Iterator[tuple[str, str, Any]]:
    """The events, none of them too deep and no value at the wanted path too large."""
    depth = weight = 0
    for event in events:
        prefix, kind, value = event
        depth += (kind in ("start_map", "start_array")) - (kind in ("end_map", "end_array"))
        weight = 0 if prefix == wanted else weight + event_weight(kind, value)
        if depth > DEEPEST:
            hint = "Export it again."
            raise MalformedSource(f"{path.name} is nested more than {DEEPEST} levels deep", hint=hint, path=str(path))
        if weight > MAX_JSON and prefix.startswith(wanted):
            raise too_much(path, "holds millions of values in one place")
        yield event


class _Bounded:
    """A file without a string so long that it fills the memory: the parser holds a string whole before it gives it."""

    def __init__(self, file: Any, path: Path) -> None:
        self._file = file
        self._path = path
        self._within = 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        data: bytes = self._file.read(size)
        last = data.rfind(b'"')
        while last > 0 and data[last - 1] == 0x5C:
            last = data.rfind(b'"', 0, last)
        self._within = len(data) - last if last >= 0 else self._within + len(data)
        if self._within > LARGEST_STRING:
            raise too_much(self._path, f"holds a text of more than {LARGEST_STRING >> 20} MiB")
        return data


@lru_cache(maxsize=4)
def _shape(path: Path, head: bytes) -> frozenset[str]:  # noqa: ARG001  (the head tells one version of a file from another)
    import ijson

    found: set[str] = set()
    try:
        encoding = _encoding_of_head(path)
        with path.open("rb") as file:
            events = ijson.parse(_Bounded(_as_utf8(file, encoding), path), multiple_values=True)
            for prefix, _, _ in islice(events, EVENTS):
                found.add(prefix)
    except (ijson.JSONError, ValueError, RecursionError, OSError, MalformedSource):
        pass
    return frozenset(found - {""})


def _encoding_of_head(path: Path) -> str:
    head = probe(path)
    for bom, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if head.head.startswith(bom):
            return encoding
    if b"\x00" in head.head[:64]:
        return "utf-16-le" if head.head[1:2] == b"\x00" else "utf-16-be"
    return "utf-8"


def _as_utf8(file: IO[bytes], encoding: str) -> Any:
    if encoding == "utf-8":
        return file
    if encoding == "utf-8-sig":
        file.seek(len(codecs.BOM_UTF8))
        return file
    return codecs.EncodedFile(file, "utf-8", encoding, errors="replace")


def _broken(path: Path, error: Exception) -> MalformedSource:
    where = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
    what = "nested too deeply" if isinstance(error, RecursionError) else "not valid JSON"
    return MalformedSource(f"{path.name} is {what}: {error}", hint="Export it again.", path=str(path), where=where)
