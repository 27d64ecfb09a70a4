"""One unit of work on the truth: every write of the store, all or nothing."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Connection, Table, bindparam, delete, func, insert, select, update

from winloss.model import (
    Account,
    Classification,
    Copy,
    Correction,
    Deal,
    Document,
    DriftVerdict,
    Facet,
    Lineage,
    Participant,
    Scope,
    Snapshot,
    SourceFile,
    Speaker,
    Theme,
    ThemeEvent,
    Turn,
    Verbatim,
    stable_id,
)
from winloss.model.evidence import CORRECTED
from winloss.ports import Mirror
from winloss.store import mapping, schema
from winloss.store.erasing import ErasingWrites
from winloss.store.guarding import GuardingWrites
from winloss.store.persons import PersonWrites
from winloss.store.reading import facet_in_force, in_batches, passages_of
from winloss.store.records import sayings, with_saying
from winloss.store.rights import book
from winloss.store.schema import DocumentRow, VerbatimRow

_BATCH = 500


class SqlTransaction(ErasingWrites, GuardingWrites, PersonWrites):
    """The writes of `winloss.ports.Transaction` on an open connection; the store commits or rolls back."""

    def __init__(self, connection: Connection, mirror: Mirror | None = None, *, today: str = "") -> None:
        self._connection = connection
        self._today = today
        self._mirror = mirror
        self._touched: set[str] = set()
        self._reworded: set[str] = set()
        self._erased = False

    # --- sources ---

    def put_file(self, file: SourceFile) -> None:
        run = self._connection.execute
        run(delete(schema.FindingRow).where(schema.FindingRow.file_id == file.id))
        run(delete(schema.FileRow).where(schema.FileRow.id == file.id))
        run(insert(schema.FileRow), mapping.file_row(file))
        self._insert(schema.FindingRow, [mapping.finding_row(file.id, finding) for finding in file.findings])

    def put_document(self, document: Document, turns: Sequence[Turn], participants: Sequence[Participant]) -> str:
        return self.put_documents([(document, turns, participants)])[0]

    def put_documents(self, read: Sequence[tuple[Document, Sequence[Turn], Sequence[Participant]]]) -> list[str]:
        current = self._current([document.id for document, _, _ in read])
        stored = set(current)
        documents: dict[str, list[dict[str, Any]]] = defaultdict(list)
        turns: list[dict[str, Any]] = []
        changes = []
        for document, spoken, people in read:
            version, content_hash = current.get(document.id, (0, None))
            if content_hash is not None and _as_read(content_hash) == document.content_hash:
                changes.append("unchanged")
                continue
            changes.append("new version" if version else "added")
            version += 1
            current[document.id] = (version, document.content_hash)
            for older in documents[document.id]:
                older["current"] = False
            documents[document.id].append(mapping.document_row(document, version, list(people)))
            turns += (
                mapping.turn_row(turn, stable_id("t", document.id, version, turn.ordinal), version) for turn in spoken
            )
        self._outdate([name for name in documents if name in stored])
        self._insert(DocumentRow, [row for rows in documents.values() for row in rows])
        self._insert(schema.TurnRow, turns)
        return changes

    def put_deals(self, deals: Iterable[Deal], file_id: str, *, path: str) -> int:
        said = {deal.external_id: mapping.deal_content(deal) for deal in deals}
        return self._record(schema.DealRow, "external_id", said, file_id, path)

    def put_accounts(self, accounts: Iterable[Account], file_id: str, *, path: str) -> int:
        said = {account.name.casefold(): mapping.account_content(account) for account in accounts}
        return self._record(schema.AccountRow, "key", said, file_id, path)

    def erase_companies(self, file_ids: Collection[str]) -> Mapping[str, int]:
        table = schema.FileRow
        counts: Counter[str] = Counter()
        for batch in in_batches(sorted(file_ids), _BATCH):
            for file_id, path in self._connection.execute(select(table.id, table.path).where(table.id.in_(batch))):
                counts["deals"] += self._record(schema.DealRow, "external_id", {}, file_id, path)
                counts["accounts"] += self._record(schema.AccountRow, "key", {}, file_id, path)
        return counts

    def set_document_context(
        self, document_id: str, *, account: str | None, segment: str | None, outcome: str | None, competitor: str | None
    ) -> bool:
        wanted = {"account": account, "segment": segment, "outcome": outcome, "competitor": competitor}
        here = (DocumentRow.id == document_id) & DocumentRow.current
        columns = [getattr(DocumentRow, name) for name in wanted]
        row = self._connection.execute(select(*columns).where(here)).first()
        if row is None or tuple(row) == tuple(wanted.values()):
            return False
        self._connection.execute(update(DocumentRow).where(here).values(**wanted))
        self._touched.add(document_id)
        return True

    def put_copies(self, copies: Sequence[Copy]) -> int:
        run, table = self._connection.execute, schema.CopyRow
        before: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in run(select(table.__table__).order_by(table.document_id, table.of_id)).mappings():
            before[row["document_id"]].append(dict(row))
        after: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for copy in sorted(copies, key=lambda copy: (copy.document_id, copy.of_id)):
            after[copy.document_id].append(mapping.copy_row(copy))
        changed = [name for name in before.keys() | after.keys() if before.get(name) != after.get(name)]
        for start in range(0, len(changed), _BATCH):
            run(delete(table).where(table.document_id.in_(changed[start : start + _BATCH])))
        self._insert(table, [row for name in sorted(changed) for row in after.get(name, ())])
        gone = [row for name in changed for row in before.get(name, ())]
        self._to_segment([*changed, *(row["of_id"] for row in gone if row["how"] != "quotes")])
        whole = select(table.of_id).join(DocumentRow, DocumentRow.id == table.document_id).where(table.how != "quotes")
        unfinished = whole.where(DocumentRow.current, DocumentRow.segmented_with.is_(None))
        self._to_segment(run(unfinished).scalars().all())
        return len(changed)

    def _to_segment(self, document_ids: Iterable[str]) -> None:
        names = sorted(set(document_ids))
        for start in range(0, len(names), _BATCH):
            here = DocumentRow.id.in_(names[start : start + _BATCH]) & DocumentRow.current
            self._connection.execute(update(DocumentRow).where(here).values(segmented_with=None))

    # --- speakers ---

    def put_correction(self, correction: Correction) -> None:
        self.drop_correction(correction.id)
        self._connection.execute(insert(schema.CorrectionRow), mapping.correction_row(correction))

    def drop_correction(self, correction_id: str) -> None:
        self._connection.execute(delete(schema.CorrectionRow).where(schema.CorrectionRow.id == correction_id))

    def put_speakers(self, document_id: str, spoken: Mapping[int, tuple[Speaker, str | None]]) -> bool:
        changed = []
        renamed = {}
        for row in self._current_turns(document_id):
            if row["ordinal"] not in spoken:
                continue
            speaker, question = spoken[row["ordinal"]]
            before = {name: row[name] for name in (*mapping.SPEAKER, "question")}
            after = {**mapping.speaker_row(speaker), "question": question}
            read = row["as_read"] or before
            if after != before:
                changed.append({"id": row["id"], **after, "as_read": None if after == read else read})
                if row["respondent"] != speaker.respondent:
                    renamed[row["respondent"]] = speaker.respondent
        self._update_many(schema.TurnRow, changed)
        self._carry(renamed)
        if changed:
            self._touched.add(document_id)
            self._reworded.add(document_id)
            self._mark_corrected(document_id)
        return bool(changed)

    def put_respondents(self, document_id: str, respondents: Mapping[str, str]) -> int:
        rows = [
            row
            for row in self._current_turns(document_id)
            if row["speaker"] in respondents and row["respondent"] != respondents[row["speaker"]]
        ]
        changed = [{"id": row["id"], "respondent": respondents[row["speaker"]]} for row in rows]
        self._update_many(schema.TurnRow, changed)
        self._carry({row["respondent"]: respondents[row["speaker"]] for row in rows})
        self._touched |= {document_id} if changed else set()
        return len(changed)

    def _mark_corrected(self, document_id: str) -> None:
        """Let the content's hash tell the speakers apart from those as read, and the document be segmented again."""
        run, here = self._connection.execute, (DocumentRow.id == document_id) & DocumentRow.current
        known = _as_read(run(select(DocumentRow.content_hash).where(here)).scalar_one())
        told = [
            [row["ordinal"], *(row[name] for name in mapping.SPEAKER)]
            for row in self._current_turns(document_id)
            if row["as_read"] is not None
        ]
        mark = stable_id("", json.dumps(sorted(told, key=lambda item: item[0])))
        changed = f"{known}{CORRECTED}{mark}" if told else known
        run(update(DocumentRow).where(here).values(content_hash=changed, segmented_with=None))

    def _current_turns(self, document_id: str) -> list[Any]:
        table = schema.TurnRow
        columns = [getattr(table, name) for name in ("id", "ordinal", "as_read", "question", *mapping.SPEAKER)]
        version = select(DocumentRow.version).where(DocumentRow.id == document_id, DocumentRow.current)
        query = select(*columns).where(table.document_id == document_id, table.version == version.scalar_subquery())
        return list(self._connection.execute(query).mappings())

    # --- verbatims ---

    def put_verbatims(self, document_id: str, verbatims: Sequence[Verbatim], fingerprint: str) -> None:
        run = self._connection.execute
        here = (DocumentRow.id == document_id) & DocumentRow.current
        if run(update(DocumentRow).where(here).values(segmented_with=fingerprint)).rowcount == 0:
            return
        self._touched.add(document_id)
        self._reworded.add(document_id)
        known = set(run(select(VerbatimRow.id).where(VerbatimRow.document_id == document_id)).scalars())
        wanted = {verbatim.id: verbatim for verbatim in verbatims}
        for gone in known - wanted.keys():
            run(update(VerbatimRow).where(VerbatimRow.id == gone).values(retired=True, theme_id=None, found_theme=None))
        for kept in known & wanted.keys():
            verbatim = wanted[kept]
            row = _verbatim_row(verbatim)
            told = {name: row[name] for name in ("turn_id", "start", "end", "tags", "coder", "retired")}
            run(update(VerbatimRow).where(VerbatimRow.id == kept).values(**told))
        fresh = [verbatim for verbatim in wanted.values() if verbatim.id not in known]
        self._insert(VerbatimRow, [_verbatim_row(verbatim) for verbatim in fresh])

    def put_classifications(self, decisions: Mapping[str, Classification], fingerprint: str) -> None:
        self._update_many(
            VerbatimRow,
            [
                {
                    "id": verbatim_id,
                    "classified_with": fingerprint,
                    "facet": decision.facet.value,
                    "facet_score": decision.facet_score,
                    "scores": dict(decision.scores),
                    "reason": decision.reason,
                    "permission": decision.permission.value if decision.permission else None,
                }
                for verbatim_id, decision in decisions.items()
            ],
        )
        self._touch_documents_of(decisions)
        moved = [verbatim_id for verbatim_id, decision in decisions.items() if decision.facet is Facet.NONE]
        for start in range(0, len(moved), _BATCH):
            batch = VerbatimRow.id.in_(moved[start : start + _BATCH]) & VerbatimRow.labelled.is_(None)
            self._connection.execute(update(VerbatimRow).where(batch).values(theme_id=None, found_theme=None))

    # --- themes, snapshots, verdicts ---

    def put_themes(
        self, facet: Facet, themes: Sequence[Theme], assignments: Mapping[str, str | None], fingerprint: str
    ) -> None:
        run = self._connection.execute
        ids = [theme.id for theme in themes]
        run(delete(schema.ThemeRow).where(schema.ThemeRow.id.in_(ids)))
        self._fall_asleep(facet)
        self._insert(schema.ThemeRow, [mapping.theme_row(theme, fingerprint) for theme in themes])
        self._assign(facet, assignments, "found_theme")
        self._assign(facet, assignments, "theme_id")

    def _fall_asleep(self, facet: Facet) -> None:
        """Mark every theme of the facet dormant, as it holds and as it was found."""
        run, table = self._connection.execute, schema.ThemeRow
        for row in run(select(table.id, table.found).where(table.facet == facet.value)).all():
            found = {**row.found, "dormant": True, "size": 0} if row.found else row.found
            run(update(table).where(table.id == row.id).values(dormant=True, found=found))

    def curate(self, facet: Facet, themes: Sequence[Theme], assignments: Mapping[str, str | None]) -> None:
        run, table = self._connection.execute, schema.ThemeRow
        known = set(run(select(table.id).where(table.facet == facet.value)).scalars())
        rows = {theme.id: mapping.curated_row(theme) for theme in themes}
        self._update_many(table, [{"id": name, **row} for name, row in rows.items() if name in known])
        made = [{"id": name, **row} for name, row in rows.items() if name not in known]
        self._insert(table, [{**row, "facet": facet.value, "made_with": "", "found": None} for row in made])
        left = [{"id": name, "dormant": True, "size": 0} for name in sorted(known - rows.keys())]
        self._update_many(table, left)
        self._assign(facet, assignments, "theme_id")

    def put_theme_events(self, events: Iterable[ThemeEvent]) -> None:
        newest = self._connection.execute(select(func.max(schema.EventRow.id))).scalar() or 0
        rows = [{"id": newest + place, **mapping.event_row(event)} for place, event in enumerate(events, start=1)]
        self._insert(schema.EventRow, rows)

    def _assign(self, facet: Facet, assignments: Mapping[str, str | None], name: str) -> None:
        """Write which theme each of these verbatims is in, where that is another one than before."""
        column = getattr(VerbatimRow, name)
        stored = self._connection.execute(select(VerbatimRow.id, column).where(facet_in_force == facet.value))
        before = {row[0]: row[1] for row in stored}
        changed = [
            {"id": verbatim_id, name: theme_id}
            for verbatim_id, theme_id in assignments.items()
            if before.get(verbatim_id) != theme_id
        ]
        self._update_many(VerbatimRow, changed)
        self._touch_documents_of([str(row["id"]) for row in changed])

    def put_snapshots(self, snapshots: Sequence[Snapshot]) -> None:
        self._insert(schema.SnapshotRow, [mapping.snapshot_row(snapshot) for snapshot in snapshots])

    def put_lineage(self, facet: Facet, steps: Sequence[Lineage]) -> None:
        self._connection.execute(delete(schema.LineageRow).where(schema.LineageRow.facet == facet.value))
        self._insert(schema.LineageRow, [mapping.lineage_row(step) for step in steps])

    def put_verdicts(self, verdicts: Sequence[DriftVerdict], fingerprint: str) -> None:
        table = schema.VerdictRow
        for verdict in verdicts:
            row = mapping.verdict_row(verdict, fingerprint)
            same = (table.quarter == row["quarter"]) & (table.scope_key == row["scope_key"])
            self._connection.execute(delete(table).where(same))
            self._connection.execute(insert(table), row)

    def drop_verdicts(self, cells: Iterable[tuple[str, Scope]]) -> None:
        table = schema.VerdictRow
        for quarter, scope in cells:
            here = (table.quarter == quarter) & (table.scope_key == mapping.scope_key(scope))
            self._connection.execute(delete(table).where(here))

    def set_stage(self, stage: str, fingerprint: str) -> None:
        self._connection.execute(delete(schema.StageRow).where(schema.StageRow.name == stage))
        self._connection.execute(insert(schema.StageRow), {"name": stage, "fingerprint": fingerprint})

    # --- helpers ---

    def _current(self, ids: Sequence[str]) -> dict[str, tuple[int, str | None]]:
        """Version and content hash of the current versions of those documents that there are."""
        found: dict[str, tuple[int, str | None]] = {}
        for start in range(0, len(ids), _BATCH):
            here = DocumentRow.id.in_(ids[start : start + _BATCH]) & DocumentRow.current
            rows = self._connection.execute(
                select(DocumentRow.id, DocumentRow.version, DocumentRow.content_hash).where(here)
            )
            found.update({row.id: (row.version, row.content_hash) for row in rows})
        return found

    def _outdate(self, ids: Sequence[str]) -> None:
        """No version of these documents is the current one any more."""
        for start in range(0, len(ids), _BATCH):
            here = DocumentRow.id.in_(ids[start : start + _BATCH])
            self._connection.execute(update(DocumentRow).where(here).values(current=False))

    def _touch_documents_of(self, verbatim_ids: Iterable[str]) -> None:
        for batch in in_batches(verbatim_ids, _BATCH):
            documents = select(VerbatimRow.document_id).where(VerbatimRow.id.in_(batch)).distinct()
            self._touched.update(self._connection.execute(documents).scalars())

    def bump_revision(self, *, sources: bool = True) -> None:
        """Count this unit of work, and note what it changed; called by the store before it commits."""
        run, counter = self._connection.execute, schema.CounterRow
        counted = update(counter).where(counter.name == "revision").values(value=counter.value + 1)
        if run(counted).rowcount == 0:
            run(insert(counter), {"name": "revision", "value": 1})
        revision = run(select(counter.value).where(counter.name == "revision")).scalar_one()
        for batch in in_batches(sorted(self._touched), _BATCH):
            run(delete(schema.TouchRow).where(schema.TouchRow.document_id.in_(batch)))
            run(insert(schema.TouchRow), [{"document_id": name, "revision": revision} for name in batch])
        for name in (*(["sources"] if sources or self._erased else []), *(["erased"] if self._erased else [])):
            run(delete(counter).where(counter.name == name))
            run(insert(counter), {"name": name, "value": revision})
        if self._mirror is not None:
            self._reflect(self._mirror, revision)

    def _reflect(self, mirror: Mirror, revision: int) -> None:
        """Let the mirror show what this unit of work makes of the passages.

        The counter is locked by now, so that units of work come here one after another.
        """
        for batch in in_batches(sorted(self._reworded), _BATCH):
            held = book(self._connection, self._today)
            mirror.replace(self._connection, batch, passages_of(self._connection, batch, held))
        mirror.note(self._connection, revision, erased=self._erased)

    def _insert(self, table: type[schema.Base], rows: list[dict[str, Any]]) -> None:
        for start in range(0, len(rows), _BATCH):
            self._connection.execute(insert(table), rows[start : start + _BATCH])

    def _update_many(self, table: type[schema.Base], rows: list[dict[str, Any]]) -> None:
        """Update rows by primary key `id`, many at a time; all rows name the same columns."""
        if not rows:
            return
        columns = table.__table__.c
        values = {name: bindparam(f"new_{name}", type_=columns[name].type) for name in rows[0] if name != "id"}
        statement = update(cast(Table, table.__table__)).where(columns.id == bindparam("row_id")).values(values)
        bound = [{"row_id" if name == "id" else f"new_{name}": value for name, value in row.items()} for row in rows]
        self._connection.execute(statement, bound)

    def _record(
        self,
        table: type[schema.DealRow | schema.AccountRow],
        key: str,
        said: Mapping[str, mapping.Row],
        file_id: str,
        path: str,
    ) -> int:
        """Note what a file says of each record, and that it says nothing more of others; returns how many changed."""
        column = table.__table__.c[key]
        names: set[str] = set(said)
        read_before = select(schema.FileRow.id).where(schema.FileRow.path == path).limit(1)
        if self._connection.execute(read_before).first():
            earlier = self._connection.execute(select(column, table.__table__.c.content)).all()
            names |= {name for name, content in earlier if any(path == other for other, _ in sayings(content))}
        stored = dict(self._contents(table, column, sorted(names)))
        wanted = {name: with_saying(stored.get(name), path, _plain(said.get(name))) for name in names}
        changed = sorted(name for name in names if wanted[name] != stored.get(name))
        for start in range(0, len(changed), _BATCH):
            self._connection.execute(delete(table).where(column.in_(changed[start : start + _BATCH])))
        rows = [mapping.record_row(table, key, name, content, file_id) for name in changed if (content := wanted[name])]
        self._insert(table, rows)
        return len(changed)

    def _contents(
        self, table: type[schema.Base], column: Any, names: Sequence[str]
    ) -> Iterator[tuple[str, mapping.Row]]:
        for start in range(0, len(names), _BATCH):
            here = column.in_(names[start : start + _BATCH])
            found = self._connection.execute(select(column, table.__table__.c.content).where(here))
            yield from ((name, content) for name, content in found)


def _as_read(content_hash: str) -> str:
    """The hash of a document's content before anybody corrected its speakers."""
    return content_hash.partition(CORRECTED)[0]


def _verbatim_row(verbatim: Verbatim) -> dict[str, Any]:
    return {
        "id": verbatim.id,
        "turn_id": verbatim.turn_id,
        "document_id": verbatim.document_id,
        "start": verbatim.start,
        "end": verbatim.end,
        "text": verbatim.text,
        "key": verbatim.key,
        "tags": list(verbatim.tags),
        "coder": verbatim.coder,
        "retired": False,
    }


def _plain(content: dict[str, Any] | None) -> dict[str, Any] | None:
    """Content as JSON gives it back: tuples as lists."""
    return content and {name: list(value) if isinstance(value, tuple) else value for name, value in content.items()}
