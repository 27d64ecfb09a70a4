"""Zip files looked at with care: how large their directory is before it is read, how large they unpack.

A zip of a few kilobytes can claim a directory of gigabytes or unpack to petabytes; what it claims is checked first, and
the standard library never unpacks more than was claimed.
"""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

from winloss.errors import MalformedSource

CONTENT_TYPES = "[Content_Types].xml"
"""The member that every office file has."""

MAX_DIRECTORY = 32 << 20
MAX_OFFICE = 512 << 20
MAX_OFFICE_PART = 96 << 20
BROKEN_ZIP = (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error)
"""What the standard library raises where a zip's directory is damaged."""

_TAIL = (1 << 16) + 22 + 20 + 56
_END, _END64 = b"PK\x05\x06", b"PK\x06\x06"


def is_zip(path: Path) -> bool:
    """Whether a file begins as a zip does and has a directory that can be read."""
    try:
        with path.open("rb") as file:
            if file.read(4) not in (b"PK\x03\x04", _END):
                return False
        return directory_size(path) <= MAX_DIRECTORY and zipfile.is_zipfile(path)
    except OSError:
        return False


def member_names(path: Path) -> list[str]:
    """The names in a zip; none where it has no readable directory, or an absurd one."""
    try:
        if directory_size(path) > MAX_DIRECTORY:
            return []
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    except BROKEN_ZIP:
        return []


def check_office(path: Path, *, largest: int = MAX_OFFICE_PART) -> None:
    """Refuse an office file that would not fit into memory; `largest` bounds each of its XML parts in bytes.

    Raises:
        MalformedSource: it is no zip, or unpacks to more than an office file of words or numbers does.
    """
    try:
        if directory_size(path) > MAX_DIRECTORY:
            raise _absurd(path, "a directory larger than any office file's")
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except BROKEN_ZIP as error:
        raise MalformedSource(
            f"{path.name} is not a readable office file", hint="Open it and save it again.", path=str(path)
        ) from error
    text = max((member.file_size for member in members if member.filename.endswith((".xml", ".rels"))), default=0)
    if text > largest:
        raise _absurd(path, f"a part of {text >> 20:,} MiB")
    if (total := sum(member.file_size for member in members)) > MAX_OFFICE:
        raise _absurd(path, f"{total >> 20:,} MiB once unpacked")


def directory_size(path: Path) -> int:
    """How many bytes of directory a zip claims to have; 0 where it has no end record."""
    with path.open("rb") as file:
        file.seek(0, 2)
        file.seek(max(0, file.tell() - _TAIL))
        tail = file.read()
    end, end64 = tail.rfind(_END), tail.rfind(_END64)
    size = struct.unpack_from("<L", tail, end + 12)[0] if 0 <= end <= len(tail) - 16 else 0
    if size == 0xFFFFFFFF and 0 <= end64 <= len(tail) - 48:
        size = struct.unpack_from("<Q", tail, end64 + 40)[0]
    return int(size)


def _absurd(path: Path, what: str) -> MalformedSource:
    hint = "Save only the part with the interviews, or export it as CSV or text."
    return MalformedSource(f"{path.name} holds {what}, too much to read", hint=hint, path=str(path))
