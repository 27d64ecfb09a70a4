"""Files that were handed over and are not taken in yet: kept in the workspace, each with what somebody says about it.

Nothing here is evidence. Every upload has a folder of its own, so that two at once never meet; it appears whole or not
at all. What nobody takes in within two weeks goes, and so does everything here that waits for nothing when somebody is
forgotten.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path, PurePosixPath
from secrets import token_hex
from typing import IO, Any

from winloss.errors import Conflict, NotFound, QueryError, SourceError
from winloss.model import stable_id
from winloss.ports import Workbench
from winloss.services import journal
from winloss.services.workspace import jobs

FOLDER, LOCK, TOLD = "staging", "staging.lock", "upload.json"
KEPT_DAYS = 14
MOST_FILES = 200
KEPT_FREE = 512 << 20
"""So much of the disk is left to the store."""
_PIECE = 1 << 20
_LONGEST = 180
_CONTROL = re.compile(r"[\x00-\x1f\x7f<>:\"|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What somebody says of a file: its kind, what its columns mean, what a manifest would say, and sides by speaker.

    `fields` are the columns of a table by the field that reads them; None where no mapping was made. `proposed` tells
    that nobody has looked at the mapping yet.
    """

    kind: str | None = None
    fields: Mapping[str, str] | None = None
    row: Mapping[str, str] = field(default_factory=dict)
    sides: Mapping[str, str] = field(default_factory=dict)
    proposed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedFile:
    """One file that was handed over. `digest` is the SHA-256 of its bytes."""

    name: str
    size: int
    digest: str
    choice: Choice = field(default_factory=Choice)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """What was handed over together; `remarks` tell what of it was not kept, or was renamed."""

    id: str
    made_at: str
    by: str | None
    files: tuple[StagedFile, ...]
    remarks: tuple[str, ...] = ()

    def file(self, name: str) -> StagedFile:
        """One of the files.

        Raises:
            NotFound: none is called so.
        """
        found = next((item for item in self.files if item.name == name), None)
        if found is None:
            raise NotFound(f"no file {name} in this upload", hint="Look at the upload again.")
        return found


def stage(bench: Workbench, sent: Iterable[tuple[str, IO[bytes]]]) -> Upload:
    """Keep files by their names until somebody decides about them; empty ones and repeated ones are told and left out.

    Raises:
        QueryError: no file was sent, or too many.
        SourceError: nothing of it can be kept, or there is no room.
    """
    _drop_old(bench)
    upload_id = stable_id("u", bench.clock.now(), token_hex(8))
    home = bench.root / FOLDER
    aside = home / f".{upload_id}"
    (aside / "files").mkdir(parents=True)
    try:
        kept = _Kept(aside / "files")
        for name, stream in sent:
            kept.take(name, stream)
        upload = kept.as_upload(upload_id, bench.clock.now(), journal.actor().who)
        _write(aside, upload)
        aside.rename(home / upload_id)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return upload


def uploads(bench: Workbench) -> list[Upload]:
    """Everything that was handed over and not taken in, the latest first."""
    found = [_read(folder) for folder in (bench.root / FOLDER).glob("u*") if folder.is_dir()]
    return sorted((item for item in found if item), key=lambda item: (item.made_at, item.id), reverse=True)


def find(bench: Workbench, upload_id: str) -> Upload:
    """An upload by its id.

    Raises:
        NotFound: there is none, or it was taken in, dropped, or left for too long.
    """
    found = _read(_home(bench, upload_id)) if re.fullmatch(r"u[a-z2-7]{16}", upload_id) else None
    if found is None:
        raise NotFound(
            f"no upload {upload_id} waits to be looked at",
            hint=f"It was taken in or dropped, or lay for {KEPT_DAYS} days. Hand the files over again.",
        )
    return found


def path_of(bench: Workbench, upload: Upload, file: StagedFile) -> Path:
    """Where a file lies."""
    return _home(bench, upload.id) / "files" / file.name


