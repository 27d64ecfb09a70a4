"""Cutting text into words, the same way for what is indexed, what is asked and what is highlighted.

A word is known by its surface (accents, case and apostrophes do not count: what quotation marks ask for) and by its
stem (what a bare word asks for).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

ANALYSIS_VERSION = 1
"""Part of the index's version: raise it whenever the same text would be cut into other words."""

LONGEST = 64
"""A surface is cut to this many characters, so that pasted keys and hashes do not swell the index."""

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_MARKS = "\u0300-\u036f"
_WORD = re.compile(rf"\d+(?:[.,]\d+)+|[{_CJK}]|(?:[^\W{_CJK}][{_MARKS}]*)+(?:['’ʼ](?:[^\W{_CJK}][{_MARKS}]*)+)*")
_APOSTROPHES = str.maketrans("", "", "'’ʼ,")

_STOPS = (
    "a about am an and any are as at be been being but by can could did do does doing done for from get got had "
    "has have having he her here hers him his how i if in into is it its itself just me my of on or our ours she "
    "should so some such than that the their theirs them then there these they this those to too us was we were "
    "what when where which while who whom whose why will with would yet you your yours im ive dont doesnt didnt "
    "isnt wasnt arent weve youre theyre thats theres whats cant "
)
STOP_WORDS = frozenset(_STOPS.split())
"""Words that say nothing about what a passage is about; `no`, `not` and `never` do."""

_ACRONYMS = frozenset({"IT", "US"})
"""Written in capitals these are not the stop words they look like."""


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text: `text[start:end]` as written, its surface, and its stem. Equal wherever it stands."""

    surface: str
    stem: str
    stop: bool
    start: int = field(compare=False)
    end: int = field(compare=False)


def tokens(text: str) -> list[Token]:
    """The words of the text in order. Symbols and white space are in no word."""
    return [Token(*_forms(match[0]), match.start(), match.end()) for match in _WORD.finditer(text)]


def surfaces(text: str) -> list[str]:
    """What quotation marks look for: every word, in order."""
    return [_forms(match[0])[0] for match in _WORD.finditer(text)]


@lru_cache(maxsize=200_000)
def _forms(written: str) -> tuple[str, str, bool]:
    surface = fold(written)
    return surface, stem(surface), surface in STOP_WORDS and written not in _ACRONYMS


def fold(written: str) -> str:
    """The surface of one word: compatibility forms, accents, case and apostrophes do not count."""
    if written.isascii():
        return written.lower().translate(_APOSTROPHES)[:LONGEST]
    parts = unicodedata.normalize("NFKD", written)
    bare = "".join(part for part in parts if not unicodedata.combining(part)).casefold().translate(_APOSTROPHES)
    return (bare or written)[:LONGEST]


@lru_cache(maxsize=100_000)
def stem(surface: str) -> str:
    """The stem of a surface (Porter's second English stemmer; other scripts stay as they are)."""
    from whoosh.lang.porter2 import stem as english

    return str(english(surface)) or surface if surface.isascii() else surface
