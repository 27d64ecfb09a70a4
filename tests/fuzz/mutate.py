"""Mutations of files of any format: by their structure where they have one, by lines, by tokens, by bytes.

The same seeds and the same random numbers give the same mutants.
"""

from __future__ import annotations

import io
import json
import re
import sqlite3
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Sequence
from random import Random

from tests.fuzz import hostile, trees

LARGEST = 200_000
"""No mutant is larger, so that a time limit for all of them means something."""

_TOKEN = re.compile(r"\d+|[^\W\d_]+|\s+|[^\w\s]|_")
_JSON_START = re.compile(r"\ufeff?\s*[{\[]")
_TABLE_HEAD = re.compile(r"[^\r\n]*[,;\t|][^\r\n]*[,;\t|]")


def mutant(data: bytes, others: Sequence[bytes], rng: Random) -> bytes:
    """Another file like this one; `others` are spliced into it at times."""
    chance = rng.random()
    if chance < 0.72:
        made = _structured(data, rng)
    elif chance < 0.92 or not others:
        made = _bytes(data, rng)
    else:
        made = _spliced(data, rng.choice(others), rng)
    return made[:LARGEST] if not data.startswith(b"PK") else made


def _structured(data: bytes, rng: Random) -> bytes:
    if data.startswith(b"PK\x03\x04"):
        return _packed(data, rng)
    if data.startswith(b"SQLite format 3\x00"):
        return _database(data, rng)
    encoding, text = _decoded(data)
    for change in (_by_shape(text), _lines):
        try:
            changed = change(text, rng)
            return changed.encode(encoding, "surrogatepass")
        except (ValueError, IndexError, RecursionError, OverflowError, TypeError, LookupError, MemoryError):
            continue
    return _bytes(data, rng)


def _decoded(data: bytes) -> tuple[str, str]:
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if data.startswith(mark):
            return encoding, data.decode(encoding, "replace")
    try:
        return "utf-8", data.decode("utf-8")
    except UnicodeDecodeError:
        return "latin-1", data.decode("latin-1")


def _by_shape(text: str) -> Callable[[str, Random], str]:
    """The mutation that knows what the text looks like."""
    start = text.lstrip("\ufeff \t\r\n")[:2000]
    if start.startswith(("{\\rtf", "%PDF")):
        return _tokens
    if _JSON_START.match(start):
        return _json
    if start.startswith("<"):
        return trees.markup
    return _table_or_lines if _TABLE_HEAD.match(start) else _lines


def _json(text: str, rng: Random) -> str:
    try:
        json.loads(text)
    except ValueError:
        return _json_lines(text, rng)
    return trees.json_document(text, rng)


def _json_lines(text: str, rng: Random) -> str:
    lines = text.split("\n")
    for _ in range(rng.choice((1, 1, 2, 4))):
        at = rng.randrange(len(lines))
        try:
            lines[at] = trees.json_document(lines[at], rng).replace("\n", " ")
        except ValueError:
            lines[at] = _tokens(lines[at], rng) if lines[at] else "{}"
    return "\n".join(lines) if rng.random() < 0.7 else _lines("\n".join(lines), rng)


def _table_or_lines(text: str, rng: Random) -> str:
    return trees.table(text, rng) if rng.random() < 0.75 else _lines(text, rng)


# --- Text ------------------------------------------------------------------------------------------------------------


def _lines(text: str, rng: Random) -> str:
    """Lines doubled, left out, swapped, joined, put in, made very long; or tokens changed."""
    lines = text.splitlines(keepends=True) or [""]
    for _ in range(rng.choice((1, 1, 2, 4))):
        at, to = rng.randrange(len(lines)), rng.randrange(len(lines))
        what = rng.randrange(9)
        if what == 0:
            lines[to:to] = lines[min(at, to) : max(at, to) + 1] * rng.choice((1, 1, 3, 50))
        elif what == 1 and len(lines) > 1:
            del lines[at]
        elif what == 2:
            lines[at], lines[to] = lines[to], lines[at]
        elif what == 3:
            lines[at] = lines[at].rstrip("\r\n")
        elif lines[at].startswith("{") and what > 4:
            lines[at] = _json_lines(lines[at], rng)
        elif what == 4:
            lines.insert(at, hostile.text(rng) + rng.choice(("\n", "\r\n", "\r", "\n\n", "")))
        elif what == 5:
            lines[at] = lines[at] * rng.choice((2, 200)) if rng.random() < 0.5 else lines[at].rstrip() + " x" * 20_000
        else:
            lines[at] = _tokens(lines[at], rng)
    return "".join(lines)


