"""The tables of the truth. What a migration must reach; `tests/contract` holds the two against each other."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, BigInteger, Date, ForeignKey, Index, MetaData, Text, false
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

SEARCH_TABLES = ("search_passages", "search_state", "search_vectors", "search_words")
"""What searching keeps beside the truth on PostgreSQL; made from it, and known to `winloss.search.postgres` alone."""


class Base(DeclarativeBase):
    """Constraint names are fixed, so that migrations can name them on every engine."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {str: Text(), dict[str, Any]: JSON(), list[Any]: JSON()}  # noqa: RUF012


class FileRow(Base):
    """One ingested file."""

    __tablename__ = "files"

    id: Mapped[str] = mapped_column(primary_key=True)
    path: Mapped[str]
    blob: Mapped[str] = mapped_column(index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    reader: Mapped[str]
    context_hash: Mapped[str]
    ingested_at: Mapped[str]
    documents: Mapped[int]
    turns: Mapped[int]
    deals: Mapped[int]
    accounts: Mapped[int]


class FindingRow(Base):
    """A remark about a file."""

    __tablename__ = "findings"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[str] = mapped_column(ForeignKey("files.id", ondelete="CASCADE"), index=True)
    code: Mapped[str]
    message: Mapped[str]
    place: Mapped[str]
    count: Mapped[int]
    severity: Mapped[str]


class DocumentRow(Base):
    """One version of a document. `stated` keeps account to competitor as read; the columns hold the joined ones."""

    __tablename__ = "documents"

    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    current: Mapped[bool]
    kind: Mapped[str]
    external_id: Mapped[str]
    content_hash: Mapped[str]
    file_id: Mapped[str]
    title: Mapped[str | None]
    happened_on: Mapped[date | None] = mapped_column(Date)
    quarter: Mapped[str | None]
    url: Mapped[str | None]
    thread_id: Mapped[str | None]
    account: Mapped[str | None]
    segment: Mapped[str | None]
    outcome: Mapped[str | None]
    competitor: Mapped[str | None]
    stated: Mapped[dict[str, Any]]
    rights: Mapped[str]
    language: Mapped[str | None]
    tags: Mapped[list[Any]]
    meta: Mapped[dict[str, Any]]
    participants: Mapped[list[Any]]
    segmented_with: Mapped[str | None] = mapped_column(index=True)

    __table_args__ = (Index("ix_documents_current", "current", "id"),)


class TurnRow(Base):
    """One turn of one version of a document; `as_read` is its speaker as read where somebody corrected it."""

    __tablename__ = "turns"

    id: Mapped[str] = mapped_column(primary_key=True)
    document_id: Mapped[str]
    version: Mapped[int]
    ordinal: Mapped[int]
    speaker: Mapped[str | None]
    respondent: Mapped[str]
    side: Mapped[str]
    side_evidence: Mapped[str]
    title: Mapped[str | None]
    role: Mapped[str | None]
    role_evidence: Mapped[str]
    mode: Mapped[str | None]
    text: Mapped[str]
    start_ms: Mapped[int | None] = mapped_column(BigInteger)
    end_ms: Mapped[int | None] = mapped_column(BigInteger)
    question: Mapped[str | None]
    quoted: Mapped[list[Any]]
    highlights: Mapped[list[Any]] = mapped_column(server_default="[]")
    as_read: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    __table_args__ = (Index("ix_turns_document", "document_id", "version", "ordinal"),)


class VerbatimRow(Base):
    """A quotable span, with what was decided about it. Retired ones are no longer counted but still readable.

    `labelled` is what people say it is, which wins over `facet`, and `labelled_note` who says so. `found_theme` is the
    theme that was found, `theme_id` the one that holds once people have decided about themes.
    """

    __tablename__ = "verbatims"

    id: Mapped[str] = mapped_column(primary_key=True)
    turn_id: Mapped[str] = mapped_column(index=True)
    document_id: Mapped[str] = mapped_column(index=True)
    start: Mapped[int]
    end: Mapped[int]
    text: Mapped[str]
    key: Mapped[str] = mapped_column(index=True)
    retired: Mapped[bool]
    classified_with: Mapped[str | None] = mapped_column(index=True)
    facet: Mapped[str | None]
    facet_score: Mapped[float | None]
    scores: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    reason: Mapped[str | None]
    permission: Mapped[str | None]
    theme_id: Mapped[str | None] = mapped_column(index=True)
    tags: Mapped[list[Any]] = mapped_column(server_default="[]")
    coder: Mapped[str | None]
    labelled: Mapped[str | None]
    labelled_note: Mapped[str | None]
    found_theme: Mapped[str | None]


class CopyRow(Base):
    """A document that says what another one says already: it is kept, and the other one counts."""

    __tablename__ = "copies"

    document_id: Mapped[str] = mapped_column(primary_key=True)
    of_id: Mapped[str] = mapped_column(primary_key=True, index=True)
    how: Mapped[str]
    similarity: Mapped[float]
    evidence: Mapped[str]
    spans: Mapped[list[Any]]


class CorrectionRow(Base):
    """What somebody corrected about a speaker; `document_id` is None where it holds everywhere."""

    __tablename__ = "corrections"

    id: Mapped[str] = mapped_column(primary_key=True)
    document_id: Mapped[str | None] = mapped_column(index=True)
    speaker: Mapped[str]
    content: Mapped[dict[str, Any]]
    author: Mapped[str | None]
    made_at: Mapped[str]


class TombstoneRow(Base):
    """What was forgotten and must not come back: a hash of it, never its words."""

    __tablename__ = "tombstones"

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    forgotten_at: Mapped[str]


class CollectionRow(Base):
    """A named list of pinned verbatims; `key` is the name as names are compared."""

    __tablename__ = "collections"

    id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    description: Mapped[str]
    by: Mapped[str | None]
    made_at: Mapped[str]


class PinRow(Base):
    """A verbatim in a collection, with the user's note."""

    __tablename__ = "pins"

    collection_id: Mapped[str] = mapped_column(primary_key=True)
    verbatim_id: Mapped[str] = mapped_column(primary_key=True, index=True)
    position: Mapped[int]
    note: Mapped[str]
    by: Mapped[str | None]
    made_at: Mapped[str]


class SavedSearchRow(Base):
    """A search to come back to; `key` is the name as names are compared."""

    __tablename__ = "saved_searches"

    id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    query: Mapped[str]
    mode: Mapped[str]
    filters: Mapped[dict[str, Any]]
    by: Mapped[str | None]
    made_at: Mapped[str]


class LookRow(Base):
    """When a saved search was last looked at; `seen` are eight bytes for every verbatim that it ever showed."""

    __tablename__ = "looks"

    search_id: Mapped[str] = mapped_column(primary_key=True)
    looked_at: Mapped[str]
    seen: Mapped[bytes]


class CodeRow(Base):
    """A tag of the codebook, by its path; `key` is the path as paths are compared."""

    __tablename__ = "codes"

    path: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    description: Mapped[str]
    colour: Mapped[str | None]
    made_at: Mapped[str]


class CodingRow(Base):
    """A code given to a verbatim by somebody; the empty code says that none applies."""

    __tablename__ = "codings"

    verbatim_id: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True, index=True)
    coder: Mapped[str] = mapped_column(primary_key=True)
    made_at: Mapped[str]


