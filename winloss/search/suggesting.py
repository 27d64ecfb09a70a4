"""What to offer where nothing is found: the same query spelt as the corpus spells it, and simpler queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import log10
from typing import TypeGuard

from winloss.errors import QueryError
from winloss.search.analysis import stem, surfaces, tokens
from winloss.search.grammar import finds_something
from winloss.search.spelling import within
from winloss.search.tree import All, AnyOf, Exact, Field, Fuzzy, Near, Node, Part, Wild, Word, fields_in
from winloss.search.writing import written

SLIP_COSTS = 2.0
"""A word one slip nearer is preferred unless the other one is a hundred times as frequent (two powers of ten)."""
SHORTEST = 3
"""Shorter words are not forgiven slips of the pen."""
NEARBY = 10
"""So many other words may stand among those of a phrase that was loosened."""
MOST = 12
"""So many simpler queries are offered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Simpler:
    """A query that asks for less, and in plain words what it leaves out or allows."""

    label: str
    query: str


def did_you_mean(tree: All, lexicon_counts: Mapping[str, int], names: Sequence[str] = ()) -> str | None:
    """The query with every word that occurs nowhere replaced by the nearest known one; None where there is none.

    `lexicon_counts` has every surface of the corpus and in how many passages it occurs, `names` what else is known:
    companies, the codebook's words. The nearest has the fewest slips of the pen, and of several is the most frequent.
    Words that occur, by their stem or as written, stay, and so do fields, patterns and what is left out.
    """
    lexicon = _Lexicon(lexicon_counts, names)
    corrected = _corrected(tree, lexicon)
    meant = written(corrected)
    return meant if corrected != tree and _can_be_asked(meant) else None


def relaxed(tree: All) -> list[Simpler]:
    """At most twelve simpler queries, those nearest to what was asked first; none of them is the query or empty."""
    own = written(tree)
    offered: dict[str, Simpler] = {}
    for label, other in _relaxed(tree):
        query = written(other)
        if query and query != own and finds_something(other) and _can_be_asked(query):
            offered.setdefault(query, Simpler(label=label, query=query))
        if len(offered) == MOST:
            break
    return list(offered.values())


def _can_be_asked(query: str) -> bool:
    """Whether a query that was written down is read again: some phrases with quotation marks within are not."""
    from winloss.search.query import parse

    try:
        parse(query)
    except QueryError:
        return False
    return True


class _Lexicon:
    """The known words, each with how often it occurs."""

    def __init__(self, counts: Mapping[str, int], names: Sequence[str]) -> None:
        self._counts = counts
        self._names = {token.surface: name[token.start : token.end] for name in names for token in tokens(name)}

    @cached_property
    def _known(self) -> list[str]:
        return [*self._counts, *(name for name in self._names if name not in self._counts)]

    @cached_property
    def _beginnings(self) -> Mapping[str, list[str]]:
        """The words of the corpus by their first letter, which all words of one stem share."""
        found: dict[str, list[str]] = {}
        for word in self._counts:
            found.setdefault(word[:1], []).append(word)
        return found

    def has(self, surface: str, *, as_written: bool) -> bool:
        """Whether the word occurs, with any ending unless it is asked for as written."""
        if surface in self._counts or surface in self._names:
            return True
        wanted = stem(surface)
        alike = () if as_written else self._beginnings.get(surface[:1], ())
        return any(stem(word) == wanted for word in alike)

    def nearest(self, surface: str) -> str | None:
        """The known word that was probably meant, names as they are written."""
        length = len(surface)
        furthest = 0 if length < SHORTEST or surface.isdigit() else 1 if length < 6 else 2
        found = within(surface, self._known, furthest) if furthest else []
        near = [pair for pair in found if surfaces(pair[0]) == [pair[0]]]
        if not near:
            return None
        best, _ = min(near, key=lambda pair: (SLIP_COSTS * pair[1] - log10(1 + self._counts.get(pair[0], 1)), pair[0]))
        return self._names.get(best, best)


def _corrected(tree: All, lexicon: _Lexicon) -> All:
    return All(tuple(part if part.excluded else replace(part, node=_mended(part.node, lexicon)) for part in tree.parts))


def _mended(node: Node, lexicon: _Lexicon) -> Node:
    if isinstance(node, All):
        return _corrected(node, lexicon)
    if isinstance(node, AnyOf):
        return AnyOf(tuple(_mended(child, lexicon) for child in node.nodes))
    if isinstance(node, Word) and not node.token.stop and not lexicon.has(node.token.surface, as_written=False):
        return _word(lexicon.nearest(node.token.surface), node)
    if isinstance(node, Exact | Near):
        return _phrase(node, lexicon)
    return node


