"""Columns known by their names, however they are spelt: case, spaces and marks do not count."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ingest.table_mapping import Field

_PERSONAL = re.compile(r"e?mail|phone|mobile|fax|ipaddress|latitude|longitude|street|postal|zipcode|birth|ssn")

Aliases = Mapping[str, Sequence[str]]


def plain_header(column: str) -> str:
    """A column's name as aliases are written: letters and digits only, lower case."""
    return re.sub(r"[\W_]+", "", column.casefold())


def fields_by_alias(columns: Sequence[str], aliases: Aliases) -> dict[str, tuple[Field, ...]]:
    """The fields whose aliases are among the columns; of several columns for one field the better known comes first.

    A column serves only the first field that wants it.
    """
    by_plain = {plain_header(column): column for column in reversed(columns) if column.strip()}
    fields: dict[str, tuple[Field, ...]] = {}
    for field, names in aliases.items():
        found = tuple(by_plain.pop(name) for name in names if name in by_plain)
        if found:
            fields[field] = (Field(columns=found),)
    return fields


def left_over(columns: Sequence[str], fields: Mapping[str, Sequence[Field]]) -> tuple[str, ...]:
    """The columns that no field reads and that are worth keeping: not those that only identify a person."""
    read = {column for sources in fields.values() for source in sources for column in source.reads}
    rest = (column for column in columns if column.strip() and column not in read)
    return tuple(column for column in rest if not _PERSONAL.search(plain_header(column)))
