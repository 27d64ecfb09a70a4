"""Words that mean the same in this field (`EDR`, `endpoint detection and response`), looked up when a query is asked.

The index knows nothing of them, so that a changed codebook needs no new index. Quotation marks ask for the words as
written and are left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from winloss.search.analysis import tokens
from winloss.search.query import All, AnyOf, Exact, Node, Part, Same, Word

Stems = tuple[str, ...]


class Thesaurus:
    """Groups of words and phrases that search treats as one."""

    def __init__(self, groups: Iterable[Sequence[str]]) -> None:
        self._ways: dict[Stems, tuple[Word | Exact, ...]] = {}
        for group in groups:
            for phrase in group:
                stems = tuple(token.stem for token in tokens(phrase))
                self._ways[stems] = (*self._ways.get(stems, ()), *map(_way, group))
        self._longest = max((len(stems) for stems in self._ways), default=0)

    def expand(self, tree: All) -> All:
        """The tree with every bare word or run of bare words that has synonyms joined by them."""
        parts: list[Part] = []
        at = 0
        while at < len(tree.parts):
            length = self._match(tree.parts[at:])
            run = tree.parts[at : at + max(length, 1)]
            parts.append(self._joined(run) if length > 1 else replace(run[0], node=self._expanded(run[0].node)))
            at += len(run)
        return All(tuple(parts))

    def _match(self, parts: Sequence[Part]) -> int:
        """How many of the parts, from the first on, are a run of wishes that has synonyms; the longest run wins."""
        stems: list[str] = []
        found = 0
        for part in parts[: self._longest]:
            if not isinstance(part.node, Word) or part.required or part.excluded:
                break
            stems.append(part.node.token.stem)
            if tuple(stems) in self._ways:
                found = len(stems)
        return found

    def _joined(self, run: Sequence[Part]) -> Part:
        """The words of the run, some of them being better than none, or what means the same."""
        stems = tuple(part.node.token.stem for part in run if isinstance(part.node, Word))
        return Part(AnyOf((All(tuple(run)), Same(self._ways[stems]))))

    def _expanded(self, node: Node) -> Node:
        if isinstance(node, Word):
            ways = self._ways.get((node.token.stem,), ())
            return Same((node, *ways)) if ways else node
        if isinstance(node, AnyOf):
            return AnyOf(tuple(map(self._expanded, node.nodes)))
        return self.expand(node) if isinstance(node, All) else node


def _way(phrase: str) -> Word | Exact:
    found = tokens(phrase)
    return Word(found[0]) if len(found) == 1 else Exact(tuple(token.surface for token in found))
