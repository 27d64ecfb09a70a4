"""Who may be quoted, on SQL: the decisions as they hold on a day, and what people are called who may not be named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, select

from winloss.model import Rights, RightsBook, RightsDecision, RightsOf, Side
from winloss.store.schema import DocumentRow, FileRow, PseudonymRow, RightsRow, TurnRow


def decisions(connection: Connection) -> list[RightsDecision]:
    """Every decision about rights, oldest first."""
    rows = connection.execute(select(RightsRow.__table__).order_by(RightsRow.made_at, RightsRow.id)).mappings()
    return [to_decision(row) for row in rows]


def book(connection: Connection, today: str) -> RightsBook:
    """The decisions as they hold on a day."""
    made = decisions(connection)
    wanted = [item.target for item in made if item.of is RightsOf.FILE]
    files = connection.execute(select(FileRow.id, FileRow.path).where(FileRow.path.in_(wanted))) if wanted else ()
    return RightsBook(made, {row.id: row.path for row in files}, today=today)


def to_decision(row: Mapping[Any, Any]) -> RightsDecision:
    """A decision from its row."""
    return RightsDecision(
        id=row["id"],
        of=RightsOf(row["of"]),
        target=row["target"],
        rights=Rights(row["rights"]) if row["rights"] else None,
        made_at=row["made_at"],
        until=row["until"],
        instead=Rights(row["instead"]) if row["instead"] else None,
        people=tuple(row["people"]),
        by=row["by"],
    )


def documents_under(connection: Connection, made: Iterable[RightsDecision]) -> set[str]:
    """The documents whose words these decisions are about."""
    found: set[str] = set()
    for item in made:
        files = select(FileRow.id).where(FileRow.path == item.target)
        meant = {
            RightsOf.DOCUMENT: select(DocumentRow.id).where(DocumentRow.id == item.target),
            RightsOf.FILE: select(DocumentRow.id).where(DocumentRow.file_id.in_(files)),
            RightsOf.PERSON: select(TurnRow.document_id).where(TurnRow.respondent.in_(item.people)),
        }
        found.update(connection.execute(meant[item.of].distinct()).scalars())
    return found


def pseudonyms(connection: Connection) -> dict[str, int]:
    """Person -> the number of their pseudonym."""
    return {row.respondent: row.number for row in connection.execute(select(PseudonymRow.__table__))}


def population(connection: Connection) -> list[tuple[str, str | None, str | None, str | None]]:
    """(person, segment, role, account) of every buyer who speaks in a current document, each once."""
    here = (DocumentRow.id == TurnRow.document_id) & (DocumentRow.version == TurnRow.version) & DocumentRow.current
    columns = (TurnRow.respondent, DocumentRow.segment, TurnRow.role, DocumentRow.account)
    query = select(*columns).join(DocumentRow, here).where(TurnRow.side == Side.BUYER.value).distinct()
    return [(row[0], row[1], row[2], row[3]) for row in connection.execute(query)]
