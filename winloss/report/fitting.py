"""How much room words take, without the fonts: a little more than they will, so that nothing overflows.

The widths are those of common text faces, rounded up; a file is opened on machines with fonts of their own, so a
measured width would be no truer than this one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

LEADING = 1.25
"""Height of a line in multiples of the type size."""
_NARROW = frozenset("iljtfr.,:;'’‘|!()[]/\\`")
_WIDE = frozenset("mwMW@%—…&")
_NARROWEST, _WIDEST, _LONGEST_WORD = 3.0, 34.0, 14.0
"""Of a column, in type sizes: at least, and at most what a cell or a single word in it may ask for."""
_MOST_AIR = 1.6
"""How much wider than its words a table may be set."""
_WORD = re.compile(r"\s*\S+\s*|\s+")


def width(text: str, size: float) -> float:
    """How wide a line of the text is, in the unit of the size (points)."""
    return size * sum(map(_em, text))


def lines(text: str, size: float, room: float) -> int:
    """In how many lines the text is set."""
    return sum(1 for _ in _broken(text, size, room))


def height(text: str, size: float, room: float) -> float:
    """How high the text is when it is set as wide as there is room."""
    return LEADING * size * lines(text, size, room)


def cut(text: str, size: float, room: float, most: int) -> tuple[str, str]:
    """The text in two at a line's end, the first with at most so many lines; together they are the text."""
    end = 0
    for number, line in enumerate(_broken(text, size, room)):
        if number == max(1, most):
            break
        end += len(line)
    return text[:end], text[end:]


def columns(rows: Sequence[Sequence[str]], size: float, room: float, *, beside: float) -> list[float]:
    """How wide each column of a table is: as its longest cell wants, and no word is broken that fits its column.

    `beside` is what a cell takes beside its words. The columns fill the room, or as much of it as they can use.
    """
    wanted, least = [], []
    for place in range(max(map(len, rows))):
        cells = [row[place] for row in rows if place < len(row)]
        words = [word for cell in cells for word in cell.split()]
        wanted.append(beside + size * min(_WIDEST, max(_NARROWEST, *(width(cell, 1.0) for cell in cells))))
        least.append(beside + size * min(_LONGEST_WORD, max([_NARROWEST, *(width(word, 1.0) for word in words)])))
    if sum(wanted) <= room:
        grown = min(room / sum(wanted), _MOST_AIR)
        return [side * grown for side in wanted]
    if sum(least) >= room:
        return [side * room / sum(least) for side in least]
    given = (room - sum(least)) / sum(max(0.0, most - few) for most, few in zip(wanted, least, strict=True))
    return [few + given * max(0.0, most - few) for most, few in zip(wanted, least, strict=True)]


def _broken(text: str, size: float, room: float) -> Iterator[str]:
    """The lines as they are set, each with the white space or line break at its end; together they are the text."""
    for paragraph in text.splitlines(keepends=True) or [""]:
        yield from _set(paragraph, size, max(room, size))


def _set(paragraph: str, size: float, room: float) -> Iterator[str]:
    line, used = "", 0.0
    for word in _WORD.findall(paragraph):
        needed = width(word.rstrip(), size)
        if line and used + needed > room:
            yield line
            line, used = "", 0.0
        while needed > room:
            fits = _fitting(word, size, room)
            yield word[:fits]
            word = word[fits:]
            needed = width(word.rstrip(), size)
        line, used = line + word, used + width(word, size)
    if line or not paragraph:
        yield line


def _fitting(word: str, size: float, room: float) -> int:
    """How many letters of a word that is wider than a line stand on one, at least one."""
    used = 0.0
    for place, letter in enumerate(word):
        used += size * _em(letter)
        if used > room:
            return max(1, place)
    return len(word)


@lru_cache(maxsize=4096)
def _em(letter: str) -> float:
    if letter < "\x7f":
        return _latin(letter)
    if letter in _NARROW:
        return 0.34
    if letter in _WIDE:
        return 1.0
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.1 if unicodedata.category(letter) != "So" else 1.4
    return 0.68


def _latin(letter: str) -> float:
    if letter == " ":
        return 0.29
    if letter == "\t":
        return 2.0
    if letter in _NARROW:
        return 0.36
    if letter in _WIDE:
        return 0.95
    return 0.7 if letter.isupper() else 0.63 if letter.isdigit() else 0.56
