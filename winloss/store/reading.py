"""The queries behind the store's reads: the joins that make passages and evidence, and the filters on documents."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Text, case, cast, func, select

from winloss.errors import QueryError
from winloss.model import EvidenceRow, Filters, Passage, RightsBook, SourceKind, SpokenBy, called
from winloss.store import keeping, mapping
from winloss.store.schema import CounterRow, DocumentRow, PseudonymRow, TouchRow, TurnRow, VerbatimRow

BATCH = 500

facet_in_force = func.coalesce(VerbatimRow.labelled, VerbatimRow.facet)
"""What people say wins over the model."""
_score_in_force = case((VerbatimRow.labelled.is_not(None), 1.0), else_=VerbatimRow.facet_score)
_reason_in_force = func.coalesce(VerbatimRow.labelled_note, VerbatimRow.reason)

_PASSAGE = (
    select(VerbatimRow, TurnRow, DocumentRow)
    .join(TurnRow, TurnRow.id == VerbatimRow.turn_id)
    .join(DocumentRow, (DocumentRow.id == TurnRow.document_id) & (DocumentRow.version == TurnRow.version))
    .outerjoin(PseudonymRow, PseudonymRow.respondent == TurnRow.respondent)
)


def passages_by_id(connection: Connection, ids: Sequence[str], book: RightsBook) -> list[Passage]:
    """The passages with these ids, in this order; unknown ids are left out."""
    found: dict[str, Passage] = {}
    for start in range(0, len(ids), BATCH):
        query = _columns().where(VerbatimRow.id.in_(ids[start : start + BATCH]))
        given = keeping.codes_given(connection, ids[start : start + BATCH])
        found.update({row.v_id: _passage(row, given, book) for row in connection.execute(query)})
    return [found[verbatim_id] for verbatim_id in ids if verbatim_id in found]


def passages_after(connection: Connection, after: str, limit: int, book: RightsBook) -> list[Passage]:
    """The next current passages by id."""
    query = _columns().where(VerbatimRow.id > after, VerbatimRow.retired.is_(False)).order_by(VerbatimRow.id)
    rows = connection.execute(query.limit(limit)).all()
    given = keeping.codes_given(connection, [row.v_id for row in rows])
    return [_passage(row, given, book) for row in rows]


def passages_of(connection: Connection, documents: Sequence[str], book: RightsBook) -> list[Passage]:
    """The current passages of these documents."""
    query = _columns().where(VerbatimRow.document_id.in_(documents), VerbatimRow.retired.is_(False))
    rows = connection.execute(query).all()
    given = keeping.codes_given(connection, [row.v_id for row in rows])
    return [_passage(row, given, book) for row in rows]


def evidence(connection: Connection, book: RightsBook, documents: Sequence[str] | None = None) -> list[EvidenceRow]:
    """Every current verbatim as the statistics see it, or those of these documents, ordered by id.

    They are sorted here: asked for in that order, the database jumps from page to page.
    """
    return sorted(_evidence(connection, book, _counted(documents), documents), key=attrgetter("id"))


def evidence_one_by_one(connection: Connection, book: RightsBook) -> Iterator[EvidenceRow]:
    """Every one of them in the same order, of which no more are in memory at once than are being looked at."""
    query = _counted(None).order_by(VerbatimRow.id)
    yield from _evidence(connection.execution_options(stream_results=True), book, query, None)


def _counted(documents: Sequence[str] | None) -> Any:
    verbatim, turn = VerbatimRow, TurnRow
    query = (
        select(
            verbatim.id,
            verbatim.key,
            turn.document_id,
            turn.version,
            turn.respondent,
            facet_in_force,
            _score_in_force,
            turn.role,
            turn.mode,
            verbatim.theme_id,
            turn.question,
            turn.ordinal,
            cast(verbatim.tags, Text),
        )
        .join(turn, turn.id == verbatim.turn_id)
        .where(verbatim.retired.is_(False))
    )
    return query if documents is None else query.where(verbatim.document_id.in_(documents))


def _evidence(
    connection: Connection, book: RightsBook, query: Any, documents: Sequence[str] | None
) -> Iterator[EvidenceRow]:
    """The rows of the query; what they tell of their document is read once, not again for each of its verbatims."""
    about = _about(connection, documents)
    here = None if documents is None else select(VerbatimRow.id).where(VerbatimRow.document_id.in_(documents))
    given = keeping.codes_given(connection, None if here is None else connection.execute(here).scalars().all())
    for id_, key, name, version, who, facet, score, role, mode, theme, question, ordinal, codes in connection.execute(
        query
    ):
        if (it := about.get((name, version))) is None:
            continue  # it came or went meanwhile, and the store's revision tells so
        rights = book.of(name, it.file_id, it.rights, who).rights.value if book else it.rights
        tags = it.tags
        if codes != _NO_CODES or id_ in given:
            tags = tuple(dict.fromkeys([*tags, *json.loads(codes), *given.get(id_, ())]))
        yield EvidenceRow(
            *(id_, key, name, who, facet, score, role, mode),
            *(it.segment, it.kind, it.outcome, it.competitor, it.account, it.quarter, it.date),
            *(rights, theme, tags, question, ordinal, it.language),
        )


_NO_CODES = "[]"


class _About(NamedTuple):
    """What a row of evidence tells of the document it is of."""

    segment: str | None
    kind: str
    outcome: str | None
    competitor: str | None
    account: str | None
    quarter: str | None
    date: str | None
    rights: str
    tags: tuple[str, ...]
    language: str | None
    file_id: str


def _about(connection: Connection, documents: Sequence[str] | None) -> Mapping[tuple[str, int], _About]:
    """Every version of every document, or of these, by id and version."""
    it = DocumentRow
    told = (it.segment, it.kind, it.outcome, it.competitor, it.account, it.quarter, it.happened_on, it.rights, it.tags)
    query = select(it.id, it.version, *told, it.language, it.file_id)
    query = query if documents is None else query.where(it.id.in_(documents))
    found = {}
    for name, version, *values in connection.execute(query):
        values[6] = values[6].isoformat() if values[6] else None
        values[8] = tuple(dict.fromkeys(values[8]))
        found[name, version] = _About(*values)
    return found


def decided(connection: Connection, verbatim_ids: Iterable[str]) -> dict[str, str]:
    """Verbatim id -> what the model decided."""
    found: dict[str, str] = {}
    for batch in in_batches(sorted(verbatim_ids), BATCH):
        query = select(VerbatimRow.id, VerbatimRow.facet).where(
            VerbatimRow.id.in_(batch), VerbatimRow.facet.is_not(None)
        )
        found.update({row.id: row.facet for row in connection.execute(query)})
    return found


def touched(connection: Connection, since: int) -> list[str] | None:
    """The documents whose evidence a later revision than `since` changed; None: more than that may have changed."""
    erased = connection.execute(select(CounterRow.value).where(CounterRow.name == "erased")).scalar() or 0
    if since < erased:
        return None
    query = select(TouchRow.document_id).where(TouchRow.revision > since).order_by(TouchRow.document_id)
    return list(connection.execute(query).scalars())


def speakers(
    connection: Connection, document_id: str | None, kind: SourceKind | None, book: RightsBook
) -> list[SpokenBy]:
    """Who speaks in each current document (or in one, or in those of a kind), by document and first turn."""
    turn, document = TurnRow, DocumentRow
    columns = [getattr(turn, name) for name in mapping.SPEAKER]
    corrected = turn.as_read.is_not(None)
    query = (
        select(
            turn.document_id,
            func.count().label("turns"),
            func.min(turn.ordinal).label("first"),
            corrected.label("corrected"),
            document.rights,
            document.file_id,
            *columns,
        )
        .join(document, (document.id == turn.document_id) & (document.version == turn.version))
        .where(document.current)
        .group_by(turn.document_id, corrected, document.rights, document.file_id, *columns)
        .order_by(turn.document_id, func.min(turn.ordinal))
    )
    query = query if document_id is None else query.where(turn.document_id == document_id)
    query = query if kind is None else query.where(document.kind == kind.value)
    return [
        SpokenBy(
            document_id=row["document_id"],
            speaker=mapping.to_speaker({name: row[name] for name in mapping.SPEAKER}),
            turns=row["turns"],
            first=row["first"],
            corrected=bool(row["corrected"]),
            rights=book.of(row["document_id"], row["file_id"], row["rights"], row["respondent"]).rights,
        )
        for row in connection.execute(query).mappings()
    ]


def document_conditions(filters: Filters) -> list[ColumnElement[bool]]:
    """The part of the filters that documents can answer."""
    columns = {
        "account": DocumentRow.account,
        "segment": DocumentRow.segment,
        "source": DocumentRow.kind,
        "outcome": DocumentRow.outcome,
        "competitor": DocumentRow.competitor,
        "quarter": DocumentRow.quarter,
        "language": DocumentRow.language,
    }
    conditions: list[ColumnElement[bool]] = [
        column.in_(getattr(filters, name)) for name, column in columns.items() if getattr(filters, name)
    ]
    if filters.since:
        conditions.append(DocumentRow.happened_on >= _day(filters.since))
    if filters.until:
        conditions.append(DocumentRow.happened_on <= _day(filters.until))
    return conditions


def in_batches(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Lists of at most `size`, in order."""
    batch: list[Any] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise QueryError(f"not a day: {text!r}", hint="Write days as 2026-04-30.") from error


