"""Everything with its rights: sources and people, how long a right to quote lasts, what lies unquoted, and warnings."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from winloss.errors import NotFound
from winloss.model import Document, Rights, RightsBook, RightsDecision, RightsOf, Side, SpokenBy, called, quotable
from winloss.model.rights import Held
from winloss.ports import Workbench
from winloss.services.library import library, of_sources
from winloss.services.quote_rights import crowds, pseudonyms
from winloss.services.quote_rights.crowds import in_words
from winloss.services.quote_rights.rights import WORDS, Meant, told_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRights:
    """A document with the rights that hold: what it says itself, what was decided, and how much lies unquoted."""

    document: Document
    held: Held
    decision: RightsDecision | None
    verbatims: int
    unquoted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRights:
    """A file with what was decided about it, and its documents by the rights that hold for them."""

    path: str
    decision: RightsDecision | None
    documents: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRights:
    """Somebody who speaks as a buyer: who is who, with the strictest rights that hold for any of their words."""

    respondent: str
    pseudonym: str | None
    names: tuple[str, ...]
    side: Side
    role: str | None
    documents: tuple[str, ...]
    held: Held
    decision: RightsDecision | None
    verbatims: int
    unquoted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """A decision whose last day has passed, or is named."""

    decision: RightsDecision
    label: str
    ended: bool


Listed = SourceRights | FileRights | PersonRights


def documents(bench: Workbench) -> list[SourceRights]:
    """Every document, those about which somebody decided first, then by how little may be quoted."""
    return of_sources(bench, "rights of documents", lambda: _documents(bench))


def _documents(bench: Workbench) -> list[SourceRights]:
    book = bench.store.rights()
    said, kept_back = _counted(bench, "document_id")
    found = [
        SourceRights(
            document=item,
            held=book.of(item.id, item.file_id, item.rights),
            decision=book.on_source(item.id, item.file_id),
            verbatims=said[item.id],
            unquoted=kept_back[item.id],
        )
        for item in bench.store.documents()
    ]
    return sorted(found, key=lambda one: (one.decision is None, -one.unquoted, one.document.id))


def of_document(bench: Workbench, document: Document) -> SourceRights:
    """One document with the rights that hold for it, in its version as given."""
    book = bench.store.rights()
    rows = [row for row in library(bench).rows if row.document_id == document.id]
    return SourceRights(
        document=document,
        held=book.of(document.id, document.file_id, document.rights),
        decision=book.on_source(document.id, document.file_id),
        verbatims=len(rows),
        unquoted=sum(not quotable(row.rights) for row in rows),
    )


def files(bench: Workbench) -> list[FileRights]:
    """Every file with documents, by its path."""
    return of_sources(bench, "rights of files", lambda: _files(bench))


def _files(bench: Workbench) -> list[FileRights]:
    book, paths = bench.store.rights(), {item.id: item.path for item in bench.store.files()}
    rights: dict[str, Counter[str]] = defaultdict(Counter)
    for item in bench.store.documents():
        if path := paths.get(item.file_id):
            rights[path][book.of(item.id, item.file_id, item.rights).rights.value] += 1
    made = {item.target: item for item in bench.store.rights_decisions() if item.of is RightsOf.FILE}
    return [FileRights(path=path, decision=made.get(path), documents=dict(rights[path])) for path in sorted(rights)]


def people(bench: Workbench) -> list[PersonRights]:
    """Everybody who speaks as a buyer or of unknown side, those somebody decided about first, then by pseudonym."""
    return of_sources(bench, "rights of people", lambda: _people(bench))


def _people(bench: Workbench) -> list[PersonRights]:
    pseudonyms.give_all(bench)
    numbers, book = bench.store.pseudonyms(), bench.store.rights()
    said, kept_back = _counted(bench, "respondent")
    sources = {item.id: item for item in bench.store.documents()}
    spoken: dict[str, list[SpokenBy]] = defaultdict(list)
    for item in bench.store.speakers():
        if item.speaker.side in (Side.BUYER, Side.UNKNOWN) and item.document_id in sources:
            spoken[item.speaker.respondent].append(item)
    found = [
        PersonRights(
            respondent=name,
            pseudonym=called(numbers[name]) if name in numbers else None,
            names=tuple(dict.fromkeys(item.speaker.name for item in items if item.speaker.name)),
            side=items[0].speaker.side,
            role=next((item.speaker.role for item in items if item.speaker.role), None),
            documents=tuple(sorted({item.document_id for item in items})),
            held=_strictest(book, name, (sources[item.document_id] for item in items)),
            decision=next(iter(book.on_person(name)), None),
            verbatims=said[name],
            unquoted=kept_back[name],
        )
        for name, items in spoken.items()
    ]
    return sorted(found, key=lambda one: (one.decision is None, numbers.get(one.respondent, 0), one.respondent))


def endings(bench: Workbench) -> list[Ending]:
    """The decisions that name a last day, the earliest first."""
    today, numbers = bench.clock.now()[:10], bench.store.pseudonyms()
    made = [item for item in bench.store.rights_decisions() if item.until]
    labels = {item.id: called(numbers[item.target]) for item in made if item.target in numbers}
    return [
        Ending(decision=item, label=labels.get(item.id, item.target), ended=(item.until or "") < today)
        for item in sorted(made, key=lambda item: (item.until or "", item.id))
    ]


def told(bench: Workbench, crowd: crowds.Crowd) -> list[str]:
    """What a combination tells, in the words of screens."""
    return in_words(crowd.shown, bench.codebook)


def few(bench: Workbench) -> list[crowds.Crowd]:
    """Every segment, role and region heard together that fits fewer than three people."""
    return crowds.crowds(bench).small()


def _strictest(book: RightsBook, respondent: str, documents: Iterable[Document]) -> Held:
    held = [book.of(item.id, item.file_id, item.rights, respondent) for item in documents]
    rights = held[0].rights
    for one in held:
        rights = rights.or_stricter(one.rights)
    return Held(rights=rights, until=min((one.until for one in held if one.until), default=None))


def _counted(bench: Workbench, name: str) -> tuple[Counter[str], Counter[str]]:
    """How many verbatims each has, and how many of them lie unquoted."""
    rows = library(bench).rows
    said = Counter(getattr(row, name) for row in rows)
    return said, Counter(getattr(row, name) for row in rows if not quotable(row.rights))


# --- one of them, and each in a line ---------------------------------------------------------------------------------


def listed(bench: Workbench, kind: str) -> list[Listed]:
    """Everything of a kind: `documents`, `files` or `people`."""
    if kind == "people":
        return [*people(bench)]
    return [*files(bench)] if kind == "files" else [*documents(bench)]


def one(bench: Workbench, meant: Meant) -> Listed:
    """What holds for what was meant.

    Raises:
        NotFound: nothing of it is counted.
    """
    if meant.of is RightsOf.DOCUMENT:
        return of_document(bench, bench.store.document(meant.target))
    rows = listed(bench, "files" if meant.of is RightsOf.FILE else "people")
    found = next((row for row in rows if meant.target in (_key(row), name(row))), None)
    if found is None:
        raise NotFound(f"{meant.label} holds no document", hint="`winloss rights list` shows everything there is.")
    return found


def name(row: Listed) -> str:
    """What a document, a file or a person is called in a list."""
    if isinstance(row, SourceRights):
        return row.document.title or row.document.external_id
    if isinstance(row, FileRights):
        return row.path
    return f"{row.pseudonym or 'No pseudonym yet'} ({', '.join(row.names) or 'no name'})"


def line(row: Listed) -> str:
    """What holds, who decided it, and what lies unquoted."""
    if isinstance(row, FileRights):
        counted = ", ".join(f"{count} {WORDS[Rights(rights)]}" for rights, count in sorted(row.documents.items()))
        return f"{counted}{_decided(row.decision)}"
    held = WORDS[row.held.rights]
    until = f" ({'on' if row.held.rights is Rights.ENDED else 'until'} {row.held.until})" if row.held.until else ""
    return f"{held}{until}; {row.unquoted:,} of {row.verbatims:,} verbatims may not be quoted{_decided(row.decision)}"


def by_pseudonym(person: PersonRights) -> tuple[int, str]:
    """The order of pseudonyms: by their number."""
    return int((person.pseudonym or "0").rpartition(" ")[2]), person.respondent


def unquoted_under(bench: Workbench, decision: RightsDecision) -> int:
    """How many verbatims may not be quoted of what a decision is about."""
    if decision.of is RightsOf.FILE:
        files_of = {item.id for item in bench.store.files() if item.path == decision.target}
        names = {item.id for item in bench.store.documents() if item.file_id in files_of}
    else:
        names = {decision.target}
    rows = library(bench).rows
    held = (row for row in rows if row.document_id in names or row.respondent in decision.people)
    return sum(not quotable(row.rights) for row in held)


def _key(row: Listed) -> str:
    return row.respondent if isinstance(row, PersonRights) else name(row)


def _decided(decision: RightsDecision | None) -> str:
    if decision is None:
        return ""
    return f"; decided by {decision.by or 'somebody'} on {decision.made_at[:10]}: {told_of(decision)}"
