"""Values out of JSON that anybody may have written: what is not of the type asked for is nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

_LATEST = 253_402_300_799
"""The last second of the year 9999."""


def text_in(thing: Mapping[str, Any], *names: str) -> str | None:
    """The first filled text or number under these names, without white space at its ends."""
    for name in names:
        value = thing.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
    return None


def number_in(thing: Mapping[str, Any], *names: str) -> float | None:
    """The first finite number under these names; numbers written as text count."""
    for name in names:
        value = thing.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            continue
        try:
            number = float(value)
        except (ValueError, OverflowError):
            continue
        if math.isfinite(number):
            return number
    return None


def object_in(thing: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The object under a name; an empty one where there is none."""
    value = thing.get(name)
    return value if isinstance(value, dict) else {}


def objects_in(thing: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """The objects in the list under a name."""
    return objects(thing.get(name))


def objects(value: object) -> list[dict[str, Any]]:
    """The objects in a list; none where it is no list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def texts_in(thing: Mapping[str, Any], name: str) -> Iterator[str]:
    """The filled texts in the list under a name."""
    value = thing.get(name)
    if isinstance(value, list):
        yield from (item.strip() for item in value if isinstance(item, str) and item.strip())


def moment(value: object) -> datetime | None:
    """A point in time, in UTC: ISO 8601, or seconds or milliseconds since 1970; None for anything else."""
    if isinstance(value, str):
        try:
            told = datetime.fromisoformat(value.strip().replace("Z", "+00:00"))
        except ValueError:
            value = number_in({"": value}, "")
        else:
            try:
                return told.astimezone(UTC) if told.tzinfo else told.replace(tzinfo=UTC)
            except (OverflowError, ValueError):
                return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1000 * _LATEST:
        return None
    seconds = value / 1000 if value > 10 * 10**9 else value
    return datetime.fromtimestamp(seconds, UTC) if seconds <= _LATEST else None


def day_of_moment(value: object) -> date | None:
    """The day in UTC of a point in time."""
    told = moment(value)
    return told.date() if told else None
