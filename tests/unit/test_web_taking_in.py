"""Taking in on pages and by calls: files, previews, jobs and forgetting, each for whoever may."""

from __future__ import annotations

import base64
import io
import json
import re
from html import unescape

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from tests.unit.killed_job import CALL
from tests.unit.test_staging import POSTS
from web import app as app_module
from web import create_app, openapi
from winloss.model import Access
from winloss.services.sources import intake, staging
from winloss.services.team import users
from winloss.services.workspace import jobs, working
from winloss.services.workspace.jobs import JobKind, JobState


@pytest.fixture
def client(bench):
    return create_app(bench).test_client()


def token(client):
    return re.search(r'name="token" value="([^"]+)"', client.get("/sources").text)[1]


def hand_over(client, *files):
    named = [(io.BytesIO(content if isinstance(content, bytes) else content.encode()), name) for name, content in files]
    data = {"token": token(client), "files": named}
    return client.post("/sources/uploads", data=data, content_type="multipart/form-data")


def change(client, address, **fields):
    return client.post(address, data={"token": token(client), **fields})


def shown(client, address):
    return unescape(client.get(address).text)


# --- pages -----------------------------------------------------------------------------------------------------------


def test_from_files_to_a_quote_without_scripts(client, bench):
    there = hand_over(client, ("call-1.txt", CALL), ("posts.csv", POSTS), ("empty.vtt", "")).location
    page = shown(client, there)
    for words in ("Take in 2 files", "empty.vtt is empty", "Buyer · Priya Nair", "Interviewer · Dana Ortiz", "when"):
        assert words in page
    sides = {"speaker:1": "Ravi Anand", "side:1": "vendor", "account": "Globex", "rights": "named"}
    assert change(client, there, do="tell", file="call-1.txt", **sides).location == f"{there}#file-1"
    assert "Vendor · Ravi Anand" in shown(client, there)
    columns = {"kind": "community", "column:1": "words", "field:1": "text", "column:2": "who", "field:2": "speaker"}
    change(client, there, do="map", file="posts.csv", **columns)
    assert "Buyer · author-1" in shown(client, there)
    assert bench.store.counts()["documents"] == 0
    job = change(client, there, do="take").location
    assert "Waits" in shown(client, job)
    assert "It is being taken in" in shown(client, there)
    working.work(bench)
    page = shown(client, job)
    assert "Done." in page
    assert "1 document, 5 turns" in page
    assert "A pilot on our own traffic" in shown(client, "/search?q=pilot&mode=words")
    assert client.get(there).status_code == 404
    assert "May be quoted by name" in shown(client, "/sources")


def test_what_is_asked_for_badly_is_refused_with_what_to_do(client):
    there = hand_over(client, ("call-1.txt", CALL)).location
    assert hand_over(client).status_code == 400
    assert change(client, there, do="sing").status_code == 400
    assert change(client, there, do="tell", file="other.txt").status_code == 404
    assert change(client, "/sources/uploads/u" + "a" * 16, do="take").status_code == 404
    twice = {"kind": "community", "column:1": "a", "field:1": "text", "column:2": "b", "field:2": "text"}
    assert change(client, there, do="map", file="call-1.txt", **twice).status_code == 400
    assert client.post("/sources/uploads", data={"files": (io.BytesIO(b"x"), "x.txt")}).status_code == 403


def test_dropping_one_file_and_then_all(client, bench):
    there = hand_over(client, ("call-1.txt", CALL), ("posts.csv", POSTS)).location
    assert change(client, there, do="drop", file="posts.csv").location == there
    assert "posts.csv" not in client.get(there).text
    gone = change(client, there, do="drop")
    assert "dropped" in gone.location
    assert "Nothing of it was taken in" in client.get(gone.location).text
    assert staging.uploads(bench) == []


def test_more_than_the_limit_is_refused_and_nothing_is_kept(client, bench, monkeypatch):
    monkeypatch.setattr(app_module, "LARGEST_UPLOAD", 1000)
    answer = hand_over(client, ("call-1.txt", CALL * 9))
    assert answer.status_code == 413
    assert "winloss ingest" in answer.text
    assert staging.uploads(bench) == []


