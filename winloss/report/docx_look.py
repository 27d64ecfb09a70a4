"""A Word document to write into: empty, in the look of the report, or somebody's template without its examples."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial
from typing import Any

from winloss.report.docx_xml import border, element
from winloss.report.office import ACCENT, INK, SANS, SERIF, SOFT, as_document, without_leftovers
from winloss.report.texts import LANGUAGE

LINE, WASH = "C9C8C1", "F4F2EC"
PAGE = (21.0, 29.7)
"""Centimetres: A4."""
MARGIN = 2.3
HEADINGS = {"Title": 26.0, "Heading 1": 19.0, "Heading 2": 13.0, "Heading 3": 12.0}
"""Style -> type size in points."""
_REMARKS = ("/comments", "/commentsExtended", "/commentsIds", "/commentsExtensible", "/people", "/glossaryDocument")


def blank(template: bytes | None) -> Any:
    """An empty document that has every style a report uses.

    Raises:
        ConfigError: the template is no Word file.
    """
    import docx

    document = docx.Document() if template is None else docx.Document(io.BytesIO(as_document(template, "docx")))
    if template is not None:
        _emptied(document)
    else:
        _dressed(document)
    without_leftovers(document.part.package.rels)
    _completed(document, house=template is None)
    return document


def _emptied(document: Any) -> None:
    """Without its paragraphs, tables, remarks and notes; what it says of its last page's paper, head and foot stays."""
    body = document.element.body
    for child in list(body):
        if child is not body.sectPr:
            body.remove(child)
    for name, relation in list(document.part.rels.items()):
        if relation.reltype.endswith(_REMARKS):
            document.part.rels.pop(name)
        elif relation.reltype.endswith(("/footnotes", "/endnotes")):
            _without_notes(relation.target_part)

    _detached(document)


def _detached(document: Any) -> None:
    """Without the address of the template's own template, which names somebody's folders."""
    from docx.oxml.ns import qn

    settings = document.settings.element
    for attached in settings.findall(qn("w:attachedTemplate")):
        document.settings.part.rels.pop(attached.get(qn("r:id")), None)
        settings.remove(attached)


def _without_notes(part: Any) -> None:
    """Footnotes keep their separators, which are notes of a type of their own."""
    from docx.oxml.ns import qn
    from lxml import etree

    root = etree.fromstring(part.blob)
    for note in [note for note in root if note.get(qn("w:type")) is None]:
        root.remove(note)
    part._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _dressed(document: Any) -> None:
    """The house look: serif headings and quotations, one accent colour, much paper."""
    from docx.shared import Cm, Pt

    section = document.sections[0]
    section.page_width, section.page_height = (Cm(side) for side in PAGE)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(MARGIN)
    _font(document.styles["Normal"], SANS, 10.5)
    document.styles["Normal"].paragraph_format.space_after = Pt(5)
    document.styles["Normal"].paragraph_format.line_spacing = 1.15
    for name, size in HEADINGS.items():
        _font(document.styles[name], SERIF, size, bold=name != "Title")
        document.styles[name].paragraph_format.keep_with_next = True
    _font(document.styles["Subtitle"], SANS, 10.5, colour=ACCENT, italic=False)
    _spaced(document.styles["Title"], 0, 8)
    _spaced(document.styles["Heading 1"], 0, 10)
    _spaced(document.styles["Heading 2"], 20, 6)
    _spaced(document.styles["Heading 3"], 14, 3)
    document.styles["Heading 1"].paragraph_format.page_break_before = True
    _unlined(document.styles["Title"])
    _language(document)


def _completed(document: Any, *, house: bool) -> None:
    """The styles of the report that the document lacks, each made from its running text."""
    made: dict[str, Callable[[Any], None]] = {"Quote": partial(_quote, house=house)}
    made |= {"Attribution": _attribution, "Dissent": _dissent}
    made |= {"Verdict": _verdict, "Note": _note, "Cited verbatim": _hanging}
    made |= {"List Bullet": _bullet, "Subtitle": _plain, "Title": _plain}
    made |= {f"Heading {number}": partial(_heading, number=number) for number in range(1, 4)}
    for name, dress in made.items():
        if name not in document.styles:
            _added(document, name)
        elif not (house and name == "Quote"):
            continue
        dress(document.styles[name])
    _characters(document)


