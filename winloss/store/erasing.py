"""Taking things away for good: the writes behind forgetting, and the space they free overwritten."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, inspect, or_, select, update
from sqlalchemy.orm import Session

from winloss.errors import ConfigError
from winloss.model import (
    Account,
    Appearance,
    Deal,
    Document,
    Participant,
    RightsBook,
    SourceKind,
    Theme,
    ThemeDecision,
    ThemeEvent,
    Tombstone,
    Turn,
    Verbatim,
)
from winloss.store import mapping, opened, schema
from winloss.store.keeping import KeepingWrites, kept
from winloss.store.reading import BATCH, in_batches
from winloss.store.records import sayings, with_saying
from winloss.store.schema import DocumentRow, TurnRow, VerbatimRow

PATIENCE_MS = 30_000
"""How long to wait for readers of the SQLite file before giving up."""


class ErasingWrites(KeepingWrites):
    """The writes of `winloss.ports.Erasing` on an open connection.

    Documents go before what hangs on them, so that whoever is writing to one at the same moment is waited for.
    """

    _connection: Connection
    _erased: bool
    _reworded: set[str]

    def erase_documents(self, ids: Collection[str]) -> Mapping[str, int]:
        self._erased = True
        self._reworded |= set(ids)
        counts: Counter[str] = Counter()
        for batch in in_batches(sorted(ids), BATCH):
            counts["versions"] += self._erase(DocumentRow, DocumentRow.id.in_(batch))
            counts["turns"] += self._erase(TurnRow, TurnRow.document_id.in_(batch))
            self._erase_kept(VerbatimRow.document_id.in_(batch))
            counts["verbatims"] += self._erase(VerbatimRow, VerbatimRow.document_id.in_(batch))
            copies = schema.CopyRow
            counts["copies"] += self._erase(copies, or_(copies.document_id.in_(batch), copies.of_id.in_(batch)))
            counts["corrections"] += self._erase(schema.CorrectionRow, schema.CorrectionRow.document_id.in_(batch))
            self._erase(schema.TouchRow, schema.TouchRow.document_id.in_(batch))
        return counts

    def erase_turns(self, ids: Collection[str]) -> Mapping[str, int]:
        self._erased = True
        counts: Counter[str] = Counter()
        for batch in in_batches(sorted(ids), BATCH):
            here = select(TurnRow.document_id).where(TurnRow.id.in_(batch)).distinct()
            self._reworded.update(self._connection.execute(here).scalars())
            counts["turns"] += self._erase(TurnRow, TurnRow.id.in_(batch))
            self._erase_kept(VerbatimRow.turn_id.in_(batch))
            counts["verbatims"] += self._erase(VerbatimRow, VerbatimRow.turn_id.in_(batch))
        return counts

    def rewrite_document(self, document: Document, turns: Sequence[Turn], participants: Sequence[Participant]) -> None:
        self._erased = True
        self._reworded.add(document.id)
        run = self._connection.execute
        row = mapping.document_row(document, document.version, list(participants))
        told = ("external_id", "content_hash", "title", "url", "thread_id", "tags", "meta", "participants")
        here = (DocumentRow.id == document.id) & (DocumentRow.version == document.version)
        run(update(DocumentRow).where(here).values({name: row[name] for name in told}))
        for turn in turns:
            values = mapping.turn_row(turn, turn.id, document.version)
            kept = {name: values[name] for name in ("side_evidence", "role_evidence", "title", "question")}
            run(update(TurnRow).where(TurnRow.id == turn.id).values({**kept, "as_read": None}))
        copies = schema.CopyRow
        self._erase(copies, or_(copies.document_id == document.id, copies.of_id == document.id))

    def erase_corrections(self, speakers: Collection[str]) -> int:
        table, wanted = schema.CorrectionRow, {name.casefold() for name in speakers}
        rows = self._connection.execute(select(table.id, table.speaker, table.content))
        gone = [
            row.id
            for row in rows
            if row.speaker.casefold() in wanted or any(name in _told(row.content) for name in wanted)
        ]
        return sum(self._erase(table, table.id.in_(batch)) for batch in in_batches(gone, BATCH))

    def erase_files(self, ids: Collection[str]) -> None:
        for batch in in_batches(sorted(ids), BATCH):
            self._erase(schema.FindingRow, schema.FindingRow.file_id.in_(batch))
            self._erase(schema.FileRow, schema.FileRow.id.in_(batch))

    def rewrite_companies(self, deals: Iterable[Deal], accounts: Iterable[Account]) -> None:
        for deal in deals:
            self._rewrite(schema.DealRow, "external_id", deal.external_id, mapping.deal_content(deal))
        for account in accounts:
            self._rewrite(schema.AccountRow, "key", account.name.casefold(), mapping.account_content(account))

    def _rewrite(self, table: type[schema.DealRow | schema.AccountRow], key: str, name: str, said: mapping.Row) -> None:
        """One record as a single saying, of the file that spoke last."""
        here = table.__table__.c[key] == name
        stored = self._connection.execute(select(table.__table__.c.content).where(here)).scalar_one()
        content = with_saying(None, sayings(stored)[-1][0], said)
        self._connection.execute(update(table).where(here).values(content=content))

    def rewrite_themes(self, themes: Iterable[Theme]) -> None:
        table = schema.ThemeRow
        for theme in themes:
            row = mapping.theme_row(theme, "")
            told = {name: row[name] for name in ("title", "terms", "size", "exemplars", "dissenting")}
            self._connection.execute(update(table).where(table.id == theme.id).values(told))

    def rewrite_found_themes(self, themes: Iterable[Theme]) -> None:
        table = schema.ThemeRow
        for theme in themes:
            found = mapping.theme_row(theme, "")["found"]
            self._connection.execute(update(table).where(table.id == theme.id).values(found=found))

    def rewrite_theme_decisions(self, changed: Callable[[ThemeDecision], ThemeDecision]) -> None:
        table = schema.DecisionRow
        for before in kept(self._connection, "decisions", ("id",)):
            after = changed(before)
            if after != before:
                told = {"title": after.title, "by": after.by}
                self._connection.execute(update(table).where(table.id == before.id).values(told))

    def rewrite_theme_events(self, changed: Callable[[ThemeEvent], ThemeEvent]) -> None:
        table = schema.EventRow
        for row in self._connection.execute(select(table.__table__)).mappings():
            before = mapping.to_event(schema.EventRow(**row))
            if (after := changed(before)) != before:
                told = mapping.event_row(after)
                self._connection.execute(update(table).where(table.id == row["id"]).values(told))

    def erase_history(self, quarters: Collection[str]) -> None:
        snapshots, verdicts, stages = schema.SnapshotRow, schema.VerdictRow, schema.StageRow
        self._erase(snapshots, snapshots.quarter.in_(sorted(quarters)))
        if quarters:
            self._erase(verdicts, verdicts.quarter >= min(quarters))
        self._erase(stages, or_(stages.name.like("drift:%"), stages.name.like("themes:%")))

    def put_tombstones(self, tombstones: Iterable[Tombstone]) -> None:
        table = schema.TombstoneRow
        rows = {item.id: {"id": item.id, "kind": item.kind, "forgotten_at": item.forgotten_at} for item in tombstones}
        known = set(self._connection.execute(select(table.id)).scalars())
        for batch in in_batches([row for name, row in rows.items() if name not in known], BATCH):
            self._connection.execute(insert(table), batch)

    def unname_readers(self, names: Collection[str]) -> None:
        opened.unname(self._connection, names)

    def _erase(self, table: type[schema.Base], where: Any) -> int:
        return self._connection.execute(delete(table).where(where)).rowcount


def _told(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False).casefold()


def tombstones(connection: Connection) -> list[Tombstone]:
    """Every mark, oldest first."""
    table = schema.TombstoneRow
    rows = connection.execute(select(table.id, table.kind, table.forgotten_at).order_by(table.forgotten_at, table.id))
    return [Tombstone(id=row.id, kind=row.kind, forgotten_at=row.forgotten_at) for row in rows]


def appearances(connection: Connection) -> list[Appearance]:
    """Everybody who speaks in, or is listed for, any version of a document: each person once a document."""
    documents, turns = DocumentRow, TurnRow
    spoken = (
        select(turns.document_id, documents.kind, turns.speaker, documents.account, turns.respondent)
        .join(documents, (documents.id == turns.document_id) & (documents.version == turns.version))
        .where(turns.speaker.is_not(None))
        .distinct()
    )
    found = {
        (row[0], row[2]): _appearance(row[0], row[1], str(row[2]), row[3], row[4]) for row in connection.execute(spoken)
    }
    listed = select(documents.id, documents.kind, documents.participants, documents.account)
    for row in connection.execute(listed):
        for person in row.participants:
            found.setdefault((row.id, person["name"]), _appearance(row.id, row.kind, person["name"], row.account, None))
    return [found[key] for key in sorted(found)]


def participants(connection: Connection, document_id: str, version: int) -> list[Participant]:
    """Who is listed for one version of a document."""
    here = (DocumentRow.id == document_id) & (DocumentRow.version == version)
    rows = connection.execute(select(DocumentRow.participants).where(here)).scalar() or []
    return [mapping.to_participant(row) for row in rows]


def carriers(connection: Connection) -> list[tuple[str, str]]:
    """(document id, file id) of every version."""
    rows = connection.execute(select(DocumentRow.id, DocumentRow.file_id).order_by(DocumentRow.id, DocumentRow.version))
    return [(row.id, row.file_id) for row in rows]


def history(session: Session, ids: Iterable[str], book: RightsBook) -> Iterator[tuple[Document, list[Turn]]]:
    """Every version of these documents with its turns, by id, oldest first."""
    for batch in in_batches(sorted(ids), BATCH):
        spoken: dict[tuple[str, int], list[Turn]] = defaultdict(list)
        turns = select(TurnRow).where(TurnRow.document_id.in_(batch)).order_by(TurnRow.ordinal)
        for row in session.scalars(turns):
            spoken[row.document_id, row.version].append(mapping.to_turn(row))
        versions = select(DocumentRow).where(DocumentRow.id.in_(batch))
        for version in session.scalars(versions.order_by(DocumentRow.id, DocumentRow.version)):
            turns_of = spoken[version.id, version.version]
            yield mapping.to_document(version), mapping.with_rights(turns_of, version, book)
        session.expunge_all()


def documents_saying(connection: Connection, words: str) -> list[str]:
    """The current documents with a turn that holds these words, whatever the case."""
    here = (DocumentRow.id == TurnRow.document_id) & (DocumentRow.version == TurnRow.version) & DocumentRow.current
    query = select(TurnRow.document_id).join(DocumentRow, here).distinct().order_by(TurnRow.document_id)
    return list(connection.execute(query.where(TurnRow.text.icontains(words, autoescape=True))).scalars())


def verbatims_of(connection: Connection, document_ids: Iterable[str]) -> list[Verbatim]:
    """Every verbatim of the documents, retired ones too, ordered by id."""
    found = []
    columns = ("id", "turn_id", "document_id", "start", "end", "text", "key")
    for batch in in_batches(document_ids, BATCH):
        query = select(*(getattr(VerbatimRow, name) for name in columns)).where(VerbatimRow.document_id.in_(batch))
        found += [Verbatim(**dict(zip(columns, row, strict=True))) for row in connection.execute(query)]
    return sorted(found, key=lambda verbatim: verbatim.id)


def compact(engine: Engine) -> None:
    """Write the database anew without what was erased: no free page and no log keeps it.

    Raises:
        ConfigError: somebody else has the database open and is reading.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name != "sqlite":
            here = set(inspect(connection).get_table_names())
            tables = ", ".join(sorted({*schema.Base.metadata.tables, *schema.SEARCH_TABLES} & here))
            connection.exec_driver_sql(f"VACUUM (FULL, ANALYZE) {tables}")
            return
        _compact_sqlite(connection)


def _compact_sqlite(connection: Connection) -> None:
    from sqlalchemy.exc import OperationalError

    try:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={PATIENCE_MS}")
        connection.exec_driver_sql("PRAGMA secure_delete=ON")
        connection.exec_driver_sql("VACUUM")
        busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
    except OperationalError as error:
        if "locked" not in str(error) and "busy" not in str(error):
            raise
        busy = True
    if busy:
        raise ConfigError(
            "what was forgotten is gone from every table, but another program is reading the database file, "
            "whose free space still holds it",
            hint="Stop `winloss serve` and whatever else uses this workspace, then run `winloss forget` to finish.",
        )


def _appearance(document_id: str, kind: str, name: str, account: str | None, respondent: str | None) -> Appearance:
    return Appearance(document_id=document_id, kind=SourceKind(kind), name=name, account=account, respondent=respondent)
