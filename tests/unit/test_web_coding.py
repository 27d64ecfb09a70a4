"""Coding in the web app by forms alone: none applies, undo, the codebook, agreement; and the same by the API."""

from __future__ import annotations

import re

import pytest
from jsonschema import Draft202012Validator

from tests.unit.webtools import small_workspace
from web import create_app, openapi
from winloss.model import NONE_APPLIES, Filters
from winloss.services.research import codes, coding
from winloss.services.search import searching


@pytest.fixture
def bench(tmp_path):
    with small_workspace(tmp_path) as opened:
        yield opened


@pytest.fixture
def client(bench):
    return create_app(bench).test_client()


@pytest.fixture
def post(client):
    """Sends a form as its page would, and follows to the page that answers."""

    def send(address, **fields):
        token = re.search(r'name="token" value="([^"]+)"', client.get("/codes").text)[1]
        return client.post(address, data={"token": token, **fields}, follow_redirects=True)

    return send


def verbatim_of(page):
    return re.search(r'name="verbatim" value="([^"]+)"', page.text)[1]


def test_the_name_is_asked_once_and_the_search_goes_along(client, post):
    assert "Your name" in client.get("/code?q=alerts").text
    page = post("/coder?q=alerts&segment=federal", name="Dana Fôx")
    assert "Dana Fôx has looked at 0" in page.text
    assert "1 of " in page.text
    assert "segment=federal" in page.text
    assert "Your name" not in client.get("/code?q=alerts").text


def test_codes_are_given_taken_and_undone_and_a_new_one_is_made(client, post, bench):
    codes.add(bench, "pain/cost", by=None)
    page = post("/coder?q=alerts", name="Dana")
    one = verbatim_of(page)
    page = post("/code?q=alerts&n=1", verbatim=one, give="pain/cost")
    assert 'aria-pressed="true"' in page.text
    assert verbatim_of(page) == one
    page = post("/code?q=alerts&n=1", verbatim=one, code="night/shift")
    assert "There is no code “night/shift”" in page.text
    post("/code?q=alerts&n=1", verbatim=one, new="night/shift")
    assert coding.sheet(bench, "Dana", [one])[one] == {"pain/cost", "night/shift"}
    post("/code?q=alerts&n=1", verbatim=one, take="pain/cost")
    assert coding.sheet(bench, "Dana", [one])[one] == {"night/shift"}
    for _ in range(3):
        post("/code?q=alerts&n=1", do="undo")
    assert bench.store.codings() == []
    assert [code.path for code in codes.codes(bench)] == ["pain", "pain/cost"]


def test_none_applies_goes_on_and_undo_comes_back(client, post, bench):
    one = verbatim_of(post("/coder?q=alerts", name="Dana"))
    page = post("/code?q=alerts&n=1", verbatim=one, do="none")
    assert verbatim_of(page) != one
    assert [item.code for item in bench.store.codings()] == [NONE_APPLIES]
    action = re.search(r'action="(/code[^"]*back=1[^"]*)"', page.text)[1].replace("&amp;", "&")
    assert verbatim_of(post(action, do="undo")) == one
    assert bench.store.codings() == []


def test_it_starts_at_the_first_not_looked_at_and_shows_nobody_elses_codes(client, post, bench):
    codes.add(bench, "pain", by=None)
    ids, _ = searching.listing(bench, "alerts", Filters())
    coding.give(bench, ids[0], ["pain"], coder="Dana")
    coding.give(bench, ids[1], ["pain"], coder="Tom")
    page = post("/coder?q=alerts", name="dana")
    assert verbatim_of(page) == ids[1]
    assert "Not coded by you yet" in page.text
    assert 'aria-pressed="true"' not in page.text
    assert "Tom" not in page.text


def test_an_order_stays_while_codings_change_what_a_filter_finds(client, post, bench):
    codes.add(bench, "pain", by=None)
    ids, at = searching.listing(bench, "", Filters())
    coding.give(bench, ids[0], ["pain"], coder="Tom")
    post("/coder", name="Dana")
    page = post(f"/code?at={at}&n=2", verbatim=ids[1], give="pain")
    assert verbatim_of(page) == ids[1]


