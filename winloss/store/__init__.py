"""The truth: SQL tables, migrations and content-addressed blobs. `open_store` is all the rest of the house needs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from winloss.store.repository import SqlStore

__all__ = ["open_store"]


def open_store(root: Path, database_url: str = "") -> SqlStore:
    """The store of the workspace at `root`: its SQLite file, or the database at the URL; migrated, ready for use.

    Raises:
        ConfigError: the database cannot be opened.
    """
    from winloss.store.engine import open_engine, sqlite_url
    from winloss.store.repository import SqlStore

    root.mkdir(parents=True, exist_ok=True)
    return SqlStore(open_engine(database_url or sqlite_url(root / "store.sqlite")), root / "blobs")
