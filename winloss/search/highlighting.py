"""Which words of a text a query means: the same rules as searching, over one text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from winloss.search.analysis import Token, tokens
from winloss.search.proximity import windows
from winloss.search.query import All, AnyOf, Exact, Field, Misspelt, Near, Node, Same, Wild, Word, Worded
from winloss.search.spelling import near_words, pattern_of, slips_of, stemmed

Span = tuple[int, int]


def spans(tree: All, text: str) -> list[Span]:
    """Half-open spans of the text, in order and apart from each other. What the query excludes is not marked."""
    words = tokens(text)
    only_stops = all(leaf.token.stop for leaf in _leaves(tree) if isinstance(leaf, Word))
    found: list[Span] = []
    for leaf in _leaves(tree):
        if not (isinstance(leaf, Word) and leaf.token.stop and not only_stops):
            found += _matches(leaf, words)
    return list(_joined(sorted(found)))


def _leaves(node: Node) -> Iterator[Worded]:
    if isinstance(node, All):
        for part in node.parts:
            if not part.excluded:
                yield from _leaves(part.node)
    elif isinstance(node, AnyOf):
        for child in node.nodes:
            yield from _leaves(child)
    elif isinstance(node, Same):
        yield from node.ways
    elif not isinstance(node, Field):
        yield node


def _matches(leaf: Worded, words: Sequence[Token]) -> Iterable[Span]:
    if isinstance(leaf, Word):
        return [(word.start, word.end) for word in words if _same(word, leaf.token)]
    if isinstance(leaf, Exact):
        return _phrases(leaf.surfaces, words)
    if isinstance(leaf, Near):
        return _together(leaf, words)
    if isinstance(leaf, Misspelt):
        near = set(slips_of(leaf, sorted({word.surface for word in words})))
        return [(word.start, word.end) for word in words if word.surface in near]
    if isinstance(leaf, Wild):
        fits = pattern_of(leaf).fullmatch
        return [(word.start, word.end) for word in words if fits(word.surface)]
    near = {name for name, _ in near_words(leaf, sorted({word.surface for word in words}))}
    near_stems = {name for name, _ in near_words(stemmed(leaf), sorted({word.stem for word in words}))}
    return [(word.start, word.end) for word in words if word.surface in near or word.stem in near_stems]


def _same(word: Token, asked: Token) -> bool:
    """Whether the word is the one asked for: `IT` is not `it`."""
    return word.stem == asked.stem and word.stop == asked.stop


def _phrases(surfaces: Sequence[str], words: Sequence[Token]) -> Iterator[Span]:
    length = len(surfaces)
    written = [word.surface for word in words]
    for first in range(len(words) - length + 1):
        if written[first : first + length] == list(surfaces):
            yield words[first].start, words[first + length - 1].end


def _together(leaf: Near, words: Sequence[Token]) -> Iterator[Span]:
    """The words that were asked for, not those among them."""
    import numpy as np

    written = [word.surface for word in words]
    asked = set(leaf.surfaces)
    places = {name: np.array([n for n, word in enumerate(written) if word == name], dtype=np.int64) for name in asked}
    for first, last in zip(*(ends.tolist() for ends in windows(leaf.surfaces, places, leaf.slop)), strict=True):
        yield from ((word.start, word.end) for word in words[first : last + 1] if word.surface in asked)


def _joined(found: Iterable[Span]) -> Iterator[Span]:
    """The spans with overlapping ones made one."""
    start = end = -1
    for begin, stop in found:
        if begin >= end:
            if end > start:
                yield start, end
            start, end = begin, stop
        else:
            end = max(end, stop)
    if end > start:
        yield start, end
