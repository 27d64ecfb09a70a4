"""The API: what it publishes about itself is true, both ways, and errors have one shape."""

from __future__ import annotations

import re

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from tests.unit.webtools import filled
from web import create_app, openapi

ERROR = {"ok", "code", "error", "hint", "errors", "status"}


@pytest.fixture
def app(bench, tmp_path):
    return create_app(filled(bench, tmp_path / "drop"))


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def ids(client):
    """An id for every variable part of a path."""
    hit = client.get("/api/v1/search?q=alerts").json["hits"][0]
    theme = client.get("/api/v1/themes?facet=pain").json["themes"][0]
    return {"verbatim_id": hit["id"], "document_id": hit["document_id"], "theme_id": theme["id"]}


def test_the_description_is_valid_openapi(client):
    validate(client.get("/api/v1/openapi.json").json)


def test_every_route_is_described_and_every_description_has_a_route(app):
    routes = {
        re.sub(r"<(\w+)>", r"{\1}", rule.rule.removeprefix("/api/v1"))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1")
    }
    assert routes == set(openapi.document()["paths"])


def test_every_answer_is_what_the_description_says(client, ids):
    described = openapi.document()
    needed = {"/compare": "?earlier=2026Q1&later=2026Q2", "/report": "?quarter=2026Q2"}
    for path, operations in described["paths"].items():
        answer = client.get("/api/v1" + path.format(**ids) + needed.get(path, ""))
        assert answer.status_code == 200, path
        schema = operations["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        Draft202012Validator({**schema, "components": described["components"]}).validate(answer.json)


def test_every_described_parameter_is_taken_and_no_other(client, ids):
    for path, operations in openapi.document()["paths"].items():
        answer = client.get("/api/v1" + path.format(**ids) + "?segmnt=federal")
        assert answer.status_code == 400, path
        assert set(answer.json) == ERROR
        named = {item["name"] for item in operations["get"].get("parameters", ()) if item["in"] == "query"}
        if "segment" in named:
            assert "segment" in answer.json["hint"]


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
    ],
)
def test_errors_have_one_shape_and_say_what_to_do(client, path, status):
    answer = client.get("/api/v1" + path)
    assert (answer.status_code, answer.mimetype) == (status, "application/json")
    assert set(answer.json) == ERROR
    assert answer.json["ok"] is False
    assert answer.json["status"] == status
    assert answer.json["hint"]


def test_it_answers_like_the_pages_and_is_read_only(client):
    assert client.get("/api/v1/search?segment=federal").json["total"] == 60
    assert client.post("/api/v1/search").status_code == 405
    assert set(client.post("/api/v1/search").json) == ERROR
