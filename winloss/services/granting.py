"""Quote rights that people give a document: who may be quoted from it, and how, whatever its source said.

What was given holds for every version, and when the source is read again, unless it says something else by then: then
the stricter of both holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from winloss.errors import NotFound, QueryError
from winloss.model import Document, Rights, RightsDecision
from winloss.ports import Workbench
from winloss.services import indexing, journal
from winloss.services.naming import document_called


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """What changing the rights of a document came to."""

    document_id: str
    name: str
    before: Rights
    rights: Rights


def give(bench: Workbench, document: str, rights: str, *, by: str | None) -> Granted:
    """Give a document other quote rights; it may be named by id, external id or title.

    Raises:
        NotFound: no such document.
        QueryError: several are called so, or there are no such rights.
    """
    if rights not in set(Rights):
        raise QueryError(f"no quote rights {rights!r}", hint=f"Known: {', '.join(Rights)}.")
    found = document_called(bench, document)
    known = given(bench, found.id)
    decision = RightsDecision(
        document_id=found.id,
        rights=Rights(rights),
        read=known.read if known else found.rights,
        made_at=bench.clock.now(),
        by=" ".join((by or "").split()) or None,
    )
    return _put(bench, found, decision.rights, decision, by=decision.by)


def take_back(bench: Workbench, document: str, *, by: str | None) -> Granted:
    """Let a document have the rights again that its source gave it.

    Raises:
        NotFound: no such document, or nobody gave it other rights.
        QueryError: several are called so.
    """
    found = document_called(bench, document)
    known = given(bench, found.id)
    if known is None:
        raise NotFound("nobody changed the quote rights of this document", hint="It has those of its source.")
    return _put(bench, found, known.read, None, by=by)


def given(bench: Workbench, document_id: str) -> RightsDecision | None:
    """What somebody said about a document's rights, if anybody did."""
    return all_given(bench).get(document_id)


def all_given(bench: Workbench) -> Mapping[str, RightsDecision]:
    """What people said about the rights of documents, by id."""
    return {item.document_id: item for item in bench.store.rights_decisions()}


def _put(
    bench: Workbench, document: Document, rights: Rights, decision: RightsDecision | None, *, by: str | None
) -> Granted:
    """Every version at once; an index that was up to date stays so, as no word has changed."""
    current = bench.index().revision() == bench.store.revision()
    with bench.store.transaction() as transaction:
        transaction.put_rights(document.id, rights, decision)
        about = f"{document.id} from {document.rights} to {rights}"
        transaction.put_entries([journal.entry(bench, journal.GAVE_RIGHTS, about, by=by)])
    if current:
        indexing.refresh(bench)
    name = document.title or document.external_id
    return Granted(document_id=document.id, name=name, before=document.rights, rights=rights)
