"""Transcripts typed as plain text or Markdown: by people, by podcasts, by Otter, Rev, Zoom's chat or Google Meet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ingest.mail_files import is_mail, is_mailbox
from ingest.pages import is_page
from ingest.preamble import split_front_matter
from ingest.references import without_references
from ingest.rows import looks_tabular
from ingest.sniff import read_text
from ingest.speech import Speech, looks_spoken, parse_speech
from ingest.speech_tables import split_markdown_table, table_turns
from ingest.spoken import written_document
from ingest.turns import known_names
from ingest.written import nobodys
from winloss.model import Readable
from winloss.ports import Format, Probe, ReadContext

_CAPTIONS = re.compile(r"\s*WEBVTT|.{0,80}?\d:\d{2}[.,]\d{1,3}[ \t]*-->", re.DOTALL)


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
        """A text, neither captions nor a table nor mail, in which lines evidently begin turns."""
        if not probe.text.strip() or _CAPTIONS.match(probe.text):
            return False
        _, body = split_front_matter(probe.text)
        if is_mail(probe.head) or is_mailbox(probe.head):
            return False
        if is_page(probe.text) or probe.text.lstrip().startswith("{\\rtf"):
            return False
        return _tabled(body) is not None or (not looks_tabular(body) and looks_spoken(body))

    def read(self, path: Path, context: ReadContext) -> Iterator[Readable]:
        """One interview; where no line names a speaker, every paragraph is a turn of nobody.

        Raises:
            MalformedSource: not text, or no words in it.
        """
        text, remarks = read_text(path)
        text, references = without_references(text)
        front, body = split_front_matter(text)
        known = known_names(context.manifest) | known_names(front.facts)
        speech = _tabled(body) or parse_speech(body, known=known)
        if not speech.turns:
            speech = Speech(turns=nobodys(body))
        document, findings = written_document(path, speech, context, front=front)
        yield from (*remarks, *references)
        yield document
        yield from findings


def _tabled(text: str) -> Speech | None:
    """The conversation in a Markdown table of speaker and text, where the text is one."""
    above, rows = split_markdown_table(text)
    turns = table_turns([rows])
    return Speech(turns=turns, preamble=above) if len({turn.speaker for turn in turns}) > 1 else None
