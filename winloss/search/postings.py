"""What one state of the Whoosh index holds, as arrays: which passages hold a word, how often, and where.

Whoosh scores posting by posting in Python, which takes seconds for a long question over a million passages. Here a
word's blocks of postings are read through Whoosh's codec, kept, and counted as whole columns. The index is written in
segments; what was read of a segment is of use for as long as the segment is, whatever is added beside it.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property
from threading import Lock
from typing import Any
from weakref import finalize

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import LENGTHS_COLUMN, W3Codec
from whoosh.formats import Positions
from whoosh.util.numeric import byte_to_length

Docs = NDArray[np.int32]
Weights = NDArray[np.float32]
Postings = tuple[Docs, Weights]
"""Document numbers, ascending, and how often the thing occurs in each."""
Occurrences = NDArray[np.int64]
"""Where a word stands, ascending: the number of the document times 2**32, plus its place there, counted from 0."""
DOC_BITS = 32

ID, STEMS, SURFACES, CONTEXT = "id", "stems", "surfaces", "context"
"""The fields: the verbatim's id; its words by stem and by surface; the stems of its title and question."""
MARK = "mark"
"""A column: what the passage was made of, as a hash."""

BLOCK = 8192
"""Postings written, and read again, at a time."""
MOST_KEPT = 48_000_000
"""Numbers kept in memory (4 bytes each) of what was read, those least recently used go first."""

_LENGTHS = np.array([byte_to_length(code) for code in range(256)], dtype=np.float32)
_NO_DOCS: Docs = np.empty(0, dtype=np.int32)


def codec() -> Any:
    """How segments are written: in blocks so large that they are read as arrays."""
    return W3Codec(blocklimit=BLOCK)


class PlainPositions(Positions):  # type: ignore[misc]
    """A word's places in a document as 32-bit numbers one after another."""

    def encode(self, poslist: Iterable[int]) -> bytes:
        return array("I", poslist).tobytes()

    def decode_positions(self, valuestring: bytes) -> list[int]:
        return array("I", valuestring).tolist()

    def decode_frequency(self, valuestring: bytes) -> int:
        return len(valuestring) // array("I").itemsize


class Kept:
    """What was read, by any key, until the memory for it is used up."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._things: OrderedDict[object, tuple[NDArray[Any], ...]] = OrderedDict()
        self._weight = 0
        self._turn = Lock()

    def get(self, key: object, read: Callable[[], Any]) -> Any:
        """What is kept under the key; read first where there is nothing."""
        with self._turn:
            if key in self._things:
                self._things.move_to_end(key)
                return self._things[key]
        found = read()
        with self._turn:
            if key not in self._things:
                self._things[key] = found
                self._weight += _numbers(found)
            while self._weight > self._most and len(self._things) > 1:
                _, gone = self._things.popitem(last=False)
                self._weight -= _numbers(gone)
        return found


class Segment:
    """One segment of the index; its files are closed when nobody holds it any more."""

    def __init__(self, reader: Any, kept: Kept) -> None:
        self.name = str(reader.segment().segment_id())
        self.size: int = reader.doc_count_all()
        self._reader = reader
        self._kept = kept
        self._turn = Lock()
        finalize(self, reader.close)

    @cached_property
    def ids(self) -> NDArray[np.bytes_]:
        """The id of each document."""
        column = self._reader.column_reader(ID, translate=False)
        lengths = np.array(getattr(column, "_lengths", ()))
        if self.size and len(lengths) == self.size and (lengths == lengths[0]).all():
            written = column._dbfile.get(column._basepos, self.size * int(lengths[0]))
            return np.frombuffer(bytes(written), dtype=f"S{lengths[0]}")
        return np.array(list(column), dtype=np.bytes_)

    @cached_property
    def lengths(self) -> dict[str, Weights]:
        """Per scored field the number of words of each document, as exactly as Whoosh keeps it."""
        return {field: self._lengths(field) for field in (STEMS, CONTEXT)}

    def count(self, field: str, word: str) -> int:
        """In how many documents the word occurs; deleted ones are counted too."""
        with self._turn:
            return int(self._reader.doc_frequency(field, word))

    def mark(self, verbatim_id: str, gone: NDArray[np.bool_]) -> bytes | None:
        """The mark of the passage with this id, or None where it is not among those that are not `gone`."""
        for number in self._read(ID, verbatim_id)[0].tolist():
            if not gone[number]:
                with self._turn:
                    return bytes(self._reader.column_reader(MARK)[number])
        return None

    def words(self, field: str) -> list[str]:
        """Every word of the field, in order."""
        with self._turn:
            return [word.decode("utf-8") for word in self._reader.lexicon(field)]

    def postings(self, field: str, word: str) -> Postings:
        """The documents that hold the word in the field, deleted ones too."""
        found: Postings = self._kept.get((self.name, field, word), lambda: self._read(field, word))
        return found

    def occurrences(self, word: str) -> Occurrences:
        """Where the surface occurs, deleted documents included."""
        found: tuple[Occurrences] = self._kept.get((self.name, word), lambda: (self._read_occurrences(word),))
        return found[0]

    def _lengths(self, field: str) -> Weights:
        with self._turn:
            column = self._reader._perdoc._cached_reader(f"_{field}_len", LENGTHS_COLUMN)
            written = column._dbfile.get(column._basepos, column._count) if column is not None else b""
        lengths = np.zeros(self.size, dtype=np.float32)
        codes = np.frombuffer(written, dtype=np.uint8)
        lengths[: len(codes)] = np.where(codes > 0, _LENGTHS[codes], 0)
        return lengths

    def _read(self, field: str, word: str) -> Postings:
        blocks = self._blocks(field, word)
        if not blocks:
            return _NO_DOCS, np.empty(0, dtype=np.float32)
        return np.concatenate([ids for ids, _, _ in blocks]), np.concatenate([weights for _, weights, _ in blocks])

    def _read_occurrences(self, word: str) -> Occurrences:
        blocks = self._blocks(SURFACES, word, places=True)
        docs = [np.repeat(ids.astype(np.int64), weights.astype(np.intp)) for ids, weights, _ in blocks]
        parts = [(ids << DOC_BITS) + places for ids, (_, _, places) in zip(docs, blocks, strict=True)]
        return np.concatenate([np.empty(0, dtype=np.int64), *parts])

    def _blocks(self, field: str, word: str, *, places: bool = False) -> list[tuple[Docs, Weights, Docs]]:
        """The word's postings block by block: documents, weights, and the places of all of them in a row."""
        with self._turn:
            if (field, word) not in self._reader:
                return []
            terms, form = self._reader._terms, self._reader.schema[field].format
            matcher = terms.matcher(field, word.encode("utf-8"), form)
            found = []
            while matcher.is_active():
                found.append(_block(matcher, places=places))
                _to_next_block(matcher)
            return found


