"""Beliefs out of a file: a table, JSON lines, TOML, or the bullets of a Markdown list."""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from pathlib import Path

from winloss.errors import MalformedSource, SourceError, UnknownFormat
from winloss.services.belief.beliefs import Draft

NAMES: Mapping[str, str] = {
    **{item.name: item.name for item in fields(Draft) if item.name != "where"},
    **dict.fromkeys(("belief", "claim", "text", "we believe"), "statement"),
    **dict.fromkeys(("date", "held since", "day"), "since"),
    **dict.fromkeys(("who", "held by", "person"), "owner"),
}
"""What a column or a member may be called -> what it is."""
_BULLET = re.compile(r"^\s*(?:[-*+]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?(?P<text>.+)$")
_DETAILS = re.compile(r"\s*\((?P<details>[^()]*:[^()]*)\)\s*$")
KNOWN = "statement, owner, since, segment, role, facet"


def drafts_in(path: Path, *, owner: str = "", since: str = "", segment: str = "") -> list[Draft]:
    """The beliefs that a file lists, in its order; what it does not say of one is taken from the arguments.

    Raises:
        SourceError: it cannot be read.
        UnknownFormat: its suffix is none of .csv, .jsonl, .toml and .md.
        MalformedSource: a line is not as it must be; `where` names it.
    """
    reader = _READERS.get(path.suffix.casefold())
    if reader is None:
        raise UnknownFormat(
            f"{path.name} is no list of beliefs",
            hint=f"Name a file that ends in {', '.join(_READERS)}.",
            path=path.name,
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        hint = "Name a file that is there and is written in UTF-8."
        raise SourceError(f"{path.name} cannot be read: {error}", hint=hint, path=path.name) from error
    found = [_with(draft, owner=owner, since=since, segment=segment) for draft in reader(text, path.name)]
    if not found:
        hint = f"One belief a line, with any of: {KNOWN}."
        raise MalformedSource(f"{path.name} lists no belief", hint=hint, path=path.name, where="the whole file")
    return found


def _with(draft: Draft, **defaults: str) -> Draft:
    return replace(draft, **{name: getattr(draft, name) or value for name, value in defaults.items()})


def _csv(text: str, name: str) -> Iterator[Draft]:
    head = text[:4096]
    delimiter = max(",;\t", key=head.split("\n", 1)[0].count)
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    columns = [column for column in reader.fieldnames or [] if column]
    if "statement" not in (NAMES.get(column.strip().casefold()) for column in columns):
        hint = f"The first line names the columns; one of them is “statement”. Known: {KNOWN}."
        raise MalformedSource(f"{name}, line 1: no column “statement”", hint=hint, path=name, where="line 1")
    for row in reader:
        if None in row:
            hint = "Put what holds a comma between double quotes."
            where = f"line {reader.line_num}"
            raise MalformedSource(f"{name}, {where}: more cells than columns", hint=hint, path=name, where=where)
        if any(value and value.strip() for value in row.values()):
            yield _draft({column: row[column] or "" for column in columns}, name, f"line {reader.line_num}")


def _json_lines(text: str, name: str) -> Iterator[Draft]:
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        where = f"line {number}"
        try:
            told = json.loads(line)
        except json.JSONDecodeError as error:
            hint = 'Write one object a line: {"statement": "…", "owner": "…"}.'
            message = f"{name}, {where}: not JSON: {error.msg}"
            raise MalformedSource(message, hint=hint, path=name, where=where) from error
        yield _draft(told, name, where)


def _toml(text: str, name: str) -> Iterator[Draft]:
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        where = str(error)
        raise MalformedSource(f"{name}: not TOML: {error}", hint="Mend that line.", path=name, where=where) from error
    entries = told.get("beliefs")
    if not isinstance(entries, list):
        hint = 'Begin each with [[beliefs]], then statement = "…" and owner = "…".'
        raise MalformedSource(f"{name}: no [[beliefs]]", hint=hint, path=name, where="the whole file")
    for number, entry in enumerate(entries, start=1):
        yield _draft(entry, name, f"belief {number}")


def _markdown(text: str, name: str) -> Iterator[Draft]:
    """Each bullet is a belief; details may stand behind it: `(owner: Dana; since: 2025-02-01)`."""
    for number, line in enumerate(text.splitlines(), start=1):
        bullet = _BULLET.match(line)
        if bullet is None:
            continue
        told, where = bullet["text"].strip(), f"line {number}"
        details = _DETAILS.search(told)
        members: dict[str, object] = {}
        if details is not None and all(":" in part for part in details["details"].split(";") if part.strip()):
            pairs = (part.partition(":") for part in details["details"].split(";") if part.strip())
            members = {key.strip(): value.strip() for key, _, value in pairs}
            told = told[: details.start()]
        yield _draft({**members, "statement": told.strip("*_ ")}, name, where)


def _draft(told: object, name: str, where: str) -> Draft:
    if not isinstance(told, Mapping):
        hint = f"Known members: {KNOWN}."
        raise MalformedSource(f"{name}, {where}: not an object", hint=hint, path=name, where=where)
    values: dict[str, str] = {}
    for key, value in told.items():
        field = NAMES.get(" ".join(str(key).casefold().replace("_", " ").split()))
        if field is None:
            raise MalformedSource(
                f"{name}, {where}: {str(key)!r} is nothing that a belief has",
                hint=f"Known: {KNOWN}.",
                path=name,
                where=where,
            )
        values[field] = "" if value is None else str(value).strip()
    if not values.get("statement"):
        hint = "Write what is believed, or take the line out."
        raise MalformedSource(f"{name}, {where}: no statement", hint=hint, path=name, where=where)
    return Draft(**values, where=f"{name}, {where}")


_READERS: Mapping[str, Callable[[str, str], Iterator[Draft]]] = {
    ".csv": _csv,
    ".jsonl": _json_lines,
    ".toml": _toml,
    ".md": _markdown,
}
