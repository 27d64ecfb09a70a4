"""Which of many words are meant by a pattern, or by a word with slips of the pen in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from winloss.search.analysis import stem
from winloss.search.tree import Fuzzy, Misspelt, Wild


def pattern_of(node: Wild) -> re.Pattern[str]:
    """The pattern as a regular expression over surfaces."""
    return re.compile(".*".join(re.escape(part) for part in node.pattern.split("*")), re.DOTALL)


def stemmed(node: Fuzzy) -> Fuzzy:
    """The same, without the word's ending: for comparing with stems."""
    return Fuzzy(stem(node.surface), node.distance)


def near_words(node: Fuzzy, words: Sequence[str]) -> list[tuple[str, int]]:
    """Those of the words that are within the node's distance of its own (optimal string alignment), with theirs."""
    length = len(node.surface)
    furthest = node.distance if node.distance is not None else (0 if length < 3 else 1 if length < 6 else 2)
    return within(node.surface, words, furthest)


def slips_of(node: Misspelt, words: Sequence[str]) -> list[str]:
    """Those of the words that are probably the name: first letters are hardly ever wrong, and short names stay."""
    return [word for word, _ in within(node.name, beginning_like(node.name, words), slips_allowed(node.name))]


def beginning_like(name: str, words: Iterable[str]) -> list[str]:
    """Those of the words that have the name's first letter."""
    return [word for word in words if word[:1] == name[:1]]


def slips_allowed(name: str) -> int:
    """How many slips of the pen a name may have: none below five letters, one below nine, else two."""
    return 0 if len(name) < 5 else 1 if len(name) < 9 else 2


def within(surface: str, words: Sequence[str], furthest: int) -> list[tuple[str, int]]:
    """Those of the words at most so far from the surface (optimal string alignment), with their distances."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    found = process.extract(surface, words, scorer=OSA.distance, score_cutoff=furthest, limit=None)
    return sorted((word, int(distance)) for word, distance, _ in found)
