"""Words that mean the same in this field (`EDR`, `endpoint detection and response`), looked up when a query is asked.

The index knows nothing of them, so that a changed codebook needs no new index. Quotation marks ask for the words as
written and are left alone. Names of companies are also found, and understood, with slips of the pen in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from winloss.search.analysis import surfaces, tokens
from winloss.search.spelling import beginning_like, slips_allowed, within
from winloss.search.tree import All, AnyOf, Exact, Misspelt, Node, Part, Same, Word

Stems = tuple[str, ...]
Way = Word | Exact | Misspelt

_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
"""Where `CrowdStrike` may also be written as two words."""
LONGEST_NAME = 3
"""A name is recognised in so many words that should be one: `Crowd Strike`."""


class Thesaurus:
    """Groups of words and phrases that search treats as one; `names` are groups of what one company is called."""

    def __init__(self, groups: Iterable[Sequence[str]], names: Iterable[Sequence[str]] = ()) -> None:
        self._ways: dict[Stems, tuple[Way, ...]] = {}
        self._names: dict[str, tuple[Way, ...]] = {}
        for group in groups:
            self._add(group, tuple(map(_way, group)))
        for group in names:
            self._add_names(group)
        self._longest = max((len(stems) for stems in self._ways), default=0)

    def expand(self, tree: All) -> All:
        """The tree with every bare word or run of bare words that has synonyms joined by them."""
        parts: list[Part] = []
        at = 0
        while at < len(tree.parts):
            run, ways = self._match(tree.parts[at : at + max(self._longest, LONGEST_NAME)])
            if len(run) > 1:
                parts.append(Part(AnyOf((All(tuple(run)), Same(ways)))))
            else:
                parts.append(replace(run[0], node=self._expanded(run[0].node)))
            at += len(run)
        return All(tuple(parts))

    def _add(self, phrases: Iterable[str], ways: tuple[Way, ...]) -> None:
        for phrase in phrases:
            stems = tuple(token.stem for token in tokens(phrase))
            if stems:
                self._ways[stems] = _each_once((*self._ways.get(stems, ()), *ways))

    def _add_names(self, names: Sequence[str]) -> None:
        joined = list(dict.fromkeys(filter(None, ("".join(surfaces(name)) for name in names))))
        written = [*names, *joined, *(_HUMP.sub(" ", name) for name in names)]
        ways = _each_once((*map(_way, written), *(Misspelt(name) for name in joined if slips_allowed(name))))
        self._add(written, ways)
        self._names |= {name: ways for name in joined if slips_allowed(name)}

    def _match(self, parts: Sequence[Part]) -> tuple[Sequence[Part], tuple[Way, ...]]:
        """The parts, from the first on, that are a run of wishes with synonyms, and these; the longest run wins."""
        words = _wishes(parts)
        stems = tuple(word.token.stem for word in words)
        for length in range(len(words), 1, -1):
            if ways := self._ways.get(stems[:length]) or self._one_word(words[:length]):
                return parts[:length], ways
        return parts[:1], ()

    def _one_word(self, words: Sequence[Word]) -> tuple[Way, ...]:
        """What is meant by words that should be one: a name, or what a hyphen stands in (`end-point`)."""
        joined = "".join(word.token.surface for word in words)
        if len(words) <= LONGEST_NAME and joined in self._names:
            return self._names[joined]
        hyphened = len(words) == 2 and words[1].joined and not words[0].joined
        return (_way(joined),) if hyphened and joined.isalpha() and not any(word.token.stop for word in words) else ()

    def _expanded(self, node: Node) -> Node:
        if isinstance(node, Word):
            ways = self._ways.get((node.token.stem,)) or self._named(node.token.surface)
            return Same(_each_once((node, *ways))) if ways else node
        if isinstance(node, AnyOf):
            return AnyOf(tuple(map(self._expanded, node.nodes)))
        return self.expand(node) if isinstance(node, All) else node

    def _named(self, surface: str) -> tuple[Way, ...]:
        """The ways to say the name that the word is a slip of the pen for, if there is one."""
        alike = beginning_like(surface, self._names)
        near = [(name, slips) for name in alike for _, slips in within(surface, [name], slips_allowed(name))]
        return self._names[min(near, key=lambda pair: (pair[1], pair[0]))[0]] if near else ()


def _wishes(parts: Sequence[Part]) -> list[Word]:
    """The bare words at the beginning of the parts."""
    words: list[Word] = []
    for part in parts:
        if not isinstance(part.node, Word) or part.required or part.excluded:
            break
        words.append(part.node)
    return words


def _each_once(ways: Iterable[Way]) -> tuple[Way, ...]:
    kept: dict[object, Way] = {}
    for way in ways:
        kept.setdefault(way.token.stem if isinstance(way, Word) else way, way)
    return tuple(kept.values())


def _way(phrase: str) -> Word | Exact:
    found = tokens(phrase)
    return Word(found[0]) if len(found) == 1 else Exact(tuple(token.surface for token in found))
