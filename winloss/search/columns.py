"""The evidence in columns: which verbatims pass a set of filters, and how many each further filter would leave.

Counting a million rows one by one takes too long for a page that counts a dozen filters at once; whole columns of small
numbers take a few milliseconds. A table is never changed: taking in what changed in the store makes a new one that
shares what stayed, so that whoever is searching keeps what they have.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process

from winloss.errors import QueryError
from winloss.model import EvidenceRow, Filters, ancestry

Mask = NDArray[np.bool_]
Codes = NDArray[np.int32]
Rows = NDArray[np.intp]

SINGLE = (
    "segment",
    "role",
    "mode",
    "facet",
    "source",
    "outcome",
    "competitor",
    "quarter",
    "account",
    "theme",
    "language",
    "rights",
)
FIELDS = (*SINGLE, "tag")
"""The filters that have values; `since` and `until` have none."""

_ATTRIBUTE = {"theme": "theme_id"}
_LISTED = 12


class Column:
    """One field: its values as they came, and per entry the place of its value plus one (0: unknown)."""

    def __init__(self, values: Sequence[str], codes: Codes) -> None:
        self.values = tuple(values)
        self.codes = codes

    def chosen(self, wanted: Iterable[str]) -> Mask:
        """For each code whether it stands for one of the values."""
        names = frozenset(wanted)
        return np.array([False, *(value in names for value in self.values)])

    def passing(self, wanted: Iterable[str]) -> Mask:
        """The rows that have one of the values."""
        mask: Mask = self.chosen(wanted)[self.codes]
        return mask


class TagColumn(Column):
    """A field of which a row may have several values or none: `rows` says whose each entry is.

    A tag is a path: `pain` stands for `pain/cost` too.
    """

    def __init__(self, values: Sequence[str], codes: Codes, rows: Codes) -> None:
        super().__init__(values, codes)
        self.rows = rows

    def chosen(self, wanted: Iterable[str]) -> Mask:
        names = frozenset(wanted)
        return np.array([False, *(any(part in names for part in ancestry(value)) for value in self.values)])

    def rows_with(self, wanted: Iterable[str], size: int) -> Mask:
        """The rows that have one of the values, of so many."""
        mask = np.zeros(size, dtype=np.bool_)
        mask[self.rows[self.chosen(wanted)[self.codes]]] = True
        return mask


@dataclass(frozen=True)
class EvidenceTable:
    """Every current verbatim as the filters see it. A row keeps its number in every later table made from this one.

    `keys` are the halves of each text's key; `documents` codes the document, `turns` is the turn's ordinal, `days` the
    proleptic Gregorian ordinal of the day (0: unknown). Rows that are not `live` are no longer counted.
    """

    revision: int
    ids: NDArray[np.bytes_]
    live: Mask
    keys: NDArray[np.uint64]
    days: Codes
    turns: Codes
    documents: Column
    columns: Mapping[str, Column]
    tags: TagColumn

    @classmethod
    def from_rows(cls, rows: Iterable[EvidenceRow], *, revision: int = 0) -> EvidenceTable:
        """The table of these rows, in their order."""
        return _Builder().add(rows).table(revision)

    def changed(self, documents: Iterable[str], rows: Iterable[EvidenceRow], *, revision: int) -> EvidenceTable:
        """The table after the evidence of these documents has become these rows."""
        builder = _Builder(self).add(rows)
        fresh = builder.table(revision)
        stale = self.documents.passing(documents)
        return _joined(self, fresh, stale, revision)

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def count(self) -> int:
        """How many verbatims there are."""
        return int(self.live.sum())

    @cached_property
    def _order(self) -> Rows:
        if np.all(self.ids[:-1] <= self.ids[1:]):
            return np.arange(len(self.ids))
        return np.argsort(self.ids, kind="stable")

    @cached_property
    def _sorted(self) -> NDArray[np.bytes_]:
        return self.ids[self._order]

    @cached_property
    def _known(self) -> dict[str, tuple[str, ...]]:
        return {}

    def rows_of(self, ids: NDArray[np.bytes_]) -> Codes:
        """The row of each id; -1 where there is none."""
        if not len(self.ids):
            return np.full(len(ids), -1, dtype=np.int32)
        places = np.minimum(np.searchsorted(self._sorted, ids), len(self.ids) - 1)
        found = self._sorted[places] == ids
        return np.where(found, self._order[places], -1).astype(np.int32)

    def row_of(self, verbatim_id: str) -> int | None:
        """The row of the verbatim, or None where it is not current."""
        row = int(self.rows_of(np.array([verbatim_id.encode()]))[0])
        return row if row >= 0 and self.live[row] else None

    def id_of(self, row: int) -> str:
        """The verbatim's id."""
        return bytes(self.ids[row]).decode()

    def values(self, field: str) -> tuple[str, ...]:
        """Every value that a live row has in the field, in order."""
        if field not in self._known:
            self._known[field] = tuple(sorted(value for value, _ in self._count(field, self.live, ())))
        return self._known[field]

    def mask(self, filters: Filters) -> Mask:
        """Whether each row is live and passes every filter."""
        return self._all(self._masks(filters))

    def having(self, field: str, values: Iterable[str]) -> Mask:
        """The rows that have one of the values."""
        if field == "tag":
            return self.tags.rows_with(values, len(self))
        return self.columns[field].passing(values)

    def names(self, field: str) -> tuple[str, ...]:
        """Every value that can be asked for: those there are, and of tags also the paths above them."""
        known = self.values(field)
        return tuple(sorted({path for tag in known for path in ancestry(tag)})) if field == "tag" else known

    def meeting(self, field: str, values: Sequence[str], low: str | None, high: str | None) -> Mask:
        """The rows that have one of the values, or a value of a range, both ends included; `date` has days."""
        if field == "date":
            return self.between(low, high)
        if values:
            return self.having(field, values)
        known = [value for value in self.values(field) if (low or "") <= value and (high is None or value <= high)]
        return self.having(field, known)

    def between(self, since: str | None, until: str | None) -> Mask:
        """The rows of these days, both inclusive; rows without a day are not among them."""
        first = date.fromisoformat(since).toordinal() if since else 1
        mask: Mask = self.days >= first
        return mask & (self.days <= date.fromisoformat(until).toordinal()) if until else mask

    def counts_with(
        self, filters: Filters, fields: Sequence[str], within: Mask | None = None
    ) -> Mapping[str, tuple[tuple[str, int], ...]]:
        """(value, verbatims) pairs of each field, most first, ties by value.

        A field is counted under all filters but its own, so that the numbers say what ticking another of its values
        would add. Unknown is never counted. `within` restricts to these rows. Chosen values stay, be it with 0.
        """
        masks = self._masks(filters)
        if within is not None:
            masks["within"] = within
        everything = self._all(masks)
        counts = {}
        for name in fields:
            others = {key: mask for key, mask in masks.items() if key != name} if name in masks else None
            mask = everything if others is None else self._all(others)
            chosen = {*getattr(filters, name), *_without(filters, name)}
            counts[name] = self._count(name, mask, chosen.intersection(self.values(name)) if chosen else ())
        return counts

    def check(self, filters: Filters) -> None:
        """Refuse what no verbatim can pass because nothing has that value.

        Raises:
            QueryError: a value is unknown (the hint names the nearest known one), or a day is not a day.
        """
        for name in FIELDS:
            for value in (*getattr(filters, name), *_without(filters, name)):
                if not any(value in (ancestry(one) if name == "tag" else (one,)) for one in self.values(name)):
                    raise QueryError(f"no verbatim has {name} {value!r}", hint=self._suggestion(name, value))
        for name in ("since", "until"):
            _check_day(name, getattr(filters, name))

    def _column(self, field: str) -> Column:
        return self.tags if field == "tag" else self.columns[field]

    def _masks(self, filters: Filters) -> dict[str, Mask]:
        masks = {name: self.having(name, wanted) for name in FIELDS if (wanted := getattr(filters, name))}
        if filters.since or filters.until:
            masks["day"] = self.between(filters.since, filters.until)
        for name in FIELDS:
            if unwanted := _without(filters, name):
                masks[f"not {name}"] = ~self.having(name, unwanted)
        return masks

    def _all(self, masks: Mapping[str, Mask]) -> Mask:
        together = self.live.copy()
        for mask in masks.values():
            together &= mask
        return together

    def _count(self, field: str, mask: Mask, kept: Collection[str]) -> tuple[tuple[str, int], ...]:
        """(value, rows) among the rows of the mask, most first; values without a row only where they are `kept`."""
        column = self._column(field)
        inside = mask[column.rows] if isinstance(column, TagColumn) else mask
        counts = np.bincount(column.codes[inside], minlength=len(column.values) + 1)[1:].tolist()
        pairs = [
            (value, number) for value, number in zip(column.values, counts, strict=True) if number or value in kept
        ]
        return tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))

    def _suggestion(self, name: str, value: str) -> str:
        known = self.values(name)
        if not known:
            return f"No verbatim here has any {name} yet."
        found = process.extractOne(value, known, processor=str.casefold, score_cutoff=60)
        if found is not None:
            return f"Did you mean {found[0]!r}?"
        shown = ", ".join(known[:_LISTED])
        return f"Known: {shown}{' …' if len(known) > _LISTED else ''}."


