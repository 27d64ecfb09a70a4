"""Everything that a report counts as a table for spreadsheets: one number a row, with the verbatims behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from winloss.model import Filters, Report
from winloss.report.cells import csv_line, inert_cell
from winloss.report.counting import counted
from winloss.report.texts import Link, RoleLabel, printable

COLUMNS = (
    *("quarter", "segment", "section", "what", "group", "unit", "count", "base", "share", "low", "high"),
    *("verbatims", "first in context"),
)
MARK = "\ufeff"
"""By which Excel knows the file for UTF-8."""
LONGEST = 32_000
"""Letters of one cell; Excel takes 32,767."""


def render_csv(
    report: Report, *, link: Link, role_label: RoleLabel, behind: Callable[[Filters], Sequence[str]]
) -> bytes:
    """All numbers of the report. Shares and their 95% intervals are fractions; `verbatims` are ids."""
    lines = [csv_line(COLUMNS), *_lines(report, link, role_label, behind)]
    return (MARK + "".join(lines)).encode("utf-8", "replace")


def _lines(
    report: Report, link: Link, role_label: RoleLabel, behind: Callable[[Filters], Sequence[str]]
) -> Iterator[str]:
    for row in counted(report, role_label=role_label):
        names = behind(row.scope) if row.scope is not None else row.cited
        cells = (
            *(report.quarter, row.segment, row.section, row.what, row.group, row.unit, row.count, row.base),
            *(_fraction(value) for value in (row.value, row.low, row.high)),
            *(_listed(names), link(names[0]) if names else ""),
        )
        yield csv_line(inert_cell(printable(cell) if isinstance(cell, str) else cell) for cell in cells)


def _fraction(value: float | None) -> str | float:
    return "" if value is None else round(value, 4)


def _listed(names: Sequence[str]) -> str:
    """The ids in one cell; where they are more than it holds, how many there are in all."""
    told: list[str] = []
    used = 0
    for name in names:
        used += len(name) + 1
        if used > LONGEST:
            return f"{' '.join(told)} … {len(names)} in all"
        told.append(name)
    return " ".join(told)
