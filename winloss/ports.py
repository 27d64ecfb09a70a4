"""The seams: narrow Protocols for what is slow, stateful or replaceable, and the Workbench that carries them.

Use cases in `winloss.services` see these; `winloss.bootstrap` alone knows the concrete classes behind them. Arrays are
float32 NumPy arrays with unit rows unless said otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from winloss.codebook import Codebook
from winloss.config import Settings
from winloss.model import (
    Account,
    Appearance,
    Ask,
    Attendee,
    Belief,
    Classification,
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
    Found,
    Kept,
    Lineage,
    Look,
    NodeDecision,
    Operation,
    Participant,
    Passage,
    Pin,
    QuoteCollection,
    Readable,
    RightsBook,
    RightsDecision,
    SavedSearch,
    Scope,
    SignIn,
    Snapshot,
    SourceFile,
    SourceKind,
    Speaker,
    SpokenBy,
    StanceDecision,
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

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]


class Clock(Protocol):
    """Tells the time; a fake one makes tests exact."""

    def now(self) -> str:
        """The moment in UTC, ISO 8601 with seconds and `Z`."""


class Progress(Protocol):
    """Shows how far long work has come: a bar on a terminal, plain lines elsewhere, nothing in tests."""

    def track(
        self, label: str, *, total: int | None = None, unit: str = ""
    ) -> AbstractContextManager[Callable[[int], None]]:
        """A context in which calling the value with n says that n more units are done (fewer, where work starts again).

        What is counted goes without saying, unless the unit is `bytes`.
        """


# --- Reading ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What a reader may look at to decide whether a file is its own: the name and the first 64 KiB."""

    path: Path
    head: bytes
    text: str
    """`head` decoded as the sniffed encoding, with replacement; empty for binary files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadContext:
    """What is known beside the bytes: the kind asked for, the mapping, and the manifest's row for this file.

    `name` is what a document is called that has no id of its own, where the file's name alone would not do.
    `companions` are the other files of the same delivery that the same reader claims and that are read along with this
    one (who took part in the calls, the users of a dump). `private` allows what is excluded unless somebody asks for
    it: direct messages and private channels. `attendees` are the people whom lists beside the file name. `shown` is
    where the file lies as the user sees it, with the folders and archives around it. `mapping_kept` tells that the
    mapping is one that was made for an earlier table of the same shape.
    """

    kind: str | None = None
    mapping: Mapping[str, object] | None = None
    manifest: Mapping[str, str] | None = None
    name: str | None = None
    companions: tuple[Path, ...] = ()
    private: bool = False
    shown: str | None = None
    mapping_kept: bool = False
    attendees: tuple[Attendee, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One export that a reader reads, as the table of formats shows it.

    `name` is the product and the export ("Zoom cloud recording"), `looks` the usual file ("`.vtt`"), `gives` what is
    read of it ("turns with speakers and times").
    """

    name: str
    looks: str
    gives: str


class Reader(Protocol):
    """Reads one family of files. Stateless; `read` streams, so that a file larger than memory can be read.

    `family` is one of `calls`, `research`, `communities`, `inquiries`, `crm`, `surveys`, `tables`.
    """

    name: str
    title: str
    family: str
    formats: tuple[Format, ...]

    def identify(self, probe: Probe) -> bool:
        """Whether this file is for this reader, by content. Exactly one reader may say so."""

    def read(self, path: Path, context: ReadContext) -> Iterator[Readable]:
        """The documents, deals, accounts and findings in the file.

        Raises:
            MalformedSource: the content is broken in a way that would make the rest wrong.
        """


@runtime_checkable
class Accompanied(Reader, Protocol):
    """A reader some of whose files only say more about others: who took part in a call, the users of a dump."""

    def accompanies(self, probe: Probe) -> bool:
        """Whether this file of the reader's is read along with the others of its delivery, not by itself."""


@runtime_checkable
class Informing(Reader, Protocol):
    """A reader some of whose files say more about others and are read by themselves too: posts, and their comments."""

    def informs(self, probe: Probe) -> bool:
        """Whether this file of the reader's says something about those that do not."""


