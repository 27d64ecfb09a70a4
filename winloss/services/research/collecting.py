"""Collections: named lists of pinned verbatims, in the order that somebody gave them, with notes; all undoable.

A pin keeps a verbatim, not a copy of its words. Where a newer version of the document has other words, the pin stays
and says so; what is forgotten leaves every collection.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from winloss.errors import Conflict, NotFound, QueryError
from winloss.model import Kept, Passage, Pin, QuoteCollection, name_key, stable_id
from winloss.ports import Workbench
from winloss.services import doing

LONGEST_NAME = 100
LONGEST_NOTE = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A collection and how many verbatims are pinned to it."""

    collection: QuoteCollection
    pins: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """A pinned verbatim; `retired` where a newer version of its document no longer has these words."""

    passage: Passage
    pin: Pin
    retired: bool


def shelves(bench: Workbench) -> list[Shelf]:
    """Every collection, by name."""
    pins = Counter(pin.collection_id for pin in bench.store.pins())
    return [Shelf(collection=item, pins=pins[item.id]) for item in bench.store.collections()]


def find(bench: Workbench, name: str) -> QuoteCollection:
    """The collection of that name or id.

    Raises:
        NotFound: there is none; the hint names the nearest.
    """
    known = bench.store.collections()
    for item in known:
        if item.id == name or name_key(item.name) == name_key(name):
            return item
    near = get_close_matches(name_key(name), [name_key(item.name) for item in known], n=1)
    meant = next((item.name for item in known if near and name_key(item.name) == near[0]), None)
    hint = f"Did you mean {meant!r}?" if meant else "`winloss collections list` shows which there are."
    raise NotFound(f"no collection {name!r}", hint=hint)


def contents(bench: Workbench, name: str) -> tuple[Pinned, ...]:
    """What is pinned to a collection, in its order.

    Raises:
        NotFound: there is no such collection.
    """
    pins = bench.store.pins(find(bench, name).id)
    passages = {passage.id: passage for passage in bench.store.passages([pin.verbatim_id for pin in pins])}
    documents = sorted({passage.document_id for passage in passages.values()})
    current = {row.id for row in bench.store.evidence_rows(documents)} if documents else set()
    return tuple(
        Pinned(passage=passages[pin.verbatim_id], pin=pin, retired=pin.verbatim_id not in current)
        for pin in pins
        if pin.verbatim_id in passages
    )


def create(bench: Workbench, name: str, *, by: str | None, description: str = "") -> QuoteCollection:
    """Make an empty collection.

    Raises:
        QueryError: it is no name.
        Conflict: there is one of that name.
    """
    made = _made(bench, name, by, description)
    doing.do(bench, f"made the collection {made.name}", by=by, after=Kept(collections=(made,)))
    return made


def describe(
    bench: Workbench, name: str, *, by: str | None, to: str | None = None, description: str | None = None
) -> QuoteCollection:
    """Give a collection another name or description; what is None stays.

    Raises:
        NotFound: there is no such collection.
        QueryError: it is no name.
        Conflict: there is one of that name.
    """
    old = find(bench, name)
    new = replace(
        old,
        name=old.name if to is None else proper_name(to),
        description=old.description if description is None else proper_note(description),
    )
    if new != old:
        _refuse_taken(bench, new)
        what = f"changed the collection {new.name}"
        doing.do(bench, what, by=by, before=Kept(collections=(old,)), after=Kept(collections=(new,)))
    return new


def remove(bench: Workbench, name: str, *, by: str | None) -> int:
    """Take a collection away with its pins, the verbatims stay; returns how many pins it had.

    Raises:
        NotFound: there is no such collection.
    """
    old = find(bench, name)
    pins = tuple(bench.store.pins(old.id))
    doing.do(bench, f"removed the collection {old.name}", by=by, before=Kept(collections=(old,), pins=pins))
    return len(pins)


def merge(bench: Workbench, name: str, into: str, *, by: str | None) -> QuoteCollection:
    """Pin what is in one collection to another as well, behind what is there, and take the first away.

    What is in both stays where it is in the second, with the notes of both.

    Raises:
        NotFound: one of them is not there.
        QueryError: they are the same, or the two notes of one verbatim are too long together.
    """
    old, target = find(bench, name), find(bench, into)
    if old == target:
        raise QueryError("a collection cannot be merged with itself", hint="Name two collections.")
    gone, there = tuple(bench.store.pins(old.id)), bench.store.pins(target.id)
    known, last = {pin.verbatim_id: pin for pin in there}, _last(there)
    moved = [pin for pin in gone if pin.verbatim_id not in known]
    pins = [replace(pin, collection_id=target.id, position=place) for place, pin in enumerate(moved, start=last + 1)]
    noted = {
        known[pin.verbatim_id]: _with_note(known[pin.verbatim_id], pin.note) for pin in gone if pin.verbatim_id in known
    }
    changed = {pin: new for pin, new in noted.items() if pin != new}
    before = Kept(collections=(old,), pins=(*gone, *changed))
    after = Kept(pins=(*pins, *changed.values()))
    doing.do(bench, f"merged {old.name} into {target.name}", by=by, before=before, after=after)
    return target


