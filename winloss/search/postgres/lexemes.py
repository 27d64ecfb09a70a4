"""Our own words as PostgreSQL's `tsvector` and `tsquery`, so that a word is the same in every engine.

PostgreSQL keeps the first 256 places of a word in a passage and none beyond the 16,383rd word: a phrase further down in
so long a passage is not found, its words are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

MOST_PLACES = 16_383
MOST_BYTES = 900_000
"""A `tsvector` holds 1 MiB; what is left is for the places."""

MOST_COUNTED = 256
_WORTH = np.cumsum(1.0 / np.arange(1, MOST_COUNTED + 1, dtype=np.float64) ** 2)
_RANK_OF_ONE = 0.1 / 1.64493406685


def vector_of(words: Sequence[str]) -> str:
    """The words in order as a `tsvector`."""
    places: dict[str, list[int]] = {}
    left = MOST_BYTES
    for place, word in enumerate(words, start=1):
        if word not in places:
            left -= len(word.encode())
            if left < 0:
                break
            places[word] = []
        if place <= MOST_PLACES and len(places[word]) < MOST_COUNTED:
            places[word].append(place)
    return " ".join(_placed(word, where) for word, where in places.items())


def any_of(words: Iterable[str]) -> str:
    """A `tsquery` for passages that hold one of the words."""
    return " | ".join(map(_quoted, words))


def all_of(words: Iterable[str]) -> str:
    """A `tsquery` for passages that hold all of the words."""
    return " & ".join(map(_quoted, words))


def side_by_side(words: Iterable[str]) -> str:
    """A `tsquery` for passages that hold the words one right after another."""
    return " <-> ".join(map(_quoted, words))


def occurrences_of(ranks: NDArray[np.float32]) -> NDArray[np.float32]:
    """How often a word occurs where `ts_rank` gives these ranks for it alone.

    For a single word of the default weight `ts_rank` is 0.1 / 1.64493406685 times the sum of 1/i² over its occurrences.
    """
    sums = ranks.astype(np.float64) / _RANK_OF_ONE
    between = (_WORTH[1:] + _WORTH[:-1]) / 2
    return (np.searchsorted(between, sums) + 1).astype(np.float32)


def fields_of(contents: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Each field's words as a `tsvector`."""
    return {field: vector_of(words) for field, words in contents.items()}


def _placed(word: str, places: Sequence[int]) -> str:
    return f"{_quoted(word)}:{','.join(map(str, places))}" if places else _quoted(word)


def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
