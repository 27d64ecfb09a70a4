"""Elects the titles of themes among what their members said: near its own theme, far from the others, and shared.

A phrase that many of a theme's people use, and hardly anybody elsewhere, is recognised by whoever knows the field; one
that only its speaker would have used names the theme for nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from nlp.text.phrases import phrases_in
from nlp.text.unnamed import Names, naming
from nlp.text.words import content_words, folded_words

Floats = NDArray[np.float32]

SPEAKERS = 40
"""Members nearest the centre whose words stand for election."""
STANDING = 80
"""Phrases, best by their words and form, of which the meaning is asked."""
RIVALRY = 0.6
"""How much nearness to another theme's centre counts against a title."""
ALIKE = 0.85
"""Cosine from which on two titles say the same."""


class Titles:
    """Elects the title of one theme after another, minding those that were given before."""

    def __init__(
        self,
        words: Sequence[str],
        speakers: Sequence[str],
        themes: Sequence[NDArray[np.int64]],
        centroids: Floats,
        *,
        names: Names,
        encode: Callable[[Sequence[str]], Floats] | None,
        persons: Callable[[str], Collection[str]] | None,
    ) -> None:
        self._words, self._speakers, self._centroids, self._names = words, speakers, centroids, names
        self._encode, self._persons = encode, persons
        self._taken: set[str] = set()
        self._given: list[Floats] = []
        self._stems = {int(row): frozenset(map(_stem, content_words(words[row]))) for rows in themes for row in rows}
        self._everywhere = Counter(stem for stems in self._stems.values() for stem in stems)

    def of(self, number: int, members: NDArray[np.int64], weights: Mapping[str, float]) -> str:
        """The title of this theme; its heaviest terms where nothing that its central members say can be one."""
        phrases = self._standing(members)
        vectors = self._encode([text for text, _, _ in phrases]) if phrases and self._encode is not None else None
        for place in self._ranked(phrases, vectors, number):
            text, row, _ = phrases[place]
            if not self._names_somebody(row, text):
                self._taken.add(folded_words(text))
                if vectors is not None:
                    self._given.append(vectors[place])
                return text
        named = [term for term in sorted(weights, key=lambda term: (-weights[term], term)) if self._may_stand(term)]
        return " · ".join(named[:3]) or "Untitled"

    def _standing(self, members: NDArray[np.int64]) -> list[tuple[str, int, float]]:
        """(phrase, row of who said it, worth by its words and form) of those that stand for election, best first."""
        nearest = [int(row) for row in members[:SPEAKERS]]
        shares = self._shares(members)
        said: dict[str, tuple[int, float]] = {}
        for row, phrases in zip(nearest, phrases_in([self._words[row] for row in nearest]), strict=True):
            for phrase in phrases:
                if phrase.text not in said and self._free(phrase.text):
                    each = [shares.get(_stem(word), 0.0) for word in content_words(phrase.text)]
                    said[phrase.text] = row, phrase.form + sqrt(sum(each) / len(each))
        best = sorted(said, key=lambda text: (-round(said[text][1], 5), text))[:STANDING]
        return [(text, *said[text]) for text in best]

    def _ranked(self, phrases: Sequence[tuple[str, int, float]], vectors: Floats | None, number: int) -> list[int]:
        """Places of the phrases, best first: its own before shared ones, and none that says what another title does."""
        if vectors is None:
            return list(range(len(phrases)))
        nearness = vectors @ self._centroids.T
        others = np.delete(nearness, number, axis=1)
        rival = others.max(axis=1) if others.shape[1] else np.zeros(len(phrases))
        worth = np.array([worth for _, _, worth in phrases]) + nearness[:, number] - RIVALRY * np.maximum(rival, 0)
        shared = rival >= nearness[:, number]
        order = sorted(range(len(phrases)), key=lambda at: (bool(shared[at]), -round(float(worth[at]), 5), phrases[at]))
        if not self._given:
            return order
        alike = (vectors @ np.stack(self._given).T).max(axis=1) >= ALIKE
        return [place for place in order if not alike[place]]

    def _shares(self, members: NDArray[np.int64]) -> Mapping[str, float]:
        """For each word, the share of the theme's people who use it, times the share of its uses that are here."""
        uses: Counter[str] = Counter()
        of_person: dict[str, set[str]] = {}
        for row in map(int, members):
            stems = self._stems[row]
            uses.update(stems)
            of_person.setdefault(self._speakers[row], set()).update(stems)
        people = Counter(stem for stems in of_person.values() for stem in stems)
        return {stem: n / len(of_person) * uses[stem] / self._everywhere[stem] for stem, n in people.items()}

    def _free(self, text: str) -> bool:
        return folded_words(text) not in self._taken and not self._names.held_by(text)

    def _names_somebody(self, row: int, phrase: str) -> bool:
        return self._persons is not None and any(naming(self._persons, self._words[row], phrase))

    def _may_stand(self, term: str) -> bool:
        spoken = " ".join(word[:1].upper() + word[1:] for word in term.split())
        return not self._names.held_by(term) and not self._names.held_by(spoken)


def _stem(word: str) -> str:
    """The word without its commonest endings: enough for `rules` and `rule`, `closed` and `closes`, to be one."""
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