class Snapshot:
    """One state of the index: its segments one after another, and which of their documents are deleted.

    Deleted documents keep their numbers and match nothing.
    """

    def __init__(self, parts: Sequence[tuple[Segment, Sequence[int]]]) -> None:
        self.segments = [segment for segment, _ in parts]
        self._firsts = np.cumsum([0, *(segment.size for segment in self.segments)]).tolist()
        self.size: int = self._firsts[-1]
        self.deleted = np.zeros(self.size, dtype=np.bool_)
        for first, (_, numbers) in zip(self._firsts, parts, strict=False):
            self.deleted[[first + number for number in numbers]] = True
        self.live = self.size - int(self.deleted.sum())
        self._any_deleted = self.live < self.size

    @cached_property
    def ids(self) -> NDArray[np.bytes_]:
        """The id of each document."""
        return np.concatenate([segment.ids for segment in self.segments]) if self.size else np.empty(0, dtype="S1")

    def mark(self, verbatim_id: str) -> bytes | None:
        """The mark of the passage with this id, or None where there is none."""
        for first, segment in zip(self._firsts, self.segments, strict=False):
            mark = segment.mark(verbatim_id, self.deleted[first : first + segment.size])
            if mark is not None:
                return mark
        return None

    @cached_property
    def live_ids(self) -> frozenset[str]:
        """The ids of the documents that are not deleted."""
        return frozenset(bytes(name).decode() for name in self.ids[~self.deleted])

    @cached_property
    def lengths(self) -> dict[str, Weights]:
        """Per scored field the number of words of each document, relative to the mean of those that have any."""
        return {field: self._relative_lengths(field) for field in (STEMS, CONTEXT)}

    @cached_property
    def lexicon(self) -> list[str]:
        """Every surface that occurs, in order."""
        return self._words(SURFACES)

    @cached_property
    def frequencies(self) -> dict[str, int]:
        """Every surface with the number of documents that hold it, deleted ones included."""
        return {word: self.count(SURFACES, word) for word in self.lexicon}

    @cached_property
    def stems(self) -> list[str]:
        """Every stem that occurs, in order."""
        return self._words(STEMS)

    def count(self, field: str, word: str) -> int:
        """In how many documents the word occurs, roughly: deleted ones are counted too."""
        return sum(segment.count(field, word) for segment in self.segments)

    def postings(self, field: str, word: str) -> Postings:
        """The documents that hold the word in the field; empty where none does."""
        found: Postings = self._put_together([part.postings(field, word) for part in self.segments], np.float32)
        return found

    def occurrences(self, word: str) -> Occurrences:
        """Where the surface occurs."""
        parts = [part.occurrences(word) for part in self.segments]
        if len(parts) != 1:
            shifted = [part + (first << DOC_BITS) for first, part in zip(self._firsts, parts, strict=False)]
            parts = [np.concatenate([np.empty(0, dtype=np.int64), *shifted])]
        return parts[0][~self.deleted[parts[0] >> DOC_BITS]] if self._any_deleted else parts[0]

    def places(self, words: Collection[str]) -> dict[str, Occurrences]:
        """Where each of the surfaces occurs, at least in those documents that hold all of them."""
        return {word: self.occurrences(word) for word in words}

    def holding(self, field: str, words: Iterable[str]) -> Postings:
        """The documents that hold one of the words in the field, and how often they do."""
        return self.merged((self.postings(field, word), 1.0) for word in words)

    def phrase(self, words: Sequence[str]) -> Postings:
        """The documents that hold the surfaces side by side, and how often."""
        if len(words) == 1:
            return self.postings(SURFACES, words[0])
        rarest_first = sorted(enumerate(words), key=lambda pair: (self.count(SURFACES, pair[1]), pair[0]))
        (offset, word), *others = rarest_first
        starts = self.occurrences(word) - offset
        for offset, word in others:
            if not len(starts):
                break
            here, wanted = self.occurrences(word), starts + offset
            at = np.minimum(np.searchsorted(here, wanted), max(len(here) - 1, 0))
            starts = starts[here[at] == wanted] if len(here) else starts[:0]
        found, counts = np.unique(starts >> DOC_BITS, return_counts=True)
        return found.astype(np.int32), counts.astype(np.float32)

    def merged(self, parts: Iterable[tuple[Postings, float]]) -> Postings:
        """Several postings, each with a factor, as if they were one word's."""
        everything = [(docs, np.float32(factor) * weights) for (docs, weights), factor in parts]
        if len(everything) == 1:
            return everything[0]
        if sum(len(docs) for docs, _ in everything) < self.size // 8:
            return _summed(everything)
        counts = np.zeros(self.size, dtype=np.float32)
        for docs, weights in everything:
            counts[docs] += weights
        docs = np.flatnonzero(counts).astype(np.int32)
        return docs, counts[docs]

    def _put_together(self, parts: Sequence[Any], kind: Any) -> Any:
        """Postings of each segment as those of the index, without deleted documents."""
        filled = [(first, docs, rest) for first, (docs, rest) in zip(self._firsts, parts, strict=False) if len(docs)]
        if not filled:
            return _NO_DOCS, np.empty(0, dtype=kind)
        if len(filled) == 1 and not filled[0][0] and not self._any_deleted:
            return filled[0][1:]
        docs = np.concatenate([docs + np.int32(first) for first, docs, _ in filled])
        rest = np.concatenate([rest for _, _, rest in filled])
        if self._any_deleted:
            stays = ~self.deleted[docs]
            return docs[stays], rest[stays]
        return docs, rest

    def _words(self, field: str) -> list[str]:
        return sorted(set().union(*(segment.words(field) for segment in self.segments)))

    def _relative_lengths(self, field: str) -> Weights:
        counts: Weights = np.concatenate(
            [segment.lengths[field] for segment in self.segments] or [np.empty(0, np.float32)]
        )
        filled = counts[(counts > 0) & ~self.deleted]
        return counts / np.float32(filled.mean() if len(filled) else 1.0)