def _tokens(text: str, rng: Random) -> str:
    """Numbers become other numbers, words other words, marks come and go."""
    tokens = _TOKEN.findall(text)
    if not tokens:
        return text + hostile.text(rng)
    for _ in range(rng.choice((1, 1, 2, 3, 6))):
        at = rng.randrange(len(tokens))
        what = rng.randrange(6)
        if what == 0:
            tokens[at] = ""
        elif what == 1:
            tokens.insert(at, rng.choice(tokens))
        elif what == 2:
            tokens[at] = hostile.text(rng)
        elif what == 3:
            tokens[at] *= rng.choice((2, 3, 500))
        else:
            digits = [place for place, token in enumerate(tokens) if token.isdigit()] or [at]
            tokens[rng.choice(digits)] = hostile.number(rng)
    return "".join(tokens)


# --- Containers ------------------------------------------------------------------------------------------------------


def _packed(data: bytes, rng: Random) -> bytes:
    """A zip with a changed, missing, repeated or renamed member."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    except (
        zipfile.BadZipFile,
        ValueError,
        OSError,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        EOFError,
        struct.error,
    ):
        return _bytes(data, rng)
    if not members:
        return _bytes(data, rng)
    weights = [
        8.0 if name.endswith(("document.xml", "sheet1.xml", "sharedStrings.xml", ".qde", ".json")) else 1.0
        for name, _ in members
    ]
    at = rng.choices(range(len(members)), weights)[0]
    name, inside = members[at]
    what = rng.randrange(12)
    if what == 0:
        del members[at]
    elif what == 1:
        members.append((name, mutant(inside, (), rng)))
    elif what == 2:
        members[at] = (rng.choice((name.upper(), f"../{name}", f"x/{name}", "a" * 300)), inside)
    else:
        members[at] = (name, mutant(inside, (), rng))
    return _zipped(members)


def _zipped(members: Sequence[tuple[str, bytes]]) -> bytes:
    written = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(written, "w") as archive:
        warnings.simplefilter("ignore")
        for name, inside in members:
            archive.writestr(zipfile.ZipInfo(name), inside)
    return written.getvalue()


def _database(data: bytes, rng: Random) -> bytes:
    """An SQLite file with changed cells, columns or tables."""
    base = sqlite3.connect(":memory:")
    try:
        base.deserialize(data)
        tables = [name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for _ in range(rng.choice((1, 1, 2, 4))):
            _change_database(base, rng.choice(tables), rng)
        base.commit()
        return base.serialize()
    except (sqlite3.Error, IndexError, OverflowError, UnicodeEncodeError):
        return _bytes(data, rng)
    finally:
        base.close()


def _change_database(base: sqlite3.Connection, table: str, rng: Random) -> None:
    columns = [row[1] for row in base.execute(f'PRAGMA table_info("{table}")')]
    column = rng.choice(columns)
    what = rng.randrange(8)
    if what == 0:
        base.execute(f'DROP TABLE "{table}"')
    elif what == 1:
        base.execute(f'ALTER TABLE "{table}" RENAME COLUMN "{column}" TO "{column}_"')
    elif what == 2:
        base.execute(f'DELETE FROM "{table}" WHERE random() % 2')
    else:
        value = rng.choice((hostile.text(rng), None, 2**63 - 1, -1, 0, 1.5, b"\x00\xff", hostile.text(rng) * 3))
        chosen = "" if rng.random() < 0.3 else " WHERE rowid % 2"
        base.execute(f'UPDATE OR IGNORE "{table}" SET "{column}" = ?{chosen}', (value,))


# --- Bytes -----------------------------------------------------------------------------------------------------------


def _bytes(data: bytes, rng: Random) -> bytes:
    """Single bytes changed, pieces put in, left out, doubled, or the end cut off."""
    made = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 3, 8))):
        at = rng.randrange(len(made) + 1)
        size = rng.choice((1, 1, 4, 16, 100))
        what = rng.randrange(7)
        if what == 0 and at < len(made):
            made[at] ^= 1 << rng.randrange(8)
        elif what == 1 and at < len(made):
            made[at] = rng.randrange(256)
        elif what == 2:
            del made[at : at + size]
        elif what == 3:
            made[at:at] = made[at : at + size] * rng.choice((1, 1, 50))
        elif what in (4, 5):
            made[at:at] = rng.choice(hostile.PIECES) * rng.choice((1, 1, 1, 3, 400))
        elif rng.random() < 0.3:
            del made[at:]
    return bytes(made)


def _spliced(data: bytes, other: bytes, rng: Random) -> bytes:
    """The beginning of one and the end of the other, or a piece of the other put in."""
    at, to = rng.randrange(len(data) + 1), rng.randrange(len(other) + 1)
    if rng.random() < 0.5:
        return data[:at] + other[to:]
    return data[:at] + other[to : to + rng.randrange(400)] + data[at:]
