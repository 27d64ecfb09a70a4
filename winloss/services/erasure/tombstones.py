"""What was forgotten does not come back: marks that say nothing about it, and the check of everything that comes in.

A mark is a keyed hash of a document's id, of its words, of a thread's title, of a person's name per kind of source, or
of a file's bytes. The key is drawn when the first thing is forgotten and lies among the marks, so that a backup holds
both.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from secrets import token_hex

from nlp.text.names import name_key
from winloss.model import Account, Deal, Document, Finding, Participant, Severity, SourceKind, Tombstone, Turn
from winloss.ports import Workbench
from winloss.services.erasure.withholding import (
    FORGOTTEN,
    Remainder,
    untouched,
    without_names,
    without_people,
    without_title,
)
from winloss.services.plain_words import amount

FEWEST_WORDS = 12
"""Shorter texts are not marked by their words: many people answer a question with the same few."""

COMPANIES = "companies"
"""What stands in for the kind of source where a person is named in deals."""

FILE_FORGOTTEN = Finding(
    code="forgotten", message="this file was forgotten earlier and not read again", severity=Severity.INFO
)

TOLD_KINDS = ("document", "person", "file")
"""The kinds of marks that stand for something somebody named; the others stand beside these."""

_WORD = re.compile(r"\w+")
_NAME_WORDS = 4
_KEY = "key"


def folded_name(kind: str, name: str) -> str:
    """A name as names are compared in sources of a kind: a handle to the letter, a name by its parts; not the case."""
    return " ".join(name.casefold().split()) if kind == SourceKind.COMMUNITY else name_key(name)


class Marks:
    """The marks there are, and how to make more of the same key."""

    def __init__(self, tombstones: Iterable[Tombstone], *, now: str) -> None:
        known = list(tombstones)
        self._now = now
        self._key = next((mark.id for mark in known if mark.kind == _KEY), None) or token_hex(32)
        self._known = frozenset(mark.id for mark in known)
        self._kinds = frozenset(mark.kind for mark in known)

    def of_document(self, document_id: str) -> Tombstone:
        """The mark of a document by our id of it, which is the same whatever file it comes in."""
        return self._made("document", document_id)

    def of_words(self, turns: Sequence[Turn]) -> Tombstone | None:
        """The mark of what a document says; None where that is too little to tell it by."""
        words = [word for turn in turns for word in _WORD.findall(turn.text.casefold())]
        return self._made("words", *words) if len(words) >= FEWEST_WORDS else None

    def of_title(self, thread_id: str, title: str) -> Tombstone:
        """The mark of a thread's title, which every answer in the thread repeats."""
        return self._made("title", thread_id, title)

    def of_person(self, kind: str, name: str, account: str | None = None) -> Tombstone:
        """The mark of a person in sources of a kind, or of one account only."""
        return self._made("person", kind, folded_name(kind, name), *([account.casefold()] if account else []))

    def of_file(self, digest: str) -> Tombstone:
        """The mark of a file's bytes."""
        return self._made("file", digest)

    def key_row(self) -> Tombstone:
        """The row that holds the key."""
        return Tombstone(id=self._key, kind=_KEY, forgotten_at=self._now)

    def holds_document(self, document_id: str, turns: Sequence[Turn]) -> bool:
        """Whether this document, or another one of the same words, was forgotten."""
        if "document" in self._kinds and self.of_document(document_id).id in self._known:
            return True
        words = self.of_words(turns) if "words" in self._kinds else None
        return words is not None and words.id in self._known

    def holds_file(self, digest: str) -> bool:
        """Whether this very file was forgotten."""
        return "file" in self._kinds and self.of_file(digest).id in self._known

    def titles_among(self, thread_id: str | None, titles: Collection[str | None]) -> frozenset[str]:
        """Those of the titles that were forgotten with the post that began the thread."""
        if "title" not in self._kinds or thread_id is None:
            return frozenset()
        return frozenset(title for title in titles if title and self.of_title(thread_id, title).id in self._known)

    def people_among(self, kind: str, names: Collection[str | None], account: str | None = None) -> frozenset[str]:
        """Those of the names that are a forgotten person's."""
        if "person" not in self._kinds:
            return frozenset()
        wholly = {name for name in names if name and self._knows(kind, name, None)}
        return frozenset(wholly | {name for name in names if name and account and self._knows(kind, name, account)})

    def spared(self, deal: Deal) -> Deal:
        """The deal without the names of forgotten people."""
        return deal_without(deal, self._names_in) if "person" in self._kinds else deal

    def spared_account(self, account: Account) -> Account:
        """The account without the names of forgotten people."""
        return account_without(account, self._names_in) if "person" in self._kinds else account

    def _knows(self, kind: str, name: str, account: str | None) -> bool:
        return self.of_person(kind, name, account).id in self._known

    def _names_in(self, text: str) -> Collection[str]:
        words = list(_WORD.finditer(text))
        runs = [
            text[words[first].start() : words[last].end()]
            for first in range(len(words))
            for last in range(first + 1, min(first + _NAME_WORDS, len(words)))
        ]
        return self.people_among(COMPANIES, [text, *runs])

    def _made(self, kind: str, *parts: str) -> Tombstone:
        digest = blake2b(key=bytes.fromhex(self._key), digest_size=20)
        for part in (kind, *parts):
            data = part.encode("utf-8", "surrogatepass")
            digest.update(f"{len(data)}:".encode() + data)
        return Tombstone(id=digest.hexdigest(), kind=kind, forgotten_at=self._now)


