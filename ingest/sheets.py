"""Excel sheets as rows of text."""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from ingest.limits import MAX_CELL
from ingest.values import as_text
from ingest.zips import BROKEN_ZIP, check_office
from winloss.errors import MalformedSource

MAX_ROWS = 1_048_576
_SHEET_ERRORS = (
    *(*BROKEN_ZIP, zlib.error, SyntaxError, EOFError, RuntimeError, OverflowError),
    *(KeyError, IndexError, TypeError, AttributeError),
)


def sheet_cells(path: Path, sheet: str | None, *, limit: int | None = None) -> list[tuple[int, list[str]]]:
    """Filled rows as text with their number, of the named sheet or the first that has any. Values, not formulas.

    Raises:
        MalformedSource: not a readable Excel file, no such sheet, or larger than Excel itself can make one.
    """
    import openpyxl

    check_office(path)
    try:
        with path.open("rb") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            if sheet is not None and sheet not in book.sheetnames:
                hint = f"Its sheets: {', '.join(book.sheetnames)}."
                raise MalformedSource(f"{path.name} has no sheet {sheet!r}", hint=hint, path=str(path))
            for chosen in (book[sheet],) if sheet else book.worksheets:
                chosen.reset_dimensions()
                rows = list(islice(_filled(path, chosen.iter_rows(values_only=True)), limit))
                if rows:
                    return rows
    except _SHEET_ERRORS as error:
        raise MalformedSource(
            f"{path.name} is not a readable Excel file", hint="Save it again as .xlsx or .csv.", path=str(path)
        ) from error
    return []


def _filled(path: Path, rows: Iterable[Sequence[object]]) -> Iterator[tuple[int, list[str]]]:
    for number, values in enumerate(rows, start=1):
        if number > MAX_ROWS:
            raise MalformedSource(
                f"{path.name} has rows below row {MAX_ROWS:,}, more than Excel can show",
                hint="Open it in Excel and save it again, or export it as CSV.",
                path=str(path),
            )
        cells = [as_text(value) for value in values]
        if any(len(cell) > MAX_CELL for cell in cells):
            raise MalformedSource(
                f"row {number} of {path.name} has a cell of more than {MAX_CELL >> 20} million characters",
                hint="Remove it and save the file again.",
                path=str(path),
            )
        while cells and not cells[-1].strip():
            cells.pop()
        if cells:
            yield number, cells