# --- Language --------------------------------------------------------------------------------------------------------


class Encoder(Protocol):
    """Turns texts into unit vectors."""

    fingerprint: str
    dimensions: int

    def encode(self, texts: Sequence[str], *, advance: Callable[[int], None] | None = None) -> Vectors:
        """One unit row per text, in order; `advance(n)` is called as texts get done. Deterministic."""


class Classifier(Protocol):
    """Decides the facet of passages."""

    fingerprint: str

    def classify(self, texts: Sequence[str], vectors: Vectors) -> list[Classification]:
        """One decision per text, given the vectors of the same texts."""


class Reranker(Protocol):
    """Reads a query and a text together."""

    def score(self, query: str, texts: Sequence[str]) -> Vectors:
        """How well each text answers the query, one number per text, in order; only differences mean something."""


class Stances(Protocol):
    """Decides what texts say of a statement: supports, contradicts, or neither."""

    fingerprint: str

    def judge(
        self, statement: str, texts: Sequence[str], vectors: Vectors, statement_vector: Vectors
    ) -> list[StanceDecision]:
        """One decision per text, in order, given the vectors of the same texts and of the statement."""


# --- Storing ---------------------------------------------------------------------------------------------------------


class Erasing(Protocol):
    """Writes that take things away for good, and what is left standing in their place."""

    def erase_documents(self, ids: Collection[str]) -> Mapping[str, int]:
        """Remove every version of these documents and all that hangs on them; returns rows per kind of thing."""

    def erase_turns(self, ids: Collection[str]) -> Mapping[str, int]:
        """Remove these turns and their verbatims, retired ones too; returns rows per kind of thing."""

    def rewrite_document(self, document: Document, turns: Sequence[Turn], participants: Sequence[Participant]) -> None:
        """Replace what is told about a document's version (by id and version) and about its turns; never their words.

        Links to documents that say the same are dropped: they are found again.
        """

    def erase_corrections(self, speakers: Collection[str]) -> int:
        """Remove what was corrected about these speakers, whatever the case; returns how many."""

    def erase_files(self, ids: Collection[str]) -> None:
        """Remove the rows of these files and their findings."""

    def erase_companies(self, file_ids: Collection[str]) -> Mapping[str, int]:
        """Remove the deals and accounts that were read from these files; returns rows per kind of thing."""

    def rewrite_companies(self, deals: Iterable[Deal], accounts: Iterable[Account]) -> None:
        """Replace deals (by external id) and accounts (by name) in place."""

    def rewrite_themes(self, themes: Iterable[Theme]) -> None:
        """Replace the words, the size and the exemplars of themes, by id."""

    def rewrite_found_themes(self, themes: Iterable[Theme]) -> None:
        """The same for themes as they were found."""

    def rewrite_theme_decisions(self, changed: Callable[[ThemeDecision], ThemeDecision]) -> None:
        """Replace titles and authors of decisions by what `changed` makes of them."""

    def rewrite_theme_events(self, changed: Callable[[ThemeEvent], ThemeEvent]) -> None:
        """Replace what the ledger says of themes by what `changed` makes of it: for names and words that must go."""

    def erase_history(self, quarters: Collection[str]) -> None:
        """Remove every snapshot of these quarters and the verdicts that rest on them; themes and drift become stale."""

    def unname_readers(self, names: Collection[str]) -> None:
        """Have what these people opened be opened by nobody in particular."""

    def erase_pseudonyms(self, respondents: Collection[str]) -> None:
        """Forget what these people are called; their numbers are never given again."""

    def put_tombstones(self, tombstones: Iterable[Tombstone]) -> None:
        """Add marks of what was forgotten; those there are stay as they are."""


