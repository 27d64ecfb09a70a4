"""Audits as jobs: a deck is read when it is dropped, and held against the verbatims by whoever works on the queue."""

from __future__ import annotations

from dataclasses import dataclass, field

from winloss.model import Filters
from winloss.ports import Workbench
from winloss.services.audit import auditing, keeping_decks, passing
from winloss.services.audit.passing import Passing
from winloss.services.workspace import jobs
from winloss.services.workspace.jobs import Job, JobKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a deck is to be held against, and whether, and by whom, it is to be kept then."""

    quarter: str | None = None
    filters: Filters = field(default_factory=Filters)
    keep: bool = False
    by: str | None = None


def ask(bench: Workbench, name: str, content: bytes, wish: Wish) -> Job | str:
    """Have a deck audited, and kept where that is wished: the job, or the audit's id where it was made already.

    Raises:
        SourceError: it is no deck that can be read.
        QueryError: not a quarter.
    """
    from ingest.decks import read_deck

    named, called = auditing.quarter_of(bench, wish.quarter), keeping_decks.plain_name(name)
    with keeping_decks.at_hand(called, content) as path:
        deck_id = auditing.id_of(read_deck(path, name=called), named, wish.filters)
    deck = Passing(id=deck_id, name=called, quarter=named, filters=wish.filters, made_at=bench.clock.now())
    passing.put(bench, deck, content)
    if keeping_decks.is_made(bench, deck, content):
        return audit(bench, deck_id, keep=wish.keep, by=wish.by)
    return jobs.submit(bench, JobKind.AUDIT, called, {"deck": deck_id, "keep": wish.keep, "by": wish.by})


def audit(bench: Workbench, deck_id: str, *, keep: bool, by: str | None) -> str:
    """Audit a deck that was put by; returns the id under which it is opened.

    Raises:
        NotFound: it is not here any more.
        NotEnoughEvidence: nothing was heard until its quarter.
    """
    keeping_decks.opened(bench, deck_id)
    return keeping_decks.keep_opened(bench, deck_id, by=by).id if keep else deck_id
