"""Which verbatims somebody has read, on SQL: opened by themselves, or coded, labelled or pinned by anybody."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, Engine, delete, insert, select, union, update
from sqlalchemy.exc import IntegrityError

from winloss.store import schema
from winloss.store.engine import without_waiting

_READ = (schema.OpeningRow, schema.CodingRow, schema.LabelRow, schema.PinRow)


def note(engine: Engine, verbatim_id: str, by: str, at: str) -> None:
    """Note that somebody opened a verbatim, once each, unless somebody else is writing."""
    table = schema.OpeningRow
    known = select(table.verbatim_id).where(table.verbatim_id == verbatim_id, table.by == by)
    with engine.connect() as connection:
        if connection.execute(known).first():
            return
    with without_waiting(engine) as connection:
        try:
            connection.execute(insert(table), {"verbatim_id": verbatim_id, "by": by, "opened_at": at})
        except IntegrityError:
            connection.rollback()


def read(connection: Connection) -> set[str]:
    """The ids of every verbatim that anybody has read."""
    return set(connection.execute(union(*(select(table.verbatim_id) for table in _READ))).scalars())


def readers(connection: Connection) -> list[str]:
    """Everybody who has opened a verbatim, by name; nobody in particular is left out."""
    by = schema.OpeningRow.by
    return list(connection.execute(select(by).where(by != "").distinct().order_by(by)).scalars())


def unname(connection: Connection, names: Collection[str]) -> None:
    """Have what these people opened be opened by nobody in particular."""
    table = schema.OpeningRow
    anonymous = select(table.verbatim_id).where(table.by == "")
    for name in sorted(names):
        connection.execute(delete(table).where(table.by == name, table.verbatim_id.in_(anonymous)))
        connection.execute(update(table).where(table.by == name).values(by=""))
