"""Tables on slides, as high as their words need; what does not fit goes on on the next, under the same head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from winloss.report import fitting
from winloss.report.pptx_deck import Box
from winloss.report.texts import LANGUAGE, printable

SIZES = (14.0, 13.0, 12.0, 11.0, 10.0)
"""Type sizes, the largest that lets all rows stand on one slide; else the second smallest."""
COLUMNS = 9
"""Most columns of one table; wider ones are told in parts, each with the first column."""
_SIDE, _ABOVE = 6.0, 3.5
_PLAIN = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
"""PowerPoint's own name of the table style without fills and lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The rows of a table that stand on one slide, with how large they are set and how wide each column is."""

    rows: tuple[tuple[str, ...], ...]
    size: float
    widths: tuple[float, ...]


def parts(rows: Sequence[Sequence[str]], box: Box) -> list[Part]:
    """The table in parts that each fit into the box; the first row stands on top of each."""
    wide = max(map(len, rows))
    whole = [tuple(printable(cell) for cell in (*row, *[""] * (wide - len(row)))) for row in rows]
    return [part for narrow in _narrow(whole) for part in _high(narrow, box)]


def place(slide: Any, part: Part, box: Box) -> float:
    """Put a part of a table on a slide; returns where it ends, in points from the top."""
    heights = [_height(row, part.size, part.widths) for row in part.rows]
    frame = slide.shapes.add_table(
        len(part.rows), len(part.widths), *Box(box.left, box.top, sum(part.widths), sum(heights)).emu
    )
    frame._element.graphic.graphicData.tbl.tblPr.find(f"{_A}tableStyleId").text = _PLAIN
    table = frame.table
    table.horz_banding = False
    for column, width in zip(table.columns, part.widths, strict=True):
        column.width = Box(width, 0, 0, 0).emu[0]
    for made, row, height in zip(table.rows, part.rows, heights, strict=True):
        made.height = Box(height, 0, 0, 0).emu[0]
        for column, (cell, text) in enumerate(zip(made.cells, row, strict=True)):
            _cell(cell, text, part.size, head=row is part.rows[0])
            if column == 0:
                cell.margin_left = 0
    return box.top + sum(heights)


def _narrow(rows: Sequence[tuple[str, ...]]) -> list[list[tuple[str, ...]]]:
    wide = len(rows[0])
    if wide <= COLUMNS:
        return [list(rows)]
    step = COLUMNS - 1
    return [[(row[0], *row[start : start + step]) for row in rows] for start in range(1, wide, step)]


def _high(rows: Sequence[tuple[str, ...]], box: Box) -> list[Part]:
    for size in SIZES:
        widths = _widths(rows, size, box.width)
        if sum(_height(row, size, widths) for row in rows) <= box.height:
            return [Part(rows=tuple(rows), size=size, widths=widths)]
    size = SIZES[-2]
    widths = _widths(rows, size, box.width)
    head = _clipped(rows[0], size, widths, box.height / 3)
    room = box.height - _height(head, size, widths)
    made: list[list[tuple[str, ...]]] = []
    used = 0.0
    for row in chain.from_iterable(_pieces(long, size, widths, room) for long in rows[1:]):
        high = _height(row, size, widths)
        if not made or used + high > room:
            made.append([])
            used = 0.0
        made[-1].append(row)
        used += high
    return [Part(rows=(head, *part), size=size, widths=widths) for part in made]


def _pieces(row: tuple[str, ...], size: float, widths: Sequence[float], room: float) -> list[tuple[str, ...]]:
    """A row that is higher than a slide as several, each cell going on where it stopped."""
    most = max(1, int((room - 2 * _ABOVE) / (fitting.LEADING * size)))
    made, left = [], row
    while True:
        cuts = [fitting.cut(cell, size, width - 2 * _SIDE, most) for cell, width in zip(left, widths, strict=True)]
        made.append(tuple(head for head, _ in cuts))
        left = tuple(rest for _, rest in cuts)
        if not any(left):
            return made


def _clipped(row: tuple[str, ...], size: float, widths: Sequence[float], room: float) -> tuple[str, ...]:
    """The head of a table, which stands on every slide, no higher than there is room."""
    return _pieces(row, size, widths, room)[0]


def _widths(rows: Sequence[tuple[str, ...]], size: float, room: float) -> tuple[float, ...]:
    return tuple(fitting.columns(rows, size, room, beside=2 * _SIDE + 0.5 * size))


def _height(row: Sequence[str], size: float, widths: Sequence[float]) -> float:
    return 2 * _ABOVE + max(
        fitting.height(cell, size, width - 2 * _SIDE) for cell, width in zip(row, widths, strict=True)
    )


def _cell(cell: Any, text: str, size: float, *, head: bool) -> None:
    from pptx.enum.dml import MSO_THEME_COLOR
    from pptx.util import Pt

    cell.margin_left = cell.margin_right = Pt(_SIDE)
    cell.margin_top = cell.margin_bottom = Pt(_ABOVE)
    frame = cell.text_frame
    frame.word_wrap = True
    frame.text = text.replace("\x0b", " ")
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            run.font.size, run.font.bold = Pt(size), head
            run.font.color.theme_color = MSO_THEME_COLOR.TEXT_2 if head else MSO_THEME_COLOR.TEXT_1
            run._r.get_or_add_rPr().set("lang", LANGUAGE)
    _underlined(cell, strong=head)


def _underlined(cell: Any, *, strong: bool) -> None:
    from pptx.oxml import parse_xml

    colour, width = ("tx2", 12700) if strong else ("bg2", 6350)
    properties = cell._tc.get_or_add_tcPr()
    properties.append(
        parse_xml(
            f'<a:lnB xmlns:a="{_A[1:-1]}" w="{width}"><a:solidFill><a:schemeClr val="{colour}"/></a:solidFill></a:lnB>'
        )
    )


_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
