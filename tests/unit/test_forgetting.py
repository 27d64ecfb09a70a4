"""Forgetting for good: no byte of the workspace keeps it, nothing derived shows it, and it does not come back."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import docx
import psycopg
import pytest

from tests.conftest import StillClock, with_stand_ins
from tests.unit.grepping import places
from winloss.bootstrap import open_workbench
from winloss.errors import ConfigError, NotFound, QueryError
from winloss.model import Facet, Filters, Finding, Side
from winloss.services import browsing
from winloss.services.analysis import analyse
from winloss.services.erasure import erasing, forgetting
from winloss.services.erasure.forgetting import Wish, forget, plan
from winloss.services.research import coding, collecting
from winloss.services.search import saving, unread
from winloss.services.sources import copying, intake
from winloss.services.workspace import keeping

pytestmark = pytest.mark.usefixtures("themes_kept")

PERSON = "Priya Nairasamy"
HANDLE = "quokkawhisperer"
THEIRS = ("bandicootery", "wombatification")
"""Words that only the person says."""

CALL = f"""Dana Ortiz: Thanks for joining. Why did you start looking?

{PERSON}: I run the SOC at Northwind. The alerts cost us nine nights and we called it plain bandicootery in the end.

Dana Ortiz: What would have helped with platypusing?

{PERSON}: A pilot on our own data proved more than any slide. The wombatification of our alerts took us only a week.
"""
PANEL = f"""Dana Ortiz: Why did you start looking?

{PERSON}: The alerts cost us more than the licence, which is bandicootery by any other name you could find.

Dana Ortiz: And what about echidnaism, Priya?

{PERSON}: We were trying to stop the wombatification of the night shift before somebody left us over it.

Dana Ortiz: How was it for you, Lee?

Lee Park: Slow consoles cost my analysts half of every morning, and nobody upstairs wanted to hear about that.

