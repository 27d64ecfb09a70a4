"""A table read through a mapping: which rows count, what they become, and what was left over.

Every column is accounted for: one that the mapping needs and the table lacks stops the reading, one that the table has
and the mapping does not speak of is named in a finding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from ingest.cells import Cells, cell_of
from ingest.limits import shown
from ingest.mapped_companies import accounts, deals
from ingest.mapped_documents import documents
from ingest.remarks import Remarks
from ingest.rows import Row, Rows, is_example, open_rows
from ingest.table_mapping import TableMapping
from ingest.values import DAY_FIRST, MONTH_FIRST, as_text, day_order, parse_day
from winloss.errors import MalformedSource
from winloss.model import Finding, Readable, Severity

PEEK = 200
DAY_FIELDS = ("date", "created", "closed")
Sifted = Callable[[Iterator[Row | Finding], Remarks], Iterator[Row]]


def read_mapped(path: Path, mapping: TableMapping, *, sift: Sifted | None = None) -> Iterator[Readable]:
    """Everything in a table, as the mapping says; `sift` may drop rows that are no data.

    Raises:
        MalformedSource: not a table, or a column that the mapping needs is not there; the hint lists those that are.
    """
    table = open_rows(
        path,
        is_header=lambda columns: fits(columns, mapping),
        sheet=mapping.sheet,
        delimiter=mapping.delimiter,
        records=mapping.records,
    )
    yield from read_rows(path, table, mapping, sift=sift)


def read_rows(path: Path, table: Rows, mapping: TableMapping, *, sift: Sifted | None = None) -> Iterator[Readable]:
    """Everything in the rows of a table that is open already; otherwise like `read_mapped`."""
    if table.fixed:
        _require(path, mapping, table.columns)
    remarks = Remarks()
    cells = Cells(mapping, remarks, day_orders=_day_orders(table, mapping, remarks))
    columns: dict[str, None] = dict.fromkeys(table.columns if table.fixed else ())
    rows = _noted((sift or _sound)(table.read(), remarks), None if table.fixed else columns, remarks)
    chosen = _chosen(_exploded(rows, mapping), mapping)
    if mapping.kind == "deals":
        yield from deals(chosen, mapping, cells, remarks)
    elif mapping.kind == "accounts":
        yield from accounts(chosen, mapping, cells, remarks)
    else:
        yield from documents(chosen, mapping, cells, remarks, name=path.stem)
    if not table.fixed:
        _require(path, mapping, columns)
    yield from (*remarks.findings(), *_left_over(columns, mapping))


def fits(columns: Sequence[str], mapping: TableMapping) -> bool:
    """Whether a header has every column that the mapping needs."""
    present = set(columns)
    return all(any(_has(present, name) for name in group) for group in mapping.needs())


def _sound(rows: Iterator[Row | Finding], remarks: Remarks) -> Iterator[Row]:
    """The rows; what was wrong with any is noted."""
    for row in rows:
        if isinstance(row, Finding):
            remarks.take(row)
        else:
            yield row


def _noted(rows: Iterator[Row], columns: dict[str, None] | None, remarks: Remarks) -> Iterator[Row]:
    """The rows, with every column that comes up remembered; a template's example row is none."""
    for row in rows:
        if columns is not None:
            columns.update(dict.fromkeys(row.cells))
        if is_example(row):
            message = "the example row of the template was left out"
            remarks.add("example-row", message, where=row.where, severity=Severity.INFO)
        else:
            yield row


def _exploded(rows: Iterator[Row], mapping: TableMapping) -> Iterator[Row]:
    """One row for every element of the nested list, with the record's own cells beside `list.key` and `list.#`."""
    path = mapping.explode
    for row in rows:
        if path is None:
            yield row
            continue
        elements = cell_of(row, path)
        outer = {name: cell for name, cell in row.cells.items() if name != path}
        for number, element in enumerate(elements if isinstance(elements, list) else [], start=1):
            inner = element if isinstance(element, dict) else {"value": element}
            cells = {**outer, f"{path}.#": number, **{f"{path}.{key}": cell for key, cell in inner.items()}}
            yield Row(where=f"{row.where}, {path} {number}", cells=cells)


def _chosen(rows: Iterator[Row], mapping: TableMapping) -> Iterator[Row]:
    """The rows that meet every condition; for the first row the one before it is empty."""
    if not mapping.where:
        yield from rows
        return
    before = Row(where="", cells={})
    for row in rows:
        if all(
            condition.holds(as_text(cell_of(before if condition.previous else row, condition.column)))
            for condition in mapping.where
        ):
            yield row
        before = row


def _day_orders(table: Rows, mapping: TableMapping, remarks: Remarks) -> dict[str, str]:
    """For day fields without a format that are not written as ISO: which of day and month comes first."""
    fields = [name for name in DAY_FIELDS if any(not source.formats for source in mapping.fields.get(name, ()))]
    reader = Cells(mapping, Remarks(), day_orders={})
    unclear: set[str] = set()
    for row in islice(_sound(table.read(), Remarks()), PEEK):
        for name in fields:
            value = reader.written(name, row)
            if (value and parse_day(value) is None) or "/" in value:
                unclear.add(name)
    if not unclear:
        return {}
    written: dict[str, list[str]] = {name: [] for name in sorted(unclear)}
    for row in _sound(table.read(), Remarks()):
        for name, values in written.items():
            values.append(reader.written(name, row))
    return _decided(written, remarks)


def _decided(written: Mapping[str, Sequence[str]], remarks: Remarks) -> dict[str, str]:
    """The order of each field; a field that leaves it open follows one that does not."""
    orders = {name: day_order(values) for name, values in written.items()}
    sure = {order for order, guessed in orders.values() if not guessed}
    for name, (order, guessed) in orders.items():
        if guessed and len(sure) == 1:
            orders[name] = (next(iter(sure)), False)
        elif guessed:
            other = DAY_FIRST if order == MONTH_FIRST else MONTH_FIRST
            remarks.add("date-order", f"{name}: days were read as {order}; nothing in the file rules out {other}")
    return {name: order for name, (order, _) in orders.items()}


def _require(path: Path, mapping: TableMapping, columns: Iterable[str]) -> None:
    present = set(columns)
    missing = [group for group in mapping.needs() if not any(_has(present, name) for name in group)]
    if missing:
        names = ", ".join(" or ".join(repr(name) for name in group) for group in dict.fromkeys(missing))
        raise MalformedSource(
            f"{path.name} has no column {names}, which the mapping needs",
            hint=f"It has: {shown(columns) or 'none'}.",
            path=str(path),
        )


def _has(present: set[str], name: str) -> bool:
    """Whether a column is there; of a dotted path into JSON, whether its first key is."""
    return name in present or ("." in name and name.split(".")[0] in present)


def _left_over(columns: dict[str, None], mapping: TableMapping) -> list[Finding]:
    named = {name.split(".")[0] for name in mapping.names()} | mapping.names()
    rest = [column for column in columns if column not in named]
    if not rest:
        return []
    message = f"columns that were not read: {shown(rest)}"
    return [Finding(code="unmapped-columns", message=message, count=len(rest), severity=Severity.INFO)]
