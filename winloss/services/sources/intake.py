"""Sources in: files, folders and zips become documents, deals and accounts, one atomic step a file.

The same bytes in the same context are never read twice; a corrected file becomes a new version of the same document.
A file that cannot be read is refused with its reason and stops nothing else.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import file_digest, sha256
from pathlib import Path

import ingest
from winloss.errors import SourceError
from winloss.model import (
    Account,
    Correction,
    Deal,
    Document,
    Finding,
    Participant,
    ReadDocument,
    Severity,
    SourceFile,
    Turn,
    fingerprint,
    stable_id,
)
from winloss.ports import ReadContext, Transaction, Workbench
from winloss.services import journal
from winloss.services.erasure import erasing, tombstones
from winloss.services.sources import attending, containers, correcting, joining, mapping_tables, reading_in

TURNS_AT_ONCE = 400
"""Turns that are stored at once."""

KEPT_MAPPING = Finding(
    code="kept-mapping",
    message="read by the mapping that was made for a table with these columns",
    severity=Severity.INFO,
)

READING_VERSION = 4
"""Grows when the same bytes are read differently than before, so that they are read again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What somebody says of one of the paths that are taken in, as a manifest's row would; it counts before the row."""

    kind: str | None = None
    row: Mapping[str, str] = field(default_factory=dict)


NOTHING_TOLD = Told()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOutcome:
    """What became of one file.

    `status`: added, updated, unchanged, forgotten (nothing of it may come in again) or refused (then `error` and `hint`
    say why).
    """

    path: str
    status: str
    reader: str | None = None
    documents: int = 0
    new_versions: int = 0
    unchanged_documents: int = 0
    turns: int = 0
    deals: int = 0
    accounts: int = 0
    findings: tuple[Finding, ...] = ()
    error: str | None = None
    hint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeReport:
    """Everything one `ingest` did; `joined` documents got their account, segment or outcome from CRM data."""

    files: tuple[FileOutcome, ...]
    joined: int = 0
    findings: tuple[Finding, ...] = ()


@dataclass(slots=True)
class _Tally:
    """Counts of one file while it is being read."""

    documents: int = 0
    new_versions: int = 0
    unchanged: int = 0
    turns: int = 0
    deals: list[Deal] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    remarks: Gathered = field(default_factory=lambda: Gathered())
    waiting: list[tuple[Document, Sequence[Turn], Sequence[Participant]]] = field(default_factory=list)
    waiting_turns: int = 0
    corrections: Sequence[Correction] = ()


def take_in(
    bench: Workbench,
    paths: Sequence[Path],
    *,
    kind: str | None = None,
    mapping: Path | None = None,
    private: bool = False,
    told: Mapping[str, Told] | None = None,
) -> IntakeReport:
    """Read files, folders and zips into the store.

    Files of one name in several folders are different documents, named with their folders. `private` reads what is
    left out unless somebody asks for it: direct messages and private channels. `told` says more about paths, by name.

    Raises:
        SourceError: a path does not exist, or the mapping cannot be read (nothing was stored then).
    """
    outcomes: list[FileOutcome] = []
    with erasing.at_work(bench), containers.opened(paths, workspace=bench.root) as batches:
        lists = _lists(batches)
        files = list(_files(batches, kind, mapping, lists, private=private, root=bench.root, told=told or {}))
        remarks = [finding for batch in batches for finding in batch.findings]
        with bench.progress.track("reading", total=len(files)) as advance:
            for path, shown, context in files:
                outcomes.append(_take_in_file(bench, path, context, shown, lists))
                advance(1)
        remarks += lists.findings()
        came = any(item.status in ("added", "updated") for item in outcomes)
        joined = joining.join_context(bench) if came else 0
    if came:
        journal.note(bench, journal.READ_IN, f"{len(outcomes):,} files")
    return IntakeReport(files=tuple(outcomes), joined=joined, findings=tuple(remarks))


