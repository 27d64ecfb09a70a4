"""Forgetting for good: a person, a document or a source, with everything made of it, and no way back in.

    store (one commit: rows, marks, "pending") -> raw bytes -> vectors -> caches -> counts -> index -> free pages

* A document goes with all its versions, and so do documents of the very same words. What merely says much the same is
  told, not taken.
* A person goes with what they said everywhere. An interview in which no other buyer speaks goes whole; of others their
  turns go, with the questions that only they answered, and their name leaves titles, participants and notes. What other
  people say stays as it was said, also where it names them: where that is, is told.
* Raw bytes are removed with the last of their documents, and also where a file holds, or may hold, something else
  besides: its other documents stay in the store.
* Marks keep it from coming back (see `tombstones`); they hold neither names nor words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from winloss.errors import NotFound, QueryError
from winloss.model import (
    Account,
    Appearance,
    Deal,
    Document,
    Finding,
    Severity,
    SourceFile,
    SourceKind,
    Tombstone,
    Turn,
    Verbatim,
)
from winloss.ports import Transaction, Workbench
from winloss.services import erasing
from winloss.services.tombstones import COMPANIES, Marks, account_without, deal_without, folded_name, marks, named_in
from winloss.services.untitling import themes_without
from winloss.services.withholding import Remainder, without_names, without_people

_LISTED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody asks to have forgotten.

    `people` are names, narrowed to one `account` where several are called so; `documents` are ids, ours or the
    source's; `sources` are kinds of source or files as they are listed. `may_return` leaves no marks.
    """

    people: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    account: str | None = None
    may_return: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A document in a plan: enough to recognise it. `turns` are those that go."""

    id: str
    kind: str
    external_id: str
    title: str | None
    turns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What forgetting would take, and took.

    `documents` go whole; of `parts` only turns go, or the name alone. `files` go with their bytes; of `released` only
    the bytes go. `remarks` are for people: what stays, and what is out of reach.
    """

    documents: tuple[Named, ...] = ()
    parts: tuple[Named, ...] = ()
    turns: int = 0
    verbatims: int = 0
    deals: int = 0
    accounts: int = 0
    files: tuple[str, ...] = ()
    released: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class _Taking:
    """Everything that one wish takes, while it is gathered."""

    names: set[str] = field(default_factory=set)
    whole: dict[str, Document] = field(default_factory=dict)
    partial: dict[str, list[tuple[Remainder, list[Turn]]]] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    """Files that are named themselves: their deals and accounts go too."""
    deals: list[Deal] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    turns: dict[str, int] = field(default_factory=dict)
    quarters: set[str] = field(default_factory=set)
    marks: list[Tombstone] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def plan(bench: Workbench, wish: Wish) -> Plan:
    """What forgetting this would take; nothing is changed.

    Raises:
        NotFound: nothing here is called so; the hint names what is.
        QueryError: a name means several documents.
    """
    taking = _gather(bench, wish)
    return _told(bench, taking, _files_of(bench, taking))


def forget(bench: Workbench, wish: Wish) -> Plan:
    """Take it away for good, and everything made of it; returns what went.

    Killed at any moment, it has taken nothing or the next command that reads in, derives or backs up finishes it.

    Raises:
        NotFound, QueryError: as in `plan`; nothing was changed.
        ConfigError: somebody is reading the database file; all that is left to do is done by forgetting again.
    """
    erasing.finish(bench)
    with erasing.alone(bench):
        taking = _gather(bench, wish)
        files = _files_of(bench, taking)
        told = _told(bench, taking, files)
        _commit(bench, taking, files, wish)
        erasing.remove_traces(bench)
    return told


# --- what is meant ---------------------------------------------------------------------------------------------------


