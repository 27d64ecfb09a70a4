"""Hits that say nearly the same, put together under the best of them. Nothing is dropped: each still counts.

Nearly the same are texts of the same words, case, punctuation and white space aside; and longer ones of which at least
nine tenths of the words are the same in order, where what differs is small words and slips of the pen: a number, a
negation or a name that differs makes another statement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from winloss.model import Hit

ALIKE = 0.9
"""Share of the words of two texts, in order, from which on they may be nearly the same."""
FEWEST = 8
"""Texts of fewer words are nearly the same only where all of their words are."""
RUN = 3
"""Texts so alike share a run of this many words, however the words that differ are spread."""
SLIP_FROM = 5
"""Shorter words are too many to be one another's slips of the pen."""
_DENYING = frozenset({"arent", "cant", "didnt", "doesnt", "dont", "isnt", "wasnt"})
"""Small words that turn a statement round. The other words that do, such as `not`, are never small."""
Words = tuple[str, ...]
Fold = tuple[Hit, tuple[Hit, ...]]


def folded(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The hits in their order, each that says nearly the same as an earlier one with that one's id in `same_as`."""
    from winloss.search.analysis import surfaces

    first: dict[Words, str] = {}
    apart: list[Words] = []
    with_run: dict[Words, list[int]] = defaultdict(list)
    marked = []
    for hit in hits:
        words = tuple(surfaces(hit.passage.text))
        best = first.get(words) if words else None
        if best is None and words:
            likely = sorted({place for run in _runs(words) for place in with_run.get(run, ())})
            best = next((first[apart[place]] for place in likely if nearly_same(words, apart[place])), None)
            first[words] = best or hit.passage.id
            if best is None:
                apart.append(words)
                for run in _runs(words):
                    with_run[run].append(len(apart) - 1)
        marked.append(replace(hit, same_as=best))
    return tuple(marked)


def folds(hits: Iterable[Hit]) -> list[Fold]:
    """Each hit that stands for itself with those that say nearly the same, in the order of the page."""
    beneath: dict[str, list[Hit]] = {}
    own: list[Hit] = []
    for hit in hits:
        if hit.same_as in beneath:
            beneath[hit.same_as].append(hit)
        else:
            own.append(hit)
            beneath[hit.passage.id] = []
    return [(hit, tuple(beneath[hit.passage.id])) for hit in own]


def nearly_same(words: Sequence[str], others: Sequence[str]) -> bool:
    """Whether two texts, given as their words in order, say nearly the same. It does not matter which is which."""
    if tuple(words) == tuple(others):
        return True
    if min(len(words), len(others)) < FEWEST:
        return False
    from rapidfuzz.distance import Indel

    alike = Indel.normalized_similarity(words, others, score_cutoff=ALIKE) >= ALIKE
    return alike and _mean_the_same(_telling(words), _telling(others))


def _runs(words: Words) -> set[Words]:
    return {words[at : at + RUN] for at in range(len(words) - RUN + 1)}


def _telling(words: Sequence[str]) -> list[str]:
    """The words that carry the meaning; what denies does."""
    from winloss.search.analysis import STOP_WORDS

    return [word for word in words if word not in STOP_WORDS or word in _DENYING]


def _mean_the_same(telling: Sequence[str], others: Sequence[str]) -> bool:
    """Whether these are the same words in the same order but for slips of the pen."""
    if len(telling) != len(others):
        return False
    return all(word == other or _is_slip(word, other) for word, other in zip(telling, others, strict=True))


def _is_slip(word: str, other: str) -> bool:
    from rapidfuzz.distance import OSA

    if min(len(word), len(other)) < SLIP_FROM or any(sign.isdigit() for sign in word + other):
        return False
    return OSA.distance(word, other) == 1
