"""Whom a correction is about: a name, the nameless turns, or numbered turns, in one document or in all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from nlp.text.names import is_label
from winloss.errors import NotFound, QueryError
from winloss.model import Correction, Document, SourceKind, SpokenBy, Turn, stable_id, text_key
from winloss.ports import Workbench
from winloss.services.sources.correcting import same_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Whom a correction is about: a name, the nameless turns (`unnamed`) or numbered turns, in one document or all.

    `document` is an id, or the external id or title that only one document has. Turns count from 0, both included.
    """

    name: str | None = None
    document: str | None = None
    unnamed: bool = False
    turns: tuple[int, int] | None = None


def meant_by(bench: Workbench, target: Target, *, renamed: bool) -> Correction:
    """The correction of a target, saying nothing yet."""
    if target.name is None and not (target.document and (target.unnamed or target.turns)):
        raise QueryError(
            "it is not said who is meant",
            hint="Give a name, or a document with --unnamed or --turns.",
        )
    if target.turns and not target.document:
        raise QueryError("turns are numbered within a document", hint="Name the document.")
    document = document_called(bench, target.document) if target.document else None
    if target.name is not None:
        spoken = _spoken(bench, target.name, document)
        document = document or _only_one(bench, target.name, spoken, renamed=renamed)
    turns = _numbered(bench, document, target) if document and target.turns else ()
    if document and target.unnamed and all(turn.speaker.name for turn in bench.store.turns(document.id)):
        raise NotFound(f"every turn of {_called(document)} has a speaker", hint="Give the name instead.")
    here = document.id if document else None
    name = same_name(target.name) if target.name is not None else None
    first, last = target.turns or (None, None)
    return Correction(
        id=stable_id("c", here, name, int(target.unnamed), first, last),
        speaker=target.name,
        made_at="",
        document_id=here,
        unnamed=target.unnamed,
        turns=target.turns,
        texts=tuple(text_key(turn.text) for turn in turns),
    )


def document_called(bench: Workbench, named: str) -> Document:
    """The document with an id, or the only one with an external id or title."""
    try:
        return bench.store.document(named)
    except NotFound:
        wanted = same_name(named)
        documents = bench.store.documents()
    found = [item for item in documents if wanted in (same_name(item.external_id), same_name(item.title or ""))]
    if len(found) > 1:
        ids = ", ".join(item.id for item in found[:5])
        raise QueryError(f"{len(found)} documents are called {named!r}", hint=f"Give one of their ids: {ids}")
    if not found:
        raise NotFound(f"no document {named!r}", hint="`winloss speakers --json` names the documents of each speaker.")
    return found[0]


def _spoken(bench: Workbench, name: str, document: Document | None) -> list[SpokenBy]:
    everybody = bench.store.speakers(document.id if document else None)
    found = [item for item in everybody if item.speaker.name and same_name(item.speaker.name) == same_name(name)]
    known = {same_name(item.speaker) for item in bench.store.corrections() if item.speaker}
    if not found and same_name(name) not in known:
        names = sorted({item.speaker.name for item in everybody if item.speaker.name})
        near = get_close_matches(name, names, n=3, cutoff=0.5)
        where = f" in {_called(document)}" if document else ""
        raise NotFound(
            f"nobody called {name!r} speaks{where}",
            hint=f"Is it {' or '.join(near)}?" if near else "`winloss speakers` lists everybody.",
        )
    return found


def _only_one(bench: Workbench, name: str, spoken: Sequence[SpokenBy], *, renamed: bool) -> Document | None:
    """The document that a name without one is about: a label, and a new name, belong to one document only."""
    places = list(dict.fromkeys(item.document_id for item in spoken))
    several = renamed and len({item.speaker.respondent for item in spoken}) > 1
    if not several and not (is_label(name) and _outside_communities(bench, places)):
        return None
    if len(places) == 1:
        return bench.store.document(places[0])
    shown = ", ".join(places[:5])
    raise QueryError(
        f"{name!r} may be another person in each of {len(places)} documents",
        hint=f"Name the document. It speaks in: {shown}{' …' if len(places) > 5 else ''}",
    )


def _outside_communities(bench: Workbench, places: Sequence[str]) -> bool:
    """Whether any of the documents is no post: an author's handle is the same person in every post."""
    return any(bench.store.document(place).kind is not SourceKind.COMMUNITY for place in places)


def _numbered(bench: Workbench, document: Document, target: Target) -> list[Turn]:
    first, last = target.turns or (0, 0)
    turns = bench.store.turns(document.id)
    if not 0 <= first <= last < len(turns):
        raise QueryError(
            f"{_called(document)} has no turns {first} to {last}", hint=f"Its turns count from 0 to {len(turns) - 1}."
        )
    return turns[first : last + 1]


def _called(document: Document) -> str:
    return f"“{document.title or document.external_id}”"
