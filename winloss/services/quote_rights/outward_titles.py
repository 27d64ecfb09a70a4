"""How themes are called in what leaves the workspace: a title is a clause that somebody said, and may be theirs alone.

Where only people say it who may not be quoted, the theme's heaviest words stand in its place: single words of many.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from winloss.model import EvidenceRow, Theme, ThemeView, quotable
from winloss.ports import Workbench
from winloss.services.library import library

UNTITLED = "Untitled"
_TERMS = 3


def title_outside(bench: Workbench, theme: Theme) -> str:
    """The theme's title where it may leave, else its heaviest words. A title that a person gave is theirs to give."""
    if theme.named_by or not (withheld := _members(bench, quoted=False).get(theme.id)):
        return theme.title
    if not _says(bench, withheld, theme.title) or _says(bench, _members(bench, quoted=True)[theme.id], theme.title):
        return theme.title
    return " · ".join(theme.terms[:_TERMS]) or UNTITLED


def view_outside(bench: Workbench, view: ThemeView) -> ThemeView:
    """The same theme in the same scope, called as it may be outside."""
    return replace(view, theme=replace(view.theme, title=title_outside(bench, view.theme)))


def _says(bench: Workbench, ids: list[str], title: str) -> bool:
    wanted = _plain(title)
    return any(wanted in _plain(passage.text) for passage in bench.store.passages(ids))


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _members(bench: Workbench, *, quoted: bool) -> Mapping[str, list[str]]:
    """Theme -> the verbatims in it that may be quoted, or those that may not."""
    shelf = library(bench)
    return shelf.once("themes by rights", lambda: _parted(shelf.rows))[quoted]


def _parted(rows: Sequence[EvidenceRow]) -> tuple[Mapping[str, list[str]], Mapping[str, list[str]]]:
    parts: tuple[dict[str, list[str]], dict[str, list[str]]] = (defaultdict(list), defaultdict(list))
    for row in rows:
        if row.theme_id:
            parts[quotable(row.rights)][row.theme_id].append(row.id)
    return parts
