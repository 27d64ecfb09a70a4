"""The demo as office files and as numbers: nothing overflows, quotations are to the letter, counts hold."""

from __future__ import annotations

import csv
import io

import pytest

from tests.unit.slides import leads, opened, outside, overflowing, texts
from tests.unit.test_report_docx import anchors, bookmarks, of_style
from tests.unit.test_report_docx import opened as opened_document
from winloss.model import Filters
from winloss.report.texts import citation_numbers, printable
from winloss.services.evidence import respondents
from winloss.services.library import library
from winloss.services.reports import reporting

pytestmark = pytest.mark.model

SCOPES = [Filters(), Filters(segment=("federal",))]


def made(bench, report, suffix: str) -> bytes:
    content = reporting.render_report(bench, report, suffix=suffix, link=lambda name: f"https://here/v/{name}")
    assert isinstance(content, bytes)
    return content


@pytest.mark.parametrize("filters", SCOPES)
def test_nothing_on_a_slide_overflows_and_every_number_leads_to_its_words(bench, filters):
    report = reporting.compose(bench, "2026Q2", filters)
    deck = opened(made(bench, report, ".pptx"))
    assert outside(deck) == overflowing(deck) == []
    statements = [
        statement
        for part in report.parts
        for section in part.sections
        for statement in (*section.statements, *(theme.statement for theme in section.themes))
    ]
    numbers = citation_numbers(report)
    cited = {f"[{numbers[name]}]" for statement in statements for name in statement.citations}
    assert {words for _, words, _ in leads(deck)} >= cited
    closing = [slide for slide in deck.slides if slide.shapes.title.text_frame.text.startswith("Verbatims cited")]
    told = "\n".join(text for slide in closing for text in texts(slide))
    assert all(f"“{printable(passage.text)}”" in told for passage in report.cited)


@pytest.mark.parametrize("filters", SCOPES)
def test_a_word_file_quotes_to_the_letter_and_leads_nowhere_that_is_not(bench, filters):
    report = reporting.compose(bench, "2026Q2", filters)
    document = opened_document(made(bench, report, ".docx"))
    cited = {f"“{printable(passage.text)}”" for passage in report.cited}
    quotes = {paragraph.text for paragraph in of_style(document, "Quote")}
    assert quotes
    assert quotes <= cited
    assert len(of_style(document, "Cited verbatim")) == len(report.cited)
    marks = set(bookmarks(document))
    assert {anchor for paragraph in document.paragraphs for anchor in anchors(paragraph)} <= marks


@pytest.mark.parametrize("filters", SCOPES)
def test_every_number_of_a_quarters_people_is_counted_again_from_its_verbatims(bench, filters):
    report = reporting.compose(bench, "2026Q2", filters)
    known = {row.id: row for row in library(bench).rows}
    content = made(bench, report, ".csv").decode("utf-8-sig")
    scoped = [row for row in csv.DictReader(io.StringIO(content, newline="")) if row["group"] == "2026Q2"]
    named = [row for row in scoped if row["verbatims"] or row["count"] == "0"]
    again = [row for row in named if row["unit"] == "people" and row["base"]]
    assert len(again) >= 8
    for row in again:
        assert len(respondents(known[name] for name in row["verbatims"].split())) == int(row["count"]), row
