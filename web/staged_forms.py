"""What the forms of a handed-over file say: its kind, a manifest's row, sides by speaker, columns by field."""

from __future__ import annotations

from typing import Any

from web.asking import Args
from winloss.errors import QueryError
from winloss.services.sources.staged import ROW


def told_of(form: Args) -> dict[str, Any]:
    """Kind, row and sides of a file."""
    sides = {name: side for name, side in _pairs(form, "speaker", "side") if side}
    row = {name: form.get(name, "") for name in ROW}
    return {"kind": form.get("kind") or None, "row": row, "sides": sides}


def columns_of(form: Args) -> tuple[str, dict[str, str]]:
    """The kind of a table, and its columns by the field that reads each.

    Raises:
        QueryError: two columns are said to be the same.
    """
    fields: dict[str, str] = {}
    for column, field in _pairs(form, "column", "field"):
        if field in fields:
            message = f"both {fields[field]} and {column} are said to be the {field}"
            raise QueryError(message, hint="Let one of them be kept beside.")
        if field:
            fields[field] = column
    return form.get("kind", ""), fields


def _pairs(form: Args, key: str, value: str) -> list[tuple[str, str]]:
    """What stands in numbered fields that belong together."""
    places = [name.partition(":")[2] for name in form if name.startswith(f"{key}:")]
    return [(form[f"{key}:{place}"], form.get(f"{value}:{place}", "")) for place in places]
