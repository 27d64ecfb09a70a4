"""What leadership holds to be true, what the evidence says of it, and the decks that are held against the verbatims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

UNSURE = (
    "Which side a verbatim takes is often told wrongly: of labelled passages that speak of a statement, beliefs put "
    "about seven in ten on the right side, audits about six. Read the verbatims before you rely on a verdict."
)
"""What is said wherever stances were turned into verdicts (`benchmarks/stance` has the figures)."""


class Stance(StrEnum):
    """What a verbatim says of a statement."""

    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"
    UNRELATED = "unrelated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """Where in a text to look first for what it says of a statement: a clause of it, and for people why that one."""

    span: tuple[int, int]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StanceDecision:
    """What was decided about a text and a statement; `score` is the probability of `stance`.

    `probabilities` has one for each stance, by its value. `span` and `reason` are its `Basis`.
    """

    stance: Stance
    score: float
    reason: str
    probabilities: Mapping[str, float]
    span: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class BeliefEdit:
    """One change of a belief: which field was what, and what it became; `by` is None where nobody said who."""

    at: str
    by: str | None
    field: str
    was: str | None
    became: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """A dated statement that leadership holds. What evidence says of it is derived and never kept here.

    `since` is an ISO day. `segment`, `role` and `facet` are its scope, None meaning all. `status` is `held` or
    `retired`. `edits` are in the order in which they were made; the first state of a belief is no edit.
    """

    id: str
    statement: str
    owner: str
    since: str
    made_at: str
    segment: str | None = None
    role: str | None = None
    facet: str | None = None
    status: str = "held"
    by: str | None = None
    edits: tuple[BeliefEdit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One statement of a deck, to the letter, and where it stands there ("slide 4, bullet 2").

    `quotes` are the quotations the deck sets beside it, `place` finds it again in the file (a slide's or a paragraph's
    number, counted from 0).
    """

    text: str
    where: str
    place: int = 0
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Synthesis:
    """A deck that somebody presents as what a quarter says: its claims, and the scope it speaks of.

    `quarter` is written `2026Q2`; `segment` is None where it speaks of everybody. `blob` is the SHA-256 of the file as
    it was given, None where it was not kept; `name` is the file's.
    """

    id: str
    name: str
    quarter: str
    made_at: str
    claims: tuple[Claim, ...]
    segment: str | None = None
    blob: str | None = None
    by: str | None = None
