"""Which of the codebook's phrases a title holds, where words may stand between a phrase's words or in another order.

"VP of Global Infrastructure & Operations" holds "VP infrastructure and operations", "Architect, Cloud Security" the
"cloud security architect", and "Head of Firewalls" is near the "firewall engineer" without being one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from nlp.speakers.titles import phrases_of, words_of
from nlp.speakers.titlewords import vocabulary
from winloss.codebook import Codebook, Role
from winloss.model import Mode

Words = tuple[str, ...]


def seat_in(title: str, codebook: Codebook) -> Role | None:
    """The role whose phrase fits a title best, or None.

    Of several parts ("CTO / Co-founder", "SOC Manager | Speaker") the first that names a seat clearly decides, else
    the best fit of any.
    """
    fits = [fit for part in _PARTS.split(title) if (fit := _best(_chunks(part), codebook))]
    clear = next((fit for fit in fits if fit.score >= _CLEAR), None)
    best = clear or max(fits, key=lambda fit: fit.score, default=None)
    return best.phrase.role if best else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Phrase:
    """A phrase of the codebook: what it is about, the words of rank beside that, and its place among all phrases."""

    words: Words
    about: Words
    ranks: Words
    role: Role
    place: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fit:
    """How well a phrase fits, and where its first word stands in the title."""

    phrase: _Phrase
    score: float
    start: int


_PARTS = re.compile(r"\s*(?:[|/;•·●▪►»\n\t]|\s[–—]\s)\s*")
_COMMA = re.compile(r"\s*(?:[,:()\[\]]|\s-\s)\s*")

# What a word of a phrase is worth where the title holds it, or another of its row, and what takes off a fit. A phrase
# of one word that is there fits by 1. Chosen on the dev half of benchmarks/roles.
_CLEAR = 1.3
_ENOUGH = 0.9
_RANK, _RANK_OF_ROW, _OTHER_RANK = 0.5, 0.45, 0.3
_WORD, _BESIDE_WORD = 1.0, 0.1
_DOER_OF_ROW, _RANK_FOR_DOER = 0.6, 0.3
_SKIPPED, _BESIDE, _TURNED, _ACROSS = 0.4, 0.02, 0.1, 0.1
_AS_WRITTEN = 0.01
_DOERS = 2
"""The row of `ranks` that names those who do the work; the rows before it lead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Title:
    """The words of one part of a title, and for each the number of the piece between commas that it stands in."""

    words: Words
    pieces: tuple[int, ...]


def _chunks(part: str) -> _Title:
    pieces = [words_of(piece) for piece in _COMMA.split(part)]
    return _Title(
        words=tuple(word for piece in pieces for word in piece),
        pieces=tuple(number for number, piece in enumerate(pieces) for _ in piece),
    )


def _best(title: _Title, codebook: Codebook) -> _Fit | None:
    known = _index(codebook.roles)
    near = (phrase for word in _with_rows(title.words) for phrase in known.get(word, ()))
    fits = (fit for phrase in near if (fit := _fit(phrase, title)))
    return max(fits, key=lambda fit: (round(fit.score, 6), -fit.start, -fit.phrase.place), default=None)


@lru_cache(maxsize=16)
def _index(roles: Sequence[Role]) -> dict[str, tuple[_Phrase, ...]]:
    """The phrases by the first word of what they are about."""
    found: dict[str, list[_Phrase]] = {}
    for place, (words, role) in enumerate(phrases_of(roles).items()):
        ranks = tuple(word for word in words if _is_rank(word))
        about = tuple(word for word in words if word not in ranks) or words
        ranks = ranks if about is not words else ()
        phrase = _Phrase(words=words, about=about, ranks=ranks, role=role, place=place)
        found.setdefault(about[0], []).append(phrase)
    return {word: tuple(phrases) for word, phrases in found.items()}


def _with_rows(words: Iterable[str]) -> set[str]:
    """The words, and those of the doers that could stand for one of them."""
    rows = vocabulary().rows
    asked = set(words)
    return asked | {word for word, row in rows.items() if row == _DOERS} if asked & rows.keys() else asked


def _is_rank(word: str) -> bool:
    return vocabulary().rows.get(word, _DOERS) < _DOERS


def _fit(phrase: _Phrase, title: _Title) -> _Fit | None:
    if set(phrase.words) <= vocabulary().alone and set(title.words) - set(phrase.words) - vocabulary().beside:
        return None
    places: list[int] = []
    score = 0.0
    for word in phrase.about:
        place, worth = _place(word, title, taken=places, alone=len(phrase.words) == 1)
        if worth == 0:
            return None
        places.append(place)
        score += worth
    for word in phrase.ranks:
        if not (worth := _rank_worth(word, title.words, higher=phrase.role.mode is Mode.EXECUTIVE)):
            return None
        score += worth
    score += _AS_WRITTEN * _holds(title.words, phrase.words) - _strain(places, title)
    return _Fit(phrase=phrase, score=score, start=min(places)) if score >= _ENOUGH else None


def _holds(words: Words, phrase: Words) -> bool:
    return any(words[start : start + len(phrase)] == phrase for start in range(len(words) - len(phrase) + 1))


def _place(word: str, title: _Title, *, taken: Sequence[int], alone: bool) -> tuple[int, float]:
    """Where in the title the word stands, the nearest place after the one taken last, and what that is worth."""
    after = taken[-1] if taken else -1
    free = [place for place in range(len(title.words)) if place not in taken]
    same = [place for place in free if title.words[place] == word]
    if same:
        nearest = min(same, key=lambda place: (place < after, abs(place - after)))
        return nearest, _BESIDE_WORD if word in vocabulary().beside else _WORD
    rows = vocabulary().rows
    if alone or rows.get(word) != _DOERS:
        return -1, 0.0
    instead = [place for place in free if title.words[place] in rows]
    if not instead:
        return -1, 0.0
    place = min(instead, key=lambda place: (rows[title.words[place]] != _DOERS, abs(place - after)))
    return place, _DOER_OF_ROW if rows[title.words[place]] == _DOERS else _RANK_FOR_DOER


def _rank_worth(word: str, words: Words, *, higher: bool) -> float:
    """What the title's words of rank are worth in the place of a phrase's; a manager is no head of a leading role."""
    rows = vocabulary().rows
    if word in words:
        return _RANK
    held = {rows[other] for other in words if _is_rank(other)}
    if rows[word] in held:
        return _RANK_OF_ROW
    return _OTHER_RANK if held and not (higher and rows[word] < min(held)) else 0.0


def _strain(places: Sequence[int], title: _Title) -> float:
    """What the words that stand between, the turned order and the commas between take off a fit."""
    known = vocabulary()
    first, last = min(places), max(places)
    between = [title.words[place] for place in range(first, last + 1) if place not in places]
    light = sum(word in known.beside or _is_rank(word) for word in between)
    turned = sum(one > other for one, other in pairwise(places))
    across = title.pieces[last] - title.pieces[first]
    return _SKIPPED * (len(between) - light) + _BESIDE * light + _TURNED * turned + _ACROSS * across