class _Builder:
    """Gathers rows into columns; begun from a table, values keep their codes."""

    def __init__(self, before: EvidenceTable | None = None) -> None:
        columns = {name: before.columns[name].values if before else () for name in SINGLE}
        columns["document"] = before.documents.values if before else ()
        columns["tag"] = before.tags.values if before else ()
        self._codes = {name: {value: code for code, value in enumerate(values, 1)} for name, values in columns.items()}
        self._entries = {name: array("i") for name in (*columns, "day", "turn", "row")}
        self._ids: list[bytes] = []
        self._keys: list[str] = []

    def add(self, rows: Iterable[EvidenceRow]) -> _Builder:
        entries, codes = self._entries, self._codes
        single = [(_ATTRIBUTE.get(name, name), codes[name], entries[name]) for name in SINGLE]
        single.append(("document_id", codes["document"], entries["document"]))
        days: dict[str | None, int] = {None: 0}
        for row in rows:
            for attribute, known, column in single:
                value = getattr(row, attribute)
                column.append(0 if value is None else known.setdefault(value, len(known) + 1))
            for tag in dict.fromkeys(row.tags):
                entries["row"].append(len(self._ids))
                entries["tag"].append(codes["tag"].setdefault(tag, len(codes["tag"]) + 1))
            if row.date not in days:
                days[row.date] = date.fromisoformat(str(row.date)).toordinal()
            entries["day"].append(days[row.date])
            entries["turn"].append(row.turn or 0)
            self._ids.append(row.id.encode())
            self._keys.append(row.key)
        return self

    def table(self, revision: int) -> EvidenceTable:
        entries = {name: np.array(column, dtype=np.int32) for name, column in self._entries.items()}
        keys = np.frombuffer(bytes.fromhex("".join(self._keys)), dtype=">u8").astype(np.uint64)
        return EvidenceTable(
            revision=revision,
            ids=np.array(self._ids or [], dtype=np.bytes_),
            live=np.ones(len(self._ids), dtype=np.bool_),
            keys=keys.reshape(-1, 2),
            days=entries["day"],
            turns=entries["turn"],
            documents=Column(tuple(self._codes["document"]), entries["document"]),
            columns={name: Column(tuple(self._codes[name]), entries[name]) for name in SINGLE},
            tags=TagColumn(tuple(self._codes["tag"]), entries["tag"], entries["row"]),
        )


