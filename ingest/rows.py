"""Tables as rows of named cells, whatever they come in: CSV of any delimiter, Excel, JSON lines, a JSON array.

Rows stream: a file may be larger than memory. A broken row is a finding and the reading goes on.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path

from ingest.following import open_text
from ingest.json_rows import first_keys, json_records
from ingest.limits import MAX_CELL, MAX_COLUMNS, bounded_lines
from ingest.sheets import sheet_cells
from ingest.sniff import encoding_of, office_kind, probe
from winloss.errors import MalformedSource
from winloss.model import Finding
from winloss.ports import Probe

HEADER_WITHIN = 30
DELIMITERS = ",;\t|"
EXAMPLE = "EXAMPLE-ROW"
"""What the first cell of a template's example row begins with; such rows are never read."""

_JSON_START = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*[\[{\"\]])")
_ESCAPED_QUOTE = re.compile(r"\\\"[^\",;\t|\r\n]")
_SENTENCE = re.compile(r": |[.!:]\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: where it stands (`row 3`, `line 17`) and its cells by column. JSON cells may be lists and objects."""

    where: str
    cells: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A table: its columns (for JSON those of the first record) and its rows, with findings about them.

    Every call of `read` streams them from the beginning. `fixed` tells that no row has other columns than these.
    """

    columns: tuple[str, ...]
    read: Callable[[], Iterator[Row | Finding]]
    fixed: bool


Wanted = Callable[[Sequence[str]], bool]


def open_rows(
    path: Path,
    *,
    is_header: Wanted | None = None,
    sheet: str | None = None,
    delimiter: str | None = None,
    records: str | None = None,
) -> Rows:
    """The table in a file. `is_header` finds the header among the first rows; without it the first filled row is it.

    Raises:
        MalformedSource: not a table, no header, or no such sheet.
    """
    seen = probe(path)
    if office_kind(seen) == "xlsx":
        return _sheet_rows(path, is_header, sheet)
    encoding, findings = encoding_of(path)
    if is_json(seen.text):
        return _json_rows(path, seen.text, encoding, findings, records)
    chosen = delimiter or delimiter_of(seen.text) or ","
    return _csv_rows(path, encoding, findings, is_header, chosen, seen.text)


def headers(seen: Probe) -> list[tuple[str, ...]]:
    """What may be the header of the table in a file: its first rows; for JSON the keys of the first record."""
    if office_kind(seen) == "xlsx":
        told = seen.path.stat()
        return _first_sheet_rows(seen.path, (seen.head, told.st_mtime_ns, told.st_size))
    if not seen.text.strip():
        return []
    if is_json(seen.text):
        return [first_keys(seen.text)]
    delimiter = delimiter_of(seen.text)
    if delimiter is None:
        return []
    return [tuple(cell.strip() for cell in cells) for cells in islice(_cells(seen.text, delimiter), HEADER_WITHIN)]


def numbered_cells(path: Path) -> tuple[Callable[[], Iterator[tuple[int, list[str]]]], list[Finding]]:
    """The filled rows of a CSV or Excel file with their number, read anew by every call, and findings about them.

    Raises:
        MalformedSource: not a table.
    """
    seen = probe(path)
    if office_kind(seen) == "xlsx":
        filled = sheet_cells(path, None)
        return lambda: iter(filled), []
    encoding, findings = encoding_of(path)
    return lambda: _numbered(path, encoding, delimiter_of(seen.text) or ",", seen.text), findings


def is_example(row: Row) -> bool:
    """Whether it is the example row of one of our templates."""
    first = next(iter(row.cells.values()), None)
    return isinstance(first, str) and first.strip().startswith(EXAMPLE)


def is_json(text: str) -> bool:
    """Whether a text begins as JSON does."""
    return bool(_JSON_START.match(text))


def looks_tabular(text: str) -> bool:
    """Whether a text is JSON, or begins with a header above rows that nearly all have as many cells."""
    if is_json(text):
        return True
    found = _delimiting(text)
    return found is not None and found[1] >= 0.8 and _like_header(next(_cells(text, found[0]), []))


def delimiter_of(text: str) -> str | None:
    """The delimiter that cuts the most rows into the same number of cells, at least two; None where none does."""
    found = _delimiting(text)
    return found[0] if found else None


def _delimiting(text: str) -> tuple[str, float] | None:
    """The best delimiter and the share of rows that have the usual width under it."""
    best: tuple[float, str, float] | None = None
    for delimiter in DELIMITERS:
        widths = Counter(len(cells) for cells in islice(_cells(text, delimiter), 200))
        width, rows = max(widths.items(), key=lambda entry: (entry[1] * (entry[0] - 1), entry[0]), default=(1, 0))
        share = rows / max(sum(widths.values()), 1)
        if width >= 2 and share >= 0.3 and (best is None or share * (width - 1) > best[0]):
            best = (share * (width - 1), delimiter, share)
    return (best[1], best[2]) if best else None


def _like_header(cells: Sequence[str]) -> bool:
    """Whether cells read like column names: short, and no sentences."""
    named = [cell.strip() for cell in cells if cell.strip()]
    return 2 * len(named) > len(cells) and all(len(name) <= 80 and not _SENTENCE.search(name) for name in named)


def _cells(text: str, delimiter: str) -> Iterator[list[str]]:
    """The non-empty rows of CSV text, cells as written."""
    lines = io.StringIO(text, newline="")
    return (cells for cells in _reader(lines, delimiter, text) if any(cell.strip() for cell in cells))


def _reader(lines: Iterable[str], delimiter: str, head: str) -> Iterator[list[str]]:
    """Rows of CSV; a backslash escapes a quote where words follow it, which doubled quotes never do."""
    csv.field_size_limit(MAX_CELL)
    escaped = bool(_ESCAPED_QUOTE.search(head))
    reader = csv.reader(
        lines, delimiter=delimiter, doublequote=not escaped, escapechar="\\" if escaped else None, strict=False
    )
    try:
        yield from reader
    except csv.Error as error:
        raise MalformedSource(
            f"the table cannot be read: {error}",
            hint="A quote is probably not closed. Export the file again.",
            where=f"line {reader.line_num}",
        ) from error


def _csv_rows(
    path: Path, encoding: str, remarks: Sequence[Finding], is_header: Wanted | None, delimiter: str, head: str
) -> Rows:
    found = _header_at(_numbered(path, encoding, delimiter, head), is_header)
    if found is None:
        raise MalformedSource(f"{path.name} holds no table", hint="Export it again with its header.", path=str(path))
    number, columns = found

    def read() -> Iterator[Row | Finding]:
        rows = (entry for entry in _numbered(path, encoding, delimiter, head) if entry[0] > number)
        return chain(remarks, _named_rows(rows, columns))

    return Rows(columns=columns, read=read, fixed=True)


def _numbered(path: Path, encoding: str, delimiter: str, head: str) -> Iterator[tuple[int, list[str]]]:
    """Filled rows with their number, counted from 1 as a spreadsheet would."""
    with open_text(path, encoding, newline="") as file:
        if file.read(1) != "\ufeff":
            file.seek(0)
        for number, cells in enumerate(_reader(bounded_lines(file, path), delimiter, head), start=1):
            if any(cell.strip() for cell in cells):
                yield number, cells


def _header_at(rows: Iterator[tuple[int, list[str]]], is_header: Wanted | None) -> tuple[int, tuple[str, ...]] | None:
    """Number and names of the header: the first row that is wanted, else the first one."""
    first: tuple[int, tuple[str, ...]] | None = None
    for number, cells in islice(rows, HEADER_WITHIN):
        if len(cells) > MAX_COLUMNS:
            raise MalformedSource(
                f"row {number} has {len(cells):,} columns, more than any table",
                hint="The line breaks are probably lost. Export it again.",
                where=f"row {number}",
            )
        columns = distinct(cells)
        if is_header is None or is_header(columns):
            return number, columns
        first = first or (number, columns)
    return first


def distinct(cells: Sequence[str]) -> tuple[str, ...]:
    """Column names: stripped; nameless ones by number, repeated ones with a number behind."""
    names: dict[str, None] = {}
    repeats: Counter[str] = Counter()
    for number, cell in enumerate(cells, start=1):
        name = unique = cell.strip() or f"column {number}"
        while unique in names:
            repeats[name] += 1
            unique = f"{name} ({repeats[name] + 1})"
        names[unique] = None
    return tuple(names)


def _named_rows(rows: Iterable[tuple[int, list[str]]], columns: Sequence[str]) -> Iterator[Row | Finding]:
    """Cells by column; a row with fewer cells is filled up, one with more loses the rest, and both are findings."""
    for number, cells in rows:
        if len(cells) < len(columns):
            cells = [*cells, *[""] * (len(columns) - len(cells))]
            yield Finding(code="short-row", message="a row has fewer cells than the header", where=f"row {number}")
        elif any(cell.strip() for cell in cells[len(columns) :]):
            yield Finding(
                code="long-row",
                message="a row has more cells than the header; the rest was left out",
                where=f"row {number}",
            )
        yield Row(where=f"row {number}", cells=dict(zip(columns, cells, strict=False)))


def _json_rows(path: Path, head: str, encoding: str, remarks: Sequence[Finding], records: str | None) -> Rows:
    def read() -> Iterator[Row | Finding]:
        entries = json_records(path, encoding, records)
        rows = (entry if isinstance(entry, Finding) else Row(where=entry[0], cells=entry[1]) for entry in entries)
        return chain(remarks, rows)

    return Rows(columns=first_keys(head), read=read, fixed=False)


def _sheet_rows(path: Path, is_header: Wanted | None, sheet: str | None) -> Rows:
    filled = sheet_cells(path, sheet)
    found = _header_at(iter(filled), is_header)
    if found is None:
        raise MalformedSource(f"{path.name} holds no table", hint="Name the sheet in the mapping.", path=str(path))
    number, columns = found
    below = [(place, [*cells, *[""] * (len(columns) - len(cells))]) for place, cells in filled if place > number]
    return Rows(columns=columns, read=lambda: _named_rows(below, columns), fixed=True)


@lru_cache(maxsize=4)
def _first_sheet_rows(path: Path, stamp: tuple[bytes, int, int]) -> list[tuple[str, ...]]:  # noqa: ARG001  (tells one version of a file from another)
    try:
        return [tuple(cells) for _, cells in sheet_cells(path, None, limit=HEADER_WITHIN)]
    except MalformedSource:
        return []
