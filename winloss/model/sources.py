"""What readers hand over: documents, deals, accounts and findings, before anything is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from winloss.model.terms import Outcome, Rights, Severity, Side, SourceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A remark about input that could not be placed: a result, not an exception.

    `code` is a short kebab-case kind, `where` the line, cell or field, `count` how often it happened in the file.
    """

    code: str
    message: str
    where: str = ""
    count: int = 1
    severity: Severity = Severity.WARNING


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """Somebody on a call or in a thread, as far as the source tells. Unknown is None."""

    name: str
    title: str | None = None
    email: str | None = None
    affiliation: str | None = None
    side: Side | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendee:
    """Somebody whom a list beside the transcripts names.

    `place` is the file or meeting that the list says they were in (None: any beside it), `joined_as` the name under
    which they came in where they got another one later.
    """

    person: Participant
    place: str | None = None
    joined_as: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTurn:
    """One speaker's uninterrupted words as read. `speaker` is None where the format names none.

    `text` is stored as it is and never edited; `quoted` holds half-open code-point spans of `text` that are somebody
    else's words. Times are milliseconds from the start of the recording.
    """

    speaker: str | None
    text: str
    start_ms: int | None = None
    end_ms: int | None = None
    quoted: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Highlight:
    """A span of a turn that a person marked and coded elsewhere: half-open, in code points of the turn's text.

    `codes` are full paths, outermost first, joined by `/`; `coder` is who marked it, where the source tells.
    """

    turn: int
    start: int
    end: int
    codes: tuple[str, ...]
    coder: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDocument:
    """One interview, post, inquiry or survey answer as read from a file.

    `external_id` identifies it inside its source kind for ever: the file's own id where it has one. `question` is the
    question that the first turn answers where the source carries it beside the text (a survey, a thread's title).
    `highlights` are codings that came with the text. `meta` keeps what was understood but has no field of its own.
    """

    kind: SourceKind
    external_id: str
    turns: tuple[ReadTurn, ...]
    title: str | None = None
    happened_on: date | None = None
    url: str | None = None
    thread_id: str | None = None
    question: str | None = None
    account: str | None = None
    segment: str | None = None
    outcome: Outcome | None = None
    competitor: str | None = None
    rights: Rights | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    participants: tuple[Participant, ...] = ()
    highlights: tuple[Highlight, ...] = ()
    meta: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """One CRM opportunity. Amounts are in the currency of the export; dates are days.

    `account_id` is the CRM's own id of the account, for exports that name it by nothing else. `where` is the place in
    the file that tells it, such as `row 3`.
    """

    external_id: str
    name: str | None = None
    account: str | None = None
    account_id: str | None = None
    outcome: Outcome | None = None
    stage: str | None = None
    competitor: str | None = None
    product: str | None = None
    amount: float | None = None
    created_on: date | None = None
    closed_on: date | None = None
    loss_reason: str | None = None
    owner: str | None = None
    where: str | None = None
    meta: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One company or agency with the attributes that segment rules look at."""

    name: str
    external_id: str | None = None
    domain: str | None = None
    industry: str | None = None
    employees: int | None = None
    revenue: float | None = None
    country: str | None = None
    region: str | None = None
    ownership: str | None = None
    security_maturity: int | None = None
    segment: str | None = None
    regulations: tuple[str, ...] = ()
    technologies: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    meta: Mapping[str, str] = field(default_factory=dict)


Readable = ReadDocument | Deal | Account | Finding
"""What a reader yields."""