def pin(
    bench: Workbench, name: str, verbatim_ids: Iterable[str], *, by: str | None, note: str = "", new: bool = False
) -> int:
    """Pin verbatims behind what is in the collection; what is pinned already stays where it is. Returns how many.

    `new` makes the collection where there is none of that name.

    Raises:
        NotFound: there is no such collection, or no such verbatim.
        QueryError: it is no name.
    """
    target, made = _target(bench, name, by, new=new)
    there = bench.store.pins(target.id)
    known = {item.verbatim_id for item in there}
    wanted = [verbatim_id for verbatim_id in dict.fromkeys(verbatim_ids) if verbatim_id not in known]
    _refuse_unknown(bench, wanted)
    now, first = bench.clock.now(), _last(there) + 1
    pins = tuple(
        Pin(collection_id=target.id, verbatim_id=item, position=place, made_at=now, note=proper_note(note), by=by)
        for place, item in enumerate(wanted, start=first)
    )
    if pins or made:
        count = f"{len(pins)} verbatims" if len(pins) != 1 else "a verbatim"
        doing.do(bench, f"pinned {count} to {target.name}", by=by, after=Kept(collections=made, pins=pins))
    return len(pins)


def unpin(bench: Workbench, name: str, verbatim_ids: Iterable[str], *, by: str | None) -> int:
    """Take pins away; returns how many there were.

    Raises:
        NotFound: there is no such collection.
    """
    target, unwanted = find(bench, name), set(verbatim_ids)
    gone = tuple(item for item in bench.store.pins(target.id) if item.verbatim_id in unwanted)
    if gone:
        count = f"{len(gone)} verbatims" if len(gone) != 1 else "a verbatim"
        doing.do(bench, f"took {count} out of {target.name}", by=by, before=Kept(pins=gone))
    return len(gone)


def note(bench: Workbench, name: str, verbatim_id: str, text: str, *, by: str | None) -> None:
    """Write the note of a pin anew; empty takes it away.

    Raises:
        NotFound: there is no such collection, or the verbatim is not pinned to it.
    """
    old = _pin_of(bench, name, verbatim_id)
    new = replace(old, note=proper_note(text))
    if new != old:
        doing.do(bench, "changed a note", by=by, before=Kept(pins=(old,)), after=Kept(pins=(new,)))


def move(bench: Workbench, name: str, verbatim_id: str, place: int, *, by: str | None) -> None:
    """Put a pin at another place, counted from 1; the others close up.

    Raises:
        NotFound: there is no such collection, or the verbatim is not pinned to it.
    """
    pins = bench.store.pins(find(bench, name).id)
    moved = _pin_of(bench, name, verbatim_id)
    others = [item for item in pins if item != moved]
    others.insert(max(0, min(place - 1, len(others))), moved)
    placed = [replace(item, position=number) for number, item in enumerate(others, start=1)]
    before = tuple(old for old, new in zip(others, placed, strict=True) if old != new)
    after = tuple(new for old, new in zip(others, placed, strict=True) if old != new)
    if before:
        doing.do(bench, "changed the order of a collection", by=by, before=Kept(pins=before), after=Kept(pins=after))


def proper_name(text: str) -> str:
    """A name as it is stored.

    Raises:
        QueryError: it is empty, too long, or holds control characters.
    """
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_NAME or any(unicodedata.category(it) in ("Cc", "Cs") for it in name):
        raise QueryError("a name is needed", hint=f"At most {LONGEST_NAME} letters, such as “Board deck, Q3”.")
    return name


def proper_note(text: str) -> str:
    """A note as it is stored.

    Raises:
        QueryError: it is too long.
    """
    told = text.replace("\r\n", "\n").replace("\r", "\n").strip().encode("utf-8", "replace").decode("utf-8")
    if len(told) > LONGEST_NOTE:
        raise QueryError(f"a note of {len(told):,} letters", hint=f"At most {LONGEST_NOTE:,} are kept.")
    return told.replace("\0", "")


def _made(bench: Workbench, name: str, by: str | None, description: str = "") -> QuoteCollection:
    now, shown = bench.clock.now(), proper_name(name)
    identity = stable_id("c", name_key(shown), now)
    made = QuoteCollection(id=identity, name=shown, made_at=now, description=proper_note(description), by=by)
    _refuse_taken(bench, made)
    return made


def _refuse_taken(bench: Workbench, wanted: QuoteCollection) -> None:
    for item in bench.store.collections():
        if item.id != wanted.id and name_key(item.name) == name_key(wanted.name):
            raise Conflict(f"there is a collection {item.name!r} already", hint="Take another name, or merge the two.")


def _target(
    bench: Workbench, name: str, by: str | None, *, new: bool
) -> tuple[QuoteCollection, tuple[QuoteCollection, ...]]:
    try:
        return find(bench, name), ()
    except NotFound:
        if not new:
            raise
    made = _made(bench, name, by)
    return made, (made,)


def _refuse_unknown(bench: Workbench, verbatim_ids: Sequence[str]) -> None:
    known = {passage.id for passage in bench.store.passages(list(verbatim_ids))}
    if unknown := [item for item in verbatim_ids if item not in known]:
        raise NotFound(f"no verbatim {unknown[0]}", hint="Ids are printed by `winloss search --json`.")


def _pin_of(bench: Workbench, name: str, verbatim_id: str) -> Pin:
    target = find(bench, name)
    for item in bench.store.pins(target.id):
        if item.verbatim_id == verbatim_id:
            return item
    raise NotFound(f"{verbatim_id} is not in {target.name}", hint="Pin it first.")


def _with_note(pin: Pin, told: str) -> Pin:
    """The pin with another note below its own, unless that says the same.

    Raises:
        QueryError: both together are too long.
    """
    notes = dict.fromkeys(text for text in (pin.note, told) if text)
    return replace(pin, note=proper_note("\n".join(notes)))


def _last(pins: Sequence[Pin]) -> int:
    return max((item.position for item in pins), default=0)
