"""Transcripts saved as rich text (RTF), as TextEdit, WordPad and dictation tools write them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ingest.rich_text import rich_text
from ingest.written import Written, read_written
from winloss.errors import MalformedSource
from winloss.model import Finding, Readable
from winloss.ports import Format, Probe, ReadContext

LARGEST = 32 << 20


class RichTextReader:
    """RTF. A turn's text is what the paragraphs hold, with an empty line between them."""

    name = "rich text"
    title = "Rich text transcripts (RTF)"
    family = "calls"
    formats: tuple[Format, ...] = (
        Format(name="Rich text transcript", looks="`.rtf`", gives="turns with speakers; tables of speaker and text"),
    )

    def identify(self, probe: Probe) -> bool:
        """A file that begins with RTF's mark."""
        return probe.head.lstrip(b" \t\r\n\xef\xbb\xbf").startswith(b"{\\rtf")

    def read(self, path: Path, context: ReadContext) -> Iterator[Readable]:
        """One interview; a file whose end is missing is read as far as it goes, and that is told.

        Raises:
            UnknownFormat: nothing tells who speaks, and no kind was asked for.
            MalformedSource: too large, or no words in it.
        """
        if path.stat().st_size > LARGEST:
            raise MalformedSource(
                f"{path.name} is larger than {LARGEST >> 20} MiB, too large for a text",
                hint="Remove its pictures, or save it as text.",
                path=str(path),
            )
        content = rich_text(path.read_bytes())
        written = Written(
            text=content.text, tables=(content.rows,), above_tables=content.above_rows, title=content.title
        )
        yield from read_written(path, written, context)
        if content.cut:
            message = "the end of the file is missing: words may be missing too. Ask for the file again"
            yield Finding(code="cut-off", message=message, where=path.name)
