"""Days, quarters and ranges of them, as they are written after `date:`, `since:`, `until:` and `quarter:`."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from winloss.search.slips import slip
from winloss.search.tree import Field

QUARTER = r"(?:[0-9]{4}-?Q[1-4]|Q[1-4][\s-]?[0-9]{4})"
_YEAR = re.compile(r"[0-9]{4}")
_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")


def field_of_quarters(text: str, column: int) -> Field:
    """`2026Q1`, `2026-Q1`, `Q1 2026` or `2026` (all four), or `..` between two of them, or beside one.

    Raises:
        QueryError: it is none of these, or the range runs backwards.
    """
    first, dots, last = text.partition("..")
    low = _quarter(first, column, of_year=1) if first else None
    high = _quarter(last if dots else first, column, of_year=4) if last or not dots else None
    _check("quarter", text, low, high, column)
    if low is not None and low == high:
        return Field("quarter", (low,), places=(column,))
    return Field("quarter", low=low, high=high, places=(column,))


def field_of_days(name: str, text: str, column: int) -> Field:
    """A day, month, quarter or year, or two of them with `..`, of which one may be missing; `since` and `until` one.

    Raises:
        QueryError: it is none of these, or the range runs backwards.
    """
    first, dots, last = text.partition("..")
    if dots and name != "date":
        hint = f"Write {name}:2026-03-15, or date:2026-01..2026-03."
        raise slip(f"{name}: takes one day", column, hint)
    low = _days(name, first, column)[0] if first else None
    high = _days(name, last if dots else first, column)[1] if last or not dots else None
    _check(name, text, low, high, column)
    return Field("date", low=None if name == "until" else low, high=None if name == "since" else high, places=(column,))


def hint_for(name: str) -> str:
    """How a value of `date`, `since`, `until` or `quarter` is written."""
    if name == "quarter":
        return "Write quarter:2026Q1, quarter:2026, or a range: quarter:2026Q1..2026Q3, quarter:2026Q1.."
    if name == "date":
        return "Write date:2026-03-15, date:2026-03, date:2026, or a range: date:2026-01..2026-03, date:2026-01.."
    return f"Write {name}:2026-03-15, {name}:2026-03 or {name}:2026."


def _quarter(text: str, column: int, *, of_year: int) -> str:
    """The quarter as `2026Q1`; of a whole year the one of this number."""
    plain = text.strip().upper()
    if _YEAR.fullmatch(plain) and plain != "0000":
        return f"{plain}Q{of_year}"
    digits = re.sub(r"[^0-9]", "", plain)
    year, number = (digits[1:], digits[:1]) if plain.startswith("Q") else (digits[:4], digits[4:])
    if not re.fullmatch(QUARTER, plain) or year == "0000":
        raise slip(f"not a quarter: {text!r}", column, hint_for("quarter"))
    return f"{year}Q{number}"


def _days(name: str, text: str, column: int) -> tuple[str, str]:
    """The first and the last day of what is written, as ISO days."""
    plain = text.strip().upper()
    try:
        if re.fullmatch(QUARTER, plain):
            of, number = map(int, _quarter(plain, column, of_year=1).split("Q"))
            return _span(of, 3 * number - 2, 3 * number)
        match = _DAY.fullmatch(plain)
        year, month, day = (int(part or -1) for part in match.groups()) if match else (0, 0, 0)
        return _span(year, 1 if month < 0 else month, 12 if month < 0 else month, None if day < 0 else day)
    except ValueError:
        raise slip(f"not a date: {text!r}", column, hint_for(name)) from None


def _span(year: int, first_month: int, last_month: int, day: int | None = None) -> tuple[str, str]:
    """The first and the last day of these months, or this one day; ValueError where there is no such day."""
    first = date(year, first_month, 1 if day is None else day)
    return first.isoformat(), date(
        year, last_month, monthrange(year, last_month)[1] if day is None else day
    ).isoformat()


def _check(name: str, text: str, low: str | None, high: str | None, column: int) -> None:
    if low is None and high is None:
        raise slip("a range without a beginning and an end", column, hint_for(name))
    if low is not None and high is not None and low > high:
        raise slip(f"the range {text} runs backwards", column, f"Write the earlier {name} first.")