class Door:
    """Lets in what one file brings, without what was forgotten, and remembers what it kept out."""

    def __init__(self, marks: Marks) -> None:
        self.marks = marks
        self.withheld = False
        """Whether anything was kept out: then the file's bytes are not kept either."""
        self._documents: set[str] = set()
        self._cut: set[str] = set()
        self._names: set[str] = set()

    def let_in(
        self, document: Document, turns: Sequence[Turn], participants: Sequence[Participant]
    ) -> Remainder | None:
        """What may be stored of a document, all of it as a rule; None where it was forgotten."""
        names = [*(turn.speaker.name for turn in turns), *(person.name for person in participants)]
        gone = self.marks.people_among(document.kind, list(dict.fromkeys(names)), document.account)
        whole = untouched(document, turns, participants)
        left = without_people(document, turns, participants, gone) if gone else whole
        for title in self.marks.titles_among(document.thread_id, {document.title, *(turn.question for turn in turns)}):
            left = without_title(left, title)
        self._names |= gone
        if left.empty or self.marks.holds_document(document.id, turns):
            self.withheld = True
            self._documents.add(document.external_id)
            return None
        self.withheld |= left != whole
        if gone:
            self._cut.add(document.external_id)
        return left

    def spared(self, deal: Deal) -> Deal:
        """The deal without the names of forgotten people."""
        clean = self.marks.spared(deal)
        self.withheld |= clean != deal
        return clean

    def spared_account(self, account: Account) -> Account:
        """The account without the names of forgotten people."""
        clean = self.marks.spared_account(account)
        self.withheld |= clean != account
        return clean

    def spared_path(self, path: str) -> str:
        """A file's name without the names of the forgotten people who were met in it."""
        return without_names(path, self._names, parts=True)

    def remarks(self, findings: Sequence[Finding]) -> list[Finding]:
        """The remarks on a file, without those on what was kept out of it."""
        out = self._documents | self._cut
        return [
            finding
            for finding in findings
            if not any(name in finding.where or name in finding.message for name in (*out, *self._names))
        ]

    def findings(self) -> list[Finding]:
        """What was kept out, in words."""
        told = []
        if self._documents:
            count = amount(len(self._documents), "document was", "documents were")
            told.append(f"{count} forgotten earlier and not read again")
        if self._cut:
            count = amount(len(self._cut), "document", "documents")
            told.append(f"what forgotten people said was left out of {count}")
        return [Finding(code="forgotten", message=message, severity=Severity.INFO) for message in told]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What was forgotten on one day, by kind of mark; nothing tells any more what it was."""

    day: str
    counts: Mapping[str, int]


def told(bench: Workbench) -> list[Forgotten]:
    """What was forgotten, day by day, the latest first: documents, people and files, as far as their marks tell."""
    days: dict[str, Counter[str]] = {}
    for mark in bench.store.tombstones():
        if mark.kind in TOLD_KINDS:
            days.setdefault(mark.forgotten_at[:10], Counter())[mark.kind] += 1
    return [Forgotten(day=day, counts=dict(counts)) for day, counts in sorted(days.items(), reverse=True)]


def marks(bench: Workbench) -> Marks:
    """The marks of the workspace."""
    return Marks(bench.store.tombstones(), now=bench.clock.now())


def named_in(name: str) -> Callable[[str], Collection[str]]:
    """What finds this name in a text: anywhere, but a name of one word only where it is all there is."""
    whole = name_key(name)
    several = " " in whole
    return lambda text: (name,) if several or name_key(text) == whole else ()


def deal_without(deal: Deal, names_in: Callable[[str], Collection[str]]) -> Deal:
    """The deal with every name that `names_in` finds in its words taken out; an owner so found is nobody."""

    def clean(text: str | None) -> str | None:
        return without_names(text, names_in(text)) if text else text

    owner = clean(deal.owner)
    return replace(
        deal,
        name=clean(deal.name),
        owner=None if owner == FORGOTTEN else owner,
        loss_reason=clean(deal.loss_reason),
        meta={key: without_names(value, names_in(value)) for key, value in deal.meta.items()},
    )


def account_without(account: Account, names_in: Callable[[str], Collection[str]]) -> Account:
    """The account with every name that `names_in` finds beside the company's own attributes taken out."""
    return replace(account, meta={key: without_names(value, names_in(value)) for key, value in account.meta.items()})