class LabelRow(Base):
    """What somebody says a verbatim is."""

    __tablename__ = "labels"

    verbatim_id: Mapped[str] = mapped_column(primary_key=True)
    by: Mapped[str] = mapped_column(primary_key=True)
    facet: Mapped[str]
    made_at: Mapped[str]
    instead: Mapped[str | None]
    blind: Mapped[bool]


class OpeningRow(Base):
    """Somebody opened a verbatim by itself; the empty name is nobody in particular."""

    __tablename__ = "openings"

    verbatim_id: Mapped[str] = mapped_column(primary_key=True)
    by: Mapped[str] = mapped_column(primary_key=True)
    opened_at: Mapped[str]


class OperationRow(Base):
    """Something that somebody did with the above, so that it can be undone and done again."""

    __tablename__ = "operations"

    id: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[str]
    by: Mapped[str | None]
    made_at: Mapped[str]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    undone: Mapped[bool]


class DealRow(Base):
    """One CRM opportunity."""

    __tablename__ = "deals"

    external_id: Mapped[str] = mapped_column(primary_key=True)
    file_id: Mapped[str]
    account: Mapped[str | None] = mapped_column(index=True)
    outcome: Mapped[str | None]
    content: Mapped[dict[str, Any]]


class AccountRow(Base):
    """One account, keyed by its case-folded name."""

    __tablename__ = "accounts"

    key: Mapped[str] = mapped_column(primary_key=True)
    file_id: Mapped[str]
    name: Mapped[str]
    content: Mapped[dict[str, Any]]


