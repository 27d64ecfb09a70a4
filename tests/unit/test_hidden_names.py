"""Remarks on files, and what a job came to, name no buyer whom the rights forbid to name."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from web import create_app
from winloss.model import Finding, SourceFile
from winloss.services.quote_rights import rights
from winloss.services.quote_rights.hidden_names import HiddenNames, hidden_names
from winloss.services.sources import intake
from winloss.services.workspace import jobs
from winloss.services.workspace.jobs import JobKind, JobState

TALK = """Call about the renewal

We met Maya Chen and Ines Roth at the plant; Chen was late, and her analysts read alerts.

Ines Roth: What happened next?

Maya Chen: The alerts bury my analysts on every night shift of the week.

Ines Roth: And then?

Maya Chen: Two of them left before the spring audit began.
"""
MANIFEST = (
    'file,interview_date,participants\ntalk.txt,2026-05-04,"Ines Roth=Win/Loss Interviewer; Maya Chen=SOC Manager"\n'
)
NAMES = {("maya", "chen"): "Buyer 7", ("chen", "maya"): "Buyer 7", ("Maya",): "Buyer 7", ("Chen",): "Buyer 7"}


@pytest.fixture
def told(bench, tmp_path):
    folder = tmp_path / "drop"
    folder.mkdir()
    (folder / "talk.txt").write_text(TALK, encoding="utf-8")
    (folder / "manifest.csv").write_text(MANIFEST, encoding="utf-8")
    intake.take_in(bench, [folder])
    return bench


def remarks(bench) -> str:
    client = create_app(bench).test_client()
    page, answer = client.get("/sources").text, client.get("/api/v1/files").json
    words = " ".join(item["message"] for file in answer["files"] for item in file["findings"])
    assert "lines above the first speaker" in page
    return f"{words}\n{page}"


def test_a_remark_names_a_buyer_only_where_the_rights_allow_it(told):
    (stored,) = [item.message for file in told.store.files() for item in file.findings if item.code == "preamble"]
    assert "Maya Chen" in stored
    hidden = remarks(told)
    assert "Chen" not in hidden
    assert "Buyer 1 and Ines Roth at the plant; Buyer 1 was late" in hidden
    document = told.store.documents()[0].id
    rights.set_rights(told, rights.Target(document=document), rights="named", by="Dana")
    assert "Maya Chen and Ines Roth at the plant" in remarks(told)
    rights.set_rights(told, rights.Target(person="Maya Chen"), rights="anonymous", by="Dana")
    assert "Chen" not in remarks(told)


def test_what_a_job_came_to_is_told_like_the_files_that_it_took_in(told):
    file = told.store.files()[0]
    found = [{"code": item.code, "message": item.message, "where": item.where} for item in file.findings]
    asked = jobs.submit(told, JobKind.UPDATE, "")
    result = {"files": [{"path": file.path, "findings": found}], "findings": [{"message": "Maya Chen", "where": ""}]}
    jobs.note(told, replace(asked, state=JobState.DONE, result=result))
    client = create_app(told).test_client()
    for address in (f"/api/v1/jobs/{asked.id}", "/api/v1/jobs"):
        answer = json.dumps(client.get(address).json)
        assert "Buyer 1 and Ines Roth" in answer
        assert "Chen" not in answer


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("each speaks only once: Maya Chen, CHEN  Maya", "each speaks only once: Buyer 7, Buyer 7"),
        ("Chen, Maya left", "Buyer 7 left"),
        ("Mayan maya chenille", "Mayan maya chenille"),
        ("", ""),
    ],
)
def test_whole_names_are_hidden_and_nothing_else(written, expected):
    names = HiddenNames(files={"f": NAMES}, paths={}, accounts={"Mill": NAMES})
    file = SourceFile(
        id="f", path="Maya Chen.txt", blob="", size=1, reader="", context_hash="", ingested_at="",
        findings=(Finding(code="c", message=written, where=written),),
    )  # fmt: skip
    (finding,) = names.in_file(file).findings
    assert (finding.message, finding.where) == (expected, expected)
    assert names.of_account(("Mill",), written) == expected
    assert names.of_account(("Fell",), written) == written


def test_a_handle_that_is_a_word_of_the_language_hides_no_word(bench, tmp_path):
    rows = [
        {"id": f"p{place}", "author": name, "text": "The alerts bury us every night.", "date": "2026-05-03"}
        for place, name in enumerate(("alerts", "night_owl", "Date"))
    ]
    (tmp_path / "posts.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    mapping = 'kind = "community"\n[fields]\nid = "id"\ntext = "text"\ndate = "date"\nspeaker = "author"\n'
    (tmp_path / "posts.map.toml").write_text(mapping, encoding="utf-8")
    intake.take_in(bench, [tmp_path / "posts.jsonl"])
    (names,) = hidden_names(bench).files.values()
    assert set(names) == {("night", "owl"), ("owl", "night")}
