"""Filters, hits and pages of search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from winloss.model.evidence import Passage


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """The filters of every command, page and API call. Values of one filter are or-ed, filters are and-ed.

    `since` and `until` are ISO days, both inclusive; quarters are written `2026Q2`; `mode` is the buyer's mode. A tag
    stands for those below it (`pain` for `pain/cost`). `without` are (field, value) pairs of what is left out.
    """

    segment: tuple[str, ...] = ()
    role: tuple[str, ...] = ()
    mode: tuple[str, ...] = ()
    facet: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    outcome: tuple[str, ...] = ()
    competitor: tuple[str, ...] = ()
    quarter: tuple[str, ...] = ()
    account: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    rights: tuple[str, ...] = ()
    without: tuple[tuple[str, str], ...] = ()
    since: str | None = None
    until: str | None = None

    def __bool__(self) -> bool:
        return any(getattr(self, item.name) for item in fields(self))


def ancestry(tag: str) -> tuple[str, ...]:
    """The paths that a tag stands for, outermost first: `pain/cost` for `pain` and for itself."""
    parts = tag.split("/")
    return tuple("/".join(parts[:depth]) for depth in range(1, len(parts) + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is looked for, and which part of what is found.

    `mode` is `hybrid`, `words` or `meaning`; `sort` is `relevance`, `newest`, `oldest`, `typical` or `unusual`.
    `counted` names the filters whose values are to be counted. `as_of` is the revision that an earlier page of the same
    ask was of. Unless `close_only`, also what is not near enough to be called found is ranked.
    """

    query: str = ""
    filters: Filters = field(default_factory=Filters)
    mode: str = "hybrid"
    sort: str = "relevance"
    limit: int = 20
    offset: int = 0
    counted: tuple[str, ...] = ()
    as_of: int | None = None
    close_only: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where an ask leads: (verbatim id, score) pairs, best first, of `total`, at a revision of the store."""

    revision: int
    total: int
    ranking: tuple[tuple[str, float], ...]
    filter_counts: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instead:
    """What to ask where nothing was found, in plain words, and how many verbatims that leads to."""

    label: str
    query: str
    filters: Filters
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage that a search found; `highlights` are half-open spans of its text.

    `sentence` is the span that is nearest in meaning to what was asked, where the passage was found by meaning and is
    among the first of a page.
    `same_as` is the id of the first hit of the page that says nearly the same, where there is one.
    """

    passage: Passage
    score: float
    highlights: tuple[tuple[int, int], ...] = ()
    sentence: tuple[int, int] | None = None
    same_as: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """One page of hits, best first, at a revision of the store, which the next page names to be of the same ranking.

    `filter_counts` maps a field to (value, verbatims) pairs, most first. Where nothing is found, `nearest` are the few
    that come nearest in meaning, though none is near enough to be called found.
    """

    query: str
    mode: str
    total: int
    hits: tuple[Hit, ...]
    nearest: tuple[Hit, ...] = ()
    filter_counts: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    sort: str = "relevance"
    revision: int = 0