class ThemeRow(Base):
    """One theme, live or dormant, as it holds; `found` is what it was before people decided about it, None for none."""

    __tablename__ = "themes"

    id: Mapped[str] = mapped_column(primary_key=True)
    facet: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    terms: Mapped[list[Any]]
    size: Mapped[int]
    exemplars: Mapped[list[Any]]
    dissenting: Mapped[list[Any]]
    born: Mapped[str | None]
    dormant: Mapped[bool]
    made_with: Mapped[str]
    family: Mapped[int | None]
    named_by: Mapped[str | None]
    pinned: Mapped[bool] = mapped_column(server_default=false())
    archived: Mapped[bool] = mapped_column(server_default=false())
    merged_into: Mapped[str | None]
    found: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class DecisionRow(Base):
    """Something that somebody decided about a theme."""

    __tablename__ = "theme_decisions"

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    theme_id: Mapped[str]
    position: Mapped[int]
    made_at: Mapped[str]
    by: Mapped[str]
    title: Mapped[str | None]
    into: Mapped[str | None]
    verbatims: Mapped[list[Any]]


class BeliefRow(Base):
    """A dated statement that leadership holds, with its edit trail."""

    __tablename__ = "beliefs"

    id: Mapped[str] = mapped_column(primary_key=True)
    statement: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    owner: Mapped[str]
    since: Mapped[str]
    made_at: Mapped[str]
    segment: Mapped[str | None]
    role: Mapped[str | None]
    facet: Mapped[str | None]
    status: Mapped[str]
    by: Mapped[str | None]
    edits: Mapped[list[Any]]


class SynthesisRow(Base):
    """A deck that is presented as what a quarter says, with its claims."""

    __tablename__ = "syntheses"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    quarter: Mapped[str] = mapped_column(index=True)
    made_at: Mapped[str]
    claims: Mapped[list[Any]]
    segment: Mapped[str | None]
    blob: Mapped[str | None]
    by: Mapped[str | None]


class NodeDecisionRow(Base):
    """Something that somebody decided about a drift node."""

    __tablename__ = "node_decisions"

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    quarter: Mapped[str]
    verbatims: Mapped[list[Any]]
    title: Mapped[str]
    made_at: Mapped[str]
    by: Mapped[str]
    reason: Mapped[str]
    facet: Mapped[str | None]
    segment: Mapped[str | None]
    role: Mapped[str | None]
    theme_id: Mapped[str | None]


class RightsRow(Base):
    """What somebody decided about quoting a document, a file's documents or a person."""

    __tablename__ = "rights"

    id: Mapped[str] = mapped_column(primary_key=True)
    of: Mapped[str]
    target: Mapped[str]
    rights: Mapped[str | None]
    until: Mapped[str | None]
    instead: Mapped[str | None]
    people: Mapped[list[Any]]
    by: Mapped[str | None]
    made_at: Mapped[str]


