"""Scoring every passage for a parsed query: BM25 per word, more for those that hold more of the words asked for.

BM25 as in Robertson and Zaragoza, "The Probabilistic Relevance Framework" (2009), with the never-negative inverse
document frequency ln(1 + (N - n + 0.5) / (n + 0.5)).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from winloss.errors import QueryError
from winloss.search.postings import CONTEXT, DOC_BITS, STEMS, SURFACES, Docs, Postings, Snapshot
from winloss.search.proximity import windows
from winloss.search.query import All, AnyOf, Exact, Field, Fuzzy, Misspelt, Near, Node, Part, Same, Wild, Word, Worded
from winloss.search.slips import slip
from winloss.search.spelling import near_words, pattern_of, slips_of, stemmed

Column = NDArray[np.float32]
RowsOf = Callable[[Field], Docs]
"""The documents, ascending and none of them deleted, that have what a field asks for."""

K1 = 1.2
B = 0.75
CONTEXT_SHARE = 0.3
"""What a word in the title or the question counts beside one in the passage itself."""
COORDINATION = 0.5
"""How much of the score depends on the share of the wishes that are met."""
MOST_WISHES = 64
"""A long question is searched for its so many rarest words."""
GROWTH = 6
"""Where too few of the best are allowed, so many times more are looked at."""
DIGITS = 5
"""Scores are given to this many decimals: rounding noise must not decide an order."""
FEW = 3
"""A word this rare may be a slip of the pen for a name that is rarer still."""
MOST_WORDS = 2000
"""A pattern may stand for so many different words."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Documents, each once, with what is added to their score and to their share of the wishes met."""

    docs: Docs
    score: Column
    share: Column


@dataclass(frozen=True, slots=True)
class Match:
    """What a part of the query is worth where: `pieces` add up, `weight` is what meeting all of it is worth."""

    pieces: tuple[Piece, ...]
    weight: float


def match(tree: All, snapshot: Snapshot, rows_of: RowsOf | None = None) -> tuple[Docs, Column, Column]:
    """The documents that match, ascending, their scores, and the share of the wishes that each meets, by rarity.

    Those that match by fields alone score 0.

    Raises:
        QueryError: a pattern stands for too many words, or a field is asked for and there is no `rows_of` to ask.
    """
    found = _Scorer(snapshot, rows_of).match(tree).pieces[0]
    return found.docs, found.score, found.share


def score(tree: All, snapshot: Snapshot, rows_of: RowsOf | None = None) -> tuple[Docs, Column]:
    """The documents that match, ascending, and their scores.

    Raises:
        QueryError: a pattern stands for too many words, or a field is asked for and there is no `rows_of` to ask.
    """
    return match(tree, snapshot, rows_of)[:2]