def contexts(
    paths: Sequence[Path],
    *,
    root: Path,
    kind: str | None = None,
    mapping: Path | None = None,
    private: bool = False,
    told: Mapping[str, Told] | None = None,
) -> Iterator[tuple[Path, str, ReadContext]]:
    """(file, name to show, context) for every file under `paths`, for a dry run; unpacked zips live while iterating."""
    with containers.opened(paths, workspace=root) as batches:
        lists = _lists(batches)
        yield from _files(batches, kind, mapping, lists, private=private, root=root, told=told or {})


def _lists(batches: Sequence[containers.Batch]) -> attending.Lists:
    return attending.lists_among((path, batch.shown(path)) for batch in batches for path in batch.files)


def _files(
    batches: Sequence[containers.Batch],
    kind: str | None,
    mapping: Path | None,
    lists: attending.Lists,
    *,
    private: bool,
    root: Path,
    told: Mapping[str, Told],
) -> Iterator[tuple[Path, str, ReadContext]]:
    beside = ingest.companions([path for batch in batches for path in batch.files if path not in lists.people])
    folders: dict[str, set[Path]] = {}
    for path in beside:
        folders.setdefault(path.stem, set()).add(path.parent)
    for batch in batches:
        said = told.get(batch.label.partition("/")[0], NOTHING_TOLD)
        for path in filter(beside.__contains__, batch.files):
            shown = batch.shown(path)
            attendees = lists.of(path)
            row = {**(batch.manifest.row_for(path) or {}), **said.row} or None
            context = replace(
                _context(path, attending.with_names(row, attendees, path), said.kind or kind, mapping, root),
                companions=(*batch.companions(path), *beside[path]),
                shown=shown,
                private=private,
                attendees=attendees,
            )
            shared = len(folders[path.stem]) > 1
            yield path, shown, replace(context, name=shown.removesuffix(path.suffix)) if shared else context


def _context(
    path: Path, manifest: Mapping[str, str] | None, kind: str | None, mapping: Path | None, root: Path
) -> ReadContext:
    beside = path.with_name(path.stem + ".map.toml")
    kept = None if mapping or beside.exists() else mapping_tables.kept_for(root, path)
    chosen = mapping or kept or (beside if beside.exists() else None)
    loaded = ingest.load_mapping(chosen) if chosen else None
    return ReadContext(kind=kind, mapping=loaded, manifest=manifest, mapping_kept=kept is not None)


def _take_in_file(
    bench: Workbench, path: Path, context: ReadContext, shown: str, lists: attending.Lists
) -> FileOutcome:
    try:
        reader = ingest.reader_for(path, context)
        context_hash = fingerprint(reader.name, READING_VERSION, _canonical(context), *_vendor(bench))
        digest = bench.store.blob_name(path)
        if known := bench.store.find_file(digest, context_hash):
            return FileOutcome(path=shown, status="unchanged", reader=known.reader, findings=known.findings)
        door = tombstones.Door(tombstones.marks(bench))
        if door.marks.holds_file(digest):
            return FileOutcome(path=shown, status="forgotten", findings=(tombstones.FILE_FORGOTTEN,))
        file_id = stable_id("f", digest, context_hash)
        with bench.store.transaction() as transaction:
            tally = _read_all(bench, transaction, path, context, file_id, door, lists)
            findings = tuple(gathered([*door.remarks(tally.remarks.findings()), *door.findings()]))
            if door.withheld and not (tally.documents or tally.deals or tally.accounts):
                return FileOutcome(path=shown, status="forgotten", reader=reader.name, findings=findings)
            shown = door.spared_path(shown)
            transaction.put_deals(tally.deals, file_id, path=shown)
            transaction.put_accounts(tally.accounts, file_id, path=shown)
            transaction.put_file(
                SourceFile(
                    id=file_id,
                    path=shown,
                    blob="" if door.withheld else bench.store.put_blob(path),
                    size=path.stat().st_size,
                    reader=reader.name,
                    context_hash=context_hash,
                    ingested_at=bench.clock.now(),
                    documents=tally.documents,
                    turns=tally.turns,
                    deals=len(tally.deals),
                    accounts=len(tally.accounts),
                    findings=findings,
                )
            )
    except SourceError as error:
        return FileOutcome(path=shown, status="refused", error=error.message, hint=error.hint)
    return FileOutcome(
        path=shown,
        status="updated" if tally.new_versions else "added",
        reader=reader.name,
        documents=tally.documents,
        new_versions=tally.new_versions,
        unchanged_documents=tally.unchanged,
        turns=tally.turns,
        deals=len(tally.deals),
        accounts=len(tally.accounts),
        findings=findings,
    )


