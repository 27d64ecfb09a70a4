"""Files that are handed over: kept whole or not at all, looked at before anything is stored, and taken in as told."""

from __future__ import annotations

import io
import json
import os
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.attacks import HEADERS
from tests.unit.killed_job import CALL
from winloss.errors import Conflict, NotFound, QueryError, SourceError
from winloss.model import Rights, Side
from winloss.services.erasure import forgetting
from winloss.services.sources import intake, staged, staging, unpacking
from winloss.services.workspace import jobs, working
from winloss.services.workspace.jobs import JobState

POSTS = "when;who;words\n" + "".join(
    f"2026-05-0{n};author-{n};The alerts bury my analysts on every night shift of week {n}.\n" for n in range(1, 6)
)


def handed_over(bench, **files):
    """An upload of these files; `_txt` in a name stands for its suffix."""
    named = [(name.replace("_", "."), content) for name, content in files.items()]
    return staged.hand_over(bench, [(name, io.BytesIO(_bytes(content))) for name, content in named])


def _bytes(content) -> bytes:
    return content.encode() if isinstance(content, str) else content


def zipped(**files) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", "."), content)
    return packed.getvalue()


def seen(bench, upload, name):
    return next(item for item in staged.look(bench, staging.find(bench, upload.id)) if item.file.name == name)


def taken_in(bench, upload):
    job = staged.ask(bench, upload.id)
    staged_report = staged.take_in(bench, upload.id)
    jobs.cancel(bench, job.id)
    return {item.path: item for item in staged_report.files}


# --- kept ------------------------------------------------------------------------------------------------------------


def test_nothing_is_stored_before_somebody_says_so(bench):
    upload = handed_over(bench, call_txt=CALL)
    assert seen(bench, upload, "call.txt").ready
    assert set(bench.store.counts().values()) == {0}
    assert bench.store.revision() == 0
    assert not (bench.root / "maps").exists()


def test_empty_and_repeated_files_are_told_and_left_out(bench):
    upload = handed_over(bench, a_txt=CALL, b_txt=CALL, c_vtt="")
    assert [file.name for file in upload.files] == ["a.txt"]
    assert upload.remarks == ("b.txt says the same as a.txt and is kept once.", "c.vtt is empty.")
    with pytest.raises(SourceError, match="empty"):
        handed_over(bench, c_vtt="")
    with pytest.raises(QueryError):
        handed_over(bench)
    assert len(staging.uploads(bench)) == 1


def test_two_files_of_one_name_are_both_kept(bench):
    sent = [("a/call.txt", io.BytesIO(b"one")), ("b/Call.TXT", io.BytesIO(b"two"))]
    upload = staging.stage(bench, sent)
    assert [file.name for file in upload.files] == ["call.txt", "Call (2).TXT"]
    assert [staging.path_of(bench, upload, file).read_bytes() for file in upload.files] == [b"one", b"two"]


@given(st.one_of(st.sampled_from(HEADERS), st.text(max_size=400)))
def test_every_name_stays_in_its_folder(name):
    safe = staging.safe_name(name)
    assert safe not in ("", ".", "..")
    assert not set(safe) & set('/\\\x00\r\n:"<>|?*')
    assert len(safe.encode()) <= 200
    assert Path("folder", safe).parent == Path("folder")
    assert staging.safe_name(safe) == safe


@pytest.mark.parametrize("name", HEADERS)
def test_hostile_names_are_kept_beside_nothing_else(bench, name):
    upload = staging.stage(bench, [(name, io.BytesIO(b"x"))])
    folder = staging.path_of(bench, upload, upload.files[0]).parent
    assert [path.name for path in folder.iterdir()] == [upload.files[0].name]
    assert folder.resolve().is_relative_to((bench.root / staging.FOLDER).resolve())


def test_an_upload_that_breaks_off_leaves_nothing(bench):
    class Broken(io.BytesIO):
        def read(self, *_):
            raise ConnectionError("the browser went away")

    with pytest.raises(SourceError):
        staging.stage(bench, [("a.txt", io.BytesIO(b"x")), ("b.txt", Broken())])
    assert staging.uploads(bench) == []
    assert [path for path in (bench.root / staging.FOLDER).iterdir() if path.is_dir()] == []


def test_a_full_disk_is_said(bench, monkeypatch):
    monkeypatch.setattr(staging, "KEPT_FREE", 1 << 62)
    with pytest.raises(SourceError, match="no room"):
        handed_over(bench, a_txt=CALL)


def test_uploads_do_not_meet(bench):
    one, two = handed_over(bench, call_txt=CALL), handed_over(bench, call_txt=CALL.replace("alerts", "tickets"))
    staged.tell(bench, one.id, "call.txt", kind=None, row={"account": "Globex"}, sides={})
    assert staging.find(bench, two.id).files[0].choice == staging.Choice()
    assert staging.drop(bench, one.id) is None
    with pytest.raises(NotFound):
        staging.find(bench, one.id)
    assert seen(bench, two, "call.txt").ready


@pytest.mark.parametrize("name", ["../jobs", "", "u" + "a" * 16, ".u", "u/../../x"])
def test_no_other_folder_is_an_upload(bench, name):
    with pytest.raises(NotFound):
        staging.find(bench, name)


