"""Cells of one row read as a mapping says: text, days, numbers, outcomes, lists.

What cannot be read is a finding and counts as unknown, never a guess; what is nearly a known value is joined to it and
said so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from ingest.json_rows import look_up
from ingest.remarks import Remarks
from ingest.rows import Row
from ingest.table_mapping import CLOSED, Field, TableMapping, plain_value
from ingest.values import as_text, parse_day, parse_number, parse_yes
from ingest.vocabulary import parse_outcome
from winloss.codebook import suggestion
from winloss.model import Outcome

NEAR = 88
SUGGEST = 60
LARGEST_NUMBER = 1e18
"""Beyond it no employees and no money are counted, and a whole number does not fit into a database."""

_NOTHING = frozenset(
    {"-", "--", "–", "—", "n/a", "#n/a", "none", "null", "nan", "(blank)", "not applicable", "no competitor"}
)
_FREE = frozenset({"title", "question", "speaker"})
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


class Cells:
    """Reads fields of rows; keeps what it decided about a written value, so that every row gets the same."""

    def __init__(self, mapping: TableMapping, remarks: Remarks, *, day_orders: Mapping[str, str]) -> None:
        self._mapping = mapping
        self._remarks = remarks
        self._day_orders = day_orders
        self._decided: dict[tuple[str, str], tuple[str, tuple[str, str] | None]] = {}

    def written(self, field: str, row: Row) -> str:
        """The field as written, stripped: its first filled column, else the constant, else empty."""
        for source in self._mapping.fields.get(field, ()):
            for written in _values(source, row):
                if written.strip():
                    return written.strip()
        return self._mapping.constants.get(field, "")

    def text(self, field: str, row: Row) -> str | None:
        """What the field means, by the mapping's value tables; None where it is empty or says `n/a` in some way."""
        written = self.written(field, row)
        if not written or (field not in _FREE and plain_value(written) in _NOTHING):
            return None
        return self._meaning(field, written, row.where) or None

    def closed(self, field: str, row: Row) -> str | None:
        """A field that has only certain values; None and a finding where the row says something else."""
        meant = self.text(field, row)
        if meant is None:
            return None
        word = plain_value(meant).replace(" ", "_").replace("-", "_")
        if word in CLOSED[field]:
            return word
        if field == "outcome" and (outcome := parse_outcome(meant)):
            return outcome.value
        counts = "no_quote" if field == "rights" else "unknown"
        known = f"(known: {', '.join(CLOSED[field])}){suggestion(meant, CLOSED[field])}"
        message = f"{field} {meant!r} is not known and counts as {counts}; add it to [values.{field}] of a mapping"
        self._remarks.add(f"unknown-{field}", f"{message} {known}", where=row.where)
        return None

    def outcome(self, row: Row) -> Outcome | None:
        """The field `outcome`."""
        value = self.closed("outcome", row)
        return Outcome(value) if value else None

    def day(self, field: str, row: Row) -> date | None:
        """A day; None and a finding where what is written is none."""
        written = self.text(field, row)
        if not written:
            return None
        formats = next((source.formats for source in self._mapping.fields.get(field, ())), ())
        day = parse_day(written, formats, order=self._day_orders.get(field))
        if day is None:
            message = f"{field} {written!r} is not a date as the mapping expects it; say how with `format`"
            self._remarks.add("bad-date", message, where=row.where)
        return day

    def number(self, field: str, row: Row) -> float | None:
        """A number; None and a finding where what is written is none."""
        written = self.text(field, row)
        if not written:
            return None
        number = parse_number(written)
        if number is None or abs(number) > LARGEST_NUMBER:
            self._remarks.add("bad-number", f"{field} {written[:80]!r} is not a number", where=row.where)
            return None
        return number

    def whole(self, field: str, row: Row) -> int | None:
        """A number without its fraction."""
        number = self.number(field, row)
        return int(number) if number is not None else None

    def yes(self, field: str, row: Row) -> bool | None:
        """Yes or no; None where neither is written."""
        return parse_yes(self.written(field, row))

    def several(self, field: str, row: Row) -> tuple[str, ...]:
        """A list: cells cut at the separator, found by the pattern, or lists already; each value once, in order."""
        found: list[str] = []
        for source in self._mapping.fields.get(field, ()):
            found += [part for cell in _cells(source, row) for part in _cut(cell, source)]
        if not found and field in self._mapping.constants:
            found = _cut(self._mapping.constants[field], Field())
        meant = (self._meaning(field, written, row.where) for written in found)
        return tuple(dict.fromkeys(filter(None, meant)))

    def _meaning(self, field: str, written: str, where: str) -> str:
        """What a written value means, with the remark that it deserves."""
        if field not in self._mapping.values and field not in self._mapping.known:
            return written
        key = (field, written)
        if key not in self._decided:
            self._decided[key] = self._decide(field, written)
        meant, remark = self._decided[key]
        if remark:
            self._remarks.add(*remark, where=where)
        return meant

    def _decide(self, field: str, written: str) -> tuple[str, tuple[str, str] | None]:
        table = self._mapping.values.get(field, {})
        plain = plain_value(written)
        if plain in table:
            return table[plain], None
        known = {plain_value(value): value for value in (*self._mapping.known.get(field, ()), *table.values()) if value}
        if plain in known:
            return known[plain], None
        near, score = _nearest(written, known.values())
        if near and score >= NEAR:
            return near, ("near-value", f"{field} {written!r} is not known and was read as {near!r}")
        if field in CLOSED:
            return written, None
        guess = f"; the nearest is {near!r}" if near and score >= SUGGEST else ""
        return written, ("unknown-value", f"{field} {written!r} is in no list of the mapping{guess}")


def cell_of(row: Row, column: str) -> Any:
    """A cell by column; in JSON also by dotted path. None where there is none."""
    if column in row.cells:
        return row.cells[column]
    return look_up(row.cells, column) if "." in column else None


def filled_in(template: str, row: Row) -> str:
    """A template with the row's cells in place of `{column}`."""
    return _PLACEHOLDER.sub(lambda match: as_text(cell_of(row, match[1])).strip(), template)


def _values(source: Field, row: Row) -> Iterable[str]:
    """The source's texts in order; a template counts only where one of its cells is filled."""
    if source.template is None:
        return [_as_one(cell_of(row, column)) for column in source.columns]
    filled = any(as_text(cell_of(row, column)).strip() for column in source.reads)
    return [filled_in(source.template, row)] if filled else []


def _cells(source: Field, row: Row) -> Iterable[object]:
    return _values(source, row) if source.template else [cell_of(row, column) for column in source.columns]


def _as_one(cell: object) -> str:
    return "; ".join(map(as_text, cell)) if isinstance(cell, list) else as_text(cell)


def _cut(cell: object, source: Field) -> list[str]:
    if isinstance(cell, list):
        return [as_text(entry).strip() for entry in cell]
    written = as_text(cell)
    if source.pattern is not None:
        return source.pattern.findall(written)
    return [part.strip() for part in written.split(source.separator)] if source.separator else [written.strip()]


def _nearest(written: str, known: Iterable[str]) -> tuple[str | None, float]:
    """The known value that looks most like the written one, and how much (0 to 100)."""
    from rapidfuzz import fuzz, process

    choices: Sequence[str] = list(known)
    if not choices:
        return None, 0.0
    best, score, _ = process.extractOne(written, choices, scorer=fuzz.ratio, processor=_squeezed)
    return best, score


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())