{PERSON}: Nobody at all.
"""
MANIFEST = f"""file,interview_date,account,segment,outcome,competitor,participants
call.txt,2026-04-14,Northwind,mid-market,lost_to_competitor,Tidewarden,"Dana Ortiz=Interviewer; {PERSON}=SOC Manager"
panel.txt,2026-05-02,Contoso,mid-market,won,,"Dana Ortiz=Interviewer; {PERSON}=SOC Manager; Lee Park=CISO"
"""
POSTS_MAP = """kind = "community"
[fields]
id = "id"
text = "text"
speaker = "author"
date = "date"
thread = "thread"
title = "title"
"""
DEALS = f"""Opportunity ID,Opportunity Name,Account Name,Stage,Amount,Close Date,Opportunity Owner
006A,Northwind {PERSON} renewal,Northwind,Closed Lost,1000,2026-04-30,{PERSON}
006B,Contoso expansion,Contoso,Closed Won,2000,2026-05-30,Someone Else
"""
SAYINGS = (
    "The alerts bury my analysts on every shift we run, number {}.",
    "What the licence will cost nobody here knows, office {}.",
    "We are trying to move the detection rules of team {} to code.",
)


def posts() -> list[dict[str, str]]:
    rows = [
        {
            "id": f"p{n}",
            "author": f"author{n % 17}",
            "text": SAYINGS[n % 3].format(n),
            "date": f"2026-0{1 + n % 6}-10",
            "thread": f"t{n}",
            "title": f"Thread {n}",
        }
        for n in range(60)
    ]
    rows[7] |= {"author": HANDLE, "text": "The alerts cost us every weekend: marsupialgate, as we call it in the shop."}
    rows[8] |= {"author": HANDLE, "text": "Numbatry is what a slow pilot gets you, and it does cost the weekend too."}
    return rows


def fill(folder: Path) -> None:
    """A folder of every kind of source, with one interview in a Word file."""
    folder.mkdir()
    (folder / "call.txt").write_text(CALL, encoding="utf-8")
    (folder / "panel.txt").write_text(PANEL, encoding="utf-8")
    (folder / "manifest.csv").write_text(MANIFEST, encoding="utf-8")
    (folder / "posts.jsonl").write_text("\n".join(map(json.dumps, posts())), encoding="utf-8")
    (folder / "posts.map.toml").write_text(POSTS_MAP, encoding="utf-8")
    (folder / "deals.csv").write_text(DEALS, encoding="utf-8")
    document = docx.Document()
    for line in CALL.replace("SOC at Northwind", "SOC at Fabrikam, by night and by day").splitlines():
        if line:
            document.add_paragraph(line)
    document.save(str(folder / "second call.docx"))


@pytest.fixture(scope="module")
def analysed(tmp_path_factory) -> Path:
    """A folder that holds `drop` and a `workspace` in which all of it was read and analysed."""
    home = tmp_path_factory.mktemp("analysed")
    fill(home / "drop")
    bench = with_stand_ins(open_workbench(home / "workspace", clock=StillClock()))
    report = intake.take_in(bench, [home / "drop"])
    assert [item.status for item in report.files] == ["added"] * 5
    analyse(bench)
    bench.store.close()
    return home


@pytest.fixture
def drop(analysed, tmp_path) -> Path:
    """The sources, for this test to change."""
    return shutil.copytree(analysed / "drop", tmp_path / "drop")


@pytest.fixture
def full(analysed, tmp_path):
    """The analysed workspace, for this test to change."""
    shutil.copytree(analysed / "workspace", tmp_path / "full")
    opened = with_stand_ins(open_workbench(tmp_path / "full", clock=StillClock()))
    yield opened
    opened.store.close()


def spoken(bench) -> set[str | None]:
    return {turn.speaker.name for document in bench.store.documents() for turn in bench.store.turns(document.id)}


def document_called(bench, external_id: str):
    return next(item for item in bench.store.documents() if item.external_id == external_id)


# --- nothing is left -------------------------------------------------------------------------------------------------


def test_the_search_for_traces_finds_them_where_they_are(full):
    found = places(full.root, *THEIRS)
    homes = {name.split("/")[0] for name in found}
    assert homes >= {"store.sqlite", "blobs", "index"}
    assert any(name.startswith("blobs") for name in places(full.root, "by night and by day")), "inside the Word file"


def test_no_byte_of_the_workspace_keeps_a_forgotten_person(full, drop):
    keys = [item.key for item in full.store.verbatims_of([item.id for item in full.store.documents()])]
    forget(full, Wish(people=(PERSON,)))
    assert places(full.root, *THEIRS, "nairasamy", "platypusing", "echidnaism", "by night and by day") == set()
    kept = {row.key for row in full.store.evidence()}
    gone = [key for key in keys if key not in kept]
    everything = b"".join(path.read_bytes() for path in full.root.rglob("*") if path.is_file())
    assert gone
    assert not any(bytes.fromhex(key) in everything or key.encode() in everything for key in gone)


def test_what_others_said_stays_to_the_letter(full):
    forget(full, Wish(people=(PERSON,)))
    panel = document_called(full, "panel")
    words = [(turn.speaker.name, turn.text.split()[0], turn.ordinal) for turn in full.store.turns(panel.id)]
    assert words == [("Dana Ortiz", "How", 4), ("Lee Park", "Slow", 5)]
    assert [person.name for person in full.store.participants(panel.id, 1)] == ["Dana Ortiz", "Lee Park"]
    (passage,) = full.store.passages([row.id for row in full.store.evidence() if row.document_id == panel.id])
    assert passage.text.startswith("Slow consoles")
    assert passage.question == "How was it for you, Lee?"
    assert len([item for item in full.store.documents() if item.kind == "community"]) == 60


def test_deals_lose_the_name_and_stay(full):
    forget(full, Wish(people=(PERSON,)))
    first, second = full.store.deals()
    assert (first.owner, first.name) == (None, "Northwind [forgotten] renewal")
    assert second.owner == "Someone Else"


def test_nothing_derived_shows_it_before_or_after_the_next_analysis(full):
    before = {(item.quarter, item.facet): item for item in full.store.snapshots()}
    forget(full, Wish(people=(HANDLE,)))
    for _ in range(2):
        ids = {row.id for row in full.store.evidence()}
        assert full.index().ids() == ids
        assert full.index().search("marsupialgate", limit=5) == []
        themes = full.store.themes(dormant=True)
        assert {name for theme in themes for name in (*theme.exemplars, *theme.dissenting)} <= ids
        assert not any("weekend" in theme.title for theme in themes)
        assert not any("weekend" in term for theme in themes for term in theme.terms)
        for quarter in browsing.quarters(full):
            browsing.theme_page(full, Filters(), quarter=quarter)
        analyse(full)
    after = {(item.quarter, item.facet): item for item in full.store.snapshots()}
    assert after["2026Q1", Facet.PAIN].verbatims < before["2026Q1", Facet.PAIN].verbatims
    assert sum(item.facet == Facet.PAIN for item in full.store.snapshots()) == 2
    assert places(full.root, "marsupialgate", "numbatry", HANDLE) == set()


def test_counts_are_right_at_once(full):
    forget(full, Wish(people=(HANDLE,)))
    for snapshot in full.store.snapshots():
        rows = [row for row in full.store.evidence() if row.quarter == snapshot.quarter]
        assert snapshot.verbatims == sum(row.facet == snapshot.facet for row in rows)
        assert snapshot.respondents == len({row.respondent for row in rows})
    verdicts = full.store.verdicts()
    assert {verdict.quarter for verdict in verdicts} == set()
    analyse(full)
    assert full.store.verdicts()


def test_an_older_snapshot_is_no_way_back(full):
    """Retakes append revisions; none from before may survive with counts of what is gone."""
    forget(full, Wish(people=(HANDLE,)))
    with sqlite3.connect(full.root / "store.sqlite") as connection:
        revisions = {row[0] for row in connection.execute("SELECT revision FROM snapshots WHERE quarter = '2026Q1'")}
    connection.close()
    assert revisions == {1}


def test_a_quarter_that_is_forgotten_whole_leaves_no_snapshot_and_no_lineage(full, drop, tmp_path):
    old = tmp_path / "old.jsonl"
    old.write_text(
        json.dumps(posts()[0] | {"id": "old", "date": "2024-02-02", "text": "The alerts cost us wallabydom."})
    )
    intake.take_in(full, [old], mapping=drop / "posts.map.toml")
    analyse(full)
    assert "2024Q1" in {item.quarter for item in full.store.snapshots()}
    forget(full, Wish(documents=("old",)))
    assert "2024Q1" not in {item.quarter for item in full.store.snapshots()}
    assert "2024Q1" not in {step.earlier for step in full.store.lineage()} | {
        step.later for step in full.store.lineage()
    }


def test_corrected_versions_and_retired_verbatims_go_too(full, drop):
    (drop / "call.txt").write_text(CALL.replace("bandicootery", "quollity"), encoding="utf-8")
    intake.take_in(full, [drop])
    analyse(full)
    document = document_called(full, "call")
    assert document.version == 2
    told = forget(full, Wish(documents=(document.id,)))
    assert told.files == ("drop/call.txt",)
    with pytest.raises(NotFound):
        full.store.versions(document.id)
    assert places(full.root, "quollity") == set()


# --- documents and sources -------------------------------------------------------------------------------------------


def test_a_document_of_many_in_a_file_takes_the_bytes_with_it_and_leaves_the_others(full, drop):
    told = forget(full, Wish(documents=("p7",)))
    assert ([item.external_id for item in told.documents], told.released) == (["p7"], ("drop/posts.jsonl",))
    assert places(full.root, "marsupialgate") == set()
    assert places(full.root, "numbatry") == {"store.sqlite"} | {
        name for name in places(full.root, "numbatry") if name.startswith("index/")
    }
    assert len(full.store.documents()) == 62
    report = intake.take_in(full, [drop])
    status = {item.path: (item.status, item.documents, [f.message for f in item.findings]) for item in report.files}
    assert status["drop/posts.jsonl"] == ("added", 59, ["1 document was forgotten earlier and not read again"])
    assert status["drop/call.txt"][0] == "unchanged"
    assert len(full.store.documents()) == 62
    assert places(full.root, "marsupialgate") == set()
    assert analyse(full) is not None
    assert places(full.root, "marsupialgate") == set()


def test_a_file_that_repeats_others_loses_its_bytes_too(full, drop, tmp_path):
    again = tmp_path / "export of june.jsonl"
    again.write_text("\n".join(map(json.dumps, [*posts(), posts()[0] | {"id": "new"}])), encoding="utf-8")
    intake.take_in(full, [again], mapping=drop / "posts.map.toml")
    told = forget(full, Wish(documents=("p7",)))
    assert set(told.released) == {"drop/posts.jsonl", "export of june.jsonl"}
    assert places(full.root, "marsupialgate") == set()


def test_the_same_words_under_another_name_go_with_it_and_do_not_come_in_again(full, drop, tmp_path):
    (tmp_path / "renamed.txt").write_text(CALL, encoding="utf-8")
    intake.take_in(full, [tmp_path / "renamed.txt"])
    analyse(full)
    told = forget(full, Wish(documents=("call",)))
    assert {item.external_id for item in told.documents} == {"call", "renamed"}
    assert any("second call" in remark for remark in told.remarks), "says much of the same, and is told"
    (tmp_path / "once more.txt").write_text(CALL.replace("\n", "\r\n"), encoding="utf-8")
    (outcome,) = intake.take_in(full, [tmp_path / "once more.txt"]).files
    assert outcome.status == "forgotten"


def test_the_same_short_answer_of_other_people_stays(bench, tmp_path):
    rows = [posts()[0] | {"id": f"a{n}", "author": f"x{n}", "text": "It was the price."} for n in range(3)]
    path = tmp_path / "answers.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    (tmp_path / "answers.map.toml").write_text(POSTS_MAP)
    intake.take_in(bench, [path])
    analyse(bench)
    told = forget(bench, Wish(documents=("a1",)))
    assert [item.external_id for item in told.documents] == ["a1"]
    intake.take_in(bench, [path])
    assert {item.external_id for item in bench.store.documents()} == {"a0", "a2"}


def test_a_source_goes_by_its_file_with_its_deals(full, drop):
    told = forget(full, Wish(sources=("drop/deals.csv",)))
    assert (told.deals, full.store.deals()) == (2, [])
    assert places(full.root, "Someone Else") == set()
    outcomes = {item.path: item.status for item in intake.take_in(full, [drop]).files}
    assert outcomes["drop/deals.csv"] == "forgotten"
    assert full.store.deals() == []


def test_a_source_goes_by_its_kind(full):
    forget(full, Wish(sources=("community",)))
    assert {item.kind.value for item in full.store.documents()} == {"interview"}
    assert places(full.root, "bury my analysts", HANDLE, "posts.jsonl") == set()


def test_what_may_return_returns(full, drop):
    forget(full, Wish(documents=("call",), may_return=True))
    assert full.store.tombstones() == []
    intake.take_in(full, [drop])
    assert document_called(full, "call").version == 1


# --- people ----------------------------------------------------------------------------------------------------------


def test_a_person_does_not_come_back_in_old_or_new_files(full, drop, tmp_path):
    forget(full, Wish(people=(PERSON, HANDLE)))
    report = intake.take_in(full, [drop])
    told = {item.path: (item.status, [finding.message for finding in item.findings]) for item in report.files}
    assert told["drop/call.txt"] == ("forgotten", ["1 document was forgotten earlier and not read again"])
    assert told["drop/panel.txt"][1] == ["what forgotten people said was left out of 1 document"]
    assert (tmp_path / "new.txt").write_text(f"Dana Ortiz: Again?\n\n{PERSON.upper()}: Pure potorooism this time.\n")
    assert [item.status for item in intake.take_in(full, [tmp_path / "new.txt"]).files] == ["forgotten"]
    analyse(full)
    assert PERSON not in spoken(full)
    assert full.store.deals()[0].owner is None
    words = (*THEIRS, "nairasamy", "potorooism", HANDLE, "marsupialgate", "echidnaism")
    assert places(full.root, *words) == set()


def test_reading_the_same_file_again_after_a_person_went_is_no_new_version(full, drop):
    forget(full, Wish(people=(PERSON,)))
    before = document_called(full, "panel")
    for _ in range(2):
        intake.take_in(full, [drop])
    after = document_called(full, "panel")
    assert (after.version, after.content_hash) == (before.version, before.content_hash)


def test_case_and_order_of_a_name_do_not_count_and_an_incomplete_one_is_asked_for(full):
    assert plan(full, Wish(people=("NAIRASAMY, priya",))).documents == plan(full, Wish(people=(PERSON,))).documents
    with pytest.raises(NotFound) as error:
        plan(full, Wish(people=("Priya",)))
    assert f"{PERSON} (3 documents)" in error.value.hint


def test_handles_are_compared_to_the_letter(full, tmp_path, drop):
    rows = [
        posts()[0] | {"id": name, "author": name, "text": f"The alerts cost {name}."} for name in ("d_lee", "lee-d")
    ]
    (tmp_path / "more.jsonl").write_text("\n".join(map(json.dumps, rows)))
    intake.take_in(full, [tmp_path / "more.jsonl"], mapping=drop / "posts.map.toml")
    assert [item.external_id for item in plan(full, Wish(people=("D_Lee",))).documents] == ["d_lee"]


def test_of_two_people_of_one_name_an_account_tells_which(bench, tmp_path):
    for account, word in (("Northwind", "bilbyesque"), ("Contoso", "dunnartish")):
        folder = tmp_path / account
        folder.mkdir()
        text = f"Dana Ortiz: Why?\n\n{PERSON}: The alerts cost us a {word} amount of sleep over the whole year.\n"
        (folder / f"{account}.txt").write_text(text)
        row = f'{account}.txt,2026-04-14,{account},"Dana Ortiz=Interviewer; {PERSON}=SOC Manager"'
        (folder / "manifest.csv").write_text(f"file,interview_date,account,participants\n{row}\n")
        intake.take_in(bench, [folder])
    analyse(bench)
    (warning,) = plan(bench, Wish(people=(PERSON,))).remarks
    assert "Contoso, Northwind" in warning
    assert plan(bench, Wish(people=(PERSON,), account="contoso")).remarks == ()
    forget(bench, Wish(people=(PERSON,), account="contoso"))
    assert [item.account for item in bench.store.documents()] == ["Northwind"]
    assert places(bench.root, "dunnartish") == set()
    intake.take_in(bench, [tmp_path / "Northwind", tmp_path / "Contoso"])
    assert [item.account for item in bench.store.documents()] == ["Northwind"]


def test_an_interviewer_can_be_forgotten_and_the_buyers_stay(full):
    forget(full, Wish(people=("Dana Ortiz",)))
    call = document_called(full, "call")
    turns = full.store.turns(call.id)
    assert {turn.speaker.side for turn in turns} == {Side.BUYER}
    assert {turn.question for turn in turns} == {None}
    assert places(full.root, "Dana Ortiz", "platypusing") == set()


def test_where_others_name_the_person_is_told(full, drop, tmp_path):
    rows = [posts()[0] | {"id": "m", "author": "fan", "text": f"I heard {PERSON} speak about the alerts and the cost."}]
    (tmp_path / "mention.jsonl").write_text("\n".join(map(json.dumps, rows)))
    intake.take_in(full, [tmp_path / "mention.jsonl"], mapping=drop / "posts.map.toml")
    mention = document_called(full, "m")
    told = forget(full, Wish(people=(PERSON,)))
    assert any(mention.id in remark for remark in told.remarks)
    assert PERSON in full.store.turns(mention.id)[0].text


def test_a_name_in_the_id_and_the_path_of_a_document_that_stays_is_taken_out(bench, tmp_path):
    folder = tmp_path / "drop"
    folder.mkdir()
    (folder / "priya-nairasamy and lee.txt").write_text(PANEL)
    people = f"Dana Ortiz=Interviewer; {PERSON}=SOC Manager; Lee Park=CISO"
    (folder / "manifest.csv").write_text(f'file,participants\npriya-nairasamy and lee.txt,"{people}"\n')
    intake.take_in(bench, [folder])
    analyse(bench)
    forget(bench, Wish(people=(PERSON,)))
    assert places(bench.root, "nairasamy") == set()
    intake.take_in(bench, [folder])
    (document,) = bench.store.documents()
    assert (document.external_id, document.version) == ("[forgotten] and lee", 1)
    assert places(bench.root, "nairasamy") == set()


def test_the_title_of_a_thread_goes_with_the_post_that_began_it(bench, tmp_path):
    title = "Chuditchery on shift"
    first = posts()[0] | {
        "id": "t9",
        "thread": "t9",
        "author": HANDLE,
        "title": title,
        "text": f"{title}\n\nIt cost us.",
    }
    answer = posts()[1] | {"id": "a1", "thread": "t9", "title": title}
    answers = tmp_path / "answers.jsonl"
    answers.write_text(json.dumps(answer))
    (tmp_path / "first.jsonl").write_text(json.dumps(first))
    for name in ("first", "answers"):
        (tmp_path / f"{name}.map.toml").write_text(POSTS_MAP)
        intake.take_in(bench, [tmp_path / f"{name}.jsonl"])
    analyse(bench)
    assert "answers.jsonl" in forget(bench, Wish(people=(HANDLE,))).released
    for _ in range(2):
        (document,) = bench.store.documents()
        assert (document.external_id, document.title, document.version) == ("a1", None, 1)
        assert bench.store.turns(document.id)[0].text == answer["text"]
        assert places(bench.root, "chuditchery") == set()
        intake.take_in(bench, [answers])
        analyse(bench)


def test_forgetting_an_answer_leaves_the_title_of_the_thread_to_its_author(bench, tmp_path):
    rows = [posts()[0] | {"id": name, "thread": "t9", "author": name, "title": "Ours"} for name in ("t9", "a1")]
    (tmp_path / "posts.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (tmp_path / "posts.map.toml").write_text(POSTS_MAP)
    intake.take_in(bench, [tmp_path / "posts.jsonl"])
    forget(bench, Wish(people=("a1",)))
    assert [(item.external_id, item.title) for item in bench.store.documents()] == [("t9", "Ours")]


def test_two_people_of_one_interview_can_go_together(full):
    told = forget(full, Wish(people=("Lee Park", PERSON)))
    assert {item.external_id for item in told.documents} == {"call", "second call", "panel"}
    assert places(full.root, "Lee Park", "Slow consoles") == set()


def test_remarks_and_paths_elsewhere_lose_the_name(full):
    file = next(item for item in full.store.files() if item.path == "drop/posts.jsonl")
    remarks = (Finding(code="x", message=f"{PERSON} is odd"), Finding(code="y", message="fine"))
    with full.store.transaction() as transaction:
        transaction.put_file(replace(file, path="drop/for Priya_Nairasamy/posts.jsonl", findings=remarks))
    told = forget(full, Wish(people=(PERSON,)))
    after = next(item for item in full.store.files() if item.id == file.id)
    assert (after.path, after.blob) == ("drop/for [forgotten]/posts.jsonl", file.blob)
    assert [finding.message for finding in after.findings] == ["fine"]
    assert after.path not in told.released


# --- marks -----------------------------------------------------------------------------------------------------------


def test_marks_say_nothing_and_differ_from_workspace_to_workspace(tmp_path, drop):
    marks = []
    for name in ("one", "two"):
        bench = with_stand_ins(open_workbench(tmp_path / name, clock=StillClock()))
        intake.take_in(bench, [drop])
        forget(bench, Wish(people=(PERSON,)))
        marks.append({mark.id for mark in bench.store.tombstones()})
        assert {mark.kind for mark in bench.store.tombstones()} == {"key", "document", "words", "person"}
        bench.store.close()
    assert marks[0].isdisjoint(marks[1])


def test_a_backup_afterwards_is_clean_and_keeps_the_marks(full, drop, tmp_path):
    forget(full, Wish(people=(PERSON,)))
    keeping.backup(full, tmp_path / "backup.zip")
    box = tmp_path / "box"
    with zipfile.ZipFile(tmp_path / "backup.zip") as archive:
        archive.extractall(box)
    assert places(box, *THEIRS, "nairasamy") == set()
    keeping.restore(tmp_path / "backup.zip", tmp_path / "restored")
    restored = with_stand_ins(open_workbench(tmp_path / "restored", clock=StillClock()))
    intake.take_in(restored, [drop])
    assert PERSON not in spoken(restored)
    restored.store.close()


# --- plans and failures ----------------------------------------------------------------------------------------------


def test_a_plan_changes_nothing_and_tells_what_goes(full):
    revision = full.store.revision()
    told = plan(full, Wish(people=(PERSON,)))
    assert full.store.revision() == revision
    assert {item.external_id for item in told.documents} == {"call", "second call"}
    assert [(item.external_id, item.turns) for item in told.parts] == [("panel", 5)]
    assert (told.deals, "drop/deals.csv" in told.released) == (1, True)
    went = forget(full, Wish(people=(PERSON,)))
    assert replace(went, remarks=()) == replace(told, remarks=())


@pytest.mark.parametrize(
    "wish",
    [Wish(documents=("nowhere",)), Wish(sources=("nowhere.csv",)), Wish(people=("Nobody Atall",))],
    ids=["document", "source", "person"],
)
def test_what_is_not_there_is_not_found_and_nothing_changes(full, wish):
    revision = full.store.revision()
    with pytest.raises(NotFound) as error:
        forget(full, wish)
    assert error.value.hint
    assert full.store.revision() == revision


def test_an_id_that_two_kinds_share_is_asked_about(full, drop, tmp_path):
    (tmp_path / "p7.txt").write_text(CALL.replace("nine nights", "ten nights"))
    intake.take_in(full, [tmp_path / "p7.txt"], kind="interview")
    with pytest.raises(QueryError) as error:
        plan(full, Wish(documents=("p7",)))
    assert "community" in error.value.hint


def test_what_a_refused_file_or_a_crash_left_among_the_blobs_goes_too(full):
    (full.root / "blobs" / "aa").mkdir(exist_ok=True)
    (full.root / "blobs" / "aa" / "tmpq1w2").write_text("half a file of bandicootery")
    (full.root / "copies.npz.part").write_bytes(b"bandicootery")
    forget(full, Wish(people=(PERSON,)))
    assert places(full.root, *THEIRS) == set()


def test_whoever_reads_the_database_is_named_and_forgetting_finishes_later(full, monkeypatch):
    reader = sqlite3.connect(full.root / "store.sqlite")
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM turns").fetchone()
    monkeypatch.setattr("winloss.store.erasing.PATIENCE_MS", 50)
    with pytest.raises(ConfigError) as error:
        forget(full, Wish(people=(PERSON,)))
    assert "winloss serve" in error.value.hint
    assert PERSON not in spoken(full)
    assert erasing.is_pending(full)
    reader.close()
    assert erasing.finish(full)
    assert not erasing.is_pending(full)
    assert places(full.root, *THEIRS) == set()


def test_forgetting_waits_for_whoever_is_at_work(full):
    with ThreadPoolExecutor(1) as pool:
        with erasing.at_work(full):
            running = pool.submit(forget, full, Wish(people=(PERSON,)))
            with pytest.raises(TimeoutError):
                running.result(timeout=0.4)
            assert PERSON in spoken(full)
        running.result(timeout=60)
    assert PERSON not in spoken(full)


@pytest.mark.postgres
def test_a_server_forgets_as_well(drop, tmp_path, monkeypatch, fresh_database):
    monkeypatch.setenv("DATABASE_URL", fresh_database)
    bench = with_stand_ins(open_workbench(tmp_path / "served", clock=StillClock()))
    intake.take_in(bench, [drop])
    analyse(bench)
    assert any("bandicootery" in table for table in dumped(fresh_database))
    forget(bench, Wish(people=(PERSON, HANDLE)))
    words = (*THEIRS, "nairasamy", HANDLE, "marsupialgate", "echidnaism")
    assert not any(word in table.casefold() for table in dumped(fresh_database) for word in words)
    assert places(bench.root, *words) == set()
    intake.take_in(bench, [drop])
    analyse(bench)
    assert not any(word in table.casefold() for table in dumped(fresh_database) for word in words)
    bench.store.close()


def dumped(url: str) -> list[str]:
    """Every table of the database as text, and what the server keeps in mind of their values."""
    with psycopg.connect(url, autocommit=True) as connection:
        names = [row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        return [str(connection.execute(f"SELECT * FROM {name}").fetchall()) for name in [*names, "pg_stats"]]


def test_names_and_words_leave_what_people_keep(full):
    theirs = next(row for row in full.store.evidence_rows() if row.id in spoken_ids(full))
    others = next(row for row in full.store.evidence_rows() if row.id not in spoken_ids(full))
    collecting.pin(full, f"Ask {PERSON}", [theirs.id, others.id], by="Dana", note=f"as {PERSON} said", new=True)
    saving.save(full, f"What {PERSON} said", f'"{PERSON}"', Filters(), mode="words", by="Dana")
    coding.give(full, theirs.id, ["pain"], coder="Dana", new=True)
    for opened in (theirs.id, others.id):
        unread.opened(full, opened, by=PERSON)
    forget(full, Wish(people=(PERSON,)))
    assert full.store.readers() == []
    assert others.id in full.store.read_by_anybody()
    assert theirs.id not in full.store.read_by_anybody()
    (shelf,) = collecting.shelves(full)
    (pinned,) = collecting.contents(full, shelf.collection.id)
    assert pinned.passage.id == others.id
    assert pinned.pin.note.startswith("as ")
    assert full.store.codings() == []
    assert full.store.operations() == []
    assert places(full.root, *THEIRS, "nairasamy") == set()


def test_names_leave_codes_and_coders_which_are_still_told_apart(full):
    ids = [row.id for row in full.store.evidence_rows() if row.id not in spoken_ids(full)][:2]
    last_first = ", ".join(reversed(PERSON.split()))
    coding.give(full, ids[0], [f"said by {PERSON}/cost"], coder="Dana", new=True)
    coding.give(full, ids[1], [f"said by {last_first}", "said by [forgotten]"], coder=PERSON, new=True)
    saving.save(full, "Theirs", "", Filters(tag=(f"said by {PERSON}",)), by="Dana")
    forget(full, Wish(people=(PERSON,)))
    paths = {code.path for code in full.store.codes()}
    assert len(paths) == 4
    given = full.store.codings()
    assert len(given) == 3
    assert {item.code for item in given} <= paths
    assert {item.coder for item in given if item.verbatim_id == ids[1]} == {"[forgotten]"}
    (path,) = [path for path in paths if path.endswith("/cost")]
    assert path.removesuffix("/cost") in paths
    assert saving.standing(full, "Theirs").ids == (ids[0],)
    assert places(full.root, "nairasamy") == set()


def spoken_ids(bench) -> set[str]:
    """The verbatims of the person who is to be forgotten."""
    ids = [row.id for row in bench.store.evidence_rows()]
    return {passage.id for passage in bench.store.passages(ids) if passage.speaker == PERSON}


STEPS = [
    (forgetting, "_commit_files"),
    (erasing.tracking, "take_snapshots"),
    (erasing.indexing, "rebuild"),
    (copying, "trim"),
]


@pytest.mark.parametrize("step", range(len(STEPS)), ids=[name for _, name in STEPS])
def test_stopped_at_any_step_the_next_command_finishes_it(full, monkeypatch, step):
    def stop(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        broken.setattr(*STEPS[step], stop)
        forget(full, Wish(people=(PERSON,)))
    if step == 0:
        assert PERSON in spoken(full), "nothing was taken"
        assert not erasing.is_pending(full)
        forget(full, Wish(people=(PERSON,)))
    else:
        assert erasing.is_pending(full)
        analyse(full)
    assert not erasing.is_pending(full)
    assert places(full.root, *THEIRS, "nairasamy") == set()


FORGET = """
import sys
from pathlib import Path
from tests.conftest import with_stand_ins
from winloss.bootstrap import open_workbench
from winloss.services.erasure.forgetting import Wish, forget
bench = with_stand_ins(open_workbench(Path(sys.argv[1])))
print("ready", flush=True)
forget(bench, Wish(people=(sys.argv[2],)))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
@pytest.mark.parametrize("delay", [0.0, 0.03, 0.06, 0.1, 0.15, 0.22])
def test_killed_at_any_moment_it_took_nothing_or_is_finished_later(full, delay):
    arguments = [sys.executable, "-c", FORGET, str(full.root), PERSON]
    running = subprocess.Popen(arguments, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2], env=os.environ)
    assert running.stdout is not None
    running.stdout.readline()
    time.sleep(delay)
    running.send_signal(signal.SIGKILL)
    running.wait()
    running.stdout.close()
    if not erasing.finish(full) and PERSON in spoken(full):
        assert places(full.root, *THEIRS) >= {"store.sqlite"}
        forget(full, Wish(people=(PERSON,)))
    assert places(full.root, *THEIRS, "nairasamy") == set()
    analyse(full)
    assert places(full.root, *THEIRS, "nairasamy") == set()
