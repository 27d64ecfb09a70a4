"""Folders that are one export, packed into one file again: what readers read, and what is kept, is always a file."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

import ingest

_BEGINNING = (1980, 1, 1, 0, 0, 0)
_KEPT = ".json"
_UNIX = 3


def export_folders(root: Path, files: Iterable[Path]) -> list[Path]:
    """The folders among those of `files`, below `root` or it itself, that are each one export; none inside another."""
    names: dict[Path, list[str]] = {}
    for path in files:
        names.setdefault(path.parent, []).append(path.name)
    found: list[Path] = []
    for folder in sorted(names, key=lambda path: (len(path.parts), path)):
        inside = folder != root and any(parent in found for parent in folder.parents)
        if not inside and ingest.is_one_export(names[folder]):
            found.append(folder)
    return found


def pack(folder: Path, files: Sequence[Path], target: Path) -> None:
    """Write a zip of the files of an export below a folder: the same files always give the same bytes.

    Raises:
        OSError: a file cannot be read, or there is no room for it.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(files):
            name = PurePosixPath(path.relative_to(folder)).as_posix()
            if name.casefold().endswith(_KEPT):
                _write(archive, path, name)


def _write(archive: zipfile.ZipFile, path: Path, name: str) -> None:
    member = zipfile.ZipInfo(name.encode("utf-8", "replace").decode(), date_time=_BEGINNING)
    member.create_system = _UNIX
    member.file_size = path.stat().st_size
    with path.open("rb") as source, archive.open(member, "w") as target:
        while block := source.read(1 << 20):
            target.write(block)