class Guarding(Protocol):
    """Writes of who may use the workspace, and of what they did. Passwords and tokens come here as hashes only."""

    def put_user(self, user: User) -> None:
        """Insert or replace by key."""

    def drop_user(self, key: str) -> None:
        """Remove a user with their sign-ins, tokens and known browsers."""

    def put_sign_in(self, sign_in: SignIn, *, ended: str) -> None:
        """Note that somebody signed in; sign-ins from before `ended` go."""

    def drop_sign_in(self, mark: str) -> None:
        """End one sign-in."""

    def drop_sign_ins(self, user: str) -> None:
        """End every sign-in of a user."""

    def put_known_browser(self, mark: str, user: str, at: str, *, ended: str) -> None:
        """Remember that this user signed in with this browser; those from before `ended` go."""

    def put_token(self, token: Token) -> None:
        """Add a token."""

    def drop_token(self, token_id: str) -> None:
        """Remove a token."""

    def count_attempt(self, limits: Mapping[str, int], at: str, *, since: str) -> str | None:
        """Note an attempt to sign in under each scope, unless one has as many as its limit `since`: then that one.

        Those who attempt at the same time are counted one after another. Attempts from before `since` go.
        """

    def forget_attempt(self, scopes: Collection[str]) -> None:
        """Forget the last attempt under each of these scopes: it succeeded."""

    def put_entries(self, entries: Iterable[Entry]) -> None:
        """Add to the journal; what is there is never changed."""

    def rewrite_entries(self, changed: Callable[[Entry], Entry]) -> None:
        """Replace what the journal says by what `changed` makes of it: for names that must go."""


class Keeping(Guarding, Protocol):
    """Writes of what people keep beside the evidence: collections, pins, searches, codes, labels and decisions."""

    def swap(self, before: Kept, after: Kept) -> None:
        """Take rows away that stand exactly so, and put others in.

        Raises:
            Conflict: what is to be taken away is not, or no longer, as given, or a name is taken.
        """

    def put_operation(self, operation: Operation) -> None:
        """Note what was done (its id is given here); what the same person had undone cannot be done again any more."""

    def set_undone(self, operation_id: int, undone: bool) -> None:  # noqa: FBT001
        """Note that an operation is undone, or done again."""

    def forget_operations(self) -> None:
        """Forget everything that was done: it cannot be undone any more."""

    def put_look(self, look: Look) -> None:
        """Insert or replace when a saved search was looked at and what it has shown."""

    def put_pseudonyms(self, respondents: Sequence[str]) -> None:
        """Give those of these people who have none a number each, in this order, that nobody ever had."""


