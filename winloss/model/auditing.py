"""A deck as it was read, its claims, and what the verbatims say of each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from winloss.model.beliefs import Claim
from winloss.model.evidence import Passage
from winloss.model.searching import Filters
from winloss.model.themes import Share, Theme


class BlockKind(StrEnum):
    """What a piece of text is in a deck."""

    TITLE = "title"
    BODY = "body"
    NOTE = "note"
    CELL = "table"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One paragraph, bullet, heading or row of a table of a deck, to the letter.

    `place` finds it again in the file: the number of the slide, page or paragraph, counted from 0. `part` is the slide
    or the section it stands in; a title belongs to the part that it opens. `level` is how far it is indented, from 0.
    `cells` are the cells of a row, `head` those of the row that heads its table.
    """

    text: str
    kind: BlockKind
    where: str
    place: int
    part: int
    level: int = 0
    listed: bool = False
    cells: tuple[str, ...] = ()
    head: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deck:
    """A file that somebody presents as what buyers said. `form` is `pptx`, `docx`, `pdf`, `md`, `txt` or `list`."""

    name: str
    form: str
    blocks: tuple[Block, ...]


class Basis(StrEnum):
    """Whether a claim says something of its own, or only names a theme."""

    STATEMENT = "statement"
    LABEL = "label"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeckClaim:
    """A claim as found in a deck.

    `text` stands in the deck to the letter; `statement` is the same made whole, where the deck leaves a part to
    the line above it. `context` are the titles and leading lines above it: they may narrow whom it speaks of.
    """

    text: str
    statement: str
    where: str
    place: int
    basis: Basis = Basis.STATEMENT
    quotes: tuple[str, ...] = ()
    context: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeckQuote:
    """A quotation in a deck, without its marks, and the number of the claim it stands beside (None: beside none)."""

    text: str
    where: str
    place: int
    claim: int | None = None


class Grade(StrEnum):
    """What the verbatims say of a claim; `winloss.services.audit.grading` has the rule of each."""

    SUPPORTED = "supported"
    ONE_SEGMENT = "one segment only"
    THIN = "thin"
    CONTRADICTED = "contradicted"
    NO_EVIDENCE = "no evidence"
    RESTATED = "restates a belief without new evidence"
    UNFALSIFIABLE = "unfalsifiable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A verbatim that speaks for or against a claim, how sure that is, and the words that decided it.

    `led_by` is the question it answers, where that question led to the answer, and `led_how` says by what.
    """

    passage: Passage
    score: float
    reason: str = ""
    led_by: str | None = None
    led_how: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """How many people of how many heard spoke for a claim, and against it, in one part of the scope."""

    name: str
    supports: Share
    contradicts: Share


class Holding(StrEnum):
    """Whether a number in a deck agrees with the counts."""

    HOLDS = "holds"
    FAILS = "does not hold"
    OPEN = "cannot be told"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedNumber:
    """A number in a claim ("most", "70 % of losses") held against the counts."""

    words: str
    says: str
    holding: Holding
    reason: str


class QuoteState(StrEnum):
    """Whether a quotation is what somebody said."""

    EXACT = "exact"
    ALTERED = "altered"
    NOT_FOUND = "not found"
    NOT_A_BUYER = "not a buyer's words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A run of words of a quotation: `same`, `added` by the deck, or `left out` by it."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedQuote:
    """A quotation held against what was said.

    `found` are the words as they were said, None where the rights forbid to print them; `document_id` and `turn` say
    where. `remarks` tell what is not as it was said though no word is altered, and what the rights say.
    """

    text: str
    where: str
    place: int
    state: QuoteState
    claim: int | None = None
    found: str | None = None
    who: str = ""
    document_id: str | None = None
    turn: int | None = None
    verbatim_id: str | None = None
    changes: tuple[Change, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedClaim:
    """A claim with its grade and everything that grade rests on.

    `supports` and `contradicts` count people of those heard in the claim's scope up to the quarter; `now` the
    supporting people of the quarter itself, `fresh` those of them who had not said so before. `low` and `high` bound
    the share that supports it (95%). `capped` tells that not everything near was read, so that counts are least
    numbers. `said_before` is the belief or earlier deck that says the same.
    """

    claim: Claim
    statement: str
    basis: Basis
    grade: Grade
    reason: str
    scope: Filters
    scope_words: tuple[str, ...]
    supports: Share
    contradicts: Share
    now: Share
    fresh: int
    low: float
    high: float
    segments: tuple[Sides, ...]
    roles: tuple[Sides, ...]
    sources: tuple[Sides, ...]
    outcomes: tuple[Sides, ...]
    first: str | None = None
    last: str | None = None
    witnesses: tuple[Witness, ...] = ()
    against: tuple[Witness, ...] = ()
    led: int = 0
    numbers: tuple[CheckedNumber, ...] = ()
    said_before: str | None = None
    remarks: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    capped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A theme, or something new, that is strong in the deck's scope and that no claim speaks of.

    `kind` is `strong`, `emerging` or `growing`; `nearest` is the claim that comes nearest and `gap` how much nearer the
    theme's own verbatims lie to each other.
    """

    kind: str
    title: str
    share: Share
    segments: tuple[tuple[str, Share], ...]
    quotes: tuple[Passage, ...]
    theme: Theme | None = None
    nearest: str | None = None
    gap: float | None = None
    earliest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SynthesisAudit:
    """A deck held against the verbatims.

    `quarter` is the one it speaks of: everything said until its end counts. `covered` counts the strong and emerging
    themes that some claim speaks of, of all there are.
    """

    id: str
    name: str
    form: str
    quarter: str
    filters: Filters
    made_at: str
    respondents: int
    verbatims: int
    claims: tuple[AuditedClaim, ...]
    quotes: tuple[CheckedQuote, ...]
    left_out: tuple[LeftOut, ...]
    covered: int
    themes: int
    kept: bool = False
    passed_over: Mapping[str, int] = field(default_factory=dict)

    @property
    def grades(self) -> Mapping[Grade, int]:
        """How many claims have each grade, every grade listed."""
        return {grade: sum(claim.grade is grade for claim in self.claims) for grade in Grade}

    @property
    def sound(self) -> bool:
        """Whether every claim is supported and every quotation exact."""
        return all(claim.grade is Grade.SUPPORTED for claim in self.claims)