def _columns() -> Any:
    verbatim, turn, document = VerbatimRow, TurnRow, DocumentRow
    return _PASSAGE.with_only_columns(
        verbatim.id.label("v_id"),
        verbatim.text,
        facet_in_force.label("facet"),
        _score_in_force.label("facet_score"),
        verbatim.permission,
        verbatim.start,
        verbatim.end,
        verbatim.theme_id,
        _reason_in_force.label("reason"),
        verbatim.tags.label("codes"),
        verbatim.coder,
        turn.role,
        turn.mode,
        turn.speaker,
        turn.respondent,
        turn.ordinal,
        turn.start_ms,
        turn.end_ms,
        turn.question,
        document.id.label("d_id"),
        document.segment,
        document.account,
        document.outcome,
        document.competitor,
        document.kind,
        document.external_id,
        document.title.label("d_title"),
        document.happened_on,
        document.quarter,
        document.url,
        document.rights,
        document.language,
        document.tags,
        document.file_id,
        PseudonymRow.number.label("pseudonym"),
    )


def _passage(row: Row[Any], given: Mapping[str, Sequence[str]], book: RightsBook) -> Passage:
    held = book.of(row.d_id, row.file_id, row.rights, row.respondent)
    return Passage(
        id=row.v_id,
        text=row.text,
        facet=row.facet,
        facet_score=row.facet_score,
        role=row.role,
        mode=row.mode,
        permission=row.permission,
        speaker=row.speaker,
        respondent=row.respondent,
        segment=row.segment,
        account=row.account,
        outcome=row.outcome,
        competitor=row.competitor,
        source=row.kind,
        document_id=row.d_id,
        external_id=row.external_id,
        title=row.d_title,
        date=row.happened_on.isoformat() if row.happened_on else None,
        quarter=row.quarter,
        turn=row.ordinal,
        start=row.start,
        end=row.end,
        start_ms=row.start_ms,
        end_ms=row.end_ms,
        url=row.url,
        theme_id=row.theme_id,
        rights=held.rights.value,
        language=row.language,
        tags=tuple(dict.fromkeys([*row.tags, *row.codes, *given.get(row.v_id, ())])),
        coder=row.coder,
        question=row.question,
        reason=row.reason,
        quote_until=held.until,
        pseudonym=called(row.pseudonym) if row.pseudonym else None,
    )