class Transaction(Erasing, Keeping, Protocol):
    """Everything that writes to the truth. All or nothing: leaving the context with an error rolls back."""

    def put_file(self, file: SourceFile) -> None:
        """Insert or replace the file's row and its findings (by `file.id`)."""

    def put_document(self, document: Document, turns: Sequence[Turn], participants: Sequence[Participant]) -> str:
        """Store one document as read: `added`, `unchanged` or `new version`.

        `document.version` is ignored. Unchanged means the current version has the same `content_hash` (only the file
        is noted as another carrier); otherwise a version is appended, becomes the current one, the older stay readable
        and the document counts as not yet segmented.
        """

    def put_documents(self, read: Sequence[tuple[Document, Sequence[Turn], Sequence[Participant]]]) -> list[str]:
        """The same for many at once, in order; a document that comes twice has its versions in that order."""

    def put_deals(self, deals: Iterable[Deal], file_id: str, *, path: str) -> int:
        """Note what a file says of opportunities, by `external_id`; returns how many rows are new or changed.

        It adds to what other files say: what it leaves empty stays as they have it. What an earlier reading of the
        same path said is replaced.
        """

    def put_accounts(self, accounts: Iterable[Account], file_id: str, *, path: str) -> int:
        """The same for accounts, by name (case-folded)."""

    def set_document_context(
        self, document_id: str, *, account: str | None, segment: str | None, outcome: str | None, competitor: str | None
    ) -> bool:
        """Set what is joined from deals and accounts; returns whether anything changed."""

    def put_copies(self, copies: Sequence[Copy]) -> int:
        """Make these the copies there are; returns for how many documents that changed anything.

        Documents for which it did count as not yet segmented, and so do those that say all that such a one says.
        """

    def put_correction(self, correction: Correction) -> None:
        """Insert or replace by id; the stored turns are not touched."""

    def drop_correction(self, correction_id: str) -> None:
        """Forget a correction; the stored turns are not touched."""

    def put_speakers(self, document_id: str, spoken: Mapping[int, tuple[Speaker, str | None]]) -> bool:
        """Say who speaks, by ordinal, in turns of the current version, and which question each of them answers.

        What was read stays beside them (`Store.turns_as_read`). Returns whether anything changed: the document counts
        as not yet segmented then and has another `content_hash`, yet reading it again as before changes nothing.
        """

    def touch(self, made: Iterable[RightsDecision]) -> None:
        """Count the evidence that these decisions are about as changed: a day has passed that they name."""

    def put_respondents(self, document_id: str, respondents: Mapping[str, str]) -> int:
        """Set who is the same person, by name, in the current version; returns how many turns that changed.

        What was decided about a person's rights, and their pseudonym, goes with them, here and in `put_speakers`.
        """

    def put_verbatims(self, document_id: str, verbatims: Sequence[Verbatim], fingerprint: str) -> None:
        """Make these the current verbatims of the document's current version.

        Ids that stay keep their classification and theme; ids that vanish are retired (still readable by id). Nothing
        happens where there is no such document any more.
        """

    def put_classifications(self, decisions: Mapping[str, Classification], fingerprint: str) -> None:
        """Store decisions by verbatim id."""

    def put_themes(
        self, facet: Facet, themes: Sequence[Theme], assignments: Mapping[str, str | None], fingerprint: str
    ) -> None:
        """Replace the facet's live themes and say for each of its verbatims which one it is in (None: unthemed).

        Themes that are no longer among them are kept, marked dormant. What people decided about themes is left aside
        until `curate` says what holds.
        """

    def curate(self, facet: Facet, themes: Sequence[Theme], assignments: Mapping[str, str | None]) -> None:
        """Say which themes hold, and which theme each verbatim is in, once people have decided.

        What was found stays beside it (`Store.found_themes`). Other themes of the facet are marked dormant.
        """

    def put_theme_events(self, events: Iterable[ThemeEvent]) -> None:
        """Add to the ledger what happened to themes; what is there is never changed."""

    def put_snapshots(self, snapshots: Sequence[Snapshot]) -> None:
        """Append snapshots; an older revision of the same quarter and facet stays as it is."""

    def put_lineage(self, facet: Facet, steps: Sequence[Lineage]) -> None:
        """Replace the facet's lineage between consecutive quarters."""

    def put_verdicts(self, verdicts: Sequence[DriftVerdict], fingerprint: str) -> None:
        """Insert or replace verdicts by quarter and scope."""

    def drop_verdicts(self, cells: Iterable[tuple[str, Scope]]) -> None:
        """Take away the verdicts of these quarters and scopes, where there are any."""

    def set_stage(self, stage: str, fingerprint: str) -> None:
        """Remember that the named stage is up to date for this fingerprint."""


