"""The mapping file: which column of a table means what. Documented in README.md beside this module.

A mapping is checked as a whole before any row is read, so that a slip in it is told at once and by name.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ingest.table_mapping import (
    CLOSED,
    KINDS,
    LIST_FIELDS,
    Condition,
    Field,
    NestedTurns,
    TableMapping,
    fields_of,
    plain_value,
)
from winloss.errors import ConfigError
from winloss.model import SourceKind

_KEYS = (
    *("kind", "fields", "constants", "values", "known", "where", "turns", "questions", "group_by", "explode"),
    *("records", "sheet", "delimiter", "meta", "ignore"),
)
_FIELD_KEYS = ("column", "columns", "template", "format", "separator", "pattern", "html", "join")
_TURN_KEYS = ("path", "speaker", "text", "start", "end", "unit")
_CONDITION_KEYS = ("column", "is", "is_not", "matches", "matches_not", "filled", "of")
_UNITS = ("clock", "s", "ms")
_SINGLE = ("group_by", "explode", "records", "sheet", "delimiter")


def load_mapping(path: Path) -> dict[str, object]:
    """A mapping file, checked; the plain data, so that it can be compared and kept.

    Raises:
        ConfigError: it cannot be read, or says something that no mapping can say; the hint names what it can.
    """
    try:
        data: dict[str, object] = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"{path.name} cannot be opened: {error.strerror}", hint="Check the path.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path.name} is not valid TOML: {error}", hint="Mend that line and try again.") from error
    compile_mapping(data, name=path.name)
    return data


def compile_mapping(data: Mapping[str, object], *, name: str = "the mapping") -> TableMapping:
    """The checked mapping of plain data.

    Raises:
        ConfigError: as `load_mapping`.
    """
    return _Checker(name).checked(data)


class _Checker:
    """Turns plain data into a mapping; every complaint names the file and what would be right."""

    def __init__(self, name: str) -> None:
        self._name = name

    def checked(self, data: Mapping[str, object]) -> TableMapping:
        self._only(data, _KEYS, "key")
        kind = str(data.get("kind", ""))
        if kind not in KINDS:
            raise self._wrong(f"kind is {kind!r}" if kind else "no kind", f"One of: {', '.join(KINDS)}.")
        fields = self._fields(self._table(data, "fields"), kind)
        constants = self._constants(self._table(data, "constants"), kind)
        turns = self._turns(self._table(data, "turns")) if "turns" in data else None
        mapping = TableMapping(
            kind=kind,
            fields=fields,
            constants=constants,
            values=self._values(self._table(data, "values"), kind),
            known={field: self._texts(names, f"known.{field}") for field, names in self._table(data, "known").items()},
            where=tuple(self._condition(entry) for entry in self._tables(data.get("where", []), "where")),
            turns=turns,
            questions=self._texts(data.get("questions", []), "questions"),
            meta=self._texts(data.get("meta", []), "meta"),
            ignore=self._texts(data.get("ignore", []), "ignore"),
            **{key: self._text(data[key], key) for key in _SINGLE if key in data},
        )
        self._complete(mapping)
        return mapping

    def _complete(self, mapping: TableMapping) -> None:
        """What a kind cannot do without, and what does not go together."""
        has = set(mapping.fields) | set(mapping.constants)
        if mapping.kind == "accounts" and "name" not in has:
            raise self._wrong("accounts need the field `name`", "Say which column holds the account's name.")
        if mapping.kind == "deals" and not has & {"id", "name"}:
            raise self._wrong("deals need the field `id` or `name`", "Say which column tells deals apart.")
        if mapping.kind in SourceKind.__members__.values():
            if "text" not in mapping.fields and not mapping.questions and mapping.turns is None:
                raise self._wrong(
                    "nothing says where the words are", "Give the field `text`, a list `questions` or a table `turns`."
                )
            if mapping.turns and (mapping.group_by or mapping.explode or "text" in mapping.fields):
                raise self._wrong("`turns` goes with none of text, group_by and explode", "Keep one of them.")

    def _fields(self, table: Mapping[str, Any], kind: str) -> dict[str, tuple[Field, ...]]:
        self._only(table, fields_of(kind), f"field of {kind}")
        return {name: self._sources(name, told) for name, told in table.items()}

    def _sources(self, name: str, told: object) -> tuple[Field, ...]:
        """A field's sources: one, or for tags and other lists several with options of their own."""
        if isinstance(told, list) and name in LIST_FIELDS:
            return tuple(self._field(name, source) for source in told)
        return (self._field(name, told),)

    def _field(self, name: str, told: object) -> Field:
        where = f"fields.{name}"
        if isinstance(told, str | list):
            return Field(columns=self._texts(told, where))
        if not isinstance(told, dict):
            raise self._wrong(f"{where} must be a column, a list of columns or a table", "See ingest/README.md.")
        self._only(told, _FIELD_KEYS, f"option of {where}")
        columns = self._texts(told.get("columns", told.get("column", [])), where)
        template = self._text(told["template"], f"{where}.template") if "template" in told else None
        if bool(columns) == bool(template):
            raise self._wrong(f"{where} needs either `column`, `columns` or `template`", "Give exactly one of them.")
        html = told.get("html", False)
        return Field(
            columns=columns,
            template=template,
            formats=self._formats(name, told.get("format", [])),
            separator=self._text(told.get("separator", ";"), f"{where}.separator"),
            pattern=self._pattern(told["pattern"], f"{where}.pattern") if "pattern" in told else None,
            html=frozenset(columns if html is True else self._texts(html or [], f"{where}.html")),
            join=self._text(told.get("join", "\n\n"), f"{where}.join"),
        )

    def _formats(self, name: str, told: object) -> tuple[str, ...]:
        formats = self._texts(told, f"fields.{name}.format")
        if name in ("start", "end"):
            for unit in formats:
                self._one_of(unit, _UNITS, f"fields.{name}.format")
        elif any("%" not in form and form not in ("iso", "epoch_s", "epoch_ms") for form in formats):
            raise self._wrong(
                f"fields.{name}.format is {formats[0]!r}",
                "One of: iso, epoch_s, epoch_ms, or a pattern such as %d.%m.%Y.",
            )
        return formats

    def _constants(self, table: Mapping[str, Any], kind: str) -> dict[str, str]:
        self._only(table, fields_of(kind), f"field of {kind}")
        constants = {name: self._text(value, f"constants.{name}") for name, value in table.items()}
        for name, value in constants.items():
            if name in CLOSED:
                self._one_of(value, CLOSED[name], f"constants.{name}")
        return constants

    def _values(self, table: Mapping[str, Any], kind: str) -> dict[str, dict[str, str]]:
        self._only(table, fields_of(kind), f"field of {kind}")
        tables = {}
        for name in table:
            entries = self._table(table, name)
            tables[name] = {
                plain_value(written): self._text(meant, f"values.{name}") for written, meant in entries.items()
            }
            for meant in filter(None, tables[name].values()):
                if name in CLOSED:
                    self._one_of(meant, CLOSED[name], f"values.{name}")
        return tables

    def _turns(self, table: Mapping[str, Any]) -> NestedTurns:
        self._only(table, _TURN_KEYS, "key of turns")
        if not {"path", "text"} <= set(table):
            raise self._wrong("turns needs `path` and `text`", 'Such as turns = { path = "turns", text = "words" }.')
        told = {key: self._text(value, f"turns.{key}") for key, value in table.items()}
        self._one_of(told.get("unit", "s"), _UNITS, "turns.unit")
        return NestedTurns(**told)

    def _condition(self, table: Mapping[str, Any]) -> Condition:
        self._only(table, _CONDITION_KEYS, "key of where")
        if "column" not in table or len(table) < 2:
            raise self._wrong("where needs `column` and a condition", f"Known: {', '.join(_CONDITION_KEYS)}.")
        of = self._text(table.get("of", "this"), "where.of")
        self._one_of(of, ("this", "previous"), "where.of")
        allowed = self._texts(table["is"], "where.is") if "is" in table else None
        return Condition(
            column=self._text(table["column"], "where.column"),
            allowed=frozenset(map(str.casefold, allowed)) if allowed is not None else None,
            refused=frozenset(map(str.casefold, self._texts(table.get("is_not", []), "where.is_not"))),
            matches=self._pattern(table["matches"], "where.matches") if "matches" in table else None,
            matches_not=self._pattern(table["matches_not"], "where.matches_not") if "matches_not" in table else None,
            filled=bool(table["filled"]) if "filled" in table else None,
            previous=of == "previous",
        )

    def _table(self, data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        value = data.get(key, {})
        if not isinstance(value, dict):
            raise self._wrong(f"{key} must be a table", f"Write it as [{key}].")
        return value

    def _tables(self, value: object, key: str) -> Sequence[Mapping[str, Any]]:
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            raise self._wrong(f"{key} must be a list of tables", f"Write each as [[{key}]].")
        return value

    def _texts(self, value: object, key: str) -> tuple[str, ...]:
        values = value if isinstance(value, list) else [value]
        return tuple(self._text(entry, key) for entry in values)

    def _text(self, value: object, key: str) -> str:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise self._wrong(f"{key} must be text", "Put it in quotes.")
        return str(value)

    def _pattern(self, value: object, key: str) -> re.Pattern[str]:
        try:
            return re.compile(self._text(value, key))
        except re.error as error:
            raise self._wrong(f"{key} is not a regular expression: {error}", "Mend it and try again.") from error

    def _only(self, table: Iterable[str], valid: Sequence[str], what: str) -> None:
        for key in table:
            self._one_of(key, valid, what)

    def _one_of(self, value: str, valid: Sequence[str], what: str) -> None:
        if value not in valid:
            raise self._wrong(f"unknown {what}: {value!r}", f"Known: {', '.join(valid)}.")

    def _wrong(self, message: str, hint: str) -> ConfigError:
        return ConfigError(f"{self._name}: {message}", hint=hint)
