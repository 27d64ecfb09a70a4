"""What holds of everything that a reader gives, whatever the file was."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import fields
from datetime import date, datetime

from winloss.model import (
    Account,
    Deal,
    Finding,
    Highlight,
    Outcome,
    Participant,
    ReadDocument,
    ReadTurn,
    Rights,
    Severity,
    Side,
    SourceKind,
)

LONGEST_MS = 2**53
"""Times beyond this are no times; a store keeps 64 bits."""

_ENUMS = {"kind": SourceKind, "outcome": Outcome, "rights": Rights, "side": Side, "severity": Severity}
_REQUIRED = {
    ReadDocument: ("kind", "external_id", "turns"),
    ReadTurn: ("text",),
    Participant: ("name",),
    Highlight: ("turn", "start", "end", "codes"),
    Deal: ("external_id",),
    Account: ("name",),
    Finding: ("code", "message", "severity"),
}
_NUMBERS = ("amount", "revenue")
_WHOLE = ("employees", "security_maturity", "count", "turn", "start", "end", "start_ms", "end_ms")
_DAYS = ("happened_on", "created_on", "closed_on")
_LISTS = ("tags", "codes", "regulations", "technologies", "signals")
_HOLDERS = {"turns": ReadTurn, "participants": Participant, "highlights": Highlight}


def broken(thing: object) -> str | None:
    """The first promise that a thing breaks, or None."""
    return next(_broken(thing), None)


def _broken(thing: object) -> Iterator[str]:
    if type(thing) not in _REQUIRED:
        yield f"{type(thing).__name__} is nothing that a reader gives"
        return
    for field in fields(thing):  # type: ignore[arg-type]
        value = getattr(thing, field.name)
        yield from (f"{type(thing).__name__}.{field.name} {what}" for what in _wrong(field.name, value))
        if value is None and field.name in _REQUIRED[type(thing)]:
            yield f"{type(thing).__name__}.{field.name} is missing"
    if isinstance(thing, ReadDocument):
        yield from _document(thing)
    elif isinstance(thing, ReadTurn):
        yield from _turn(thing)


def _wrong(name: str, value: object) -> Iterator[str]:
    """What is wrong with the value of one field."""
    if value is None or name in ("quoted", "where"):
        return
    if name in _HOLDERS and isinstance(value, tuple) and all(isinstance(part, _HOLDERS[name]) for part in value):
        yield from (what for part in value for what in _broken(part))
        return
    sound, must = next(((sound, must) for names, sound, must in _KINDS if name in names), (_filled, "a filled text"))
    if not sound(value) or (name in _ENUMS and not isinstance(value, _ENUMS[name])):
        yield f"is not {must}"


def _filled(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63


def _number(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


def _texts(value: object) -> bool:
    return isinstance(value, tuple) and all(map(_filled, value))


def _described(value: object) -> bool:
    return isinstance(value, Mapping) and all(_filled(text) for pair in value.items() for text in pair)


_KINDS: tuple[tuple[Collection[str], Callable[[object], bool], str], ...] = (
    (_HOLDERS, lambda _: False, "a tuple of its kind"),
    (_ENUMS, _filled, "one of its words"),
    (_DAYS, _day, "a day"),
    (_WHOLE, _whole, "a whole number that can be stored"),
    (_NUMBERS, _number, "a finite number"),
    (_LISTS, _texts, "a tuple of filled texts"),
    (("meta",), _described, "a mapping of filled texts"),
)


def _document(document: ReadDocument) -> Iterator[str]:
    if not document.turns:
        yield "a document has no turns"
    for highlight in document.highlights:
        if not 0 <= highlight.turn < len(document.turns):
            yield "a highlight is in no turn"
        elif not 0 <= highlight.start < highlight.end <= len(document.turns[highlight.turn].text):
            yield "a highlight reaches out of its turn"


def _turn(turn: ReadTurn) -> Iterator[str]:
    for span in turn.quoted:
        if not (isinstance(span, tuple) and len(span) == 2 and all(isinstance(place, int) for place in span)):
            yield "a quoted span is no pair of numbers"
        elif not 0 <= span[0] < span[1] <= len(turn.text):
            yield "a quoted span reaches out of its turn"
    times = [time for time in (turn.start_ms, turn.end_ms) if time is not None]
    if any(not 0 <= time <= LONGEST_MS for time in times):
        yield "a time is negative or absurd"
    elif times != sorted(times):
        yield "a turn ends before it begins"
