"""What reads the truth, by what is asked for, and the store as a whole."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from winloss.model import (
    Account,
    Appearance,
    Belief,
    Code,
    Coding,
    Copy,
    Correction,
    Deal,
    Document,
    DriftVerdict,
    Entry,
    EvidenceRow,
    Facet,
    FacetLabel,
    Filters,
    Finding,
    Lineage,
    Look,
    NodeDecision,
    Operation,
    Participant,
    Passage,
    Pin,
    QuoteCollection,
    RightsBook,
    RightsDecision,
    SavedSearch,
    SignIn,
    Snapshot,
    SourceFile,
    SourceKind,
    SpokenBy,
    Synthesis,
    Theme,
    ThemeDecision,
    ThemeEvent,
    Token,
    Tombstone,
    Turn,
    User,
    Verbatim,
)
from winloss.ports.writing import Keeping, Transaction


class Files(Protocol):
    """The files that were taken in, their raw bytes, and what was found amiss in them."""

    def put_blob(self, path: Path) -> str:
        """Keep the raw bytes, content-addressed; returns their SHA-256. Idempotent, crash-safe."""

    def blob_name(self, path: Path) -> str:
        """The SHA-256 under which the file's bytes would be kept."""

    def blob_path(self, blob: str) -> Path:
        """Where the raw bytes lie. Raises NotFound."""

    def drop_blobs(self) -> int:
        """Remove the raw bytes that no file and no kept deck names, half-written ones too; returns how many."""

    def find_file(self, blob: str, context_hash: str) -> SourceFile | None:
        """The file ingested earlier from these bytes in this context, if any."""

    def files(self) -> list[SourceFile]:
        """Every ingested file with its findings, newest first."""

    def findings(self) -> list[tuple[str, Finding]]:
        """(file path, finding) for every finding."""


class Conversations(Protocol):
    """What was read of the files: documents and turns in every version, who speaks in them, deals and accounts."""

    def documents(self, filters: Filters | None = None) -> list[Document]:
        """Current versions, newest first (account, segment, source, quarter, outcome, competitor, dates filter)."""

    def documents_of_accounts(self, others: Collection[str] = ()) -> list[Document]:
        """Current versions that name an account, and those with the other ids, ordered by id."""

    def documents_saying(self, words: str) -> list[str]:
        """The ids of current documents with a turn that holds these words, whatever the case."""

    def document(self, document_id: str, version: int | None = None) -> Document:
        """One document, current version unless told otherwise. Raises NotFound."""

    def versions(self, document_id: str) -> list[Document]:
        """Every version, oldest first. Raises NotFound."""

    def history(self, document_ids: Iterable[str]) -> Iterator[tuple[Document, list[Turn]]]:
        """Every version of these documents with its turns, by id, oldest first; unknown ids are left out."""

    def turns(self, document_id: str, version: int | None = None) -> list[Turn]:
        """The turns in order. Raises NotFound."""

    def turns_as_read(self, document_id: str) -> list[Turn]:
        """The turns of the current version with speakers and questions as read, before any correction.

        Raises NotFound.
        """

    def carriers(self) -> list[tuple[str, str]]:
        """(document id, id of the file it was read from) for every version of every document."""

    def speakers(self, document_id: str | None = None, *, kind: SourceKind | None = None) -> list[SpokenBy]:
        """Who speaks in every current document (or in one, or in those of a kind), by document and first turn."""

    def appearances(self) -> list[Appearance]:
        """Everybody who speaks in, or is listed for, any version of a document, each once a document."""

    def participants(self, document_id: str, version: int) -> list[Participant]:
        """Who is listed for one version of a document."""

    def reachable_people(self) -> Mapping[str, tuple[Participant, ...]]:
        """The people named for each current document of which one has an e-mail address, by the document's id."""

    def corrections(self) -> list[Correction]:
        """Every correction of a speaker, oldest first."""

    def copies(self) -> list[Copy]:
        """Every document that says what another one says, ordered by its id and the other one's."""

    def deals(self) -> list[Deal]:
        """Every opportunity, ordered by external id."""

    def deals_told_in(self) -> Mapping[str, tuple[tuple[str, str | None], ...]]:
        """The files that tell of each opportunity and where in them, by its external id, the newest last."""

    def accounts(self) -> list[Account]:
        """Every account, ordered by name."""


