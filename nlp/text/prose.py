"""Which parts of a text are somebody's own running words.

Posts hold more than sentences: quotes of others, logs, code, links, lists of versions, signatures. None of these is a
buyer's verbatim, so they are cut out before sentences are looked for. Everything here works line by line on plain
strings; positions are code points of the whole text.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A half-open span of running words inside one paragraph; sentences end at each of `breaks` in any case."""

    start: int
    end: int
    breaks: tuple[int, ...] = ()


def stretches(text: str, *, quoted: Sequence[tuple[int, int]] = ()) -> list[Stretch]:
    """The stretches of running words in order, without white space at their ends.

    None holds a blank line, a character of a quoted span, a line that is not prose, or a run of characters that is too
    long to be a word (keys, hashes, encoded data).
    """
    others = _merged([*quoted, *(match.span() for match in _ENDLESS.finditer(text))])
    found = []
    for start, end, breaks in _runs(text):
        for piece in _outside(start, end, others):
            piece_start, piece_end = trimmed(text, *piece)
            if piece_start < piece_end:
                inner = breaks[bisect_right(breaks, piece_start) : bisect_left(breaks, piece_end)]
                found.append(Stretch(start=piece_start, end=piece_end, breaks=tuple(inner)))
    return found


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


_BULLET = re.compile(r"\s*(?:[-*•·‣▪◦–—o]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+(?=\S)")
_FENCE = re.compile(r"\s*(?:```|~~~|\{code\b|\[/?code\])")
_SIGN_OFF = re.compile(
    r"\s*(?:--|(?i:with )?(?i:many |best |kind |kindest |warm |very )?"
    r"(?i:thanks|thank you|thx|regards|cheers|sincerely|wishes|best|yours|grüße|cordialement|saludos)"
    r"(?i: again| in advance| a lot| so much| very much| truly| and (?:best |kind )?regards)*"
    r"[,.!\s]*(?:[A-Z][\w.'-]*\s*){0,3})\s*"
)
_FACT = re.compile(r"\s*[-*•]?\s*([A-Za-z][\w ./()&'-]{0,40}?)\s*[:=]\s*(\S.*)")
_FACT_NAMES = re.compile(
    r"\b(?:os|operating system|version|build|browser|platform|model|device|hardware|cpu|ram|kernel|server|account type|"
    r"provider|antivirus|anti-virus|add-?ons?|extensions?|locale|language|user agent|profile|port|host|from|to|cc|bcc|"
    r"subject|date|sent|reply-to|e-?mail|phone|tel|mobile|fax|username|password|type|id|url|link|source|edition)\b",
    re.IGNORECASE,
)
_NOT_PROSE = re.compile(
    r"""\s*(?:
        >                                                        # somebody else's words
      | (?:https?://|ftp://|www\.|file:)\S+\s*[.,;)]*\s*$         # nothing but a link
      | (?:[A-Za-z]:\\|\\\\|/|~/|\./)[^\s?]+\s*$                  # nothing but a path
      | [\w.+-]+@[\w-]+\.[\w.]+\s*$                               # nothing but an address
      | \[?\(?(?:\d{4}-\d\d-\d\d|\d\d?[/.]\d\d?[/.]\d{2,4}|[A-Z][a-z]{2}\ +\d{1,2})[T ,]+\d\d?:\d\d   # a time stamp
      | \[?\d\d?:\d\d:\d\d
      | \[?(?:DEBUG|INFO|WARN(?:ING)?|ERROR|FATAL|TRACE)\]?\s*[:\[|-]
      | (?:Traceback\b|at\ [\w.$]+\(|File\ "|Caused\ by:|Exception\ in\b)
      | [$#%]\s+\S+ | PS\s[A-Z]:\\                                # a shell's prompt
      | (?:import|from|def|class|function|var|let|const|return|\#include|using|package|public|private|SELECT|INSERT)
        \s+[\w.*]+\s*(?:$|[(={;:]|import\b|FROM\b)
      | </?[a-z!][^>]*>\s*$ | [{}()\[\];]+\s*$ | .*[{;]\s*$(?<=[)\]"'\w ][{;])
      | \|.*\|\s*$                                               # a table's row
      | [-=_*~\#.\s]{3,}$                                         # a rule
      | (?:On|Am|Le|El)\b.{6,120}\b(?:wrote|schrieb|a\ écrit|escribió)\s*:\s*$
      | -+\s*(?:Original|Forwarded)\b
      | (?:Sent|Gesendet|Envoyé)\ (?:from|von|de)\b.{0,40}$
      | @@|\+\+\+\s|---\s\S+
      | [\w.$\[\]'"-]+\s*[+:-]?=\s*(?:\S+\s*){1,4}$              # an assignment
      | (?:echo|export|sudo|raise)(?:\s+\S+){1,4}\s*$              # a command
      | ["'][\w.:-]+["']\s*:\s*\S                               # a key and its value
      | [\w.]+\([^()]*\);?\s*$                                   # a call
      | [│├└┌|`+]+\s?[─-]{2}                                      # a tree of files
    )""",
    re.VERBOSE,
)
_ENDLESS = re.compile(r"[^\s\u0e00-\u109f\u1780-\u17ff\u3000-\u9fff\uac00-\ud7af\uff00-\uffef]{200,}")
"""Scripts that write words without spaces between them are left out of it."""
_SHORT_LINE = 55
_GOES_ON = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "to",
        "in",
        "on",
        "at",
        "by",
        "for",
        "with",
        "from",
        "and",
        "or",
        "but",
        "our",
        "my",
        "your",
        "their",
        "its",
        "is",
        "was",
        "as",
        "that",
    ]
)
_SAYING = frozenset(
    [
        "i",
        "we",
        "they",
        "you",
        "is",
        "was",
        "are",
        "were",
        "too",
        "very",
        "not",
        "no",
        "so",
        "but",
        "because",
        "and",
        "had",
        "has",
        "have",
        "it's",
        "didn't",
    ]
)


