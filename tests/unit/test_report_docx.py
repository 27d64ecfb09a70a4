"""The report in Word: every number leads to its words, quotations are to the letter, a template gives the look only."""

from __future__ import annotations

import io
import re

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from tests.unit.passages import a_passage
from tests.unit.reports import SAID, a_report, dangling, parts_of, rendered, with_type
from winloss.errors import ConfigError

MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
TEMPLATE = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"


def opened(content: bytes):
    return docx.Document(io.BytesIO(content))


def of_style(document, name: str) -> list:
    return [paragraph for paragraph in document.paragraphs if paragraph.style.name == name]


def anchors(paragraph) -> list[str]:
    return [link.get(qn("w:anchor")) for link in paragraph._p.iter(qn("w:hyperlink")) if link.get(qn("w:anchor"))]


def bookmarks(document) -> list[str]:
    return [mark.get(qn("w:name")) for mark in document.element.body.iter(qn("w:bookmarkStart"))]


def saved(document) -> bytes:
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def a_template() -> bytes:
    """A company's file: its own faces, an example text with a remark, a foot, a name in its properties."""
    document = docx.Document()
    document.styles["Heading 1"].font.name = "Garamond"
    document.styles["Heading 1"].font.color.rgb = RGBColor(0, 0x66, 0x33)
    del document.styles["Quote"]._element.getparent()[
        list(document.styles.element).index(document.styles["Quote"]._element)
    ]
    document.core_properties.author = "Somebody Else"
    paragraph = document.add_paragraph("Lorem ipsum of our brand team")
    document.add_comment(paragraph.runs, text="Ask Dana before using this", author="Dana")
    document.add_table(rows=1, cols=1).cell(0, 0).text = "Example cell"
    document.sections[0].footer.paragraphs[0].text = "Northwind confidential"
    return saved(document)


def test_every_statement_leads_by_its_numbers_to_verbatims_in_the_file():
    report = a_report()
    document = opened(rendered(report, ".docx"))
    marks = bookmarks(document)
    assert len(marks) == len(set(marks))
    statements = [statement for part in report.parts for section in part.sections for statement in section.statements]
    told = of_style(document, "List Bullet")
    assert [paragraph.text.split(" 1, ")[0] for paragraph in told] == [item.text for item in statements]
    for paragraph, statement in zip(told, statements, strict=True):
        assert anchors(paragraph) == [f"v{name[1:]}" for name in statement.citations]
        assert set(anchors(paragraph)) <= set(marks)


def test_the_verdict_leads_to_what_it_points_at():
    (verdict,) = of_style(opened(rendered(a_report(), ".docx")), "Verdict")
    assert verdict.text == "Saturated. Nothing new. 3"
    assert anchors(verdict) == ["v3"]


def test_quotations_are_to_the_letter_and_say_who_said_them():
    document = opened(rendered(a_report(), ".docx"))
    quotes = of_style(document, "Quote")
    assert [paragraph.text for paragraph in quotes] == [f"“{text}”" for text in SAID]
    sources = of_style(document, "Attribution")
    assert all(paragraph.text.startswith("soc · federal · 2026Q2 · interview") for paragraph in sources)
    assert [paragraph.text for paragraph in of_style(document, "Dissent")] == ["A different voice"]


def test_the_list_of_what_is_cited_is_numbered_and_links_to_the_context():
    document = opened(rendered(a_report(), ".docx"))
    listed = of_style(document, "Cited verbatim")
    assert [paragraph.text.split("\t")[0] for paragraph in listed] == ["1", "2", "3", "4"]
    assert all(text in paragraph.text for paragraph, text in zip(listed, SAID, strict=True))
    addresses = {relation.target_ref for relation in document.part.rels.values() if relation.is_external}
    assert addresses == {f"https://here/v/v{number}" for number in range(1, 5)}


def test_a_name_stands_only_where_the_rights_allow_it():
    said = (a_passage("v1"), a_passage("v2", rights="named"), a_passage("v3", rights="internal"))
    text = "\n".join(paragraph.text for paragraph in opened(rendered(a_report(said), ".docx")).paragraphs)
    assert len(re.findall("Priya Nair", text)) == 2
    assert "internal use only" in text


def test_headings_make_a_contents_list_whose_links_lead_to_the_parts():
    document = opened(rendered(a_report(), ".docx"))
    heads = [paragraph.text for paragraph in of_style(document, "Heading 1")]
    assert heads == ["All", "Federal", "Verbatims cited", "How this was made"]
    codes = [code.text for code in document.element.body.iter(qn("w:instrText"))]
    assert codes == [r' TOC \o "1-2" \h \z \u ']
    marks = [kind.get(qn("w:fldCharType")) for kind in document.element.body.iter(qn("w:fldChar"))]
    assert marks == ["begin", "separate", "end"]
    entries = [paragraph for paragraph in document.paragraphs if anchors(paragraph)[:1] and paragraph.text in heads]
    assert [anchors(entry) for entry in entries] == [[f"part-{number}"] for number in range(4)]
    assert set(bookmarks(document)) >= {f"part-{number}" for number in range(4)}


