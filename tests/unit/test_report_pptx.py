"""The report as slides: charts and tables to edit, numbers that lead to words, nothing cut, nothing overflowing."""

from __future__ import annotations

import io
from dataclasses import replace

import pptx
import pytest
from lxml import etree
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from tests.unit.passages import a_passage
from tests.unit.reports import SAID, a_report, a_theme, dangling, figures, parts_of, passages, rendered, with_type
from tests.unit.slides import leads, opened, outside, overflowing, texts
from winloss.errors import ConfigError
from winloss.model import Report, ReportPart, ReportSection, Statement

MAIN = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
TEMPLATE = "application/vnd.openxmlformats-officedocument.presentationml.template.main+xml"


def titles(deck) -> list[str]:
    return [slide.shapes.title.text_frame.text for slide in deck.slides]


def charts(deck) -> list:
    return [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]


def notes(slide) -> str:
    return slide.notes_slide.notes_text_frame.text if slide.has_notes_slide else ""


def saved(deck) -> bytes:
    written = io.BytesIO()
    deck.save(written)
    return written.getvalue()


def a_template(*, wide: bool = False) -> bytes:
    """A company's file, 4 by 3: its colours, two example slides in a section and a show, a name in its properties."""
    deck = pptx.Presentation()
    if wide:
        deck.slide_width, deck.slide_height = Inches(13.333), Inches(7.5)
    deck.core_properties.author = "Somebody Else"
    for number in range(2):
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = f"Lorem ipsum {number}"
        slide.notes_slide.notes_text_frame.text = "Ask Dana before using this"
    root = deck.part._element
    ids = [item.get("id") for item in deck.slides._sldIdLst]
    listed = "".join(f'<p14:sldId id="{name}"/>' for name in ids)
    section = (
        f'<p:ext xmlns:p="{P}" uri="{{521415D9-36F7-43E2-AB2F-B90AF26B5E84}}"><p14:sectionLst '
        'xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main"><p14:section name="Examples" '
        f'id="{{6B7B7D5A-0000-4000-8000-000000000001}}"><p14:sldIdLst>{listed}</p14:sldIdLst></p14:section>'
        "</p14:sectionLst></p:ext>"
    )
    extensions = root.find(qn("p:extLst"))
    if extensions is None:
        extensions = etree.SubElement(root, qn("p:extLst"))
    extensions.append(etree.fromstring(section))
    first = deck.slides._sldIdLst[0].rId
    show = (
        f'<p:custShowLst xmlns:p="{P}" xmlns:r="{R}"><p:custShow name="Short" id="0"><p:sldLst><p:sld r:id="{first}"/>'
        "</p:sldLst></p:custShow></p:custShowLst>"
    )
    root.find(qn("p:notesSz")).addnext(etree.fromstring(show))
    theme = next(part for part in deck.part.package.iter_parts() if str(part.partname).startswith("/ppt/theme/theme1"))
    theme._blob = theme.blob.replace(b"4F81BD", b"006633")
    return saved(deck)


P = "http://schemas.openxmlformats.org/presentationml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def test_slides_say_one_thing_each_in_the_order_of_the_report():
    assert titles(opened(rendered(a_report(), ".pptx"))) == [
        "Synthesis, 2026Q2",
        "What changed",
        "Federal: saturated",
        *("What is new", "What changed"),
        "“alerts unread”: 4 of 12 people in 2026Q2",
        *("What this rests on", "Beliefs", "Verbatims cited", "How this was made"),
    ]


def test_every_statement_leads_by_its_numbers_to_the_slide_of_its_verbatims_and_has_them_in_its_notes():
    report = a_report()
    deck = opened(rendered(report, ".pptx"))
    found = list(leads(deck))
    assert {words for _, words, _ in found} == {"[1]", "[2]", "[3]", "[4]"}
    for number, words, target in found:
        assert any(words in text for text in texts(target)), words
        assert "Verbatims cited" in target.shapes.title.text_frame.text
        place = int(words.strip("[]"))
        assert f"{words} “{SAID[place - 1]}”" in notes(deck.slides[number - 1]).replace("\v", "\n")
    for part in report.parts:
        for section in part.sections:
            for statement in section.statements:
                marks = " ".join(f"[{name[1:]}]" for name in statement.citations)
                assert any(f"{statement.text} {marks}" in text for slide in deck.slides for text in texts(slide))


