"""A hit as people are shown it: the words that were looked for marked, the sentence that was meant, long texts cut.

Nothing is ever changed: the pieces, put together, are the part of the text that is shown, to the character.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from winloss.model import Hit

LONGEST = 80
"""Texts of more words are cut."""
CUT_TO = 60
"""Words that are shown of a text that is cut, more where one sentence has more."""
BACK = 15
"""A cut may begin so many words earlier, to begin with a sentence."""
Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Words of the text one after the other that are marked alike: as looked for, as part of the nearest sentence."""

    text: str
    found: bool = False
    near: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is shown of a text, and whether something before and after it is left out."""

    pieces: tuple[Piece, ...]
    cut_before: bool = False
    cut_after: bool = False

    @property
    def cut(self) -> bool:
        """Whether not all of the text is shown."""
        return self.cut_before or self.cut_after

    @property
    def stretches(self) -> list[tuple[bool, list[Piece]]]:
        """The pieces in order, neighbours put together: (whether they are the nearest sentence, pieces)."""
        joined: list[tuple[bool, list[Piece]]] = []
        for piece in self.pieces:
            if joined and joined[-1][0] == piece.near:
                joined[-1][1].append(piece)
            else:
                joined.append((piece.near, [piece]))
        return joined


def shown(hit: Hit) -> Shown:
    """The hit's text with its marks. A sentence that is all of the text is not marked: it would tell nothing."""
    text = hit.passage.text
    near = [hit.sentence] if hit.sentence and text[slice(*hit.sentence)].strip() != text.strip() else []
    start, end = excerpt(text, hit.highlights, near[0] if near else None)
    edges = {start, end, *(edge for span in (*hit.highlights, *near) for edge in span)}
    cuts = sorted(edge for edge in edges if start <= edge <= end)
    pieces = tuple(
        Piece(text=text[at:until], found=_covers(hit.highlights, at), near=_covers(near, at))
        for at, until in pairwise(cuts)
    )
    return Shown(pieces=pieces, cut_before=bool(text[:start].strip()), cut_after=bool(text[end:].strip()))


def excerpt(text: str, highlights: Sequence[Span], sentence: Span | None = None) -> Span:
    """The half-open span of a text that is shown: all of it, or about 60 words around the place that matters most.

    That is the sentence, else where most highlights are. It is cut between words, and begins with a sentence where one
    begins nearby.
    """
    from nlp.text.sentences import WORD, punctuated

    words = [match.span() for match in WORD.finditer(text)]
    if len(words) <= LONGEST:
        return 0, len(text)
    starts = [start for start, _ in words]
    first, last = _around(starts, sentence or _densest(words, highlights))
    beginnings = [bisect_left(starts, start) for start, _ in punctuated(text)]
    earlier = beginnings[bisect_right(beginnings, first) - 1] if beginnings else 0
    first = earlier if first - earlier <= BACK else first
    start = 0 if first == 0 else starts[first]
    end = len(text) if last >= len(words) else _end_of_word(text, words[last - 1][1], starts[last])
    return start, end


def _around(starts: Sequence[int], focus: Span) -> tuple[int, int]:
    """First word and the one after the last, with the focus in the middle."""
    inner_first = max(0, bisect_right(starts, focus[0]) - 1)
    inner_last = bisect_left(starts, focus[1])
    size = max(CUT_TO, inner_last - inner_first)
    first = max(0, min((inner_first + inner_last - size) // 2, len(starts) - size))
    return first, min(first + size, len(starts))


def _densest(words: Sequence[Span], highlights: Sequence[Span]) -> Span:
    """The span of as many highlights as fit into what is shown, the first such; without any, the beginning."""
    starts = [start for start, _ in words]
    places = [bisect_right(starts, start) for start, _ in highlights]
    best = (0, 0, 0)
    for number, place in enumerate(places):
        last = bisect_left(places, place + CUT_TO)
        if last - number > best[0]:
            best = (last - number, number, last - 1)
    return (highlights[best[1]][0], highlights[best[2]][1]) if best[0] else (0, 0)


def _end_of_word(text: str, end: int, following: int) -> int:
    """Where the cut falls after a word: with the punctuation that belongs to it."""
    while end < following and not text[end].isspace():
        end += 1
    return end


def _covers(spans: Sequence[Span], at: int) -> bool:
    return any(start <= at < end for start, end in spans)
