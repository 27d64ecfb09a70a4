"""Labelling in the web app by forms alone: one press says what a verbatim is; and the same by the API."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator

from nlp.facets.classify import FacetClassifier
from tests.unit.webtools import small_workspace
from web import create_app, openapi
from winloss.services.research import labelling


@pytest.fixture
def bench(tmp_path):
    with small_workspace(tmp_path) as opened:
        fingerprint = opened.encoder().fingerprint
        yield replace(opened, shipped=lambda: FacetClassifier(encoder=fingerprint))


@pytest.fixture
def client(bench):
    return create_app(bench).test_client()


@pytest.fixture
def post(client):
    def send(address, **fields):
        token = re.search(r'name="token" value="([^"]+)"', client.get("/codes").text)[1]
        return client.post(address, data={"token": token, **fields}, follow_redirects=True)

    return send


def verbatim_of(page):
    return re.search(r'name="verbatim" value="([^"]+)"', page.text)[1]


def test_one_press_labels_and_brings_the_next(client, post, bench):
    assert "Your name" in client.get("/label").text
    page = post("/coder?to=label&order=unsure", name="Dana")
    assert 'data-key="p 2"' in page.text
    one = verbatim_of(page)
    page = post("/label?order=unsure", verbatim=one, facet="none")
    assert verbatim_of(page) != one
    assert [(item.verbatim_id, item.facet, item.by) for item in bench.store.labels()] == [(one, "none", "Dana")]
    page = post("/label?order=unsure", verbatim=verbatim_of(page), do="undo")
    assert bench.store.labels() == []
    assert verbatim_of(page) == one


def test_a_verbatim_drawn_by_chance_hides_what_the_model_says(client, post, bench):
    page = post("/coder?to=label&order=random", name="Dana")
    assert "So far:" not in page.text
    post("/label?order=random", verbatim=verbatim_of(page), facet="pain")
    (label,) = bench.store.labels()
    assert label.blind


def test_skipping_goes_on_and_comes_to_an_end(client, post, bench):
    page = post("/coder?to=label&order=random", name="Dana")
    one = verbatim_of(page)
    page = post("/label?order=random", verbatim=one, do="skip")
    assert verbatim_of(page) != one
    assert bench.store.labels() == []
    assert "Nothing is left to label" in client.get("/label?order=random&skip=4000").text


def test_the_page_of_a_verbatim_says_who_labelled_it_and_takes_it_back(client, post, bench):
    post("/coder?to=label", name="Dana")
    one = next(row.id for row in bench.store.evidence() if row.facet == "pain")
    page = post("/label?back=1", verbatim=one, facet="proof")
    assert "labelled proof by Dana (the model said pain)" in page.text
    assert not bench.store.labels()[0].blind
    page = post("/label?back=1", verbatim=one, do="take")
    assert "labelled proof" not in page.text
    assert bench.store.labels() == []


def test_what_labels_teach_is_shown_before_it_is_used(client, post, bench):
    assert "too few to learn from" in post("/labels", do="measure").text
    for row in bench.store.evidence()[:40]:
        labelling.label(bench, row.id, "pain" if row.facet == "engagement" else row.facet, by="Dana")
    page = post("/labels", do="measure")
    assert "put right" in page.text
    assert "in use since" not in page.text
    assert "in use since" in post("/labels", do="adopt").text
    assert "as it ships; labels hold" in post("/labels", do="revert").text
    assert post("/labels", do="dance").status_code == 400


def checked(answer, name):
    schema = {"$ref": f"#/components/schemas/{name}", "components": openapi.document()["components"]}
    Draft202012Validator(schema).validate(answer.get_json())
    return answer.get_json()


def test_the_api_labels_undoes_and_teaches(client, bench):
    one = next(row.id for row in bench.store.evidence() if row.facet == "pain")
    told = checked(client.post("/api/v1/labels", json={"verbatim": one, "by": "Dana", "facet": "none"}), "Labelled")
    assert told["holds"]["facet"] == "none"
    assert checked(client.get("/api/v1/labels?by=dana"), "LabelsPage")["total"] == 1
    waiting = client.get("/api/v1/labels/next?order=random&by=Dana&limit=500").get_json()["verbatims"]
    assert one not in waiting
    told = checked(client.post("/api/v1/labels", json={"by": "Dana", "undo": True}), "Labelled")
    assert told["holds"] is None
    assert bench.store.labels() == []
    for wrong in ({"by": "Dana", "verbatim": one, "facet": "pains"}, {"verbatim": one, "facet": "pain"}):
        assert client.post("/api/v1/labels", json=wrong).status_code == 400
    for name in waiting[:40]:
        labelling.label(bench, name, "proof", by="Dana")
    assert checked(client.post("/api/v1/lesson", json={"do": "measure"}), "Lessons")["measured"]["documents"] == 40
    assert checked(client.post("/api/v1/lesson", json={"do": "adopt"}), "Lessons")["in_use"]
    assert checked(client.get("/api/v1/lesson"), "Lessons")["in_use"]
    assert checked(client.post("/api/v1/lesson", json={"do": "revert"}), "Lessons")["in_use"] is None
    assert client.post("/api/v1/lesson", json={"do": "dance"}).status_code == 400