def test_sources_may_be_larger_than_decks(client, monkeypatch):
    monkeypatch.setitem(client.application.config, "MAX_CONTENT_LENGTH", 1000)
    assert hand_over(client, ("call-1.txt", CALL * 9)).status_code == 303


def test_markup_in_names_and_columns_is_words(client):
    evil = "<script>alert(1)</script>"
    table = f"{evil},text\nx,The alerts bury us every night of the week.\n"
    page = client.get(hand_over(client, (f"{evil}.csv", table), ("a'onload='x.txt", CALL)).location).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_job_is_cancelled_asked_for_again_and_shown_failed(client, bench, monkeypatch):
    job = change(client, "/jobs").location
    assert "Nobody works on it now" in client.get(job).text
    assert "Refresh" not in client.get(job).headers
    assert client.get(f"{job}?by-itself=1").headers["Refresh"] == "5"
    change(client, job, do="cancel")
    assert "Cancelled" in client.get(job).text
    assert change(client, job, do="cancel").status_code == 409

    def fails(*_):
        raise working.Accident("the disk is full", hint="Free some room.")

    monkeypatch.setitem(working.WORK, JobKind.UPDATE, fails)
    change(client, job, do="again")
    working.work(bench)
    page = client.get(job).text
    for words in ("Failed", "The disk is full", "Free some room.", "Try again"):
        assert words in page
    assert "Failed" in client.get("/jobs").text
    assert change(client, job, do="sing").status_code == 400


def test_forgetting_shows_what_goes_asks_and_then_does_it(client, bench, tmp_path):
    (tmp_path / "call-1.txt").write_text(CALL, encoding="utf-8")
    intake.take_in(bench, [tmp_path / "call-1.txt"])
    document = bench.store.documents()[0].id
    plan = shown(client, f"/forget?document={document}")
    assert "1 document whole, 5 turns" in plan
    assert "Nothing is changed yet" in plan
    looked = change(client, "/forget", person="Priya Nair")
    assert looked.status_code == 200
    assert jobs.jobs(bench) == []
    assert change(client, "/forget", document="nowhere", sure="1").status_code == 404
    assert change(client, "/forget", sure="1").status_code == 400
    job = change(client, "/forget", document=document, sure="1").location
    working.work(bench)
    assert "1 document whole" in shown(client, job)
    assert bench.store.documents() == []
    assert "1 document" in shown(client, "/sources").partition("Forgotten")[2]


# --- who may ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def signed_in(bench, monkeypatch):
    """A client for somebody of each access, by token."""
    held = {access: f"{access}@example" for access in Access}
    for access, name in held.items():
        users.add(bench, name, access, "correct horse battery")
    app = create_app(bench)

    def of(access):
        client = app.test_client()
        _, secret = users.make_token(bench, held[access], access=access, purpose="test")
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
        return client

    return of


def test_only_who_may_forget_may_cancel_forgetting(signed_in, bench):
    job = jobs.submit(bench, JobKind.FORGET, "1 person", {"people": ["x"]})
    researcher, admin = signed_in(Access.RESEARCHER), signed_in(Access.ADMIN)
    told = {"do": "cancel", "job": job.id}
    assert researcher.post("/api/v1/jobs", json=told).status_code == 403
    assert jobs.find(bench, job.id).state is JobState.WAITING
    assert admin.post("/api/v1/jobs", json=told).status_code == 200


def test_viewers_see_jobs_and_no_uploads(signed_in, bench):
    viewer, researcher = signed_in(Access.VIEWER), signed_in(Access.RESEARCHER)
    assert viewer.get("/api/v1/jobs").status_code == 200
    assert viewer.get("/api/v1/uploads").status_code == 403
    assert viewer.post("/api/v1/jobs", json={"do": "update"}).status_code == 403
    assert researcher.post("/api/v1/jobs", json={"do": "update"}).status_code == 200
    assert researcher.post("/api/v1/forgetting", json={"people": ["x"]}).status_code == 403


# --- calls -----------------------------------------------------------------------------------------------------------


