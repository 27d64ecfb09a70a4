"""Themes and how they relate from quarter to quarter."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from winloss.model.terms import Facet


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """One cluster of verbatims of one facet. The id is its identity across quarters and re-analyses.

    `family` is the number of the family of themes that it belongs to, `named_by` who gave it its title (None: nobody,
    the title is what a buyer said). A pinned theme stays, with the verbatims it had; an archived one is set aside;
    what `merged_into` names has taken it in.
    """

    id: str
    facet: Facet
    title: str
    terms: tuple[str, ...]
    size: int
    exemplars: tuple[str, ...]
    dissenting: tuple[str, ...] = ()
    born: str | None = None
    dormant: bool = False
    family: int | None = None
    named_by: str | None = None
    pinned: bool = False
    archived: bool = False
    merged_into: str | None = None


class Decided(StrEnum):
    """What people decide about themes."""

    RENAME = "rename"
    MERGE = "merge"
    SPLIT = "split"
    MOVE = "move"
    PIN = "pin"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeDecision:
    """Something that somebody decided about a theme. It holds over every analysis until it is taken back.

    A rename or a split has a `title`. `into` is the theme that a merger goes into, that a split makes, or that
    verbatims move to (None: to none). `verbatims` are those that are split off, moved, or kept by a pin. Decisions
    hold in the order of `position`.
    """

    id: str
    kind: Decided
    theme_id: str
    position: int
    made_at: str
    by: str
    title: str | None = None
    into: str | None = None
    verbatims: tuple[str, ...] = ()


class Cause(StrEnum):
    """Why something happened to a theme."""

    DATA = "data"
    SETTINGS = "settings"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeEvent:
    """Something that happened to a theme: what is never changed in the ledger of identities.

    `what` is `born`, `continued`, `split`, `merged`, `dormant` or `returned`, or what somebody decided. `others` are
    the themes it happened with. `by` is set where the cause is a person.
    """

    theme_id: str
    facet: Facet
    what: str
    cause: Cause
    reason: str
    at: str
    by: str | None = None
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """`count` respondents of `base`, and the verbatims they said it in. A share is never shown without its base."""

    count: int
    base: int
    verbatims: int

    @property
    def value(self) -> float | None:
        """count / base, or None where nobody was asked."""
        return self.count / self.base if self.base else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeCount:
    """A theme in one quarter and one scope (segment and role, None meaning all, with the segments beside it)."""

    theme_id: str
    quarter: str
    segment: str | None
    role: str | None
    share: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A facet's themes in one quarter, immutable once taken; `revision` counts retakes after late-arriving data.

    `unthemed` is the number of verbatims that fit nowhere, out of `verbatims`.
    """

    quarter: str
    facet: Facet
    revision: int
    fingerprint: str
    respondents: int
    verbatims: int
    unthemed: int
    counts: tuple[ThemeCount, ...] = field(default=())


class Relation(StrEnum):
    """How a theme relates to the quarter before."""

    CONTINUED = "continued"
    SPLIT = "split"
    MERGED = "merged"
    BORN = "born"
    DORMANT = "dormant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """One step of a theme's life: from the themes of the earlier quarter to those of the later one."""

    facet: Facet
    earlier: str | None
    later: str
    relation: Relation
    from_themes: tuple[str, ...]
    to_themes: tuple[str, ...]
    reason: str
