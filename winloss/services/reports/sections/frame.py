"""What the sections of a report share: the rows of one part, each view of them made once, and the list of citations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeVar

from winloss.codebook import Codebook
from winloss.model import (
    DriftVerdict,
    EvidenceRow,
    Facet,
    Filters,
    Passage,
    ReportSection,
    Statement,
    Theme,
    quotable,
)
from winloss.ports import Workbench
from winloss.quarter import Quarter
from winloss.services import browsing
from winloss.services.evidence import Heard, passing, respondents
from winloss.services.library import library
from winloss.services.quote_rights.outward import FewPeople, few_people, outward
from winloss.services.themes import contradicting

Section = TypeVar("Section")
EXEMPLARS = 3
YEAR = 4
"""Quarters of the year that ends with the report's quarter: one quarter of a role holds few people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A section, and the sentence of it that a reader of five sentences must have."""

    section: ReportSection
    lead: Statement | None = None


@dataclass(slots=True, kw_only=True)
class Ground:
    """What all parts of one report stand on: its quarter, the themes by id, and what was cited so far, in order.

    Words are read and cited as they may leave the workspace: what rights forbid to print never is. The themes are
    called as they may be outside. `advance` is told of each section that is made.
    """

    bench: Workbench
    quarter: str
    quarters: tuple[str, ...]
    themes: Mapping[str, Theme]
    cited: dict[str, Passage] = field(default_factory=dict)
    advance: Callable[[int], None] = lambda _: None
    _known: dict[str, Passage | None] = field(default_factory=dict)

    @property
    def codebook(self) -> Codebook:
        """The codebook of the workspace."""
        return self.bench.codebook

    def made(self, section: Section) -> Section:
        """The section, once it is made: what shows how far the report is hears of it."""
        self.advance(1)
        return section

    def passages(self, ids: Iterable[str]) -> list[Passage]:
        """The verbatims of these ids that may be quoted, in order; each is read once a report."""
        wanted = list(dict.fromkeys(ids))
        missing = [name for name in wanted if name not in self._known]
        if missing:
            self._known.update(dict.fromkeys(missing))
            self._known.update((item.id, item) for item in outward(self.bench, self.bench.store.passages(missing)))
        return [passage for name in wanted if (passage := self._known[name])]

    def cite(self, passages: Iterable[Passage]) -> tuple[str, ...]:
        """Cite these; returns the ids that may be cited."""
        allowed = self.passages(passage.id for passage in passages)
        self.cited.update((passage.id, passage) for passage in allowed if passage.id not in self.cited)
        return tuple(passage.id for passage in allowed)

    def titled(self, theme: Theme) -> Theme:
        """The theme, called as it may be outside."""
        return self.themes.get(theme.id, theme)

    def warnings(self) -> tuple[FewPeople, ...]:
        """The attributions of what is cited that would have fitted fewer than three people, by person."""
        return few_people(self.bench, self.bench.store.passages(list(self.cited)))

    def said(
        self, text: str, passages: Iterable[Passage], *, names: Sequence[str] = (), link: str | None = None
    ) -> Statement | None:
        """The statement, or None where nothing that it rests on may be cited."""
        citations = self.cite(passages)
        return (
            Statement(text=text, citations=citations, link=link, names=tuple(filter(None, names)))
            if citations
            else None
        )