def _word(known: str | None, before: Word) -> Word:
    return Word(tokens(known)[0], known, before.joined) if known else before


def _phrase(node: Exact | Near, lexicon: _Lexicon) -> Exact | Near:
    """The phrase with its unknown words replaced; the others stay as they were typed."""
    typed = node.text or " ".join(node.surfaces)
    text, end = "", 0
    for token in tokens(typed):
        known = None if lexicon.has(token.surface, as_written=True) else lexicon.nearest(token.surface)
        text += typed[end : token.start] + (known or typed[token.start : token.end])
        end = token.end
    return replace(node, surfaces=tuple(surfaces(text)), text=text)


def _relaxed(tree: All) -> Iterator[tuple[str, All]]:
    """Every way to ask for less, labelled."""
    if any(isinstance(node, Exact) and len(node.surfaces) > 1 for node in _found(tree)):
        yield "The words near each other, not as one phrase", _each(tree, _loosened)
    if any(isinstance(node, Exact | Near) for node in _found(tree)):
        yield "Without the quotation marks", _unquoted(tree)
    for place, part in enumerate(tree.parts):
        if part.required or part.excluded:
            yield _without(part), All((*tree.parts[:place], *tree.parts[place + 1 :]))
    if any(fields_in(tree)) and sum(isinstance(part.node, Field) for part in tree.parts) > 1:
        yield "Without any field", All(tuple(part for part in tree.parts if not isinstance(part.node, Field)))
    if any(part.required and not isinstance(part.node, Field) for part in tree.parts):
        yield "Any of the words, none of them demanded", _undemanding(tree)
    if any(map(_forgivable, _found(tree))):
        yield "Also words spelt nearly so", _each(tree, _forgiven)


def _found(node: Node) -> Iterator[Node]:
    """The leaves of what is to be found."""
    if isinstance(node, All):
        for part in node.parts:
            if not part.excluded:
                yield from _found(part.node)
    elif isinstance(node, AnyOf):
        for child in node.nodes:
            yield from _found(child)
    else:
        yield node


def _each(tree: All, change: Callable[[Node], Node]) -> All:
    """The tree with every leaf that is to be found changed."""

    def changed(node: Node) -> Node:
        if isinstance(node, AnyOf):
            return AnyOf(tuple(map(changed, node.nodes)))
        return _each(node, change) if isinstance(node, All) else change(node)

    return All(tuple(part if part.excluded else replace(part, node=changed(part.node)) for part in tree.parts))


def _loosened(node: Node) -> Node:
    if isinstance(node, Exact) and len(node.surfaces) > 1:
        return Near(node.surfaces, NEARBY, node.column, node.text)
    return node


def _forgiven(node: Node) -> Node:
    return Fuzzy(node.token.surface, None, node.text) if _forgivable(node) else node


def _forgivable(node: Node) -> TypeGuard[Word]:
    return isinstance(node, Word) and not node.token.stop and len(node.token.surface) >= SHORTEST


def _unquoted(tree: All) -> All:
    parts: list[Part] = []
    for part in tree.parts:
        words = [] if part.excluded else list(_bare(part.node))
        parts += [Part(word) for word in words] or [replace(part, node=_inside(part.node))]
    return All(tuple(parts))


def _inside(node: Node) -> Node:
    if isinstance(node, All):
        return _unquoted(node)
    if isinstance(node, AnyOf):
        return AnyOf(tuple(All(tuple(map(Part, words))) if (words := list(_bare(it))) else it for it in node.nodes))
    return node


def _bare(node: Node) -> Iterator[Word]:
    """The words of a phrase as bare ones."""
    if isinstance(node, Exact | Near):
        text = node.text or " ".join(node.surfaces)
        yield from (Word(token, text[token.start : token.end]) for token in tokens(text))


def _undemanding(tree: All) -> All:
    """Every word as a wish; fields stay, and so does what is left out."""
    parts = []
    for part in tree.parts:
        if part.excluded or isinstance(part.node, Field):
            parts.append(part)
        else:
            parts += [Part(word) for word in _wishes(part.node)]
    return All(tuple(parts))


def _wishes(node: Node) -> Iterator[Node]:
    for leaf in _found(node):
        if isinstance(leaf, Exact | Near):
            yield from _bare(leaf)
        elif isinstance(leaf, Word | Wild | Fuzzy):
            yield leaf


def _without(part: Part) -> str:
    text = written(All((replace(part, excluded=False),)))
    return f"With {text} too" if part.excluded else f"Without {text}"
