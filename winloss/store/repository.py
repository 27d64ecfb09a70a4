"""The truth on SQL: every read of `winloss.ports.Store`, and the transactions its writes go through."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, Text, cast, func, or_, select
from sqlalchemy.orm import Session

from winloss.errors import NotFound
from winloss.model import (
    Account,
    Appearance,
    Belief,
    Code,
    Coding,
    Copy,
    Correction,
    Deal,
    Document,
    DriftVerdict,
    Entry,
    EvidenceRow,
    Facet,
    FacetLabel,
    Filters,
    Finding,
    Lineage,
    Look,
    NodeDecision,
    Operation,
    Participant,
    Passage,
    Pin,
    QuoteCollection,
    RightsBook,
    RightsDecision,
    SavedSearch,
    SignIn,
    Snapshot,
    SourceFile,
    SourceKind,
    SpokenBy,
    Synthesis,
    Theme,
    ThemeDecision,
    ThemeEvent,
    Token,
    Tombstone,
    Turn,
    User,
    Verbatim,
)
from winloss.ports import Mirror
from winloss.store import erasing, guarding, keeping, mapping, opened, reading, rights, schema
from winloss.store.blobs import BlobStore, sha256_of
from winloss.store.records import sayings
from winloss.store.schema import DocumentRow, TurnRow, VerbatimRow
from winloss.store.writing import SqlTransaction

_ONE_BY_ONE = 5000
"""Where the texts of no more keys than these are asked for, each is looked up; beyond, all are read through once."""
_REVISION = select(schema.CounterRow.value).where(schema.CounterRow.name == "revision")
_SOURCES_REVISION = select(schema.CounterRow.value).where(schema.CounterRow.name == "sources")


class SqlStore:
    """A store on any SQLAlchemy engine that `winloss.store.engine` opened, with its blobs in a folder."""

    def __init__(self, engine: Engine, blobs: Path, mirror: Mirror | None, today: Callable[[], str]) -> None:
        self._engine = engine
        self._today = today
        self._mirror = mirror
        self._blobs = BlobStore(blobs)

    @contextmanager
    def transaction(self, *, sources: bool = True) -> Iterator[SqlTransaction]:
        with self._engine.begin() as connection:
            unit = SqlTransaction(connection, self._mirror, today=self._today())
            yield unit
            unit.bump_revision(sources=sources)

    @contextmanager
    def aside(self) -> Iterator[SqlTransaction]:
        with self._engine.begin() as connection:
            yield SqlTransaction(connection, today=self._today())

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

    # --- blobs and bookkeeping ---

    def put_blob(self, path: Path) -> str:
        return self._blobs.put(path)

    def blob_name(self, path: Path) -> str:
        return sha256_of(path)

    def blob_path(self, blob: str) -> Path:
        return self._blobs.path(blob)

    def revision(self) -> int:
        with self._engine.connect() as connection:
            return connection.execute(_REVISION).scalar() or 0

    def sources_revision(self) -> int:
        with self._engine.connect() as connection:
            return connection.execute(_SOURCES_REVISION).scalar() or 0

    def stage(self, stage: str) -> str | None:
        with Session(self._engine) as session:
            row = session.get(schema.StageRow, stage)
            return row.fingerprint if row else None

    def counts(self) -> Mapping[str, int]:
        with Session(self._engine) as session:
            tables = {
                "files": select(func.count()).select_from(schema.FileRow),
                "documents": select(func.count()).select_from(DocumentRow).where(DocumentRow.current),
                "turns": select(func.count()).select_from(TurnRow),
                "verbatims": select(func.count()).select_from(VerbatimRow).where(VerbatimRow.retired.is_(False)),
                "deals": select(func.count()).select_from(schema.DealRow),
                "accounts": select(func.count()).select_from(schema.AccountRow),
                "themes": select(func.count()).select_from(schema.ThemeRow).where(schema.ThemeRow.dormant.is_(False)),
                "findings": select(func.count()).select_from(schema.FindingRow),
            }
            return {name: session.scalar(query) or 0 for name, query in tables.items()}

    # --- sources ---

    def find_file(self, blob: str, context_hash: str) -> SourceFile | None:
        table = schema.FileRow
        with Session(self._engine) as session:
            row = session.scalars(select(table).where(table.blob == blob, table.context_hash == context_hash)).first()
            return mapping.to_file(row, self._findings(session, [row.id])[row.id]) if row else None

    def files(self) -> list[SourceFile]:
        table = schema.FileRow
        with Session(self._engine) as session:
            rows = session.scalars(select(table).order_by(table.ingested_at.desc(), table.path)).all()
            findings = self._findings(session, None)
            return [mapping.to_file(row, findings[row.id]) for row in rows]

    def findings(self) -> list[tuple[str, Finding]]:
        return [(file.path, finding) for file in self.files() for finding in file.findings]

    def deals(self) -> list[Deal]:
        table = schema.DealRow
        with Session(self._engine) as session:
            rows = session.scalars(select(table.content).order_by(table.external_id))
            return [mapping.to_deal(content) for content in rows]

    def deals_told_in(self) -> Mapping[str, tuple[tuple[str, str | None], ...]]:
        table = schema.DealRow
        with Session(self._engine) as session:
            rows = session.execute(select(table.external_id, table.content).order_by(table.external_id))
            return {name: tuple((path, said.get("where")) for path, said in sayings(content)) for name, content in rows}

    def accounts(self) -> list[Account]:
        table = schema.AccountRow
        with Session(self._engine) as session:
            rows = session.scalars(select(table.content).order_by(table.name))
            return [mapping.to_account(content) for content in rows]

    # --- documents and turns ---

    def documents(self, filters: Filters | None = None) -> list[Document]:
        conditions = reading.document_conditions(filters or Filters())
        query = select(DocumentRow).where(DocumentRow.current, *conditions)
        with Session(self._engine) as session:
            rows = session.scalars(query.order_by(DocumentRow.happened_on.desc(), DocumentRow.id))
            return [mapping.to_document(row) for row in rows]

    def documents_of_accounts(self, others: Collection[str] = ()) -> list[Document]:
        with_account = select(DocumentRow).where(DocumentRow.current, DocumentRow.account.is_not(None))
        found: dict[str, Document] = {}
        with Session(self._engine) as session:
            found |= {row.id: mapping.to_document(row) for row in session.scalars(with_account)}
            for batch in reading.in_batches(sorted(set(others) - found.keys()), reading.BATCH):
                chosen = select(DocumentRow).where(DocumentRow.current, DocumentRow.id.in_(batch))
                found |= {row.id: mapping.to_document(row) for row in session.scalars(chosen)}
        return [found[name] for name in sorted(found)]

    def document(self, document_id: str, version: int | None = None) -> Document:
        chosen = DocumentRow.current if version is None else DocumentRow.version == version
        with Session(self._engine) as session:
            row = session.scalars(select(DocumentRow).where(DocumentRow.id == document_id, chosen)).first()
            if row is None:
                raise NotFound(f"no document {document_id}", hint="See `winloss status` for what is stored.")
            return mapping.to_document(row)

    def versions(self, document_id: str) -> list[Document]:
        query = select(DocumentRow).where(DocumentRow.id == document_id).order_by(DocumentRow.version)
        with Session(self._engine) as session:
            found = [mapping.to_document(row) for row in session.scalars(query)]
        if not found:
            raise NotFound(f"no document {document_id}", hint="See `winloss status` for what is stored.")
        return found

    def turns(self, document_id: str, version: int | None = None) -> list[Turn]:
        wanted = self.document(document_id, version).version
        book = self.rights()
        with Session(self._engine) as session:
            row = session.get(DocumentRow, (document_id, wanted))
            turns = _turns(session, document_id, wanted)
            return mapping.with_rights(turns, row, book) if row else turns

    def turns_as_read(self, document_id: str) -> list[Turn]:
        wanted = self.document(document_id).version
        with Session(self._engine) as session:
            return _turns(session, document_id, wanted, as_read=True)

    def speakers(self, document_id: str | None = None, *, kind: SourceKind | None = None) -> list[SpokenBy]:
        with self._engine.connect() as connection:
            return reading.speakers(connection, document_id, kind, self._book(connection))

    def corrections(self) -> list[Correction]:
        table = schema.CorrectionRow
        with Session(self._engine) as session:
            rows = session.scalars(select(table).order_by(table.made_at, table.id))
            return [mapping.to_correction(row) for row in rows]

    def reachable_people(self) -> Mapping[str, tuple[Participant, ...]]:
        told = cast(DocumentRow.participants, Text).like('%"email": "%')
        query = select(DocumentRow.id, DocumentRow.participants).where(DocumentRow.current, told)
        with self._engine.connect() as connection:
            rows = connection.execution_options(stream_results=True).execute(query.order_by(DocumentRow.id))
            return {row.id: mapping.to_participants(row.participants) for row in rows}

    def unsegmented(self, fingerprint: str) -> Iterator[tuple[Document, list[Turn]]]:
        other = or_(DocumentRow.segmented_with.is_(None), DocumentRow.segmented_with != fingerprint)
        query = select(DocumentRow).where(DocumentRow.current, other).order_by(DocumentRow.id).limit(reading.BATCH)
        after = ""
        while True:
            with Session(self._engine) as session:
                rows = session.scalars(query.where(DocumentRow.id > after)).all()
                pending = [(mapping.to_document(row), _turns(session, row.id, row.version)) for row in rows]
            if not pending:
                return
            yield from pending
            after = pending[-1][0].id

    def copies(self) -> list[Copy]:
        table = schema.CopyRow
        with Session(self._engine) as session:
            return [
                mapping.to_copy(row) for row in session.scalars(select(table).order_by(table.document_id, table.of_id))
            ]

    # --- verbatims ---

    def unclassified(self, fingerprint: str, *, batch: int) -> Iterator[list[Verbatim]]:
        other = or_(VerbatimRow.classified_with.is_(None), VerbatimRow.classified_with != fingerprint)
        query = select(VerbatimRow).where(VerbatimRow.retired.is_(False), other).order_by(VerbatimRow.id).limit(batch)
        after = ""
        while True:
            with Session(self._engine) as session:
                rows = [_verbatim(row) for row in session.scalars(query.where(VerbatimRow.id > after))]
            if not rows:
                return
            yield rows
            after = rows[-1].id

    def text_keys(self) -> list[str]:
        query = select(VerbatimRow.key).where(VerbatimRow.retired.is_(False)).order_by(VerbatimRow.id)
        with self._engine.connect() as connection:
            return list(dict.fromkeys(connection.execute(query).scalars()))

    def texts(self, keys: Sequence[str] | None = None) -> dict[str, str]:
        current = select(VerbatimRow.key, VerbatimRow.text).where(VerbatimRow.retired.is_(False))
        with self._engine.connect() as connection:
            if keys is None or len(keys) > _ONE_BY_ONE:
                wanted = None if keys is None else frozenset(keys)
                rows = connection.execute(current.order_by(VerbatimRow.id))
                return {row[0]: row[1] for row in rows if wanted is None or row[0] in wanted}
            found: dict[str, str] = {}
            for batch in reading.in_batches(keys, reading.BATCH):
                here = current.where(VerbatimRow.key.in_(batch)).order_by(VerbatimRow.id)
                found.update((row[0], row[1]) for row in connection.execute(here))
            return found

    def evidence(self) -> list[EvidenceRow]:
        with self._engine.connect() as connection:
            return reading.evidence(connection, self._book(connection))

    def evidence_rows(self, documents: Sequence[str] | None = None) -> Iterator[EvidenceRow]:
        with self._engine.connect() as connection:
            book = self._book(connection)
            if documents is None:
                yield from reading.evidence_one_by_one(connection, book)
                return
            for batch in reading.in_batches(documents, reading.BATCH):
                yield from reading.evidence(connection, book, batch)

    def touched(self, since: int) -> list[str] | None:
        with self._engine.connect() as connection:
            return reading.touched(connection, since)

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        with self._engine.connect() as connection:
            return reading.passages_by_id(connection, list(ids), self._book(connection))

    def passages_after(self, after: str, *, limit: int) -> list[Passage]:
        with self._engine.connect() as connection:
            return reading.passages_after(connection, after, limit, self._book(connection))

    # --- themes, snapshots, verdicts ---

    def themes(self, facet: Facet | None = None, *, dormant: bool = False) -> list[Theme]:
        table = schema.ThemeRow
        query = select(table).order_by(table.size.desc(), table.id)
        query = query.where(table.facet == facet.value) if facet else query
        query = query if dormant else query.where(table.dormant.is_(False))
        with Session(self._engine) as session:
            return [mapping.to_theme(row) for row in session.scalars(query)]

    def theme(self, theme_id: str) -> Theme:
        with Session(self._engine) as session:
            row = session.get(schema.ThemeRow, theme_id)
            if row is None:
                raise NotFound(f"no theme {theme_id}", hint="`winloss themes` lists those there are.")
            return mapping.to_theme(row)

    def found_themes(self, facet: Facet) -> tuple[list[Theme], dict[str, str]]:
        table, verbatim = schema.ThemeRow, schema.VerbatimRow
        with Session(self._engine) as session:
            rows = session.scalars(select(table).where(table.facet == facet.value).order_by(table.id))
            themes = [mapping.to_found_theme(row) for row in rows if row.found is not None]
            found = verbatim.found_theme.in_([theme.id for theme in themes])
            query = select(verbatim.id, verbatim.found_theme).where(verbatim.retired.is_(False), found)
            return themes, {str(row[0]): str(row[1]) for row in session.execute(query)}

    def theme_events(self, theme_id: str | None = None, *, limit: int = 1000) -> list[ThemeEvent]:
        table = schema.EventRow
        query = select(table).order_by(table.id.desc()).limit(limit)
        query = query if theme_id is None else query.where(table.theme_id == theme_id)
        with Session(self._engine) as session:
            return [mapping.to_event(row) for row in session.scalars(query)]

    def beliefs(self) -> list[Belief]:
        with self._engine.connect() as connection:
            return keeping.kept(connection, "beliefs", ("since", "id"))

    def syntheses(self, quarter: str | None = None) -> list[Synthesis]:
        with self._engine.connect() as connection:
            where = None if quarter is None else schema.SynthesisRow.quarter == quarter
            return keeping.kept(connection, "syntheses", ("made_at", "id"), where)

    def node_decisions(self) -> list[NodeDecision]:
        with self._engine.connect() as connection:
            return keeping.kept(connection, "nodes", ("made_at", "id"))

    def theme_decisions(self) -> list[ThemeDecision]:
        with self._engine.connect() as connection:
            return keeping.kept(connection, "decisions", ("position", "id"))

    def snapshots(self, facet: Facet | None = None) -> list[Snapshot]:
        table = schema.SnapshotRow
        query = select(table).order_by(table.quarter, table.facet, table.revision)
        query = query.where(table.facet == facet.value) if facet else query
        with Session(self._engine) as session:
            newest = {(row.quarter, row.facet): row for row in session.scalars(query)}
            return [mapping.to_snapshot(row) for row in newest.values()]

    def lineage(self, facet: Facet | None = None) -> list[Lineage]:
        table = schema.LineageRow
        query = select(table).order_by(table.later, table.id)
        query = query.where(table.facet == facet.value) if facet else query
        with Session(self._engine) as session:
            return [mapping.to_lineage(row) for row in session.scalars(query)]

    def verdicts(self, quarter: str | None = None) -> list[DriftVerdict]:
        table = schema.VerdictRow
        query = select(table).order_by(table.quarter, table.scope_key)
        query = query.where(table.quarter == quarter) if quarter else query
        with Session(self._engine) as session:
            return [mapping.to_verdict(row) for row in session.scalars(query)]

    # --- who may be quoted ---

    def rights(self) -> RightsBook:
        with self._engine.connect() as connection:
            return self._book(connection)

    def rights_decisions(self) -> list[RightsDecision]:
        with self._engine.connect() as connection:
            return rights.decisions(connection)

    def pseudonyms(self) -> Mapping[str, int]:
        with self._engine.connect() as connection:
            return rights.pseudonyms(connection)

    def population(self) -> list[tuple[str, str | None, str | None, str | None]]:
        with self._engine.connect() as connection:
            return rights.population(connection)

    def _book(self, connection: Connection) -> RightsBook:
        return rights.book(connection, self._today())

    # --- what people keep ---

    def collections(self) -> list[QuoteCollection]:
        with self._engine.connect() as connection:
            return keeping.kept(connection, "collections", ("key",))

    def pins(self, collection_id: str | None = None) -> list[Pin]:
        where = None if collection_id is None else schema.PinRow.collection_id == collection_id
        with self._engine.connect() as connection:
            return keeping.kept(connection, "pins", ("collection_id", "position", "verbatim_id"), where)

    def saved_searches(self) -> list[SavedSearch]:
        with self._engine.connect() as connection:
            return keeping.kept(connection, "searches", ("key",))

    def looks(self) -> list[Look]:
        with self._engine.connect() as connection:
            return keeping.looks(connection)

    def codes(self) -> list[Code]:
        with self._engine.connect() as connection:
            return keeping.kept(connection, "codes", ("path",))

    def codings(self, verbatim_ids: Collection[str] | None = None, *, current: bool = False) -> list[Coding]:
        with self._engine.connect() as connection:
            return keeping.codings(connection, verbatim_ids, current=current)

    def labels(self, verbatim_ids: Collection[str] | None = None, *, current: bool = False) -> list[FacetLabel]:
        with self._engine.connect() as connection:
            return keeping.labels(connection, verbatim_ids, current=current)

    def note_opened(self, verbatim_id: str, by: str, at: str) -> None:
        opened.note(self._engine, verbatim_id, by, at)

    def read_by_anybody(self) -> set[str]:
        with self._engine.connect() as connection:
            return opened.read(connection)

    def readers(self) -> list[str]:
        with self._engine.connect() as connection:
            return opened.readers(connection)

    def decided(self, verbatim_ids: Collection[str]) -> Mapping[str, str]:
        with self._engine.connect() as connection:
            return reading.decided(connection, verbatim_ids)

    def permitting(self) -> list[str]:
        query = select(VerbatimRow.id).where(VerbatimRow.retired.is_(False), VerbatimRow.permission.is_not(None))
        with self._engine.connect() as connection:
            return list(connection.execute(query.order_by(VerbatimRow.id)).scalars())

    def source_codings(self) -> list[Coding]:
        with self._engine.connect() as connection:
            return keeping.source_codings(connection)

    def operations(self, *, limit: int = 100) -> list[Operation]:
        with self._engine.connect() as connection:
            return keeping.operations(connection, limit)

    # --- forgetting ---

    def tombstones(self) -> list[Tombstone]:
        with self._engine.connect() as connection:
            return erasing.tombstones(connection)

    def appearances(self) -> list[Appearance]:
        with self._engine.connect() as connection:
            return erasing.appearances(connection)

    def participants(self, document_id: str, version: int) -> list[Participant]:
        with self._engine.connect() as connection:
            return erasing.participants(connection, document_id, version)

    def carriers(self) -> list[tuple[str, str]]:
        with self._engine.connect() as connection:
            return erasing.carriers(connection)

    def verbatims_of(self, document_ids: Iterable[str]) -> list[Verbatim]:
        with self._engine.connect() as connection:
            return erasing.verbatims_of(connection, document_ids)

    def history(self, document_ids: Iterable[str]) -> Iterator[tuple[Document, list[Turn]]]:
        with Session(self._engine) as session:
            yield from erasing.history(session, document_ids, self.rights())

    def documents_saying(self, words: str) -> list[str]:
        with self._engine.connect() as connection:
            return erasing.documents_saying(connection, words)

    def drop_blobs(self) -> int:
        decks = {deck.blob for deck in self.syntheses() if deck.blob}
        return self._blobs.keep_only({file.blob for file in self.files()} | decks)

    def compact(self) -> None:
        erasing.compact(self._engine)

    # --- who may use it ---

    def users(self) -> list[User]:
        with self._engine.connect() as connection:
            return guarding.users(connection)

    def user(self, key: str) -> User | None:
        with self._engine.connect() as connection:
            return guarding.user(connection, key)

    def has_users(self) -> bool:
        with self._engine.connect() as connection:
            return guarding.any_user(connection)

    def sign_in(self, mark: str) -> SignIn | None:
        with self._engine.connect() as connection:
            return guarding.sign_in(connection, mark)

    def touch_sign_in(self, mark: str, at: str) -> None:
        guarding.touch(self._engine, mark, at)

    def known_browser(self, mark: str) -> str | None:
        with self._engine.connect() as connection:
            return guarding.known_browser(connection, mark)

    def token(self, mark: str) -> Token | None:
        with self._engine.connect() as connection:
            return guarding.token(connection, mark)

    def tokens(self) -> list[Token]:
        with self._engine.connect() as connection:
            return guarding.tokens(connection)

    def journal(self, *, limit: int = 200, before: int | None = None) -> list[Entry]:
        with self._engine.connect() as connection:
            return guarding.journal(connection, limit=limit, before=before)

    @staticmethod
    def _findings(session: Session, file_ids: list[str] | None) -> dict[str, list[schema.FindingRow]]:
        query = select(schema.FindingRow).order_by(schema.FindingRow.id)
        query = query if file_ids is None else query.where(schema.FindingRow.file_id.in_(file_ids))
        grouped: dict[str, list[schema.FindingRow]] = defaultdict(list)
        for row in session.scalars(query):
            grouped[row.file_id].append(row)
        return grouped


def _turns(session: Session, document_id: str, version: int, *, as_read: bool = False) -> list[Turn]:
    query = select(TurnRow).where(TurnRow.document_id == document_id, TurnRow.version == version)
    return [mapping.to_turn(row, as_read=as_read) for row in session.scalars(query.order_by(TurnRow.ordinal))]


def _verbatim(row: VerbatimRow) -> Verbatim:
    return Verbatim(
        id=row.id,
        turn_id=row.turn_id,
        document_id=row.document_id,
        start=row.start,
        end=row.end,
        text=row.text,
        key=row.key,
    )
