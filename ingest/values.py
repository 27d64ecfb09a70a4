"""Written values as people and programs export them: days, clock times, numbers, yes and no."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_SLASHED = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?:,?[T ].*)?")
_EPOCH = re.compile(r"\d{13}|\d{10}(?:\.\d+)?")
_NAMED = ("%d %b %Y", "%d %B %Y", "%b %d %Y", "%B %d %Y")
_IN_NAME = re.compile(r"(?<!\d)(20\d{2})([-_./]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{2})(?:[.,](\d{1,3}))?")
_NUMBER = re.compile(r"-?\d[\d.,  '’\u202f]*\d|-?\d")
_SCALES = {"k": 1e3, "m": 1e6, "mn": 1e6, "mio": 1e6, "b": 1e9, "bn": 1e9}
_YES = frozenset({"true", "yes", "y", "1", "ja", "oui", "si", "sí", "wahr", "vrai"})
_NO = frozenset({"false", "no", "n", "0", "nein", "non", "falsch", "faux"})

MONTH_FIRST, DAY_FIRST = "month/day/year", "day/month/year"


def parse_day(text: str, formats: Sequence[str] = (), *, order: str | None = None) -> date | None:
    """The day that `text` names, or None.

    `formats` are `iso`, `epoch_s`, `epoch_ms` or strptime patterns, tried in order. Without any, ISO days and
    timestamps, days with a month's name and 10 or 13 digit epochs are read; `3/4/2026` only where `order` tells how.
    """
    text = text.strip()
    if formats:
        return next((day for form in formats if (day := _by_format(text, form))), None)
    return _iso(text) or _slashed(text, order) or _named(text) or _epoch(text)


def day_order(values: Iterable[str]) -> tuple[str, bool]:
    """How a column writes `3/4/2026`, decided over all its values, and whether that was a guess.

    One value above 12 settles it. Where nothing does, dots mean day first and slashes month first (the habit of
    American exports); a column that contradicts itself is a guess as well.
    """
    first_big = second_big = dotted = slashed = 0
    for match in filter(None, (_SLASHED.fullmatch(value.strip()) for value in values)):
        first_big += int(match[1]) > 12
        second_big += int(match[3]) > 12
        dotted += match[2] == "."
        slashed += match[2] != "."
    if bool(first_big) != bool(second_big):
        return (DAY_FIRST if first_big else MONTH_FIRST), False
    if dotted and not slashed:
        return DAY_FIRST, False
    return (DAY_FIRST if first_big > second_big else MONTH_FIRST), slashed > 0


def day_in_name(name: str) -> date | None:
    """The day that a file name carries (`2026-04-14 call`, `GMT20260414-150203`), or None."""
    match = _IN_NAME.search(name)
    return _date(match[1], match[3], match[4]) if match else None


def parse_clock(text: str) -> int | None:
    """Milliseconds of `M:SS`, `MM:SS`, `H:MM:SS` or `HH:MM:SS.mmm`, or None."""
    match = _CLOCK.fullmatch(text.strip())
    if match is None or int(match[3]) > 59 or (match[1] and int(match[2]) > 59):
        return None
    seconds = int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3])
    return seconds * 1000 + int((match[4] or "0").ljust(3, "0"))


def parse_number(text: str) -> float | None:
    """`185,000.00`, `1.234,56 €`, `$1,2 m`, `(500)`; None where there is no single number.

    A lone separator followed by exactly three digits groups thousands if it is a comma, an apostrophe or a space,
    and is a decimal point if it is a dot.
    """
    text = text.strip()
    found = _NUMBER.findall(text)
    if len(found) != 1:
        return None
    value = _plain(found[0])
    scale = re.search(r"\d\s?([a-z]{1,3})\b", text.casefold())
    if value is not None and scale:
        value *= _SCALES.get(scale[1], 1.0)
    negative = text.startswith("(") and text.endswith(")")
    return -value if value is not None and negative else value


def parse_yes(text: str) -> bool | None:
    """True or False for the usual words, None for anything else."""
    word = text.strip().casefold()
    return True if word in _YES else False if word in _NO else None


def as_text(value: object) -> str:
    """A cell as text: None is empty, whole floats lose their `.0`, days are ISO."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


def _by_format(text: str, form: str) -> date | None:
    if form == "iso":
        return _iso(text)
    try:
        if form in ("epoch_s", "epoch_ms"):
            return datetime.fromtimestamp(float(text) / (1000 if form == "epoch_ms" else 1), tz=UTC).date()
        return datetime.strptime(text, form).date()  # noqa: DTZ007  (a day as written has no zone)
    except (ValueError, OverflowError, OSError):
        return None


def _iso(text: str) -> date | None:
    match = _ISO.fullmatch(text)
    return _date(match[1], match[2], match[3]) if match else None


def _slashed(text: str, order: str | None) -> date | None:
    match = _SLASHED.fullmatch(text)
    if match is None:
        return None
    first, second = int(match[1]), int(match[3])
    if order is None and (first > 12) == (second > 12) and first != second:
        return None
    day_first = order == DAY_FIRST if order else first > 12
    year = match[4] if len(match[4]) == 4 else f"20{match[4]}"
    return _date(year, second, first) if day_first else _date(year, first, second)


def _named(text: str) -> date | None:
    words = " ".join(re.findall(r"\w+", text.replace("-", " "))[:3])
    return next((day for form in _NAMED if (day := _by_format(words, form))), None)


def _epoch(text: str) -> date | None:
    if not _EPOCH.fullmatch(text):
        return None
    return _by_format(text, "epoch_ms" if len(text) == 13 else "epoch_s")


def _date(year: str | int, month: str | int, day: str | int) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _plain(digits: str) -> float | None:
    """A number with grouping and decimal signs as a float."""
    digits = re.sub(r"[  '’\u202f]", "", digits)
    comma, dot = digits.rfind(","), digits.rfind(".")
    if comma >= 0 and dot >= 0:
        group, point = (",", ".") if dot > comma else (".", ",")
    elif comma >= 0:
        groups = digits.split(",")[1:]
        group, point = (",", ".") if all(len(part) == 3 for part in groups) else ("", ",")
    else:
        group, point = (".", "") if digits.count(".") > 1 else ("", ".")
    if group:
        digits = digits.replace(group, "")
    try:
        return float(digits.replace(point, ".") if point else digits)
    except ValueError:
        return None
