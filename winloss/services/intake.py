"""Sources in: files, folders and zips become documents, deals and accounts, one atomic step a file.

The same bytes in the same context are never read twice; a corrected file becomes a new version of the same document.
A file that cannot be read is refused with its reason and stops nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

import ingest
from winloss.errors import SourceError
from winloss.model import Account, Deal, Finding, ReadDocument, Severity, SourceFile, fingerprint, stable_id
from winloss.ports import ReadContext, Transaction, Workbench
from winloss.services import containers, joining, reading_in

READING_VERSION = 3
"""Grows when the same bytes are read differently than before, so that they are read again."""

MOST_FINDINGS = 20_000
"""More are put together while a file is read, not only at its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOutcome:
    """What became of one file. `status`: added, updated, unchanged or refused (then `error` and `hint` say why)."""

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
    findings: list[Finding] = field(default_factory=list)


def take_in(
    bench: Workbench, paths: Sequence[Path], *, kind: str | None = None, mapping: Path | None = None
) -> IntakeReport:
    """Read files, folders and zips into the store.

    Files of one name in several folders are different documents, named with their folders.

    Raises:
        SourceError: a path does not exist, or the mapping cannot be read (nothing was stored then).
    """
    outcomes: list[FileOutcome] = []
    with containers.opened(paths) as batches:
        files = list(_files(batches, kind, mapping))
        remarks = [finding for batch in batches for finding in batch.findings]
        with bench.progress.track("reading", total=len(files)) as advance:
            for path, shown, context in files:
                outcomes.append(_take_in_file(bench, path, context, shown))
                advance(1)
    joined = joining.join_context(bench) if any(item.status in ("added", "updated") for item in outcomes) else 0
    return IntakeReport(files=tuple(outcomes), joined=joined, findings=tuple(remarks))


def contexts(
    paths: Sequence[Path], *, kind: str | None = None, mapping: Path | None = None
) -> Iterator[tuple[Path, str, ReadContext]]:
    """(file, name to show, context) for every file under `paths`, for a dry run; unpacked zips live while iterating."""
    with containers.opened(paths) as batches:
        yield from _files(batches, kind, mapping)


def _files(
    batches: Sequence[containers.Batch], kind: str | None, mapping: Path | None
) -> Iterator[tuple[Path, str, ReadContext]]:
    beside = ingest.companions([path for batch in batches for path in batch.files])
    folders: dict[str, set[Path]] = {}
    for path in beside:
        folders.setdefault(path.stem, set()).add(path.parent)
    for batch in batches:
        for path in filter(beside.__contains__, batch.files):
            shown = batch.shown(path)
            context = replace(
                _context(path, batch.manifest.row_for(path), kind, mapping),
                companions=(*batch.companions(path), *beside[path]),
            )
            shared = len(folders[path.stem]) > 1
            yield path, shown, replace(context, name=shown.removesuffix(path.suffix)) if shared else context


def _context(path: Path, manifest: Mapping[str, str] | None, kind: str | None, mapping: Path | None) -> ReadContext:
    beside = path.with_name(path.stem + ".map.toml")
    chosen = mapping or (beside if beside.exists() else None)
    return ReadContext(kind=kind, mapping=ingest.load_mapping(chosen) if chosen else None, manifest=manifest)


def _take_in_file(bench: Workbench, path: Path, context: ReadContext, shown: str) -> FileOutcome:
    try:
        reader = ingest.reader_for(path, context)
        context_hash = fingerprint(reader.name, READING_VERSION, _canonical(context))
        blob = bench.store.put_blob(path)
        if known := bench.store.find_file(blob, context_hash):
            return FileOutcome(path=shown, status="unchanged", reader=known.reader, findings=known.findings)
        file_id = stable_id("f", blob, context_hash)
        with bench.store.transaction() as transaction:
            tally = _read_all(bench, transaction, path, context, file_id)
            transaction.put_file(
                SourceFile(
                    id=file_id,
                    path=shown,
                    blob=blob,
                    size=path.stat().st_size,
                    reader=reader.name,
                    context_hash=context_hash,
                    ingested_at=bench.clock.now(),
                    documents=tally.documents,
                    turns=tally.turns,
                    deals=len(tally.deals),
                    accounts=len(tally.accounts),
                    findings=tuple(tally.findings),
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
        findings=tuple(tally.findings),
    )


def _read_all(bench: Workbench, transaction: Transaction, path: Path, context: ReadContext, file_id: str) -> _Tally:
    tally = _Tally()
    with bench.progress.track(path.name) as advance:
        for thing in ingest.read(path, context):
            if isinstance(thing, Finding):
                tally.findings.append(thing)
            elif isinstance(thing, Deal):
                tally.deals.append(thing)
            elif isinstance(thing, Account):
                tally.accounts.append(thing)
            else:
                _store_document(bench, transaction, thing, context, file_id, tally)
            advance(1)
    transaction.put_deals(tally.deals, file_id)
    transaction.put_accounts(tally.accounts, file_id)
    tally.findings = gathered(tally.findings)
    return tally


def _store_document(
    bench: Workbench,
    transaction: Transaction,
    thing: ReadDocument,
    context: ReadContext,
    file_id: str,
    tally: _Tally,
) -> None:
    described = ingest.apply_manifest(thing, context.manifest)
    document, turns, findings = reading_in.as_stored(described, bench.codebook, bench.settings, file_id=file_id)
    tally.findings.extend(findings)
    if len(tally.findings) > MOST_FINDINGS:
        tally.findings = gathered(tally.findings)
    change = transaction.put_document(document, turns, described.participants)
    tally.documents += 1
    tally.turns += len(turns)
    tally.new_versions += change == "new version"
    tally.unchanged += change == "unchanged"


def gathered(findings: Sequence[Finding]) -> list[Finding]:
    """Equal findings once, with their count; the place is that of the first."""
    first: dict[tuple[str, str, Severity], Finding] = {}
    for finding in findings:
        key = (finding.code, finding.message, finding.severity)
        seen = first.get(key)
        first[key] = finding if seen is None else replace(seen, count=seen.count + finding.count)
    return list(first.values())


def _canonical(context: ReadContext) -> str:
    manifest: Mapping[str, str] = context.manifest or {}
    beside = [sha256(path.read_bytes()).hexdigest() for path in context.companions]
    parts = [context.kind, context.mapping, dict(manifest), beside, context.private]
    return sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()
