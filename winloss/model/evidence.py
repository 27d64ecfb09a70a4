"""What the store holds of a buyer's words: documents, turns, verbatims, and what was decided about each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from winloss.model.sources import Finding, Highlight
from winloss.model.terms import Facet, Mode, Outcome, Permission, Rights, Side, SourceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who speaks in a turn, resolved, with the evidence that resolved it.

    `respondent` is the stable id of the person across documents (an author, an interviewee): the unit of every
    statistic. `*_evidence` says in words why, e.g. `title "SOC Manager" in the manifest`.
    """

    name: str | None
    respondent: str
    side: Side
    side_evidence: str
    title: str | None = None
    role: str | None = None
    role_evidence: str = ""
    mode: Mode | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One speaker's uninterrupted words, as stored. `question` is what the turn answers, where that is known.

    `rights` are those that hold for these words on the day they are read.
    """

    id: str
    document_id: str
    ordinal: int
    speaker: Speaker
    text: str
    start_ms: int | None = None
    end_ms: int | None = None
    question: str | None = None
    quoted: tuple[tuple[int, int], ...] = ()
    highlights: tuple[Highlight, ...] = ()
    rights: Rights = field(default=Rights.INTERNAL, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenBy:
    """A speaker of one document: how many turns, the ordinal of the first, and whether somebody corrected it.

    `rights` are those that hold for what they say there on the day it is asked.
    """

    document_id: str
    speaker: Speaker
    turns: int
    first: int
    corrected: bool = False
    rights: Rights = field(default=Rights.INTERNAL, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What somebody said about a speaker that no source tells, or that one tells wrongly.

    It holds for the turns of `speaker` (a name as shown; None: whoever speaks, or only nameless turns where `unnamed`),
    in `document_id` (None: in every document), from and to the ordinals in `turns` where it names any: `texts` are
    their text keys, by which they are found again in a later version. `side` to `name` are what is said; None says
    nothing.
    """

    id: str
    speaker: str | None
    made_at: str
    document_id: str | None = None
    unnamed: bool = False
    turns: tuple[int, int] | None = None
    texts: tuple[str, ...] = ()
    side: Side | None = None
    title: str | None = None
    role: str | None = None
    name: str | None = None
    author: str | None = None


CORRECTED = "+"
"""What stands in a content's hash before the mark of corrected speakers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One version of one source as read. Versions count from 1; only the newest is current. `rights` are those as read.

    `account` to `competitor` are joined from deals and accounts where the source does not say; `stated` keeps what it
    said itself.
    """

    id: str
    version: int
    kind: SourceKind
    external_id: str
    content_hash: str
    file_id: str
    title: str | None = None
    happened_on: date | None = None
    quarter: str | None = None
    url: str | None = None
    thread_id: str | None = None
    account: str | None = None
    segment: str | None = None
    outcome: Outcome | None = None
    competitor: str | None = None
    rights: Rights = Rights.INTERNAL
    language: str | None = None
    tags: tuple[str, ...] = ()
    meta: Mapping[str, str] = field(default_factory=dict)
    stated: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def read_hash(self) -> str:
        """The hash of the content as it was read, before anybody corrected its speakers."""
        return self.content_hash.partition(CORRECTED)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A document that says what another one says already.

    `how`: `same` (both say the same: the other one counts), `excerpt` (all of it is in the other one, which counts) or
    `quotes` (it holds words of the other one at `spans`: ordinal of the turn, start, end; only those do not count).
    `similarity` is the share of its runs of five words that the other one holds; `evidence` says so in words.
    """

    document_id: str
    of_id: str
    how: str
    similarity: float
    evidence: str
    spans: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """One ingested file: its bytes are kept under `blob` (SHA-256), its findings beside it.

    `blob` is empty where the bytes are not kept, because something of them was forgotten.

    `context_hash` covers everything beside the bytes that shapes the reading (mapping, manifest row, kind, readers'
    version): the same bytes in the same context are never read twice.
    """

    id: str
    path: str
    blob: str
    size: int
    reader: str
    context_hash: str
    ingested_at: str
    documents: int = 0
    turns: int = 0
    deals: int = 0
    accounts: int = 0
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A half-open code-point span of a turn's text, before it is stored as a verbatim."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Verbatim:
    """A quotable span of a buyer's turn. `turn.text[start:end] == text` always holds; it is never edited.

    `tags` are the codes that people gave it, `coder` is who did, where known.
    """

    id: str
    turn_id: str
    document_id: str
    start: int
    end: int
    text: str
    key: str
    tags: tuple[str, ...] = ()
    coder: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """What was decided about a verbatim. `scores` sum to 1 over the four facets; `reason` is for people."""

    facet: Facet
    facet_score: float
    scores: Mapping[str, float]
    reason: str = ""
    permission: Permission | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A verbatim with everything the contract prints about it. Unknown is None, never an empty string.

    `rights` are those that hold on the day it is read, `quote_until` the last day of the right to quote it. What leaves
    the workspace calls a person who is not named by the `pseudonym`; `region` is the account's, known only there.
    """

    id: str
    text: str
    facet: str | None
    facet_score: float | None
    role: str | None
    mode: str | None
    permission: str | None
    speaker: str | None
    respondent: str
    segment: str | None
    account: str | None
    outcome: str | None
    competitor: str | None
    source: str
    document_id: str
    external_id: str
    title: str | None
    date: str | None
    quarter: str | None
    turn: int
    start: int
    end: int
    start_ms: int | None
    end_ms: int | None
    url: str | None
    theme_id: str | None
    rights: str
    language: str | None = None
    tags: tuple[str, ...] = ()
    coder: str | None = None
    question: str | None = None
    reason: str | None = None
    quote_until: str | None = None
    pseudonym: str | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One verbatim as the statistics see it: no text, only what it is counted by. `date` is ISO; order by `id`."""

    id: str
    key: str
    document_id: str
    respondent: str
    facet: str | None
    facet_score: float | None
    role: str | None
    mode: str | None
    segment: str | None
    source: str
    outcome: str | None
    competitor: str | None
    account: str | None
    quarter: str | None
    date: str | None
    rights: str
    theme_id: str | None
    tags: tuple[str, ...]
    question: str | None
    turn: int
    language: str | None = None
