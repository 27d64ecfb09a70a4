"""The API: what it publishes about itself is true, both ways, and errors have one shape."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from openapi_spec_validator import validate
from werkzeug.test import TestResponse

from tests.unit.webtools import audited, made_report, small_workspace
from web import corrections, create_app, openapi
from winloss.ports import Workbench

ERROR = {"ok", "code", "error", "hint", "errors", "status"}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    with small_workspace(tmp_path_factory.mktemp("api")) as opened:
        made_report(opened)
        yield opened


@pytest.fixture(scope="module")
def app(bench: Workbench) -> Flask:
    return create_app(bench)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def ids(client: FlaskClient, bench: Workbench) -> dict[str, str]:
    """An id for every variable part of a path."""
    hit = _json(client.get("/api/v1/search?q=alerts"))["hits"][0]
    theme = _json(client.get("/api/v1/themes?facet=pain"))["themes"][0]
    client.post("/api/v1/collections", json={"do": "pin", "collection": "Deck", "verbatims": [hit["id"]], "new": True})
    client.post("/api/v1/saved", json={"do": "save", "search": "Alerts", "query": "alerts"})
    held = "Alerts bury analysts at night"
    client.post("/api/v1/beliefs", json={"do": "add", "statement": held, "owner": "Dana"})
    deck = audited(bench, "deck.md", b"- Alerts bury analysts at night\n")
    sent = {"name": "note.txt", "content": base64.b64encode(b"Ann: The alerts bury us.\n\nBob: Why?\n").decode()}
    upload = _json(client.post("/api/v1/uploads", json={"files": [sent]}))
    job = _json(client.post("/api/v1/jobs", json={"do": "update"}))["job"]
    made = _json(client.get("/api/v1/reports"))["reports"][0]
    waiting = {"upload_id": upload["id"], "job_id": job["id"], "report_id": made["id"]}
    kept = {"collection": "Deck", "search": "Alerts", "belief_id": _belief(client, held), "audit_id": deck}
    return {"verbatim_id": hit["id"], "document_id": hit["document_id"], "theme_id": theme["id"], **kept, **waiting}


def _belief(client: FlaskClient, statement: str) -> str:
    known = _json(client.get("/api/v1/beliefs"))["beliefs"]
    return next(item["id"] for item in known if item["statement"] == statement)


def test_the_description_is_valid_openapi(client: FlaskClient) -> None:
    validate(_json(client.get("/api/v1/openapi.json")))


def test_every_route_is_described_and_every_description_has_a_route(app: Flask) -> None:
    routes = {
        (re.sub(r"<(\w+)>", r"{\1}", rule.rule.removeprefix("/api/v1")), method.casefold())
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/v1")
    }
    described = {(path, method) for path, operations in openapi.document()["paths"].items() for method in operations}
    assert routes == described


def test_every_answer_is_what_the_description_says(client: FlaskClient, ids: dict[str, str]) -> None:
    described = openapi.document()
    needed = {"/compare": "?earlier=2026Q1&later=2026Q2", "/report": "?quarter=2026Q2"}
    needed["/report/compare"] = "?quarter=2026Q2&against=2026Q1"
    for path, operations in described["paths"].items():
        answer = client.get("/api/v1" + path.format(**ids) + needed.get(path, ""))
        assert answer.status_code == 200, path
        schema = operations["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        Draft202012Validator({**schema, "components": described["components"]}).validate(_json(answer))


def test_every_described_parameter_is_taken_and_no_other(client: FlaskClient, ids: dict[str, str]) -> None:
    for path, operations in openapi.document()["paths"].items():
        answer = client.get("/api/v1" + path.format(**ids) + "?segmnt=federal")
        assert answer.status_code == 400, path
        assert set(_json(answer)) == ERROR
        named = {item["name"] for item in operations["get"].get("parameters", ()) if item["in"] == "query"}
        if "segment" in named:
            assert "segment" in _json(answer)["hint"]
        for name in named:
            refused = client.get(f"/api/v1{path.format(**ids)}?{name}=").json or {}
            assert "no parameter" not in str(refused.get("error")), (path, name)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/verbatims/vnone", 404),
        ("/nothing", 404),
        ("/search?q=%22open", 400),
        ("/search?limit=0", 400),
        ("/search?segment=nowhere", 400),
        ("/themes?quarter=last", 400),
        ("/compare", 400),
        ("/report/compare?quarter=2026Q2", 400),
        ("/report/compare?quarter=2026Q2&against=2026Q2", 400),
        ("/report/compare?quarter=2026Q2&against=2001Q1", 404),
    ],
)
def test_errors_have_one_shape_and_say_what_to_do(client: FlaskClient, path: str, status: int) -> None:
    answer = client.get("/api/v1" + path)
    assert (answer.status_code, answer.mimetype) == (status, "application/json")
    assert set(_json(answer)) == ERROR
    assert _json(answer)["ok"] is False
    assert _json(answer)["status"] == status
    assert _json(answer)["hint"]


def test_a_report_that_is_asked_for_is_a_job_and_one_that_is_kept_is_answered(
    client: FlaskClient, bench: Workbench
) -> None:
    made_report(bench)
    described = openapi.document()
    operation = described["paths"]["/reports"]["post"]
    seen = []
    for wish in ({"quarter": "2026Q2"}, {"quarter": "2026Q2", "segment": "federal"}, {"quarter": "2026Q1"}):
        answer = client.post("/api/v1/reports", json=wish)
        seen.append(answer.status_code)
        schema = operation["responses"][str(answer.status_code)]["content"]["application/json"]["schema"]
        Draft202012Validator({**schema, "components": described["components"]}).validate(_json(answer))
        if answer.status_code == 202:
            assert _json(client.get(answer.headers["Location"]))["job"]["state"] == "waiting"
    assert seen == [200, 202, 202]
    for wish, status in (({}, 400), ({"quarter": "2031Q1"}, 404), ({"quarter": "2026Q2", "colour": "red"}, 400)):
        assert client.post("/api/v1/reports", json=wish).status_code == status


def test_it_answers_like_the_pages_and_is_read_only(client: FlaskClient) -> None:
    assert _json(client.get("/api/v1/search?segment=federal"))["total"] == 60
    assert client.post("/api/v1/search").status_code == 405
    assert set(_json(client.post("/api/v1/search"))) == ERROR


def test_a_speaker_is_corrected_and_it_is_taken_back(client: FlaskClient) -> None:
    described = openapi.document()
    operation = described["paths"]["/speakers"]["post"]
    assert set(described["components"]["schemas"]["Correction"]["properties"]) == set(corrections.MEMBERS)
    told = {"name": "author-3", "side": "vendor", "title": "Account executive", "by": "Mira"}
    answer = _json(client.post("/api/v1/speakers", json=told))
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    Draft202012Validator({**schema, "components": described["components"]}).validate(answer)
    assert (answer["side"], answer["changed_documents"], answer["by"]) == ("vendor", 3, "Mira")
    listed = _json(client.get("/api/v1/speakers?limit=1000"))["speakers"]
    (author,) = [item for item in listed if item["speaker"]["name"] == "author-3"]
    assert (author["speaker"]["side_evidence"], author["corrected"]) == ("set by Mira on 2026-06-30", True)
    taken_back = client.post("/api/v1/speakers", json={"name": "author-3", "undo": True})
    assert _json(taken_back)["changed_documents"] == 3
    assert client.post("/api/v1/speakers", json={"name": "author-3", "undo": True}).status_code == 404


def test_names_of_buyers_are_not_listed_where_they_may_not_be_named(client: FlaskClient) -> None:
    listed = _json(client.get("/api/v1/speakers?limit=1000"))
    assert listed["total"] == len(listed["speakers"]) == 40 + 1
    assert {item["speaker"]["name"] for item in listed["speakers"]} == {None}


@pytest.mark.parametrize(
    "body",
    [
        "author-3",
        [],
        {"name": 3, "side": "buyer"},
        {"name": "author-3", "side": "boss"},
        {"name": "author-3", "side": ["buyer"]},
        {"name": "author-3", "turns": [1], "side": "buyer"},
        {"name": "author-3", "turns": [True, 2], "side": "buyer"},
        {"name": "author-3", "unnamed": "yes", "side": "buyer"},
        {"name": "author-3", "colour": "red"},
        {"name": "author-3"},
    ],
)
def test_a_correction_that_cannot_be_read_changes_nothing(client: FlaskClient, body: object) -> None:
    before = _json(client.get("/api/v1/status"))["revision"]
    answer = client.post("/api/v1/speakers", json=body)
    assert (answer.status_code, set(_json(answer))) == (400, ERROR)
    assert _json(answer)["hint"]
    assert _json(client.get("/api/v1/status"))["revision"] == before


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
    ],
)
def test_no_other_site_changes_anything(client: FlaskClient, headers: dict[str, str]) -> None:
    told = {"name": "author-3", "side": "vendor"}
    assert client.post("/api/v1/speakers", json=told, headers=headers).status_code == 403
    assert client.post("/api/v1/speakers", data=told).status_code == 403


def _json(answer: TestResponse) -> dict[str, Any]:
    assert isinstance(answer.json, dict)
    return answer.json
