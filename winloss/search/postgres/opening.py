"""Making a database ready for searching within it, or saying why it cannot be."""

from __future__ import annotations

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import DBAPIError

from winloss.search.postgres.tables import WRITERS

_TABLE = """CREATE TABLE IF NOT EXISTS search_vectors (
    n integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    model text NOT NULL,
    key text NOT NULL,
    embedding vector NOT NULL,
    UNIQUE (model, key)
)"""
_INLINE = "ALTER TABLE search_vectors ALTER COLUMN embedding SET STORAGE MAIN"


def missing_part(engine: Engine) -> str | None:
    """Make what searching by meaning needs, and say in plain words why that cannot be; None: all is there."""
    if engine.dialect.name != "postgresql":
        return "the store is not on PostgreSQL"
    with engine.connect() as connection:
        if connection.execute(select(func.to_regclass("search_vectors"))).scalar():
            return None
    try:
        with engine.begin() as connection:
            connection.execute(select(func.pg_advisory_xact_lock(WRITERS)))
            connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS vector")
            connection.exec_driver_sql(_TABLE)
            connection.exec_driver_sql(_INLINE)
    except DBAPIError as error:
        told = str(error.orig).splitlines()[0]
        return f"this PostgreSQL has no pgvector ({told}); ask its administrator for the extension `vector`"
    return None