class PseudonymRow(Base):
    """What a person is called where they may not be named; a number is given once and never again."""

    __tablename__ = "pseudonyms"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    respondent: Mapped[str] = mapped_column(unique=True)


class EventRow(Base):
    """Something that happened to a theme; rows are only ever added, but for names that are forgotten."""

    __tablename__ = "theme_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    theme_id: Mapped[str] = mapped_column(index=True)
    facet: Mapped[str]
    what: Mapped[str]
    cause: Mapped[str]
    reason: Mapped[str]
    at: Mapped[str]
    by: Mapped[str | None]
    others: Mapped[list[Any]]


class SnapshotRow(Base):
    """A facet's themes in one quarter; never changed, only retaken as a further revision."""

    __tablename__ = "snapshots"

    quarter: Mapped[str] = mapped_column(primary_key=True)
    facet: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    made_with: Mapped[str]
    respondents: Mapped[int]
    verbatims: Mapped[int]
    unthemed: Mapped[int]
    counts: Mapped[list[Any]]


class LineageRow(Base):
    """One step of a theme's life."""

    __tablename__ = "lineage"

    id: Mapped[int] = mapped_column(primary_key=True)
    facet: Mapped[str] = mapped_column(index=True)
    earlier: Mapped[str | None]
    later: Mapped[str]
    relation: Mapped[str]
    from_themes: Mapped[list[Any]]
    to_themes: Mapped[list[Any]]
    reason: Mapped[str]


class VerdictRow(Base):
    """A drift verdict for one quarter and scope."""

    __tablename__ = "verdicts"

    quarter: Mapped[str] = mapped_column(primary_key=True)
    scope_key: Mapped[str] = mapped_column(primary_key=True)
    scope: Mapped[dict[str, Any]]
    state: Mapped[str]
    content: Mapped[dict[str, Any]]
    made_with: Mapped[str]


class UserRow(Base):
    """Somebody who signs in."""

    __tablename__ = "users"

    key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    access: Mapped[str]
    password: Mapped[str]
    made_at: Mapped[str]


class SignInRow(Base):
    """Somebody signed in with a browser, under the hash of what it holds."""

    __tablename__ = "sign_ins"

    mark: Mapped[str] = mapped_column(primary_key=True)
    user: Mapped[str] = mapped_column(index=True)
    made_at: Mapped[str]
    seen_at: Mapped[str]


class KnownBrowserRow(Base):
    """A browser with which somebody has signed in before."""

    __tablename__ = "known_browsers"

    mark: Mapped[str] = mapped_column(primary_key=True)
    user: Mapped[str] = mapped_column(index=True)
    made_at: Mapped[str]


class TokenRow(Base):
    """What a script shows instead of a password, under its hash."""

    __tablename__ = "tokens"

    id: Mapped[str] = mapped_column(primary_key=True)
    mark: Mapped[str] = mapped_column(unique=True)
    user: Mapped[str]
    access: Mapped[str]
    purpose: Mapped[str]
    made_at: Mapped[str]


class AttemptRow(Base):
    """An attempt to sign in that did not succeed, or not yet; the scope is a hash."""

    __tablename__ = "attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(index=True)
    at: Mapped[str]


class EntryRow(Base):
    """Something that somebody did; rows are only ever added, but for names that are forgotten."""

    __tablename__ = "journal"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str]
    who: Mapped[str | None]
    what: Mapped[str]
    about: Mapped[str]
    address: Mapped[str]


class StageRow(Base):
    """What each stage of the analysis was last brought up to date for."""

    __tablename__ = "stages"

    name: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]


class TouchRow(Base):
    """The revision that last changed the evidence of a document."""

    __tablename__ = "touches"

    document_id: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger, index=True)


class CounterRow(Base):
    """Counters: `revision` counts units of work, `erased` is that of the last that took evidence away, `sources` that
    of the last that changed what sources hold.

    `pseudonyms` is the highest number given.
    """

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)