def _gather(bench: Workbench, wish: Wish) -> _Taking:
    taking = _Taking()
    current = {document.id: document for document in bench.store.documents()}
    made = marks(bench)
    for name in wish.documents:
        document = _document_called(current, name)
        taking.whole[document.id] = document
    for name in wish.sources:
        _take_source(bench, taking, made, current, name)
    for name in wish.people:
        _take_person(bench, taking, made, current, name, wish.account)
    _take_same_words(bench, taking, made, current)
    taking.partial = {name: left for name, left in taking.partial.items() if name not in taking.whole}
    for document, turns in bench.store.history(taking.whole):
        words = made.of_words(turns)
        taking.marks += [made.of_document(document.kind, document.external_id), *([words] if words else [])]
        taking.turns[document.id] = len(turns)
        taking.quarters |= {document.quarter} if document.quarter else set()
    for remainder, _ in (pair for versions in taking.partial.values() for pair in versions):
        taking.quarters |= {remainder.document.quarter} if remainder.document.quarter else set()
    taking.marks.append(made.key_row())
    return taking


def _document_called(current: dict[str, Document], name: str) -> Document:
    if name in current:
        return current[name]
    found = [document for document in current.values() if document.external_id == name]
    if len(found) > 1:
        choices = ", ".join(f"{document.id} ({document.kind})" for document in found)
        raise QueryError(f"several documents are called {name!r}", hint=f"Name one of them by its id: {choices}.")
    if not found:
        raise NotFound(f"no document {name}", hint="`winloss export` and the document's page show ids.")
    return found[0]


def _take_source(bench: Workbench, taking: _Taking, made: Marks, current: dict[str, Document], name: str) -> None:
    if name in set(SourceKind):
        taking.whole |= {document.id: document for document in current.values() if document.kind == name}
        return
    files = [file for file in bench.store.files() if file.path == name]
    if not files:
        kinds = ", ".join(SourceKind)
        paths = ", ".join(dict.fromkeys(file.path for file in bench.store.files()[:_LISTED]))
        raise NotFound(
            f"no source {name!r}", hint=f"Name a kind ({kinds}) or a file as it is listed: {paths or 'there is none'}."
        )
    ids = {file.id for file in files}
    taking.files |= ids
    taking.marks += [made.of_file(file.blob) for file in files if file.blob]
    carriers = bench.store.carriers()
    taking.whole |= {name: current[name] for name, file_id in carriers if file_id in ids and name in current}
    elsewhere = sum(file.documents for file in files) - sum(file_id in ids for _, file_id in carriers)
    if elsewhere > 0:
        taking.remarks.append(
            f"{elsewhere:,} documents of {name} had been read from other files before: they stay. Name those files too."
        )


def _take_person(
    bench: Workbench, taking: _Taking, made: Marks, current: dict[str, Document], name: str, account: str | None
) -> None:
    everywhere = bench.store.appearances()
    wanted = {kind: folded_name(kind, name) for kind in SourceKind}
    found = [
        item
        for item in everywhere
        if folded_name(item.kind, item.name) == wanted[item.kind]
        and (account is None or (item.account or "").casefold() == account.casefold())
    ]
    companies = _in_companies(bench, taking, name) if account is None else 0
    if not found and not companies:
        raise NotFound(f"nobody called {name!r}", hint=_alike(everywhere, name))
    taking.names |= {name, *(item.name for item in found)}
    taking.marks += [made.of_person(item.kind, item.name, account) for item in found]
    if companies:
        taking.marks.append(made.of_person(COMPANIES, name))
    for document_id in dict.fromkeys(item.document_id for item in found):
        gone = {item.name for item in found if item.document_id == document_id}
        _take_person_from(bench, taking, current[document_id], gone)


def _take_person_from(bench: Workbench, taking: _Taking, document: Document, gone: Collection[str]) -> None:
    left = []
    for version, turns in bench.store.history([document.id]):
        listed = bench.store.participants(document.id, version.version)
        remainder = without_people(version, turns, listed, gone)
        if remainder.empty and version.version == document.version:
            taking.whole[document.id] = document
            return
        left.append((remainder, turns))
    taking.partial[document.id] = left