def checked(answer, shape):
    """The body of an answer, once it is what the description says."""
    assert answer.status_code == 200, answer.text
    schema = {"$ref": f"#/components/schemas/{shape}", "components": openapi.document()["components"]}
    Draft202012Validator(schema).validate(answer.json)
    return answer.json


def sent(name, content):
    return {"name": name, "content": base64.b64encode(content.encode()).decode()}


def test_programs_do_all_of_it(client, bench):
    body = {"files": [sent("call-1.txt", CALL), sent("posts.csv", POSTS)]}
    upload = checked(client.post("/api/v1/uploads", json=body), "UploadInFull")
    here = f"/api/v1/uploads/{upload['id']}"
    assert [item["ready"] for item in upload["files"]] == [True, True]
    assert upload["files"][1]["table"]["proposed"]
    assert checked(client.get("/api/v1/uploads"), "Uploads")["uploads"][0]["names"] == ["call-1.txt", "posts.csv"]
    told = {"do": "tell", "file": "call-1.txt", "row": {"account": "Globex"}, "sides": {"Ravi Anand": "vendor"}}
    first = checked(client.post(here, json=told), "UploadChanged")["upload"]["files"][0]
    assert {who["name"]: who["side"] for who in first["previews"][0]["speakers"]}["Ravi Anand"] == "vendor"
    mapped = {"do": "map", "file": "posts.csv", "kind": "community", "fields": {"text": "words", "speaker": "who"}}
    checked(client.post(here, json=mapped), "UploadChanged")
    checked(client.post(here, json={"do": "unmap", "file": "posts.csv"}), "UploadChanged")
    checked(client.post(here, json={"do": "drop", "file": "posts.csv"}), "UploadChanged")
    job = checked(client.post(here, json={"do": "take"}), "UploadChanged")["job"]
    assert checked(client.get(f"/api/v1/jobs/{job['id']}"), "JobNow")["job"]["state"] == "waiting"
    working.work(bench)
    done = checked(client.get(f"/api/v1/jobs/{job['id']}"), "JobNow")["job"]
    assert (done["state"], done["result"]["files"][0]["status"]) == ("done", "added")
    checked(client.post("/api/v1/jobs", json={"do": "update"}), "QueueChanged")
    checked(client.get("/api/v1/jobs"), "Queue")


def test_programs_forget(client, bench, tmp_path):
    (tmp_path / "call-1.txt").write_text(CALL, encoding="utf-8")
    intake.take_in(bench, [tmp_path / "call-1.txt"])
    plan = checked(client.post("/api/v1/forgetting", json={"documents": ["call-1"]}), "ForgettingAsked")
    assert (plan["plan"]["turns"], plan["job"]) == (5, None)
    asked = checked(client.post("/api/v1/forgetting", json={"documents": ["call-1"], "sure": True}), "ForgettingAsked")
    assert "call-1" not in json.dumps(asked["job"])
    working.work(bench)
    assert checked(client.get("/api/v1/forgetting"), "Forgotten")["forgotten"][0]["counts"]["document"] == 1


@pytest.mark.parametrize(
    "body",
    [
        "x",
        {},
        {"files": "x"},
        {"files": [{"name": "a.txt"}]},
        {"files": [{"name": "a.txt", "content": "no base64!"}]},
        {"files": [{"name": 7, "content": "eA=="}]},
        {"files": [], "more": 1},
        {"files": []},
    ],
    ids=str,
)
def test_what_is_sent_wrongly_keeps_nothing(client, bench, body):
    assert client.post("/api/v1/uploads", json=body).status_code == 400
    assert staging.uploads(bench) == []


@pytest.mark.parametrize(
    "body", [{"do": "sing"}, {"do": "tell", "row": {"account": 7}}, {"do": "tell", "sides": []}, {"row": {}}], ids=str
)
def test_a_change_that_cannot_be_read_changes_nothing(client, bench, body):
    upload = client.post("/api/v1/uploads", json={"files": [sent("call-1.txt", CALL)]}).json
    told = {"file": "call-1.txt", **body}
    assert client.post(f"/api/v1/uploads/{upload['id']}", json=told).status_code == 400
    assert staging.find(bench, upload["id"]).files[0].choice == staging.Choice()
