"""Saved web pages with a transcript on them: paragraphs, tables or lists of speaker and text, marked names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ingest.pages import Page, is_page, read_page
from ingest.sniff import read_text
from ingest.written import read_written
from winloss.errors import MalformedSource
from winloss.model import Finding, Readable, ReadDocument
from winloss.ports import Format, Probe, ReadContext

LARGEST = 16 << 20
_PODCAST = re.compile(r"(?i)<cite\b[^>]{0,200}>[^<]{0,200}</cite>\s{0,80}<time\b")


class PageReader:
    """Web pages. A turn's text is what the page shows: entities decoded, white space as a browser shows it."""

    name = "pages"
    title = "Transcripts on web pages (HTML)"
    family = "calls"
    formats: tuple[Format, ...] = (
        Format(
            name="Saved web page of a transcript",
            looks="`.html`",
            gives="turns with speakers; tables and lists of speaker and text",
        ),
    )

    def identify(self, probe: Probe) -> bool:
        """HTML, but for podcast transcripts, which mark every turn by `cite` and `time`."""
        return is_page(probe.text) and not _PODCAST.search(probe.text)

    def read(self, path: Path, context: ReadContext) -> Iterator[Readable]:
        """One interview; what stands below the last heading and names nobody is left out and told.

        Raises:
            UnknownFormat: nothing on the page tells who speaks, and no kind was asked for.
            MalformedSource: not text, too large, or no words on it.
        """
        if path.stat().st_size > LARGEST:
            raise MalformedSource(
                f"{path.name} is larger than {LARGEST >> 20} MiB, too large for a page of words",
                hint="Save the page without its pictures (“HTML only”).",
                path=str(path),
            )
        text, remarks = read_text(path)
        page = read_page(text)
        yield from remarks
        for thing in read_written(path, page.written, context):
            if isinstance(thing, ReadDocument):
                thing, left = _without_rest(thing, page)
                yield thing
                yield from left
            else:
                yield thing


def _without_rest(document: ReadDocument, page: Page) -> tuple[ReadDocument, list[Finding]]:
    """The document without what follows its last turn below a heading: related pages, comments, addresses."""
    last = document.turns[-1]
    if last.speaker is None or len(document.turns) < 2:
        return document, []
    for place, heading in page.headings:
        rest = page.written.text[place:].strip(" \n")
        if rest and last.text != rest and last.text.endswith(rest):
            kept = last.text.removesuffix(rest).rstrip(" \n")
            message = f"what stands below “{heading[:60]}” names no speaker and was left out"
            left = Finding(code="below-heading", message=message, where=heading[:60])
            return replace(document, turns=(*document.turns[:-1], replace(last, text=kept))), [left]
    return document, []
