"""Sources in: nothing twice, corrections as versions, whole files or nothing, buyers' words only."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from winloss.bootstrap import open_workbench
from winloss.errors import MalformedSource, SourceError
from winloss.model import Side
from winloss.services.analysis import analyse
from winloss.services.sources import intake, preview

CALL = """Dana Ortiz: Thanks for joining. Why did you start looking?

Priya Nair: I run the SOC at Northwind. My analysts closed four thousand alerts a day unread, and two of them left.

Dana Ortiz: What would have helped?

Priya Nair: A pilot on our own data proved more than any slide. We replayed the red team against it for a week.
"""
MANIFEST = """file,interview_date,account,segment,outcome,competitor,participants
call.txt,2026-04-14,Northwind,mid-market,lost_to_competitor,Tidewarden,"{people}"
""".format(people="Dana Ortiz=Win/Loss Interviewer; Priya Nair=SOC Manager")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one interview and its manifest."""
    place = tmp_path / "drop"
    place.mkdir()
    (place / "call.txt").write_text(CALL, encoding="utf-8")
    (place / "manifest.csv").write_text(MANIFEST, encoding="utf-8")
    return place


def statuses(report: intake.IntakeReport) -> list[str]:
    return [item.status for item in report.files]


def test_what_no_database_keeps_is_replaced_wherever_it_stands(bench, tmp_path):
    odd = "\ud800x\x00"
    post = {
        "id": 1,
        "post_number": 2,
        "cooked": f"We left over the price {odd}",
        "username": f"ines{odd}",
        "locale": odd,
    }
    topic = {"id": odd, "title": f"Price{odd}", "slug": odd, "tags": [odd]}
    post["user_title"] = f"CISO{odd}"
    path = tmp_path / "topic.json"
    path.write_text(json.dumps({**topic, "post_stream": {"posts": [post]}}), encoding="utf-8")
    (file,) = intake.take_in(bench, [path]).files
    assert (file.status, file.documents) == ("added", 1)
    (document,) = bench.store.documents()
    assert document.thread_id == "discourse/\ufffdx\ufffd"
    assert any("\ufffd" in finding.where for _, finding in bench.store.findings())


def test_a_manifest_gives_what_the_file_cannot(bench, folder):
    report = intake.take_in(bench, [folder])
    assert statuses(report) == ["added"]
    (document,) = bench.store.documents()
    assert (str(document.happened_on), document.quarter, document.segment) == (
        "2026-04-14",
        "2026Q2",
        "mid-market commercial",
    )
    assert (document.account, document.outcome, document.competitor) == (
        "Northwind",
        "lost_to_competitor",
        "Tidewarden",
    )
    sides = {turn.speaker.name: turn.speaker.side for turn in bench.store.turns(document.id)}
    assert sides == {"Dana Ortiz": Side.INTERVIEWER, "Priya Nair": Side.BUYER}
    buyer = bench.store.turns(document.id)[1].speaker
    assert buyer.role is not None
    assert "SOC Manager" in buyer.role_evidence


def test_the_question_stays_with_the_answer_and_only_buyers_are_quoted(bench, folder):
    intake.take_in(bench, [folder])
    analyse(bench)
    passages = bench.store.passages([row.id for row in bench.store.evidence()])
    assert passages
    assert {passage.speaker for passage in passages} == {"Priya Nair"}
    assert {passage.question for passage in passages} == {
        "Thanks for joining. Why did you start looking?",
        "What would have helped?",
    }


def test_the_same_bytes_again_change_nothing(bench, folder):
    intake.take_in(bench, [folder])
    before = bench.store.revision()
    assert statuses(intake.take_in(bench, [folder])) == ["unchanged"]
    assert bench.store.revision() == before


def test_a_corrected_file_is_a_new_version_and_untouched_words_keep_their_permalinks(bench, folder):
    intake.take_in(bench, [folder])
    analyse(bench)
    before = {row.id for row in bench.store.evidence()}
    (folder / "call.txt").write_text(CALL.replace("for a week", "for two weeks"), encoding="utf-8")
    assert statuses(intake.take_in(bench, [folder])) == ["updated"]
    analyse(bench)
    (document,) = bench.store.documents()
    after = {row.id for row in bench.store.evidence()}
    assert document.version == 2
    assert "for a week" in bench.store.turns(document.id, 1)[3].text
    assert before & after
    (gone,) = before - after
    assert "for a week" in bench.store.passages([gone])[0].text