class Evidence(Protocol):
    """Verbatims: what statistics, indexes and pages see of them."""

    def unsegmented(self, fingerprint: str) -> Iterator[tuple[Document, list[Turn]]]:
        """Current documents whose verbatims do not carry this fingerprint, with their turns, ordered by id."""

    def unclassified(self, fingerprint: str, *, batch: int) -> Iterator[list[Verbatim]]:
        """Current verbatims whose classification does not carry this fingerprint, in batches, ordered by id."""

    def verbatims_of(self, document_ids: Iterable[str]) -> list[Verbatim]:
        """Every verbatim of these documents, retired ones too, ordered by id."""

    def text_keys(self) -> list[str]:
        """The key of every distinct text of a current verbatim."""

    def texts(self, keys: Sequence[str] | None = None) -> dict[str, str]:
        """Key -> text of every current verbatim (each distinct text once), or of those with these keys."""

    def evidence(self) -> list[EvidenceRow]:
        """Every current verbatim as the statistics see it, ordered by id."""

    def evidence_rows(self, documents: Sequence[str] | None = None) -> Iterator[EvidenceRow]:
        """The same one by one, of all documents or of these (then ordered by id within each part of them)."""

    def touched(self, since: int) -> list[str] | None:
        """The documents whose evidence changed after the revision `since`, by id; None: anything may have changed.

        Read the revision before asking, and a document that changes meanwhile is told again next time.
        """

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """The passages with these ids, in the order asked for; unknown ids are left out; retired ones are found."""

    def passages_after(self, after: str, *, limit: int) -> list[Passage]:
        """The next current passages by id, for building the index and for exports."""

    def decided(self, verbatim_ids: Collection[str]) -> Mapping[str, str]:
        """Verbatim id -> the facet that the model decided on, whatever people say; undecided ones are left out."""

    def permitting(self) -> list[str]:
        """The ids of current verbatims that show somebody doing something in the deal, ordered."""

    def population(self) -> list[tuple[str, str | None, str | None, str | None]]:
        """(person, segment, role, account) of every buyer who speaks in a current document, each once."""

    def source_codings(self) -> list[Coding]:
        """The codes that came with the sources, of current verbatims; the coder is empty where nobody is named."""


class Understanding(Protocol):
    """What was made of the evidence, and what people decided about it."""

    def themes(self, facet: Facet | None = None, *, dormant: bool = False) -> list[Theme]:
        """Live themes (dormant ones too where asked), largest first, ties by id."""

    def theme(self, theme_id: str) -> Theme:
        """One theme, dormant or not. Raises NotFound."""

    def found_themes(self, facet: Facet) -> tuple[list[Theme], dict[str, str]]:
        """The themes that analyses found, dormant ones too, by id, and verbatim id -> the theme it was found in."""

    def theme_decisions(self) -> list[ThemeDecision]:
        """What people decided about themes, in the order in which it holds."""

    def theme_events(self, theme_id: str | None = None, *, limit: int = 1000) -> list[ThemeEvent]:
        """What happened to a theme, or to all, newest first."""

    def snapshots(self, facet: Facet | None = None) -> list[Snapshot]:
        """The newest revision of each quarter and facet, oldest quarter first, counts included."""

    def lineage(self, facet: Facet | None = None) -> list[Lineage]:
        """Every step, oldest first."""

    def verdicts(self, quarter: str | None = None) -> list[DriftVerdict]:
        """Drift verdicts, oldest quarter first, the pooled scope before its segments."""

    def node_decisions(self) -> list[NodeDecision]:
        """What people decided about drift nodes, oldest first."""

    def beliefs(self) -> list[Belief]:
        """Every belief, retired ones too, the oldest first."""

    def syntheses(self, quarter: str | None = None) -> list[Synthesis]:
        """The decks kept for a quarter, or all, in the order in which they were kept."""

    def stage(self, stage: str) -> str | None:
        """The fingerprint the stage was last brought up to date for, or None."""


