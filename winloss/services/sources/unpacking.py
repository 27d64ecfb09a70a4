"""Archives unpacked with care: zip, tar and compressed files, from anybody, into a folder of their own.

What is inside is not trusted: no path leaves the folder, no link is followed, nothing grows past the limits, and a
member that cannot be unpacked is told and does not lose the others.
"""

from __future__ import annotations

import lzma
import re
import shutil
import stat
import tarfile
import zipfile
import zlib
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import IO, Self, cast

from winloss.errors import MalformedSource
from winloss.model import Finding
from winloss.services.sources.decompressing import TAR_MARK, compression_of, decompressed

MAX_UNPACKED = 64 << 30
MAX_FILES = 50_000
MAX_RATIO = 250
FREE_RATIO = 64 << 20
KEPT_FREE = 256 << 20
MAX_HEADER = 1 << 20
_PIECE = 1 << 20
_CUT = "the archive breaks off; what comes after was not read. Ask for it again"
_SUFFIXES = {"gzip": (".gz", ".gzip", ".tgz"), "zstd": (".zst", ".zstd"), "bzip2": (".bz2",), "xz": (".xz", ".lzma")}
_BLOCK = 512
_LONG_HEADERS = (
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
)
_DRIVE = re.compile(r"[A-Za-z]:")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")
_DAMAGED = (OSError, EOFError, ValueError, RuntimeError, NotImplementedError, zlib.error, lzma.LZMAError)
_UNREADABLE = (*_DAMAGED, zipfile.BadZipFile, tarfile.TarError)


@dataclass(slots=True, kw_only=True)
class Budget:
    """What may still be unpacked, over everything that one command opens."""

    entries: int = MAX_FILES
    bytes: int = MAX_UNPACKED


class _TooMuch(Exception):
    """A limit was reached; the message says which."""


def unpack(path: Path, folder: Path, budget: Budget, *, shown: str) -> list[Finding]:
    """Unpack an archive or a compressed file into an empty folder; returns what was left out or renamed.

    Raises:
        MalformedSource: nothing in it could be unpacked, or it grows past a limit (then nothing of it is used).
    """
    unpacking = _Unpacking(archive=path, folder=folder, budget=budget, shown=shown)
    try:
        _open(path, unpacking)
    except _TooMuch as error:
        raise MalformedSource(
            f"{shown} {error}", hint="Unpack it yourself and ingest the folder, or a part of it.", path=str(path)
        ) from error
    except _UNREADABLE as error:
        if not unpacking.written:
            raise _unreadable(path, shown, error) from error
        unpacking.tell("cut-off", _CUT, shown)
    if not unpacking.written and unpacking.told:
        raise MalformedSource(
            f"nothing in {shown} can be unpacked: {next(iter(unpacking.told.values())).message}",
            hint=_hint(unpacking),
            path=str(path),
        )
    return list(unpacking.told.values())


class _Counted:
    """A stream of unpacked bytes that counts against the limits."""

    def __init__(self, source: IO[bytes], unpacking: _Unpacking) -> None:
        self._source = source
        self._unpacking = unpacking
        self.tail = b""

    def read(self, size: int = _PIECE) -> bytes:
        """The next bytes, at most `size`."""
        data = self._source.read(min(size, _PIECE) if size >= 0 else _PIECE)
        self._unpacking.grow(len(data))
        self.tail = (self.tail + data[-_BLOCK:])[-_BLOCK:]
        return data


