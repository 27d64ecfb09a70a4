"""What people keep beside the evidence: collections, searches, codes, labels, decisions, beliefs, and what was done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from hashlib import blake2b

from winloss.model.beliefs import Belief, Synthesis
from winloss.model.drift import NodeDecision
from winloss.model.rights import RightsDecision
from winloss.model.searching import Filters
from winloss.model.terms import Facet
from winloss.model.themes import ThemeDecision

NONE_APPLIES = ""
"""The code of a coding that says: looked at, and no code applies."""
MARK_BYTES = 8


def name_key(name: str) -> str:
    """A name or a path as names are compared: case and the number of spaces do not count."""
    return " ".join(name.casefold().split())


def mark_of(verbatim_id: str) -> bytes:
    """The short hash under which a saved search remembers a verbatim that it has shown."""
    return blake2b(verbatim_id.encode(), digest_size=MARK_BYTES).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteCollection:
    """A named list of pinned verbatims."""

    id: str
    name: str
    made_at: str
    description: str = ""
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A verbatim in a collection. `note` is the user's word and never part of the verbatim; pins go by `position`."""

    collection_id: str
    verbatim_id: str
    position: int
    made_at: str
    note: str = ""
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSearch:
    """A search to come back to: what is asked, not what was found."""

    id: str
    name: str
    made_at: str
    query: str = ""
    mode: str = "hybrid"
    filters: Filters = field(default_factory=Filters)
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """When a saved search was last looked at, and short hashes of every verbatim it has ever shown."""

    search_id: str
    looked_at: str
    seen: frozenset[bytes] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A tag of the team's codebook. `path` says where it stands: `pain/cost` is below `pain`."""

    path: str
    made_at: str
    description: str = ""
    colour: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """A code that somebody gave to a verbatim; the code `NONE_APPLIES` says that they looked and found none to give."""

    verbatim_id: str
    code: str
    coder: str
    made_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetLabel:
    """What somebody says a verbatim is; it wins over the model. `instead` is what the model had said of it.

    `blind` tells that the verbatim was drawn by chance and labelled before the model's word was shown: only such labels
    say how often the model is right.
    """

    verbatim_id: str
    facet: Facet
    by: str
    made_at: str
    instead: str | None = None
    blind: bool = False


def held_of(labels: Iterable[FacetLabel]) -> FacetLabel | None:
    """Of the labels of one verbatim, the one that holds: the facet that most people say, the latest where they tie."""
    given = sorted(labels, key=lambda label: (label.made_at, label.by))
    votes = Counter(label.facet for label in given)
    return max(given, key=lambda label: (votes[label.facet], label.made_at, label.by), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Some of what people keep: rows that are taken away or put in together."""

    collections: tuple[QuoteCollection, ...] = ()
    pins: tuple[Pin, ...] = ()
    searches: tuple[SavedSearch, ...] = ()
    codes: tuple[Code, ...] = ()
    codings: tuple[Coding, ...] = ()
    labels: tuple[FacetLabel, ...] = ()
    decisions: tuple[ThemeDecision, ...] = ()
    beliefs: tuple[Belief, ...] = ()
    syntheses: tuple[Synthesis, ...] = ()
    nodes: tuple[NodeDecision, ...] = ()
    rights: tuple[RightsDecision, ...] = ()

    def __len__(self) -> int:
        return sum(len(getattr(self, item.name)) for item in fields(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One thing that somebody did: `before` stood there, `after` stands there now; the other way round once undone."""

    id: int
    what: str
    made_at: str
    by: str | None
    before: Kept
    after: Kept
    undone: bool = False
