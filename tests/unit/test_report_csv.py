"""Everything counted, one number a row, whether it was told as a number, in a table or in a sentence."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from tests.unit.reports import a_report, a_theme, passages, rendered
from winloss.model import Figure, Filters, ReportPart, ReportSection, Share
from winloss.report.csv import LONGEST


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_excel_knows_the_file_for_utf_8():
    content = rendered(a_report(title="Zürich"), ".csv")
    assert content.startswith(b"\xef\xbb\xbf")
    assert "Zürich" in content.decode("utf-8-sig")


def test_every_kind_of_number_has_its_row():
    rows = rows_of(rendered(a_report(), ".csv", behind=lambda scope: (f"behind {','.join(scope.segment)}",)))
    told = {(row["section"], row["what"], row["group"]): row for row in rows}
    new = told["What is new", "New: 4 of 9 people this quarter.", "4 of 9 people"]
    assert [new[name] for name in ("unit", "count", "base", "share", "low", "high")] == [
        *("people", "4", "9", "0.4444", "0.1888", "0.7333"),
    ]
    assert (new["verbatims"], new["first in context"]) == ("v1 v2", "https://here/v/v1")
    assert told["What changed", "cost", "federal"]["base"] == "60"
    assert told["What changed", "cost", "federal"]["verbatims"] == "behind federal"
    assert told["What this rests on", "Interviews", "People"]["count"] == "1009"
    assert told["What this rests on", "Interviews", "Said it"]["base"] == "9"
    assert told["What it costs", "alerts unread", "role: soc"]["count"] == "1"
    assert told["What it costs", "alerts unread", "2025Q4"]["count"] == "2"
    assert told["What it costs", "alerts unread", "2025Q2"]["share"] == ""
    assert told["What it costs", "2 of 7 verbatims fit no theme.", "2 of 7 verbatims"]["unit"] == "verbatims"


def test_a_cell_of_a_table_is_told_by_the_words_before_it_in_its_row_and_by_its_own():
    table = (
        ("By", "Value", "People", "Pain"),
        ("Role", "CISO", "7 of 72", "‘alerts unread’, 3 of 7"),
        ("", "x", "–", ""),
    )
    rows = rows_of(rendered(a_report(table=table), ".csv"))
    told = [row for row in rows if row["section"] == "What this rests on"]
    assert [[row[name] for name in ("what", "group", "unit", "count", "base")] for row in told] == [
        ["Role · CISO", "People", "people", "7", "72"],
        ["Role · CISO", "Pain: ‘alerts unread’, 3 of 7", "pain", "3", "7"],
    ]


def test_a_sentence_is_not_counted_again_where_its_section_tells_the_same_as_a_number():
    share = Share(count=4, base=9, verbatims=4)
    drawn = (Figure(what="cost", group="federal", share=share, scope=Filters()),)
    rows = [row for row in rows_of(rendered(a_report(drawn=drawn), ".csv")) if row["section"] == "What changed"]
    assert {row["what"] for row in rows} == {"cost"}


def test_a_theme_counted_in_something_else_than_the_quarter_says_in_what():
    theme = replace(a_theme(passages()), scope=None)
    sections = (ReportSection(heading="Role", themes=(theme,)),)
    report = replace(a_report(), parts=(ReportPart(heading="x", segment=None, verdict=None, sections=sections),))
    rows = rows_of(rendered(report, ".csv", behind=lambda _: ("never asked",)))
    assert rows[0]["group"] == "“alerts unread”: 4 of 12 people in 2026Q2"
    assert rows[0]["verbatims"] == "v1 v2 v3 v4"
    assert "never asked" not in {row["verbatims"] for row in rows}
    assert "2026Q2" in {row["group"] for row in rows}


def test_more_verbatims_than_a_cell_holds_are_told_by_their_number():
    many = tuple(f"v{number:015}" for number in range(5000))
    rows = rows_of(rendered(a_report(), ".csv", behind=lambda _: many))
    cell = next(row["verbatims"] for row in rows if row["section"] == "What changed")
    assert len(cell) < LONGEST + 40
    assert cell.endswith("… 5000 in all")
