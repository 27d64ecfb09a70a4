"""Scoring every passage for a parsed query: BM25 per word, more for those that hold more of the words asked for.

BM25 as in Robertson and Zaragoza, "The Probabilistic Relevance Framework" (2009), with the never-negative inverse
document frequency ln(1 + (N - n + 0.5) / (n + 0.5)).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from winloss.errors import QueryError
from winloss.search.analysis import stem
from winloss.search.postings import CONTEXT, STEMS, SURFACES, Docs, Postings, Snapshot
from winloss.search.query import All, AnyOf, Exact, Fuzzy, Node, Part, Same, Wild, Word

Column = NDArray[np.float32]

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


def match(tree: All, snapshot: Snapshot) -> tuple[Docs, Column, Column]:
    """The documents that match, ascending, their scores, and the share of the wishes that each meets, by rarity.

    Raises:
        QueryError: a pattern stands for too many words.
    """
    found = _Scorer(snapshot).match(tree).pieces[0]
    return found.docs, found.score, found.share


def score(tree: All, snapshot: Snapshot) -> tuple[Docs, Column]:
    """The documents that match, ascending, and their scores.

    Raises:
        QueryError: a pattern stands for too many words.
    """
    return match(tree, snapshot)[:2]


class _Scorer:
    """Adds up columns over all documents; what a single word is worth is kept for its own documents only."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._mark = np.zeros(snapshot.size, dtype=np.bool_)

    def match(self, node: Node) -> Match:
        if isinstance(node, All):
            return self._all(node)
        if isinstance(node, AnyOf):
            return self._any(node)
        return self._leaf(node)

    def _all(self, node: All) -> Match:
        wanted = [part for part in _without_stop_words(node.parts) if not part.excluded]
        wanted = self._most_telling(wanted)
        matches = [self.match(part.node) for part in wanted]
        weight = sum(match.weight for match in matches)
        total, share = self._added(matches, [match.weight / weight for match in matches])
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
        return Match((Piece(docs, total[docs], share[docs]),), max(match.weight for match in matches))

    def _leaf(self, node: Word | Exact | Wild | Fuzzy | Same) -> Match:
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
        return self._found(node)[0]

    def _found(self, node: Word | Exact | Wild | Fuzzy | Same) -> Postings:
        if isinstance(node, Word):
            token = node.token
            return self.snapshot.postings(*((SURFACES, token.surface) if token.stop else (STEMS, token.stem)))
        if isinstance(node, Exact):
            return self.snapshot.phrase(node.surfaces)
        if isinstance(node, Same):
            return self.snapshot.merged((self._found(way), 1.0) for way in node.ways)
        if isinstance(node, Wild):
            return self.snapshot.merged(
                (self.snapshot.postings(SURFACES, word), 1.0) for word in self._words_like(node)
            )
        return self._near(node)

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

    def _near(self, node: Fuzzy) -> Postings:
        """The words spelt nearly so, with or without their endings; each slip halves what an occurrence counts."""
        postings = self.snapshot.postings
        stems, surfaces = near_words(stemmed(node), self.snapshot.stems), near_words(node, self.snapshot.lexicon)
        by_stem = [(postings(STEMS, name), 0.5**slips) for name, slips in stems]
        by_surface = [(postings(SURFACES, name), 0.5**slips) for name, slips in surfaces]
        return self.snapshot.merged([*by_stem, *by_surface])

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

    def _column(self) -> Column:
        return np.zeros(self.snapshot.size, dtype=np.float32)


def pattern_of(node: Wild) -> re.Pattern[str]:
    """The pattern as a regular expression over surfaces."""
    return re.compile(".*".join(re.escape(part) for part in node.pattern.split("*")), re.DOTALL)


def stemmed(node: Fuzzy) -> Fuzzy:
    """The same, without the word's ending: for comparing with stems."""
    return Fuzzy(stem(node.surface), node.distance)


def near_words(node: Fuzzy, words: Sequence[str]) -> list[tuple[str, int]]:
    """Those of the words that are within the node's distance of its own (optimal string alignment), with theirs."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    length = len(node.surface)
    furthest = node.distance if node.distance is not None else (0 if length < 3 else 1 if length < 6 else 2)
    found = process.extract(node.surface, words, scorer=OSA.distance, score_cutoff=furthest, limit=None)
    return sorted((word, int(distance)) for word, distance, _ in found)


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
