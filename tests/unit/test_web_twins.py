"""Every page has its twin in the API, and what leads from one to the other works."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from tests.unit.webtools import audited, made_report, small_workspace
from web import create_app
from web.twins import ALONE, TWINS
from winloss.ports import Workbench

WITHIN = re.compile(r'<(/api/v1/[^>]*)>; rel="alternate"; type="application/json"')


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    with small_workspace(tmp_path_factory.mktemp("twins")) as opened:
        yield opened


@pytest.fixture(scope="module")
def app(bench: Workbench) -> Flask:
    return create_app(bench)


@pytest.fixture(scope="module")
def places(app: Flask, bench: Workbench) -> dict[str, str]:
    """An id or a name for every variable part of a page's address."""
    client = app.test_client()

    def told(path: str, **body: object) -> dict:
        return client.post(f"/api/v1{path}", json=body).json if body else client.get(f"/api/v1{path}").json

    hit = told("/search?q=alerts")["hits"][0]
    told("/collections", do="pin", collection="Deck", verbatims=[hit["id"]], new=True)
    told("/saved", do="save", search="Alerts", query="alerts")
    told("/codings", verbatim=hit["id"], coder="Mira", give=["pain/cost"], new=True)
    held = told("/beliefs", do="add", statement="Alerts bury analysts at night", owner="Dana")["beliefs"][0]
    return {
        "verbatim_id": hit["id"],
        "document_id": hit["document_id"],
        "theme_id": told("/themes?facet=pain")["themes"][0]["id"],
        "belief_id": held["id"],
        "audit_id": audited(bench, "deck.md", b"- Alerts bury analysts at night\n"),
        "report_id": made_report(bench).rpartition("/")[2],
        "collections.collection": "Deck",
        "saved.saved": "Alerts",
    }


def _pages(app: Flask) -> Iterator[tuple[str, str]]:
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.rule.startswith("/api/"):
            yield rule.endpoint, rule.rule


def test_the_table_has_every_page_and_nothing_else(app: Flask) -> None:
    pages = {endpoint for endpoint, _ in _pages(app)}
    assert pages == TWINS.keys() | ALONE.keys(), "put a new page into `web/twins.py`: its twin, or why it has none"
    assert not TWINS.keys() & ALONE.keys()
    assert {f"api.{twin}" for twin in TWINS.values()} <= app.view_functions.keys()


@pytest.mark.parametrize("endpoint", sorted(TWINS))
def test_a_page_names_its_twin_and_the_twin_answers(endpoint: str, app: Flask, places: dict[str, str]) -> None:
    client = app.test_client()
    rule = next(rule for name, rule in _pages(app) if name == endpoint)
    address = re.sub(r"<(\w+)>", lambda found: places.get(found[1]) or places[endpoint], rule)
    needed = {
        "themes.compare": "?earlier=2026Q1&later=2026Q2&segment=federal",
        "crossing.said": "?side=demanded&quarter=2026Q2",
        "codes.agreed": "",
        "reports.compare": "?quarter=2026Q2&against=2026Q1&segment=federal",
    }
    page = client.get(address + needed.get(endpoint, "?quarter=2026Q2&segment=federal&segment="))
    assert page.status_code == 200
    named = WITHIN.fullmatch(page.headers["Link"])
    assert named, page.headers["Link"]
    if endpoint in ("themes.compare", "themes.pains", "reports.compare"):
        assert "segment=federal" in named[1]
    twin = client.get(named[1])
    assert (twin.status_code, twin.mimetype) == (200, "application/json"), twin.json


def test_what_failed_and_what_has_none_name_no_twin(app: Flask) -> None:
    client = app.test_client()
    for address in ("/v/vnone", "/about", "/api/v1/status"):
        assert "Link" not in client.get(address).headers
