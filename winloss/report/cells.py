"""Cells of files that spreadsheets open: text stays text, whatever it begins with."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What begins a formula, or a new cell or line before one; spreadsheets take the wide signs for the narrow ones."""
_UNSEEN = "\x00 \xa0\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
"""What a spreadsheet may drop before it looks for a formula."""


def csv_line(cells: Iterable[object]) -> str:
    """One line of a CSV file, with its end."""
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def inert_cell(value: object) -> object:
    """The value as one cell; what a spreadsheet would take for a formula is prefixed with an apostrophe."""
    if isinstance(value, (list, tuple)):
        value = "; ".join(map(str, value))
    if isinstance(value, str) and value.lstrip(_UNSEEN).startswith(_FORMULA):
        return "'" + value
    return value