class Frame:
    """One part of a report: a scope up to its quarter. Every view of its rows is made once, when it is asked for."""

    def __init__(self, ground: Ground, filters: Filters, segment: str | None) -> None:
        self.ground = ground
        self.bench = ground.bench
        self.quarter = ground.quarter
        self.segment = segment
        self.facets = filters.facet
        self.wanted = frozenset(filters.theme)
        self.scope = replace(
            filters, facet=(), theme=(), quarter=(), segment=(segment,) if segment else filters.segment
        )
        self._heard_in_year: dict[Filters, Heard] = {}

    @cached_property
    def all_rows(self) -> list[EvidenceRow]:
        """The rows of the scope, those of later quarters and of none too."""
        return passing(library(self.bench).rows, self.scope)

    @cached_property
    def rows(self) -> list[EvidenceRow]:
        """The rows of the scope until the quarter."""
        return [row for row in self.all_rows if row.quarter and row.quarter <= self.quarter]

    @cached_property
    def now(self) -> list[EvidenceRow]:
        """Those of the quarter itself."""
        return [row for row in self.rows if row.quarter == self.quarter]

    @cached_property
    def year(self) -> list[EvidenceRow]:
        """Those of the year that ends with the quarter."""
        first = str(Quarter.parse(self.quarter).shift(1 - YEAR))
        return [row for row in self.rows if row.quarter and row.quarter >= first]

    @cached_property
    def year_before(self) -> list[EvidenceRow]:
        """Those of the year before that."""
        last = Quarter.parse(self.quarter).shift(-YEAR)
        first = str(last.shift(1 - YEAR))
        return [row for row in self.rows if row.quarter and first <= row.quarter <= str(last)]

    @cached_property
    def heard(self) -> Heard:
        """All of them, with their people counted."""
        return Heard(self.rows)

    def heard_in_year(self, within: Filters) -> Heard:
        """Those of the year who pass further filters, with their people counted."""
        if within not in self._heard_in_year:
            self._heard_in_year[within] = Heard(passing(self.year, within))
        return self._heard_in_year[within]

    @cached_property
    def people(self) -> int:
        """How many people were heard in the quarter."""
        return len(respondents(self.now))

    @cached_property
    def said_in_year(self) -> Mapping[str, list[EvidenceRow]]:
        """Theme id -> its rows of the year."""
        return by_theme(self.year, self.wanted)

    @cached_property
    def said(self) -> Mapping[str, list[EvidenceRow]]:
        """Theme id -> its rows of all quarters until the report's."""
        return by_theme(self.rows, self.wanted)

    @cached_property
    def said_now(self) -> Mapping[str, list[EvidenceRow]]:
        """Theme id -> its rows of the quarter."""
        return by_theme(self.now, self.wanted)

    @cached_property
    def denied(self) -> Mapping[str, list[EvidenceRow]]:
        """Theme id -> the rows of the scope until the quarter that deny it."""
        here = {row.id for row in self.rows}
        return {
            theme_id: [row for row in rows if row.id in here]
            for theme_id, rows in contradicting.denials(self.bench).items()
        }

    @cached_property
    def verdicts(self) -> Sequence[DriftVerdict]:
        """The verdicts of the quarter for this segment, and role where one is asked for."""
        role = self.scope.role if len(self.scope.role) == 1 else ()
        chosen = Filters(segment=(self.segment,) if self.segment else (), role=role)
        found = browsing.verdicts(self.bench, quarter=self.quarter, filters=chosen)
        return [verdict for verdict in found if verdict.scope.segment == self.segment]

    @cached_property
    def headline(self) -> DriftVerdict | None:
        """The verdict on everything of substance."""
        return next((verdict for verdict in self.verdicts if verdict.scope.facet is None), None)

    @property
    def in_year(self) -> str:
        """`in the year to 2026Q2`."""
        return f"in the year to {self.quarter}"

    def ranked(self, said: Mapping[str, Sequence[EvidenceRow]], facet: Facet, limit: int) -> list[Theme]:
        """The themes of a facet that most people tell, most first."""
        ids = [name for name in said if name in self.ground.themes and self.ground.themes[name].facet == facet]
        ids.sort(key=lambda name: (-len(respondents(said[name])), name))
        return [self.ground.themes[name] for name in ids[:limit]]

    def shows(self, facet: Facet) -> bool:
        """Whether the facet was asked for."""
        return not self.facets or facet.value in self.facets

    def dissent(self, theme: Theme, heard: Heard) -> list[Passage]:
        """A voice among those heard that dissents from a theme: one it is known by, else the newest that denies it."""
        known = [name for name in theme.dissenting if name in heard.ids]
        denying = [row for row in self.denied.get(theme.id, ()) if row.id in heard.ids]
        newest = sorted(denying, key=lambda row: (row.date or "", row.id), reverse=True)
        return self.ground.passages([*known, *(row.id for row in newest)][:EXEMPLARS])[:1]

    def newest(self, rows: Iterable[EvidenceRow], limit: int = EXEMPLARS) -> list[Passage]:
        """The newest of the rows that may be quoted, one a person."""
        ranked = sorted(
            (row for row in rows if quotable(row.rights)), key=lambda row: (row.date or "", row.id), reverse=True
        )
        one_each: dict[str, str] = {}
        for row in ranked:
            one_each.setdefault(row.respondent, row.id)
        return self.ground.passages(list(one_each.values())[:limit])


def by_theme(rows: Iterable[EvidenceRow], wanted: frozenset[str] = frozenset()) -> Mapping[str, list[EvidenceRow]]:
    """Theme id -> its rows, of the themes wanted or of all."""
    groups: dict[str, list[EvidenceRow]] = defaultdict(list)
    for row in rows:
        if row.theme_id and (not wanted or row.theme_id in wanted):
            groups[row.theme_id].append(row)
    return groups
