"""Meeting assistants: Fireflies, Grain, and the entries that Google Meet's API gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ingest.json_files import read_whole, shape
from ingest.json_values import day_of_moment, moment, number_in, object_in, objects, objects_in, text_in
from ingest.leftovers import Leftovers
from ingest.recordings import Recording, cue, milliseconds, recorded, remark
from ingest.turns import Cue
from ingest.values import parse_clock
from winloss.errors import MalformedSource
from winloss.model import Finding, Participant, Readable
from winloss.ports import Format, Probe, ReadContext

_FIREFLIES = frozenset(
    {
        *("id", "title", "date", "dateString", "duration", "host_email", "organizer_email", "participants", "speakers"),
        *("meeting_attendees", "transcript_url", "audio_url", "video_url", "meeting_link", "summary", "sentences"),
    }
)
_SENTENCE = ("index", "text", "raw_text", "start_time", "end_time", "speaker_id", "speaker_name", "ai_filters")
_DOWNLOADED = ("sentence", "startTime", "endTime", "speaker_name", "speaker_id")
_GRAIN = ("participant_id", "participantId", "speaker", "start", "end", "start_ms", "end_ms", "text")
_ENTRY = ("name", "participant", "text", "languageCode", "startTime", "endTime")

Found = Iterator[Recording | Finding]


class AssistantReader:
    """Transcripts of meeting assistants. Pieces of speech of one speaker become one turn."""

    name = "assistants"
    title = "Meeting assistants (Fireflies, Grain, Google Meet)"
    family = "calls"
    formats: tuple[Format, ...] = (
        Format(name="Fireflies API", looks="`.json`", gives="turns with speakers and times, attendees, day, link"),
        Format(name="Fireflies download", looks="`.json`", gives="turns with speakers and times"),
        Format(name="Grain transcript", looks="`.json`", gives="turns with speakers and times"),
        Format(name="Google Meet transcript entries", looks="`.json`", gives="turns with speakers and times, day"),
    )

    def identify(self, probe: Probe) -> bool:
        """JSON with the keys of one of them."""
        return _parser(probe) is not None

    def read(self, path: Path, context: ReadContext) -> Iterator[Readable]:
        """One interview a meeting.

        Raises:
            MalformedSource: broken JSON, or no words in it.
        """
        from ingest.sniff import probe

        parse = _parser(probe(path))
        left, remarks, given = Leftovers(), [], 0
        for found in parse(path, left) if parse else ():
            if isinstance(found, Finding):
                remarks.append(found)
            elif found.cues:
                given += 1
                yield from recorded(path, found, context)
        if not given:
            raise MalformedSource(
                f"{path.name} holds no words that were said",
                hint="Export it again once the transcript is ready.",
                path=str(path),
            )
        yield from (*remarks, *left.findings())


def _parser(probe: Probe) -> Callable[[Path, Leftovers], Found] | None:
    seen = shape(probe)
    for keys, parse in _FORMATS:
        if keys <= seen:
            return parse
    return None


def _fireflies(path: Path, left: Leftovers) -> Found:
    """The answer to `transcripts` or `transcript`, with or without GraphQL's `data` around it."""
    document = read_whole(path)
    answer: Mapping[str, Any] = document if isinstance(document, dict) else {"transcripts": document}
    answer = object_in(answer, "data") or answer
    listed: Sequence[Mapping[str, Any]] = objects_in(answer, "transcripts")
    meetings = listed or [object_in(answer, "transcript") or answer]
    for meeting in meetings:
        left.look(meeting, _FIREFLIES)
        if not objects_in(meeting, "sentences"):
            name = text_in(meeting, "title", "id") or "a meeting"
            yield remark("no-words", f"{name} has no sentences yet and was left out")
            continue
        minutes = number_in(meeting, "duration")
        yield Recording(
            cues=tuple(_fireflies_cues(meeting, left)),
            id=text_in(meeting, "id"),
            title=text_in(meeting, "title"),
            day=day_of_moment(meeting.get("date")) or day_of_moment(meeting.get("dateString")),
            url=text_in(meeting, "transcript_url"),
            participants=_attendees(meeting),
            length_ms=minutes * 60_000 if minutes else None,
        )


