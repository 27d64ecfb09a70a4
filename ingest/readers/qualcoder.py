"""QualCoder projects: the database `data.qda` in a project's folder."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from ingest.codings import CodedText, Selection, coded_document
from winloss.errors import MalformedSource
from winloss.model import Finding, Readable
from winloss.ports import Format, Probe, ReadContext

_MAGIC = b"SQLite format 3\x00"
_TABLES = frozenset({"source", "code_name", "code_text"})
_STEPS = 200_000
_PATIENCE = 5_000
"""How often so many steps of the database's machine may pass before a query is given up."""

_LONGEST = 64 << 20


class QualCoderReader:
    """A project's texts and codings. Every text is one interview."""

    name = "qualcoder"
    title = "QualCoder projects"
    family = "research"
    formats: tuple[Format, ...] = (
        Format(
            name="QualCoder project",
            looks="`data.qda` in the project's folder",
            gives="interviews with human-coded verbatims, tags, coders",
        ),
    )

    def identify(self, probe: Probe) -> bool:
        """An SQLite database with QualCoder's tables."""
        if not probe.head.startswith(_MAGIC):
            return False
        try:
            with closing(_open(probe.path)) as database:
                return _tables(database) >= _TABLES
        except (sqlite3.Error, UnicodeDecodeError):
            return False

    def read(self, path: Path, context: ReadContext) -> Iterator[Readable]:
        """One interview a text.

        Raises:
            MalformedSource: the database is damaged or older than what QualCoder writes.
        """
        try:
            with closing(_open(path)) as database:
                yield from _texts(database, path, context)
        except (sqlite3.Error, OverflowError, UnicodeDecodeError) as error:
            raise MalformedSource(
                f"{path.name} cannot be read: {error}",
                hint="Open the project in QualCoder and export it as REFI-QDA (.qdpx).",
                path=str(path),
            ) from error


def _open(path: Path) -> sqlite3.Connection:
    """The database, never written to; what it defines itself is not trusted, and no query runs for ever."""
    database = sqlite3.connect(f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True)
    database.execute("pragma trusted_schema = off")
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
    database.text_factory = lambda data: data.decode("utf-8", "replace")
    left = [_PATIENCE]

    def tick() -> int:
        left[0] -= 1
        return int(left[0] < 0)

    database.set_progress_handler(tick, _STEPS)
    return database


def _tables(database: sqlite3.Connection) -> frozenset[str]:
    rows = database.execute("select name from sqlite_master where type = 'table'")
    return frozenset(str(name) for (name,) in rows)


def _texts(database: sqlite3.Connection, path: Path, context: ReadContext) -> Iterator[Readable]:
    codes = _codes(database)
    wordless = 0
    for number, name, text in database.execute("select id, name, fulltext from source order by id"):
        if not isinstance(text, str) or not text.strip():
            wordless += 1
            continue
        called = str(name or "").strip()
        coded = CodedText(
            id=f"{called or number} (QualCoder)",
            text=text,
            selections=tuple(_selections(database, number, codes)),
            title=called or None,
            tags=tuple(_cases(database, number)),
        )
        yield from coded_document(coded, path, context)
    if wordless:
        message = "pictures, recordings and empty texts were left out"
        yield Finding(code="no-text-source", message=message, count=wordless)


def _selections(database: sqlite3.Connection, source: int, codes: Mapping[object, str]) -> Iterator[Selection]:
    """Codings in order; positions are code points."""
    query = "select cid, pos0, pos1, seltext, owner, memo from code_text where fid = ? order by pos0, pos1, cid"
    for code, start, end, words, owner, memo in database.execute(query, (source,)):
        if isinstance(start, int) and isinstance(end, int):
            told = (_text(owner), _text(memo), _text(words))
            path = codes.get(code)
            yield Selection(
                start=start, end=end, codes=(path,) if path else (), coder=told[0], note=told[1], words=told[2]
            )


def _codes(database: sqlite3.Connection) -> dict[object, str]:
    """Every code's path: its categories, outermost first, and its name."""
    above: dict[object, tuple[str, object]] = {}
    if "code_cat" in _tables(database):
        for number, name, parent in database.execute("select catid, name, supercatid from code_cat"):
            above[number] = (str(name), parent)
    found = {}
    for code, name, category in database.execute("select cid, name, catid from code_name"):
        path, seen = [str(name)], set()
        while category in above and category not in seen:
            seen.add(category)
            path.append(above[category][0])
            category = above[category][1]
        found[code] = "/".join(reversed(path))
    return found


def _cases(database: sqlite3.Connection, source: int) -> Iterator[str]:
    """The cases that a text belongs to."""
    if not _tables(database) >= {"cases", "case_text"}:
        return
    query = "select distinct c.name from cases c join case_text t on t.caseid = c.caseid where t.fid = ? order by 1"
    yield from (str(name) for (name,) in database.execute(query, (source,)) if name)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None
