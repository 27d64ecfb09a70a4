"""A list of themes: a CSV with a column of them, or a JSON of texts or of objects."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from ingest.limits import MAX_JSON, json_weight, shown
from ingest.sniff import read_text
from winloss.errors import MalformedSource
from winloss.model.auditing import Block, BlockKind

COLUMNS = ("claim", "statement", "theme", "finding", "title", "text", "name", "insight", "label", "pain")
"""Columns and members that hold the theme, the first that is there."""
_WRAPPERS = ("themes", "claims", "findings", "statements", "insights", "items", "data", "results")


def list_blocks(path: Path) -> list[Block]:
    """One block a theme, in order.

    Raises:
        MalformedSource: it is neither CSV nor JSON that can be read, or no column holds themes.
    """
    text = read_text(path)[0]
    is_json = text.lstrip()[:1] in ("{", "[")
    themes = _from_json(path, text) if is_json else _from_csv(path, text)
    word = "entry" if is_json else "row"
    return [
        Block(text=line, kind=BlockKind.BODY, where=f"{word} {number}", place=number - 1, part=0, listed=True)
        for number, line in enumerate(themes, start=1)
        if line
    ]


def _from_json(path: Path, text: str) -> list[str]:
    if json_weight(text) > MAX_JSON:
        raise _refused(path, "holds more than any list of themes")
    try:
        value: object = json.loads(text)
    except json.JSONDecodeError as error:
        value = _from_lines(path, text, error)
    except (ValueError, RecursionError) as error:
        raise _refused(path, f"is not valid JSON: {error}") from error
    if isinstance(value, dict):
        value = next((value[name] for name in _WRAPPERS if isinstance(value.get(name), list)), [value])
    if not isinstance(value, list):
        raise _refused(path, "is no list")
    return [_theme_in(path, entry, number) for number, entry in enumerate(value, start=1)]


def _from_lines(path: Path, text: str, first: json.JSONDecodeError) -> list[object]:
    """One JSON value a line."""
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError) as error:
        raise _refused(path, f"is not valid JSON: {first}") from error


def _theme_in(path: Path, entry: object, number: int) -> str:
    if isinstance(entry, str):
        return " ".join(entry.split())
    if isinstance(entry, dict):
        plain = {str(name).casefold(): value for name, value in entry.items()}
        for name in COLUMNS:
            if isinstance(plain.get(name), str):
                return " ".join(str(plain[name]).split())
    raise _refused(path, f"has no theme in entry {number}")


def _from_csv(path: Path, text: str) -> list[str]:
    try:
        mark = csv.Sniffer().sniff(text[:8192], ",;\t|").delimiter
    except csv.Error:
        mark = ","
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark) if any(map(str.strip, row))]
    except csv.Error as error:
        raise _refused(path, f"is not a readable CSV: {error}") from error
    if not rows:
        return []
    place, body = _column(path, rows)
    return [" ".join(row[place].split()) if place < len(row) else "" for row in body]


def _column(path: Path, rows: Sequence[Sequence[str]]) -> tuple[int, Sequence[Sequence[str]]]:
    """Which column holds the themes, and the rows below its head; a list of one column needs no head."""
    head = [cell.strip().casefold() for cell in rows[0]]
    for name in COLUMNS:
        for known in (name, f"{name}s"):
            if known in head:
                return head.index(known), rows[1:]
    if max(map(len, rows)) == 1:
        return 0, rows
    raise _refused(path, f"has no column of themes among {shown(_named(rows[0]))}")


def _named(cells: Iterable[str]) -> list[str]:
    return [cell.strip() or "(no name)" for cell in cells]


def _refused(path: Path, what: str) -> MalformedSource:
    hint = f"Call the column, or the member, one of: {', '.join(COLUMNS)}; or write one theme a line."
    return MalformedSource(f"{path.name} {what}", hint=hint, path=str(path))
