"""PowerPoint: titles, bullets with their depth, tables, grouped shapes, and the speaker's notes."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ingest.zips import BROKEN_ZIP, check_office
from winloss.errors import MalformedSource
from winloss.model.auditing import Block, BlockKind

LARGEST_PART = 16 << 20
"""A slide becomes a tree of a dozen times its size; no slide that anybody can read takes more than this."""
DEEPEST = 20
MOST_SLIDES = 2000
_BROKEN = (
    *(*BROKEN_ZIP, zlib.error, SyntaxError, EOFError, RuntimeError, OverflowError),
    *(KeyError, IndexError, TypeError, AttributeError),
)
_TITLES = ("TITLE", "CENTER_TITLE", "VERTICAL_TITLE")
_FURNITURE = ("DATE", "FOOTER", "SLIDE_NUMBER", "HEADER")


def powerpoint_blocks(path: Path) -> list[Block]:
    """What stands on the slides, in reading order, each slide's notes after it.

    Raises:
        MalformedSource: it is no readable presentation, or larger than any.
    """
    import pptx
    from lxml.etree import LxmlError
    from pptx.exc import PythonPptxError

    check_office(path, largest=LARGEST_PART)
    try:
        slides = list(pptx.Presentation(str(path)).slides)
        if len(slides) > MOST_SLIDES:
            raise MalformedSource(f"{path.name} has {len(slides):,} slides", hint="Save the findings by themselves.")
        return [block for number, slide in enumerate(slides) for block in _slide(slide, number)]
    except (*_BROKEN, PythonPptxError, LxmlError) as error:
        raise MalformedSource(
            f"{path.name} is not a readable presentation",
            hint="Open it in PowerPoint and save it again.",
            path=str(path),
        ) from error


def _slide(slide: Any, number: int) -> Iterator[Block]:
    bullets = 0
    shapes = sorted(_flat(slide.shapes, 0), key=lambda shape: (not _is_title(shape), *_corner(shape)))
    for shape in shapes:
        if _placeholder(shape) in _FURNITURE:
            continue
        if getattr(shape, "has_table", False):
            yield from _table(shape.table, number)
        elif getattr(shape, "has_text_frame", False):
            for block in _paragraphs(shape, number, bullets):
                bullets += block.kind is BlockKind.BODY
                yield block
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        lines = slide.notes_slide.notes_text_frame.text.splitlines()
        for line in filter(None, map(_clean, lines)):
            where = f"slide {number + 1}, notes"
            yield Block(text=line, kind=BlockKind.NOTE, where=where, place=number, part=number)


def _paragraphs(shape: Any, number: int, before: int) -> Iterator[Block]:
    title = _is_title(shape)
    text = [(paragraph, _clean(paragraph.text)) for paragraph in shape.text_frame.paragraphs]
    if title:
        words = " ".join(line for _, line in text if line)
        if words:
            yield Block(text=words, kind=BlockKind.TITLE, where=f"slide {number + 1}, title", place=number, part=number)
        return
    filled = [(paragraph, line) for paragraph, line in text if line]
    for count, (paragraph, line) in enumerate(filled, start=before + 1):
        yield Block(
            text=line,
            kind=BlockKind.BODY,
            where=f"slide {number + 1}, bullet {count}",
            place=number,
            part=number,
            level=int(paragraph.level or 0),
            listed=len(filled) > 1 or _placeholder(shape) in ("BODY", "OBJECT"),
        )


def _table(table: Any, number: int) -> Iterator[Block]:
    rows = [tuple(_clean(cell.text) for cell in row.cells) for row in table.rows]
    head = rows[0] if len(rows) > 1 else ()
    for count, row in enumerate(rows[1:] if head else rows, start=2 if head else 1):
        if any(row):
            where = f"slide {number + 1}, table row {count}"
            text = " | ".join(filter(None, row))
            yield Block(text=text, kind=BlockKind.CELL, where=where, place=number, part=number, cells=row, head=head)


def _flat(shapes: Iterable[Any], depth: int) -> Iterator[Any]:
    """Every shape, those of groups too."""
    for shape in shapes:
        if hasattr(shape, "shapes") and depth < DEEPEST:
            yield from _flat(shape.shapes, depth + 1)
        else:
            yield shape


def _corner(shape: Any) -> tuple[int, int]:
    return int(getattr(shape, "top", None) or 0), int(getattr(shape, "left", None) or 0)


def _placeholder(shape: Any) -> str:
    """What a placeholder is for, by its name in the format; empty for any other shape."""
    if not getattr(shape, "is_placeholder", False):
        return ""
    kind = shape.placeholder_format.type
    return kind.name if kind is not None else ""


def _is_title(shape: Any) -> bool:
    return _placeholder(shape) in _TITLES


def _clean(text: str) -> str:
    """The words on one line: a break inside a paragraph is white space to the reader."""
    return " ".join(text.replace("\v", " ").split())
