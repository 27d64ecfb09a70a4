"""What people are shown of a drift verdict: the groups it points at, what it rests on, why, and whom to ask next."""

from __future__ import annotations

from dataclasses import dataclass

from winloss.model.drift import DriftNode, DriftVerdict, NodeDecision, Scope
from winloss.model.themes import Share


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardIn:
    """How many people of a source say something, and the first day on which one did (None where no day is known)."""

    source: str
    people: int
    first: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """A drift node as people read it. `id` names it in commands and addresses while the verdict stands.

    `rests_on` tells the counts in words, `spread` where it was heard in the quarter and since, the earliest source
    first, and `spread_words` says so. `themes` are (id, verbatims) of the themes its verbatims lie in, the fullest
    first. `decision` is what somebody decided about it, `covered` whether the synthesis covers it (None: none given).
    """

    id: str
    quarter: str
    scope: Scope
    node: DriftNode
    title: str
    rests_on: str
    spread: tuple[HeardIn, ...]
    spread_words: str
    segments: tuple[tuple[str, Share], ...]
    roles: tuple[tuple[str, Share], ...]
    sources: tuple[tuple[str, Share], ...]
    themes: tuple[tuple[str, int], ...]
    decision: NodeDecision | None = None
    covered: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One thing that could explain why nothing new came, with its figure. `applies`: it is marked enough to matter."""

    kind: str
    words: str
    share: float | None
    applies: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who was asked, by one attribute: the people of a value this quarter and in the history it is compared with."""

    field: str
    value: str
    now: Share
    before: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class NextInterview:
    """A kind of buyer that one more interview with would teach most about, and why.

    `heard` are the people of that segment and role (and outcome, where one is named) that the quarter and its history
    hold; `deals` are the deals of that segment and outcome among all, None where no deals are known. `gain` is the
    chance that one more interview is the first to meet a theme of the kind's own.
    """

    segment: str | None
    role: str | None
    outcome: str | None
    heard: int
    deals: Share | None
    more_needed: int
    gain: float
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftExplanation:
    """A verdict explained: what is new, what could not be seen, why nothing new came, and whom to ask next.

    `streak` says in words what several quarters say together; empty where they say nothing. `asked` is who was asked.
    """

    verdict: DriftVerdict
    signals: tuple[Signal, ...]
    unseen: str
    reasons: tuple[Reason, ...]
    asked: tuple[Asked, ...]
    next_interviews: tuple[NextInterview, ...]
    streak: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A node that somebody decided about, followed: who said it in each quarter of its scope, oldest first.

    `words` tell the last quarter's count and how many said the like before the node was found: what the measure finds
    without there being anything. `verbatims` are those of the newest quarter that say it, the nearest first.
    """

    decision: NodeDecision
    title: str
    trend: tuple[tuple[str, Share], ...]
    words: str
    verbatims: tuple[str, ...] = ()
