"""Every number of a report, one by one: those told as numbers, and those that stand in tables and sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from winloss.model import Figure, Filters, Report, ReportPart, ReportSection, ReportTheme, Share
from winloss.report.charts import wilson
from winloss.report.texts import RoleLabel, headline

_OF = re.compile(r"(?<![\d.,])(\d{1,3}(?:,\d{3})+|\d+) of (\d{1,3}(?:,\d{3})+|\d+)\b(?: (?!in\b|of\b)([a-z]+))?")
_WHOLE = re.compile(r"\d{1,3}(?:,\d{3})+|\d+")
_PERCENT = re.compile(r"([+-]?\d+(?:\.\d+)?)\s?%")
_ALONE = (_OF, _WHOLE, _PERCENT)
PEOPLE, VERDICT = "people", "Verdict"
SPLITS = (("segments", "segment"), ("roles", "role"), ("modes", "mode"), ("sources", "source"), ("outcomes", "outcome"))
"""How a theme is split -> the filter for one of its parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One number: where it stands, what was counted in which group, and `cited` or `scope` to find its verbatims by."""

    segment: str
    section: str
    what: str
    group: str
    unit: str = ""
    count: int | None = None
    base: int | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    cited: tuple[str, ...] = ()
    scope: Filters | None = None


def counted(report: Report, *, role_label: RoleLabel) -> Iterator[Counted]:
    """All numbers of the report, in its order."""
    for part in report.parts:
        if part.verdict is not None:
            what = part.verdict.sentence
            named = Counted(segment=part.segment or "", section=VERDICT, what=what, group="", cited=part.rests_on)
            yield from _told(named, part.verdict.sentence)
        for section in part.sections:
            yield from _section(report, part, section, role_label)


def _section(report: Report, part: ReportPart, section: ReportSection, role_label: RoleLabel) -> Iterator[Counted]:
    blank = Counted(segment=part.segment or "", section=section.heading, what="", group="")
    known = {(figure.share.count, figure.share.base) for figure in section.figures if figure.share}
    for figure in section.figures:
        yield _figure(blank, figure)
    for statement in section.statements:
        named = replace(blank, what=statement.text, cited=statement.citations)
        yield from (told for told in _told(named, statement.text) if (told.count, told.base) not in known)
    if not section.figures:
        yield from _table(blank, section.table)
    for theme in section.themes:
        yield from _theme(blank, theme, report.quarter, role_label)
    if section.note:
        yield from _told(replace(blank, what=section.note), section.note)


def _figure(blank: Counted, figure: Figure) -> Counted:
    named = replace(blank, what=figure.what, group=figure.group, scope=figure.scope)
    if figure.share is not None:
        return _share(named, figure.share)
    value, low, high = figure.change or (None, None, None)
    return replace(named, unit="difference of shares", value=value, low=low, high=high)


def _share(named: Counted, share: Share) -> Counted:
    low, high = wilson(share.count, share.base) if share.base else (None, None)
    return replace(named, unit=PEOPLE, count=share.count, base=share.base, value=share.value, low=low, high=high)


def _theme(blank: Counted, theme: ReportTheme, quarter: str, role_label: RoleLabel) -> Iterator[Counted]:
    """A theme in what it was counted in, split in every way it is split, quarter by quarter, and told checkably."""
    view = theme.view
    named = replace(blank, what=view.theme.title, cited=theme.statement.citations)
    everywhere = replace(theme.scope, theme=(view.theme.id,)) if theme.scope is not None else None
    now = replace(everywhere, quarter=(quarter,)) if everywhere is not None else None
    first = quarter if now is not None else headline(theme.statement.text, view.theme.title)
    yield _share(replace(named, group=first, scope=now), view.share)
    for splits, name in SPLITS:
        for value, share in getattr(view, splits):
            scope = _within(now, name, value) if now is not None else None
            shown = role_label(value) if name == "role" else value
            yield _share(replace(named, group=f"{name}: {shown}", cited=(), scope=scope), share)
    for earlier, share in view.trend:
        if earlier != quarter or now is None:
            scope = replace(everywhere, quarter=(earlier,)) if everywhere is not None else None
            yield _share(replace(named, group=earlier, cited=(), scope=scope), share)
    if view.specific is not None:
        yield replace(_share(replace(named, group="told checkably", cited=()), view.specific), unit="people who say it")


def _within(scope: Filters, name: str, value: str) -> Filters:
    chosen: dict[str, Any] = {name: (value,)}
    return replace(scope, **chosen)


def _told(named: Counted, text: str) -> Iterator[Counted]:
    """The numbers of a sentence that say of how many they are."""
    for found in _OF.finditer(text):
        yield _of(replace(named, group=found[0]), found)


def _of(named: Counted, found: re.Match[str]) -> Counted:
    count, base = _number(found[1]), _number(found[2])
    if not 0 <= count <= base or base == 0:
        return replace(named, unit=found[3] or "", count=count, base=base)
    low, high = wilson(count, base)
    return replace(named, unit=found[3] or "", count=count, base=base, value=count / base, low=low, high=high)


def _table(blank: Counted, rows: Sequence[Sequence[str]]) -> Iterator[Counted]:
    """The cells of a table that hold a number, each by its column and the words before the first number of its row."""
    if not rows:
        return
    head, *body = rows
    for row in body:
        counts = [list(_cell(blank, cell)) for cell in row]
        first = next((place for place in range(1, len(row)) if counts[place]), len(row))
        what = " · ".join(filter(None, row[:first]))
        for name, cell, found in zip(head[first:], row[first:], counts[first:], strict=False):
            group = name if any(form.fullmatch(cell.strip()) for form in _ALONE) else f"{name}: {cell}"
            for told in found:
                yield replace(told, what=what, group=group, unit=told.unit or name.casefold())


def _cell(blank: Counted, cell: str) -> Iterator[Counted]:
    if found := _OF.search(cell):
        yield _of(blank, found)
    elif _WHOLE.fullmatch(cell.strip()):
        yield replace(blank, count=_number(cell))
    elif found := _PERCENT.fullmatch(cell.strip()):
        yield replace(blank, value=float(found[1]) / 100)


def _number(text: str) -> int:
    return int(text.strip().replace(",", ""))