def test_what_nobody_takes_in_goes_after_two_weeks(bench):
    old = handed_over(bench, call_txt=CALL)
    told = bench.root / staging.FOLDER / old.id / staging.TOLD
    before = datetime.fromisoformat(bench.clock.now()) - timedelta(days=staging.KEPT_DAYS + 1)
    told.write_text(json.dumps({**json.loads(told.read_text()), "made_at": before.isoformat()}))
    new = handed_over(bench, posts_csv=POSTS)
    assert [item.id for item in staging.uploads(bench)] == [new.id]


# --- looked at -------------------------------------------------------------------------------------------------------


def test_a_preview_tells_what_would_be_read_and_how_it_stands_to_what_is_here(bench):
    upload = handed_over(bench, call_txt=CALL)
    looked = seen(bench, upload, "call.txt").previews[0]
    assert (looked.documents, looked.turns, looked.standing) == (1, 5, {"new": 1})
    assert {item.speaker.name: (item.speaker.side.value, item.turns) for item in looked.spoken} == {
        "Dana Ortiz": ("interviewer", 2),
        "Priya Nair": ("buyer", 2),
        "Ravi Anand": ("buyer", 1),
    }
    taken_in(bench, upload)
    again = handed_over(bench, call_txt=CALL)
    assert seen(bench, again, "call.txt").previews[0].standing == {"here already": 1}
    changed = handed_over(bench, call_txt=CALL.replace("spring", "autumn"))
    assert seen(bench, changed, "call.txt").previews[0].standing == {"new version": 1}
    forgetting.forget(bench, forgetting.Wish(documents=("call",)))
    forgotten = handed_over(bench, call_txt=CALL)
    assert seen(bench, forgotten, "call.txt").previews[0].standing == {"forgotten": 1}


def test_of_a_long_file_only_the_beginning_is_looked_at(bench, monkeypatch):
    monkeypatch.setattr(staged, "LOOKED_AT", 3)
    looked = seen(bench, handed_over(bench, posts_csv=POSTS), "posts.csv").previews[0]
    assert (looked.documents, looked.more) == (3, True)


def test_columns_of_an_unknown_table_are_proposed_shown_and_changed(bench):
    upload = handed_over(bench, posts_csv=POSTS)
    table = seen(bench, upload, "posts.csv").table
    assert table is not None
    assert table.proposed
    assert {column.name: column.field for column in table.columns} == {"when": "date", "who": None, "words": "text"}
    fields = {"text": "words", "date": "when", "speaker": "who"}
    staged.map_columns(bench, upload.id, "posts.csv", "community", fields)
    item = seen(bench, upload, "posts.csv")
    assert item.table is not None
    assert not item.table.proposed
    assert [who.speaker.name for who in item.previews[0].spoken][:2] == ["author-1", "author-2"]
    staged.map_columns(bench, upload.id, "posts.csv", "community", {"date": "when"})
    assert seen(bench, upload, "posts.csv").table.missing == ("text",)
    assert not seen(bench, upload, "posts.csv").ready
    staged.map_columns(bench, upload.id, "posts.csv", "survey", {})
    assert seen(bench, upload, "posts.csv").table.missing == (), "of another kind it is proposed anew"
    with pytest.raises(QueryError):
        staged.map_columns(bench, upload.id, "posts.csv", "survey", {"colour": "who"})
    with pytest.raises(QueryError):
        staged.map_columns(bench, upload.id, "posts.csv", "poem", {})


def test_a_mapping_that_was_used_is_found_again_for_the_next_table_like_it(bench):
    upload = handed_over(bench, posts_csv=POSTS)
    staged.map_columns(bench, upload.id, "posts.csv", "community", {"text": "words", "speaker": "who", "date": "when"})
    taken_in(bench, upload)
    later = handed_over(bench, more_csv=POSTS.replace("week", "month"))
    looked = seen(bench, later, "more.csv").previews[0]
    assert looked.mapping_kept
    assert looked.spoken[0].speaker.name == "author-1"


def test_what_is_told_of_a_file_is_shown_and_holds(bench):
    upload = handed_over(bench, call_txt=CALL)
    row = {"interview_date": "2026-04-02", "account": "Globex", "segment": "federal", "rights": "named"}
    staged.tell(bench, upload.id, "call.txt", kind="interview", row=row, sides={"Ravi Anand": "vendor"})
    looked = seen(bench, upload, "call.txt").previews[0]
    assert (looked.listed[0].account, looked.listed[0].rights) == ("Globex", Rights.NAMED)
    assert {item.speaker.name: item.speaker.side for item in looked.spoken}["Ravi Anand"] is Side.VENDOR
    assert taken_in(bench, upload)["call.txt"].status == "added"
    document = bench.store.documents()[0]
    assert (document.account, document.segment, document.rights) == ("Globex", "federal", Rights.NAMED)
    assert str(document.happened_on) == "2026-04-02"
    assert {item.speaker.name: item.speaker.side for item in bench.store.speakers()}["Ravi Anand"] is Side.VENDOR