class Store(Protocol):
    """The truth. Reads see the last committed state; writes go through `transaction()`."""

    def transaction(self, *, sources: bool = True) -> AbstractContextManager[Transaction]:
        """A unit of work; commits when the context ends without an error.

        Without `sources` it promises to change nothing that `sources_revision` tells of.
        """

    def aside(self) -> AbstractContextManager[Keeping]:
        """A unit of work on what is no part of the evidence (not codings or labels): the revision stays as it is."""

    def put_blob(self, path: Path) -> str:
        """Keep the raw bytes, content-addressed; returns their SHA-256. Idempotent, crash-safe."""

    def blob_name(self, path: Path) -> str:
        """The SHA-256 under which the file's bytes would be kept."""

    def drop_blobs(self) -> int:
        """Remove the raw bytes that no file and no kept deck names, half-written ones too; returns how many."""

    def compact(self) -> None:
        """Write the database anew, so that no free page and no log holds what was erased.

        Raises:
            ConfigError: another program is reading the database; what was erased may still be in its free space.
        """

    def tombstones(self) -> list[Tombstone]:
        """The marks of everything forgotten, oldest first."""

    def appearances(self) -> list[Appearance]:
        """Everybody who speaks in, or is listed for, any version of a document, each once a document."""

    def participants(self, document_id: str, version: int) -> list[Participant]:
        """Who is listed for one version of a document."""

    def carriers(self) -> list[tuple[str, str]]:
        """(document id, id of the file it was read from) for every version of every document."""

    def history(self, document_ids: Iterable[str]) -> Iterator[tuple[Document, list[Turn]]]:
        """Every version of these documents with its turns, by id, oldest first; unknown ids are left out."""

    def documents_saying(self, words: str) -> list[str]:
        """The ids of current documents with a turn that holds these words, whatever the case."""

    def verbatims_of(self, document_ids: Iterable[str]) -> list[Verbatim]:
        """Every verbatim of these documents, retired ones too, ordered by id."""

    def blob_path(self, blob: str) -> Path:
        """Where the raw bytes lie. Raises NotFound."""

    def revision(self) -> int:
        """A number that grows with every committed write: what caches and the search index compare with."""

    def sources_revision(self) -> int:
        """The revision in which what sources hold last changed.

        That is files, documents, who speaks in them, their verbatims as such, deals, accounts and rights: everything
        but what is decided about verbatims (facets, themes, verdicts, codes, labels).
        """

    def find_file(self, blob: str, context_hash: str) -> SourceFile | None:
        """The file ingested earlier from these bytes in this context, if any."""

    def files(self) -> list[SourceFile]:
        """Every ingested file with its findings, newest first."""

    def deals(self) -> list[Deal]:
        """Every opportunity, ordered by external id."""

    def accounts(self) -> list[Account]:
        """Every account, ordered by name."""

    def documents(self, filters: Filters | None = None) -> list[Document]:
        """Current versions, newest first (account, segment, source, quarter, outcome, competitor, dates filter)."""

    def documents_of_accounts(self, others: Collection[str] = ()) -> list[Document]:
        """Current versions that name an account, and those with the other ids, ordered by id."""

    def document(self, document_id: str, version: int | None = None) -> Document:
        """One document, current version unless told otherwise. Raises NotFound."""

    def versions(self, document_id: str) -> list[Document]:
        """Every version, oldest first. Raises NotFound."""

    def turns(self, document_id: str, version: int | None = None) -> list[Turn]:
        """The turns in order. Raises NotFound."""

    def turns_as_read(self, document_id: str) -> list[Turn]:
        """The turns of the current version with speakers and questions as read, before any correction.

        Raises NotFound.
        """

    def speakers(self, document_id: str | None = None, *, kind: SourceKind | None = None) -> list[SpokenBy]:
        """Who speaks in every current document (or in one, or in those of a kind), by document and first turn."""

    def corrections(self) -> list[Correction]:
        """Every correction of a speaker, oldest first."""

    def reachable_people(self) -> Mapping[str, tuple[Participant, ...]]:
        """The people named for each current document of which one has an e-mail address, by the document's id."""

    def copies(self) -> list[Copy]:
        """Every document that says what another one says, ordered by its id and the other one's."""

    def unsegmented(self, fingerprint: str) -> Iterator[tuple[Document, list[Turn]]]:
        """Current documents whose verbatims do not carry this fingerprint, with their turns, ordered by id."""

    def unclassified(self, fingerprint: str, *, batch: int) -> Iterator[list[Verbatim]]:
        """Current verbatims whose classification does not carry this fingerprint, in batches, ordered by id."""

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

    def themes(self, facet: Facet | None = None, *, dormant: bool = False) -> list[Theme]:
        """Live themes (dormant ones too where asked), largest first, ties by id."""

    def theme(self, theme_id: str) -> Theme:
        """One theme, dormant or not. Raises NotFound."""

    def found_themes(self, facet: Facet) -> tuple[list[Theme], dict[str, str]]:
        """The themes that analyses found, dormant ones too, by id, and verbatim id -> the theme it was found in."""

    def theme_decisions(self) -> list[ThemeDecision]:
        """What people decided about themes, in the order in which it holds."""

    def beliefs(self) -> list[Belief]:
        """Every belief, retired ones too, the oldest first."""

    def syntheses(self, quarter: str | None = None) -> list[Synthesis]:
        """The decks kept for a quarter, or all, in the order in which they were kept."""

    def node_decisions(self) -> list[NodeDecision]:
        """What people decided about drift nodes, oldest first."""

    def theme_events(self, theme_id: str | None = None, *, limit: int = 1000) -> list[ThemeEvent]:
        """What happened to a theme, or to all, newest first."""

    def snapshots(self, facet: Facet | None = None) -> list[Snapshot]:
        """The newest revision of each quarter and facet, oldest quarter first, counts included."""

    def lineage(self, facet: Facet | None = None) -> list[Lineage]:
        """Every step, oldest first."""

    def verdicts(self, quarter: str | None = None) -> list[DriftVerdict]:
        """Drift verdicts, oldest quarter first, the pooled scope before its segments."""

    def rights(self) -> RightsBook:
        """Every decision about rights as it holds today."""

    def rights_decisions(self) -> list[RightsDecision]:
        """Every decision about rights, oldest first."""

    def pseudonyms(self) -> Mapping[str, int]:
        """Person -> the number of their pseudonym."""

    def population(self) -> list[tuple[str, str | None, str | None, str | None]]:
        """(person, segment, role, account) of every buyer who speaks in a current document, each once."""

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

    def decided(self, verbatim_ids: Collection[str]) -> Mapping[str, str]:
        """Verbatim id -> the facet that the model decided on, whatever people say; undecided ones are left out."""

    def permitting(self) -> list[str]:
        """The ids of current verbatims that show somebody doing something in the deal, ordered."""

    def source_codings(self) -> list[Coding]:
        """The codes that came with the sources, of current verbatims; the coder is empty where nobody is named."""

    def operations(self, *, limit: int = 100) -> list[Operation]:
        """What was done to what people keep, newest first."""

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

    def stage(self, stage: str) -> str | None:
        """The fingerprint the stage was last brought up to date for, or None."""

    def counts(self) -> Mapping[str, int]:
        """Rows per kind of thing: files, documents, turns, verbatims, deals, accounts, themes, findings."""

    def findings(self) -> list[tuple[str, Finding]]:
        """(file path, finding) for every finding."""


