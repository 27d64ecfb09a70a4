"""The belief register: what leadership holds to be true, since when, of whom, and every change of it; all undoable.

What the evidence says of one is computed when it is asked for (`winloss.services.belief.believing`), never kept here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING

from winloss.codebook import suggestion
from winloss.errors import Conflict, NotFound, QueryError
from winloss.model import THEMED_FACETS, Belief, BeliefEdit, Kept, name_key, stable_id
from winloss.ports import Workbench
from winloss.quarter import Quarter
from winloss.services import browsing, doing
from winloss.services.search import nearness

if TYPE_CHECKING:
    from winloss.ports import Vectors

LONGEST_STATEMENT = 400
LONGEST_OWNER = 100
HELD, RETIRED = "held", "retired"
EDITABLE = ("statement", "owner", "since", "segment", "role", "facet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A belief as somebody writes it down, before it is checked; empty is not said. `where` is its place in a file."""

    statement: str
    owner: str = ""
    since: str = ""
    segment: str = ""
    role: str = ""
    facet: str = ""
    where: str = ""


def listed(bench: Workbench, *, retired: bool = False) -> list[Belief]:
    """The beliefs that are held, the oldest first; retired ones too where asked."""
    return [belief for belief in bench.store.beliefs() if retired or belief.status == HELD]


def find(bench: Workbench, name: str) -> Belief:
    """The belief of that id or statement.

    Raises:
        NotFound: there is none; the hint names the nearest.
    """
    known = bench.store.beliefs()
    for belief in known:
        if belief.id == name or name_key(belief.statement) == name_key(name):
            return belief
    near = get_close_matches(name_key(name), [name_key(item.statement) for item in known], n=1)
    meant = next((item for item in known if near and name_key(item.statement) == near[0]), None)
    hint = f"Did you mean {meant.id} ({meant.statement})?" if meant else "`winloss beliefs list` shows which there are."
    raise NotFound(f"no belief {name!r}", hint=hint)


def add(bench: Workbench, draft: Draft, *, by: str | None) -> Belief:
    """Write a belief into the register.

    Raises:
        QueryError: a part of it is not as it must be.
        Conflict: that statement is in the register already.
    """
    return add_all(bench, [draft], by=by)[0]


def add_all(bench: Workbench, drafts: Sequence[Draft], *, by: str | None) -> list[Belief]:
    """Write several beliefs into the register, all of them or none; one step to undo.

    Raises:
        QueryError: a part of one is not as it must be; the message names its place.
        Conflict: a statement is in the register already, or comes twice.
    """
    made: list[Belief] = []
    known = {name_key(item.statement): item for item in bench.store.beliefs()}
    for draft in drafts:
        belief = _made(bench, draft, by)
        if there := known.get(name_key(belief.statement)):
            hint = f"`winloss beliefs edit {there.id}` changes it" + (
                "; it is retired." if there.status == RETIRED else "."
            )
            raise Conflict(_at(draft, f"“{belief.statement}” is in the register already"), hint=hint)
        known[name_key(belief.statement)] = belief
        made.append(belief)
    if made:
        what = f"wrote down “{made[0].statement}”" if len(made) == 1 else f"wrote down {len(made)} beliefs"
        doing.do(bench, what, by=by, after=Kept(beliefs=tuple(made)))
    return made


def edit(bench: Workbench, name: str, *, by: str | None, **changes: str | None) -> Belief:
    """Change parts of a belief; None leaves a part as it is, an empty text takes a part of the scope away.

    Every change is added to the belief's trail.

    Raises:
        NotFound: there is no such belief.
        QueryError: a part is not as it must be.
        Conflict: another belief says that already.
    """
    old = find(bench, name)
    asked = {field: value for field, value in changes.items() if value is not None}
    values = {field: (getattr(old, field) or "") for field in EDITABLE} | asked
    new = _checked(bench, Draft(**values), old)
    others = [item for item in bench.store.beliefs() if item.id != old.id]
    if any(name_key(item.statement) == name_key(new.statement) for item in others):
        raise Conflict(f"“{new.statement}” is in the register already", hint="Change or retire the other one.")
    return _changed(bench, old, new, by, f"changed “{old.statement}”")


def retire(bench: Workbench, name: str, *, by: str | None) -> Belief:
    """Note that a belief is no longer held; it stays in the register with its trail.

    Raises:
        NotFound: there is no such belief.
    """
    old = find(bench, name)
    return _changed(bench, old, replace(old, status=RETIRED), by, f"retired “{old.statement}”")


def restore(bench: Workbench, name: str, *, by: str | None) -> Belief:
    """Note that a retired belief is held again.

    Raises:
        NotFound: there is no such belief.
    """
    old = find(bench, name)
    return _changed(bench, old, replace(old, status=HELD), by, f"took up “{old.statement}” again")


