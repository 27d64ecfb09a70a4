"""The truth: SQL tables, migrations and content-addressed blobs. `open_store` is all the rest of the house needs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from winloss.ports import Mirror
    from winloss.store.repository import SqlStore

__all__ = ["open_store"]


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def open_store(
    root: Path,
    database_url: str = "",
    mirrored: Callable[[Engine], Mirror | None] = lambda _engine: None,
    today: Callable[[], str] = _today,
) -> SqlStore:
    """The store of the workspace at `root`: its SQLite file, or the database at the URL; migrated, ready for use.

    `mirrored` may give what follows every unit of work in the same database, within the same transaction; `today` is
    the day on which rights to quote are looked up.

    Raises:
        ConfigError: the database cannot be opened.
    """
    from winloss.store.engine import open_engine, sqlite_url
    from winloss.store.repository import SqlStore

    root.mkdir(parents=True, exist_ok=True)
    engine = open_engine(database_url or sqlite_url(root / "store.sqlite"))
    return SqlStore(engine, root / "blobs", mirrored(engine), today)
