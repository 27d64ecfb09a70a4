"""Speech-to-text services and programs: Rev, AssemblyAI, Deepgram, Whisper and its kin, and podcasts' transcripts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

from ingest.json_files import read_whole, shape
from ingest.json_values import day_of_moment, number_in, object_in, objects_in, text_in
from ingest.leftovers import Leftovers
from ingest.recordings import Recording, cue, milliseconds, recorded
from ingest.sniff import probe, read_text
from ingest.turns import Cue
from ingest.values import parse_clock
from winloss.errors import MalformedSource
from winloss.model import Finding, Readable, Severity
from winloss.ports import Format, Probe, ReadContext

SILENT = 0.6
UNLIKELY = -1.0
LOOPING = 2.4
"""Whisper's own thresholds: above the first and below the second a line is made up, above the third it repeats."""

_TSV = re.compile(r"start\tend\ttext\r?\n(?:\d+\t\d+\t|\s*$)")

Parse = Callable[[Mapping[str, Any], Leftovers], Recording]


class SpeechToTextReader:
    """What programs made of recordings. Pieces of speech of one speaker become one turn."""

    name = "speech-to-text"
    title = "Speech to text (Rev, AssemblyAI, Deepgram, Whisper, WhisperX, whisper.cpp, Podcasting 2.0)"
    family = "calls"
    formats: tuple[Format, ...] = (
        Format(name="Rev.ai and Rev.com transcript", looks="`.json`", gives="turns with speakers and times"),
        Format(name="AssemblyAI transcript", looks="`.json`", gives="turns with speakers and times, language"),
        Format(name="Deepgram transcript", looks="`.json`", gives="turns with speakers and times, day"),
        Format(name="Whisper", looks="`.json`, `.tsv`", gives="turns with times; doubtful lines are told"),
        Format(name="WhisperX", looks="`.json`", gives="turns with speakers and times"),
        Format(name="whisper.cpp", looks="`.json`", gives="turns with times"),
        Format(name="Podcasting 2.0 transcript", looks="`.json`", gives="turns with speakers and times"),
    )

    def identify(self, probe: Probe) -> bool:
        """JSON with the keys of one of them, or Whisper's table."""
        return bool(_TSV.match(probe.text)) or _parser(shape(probe)) is not None

    def read(self, path: Path, context: ReadContext) -> Iterator[Readable]:
        """One interview.

        Raises:
            MalformedSource: broken, not finished, or without words.
        """
        seen, left = probe(path), Leftovers()
        if _TSV.match(seen.text):
            text, remarks = read_text(path)
            yield from recorded(path, Recording(cues=tuple(_rows(text))), context, remarks)
            return
        parse, document = _parser(shape(seen)), read_whole(path)
        if parse is None or not isinstance(document, dict):
            raise MalformedSource(f"{path.name} is no transcript that we know", hint="Export it again.", path=str(path))
        if (text_in(document, "status") or "completed") != "completed":
            raise MalformedSource(
                f"the transcript in {path.name} is not finished: {document['status']}",
                hint="Fetch it again once its status is `completed`.",
                path=str(path),
            )
        recording = parse(document, left)
        yield from recorded(path, recording, context, (*_doubts(document), *left.findings()))


def _parser(seen: frozenset[str]) -> Parse | None:
    return next((parse for keys, parse in _FORMATS if keys <= seen), None)


# --- Rev -------------------------------------------------------------------------------------------------------------


def _rev(document: Mapping[str, Any], left: Leftovers) -> Recording:
    """Words and punctuation as elements, spaces among them; seconds, or clock times of Rev.com."""
    left.look(document, ("monologues", "speakers"))
    names = {text_in(speaker, "id"): text_in(speaker, "name") for speaker in objects_in(document, "speakers")}
    cues = []
    for monologue in objects_in(document, "monologues"):
        left.look(monologue, ("speaker", "speaker_info", "elements"), at="monologues")
        elements = objects_in(monologue, "elements")
        said = "".join(value for part in elements if isinstance(value := part.get("value"), str))
        number = text_in(monologue, "speaker")
        told = text_in(object_in(monologue, "speaker_info"), "display_name") or names.get(number)
        starts = (_rev_time(part, "ts", "timestamp") for part in elements)
        ends = (_rev_time(part, "end_ts", "end_timestamp") for part in reversed(elements))
        start, end = (next((time for time in times if time is not None), None) for times in (starts, ends))
        cues.append(cue(told or (f"Speaker {number}" if number else None), said, start, end))
    return Recording(cues=tuple(cues))


def _rev_time(part: Mapping[str, Any], seconds: str, clock: str) -> int | None:
    told = part.get(clock)
    return parse_clock(told) if isinstance(told, str) else milliseconds(number_in(part, seconds), per=1000)


# --- AssemblyAI and Deepgram -----------------------------------------------------------------------------------------