class Mirror(Protocol):
    """What follows the current passages within the transactions that change them; its parts are not yet committed.

    `connection` is the transaction's own, a SQLAlchemy connection.
    """

    def replace(self, connection: Any, documents: Sequence[str], passages: Sequence[Passage]) -> None:
        """These are now all the current passages of these documents."""

    def note(self, connection: Any, revision: int, *, erased: bool) -> None:
        """Everything of this revision has been told; `erased`: something was taken away for good."""


class VectorCache(Protocol):
    """Vectors by text key, per encoder fingerprint, append-only and crash-safe; rebuildable, hence beside the store."""

    def missing(self, keys: Sequence[str]) -> list[str]:
        """Those of `keys` that have no vector, each once, in order."""

    def append(self, keys: Sequence[str], vectors: Vectors) -> None:
        """Add vectors; durable when the call returns."""

    def get(self, keys: Sequence[str]) -> Vectors:
        """One row per key, in order. Raises NotFound where one is missing."""

    def clear(self) -> None:
        """Throw every vector of this fingerprint away."""

    def close(self) -> None:
        """Let go of the files."""


# --- Finding ---------------------------------------------------------------------------------------------------------


class SearchIndex(Protocol):
    """Lexical search over passages; rebuildable. Everything engine-specific is behind this."""

    def revision(self) -> int | None:
        """The store revision the index was last brought to; None when it is empty or unusable."""

    def ids(self) -> frozenset[str]:
        """The ids of every indexed passage."""

    def differing(self, passages: Iterable[Passage]) -> list[str]:
        """The ids of those passages that are not indexed, or not with these words, title and question."""

    def update(self, passages: Iterable[Passage], removed: Iterable[str], *, revision: int) -> None:
        """Add or replace passages, drop removed ids, and remember the revision; atomic."""

    def rebuild(self, passages: Iterable[Passage], *, revision: int) -> None:
        """Throw everything away and index these passages; atomic."""

    def search(
        self, query: str, *, limit: int, allowed: frozenset[str] | None = None, fuzzy: bool = False
    ) -> list[tuple[str, float]]:
        """(verbatim id, BM25 score), best first, ties by id; `allowed` restricts the answer to these ids.

        Raises:
            QueryError: the query cannot be parsed.
        """

    def highlight(self, query: str, text: str) -> list[tuple[int, int]]:
        """Half-open spans of `text` that match the query's words."""


