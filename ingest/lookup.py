"""A dictionary of texts that lies on disk, for what a stream must remember of millions of records."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

_WAITING = 2000


class Lookup:
    """Text by key. What was put last is held in memory, a few thousand entries, and the rest in a temporary file."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._waiting: dict[str, str] = {}
        self._empty = True

    def put(self, key: str, text: str) -> None:
        """Remember a text; a later one under the same key replaces it."""
        self._waiting[key] = text
        if len(self._waiting) >= _WAITING:
            rows = ((_storable(name), _storable(value)) for name, value in self._waiting.items())
            self._connection.executemany("INSERT OR REPLACE INTO texts VALUES (?, ?)", rows)
            self._waiting.clear()
            self._empty = False

    def get(self, key: str | None) -> str | None:
        """The text under a key, or None."""
        if key is None:
            return None
        if key in self._waiting or self._empty:
            return self._waiting.get(key)
        row = self._connection.execute("SELECT text FROM texts WHERE key = ?", (_storable(key),)).fetchone()
        return row[0] if row else None


@contextmanager
def opened_lookup() -> Iterator[Lookup]:
    """An empty lookup whose file goes when the context ends."""
    with closing(sqlite3.connect("", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("CREATE TABLE texts (key TEXT PRIMARY KEY, text TEXT) WITHOUT ROWID")
        yield Lookup(connection)


def _storable(text: str) -> str:
    """SQLite keeps no lone surrogates."""
    return text.encode("utf-8", "replace").decode("utf-8")
