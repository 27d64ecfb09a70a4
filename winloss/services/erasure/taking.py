"""What somebody asks to have forgotten, and everything that this takes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from winloss.errors import NotFound, QueryError
from winloss.model import Account, Appearance, Deal, Document, SourceKind, Tombstone, Turn, Verbatim
from winloss.ports import Workbench
from winloss.services.erasure.tombstones import (
    COMPANIES,
    Marks,
    account_without,
    deal_without,
    folded_name,
    marks,
    named_in,
)
from winloss.services.erasure.withholding import Remainder, untouched, without_people, without_title

LISTED = 12
"""Most names, paths or ids in one line."""


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


@dataclass(slots=True, kw_only=True)
class Taking:
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


def gather(bench: Workbench, wish: Wish) -> Taking:
    """Everything that one wish takes; nothing is changed.

    Raises:
        NotFound, QueryError: nothing here is called so, or several things are.
    """
    taking = Taking()
    current = {document.id: document for document in bench.store.documents()}
    made = marks(bench)
    for name in wish.documents:
        document = _document_called(current, name)
        taking.whole[document.id] = document
    for name in wish.sources:
        _take_source(bench, taking, made, current, name)
    gone: dict[str, set[str]] = {}
    for name in wish.people:
        for item in _take_person(bench, taking, made, name, wish.account):
            gone.setdefault(item.document_id, set()).add(item.name)
    for document_id in sorted(gone.keys() - taking.whole.keys()):
        _take_people_from(bench, taking, current[document_id], gone[document_id])
    _take_same_words(bench, taking, made, current)
    taking.partial = {name: left for name, left in taking.partial.items() if name not in taking.whole}
    _take_titles(bench, taking, made, current)
    for document, turns in bench.store.history(taking.whole):
        words = made.of_words(turns)
        taking.marks += [made.of_document(document.id), *([words] if words else [])]
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


def _take_source(bench: Workbench, taking: Taking, made: Marks, current: dict[str, Document], name: str) -> None:
    if name in set(SourceKind):
        taking.whole |= {document.id: document for document in current.values() if document.kind == name}
        return
    files = [file for file in bench.store.files() if file.path == name]
    if not files:
        kinds = ", ".join(SourceKind)
        paths = ", ".join(dict.fromkeys(file.path for file in bench.store.files()[:LISTED]))
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


def _take_person(bench: Workbench, taking: Taking, made: Marks, name: str, account: str | None) -> list[Appearance]:
    """Where somebody appears; their mark is set, and deals and accounts that name them are rewritten."""
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
    taking.remarks += _several(found, name)
    taking.marks += [made.of_person(item.kind, item.name, account) for item in found]
    if companies:
        taking.marks.append(made.of_person(COMPANIES, name))
    return found


def _several(found: Iterable[Appearance], name: str) -> list[str]:
    """A warning where one name may be several people's: interviewees are told apart by their account."""
    places = {item.respondent: item.account for item in found if item.respondent and item.kind is SourceKind.INTERVIEW}
    if len(places) < 2:
        return []
    accounts = sorted({account or "no account" for account in places.values()})
    shown = ", ".join(accounts[:LISTED]) + (" …" if len(accounts) > LISTED else "")
    return [f"{name} may be up to {len(places)} people ({shown}), and all of them go: --account narrows it to one."]


def _take_people_from(bench: Workbench, taking: Taking, document: Document, gone: Collection[str]) -> None:
    left = []
    for version, turns in bench.store.history([document.id]):
        listed = bench.store.participants(document.id, version.version)
        remainder = without_people(version, turns, listed, gone)
        if remainder.empty and version.version == document.version:
            taking.whole[document.id] = document
            return
        left.append((remainder, turns))
    taking.partial[document.id] = left


def _in_companies(bench: Workbench, taking: Taking, name: str) -> int:
    """Deals and accounts that name the person, rewritten without; returns how many."""
    names_in = named_in(name)
    deals = {deal.external_id: deal for deal in (*bench.store.deals(), *taking.deals)}
    accounts = {account.name: account for account in (*bench.store.accounts(), *taking.accounts)}
    clean_deals = [clean for deal in deals.values() if (clean := deal_without(deal, names_in)) != deal]
    clean_accounts = [free for one in accounts.values() if (free := account_without(one, names_in)) != one]
    taking.deals = list({deal.external_id: deal for deal in (*taking.deals, *clean_deals)}.values())
    taking.accounts = list({account.name: account for account in (*taking.accounts, *clean_accounts)}.values())
    return len(clean_deals) + len(clean_accounts)


def _alike(everywhere: Iterable[Appearance], name: str) -> str:
    wanted = set(name.casefold().split())
    near: dict[str, set[str]] = {}
    for item in everywhere:
        if wanted & set(item.name.casefold().replace("_", " ").split()):
            near.setdefault(item.name, set()).add(item.document_id)
    if not near:
        return "Write the name as the document's page shows it."
    listed = [f"{found} ({len(places)} documents)" for found, places in sorted(near.items())[:LISTED]]
    return f"Name one of them in full: {', '.join(listed)}."


def _take_titles(bench: Workbench, taking: Taking, made: Marks, current: dict[str, Document]) -> None:
    """The titles of threads that a forgotten post began: the answers repeat them, and they are its author's words."""
    begun = {
        (document.kind, document.thread_id): document.title
        for document in taking.whole.values()
        if document.title and document.thread_id == document.external_id
    }
    for (_, thread_id), title in begun.items():
        taking.marks.append(made.of_title(thread_id, title))
    for document in current.values() if begun else ():
        began = begun.get((document.kind, document.thread_id or ""))
        if began is None or document.id in taking.whole:
            continue
        left = taking.partial.get(document.id) or [
            (untouched(version, turns, bench.store.participants(version.id, version.version)), turns)
            for version, turns in bench.store.history([document.id])
        ]
        bare = [(without_title(remainder, began), turns) for remainder, turns in left]
        if bare != left:
            taking.partial[document.id] = bare


def _take_same_words(bench: Workbench, taking: Taking, made: Marks, current: dict[str, Document]) -> None:
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
            f"“{document.title or document.external_id}” ({twin}) says much of it again, or quotes it, and stays: "
            f"forget it too with --document {twin}."
        )


def lost_verbatims(bench: Workbench, taking: Taking) -> list[Verbatim]:
    """The verbatims that go, retired ones too."""
    turns = lost_turns(taking)
    found = bench.store.verbatims_of([*taking.whole, *taking.partial])
    return [item for item in found if item.document_id in taking.whole or item.turn_id in turns]


def lost_turns(taking: Taking) -> set[str]:
    """The ids of the turns that go from documents of which something is left."""
    pairs = [pair for versions in taking.partial.values() for pair in versions]
    kept = {turn.id for remainder, _ in pairs for turn in remainder.turns}
    return {turn.id for _, turns in pairs for turn in turns} - kept
