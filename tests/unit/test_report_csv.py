"""Everything counted, one number a row, whether it was told as a number, in a table or in a sentence."""

from __future__ import annotations

import csv
import io

from tests.unit.reports import a_report, rendered
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


def test_more_verbatims_than_a_cell_holds_are_told_by_their_number():
    many = tuple(f"v{number:015}" for number in range(5000))
    rows = rows_of(rendered(a_report(), ".csv", behind=lambda _: many))
    cell = next(row["verbatims"] for row in rows if row["section"] == "What changed")
    assert len(cell) < LONGEST + 40
    assert cell.endswith("… 5000 in all")
