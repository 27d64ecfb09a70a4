"""What writes to the truth, by what is written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Protocol

from winloss.model import (
    Account,
    Classification,
    Copy,
    Correction,
    Deal,
    Document,
    DriftVerdict,
    Entry,
    Facet,
    Kept,
    Lineage,
    Look,
    Operation,
    Participant,
    RightsDecision,
    Scope,
    SignIn,
    Snapshot,
    SourceFile,
    Speaker,
    Theme,
    ThemeDecision,
    ThemeEvent,
    Token,
    Tombstone,
    Turn,
    User,
    Verbatim,
)


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
