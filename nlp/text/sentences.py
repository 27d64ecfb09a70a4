"""Sentences and clauses: where running words may be cut.

spaCy's sentence recogniser proposes; a few rules overrule it, because speech and forum posts differ from the news it
was trained on. Positions are code points of the whole text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from threading import Lock

from nlp.text.pipeline import SIZES, sentence_pipeline
from nlp.text.prose import Stretch, trimmed

SpanOf = tuple[int, int]

BLOCK = 20_000
"""Longest piece given to spaCy at once, in characters."""
BATCH = 128
LONGEST_QUOTATION = 300
"""An opening mark further back than this, in characters, is taken for a slip."""
SHORT = 40
"""Stretches shorter than this, in characters, are one sentence or cut at their punctuation: no model is asked."""


def sentences(
    texts: Sequence[str], found: Sequence[Sequence[Stretch]], *, advance: Callable[[int], None] | None = None
) -> list[list[list[SpanOf]]]:
    """For each text, for each of its stretches, the sentences in order; `advance(n)` as texts get done."""
    result: list[list[list[SpanOf]]] = [[[] for _ in stretches] for stretches in found]
    asked: list[tuple[int, int, int, int]] = []
    for text_number, stretches in enumerate(found):
        for number, stretch in enumerate(stretches):
            asked += [(text_number, number, start, end) for start, end in _blocks(texts[text_number], stretch)]
    starts = _starts_of([texts[which][start:end] for which, _, start, end in asked])
    done = 0
    for (which, number, start, end), inner in zip(asked, starts, strict=True):
        cuts = [start, *(start + at for at in inner), end]
        result[which][number] += _mended(texts[which], cuts)
        if advance and which > done:
            advance(which - done)
            done = which
    if advance and len(texts) > done:
        advance(len(texts) - done)
    return result


def punctuated(text: str) -> list[SpanOf]:
    """The sentences of a short text as its punctuation shows them, in order; no model is asked, so it takes no time.

    Unlike the others these may begin small, as people write in forums.
    """
    ends = [match.end() for match in _ANY_END.finditer(text) if not _INITIAL.search(text, 0, match.start() + 1)]
    return _mended(text, [0, *ends, len(text)])


def clauses(text: str, start: int, end: int) -> list[SpanOf]:
    """A run-on sentence cut where a clause ends, into about as few parts as their length allows; others as they are."""
    words = [match.span() for match in WORD.finditer(text, start, end)]
    if len(words) <= SIZES.run_on:
        return [(start, end)]
    found, first = [], 0
    while (left := len(words) - first) > SIZES.most:
        cut = _best_cut(text, words, first, left // -(-left // SIZES.most))
        found.append(trimmed(text, start, words[cut][0]))
        start, first = words[cut][0], cut
    return [*found, trimmed(text, start, end)]


def _best_cut(text: str, words: Sequence[SpanOf], first: int, wanted: int) -> int:
    """The word to begin the next part with: at a clause's beginning, about `wanted` words after the first."""
    reach = wanted // 2
    return min(
        range(first + wanted - reach, min(first + wanted + reach, first + SIZES.most + 1, len(words))),
        key=lambda at: _cost(text, words[at - 1][1], words[at][0], words[at]) + abs(at - first - wanted),
    )


WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+(?:['’\-.@][^\W_]+)*")
"""A word: letters and digits with inner apostrophes and hyphens; a single character where words are not spaced."""

_STRONG = re.compile(r"[;:]|\s[-–—]+\s|—|\.\.\.|…")
_JOINS = {"and", "but", "so", "because", "which", "or", "then", "whereas", "although", "while", "if", "when"}
_ENDS = re.compile(r"[.!?…]+[\"'”’)\]]*\s+(?=[^\sa-z])|(?<=[。！？])")
_ANY_END = re.compile(r"[.!?…]+(?:[\"'”’)\]]+\s+(?=[^\sa-z])|\s+(?=\S))|(?<=[。！？])")
_INITIAL = re.compile(r"(?<![^\W_])[^\W\d_]\.$")
_ABBREVIATED = re.compile(
    r"\b(?:e\.g|i\.e|etc|vs|approx|incl|no|mr|mrs|ms|dr|inc|ltd|corp|cf|z\.b|bzw)\.$", re.IGNORECASE
)


def _blocks(text: str, stretch: Stretch) -> Iterator[SpanOf]:
    """The stretch in pieces of bounded length, cut at its breaks and else at white space."""
    for start, end in zip((stretch.start, *stretch.breaks), (*stretch.breaks, stretch.end), strict=True):
        while end - start > BLOCK:
            space = max(text.rfind(mark, start, start + BLOCK) for mark in (" ", "\n"))
            cut = space + 1 if space > start else start + BLOCK
            yield start, cut
            start = cut
        yield start, end


def _starts_of(pieces: Sequence[str]) -> list[list[int]]:
    """Where sentences begin inside each piece, its own beginning left out."""
    long = [number for number, piece in enumerate(pieces) if len(piece) >= SHORT]
    starts = [[match.end() for match in _ENDS.finditer(piece)] if len(piece) < SHORT else [] for piece in pieces]
    if not long:
        return starts
    pipeline = sentence_pipeline()
    with _ONE_AT_A_TIME, pipeline.memory_zone():
        readable = (_UNREADABLE.sub("\ufffd", pieces[number]) for number in long)
        for number, doc in zip(long, pipeline.pipe(readable, batch_size=BATCH), strict=True):
            proposed = {sentence.start_char for sentence in doc.sents}
            proposed.update(match.end() for match in _IDEOGRAPHIC_END.finditer(pieces[number]))
            starts[number] = sorted(at for at in proposed if 0 < at < len(pieces[number]))
    return starts


_ONE_AT_A_TIME = Lock()
"""The pipeline forgets the words it met at the end of each call, also those of another thread's call."""
_UNREADABLE = re.compile("[\x00\ud800-\udfff]")
_IDEOGRAPHIC_END = re.compile("[。！？]+")


def _mended(text: str, cuts: Sequence[int]) -> list[SpanOf]:
    """Sentences between the cuts, joined again where the cut is not the end of a sentence."""
    found: list[SpanOf] = []
    for start, end in pairwise(cuts):
        start, end = trimmed(text, start, end)
        if start == end:
            continue
        if found and end - found[-1][0] < BLOCK and _goes_on(text, *found[-1], start):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _goes_on(text: str, start: int, end: int, following: int) -> bool:
    """Whether what the model took for two sentences is one."""
    if _ABBREVIATED.search(text, max(start, end - 12), end) or _is_open(text, start, end):
        return True
    return text[end - 1] in ",-–—(/" or (text[following].islower() and text[end - 1] not in '.!?…:;。！？"”)')


def _is_open(text: str, start: int, end: int) -> bool:
    """Whether a bracket or a quotation is open at the end, so that the next sentence belongs to it."""
    if end - start > LONGEST_QUOTATION:
        return False
    return (
        text.count("(", start, end) > text.count(")", start, end)
        or text.count("“", start, end) > text.count("”", start, end)
        or (text.count('"', start, end) % 2 == 1 and text.rfind('"', start, end) > text.find(" ", start, end) >= 0)
    )


def _cost(text: str, before: int, after: int, word: SpanOf) -> int:
    """How bad it is to cut between two words: 0 at a strong mark, more at commas and bare conjunctions."""
    between = text[before:after]
    joins = text[slice(*word)].casefold() in _JOINS
    if _STRONG.search(between):
        return 0
    if "," in between:
        return 2 if joins else 12
    return 10 if joins else 40
