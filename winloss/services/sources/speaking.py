"""Who speaks: everybody with side, role and the evidence for both, and corrections that hold from then on.

A correction is stored, applied to every stored turn that it is about, and applied again when a source is read again or
another one with the same speaker comes in. It can be taken back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from nlp.text.names import is_label
from winloss.errors import NotFound, QueryError
from winloss.model import Correction, Document, Rights, Side, Speaker, SpokenBy, stable_id
from winloss.ports import Workbench
from winloss.services import journal
from winloss.services.sources import identity
from winloss.services.sources.correcting import corrected, same_name
from winloss.services.sources.naming import Target, document_called, meant_by

__all__ = ["Assigned", "Person", "Target", "assign", "people", "said_in", "take_back", "target_of", "undo"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who speaks, in as many documents as they are known to be the same person in.

    `key` stands for the name where the name may not be shown; a `label` ("Speaker 1") names nobody. `rights` are the
    strictest that hold for any of their words.
    """

    key: str
    label: bool
    speaker: Speaker
    documents: tuple[str, ...]
    turns: int
    first: int
    corrected: bool
    rights: Rights


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """What a correction, or taking it back, changed."""

    correction: Correction
    documents: int
    turns: int


def people(bench: Workbench, *, document: str | None = None, unknown: bool = False) -> list[Person]:
    """Everybody who speaks, those with the most turns first; `unknown` leaves only those whose side nothing tells.

    Raises:
        NotFound: no such document.
        QueryError: several documents have that title.
    """
    here = document_called(bench, document).id if document else None
    groups: dict[tuple[object, ...], list[SpokenBy]] = {}
    for item in bench.store.speakers(here):
        if not unknown or item.speaker.side is Side.UNKNOWN:
            groups.setdefault(_person(item), []).append(item)
    found = [_together(items) for items in groups.values()]
    if here:
        return sorted(found, key=lambda person: person.first)
    return sorted(found, key=lambda person: (-person.turns, person.speaker.name or "", person.documents))


def assign(
    bench: Workbench,
    target: Target,
    *,
    side: Side | None = None,
    title: str | None = None,
    role: str | None = None,
    name: str | None = None,
    author: str | None = None,
) -> Assigned:
    """Say who a speaker is: side, title, role or full name; what is None stays as it is.

    What was said about the same target earlier is kept where this says nothing.

    Raises:
        NotFound: no such speaker or document.
        QueryError: nothing is said, the role is not in the codebook, or it is not clear who is meant.
    """
    title, role, name = _filled(title), _role(bench, role), _filled(name)
    if side is None and title is None and role is None and name is None:
        raise QueryError("nothing was said about the speaker", hint="Give a side, a title, a role or a full name.")
    if role and side not in (None, Side.BUYER):
        raise QueryError(f"only buyers have a role, not the {side}", hint="Leave the role out, or say side buyer.")
    meant = meant_by(bench, target, renamed=name is not None)
    said = {"side": side, "title": title, "role": role, "name": name}
    correction = replace(
        meant,
        id=stable_id("c", meant.id, *sorted(part for part in said if said[part] is not None)),
        made_at=bench.clock.now(),
        side=side,
        title=title,
        role=role,
        name=name,
        author=_filled(author),
    )
    said_before = [item for item in bench.store.corrections() if _about(item) == _about(meant)]
    unsaid = {part for part in said if said[part] is not None} | ({"role"} if side not in (None, Side.BUYER) else set())
    left = [_without(item, unsaid) for item in said_before]
    return _applied(bench, correction, gone=said_before, kept=[*filter(_says, left), correction])


def undo(bench: Workbench, target: Target) -> Assigned:
    """Take back what was said about a target; a person may be named as before or as corrected.

    Raises:
        NotFound: nothing was said about it.
        QueryError: several corrections could be meant.
    """
    here = document_called(bench, target.document).id if target.document else None
    wanted = same_name(target.name) if target.name else None
    found = [
        item
        for item in bench.store.corrections()
        if (here is None or item.document_id == here)
        and (wanted is None or wanted in {same_name(name) for name in (item.speaker, item.name) if name})
        and (item.unnamed or not target.unnamed)
        and (target.turns is None or item.turns == target.turns)
    ]
    exact = [item for item in found if item.document_id == here and item.turns == target.turns] or found
    if not exact:
        raise NotFound("nothing was corrected there", hint="`winloss speakers` shows what was set by hand.")
    if len({_about(item) for item in exact}) > 1:
        places = ", ".join(sorted({item.document_id or "everywhere" for item in exact}))
        raise QueryError(f"several corrections could be meant (in {places})", hint="Name the document and the turns.")
    return _applied(bench, exact[-1], gone=exact, kept=[])


def _about(item: Correction) -> tuple[object, ...]:
    """Whom a correction is about."""
    return item.document_id, same_name(item.speaker or ""), item.speaker is None, item.unnamed, item.turns


def _without(item: Correction, parts: Collection[str]) -> Correction:
    """A correction that says nothing about these parts."""
    return replace(
        item,
        side=None if "side" in parts else item.side,
        title=None if "title" in parts else item.title,
        role=None if "role" in parts else item.role,
        name=None if "name" in parts else item.name,
    )


def _says(item: Correction) -> bool:
    return any(part is not None for part in (item.side, item.title, item.role, item.name))


def _role(bench: Workbench, role: str | None) -> str | None:
    """The codebook's name of a role given by name or label."""
    if not (wanted := _filled(role)):
        return None
    for known in bench.codebook.roles:
        if wanted.casefold() in (known.name.casefold(), known.label.casefold()):
            return known.name
    names = ", ".join(known.name for known in bench.codebook.roles)
    raise QueryError(f"no role {role!r} in the codebook", hint=f"Known: {names}.")


