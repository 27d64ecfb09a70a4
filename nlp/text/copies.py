"""Which texts say the same words: one interview exported by two tools, a post made twice, a mail inside its answer.

Texts are compared by their runs of five words, case and punctuation aside (w-shingling and containment: Broder 1997,
"On the resemblance and containment of documents"). Runs are hashed to 64 bits; the order of texts does not matter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

RUN = 5
COMMON = 20
"""Runs that more documents than this hold are boilerplate and make no two documents candidates."""

FEWEST_SHARED = 8
"""Runs that two texts must share to be worth a look: twelve words in a row."""

Runs = NDArray[np.uint64]

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_FACTORS = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F],
    dtype=np.uint64,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """Two texts by their places, the runs they share, and the share of each one's runs that the other one holds."""

    one: int
    other: int
    shared: int
    of_one: float
    of_other: float


def runs(*texts: str) -> Runs:
    """The distinct runs of five words of the texts, ascending; no run goes on from one text to the next."""
    return np.unique(np.concatenate([_in_order(_words(text)) for text in texts] or [np.empty(0, dtype=np.uint64)]))


def likenesses(texts: Sequence[Runs]) -> list[Likeness]:
    """Every two texts that share enough to be worth a look, ascending by place.

    Of texts with the very same runs the first stands for the others: they are like it, and it alone is compared with
    the rest. Texts without runs are like none.
    """
    first: dict[bytes, int] = {}
    alike = [(first.setdefault(text.tobytes(), place), place) for place, text in enumerate(texts) if len(text)]
    same = {(one, other) for one, other in alike if one != other}
    distinct = sorted(first.values())
    pairs = same | _candidates([texts[place] for place in distinct], distinct)
    return [likeness for one, other in sorted(pairs) if (likeness := _likeness(texts, one, other))]


def shared_spans(text: str, other: Runs, *, fewest: int) -> list[tuple[int, int]]:
    """The half-open spans of a text in which at least `fewest` words in a row are runs of the other one."""
    places = [match.span() for match in _WORD.finditer(text)]
    inside = np.isin(_in_order(_words(text)), other)
    covered = np.zeros(len(places), dtype=np.bool_)
    for start in np.flatnonzero(inside):
        covered[start : start + RUN] = True
    edges = np.flatnonzero(np.diff(np.concatenate(([0], covered.astype(np.int8), [0]))))
    stretches = zip(edges[0::2], edges[1::2], strict=True)
    return [(places[start][0], places[end - 1][1]) for start, end in stretches if end - start >= fewest]


def _words(text: str) -> NDArray[np.uint64]:
    return np.array(
        [crc32(word.casefold().encode("utf-8", "replace")) for word in _WORD.findall(text)], dtype=np.uint64
    )


def _in_order(words: NDArray[np.uint64]) -> Runs:
    if len(words) < RUN:
        return np.empty(0, dtype=np.uint64)
    windows = np.lib.stride_tricks.sliding_window_view(words, RUN)
    mixed = (windows * _FACTORS).sum(axis=1, dtype=np.uint64)
    mixed ^= mixed >> np.uint64(29)
    return np.asarray(mixed * np.uint64(0xBF58476D1CE4E5B9), dtype=np.uint64)


def _candidates(texts: Sequence[Runs], places: Sequence[int]) -> set[tuple[int, int]]:
    """Pairs of places that share enough runs which few documents hold."""
    if len(texts) < 2:
        return set()
    everything = np.concatenate(texts)
    owner = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    order = np.argsort(everything, kind="stable")
    everything, owner = everything[order], owner[order]
    starts = np.flatnonzero(np.concatenate(([True], everything[1:] != everything[:-1])))
    sizes = np.diff(np.append(starts, len(everything)))
    keys = []
    for size in range(2, COMMON + 1):
        members = owner[starts[sizes == size][:, None] + np.arange(size)]
        keys += [members[:, one] * len(texts) + members[:, other] for one, other in combinations(range(size), 2)]
    found, counts = np.unique(np.concatenate(keys), return_counts=True)
    one, other = np.divmod(found[counts >= FEWEST_SHARED], len(texts))
    return {(places[a], places[b]) for a, b in zip(one.tolist(), other.tolist(), strict=True)}


def _likeness(texts: Sequence[Runs], one: int, other: int) -> Likeness | None:
    shared = len(np.intersect1d(texts[one], texts[other], assume_unique=True))
    if shared < FEWEST_SHARED:
        return None
    of_one, of_other = shared / len(texts[one]), shared / len(texts[other])
    return Likeness(one=one, other=other, shared=shared, of_one=of_one, of_other=of_other)
