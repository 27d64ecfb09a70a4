"""Looks for words in every byte of a folder: in each encoding, inside zips and inside compressed streams."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")


def places(folder: Path, *needles: str) -> set[str]:
    """The files, relative to the folder and by name or content, that hold one of the needles, whatever the case."""
    wanted = [needle.casefold().encode(encoding) for needle in needles for encoding in _ENCODINGS]
    found = set()
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        layers = _layers(path.read_bytes()) if path.is_file() else iter(())
        if any(needle in layer.lower() for layer in (name.encode(), *layers) for needle in wanted):
            found.add(name)
    return found


def _layers(data: bytes) -> Iterator[bytes]:
    """The bytes themselves and everything that is packed in them."""
    yield data
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield from _layers(archive.read(name))
    at = data.find(b"\x78")
    while at >= 0:
        if data[at + 1 : at + 2] in (b"\x01", b"\x5e", b"\x9c", b"\xda"):
            unpacking = zlib.decompressobj()
            with suppress(zlib.error):
                yield unpacking.decompress(data[at:])
        at = data.find(b"\x78", at + 1)
