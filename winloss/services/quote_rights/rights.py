"""Who may be quoted, how and until when: what people decide about a document, a file or a person.

A decision is kept like every other: noted with its author, in the journal, and undone by whoever made it. It holds over
reading in again, analysing, and backup. Of source and person the stricter holds; after the last day of a right to quote
the words stay in the workspace, marked so, and leave it no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from winloss.errors import NotFound, QueryError
from winloss.model import GIVEN_RIGHTS, Document, Kept, Rights, RightsDecision, RightsOf, called, stable_id
from winloss.ports import Workbench
from winloss.services import doing
from winloss.services.quote_rights import pseudonyms
from winloss.services.sources import identity
from winloss.services.sources.correcting import same_name
from winloss.services.sources.naming import document_called

WORDS = {
    Rights.NAMED: "may be quoted by name",
    Rights.ANONYMOUS: "may be quoted without a name",
    Rights.INTERNAL: "internal use only",
    Rights.ENDED: "the right to quote has ended",
    Rights.NO_QUOTE: "no quoting",
}
_DAY = "rights looked at"
_LISTED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a decision about rights is about: one of a document, a file, or a person.

    `document` is an id, or the external id or title that only one document has; `file` a path as files are listed;
    `person` a pseudonym ("Buyer 7"), an id, or the name under which one person speaks.
    """

    document: str | None = None
    file: str | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """What a target means here. `read` is what its sources say: the loosest of them; None for a person."""

    of: RightsOf
    target: str
    label: str
    read: Rights | None = None
    people: tuple[str, ...] = ()


def set_rights(
    bench: Workbench,
    target: Target,
    *,
    rights: Rights | str | None = None,
    until: date | str | None = None,
    by: str | None = None,
) -> RightsDecision:
    """Decide who may be quoted, in place of what was decided about the same target before.

    Without `rights` they stay as the source says, and only `until` holds: the last day of the right to quote.

    Raises:
        NotFound: there is no such document, file or person.
        QueryError: nothing is decided, several are meant, or there are no such rights or no such day.
    """
    meant, given, day = meant_by(bench, target), _given(rights), _day(until)
    if given is None and day is None:
        raise QueryError("no rights and no day were given", hint=f"Rights: {', '.join(GIVEN_RIGHTS)}. Day: 2027-03-31.")
    before = _standing(bench, meant)
    made = RightsDecision(
        id=stable_id("q", meant.of.value, meant.target),
        of=meant.of,
        target=meant.target,
        rights=given,
        made_at=bench.clock.now(),
        until=day,
        instead=meant.read,
        people=tuple(sorted({*meant.people, *(before.people if before else ())})),
        by=by,
    )
    told = f"rights of {meant.label}: {told_of(made)}"
    doing.do(bench, told, by=by, before=Kept(rights=(before,) if before else ()), after=Kept(rights=(made,)))
    return made


def clear(bench: Workbench, target: Target, *, by: str | None = None) -> RightsDecision:
    """Decide nothing about a target any more: what its source says holds again. Returns what is gone.

    Raises:
        NotFound: there is no such target, or nothing was decided about it.
        QueryError: several are meant.
    """
    meant = meant_by(bench, target)
    before = _standing(bench, meant)
    if before is None:
        raise NotFound(f"nothing was decided about {meant.label}", hint="`winloss rights list` shows what was.")
    doing.do(bench, f"rights of {meant.label}: as the source says", by=by, before=Kept(rights=(before,)))
    return before


def settle(bench: Workbench) -> None:
    """Let the filters follow where the last day of a right has passed since somebody looked; once a day, and cheap."""
    today = bench.clock.now()[:10]
    if bench.memo.get(_DAY) == today:
        return
    bench.memo[_DAY] = today
    seen = bench.store.stage(_DAY)
    passed = [item for item in bench.store.rights_decisions() if item.until and (seen or "") <= item.until < today]
    if passed:
        with bench.store.transaction() as transaction:
            transaction.touch(passed)
            transaction.set_stage(_DAY, today)


