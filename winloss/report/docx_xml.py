"""The parts of a Word file that its library has no words for: fields, bookmarks, links, borders, languages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape


def element(tag: str, **attributes: str) -> Any:
    """An element of WordprocessingML; `r_id` stands for the attribute `r:id`, every other for the one in `w:`."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn("r:id" if name == "r_id" else f"w:{name}"), value)
    return made


def field(paragraph: Any, code: str, shown: str = "1") -> None:
    """A field that Word works out: `PAGE`, `NUMPAGES`; `shown` stands there until it has."""
    open_field(paragraph, code)
    paragraph.add_run(shown)
    close_field(paragraph)


def open_field(paragraph: Any, code: str) -> None:
    """Begin a field; what is added until `close_field` is what it shows."""
    paragraph.add_run()._r.append(element("fldChar", fldCharType="begin"))
    instruction = element("instrText")
    instruction.text = f" {code} "
    paragraph.add_run()._r.append(instruction)
    paragraph.add_run()._r.append(element("fldChar", fldCharType="separate"))


def close_field(paragraph: Any) -> None:
    """End a field."""
    paragraph.add_run()._r.append(element("fldChar", fldCharType="end"))


def bookmark(paragraph: Any, name: str, number: int) -> None:
    """Make all of a paragraph a place that links lead to; `number` is not that of any other."""
    start, end = element("bookmarkStart", id=str(number), name=name), element("bookmarkEnd", id=str(number))
    properties = paragraph._p.pPr
    if properties is None:
        paragraph._p.insert(0, start)
    else:
        properties.addnext(start)
    paragraph._p.append(end)


def address(part: Any, name: str, url: str) -> str:
    """Make `name` what links in a part of the file call an address; the library would look through all it has first."""
    from docx.opc.constants import RELATIONSHIP_TYPE

    part.rels.add_relationship(RELATIONSHIP_TYPE.HYPERLINK, url, name, is_external=True)
    return name


def link(paragraph: Any, text: str, *, style: str, anchor: str = "", to: str = "") -> None:
    """A link to a bookmark of the file, or to what `address` gave; `style` is the id of its letters' style."""
    made = element("hyperlink", r_id=to) if to else element("hyperlink", anchor=anchor)
    run = paragraph.add_run(text)
    run._r.style = style
    made.append(run._r)
    paragraph._p.append(made)


def speak(run: Any, language: str, *, from_right: bool = False) -> None:
    """What language the words of a run are in, so that no spelling is marked that is right in it."""
    properties = run._r.get_or_add_rPr()
    if from_right:
        properties.append(element("rtl"))
    properties.append(element("lang", bidi=language) if from_right else element("lang", val=language))


def set_from_right(paragraph: Any) -> None:
    """Set a paragraph from the right, as Arabic and Hebrew are."""
    paragraph._p.get_or_add_pPr().insert_element_before(
        element("bidi"), *("w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr", "w:sectPr")
    )


def border(holder: Any, side: str, *, colour: str, kind: str = "single", size: int = 4, space: int = 0) -> None:
    """A line on one side of a paragraph or of a style's paragraphs; `holder` is the element that has `w:pPr`."""
    properties = holder.get_or_add_pPr()
    borders = properties.find(_name("pBdr"))
    if borders is None:
        borders = element("pBdr")
        properties.insert_element_before(borders, *_AFTER_BORDERS)
    borders.append(element(side, val=kind, sz=str(size), space=str(space), color=colour))


_AFTER_BORDERS = (
    "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap", "w:overflowPunct", "w:topLinePunct",
    "w:autoSpaceDE", "w:autoSpaceDN", "w:bidi", "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind",
    "w:contextualSpacing", "w:mirrorIndents", "w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment",
    "w:textboxTightWrap", "w:outlineLvl", "w:divId", "w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange",
)  # fmt: skip
"""What stands behind the borders of a paragraph in the order that the format wants."""


def row(cells: Sequence[tuple[str, int]], *, size: float, head: str | None, line: str) -> Any:
    """A row of a table with its cells' texts and widths (twips), which no page ends within, with a line under it.

    A `head` is its own line's colour; it is bold, and stands on top of every page that the table runs over. Made as
    one piece, since the library takes longer over a cell's properties than Word over a page.
    """
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    borders = "".join(
        f'<w:{side} w:val="{"single" if side == "bottom" else "nil"}"'
        f' w:sz="{(8 if head else 4) if side == "bottom" else 0}" w:color="{head or line}"/>'
        for side in ("top", "left", "bottom", "right")
    )
    space = f'<w:spacing w:before="{120 if head else 0}" w:after="40"/>'
    look = f'{"<w:b/>" if head else ""}<w:sz w:val="{round(2 * size)}"/>'
    made = "".join(
        f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{wide}"/><w:tcBorders>{borders}</w:tcBorders></w:tcPr>'
        f"<w:p><w:pPr>{space}</w:pPr><w:r><w:rPr>{look}</w:rPr>{_words(text)}</w:r></w:p></w:tc>"
        for text, wide in cells
    )
    top = "<w:tblHeader/>" if head else ""
    return parse_xml(f"<w:tr {nsdecls('w')}><w:trPr><w:cantSplit/>{top}</w:trPr>{made}</w:tr>")


def _words(text: str) -> str:
    """A run's text, with its tabs and breaks."""
    pieces = re.split(r"([\t\n])", text)
    marks = {"\t": "<w:tab/>", "\n": "<w:br/>"}
    return "".join(marks.get(piece) or f'<w:t xml:space="preserve">{escape(piece)}</w:t>' for piece in pieces if piece)


def _name(tag: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(f"w:{tag}"))