class _Header(tarfile.TarInfo):
    """A member of a tar, none of whose headers may be absurdly long: the library reads them into memory whole."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        """A header from its block."""
        header = super().frombuf(buf, encoding, errors)
        if header.type in _LONG_HEADERS and header.size > MAX_HEADER:
            raise tarfile.ReadError("it has an absurdly long header")
        return header


@dataclass(slots=True, kw_only=True)
class _Unpacking:
    """One archive on its way into its folder."""

    archive: Path
    folder: Path
    budget: Budget
    shown: str
    written: int = 0
    size: int = 0
    told: dict[tuple[str, str], Finding] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def tell(self, code: str, message: str, where: str) -> None:
        """Note what was not unpacked; equal remarks once, with their count."""
        first = self.told.get((code, message))
        known = replace(first, count=first.count + 1) if first else Finding(code=code, message=message, where=where)
        self.told[code, message] = known

    def meet(self) -> None:
        """Count one entry of the archive, of whatever kind."""
        self.budget.entries -= 1
        if self.budget.entries < 0:
            raise _TooMuch(f"holds more than {MAX_FILES:,} files and folders")

    def grow(self, count: int) -> None:
        """Count unpacked bytes."""
        self.size += count
        self.budget.bytes -= count
        if self.budget.bytes < 0:
            raise _TooMuch(f"unpacks to more than {MAX_UNPACKED >> 30} GiB")
        if self.size > max(FREE_RATIO, MAX_RATIO * self.archive.stat().st_size):
            raise _TooMuch(f"unpacks to more than {MAX_RATIO} times its size, which no export does")
        if shutil.disk_usage(self.folder).free < KEPT_FREE:
            raise _TooMuch("does not fit on the disk once unpacked")

    def write(self, name: str, source: _Counted | IO[bytes]) -> None:
        """One member as a file: whole, or not at all."""
        target = self._target(name)
        if target is None:
            return
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as file:
                shutil.copyfileobj(source, file, _PIECE)
        except _UNREADABLE as error:
            target.unlink(missing_ok=True)
            self.tell("member-broken", f"a file in the archive cannot be unpacked: {_reason(error)}", name)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        else:
            self.written += 1

    def _target(self, name: str) -> Path | None:
        """Where a member goes, or None where its name is unsafe; a repeated name gets a number."""
        plain = name.replace("\\", "/")
        path = PurePosixPath(plain)
        if path.is_absolute() or ".." in path.parts or _DRIVE.match(plain) or not path.parts:
            self.tell("unsafe-path", "a file in the archive has an unsafe path and was left out", name[:200])
            return None
        if any(len(part.encode("utf-8", "replace")) > 240 for part in path.parts) or len(path.parts) > 40:
            self.tell("unsafe-path", "a file in the archive has too long a path and was left out", name[:200])
            return None
        target = self.folder.joinpath(*map(_safe, path.parts))
        number = 1
        while (key := str(target).casefold()) in self.names:
            number += 1
            target = target.with_name(f"{PurePosixPath(_safe(path.name)).stem} ({number}){target.suffix}")
        if number > 1:
            self.tell("same-name", "two files in the archive have one name; the second was given a number", name)
        self.names.add(key)
        return target


def _open(path: Path, unpacking: _Unpacking) -> None:
    kind = compression_of(path)
    if kind is None:
        _zip(path, unpacking)
    elif kind == "tar":
        with path.open("rb") as file:
            _tar(file, unpacking)
    else:
        _compressed(path, kind, unpacking)


def _zip(path: Path, unpacking: _Unpacking) -> None:
    with zipfile.ZipFile(path) as archive:
        members = [member for member in archive.infolist() if not member.filename.endswith("/")]
        for member in members:
            unpacking.meet()
            name = member.filename
            if stat.S_ISLNK(member.external_attr >> 16):
                unpacking.tell("link", "a link in the archive was left out", name)
            elif member.flag_bits & 0x1:
                unpacking.tell("locked", "a file in the archive is locked by a password", name)
            else:
                _zip_member(archive, member, unpacking)


def _zip_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, unpacking: _Unpacking) -> None:
    try:
        source = archive.open(member)
    except _UNREADABLE as error:
        unpacking.tell("member-broken", f"a file in the archive cannot be unpacked: {_reason(error)}", member.filename)
        return
    with source:
        unpacking.write(member.filename, _Counted(source, unpacking))


def _tar(file: IO[bytes], unpacking: _Unpacking) -> None:
    counted = _Counted(file, unpacking)
    with tarfile.open(fileobj=cast(IO[bytes], counted), mode="r|", tarinfo=_Header) as archive:
        for member in archive:
            unpacking.meet()
            archive.members.clear()  # type: ignore[attr-defined]  # or every header stays in memory
            if member.isdir():
                continue
            source = archive.extractfile(member) if member.isreg() and not member.issparse() else None
            if source is None:
                unpacking.tell("link", "a link, device or sparse file in the archive was left out", member.name)
            else:
                unpacking.write(member.name, source)
    if counted.tail.strip(b"\x00"):
        unpacking.tell("cut-off", _CUT, unpacking.shown)


def _compressed(path: Path, kind: str, unpacking: _Unpacking) -> None:
    with decompressed(path, kind) as source:
        tarred = source.read(_BLOCK)[TAR_MARK] == b"ustar"
    with decompressed(path, kind) as source:
        if tarred:
            _tar(source, unpacking)
            return
        unpacking.write(_plain_name(path, kind), _Counted(source, unpacking))
    if not unpacking.written:
        _, message = unpacking.told.popitem()[0]
        raise EOFError(message.partition(": ")[2])


def _plain_name(path: Path, kind: str) -> str:
    suffix = next((end for end in _SUFFIXES[kind] if path.name.casefold().endswith(end)), "")
    return path.name[: len(path.name) - len(suffix)] or path.name


def _safe(part: str) -> str:
    """A name that every file system takes; characters that are no text go."""
    plain = _CONTROL.sub("_", part.encode("utf-8", "replace").decode()).rstrip(". ") or "_"
    return f"_{plain}" if _RESERVED.fullmatch(plain) else plain


def _reason(error: BaseException) -> str:
    if isinstance(error, NotImplementedError):
        return "it is compressed in a way that is not known here"
    return "it is damaged" if isinstance(error, zipfile.BadZipFile | zlib.error) else str(error) or "it is damaged"


def _hint(unpacking: _Unpacking) -> str:
    if any(finding.code == "locked" for finding in unpacking.told.values()):
        return "Unpack it with its password and ingest the folder."
    return "Ask for the export again."


def _unreadable(path: Path, shown: str, error: BaseException) -> MalformedSource:
    return MalformedSource(
        f"{shown} cannot be unpacked: {_reason(error)}", hint="Ask for the export again.", path=str(path)
    )
