"""`field:value` in a query: which fields there are, and what may be written after the colon."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from winloss.search.ranges import QUARTER, field_of_days, field_of_quarters, hint_for
from winloss.search.slips import slip
from winloss.search.tree import Field

VALUED = (
    *("segment", "role", "mode", "facet", "source", "outcome", "competitor", "account", "theme", "tag", "language"),
    *("rights", "quarter"),
)
"""The fields that have values; `date` has days and is also asked as `since` and `until`."""
RANGED = ("date", "since", "until", "quarter")
NAMES = (*VALUED, "mode-of-buyer", "date", "since", "until")
LONGEST_NAME = max(map(len, NAMES))
QUOTES = '"“”„'

_PLACED = re.compile(r"([^\W\d_][\w-]*):(?=[^\s:/])", re.ASCII)
_EMPTY = re.compile(rf"({'|'.join(NAMES)}):(?:[)]|$)", re.IGNORECASE)
_QUARTERS = re.compile(rf"(?:{QUARTER}(?:\.\.(?:{QUARTER})?)?|\.\.{QUARTER})(?=[\s),;!?]|$)", re.IGNORECASE)
_PLAIN = re.compile(rf"[^\s{QUOTES}()]+")
_OR = re.compile(r"\s+OR\s+")
_SPACE = re.compile(r"\s*")


@dataclass(frozen=True, slots=True)
class _Value:
    text: str
    column: int
    quoted: bool = False


def field_at(query: str, at: int) -> tuple[list[Field], int] | None:
    """The field that is written at this place, as alternatives, and where it ends; None for other text.

    Raises:
        QueryError: a field, or nearly one, with a value that cannot be; `column` says where.
    """
    if empty := _EMPTY.match(query, at):
        raise slip(f"nothing stands after {empty[1]}:", empty.end(1) + 2, _hint(_known(empty[1])))
    placed = _PLACED.match(query, at)
    if placed is None:
        return None
    name = _known(placed[1])
    if not name:
        _refuse_near_miss(placed[1], at + 1)
        return None
    values, end = _values(name, query, placed.end())
    return [replace(field, column=at + 1) for field in _meant(name, values)], end


def _known(written: str) -> str:
    """The field of this name in any case, or nothing."""
    name = written.casefold().replace("_", "-")
    return name.removesuffix("-of-buyer") if name in NAMES else ""


def _refuse_near_miss(written: str, column: int) -> None:
    """Short names are taken for a field only where a letter is missing, doubled or out of place: `data:` is no date."""
    from rapidfuzz.distance import OSA

    plain = written.casefold()
    if len(plain) > LONGEST_NAME + 2:
        return
    for name in NAMES:
        furthest = 2 if len(name) > 6 else 1
        swapped = len(name) < 6 and len(name) == len(plain) and sorted(name) != sorted(plain)
        if plain[0] == name[0] and not swapped and OSA.distance(plain, name, score_cutoff=furthest) <= furthest:
            hint = f"Did you mean {name}:? To look for the words, put quotation marks around them."
            raise slip(f"no field {written}:", column, hint)


def _values(name: str, query: str, at: int) -> tuple[list[_Value], int]:
    if query[at] == "(":
        return _group(name, query, at)
    value, end = _value(name, query, at)
    return [value], end


def _group(name: str, query: str, opening: int) -> tuple[list[_Value], int]:
    """The values between parentheses, with OR between them."""
    values: list[_Value] = []
    at = _after_space(query, opening + 1)
    while True:
        if query[at : at + 1] == ")":
            raise slip(f"a value of {name}: is missing", at + 1, _hint(name))
        if at == len(query):
            raise slip("an opening parenthesis without a closing one", opening + 1)
        value, end = _value(name, query, at)
        values.append(value)
        at = _after_space(query, end)
        if query[at : at + 1] == ")":
            return values, at + 1
        joint = _OR.match(query, end)
        if joint is None:
            where = opening if at == len(query) else at
            what = (
                "an opening parenthesis without a closing one" if at == len(query) else f"OR was expected in {name}:()"
            )
            raise slip(what, where + 1, "Put OR between values, and quotation marks around a value of several words.")
        at = joint.end()


def _value(name: str, query: str, at: int) -> tuple[_Value, int]:
    """One value, in quotation marks or without, and where it ends."""
    if query[at] in QUOTES:
        value, end = _quoted(name, query, at)
    else:
        match = (_QUARTERS.match(query, at) if name == "quarter" else None) or _PLAIN.match(query, at)
        if match is None:
            raise slip(f"a value of {name}: was expected", at + 1, _hint(name))
        text = match[0].rstrip(",;!?")
        text = text if text.endswith("..") else text.rstrip(".")
        value, end = _Value(text, at + 1), match.end()
        if not text:
            raise slip(f"nothing stands after {name}:", at + 1, _hint(name))
    if query[end : end + 1] and query[end] in f"{QUOTES}(~":
        raise slip(f"the value of {name}: ends here", end + 1, "Put quotation marks around the whole value.")
    return value, end


def _quoted(name: str, query: str, at: int) -> tuple[_Value, int]:
    closing = re.compile(f"[{QUOTES}]").search(query, at + 1)
    if closing is None:
        raise slip("a quotation mark without its other half", at + 1)
    text = " ".join(query[at + 1 : closing.start()].split())
    if not text:
        raise slip(f"nothing stands after {name}:", at + 1, _hint(name))
    return _Value(text, at + 1, quoted=True), closing.end()


def _meant(name: str, values: Sequence[_Value]) -> list[Field]:
    """The plain values in one field, and one field for each range."""
    read = [_read(name, value) for value in values]
    plain = {field.values[0]: field.places[0] for field in reversed(read) if field.values}
    ranges = [field for field in read if not field.values]
    written = tuple(dict.fromkeys(field.values[0] for field in read if field.values))
    together = Field(name, written, places=tuple(plain[value] for value in written))
    return [together, *ranges] if written else ranges


def _read(name: str, value: _Value) -> Field:
    if name == "quarter":
        return field_of_quarters(value.text, value.column)
    if name in RANGED:
        return field_of_days(name, value.text, value.column)
    if ".." in value.text and not value.quoted:
        raise slip(f"{name}: has no ranges", value.column, f"Only date: and quarter: have. {_hint(name)}")
    return Field(name, (value.text,), places=(value.column,))


def _hint(name: str) -> str:
    if name in RANGED:
        return hint_for(name)
    return f'Write {name}:value, {name}:"two words" or {name}:(one OR another).'


def _after_space(query: str, at: int) -> int:
    match = _SPACE.match(query, at)
    return match.end() if match else at
