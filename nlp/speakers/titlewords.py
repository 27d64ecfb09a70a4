"""The words of job titles in several languages and short forms, each brought to the words the codebook's phrases use.

The vocabulary is `data/title_words.toml`. A word that is not in it may be a compound of words that are
("Informationssicherheitsbeauftragter"), be written without its umlauts ("Einkaeufer") or be misspelt ("Enginer").
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Vocabulary:
    """What `title_words.toml` holds, folded. `rows` gives the row of a rank; `slips` the words one letter short."""

    small: frozenset[str]
    beside: frozenset[str]
    rows: Mapping[str, int]
    alone: frozenset[str]
    elsewhere: tuple[str, ...]
    phrases: Mapping[str, str]
    phrase: re.Pattern[str]
    words: Mapping[str, str]
    parts: Mapping[str, str]
    meant: frozenset[str]
    right: frozenset[str]
    slips: Mapping[str, str]


def folded(text: str) -> str:
    """The text in lower case, without accents and in plain letters."""
    plain = unicodedata.normalize("NFKD", text).casefold().replace("’", "'")
    parts = unicodedata.normalize("NFKD", plain)
    return "".join(character for character in parts if not unicodedata.combining(character))


def spaced(text: str) -> str:
    """The text with single spaces for whatever white space, hyphens and dashes it holds."""
    return " ".join(_GAP.sub(" ", text).split())


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary in `nlp/data`."""
    data = tomllib.loads(files("nlp").joinpath("data", "title_words.toml").read_text(encoding="utf-8"))
    phrases = {spaced(folded(written)): folded(meant) for written, meant in data["phrases"].items()}
    words = _folded_table(data["words"])
    meant = frozenset(word for value in (*words.values(), *phrases.values()) for word in value.split())
    return Vocabulary(
        small=frozenset(data["small"].split()),
        beside=frozenset(data["beside"].split()),
        rows={word: number for number, row in enumerate(data["ranks"]) for word in row.split()},
        alone=frozenset(data["alone"].split()),
        elsewhere=tuple(data["elsewhere"]),
        phrases=phrases,
        phrase=_any_of(phrases),
        words=words,
        parts=_folded_table(data["parts"]),
        meant=meant,
        right=frozenset(data["right"].split()),
        slips=_slips(word for word in meant if len(word) >= _LONG_ENOUGH),
    )


@lru_cache(maxsize=20_000)
def meant_by(word: str) -> tuple[str, ...]:
    """The words that a folded word stands for; itself where the vocabulary has nothing for it."""
    known = vocabulary()
    if (written := known.words.get(word)) is not None:
        return tuple(part for other in written.split() for part in ((other,) if other == word else meant_by(other)))
    if word in known.meant or word in known.right or not word.isalpha():
        return (word,)
    plain = re.sub("(?<=[aou])e", "", word)
    if plain != word and (plain in known.words or _compound(plain)):
        return meant_by(plain)
    if parts := _compound(word):
        return tuple(part for other in parts for part in meant_by(other))
    right = _corrected(word)
    return (word,) if right is None else meant_by(right)


_GAP = re.compile(r"[-‐‑‒–—]")
_LONG_ENOUGH = 6
_SWAPPED_ENOUGH = 5
_SHORTEST_COMPOUND = 7
_LINKS = ("", "s", "n", "en", "er")


def _folded_table(table: Mapping[str, str]) -> dict[str, str]:
    return {folded(written): folded(meant) for written, meant in table.items()}


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")


def _compound(word: str) -> tuple[str, ...]:
    """What the parts of a compound mean, longest part first; empty unless all of it is made of known parts."""
    if len(word) < _SHORTEST_COMPOUND:
        return ()
    parts = _parted(word)
    return tuple(other for part in parts for other in vocabulary().parts[part].split()) if len(parts) > 1 else ()


def _parted(word: str) -> tuple[str, ...]:
    known = vocabulary().parts
    if word in known:
        return (word,)
    for end in range(len(word) - 2, 1, -1):
        if word[:end] not in known:
            continue
        for link in _LINKS:
            rest = word[end + len(link) :]
            if word[end:].startswith(link) and rest and (parts := _parted(rest)):
                return (word[:end], *parts)
    return ()


def _slips(words: Iterable[str]) -> dict[str, str]:
    """Each word with one letter left out, and the word; the first letter is always right."""
    return {word[:place] + word[place + 1 :]: word for word in sorted(words) for place in range(1, len(word))}


def _corrected(word: str) -> str | None:
    """The word of the vocabulary that was meant: two letters swapped, one left out or one too many; else None."""
    known = vocabulary()
    if len(word) < _SWAPPED_ENOUGH:
        return None
    places = range(1, len(word) - 1)
    swapped = (word[:place] + word[place + 1] + word[place] + word[place + 2 :] for place in places)
    right = next((other for other in swapped if other in known.meant), None)
    if right is not None or len(word) < _LONG_ENOUGH:
        return right
    shorter = (word[:place] + word[place + 1 :] for place in range(1, len(word)))
    one_too_many = next((other for other in shorter if other in known.meant and len(other) >= _LONG_ENOUGH), None)
    return one_too_many or known.slips.get(word)