def test_quotations_are_to_the_letter_with_a_different_voice_marked_as_one():
    deck = opened(rendered(a_report(), ".pptx"))
    theme = next(slide for slide in deck.slides if "4 of 12" in slide.shapes.title.text_frame.text)
    words = next(text for text in texts(theme) if SAID[0] in text)
    assert all(f"“{text}”" in words for text in SAID)
    assert words.index("A different voice") < words.index(SAID[-1])
    assert words.index("A different voice") > words.index(SAID[-2])


def test_charts_are_native_and_say_of_how_many():
    found = charts(opened(rendered(a_report(), ".pptx")))
    bars = found[0]
    assert [series.name for series in bars.plots[0].series] == ["federal (of 60 people)", "global (of 70 people)"]
    assert list(bars.plots[0].categories) == ["alerts unread", "cost"]
    assert list(bars.plots[0].series[1].values) == [0.0, pytest.approx(1 / 70)]
    trend = found[-1]
    assert list(trend.plots[0].categories)[:2] == ["2025Q2\nnobody", "2025Q3\n1 of 9"]
    assert list(trend.plots[0].series[0].values)[:2] == [None, pytest.approx(1 / 9)]


def test_more_bars_than_one_chart_holds_go_on_on_the_next_on_the_same_scale():
    drawn = figures(tuple(f"theme {number}" for number in range(31)))
    deck = opened(rendered(a_report(drawn=drawn), ".pptx"))
    bars = [chart for chart in charts(deck) if len(chart.plots[0].series) == 2][:3]
    assert [name for chart in bars for name in chart.plots[0].categories] == [f"theme {n}" for n in range(31)]
    assert len({chart.value_axis.maximum_scale for chart in bars}) == 1
    assert outside(deck) == []


def test_no_word_is_a_formula_in_the_workbook_behind_a_chart():
    import openpyxl

    drawn = figures(("=cmd|'/c calc'!A1", "+1", "http://evil.example/", "{=1+1}", "@SUM(A1)"))
    content = parts_of(rendered(a_report(drawn=drawn, title="=1+1"), ".pptx"))
    books = [part for name, part in content.items() if name.endswith(".xlsx")]
    assert books
    for book in books:
        for row in openpyxl.load_workbook(io.BytesIO(book)).active.iter_rows():
            assert [cell.value for cell in row if cell.data_type == "f" or cell.hyperlink] == []


def test_tables_are_native_and_go_on_under_the_same_head_with_every_cell():
    rows = [("Pain", *(f"segment {n}" for n in range(12)))]
    rows += [(f"theme {n} " + "of many words " * (n % 7), *(f"{n} of {m}" for m in range(12))) for n in range(30)]
    deck = opened(rendered(a_report(table=rows), ".pptx"))
    tables = [shape.table for slide in deck.slides for shape in slide.shapes if shape.has_table]
    told = {row.cells[0].text for table in tables for row in table.rows}
    assert told >= {row[0] for row in rows}
    cells = {(row.cells[0].text, head.text, cell.text) for table in tables for row in list(table.rows)[1:]
             for head, cell in zip(table.rows[0].cells, row.cells, strict=True)}  # fmt: skip
    assert cells >= {(row[0], rows[0][n], row[n]) for row in rows[1:] for n in range(1, 13)}
    assert outside(deck) == []


def test_a_quotation_longer_than_a_slide_goes_on_on_the_next_and_is_all_there():
    wall = " ".join(f"word{number}" for number in range(4000))
    said = (a_passage("v1", wall), a_passage("v2", "Short."))
    report = Report(title="S", label="", quarter="2026Q2", cited=said, method=(("Seed", "7"),), parts=(
        ReportPart(heading="All", segment=None, verdict=None,
                   sections=(ReportSection(heading="Costs", themes=(a_theme(said),)),)),))  # fmt: skip
    deck = opened(rendered(report, ".pptx"))
    assert overflowing(deck) == outside(deck) == []
    told = [text for slide in deck.slides for text in texts(slide) if "word" in text]
    pieces = [paragraph for text in told for paragraph in text.split("\n") if "word" in paragraph]
    on_slides = "".join(piece.replace("[1] ", "") for piece in pieces)
    assert on_slides == f"“{wall}”" * 2


