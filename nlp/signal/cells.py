"""A cell of evidence made ready for the drift detector: rows sorted by id, respondents numbered, periods in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.signal.treescan import Bools, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """The rows of a cell, sorted by id, with respondents-in-a-period numbered as units."""

    ids: tuple[str, ...]
    vectors: NDArray[np.float32]
    dates: tuple[str | None, ...]
    unit_of_row: Ints
    period_of_unit: Ints
    strata: Ints
    sampling: Ints
    periods: tuple[str, ...]


def make_cell(
    vectors: NDArray[np.float32],
    ids: Sequence[str],
    respondents: Sequence[str],
    quarters: Sequence[str],
    strata: Sequence[str],
    sampling: Sequence[str],
    dates: Sequence[str | None] | None,
    current: str,
    span: int,
) -> Cell:
    """The cell of `current` and the periods before it, `span` periods in all; rows of other periods are left out."""
    periods = [*sorted({quarter for quarter in quarters if quarter < current}), current]
    periods = periods[-span:]
    place = {period: number for number, period in enumerate(periods)}
    order = sorted((row for row in range(len(ids)) if quarters[row] in place), key=lambda row: ids[row])
    units: dict[tuple[str, str], int] = {}
    first: list[int] = []
    for row in sorted(order, key=lambda row: (respondents[row], quarters[row], ids[row])):
        if (respondents[row], quarters[row]) not in units:
            units[respondents[row], quarters[row]] = len(units)
            first.append(row)
    return Cell(
        ids=tuple(ids[row] for row in order),
        vectors=vectors[order],
        dates=tuple(dates[row] if dates else None for row in order),
        unit_of_row=np.array([units[respondents[row], quarters[row]] for row in order], dtype=np.int64),
        period_of_unit=np.array([place[quarters[row]] for row in first], dtype=np.int64),
        strata=_numbered([strata[row] for row in first]),
        sampling=_numbered([sampling[row] for row in first]),
        periods=tuple(periods),
    )


def people(cell: Cell, width: int, history: int) -> tuple[Bools, Bools]:
    """Units of the last `width` periods, and those of the history before them."""
    border = len(cell.periods) - width
    now = cell.period_of_unit >= border
    before = (cell.period_of_unit < border) & (cell.period_of_unit >= border - history)
    return now, before


def _numbered(labels: Sequence[str]) -> Ints:
    names = {label: number for number, label in enumerate(sorted(set(labels)))}
    return np.array([names[label] for label in labels], dtype=np.int64)
