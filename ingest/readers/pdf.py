"""Transcripts as PDF with a text layer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ingest.pdf_text import PdfText, pdf_text
from ingest.written import Written, read_written
from winloss.model import Finding, Readable, Severity
from winloss.ports import Format, Probe, ReadContext


class PdfReader:
    """PDF. A turn's text is what stands on the pages, line breaks and hyphens included."""

    name = "pdf"
    title = "Transcripts as PDF (with a text layer)"
    family = "calls"
    formats: tuple[Format, ...] = (
        Format(name="Transcript as PDF", looks="`.pdf` with a text layer", gives="turns with speakers"),
    )

    def identify(self, probe: Probe) -> bool:
        """A file with the mark of PDF at its beginning."""
        return b"%PDF-" in probe.head[:1024] and probe.head.lstrip(b" \t\r\n\xef\xbb\xbf").startswith(b"%PDF-")

    def read(self, path: Path, context: ReadContext) -> Iterator[Readable]:
        """One interview; lines that every page repeats, and pages without words, are told.

        Raises:
            UnknownFormat: nothing tells who speaks, and no kind was asked for.
            MalformedSource: broken, locked, too large, or scanned without a text layer.
        """
        content = pdf_text(path)
        yield from read_written(path, Written(text=content.text, title=content.title), context)
        yield from _remarks(content, path.name)


def _remarks(content: PdfText, where: str) -> Iterator[Finding]:
    if content.left_out:
        shown = "; ".join(content.repeated[:3])
        message = f"lines that every page repeats were left out (# is a number): {shown}"
        yield Finding(code="page-lines", message=message, where=where, count=content.left_out, severity=Severity.INFO)
    if content.blank_pages:
        message = "pages have no text: where they are scanned, run text recognition (OCR) and ingest the file again"
        yield Finding(code="blank-pages", message=message, where=where, count=content.blank_pages)
    if content.broken_pages:
        message = "pages could not be read and were left out: save the PDF again"
        yield Finding(code="broken-pages", message=message, where=where, count=content.broken_pages)
