"""Word transcripts: `Name: text` paragraphs, names with a time beside them (Teams, Otter), or a table of speakers."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.preamble import split_front_matter
from ingest.sniff import office_kind
from ingest.speech import Speech, parse_speech
from ingest.spoken import written_document
from ingest.turns import could_be_name, known_names
from ingest.values import parse_clock
from winloss.errors import MalformedSource
from winloss.model import Readable, ReadTurn
from winloss.ports import Format, Probe, ReadContext

_BROKEN = (zipfile.BadZipFile, zlib.error, KeyError, ValueError, SyntaxError, OSError, EOFError, AttributeError)
_HEADER_CELLS = frozenset({"speaker", "name", "who", "text", "transcript", "time", "timestamp", "words", "utterance"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Content:
    """A Word file as text: paragraphs in order, rows of its tables, and the first heading."""

    text: str
    tables: tuple[tuple[tuple[str, ...], ...], ...]
    title: str | None


class WordReader:
    """Word files (`.docx`). A turn's text is exactly what its paragraphs hold, with an empty line between them."""

    name = "documents"
    title = "Word transcripts (DOCX)"
    family = "calls"
    formats: tuple[Format, ...] = (
        Format(
            name="Microsoft Teams, Otter and typed transcripts as Word files",
            looks="`.docx`",
            gives="turns with speakers and times; tables of speaker and text",
        ),
    )

    def identify(self, probe: Probe) -> bool:
        """A Word file, whatever it is called."""
        return office_kind(probe) == "docx"

    def read(self, path: Path, context: ReadContext) -> Iterator[Readable]:
        """One interview; where nobody is named, every paragraph is a turn of nobody.

        Raises:
            MalformedSource: not a readable Word file, or no words in it.
        """
        content = _content(path)
        front, body = split_front_matter(content.text)
        known = known_names(context.manifest) | known_names(front.facts)
        speech = parse_speech(body, known=known)
        in_tables = _table_turns(content.tables)
        if len(in_tables) > len(speech.turns):
            above = tuple(line.strip() for line in body.splitlines() if line.strip())
            speech = Speech(turns=in_tables, preamble=above)
        elif not speech.turns:
            speech = Speech(turns=tuple(ReadTurn(speaker=None, text=part) for part in body.split("\n\n") if part))
        document, findings = written_document(path, speech, context, front=front, title=content.title)
        yield document
        yield from findings


def _content(path: Path) -> _Content:
    import docx
    from docx.opc.exceptions import OpcError
    from docx.text.paragraph import Paragraph

    try:
        blocks = list(docx.Document(str(path)).iter_inner_content())
        paragraphs = [block for block in blocks if isinstance(block, Paragraph)]
        tables = tuple(_cells(block) for block in blocks if not isinstance(block, Paragraph))
        headings = [paragraph.text.strip() for paragraph in paragraphs if _is_heading(paragraph)]
        spoken = (paragraph.text for paragraph in paragraphs if not _is_heading(paragraph))
        text = "\n\n".join(filter(str.strip, spoken))
    except (*_BROKEN, OpcError) as error:
        raise MalformedSource(
            f"{path.name} is not a readable Word file", hint="Open it in Word and save it again.", path=str(path)
        ) from error
    return _Content(text=text, tables=tables, title=next(filter(None, headings), None))


def _is_heading(paragraph: Any) -> bool:
    style = paragraph.style
    return style is not None and (style.name or "").startswith(("Heading", "Title"))


def _cells(table: Any) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(cell.text.strip() for cell in row.cells) for row in table.rows)


def _table_turns(tables: Sequence[Sequence[Sequence[str]]]) -> tuple[ReadTurn, ...]:
    """Turns of the tables whose rows are speaker and text, with a time before, between or after them or without."""
    turns: list[ReadTurn] = []
    speaker: str | None = None
    for row in (row for table in tables for row in table):
        time = next((clock for cell in row if (clock := parse_clock(cell.strip("[]()"))) is not None), None)
        cells = [cell for cell in row if parse_clock(cell.strip("[]()")) is None]
        if len(cells) != 2 or all(cell.casefold() in _HEADER_CELLS for cell in cells if cell):
            continue
        name = cells[0].rstrip(": ")
        if name and not could_be_name(name):
            return ()
        speaker = name or speaker
        if cells[1].strip():
            turns.append(ReadTurn(speaker=speaker, text=cells[1], start_ms=time))
    return tuple(turns)