def held(bench: Workbench, quarter: str | None = None, segment: str | None = None) -> list[Belief]:
    """The beliefs that were held in a quarter and speak of a segment (None: of everybody), the oldest first.

    One that was retired since counts until then; one without a segment speaks of every segment.
    """
    until = Quarter.parse(quarter).end.isoformat() if quarter else None
    return [
        belief
        for belief in bench.store.beliefs()
        if (belief.segment is None or segment is None or belief.segment == segment) and _held_by(belief, until)
    ]


def statement_vectors(bench: Workbench, held_beliefs: Sequence[Belief]) -> Vectors:
    """One unit row per belief's statement, in order."""
    return nearness.encoded(bench, [belief.statement for belief in held_beliefs])


# --- checking --------------------------------------------------------------------------------------------------------


def proper_statement(text: str) -> str:
    """The statement as it is kept.

    Raises:
        QueryError: it is empty, too long, or holds characters that cannot be shown.
    """
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    if not plain:
        raise QueryError("a belief needs a statement", hint='Write what is believed: "We lose federal on price".')
    if len(plain) > LONGEST_STATEMENT or not plain.isprintable():
        raise QueryError(
            f"that is no statement: {plain[:60]!r}",
            hint=f"At most {LONGEST_STATEMENT} characters that can be shown; one belief, one sentence.",
        )
    return plain


def _made(bench: Workbench, draft: Draft, by: str | None) -> Belief:
    now = bench.clock.now()
    blank = Belief(id="", statement="", owner="", since=now[:10], made_at=now, by=by)
    belief = _checked(bench, draft, blank)
    return replace(belief, id=stable_id("b", name_key(belief.statement), now))


def _checked(bench: Workbench, draft: Draft, old: Belief) -> Belief:
    try:
        return replace(
            old,
            statement=proper_statement(draft.statement),
            owner=_owner(draft.owner),
            since=_day(draft.since) if draft.since.strip() else old.since,
            segment=_segment(bench, draft.segment),
            role=_role(bench, draft.role),
            facet=_facet(draft.facet),
        )
    except QueryError as error:
        raise QueryError(_at(draft, error.message), hint=error.hint) from error


def _at(draft: Draft, message: str) -> str:
    return f"{draft.where}: {message}" if draft.where else message


def _owner(text: str) -> str:
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    if not plain:
        raise QueryError("a belief needs an owner", hint="Say who holds it: --owner, or a column “owner” in a file.")
    if len(plain) > LONGEST_OWNER or not plain.isprintable():
        raise QueryError(f"that is no owner: {plain[:60]!r}", hint=f"At most {LONGEST_OWNER} characters.")
    return plain


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError as error:
        raise QueryError(f"not a day: {text!r}", hint="Write days as 2025-02-01.") from error


def _segment(bench: Workbench, written: str) -> str | None:
    if not written.strip():
        return None
    known = tuple(dict.fromkeys([*browsing.segments(bench), *(item.name for item in bench.codebook.segments)]))
    named = bench.codebook.segment_named(written) or next(
        (name for name in known if name_key(name) == name_key(written)), None
    )
    if named is None:
        hint = f"Known: {', '.join(known)}." if known else "Leave it out."
        raise QueryError(f"no segment {written!r}{suggestion(written, known)}", hint=hint)
    return named


def _role(bench: Workbench, written: str) -> str | None:
    if not written.strip():
        return None
    known = [role.name for role in bench.codebook.roles]
    named = written.strip() if written.strip() in known else bench.codebook.meant("role", written)
    if named is None:
        raise QueryError(f"no role {written!r}{suggestion(written, known)}", hint=f"Known: {', '.join(known)}.")
    return named


def _facet(written: str) -> str | None:
    known = [facet.value for facet in THEMED_FACETS]
    plain = written.strip().casefold()
    if plain and plain not in known:
        raise QueryError(f"no facet {written!r}{suggestion(written, known)}", hint=f"Known: {', '.join(known)}.")
    return plain or None


# --- changing --------------------------------------------------------------------------------------------------------


def _changed(bench: Workbench, old: Belief, new: Belief, by: str | None, what: str) -> Belief:
    fields = [field for field in (*EDITABLE, "status") if getattr(old, field) != getattr(new, field)]
    if not fields:
        return old
    now = bench.clock.now()
    edits = [
        BeliefEdit(at=now, by=by, field=field, was=getattr(old, field), became=getattr(new, field)) for field in fields
    ]
    kept = replace(new, edits=(*old.edits, *edits))
    doing.do(bench, what, by=by, before=Kept(beliefs=(old,)), after=Kept(beliefs=(kept,)))
    return kept


def _held_by(belief: Belief, until: str | None) -> bool:
    """Whether it was held before the day `until` (None: now)."""
    if until is None:
        return belief.status == HELD
    ended = next((edit.at[:10] for edit in reversed(belief.edits) if edit.became == RETIRED), None)
    return belief.since < until and (belief.status == HELD or (ended is not None and ended >= until))