def test_what_the_address_adds_is_not_taken_for_a_way_to_make_links(client, post, bench):
    post("/coder", name="Dana")
    page = client.get("/code?q=alerts&_external=1&_scheme=javascript&endpoint=x&_anchor=y")
    assert page.status_code == 200
    assert not re.search(r'(?:href|action)="(?:javascript|http)', page.text)
    assert "endpoint=x" not in page.text
    assert client.get("/codes/verbatims?_scheme=javascript&endpoint=x&offset=50").status_code == 200


def test_no_other_site_codes_anything(client, bench):
    codes.add(bench, "pain", by=None)
    before = bench.store.codes()
    for address in ("/code", "/coder", "/codes"):
        assert client.post(address, data={"do": "remove", "path": "pain", "name": "x"}).status_code == 403
    assert bench.store.codes() == before


def test_the_codebook_is_edited_and_its_numbers_lead_to_verbatims(client, post, bench):
    post("/codes", do="add", path="pain/cost", description="<b>What</b> it costs", colour="#123456")
    ids, _ = searching.listing(bench, "", Filters(), limit=3)
    coding.give(bench, ids[0], ["cost"], coder="Dana")
    coding.none_applies(bench, ids[1], coder="Dana")
    page = client.get("/codes").text
    assert "&lt;b&gt;What" in page
    assert "1 of 2 verbatims" in page
    assert "1 verbatim" in client.get("/codes/verbatims?code=pain&coder=Dana").text
    assert "None applies" in client.get("/codes/verbatims?coder=Dana&none=true").text
    post("/codes", do="move", path="pain/cost", to="money")
    post("/codes", do="undo")
    assert [code.path for code in codes.codes(bench)] == ["pain", "pain/cost"]
    assert post("/codes", do="move", path="pain", to="pain/cost/x").status_code == 409
    assert post("/codes", do="shake").status_code == 400


def test_agreement_is_shown_with_its_interval_and_where_they_differ(client, bench):
    codes.add(bench, "pain", by=None)
    ids, _ = searching.listing(bench, "", Filters(), limit=14)
    for number, name in enumerate(ids):
        for coder, first in (("Dana", 6), ("Tom", 5)):
            if number < first:
                coding.give(bench, name, ["pain"], coder=coder)
            else:
                coding.none_applies(bench, name, coder=coder)
    page = client.get("/agreement?a=Dana&b=Tom").text
    assert "13 of 14" in page
    assert "95 % interval" in page
    assert ids[5] in page
    assert client.get("/agreement?a=Dana&b=Zoe").status_code == 404
    coding.none_applies(bench, ids[0], coder="Eve")
    assert "not enough" in client.get("/agreement?a=Dana&b=Eve").text


def valid(name, answer):
    assert answer.status_code == 200, answer.text
    described = openapi.document()
    schema = {"$ref": f"#/components/schemas/{name}", "components": described["components"]}
    Draft202012Validator(schema).validate(answer.json)
    return answer.json


def test_programs_code_and_ask_for_agreement(client, bench):
    ids, _ = searching.listing(bench, "", Filters(), limit=12)
    valid("Codebook", client.post("/api/v1/codes", json={"do": "add", "path": "pain/cost", "by": "Dana"}))
    for name in ids:
        for coder in ("Dana", "Tom"):
            told = {"verbatim": name, "coder": coder, "give": ["cost"]}
            assert valid("Coded", client.post("/api/v1/codings", json=told))["codes"] == ["pain/cost"]
    assert valid("CodingsPage", client.get("/api/v1/codings?coder=dana"))["total"] == 12
    compared = valid("Agreed", client.get("/api/v1/agreement?a=Dana&b=Tom"))["compared"]
    assert (compared["overall"]["verdict"], compared["overall"]["kappa"]) == ("nobody varies", None)
    undone = valid("Coded", client.post("/api/v1/codings", json={"verbatim": ids[-1], "coder": "Tom", "undo": True}))
    assert (undone["codes"], undone["looked_at"]) == ([], False)


@pytest.mark.parametrize("body", [[], {"verbatim": 1}, {"coder": "D", "give": [1]}, {"shake": True}, {}])
def test_what_cannot_be_read_codes_nothing(client, bench, body):
    assert client.post("/api/v1/codings", json=body).status_code == 400
    assert bench.store.codings() == []
