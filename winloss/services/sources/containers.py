"""Folders and archives opened into batches of files that share one manifest.

An archive may hold others, one level deep; what lies deeper is told and left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

import ingest
from ingest.zips import CONTENT_TYPES, is_zip, member_names
from winloss.errors import MalformedSource, SourceError
from winloss.model import Finding
from winloss.services.sources.decompressing import compression_of
from winloss.services.sources.packing import export_folders, pack
from winloss.services.sources.unpacking import Budget, unpack

MANIFEST = "manifest.csv"
MAX_DEPTH = 2
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
def opened(paths: Sequence[Path], *, workspace: Path | None = None) -> Iterator[list[Batch]]:
    """The batches under `paths`; archives stay unpacked in a temporary folder for as long as the context lasts.

    A workspace that lies in one of the folders is no source of itself and is left out.

    Raises:
        SourceError: a path does not exist.
        MalformedSource: an archive that was named is broken, unsafe or absurdly large, or there is no room to open it.
    """
    with ExitStack() as stack:
        opening = _Opening(stack=stack, workspace=workspace and workspace.resolve())
        for path in paths:
            if not path.exists():
                raise SourceError(f"no such file or folder: {path}", hint="Check the path.", path=str(path))
            opening.open(path, path.name)
        yield opening.batches


@dataclass(slots=True, kw_only=True)
class _Opening:
    """The archives that are opened together, with what they may unpack to together."""

    stack: ExitStack
    workspace: Path | None
    budget: Budget = field(default_factory=Budget)
    batches: list[Batch] = field(default_factory=list)

    def open(self, path: Path, label: str) -> None:
        """A path that the user named: a folder, an archive or a file."""
        if path.is_dir():
            self._tree(path, label, depth=0)
        elif _is_packed(path):
            self._archive(path, label, depth=1)
        else:
            self.batches.append(_single(path))

    def _tree(self, folder: Path, label: str, *, depth: int) -> None:
        everything = sorted(path for path in folder.rglob("*") if path.is_file() and not _hidden(path, folder))
        if self.workspace and self.workspace.is_relative_to(folder.resolve()):
            everything = [path for path in everything if not path.resolve().is_relative_to(self.workspace)]
        exports = export_folders(folder, everything)
        held = {export: [path for path in everything if path.is_relative_to(export)] for export in exports}
        taken = {path for files in held.values() for path in files}
        rest = [path for path in everything if path not in taken]
        if rest or not exports:
            self._files(_folder(folder, rest, label), depth=depth)
        for export, files in held.items():
            inside = export.relative_to(folder).as_posix() if export != folder else ""
            self._export(export, files, "/".join(filter(None, (label, inside))))

    def _files(self, batches: Sequence[Batch], *, depth: int) -> None:
        for batch in batches:
            packed = [path for path in batch.files if _is_packed(path)]
            rest = tuple(path for path in batch.files if path not in packed)
            remarks = [remark for path in packed for remark in self._inner(path, batch.shown(path), depth)]
            self.batches.append(replace(batch, files=rest, findings=(*batch.findings, *remarks)))

    def _export(self, folder: Path, files: Sequence[Path], label: str) -> None:
        """A folder that is one export, packed into one file."""
        place = Path(self.stack.enter_context(TemporaryDirectory(prefix="winloss-")))
        packed = place / f"{folder.resolve().name or 'export'}.zip"
        try:
            pack(folder, files, packed)
        except OSError as error:
            raise MalformedSource(
                f"{label} cannot be put into one file: {error.strerror or error}",
                hint="Free some room, or ingest the zip that the folder came in.",
                path=str(folder),
            ) from error
        self.batches.append(
            replace(_single(packed), label=label or packed.stem, manifest=ingest.load_manifest(folder.parent))
        )

    def _inner(self, path: Path, label: str, depth: int) -> list[Finding]:
        """An archive inside a folder or another archive; one that cannot be opened loses nothing else."""
        if depth > MAX_DEPTH - 1:
            message = "an archive inside an archive inside an archive was left out: unpack it and ingest it by itself"
            return [Finding(code="nested-archive", message=message, where=label)]
        try:
            self._archive(path, label, depth=depth + 1)
        except MalformedSource as error:
            return [Finding(code="archive-refused", message=f"{error.message}. {error.hint}", where=label)]
        return []

    def _archive(self, path: Path, label: str, *, depth: int) -> None:
        folder = Path(self.stack.enter_context(TemporaryDirectory(prefix="winloss-")))
        told = unpack(path, folder, self.budget, shown=label)
        first = len(self.batches)
        self._tree(folder, label, depth=depth)
        self.batches[first] = _described(self.batches[first], path, told)


def _described(batch: Batch, archive: Path, told: Sequence[Finding]) -> Batch:
    """An archive's batch with what was told when it was unpacked, and with the manifest beside it if it has none."""
    manifest = batch.manifest if batch.manifest.rows else ingest.load_manifest(archive.parent)
    return replace(batch, manifest=manifest, findings=(*batch.findings, *told))


def _single(path: Path) -> Batch:
    """A file on its own; the manifest of its folder describes it all the same."""
    return Batch(root=path, label=path.name, files=(path,), manifest=ingest.load_manifest(path.parent))


def _folder(root: Path, everything: Sequence[Path], label: str) -> list[Batch]:
    """A batch for each folder that has a manifest, and one for what no manifest covers; the nearest manifest counts."""
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


def _is_packed(path: Path) -> bool:
    return _is_archive(path) or compression_of(path) is not None


def _is_archive(path: Path) -> bool:
    """A zip that is not itself a document: office files are zips too, and so are some exports."""
    return is_zip(path) and CONTENT_TYPES not in member_names(path) and not ingest.is_document(path)
