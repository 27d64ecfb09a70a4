"""What services that record calls hand over: pieces of speech with times, made into one conversation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from ingest.spoken import spoken_document
from ingest.turns import Cue, merge
from winloss.model import Finding, Participant, Readable, Severity
from winloss.ports import ReadContext

MOST_MS = 48 * 3600 * 1000
TOLERANCE = 1.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One recorded call. Times of the cues are milliseconds; `length_ms` is how long the recording is, where told."""

    cues: tuple[Cue, ...]
    id: str | None = None
    title: str | None = None
    day: date | None = None
    language: str | None = None
    url: str | None = None
    account: str | None = None
    participants: tuple[Participant, ...] = ()
    length_ms: float | None = None


def recorded(
    path: Path, recording: Recording, context: ReadContext, extra: Iterable[Finding] = ()
) -> Iterable[Readable]:
    """The conversation as a document, with remarks about it.

    Raises:
        MalformedSource: nobody says anything.
    """
    cues, units = in_time(recording.cues, recording.length_ms)
    document, findings = spoken_document(
        path, merge(cues), context, day=recording.day, title=recording.title, language=recording.language
    )
    yield replace(
        document,
        external_id=recording.id or document.external_id,
        url=recording.url,
        account=recording.account,
        participants=recording.participants,
    )
    yield from (*extra, *units, *findings)


def in_time(cues: Sequence[Cue], length_ms: float | None) -> tuple[tuple[Cue, ...], list[Finding]]:
    """The cues held against the length of the recording, in another unit where only that one fits."""
    last = max((cue.end_ms or cue.start_ms or 0 for cue in cues), default=0)
    if not length_ms or length_ms <= 0 or last <= length_ms * TOLERANCE:
        return tuple(cues), []
    if last / 1000 <= length_ms * TOLERANCE and last / 1000 >= length_ms / 10:
        message = "the times fit the recording's length only as a thousandth of what the format says, and were read so"
        found = Finding(code="time-unit", message=message)
        return tuple(replace(cue, start_ms=_less(cue.start_ms), end_ms=_less(cue.end_ms)) for cue in cues), [found]
    message = f"speech goes on to {_clock(last)}, but the recording is said to be {_clock(length_ms)} long"
    return tuple(cues), [Finding(code="beyond-the-end", message=message)]


def milliseconds(value: float | None, *, per: float = 1.0) -> int | None:
    """A time in whole milliseconds, `per` of them to the unit; None for what no recording can have."""
    if value is None or not 0 <= value * per <= MOST_MS:
        return None
    return round(value * per)


def cue(speaker: str | None, text: str, start: int | None, end: int | None) -> Cue:
    """A piece of speech; an end before its beginning is none."""
    after = end if end is not None and start is not None and end >= start else None
    return Cue(speaker=speaker, text=text.strip(" \t\r\n\xa0"), start_ms=start, end_ms=after)


def remark(code: str, message: str, *, count: int = 1, where: str = "") -> Finding:
    """A remark of no alarm."""
    return Finding(code=code, message=message, count=count, where=where, severity=Severity.INFO)


def _less(time: int | None) -> int | None:
    return round(time / 1000) if time is not None else None


def _clock(time: float) -> str:
    seconds = round(time / 1000)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
