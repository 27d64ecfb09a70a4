"""Opening the database: SQLite in the workspace by default, PostgreSQL by URL; migrated to the newest schema."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from winloss.errors import ConfigError

HEAD_REVISION = "0016"


def open_engine(url: str) -> Engine:
    """An engine for the URL with the schema brought up to date.

    Raises:
        ConfigError: the URL cannot be understood or the database cannot be reached.
    """
    try:
        parsed = make_url(url)
        if parsed.drivername in ("postgres", "postgresql"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        engine = create_engine(parsed, pool_pre_ping=parsed.get_backend_name() != "sqlite")
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _configure_sqlite)
        _migrate(engine)
    except (ArgumentError, OperationalError, ModuleNotFoundError) as error:
        raise ConfigError(
            f"cannot open the database: {str(error).splitlines()[0]}",
            hint="Check DATABASE_URL, or leave it unset to use the SQLite file in the workspace.",
        ) from error
    return engine


@contextmanager
def without_waiting(engine: Engine) -> Iterator[Connection]:
    """A connection for a write that is let go where somebody else is writing: nobody who reads waits for it."""
    with engine.connect() as connection:
        impatient = connection.dialect.name == "sqlite"
        if impatient:
            connection.exec_driver_sql("PRAGMA busy_timeout=0")
        try:
            yield connection
            connection.commit()
        except OperationalError:
            connection.rollback()
        finally:
            if impatient:
                connection.exec_driver_sql("PRAGMA busy_timeout=30000")


def sqlite_url(path: Path) -> str:
    """The URL of a SQLite file."""
    return f"sqlite:///{path}"


def _configure_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _migrate(engine: Engine) -> None:
    """Upgrade to the newest revision, all or nothing; Alembic is loaded only where there is something to do."""
    with engine.connect() as connection:
        if inspect(connection).has_table("alembic_version"):
            version = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
            if version == HEAD_REVISION:
                return
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            raw: Any = connection.connection.dbapi_connection
            raw.isolation_level = None  # else every CREATE commits itself
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    engine.dispose()
