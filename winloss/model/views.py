"""What pages, commands and reports show: answers put together by `winloss.services`, ready to be rendered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from winloss.model.crossing import Association, Corner, Family, Witness
from winloss.model.drift import DriftVerdict
from winloss.model.evidence import Document, Passage, Turn
from winloss.model.searching import Filters
from winloss.model.terms import Permission
from winloss.model.themes import Lineage, Share, Theme


@dataclass(frozen=True, slots=True, kw_only=True)
class InContext:
    """A passage among the turns before and after it; `turns` are in order and hold the passage's own."""

    passage: Passage
    document: Document
    turns: tuple[Turn, ...]
    retired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DealPart:
    """What somebody is shown to do in the deal, and with which words.

    `role` is None where the words name nobody with a seat; `named` are the words for whoever acts, empty for the
    speaker. `by_title`: no words show it, only the title that the person was given.
    """

    permission: Permission
    role: str | None
    named: str
    by_speaker: bool
    words: str
    by_title: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RolePart:
    """A role and what people say it does in deals: who say so, of all heard in the scope, and in which verbatims.

    `by_title` are people whose title alone says it; they are in no share.
    """

    role: str | None
    permission: Permission
    share: Share
    by_title: int
    verbatims: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """Why the pooled number of a theme misleads: `kind` is `one segment` or `reversed`, `words` say it in full.

    `segments` are those it is about: where it lives, or where it is heard more, then where it is heard less.
    """

    kind: str
    segments: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeView:
    """A theme in one scope. Shares count respondents; `trend` has one per quarter, oldest first.

    `share` is that of `quarter`, or of all time where it is None. `segments`, `roles`, `modes`, `sources` and
    `outcomes` split the same scope, each part with its own denominator. `guard` says what is wrong with pooling it
    over segments.
    `specific` are the people who tell a pain so that somebody else could check it, of all who tell it in the scope;
    None for other facets. `association`, `witnesses` and `contradicting` are told of one theme in full only: lost
    against won deals, what each kind of source says, and the passages that deny it, which `denied` counts by people.
    """

    theme: Theme
    quarter: str | None
    share: Share
    trend: tuple[tuple[str, Share], ...]
    segments: tuple[tuple[str, Share], ...]
    roles: tuple[tuple[str, Share], ...]
    sources: tuple[tuple[str, Share], ...]
    outcomes: tuple[tuple[str, Share], ...]
    modes: tuple[tuple[str, Share], ...] = ()
    exemplars: tuple[Passage, ...] = ()
    dissenting: tuple[Passage, ...] = ()
    lineage: tuple[Lineage, ...] = ()
    guard: Guard | None = None
    specific: Share | None = None
    association: Association | None = None
    witnesses: tuple[Witness, ...] = ()
    contradicting: tuple[Passage, ...] = ()
    denied: Share | None = None

    @property
    def confirmed(self) -> tuple[str, ...]:
        """The kinds of source that it is heard in, most people first; from two on it is confirmed by a second."""
        heard = [(name, share) for name, share in self.sources if share.count]
        return tuple(name for name, _ in sorted(heard, key=lambda item: (-item[1].count, item[0])))

    @property
    def testable(self) -> bool | None:
        """Whether a pain is told specifically by somebody and confirmed by a second kind of source; None elsewhere."""
        return None if self.specific is None else bool(self.specific.count) and len(self.confirmed) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemePage:
    """Ranked themes of a scope, with what fits nowhere shown beside them.

    `unread` counts the verbatims in languages that the model does not read, by language; they are in no theme.
    `families` put the themes together, those of most people first; `corners` are where unthemed verbatims lie closest
    together, densest first.
    """

    quarter: str | None
    themes: tuple[ThemeView, ...]
    unthemed: Share
    respondents: int
    verbatims: int
    unread: Mapping[str, int] = field(default_factory=dict)
    families: tuple[Family, ...] = ()
    corners: tuple[Corner, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeChange:
    """One theme in two quarters; the interval is Newcombe's 95% for the difference of two proportions.

    `guard` says what is wrong with pooling the later quarter over segments.
    """

    theme: Theme
    earlier: Share
    later: Share
    difference: float | None
    low: float | None
    high: float | None
    word: str
    """`grew`, `faded`, `new`, `gone`, `steady` or `too few`: what the interval allows to say."""
    guard: Guard | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterComparison:
    """Two quarters side by side, with the drift verdicts of the later one."""

    earlier: str
    later: str
    changes: tuple[ThemeChange, ...]
    verdicts: tuple[DriftVerdict, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One sentence of a report and the verbatims it rests on; a statement without any is not made.

    In `text`, “…” holds a buyer's words to the letter and ‘…’ a name that somebody gave: the title of a theme, a
    belief, a claim of a deck. `names` are those names. `drafted`: a language model wrote it, and it was checked
    against what it cites; its text begins by saying so.
    """

    text: str
    citations: tuple[str, ...]
    link: str | None = None
    names: tuple[str, ...] = ()
    drafted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTheme:
    """A theme as a report tells it: its statement, exemplars, a dissenting voice where there is one, and its trend."""

    view: ThemeView
    statement: Statement
    exemplars: tuple[Passage, ...]
    dissenting: tuple[Passage, ...]
    scope: Filters | None = None
    """What the theme was counted in, where that was the report's quarter: with theme and quarter it finds the verbatims
    of every share. None where only what is cited can be named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One counted number of a section, to be drawn or put into a spreadsheet: `what`, in which `group`.

    It is a share of people, or the `change` between two of them with its 95% interval: (difference, low, high).
    `scope` finds the verbatims that it was counted from.
    """

    what: str
    group: str
    share: Share | None = None
    change: tuple[float, float, float] | None = None
    scope: Filters | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DealsBehind:
    """Words of a section that count deals of a CRM, and the query that lists them.

    `within` is the text of the statement that ends with the words, or the row of the table of which they are the last
    cell, counted from 1.
    """

    words: str
    query: str
    within: int | str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSection:
    """Part of a report: a heading, statements, themes, or a table (first row is the header).

    A `note` says what the counts are of, or that there is nothing to say; what buyers say stands in statements only.
    `names` are the names (as in a statement) that heading, table and note hold. `deals` say which deals of the CRM
    stand behind words of a statement or of the table.
    """

    heading: str
    statements: tuple[Statement, ...] = ()
    themes: tuple[ReportTheme, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    figures: tuple[Figure, ...] = ()
    """The numbers of the statements and of the table as numbers; where there are none, nothing is drawn."""
    note: str | None = None
    names: tuple[str, ...] = ()
    deals: tuple[DealsBehind, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPart:
    """One segment's part of the report; where `segment` is None, everybody's, or the segments side by side.

    `rests_on` are the verbatims that the verdict points at, as far as the report cites them; a verdict that points at
    nobody's words cites none.
    """

    heading: str
    segment: str | None
    verdict: DriftVerdict | None
    sections: tuple[ReportSection, ...]
    rests_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The quarterly synthesis, composed; renderers add nothing but form.

    `cited` are the verbatims in citation order: a citation's number is its place here plus one. `method` are
    (name, value) pairs: settings and fingerprints, so that the same report can be made again. `few` warns whoever makes
    it of attributions that would have pointed at a person; it is no part of the report.
    """

    title: str
    label: str
    quarter: str
    parts: tuple[ReportPart, ...]
    cited: tuple[Passage, ...]
    method: tuple[tuple[str, str], ...]
    few: tuple[str, ...] = ()
