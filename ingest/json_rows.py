"""JSON as rows: one record a line, or one document with an array of records in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ingest.following import open_text
from ingest.json_files import LARGEST_WHOLE, read_whole, stream
from ingest.limits import MAX_LINE, bounded_lines, shown
from winloss.errors import MalformedSource
from winloss.model import Finding

Numbered = Iterator[tuple[str, dict[str, Any]] | Finding]


def json_records(path: Path, encoding: str, records: str | None) -> Numbered:
    """(`line 17` or `record 3`, record) for every record, and findings for lines that are broken.

    `records` is the dotted path of the array inside a JSON document; without it the document is the array, or every
    line is a record.

    Raises:
        MalformedSource: the document is broken, or there is no array where `records` points.
    """
    if records is None and _first_line_is_record(path, encoding):
        return _lines(path, encoding)
    return _document(path, records)


def first_keys(text: str) -> tuple[str, ...]:
    """The keys of the first record in the head of a file; empty where that cannot be told."""
    start = text.lstrip("\ufeff \t\r\n[")
    try:
        record, _ = json.JSONDecoder().raw_decode(start)
    except (ValueError, RecursionError):
        return ()
    return tuple(record) if isinstance(record, dict) else ()


def look_up(record: Mapping[str, Any], path: str) -> Any:
    """The value under a key, or under a dotted path of keys; None where there is nothing."""
    if path in record:
        return record[path]
    value: Any = record
    for key in path.split("."):
        if not isinstance(value, Mapping) or key not in value:
            return None
        value = value[key]
    return value


def _first_line_is_record(path: Path, encoding: str) -> bool:
    with path.open(encoding=encoding) as file:
        line = next((line for line in iter(lambda: file.readline(MAX_LINE), "") if line.strip("\ufeff \t\r\n")), "")
    try:
        return isinstance(json.loads(line.strip("\ufeff \t\r\n")), dict)
    except (ValueError, RecursionError):
        return False


def _lines(path: Path, encoding: str) -> Numbered:
    with open_text(path, encoding) as file:
        for number, line in enumerate(bounded_lines(file, path), start=1):
            if not (written := line.strip("\ufeff \t\r\n")):
                continue
            try:
                record = json.loads(written)
            except (ValueError, RecursionError):
                record = None
            if isinstance(record, dict):
                yield f"line {number}", record
            else:
                message = "a line is not a JSON record and was left out"
                yield Finding(code="broken-line", message=message, where=f"line {number}")


def _streamed(path: Path, records: str | None) -> Numbered:
    """The records of a document that is too large to be read whole."""
    number = 0
    for number, record in enumerate(stream(path, f"{records}.item" if records else "item"), start=1):
        yield _numbered(number, record)
    if not number:
        raise MalformedSource(
            f"{path.name} holds no array of records" + (f" under {records!r}" if records else ""),
            hint='Say where it is in the mapping: records = "…".',
            path=str(path),
        )


def _numbered(number: int, record: object) -> tuple[str, dict[str, Any]] | Finding:
    if isinstance(record, dict):
        return f"record {number}", record
    return Finding(code="broken-record", message="a record is not an object", where=f"record {number}")


def _document(path: Path, records: str | None) -> Numbered:
    if path.stat().st_size > LARGEST_WHOLE:
        yield from _streamed(path, records)
        return
    document = read_whole(path)
    found = look_up(document, records) if records and isinstance(document, dict) else document
    if not isinstance(found, list):
        arrays = (
            [key for key, value in document.items() if isinstance(value, list)] if isinstance(document, dict) else []
        )
        raise MalformedSource(
            f"{path.name} holds no array of records" + (f" under {records!r}" if records else ""),
            hint=f'Say where it is in the mapping: records = "…" (arrays here: {shown(arrays) or "none"}).',
            path=str(path),
        )
    for number, record in enumerate(found, start=1):
        yield _numbered(number, record)
