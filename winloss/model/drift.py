"""What the drift detector answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class State(StrEnum):
    """The headline of a verdict; the first that matches, in this order, with every flag shown beside it."""

    LAUNDERED = "LAUNDERED"
    NEW_SIGNAL = "NEW SIGNAL"
    NARROWED = "NARROWED"
    SHIFTING = "SHIFTING"
    SATURATED = "SATURATED"
    UNDERPOWERED = "UNDERPOWERED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The cell a verdict speaks of; None means all of them."""

    facet: str | None = None
    segment: str | None = None
    role: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftNode:
    """A group of verbatims that the current quarter says more (or less) often than history does.

    `kind` is `emerging` (its odds are many times those of history, and it says one thing), `growing` or `fading`.
    Counts are respondents. `p` is adjusted over all nodes (max-T); `ratio` the lower 90% bound of the odds ratio.
    `verbatims` are the ones that make the node, most typical first; `said_before` those of the other side, which its
    other count rests on. `covered` says whether a synthesis covers it, None where there was none to hold it against;
    `closest` is the theme of the synthesis that comes closest and `gap` how far from it the node lies. `coherence` is
    the mean cosine between two people of the node, `title` a clause that one of them said.
    `id` names it in commands and addresses while its verdict stands; it is empty until verdicts are settled.
    """

    kind: str
    p: float
    ratio: float
    current: int
    current_base: int
    history: int
    history_base: int
    window: int
    verbatims: tuple[str, ...]
    earliest: str | None = None
    said_before: tuple[str, ...] = ()
    covered: bool | None = None
    closest: str | None = None
    gap: float | None = None
    coherence: float | None = None
    title: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftVerdict:
    """Is new signal still arriving in this scope and quarter?

    `mds` is the smallest share of respondents at which a new theme would have been seen with at least 80%
    probability; None where that was not reached or not computed. `statistics` holds every number behind the state,
    `beside` the states of the segments (by name) that a pooled verdict stands beside.
    """

    quarter: str
    scope: Scope
    state: State
    sentence: str
    flags: tuple[str, ...]
    statistics: Mapping[str, float | int | str | None]
    nodes: tuple[DriftNode, ...] = ()
    mds: float | None = None
    beside: Mapping[str, str] = field(default_factory=dict)


class NodeDecided(StrEnum):
    """What people decide about a group that a verdict points at."""

    CONFIRM = "confirm"
    DISMISS = "dismiss"
    WATCH = "watch"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeDecision:
    """What somebody decided about a drift node of a quarter and scope. It holds until it is taken back.

    `verbatims` are the node's when it was decided: by them it is found again when verdicts are computed anew. `title`
    is what it is called, `reason` why it was dismissed. `theme_id` is the theme that a confirmed node became or joined.
    """

    id: str
    kind: NodeDecided
    quarter: str
    verbatims: tuple[str, ...]
    title: str
    made_at: str
    by: str
    reason: str = ""
    facet: str | None = None
    segment: str | None = None
    role: str | None = None
    theme_id: str | None = None
