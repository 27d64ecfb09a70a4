"""The numbers of a report as numbers: to be drawn, put into a spreadsheet, and led back to their verbatims."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from winloss.model import Figure, Filters, Share, ThemeChange, ThemeView
from winloss.ports import Workbench
from winloss.services.evidence import passing
from winloss.services.library import library


def side_by_side(views: Iterable[ThemeView], segments: Sequence[str], scope: Filters) -> tuple[Figure, ...]:
    """Each theme in each segment; `scope` is what was counted in, its quarter included."""
    return tuple(
        Figure(
            what=view.theme.title,
            group=segment,
            share=share,
            scope=replace(scope, theme=(view.theme.id,), segment=(segment,)),
        )
        for view in views
        for segment, share in _in_order(view, segments)
    )


def changes(moved: Iterable[ThemeChange], earlier: str, later: str, scope: Filters) -> tuple[Figure, ...]:
    """Each theme before and now, and how far apart these are; `scope` is what was counted in, without its quarter."""
    return tuple(figure for change in moved for figure in _change(change, earlier, later, scope))


def behind(bench: Workbench, scope: Filters) -> tuple[str, ...]:
    """The verbatims that pass the filters, by id; of themes only what a facet of them says."""
    return tuple(sorted(row.id for row in passing(library(bench).rows, scope)))


def _in_order(view: ThemeView, segments: Sequence[str]) -> list[tuple[str, Share]]:
    shares = dict(view.segments)
    return [(segment, shares[segment]) for segment in segments if segment in shares]


def _change(change: ThemeChange, earlier: str, later: str, scope: Filters) -> list[Figure]:
    of_theme = replace(scope, theme=(change.theme.id,))
    told = [
        Figure(what=change.theme.title, group=quarter, share=share, scope=replace(of_theme, quarter=(quarter,)))
        for quarter, share in ((earlier, change.earlier), (later, change.later))
    ]
    if change.difference is None or change.low is None or change.high is None:
        return told
    apart = (change.difference, change.low, change.high)
    both = replace(of_theme, quarter=(earlier, later))
    return [*told, Figure(what=change.theme.title, group=f"{earlier} to {later}", change=apart, scope=both)]