@pytest.mark.parametrize(
    "told",
    [{"kind": "poem"}, {"row": {"colour": "red"}}, {"row": {"rights": "ended"}}, {"sides": {"Ravi Anand": "left"}}],
    ids=str,
)
def test_what_nothing_can_be_is_refused(bench, told):
    upload = handed_over(bench, call_txt=CALL)
    with pytest.raises(QueryError):
        staged.tell(bench, upload.id, "call.txt", **{"kind": None, "row": {}, "sides": {}, **told})


def test_of_two_quote_rights_the_stricter_holds(bench):
    lines = json.dumps({"id": "1", "text": "The alerts bury us at night.", "rights": "no_quote"})
    upload = handed_over(bench, posts_jsonl=lines)
    staged.map_columns(bench, upload.id, "posts.jsonl", "community", {"id": "id", "text": "text", "rights": "rights"})
    staged.tell(bench, upload.id, "posts.jsonl", kind=None, row={"rights": "named"}, sides={})
    assert seen(bench, upload, "posts.jsonl").previews[0].listed[0].rights is Rights.NO_QUOTE


def test_a_zip_is_looked_into_with_its_manifest_and_a_broken_one_holds_nothing_up(bench):
    manifest = "file,account,rights\ncall.txt,Initech,internal\n"
    packed = zipped(call_txt=CALL, manifest_csv=manifest)
    upload = handed_over(bench, good_zip=packed, broken_zip=b"PK\x03\x04" + packed[4:90], notes_txt=CALL[:200])
    good, broken = seen(bench, upload, "good.zip"), seen(bench, upload, "broken.zip")
    assert [(item.path, item.listed[0].account, item.listed[0].rights) for item in good.previews] == [
        ("good.zip/call.txt", "Initech", Rights.INTERNAL)
    ]
    assert not broken.ready
    outcomes = taken_in(bench, upload)
    assert outcomes["good.zip/call.txt"].status == "added"
    assert outcomes["broken.zip"].status == "refused"
    assert outcomes["broken.zip"].hint


def test_a_zip_that_grows_absurdly_is_told_and_not_unpacked(bench, monkeypatch):
    monkeypatch.setattr(unpacking, "FREE_RATIO", 1 << 16)
    monkeypatch.setattr(unpacking, "MAX_RATIO", 20)
    upload = handed_over(bench, bomb_zip=zipped(a_txt="0" * (1 << 20)), call_txt=CALL)
    bomb = seen(bench, upload, "bomb.zip")
    assert not bomb.ready
    assert "times its size" in (bomb.error or "")
    assert taken_in(bench, upload)["call.txt"].status == "added"


def test_a_manifest_beside_the_files_describes_them(bench):
    upload = handed_over(bench, call_txt=CALL, manifest_csv="file,account\ncall.txt,Initech\n")
    assert seen(bench, upload, "manifest.csv").helper
    assert seen(bench, upload, "call.txt").previews[0].listed[0].account == "Initech"


# --- taken in --------------------------------------------------------------------------------------------------------


def test_what_was_refused_stays_to_be_looked_at_again(bench, monkeypatch):
    monkeypatch.setattr(working.analysis, "analyse", lambda _: None)
    upload = handed_over(bench, call_txt=CALL, noise_bin=os.urandom(300))
    job = staged.ask(bench, upload.id)
    working.work(bench)
    told = jobs.find(bench, job.id)
    assert told.state is JobState.DONE
    assert {item["path"]: item["status"] for item in told.result["files"]} == {
        "call.txt": "added",
        "noise.bin": "refused",
    }
    assert [file.name for file in staging.find(bench, upload.id).files] == ["noise.bin"]


def test_nothing_changes_while_it_is_being_taken_in(bench):
    upload = handed_over(bench, call_txt=CALL)
    job = staged.ask(bench, upload.id)
    assert staged.ask(bench, upload.id).id == job.id
    for change in (
        lambda: staging.drop(bench, upload.id),
        lambda: staged.tell(bench, upload.id, "call.txt", kind=None, row={}, sides={}),
        lambda: staged.map_no_more(bench, upload.id, "call.txt"),
    ):
        with pytest.raises(Conflict):
            change()
    jobs.cancel(bench, job.id)
    assert staging.drop(bench, upload.id) is None


def test_what_cannot_be_read_is_not_asked_for(bench):
    upload = handed_over(bench, noise_bin=os.urandom(300))
    with pytest.raises(QueryError):
        staged.ask(bench, upload.id)


def test_forgetting_drops_what_lies_here_and_waits_for_nothing(bench, tmp_path):
    (tmp_path / "call.txt").write_text(CALL, encoding="utf-8")
    intake.take_in(bench, [tmp_path / "call.txt"])
    idle, asked = handed_over(bench, again_txt=CALL), handed_over(bench, posts_csv=POSTS)
    staged.ask(bench, asked.id)
    forgetting.forget(bench, forgetting.Wish(people=("Priya Nair",)))
    assert [item.id for item in staging.uploads(bench)] == [asked.id]
    with pytest.raises(NotFound):
        staging.find(bench, idle.id)
