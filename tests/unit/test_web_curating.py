"""Deciding about themes in the web app by forms alone, and the same by the API."""

from __future__ import annotations

import re

import pytest
from jsonschema import Draft202012Validator

from tests.unit.webtools import small_workspace
from web import create_app, openapi
from winloss.model import Facet


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    with small_workspace(tmp_path_factory.mktemp("curating")) as opened:
        yield opened


@pytest.fixture
def client(bench):
    return create_app(bench).test_client()


@pytest.fixture
def post(client):
    def send(address, **fields):
        token = re.search(r'name="token" value="([^"]+)"', client.get("/codes").text)[1]
        return client.post(address, data={"token": token, "by": "Dana", **fields}, follow_redirects=True)

    return send


def themes(bench):
    return [theme.id for theme in bench.store.themes(Facet.PAIN)]


def members(bench, theme_id):
    return [row.id for row in bench.store.evidence() if row.theme_id == theme_id]


def test_a_theme_is_renamed_split_merged_and_everything_taken_back(client, post, bench):
    one, other, *_ = themes(bench)
    assert "Your name" in client.get(f"/themes/{one}/curate").text
    page = post(f"/themes/{one}/curate", do="rename", title="The <night> shift")
    assert "“The &lt;night&gt; shift”" in page.text
    assert "renamed by Dana: to “The &lt;night&gt; shift”" in page.text.replace("\n", " ")
    page = post(f"/themes/{one}/curate", do="split", title="Apart", verbatim=members(bench, one)[:2])
    assert "“Apart”" in page.text
    page = post(f"/themes/{other}/curate", do="merge", into=one)
    assert members(bench, other) == []
    assert "merged by Dana" in client.get("/ledger").text
    for _ in range(3):
        post(f"/themes/{one}/curate", do="undo")
    assert set(themes(bench)) >= {one, other}
    assert bench.store.theme_decisions() == []
    assert post(f"/themes/{one}/curate", do="dance").status_code == 400
    assert post(f"/themes/{one}/curate", do="merge", into=one).status_code == 400


def test_a_decision_is_taken_back_by_its_button(client, post, bench):
    one = themes(bench)[0]
    page = post(f"/themes/{one}/curate", do="pin")
    decision = re.search(r'name="decision" value="([^"]+)"', page.text)[1]
    page = post(f"/themes/{one}/curate", do="take-back", decision=decision)
    assert "Decisions that hold" not in page.text
    assert not bench.store.theme(one).pinned


def checked(answer):
    schema = {"$ref": "#/components/schemas/ThemeHistory", "components": openapi.document()["components"]}
    Draft202012Validator(schema).validate(answer.get_json())
    return answer.get_json()


def test_the_api_decides_and_tells_the_history(client, bench):
    one = themes(bench)[0]
    told = checked(client.post(f"/api/v1/themes/{one}/decisions", json={"do": "archive", "by": "Dana"}))
    assert told["theme"]["archived"]
    assert told["events"][0]["what"] == "archived"
    moved = members(bench, one)[:1]
    told = checked(
        client.post(f"/api/v1/themes/{one}/decisions", json={"do": "move", "by": "Dana", "verbatims": moved})
    )
    assert told["decisions"][-1]["verbatims"] == moved
    assert checked(client.get(f"/api/v1/themes/{one}/decisions")) == told
    assert client.get("/api/v1/ledger?limit=1").get_json()["events"][0]["what"] == "moved"
    for _ in range(2):
        client.post(f"/api/v1/themes/{one}/decisions", json={"do": "undo", "by": "Dana"})
    assert not bench.store.theme(one).archived
    for wrong in ({"do": "archive"}, {"do": "dance", "by": "Dana"}, {"do": "rename", "by": "Dana", "title": " "}):
        assert client.post(f"/api/v1/themes/{one}/decisions", json=wrong).status_code == 400
    assert client.get("/api/v1/themes/hnothing/decisions").status_code == 404