def test_tables_are_tables_whose_head_is_on_every_page():
    document = opened(rendered(a_report(), ".docx"))
    rests = next(table for table in document.tables if table.cell(0, 0).text == "Source")
    assert [[cell.text for cell in row.cells] for row in rests.rows][1] == ["Interviews", "1,009", "3 of 9 people"]
    for table in document.tables:
        heads = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
        assert heads == [True] + [False] * (len(heads) - 1)
    trend = next(table for table in document.tables if table.cell(1, 0).text == "People")
    assert [cell.text for cell in trend.rows[1].cells][1:3] == ["nobody heard", "1 of 9"]


def test_the_file_says_what_it_is_and_nothing_of_who_made_it_where():
    content = rendered(a_report(), ".docx")
    told = opened(content).core_properties
    assert (told.title, told.author, told.last_modified_by, told.language) == ("Synthesis, 2026Q2", "", "", "en-GB")
    assert told.created.isoformat().startswith("2026-07-01")
    assert not [name for name in parts_of(content) if name.startswith("docProps/") and name != "docProps/core.xml"]
    assert list(dangling(content)) == []
    foot = opened(content).sections[-1].footer.paragraphs[0]
    assert "Synthesis, 2026Q2 · Fictional · page " in foot.text
    assert [code.text for code in foot._p.iter(qn("w:instrText"))] == [" PAGE ", " NUMPAGES "]


def test_the_same_report_is_the_same_file_also_in_a_template(monkeypatch):
    template = a_template()
    first = [rendered(a_report(), ".docx"), rendered(a_report(), ".docx", template=template)]
    monkeypatch.setattr("time.localtime", lambda *_: __import__("time").gmtime(86_400 * 9000))
    assert first == [rendered(a_report(), ".docx"), rendered(a_report(), ".docx", template=template)]


def test_words_from_the_right_and_in_other_languages_are_marked_as_that():
    said = (a_passage("v1", "לא עובד", language="he"), a_passage("v2", "Es kostet uns Nächte.", language="de"))
    quotes = of_style(opened(rendered(a_report(said), ".docx")), "Quote")
    assert quotes[0]._p.pPr.find(qn("w:bidi")) is not None
    assert quotes[1]._p.pPr.find(qn("w:bidi")) is None
    assert [node.get(qn("w:val")) for node in quotes[1]._p.iter(qn("w:lang"))] == ["de"]


@pytest.mark.parametrize("as_template", [False, True])
def test_a_template_gives_its_styles_and_its_foot_and_nothing_else(as_template):
    template = with_type(a_template(), MAIN, TEMPLATE) if as_template else a_template()
    content = rendered(a_report(), ".docx", template=template)
    document = opened(content)
    assert document.styles["Heading 1"].font.name == "Garamond"
    assert document.styles["Heading 1"].font.color.rgb == RGBColor(0, 0x66, 0x33)
    assert len(of_style(document, "Heading 1")) == 4
    assert [paragraph.text for paragraph in of_style(document, "Quote")] == [f"“{text}”" for text in SAID]
    assert document.sections[-1].footer.paragraphs[0].text == "Northwind confidential"
    everything = b"".join(parts_of(content).values())
    for example in (b"Lorem ipsum", b"Example cell", b"Ask Dana", b"Somebody Else"):
        assert example not in everything
    assert list(dangling(content)) == []


def test_in_a_template_without_bullets_a_dot_stands_before_statements():
    document = docx.Document()
    style = document.styles["List Bullet"]
    style.element.pPr.remove(style.element.pPr.numPr)
    bullets = of_style(opened(rendered(a_report(), ".docx", template=saved(document))), "List Bullet")
    assert bullets
    assert all(paragraph.text.startswith("•\t") for paragraph in bullets)


def test_a_styles_name_taken_by_a_style_of_another_kind_is_told_as_the_templates_fault():
    document = docx.Document()
    document.styles.add_style("Attribution", WD_STYLE_TYPE.CHARACTER).font.size = Pt(9)
    with pytest.raises(ConfigError) as caught:
        rendered(a_report(), ".docx", template=saved(document))
    assert "save it as a new file" in caught.value.hint


def broken(content: bytes) -> bytes:
    return content[: len(content) // 2]


@pytest.mark.parametrize(
    ("template", "words"),
    [
        (lambda: b"", "no office file"),
        (lambda: b"just text", "no office file"),
        (lambda: broken(a_template()), "no office file"),
        (lambda: b"\xd0\xcf\x11\xe0" + bytes(900), "password"),
        (lambda: rendered(a_report(), ".pptx"), "a PowerPoint file, not a Word file"),
        (lambda: with_type(a_template(), MAIN, "application/vnd.ms-word.document.macroEnabled.main+xml"), "macros"),
    ],
)
def test_a_template_that_is_none_is_refused_with_what_to_do(template, words):
    with pytest.raises(ConfigError) as caught:
        rendered(a_report(), ".docx", template=template())
    assert words in caught.value.message
    assert ".dotx" in caught.value.hint or "save it as .docx" in caught.value.hint


def test_only_office_files_take_a_template():
    for suffix in (".html", ".md", ".csv"):
        with pytest.raises(ConfigError) as caught:
            rendered(a_report(), suffix, template=a_template())
        assert ".docx or .pptx" in caught.value.hint


def test_a_report_that_cites_nothing_is_a_file_as_well():
    assert of_style(opened(rendered(a_report(()), ".docx")), "Cited verbatim") == []
