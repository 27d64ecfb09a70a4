"""Word: headings, paragraphs, lists with their depth, and tables, in the order in which they stand."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.zips import BROKEN_ZIP, check_office
from winloss.errors import MalformedSource
from winloss.model.auditing import Block, BlockKind

LARGEST_PART = 32 << 20
_BROKEN = (
    *(*BROKEN_ZIP, zlib.error, SyntaxError, EOFError, RuntimeError, OverflowError),
    *(KeyError, IndexError, TypeError, AttributeError),
)
_DEPTH = re.compile(r"(\d)\s*$")
_FURNITURE = ("TOC", "Header", "Footer", "Caption")
_HEADINGS = ("Heading", "Title", "Subtitle")


def word_blocks(path: Path) -> list[Block]:
    """The paragraphs and the rows of tables. `place` counts the paragraphs of the body; a table has its place too.

    Raises:
        MalformedSource: it is no readable Word file, or larger than any.
    """
    import docx
    from docx.opc.exceptions import OpcError
    from docx.oxml.exceptions import XmlchemyError
    from lxml.etree import LxmlError

    check_office(path, largest=LARGEST_PART)
    try:
        return list(_blocks(docx.Document(str(path))))
    except (*_BROKEN, OpcError, XmlchemyError, LxmlError) as error:
        raise MalformedSource(
            f"{path.name} is not a readable Word file", hint="Open it in Word and save it again.", path=str(path)
        ) from error


def _blocks(document: Any) -> Iterator[Block]:
    from docx.text.paragraph import Paragraph

    part = tables = shown = 0
    for place, piece in enumerate(document.iter_inner_content()):
        if not isinstance(piece, Paragraph):
            tables += 1
            yield from _table(piece, place, part, tables)
            continue
        text, style = " ".join(piece.text.split()), _style(piece)
        if not text or style.startswith(_FURNITURE):
            continue
        shown += 1
        heading = style.startswith(_HEADINGS) or _looks_a_heading(piece, text)
        part += heading
        yield Block(
            text=text,
            kind=BlockKind.TITLE if heading else BlockKind.BODY,
            where=f"heading {part}" if heading else f"paragraph {shown}",
            place=place,
            part=part,
            level=_level(piece, style),
            listed=_listed(piece, style),
        )


def _table(table: Any, place: int, part: int, number: int) -> Iterator[Block]:
    rows = [tuple(" ".join(cell.text.split()) for cell in row.cells) for row in table.rows]
    head = rows[0] if len(rows) > 1 else ()
    for count, row in enumerate(rows[1:] if head else rows, start=2 if head else 1):
        if any(row):
            where = f"table {number}, row {count}"
            text = " | ".join(filter(None, row))
            yield Block(text=text, kind=BlockKind.CELL, where=where, place=place, part=part, cells=row, head=head)


def _style(paragraph: Any) -> str:
    style = paragraph.style
    return (style.name or "") if style is not None else ""


def _listed(paragraph: Any, style: str) -> bool:
    properties = paragraph._p.pPr
    return style.startswith("List") or (properties is not None and properties.numPr is not None)


def _level(paragraph: Any, style: str) -> int:
    """The depth of a list, from 0: what the numbering says, else the number in the style's name."""
    properties = paragraph._p.pPr
    if properties is not None and properties.numPr is not None and properties.numPr.ilvl is not None:
        return min(int(properties.numPr.ilvl.val), 9)
    found = _DEPTH.search(style)
    return max(0, int(found[1]) - 1) if found and style.startswith("List") else 0


def _looks_a_heading(paragraph: Any, text: str) -> bool:
    """A short line of its own that is all bold and ends without a mark."""
    runs = [run for run in paragraph.runs if run.text.strip()]
    return bool(runs) and len(text) < 90 and all(run.bold for run in runs) and text[-1] not in '.:;!?”"'