def _read_all(
    bench: Workbench,
    transaction: Transaction,
    path: Path,
    context: ReadContext,
    file_id: str,
    door: tombstones.Door,
    lists: attending.Lists,
) -> _Tally:
    tally = _Tally(corrections=bench.store.corrections())
    if context.mapping_kept:
        tally.remarks.add(KEPT_MAPPING)
    with _following(bench, path):
        for thing in ingest.read(path, context):
            if isinstance(thing, Finding):
                tally.remarks.add(thing)
            elif isinstance(thing, Deal):
                tally.deals.append(door.spared(thing))
            elif isinstance(thing, Account):
                tally.accounts.append(door.spared_account(thing))
            else:
                described = attending.described(thing, context, path)
                lists.listen(path, described)
                _take_document(bench, described, file_id, tally, door)
                if tally.waiting_turns >= TURNS_AT_ONCE:
                    _store_documents(bench, transaction, tally)
    _store_documents(bench, transaction, tally)
    return tally


@contextmanager
def _following(bench: Workbench, path: Path) -> Iterator[None]:
    """While this lasts, how far the file is read is shown."""
    come = 0

    def at(place: int) -> None:
        nonlocal come
        advance(place - come)
        come = place

    with bench.progress.track(path.name, total=path.stat().st_size, unit="bytes") as advance, ingest.followed(at):
        yield


def _take_document(
    bench: Workbench, described: ReadDocument, file_id: str, tally: _Tally, door: tombstones.Door
) -> None:
    document, turns, findings = reading_in.as_stored(described, bench.codebook, bench.settings, file_id=file_id)
    left = door.let_in(document, turns, described.participants)
    if left is None:
        return
    for finding in findings:
        tally.remarks.add(finding)
    tally.waiting.append((left.document, left.turns, left.participants))
    tally.waiting_turns += len(left.turns)


def _store_documents(bench: Workbench, transaction: Transaction, tally: _Tally) -> None:
    """Store what waits, all at once: a statement for many rows costs little more than one for a single row."""
    changes = transaction.put_documents(tally.waiting)
    for change, (document, turns, _) in zip(changes, tally.waiting, strict=True):
        if change != "unchanged" and tally.corrections:
            correcting.put_corrected(transaction, document, turns, tally.corrections, bench.codebook)
    tally.documents += len(tally.waiting)
    tally.turns += tally.waiting_turns
    tally.new_versions += changes.count("new version")
    tally.unchanged += changes.count("unchanged")
    tally.waiting.clear()
    tally.waiting_turns = 0


class Gathered:
    """Equal findings once, with their count; the place is that of the first. Only their kinds take room."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, str, Severity], Finding] = {}
        self._counts: Counter[tuple[str, str, Severity]] = Counter()

    def add(self, finding: Finding) -> None:
        """Note one finding."""
        key = (finding.code, finding.message, finding.severity)
        self._first.setdefault(key, finding)
        self._counts[key] += finding.count

    def findings(self) -> tuple[Finding, ...]:
        """Every finding, in the order in which each first came up."""
        return tuple(replace(finding, count=self._counts[key]) for key, finding in self._first.items())


def gathered(findings: Iterable[Finding]) -> list[Finding]:
    """Equal findings once, with their count."""
    found = Gathered()
    for finding in findings:
        found.add(finding)
    return list(found.findings())


def _vendor(bench: Workbench) -> list[str]:
    """What tells the vendor's people: where it changes, files are read again."""
    vendor = bench.codebook.vendor
    return [vendor.name, *vendor.aliases, "@", *vendor.domains] if vendor else []


def _canonical(context: ReadContext) -> str:
    manifest: Mapping[str, str] = context.manifest or {}
    beside = [_hash_of(path) for path in context.companions]
    attendees = [repr(item) for item in context.attendees]
    parts = [context.kind, context.mapping, dict(manifest), beside, context.private, attendees]
    return sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
