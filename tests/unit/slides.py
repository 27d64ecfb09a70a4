"""What is to be true of every presentation: nothing lies outside a slide, nothing overflows its box or another."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pptx

from winloss.report import fitting

POINT = 12700


def opened(content: bytes) -> Any:
    return pptx.Presentation(io.BytesIO(content))


def texts(slide: Any) -> list[str]:
    """What stands on a slide, box by box, tables cell by cell."""
    return [frame.text.replace("\v", "\n") for _, frame in frames(slide)]


def frames(slide: Any) -> Iterator[tuple[Any, Any]]:
    for shape in slide.shapes:
        if shape.has_text_frame:
            yield shape, shape.text_frame
        elif shape.has_table:
            for row in shape.table.rows:
                for cell in row.cells:
                    yield shape, cell.text_frame


def outside(deck: Any) -> list[str]:
    """Shapes that reach over the edge of their slide, or over another shape."""
    found = []
    for number, slide in enumerate(deck.slides, start=1):
        boxes = [shape for shape in slide.shapes if shape.width]
        for shape in boxes:
            inside = min(shape.left, shape.top) >= 0
            inside &= shape.left + shape.width <= deck.slide_width + 1 and bottom(shape) <= deck.slide_height + 1
            if not inside:
                found.append(f"slide {number}: {shape.name} over the edge")
        own = [shape for shape in boxes if not shape.is_placeholder]
        found += [
            f"slide {number}: {one.name} over {other.name}"
            for place, one in enumerate(own)
            for other in own[place + 1 :]
            if crosses(one, other)
        ]
    return found


def overflowing(deck: Any) -> list[str]:
    """Text boxes whose words need more height than they have, by the size each paragraph is set in."""
    found = []
    for number, slide in enumerate(deck.slides, start=1):
        for shape in slide.shapes:
            if shape.has_text_frame and not shape.is_placeholder:
                needed = sum(
                    map(lambda it, shape=shape: paragraph_height(it, shape.width / POINT), shape.text_frame.paragraphs)
                )
                if needed > shape.height / POINT + 1:
                    found.append(f"slide {number}: {shape.name} needs {needed:.0f} of {shape.height / POINT:.0f}")
    return found


def paragraph_height(paragraph: Any, room: float) -> float:
    sizes = [run.font.size / POINT for run in paragraph.runs if run.font.size]
    indent = int(paragraph._p.pPr.get("marL") or 0) / POINT if paragraph._p.pPr is not None else 0.0
    text = paragraph.text.replace("\v", "\n")
    after = paragraph.space_after / POINT if paragraph.space_after else 0.0
    return fitting.height(text, max(sizes, default=12.0), room - indent) + after


def bottom(shape: Any) -> int:
    """Where a shape ends; of a table, where its rows do."""
    if shape.has_table:
        return int(shape.top + sum(row.height for row in shape.table.rows))
    return int(shape.top + shape.height)


def crosses(one: Any, other: Any) -> bool:
    wide = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
    high = min(bottom(one), bottom(other)) - max(one.top, other.top)
    return bool(wide > POINT and high > POINT)


def leads(deck: Any) -> Iterator[tuple[int, str, Any]]:
    """Every link to a slide of the same file: from which slide, with which words, to which slide."""
    from pptx.oxml.ns import qn

    by_part = {slide.part: slide for slide in deck.slides}
    for number, slide in enumerate(deck.slides, start=1):
        for run in slide._element.iter(qn("a:r")):
            for click in run.iter(qn("a:hlinkClick")):
                if click.get("action") == "ppaction://hlinksldjump":
                    target = slide.part.related_part(click.get(qn("r:id")))
                    yield number, run.find(qn("a:t")).text, by_part[target]
