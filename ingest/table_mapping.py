"""What a mapping says, checked and ready for use: where fields come from, which rows count, how they group."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from winloss.model import GIVEN_RIGHTS, Outcome, Side, SourceKind

DOCUMENT_FIELDS = (
    *("id", "text", "title", "question", "date", "url", "thread", "account", "segment", "outcome", "competitor"),
    *("rights", "language", "tags", "speaker", "job_title", "email", "firm", "side", "start", "end"),
)
DEAL_FIELDS = (
    *(
        "id",
        "name",
        "account",
        "account_id",
        "outcome",
        "stage",
        "competitor",
        "product",
        "amount",
        "created",
        "closed",
    ),
    *("loss_reason", "owner", "type", "is_won", "is_lost", "is_closed"),
)
ACCOUNT_FIELDS = (
    *("name", "id", "domain", "industry", "employees", "revenue", "country", "region", "ownership"),
    *("security_maturity", "segment", "regulations", "technologies", "signals"),
)
KINDS = (*SourceKind, "deals", "accounts")
LIST_FIELDS = frozenset({"tags", "regulations", "technologies", "signals"})
JOINED_FIELDS = frozenset({"text"}) | LIST_FIELDS
CLOSED: Mapping[str, tuple[str, ...]] = {"outcome": tuple(Outcome), "rights": GIVEN_RIGHTS, "side": tuple(Side)}

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Where a field's value comes from: columns, or a template with `{column}` in it."""

    columns: tuple[str, ...] = ()
    template: str | None = None
    formats: tuple[str, ...] = ()
    separator: str = ";"
    pattern: re.Pattern[str] | None = None
    html: frozenset[str] = frozenset()
    join: str = "\n\n"

    @property
    def reads(self) -> tuple[str, ...]:
        """Every column that it needs."""
        inside = tuple(name for name in _PLACEHOLDER.findall(self.template or "") if not name.endswith("#"))
        return self.columns + inside


@dataclass(frozen=True, slots=True, kw_only=True)
class NestedTurns:
    """A list inside a record that holds the turns of a conversation."""

    path: str
    text: str
    speaker: str | None = None
    start: str | None = None
    end: str | None = None
    unit: str = "s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What a row (or the one before it) must be like to be read."""

    column: str
    allowed: frozenset[str] | None = None
    refused: frozenset[str] = frozenset()
    matches: re.Pattern[str] | None = None
    matches_not: re.Pattern[str] | None = None
    filled: bool | None = None
    previous: bool = False

    def holds(self, written: str) -> bool:
        """Whether a cell meets it. Upper and lower case do not count in whole values."""
        plain = written.strip().casefold()
        return (
            (self.allowed is None or plain in self.allowed)
            and plain not in self.refused
            and (self.matches is None or bool(self.matches.search(written)))
            and (self.matches_not is None or not self.matches_not.search(written))
            and (self.filled is None or self.filled == bool(plain))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TableMapping:
    """A checked mapping."""

    kind: str
    fields: Mapping[str, tuple[Field, ...]]
    constants: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]
    known: Mapping[str, tuple[str, ...]]
    where: tuple[Condition, ...] = ()
    turns: NestedTurns | None = None
    questions: tuple[str, ...] = ()
    group_by: str | None = None
    explode: str | None = None
    records: str | None = None
    sheet: str | None = None
    delimiter: str | None = None
    meta: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def text_columns(self) -> tuple[str, ...]:
        """The columns that hold the words."""
        return tuple(column for field in self.fields.get("text", ()) for column in field.columns)

    def needs(self) -> list[tuple[str, ...]]:
        """Groups of columns of which the table must have at least one; columns that must be there stand alone."""
        groups: list[tuple[str, ...]] = []
        for name, fields in self.fields.items():
            for field in fields:
                choice = name not in JOINED_FIELDS and not field.template
                groups += [field.reads] if choice else [(column,) for column in field.reads]
        others = [*(condition.column for condition in self.where), *self.questions, *self.meta]
        if self.group_by not in (None, "file"):
            others.append(str(self.group_by))
        others += [path for path in (self.explode, self.turns.path if self.turns else None) if path]
        return [*groups, *((column,) for column in others)]

    def names(self) -> frozenset[str]:
        """Every column that the mapping speaks of."""
        return frozenset(column for group in self.needs() for column in group) | frozenset(self.ignore)


def fields_of(kind: str) -> tuple[str, ...]:
    """The fields that a kind of table can have."""
    return {"deals": DEAL_FIELDS, "accounts": ACCOUNT_FIELDS}.get(kind, DOCUMENT_FIELDS)


def plain_value(written: str) -> str:
    """A written value as value tables compare it: case and outer and repeated spaces do not count."""
    return " ".join(written.split()).casefold()