def test_many_themes_of_a_part_stand_together_each_with_a_quotation_and_a_different_voice():
    said = passages()
    themes = tuple(a_theme(said, title=f"theme {number}") for number in range(15))
    sections = tuple(
        ReportSection(heading=f"Role {n}", themes=themes[5 * n : 5 * n + 5], note="Of 12.") for n in range(3)
    )
    part = ReportPart(heading="Role by role", segment="federal", verdict=None, sections=sections)
    deck = opened(rendered(replace(a_report(said), parts=(part,)), ".pptx"))
    assert outside(deck) == overflowing(deck) == []
    assert charts(deck) == []
    slides = [slide for slide in deck.slides if slide.shapes.title.text_frame.text.startswith("Role ")]
    assert len(slides) < 15
    told = "\n".join(text for slide in slides for text in texts(slide))
    for number in range(15):
        assert told.count(f"“theme {number}”: 4 of 12 people") == 1
    assert told.count(f"“{SAID[0]}”") == told.count("A different voice") == told.count(f"“{SAID[-1]}”") == 15
    assert all("[1]" in notes(slide) for slide in slides)


def test_a_chart_stands_beside_its_statements_where_they_can_be_read_there():
    report = a_report()
    (part, *_) = report.parts
    (section,) = part.sections
    deck = opened(rendered(report, ".pptx"))
    assert any(shape.has_chart for shape in deck.slides[1].shapes)
    assert any(section.statements[0].text in text for text in texts(deck.slides[1]))
    long = replace(section, statements=section.statements * 20)
    deck = opened(rendered(replace(report, parts=(replace(part, sections=(long,)),)), ".pptx"))
    assert not any(shape.has_chart for shape in deck.slides[1].shapes)
    assert len(charts(deck)) == 1


def test_statements_that_do_not_fit_are_set_smaller_then_go_on():
    said = passages()
    statements = tuple(
        Statement(text=f"Statement {n}: 4 of 9 people. " + "More. " * (n % 30), citations=("v1",)) for n in range(60)
    )
    report = replace(a_report(said), parts=(ReportPart(heading="All", segment=None, verdict=None,
                     sections=(ReportSection(heading="New", statements=statements),)),))  # fmt: skip
    deck = opened(rendered(report, ".pptx"))
    assert overflowing(deck) == outside(deck) == []
    told = "\n".join(text for slide in deck.slides for text in texts(slide))
    assert [told.count(f"Statement {n}:") for n in range(60)] == [1] * 60
    assert "New (continued)" in titles(deck)


def test_the_file_says_what_it_is_and_nothing_of_who_made_it_where():
    content = rendered(a_report(), ".pptx")
    deck = opened(content)
    told = deck.core_properties
    assert (told.title, told.author, told.last_modified_by, told.language) == ("Synthesis, 2026Q2", "", "", "en-GB")
    assert told.created.isoformat().startswith("2026-07-01")
    assert not [name for name in parts_of(content) if name.startswith("docProps/") and name != "docProps/core.xml"]
    assert list(dangling(content)) == []
    assert round(deck.slide_width / deck.slide_height, 3) == round(16 / 9, 3)


def test_every_slide_but_the_first_has_its_number_and_what_it_is_taken_from():
    deck = opened(rendered(a_report(), ".pptx"))
    for slide in list(deck.slides)[1:]:
        kinds = [mark.get("type") for mark in slide._element.iter(qn("p:ph"))]
        assert {"sldNum", "ftr"} <= set(kinds)
        assert any("Synthesis, 2026Q2 · Fictional" in text for text in texts(slide))


def test_the_same_report_is_the_same_file_also_in_a_template(monkeypatch):
    template = a_template()
    first = [rendered(a_report(), ".pptx"), rendered(a_report(), ".pptx", template=template)]
    monkeypatch.setattr("time.localtime", lambda *_: __import__("time").gmtime(86_400 * 9000))
    again = [rendered(a_report(), ".pptx"), rendered(a_report(), ".pptx", template=template)]
    assert first == again


