"""Slides with a title, words, tables and charts in the room that the layouts leave for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from winloss.report import fitting
from winloss.report.flowing import INDENT, Block, Line, Run, sized
from winloss.report.pptx_look import SLIDE, TITLE_SIZE, blank
from winloss.report.texts import LANGUAGE, printable

POINT = 12700
KICKER = 24.0
"""Room for the line under the title that says of whom the slide speaks."""
SMALLEST_TITLE = 16
_INSETS = 16.0
_SMALLEST_AREA = (300.0, 180.0)


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a slide, in points."""

    left: float
    top: float
    width: float
    height: float

    @property
    def emu(self) -> tuple[int, int, int, int]:
        """The same in the unit of the file."""
        return tuple(int(side * POINT) for side in (self.left, self.top, self.width, self.height))  # type: ignore[return-value]


class Deck:
    """The presentation that is being written; `area` is the room below the titles."""

    def __init__(self, template: bytes | None) -> None:
        self.file = blank(template)
        self._opening = _layout(self.file, ("title",), "Title Slide")
        self._plain = _layout(self.file, ("titleOnly", "obj"), "Title Only")
        self.area = _area(self.file, self._plain)
        self._marks: list[tuple[Any, Any, int]] = []
        self._looks: dict[object, Any] = {}
        self._foot = ""

    def open(self, title: str, lines: Sequence[str]) -> None:
        """The first slide."""
        slide = self.file.slides.add_slide(self._opening)
        holders = [shape for shape in slide.placeholders if shape.placeholder_format.idx != 0]
        self._title(slide, title)
        under = next((shape for shape in holders if _takes_words(shape)), None)
        for shape in holders:
            if shape is not under:
                shape._element.getparent().remove(shape._element)
        if under is None:
            self.words(slide, [_plain_block(line) for line in lines], self.area, 1.0)
        else:
            _filled(under, lines)

    def slide(self, title: str, kicker: str = "", *, foot: str = "") -> Any:
        """A slide with a title, of whom it speaks under it, and its number."""
        slide = self.file.slides.add_slide(self._plain)
        for shape in list(slide.placeholders):
            if shape.placeholder_format.idx != 0:
                shape._element.getparent().remove(shape._element)
        self._title(slide, title)
        if kicker:
            room = Box(self.area.left, self.area.top, self.area.width, KICKER)
            run = Run(text=_one_line(kicker, 12.0, room.width), colour="accent")
            self.words(slide, [Block((Line(runs=(run,), size=12.0, after=0),))], room, 1.0)
        _feet(slide, self._plain, foot)
        return slide

    @property
    def room(self) -> Box:
        """The room for what a slide says."""
        return Box(self.area.left, self.area.top + KICKER, self.area.width, self.area.height - KICKER)

    def words(self, slide: Any, blocks: Sequence[Block], box: Box, scale: float) -> None:
        """Write the blocks into a text box of their own."""
        from pptx.enum.text import MSO_AUTO_SIZE

        frame = slide.shapes.add_textbox(*box.emu).text_frame
        frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        for number, line in enumerate(line for block in blocks for line in block.lines):
            self._paragraph(slide, frame.paragraphs[0] if number == 0 else frame.add_paragraph(), line, scale)

    def resolve(self, places: Mapping[int, Any]) -> None:
        """Let every number lead to the slide on which its verbatim stands in full."""
        from pptx.opc.constants import RELATIONSHIP_TYPE

        for slide, run, number in self._marks:
            target = places.get(number)
            if target is None:
                continue
            properties = run._r.get_or_add_rPr()
            click = properties.add_hlinkClick(slide.part.relate_to(target.part, RELATIONSHIP_TYPE.SLIDE))
            click.set("action", "ppaction://hlinksldjump")

    def _title(self, slide: Any, text: str) -> None:
        title = slide.shapes.title
        if title is None:
            box = Box(self.area.left, 24.0, self.area.width, max(40.0, self.area.top - 32.0))
            run = Run(text=_shortened(text, 20.0, box), face="head")
            self.words(slide, [Block((Line(runs=(run,), size=20.0, after=0),))], box, 1.0)
            return
        box = Box(0, 0, title.width / POINT - _INSETS, title.height / POINT)
        usual = _title_size(slide.slide_layout)
        sizes = [
            size for size in range(usual, SMALLEST_TITLE - 1, -2) if fitting.height(text, size, box.width) <= box.height
        ]
        size = sizes[0] if sizes else SMALLEST_TITLE
        title.text_frame.text = printable(text if sizes else _shortened(text, size, box)).replace("\n", " ")
        for run in title.text_frame.paragraphs[0].runs:
            run._r.get_or_add_rPr().set("lang", LANGUAGE)
            if size != usual:
                run.font.size = size * POINT

    def _paragraph(self, slide: Any, paragraph: Any, line: Line, scale: float) -> None:
        paragraph.space_after = int(line.after * scale * POINT)
        indent = line.indent + (INDENT if line.bullet else 0.0)
        properties = paragraph._p.get_or_add_pPr()
        if line.from_right:
            properties.set("rtl", "1")
            properties.set("algn", "r")
        if indent:
            properties.set("marR" if line.from_right else "marL", str(int(indent * POINT)))
            properties.set("indent", str(-int(INDENT * POINT) if line.bullet else 0))
        if line.bullet:
            _bullet(properties)
        for run in line.runs:
            self._run(slide, paragraph, run, sized(line.size, scale))

    def _run(self, slide: Any, paragraph: Any, run: Run, size: float) -> None:
        pieces = printable(run.text).split("\n")
        for number, piece in enumerate(pieces):
            if number:
                paragraph.add_line_break()
            made = paragraph.add_run()
            made.text = piece.replace("\x0b", " ")
            self._typeset(made, run, size)
            if run.url:
                made.hyperlink.address = run.url
            if run.cites is not None:
                self._marks.append((slide, made, run.cites))

    def _typeset(self, made: Any, run: Run, size: float) -> None:
        """Set a run like the one before of the same look; the library takes its time over every property."""
        look = (size, run.bold, run.colour, run.face, run.language)
        if look in self._looks:
            made._r.insert(0, deepcopy(self._looks[look]))
        else:
            _typeset(made, run, size)
            self._looks[look] = deepcopy(made._r.rPr)


