"""What every transcript format needs: cues merged into turns, speakers told from text, names and titles applied.

A name before a colon is only believed where something else speaks for it: it comes back, it is a participant, it is
one of the usual labels (`Q`, `Interviewer`, `Speaker 1`), or the format marks it. Anything else stays part of the text,
because a lost speaker puts one person's words into another's mouth.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from winloss.model import Participant, ReadTurn

MAX_NAME = 64
MERGE_GAP_MS = 2000
_BLANK = " \t\r\n"
_PREFIX = re.compile(r"([^\s:：][^:：\r\n]{0,63})(?::(?=[ \t\r\n]|$)|：)")
_LABEL = re.compile(
    r"(?i)(?:q|a|question|answer|interviewer|interviewee|respondent|moderator|host|guest|participant|buyer|customer|"
    r"client|prospect|vendor|(?:unknown |unidentified )?speaker|researcher|facilitator|caller|operator)"
    r"[ ._#:-]?(?:\d{1,4}|[a-z])?"
)
_NAME_WORD = r"(?:[^\W\d_a-zß-öø-ÿ][\w’'.-]*|de|da|di|du|van|von|der|den|la|le|el|al|bin|bint|ben|dos|del)"
_PERSON = re.compile(rf"[^\W\d_a-z][\w’'.-]*(?: {_NAME_WORD}){{1,4}}(?: ?[(\[][^)\]]{{1,40}}[)\]])?")
_NEVER = frozenset(
    {
        *("note", "notes", "example", "date", "time", "subject", "from", "to", "cc", "re", "fwd", "title", "summary"),
        *("agenda", "actions", "action items", "next steps", "location", "duration", "attendees", "participants"),
        *("info", "error", "warning", "debug", "warn", "version", "name", "tags", "ps", "p.s", "account", "company"),
        *("outcome", "segment", "competitor", "language", "transcript", "recording", "http", "https", "and", "but"),
    }
)
_NO_NAME = re.compile(r"https?$|[?!;\"“”<>{}|]|\.{2,}|^\d+$|, [a-z]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A piece of speech as a caption or a transcription service has it. Times in milliseconds."""

    speaker: str | None
    text: str
    start_ms: int | None = None
    end_ms: int | None = None


def merge(cues: Iterable[Cue], *, gap_ms: int = MERGE_GAP_MS) -> tuple[ReadTurn, ...]:
    """Cues of one speaker that follow each other within `gap_ms` as one turn, their texts joined by a space.

    Cues without times are merged by speaker alone. Empty cues vanish, but are heard: they keep a turn going. Cues that
    overlap or stand out of order are one turn from the earliest start to the latest end.
    """
    turns: list[ReadTurn] = []
    open_turn: list[Cue] = []
    for cue in cues:
        if open_turn and not _goes_on(open_turn[-1], cue, gap_ms):
            turns += _closed(open_turn)
            open_turn = []
        open_turn.append(cue)
    return tuple(turns + _closed(open_turn))


def believed_names(prefixes: Sequence[str], *, known: Iterable[str] = (), lines: int | None = None) -> frozenset[str]:
    """Those of the names found before colons that are speakers.

    `known` are names that participants are told to have; `lines` is the number of places that could have carried a
    name. Where half of them do, the colon is evidently the format's own mark, and a person's full name that comes once
    is believed too; where nearly all do, and names that come back are as short as it, any name is, unless the
    participants are told.
    """
    counts = Counter(prefixes)
    familiar = {name.casefold() for name in known}
    candidates = {name for name in counts if could_be_name(name)}
    sure = {name for name in candidates if counts[name] > 1 or name.casefold() in familiar or is_label(name)}
    people = {name for name in candidates if looks_like_person(name)}
    short = any(counts[name] > 1 and not (looks_like_person(name) or is_label(name)) for name in sure)
    if lines and short and not familiar and sum(counts[name] for name in candidates) >= 0.9 * lines:
        return frozenset(candidates)
    evident = lines is not None and 2 * sum(counts[name] for name in sure | people) >= lines
    return frozenset(sure | people if evident else sure)


def could_be_name(name: str) -> bool:
    """Whether a piece of text can be a speaker's name at all."""
    words = name.split()
    never = name.casefold() in _NEVER or _NO_NAME.search(name)
    return 0 < len(words) <= 8 and len(name) <= MAX_NAME and not never


def looks_like_person(name: str) -> bool:
    """Whether it is written as a person's full name is: two to five capitalised words."""
    return bool(_PERSON.fullmatch(name))


def is_label(name: str) -> bool:
    """Whether it is one of the words that stand for a speaker: `Q`, `Interviewer`, `Speaker 2` …"""
    return bool(_LABEL.fullmatch(name))


def name_before_colon(text: str) -> str | None:
    """What stands before the first colon, where it can be a name and white space or nothing follows; else None."""
    match = _PREFIX.match(text)
    name = match[1].rstrip(_BLANK + "\xa0\u202f") if match else ""
    return name if name and could_be_name(name) else None


def after_name(text: str, name: str) -> str:
    """The text without its leading `name:`."""
    return re.sub(r"^[ \xa0\u202f]*[:：]", "", text[len(name) :]).strip(_BLANK)


def parse_participants(cell: str) -> tuple[Participant, ...]:
    """The people in `Name=Title; Name=Title, Firm; Name`. What follows the title's last comma is kept in the title."""
    people = []
    for part in filter(None, (part.strip() for part in cell.split(";"))):
        name, _, title = (piece.strip() for piece in part.partition("="))
        if name:
            people.append(Participant(name=name, title=title or None))
    return tuple(people)


def parse_labels(cell: str) -> dict[str, str]:
    """Label to name in `A=Dana Ortiz; Speaker 1=Priya Nair`; entries without `=` are left out."""
    pairs = (part.partition("=") for part in cell.split(";") if "=" in part)
    return {label.strip(): name.strip() for label, _, name in pairs if label.strip() and name.strip()}


def relabel(turns: Sequence[ReadTurn], labels: Mapping[str, str]) -> tuple[ReadTurn, ...]:
    """The turns with their speakers' labels replaced by names; upper and lower case do not count."""
    names = {label.casefold(): name for label, name in labels.items()}
    return tuple(replace(turn, speaker=names.get((turn.speaker or "").casefold(), turn.speaker)) for turn in turns)


def known_names(manifest: Mapping[str, str] | None) -> frozenset[str]:
    """Every name and label that a manifest row tells for a file."""
    row = manifest or {}
    people = (person.name for person in parse_participants(row.get("participants", "")))
    labels = parse_labels(row.get("speaker_labels", ""))
    return frozenset({*people, *labels, *labels.values()})


def _goes_on(before: Cue, cue: Cue, gap_ms: int) -> bool:
    if before.speaker != cue.speaker:
        return False
    if before.end_ms is None or cue.start_ms is None:
        return True
    return cue.start_ms - before.end_ms <= gap_ms


def _closed(cues: Sequence[Cue]) -> list[ReadTurn]:
    text = " ".join(cue.text for cue in cues if cue.text.strip())
    if not text:
        return []
    start, end = cues[0].start_ms, cues[-1].end_ms
    end = end if end is None or start is None or end >= start else None
    return [ReadTurn(speaker=cues[0].speaker, text=text, start_ms=start, end_ms=end)]
