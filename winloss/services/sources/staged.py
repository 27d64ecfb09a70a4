"""What was handed over, looked at before anything of it is stored; and taken in once somebody says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from winloss.errors import ConfigError, NotFound, QueryError, SourceError
from winloss.model import GIVEN_RIGHTS, Finding, Side, SourceKind
from winloss.ports import Workbench
from winloss.services.sources import containers, intake, mapping_tables, preview, speaking, staging
from winloss.services.sources.speaking import Target
from winloss.services.sources.staging import Choice, StagedFile, Upload
from winloss.services.workspace import jobs

LOOKED_AT = 3000
"""So many things of a file are looked at before it is taken in."""
SIDES_UP_TO = preview.LISTED
"""In files of more documents nobody is asked about sides beforehand: who speaks differs from one to another."""
KINDS = ("interview", "community", "inquiry", "survey", "deals", "accounts")
ROW = ("interview_date", "account", "segment", "outcome", "competitor", "rights")
"""What can be told of a file as a manifest would."""
NO_READER = "Export it in one of the formats that are read (winloss formats lists them), and hand it over again."
_SAMPLES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table: the field it is read as, and the first things that stand in it."""

    name: str
    field: str | None
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What the columns of a table are taken for. `proposed`: nobody said so yet; `missing`: one of these is needed."""

    kind: str
    columns: tuple[Column, ...]
    fields: tuple[str, ...]
    missing: tuple[str, ...]
    proposed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One file of an upload as it would be read; an archive has a preview for each file in it.

    `helper`: it says something about the others and is not read by itself. `table` is there where its columns can be
    explained. `ready`: something of it can be taken in.
    """

    file: StagedFile
    previews: tuple[preview.Preview, ...] = ()
    helper: bool = False
    table: Table | None = None
    error: str | None = None
    hint: str | None = None

    @property
    def ready(self) -> bool:
        """Whether something of it can be taken in."""
        return not self.error and any(not item.error for item in self.previews)


def hand_over(bench: Workbench, sent: Iterable[tuple[str, IO[bytes]]]) -> Upload:
    """Keep files until somebody decides about them; of tables that nobody knows, what their columns mean is proposed.

    Raises:
        QueryError, SourceError: nothing was sent, or nothing of it can be kept.
    """
    upload = staging.stage(bench, sent)
    for seen in look(bench, upload):
        if seen.table is not None and not seen.table.missing:
            fields = {column.field: column.name for column in seen.table.columns if column.field}
            _map(bench, upload.id, seen.file.name, seen.table.kind, fields, proposed=True)
    return staging.find(bench, upload.id)


def look(bench: Workbench, upload: Upload) -> list[Seen]:
    """Every file as it would be read with what was said of it; nothing is stored."""
    wrong = {file.name: _wrong(bench, upload, file) for file in upload.files if not staging.is_helper(file.name)}
    paths = [staging.path_of(bench, upload, upload.file(name)) for name, seen in wrong.items() if seen is None]
    looked = preview.look(bench, paths, told=_told(upload), sides=_sides(upload), most=LOOKED_AT, cut=False)
    return [_seen(bench, upload, file, wrong.get(file.name), looked) for file in upload.files]


def tell(
    bench: Workbench,
    upload_id: str,
    name: str,
    *,
    kind: str | None,
    row: Mapping[str, str],
    sides: Mapping[str, str],
) -> Upload:
    """Say what a file is: its kind, what a manifest would say of it, and who in it is on whose side.

    Raises:
        NotFound: no such upload or file.
        QueryError: a value is none of those there are.
        Conflict: it is being taken in.
    """
    before = staging.find(bench, upload_id).file(name).choice
    mapped = before.fields is not None
    choice = replace(before, kind=before.kind if mapped else kind or None, row=_filled(row), sides=_filled(sides))
    _check(choice)
    return staging.choose(bench, upload_id, name, choice, mapping=_as_it_is(bench, upload_id, name) if mapped else None)


def map_columns(bench: Workbench, upload_id: str, name: str, kind: str, fields: Mapping[str, str]) -> Upload:
    """Say what the columns of a table mean; for another kind than before it is proposed anew.

    Raises:
        NotFound: no such upload or file.
        QueryError: no such kind, or no such field in a table of it.
        SourceError: it is no table.
        Conflict: it is being taken in.
    """
    if kind not in KINDS:
        raise QueryError(f"no kind {kind!r}", hint=f"Known: {', '.join(KINDS)}.")
    return _map(bench, upload_id, name, kind, fields, proposed=False)


