"""Folders and zips opened into batches of files that share one manifest."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

import ingest
from winloss.errors import MalformedSource, SourceError
from winloss.model import Finding

MANIFEST = "manifest.csv"
MAX_UNPACKED = 4 << 30
MAX_RATIO = 200
_SKIPPED_SUFFIXES = (".toml", ".md5", ".ini", ".ds_store")


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Files of one folder tree (or a single one), the manifest that describes them, and what it says about nothing."""

    root: Path
    label: str
    files: tuple[Path, ...]
    manifest: ingest.Manifest
    findings: tuple[Finding, ...] = ()

    def shown(self, path: Path) -> str:
        """The name under which a file is reported: relative to what the user named."""
        inside = path.relative_to(self.root).as_posix() if path != self.root else ""
        return "/".join(part for part in (self.label, inside) if part)

    def companions(self, path: Path) -> tuple[Path, ...]:
        """The file that the manifest names as the companion of this one, where it is there."""
        named = (self.manifest.row_for(path) or {}).get("companion_file")
        beside = path.with_name(PurePosixPath(named).name) if named else None
        return (beside,) if beside and beside.is_file() else ()


@contextmanager
def opened(paths: Sequence[Path]) -> Iterator[list[Batch]]:
    """The batches under `paths`; zips stay unpacked in a temporary folder for as long as the context lasts.

    Raises:
        SourceError: a path does not exist.
        MalformedSource: a zip is broken, unsafe or absurdly large.
    """
    with ExitStack() as stack:
        batches: list[Batch] = []
        for path in paths:
            if not path.exists():
                raise SourceError(f"no such file or folder: {path}", hint="Check the path.", path=str(path))
            if path.is_file() and _is_archive(path):
                folder = Path(stack.enter_context(TemporaryDirectory(prefix="winloss-")))
                _unpack(path, folder)
                batches += _folder(folder, path.name)
            else:
                batches += _folder(path, path.name) if path.is_dir() else [_single(path)]
        yield batches


def _single(path: Path) -> Batch:
    """A file on its own; the manifest of its folder describes it all the same."""
    return Batch(root=path, label=path.name, files=(path,), manifest=ingest.load_manifest(path.parent))


def _folder(root: Path, label: str) -> list[Batch]:
    """A batch for each folder that has a manifest, and one for what no manifest covers; the nearest manifest counts."""
    everything = sorted(path for path in root.rglob("*") if path.is_file() and not _hidden(path, root))
    homes = {path.parent for path in everything if path.name.casefold() == MANIFEST} | {root}
    covered: dict[Path, list[Path]] = {home: [] for home in sorted(homes)}
    for path in everything:
        covered[next(parent for parent in path.parents if parent in homes)].append(path)
    return [_covered(root, home, files, label) for home, files in covered.items()]


def _covered(root: Path, home: Path, everything: Sequence[Path], label: str) -> Batch:
    manifest = ingest.load_manifest(home)
    companions = {name.casefold() for name in manifest.companions()}
    files = tuple(path for path in everything if not _is_helper(path) and path.name.casefold() not in companions)
    return Batch(root=root, label=label, files=files, manifest=manifest, findings=tuple(manifest.findings(everything)))


def _is_helper(path: Path) -> bool:
    return path.name.casefold() == MANIFEST or path.suffix.casefold() in _SKIPPED_SUFFIXES


def _hidden(path: Path, root: Path) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in path.relative_to(root).parts)


def _is_archive(path: Path) -> bool:
    """A zip that is not itself a document: office files are zips too."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return "[Content_Types].xml" not in archive.namelist()


def _unpack(path: Path, folder: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        size = sum(member.file_size for member in members)
        if size > MAX_UNPACKED or size > MAX_RATIO * max(path.stat().st_size, 1):
            raise MalformedSource(
                f"{path.name} would unpack to {size:,} bytes", hint="Unpack it yourself and ingest the folder."
            )
        for member in members:
            name = PurePosixPath(member.filename.replace("\\", "/"))
            if name.is_absolute() or ".." in name.parts:
                raise MalformedSource(f"{path.name} holds an unsafe path: {member.filename}", path=str(path))
        try:
            archive.extractall(folder, members=[member.filename for member in members])
        except (zipfile.BadZipFile, OSError, RuntimeError) as error:
            raise MalformedSource(
                f"{path.name} cannot be unpacked: {error}", hint="Ask for the export again."
            ) from error