class _Scorer:
    """Adds up columns over all documents; what a single word is worth is kept for its own documents only."""

    def __init__(self, snapshot: Snapshot, rows_of: RowsOf | None) -> None:
        self.snapshot = snapshot
        self.rows_of = rows_of
        self._mark = np.zeros(snapshot.size, dtype=np.bool_)

    def match(self, node: Node) -> Match:
        if isinstance(node, All):
            return self._all(node)
        if isinstance(node, AnyOf):
            return self._any(node)
        return self._field(node) if isinstance(node, Field) else self._leaf(node)

    def _all(self, node: All) -> Match:
        wanted = [part for part in _without_stop_words(node.parts) if not part.excluded]
        wanted = self._most_telling(wanted)
        matches = [self.match(part.node) for part in wanted]
        weight = sum(match.weight for match in matches)
        total, share = self._added(matches, [match.weight / weight if weight else 0.0 for match in matches])
        if not weight:
            share = self._everything()
        self._demand(node.parts, wanted, matches, share)
        docs = np.flatnonzero(share).astype(np.int32)
        met = share[docs]
        return Match((Piece(docs, total[docs] * ((1 - COORDINATION) + COORDINATION * met), met),), weight)

    def _added(self, matches: Sequence[Match], worth: Sequence[float]) -> tuple[Column, Column]:
        """Scores and shares of several parts in whole columns, each share counting for what the part is worth."""
        total, share = self._column(), self._column()
        for match, factor in zip(matches, worth, strict=True):
            for piece in match.pieces:
                total[piece.docs] += piece.score
                share[piece.docs] += piece.share * np.float32(factor)
        return total, share

    def _demand(self, parts: Sequence[Part], wanted: Sequence[Part], matches: Sequence[Match], share: Column) -> None:
        """Take out of `share` what lacks a demand or holds something excluded."""
        for part, match in zip(wanted, matches, strict=True):
            if part.required:
                lacking = np.ones(self.snapshot.size, dtype=np.bool_)
                for piece in match.pieces:
                    lacking[piece.docs] = False
                share[lacking] = 0
        for part in parts:
            if part.excluded:
                share[self._in_text(part.node)] = 0

    def _any(self, node: AnyOf) -> Match:
        matches = [self.match(child) for child in node.nodes]
        total, _ = self._added(matches, [0.0] * len(matches))
        share = np.maximum.reduce([self._added([match], [1.0])[1] for match in matches])
        docs = np.flatnonzero(share).astype(np.int32)
        present = [match for match in matches if any(len(piece.docs) for piece in match.pieces)] or matches
        return Match((Piece(docs, total[docs], share[docs]),), max(match.weight for match in present))

    def _field(self, node: Field) -> Match:
        """A field is there or not: it weighs nothing."""
        docs = self._rows(node)
        nothing = np.zeros(len(docs), dtype=np.float32)
        return Match((Piece(docs, nothing, np.ones(len(docs), dtype=np.float32)),), 0.0)

    def _rows(self, node: Field) -> Docs:
        if self.rows_of is None:
            raise slip(f"{node.name}: cannot be asked here", node.column, "Leave the field out.")
        return self.rows_of(node)

    def _leaf(self, node: Worded | Same) -> Match:
        """The words of the passage, and for words found by stem also those of its title and question."""
        docs, counts = self._found(node)
        here = Piece(docs, self._bm25(docs, counts, STEMS), np.ones(len(docs), dtype=np.float32))
        return Match((here, *self._context(node, docs)), self._rarity(len(docs)))

    def _context(self, node: Node, found: Docs) -> tuple[Piece, ...]:
        """What the title and the question add; where the words are `found` in the text, the wish is met already."""
        stems = [way.token.stem for way in (node.ways if isinstance(node, Same) else (node,)) if isinstance(way, Word)]
        docs, counts = self.snapshot.merged((self.snapshot.postings(CONTEXT, name), 1.0) for name in stems)
        if not len(docs):
            return ()
        self._mark[found] = True
        share = np.where(self._mark[docs], np.float32(0), np.float32(CONTEXT_SHARE))
        self._mark[found] = False
        return (Piece(docs, CONTEXT_SHARE * self._bm25(docs, counts, CONTEXT), share),)

    def _in_text(self, node: Node) -> Docs:
        """The documents whose own words match, whatever their title says: what a minus sign takes out."""
        if isinstance(node, All | AnyOf):
            return self.match(node).pieces[0].docs
        return self._rows(node) if isinstance(node, Field) else self._found(node)[0]

    def _found(self, node: Worded | Same) -> Postings:
        if isinstance(node, Word):
            token = node.token
            return self.snapshot.postings(*((SURFACES, token.surface) if token.stop else (STEMS, token.stem)))
        if isinstance(node, Exact):
            return self.snapshot.phrase(node.surfaces)
        if isinstance(node, Near):
            return self._together(node)
        if isinstance(node, Same):
            return self.snapshot.merged((self._found(way), 1.0) for way in node.ways)
        if isinstance(node, Misspelt):
            return self.snapshot.holding(SURFACES, self._slips_of(node))
        if isinstance(node, Wild):
            return self.snapshot.holding(SURFACES, self._words_like(node))
        return self._nearly(node)

    def _words_like(self, node: Wild) -> list[str]:
        fits = pattern_of(node).fullmatch
        words = [word for word in self.snapshot.lexicon if fits(word)]
        if len(words) > MOST_WORDS:
            raise QueryError(
                f"{node.pattern} matches {len(words):,} different words, at column {node.column} of the query",
                hint="Write more of its letters.",
                column=node.column,
            )
        return words

    def _nearly(self, node: Fuzzy) -> Postings:
        """The words spelt nearly so, with or without their endings; each slip halves what an occurrence counts."""
        postings = self.snapshot.postings
        stems, surfaces = near_words(stemmed(node), self.snapshot.stems), near_words(node, self.snapshot.lexicon)
        by_stem = [(postings(STEMS, name), 0.5**slips) for name, slips in stems]
        by_surface = [(postings(SURFACES, name), 0.5**slips) for name, slips in surfaces]
        return self.snapshot.merged([*by_stem, *by_surface])

    def _together(self, node: Near) -> Postings:
        """An occurrence counts 1 / (1 + other words among them), as in Lucene's sloppy phrases."""
        places = self.snapshot.places(set(node.surfaces))
        first, last = windows(node.surfaces, places, node.slop)
        docs, which = np.unique(first >> DOC_BITS, return_inverse=True)
        others = last - first + 1 - len(node.surfaces)
        return docs.astype(np.int32), np.bincount(which, 1 / (1 + others), len(docs)).astype(np.float32)

    def _slips_of(self, node: Misspelt) -> list[str]:
        """What is spelt nearly so and is not more frequent than the name itself: then it is a word of its own."""
        most = max(self.snapshot.count(SURFACES, node.name), FEW)
        near = [word for word in slips_of(node, self.snapshot.lexicon) if word != node.name]
        return [word for word in near if self.snapshot.count(SURFACES, word) <= most]

    def _most_telling(self, parts: list[Part]) -> list[Part]:
        """Every stem once, and of very many wishes the rarest words."""
        kept: dict[object, Part] = {}
        for part in parts:
            key = part.node.token.stem if isinstance(part.node, Word) else part.node
            kept[key] = part if part.required else kept.get(key, part)
        if len(kept) <= MOST_WISHES:
            return list(kept.values())
        worth = {key: self._worth(part) for key, part in kept.items()}
        best = set(sorted(kept, key=lambda key: -worth[key])[:MOST_WISHES])
        return [part for key, part in kept.items() if key in best]

    def _worth(self, part: Part) -> float:
        if part.required or not isinstance(part.node, Word):
            return np.inf
        count = self.snapshot.count(STEMS, part.node.token.stem)
        return self._rarity(count) if count else 0.0

    def _bm25(self, docs: Docs, counts: Column, field: str) -> Column:
        norm = K1 * (1 - B + B * self.snapshot.lengths[field][docs])
        gained: Column = (self._rarity(len(docs)) * (K1 + 1) * counts / (counts + norm)).astype(np.float32)
        return gained

    def _rarity(self, count: int) -> float:
        return float(np.log1p((max(self.snapshot.live - count, 0) + 0.5) / (count + 0.5)))

    def _everything(self) -> Column:
        return (~self.snapshot.deleted).astype(np.float32)

    def _column(self) -> Column:
        return np.zeros(self.snapshot.size, dtype=np.float32)