def map_no_more(bench: Workbench, upload_id: str, name: str) -> Upload:
    """Let a file be read by itself again.

    Raises:
        NotFound: no such upload or file.
        Conflict: it is being taken in.
    """
    before = staging.find(bench, upload_id).file(name).choice
    return staging.choose(bench, upload_id, name, replace(before, kind=None, fields=None, proposed=False))


def table_of(bench: Workbench, upload: Upload, file: StagedFile) -> Table | None:
    """What the columns of a file are taken for; None where it is no table."""
    try:
        proposal, rows = mapping_tables.proposal_for(staging.path_of(bench, upload, file), kind=file.choice.kind)
    except (SourceError, ConfigError):
        return None
    if file.choice.fields is not None:
        proposal.fields = dict(file.choice.fields)
    return Table(
        kind=proposal.kind,
        columns=tuple(
            Column(name=name, field=proposal.field_of(name), samples=_samples(rows, name)) for name in proposal.columns
        ),
        fields=mapping_tables.fields_for(proposal.kind),
        missing=proposal.missing(),
        proposed=file.choice.fields is None or file.choice.proposed,
    )


def ask(bench: Workbench, upload_id: str) -> jobs.Job:
    """Have an upload taken in, and everything brought up to date after it.

    Raises:
        NotFound: no such upload.
        QueryError: nothing in it can be read.
    """
    if known := staging.asked_for(bench, upload_id):
        return known
    upload = staging.find(bench, upload_id)
    if not any(seen.ready for seen in look(bench, upload)):
        raise QueryError("nothing of this can be read yet", hint="Explain the columns, or drop these files.")
    names = [file.name for file in upload.files if not staging.is_helper(file.name)]
    about = ", ".join(names[:3]) + (f" and {len(names) - 3:,} more" if len(names) > 3 else "")
    return jobs.submit(bench, jobs.JobKind.TAKE_IN, about, {"upload": upload_id})


def take_in(bench: Workbench, upload_id: str) -> intake.IntakeReport:
    """Take an upload in; what cannot be opened is refused and holds nothing else up.

    Raises:
        NotFound: no such upload.
    """
    upload = staging.find(bench, upload_id)
    files = [file for file in upload.files if not staging.is_helper(file.name)]
    wrong = [seen for file in files if (seen := _wrong(bench, upload, file))]
    names = {file.name for file in files} - {seen.file.name for seen in wrong}
    paths = {file.name: staging.path_of(bench, upload, file) for file in files if file.name in names}
    told = _told(upload)
    _keep_mappings(bench, upload, paths)
    report = intake.take_in(bench, list(paths.values()), told=told)
    remarks = _put_sides(bench, upload, paths, told)
    refused = [
        intake.FileOutcome(path=seen.file.name, status="refused", error=seen.error, hint=seen.hint) for seen in wrong
    ]
    came = (replace(item, hint=NO_READER) if "--map" in (item.hint or "") else item for item in report.files)
    return replace(report, files=(*came, *refused), findings=(*report.findings, *remarks))


# --- looking ---------------------------------------------------------------------------------------------------------


def _wrong(bench: Workbench, upload: Upload, file: StagedFile) -> Seen | None:
    """None where a file can be opened; else what is wrong with it."""
    try:
        with containers.opened([staging.path_of(bench, upload, file)], workspace=bench.root):
            return None
    except SourceError as error:
        return Seen(file=file, error=error.message, hint=error.hint)


def _seen(
    bench: Workbench, upload: Upload, file: StagedFile, wrong: Seen | None, looked: Sequence[preview.Preview]
) -> Seen:
    if wrong is not None:
        return wrong
    mine = tuple(item for item in looked if item.path.partition("/")[0] == file.name)
    if not mine:
        return Seen(file=file, helper=True)
    unread = [item.path for item in mine if item.error] == [file.name]
    table = table_of(bench, upload, file) if unread or file.choice.fields is not None else None
    if unread and table is None:
        mine = (replace(mine[0], hint=NO_READER),)
    return Seen(file=file, previews=mine, table=table)