def asked_for(bench: Workbench, upload_id: str) -> jobs.Job | None:
    """The job that is to take an upload in, where one waits or runs."""
    open_jobs = (job for job in jobs.jobs(bench) if job.is_open and job.kind is jobs.JobKind.TAKE_IN)
    return next((job for job in open_jobs if job.given.get("upload") == upload_id), None)


def choose(bench: Workbench, upload_id: str, name: str, choice: Choice, *, mapping: str | None = None) -> Upload:
    """Say something else of a file; `mapping` is the mapping file that goes beside it, where one was made.

    Raises:
        NotFound: no such upload or file.
        Conflict: it is being taken in.
    """
    with _changing(bench, upload_id) as upload:
        before = upload.file(name)
        changed = replace(before, choice=choice)
        after = replace(upload, files=tuple(changed if item == before else item for item in upload.files))
        beside = path_of(bench, upload, before).with_name(f"{Path(name).stem}.map.toml")
        if mapping is not None:
            beside.write_text(mapping, encoding="utf-8")
        elif choice.fields != before.choice.fields:
            beside.unlink(missing_ok=True)
        _write(_home(bench, upload_id), after)
    return after


def drop(bench: Workbench, upload_id: str, names: Iterable[str] | None = None) -> Upload | None:
    """Keep some files, or all, no longer; returns what is left.

    Raises:
        NotFound: no such upload or file.
        Conflict: it is being taken in.
    """
    with _changing(bench, upload_id) as upload:
        gone = {item.name for item in upload.files} if names is None else {upload.file(name).name for name in names}
        return _without(bench, upload, gone)


def drop_taken(bench: Workbench, upload_id: str, outcomes: Iterable[Mapping[str, Any]]) -> None:
    """Once a job has taken an upload in: keep only the files that were refused, so that they can be looked at again."""
    refused = {str(item["path"]).partition("/")[0] for item in outcomes if item["status"] == "refused"}
    with _alone(bench):
        if upload := _read(_home(bench, upload_id)):
            _without(bench, upload, {item.name for item in upload.files if item.name not in refused})


def trim(bench: Workbench) -> None:
    """Drop everything that no job waits for: it may hold the words of somebody who is forgotten."""
    with _alone(bench):
        for upload in uploads(bench):
            if asked_for(bench, upload.id) is None:
                _without(bench, upload, {item.name for item in upload.files})


def is_helper(name: str) -> bool:
    """Whether a file says something about the others and is not read by itself."""
    return name.casefold() == "manifest.csv" or name.casefold().endswith(".toml")


def safe_name(name: str) -> str:
    """A file's name without folders, that every file system takes; what no name can hold goes."""
    plain = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode()).replace("\\", "/")
    last = _CONTROL.sub("_", PurePosixPath(plain).name).strip().rstrip(". ").lstrip(".")
    suffix = "".join(PurePosixPath(last).suffixes[-2:])[-24:]
    stem = last[: len(last) - len(suffix)] if suffix else last
    while len((stem + suffix).encode()) > _LONGEST:
        stem = stem[:-1]
    safe = (stem + suffix) or "unnamed"
    return f"_{safe}" if _RESERVED.fullmatch(safe) else safe