def _runs(text: str) -> Iterator[tuple[int, int, list[int]]]:
    """Runs of neighbouring prose lines with the places where a line must begin a sentence."""
    start = end = -1
    breaks: list[int] = []
    before = ""
    for line_start, line in _prose_lines(text):
        if line is None:
            if start >= 0:
                yield start, end, breaks
            start, breaks = -1, []
            continue
        bullet = _BULLET.match(line)
        if start < 0:
            start = line_start + (bullet.end() if bullet else 0)
        elif bullet or _begins_anew(before, line):
            breaks.append(line_start)
        end, before = line_start + len(line), line
    if start >= 0:
        yield start, end, breaks


def _prose_lines(text: str) -> Iterator[tuple[int, str | None]]:
    """(start, line) for lines of prose, (start, None) for every other line: each ends the run before it."""
    lines = text.splitlines(keepends=True)
    facts = [_is_fact(line) for line in lines]
    position, fenced, signed = 0, False, False
    for number, line in enumerate(lines):
        at, position = position, position + len(line)
        if _FENCE.match(line):
            fenced = not fenced and "```" not in line.strip()[3:]
            yield at, None
            continue
        signed = (signed and len(line.split()) <= 5) or bool(len(line) < 80 and _SIGN_OFF.fullmatch(line))
        neighbours = facts[max(number - 1, 0) : number] + facts[number + 1 : number + 2]
        listed = facts[number] == 2 or (facts[number] == 1 and any(neighbours))
        if not line.strip() or fenced or signed or listed or _NOT_PROSE.match(line) or _is_symbols(line):
            yield at, None
        else:
            yield at, line


def _is_fact(line: str) -> int:
    """2 for a line that states a fact of the environment, 1 for one that only looks like it, else 0."""
    match = _FACT.fullmatch(line.rstrip()) if len(line) < 120 else None
    if match is None or len(match[2].split()) > 7 or match[2].endswith(("?", "!")):
        return 0
    if _SAYING & set(match[2].casefold().split()):
        return 0
    return 2 if _FACT_NAMES.search(match[1]) and len(match[1].split()) <= 4 else 1


def _is_symbols(line: str) -> bool:
    """Whether less than 60% of a line are letters and spaces: code, tables of numbers, hashes, drawings."""
    body = line.strip()
    plain = sum(character.isalpha() or character in " '’,." for character in body)
    return plain < 0.6 * len(body)


def _begins_anew(before: str, line: str) -> bool:
    """Whether a line starts something new because the line before was a heading or an item, not a wrapped line."""
    previous = before.strip()
    if len(previous) >= _SHORT_LINE or previous.endswith((",", ";")) or not line.lstrip()[:1].isupper():
        return False
    return previous.rpartition(" ")[2].casefold() not in _GOES_ON


def _merged(quoted: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans in order, overlapping ones made one, empty ones left out."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(span for span in quoted if span[0] < span[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _outside(start: int, end: int, others: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """What is left of a span without the others', which are in order and do not overlap."""
    for other_start, other_end in others[bisect_right(others, start, key=itemgetter(1)) :]:
        if other_start >= end:
            break
        if start < other_start:
            yield start, other_start
        start = other_end
    if start < end:
        yield start, end
