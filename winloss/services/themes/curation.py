"""People rename, merge, split, pin and archive themes and move verbatims; it holds over every analysis, and is undone.

What was decided is kept like everything that people keep, and computed anew over what the analysis finds
(`winloss.services.themes.curating`). The ledger of events says who decided what, when, and who took it back.
"""

from __future__ import annotations

from collections.abc import Iterable

from winloss.errors import NotFound, QueryError
from winloss.model import (
    Decided,
    EvidenceRow,
    Facet,
    Kept,
    Theme,
    ThemeDecision,
    stable_id,
)
from winloss.ports import Workbench
from winloss.services import doing
from winloss.services.library import library
from winloss.services.research.coding import coder_name
from winloss.services.themes.holding import DONE, rows_of

LONGEST_TITLE = 120


# --- deciding --------------------------------------------------------------------------------------------------------


def rename(bench: Workbench, theme_id: str, title: str, *, by: str | None) -> Theme:
    """Give a theme a title of one's own.

    Raises:
        NotFound: no such theme.
        QueryError: not a title, another theme of the facet has it, or not a person's name.
    """
    theme, title = bench.store.theme(theme_id), _title(title)
    _refuse_taken(bench, theme.facet, title, theme_id)
    if theme.title != title:
        _decide(bench, theme, Decided.RENAME, by=by, title=title)
    return bench.store.theme(theme_id)


def merge(bench: Workbench, theme_id: str, into: str, *, by: str | None) -> Theme:
    """Have one theme go into another of the same facet; returns the latter.

    Raises:
        NotFound: no such theme.
        QueryError: they are one, of two facets, or one has gone into another already; or not a person's name.
    """
    theme, target = bench.store.theme(theme_id), bench.store.theme(into)
    for one in (theme, target):
        if one.merged_into is not None:
            raise QueryError(f"{one.id} has gone into {one.merged_into}", hint="Name that theme instead.")
    if theme.id == target.id or theme.facet is not target.facet:
        raise QueryError("two themes of one facet are needed", hint="A pain cannot go into a proof: label it instead.")
    _decide(bench, theme, Decided.MERGE, by=by, into=into)
    return bench.store.theme(into)


def split(bench: Workbench, theme_id: str, verbatim_ids: Iterable[str], title: str, *, by: str | None) -> Theme:
    """Make a theme of its own of some of a theme's verbatims; what comes later stays with the first.

    Raises:
        NotFound: no such theme.
        QueryError: no verbatims, or all, or some that are not in it; not a title, or taken; not a person's name.
    """
    theme, title, chosen = bench.store.theme(theme_id), _title(title), tuple(dict.fromkeys(verbatim_ids))
    _refuse_taken(bench, theme.facet, title, theme_id)
    members = {row.id for row in rows_of(bench, theme.facet) if row.theme_id == theme_id}
    if not chosen or not members.issuperset(chosen) or len(chosen) == len(members):
        raise QueryError("name some, not all, of the theme's verbatims", hint=f"It has {len(members):,}.")
    made = stable_id("h", "split", theme_id, bench.clock.now(), *sorted(chosen))
    _decide(bench, theme, Decided.SPLIT, by=by, title=title, into=made, verbatims=chosen)
    return bench.store.theme(made)


def move(bench: Workbench, verbatim_ids: Iterable[str], into: str | None, *, by: str | None) -> int:
    """Move verbatims to another theme of their facet, or (None) out of any; returns how many that moved.

    Raises:
        NotFound: no such theme or verbatim.
        QueryError: a verbatim is of another facet, or in no theme and to be in none; not a person's name.
    """
    who, target = coder_name(by), bench.store.theme(into) if into else None
    wanted = dict.fromkeys(verbatim_ids)
    rows = {row.id: row for row in library(bench).rows if row.id in wanted}
    moved: list[EvidenceRow] = []
    for name in wanted:
        row = rows.get(name)
        if row is None:
            raise NotFound(f"no current verbatim {name}")
        if target is not None and row.facet != target.facet.value:
            raise QueryError(f"{name} tells {row.facet}, the theme {target.facet}", hint="Label the verbatim first.")
        if row.theme_id != into:
            moved.append(row)
    for origin in sorted({row.theme_id or "" for row in moved}):
        here = tuple(row.id for row in moved if (row.theme_id or "") == origin)
        about = bench.store.theme(origin) if origin else target
        if about is not None:
            _decide(bench, about, Decided.MOVE, by=who, into=into, verbatims=here)
    return len(moved)


