"""The evidence in columns: which verbatims pass a set of filters, and how many each further filter would leave.

Counting 150,000 rows one by one takes too long for a page that counts eleven filters at once; whole columns of small
numbers take a few milliseconds.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process

from winloss.errors import QueryError
from winloss.model import EvidenceRow, Filters

Mask = NDArray[np.bool_]
Codes = NDArray[np.intp]

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
)
FIELDS = (*SINGLE, "tag")
"""The filters that have values; `since` and `until` have none."""

_ATTRIBUTE = {"theme": "theme_id"}
_LISTED = 12


@dataclass(frozen=True, slots=True)
class _Column:
    """One field: its values in order, and the value of each entry as a place in them plus one (0: unknown).

    `rows` says which row each entry belongs to, where a row may have several entries or none; None: one each.
    """

    values: tuple[str, ...]
    codes: Codes
    rows: Codes | None = None

    def passing(self, wanted: Iterable[str], size: int) -> Mask:
        """The rows that have one of the wanted values."""
        chosen = np.zeros(len(self.values) + 1, dtype=np.bool_)
        names = frozenset(wanted)
        chosen[[code for code, value in enumerate(self.values, start=1) if value in names]] = True
        entries = chosen[self.codes]
        if self.rows is None:
            return entries
        mask = np.zeros(size, dtype=np.bool_)
        mask[self.rows[entries]] = True
        return mask

    def count(self, mask: Mask, kept: Sequence[str]) -> tuple[tuple[str, int], ...]:
        """(value, rows) among the rows of the mask, most first; values without a row only where they are `kept`."""
        passing = mask if self.rows is None else mask[self.rows]
        entries = self.codes if passing.all() else self.codes[passing]
        counts = np.bincount(entries, minlength=len(self.values) + 1)[1:].tolist()
        pairs = [(value, number) for value, number in zip(self.values, counts, strict=True) if number or value in kept]
        return tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))


@dataclass(frozen=True, slots=True)
class EvidenceTable:
    """Every current verbatim as the filters see it; row numbers are places in the rows it was made from."""

    ids: tuple[str, ...]
    keys: tuple[str, ...]
    _columns: Mapping[str, _Column]
    _days: _Column
    _row_of: Mapping[str, int]

    @classmethod
    def from_rows(cls, rows: Sequence[EvidenceRow]) -> EvidenceTable:
        """The table of these rows, in their order."""
        ids = tuple(row.id for row in rows)
        columns = {name: _single([getattr(row, _ATTRIBUTE.get(name, name)) for row in rows]) for name in SINGLE}
        columns["tag"] = _several([row.tags for row in rows])
        return cls(
            ids=ids,
            keys=tuple(row.key for row in rows),
            _columns=columns,
            _days=_single([row.date for row in rows]),
            _row_of={name: number for number, name in enumerate(ids)},
        )

    def __len__(self) -> int:
        return len(self.ids)

    def row_of(self, verbatim_id: str) -> int | None:
        """The row of the verbatim, or None where it is not current."""
        return self._row_of.get(verbatim_id)

    def values(self, field: str) -> tuple[str, ...]:
        """Every value of the field, in order."""
        return self._columns[field].values

    def mask(self, filters: Filters) -> Mask:
        """Whether each row passes every filter."""
        return self._all(self._single_masks(filters))

    def counts_with(
        self, filters: Filters, fields: Sequence[str], within: frozenset[str] | None = None
    ) -> Mapping[str, tuple[tuple[str, int], ...]]:
        """(value, verbatims) pairs of each field, most first, ties by value.

        A field is counted under all filters but its own, so that the numbers say what ticking another of its values
        would add. Unknown is never counted. `within` restricts to these ids. Chosen values stay, be it with 0.
        """
        masks = self._single_masks(filters)
        if within is not None:
            masks["within"] = self._of(within)
        everything = self._all(masks)
        counts = {}
        for name in fields:
            others = {key: mask for key, mask in masks.items() if key != name} if name in masks else None
            mask = everything if others is None else self._all(others)
            counts[name] = self._columns[name].count(mask, getattr(filters, name))
        return counts

    def check(self, filters: Filters) -> None:
        """Refuse what no verbatim can pass because nothing has that value.

        Raises:
            QueryError: a value is unknown (the hint names the nearest known one), or a day is not a day.
        """
        for name in FIELDS:
            for value in getattr(filters, name):
                if value not in self._columns[name].values:
                    raise QueryError(f"no verbatim has {name} {value!r}", hint=self._suggestion(name, value))
        for name in ("since", "until"):
            _check_day(name, getattr(filters, name))

    def _single_masks(self, filters: Filters) -> dict[str, Mask]:
        masks = {}
        for name in FIELDS:
            if wanted := getattr(filters, name):
                masks[name] = self._columns[name].passing(wanted, len(self))
        if filters.since or filters.until:
            masks["day"] = self._between(filters.since, filters.until)
        return masks

    def _between(self, since: str | None, until: str | None) -> Mask:
        first = bisect_left(self._days.values, since) + 1 if since else 1
        last = bisect_right(self._days.values, until) if until else len(self._days.values)
        mask: Mask = (self._days.codes >= first) & (self._days.codes <= last)
        return mask

    def _of(self, ids: frozenset[str]) -> Mask:
        mask = np.zeros(len(self), dtype=np.bool_)
        mask[[row for row in map(self._row_of.get, ids) if row is not None]] = True
        return mask

    def _all(self, masks: Mapping[str, Mask]) -> Mask:
        together = np.ones(len(self), dtype=np.bool_)
        for mask in masks.values():
            together &= mask
        return together

    def _suggestion(self, name: str, value: str) -> str:
        known = self._columns[name].values
        if not known:
            return f"No verbatim here has any {name} yet."
        found = process.extractOne(value, known, processor=str.casefold, score_cutoff=60)
        if found is not None:
            return f"Did you mean {found[0]!r}?"
        shown = ", ".join(known[:_LISTED])
        return f"Known: {shown}{' …' if len(known) > _LISTED else ''}."


def _single(entries: Sequence[str | None]) -> _Column:
    values = tuple(sorted({entry for entry in entries if entry is not None}))
    code_of: dict[str | None, int] = {value: code for code, value in enumerate(values, start=1)}
    code_of[None] = 0
    return _Column(values, np.fromiter((code_of[entry] for entry in entries), dtype=np.intp, count=len(entries)))


def _several(entries: Sequence[tuple[str, ...]]) -> _Column:
    pairs = [(row, value) for row, values in enumerate(entries) for value in dict.fromkeys(values)]
    column = _single([value for _, value in pairs])
    return _Column(column.values, column.codes, np.fromiter((row for row, _ in pairs), dtype=np.intp, count=len(pairs)))


def _check_day(name: str, day: str | None) -> None:
    if day is None:
        return
    try:
        date.fromisoformat(day)
    except ValueError:
        raise QueryError(f"{name} is not a day: {day!r}", hint="Write days as 2026-06-30.") from None
