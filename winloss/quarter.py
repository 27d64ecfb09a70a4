"""Calendar quarters: half-open, ordered, and written `2026Q2` everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from winloss.errors import QueryError

_WRITTEN = re.compile(r"(\d{4})-?Q([1-4])", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """One calendar quarter; compares by time."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (1 <= self.year <= 9999 and 1 <= self.number <= 4):
            raise QueryError(f"no such quarter: {self.year}Q{self.number}", hint="Quarters look like 2026Q2.")

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Read `2026Q2` (or `2026-Q2`, `2026q2`).

        Raises:
            QueryError: the text is not a quarter.
        """
        match = _WRITTEN.fullmatch(text.strip())
        if match is None:
            raise QueryError(f"not a quarter: {text!r}", hint="Write quarters as 2026Q2.")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Quarter:
        """The quarter that holds `day`."""
        return cls(day.year, (day.month - 1) // 3 + 1)

    @property
    def start(self) -> date:
        """First day, inclusive."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def end(self) -> date:
        """First day of the next quarter, exclusive."""
        return self.shift(1).start

    def shift(self, quarters: int) -> Quarter:
        """The quarter `quarters` later (earlier where negative)."""
        index = self.year * 4 + self.number - 1 + quarters
        return Quarter(index // 4, index % 4 + 1)

    def __str__(self) -> str:
        return f"{self.year:04}Q{self.number}"


def quarter_range(first: Quarter, last: Quarter) -> Iterator[Quarter]:
    """Every quarter from `first` to `last`, both included, oldest first."""
    current = first
    while current <= last:
        yield current
        current = current.shift(1)