_ASSEMBLY = frozenset(
    {
        *("id", "language_code", "audio_url", "status", "text", "confidence", "audio_duration", "words", "utterances"),
        *("entities", "sentiment_analysis_results", "chapters", "metadata", "language_confidence", "punctuate"),
        *("unredacted_text", "unredacted_words", "unredacted_utterances", "language_model", "acoustic_model"),
        *("format_text", "speaker_labels", "speech_model", "redact_pii", "auto_highlights", "webhook_auth"),
    }
)


def _assembly(document: Mapping[str, Any], left: Leftovers) -> Recording:
    """Milliseconds. What redaction took out stays out."""
    left.look(document, _ASSEMBLY)
    seconds = number_in(document, "audio_duration")
    cues = [_assembly_cue(part) for part in objects_in(document, "utterances")]
    cues = cues or _of_words(objects_in(document, "words"), "text", per=1, voice=_assembly_voice)
    return Recording(
        cues=tuple(cues) or _unbroken(text_in(document, "text")),
        id=text_in(document, "id"),
        language=text_in(document, "language_code"),
        length_ms=seconds * 1000 if seconds else None,
    )


def _assembly_cue(part: Mapping[str, Any]) -> Cue:
    start, end = (milliseconds(number_in(part, key)) for key in ("start", "end"))
    return cue(_assembly_voice(part), text_in(part, "text") or "", start, end)


def _assembly_voice(part: Mapping[str, Any]) -> str | None:
    letter = text_in(part, "speaker")
    return letter and f"Speaker {letter}"


def _deepgram(document: Mapping[str, Any], left: Leftovers) -> Recording:
    """Seconds. Utterances where they were asked for, else paragraphs, else words, else the text."""
    left.look(document, ("metadata", "results"))
    about, results = object_in(document, "metadata"), object_in(document, "results")
    left.look(results, ("channels", "utterances", "summary", "sentiments", "topics", "intents"), at="results")
    seconds = number_in(about, "duration")
    channels = objects_in(results, "channels")
    several = len(channels) > 1
    cues = [_deepgram_cue(part, part.get("transcript"), several=several) for part in objects_in(results, "utterances")]
    for number, channel in enumerate(channels if not cues else ()):
        cues += _channel(channel, number if several else None)
    return Recording(
        cues=_numbered(sorted(cues, key=lambda piece: piece.start_ms or 0)) if several else tuple(cues),
        id=text_in(about, "request_id"),
        day=day_of_moment(about.get("created")),
        language=next((code for channel in channels if (code := text_in(channel, "detected_language"))), None),
        length_ms=seconds * 1000 if seconds else None,
    )


def _channel(channel: Mapping[str, Any], number: int | None) -> list[Cue]:
    """Of paragraphs, words and the whole text the first that there is; `number` where each channel is somebody else."""
    best = next(iter(objects_in(channel, "alternatives")), {})
    told = {} if number is None else {"channel": number}
    cues = [
        _deepgram_cue(
            {**sentence, **told, "speaker": paragraph.get("speaker")}, sentence.get("text"), several=bool(told)
        )
        for paragraph in objects_in(object_in(best, "paragraphs"), "paragraphs")
        for sentence in objects_in(paragraph, "sentences")
    ]
    words = [
        {**word, **told, "word": word.get("punctuated_word") or word.get("word")} for word in objects_in(best, "words")
    ]
    heard = _of_words(words, "word", per=1000, voice=lambda word: _voice(word, several=bool(told)))
    return cues or heard or list(_unbroken(text_in(best, "transcript"), _voice(told, several=bool(told))))


def _deepgram_cue(part: Mapping[str, Any], said: object, *, several: bool) -> Cue:
    start, end = (milliseconds(number_in(part, key), per=1000) for key in ("start", "end"))
    return cue(_voice(part, several=several), said if isinstance(said, str) else "", start, end)


def _voice(part: Mapping[str, Any], *, several: bool) -> str | None:
    """Whose words they are; of several channels each has its own speakers."""
    channel, number = (number_in(part, key) for key in ("channel", "speaker"))
    if several and channel is not None:
        return f"{channel:.0f}/{number or 0:.0f}"
    return None if number is None else f"Speaker {number:.0f}"


def _numbered(cues: Iterable[Cue]) -> tuple[Cue, ...]:
    """Speakers of several channels numbered through, in the order in which they first speak."""
    numbers: dict[str | None, int] = {}
    return tuple(
        replace(piece, speaker=f"Speaker {numbers.setdefault(piece.speaker, len(numbers)) + 1}") for piece in cues
    )


# --- Whisper and its kin ---------------------------------------------------------------------------------------------