def test_a_file_that_cannot_be_read_stops_nothing_else(bench, folder):
    (folder / "broken.docx").write_bytes(b"PK\x03\x04 not really a document")
    report = intake.take_in(bench, [folder])
    assert sorted(statuses(report)) == ["added", "refused"]
    refused = next(item for item in report.files if item.status == "refused")
    assert refused.error
    assert refused.hint


def test_a_missing_path_is_an_error(bench, tmp_path):
    with pytest.raises(SourceError):
        intake.take_in(bench, [tmp_path / "nowhere"])


def test_a_zip_is_read_like_its_folder_but_never_outside_itself(bench, folder, tmp_path):
    good, evil = tmp_path / "good.zip", tmp_path / "evil.zip"
    with zipfile.ZipFile(good, "w") as archive:
        for path in folder.iterdir():
            archive.write(path, f"export/{path.name}")
    with zipfile.ZipFile(evil, "w") as archive:
        archive.writestr("../outside.txt", CALL)
    assert "added" in statuses(intake.take_in(bench, [good]))
    with pytest.raises(MalformedSource):
        intake.take_in(bench, [evil])
    assert not (tmp_path / "outside.txt").exists()


def test_a_dry_run_shows_everything_and_stores_nothing(bench, folder):
    (shown,) = preview.look(bench, [folder])
    assert (shown.documents, shown.turns) == (1, 4)
    assert {speaker.name: speaker.side for speaker in shown.speakers}["Priya Nair"] is Side.BUYER
    assert any("alerts" in words for words in shown.verbatims)
    assert bench.store.documents() == []
    assert bench.store.revision() == 0


def test_a_manifest_line_without_its_file_is_a_finding(bench, folder):
    with (folder / "manifest.csv").open("a", encoding="utf-8") as manifest:
        manifest.write("lost.txt,2026-04-15,,,,,\n")
    report = intake.take_in(bench, [folder])
    assert any("lost.txt" in finding.message + finding.where for finding in report.findings)


def test_crm_data_is_joined_to_what_the_source_does_not_say(bench, tmp_path):
    place = tmp_path / "drop"
    place.mkdir()
    (place / "call.txt").write_text(CALL, encoding="utf-8")
    (place / "manifest.csv").write_text(
        "file,interview_date,account\ncall.txt,2026-04-14,Northwind\n", encoding="utf-8"
    )
    (place / "opportunities.csv").write_text(
        "Opportunity ID,Opportunity Name,Account Name,Stage,Amount,Close Date,Primary Competitor\n"
        "1,Deal,Northwind,Closed Lost,1000,2026-03-30,Tidewarden\n",
        encoding="utf-8",
    )
    (place / "accounts.csv").write_text(
        "Account Name,Industry,Employees,Ownership\nNorthwind,Health,900,private\n", encoding="utf-8"
    )
    report = intake.take_in(bench, [place])
    assert statuses(report) == ["added"] * 3
    (document,) = bench.store.documents()
    assert (document.segment, document.outcome, document.competitor) == (
        "mid-market commercial",
        "lost_to_competitor",
        "Tidewarden",
    )


def test_a_kill_at_any_moment_leaves_the_store_consistent_and_the_next_run_finishes(tmp_path):
    place = tmp_path / "drop"
    place.mkdir()
    for number in range(40):
        (place / f"call-{number:02}.txt").write_text(
            CALL.replace("four thousand", f"{number + 2} thousand"), encoding="utf-8"
        )
    workspace = tmp_path / "w"
    command = [sys.executable, "-m", "winloss", "--workspace", str(workspace), "ingest", str(place)]
    for wait in (0.4, 0.8, 1.1, 1.4):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(wait)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert_consistent(workspace)
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "refused" not in done.stdout
    assert assert_consistent(workspace) == 40


def assert_consistent(workspace: Path) -> int:
    """Every stored file has its blob, its document and all its turns; returns how many documents there are."""
    from winloss.store import open_store

    if not (workspace / "store.sqlite").exists():
        return 0
    store = open_store(workspace)
    documents = store.documents()
    assert len(store.files()) == len(documents)
    for file in store.files():
        assert store.blob_path(file.blob).stat().st_size == file.size
    assert all(len(store.turns(document.id)) == 4 for document in documents)
    store.close()
    return len(documents)


def test_files_of_one_name_in_several_folders_are_different_documents(bench, tmp_path):
    for number, day in enumerate(("monday", "tuesday")):
        (tmp_path / "calls" / day).mkdir(parents=True)
        words = CALL.replace("four thousand", f"{number + 5} thousand")
        (tmp_path / "calls" / day / "transcript.txt").write_text(words, encoding="utf-8")
    assert statuses(intake.take_in(bench, [tmp_path / "calls"])) == ["added", "added"]
    assert {item.external_id for item in bench.store.documents()} == {
        "calls/monday/transcript",
        "calls/tuesday/transcript",
    }
    (tmp_path / "calls" / "monday" / "transcript.txt").write_text(CALL, encoding="utf-8")
    assert sorted(statuses(intake.take_in(bench, [tmp_path / "calls"]))) == ["unchanged", "updated"]
    assert len(bench.store.documents()) == 2


