"""Captions: WebVTT as Zoom and Teams write it, with or without speakers, Teams' metadata, and SRT."""

from __future__ import annotations

import html
import json
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ingest.json_values import text_in
from ingest.remarks import Remarks
from ingest.sniff import read_text
from ingest.spoken import spoken_document
from ingest.turns import Cue, after_name, believed_names, known_names, merge, name_before_colon
from ingest.values import parse_clock, parse_day
from winloss.errors import MalformedSource
from winloss.model import Readable, Severity
from winloss.ports import Format, Probe, ReadContext

_TIMING = re.compile(
    r"^[ \t]*((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})[ \t]*-->[ \t]*((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})[^\r\n]*",
    re.MULTILINE,
)
_SRT_START = re.compile(r"\s*\d+[ \t]*(?:\r\n|\r|\n)[ \t]*\d+:\d{2}:\d{2}[.,]\d{1,3}[ \t]*-->")
_OLD_LINE_END = re.compile(r"\r(?!\n)")
_NUMBER = re.compile(r"[ \t]*\d+[ \t]*")
_LINE_END = re.compile(r"\r\n|\r|\n")
_BLANK_LINE = re.compile(r"(?>\r\n|\r|\n)[ \t]*(?:(?>\r\n|\r|\n)|\Z)")
_VOICE = re.compile(r"<v(?:\.[^\s>]{0,100})?[ \t]{1,40}([^>]{0,200})>")
_TAG = re.compile(r"</?(?:c|i|b|u|v|ruby|rt|lang|font)(?:[.\s][^>]{0,500})?>|<\d+:\d{2}[\d:.]*>|\{\\an\d\}")
_ENTITY = re.compile(r"&(?:amp|lt|gt|nbsp|lrm|rlm|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Script:
    """The cues with their speakers, and what the captions say about themselves."""

    cues: tuple[Cue, ...]
    day: date | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Payload:
    """What stands under one timing line."""

    text: str
    start_ms: int
    end_ms: int


class CaptionReader:
    """Captions with times. Wrapped lines of a cue become one line; cues of one speaker become one turn."""

    name = "captions"
    title = "Captions (WebVTT of Zoom, Teams and others, SRT)"
    family = "calls"
    formats: tuple[Format, ...] = (
        Format(name="Zoom cloud recording", looks="`.vtt`", gives="turns with speakers and times"),
        Format(name="Microsoft Teams transcript", looks="`.vtt`", gives="turns with speakers and times"),
        Format(name="Microsoft Teams metadata", looks="`.vtt`", gives="turns with speakers, times, day and language"),
        Format(name="Otter, Rev and others, as captions", looks="`.srt`", gives="turns with speakers and times"),
        Format(name="Captions without speakers", looks="`.vtt`, `.srt`", gives="turns with times; sides unknown"),
    )

    def identify(self, probe: Probe) -> bool:
        """A file that begins with `WEBVTT`, or with a number above a timing line."""
        start = probe.text.lstrip("\ufeff")
        return bool(re.match(r"WEBVTT(?:[ \t\r\n]|$)", start)) or bool(_SRT_START.match(start))

    def read(self, path: Path, context: ReadContext) -> Iterator[Readable]:
        """One interview. Text is exact but for what captions force: line breaks inside a cue become one space.

        Raises:
            MalformedSource: not text, or no cue in it.
        """
        text, remarks = read_text(path)
        text = _OLD_LINE_END.sub("\n", text)
        payloads = list(_payloads(text))
        if not payloads:
            raise MalformedSource(f"{path.name} holds no captions", hint="Export the captions again.", path=str(path))
        notes = Remarks()
        script = _script(text, payloads, known_names(context.manifest), notes)
        document, findings = spoken_document(
            path, merge(script.cues), context, day=script.day, language=script.language
        )
        yield from remarks
        yield document
        yield from (*notes.findings(), *findings)


def _payloads(text: str) -> Iterator[_Payload]:
    """Every timing line with the lines up to the next blank one, or up to the next cue where none parts them."""
    blanks = [*(blank.start() for blank in _BLANK_LINE.finditer(text)), len(text)]
    timings = list(_TIMING.finditer(text))
    nexts = (*(timing.start() for timing in timings[1:]), len(text) + 1)
    for timing, following in zip(timings, nexts, strict=False):
        start, end = parse_clock(timing[1]), parse_clock(timing[2])
        if start is None or end is None:
            continue
        stop = blanks[bisect_left(blanks, timing.end())]
        lines = _LINE_END.split(text[timing.end() : min(stop, following)])
        if following <= stop:
            lines = _without_number(lines)
        words = filter(None, (line.strip(" \t") for line in lines))
        yield _Payload(text=" ".join(words), start_ms=start, end_ms=max(start, end))


def _without_number(lines: list[str]) -> list[str]:
    """The lines of a cue that no blank line parts from the next one, without the next one's number."""
    while lines and not lines[-1].strip(" \t"):
        lines.pop()
    return lines[:-1] if lines and _NUMBER.fullmatch(lines[-1]) else lines


def _script(text: str, payloads: list[_Payload], known: frozenset[str], notes: Remarks) -> _Script:
    if any(payload.text.startswith('{"') for payload in payloads):
        return _from_metadata(payloads, notes)
    language = re.match(r"WEBVTT[^\r\n]*(?:\r?\n[^\r\n]+)*?\r?\nLanguage:[ \t]*(\S+)", text)
    voiced = any(_VOICE.search(payload.text) for payload in payloads)
    cues = _from_voices(payloads) if voiced else _from_prefixes(payloads, known, notes, web=text.startswith("WEBVTT"))
    return _Script(cues=cues, language=language[1] if language else None)


def _from_voices(payloads: list[_Payload]) -> tuple[Cue, ...]:
    """Teams and other WebVTT with voice tags; words outside of any tag are nobody's."""
    cues = []
    for payload in payloads:
        before, *voiced = _VOICE.split(payload.text)
        pieces = [(None, before), *zip(voiced[0::2], voiced[1::2], strict=True)]
        for speaker, words in pieces:
            if spoken := _clean(words):
                name = html.unescape(speaker).strip() if speaker else None
                cues.append(Cue(speaker=name or None, text=spoken, start_ms=payload.start_ms, end_ms=payload.end_ms))
    return tuple(cues)


def _from_prefixes(payloads: list[_Payload], known: frozenset[str], notes: Remarks, *, web: bool) -> tuple[Cue, ...]:
    """Zoom and others: `Name: text`; a cue without a name goes on with the speaker before it."""
    texts = [_clean(payload.text, entities=web) for payload in payloads]
    prefixes = [name for name in map(name_before_colon, texts) if name]
    believed = believed_names(prefixes, known=known, lines=sum(map(bool, texts)))
    cues, speaker = [], None
    for payload, text in zip(payloads, texts, strict=True):
        name = name_before_colon(text)
        if name in believed:
            speaker, text = name, after_name(text, name)
        elif name:
            notes.add("colon-kept", f'"{name}:" was read as spoken words, not as a speaker', severity=Severity.INFO)
        cues.append(Cue(speaker=speaker, text=text, start_ms=payload.start_ms, end_ms=payload.end_ms))
    return tuple(cues)


def _from_metadata(payloads: list[_Payload], notes: Remarks) -> _Script:
    """Teams' metadata: one JSON object a cue."""
    cues, days, languages = [], [], []
    for payload in payloads:
        told = _told(payload.text)
        if told is None:
            notes.add("broken-cue", "a caption is not the JSON that the others are and was left out")
            continue
        days.append(parse_day(text_in(told, "startDateTime") or "", ("iso",)))
        languages.append(text_in(told, "spokenLanguage"))
        spoken, speaker = text_in(told, "spokenText") or "", text_in(told, "speakerName")
        cues.append(Cue(speaker=speaker, text=spoken, start_ms=payload.start_ms, end_ms=payload.end_ms))
    return _Script(cues=tuple(cues), day=next(filter(None, days), None), language=next(filter(None, languages), None))


def _told(payload: str) -> dict[str, Any] | None:
    """The JSON object of a cue; None where it is none."""
    try:
        told = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def _clean(text: str, *, entities: bool = True) -> str:
    """Caption markup taken out; only the entities that WebVTT knows are decoded, once."""
    plain = _TAG.sub("", text)
    if entities:
        plain = _ENTITY.sub(lambda match: html.unescape(match[0]), plain)
    return plain.strip(" \t")
