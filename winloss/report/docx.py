"""The report as a Word file: headings to make a contents list of, real tables, and links from numbers to verbatims."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from winloss.model import Passage, Report, ReportPart, ReportSection, ReportTheme, Share, Statement
from winloss.report import docx_xml as xml
from winloss.report import fitting
from winloss.report.docx_look import LINE, blank
from winloss.report.office import SOFT, describe, filling, settled
from winloss.report.texts import (
    VERDICT_WORDS,
    Link,
    RoleLabel,
    attribution,
    citation_numbers,
    cited_numbers,
    noticed_beside,
    printable,
    right_to_left,
    written_in,
)

SMALL = 8.5
POINT, TWIP = 12700, 635
FIRST = 24 * POINT
"""Room above the first part, which begins on the page of the title."""
_BESIDE = 11.0
"""What a cell takes beside its words, in points."""


def render_docx(report: Report, *, link: Link, role_label: RoleLabel, template: bytes | None = None) -> bytes:
    """The whole report, in the styles of the template where one is given.

    Raises:
        ConfigError: the template is no Word file, or a damaged one.
    """
    with filling(template, "docx"):
        document = blank(template)
        _Pages(document, citation_numbers(report), link, role_label).write(report)
        describe(document.core_properties, report)
        written = io.BytesIO()
        document.save(written)
        return settled(written.getvalue())


class _Pages:
    """The document that is being written, and how things in it are numbered, linked and named."""

    def __init__(self, document: Any, numbers: Mapping[str, int], link: Link, role_label: RoleLabel) -> None:
        self._document = document
        self._numbers = numbers
        self._link = link
        self._role_label = role_label
        self._places = 0
        self._end = document.element.body.sectPr
        self._dot = "" if _dotted(document.styles["List Bullet"]) else "•\t"
        self._styles = _names(document)
        section = document.sections[-1]
        self._wide = (section.page_width - section.left_margin - section.right_margin) / POINT

    def write(self, report: Report) -> None:
        """All of it, from the title to how it was made."""
        self._add(report.title, "Title")
        if report.label:
            self._add(report.label, "Subtitle")
        self._contents([*(part.heading for part in report.parts), "Verbatims cited", "How this was made"])
        for number, part in enumerate(report.parts):
            self._part(part, number)
        self._cited(report.cited, len(report.parts))
        self._chapter("How this was made", len(report.parts) + 1)
        self._table([("What", "Value"), *report.method])
        self._foot(report)

    def _contents(self, headings: Sequence[str]) -> None:
        """A contents list that leads to the parts, and that Word can renew with its page numbers."""
        for number, heading in enumerate(headings):
            paragraph = self._add("")
            if number == 0:
                xml.open_field(paragraph, r'TOC \o "1-2" \h \z \u')
            self._lead(paragraph, printable(heading), "Hyperlink", anchor=f"part-{number}")
            if number == len(headings) - 1:
                xml.close_field(paragraph)

    def _chapter(self, heading: str, number: int) -> None:
        paragraph = self._add(heading, "Heading 1")
        if number == 0:
            paragraph.paragraph_format.page_break_before = False
            paragraph.paragraph_format.space_before = FIRST
        self._mark(paragraph, f"part-{number}")

    def _part(self, part: ReportPart, number: int) -> None:
        self._chapter(part.heading, number)
        if part.verdict is not None:
            paragraph = self._add("", "Verdict")
            paragraph.add_run(f"{VERDICT_WORDS[part.verdict.state]}. ").bold = True
            paragraph.add_run(f"{printable(part.verdict.sentence)} ")
            self._cites(paragraph, part.rests_on)
            if also := ", ".join(noticed_beside(part.verdict)):
                self._add(f"Also: {also}", "Note")
        for section in part.sections:
            self._section(section)

    def _section(self, section: ReportSection) -> None:
        self._add(section.heading, "Heading 2")
        for statement in section.statements:
            self._statement(statement, "List Bullet", self._dot)
        for theme in section.themes:
            self._theme(theme)
        if section.table:
            self._table(section.table)
        if section.note:
            self._add(section.note, "Note")

    def _theme(self, theme: ReportTheme) -> None:
        self._add(theme.view.theme.title, "Heading 3")
        self._statement(theme.statement)
        if theme.view.trend:
            self._trend(theme.view.trend)
        for passage in theme.exemplars:
            self._quote(passage)
        for passage in theme.dissenting:
            self._add("A different voice", "Dissent")
            self._quote(passage)

    def _statement(self, statement: Statement, style: str | None = None, lead: str = "") -> None:
        paragraph = self._add(f"{lead}{statement.text} ", style)
        self._cites(paragraph, statement.citations)

    def _quote(self, passage: Passage) -> None:
        paragraph = self._add("", "Quote")
        self._said(paragraph, passage)
        source = self._add(f"{attribution(passage, self._role_label)} ", "Attribution")
        self._cite(source, self._numbers[passage.id])

    def _cited(self, passages: Sequence[Passage], number: int) -> None:
        self._chapter("Verbatims cited", number)
        for passage in passages:
            place = self._numbers[passage.id]
            paragraph = self._add(f"{place}\t", "Cited verbatim")
            self._said(paragraph, passage)
            told = f"{attribution(passage, self._role_label)} · {passage.date or 'no date'} · "
            source = paragraph.add_run(f" {printable(told)}")
            _small(source)
            context = xml.address(paragraph.part, f"verbatim{place}", self._link(passage.id))
            self._lead(paragraph, "in context", "Hyperlink", to=context)
            self._mark(paragraph, f"v{place}")

    def _said(self, paragraph: Any, passage: Passage) -> None:
        """A buyer's words as a run of their own, to the letter, between quotation marks."""
        from_right = right_to_left(passage.text)
        paragraph.add_run("“")
        words = paragraph.add_run(printable(passage.text))
        language = written_in(passage.language)
        if language or from_right:
            xml.speak(words, language or "ar", from_right=from_right)
        paragraph.add_run("”")
        if from_right:
            xml.set_from_right(paragraph)

    def _cites(self, paragraph: Any, citations: Sequence[str]) -> None:
        for place, number in enumerate(cited_numbers(citations, self._numbers)):
            self._cite(paragraph, number, ", " if place else "")

    def _cite(self, paragraph: Any, number: int, lead: str = "") -> None:
        if lead:
            paragraph.add_run(lead)._r.style = self._styles["character", "Citation mark"]
        self._lead(paragraph, str(number), "Citation mark", anchor=f"v{number}")

    def _trend(self, trend: Sequence[tuple[str, Share]]) -> None:
        said = [f"{share.count} of {share.base}" if share.base else "nobody heard" for _, share in trend]
        shares = [f"{share.value:.0%}" if share.value is not None else "–" for _, share in trend]
        self._table([("", *(quarter for quarter, _ in trend)), ("People", *said), ("Share", *shares)], size=SMALL)

    def _table(self, rows: Sequence[Sequence[str]], *, size: float = 9.5) -> None:
        """A table whose first row stands on top of every page."""
        columns = max(map(len, rows))
        table = self._document.add_table(rows=0, cols=columns)
        rooms = self._rooms(rows, size)
        for column, room in zip(table.columns, rooms, strict=True):
            column.width = room * TWIP
        for place, row in enumerate(rows):
            texts = [printable(text) for text in (*row, *[""] * (columns - len(row)))]
            cells = list(zip(texts, rooms, strict=True))
            table._tbl.append(xml.row(cells, size=size, head=SOFT if place == 0 else None, line=LINE))
        self._add("", "Note").paragraph_format.space_after = 0

    def _rooms(self, rows: Sequence[Sequence[str]], size: float) -> list[int]:
        """The room of each column, in twips."""
        sides = fitting.columns(rows, size, self._wide, beside=_BESIDE + 0.5 * size)
        return [int(POINT // TWIP * side * self._wide / sum(sides)) for side in sides]

    def _foot(self, report: Report) -> None:
        """What the file is, and the number of the page; a template's own foot stays as it is."""
        foot = self._document.sections[-1].footer
        if any(paragraph.text.strip() or len(paragraph._p) > 1 for paragraph in foot.paragraphs) or foot.tables:
            return
        paragraph = foot.paragraphs[0] if foot.paragraphs else foot.add_paragraph()
        told = " · ".join(part for part in (report.title, report.label) if part)
        paragraph.add_run(f"{printable(told)} · page ")
        xml.field(paragraph, "PAGE")
        paragraph.add_run(" of ")
        xml.field(paragraph, "NUMPAGES")
        for run in paragraph.runs:
            _small(run)

    def _add(self, text: str, style: str | None = None) -> Any:
        from docx.text.paragraph import Paragraph

        paragraph = Paragraph(xml.element("p"), self._document._body)
        self._end.addprevious(paragraph._p)
        if text:
            paragraph.add_run(printable(text))
        if style is not None:
            paragraph._p.style = self._styles["paragraph", style]
        return paragraph

    def _lead(self, paragraph: Any, text: str, style: str, **where: str) -> None:
        """A link to a place in the file, or to an address."""
        xml.link(paragraph, text, style=self._styles["character", style], **where)

    def _mark(self, paragraph: Any, name: str) -> None:
        self._places += 1
        xml.bookmark(paragraph, name, self._places)


def _names(document: Any) -> Mapping[tuple[str, str], str]:
    """Kind and name of a style -> its id; the library looks through all of them for each paragraph."""
    return {(style.type.name.casefold(), style.name): style.style_id for style in document.styles if style.name}


def _dotted(style: Any) -> bool:
    """Whether a style numbers its paragraphs, which here means that a dot stands before them."""
    properties = style.element.pPr
    return properties is not None and properties.numPr is not None


def _small(run: Any) -> None:
    from docx.shared import Pt, RGBColor

    run.font.size, run.font.color.rgb = Pt(SMALL), RGBColor.from_string(SOFT)