def _plain_block(text: str) -> Block:
    return Block((Line(runs=(Run(text=text),), size=16.0),))


def _typeset(made: Any, run: Run, size: float) -> None:
    from pptx.enum.dml import MSO_THEME_COLOR

    colours = {"soft": MSO_THEME_COLOR.TEXT_2, "accent": MSO_THEME_COLOR.ACCENT_1, "ink": MSO_THEME_COLOR.TEXT_1}
    made.font.size = int(size * POINT)
    made.font.bold = run.bold or None
    made.font.color.theme_color = colours[run.colour]
    if run.face == "head":
        made.font.name = "+mj-lt"
    made._r.get_or_add_rPr().set("lang", run.language or LANGUAGE)


def _bullet(properties: Any) -> None:
    from pptx.oxml.ns import qn

    mark = properties.makeelement(qn("a:buChar"), {"char": "•"})
    properties.append(mark)


def _layout(deck: Any, kinds: Sequence[str], name: str) -> Any:
    """The layout of a kind; where the template has none, the one of that name, then any with a title."""
    layouts = list(deck.slide_layouts)
    for kind in kinds:
        for layout in layouts:
            if layout._element.get("type") == kind:
                return layout
    named = [layout for layout in layouts if layout.name.casefold() == name.casefold()]
    titled = [layout for layout in layouts if any(shape.placeholder_format.idx == 0 for shape in layout.placeholders)]
    return min(named or titled or layouts, key=lambda layout: len(layout.placeholders))


def _area(deck: Any, plain: Any) -> Box:
    """The room below the title: that of the template's own text, else what is left of the slide."""
    from pptx.enum.shapes import PP_PLACEHOLDER

    wide, high = deck.slide_width / POINT, deck.slide_height / POINT
    content = _layout(deck, ("obj", "tx"), "Title and Content")
    kinds = (PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.BODY)
    for shape in (*content.placeholders, *plain.slide_master.placeholders):
        if shape.placeholder_format.type in kinds and shape.width and shape.height:
            box = Box(*(side / POINT for side in (shape.left, shape.top, shape.width, shape.height)))
            inside = box.left >= 0 and box.top >= 0 and box.left + box.width <= wide and box.top + box.height <= high
            if inside and box.width >= _SMALLEST_AREA[0] and box.height >= _SMALLEST_AREA[1]:
                return box
    return Box(0.06 * wide, 0.24 * high, 0.88 * wide, 0.64 * high)


def _title_size(layout: Any) -> int:
    """How large the template sets its titles, in points."""
    master = layout.slide_master
    holders = [
        shape._element.txBody.find(f"{_A}lstStyle/{_A}lvl1pPr/{_A}defRPr")
        for shape in layout.placeholders
        if shape.placeholder_format.idx == 0
    ]
    styles = master._element.find(f"{_P}txStyles/{_P}titleStyle/{_A}lvl1pPr/{_A}defRPr")
    sizes = [holder.get("sz") for holder in (*holders, styles) if holder is not None and holder.get("sz")]
    return int(sizes[0]) // 100 if sizes else TITLE_SIZE


def _takes_words(shape: Any) -> bool:
    from pptx.enum.shapes import PP_PLACEHOLDER

    return shape.placeholder_format.type in (PP_PLACEHOLDER.SUBTITLE, PP_PLACEHOLDER.BODY)


def _filled(shape: Any, lines: Sequence[str]) -> None:
    """Write lines into a placeholder, as large as they fit."""
    width, height = shape.width / POINT - _INSETS, shape.height / POINT - 8
    fits = [size for size in range(18, 8, -1) if sum(fitting.height(line, size, width) + 4 for line in lines) <= height]
    frame = shape.text_frame
    for number, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = printable(line).replace("\n", " ")
        run.font.size = (fits[0] if fits else 9) * POINT
        run._r.get_or_add_rPr().set("lang", LANGUAGE)


def _feet(slide: Any, layout: Any, text: str) -> None:
    """The foot and the number of the slide, which a slide has only where it takes them from its layout."""
    for shape in layout.placeholders:
        kind = shape._element.nvSpPr.nvPr.find(f"{_P}ph").get("type")
        if kind not in ("ftr", "sldNum"):
            continue
        made = deepcopy(shape._element)
        slide.shapes._spTree.append(made)
        made.nvSpPr.cNvPr.set("id", str(2000 + len(slide.shapes)))
        if kind == "ftr":
            copied = slide.shapes[-1]
            room = (shape.width or SLIDE[0] * POINT / 3) / POINT - _INSETS
            copied.text_frame.text = _one_line(printable(text), 10.0, room)


def _one_line(text: str, size: float, room: float) -> str:
    """The text on one line; what is too long for it ends in an ellipsis."""
    single = " ".join(text.split())
    if fitting.width(single, size) <= room:
        return single
    return fitting.cut(single, size, room - size, 1)[0].rstrip() + "…"


def _shortened(text: str, size: float, box: Box) -> str:
    """A title that is too long even in small type, cut with an ellipsis; what it is about is told in full below it."""
    most = max(1, int(box.height / (fitting.LEADING * size)))
    head, rest = fitting.cut(" ".join(text.split()), size, box.width - size, most)
    return head.rstrip() + "…" if rest else head


_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
