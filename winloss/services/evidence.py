"""Counting evidence: which rows pass the filters, and how many people of how many said a thing.

The unit is the respondent. Denominators are the respondents with any verbatim in the same scope.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from functools import cached_property
from itertools import compress
from operator import attrgetter, not_
from typing import Any

from winloss.model import EvidenceRow, Filters, Share, ancestry

Test = Callable[[Sequence[EvidenceRow]], Iterable[object]]
"""Rows -> for each whether it passes. All of them at once, since a library has hundreds of thousands."""


def passing(rows: Iterable[EvidenceRow], filters: Filters) -> list[EvidenceRow]:
    """The rows that pass every filter."""
    left = list(rows)
    for test in _tests(filters):
        left = list(compress(left, test(left)))
    return left


def scope_only(filters: Filters) -> Filters:
    """The same filters without facet and theme: what the denominators of a theme are counted in."""

    return replace(filters, facet=(), theme=())


def respondents(rows: Iterable[EvidenceRow]) -> set[str]:
    """The distinct people."""
    return set(map(_RESPONDENT, rows))


def share(said: Iterable[EvidenceRow], scope: Iterable[EvidenceRow]) -> Share:
    """How many of the people in the scope said it, in how many verbatims."""
    words = list(said)
    return Share(count=len(respondents(words)), base=len(respondents(scope)), verbatims=len(words))


def split(
    said: Iterable[EvidenceRow], scope: Iterable[EvidenceRow], by: Callable[[EvidenceRow], str | None]
) -> tuple[tuple[str, Share], ...]:
    """The share in each part of the scope, the part with the most people first; unknown parts are left out."""
    bases = _grouped(scope, by)
    parts = _grouped(said, by)
    shares = [(name, share(parts.get(name, ()), base)) for name, base in bases.items()]
    return tuple(sorted(shares, key=lambda item: (-item[1].base, item[0])))


def trend(
    said: Iterable[EvidenceRow], scope: Iterable[EvidenceRow], quarters: Sequence[str]
) -> tuple[tuple[str, Share], ...]:
    """The share in each of the quarters, oldest first; a quarter without anybody has a base of 0."""
    bases = _grouped(scope, lambda row: row.quarter)
    parts = _grouped(said, lambda row: row.quarter)
    return tuple((quarter, share(parts.get(quarter, ()), bases.get(quarter, ()))) for quarter in quarters)


class Heard:
    """The rows of a scope, whose people are counted once for every way to split them, however many themes are asked.

    `known` is filled with what was counted; given to the rows of a later day it is believed, so that it must only be
    where they are of the same people in the same places.
    """

    def __init__(self, rows: Iterable[EvidenceRow], known: dict[Any, Any] | None = None) -> None:
        self.rows = list(rows)
        self._known: dict[Any, Any] = {} if known is None else known
        self._parts: dict[tuple[str, str | None], Heard] = {}
        self._verbatims: dict[str, Counter[str]] = {}

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids of the rows."""
        return frozenset(map(attrgetter("id"), self.rows))

    @property
    def people(self) -> int:
        """How many people were heard."""
        if "people" not in self._known:
            self._known["people"] = len(respondents(self.rows))
        counted: int = self._known["people"]
        return counted

    def of(self, quarter: str | None) -> Heard:
        """Those of one quarter, or all where it is None."""
        return self._part("of", quarter) if quarter else self

    def before(self, quarter: str | None) -> Heard:
        """Those of the quarters before, none where it is None."""
        return self._part("before", quarter)

    def bases(self, by: str) -> Mapping[str, int]:
        """Value of that member of a row -> how many people were heard with it; unknown ones are left out."""
        if ("by", by) not in self._known:
            people = dict.fromkeys(zip(map(attrgetter(by), self.rows), map(_RESPONDENT, self.rows), strict=True))
            self._known["by", by] = Counter(name for name, _ in people if name is not None)
        counted: Mapping[str, int] = self._known["by", by]
        return counted

    def verbatims(self, by: str) -> Mapping[str, int]:
        """Value of that member of a row -> how many rows have it; unknown ones are left out."""
        if by not in self._verbatims:
            self._verbatims[by] = Counter(name for name in map(attrgetter(by), self.rows) if name is not None)
        return self._verbatims[by]

    def share(self, said: Sequence[EvidenceRow]) -> Share:
        """How many of them said it, in how many verbatims."""
        return Share(count=len(respondents(said)), base=self.people, verbatims=len(said))

    def parts(self, said: Iterable[EvidenceRow], by: str) -> Mapping[str, Share]:
        """The share in each part, by value of that member; parts in which nobody was heard are left out."""
        words: dict[str, list[EvidenceRow]] = defaultdict(list)
        for row in said:
            words[getattr(row, by)].append(row)
        return {
            name: Share(count=len(respondents(words[name])), base=base, verbatims=len(words[name]))
            if name in words
            else Share(count=0, base=base, verbatims=0)
            for name, base in self.bases(by).items()
        }

    def split(self, said: Iterable[EvidenceRow], by: str) -> tuple[tuple[str, Share], ...]:
        """The same in order, the part with the most people first."""
        return tuple(sorted(self.parts(said, by).items(), key=lambda item: (-item[1].base, item[0])))

    def trend(self, said: Iterable[EvidenceRow], quarters: Sequence[str]) -> tuple[tuple[str, Share], ...]:
        """The share in each of the quarters, oldest first; a quarter without anybody has a base of 0."""
        nobody = Share(count=0, base=0, verbatims=0)
        known = self.parts(said, "quarter")
        return tuple((quarter, known.get(quarter, nobody)) for quarter in quarters)

    def _part(self, which: str, quarter: str | None) -> Heard:
        if (which, quarter) not in self._parts:
            if not quarter:
                rows: list[EvidenceRow] = []
            elif which == "of":
                rows = [row for row in self.rows if row.quarter == quarter]
            else:
                rows = [row for row in self.rows if row.quarter and row.quarter < quarter]
            self._parts[which, quarter] = Heard(rows, self._known.setdefault((which, quarter), {}))
        return self._parts[which, quarter]


def _grouped(rows: Iterable[EvidenceRow], by: Callable[[EvidenceRow], str | None]) -> Mapping[str, list[EvidenceRow]]:
    groups: dict[str, list[EvidenceRow]] = defaultdict(list)
    for row in rows:
        name = by(row)
        if name is not None:
            groups[name].append(row)
    return groups


def _tests(filters: Filters) -> list[Test]:
    chosen = {item.name: getattr(filters, item.name) for item in fields(Filters)}
    del chosen["since"], chosen["until"], chosen["without"]
    tests = [_having(name, frozenset(values)) for name, values in chosen.items() if values]
    for name, value in filters.without:
        tests.append(_not(_having(name, frozenset((value,)))))
    if since := filters.since:
        tests.append(lambda rows: (row.date is not None and row.date >= since for row in rows))
    if until := filters.until:
        tests.append(lambda rows: (row.date is not None and row.date <= until for row in rows))
    return tests


def _having(name: str, wanted: frozenset[str]) -> Test:
    if name == "tag":
        return lambda rows: (any(not wanted.isdisjoint(ancestry(tag)) for tag in row.tags) for row in rows)
    value = attrgetter("theme_id" if name == "theme" else name)
    return lambda rows: map(wanted.__contains__, map(value, rows))


def _not(test: Test) -> Test:
    return lambda rows: map(not_, test(rows))


_RESPONDENT = attrgetter("respondent")