def _without_stop_words(parts: Sequence[Part]) -> Sequence[Part]:
    """The parts without wishes for stop words, unless nothing else is asked for."""
    telling = [part for part in parts if not (isinstance(part.node, Word) and part.node.token.stop) or part.required]
    return telling if any(not part.excluded for part in telling) else parts


def best(
    docs: Docs, scores: Column, ids: NDArray[np.bytes_], limit: int, allowed: frozenset[str] | None
) -> list[tuple[str, float]]:
    """The `limit` best of the allowed documents. Only as many as needed are looked at, the best first."""
    rounded = scores.astype(np.float64).round(DIGITS)
    reach = limit
    while True:
        near = rounded >= _nth(rounded, reach)
        pairs = zip(ids[docs[near]].tolist(), rounded[near].tolist(), strict=True)
        named = ((name.decode(), value) for name, value in pairs)
        found = [(-value, name) for name, value in named if allowed is None or name in allowed]
        if len(found) >= limit or reach >= len(rounded):
            return [(name, -value) for value, name in sorted(found)[:limit]]
        reach *= GROWTH


def _nth(scores: NDArray[np.float64], n: int) -> float:
    """The nth greatest score, or the least one where there are fewer."""
    if not len(scores):
        return 0.0
    place = max(len(scores) - n, 0)
    return float(np.partition(scores, place)[place])
