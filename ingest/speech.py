"""Written conversations: who says what in a transcript that people or services typed as text.

A transcript keeps to one style: bold names (Markdown), names with a time beside them (Otter, Rev, Teams), or names
before a colon. The style that the file evidently uses decides which lines begin a turn; everything up to the next such
line is the turn's text, exactly as it stands in the file, inner line breaks included.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ingest.turns import believed_names, could_be_name, is_label
from ingest.values import parse_clock
from winloss.model import ReadTurn

MAX_PREAMBLE = 60
MIN_TURNS_PER_BLOCK = 0.08

_BLANK = " \t\r\n\ufeff"
_TIME = r"(?:\d{1,3}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
_STAMP = rf"\\?[\[(]{_TIME}\\?[\])]"
_NAME = r"[^\s:*\[(|#>][^:\r\n]{0,63}?"
_LINE_END = re.compile(r"\r\n|\r|\n")
_BOLD = re.compile(
    rf"(?:{_STAMP}[ \t]*)?(?P<mark>\*\*|__)(?:{_STAMP}[ \t]*)?(?P<name>[^*_:\r\n]{{1,64}}?)[ \t]*"
    rf"(?::[ \t]*(?P=mark)|(?P=mark)[ \t]*(?:{_STAMP}[ \t]*)?:|(?P=mark)[ \t]*{_STAMP})"
)
_BRACKETED = re.compile(rf"\[(?P<name>[^\]\r\n]{{1,64}})\][ \t]+{_TIME}[ \t]*$")
_BESIDE = re.compile(rf"(?P<name>{_NAME})(?:(?: {{2,}}|[ \t]*\t[ \t]*){_TIME}[ \t]*$|[ \t]*{_STAMP}[ \t]*(?::|$))")
_COLON = re.compile(rf"(?:(?:{_STAMP}|{_TIME})[ \t]*[-–—]?[ \t]*)?(?P<name>{_NAME})[ \t]*:(?=[ \t]|$)")
_PATTERNS = (("bold", _BOLD), ("bracketed", _BRACKETED), ("beside", _BESIDE), ("colon", _COLON))
_STAMP_FIRST = re.compile(rf"\\?[\[(](?P<time>{_TIME})\\?[\])][ \t]*")
_CLOCK = re.compile(_TIME)
_HEADING = re.compile(r"#{1,6}[ \t]+\S.*|-{3,}|\*{3,}|_{3,}")
_FOOTER = re.compile(r"(?i)transcribed by https?://otter\.ai.*|(?:meeting|transcription) ended (?:after|at) [\d:]+.*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """A conversation as written.

    `preamble` are the lines above the first turn; `kept` the names before a colon that were taken for spoken words;
    `once` the speakers that nothing but one line of their own speaks for.
    """

    turns: tuple[ReadTurn, ...]
    preamble: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    once: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One line and where it lies in the text; `starts` says whether it follows a blank one."""

    start: int
    end: int
    text: str
    starts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mark:
    """A line that ends the turn before it and, where it names somebody, begins one; its words begin at `begin`.

    `prominent` marks stand at the start of a block or right under another one.
    """

    style: str
    line: _Line
    begin: int
    name: str | None = None
    time: int | None = None
    prominent: bool = False


def parse_speech(text: str, *, known: Iterable[str] = ()) -> Speech:
    """The turns of a transcript, with what stands above them. `known` are names that participants are told to have."""
    familiar = frozenset(known)
    lines = list(_lines(text))
    candidates = list(_candidates(lines))
    style = _style(candidates)
    named = [mark for mark in candidates if mark.style == style]
    counts = Counter(mark.name for mark in named if mark.name)
    believed = _believed(named, lines, familiar)
    sure = {name for name in believed if counts[name] > 1 or name in familiar or is_label(name)}
    marks = [mark for mark in named if mark.name in sure or (mark.name in believed and mark.prominent)]
    if not marks:
        return Speech(turns=())
    first = marks[0].line.start
    above = [line.text.strip(_BLANK) for line in lines if line.start < first and line.text.strip(_BLANK)]
    marks += _divisions(lines, first, {mark.line.start for mark in marks}, markdown=style == "bold")
    begun = parse_clock(above.pop()) if above and _CLOCK.fullmatch(above[-1]) else None
    return Speech(
        turns=tuple(_turns(text, sorted(marks, key=lambda mark: mark.line.start), begun)),
        preamble=tuple(above),
        kept=tuple(name for name in counts if name not in believed),
        once=tuple(
            dict.fromkeys(mark.name for mark in marks if mark.name and not (mark.name in sure or _marked(mark)))
        ),
    )