def _in_companies(bench: Workbench, taking: _Taking, name: str) -> int:
    """Deals and accounts that name the person, rewritten without; returns how many."""
    names_in = named_in(name)
    deals = {deal.external_id: deal for deal in (*bench.store.deals(), *taking.deals)}
    accounts = {account.name: account for account in (*bench.store.accounts(), *taking.accounts)}
    clean_deals = [clean for deal in deals.values() if (clean := deal_without(deal, names_in)) != deal]
    clean_accounts = [clean for one in accounts.values() if (clean := account_without(one, names_in)) != one]
    changed = {deal.external_id for deal in clean_deals}, {account.name for account in clean_accounts}
    taking.deals = [deal for deal in taking.deals if deal.external_id not in changed[0]] + clean_deals
    taking.accounts = [one for one in taking.accounts if one.name not in changed[1]] + clean_accounts
    return len(clean_deals) + len(clean_accounts)


def _alike(everywhere: Iterable[Appearance], name: str) -> str:
    wanted = set(name.casefold().split())
    near: dict[str, set[str]] = {}
    for item in everywhere:
        if wanted & set(item.name.casefold().replace("_", " ").split()):
            near.setdefault(item.name, set()).add(item.document_id)
    if not near:
        return "Write the name as the document's page shows it."
    listed = [f"{found} ({len(places)} documents)" for found, places in sorted(near.items())[:_LISTED]]
    return f"Name one of them in full: {', '.join(listed)}."


def _take_same_words(bench: Workbench, taking: _Taking, made: Marks, current: dict[str, Document]) -> None:
    """Documents of the very same words go too; others that say much the same are told."""
    links = [(copy.document_id, copy.of_id, copy.how) for copy in bench.store.copies()]
    pending, seen = list(taking.whole), set(taking.whole)
    told: set[str] = set()
    while pending:
        document_id = pending.pop()
        words = made.of_words(bench.store.turns(document_id))
        for one, other, how in links:
            twin = {one: other, other: one}.get(document_id)
            if twin is None or twin in seen or twin not in current:
                continue
            if how == "same" and words is not None and words == made.of_words(bench.store.turns(twin)):
                seen.add(twin)
                taking.whole[twin] = current[twin]
                pending.append(twin)
            else:
                told.add(twin)
    for twin in sorted(told - set(taking.whole)):
        document = current[twin]
        taking.remarks.append(
            f"“{document.title or document.external_id}” ({twin}) says much of the same and stays: "
            f"forget it too with --document {twin}."
        )


# --- files -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Files:
    """The files that go with all rows, and those whose bytes only go, as they are to be listed from then on."""

    gone: tuple[SourceFile, ...]
    released: tuple[SourceFile, ...]


def _files_of(bench: Workbench, taking: _Taking) -> _Files:
    """What becomes of every file that holds something of it, or may do so.

    A file of which fewer documents are its own than were read from it repeats documents of other files, nobody knows
    which: its bytes go as well.
    """
    carriers = bench.store.carriers()
    own: dict[str, int] = {}
    touched: dict[str, int] = {}
    for document_id, file_id in carriers:
        own[file_id] = own.get(file_id, 0) + 1
        if document_id in taking.whole:
            touched[file_id] = touched.get(file_id, 0) + 1
    cut = {file_id for document_id, file_id in carriers if document_id in taking.partial}
    words = bool(taking.whole or taking.partial)
    crm = bool(taking.deals or taking.accounts)
    gone, released = [], []
    for file in bench.store.files():
        mine, lost = own.get(file.id, 0), touched.get(file.id, 0)
        companies = file.deals + file.accounts
        if file.id in taking.files or (lost and lost == mine >= file.documents and not companies):
            gone.append(file)
        elif lost or (file.blob and (file.id in cut or (words and mine < file.documents) or (crm and companies))):
            released.append(replace(file, documents=max(file.documents - lost, 0)))
    blobs, paths = {file.blob for file in gone if file.blob}, {file.path for file in gone}
    same = [file for file in released if file.blob in blobs or (file.path in paths and file.documents <= 1)]
    return _Files(
        gone=(*gone, *same),
        released=tuple(_released(file, taking.names) for file in released if file not in same),
    )


def _released(file: SourceFile, names: Collection[str]) -> SourceFile:
    finding = Finding(
        code="forgotten",
        message="something of this file was forgotten: its bytes and the remarks on it are no longer kept",
        severity=Severity.INFO,
    )
    return replace(file, path=without_names(file.path, names, parts=True), blob="", findings=(finding,))


