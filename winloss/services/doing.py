"""Doing, undoing and doing again what people keep: every change is noted with what stood there before and after."""

from __future__ import annotations

from winloss.errors import NotFound
from winloss.model import Kept, Operation
from winloss.ports import Keeping, Workbench
from winloss.services import journal
from winloss.services.themes import holding

REMEMBERED = 500
"""How many operations can be gone back through; the store forgets older ones."""

_DECISIONS = ("decisions", "nodes", "beliefs", "syntheses", "collections", "codes", "searches", "rights")
"""What the journal tells of; pins, codings and labels carry their own author."""


def do(bench: Workbench, what: str, *, by: str | None, before: Kept | None = None, after: Kept | None = None) -> None:
    """Change what is kept from `before` to `after`, and note it as `what` ("pinned a verbatim to …").

    Raises:
        Conflict: `before` does not stand there as given, or a name is taken; nothing is changed.
    """
    before, after = before or Kept(), after or Kept()
    operation = Operation(id=0, what=what, made_at=bench.clock.now(), by=by, before=before, after=after)
    _swap(bench, operation, undone=False, new=True)


def undo(bench: Workbench, *, by: str | None) -> Operation:
    """Take back the last thing that this person did and has not taken back.

    Raises:
        NotFound: there is nothing to undo.
        Conflict: somebody else changed the same things since.
    """
    operation = next((item for item in _done_by(bench, by) if not item.undone), None)
    if operation is None:
        raise NotFound("there is nothing to undo")
    _swap(bench, operation, undone=True)
    return operation


def redo(bench: Workbench, *, by: str | None) -> Operation:
    """Do again what this person took back last.

    Raises:
        NotFound: there is nothing to do again.
        Conflict: somebody else changed the same things since.
    """
    taken_back = [item for item in _done_by(bench, by) if item.undone]
    if not taken_back:
        raise NotFound("there is nothing to do again")
    _swap(bench, taken_back[-1], undone=False)
    return taken_back[-1]


def _done_by(bench: Workbench, by: str | None) -> list[Operation]:
    return [item for item in bench.store.operations(limit=REMEMBERED) if item.by == by]


def _swap(bench: Workbench, operation: Operation, *, undone: bool, new: bool = False) -> None:
    before, after = operation.before, operation.after
    if undone:
        before, after = after, before
    evident = any((before.codings, after.codings, before.labels, after.labels, before.rights, after.rights))
    if before.decisions or after.decisions:
        with bench.store.transaction(sources=False) as transaction:
            transaction.swap(before, after)
            _note(bench, transaction, operation, undone=undone, new=new)
            holding.note(bench, transaction, before, after, by=operation.by)
        holding.hold(bench)
        return
    rights = bool(before.rights or after.rights)
    with bench.store.transaction(sources=rights) if evident else bench.store.aside() as transaction:
        transaction.swap(before, after)
        _note(bench, transaction, operation, undone=undone, new=new)


def _note(bench: Workbench, transaction: Keeping, operation: Operation, *, undone: bool, new: bool) -> None:
    """Keep the operation, so that it can be undone, and write decisions to the journal."""
    if any(getattr(bundle, kind) for bundle in (operation.before, operation.after) for kind in _DECISIONS):
        what = journal.TOOK_BACK if undone else journal.DECIDED
        transaction.put_entries([journal.entry(bench, what, operation.what, by=operation.by)])
    if new:
        transaction.put_operation(operation)
    else:
        transaction.set_undone(operation.id, undone)