def looks_spoken(text: str) -> bool:
    """Whether a text is evidently a conversation: lines that begin turns, by two speakers or often, not far down."""
    speech = parse_speech(text)
    speakers = {turn.speaker for turn in speech.turns}
    if len(speech.turns) < 2 or (len(speakers) < 2 and len(speech.turns) < 3):
        return False
    blocks = sum(line.starts and bool(line.text.strip(_BLANK)) for line in _lines(text))
    return len(speech.preamble) <= MAX_PREAMBLE and len(speech.turns) >= MIN_TURNS_PER_BLOCK * blocks


def _lines(text: str) -> Iterator[_Line]:
    """The lines by CR and LF alone; other Unicode line separators belong to the text."""
    blank = True
    position = 0
    for end in (*(match.end() for match in _LINE_END.finditer(text)), len(text)):
        words = text[position:end].rstrip("\r\n")
        if end > position:
            yield _Line(start=position, end=end, text=words, starts=blank)
            blank = not words.strip(_BLANK)
        position = end


def _candidates(lines: Iterable[_Line]) -> Iterator[_Mark]:
    """Every line that is written like the beginning of a turn."""
    under = False
    for line in lines:
        mark = _candidate(line, prominent=line.starts or under)
        under = mark is not None
        if mark is not None:
            yield mark


def _candidate(line: _Line, *, prominent: bool) -> _Mark | None:
    indent = len(line.text) - len(line.text.lstrip(" \t"))
    words = line.text[indent:]
    for style, pattern in _PATTERNS:
        match = pattern.match(words)
        if match and could_be_name(name := match["name"].strip(" \t\\*_-–—")):
            time = _CLOCK.search(match[0].replace(name, " ", 1))
            clock = parse_clock(time[0]) if time else None
            begin = line.start + indent + match.end()
            return _Mark(style=style, line=line, begin=begin, name=name, time=clock, prominent=prominent)
    return None


def _style(candidates: Sequence[_Mark]) -> str:
    """The style of the file: the strongest that at least two lines have."""
    counts = Counter(mark.style for mark in candidates)
    return next((style for style, _ in _PATTERNS if counts[style] >= 2), "colon")


def _believed(marks: Sequence[_Mark], lines: Sequence[_Line], known: frozenset[str]) -> frozenset[str]:
    """The names of the chosen style that are speakers: all that bold print or a time marks, else what turns believe."""
    marked = frozenset(mark.name for mark in marks if mark.name and _marked(mark))
    names = [mark.name for mark in marks if mark.name]
    first = marks[0].line.start if marks else 0
    blocks = sum(line.starts and line.start >= first and _says_something(line) for line in lines)
    return marked | believed_names(names, known=known, lines=blocks)


def _marked(mark: _Mark) -> bool:
    """Whether more than a colon tells a speaker."""
    return mark.style != "colon" or mark.time is not None


def _says_something(line: _Line) -> bool:
    words = line.text.strip(_BLANK)
    return bool(words) and not _CLOCK.fullmatch(words)


def _divisions(lines: Sequence[_Line], first: int, taken: set[int], *, markdown: bool) -> Iterator[_Mark]:
    """Lines among the turns that name nobody: times, headings, footers. The speaker before them goes on."""
    spoken = [line for line in lines if line.start > first and line.start not in taken and line.text.strip(_BLANK)]
    last = {line.start for line in spoken[-3:]}
    for line in spoken:
        words = line.text.strip(" \t")
        if _CLOCK.fullmatch(words):
            yield _Mark(style="time", line=line, begin=line.end, time=parse_clock(words))
        elif markdown and line.starts and _HEADING.fullmatch(words):
            yield _Mark(style="heading", line=line, begin=line.end)
        elif _STAMP_FIRST.match(words):
            yield _Mark(style="stamp", line=line, begin=line.start)
        elif line.start in last and _FOOTER.fullmatch(words):
            yield _Mark(style="footer", line=line, begin=line.end)


def _turns(text: str, marks: Sequence[_Mark], begun: int | None) -> Iterator[ReadTurn]:
    """The text between marks; a time on a mark, or on a line before it, is when its words began."""
    speaker: str | None = None
    ends = [*(mark.line.start for mark in marks[1:]), len(text)]
    for mark, end in zip(marks, ends, strict=True):
        speaker = mark.name or speaker
        words = text[mark.begin : end].strip(_BLANK)
        stamp = _STAMP_FIRST.match(words)
        if stamp:
            words = words[stamp.end() :].strip(_BLANK)
        begun = next((time for time in (_clock_in(stamp), mark.time, begun) if time is not None), None)
        if words:
            yield ReadTurn(speaker=speaker, text=words, start_ms=begun)
            begun = None


def _clock_in(stamp: re.Match[str] | None) -> int | None:
    return parse_clock(stamp["time"]) if stamp else None
