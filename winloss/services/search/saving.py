"""Saved searches: what was asked, to be asked again; each says what is new since it was last looked at.

What counts as new is what the search finds now and had not found when it was last shown. A search remembers short
hashes of everything it has ever shown, so that a verbatim that leaves and returns is not new twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches

from winloss.errors import Conflict, NotFound, WinlossError
from winloss.model import Filters, Kept, Look, SavedSearch, mark_of, name_key, stable_id
from winloss.ports import Workbench
from winloss.services import doing
from winloss.services.research.collecting import proper_name
from winloss.services.search import searching

MOST = 100_000
"""A search is compared with what it showed before as far as this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a saved search stands now: the ids found, best first, and which of them are new since `looked_at`.

    `wrong` says why nothing can be found with it any more, and what to do.
    """

    search: SavedSearch
    ids: tuple[str, ...] = ()
    new: frozenset[str] = frozenset()
    looked_at: str | None = None
    wrong: str | None = None

    @property
    def new_first(self) -> tuple[str, ...]:
        """The ids found, the new ones before the others, each best first."""
        return tuple(sorted(self.ids, key=lambda item: item not in self.new))


def standings(bench: Workbench) -> list[Standing]:
    """Every saved search as it stands now, by name; nothing counts as looked at by that.

    One that cannot be asked any more says so in `wrong`; the others stand beside it.
    """
    looks = {look.search_id: look for look in bench.store.looks()}
    return [_standing_or_wrong(bench, search, looks.get(search.id)) for search in bench.store.saved_searches()]


def standing(bench: Workbench, name: str) -> Standing:
    """One saved search as it stands now, by name or id; nothing counts as looked at by that.

    Raises:
        NotFound: there is no such search.
        QueryError: what it asks for is no longer there, such as a role that nothing has any more.
    """
    search = find(bench, name)
    look = next((item for item in bench.store.looks() if item.search_id == search.id), None)
    return _standing(bench, search, look)


def looked_at(bench: Workbench, search: SavedSearch, shown: Iterable[str]) -> None:
    """Note that somebody has looked at the search and was shown these verbatims; what was not shown stays new."""
    known = next((look.seen for look in bench.store.looks() if look.search_id == search.id), frozenset())
    with bench.store.aside() as transaction:
        transaction.put_look(_look(bench, search.id, known, tuple(shown)))


def find(bench: Workbench, name: str) -> SavedSearch:
    """The saved search of that name or id.

    Raises:
        NotFound: there is none; the hint names the nearest.
    """
    known = bench.store.saved_searches()
    for item in known:
        if item.id == name or name_key(item.name) == name_key(name):
            return item
    near = get_close_matches(name_key(name), [name_key(item.name) for item in known], n=1)
    meant = next((item.name for item in known if near and name_key(item.name) == near[0]), None)
    hint = f"Did you mean {meant!r}?" if meant else "`winloss saved list` shows which there are."
    raise NotFound(f"no saved search {name!r}", hint=hint)


def save(
    bench: Workbench, name: str, query: str, filters: Filters, *, mode: str = "hybrid", by: str | None
) -> SavedSearch:
    """Save a search; what it finds now counts as seen.

    Raises:
        QueryError: it is no name, or the search is wrong.
        Conflict: there is a search of that name.
    """
    searching.check_filters(bench, filters)
    ids, _ = searching.listing(bench, query, filters, mode=mode, limit=MOST)
    now, shown = bench.clock.now(), proper_name(name)
    identity = stable_id("s", name_key(shown), now)
    made = SavedSearch(id=identity, name=shown, made_at=now, query=query.strip(), mode=mode, filters=filters, by=by)
    _refuse_taken(bench, made)
    doing.do(bench, f"saved the search {made.name}", by=by, after=Kept(searches=(made,)))
    with bench.store.aside() as transaction:
        transaction.put_look(_look(bench, made.id, frozenset(), tuple(ids)))
    return made


def rename(bench: Workbench, name: str, to: str, *, by: str | None) -> SavedSearch:
    """Give a saved search another name.

    Raises:
        NotFound: there is no such search.
        QueryError: it is no name.
        Conflict: there is a search of that name.
    """
    old = find(bench, name)
    new = replace(old, name=proper_name(to))
    if new != old:
        _refuse_taken(bench, new)
        what = f"renamed the search {old.name} to {new.name}"
        doing.do(bench, what, by=by, before=Kept(searches=(old,)), after=Kept(searches=(new,)))
    return new


def remove(bench: Workbench, name: str, *, by: str | None) -> None:
    """Take a saved search away; what it finds stays.

    Raises:
        NotFound: there is no such search.
    """
    old = find(bench, name)
    doing.do(bench, f"removed the search {old.name}", by=by, before=Kept(searches=(old,)))


def _standing_or_wrong(bench: Workbench, search: SavedSearch, look: Look | None) -> Standing:
    try:
        return _standing(bench, search, look)
    except WinlossError as error:
        wrong = f"{error.message}. {error.hint}" if error.hint else error.message
        return Standing(search=search, looked_at=look.looked_at if look else None, wrong=wrong)


def _standing(bench: Workbench, search: SavedSearch, look: Look | None) -> Standing:
    ids, _ = searching.listing(bench, search.query, search.filters, mode=search.mode, limit=MOST)
    seen = look.seen if look else frozenset()
    new = frozenset(verbatim_id for verbatim_id in ids if mark_of(verbatim_id) not in seen)
    return Standing(search=search, ids=tuple(ids), new=new, looked_at=look.looked_at if look else None)


def _look(bench: Workbench, search_id: str, seen: frozenset[bytes], ids: tuple[str, ...]) -> Look:
    return Look(search_id=search_id, looked_at=bench.clock.now(), seen=seen | {mark_of(item) for item in ids})


def _refuse_taken(bench: Workbench, wanted: SavedSearch) -> None:
    for item in bench.store.saved_searches():
        if item.id != wanted.id and name_key(item.name) == name_key(wanted.name):
            raise Conflict(f"there is a saved search {item.name!r} already", hint="Take another name.")