def as_held(bench: Workbench, documents: Iterable[Document]) -> list[Document]:
    """The documents with the rights that hold today in place of those as read."""
    book = bench.store.rights()
    return [replace(item, rights=book.of(item.id, item.file_id, item.rights).rights) for item in documents]


def told_of(decision: RightsDecision) -> str:
    """What was decided, in words."""
    rights = WORDS[decision.rights] if decision.rights else "as the source says"
    return f"{rights}, until {decision.until}" if decision.until else rights


# --- what is meant ---------------------------------------------------------------------------------------------------


def meant_by(bench: Workbench, target: Target) -> Meant:
    """What a target means.

    Raises:
        NotFound: there is no such document, file or person.
        QueryError: none or several are named, or several people are called so.
    """
    if sum(value is not None for value in (target.document, target.file, target.person)) != 1:
        raise QueryError("name one document, file or person", hint="One of --document, --file and --person.")
    if target.document is not None:
        return _document(document_called(bench, target.document))
    return _file(bench, target.file) if target.file is not None else _person(bench, target.person or "")


def _document(document: Document) -> Meant:
    label = f"“{document.title or document.external_id}” ({document.id})"
    return Meant(of=RightsOf.DOCUMENT, target=document.id, label=label, read=document.rights)


def _file(bench: Workbench, path: str) -> Meant:
    files = {item.id for item in bench.store.files() if item.path == path}
    if not files:
        known = ", ".join(list(dict.fromkeys(item.path for item in bench.store.files()))[:_LISTED])
        raise NotFound(f"no file {path!r} was read in", hint=f"Write it as it is listed: {known or 'none yet'}.")
    read = [document.rights for document in bench.store.documents() if document.file_id in files]
    loosest = min(read, key=list(Rights).index, default=None)
    return Meant(of=RightsOf.FILE, target=path, label=f"the file {path}", read=loosest)


def _person(bench: Workbench, named: str) -> Meant:
    pseudonyms.give_all(bench)
    numbers = bench.store.pseudonyms()
    by_pseudonym = {same_name(called(number)): name for name, number in numbers.items()}
    wanted, speakers = same_name(named), bench.store.speakers()
    found = [item for item in speakers if item.speaker.respondent in (named, by_pseudonym.get(wanted))]
    found = found or [item for item in speakers if item.speaker.name and same_name(item.speaker.name) == wanted]
    ids = sorted({item.speaker.respondent for item in found})
    if not ids:
        raise NotFound(f"nobody called {named!r} speaks", hint="`winloss rights list people` lists everybody.")
    if len(ids) > 1:
        several = ", ".join(_called(numbers, name) for name in ids[:_LISTED])
        raise QueryError(f"{len(ids)} people are called {named!r}", hint=f"Name one of them: {several}.")
    documents = {document.id: document for document in bench.store.documents()}
    own = {
        identity.own_id(documents[item.document_id], item.speaker.name)
        for item in found
        if item.speaker.name and item.document_id in documents
    }
    label = _called(numbers, ids[0])
    return Meant(of=RightsOf.PERSON, target=ids[0], label=label, people=tuple(sorted({*ids, *own})))


def _called(numbers: Mapping[str, int], respondent: str) -> str:
    return called(numbers[respondent]) if respondent in numbers else respondent


def _standing(bench: Workbench, meant: Meant) -> RightsDecision | None:
    made = [item for item in bench.store.rights_decisions() if item.of is meant.of]
    exact = next((item for item in made if item.target == meant.target), None)
    same = (item for item in made if meant.of is RightsOf.PERSON and meant.target in item.people)
    return exact or next(same, None)


def _given(rights: Rights | str | None) -> Rights | None:
    if rights is None or rights == "":
        return None
    if rights not in GIVEN_RIGHTS:
        raise QueryError(f"no rights {str(rights)!r}", hint=f"Known: {', '.join(GIVEN_RIGHTS)}.")
    return Rights(rights)


def _day(until: date | str | None) -> str | None:
    if isinstance(until, date):
        return until.isoformat()
    if not until:
        return None
    try:
        return date.fromisoformat(until).isoformat()
    except ValueError:
        raise QueryError(f"not a day: {until!r}", hint="Write days as 2027-03-31.") from None
