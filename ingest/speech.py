"""Written conversations: who says what in a transcript that people or services typed as text.

A transcript keeps to one style: bold names (Markdown), names with a time beside them (Otter, Rev, Teams), or names
before a colon. The style that the file evidently uses decides which lines begin a turn; everything up to the next such
line is the turn's text, exactly as it stands in the file, inner line breaks included.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.turns import believed_names, could_be_name, is_label, looks_like_person
from ingest.values import parse_clock
from winloss.model import ReadTurn

MAX_PREAMBLE = 60
MIN_TURNS_PER_BLOCK = 0.08
SET_APART = 0.75

_DAY = 24 * 3600 * 1000
_BLANK = " \t\r\n"
_TIME = r"(?:\d{1,3}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
_STAMP = rf"\\?[\[(]{_TIME}\\?[\])]"
_NAME = r"[^\s:：*\[(|#>][^:：\r\n]{0,63}?"
_LINE_END = re.compile(r"\r\n|\r|\n")
_BOLD = re.compile(
    rf"(?:{_STAMP}[ \t]*)?(?P<mark>\*\*|__)(?:{_STAMP}[ \t]*)?(?P<name>[^*_:\r\n]{{1,64}}?)[ \t]*"
    rf"(?::[ \t]*(?P=mark)|(?P=mark)[ \t]*(?:{_STAMP}[ \t]*)?:|(?P=mark)[ \t]*{_STAMP})"
)
_BRACKETED = re.compile(rf"\[(?P<name>[^\]\r\n]{{1,64}})\][ \t]+{_TIME}[ \t]*$")
_SPACED = re.compile(rf"(?P<name>{_NAME})(?=  | ?\t)[ \t]++{_TIME}[ \t]*$")
_BESIDE = re.compile(rf"(?P<name>{_NAME})[ \t]*{_STAMP}[ \t]*(?::|$)")
_COLON = re.compile(rf"(?:(?:{_STAMP}|{_TIME})[ \t]*[-–—]?[ \t]*)?(?P<name>{_NAME})[ \t\xa0\u202f]*(?::(?=[ \t]|$)|：)")
_BOLD_ALONE = re.compile(r"(?P<mark>\*\*|__)(?P<name>[^*_:\r\n]{1,64}?)(?P=mark)[ \t]*$")
_AFTER_TIME = re.compile(rf"(?:{_STAMP}|{_TIME})[ \t]+(?P<name>[^\s:*\[(|#>\d][^:：\r\n.,?!]{{0,63}})$")
_PATTERNS = {
    "bold": _BOLD,
    "bold alone": _BOLD_ALONE,
    "bracketed": _BRACKETED,
    "spaced": _SPACED,
    "beside": _BESIDE,
    "after": _AFTER_TIME,
    "colon": _COLON,
}
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
    familiar = frozenset(name.casefold() for name in known)
    lines = [line for line in _lines(text) if line.text.strip(_BLANK)]
    candidates = list(_candidates(lines))
    styles = [_believed([mark for mark in candidates if mark.style == style], lines, familiar) for style in _PATTERNS]
    marks = max(styles, key=len, default=[])
    if not marks:
        return Speech(turns=())
    if marks[0].style == "bracketed":
        marks = _since_first(marks)
    first = marks[0].line.start
    above = [line.text.strip(_BLANK) for line in lines if line.start < first]
    markdown = marks[0].style.startswith("bold")
    divided = [*marks, *_divisions(lines, first, {mark.line.start for mark in marks}, markdown=markdown)]
    begun = parse_clock(above.pop()) if above and _CLOCK.fullmatch(above[-1]) else None
    counts = Counter(mark.name for mark in marks)
    return Speech(
        turns=tuple(_turns(text, sorted(divided, key=lambda mark: mark.line.start), begun)),
        preamble=tuple(above),
        kept=tuple(
            dict.fromkeys(
                mark.name
                for mark in candidates
                if mark.name and mark.name not in counts and mark.style == marks[0].style
            )
        ),
        once=tuple(
            mark.name
            for mark in marks
            if mark.name and counts[mark.name] == 1 and not (_marked(mark) or _familiar(mark, familiar))
        ),
    )


def looks_spoken(text: str) -> bool:
    """Whether a text is evidently a conversation: lines that begin turns, by two speakers or often, not far down."""
    speech = parse_speech(text)
    return len(speech.preamble) <= MAX_PREAMBLE and is_conversation(speech, text)


def is_conversation(speech: Speech, text: str) -> bool:
    """Whether the turns found in a text are more than chance: by two speakers or often, and in enough of its blocks."""
    speakers = {turn.speaker for turn in speech.turns}
    if len(speech.turns) < 2 or (len(speakers) < 2 and len(speech.turns) < 3):
        return False
    blocks = sum(line.starts and bool(line.text.strip(_BLANK)) for line in _lines(text))
    return len(speech.turns) >= MIN_TURNS_PER_BLOCK * blocks


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
    for style, pattern in _PATTERNS.items():
        match = pattern.match(words)
        if match and could_be_name(name := match["name"].strip(" \t\xa0\u202f\\*_-–—")):
            time = _CLOCK.search(match[0].replace(name, " ", 1))
            clock = parse_clock(time[0]) if time else None
            begin = line.start + indent + match.end()
            return _Mark(style=style, line=line, begin=begin, name=name, time=clock, prominent=prominent)
    return None


def _believed(marks: Sequence[_Mark], lines: Sequence[_Line], known: frozenset[str]) -> list[_Mark]:
    """Those of one style's marks that begin turns.

    Bold print with a colon, or a time, tells a speaker by itself. Names that stand alone or before a colon have to be
    believed, and where turns are set apart by blank lines, only lines that follow one can name somebody new.
    """
    if all(_marked(mark) for mark in marks):
        return list(marks)
    likely = [mark for mark in marks if _familiar(mark, known) or looks_like_person(mark.name or "")]
    apart = likely or marks
    if sum(mark.line.starts for mark in apart) >= SET_APART * len(apart):
        marks = [mark for mark in marks if mark.line.starts or _familiar(mark, known) or _marked(mark)]
    first = marks[0].line.start if marks else 0
    below = [line for line in lines if line.start >= first and not _CLOCK.fullmatch(line.text.strip(_BLANK))]
    places = len(marks) if len(marks) >= 0.9 * len(below) else sum(line.starts for line in below)
    names = believed_names([mark.name for mark in marks if mark.name], known=known, lines=places)
    counts = Counter(mark.name for mark in marks)
    return [
        mark
        for mark in marks
        if _marked(mark) or (mark.name in names and (mark.prominent or counts[mark.name] > 1 or _familiar(mark, known)))
    ]


def _marked(mark: _Mark) -> bool:
    """Whether more than a colon or a line of its own tells a speaker."""
    if mark.style == "beside":
        return mark.prominent
    return mark.style in ("bold", "bracketed", "spaced") or (mark.style == "colon" and mark.time is not None)


def _since_first(marks: Sequence[_Mark]) -> list[_Mark]:
    """Zoom writes the time of day; times count from the first one. Midnight starts a new day."""
    begun = next((mark.time for mark in marks if mark.time is not None), 0)
    return [replace(mark, time=(mark.time - begun) % _DAY) if mark.time is not None else mark for mark in marks]


def _familiar(mark: _Mark, known: frozenset[str]) -> bool:
    return mark.name is not None and (mark.name.casefold() in known or is_label(mark.name))


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
        if words.strip():
            yield ReadTurn(speaker=speaker, text=words, start_ms=begun)
            begun = None


def _clock_in(stamp: re.Match[str] | None) -> int | None:
    return parse_clock(stamp["time"]) if stamp else None