class SearchEngine(Protocol):
    """Search over everything that is counted: words, meaning, filters and their counts, as of the store's revision."""

    def find(self, ask: Ask, vector: Vectors | None = None) -> Found:
        """A page of what the ask leads to; `vector` is the query's, without which nothing is found by meaning.

        Which verbatims a query finds does not depend on the filters. A page asked for `as_of` the revision of an
        earlier one goes on with its ranking while that is remembered.

        Raises:
            QueryError: the query cannot be parsed, or there is no such order.
        """

    def nearest(self, vector: Vectors, filters: Filters, limit: int) -> list[tuple[str, float]]:
        """(verbatim id, cosine) of the nearest that pass the filters, nearest first, ties by id."""

    def check(self, filters: Filters) -> None:
        """Refuse filter values that no verbatim has.

        Raises:
            QueryError: a value is unknown; the hint names the nearest known one.
        """

    def values(self) -> Mapping[str, tuple[tuple[str, int], ...]]:
        """Every value of every filter with its verbatims, most first."""

    def spelt(self, query: str) -> str | None:
        """The query with words that occur nowhere spelt as the corpus or a known name is, or None without such words.

        Raises:
            QueryError: it cannot be parsed.
        """

    def simpler(self, query: str) -> list[tuple[str, str]]:
        """(label, query) of queries that ask for less, the nearest to what was asked first.

        Raises:
            QueryError: it cannot be parsed.
        """

    def highlight(self, query: str, text: str) -> list[tuple[int, int]]:
        """Half-open spans of `text` that match the query's words."""

    def ready(self) -> None:
        """Have everything at the store's revision, so that the next who asks need not wait for it."""

    def forget(self) -> None:
        """Let go of all that is kept of the evidence, in memory and on the disk."""


class Drafter(Protocol):
    """A language model that is asked for sentences. What it answers is somebody else's word until it is checked."""

    model: str
    place: str
    """The machine that it is on, as it is told to people."""
    local: bool
    """Whether that is this machine."""

    def ask(self, instructions: str, data: str) -> str:
        """What the model answers, as it came.

        Raises:
            DraftingFailed: it gives no answer, not in time, or one that is too long.
        """


# --- The workbench ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What works on plain texts, without a workspace. Slow parts are made when first asked for."""

    settings: Settings
    codebook: Codebook
    progress: Progress
    encoder: Callable[[], Encoder]
    classifier: Callable[[], Classifier]
    stances: Callable[[], Stances]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbench(Tools):
    """Everything a use case needs, put together by `winloss.bootstrap`.

    `classifier` knows what was learned from people's labels, where that was adopted; `shipped` is the one without.
    `searching` says in plain words where searching happens, and why not in the database where that was to be expected.
    `drafter` is a language model, None where none is configured; asking for it may raise ConfigError.
    `memo` holds what services keep in memory between calls, each with the store revision it was made from.
    """

    root: Path
    clock: Clock
    store: Store
    index: Callable[[], SearchIndex]
    engine: Callable[[], SearchEngine]
    vectors: Callable[[], VectorCache]
    shipped: Callable[[], Classifier]
    searching: str = "in files of the workspace"
    drafter: Callable[[], Drafter] | None = None
    memo: dict[str, Any] = field(default_factory=dict)
