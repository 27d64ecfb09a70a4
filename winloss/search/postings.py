"""What one state of the Whoosh index holds, as arrays: which passages hold a word, how often, and where.

Whoosh scores posting by posting in Python, which takes a second for a long question over 150,000 passages. Here a
word's postings are read once through Whoosh, kept, and counted as whole columns.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Docs = NDArray[np.intp]
Weights = NDArray[np.float32]
Postings = tuple[Docs, Weights]
"""Document numbers, ascending, and how often the thing occurs in each."""
Occurrences = tuple[Docs, Docs]
"""A document number and a place in it for each occurrence, ascending; the first word's place is 0."""

ID, STEMS, SURFACES, CONTEXT = "id", "stems", "surfaces", "context"
"""The fields: the verbatim's id; its words by stem and by surface; the stems of its title and question."""

PHRASE = "phrase"

MOST_KEPT = 8_000_000
"""Postings kept in memory (12 bytes each), those least recently used go first."""


class Snapshot:
    """One state of the index; `ids` has a place for every document, deleted ones included (they match nothing)."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self._kept: OrderedDict[tuple[str, str], Postings] = OrderedDict()
        self._weight = 0
        self.size: int = reader.doc_count_all()
        self.live: int = reader.doc_count()

    @cached_property
    def ids(self) -> list[str]:
        """The id of each document."""
        parts = self._reader.leaf_readers() if self.size else ()
        return [str(name) for part, _ in parts for name in part.column_reader(ID)]

    @cached_property
    def live_ids(self) -> frozenset[str]:
        """The ids of the documents that are not deleted."""
        return frozenset(name for name, dead in zip(self.ids, self.deleted, strict=True) if not dead)

    @cached_property
    def deleted(self) -> NDArray[np.bool_]:
        """Whether each document is deleted."""
        deleted = np.zeros(self.size, dtype=np.bool_)
        for part, first in self._reader.leaf_readers():
            if part.has_deletions():
                numbers = range(part.doc_count_all())
                deleted[first : first + len(numbers)] = [part.is_deleted(number) for number in numbers]
        return deleted

    @cached_property
    def lengths(self) -> dict[str, Weights]:
        """Per scored field the number of words of each document, relative to the mean of those that have any."""
        return {field: self._relative_lengths(field) for field in (STEMS, CONTEXT)}

    @cached_property
    def lexicon(self) -> list[str]:
        """Every surface that occurs, in order."""
        return self._words(SURFACES)

    @cached_property
    def stems(self) -> list[str]:
        """Every stem that occurs, in order."""
        return self._words(STEMS)

    def postings(self, field: str, word: str) -> Postings:
        """The documents that hold the word in the field; empty where none does."""
        return self._remembered((field, word), lambda: self._read(field, word))

    def count(self, field: str, word: str) -> int:
        """In how many documents the word occurs, roughly: deleted ones are counted too."""
        return int(self._reader.doc_frequency(field, word))

    def occurrences(self, word: str) -> Occurrences:
        """Where the surface occurs."""
        places = self._places(0, word)
        docs = np.repeat(np.array(list(places), dtype=np.intp), [len(found) for found in places.values()])
        return docs, np.array([place for found in places.values() for place in sorted(found)], dtype=np.intp)

    def phrase(self, words: Sequence[str]) -> Postings:
        """The documents that hold the surfaces side by side, and how often."""
        if len(words) == 1:
            return self.postings(SURFACES, words[0])
        return self._remembered((PHRASE, " ".join(words)), lambda: self._read_phrase(words))

    def merged(self, parts: Iterable[tuple[Postings, float]]) -> Postings:
        """Several postings, each with a factor, as if they were one word's."""
        counts = np.zeros(self.size, dtype=np.float32)
        for (docs, weights), factor in parts:
            counts[docs] += factor * weights
        docs = np.flatnonzero(counts)
        return docs, counts[docs]

    def close(self) -> None:
        """Let go of the files."""
        self._reader.close()

    def _words(self, field: str) -> list[str]:
        return [word.decode("utf-8") for word in self._reader.lexicon(field)] if self.size else []

    def _read(self, field: str, word: str) -> Postings:
        docs: list[int] = []
        weights: list[float] = []
        if self.size and (field, word) in self._reader:
            matcher = self._reader.postings(field, word)
            while matcher.is_active():
                docs.append(matcher.id())
                weights.append(matcher.weight())
                matcher.next()
        return np.array(docs, dtype=np.intp), np.array(weights, dtype=np.float32)

    def _read_phrase(self, words: Sequence[str]) -> Postings:
        """Begin with the rarest word; at the end each document has the places where the phrase starts."""
        rarest_first = sorted(enumerate(words), key=lambda pair: (self.count(SURFACES, pair[1]), pair[0]))
        starts = self._places(*rarest_first[0])
        for offset, word in rarest_first[1:]:
            starts = self._places(offset, word, starts)
        docs = np.array(sorted(starts), dtype=np.intp)
        return docs, np.array([len(starts[doc]) for doc in docs.tolist()], dtype=np.float32)

    def _places(self, offset: int, word: str, within: Mapping[int, set[int]] | None = None) -> dict[int, set[int]]:
        """Per document where a phrase starts whose word number `offset` this is; only places in `within` stay."""
        if not self.size or (SURFACES, word) not in self._reader:
            return {}
        matcher = self._reader.postings(SURFACES, word)
        places: dict[int, set[int]] = {}
        for doc in _each(matcher) if within is None else within:
            if matcher.is_active():
                matcher.skip_to(doc)
            if not matcher.is_active():
                break
            if matcher.id() == doc:
                starts = {position - offset for position in matcher.value_as("positions")}
                if within is not None:
                    starts &= within[doc]
                if starts:
                    places[doc] = starts
        return places

    def _remembered(self, key: tuple[str, str], read: Callable[[], Postings]) -> Postings:
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        found = self._kept[key] = read()
        self._weight += len(found[0])
        while self._weight > MOST_KEPT and len(self._kept) > 1:
            _, (docs, _) = self._kept.popitem(last=False)
            self._weight -= len(docs)
        return found

    def _relative_lengths(self, field: str) -> Weights:
        counts = np.zeros(self.size, dtype=np.float32)
        for part, first in self._reader.leaf_readers():
            numbers = range(part.doc_count_all())
            counts[first : first + len(numbers)] = [part.doc_field_length(number, field) or 0 for number in numbers]
        filled = counts[(counts > 0) & ~self.deleted]
        return counts / (float(filled.mean()) if len(filled) else 1.0)


def _each(matcher: Any) -> Iterator[int]:
    while matcher.is_active():
        yield matcher.id()
        matcher.next()
