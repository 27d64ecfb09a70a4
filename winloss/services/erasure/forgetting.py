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

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from winloss.model import Document
from winloss.ports import Transaction, Workbench
from winloss.services import journal
from winloss.services.erasure import erasing, rights_forgetting
from winloss.services.erasure.releasing import Files, files_of
from winloss.services.erasure.taking import LISTED, Taking, Wish, gather, lost_turns, lost_verbatims
from winloss.services.erasure.unnaming import kept_without_names
from winloss.services.erasure.untitling import decisions_without, events_without, found_themes_without, themes_without
from winloss.services.erasure.withholding import without_names
from winloss.services.workspace import jobs

__all__ = ["Named", "Plan", "Wish", "about", "ask", "forget", "plan", "told_of", "wish_of"]


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


def plan(bench: Workbench, wish: Wish) -> Plan:
    """What forgetting this would take; nothing is changed.

    Raises:
        NotFound: nothing here is called so; the hint names what is.
        QueryError: a name means several documents.
    """
    taking = gather(bench, wish)
    return _told(bench, taking, files_of(bench, taking))


def forget(bench: Workbench, wish: Wish) -> Plan:
    """Take it away for good, and everything made of it; returns what went.

    Killed at any moment, it has taken nothing or the next command that reads in, derives or backs up finishes it.

    Raises:
        NotFound, QueryError: as in `plan`; nothing was changed.
        ConfigError: somebody is reading the database file; all that is left to do is done by forgetting again.
    """
    erasing.finish(bench)
    with erasing.alone(bench):
        taking = gather(bench, wish)
        files = files_of(bench, taking)
        told = _told(bench, taking, files)
        _commit(bench, taking, files, wish, told)
        erasing.remove_traces(bench)
    return told


# --- what it comes to ------------------------------------------------------------------------------------------------


def _told(bench: Workbench, taking: Taking, files: Files) -> Plan:
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
        verbatims=len(lost_verbatims(bench, taking)),
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


def _mentions(bench: Workbench, taking: Taking) -> Iterable[str]:
    for name in sorted(taking.names):
        likely = [item for item in bench.store.documents_saying(name) if item not in taking.whole]
        places = [item for item in likely if _says(bench, taking, item, name)]
        if places:
            shown = ", ".join(places[:LISTED]) + (" …" if len(places) > LISTED else "")
            yield f"other people's words in {len(places):,} documents name {name} and stay as they were said: {shown}"


def _says(bench: Workbench, taking: Taking, document_id: str, name: str) -> bool:
    """Whether a turn that stays says the name as a word of its own."""
    lost = lost_turns(taking)
    turns = (turn for turn in bench.store.turns(document_id) if turn.id not in lost)
    return any(without_names(turn.text, (name,)) != turn.text for turn in turns)


# --- the commit ------------------------------------------------------------------------------------------------------


def _commit(bench: Workbench, taking: Taking, files: Files, wish: Wish, told: Plan) -> None:
    """Everything in the store, at once; from here on the rest is only removed, and can be removed again."""
    lost = lost_verbatims(bench, taking)
    themes, found = (themes_without(bench, lost), found_themes_without(bench, lost)) if lost else ([], [])
    gone = rights_forgetting.people_gone(bench, taking)
    rights = rights_forgetting.decisions_without(bench, taking, files, gone, may_return=wish.may_return)
    events = events_without(bench, lost, taking.names)
    decisions = decisions_without(bench, lost, taking.names)
    with bench.store.transaction() as transaction:
        transaction.erase_documents(taking.whole)
        transaction.erase_turns(lost_turns(taking))
        for versions in taking.partial.values():
            for remainder, _ in versions:
                transaction.rewrite_document(remainder.document, remainder.turns, remainder.participants)
        if wish.account is None:
            transaction.erase_corrections(taking.names)
        before, after = kept_without_names(bench.store, taking.names, {it.id for it in lost})
        before, after = replace(before, rights=rights[0]), replace(after, rights=rights[1])
        if taking.names or len(before):
            transaction.swap(before, after)
            transaction.forget_operations()
        if not wish.may_return:
            transaction.erase_pseudonyms(gone)
        _commit_files(transaction, taking, files)
        transaction.rewrite_theme_events(events)
        transaction.rewrite_theme_decisions(decisions)
        if lost:
            transaction.erase_history(taking.quarters)
            transaction.rewrite_themes(themes)
            transaction.rewrite_found_themes(found)
        if not wish.may_return:
            transaction.put_tombstones(taking.marks)
        if taking.names:
            transaction.rewrite_entries(journal.without(taking.names))
            named = [name for name in bench.store.readers() if without_names(name, tuple(taking.names)) != name]
            transaction.unname_readers(named)
        about = f"{len(told.documents)} documents whole, {len(told.parts)} in part, {told.turns} turns"
        transaction.put_entries([journal.entry(bench, journal.FORGOT, about)])
        transaction.set_stage(erasing.STAGE, erasing.PENDING)


def _commit_files(transaction: Transaction, taking: Taking, files: Files) -> None:
    transaction.erase_companies(taking.files)
    transaction.rewrite_companies(taking.deals, taking.accounts)
    transaction.erase_files([file.id for file in files.gone])
    for file in (*files.released, *files.tidied):
        transaction.put_file(file)


# --- asked for, to be done later --------------------------------------------------------------------------------------


def about(wish: Wish) -> str:
    """What a wish is about, without names."""
    kinds = (("person", wish.people), ("document", wish.documents), ("source", wish.sources))
    return ", ".join(f"{len(named):,} {one}{'s' if len(named) > 1 else ''}" for one, named in kinds if named)


def ask(bench: Workbench, wish: Wish) -> jobs.Job:
    """Have something forgotten as soon as what runs has ended, and everything brought up to date after it.

    Raises:
        NotFound, QueryError: as in `plan`.
    """
    plan(bench, wish)
    return jobs.submit(bench, jobs.JobKind.FORGET, about(wish), told_of(wish))


def told_of(wish: Wish) -> dict[str, object]:
    """A wish as plain data."""
    return {
        "people": [*wish.people],
        "documents": [*wish.documents],
        "sources": [*wish.sources],
        "account": wish.account,
    }


def wish_of(told: Mapping[str, Any]) -> Wish:
    """The wish that `told_of` told."""
    return Wish(
        people=tuple(told["people"]),
        documents=tuple(told["documents"]),
        sources=tuple(told["sources"]),
        account=told["account"],
    )
