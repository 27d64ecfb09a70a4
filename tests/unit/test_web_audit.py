"""Decks in the web app by forms alone, and by the API."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator

from tests.unit.webtools import small_workspace
from web import create_app, openapi
from winloss.services.audit import asking_audits, passing
from winloss.services.erasure.forgetting import Wish as Forgetting
from winloss.services.erasure.forgetting import forget
from winloss.services.workspace import jobs, working
from winloss.services.workspace.jobs import JobState

DECK = (
    b"# Findings\n\n- The alerts bury analysts on every night shift. "
    b'"The alerts bury my analysts on every night shift of week 4."\n'
    b"- <script>alert(1)</script> Zeppelins land at noon\n"
)


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    with small_workspace(tmp_path_factory.mktemp("audit")) as opened:
        yield opened


@pytest.fixture
def client(bench):
    return create_app(bench).test_client()


@pytest.fixture
def post(client, bench):
    """Sends a form, and goes where it leads: through the job, where there is one, to what that made."""

    def send(address, **fields):
        token = re.search(r'name="token" value="([^"]+)"', client.get("/audit").text)[1]
        answer = client.post(address, data={"token": token, **fields}, follow_redirects=True)
        if not answer.request.path.startswith("/jobs/"):
            return answer
        working.work(bench)
        return client.get(answer.request.full_path, follow_redirects=True)

    return send


def dropped(post, **fields):
    return post("/audit", deck=(io.BytesIO(DECK), "../readout.md"), quarter="2026Q1", **fields)


def test_a_deck_is_dropped_audited_kept_handed_on_and_taken_away(client, post, bench):
    assert "No deck is kept yet" in client.get("/audit").text
    page = dropped(post)
    address = page.request.path
    assert page.status_code == 200
    assert "<h1>readout.md</h1>" in page.text
    assert "<script>alert" not in page.text
    assert "Keep it as the synthesis of 2026Q1" in page.text
    kept = post(address, do="keep")
    assert "Kept as the synthesis of 2026Q1" in kept.text
    assert [deck.name for deck in bench.store.syntheses("2026Q1")] == ["readout.md"]
    for form, kind in (("html", "text/html"), ("json", "application/json"), ("md", "text/markdown")):
        handed = client.get(f"{kept.request.path}/file?as={form}")
        assert handed.status_code == 200
        assert handed.content_type.startswith(kind)
        assert "attachment" in handed.headers["Content-Disposition"]
    assert client.get(f"{kept.request.path}/file?as=pptx").status_code == 400
    gone = post(kept.request.path, do="remove")
    assert "Bring it back" in gone.text
    assert not bench.store.syntheses("2026Q1")
    post("/audit", do="undo")
    assert bench.store.syntheses("2026Q1")
    post(kept.request.path, do="remove")


def test_what_is_no_deck_is_refused_with_what_to_do(client, post):
    assert post("/audit").status_code == 400
    broken = post("/audit", deck=(io.BytesIO(b"PK\x03\x04 nothing"), "deck.pptx"))
    assert broken.status_code == 400
    assert "is not a deck" in broken.text
    assert client.get("/audit/unknown").status_code == 404
    assert post("/audit/unknown", do="dance").status_code in (400, 404)


def test_a_form_of_another_page_changes_nothing(client):
    assert client.post("/audit", data={"deck": (io.BytesIO(DECK), "deck.md")}).status_code == 403


def test_the_api_audits_keeps_and_takes_away(client, bench):
    schemas = openapi.document()["components"]["schemas"]

    def valid(answer, name):
        Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas}}).validate(
            answer
        )
        return answer

    def send(**body):
        return client.post("/api/v1/audits", json=body)

    content = base64.b64encode(DECK).decode()
    deck = {"do": "audit", "name": "readout.md", "content": content, "quarter": "2026Q2"}
    asked = send(**deck)
    assert asked.status_code == 202
    assert valid(asked.json, "Audited")["audit"] is None
    working.work(bench)
    job = client.get(asked.headers["Location"]).json["job"]
    audit_id = job["result"]["audit"]
    assert len(valid(client.get(f"/api/v1/audits/{audit_id}").json, "Audit")["claims"]) == 2
    again = send(**deck)
    assert (again.status_code, valid(again.json, "Audited")["audit"]["id"], again.json["decks"]) == (200, audit_id, [])
    kept = valid(send(do="keep", deck=audit_id, by="Dana").json, "Audited")
    assert kept["decks"][0]["by"] == "Dana"
    valid(client.get("/api/v1/audits").json, "Decks")
    gone = valid(send(do="remove", deck=kept["audit"]["id"], by="Dana").json, "Audited")
    assert gone["decks"] == []
    assert send(do="undo", by="Dana").json["decks"]
    send(do="remove", deck=kept["audit"]["id"], by="Dana")
    for wrong in (
        {"do": "dance"},
        {"do": "audit", "name": "deck.md", "content": "not base64!"},
        {"do": "audit", "name": "deck.md"},
        {"do": "audit", "name": "deck.md", "content": content, "segment": "nowhere"},
        {"do": "audit", "name": "deck.md", "content": content, "quarter": "soon"},
    ):
        assert client.post("/api/v1/audits", json=wrong).status_code == 400
    assert not bench.store.syntheses()


def test_a_deck_that_was_dropped_is_audited_after_a_restart_and_goes_where_anything_is_forgotten(tmp_path):
    with small_workspace(tmp_path) as bench:
        job = asking_audits.ask(bench, "readout.md", DECK, asking_audits.Wish(keep=True, by="Dana"))
        assert jobs.begin_next(bench).id == job.id
        again = replace(bench, memo={})
        working.work(again)
        done = jobs.find(again, job.id)
        assert (done.state, done.attempts) == (JobState.DONE, 2)
        (kept,) = again.store.syntheses()
        assert (done.result["audit"], kept.by) == (kept.id, "Dana")
        assert [deck.name for deck in passing.listed(again)] == ["readout.md"]
        forget(again, Forgetting(documents=(again.store.documents()[0].id,)))
        assert passing.listed(again) == []
        assert list((again.root / passing.FOLDER).iterdir()) == []