def _joined(before: EvidenceTable, fresh: EvidenceTable, stale: Mask, revision: int) -> EvidenceTable:
    """`before` with the stale rows dead and the fresh rows in their place where they were there, else at its end."""
    places = before.rows_of(fresh.ids)
    added = np.flatnonzero(places < 0)
    places[added] = len(before) + np.arange(len(added), dtype=np.int32)
    size = len(before) + len(added)

    def put(old: Any, new: Any) -> Any:
        widened = np.concatenate([old, np.zeros((size - len(old), *old.shape[1:]), dtype=new.dtype)])
        widened[places] = new
        return widened

    replaced = np.zeros(size, dtype=np.bool_)
    replaced[places] = True
    replaced[: len(before)] |= stale
    stays = ~replaced[before.tags.rows]
    tags = TagColumn(
        fresh.tags.values,
        np.concatenate([before.tags.codes[stays], fresh.tags.codes]),
        np.concatenate([before.tags.rows[stays], places[fresh.tags.rows].astype(np.int32)]),
    )
    return replace(
        fresh,
        revision=revision,
        ids=put(before.ids, fresh.ids),
        live=put(before.live & ~stale, fresh.live),
        keys=put(before.keys, fresh.keys),
        days=put(before.days, fresh.days),
        turns=put(before.turns, fresh.turns),
        documents=Column(fresh.documents.values, put(before.documents.codes, fresh.documents.codes)),
        columns={
            name: Column(column.values, put(before.columns[name].codes, column.codes))
            for name, column in fresh.columns.items()
        },
        tags=tags,
    )


def _without(filters: Filters, field: str) -> tuple[str, ...]:
    return tuple(value for name, value in filters.without if name == field)


def _check_day(name: str, day: str | None) -> None:
    if day is None:
        return
    try:
        date.fromisoformat(day)
    except ValueError:
        raise QueryError(f"{name} is not a day: {day!r}", hint="Write days as 2026-06-30.") from None