def _quote(style: Any, *, house: bool) -> None:
    _font(style, SERIF if house else None, 11.5, italic=not house)
    _indented(style, left=0.5, after=2, keep=True)


def _attribution(style: Any) -> None:
    _font(style, None, 9, colour=SOFT)
    _indented(style, left=0.5, after=9)


def _dissent(style: Any) -> None:
    _font(style, None, 9, colour=ACCENT, bold=True)
    _indented(style, left=0.5, after=1, keep=True)


def _verdict(style: Any) -> None:
    _font(style, None, 11.5)
    _indented(style, left=0.4, after=8)
    border(style.element, "left", colour=ACCENT, size=24, space=8)


def _note(style: Any) -> None:
    _font(style, None, 9, colour=SOFT)


def _bullet(style: Any) -> None:
    _hanging(style, 0.6)


def _plain(style: Any) -> None:
    _indented(style, left=0.0, after=8)


def _heading(style: Any, *, number: int) -> None:
    _font(style, None, 18 - 3 * number, bold=True)
    style.paragraph_format.keep_with_next = True
    style.element.get_or_add_pPr().append(element("outlineLvl", val=str(number - 1)))


def _characters(document: Any) -> None:
    """Styles of single words: what is cited, and what leads somewhere."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import RGBColor

    for name in ("Citation mark", "Hyperlink"):
        if name in document.styles:
            continue
        style = document.styles.add_style(name, WD_STYLE_TYPE.CHARACTER, builtin=name == "Hyperlink")
        style.font.color.rgb = RGBColor.from_string(ACCENT)
        if name == "Citation mark":
            style.font.superscript = True
        else:
            style.font.underline = True


def _added(document: Any, name: str) -> None:
    """A paragraph style like that of the running text, under a name that the document did not have."""
    from docx.enum.style import WD_STYLE_TYPE

    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=name in _BUILT_IN)
    style.base_style = document.styles.default(WD_STYLE_TYPE.PARAGRAPH)
    style.quick_style = True


_BUILT_IN = ("Quote", "List Bullet", "Subtitle", "Title", "Heading 1", "Heading 2", "Heading 3")


def _font(
    style: Any,
    face: str | None,
    size: float,
    *,
    colour: str = INK,
    bold: bool | None = None,
    italic: bool | None = None,
) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, italic
    style.font.color.rgb = RGBColor.from_string(colour)
    if face is None:
        return
    style.font.name = face
    fonts = style.element.rPr.rFonts
    for name in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.attrib.pop(qn(f"w:{name}Theme"), None)
    fonts.set(qn("w:cs"), face)


def _spaced(style: Any, before: float, after: float) -> None:
    from docx.shared import Pt

    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)


def _indented(style: Any, *, left: float, after: float, keep: bool = False) -> None:
    from docx.shared import Cm, Pt

    layout = style.paragraph_format
    layout.left_indent, layout.space_after = Cm(left), Pt(after)
    if keep:
        layout.keep_with_next = True


def _hanging(style: Any, left: float = 1.1) -> None:
    from docx.shared import Cm

    _indented(style, left=left, after=6)
    style.paragraph_format.first_line_indent = Cm(-left)
    style.paragraph_format.tab_stops.add_tab_stop(Cm(left))


def _unlined(style: Any) -> None:
    """Without the line under the title that the library's own document has."""
    from docx.oxml.ns import qn

    for lines in style.element.pPr.findall(qn("w:pBdr")):
        style.element.pPr.remove(lines)


def _language(document: Any) -> None:
    """The language of what no run says a language of."""
    from docx.oxml.ns import qn

    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