def _filled(text: str | None) -> str | None:
    return " ".join(text.split()) or None if text else None


# --- what follows ----------------------------------------------------------------------------------------------------


def _applied(
    bench: Workbench, correction: Correction, *, gone: Sequence[Correction], kept: Sequence[Correction]
) -> Assigned:
    """Store what is said now in place of what is gone, and bring all documents concerned up to date; all or nothing."""
    dropped = {item.id for item in gone}
    corrections = [*(item for item in bench.store.corrections() if item.id not in dropped), *kept]
    documents = turns = 0
    with bench.store.transaction() as transaction:
        for item in gone:
            transaction.drop_correction(item.id)
        for item in kept:
            transaction.put_correction(item)
        for document_id in _concerned(bench, [*gone, *kept]):
            spoken = _respoken(bench, bench.store.document(document_id), corrections)
            if spoken and transaction.put_speakers(document_id, spoken):
                documents += 1
                turns += len(spoken)
        about = f"{turns:,} turns in {documents:,} documents"
        transaction.put_entries([journal.entry(bench, journal.CORRECTED, about, by=correction.author)])
    identity.link(bench)
    return Assigned(correction=correction, documents=documents, turns=turns)


def _concerned(bench: Workbench, corrections: Sequence[Correction]) -> list[str]:
    """Documents that corrections of one target may be about: those with its name, now or before it was corrected."""
    if document_id := corrections[0].document_id:
        return [document_id] if _there(bench, document_id) else []
    names = {same_name(name) for item in corrections for name in (item.speaker, item.name) if name}
    spoken = bench.store.speakers()
    found = (item.document_id for item in spoken if item.corrected or same_name(item.speaker.name or "") in names)
    return sorted(set(found))


def _there(bench: Workbench, document_id: str) -> bool:
    try:
        bench.store.document(document_id)
    except NotFound:
        return False
    return True


def _respoken(
    bench: Workbench, document: Document, corrections: Sequence[Correction]
) -> dict[int, tuple[Speaker, str | None]]:
    """The turns whose speaker or question is another one now; who is one person with others stays so."""
    read = bench.store.turns_as_read(document.id)
    wanted = corrected(document, read, corrections, bench.codebook)
    spoken = {}
    for turn, before in zip(bench.store.turns(document.id), read, strict=True):
        speaker, question = wanted.get(turn.ordinal, (before.speaker, before.question))
        if speaker.name == turn.speaker.name:
            speaker = replace(speaker, respondent=turn.speaker.respondent)
        if (speaker, question) != (turn.speaker, turn.question):
            spoken[turn.ordinal] = (speaker, question)
    return spoken


def said_in(bench: Workbench, document_id: str) -> list[Correction]:
    """The corrections that hold in a document, oldest first."""
    turns = bench.store.turns_as_read(document_id)
    document, everything = bench.store.document(document_id), bench.store.corrections()
    if not everything or not corrected(document, turns, everything, bench.codebook):
        return []
    names = {same_name(turn.speaker.name) for turn in turns if turn.speaker.name}
    names |= {same_name(item.name) for item in everything if item.name and item.document_id in (None, document_id)}
    return [
        item
        for item in everything
        if item.document_id == document_id or (item.document_id is None and same_name(item.speaker or "") in names)
    ]


def take_back(bench: Workbench, correction_id: str) -> Assigned:
    """Take back one thing that was said.

    Raises:
        NotFound: it was taken back already.
    """
    found = next((item for item in bench.store.corrections() if item.id == correction_id), None)
    if found is None:
        raise NotFound("that was taken back already", hint="Look at the document again.")
    return _applied(bench, found, gone=[found], kept=[])


def target_of(
    bench: Workbench, key: str, document_id: str, *, turns: tuple[int, int] | None = None, everywhere: bool = False
) -> Target:
    """Whom a speaker's key means in a document; `everywhere` counts only where the name is one person's in all.

    Raises:
        NotFound: nobody there goes by the key.
    """
    for item in bench.store.speakers(document_id):
        name = item.speaker.name
        if _key(name) == key:
            bound = not everywhere or turns is not None or name is None or is_label(name)
            return Target(name=name, document=document_id if bound else None, unnamed=name is None, turns=turns)
    raise NotFound("that speaker is no longer in the document", hint="Look at the document again.")


# --- everybody -------------------------------------------------------------------------------------------------------


def _person(item: SpokenBy) -> tuple[object, ...]:
    """What makes two speakers one line: the person; those who ask or sell are the same in every account."""
    speaker = item.speaker
    if speaker.name and speaker.side in (Side.INTERVIEWER, Side.VENDOR) and not is_label(speaker.name):
        return speaker.side, same_name(speaker.name)
    return speaker.side, speaker.respondent, speaker.name


def _key(name: str | None) -> str:
    return stable_id("s", None if name is None else same_name(name))


def _together(items: Iterable[SpokenBy]) -> Person:
    """One line of several documents; the evidence is that of the document with most turns, a hand's before all."""
    ranked = sorted(items, key=lambda item: (not item.corrected, -item.turns, item.document_id))
    return Person(
        key=_key(ranked[0].speaker.name),
        label=is_label(ranked[0].speaker.name or ""),
        speaker=ranked[0].speaker,
        documents=tuple(sorted({item.document_id for item in ranked})),
        turns=sum(item.turns for item in ranked),
        first=min(item.first for item in ranked),
        corrected=any(item.corrected for item in ranked),
        rights=max((item.rights for item in ranked), key=list(Rights).index),
    )
