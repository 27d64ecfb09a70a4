"""Transcripts typed as plain text or Markdown: by people, by podcasts, by Otter, Rev, Zoom's chat or Google Meet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ingest.preamble import split_front_matter
from ingest.rows import looks_tabular
from ingest.sniff import read_text
from ingest.speech import Speech, looks_spoken, parse_speech
from ingest.spoken import written_document
from ingest.turns import known_names
from winloss.model import Readable, ReadTurn
from winloss.ports import Format, Probe, ReadContext

_CAPTIONS = re.compile(r"\s*WEBVTT|.{0,80}?\d:\d{2}[.,]\d{1,3}[ \t]*-->", re.DOTALL)
_PARAGRAPH = re.compile(r"(?>\r\n|\r|\n)[ \t]*(?>\r\n|\r|\n)[ \t\r\n]*")


class TranscriptReader:
    """Text in which lines name who speaks.

    A turn's text is exactly what the file has, inner line breaks included, without white space at its ends.
    """

    name = "transcripts"
    title = "Transcripts (plain text, Markdown; Otter, Google Meet, Zoom chat)"
    family = "calls"
    formats: tuple[Format, ...] = (
        Format(name="Zoom chat", looks="`.txt`", gives="turns with speakers and times"),
        Format(
            name="Google Meet transcript document",
            looks="`.txt`",
            gives="turns with speakers and times, who attended, the day",
        ),
        Format(name="Otter transcript", looks="`.txt`", gives="turns with speakers and times"),
        Format(name="Typed transcripts", looks="`.txt`, `.md`", gives="turns with speakers; front matter"),
    )

    def identify(self, probe: Probe) -> bool:
        """A text, neither captions nor a table, in which lines evidently begin turns."""
        if not probe.text.strip() or _CAPTIONS.match(probe.text):
            return False
        _, body = split_front_matter(probe.text)
        return not looks_tabular(body) and looks_spoken(body)

    def read(self, path: Path, context: ReadContext) -> Iterator[Readable]:
        """One interview; where no line names a speaker, every paragraph is a turn of nobody.

        Raises:
            MalformedSource: not text, or no words in it.
        """
        text, remarks = read_text(path)
        front, body = split_front_matter(text)
        known = known_names(context.manifest) | known_names(front.facts)
        speech = parse_speech(body, known=known)
        if not speech.turns:
            speech = Speech(turns=_paragraphs(body))
        document, findings = written_document(path, speech, context, front=front)
        yield from remarks
        yield document
        yield from findings


def _paragraphs(text: str) -> tuple[ReadTurn, ...]:
    parts = (part.strip(" \t\r\n") for part in _PARAGRAPH.split(text))
    return tuple(ReadTurn(speaker=None, text=part) for part in parts if part.strip())