def _fireflies_cues(meeting: Mapping[str, Any], left: Leftovers) -> Iterator[Cue]:
    """Times are seconds, at times written as text."""
    names = {text_in(speaker, "id"): text_in(speaker, "name") for speaker in objects_in(meeting, "speakers")}
    for sentence in objects_in(meeting, "sentences"):
        left.look(sentence, _SENTENCE, at="sentences")
        number = text_in(sentence, "speaker_id")
        name = text_in(sentence, "speaker_name") or names.get(number) or (f"Speaker {number}" if number else None)
        start, end = (milliseconds(number_in(sentence, key), per=1000) for key in ("start_time", "end_time"))
        if said := text_in(sentence, "text", "raw_text"):
            yield cue(name, said, start, end)


def _attendees(meeting: Mapping[str, Any]) -> tuple[Participant, ...]:
    people = {}
    for attendee in objects_in(meeting, "meeting_attendees"):
        name, email = text_in(attendee, "displayName", "name"), text_in(attendee, "email")
        if called := name or email:
            people[called] = Participant(name=called, email=email)
    return tuple(people.values())


def _downloaded(path: Path, left: Leftovers) -> Found:
    """What the Fireflies app saves: an array of sentences with clock times."""
    cues = []
    for sentence in objects(read_whole(path)):
        left.look(sentence, _DOWNLOADED)
        number = text_in(sentence, "speaker_id")
        name = text_in(sentence, "speaker_name") or (f"Speaker {number}" if number else None)
        start, end = (parse_clock(text_in(sentence, key) or "") for key in ("startTime", "endTime"))
        if said := text_in(sentence, "sentence"):
            cues.append(cue(name, said, start, end))
    yield Recording(cues=tuple(cues))


def _grain(path: Path, left: Leftovers) -> Found:
    """An array of segments; times are milliseconds."""
    cues = []
    for segment in objects(read_whole(path)):
        left.look(segment, _GRAIN)
        start = milliseconds(number_in(segment, "start", "start_ms"))
        end = milliseconds(number_in(segment, "end", "end_ms"))
        if said := text_in(segment, "text"):
            cues.append(cue(text_in(segment, "speaker"), said, start, end))
    yield Recording(cues=tuple(cues))


def _meet(path: Path, left: Leftovers) -> Found:
    """Entries with points in time; the first one begins the recording."""
    document = read_whole(path)
    names = _meet_names(document)
    begun, cues, language = None, [], None
    for entry in sorted(objects_in(document, "transcriptEntries"), key=lambda entry: str(entry.get("startTime", ""))):
        left.look(entry, _ENTRY, at="transcriptEntries")
        start, end = moment(entry.get("startTime")), moment(entry.get("endTime"))
        begun = begun or start
        language = language or text_in(entry, "languageCode")
        told = text_in(entry, "participant") or ""
        name = names.get(told) or told.rpartition("/")[2] or None
        seconds = ((time - begun).total_seconds() if time and begun else None for time in (start, end))
        times = [milliseconds(time, per=1000) for time in seconds]
        if said := text_in(entry, "text"):
            cues.append(cue(name, said, *times))
    if text_in(document, "nextPageToken"):
        message = "this is one page of the transcript; fetch the following ones too (nextPageToken is filled)"
        yield Finding(code="more-pages", message=message)
    if cues and not names:
        message = (
            "speakers are only numbered: add the meeting's `participants` to the file, or name them in manifest.csv"
        )
        yield Finding(code="speakers-unnamed", message=message)
    yield Recording(cues=tuple(cues), day=begun.date() if begun else None, language=language)


def _meet_names(document: Mapping[str, Any]) -> dict[str, str]:
    """Names by resource name, where the participants lie in the same file."""
    names = {}
    for person in objects_in(document, "participants"):
        for kind in ("signedinUser", "anonymousUser", "phoneUser"):
            name, resource = text_in(object_in(person, kind), "displayName"), text_in(person, "name")
            if name and resource:
                names[resource] = name
    return names


_FORMATS: tuple[tuple[frozenset[str], Callable[[Path, Leftovers], Found]], ...] = (
    (frozenset({"transcriptEntries.item.text"}), _meet),
    (frozenset({"data.transcripts.item.sentences"}), _fireflies),
    (frozenset({"data.transcript.sentences"}), _fireflies),
    (frozenset({"transcripts.item.sentences"}), _fireflies),
    (frozenset({"sentences.item.speaker_name"}), _fireflies),
    (frozenset({"item.sentences.item.speaker_name"}), _fireflies),
    (frozenset({"item.sentence", "item.speaker_name"}), _downloaded),
    (frozenset({"item.participant_id", "item.speaker", "item.text"}), _grain),
    (frozenset({"item.participantId", "item.speaker", "item.text"}), _grain),
)
