"""JSON exports: a look at their shape without reading them whole, and reading them without being drowned.

The shape of a file is the set of paths at which something stands, an array's members all under one name: the shape of
`{"a": [{"b": 1}]}` is `a`, `a.item`, `a.item.b`. Readers tell formats by it, whatever else a file holds.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import IO, Any

from ingest.following import open_bytes
from ingest.limits import MAX_JSON, event_weight, json_weight, too_much
from ingest.sniff import encoding_of, encoding_of_head
from winloss.errors import MalformedSource
from winloss.ports import Probe

EVENTS = 3000
LARGEST_WHOLE = 40 << 20
LARGEST_STRING = 16 << 20
PIECE = 512 << 10
"""The parser looks at a string again from its beginning with every piece that it goes on in."""

MOST_DIGITS = 1000
LONGEST_NAME = 1000
SHAPE_DEPTH = 12
DEEPEST = 200
_OPENS, _CLOSES = ("start_map", "start_array"), ("end_map", "end_array")
_START = ("{", "[")
_MANY_DIGITS = re.compile(rb"\d{%d,}" % (MOST_DIGITS + 1))


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
    encoding, _ = encoding_of(path)
    with open_bytes(path) as file:
        yield from stream_utf8(_as_utf8(file, encoding), prefix, path)


def stream_utf8(file: IO[bytes], prefix: str, path: Path) -> Iterator[Any]:
    """As `stream`, of an open file whose JSON is UTF-8; `path` is what it is called where it is broken.

    Raises:
        MalformedSource: as `stream`.
    """
    import ijson

    try:
        yield from _values_at(prefix.split("."), _Bounded(file, path), path)
    except (ijson.JSONError, ValueError, ArithmeticError, RecursionError) as error:
        raise _broken(path, error) from error


def _values_at(wanted: list[str], file: Any, path: Path) -> Iterator[Any]:
    """Every value whose place is the wanted one, none of them too deep or too large.

    Places are compared name by name: a parser that writes them out at every step takes gigabytes for a deep document.
    """
    import ijson

    building, weight = None, 0
    for place, kind, value in _placed(ijson.basic_parse(file, buf_size=PIECE)):
        if len(place) > DEEPEST:
            raise _refused(path, f"nested more than {DEEPEST} levels deep")
        if building is None:
            if place != wanted or kind == "map_key":
                continue
            building, weight = ijson.ObjectBuilder(), 0
        building.event(kind, float(value) if isinstance(value, Decimal) else value)
        weight += event_weight(kind, value)
        if weight > MAX_JSON:
            raise too_much(path, "holds millions of values in one place")
        if len(place) == len(wanted) and kind not in _OPENS:
            yield building.value
            building = None


def _placed(events: Iterator[tuple[str, Any]]) -> Iterator[tuple[list[str], str, Any]]:
    """Events of a JSON parser with the names on the way to where they happen; the list changes as it goes on.

    The end of an object or array, like its start, is at its own place; a key is inside its object.
    """
    place: list[str] = []
    for kind, value in events:
        if kind == "map_key":
            place[-1] = value
        elif kind in _CLOSES:
            place.pop()
        yield place, kind, value
        if kind in _OPENS:
            place.append("" if kind == "start_map" else "item")


class _Bounded:
    """A file without what the parser cannot bear.

    It holds a string whole before it gives it, so that a long one fills the memory, and it crashes the process at a
    whole number of more digits than Python converts.
    """

    def __init__(self, file: Any, path: Path) -> None:
        self._file = file
        self._path = path
        self._length = 0
        self._in_string = False
        self._digits = b""
        self._escape = b""

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        data: bytes = self._file.read(size)
        plain = (self._escape + data).replace(b"\\\\", b"")
        self._escape = plain[-1:] if plain.endswith(b"\\") else b""
        plain = plain.replace(b'\\"', b"")
        last = plain.rfind(b'"')
        self._length = len(plain) - last if last >= 0 else self._length + len(data)
        if self._length > LARGEST_STRING:
            raise too_much(self._path, f"holds a text of more than {LARGEST_STRING >> 20} MiB")
        self._check_numbers(plain)
        self._in_string ^= bool(plain.count(b'"') & 1)
        return data

    def _check_numbers(self, plain: bytes) -> None:
        plain = self._digits + plain
        for digits in _MANY_DIGITS.finditer(plain):
            if not self._in_string ^ bool(plain.count(b'"', 0, digits.start()) & 1):
                raise _refused(self._path, f"not valid JSON: it holds a number of more than {MOST_DIGITS:,} digits")
        self._digits = plain[len(plain.rstrip(b"0123456789")) :][:MOST_DIGITS]


@lru_cache(maxsize=4)
def _shape(path: Path, head: bytes) -> frozenset[str]:
    import ijson

    found: set[str] = set()
    try:
        encoding = encoding_of_head(head) or "utf-8"
        with path.open("rb") as file:
            bounded = _Bounded(_as_utf8(file, encoding), path)
            events = ijson.basic_parse(bounded, multiple_values=True, buf_size=PIECE)
            for place, kind, _ in islice(_placed(events), EVENTS):
                if len(place) > DEEPEST or (place and len(place[-1]) > LONGEST_NAME):
                    break
                if kind != "map_key" and len(place) <= SHAPE_DEPTH:
                    found.add(".".join(place))
    except (ijson.JSONError, ValueError, ArithmeticError, RecursionError, OSError, MalformedSource):
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
    if isinstance(error, RecursionError):
        return _refused(path, "nested too deeply")
    said = next(iter(str(error).splitlines()), "").strip()
    if said.endswith("premature EOF") or said.startswith("Unterminated string"):
        said = "it breaks off before its end"
    return _refused(path, f"not valid JSON: {said}", where)


def _refused(path: Path, what: str, where: str = "") -> MalformedSource:
    return MalformedSource(f"{path.name} is {what}", hint="Export it again.", path=str(path), where=where)
