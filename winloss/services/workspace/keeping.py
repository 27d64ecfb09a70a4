"""Getting things out and back: exports of verbatims, and a backup of the whole workspace."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from winloss.errors import ConfigError, SourceError
from winloss.model import Filters, Passage
from winloss.ports import Workbench
from winloss.report.cells import csv_line as csv_line
from winloss.report.cells import inert_cell as inert_cell
from winloss.services import journal
from winloss.services.erasure import erasing
from winloss.services.library import library
from winloss.services.presenting import passage_json
from winloss.services.quote_rights.outward import FewPeople, few_people, outward

BATCH = 2000
_KEPT = ("store.sqlite", "winloss.toml", "codebook.toml", "synonyms.toml")
_FOLDERS = ("blobs", "reports")


def export_lines(
    bench: Workbench, filters: Filters, *, suffix: str, few: dict[FewPeople, None] | None = None
) -> Iterator[str]:
    """The verbatims that pass the filters and may be quoted, as lines of `.jsonl` or `.csv`, ordered by id.

    Cells that a spreadsheet would take for a formula are prefixed with an apostrophe. `few` is given warnings of
    attributions that would point at a person.

    Raises:
        ConfigError: another suffix.
    """
    if suffix in (".jsonl", ".csv"):
        told = json.dumps({name: value for name, value in asdict(filters).items() if value})
        journal.note(bench, journal.HANDED_OUT, f"verbatims ({suffix[1:]}) {told}")
    if suffix == ".jsonl":
        return (
            json.dumps(passage_json(passage), ensure_ascii=False) + "\n"
            for passage in passages_to_export(bench, filters, few)
        )
    if suffix == ".csv":
        return _csv_lines(passages_to_export(bench, filters, few))
    raise ConfigError(
        f"cannot export to {suffix!r}", hint="Name a file that ends in .csv, .docx, .jsonl, .md or .qdpx."
    )


def backup(bench: Workbench, target: Path) -> Path:
    """Write the whole truth (database, raw sources, settings, reports that were made) into one zip.

    Index and vectors are rebuilt on restore.

    Raises:
        ConfigError: the store is a database server, which has its own backup tools.
    """
    database = bench.root / "store.sqlite"
    if bench.settings.database_url or not database.exists():
        raise ConfigError(
            "this workspace's store is not a file in it", hint="Use your database server's own backup, e.g. pg_dump."
        )
    with (
        erasing.at_work(bench),
        TemporaryDirectory() as folder,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        archive.write(_consistent_copy(database, Path(folder)), "store.sqlite")
        for path in sorted(path for folder in _FOLDERS for path in (bench.root / folder).rglob("*")):
            if path.is_file() and path.suffix != ".part":
                archive.write(path, path.relative_to(bench.root).as_posix())
        for name in _KEPT[1:]:
            if (bench.root / name).exists():
                archive.write(bench.root / name, name)
    journal.note(bench, journal.BACKED_UP, target.name)
    return target


def restore(archive_path: Path, root: Path) -> None:
    """Unpack a backup into a workspace folder that holds no store yet.

    Raises:
        SourceError: the file is not a backup.
        ConfigError: the workspace is not empty.
    """
    if (root / "store.sqlite").exists():
        raise ConfigError(f"{root} already holds a workspace", hint="Name a new folder with --workspace.")
    if not archive_path.is_file() or not zipfile.is_zipfile(archive_path):
        raise SourceError(f"{archive_path.name} is not a backup", hint="Name a file that `winloss backup` wrote.")
    with zipfile.ZipFile(archive_path) as archive:
        names = archive.namelist()
        own = tuple(f"{folder}/" for folder in _FOLDERS)
        foreign = [name for name in names if (name not in _KEPT and not name.startswith(own)) or ".." in name]
        if "store.sqlite" not in names or foreign:
            raise SourceError(f"{archive_path.name} is not a backup", hint="Name a file that `winloss backup` wrote.")
        root.mkdir(parents=True, exist_ok=True)
        archive.extractall(root)


def passages_to_export(
    bench: Workbench, filters: Filters, few: dict[FewPeople, None] | None = None
) -> Iterator[Passage]:
    """The verbatims that pass the filters and may be quoted, as they may leave, ordered by id.

    `few` is given a warning for each attribution that would point at a person.
    """
    ids = [row.id for row in library(bench).passing(filters)]
    for start in range(0, len(ids), BATCH):
        passages = bench.store.passages(ids[start : start + BATCH])
        if few is not None:
            few |= dict.fromkeys(few_people(bench, passages))
        yield from outward(bench, passages)


def _csv_lines(passages: Iterable[Passage]) -> Iterator[str]:
    names: list[str] | None = None
    for passage in passages:
        row = {name: value for name, value in passage_json(passage).items() if name not in ("score", "highlights")}
        if names is None:
            names = list(row)
            yield csv_line(names)
        yield csv_line(inert_cell(row[name]) for name in names)


def _consistent_copy(database: Path, folder: Path) -> Path:
    copy = folder / "store.sqlite"
    source, target = sqlite3.connect(database), sqlite3.connect(copy)
    try:
        source.backup(target)
    finally:
        source.close()
        target.close()
    return copy
