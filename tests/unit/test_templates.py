"""Our templates are read as they are, without a mapping, and their example row is not."""

from __future__ import annotations

import csv

import pytest

import ingest
from winloss.errors import ConfigError
from winloss.model import Account, Deal, Finding, ReadDocument, SourceKind
from winloss.ports import ReadContext
from winloss.services.sources import intake
from winloss.services.sources.templates import TEMPLATES, template_csv, write_template

FILLED = {
    "inquiries": ({"inquiry_id": "INQ-1", "question_verbatim": "Who caps it?", "buyer_role": "CISO"}, ReadDocument),
    "interviews": (
        {"Interview ID": "I-1", "Interviewee": "P-1", "Quote": "It doubled."},
        ReadDocument,
    ),
    "deals": ({"Opportunity ID": "D-1", "Account Name": "Mill", "Stage": "Closed Won"}, Deal),
    "accounts": ({"Account Name": "Mill", "Employees": "90", "Website": "mill.example"}, Account),
}


def filled(kind, path, suffix):
    write_template(kind, path)
    cells = [FILLED[kind][0].get(column.name, "") for column in TEMPLATES[kind]]
    if suffix == ".csv":
        with path.open("a", encoding="utf-8", newline="") as file:
            csv.writer(file).writerow(cells)
    else:
        import openpyxl

        book = openpyxl.load_workbook(path)
        book.worksheets[0].append(cells)
        book.save(path)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
@pytest.mark.parametrize("kind", FILLED)
def test_what_is_filled_in_is_read_and_the_example_is_not(kind, suffix, tmp_path):
    path = tmp_path / f"mine{suffix}"
    filled(kind, path, suffix)
    things = list(ingest.read(path, ReadContext()))
    (read,) = [thing for thing in things if not isinstance(thing, Finding)]
    assert isinstance(read, FILLED[kind][1])
    assert [thing.code for thing in things if isinstance(thing, Finding) and "row" in thing.code] == ["example-row"]


def test_inquiries_are_inquiries(tmp_path):
    path = tmp_path / "inquiries.csv"
    filled("inquiries", path, ".csv")
    (read,) = [thing for thing in ingest.read(path, ReadContext()) if isinstance(thing, ReadDocument)]
    assert (read.kind, read.turns[0].text) == (SourceKind.INQUIRY, "Who caps it?")


def test_a_manifest_as_we_give_it_says_nothing_wrong(bench, tmp_path):
    folder = tmp_path / "calls"
    folder.mkdir()
    (folder / "manifest.csv").write_text(template_csv("manifest"), encoding="utf-8")
    (folder / "call.txt").write_text("Interviewer: Why?\n\nRespondent: The alerts cost us.\n", encoding="utf-8")
    report = intake.take_in(bench, [folder])
    assert report.findings == ()
    assert [item.status for item in report.files] == ["added"]


def test_a_file_that_is_there_is_not_written_over(tmp_path):
    (tmp_path / "mine.csv").write_text("precious")
    with pytest.raises(ConfigError):
        write_template("deals", tmp_path / "mine.csv")
    with pytest.raises(ConfigError, match=r"\.doc"):
        write_template("deals", tmp_path / "mine.doc")
    assert (tmp_path / "mine.csv").read_text() == "precious"
