"""Whether the words of a drafted sentence are those of what it cites: whom it speaks of, and what it says of them.

Vocabulary: `data/drafted_words.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

__all__ = ["heard", "is_order", "name_trouble", "stem_of", "stems", "vocabulary"]

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ENDING = re.compile(r"(?:['’]s|ations?|ings?|ness|ment|able|ible|ied|ies|ers?|ed|es|ly|ion|s|e|y)$")
_GENITIVE = re.compile(r"['’]s?$")
SHORTEST = 3
LONGEST = 7
"""Letters of a stem: words that begin alike are taken for forms of one word."""


@cache
def vocabulary() -> Mapping[str, Any]:
    """The words that lie beside this module."""
    return tomllib.loads(files("nlp").joinpath("data", "drafted_words.toml").read_text(encoding="utf-8"))


def stems(text: str) -> frozenset[str]:
    """The words of a text that say what it is about, cut to what their forms have in common."""
    found = (word.casefold() for word in _WORD.findall(text))
    return frozenset(stem_of(word) for word in found if word not in _small() and len(word) >= SHORTEST)


@lru_cache(maxsize=50_000)
def stem_of(word: str) -> str:
    """A word in small letters without its ending, where three letters are left; a rough cut."""
    plain = word.casefold()
    short = _ENDING.sub("", plain)
    return (short if len(short) >= SHORTEST else plain)[:LONGEST]


def heard(bare: str, cited: Collection[str]) -> float:
    """The share of a sentence's words that stand in what it cites; 1 where it has none of its own."""
    own = stems(bare)
    known = frozenset[str]().union(*(stems(text) for text in cited))
    return len(own & known) / len(own) if own else 1.0


def is_order(text: str) -> bool:
    """Whether a text speaks to a language model instead of to people."""
    return any(pattern.search(text) for pattern in _orders())


def name_trouble(bare: str, cited: Collection[str], labels: Collection[str]) -> str | None:
    """Whom a sentence speaks of though what it cites does not, or None; `labels` are segments, roles and sources."""
    known = {word for text in cited for word in _folded(text)}
    singular = {word.rstrip("s") for word in known}
    groups = _actors() | ({word for label in labels for word in _folded(label)} - _small())
    for word in _folded(bare):
        if word in groups and word.rstrip("s") not in singular:
            return "it speaks of people that what it cites does not speak of"
    if any(word.casefold() not in known for word in _proper(bare)):
        return "a name that is not in what it cites"
    return None


def _folded(text: str) -> list[str]:
    return [_GENITIVE.sub("", word).casefold() for word in _WORD.findall(text)]


def _proper(bare: str) -> list[str]:
    """What is written as a name: a capital within the sentence, or at its beginning where the tagger sees a name."""
    found = []
    for number, match in enumerate(_WORD.finditer(bare)):
        word = _GENITIVE.sub("", match[0])
        capital = word[:1].isupper() and word != "I"
        inside = any(letter.isupper() for letter in word[1:])
        if inside or (capital and (number or (word.casefold() not in _small() and _is_name(bare)))):
            found.append(word)
    return found


@cache
def _small() -> frozenset[str]:
    return frozenset(vocabulary()["small"].split())


@cache
def _actors() -> frozenset[str]:
    return frozenset(vocabulary()["actors"].split())


@cache
def _orders() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(f"(?is){text}") for text in vocabulary()["orders"])


def _is_name(text: str) -> bool:
    """Whether the tagger takes the first word for a name."""
    first = next((token for token in _tagger()(text) if token.is_alpha), None)
    return first is not None and first.pos_ == "PROPN"


@cache
def _tagger() -> Any:
    import spacy

    from nlp.pipeline import MODEL

    return spacy.load(MODEL, exclude=["parser", "senter", "ner", "lemmatizer"])
