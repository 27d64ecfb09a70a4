"""The report as a file of every form, from the web app and the command line; its numbers counted again."""

from __future__ import annotations

import io
import re

import pytest
from click.testing import CliRunner

from tests.unit import test_report_docx, test_report_pptx
from tests.unit.slides import opened as opened_slides
from tests.unit.test_report_csv import rows_of
from tests.unit.webtools import made_report, small_workspace
from web import create_app
from web.pages.reports import FORMS, TYPES
from winloss.cli.commands import winloss
from winloss.model import Filters
from winloss.report import SUFFIXES
from winloss.services.evidence import passing, respondents
from winloss.services.library import library
from winloss.services.reports import reporting


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    with small_workspace(tmp_path_factory.mktemp("handed")) as opened:
        yield opened


@pytest.fixture
def browser(bench):
    return create_app(bench).test_client()


@pytest.fixture
def federal(bench):
    """The address of the report of one segment."""
    return made_report(bench, segment="federal")


@pytest.fixture
def sent(browser, federal):
    """Sends a template, and has the report of one segment handed out in it."""
    token = re.search(r'name="token" value="([^"]+)"', browser.get("/report").text)[1]

    def send(name: str, content: bytes):
        return browser.post(f"{federal}/download", data={"token": token, "template": (io.BytesIO(content), name)})

    return send


def test_the_page_offers_every_form_there_is(browser, bench):
    whole = made_report(bench)
    page = browser.get(whole).text
    assert set(FORMS) == set(TYPES) == set(SUFFIXES)
    for suffix in SUFFIXES:
        answer = browser.get(f"{whole}/download?as={suffix[1:]}")
        assert answer.status_code == 200
        assert answer.content_type == TYPES[suffix]
        assert f'filename="winloss-2026Q2{suffix}"' in answer.headers["Content-Disposition"]
        assert f'{whole}/download?as={suffix[1:]}"' in page


@pytest.mark.parametrize("name", ["ours.dotx", "OURS.DOCX"])
def test_a_word_template_is_dropped_and_used(sent, name):
    answer = sent(name, test_report_docx.a_template())
    assert answer.content_type == TYPES[".docx"]
    assert 'filename="winloss-2026Q2-federal.docx"' in answer.headers["Content-Disposition"]
    document = test_report_docx.opened(answer.data)
    assert document.styles["Heading 1"].font.name == "Garamond"
    heads = [paragraph.text for paragraph in test_report_docx.of_style(document, "Heading 1")]
    assert heads == ["Federal", "Verbatims cited", "How this was made"]


def test_slides_are_made_in_a_template_that_is_dropped(sent):
    answer = sent("ours.potx", test_report_pptx.a_template())
    assert answer.content_type == TYPES[".pptx"]
    assert b"Lorem" not in answer.data
    assert len(opened_slides(answer.data).slides) > 3


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("notes.txt", b"x", "no template was chosen"),
        ("", b"", "no template was chosen"),
        ("broken.docx", b"PK\x03\x04 no zip", "no office file"),
        ("slides.docx", test_report_pptx.a_template(), "a PowerPoint file, not a Word file"),
    ],
)
def test_what_is_no_template_is_refused_on_a_page_that_says_what_to_do(sent, name, content, words):
    answer = sent(name, content)
    assert answer.status_code == 400
    assert words in answer.text
    assert "ends in .do" in answer.text


@pytest.fixture
def run(bench, monkeypatch):
    monkeypatch.setattr("winloss.cli.tracking.workbench", lambda _: bench)
    return lambda *arguments: CliRunner().invoke(winloss, ["report", "--quarter", "2026Q2", *arguments])


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_command_writes_by_the_suffix(run, tmp_path, suffix):
    done = run("--out", str(tmp_path / f"report{suffix}"))
    assert done.exit_code == 0, done.output
    first = (tmp_path / f"report{suffix}").read_bytes()
    run("--out", str(tmp_path / f"again{suffix}"))
    assert (tmp_path / f"again{suffix}").read_bytes() == first


def test_the_command_takes_a_template_and_never_writes_over_it(run, tmp_path):
    template, content = tmp_path / "ours.docx", test_report_docx.a_template()
    template.write_bytes(content)
    done = run("--out", str(tmp_path / "report.docx"), "--template", str(template))
    assert done.exit_code == 0, done.output
    made = test_report_docx.opened((tmp_path / "report.docx").read_bytes())
    assert made.styles["Heading 1"].font.name == "Garamond"
    refused = run("--out", str(template), "--template", str(template))
    assert "would replace its template" in str(refused.exception)
    assert template.read_bytes() == content


def counted(bench, quarter: str = "2026Q2", filters: Filters | None = None) -> list[dict[str, str]]:
    report = reporting.compose(bench, quarter, filters)
    made = reporting.render_report(bench, report, suffix=".csv", link=lambda name: f"https://here/v/{name}")
    assert isinstance(made, bytes)
    return rows_of(made)


@pytest.mark.parametrize("quarter", ["2026Q1", "2026Q2"])
@pytest.mark.parametrize("filters", [None, Filters(segment=("federal",))])
def test_every_number_of_people_is_counted_again_from_its_verbatims(bench, quarter, filters):
    known = {row.id: row for row in library(bench).rows}
    rows = [row for row in counted(bench, quarter, filters) if row["unit"] == "people" and row["base"]]
    named = [row for row in rows if row["verbatims"] or row["count"] == "0"]
    again = [row for row in named if row["what"] and not re.search(r"\d of \d", row["what"] + row["group"])]
    assert len(again) >= 4
    for row in again:
        people = respondents(known[name] for name in row["verbatims"].split())
        assert len(people) == int(row["count"]), row


def test_the_base_of_a_theme_is_who_was_heard_in_its_part(bench):
    row = next(
        row for row in counted(bench) if row["segment"] == "federal" and row["group"] == "2026Q2" and row["base"]
    )
    heard = passing(library(bench).rows, Filters(segment=("federal",), quarter=("2026Q2",)))
    assert int(row["base"]) == len(respondents(heard))
