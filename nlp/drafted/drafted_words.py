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

__all__ = [
    "heard",
    "is_group",
    "is_order",
    "is_small",
    "judged",
    "lonely",
    "name_trouble",
    "stem_of",
    "stems",
    "unheard",
    "vocabulary",
]

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ENDING = re.compile(r"(?:['’]s|ations?|ings?|ness|ment|able|ible|ied|ies|ers?|ed|es|ly|ion|s|e|y)$")
_GENITIVE = re.compile(r"['’]s?$")
SHORTEST = 3
LONGEST = 7
"""Letters of a stem: words that begin alike are taken for forms of one word."""


@cache
def vocabulary() -> Mapping[str, Any]:
    """The words in `nlp/data`."""
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


def unheard(bare: str, cited: Collection[str]) -> frozenset[str]:
    """The words of a sentence that stand in none of what it cites, as stems."""
    return stems(bare) - frozenset[str]().union(*(stems(text) for text in cited))


def lonely(bare: str, told: Collection[str], voices: Mapping[str, str]) -> bool:
    """Whether most of a sentence's words are in no statement, and said by fewer than two people.

    What one person says is no finding: it is quoted, or left. A single word is none yet. `voices` are people's words.
    """
    own = stems(bare)
    stated = frozenset[str]().union(*(stems(text) for text in told))
    said = [stems(text) for text in voices.values()]
    alone = [stem for stem in own - stated if sum(stem in words for words in said) < 2]
    return len(alone) > 1 and 2 * len(alone) > len(own)


def judged(bare: str, cited: Collection[str]) -> bool:
    """Whether a sentence praises, blames, wishes or heightens with a word that nothing that it cites has."""
    return any(_judging().search(word) for word in _WORD.findall(bare) if stem_of(word) in unheard(word, cited))


def is_group(word: str) -> bool:
    """Whether a word stands for a group of people that is not simply whoever was heard."""
    return word.casefold() in _actors()


def is_small(word: str) -> bool:
    """Whether a word says nothing of what a sentence is about."""
    return word.casefold() in _small()


def is_order(text: str) -> bool:
    """Whether a text speaks to a language model instead of to people."""
    return any(pattern.search(text) for pattern in _orders())


def name_trouble(bare: str, told: Collection[str], voices: Mapping[str, str], labels: Collection[str]) -> str | None:
    """Whom a sentence speaks of though what it cites does not, or None.

    `told` is what stands in statements, `voices` are people's words, `labels` are segments, roles and sources. A name
    stands in a statement or in the words of two people: one of them may want it to be told.
    """
    stated = {word for text in told for word in _folded(text)}
    said = [set(_folded(text)) for text in voices.values()]
    known = stated.union(*said)
    singular = {word.rstrip("s") for word in known}
    groups = _actors() | ({word for label in labels for word in _folded(label)} - _small())
    for word in _folded(bare):
        if word in groups and word.rstrip("s") not in singular:
            return "it speaks of people that what it cites does not speak of"
    proper = {word.casefold() for word in _proper(bare)} - stated
    if any(sum(word in words for words in said) < 2 for word in proper):
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
def _judging() -> re.Pattern[str]:
    return re.compile(rf"(?i)^(?:{vocabulary()['judging']})$")


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

    from nlp.text.pipeline import MODEL

    return spacy.load(MODEL, exclude=["parser", "senter", "ner", "lemmatizer"])