def _whisper(document: Mapping[str, Any], left: Leftovers) -> Recording:
    """Segments of Whisper and WhisperX; seconds. Where only its words have a speaker, a segment is the first one's."""
    left.look(document, ("text", "segments", "word_segments", "language"))
    cues = []
    for segment in objects_in(document, "segments"):
        words = objects_in(segment, "words")
        name = text_in(segment, "speaker") or next((told for word in words if (told := text_in(word, "speaker"))), None)
        start, end = (milliseconds(number_in(segment, key), per=1000) for key in ("start", "end"))
        cues.append(cue(name, text_in(segment, "text") or "", start, end))
    found = tuple(cues) or _unbroken(text_in(document, "text"))
    return Recording(cues=found, language=text_in(document, "language"))


def _whisper_cpp(document: Mapping[str, Any], left: Leftovers) -> Recording:
    """Offsets are milliseconds."""
    left.look(document, ("systeminfo", "model", "params", "result", "transcription"))
    cues = []
    for part in objects_in(document, "transcription"):
        left.look(part, ("timestamps", "offsets", "text", "tokens", "speaker_turn_next", "speaker"), at="transcription")
        start, end = (milliseconds(number_in(object_in(part, "offsets"), key)) for key in ("from", "to"))
        name = text_in(part, "speaker")
        cues.append(cue(name and f"Speaker {name}", text_in(part, "text") or "", start, end))
    return Recording(cues=tuple(cues), language=text_in(object_in(document, "result"), "language"))


def _podcast(document: Mapping[str, Any], left: Leftovers) -> Recording:
    """Segments in seconds, at times one a word; a segment without a speaker goes on with the one before it."""
    left.look(document, ("version", "segments"))
    cues, speaker = [], None
    for segment in objects_in(document, "segments"):
        left.look(segment, ("speaker", "startTime", "endTime", "body"), at="segments")
        speaker = text_in(segment, "speaker") or speaker
        start, end = (milliseconds(number_in(segment, key), per=1000) for key in ("startTime", "endTime"))
        cues.append(cue(speaker, text_in(segment, "body") or "", start, end))
    return Recording(cues=tuple(cues))


def _rows(text: str) -> Iterator[Cue]:
    """Whisper's table: start and end in milliseconds, and the text."""
    for line in text.splitlines()[1:]:
        cells = line.split("\t", 2)
        if len(cells) == 3 and cells[0].isascii() and cells[0].isdigit() and cells[1].isascii() and cells[1].isdigit():
            start, end = (milliseconds(float(cell)) if len(cell) < 12 else None for cell in cells[:2])
            yield cue(None, cells[2], start, end)


def _doubts(document: Mapping[str, Any]) -> Iterator[Finding]:
    """Lines that Whisper most likely made up, and lines in which it repeats itself."""
    segments = objects_in(document, "segments")
    silent = [
        segment
        for segment in segments
        if (number_in(segment, "no_speech_prob") or 0) > SILENT and (number_in(segment, "avg_logprob") or 0) < UNLIKELY
    ]
    looping = [segment for segment in segments if (number_in(segment, "compression_ratio") or 0) > LOOPING]
    for code, lines, what in (
        ("made-up", silent, "were most likely never said (Whisper heard silence there): listen before you quote them"),
        ("repeated", looping, "repeat themselves (Whisper may have looped): listen before you quote them"),
    ):
        if lines:
            start = milliseconds(number_in(lines[0], "start"), per=1000) or 0
            where = f"{start // 3_600_000}:{start // 60_000 % 60:02}:{start // 1000 % 60:02}"
            message = f"lines {what}; the first is at {where}"
            yield Finding(code=code, message=message, count=len(lines), where=where, severity=Severity.WARNING)


# --- Words -----------------------------------------------------------------------------------------------------------


def _of_words(
    words: Iterable[Mapping[str, Any]], key: str, *, per: float, voice: Callable[[Mapping[str, Any]], str | None]
) -> list[Cue]:
    """Words one after the other, a cue for each stretch of one speaker."""
    cues = []
    for name, group in groupby(words, key=voice):
        stretch = list(group)
        said = " ".join(filter(None, (text_in(word, key) for word in stretch)))
        start = milliseconds(number_in(stretch[0], "start"), per=per)
        end = milliseconds(number_in(stretch[-1], "end"), per=per)
        cues.append(cue(name, said, start, end))
    return cues


def _unbroken(said: str | None, name: str | None = None) -> tuple[Cue, ...]:
    return (cue(name, said, None, None),) if said else ()


_FORMATS: tuple[tuple[frozenset[str], Parse], ...] = (
    (frozenset({"monologues.item.elements"}), _rev),
    (frozenset({"audio_url", "status", "text"}), _assembly),
    (frozenset({"metadata.request_id", "results.channels"}), _deepgram),
    (frozenset({"transcription.item.offsets.from", "transcription.item.text"}), _whisper_cpp),
    (frozenset({"segments.item.no_speech_prob", "segments.item.text"}), _whisper),
    (frozenset({"segments.item.words.item.score", "segments.item.text"}), _whisper),
    (frozenset({"word_segments", "segments"}), _whisper),
    (frozenset({"segments.item.body", "segments.item.startTime"}), _podcast),
)
