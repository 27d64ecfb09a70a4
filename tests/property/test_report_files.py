"""Whatever buyers write: a report made of it opens again, holds their words to the letter, and nothing overflows."""

from __future__ import annotations

import csv
import io
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.property.nasty_texts import KINDS
from tests.unit.passages import a_passage
from tests.unit.reports import a_report, figures, rendered
from tests.unit.slides import opened as opened_slides
from tests.unit.slides import outside, overflowing, texts
from tests.unit.test_report_docx import of_style
from tests.unit.test_report_docx import opened as opened_document
from winloss.report import fitting
from winloss.report.cells import inert_cell
from winloss.report.texts import printable

FRAGMENTS = [fragment for kind in KINDS.values() for fragment in kind]
FRAGMENTS += ["\x00\x07\x0b\x1f", "\ufffe\uffff", "\u202ereversed", "=1+1", "a\r\nb\rc", "_x000D_", "]]>", "&#0;"]
NASTY = st.one_of(
    st.text(st.characters(codec=None), max_size=60),
    st.builds(
        lambda seed, count: " ".join(Random(seed).choices(FRAGMENTS, k=count)),
        st.integers(0, 10_000),
        st.one_of(st.integers(1, 40), st.just(400)),
    ),
)
SEVERAL = st.lists(NASTY, min_size=2, max_size=4)


@settings(max_examples=8, deadline=None)
@given(SEVERAL, NASTY)
def test_a_word_file_holds_the_words_to_the_letter(said, title):
    report = a_report([a_passage(f"v{number}", text) for number, text in enumerate(said, start=1)], title=title)
    document = opened_document(rendered(report, ".docx"))
    assert [paragraph.text for paragraph in of_style(document, "Quote")] == [f"“{printable(text)}”" for text in said]


@settings(max_examples=8, deadline=None)
@given(SEVERAL, NASTY)
def test_slides_hold_the_words_to_the_letter_and_nothing_overflows(said, title):
    passages = [a_passage(f"v{number}", text) for number, text in enumerate(said, start=1)]
    table = [("Pain", "People"), *((text, "1 of 9 people") for text in said)]
    deck = opened_slides(rendered(a_report(passages, title=title, table=table, drawn=figures(said)), ".pptx"))
    notes = "\n".join(it.notes_slide.notes_text_frame.text for it in deck.slides if it.has_notes_slide)
    for text in said:
        assert f"“{printable(text)}”" in notes.replace("\v", "\n")
    told = "".join(text for slide in deck.slides for text in texts(slide))
    assert all(line in told for text in said for line in printable(text).split("\n") if len(line) < 200)
    assert outside(deck) == overflowing(deck) == []


@settings(max_examples=30, deadline=None)
@given(SEVERAL, NASTY)
def test_no_cell_of_the_table_acts(said, title):
    table = [("Pain", "People"), *((text, "1 of 9 people") for text in said)]
    content = rendered(a_report(title=title, table=table, drawn=figures(said)), ".csv")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert len({len(row) for row in rows}) == 1
    assert all(inert_cell(cell) == cell for row in rows for cell in row)


@settings(max_examples=60, deadline=None)
@given(NASTY, st.floats(6, 30), st.floats(20, 900), st.integers(1, 40))
def test_words_cut_at_a_lines_end_are_the_words(text, size, room, most):
    head, rest = fitting.cut(text, size, room, most)
    assert head + rest == text
    assert fitting.lines(head, size, room) <= most + head.endswith("\n")
    assert bool(head) or not text