# --- keeping ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Kept:
    """The files of one upload while they come in."""

    folder: Path
    files: list[StagedFile] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def take(self, name: str, stream: IO[bytes]) -> None:
        """Keep one file, unless it is empty or here already."""
        if len(self.files) >= MOST_FILES:
            raise QueryError(f"more than {MOST_FILES} files at once", hint="Put them into a zip, or send fewer.")
        called = self._free(safe_name(name))
        target = self.folder / called
        digest, size = _copied(stream, target)
        same = next((item.name for item in self.files if item.digest == digest), None)
        if not size or same:
            target.unlink()
            shown = safe_name(name)
            self.remarks.append(f"{shown} says the same as {same} and is kept once." if same else f"{shown} is empty.")
            return
        if called != name:
            self.remarks.append(f"A name that cannot be kept as it is: the file is called {called} here.")
        self.files.append(StagedFile(name=called, size=size, digest=digest))

    def as_upload(self, upload_id: str, made_at: str, by: str | None) -> Upload:
        """What came in."""
        if not self.files:
            if not self.remarks:
                raise QueryError("no file was sent", hint="Choose one or more files, or drop them on the page.")
            raise SourceError(" ".join(self.remarks), hint="Check the export, and hand it over again.")
        return Upload(id=upload_id, made_at=made_at, by=by, files=tuple(self.files), remarks=tuple(self.remarks))

    def _free(self, name: str) -> str:
        taken, number, called = {item.name.casefold() for item in self.files}, 1, name
        while called.casefold() in taken:
            number += 1
            path = PurePosixPath(name)
            called = f"{path.stem} ({number}){path.suffix}"
        return called


def _copied(stream: IO[bytes], target: Path) -> tuple[str, int]:
    digest, size = sha256(), 0
    try:
        with target.open("wb") as file:
            while piece := stream.read(_PIECE):
                if shutil.disk_usage(target.parent).free < KEPT_FREE:
                    raise SourceError("there is no room left on the disk", hint="Free some, and hand it over again.")
                digest.update(piece)
                size += len(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        hint = "Free some room, or check the rights of the workspace's folder."
        raise SourceError(f"{target.name} cannot be kept: {error.strerror or error}", hint=hint) from error
    return digest.hexdigest(), size


def _without(bench: Workbench, upload: Upload, gone: set[str]) -> Upload | None:
    left = tuple(item for item in upload.files if item.name not in gone)
    home = _home(bench, upload.id)
    if not [item for item in left if not is_helper(item.name)]:
        shutil.rmtree(home, ignore_errors=True)
        return None
    after = replace(upload, files=left, remarks=())
    _write(home, after)
    for name in gone:
        (home / "files" / name).unlink(missing_ok=True)
        (home / "files" / f"{Path(name).stem}.map.toml").unlink(missing_ok=True)
    return after


def _drop_old(bench: Workbench) -> None:
    now = datetime.fromisoformat(bench.clock.now())
    with _alone(bench) as home:
        for upload in uploads(bench):
            lain = now - datetime.fromisoformat(upload.made_at)
            if lain > timedelta(days=KEPT_DAYS) and asked_for(bench, upload.id) is None:
                shutil.rmtree(_home(bench, upload.id), ignore_errors=True)
        for torn in home.glob(".u*"):
            if now.timestamp() - torn.stat().st_mtime > timedelta(days=1).total_seconds():
                shutil.rmtree(torn, ignore_errors=True)


@contextmanager
def _changing(bench: Workbench, upload_id: str) -> Iterator[Upload]:
    with _alone(bench):
        upload = find(bench, upload_id)
        if asked_for(bench, upload_id) is not None:
            raise Conflict("this is being taken in already", hint="See the page of jobs.")
        yield upload


@contextmanager
def _alone(bench: Workbench) -> Iterator[Path]:
    from winloss.search import locked

    home = bench.root / FOLDER
    home.mkdir(parents=True, exist_ok=True)
    with locked(home / LOCK):
        yield home


def _home(bench: Workbench, upload_id: str) -> Path:
    return bench.root / FOLDER / upload_id


def _write(home: Path, upload: Upload) -> None:
    aside = home / f"{TOLD}.new"
    aside.write_text(json.dumps(asdict(upload), ensure_ascii=False), encoding="utf-8")
    aside.replace(home / TOLD)


def _read(home: Path) -> Upload | None:
    try:
        told = json.loads((home / TOLD).read_text(encoding="utf-8"))
        files = tuple(StagedFile(**{**item, "choice": Choice(**item["choice"])}) for item in told["files"])
        return Upload(**{**told, "files": files, "remarks": tuple(told["remarks"])})
    except (OSError, ValueError, KeyError, TypeError):
        return None