class Collected(Protocol):
    """What people keep beside the evidence: collections, searches, codes, labels, and what they have read."""

    def collections(self) -> list[QuoteCollection]:
        """Every collection, by name."""

    def pins(self, collection_id: str | None = None) -> list[Pin]:
        """The pins of one collection, or of all, by collection and position."""

    def saved_searches(self) -> list[SavedSearch]:
        """Every saved search, by name."""

    def looks(self) -> list[Look]:
        """When each saved search was last looked at; one that never was is missing."""

    def codes(self) -> list[Code]:
        """The codebook, by path."""

    def codings(self, verbatim_ids: Collection[str] | None = None, *, current: bool = False) -> list[Coding]:
        """The codings made here, of these verbatims or of all, by verbatim, code and coder.

        `current` leaves out, of all, those of verbatims that are no longer counted.
        """

    def labels(self, verbatim_ids: Collection[str] | None = None, *, current: bool = False) -> list[FacetLabel]:
        """What people say that these verbatims, or all, are, by verbatim and person.

        `current` leaves out, of all, those of verbatims that are no longer counted.
        """

    def note_opened(self, verbatim_id: str, by: str, at: str) -> None:
        """Note that somebody (empty: nobody in particular) opened a verbatim; never waits for another writer."""

    def read_by_anybody(self) -> set[str]:
        """The ids of the verbatims that were opened, coded, labelled or pinned, by whomever."""

    def readers(self) -> list[str]:
        """Everybody by name who has opened a verbatim."""

    def operations(self, *, limit: int = 100) -> list[Operation]:
        """What was done to what people keep, newest first."""


class Guarded(Protocol):
    """Who may use the workspace and what they did; who may be quoted, and what was forgotten."""

    def users(self) -> list[User]:
        """Every user, by name."""

    def user(self, key: str) -> User | None:
        """The user of this key, if any."""

    def has_users(self) -> bool:
        """Whether there is any user, so that whoever comes must sign in."""

    def sign_in(self, mark: str) -> SignIn | None:
        """The sign-in of this mark, if any, however old."""

    def touch_sign_in(self, mark: str, at: str) -> None:
        """Note when a browser was last seen; never waits for another writer, then nothing is noted."""

    def known_browser(self, mark: str) -> str | None:
        """The key of the user who signed in with this browser before, if any."""

    def token(self, mark: str) -> Token | None:
        """The token of this mark, if any."""

    def tokens(self) -> list[Token]:
        """Every token, the oldest first."""

    def journal(self, *, limit: int = 200, before: int | None = None) -> list[Entry]:
        """What people did, newest first; with `before` only entries older than that one."""

    def rights(self) -> RightsBook:
        """Every decision about rights as it holds today."""

    def rights_decisions(self) -> list[RightsDecision]:
        """Every decision about rights, oldest first."""

    def pseudonyms(self) -> Mapping[str, int]:
        """Person -> the number of their pseudonym."""

    def tombstones(self) -> list[Tombstone]:
        """The marks of everything forgotten, oldest first."""


class Store(Files, Conversations, Evidence, Understanding, Collected, Guarded, Protocol):
    """The truth. Reads see the last committed state; writes go through `transaction()`."""

    def transaction(self, *, sources: bool = True) -> AbstractContextManager[Transaction]:
        """A unit of work; commits when the context ends without an error.

        Without `sources` it promises to change nothing that `sources_revision` tells of.
        """

    def aside(self) -> AbstractContextManager[Keeping]:
        """A unit of work on what is no part of the evidence (not codings or labels): the revision stays as it is."""

    def compact(self) -> None:
        """Write the database anew, so that no free page and no log holds what was erased.

        Raises:
            ConfigError: another program is reading the database; what was erased may still be in its free space.
        """

    def revision(self) -> int:
        """A number that grows with every committed write: what caches and the search index compare with."""

    def sources_revision(self) -> int:
        """The revision in which what sources hold last changed.

        That is files, documents, who speaks in them, their verbatims as such, deals, accounts and rights: everything
        but what is decided about verbatims (facets, themes, verdicts, codes, labels).
        """

    def counts(self) -> Mapping[str, int]:
        """Rows per kind of thing: files, documents, turns, verbatims, deals, accounts, themes, findings."""
