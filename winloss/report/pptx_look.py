"""A presentation to write into: an empty one in the look of the report, or somebody's template without its examples."""

from __future__ import annotations

import io
from typing import Any

from winloss.report.office import ACCENT, INK, SANS, SERIF, SOFT, as_document, without_leftovers

SLIDE = (960.0, 540.0)
"""Points: 16 by 9."""
LEFT, WIDE = 54.0, 852.0
PLACES = {
    "title": (LEFT, 34.0, WIDE, 72.0),
    "body": (LEFT, 112.0, WIDE, 374.0),
    "ftr": (LEFT, 502.0, 720.0, 22.0),
    "sldNum": (826.0, 502.0, 80.0, 22.0),
    "dt": (780.0, 502.0, 40.0, 22.0),
    "ctrTitle": (LEFT, 150.0, WIDE, 110.0),
    "subTitle": (LEFT, 276.0, WIDE, 150.0),
}
"""Kind of placeholder -> left, top, width, height in points."""
TITLE_SIZE, FOOT_SIZE = 26, 9
LAYOUTS = ("title", "obj", "titleOnly")
COLOURS = {
    "dk1": INK, "lt1": "FDFDFB", "dk2": SOFT, "lt2": "E4E2DA", "accent1": ACCENT, "accent2": "3D5A6C",
    "accent3": "B08D57", "accent4": "6B7F5E", "accent5": "7A5C7E", "accent6": "A3A5AD", "hlink": ACCENT,
    "folHlink": SOFT,
}  # fmt: skip
FACES = {"majorFont": SERIF, "minorFont": SANS}
_REMARKS = ("/commentAuthors", "/authors", "/viewProps", "/printerSettings", "/changesInfo", "/revisionInfo")


def blank(template: bytes | None) -> Any:
    """A presentation without slides.

    Raises:
        ConfigError: the template is no PowerPoint file.
    """
    import pptx

    deck = pptx.Presentation() if template is None else pptx.Presentation(io.BytesIO(as_document(template, "pptx")))
    if template is not None:
        _emptied(deck)
    else:
        _dressed(deck)
    without_leftovers(deck.part.package._rels)
    for name, relation in list(deck.part.rels.items()):
        if relation.reltype.endswith(_REMARKS):
            deck.part.rels.pop(name)
    return deck


def _emptied(deck: Any) -> None:
    """Without its slides and all that speaks of them: sections and shows."""
    from pptx.oxml.ns import qn

    root = deck.part._element
    for shows in root.findall(qn("p:custShowLst")):
        root.remove(shows)
    slides = deck.slides._sldIdLst
    for slide in list(slides):
        deck.part.drop_rel(slide.rId)
        slides.remove(slide)
    for extensions in root.findall(qn("p:extLst")):
        for extension in [item for item in extensions if len(item) and item[0].tag.endswith("}sectionLst")]:
            extensions.remove(extension)


def _dressed(deck: Any) -> None:
    from pptx.util import Pt

    deck.slide_width, deck.slide_height = (Pt(side) for side in SLIDE)
    deck.part._element.find(f"{_P}sldSz").attrib.pop("type", None)
    for layout in list(deck.slide_layouts):
        if layout._element.get("type") not in LAYOUTS:
            deck.slide_layouts.remove(layout)
    master = deck.slide_masters[0]
    _coloured(master)
    for holder in (master, *deck.slide_layouts):
        for shape in holder.placeholders:
            _placed(shape)
    _written(master)
    _ruled(master)


def _placed(shape: Any) -> None:
    """Put a placeholder in its place; those that lie where the master's do keep to that."""
    from pptx.util import Pt

    mark = shape._element.nvSpPr.nvPr.find(f"{_P}ph")
    kind = mark.get("type", "obj")
    if kind not in PLACES or shape._element.spPr.find(f"{_A}xfrm") is None:
        return
    shape.left, shape.top, shape.width, shape.height = (Pt(side) for side in PLACES[kind])
    frame = shape._element.txBody.find(f"{_A}bodyPr")
    for side in ("lIns", "rIns"):
        frame.set(side, "0")
    if kind in ("title", "ctrTitle"):
        frame.set("anchor", "b")
    if kind == "subTitle":
        _sized(shape._element.txBody.find(f"{_A}lstStyle"), 18, "l")
    if kind in ("ftr", "sldNum"):
        _sized(shape._element.txBody.find(f"{_A}lstStyle"), FOOT_SIZE, "l" if kind == "ftr" else "r")


def _written(master: Any) -> None:
    """The type of titles and of running text."""
    styles = master._element.find(f"{_P}txStyles")
    _sized(styles.find(f"{_P}titleStyle"), TITLE_SIZE, "l")
    for number, level in enumerate(styles.find(f"{_P}bodyStyle")):
        for type_ in level.findall(f"{_A}defRPr"):
            type_.set("sz", str(max(1200, 1800 - 200 * number)))


def _sized(styles: Any, size: int, align: str) -> None:
    level = styles.find(f"{_A}lvl1pPr")
    if level is None:
        return
    level.set("algn", align)
    for type_ in level.findall(f"{_A}defRPr"):
        type_.set("sz", str(100 * size))


def _coloured(master: Any) -> None:
    """The colours and the two faces of the theme, which slides, charts and tables take theirs from."""
    from lxml import etree
    from pptx.opc.constants import RELATIONSHIP_TYPE

    part = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme = etree.fromstring(part.blob)
    for name, colour in COLOURS.items():
        place = theme.find(f".//{_A}clrScheme/{_A}{name}")
        for child in list(place):
            place.remove(child)
        etree.SubElement(place, f"{_A}srgbClr", val=colour)
    for name, face in FACES.items():
        theme.find(f".//{_A}{name}/{_A}latin").set("typeface", face)
    part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)


def _ruled(master: Any) -> None:
    """A hairline above the foot of every slide."""
    from pptx.oxml import parse_xml
    from pptx.util import Pt

    left, top, wide = (int(Pt(side)) for side in (LEFT, 496.0, WIDE))
    master._element.cSld.spTree.append(
        parse_xml(
            f'<p:cxnSp xmlns:p="{_P[1:-1]}" xmlns:a="{_A[1:-1]}"><p:nvCxnSpPr><p:cNvPr id="90" name="Rule"/>'
            f'<p:cNvCxnSpPr/><p:nvPr userDrawn="1"/></p:nvCxnSpPr><p:spPr><a:xfrm><a:off x="{left}" y="{top}"/>'
            f'<a:ext cx="{wide}" cy="0"/></a:xfrm><a:prstGeom prst="line"><a:avLst/></a:prstGeom><a:ln w="6350">'
            '<a:solidFill><a:schemeClr val="bg2"/></a:solidFill></a:ln></p:spPr></p:cxnSp>'
        )
    )


_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