def pin(bench: Workbench, theme_id: str, *, by: str | None) -> Theme:
    """Keep a theme, with the verbatims it has now, whatever later analyses find.

    Raises:
        NotFound: no such theme.
        QueryError: it has gone into another; not a person's name.
    """
    theme = bench.store.theme(theme_id)
    if theme.merged_into is not None:
        raise QueryError(f"{theme.id} has gone into {theme.merged_into}", hint="Pin that theme instead.")
    if not theme.pinned:
        members = tuple(row.id for row in rows_of(bench, theme.facet) if row.theme_id == theme_id)
        _decide(bench, theme, Decided.PIN, by=by, verbatims=members)
    return bench.store.theme(theme_id)


def archive(bench: Workbench, theme_id: str, *, by: str | None) -> Theme:
    """Set a theme aside: it keeps its verbatims and its counts, and lists show it last.

    Raises:
        NotFound: no such theme.
        QueryError: not a person's name.
    """
    theme = bench.store.theme(theme_id)
    if not theme.archived:
        _decide(bench, theme, Decided.ARCHIVE, by=by)
    return bench.store.theme(theme_id)


def take_back(bench: Workbench, decision_id: str, *, by: str | None) -> ThemeDecision:
    """Take back one decision, whoever made it and whatever came after.

    Raises:
        NotFound: there is no such decision.
        QueryError: not a person's name.
    """
    known = {item.id: item for item in bench.store.theme_decisions()}
    if decision_id not in known:
        raise NotFound(f"no decision {decision_id}", hint="`winloss theme history` lists those that hold.")
    gone = known[decision_id]
    doing.do(bench, f"took back: {DONE[gone.kind]} a theme", by=coder_name(by), before=Kept(decisions=(gone,)))
    return gone


def decisions_on(bench: Workbench, theme_id: str) -> list[ThemeDecision]:
    """The decisions that hold about a theme, or that verbatims or other themes came to it by."""
    return [item for item in bench.store.theme_decisions() if theme_id in (item.theme_id, item.into)]


# --- noting it down -------------------------------------------------------------------------------------------------


def _decide(
    bench: Workbench,
    theme: Theme,
    kind: Decided,
    *,
    by: str | None,
    title: str | None = None,
    into: str | None = None,
    verbatims: tuple[str, ...] = (),
) -> None:
    known = bench.store.theme_decisions()
    position, who = max((item.position for item in known), default=0) + 1, coder_name(by)
    made = ThemeDecision(
        id=stable_id("d", kind.value, theme.id, position, bench.clock.now()),
        kind=kind,
        theme_id=theme.id,
        position=position,
        made_at=bench.clock.now(),
        by=who,
        title=title,
        into=into,
        verbatims=verbatims,
    )
    doing.do(bench, f"{DONE[kind]} the theme {theme.title}", by=who, after=Kept(decisions=(made,)))


def _title(text: str) -> str:
    shown = " ".join(text.split())
    if not shown or len(shown) > LONGEST_TITLE:
        raise QueryError("a theme needs a title", hint=f"Up to {LONGEST_TITLE} characters, best in the buyers' words.")
    return shown


def _refuse_taken(bench: Workbench, facet: Facet, title: str, own: str) -> None:
    for theme in bench.store.themes(facet):
        if theme.id != own and theme.title.casefold() == title.casefold():
            raise QueryError(f"another theme is called “{theme.title}”", hint="Take another title, or merge the two.")
