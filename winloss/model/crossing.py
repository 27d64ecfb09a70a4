"""What is counted across themes: segments by roles, seats, outcomes of deals, kinds of source, proof asked and got."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from winloss.model.evidence import Passage
from winloss.model.themes import Share, Theme


class Corroboration(StrEnum):
    """What one kind of source says to a theme that somebody tells."""

    AGREE = "agree"
    SILENT = "silent"
    DISAGREE = "disagree"


class ProofSide(StrEnum):
    """Whether a proof passage asks for evidence, tells of evidence that was had, or tells neither clearly."""

    DEMANDED = "demanded"
    RECEIVED = "received"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True, kw_only=True)
class DealShare:
    """`count` deals of `base`: those whose buyers tell a theme, of all deals with an interview and that outcome."""

    count: int
    base: int

    @property
    def value(self) -> float | None:
        """count / base, or None where there is no such deal."""
        return self.count / self.base if self.base else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Association:
    """A theme among lost and won deals. `difference` is lost minus won, `low` and `high` its 95% interval.

    `p` is Fisher's exact test, two-sided, with the mid-p correction. `word` says what the numbers allow to say: `lost`
    or `won` (heard more there), `even`, or `too few`; `words` says it in full, with the caution that small numbers ask.
    """

    lost: DealShare
    won: DealShare
    no_decision: DealShare
    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    word: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseNamed:
    """A cause of the codebook that a CRM names, what screens call it, and for how many deals."""

    cause: str
    label: str
    deals: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """What one kind of source says to a theme. Counts are people; for the CRM they are deals.

    `told` say it, `denied` deny it, of all who were heard there. `quotes` are verbatims that show it. Of the CRM,
    `deals` are the lost ones with a stated reason whose buyers tell the theme, `reasons` the causes named for them, and
    `causes` those that the theme is about.
    """

    kind: str
    stance: Corroboration
    told: Share
    denied: Share
    words: str
    quotes: tuple[Passage, ...] = ()
    reasons: tuple[CauseNamed, ...] = ()
    causes: tuple[str, ...] = ()
    deals: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CellTheme:
    """A theme as one cell of a matrix tells it; `trend` has a share per quarter, oldest first."""

    theme: Theme
    share: Share
    trend: tuple[tuple[str, Share], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One segment and role (None: all roles, also where the role is not known).

    `heard` are the people heard in it in the quarter, of whom `share` told anything of the facet; `trend` is that of
    `share`. `themes` are those told in the quarter, by people, most first.
    """

    segment: str
    role: str | None
    share: Share
    trend: tuple[tuple[str, Share], ...]
    themes: tuple[CellTheme, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """A facet by segment and role in one quarter and the quarters before it; `cells` lists every heard cell.

    `quarters` are those of the trends, oldest first, the chosen one last. `outside` are the people heard in the chosen
    quarter who stand in no cell of a role, because their segment or role is not known.
    """

    facet: str
    quarter: str | None
    quarters: tuple[str, ...]
    segments: tuple[str, ...]
    roles: tuple[str | None, ...]
    cells: tuple[Cell, ...]
    outside: int

    def cell(self, segment: str, role: str | None) -> Cell | None:
        """The cell of a segment and role, None where nobody was heard in any of the quarters."""
        return next((cell for cell in self.cells if (cell.segment, cell.role) == (segment, role)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class MapCell:
    """What one seat of one segment and role tells of a facet; `quote` is an exemplar of the first theme.

    A `mode` of None holds those whose seat is not known.
    """

    segment: str | None
    role: str | None
    mode: str | None
    facet: str
    share: Share
    themes: tuple[CellTheme, ...]
    quote: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofAsked:
    """One kind of proof (a proof theme; None: in no theme) for the people of a row of the proof gap.

    Of the row's people, `demanded` ask for it, `received` say, or have somebody in the same deal who says, that they
    got it, and `unmet` ask for it while nobody in their deal says so. `asked_in`, `got_in` and `unmet_in` are all
    the verbatims that say so, of which `asked` and `got` quote some.
    """

    theme: Theme | None
    demanded: Share
    received: Share
    unmet: Share
    asked_in: tuple[str, ...] = ()
    got_in: tuple[str, ...] = ()
    unmet_in: tuple[str, ...] = ()
    asked: tuple[Passage, ...] = ()
    got: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofGapRow:
    """The people of a role who tell a pain (None: everybody of the role) and what they ask to see and got to see.

    `people` are they, of all people heard in the role; `segments` says how many of them each segment has. `kinds`
    come with those who ask most first.
    """

    role: str | None
    pain: Theme | None
    people: Share
    demanded: Share
    received: Share
    unmet: Share
    segments: tuple[tuple[str, Share], ...]
    kinds: tuple[ProofAsked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofGap:
    """Proof asked against proof got, by role and pain. `sides` counts the proof verbatims of the scope by side."""

    quarter: str | None
    rows: tuple[ProofGapRow, ...]
    respondents: int
    sides: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Themes of one facet that lie together. `title` is that of the theme that most people tell.

    `share` counts the people who tell any of them, each once; `segments` stand beside it.
    """

    number: int
    facet: str
    title: str
    themes: tuple[str, ...]
    share: Share
    segments: tuple[tuple[str, Share], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corner:
    """Unthemed verbatims of a facet that lie close together: not yet a theme. `share` counts their people."""

    facet: str
    share: Share
    segments: tuple[tuple[str, Share], ...]
    verbatims: tuple[str, ...]
    quotes: tuple[Passage, ...]
