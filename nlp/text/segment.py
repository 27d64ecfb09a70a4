"""Buyers' turns into verbatims: one to three sentences that can be quoted alone.

A verbatim is a span of the turn, never an edited copy. It is long enough to be understood without the turn and short
enough to be about one thing: neighbouring short sentences are put together, a sentence that leans on the one before
("And", "It", "Because") stays with it where there is room, run-on sentences are cut at their clauses, and words that
say nothing ("Yeah, right.") make no verbatim.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from nlp.text.filler import COURTESY, EMPTY, LAST_NOTE, NOTE
from nlp.text.pipeline import SIZES
from nlp.text.prose import stretches, trimmed
from nlp.text.sentences import WORD, clauses, sentences
from winloss.model import Span

TEXTS_AT_ONCE = 2_000
FAR = 80
"""Sentences further apart than this, in characters of filler between them, are not put together."""


def segment(
    texts: Sequence[str],
    *,
    quoted: Sequence[Sequence[tuple[int, int]]] | None = None,
    advance: Callable[[int], None] | None = None,
) -> list[list[Span]]:
    """The verbatims of each text, as half-open code-point spans in order that do not overlap.

    A span has no white space at its ends, and never crosses a blank line or touches a span of `quoted` (one sequence
    per text: the words of others). `advance(n)` is called as texts get done.
    """
    found: list[list[Span]] = []
    for first in range(0, len(texts), TEXTS_AT_ONCE):
        some = texts[first : first + TEXTS_AT_ONCE]
        marks = quoted[first : first + TEXTS_AT_ONCE] if quoted is not None else [()] * len(some)
        prose = [stretches(text, quoted=spans) for text, spans in zip(some, marks, strict=True)]
        for text, runs in zip(some, sentences(some, prose, advance=advance), strict=True):
            found.append([span for run in runs for span in _verbatims(text, run)])
    return found


@dataclass(slots=True)
class _Group:
    """Neighbouring sentences on their way to a verbatim."""

    start: int
    end: int
    words: int
    content: int
    sentences: int = 1

    def take(self, other: _Group) -> None:
        self.end = other.end
        self.words += other.words
        self.content += other.content
        self.sentences += other.sentences

    @property
    def says_something(self) -> bool:
        """Whether there is enough in it to be quoted: a long sentence of small words says as much as three big ones."""
        return self.content >= SIZES.content or (self.words >= SIZES.plain and self.content >= SIZES.content - 1)


def _verbatims(text: str, run: Iterable[tuple[int, int]]) -> list[Span]:
    groups: list[_Group] = []
    for start, end in run:
        parts = clauses(text, start, end)
        for part in parts:
            sentence = _measured(text, *part)
            if not sentence.content:
                continue
            if groups and len(parts) == 1 and _joins(groups[-1], sentence, leans=_leans(text, part)):
                groups[-1].take(sentence)
            else:
                groups.append(sentence)
    _settle(groups)
    spans = (_bare(text, group.start, group.end) for group in groups if group.says_something)
    return [Span(start=start, end=end) for start, end in spans if start < end]


def _joins(group: _Group, sentence: _Group, *, leans: bool) -> bool:
    """Whether a sentence goes with the group before it."""
    if group.words + sentence.words > SIZES.most or sentence.start - group.end > FAR:
        return False
    if group.sentences >= SIZES.sentences and sentence.words > SIZES.tiny and group.words > SIZES.fewest:
        return False
    return leans or group.words < SIZES.fewest or sentence.words <= SIZES.tiny


def _settle(groups: list[_Group]) -> None:
    """Put a last group that is too short to the one before it where that one has room."""
    if len(groups) > 1 and groups[-1].words < SIZES.fewest:
        before = groups[-2]
        near = groups[-1].start - before.end <= FAR
        if near and before.words + groups[-1].words <= SIZES.most and before.sentences <= SIZES.sentences:
            before.take(groups.pop())


def _measured(text: str, start: int, end: int) -> _Group:
    """A sentence with its words counted; courtesies and fillers have no content."""
    said = NOTE.sub(" ", text[start:end])
    words = [match[0].casefold().replace("’", "'") for match in WORD.finditer(said)]
    content = 0 if COURTESY.fullmatch(said) else sum(word not in EMPTY for word in words)
    return _Group(start=start, end=end, words=len(words), content=content)


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without a transcriber's notes at its ends and stray punctuation at its beginning."""
    while note := NOTE.match(text, start, end):
        start, end = trimmed(text, note.end(), end)
    while note := LAST_NOTE.search(text, max(start, end - 60), end):
        start, end = trimmed(text, start, note.start())
    stray = _STRAY.match(text, start, end)
    return (stray.end(), end) if stray else (start, end)


def _leans(text: str, span: tuple[int, int]) -> bool:
    return _ANAPHOR.match(text, *span) is not None


_STRAY = re.compile(r"(?:[,;:.)\]?!–—-]+\s+)+")
_ANAPHOR = re.compile(
    r"[\"'“‘(]?(?:and|so|but|it|it['’]s|that|that['’]s|this|these|those|they|they['’]re|because|which|or|then|also|"
    r"plus|otherwise|instead|he|she|him|her|them|its|their|same|neither|nor|still|yet|though|however|therefore|"
    r"especially|except|not|even|like|for example|for instance|in other words|i mean|meaning)\b",
    re.IGNORECASE,
)