def _numbers(arrays: Iterable[NDArray[Any]]) -> int:
    return sum(part.nbytes for part in arrays) // 4


def _block(matcher: Any, *, places: bool) -> tuple[Docs, Weights, Docs]:
    """The block of postings that the matcher stands at."""
    if hasattr(matcher, "_read_ids"):
        matcher._read_data()
        ids, weights, values = matcher._data
        docs = np.cumsum(np.array(ids, dtype=np.int64)).astype(np.int32)
        weights = np.full(len(docs), 1.0 if weights is None else weights, dtype=np.float32)
    else:
        docs = np.array([matcher.id()], dtype=np.int32)
        weights = np.array([matcher.weight()], dtype=np.float32)
        values = [matcher.value()]
    where = np.frombuffer(b"".join(values), dtype=np.uint32).astype(np.int32) if places else _NO_DOCS
    return docs, weights, where


def _to_next_block(matcher: Any) -> None:
    if hasattr(matcher, "_next_block"):
        matcher._next_block()
    else:
        matcher.next()


def _summed(parts: Sequence[Postings]) -> Postings:
    if not parts:
        return _NO_DOCS, np.empty(0, dtype=np.float32)
    docs, places = np.unique(np.concatenate([docs for docs, _ in parts]), return_inverse=True)
    weights = np.concatenate([weights for _, weights in parts])
    return docs, np.bincount(places, weights=weights, minlength=len(docs)).astype(np.float32)
