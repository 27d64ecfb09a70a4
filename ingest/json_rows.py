"""JSON as rows: one record a line, or one document with an array of records in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

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
    return _document(path, encoding, records)


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
        line = next((line for line in file if line.strip("\ufeff \t\r\n")), "")
    try:
        return isinstance(json.loads(line.strip("\ufeff \t\r\n")), dict)
    except (ValueError, RecursionError):
        return False


def _lines(path: Path, encoding: str) -> Numbered:
    with path.open(encoding=encoding) as file:
        for number, line in enumerate(file, start=1):
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


def _document(path: Path, encoding: str, records: str | None) -> Numbered:
    try:
        document = json.loads(path.read_text(encoding=encoding).removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        where = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise MalformedSource(
            f"{path.name} is not valid JSON: {error}", hint="Export it again.", path=str(path), where=where
        ) from error
    found = look_up(document, records) if records and isinstance(document, dict) else document
    if not isinstance(found, list):
        arrays = (
            [key for key, value in document.items() if isinstance(value, list)] if isinstance(document, dict) else []
        )
        raise MalformedSource(
            f"{path.name} holds no array of records" + (f" under {records!r}" if records else ""),
            hint=f'Say where it is in the mapping: records = "…" (arrays here: {", ".join(arrays) or "none"}).',
            path=str(path),
        )
    for number, record in enumerate(found, start=1):
        if isinstance(record, dict):
            yield f"record {number}", record
        else:
            yield Finding(code="broken-record", message="a record is not an object", where=f"record {number}")