def comments(number: int, **changes: object) -> str:
    """A dump of that many comments of one thread, none of which has a date."""
    base = {"link_id": "t3_aa1", "parent_id": "t3_aa1", "subreddit": "siem", **changes}
    rows = (
        {**base, "id": f"c{place}", "author": f"user{place}", "body": f"Reason {place}."} for place in range(number)
    )
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_every_post_of_a_large_file_is_stored_and_equal_findings_are_told_once(bench, tmp_path):
    number = 2 * intake.TURNS_AT_ONCE + 7
    dump = tmp_path / "RC"
    dump.write_text(comments(number), encoding="utf-8")
    (outcome,) = intake.take_in(bench, [dump]).files
    assert (outcome.status, outcome.documents, outcome.turns) == ("added", number, number)
    assert [(finding.code, finding.count) for finding in outcome.findings] == [("no-date", number)]
    assert bench.store.counts()["documents"] == bench.store.counts()["turns"] == number
    dump.write_text(comments(number - 5, score=7) + comments(number).splitlines()[-1].replace("Reason", "Cause"))
    (outcome,) = intake.take_in(bench, [dump]).files
    assert (outcome.status, outcome.new_versions, outcome.unchanged_documents) == ("updated", 1, number - 5)
    (look,) = preview.look(bench, [dump])
    assert (look.documents, look.turns, len(look.speakers)) == (number - 4, number - 4, preview.SPEAKERS)


def test_replies_answer_the_title_of_their_thread_whichever_file_comes_first(bench, tmp_path):
    post = {"id": "aa1", "title": "What made you leave?", "selftext": "", "author": "sam", "subreddit": "siem"}
    dump = tmp_path / "dump"
    dump.mkdir()
    (dump / "RC").write_text(comments(1), encoding="utf-8")
    (dump / "RS").write_text(json.dumps(post) + "\n", encoding="utf-8")
    assert statuses(intake.take_in(bench, [dump])) == ["added", "added"]
    by_id = {document.external_id: document for document in bench.store.documents()}
    assert by_id.keys() == {"t1_c0", "t3_aa1"}
    assert bench.store.turns(by_id["t1_c0"].id)[0].question == "What made you leave?"
    assert by_id["t1_c0"].thread_id == by_id["t3_aa1"].thread_id


def test_a_workspace_in_the_folder_is_no_source(tmp_path):
    (tmp_path / "a.txt").write_text(CALL, encoding="utf-8")
    bench = open_workbench(tmp_path / "workspace")
    first = intake.take_in(bench, [tmp_path])
    again = intake.take_in(bench, [tmp_path])
    bench.store.close()
    assert [(item.path, item.status) for item in first.files] == [(f"{tmp_path.name}/a.txt", "added")]
    assert [item.status for item in again.files] == ["unchanged"]


def test_what_is_nearly_known_is_suggested(bench, tmp_path):
    (tmp_path / "a.txt").write_text(CALL, encoding="utf-8")
    (tmp_path / "manifest.csv").write_text(
        "file,segment,outcome,interviewdate\na.txt,Fedral,Closed wom,2026-04-14\n",
        encoding="utf-8",
    )
    report = intake.take_in(bench, [tmp_path])
    told = [finding.message for finding in (*report.findings, *report.files[0].findings)]
    for meant in ("federal", "won", "interview_date"):
        assert any(f"did you mean '{meant}'?" in message for message in told), (meant, told)


def test_how_far_a_file_is_read_is_shown_in_bytes(bench, tmp_path):
    shown = {}

    class Shown:
        @contextmanager
        def track(self, label, *, total=None, unit=""):
            shown[label] = (total, unit, [])
            yield shown[label][2].append

    path = tmp_path / "posts.jsonl"
    posts = (
        {"id": f"p{n}", "selftext": "Alerts nobody read. " * 20, "subreddit": "soc", "title": "t"} for n in range(4000)
    )
    path.write_text("\n".join(map(json.dumps, posts)), encoding="utf-8")
    intake.take_in(replace(bench, progress=Shown()), [path])
    total, unit, steps = shown["posts.jsonl"]
    assert (total, unit) == (path.stat().st_size, "bytes")
    assert sum(steps) == total
    assert len(steps) > 4