@pytest.mark.parametrize(("wide", "as_template"), [(False, False), (True, True)])
def test_a_template_gives_its_layouts_and_colours_and_nothing_else(wide, as_template):
    template = with_type(a_template(wide=wide), MAIN, TEMPLATE) if as_template else a_template(wide=wide)
    content = rendered(a_report(), ".pptx", template=template)
    deck = opened(content)
    assert (deck.slide_width, deck.slide_height) == (Inches(13.333) if wide else Inches(10), Inches(7.5))
    assert deck.slides[0].slide_layout.name == "Title Slide"
    assert {slide.slide_layout.name for slide in list(deck.slides)[1:]} == {"Title Only"}
    everything = b"".join(parts_of(content).values())
    for example in (b"Lorem ipsum", b"Ask Dana", b"Somebody Else", b"sectionLst", b"custShow"):
        assert example not in everything
    assert b"006633" in everything
    assert list(dangling(content)) == []
    assert outside(deck) == overflowing(deck) == []
    empty = [
        shape
        for slide in deck.slides
        for shape in slide.placeholders
        if shape.has_text_frame and not shape.text_frame.text
    ]
    assert empty == []


def test_a_template_whose_layouts_have_other_names_and_no_kinds_is_used_as_well():
    deck = pptx.Presentation()
    for number, layout in enumerate(deck.slide_layouts):
        layout._element.attrib.pop("type", None)
        layout._element.cSld.set("name", f"Vorlage {number}")
    made = opened(rendered(a_report(), ".pptx", template=saved(deck)))
    assert outside(made) == overflowing(made) == []
    assert len(made.slides) == len(opened(rendered(a_report(), ".pptx")).slides)


def test_a_template_without_any_title_gets_titles_as_words():
    deck = pptx.Presentation()
    for layout in deck.slide_layouts:
        for shape in list(layout.placeholders):
            shape._element.getparent().remove(shape._element)
    made = opened(rendered(a_report(), ".pptx", template=saved(deck)))
    assert any("Federal: saturated" in text for slide in made.slides for text in texts(slide))
    assert outside(made) == []


def test_a_title_is_as_large_as_its_template_wants_it_until_it_does_not_fit():
    report = a_report()
    section = ReportSection(heading="What " + "very long " * 14 + "heading", note="x")
    parts = (replace(report.parts[0], sections=(section, replace(section, heading="Short"))),)
    made = opened(rendered(replace(report, parts=parts), ".pptx"))
    sizes = {
        slide.shapes.title.text_frame.text[:5]: slide.shapes.title.text_frame.paragraphs[0].runs[0].font.size
        for slide in made.slides
    }
    assert sizes["Short"] is None
    assert Pt(16) <= sizes["What "] < Pt(26)


@pytest.mark.parametrize(
    ("template", "words"),
    [
        (lambda: b"", "no office file"),
        (lambda: a_template()[:5000], "no office file"),
        (lambda: b"\xd0\xcf\x11\xe0" + bytes(900), "password"),
        (lambda: rendered(a_report(), ".docx"), "a Word file, not a PowerPoint file"),
        (
            lambda: with_type(a_template(), MAIN, "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml"),
            "macros",
        ),
    ],
)
def test_a_template_that_is_none_is_refused_with_what_to_do(template, words):
    with pytest.raises(ConfigError) as caught:
        rendered(a_report(), ".pptx", template=template())
    assert words in caught.value.message
    assert ".potx" in caught.value.hint or "save it as .pptx" in caught.value.hint


def test_a_damaged_template_is_told_as_that():
    deck = pptx.Presentation()
    layouts = deck.slide_masters[0]._element.find(qn("p:sldLayoutIdLst"))
    for layout in list(layouts):
        layouts.remove(layout)
    with pytest.raises(ConfigError) as caught:
        rendered(a_report(), ".pptx", template=saved(deck))
    assert "save it as a new file" in caught.value.hint


def test_words_from_the_right_are_set_from_the_right():
    deck = opened(rendered(a_report((a_passage("v1", "לא עובד"),)), ".pptx"))
    paragraphs = [
        item for slide in deck.slides for item in slide._element.iter(qn("a:p")) if "לא" in "".join(item.itertext())
    ]
    assert paragraphs
    assert all(item.pPr is not None and item.pPr.get("rtl") == "1" for item in paragraphs)
