"""Who did what, when and from where: noted by the use case itself, so that no command, page or call goes round it.

Whoever runs a use case says on whose behalf (`acting`); where nobody says so it is the user of this machine, at the
command line. Codings and labels are not here: each carries its coder and its time.
"""

from __future__ import annotations

import getpass
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

from winloss.model import Entry
from winloss.ports import Workbench
from winloss.services.erasure.withholding import without_names

SIGNED_IN, SIGNED_OUT, FAILED, HELD_UP = "signed in", "signed out", "failed to sign in", "was held up signing in"
ADDED, REMOVED, CHANGED_ACCESS = "added a user", "removed a user", "changed a user's role"
CHANGED_PASSWORD, MADE_TOKEN, REVOKED_TOKEN = "changed a password", "made a token", "revoked a token"
HANDED_OUT, BACKED_UP, RESTORED, FORGOT = "handed out", "backed up", "restored", "forgot"
SENT = "sent to a language model"
DECIDED, TOOK_BACK, CORRECTED, READ_IN = "decided", "took back", "corrected who speaks", "read in"
COMMAND_LINE = "command line"
LONGEST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """On whose behalf a use case runs, and from where."""

    who: str | None
    address: str


_ACTOR: ContextVar[Actor | None] = ContextVar("actor", default=None)


@contextmanager
def acting(who: str | None, address: str) -> Iterator[None]:
    """Whatever is noted within is noted as done by this person from there."""
    before = _ACTOR.set(Actor(who=who, address=address))
    try:
        yield
    finally:
        _ACTOR.reset(before)


def actor() -> Actor:
    """On whose behalf this runs."""
    return _ACTOR.get() or Actor(who=_local_user(), address=COMMAND_LINE)


def entry(bench: Workbench, what: str, about: str = "", *, by: str | None = None) -> Entry:
    """What is to be noted; `by` is who did it where that is said with the deed itself."""
    it = actor()
    about = " ".join(about.split())[:LONGEST]
    return Entry(at=bench.clock.now(), who=by or it.who, what=what, about=about, address=it.address)


def note(bench: Workbench, what: str, about: str = "", *, by: str | None = None) -> None:
    """Write to the journal."""
    with bench.store.aside() as unit:
        unit.put_entries([entry(bench, what, about, by=by)])


def entries(bench: Workbench, *, limit: int = 200, before: int | None = None) -> list[Entry]:
    """What people did, newest first."""
    return bench.store.journal(limit=limit, before=before)


def without(names: Collection[str]) -> Callable[[Entry], Entry]:
    """How an entry reads without these names."""
    gone = tuple(names)

    def clean(item: Entry) -> Entry:
        return replace(item, who=item.who and without_names(item.who, gone), about=without_names(item.about, gone))

    return clean


def _local_user() -> str | None:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return None
