"""Word transcripts: `Name: text` paragraphs, names with a time beside them (Teams, Otter), or a table of speakers."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.sniff import office_kind
from ingest.written import Written, read_written
from ingest.zips import BROKEN_ZIP, check_office
from winloss.errors import MalformedSource
from winloss.model import Readable
from winloss.ports import Format, Probe, ReadContext

LARGEST_PART = 32 << 20
"""A Word file becomes a tree of a dozen times its size. A year of interviews in one file takes less than this."""

_BROKEN = (
    *(*BROKEN_ZIP, zlib.error, SyntaxError, EOFError, RuntimeError, OverflowError),
    *(KeyError, IndexError, TypeError, AttributeError),
)


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
        """One interview; where nobody is named and a kind was asked for, every paragraph is a turn of nobody.

        Raises:
            UnknownFormat: nobody is named, and no kind was asked for.
            MalformedSource: not a readable Word file, or no words in it.
        """
        yield from read_written(path, _content(path), context)


def _content(path: Path) -> Written:
    import docx
    from docx.opc.exceptions import OpcError
    from docx.oxml.exceptions import XmlchemyError
    from docx.text.paragraph import Paragraph

    check_office(path, largest=LARGEST_PART)
    try:
        blocks = list(docx.Document(str(path)).iter_inner_content())
        paragraphs = [block for block in blocks if isinstance(block, Paragraph)]
        tables = tuple(_cells(block) for block in blocks if not isinstance(block, Paragraph))
        headings = [paragraph.text.strip() for paragraph in paragraphs if _is_heading(paragraph)]
        spoken = (paragraph.text for paragraph in paragraphs if not _is_heading(paragraph))
        text = "\n\n".join(filter(str.strip, spoken))
    except (*_BROKEN, OpcError, XmlchemyError) as error:
        raise MalformedSource(
            f"{path.name} is not a readable Word file", hint="Open it in Word and save it again.", path=str(path)
        ) from error
    return Written(text=text, tables=tables, above_tables=text, title=next(filter(None, headings), None))


def _is_heading(paragraph: Any) -> bool:
    style = paragraph.style
    return style is not None and (style.name or "").startswith(("Heading", "Title"))


def _cells(table: Any) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(cell.text.strip() for cell in row.cells) for row in table.rows)