# --- what it comes to ------------------------------------------------------------------------------------------------


def _told(bench: Workbench, taking: _Taking, files: _Files) -> Plan:
    documents = tuple(_named(document, taking.turns.get(document.id, 0)) for document in taking.whole.values())
    parts = tuple(
        _named(remainder.document, len(turns) - len(remainder.turns))
        for (remainder, turns) in (versions[-1] for versions in taking.partial.values())
    )
    named = {file.id for file in files.gone if file.id in taking.files}
    return Plan(
        documents=documents,
        parts=parts,
        turns=sum(item.turns for item in (*documents, *parts)),
        verbatims=len(_lost_verbatims(bench, taking)),
        deals=sum(file.deals for file in files.gone if file.id in named) + len(taking.deals),
        accounts=sum(file.accounts for file in files.gone if file.id in named) + len(taking.accounts),
        files=tuple(dict.fromkeys(file.path for file in files.gone)),
        released=tuple(dict.fromkeys(file.path for file in files.released)),
        remarks=(*taking.remarks, *_mentions(bench, taking)),
    )


def _named(document: Document, turns: int) -> Named:
    return Named(
        id=document.id,
        kind=document.kind.value,
        external_id=document.external_id,
        title=document.title,
        turns=turns,
    )


def _mentions(bench: Workbench, taking: _Taking) -> Iterable[str]:
    for name in sorted(taking.names):
        likely = [item for item in bench.store.documents_saying(name) if item not in taking.whole]
        places = [item for item in likely if _says(bench, taking, item, name)]
        if places:
            shown = ", ".join(places[:_LISTED]) + (" …" if len(places) > _LISTED else "")
            yield f"other people's words in {len(places):,} documents name {name} and stay as they were said: {shown}"


def _says(bench: Workbench, taking: _Taking, document_id: str, name: str) -> bool:
    """Whether a turn that stays says the name as a word of its own."""
    lost = _lost_turns(taking)
    turns = (turn for turn in bench.store.turns(document_id) if turn.id not in lost)
    return any(without_names(turn.text, (name,)) != turn.text for turn in turns)


def _lost_verbatims(bench: Workbench, taking: _Taking) -> list[Verbatim]:
    """The verbatims that go, retired ones too."""
    turns = _lost_turns(taking)
    found = bench.store.verbatims_of([*taking.whole, *taking.partial])
    return [item for item in found if item.document_id in taking.whole or item.turn_id in turns]


def _lost_turns(taking: _Taking) -> set[str]:
    """The ids of the turns that go from documents of which something is left."""
    pairs = [pair for versions in taking.partial.values() for pair in versions]
    kept = {turn.id for remainder, _ in pairs for turn in remainder.turns}
    return {turn.id for _, turns in pairs for turn in turns} - kept


# --- the commit ------------------------------------------------------------------------------------------------------


def _commit(bench: Workbench, taking: _Taking, files: _Files, wish: Wish) -> None:
    """Everything in the store, at once; from here on the rest is only removed, and can be removed again."""
    lost = _lost_verbatims(bench, taking)
    themes = themes_without(bench, lost) if lost else []
    with bench.store.transaction() as transaction:
        transaction.erase_documents(taking.whole)
        transaction.erase_turns(_lost_turns(taking))
        for versions in taking.partial.values():
            for remainder, _ in versions:
                transaction.rewrite_document(remainder.document, remainder.turns, remainder.participants)
        if wish.account is None:
            transaction.erase_corrections(taking.names)
        _commit_files(transaction, taking, files)
        if lost:
            transaction.erase_history(taking.quarters)
            transaction.rewrite_themes(themes)
        if not wish.may_return:
            transaction.put_tombstones(taking.marks)
        transaction.set_stage(erasing.STAGE, erasing.PENDING)


def _commit_files(transaction: Transaction, taking: _Taking, files: _Files) -> None:
    transaction.erase_companies(taking.files)
    transaction.rewrite_companies(taking.deals, taking.accounts)
    transaction.erase_files([file.id for file in files.gone])
    for file in files.released:
        transaction.put_file(file)