def _samples(rows: Sequence[Mapping[str, object]], column: str) -> tuple[str, ...]:
    found = (" ".join(str(row.get(column) or "").split()) for row in rows)
    return tuple(text for text in dict.fromkeys(found) if text)[:_SAMPLES]


def _map(
    bench: Workbench, upload_id: str, name: str, kind: str, fields: Mapping[str, str], *, proposed: bool
) -> Upload:
    upload = staging.find(bench, upload_id)
    file = upload.file(name)
    proposal, _ = mapping_tables.proposal_for(staging.path_of(bench, upload, file), kind=kind)
    known = table_of(bench, upload, file)
    if known is None or known.kind == kind:
        proposal.fields = {field: column for field, column in fields.items() if column in proposal.columns}
    choice = replace(file.choice, kind=kind, fields=proposal.fields, proposed=proposed)
    _check(choice)
    mapping = None if proposal.missing() else proposal.as_toml()
    return staging.choose(bench, upload_id, name, choice, mapping=mapping)


def _as_it_is(bench: Workbench, upload_id: str, name: str) -> str | None:
    """The mapping file of a table as its columns were explained."""
    upload = staging.find(bench, upload_id)
    proposal = _proposal(bench, upload, upload.file(name))
    return None if proposal.missing() else proposal.as_toml()


def _proposal(bench: Workbench, upload: Upload, file: StagedFile) -> mapping_tables.Proposal:
    path = staging.path_of(bench, upload, file)
    proposal, _ = mapping_tables.proposal_for(path, kind=file.choice.kind)
    proposal.fields = dict(file.choice.fields or {})
    return proposal


def _filled(told: Mapping[str, str]) -> dict[str, str]:
    return {name: value.strip() for name, value in told.items() if value.strip()}


def _check(choice: Choice) -> None:
    if choice.kind and choice.kind not in KINDS:
        raise QueryError(f"no kind {choice.kind!r}", hint=f"Known: {', '.join(KINDS)}.")
    for name in choice.row:
        if name not in ROW:
            raise QueryError(f"nothing called {name!r} can be told of a file", hint=f"Known: {', '.join(ROW)}.")
    if (rights := choice.row.get("rights")) and rights not in set(GIVEN_RIGHTS):
        raise QueryError(f"no quote rights {rights!r}", hint=f"Known: {', '.join(GIVEN_RIGHTS)}.")
    for side in choice.sides.values():
        if side not in set(Side):
            raise QueryError(f"no side {side!r}", hint=f"Known: {', '.join(Side)}.")
    for name in choice.fields or ():
        if name not in mapping_tables.fields_for(choice.kind or SourceKind.COMMUNITY):
            raise QueryError(f"no field {name!r} in such a table", hint="The columns were explained for another kind.")


# --- taking in -------------------------------------------------------------------------------------------------------


def _told(upload: Upload) -> dict[str, intake.Told]:
    return {
        file.name: intake.Told(kind=None if file.choice.fields else file.choice.kind, row=file.choice.row)
        for file in upload.files
    }


def _sides(upload: Upload) -> dict[str, dict[str, Side]]:
    return {
        file.name: {name: Side(side) for name, side in file.choice.sides.items()}
        for file in upload.files
        if file.choice.sides
    }


def _keep_mappings(bench: Workbench, upload: Upload, paths: Mapping[str, Path]) -> None:
    """Remember what was said of tables for the next ones of their shape."""
    for file in upload.files:
        if file.choice.fields is not None and file.name in paths:
            proposal = _proposal(bench, upload, file)
            if not proposal.missing():
                mapping_tables.keep(bench, paths[file.name], proposal)


def _put_sides(
    bench: Workbench, upload: Upload, paths: Mapping[str, Path], told: Mapping[str, intake.Told]
) -> list[Finding]:
    """Say of the speakers of what was taken in whose side they are on; who is not there is told."""
    remarks = []
    for name, sides in _sides(upload).items():
        if name not in paths:
            continue
        looked = preview.look(bench, [paths[name]], told=told, most=LOOKED_AT, cut=False)
        for document in (document for item in looked for document in item.listed):
            for speaker, side in sides.items():
                try:
                    target = Target(name=speaker, document=document.id)
                    speaking.assign(bench, target, side=side, author=upload.by)
                except (NotFound, QueryError):
                    remarks.append(Finding(code="side-not-set", message=f"nobody called so speaks in {name}"))
    return remarks
