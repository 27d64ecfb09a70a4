"""Themes and how they relate from quarter to quarter."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from winloss.model.terms import Facet


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """One cluster of verbatims of one facet. The id is its identity across quarters and re-analyses."""

    id: str
    facet: Facet
    title: str
    terms: tuple[str, ...]
    size: int
    exemplars: tuple[str, ...]
    dissenting: tuple[str, ...] = ()
    born: str | None = None
    dormant: bool = False


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
