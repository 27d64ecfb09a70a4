"""The pages: each answers, numbers lead to what they count, and nothing that buyers wrote acts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from tests.unit.webtools import HOSTILE, small_workspace
from web import create_app
from winloss.model import Filters
from winloss.ports import Workbench
from winloss.services import browsing

PAGES = [
    "/", "/search", "/search?q=alerts", "/pains", "/pains?facet=proof", "/pains?view=segments", "/compare",
    "/drift", "/report", "/sources", "/about",
]  # fmt: skip


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    with small_workspace(tmp_path_factory.mktemp("pages")) as opened:
        yield opened


@pytest.fixture
def browser(filled: Workbench) -> FlaskClient:
    return create_app(filled).test_client()


@pytest.mark.parametrize("page", PAGES)
def test_every_page_answers_in_an_empty_workspace(bench: Workbench, page: str) -> None:
    answer = create_app(bench).test_client().get(page)
    assert answer.status_code == 200
    assert "<h1" in answer.text


def test_every_page_answers_and_every_link_on_it_too(browser: FlaskClient) -> None:
    seen: set[str] = set()
    waiting = [*PAGES]
    while waiting and len(seen) < 400:
        page = waiting.pop()
        if page in seen:
            continue
        seen.add(page)
        answer = browser.get(page)
        assert answer.status_code == 200, page
        if answer.mimetype == "text/html" and page.count("&") < 3:
            links = {unescape(link).partition("#")[0] for link in re.findall(r'href="(/[^"]*)"', answer.text)}
            waiting += sorted(links - seen)[:15]
    assert len(seen) > 100


def test_numbers_count_people_and_lead_to_all_of_their_verbatims(browser: FlaskClient, filled: Workbench) -> None:
    page = browser.get("/pains?segment=federal&quarter=all").text
    links = [(unescape(link), int(count)) for link, count in re.findall(r'<a class="n" href="([^"]+)">(\d+) of', page)]
    scope = Filters(segment=("federal",), facet=("pain",))
    shares = {view.theme.id: view.share for view in browsing.theme_page(filled, scope).themes}
    assert len(links) == len([share for share in shares.values() if share.count]) > 0
    for link, count in links:
        share = shares[parse_qs(urlsplit(link).query)["theme"][0]]
        total = re.search(r"<strong>([\d,]+) verbatims?</strong>", browser.get(link).text)
        assert total and (int(total[1]), count) == (share.verbatims, share.count)


def test_nothing_a_buyer_wrote_acts(browser: FlaskClient, filled: Workbench) -> None:
    said = filled.store.passages([row.id for row in filled.store.evidence()])
    hit = next(passage for passage in said if "<script>" in passage.text)
    assert hit.text in HOSTILE
    for page in (f"/v/{hit.id}", "/search?q=onmouseover", f"/documents/{hit.document_id}", f"/v/{hit.id}/similar"):
        text = browser.get(page).text
        assert "<script>alert" not in text
        assert 'onmouseover="x' not in text
        assert not re.search(r'(href|src)="\s*javascript:', text, re.IGNORECASE)
        assert "cost 49 us" not in text
    shown = re.search(r"<blockquote>(.*?)</blockquote>", browser.get(f"/v/{hit.id}").text, re.S)
    assert shown and unescape(re.sub(r"<[^>]+>", "", shown[1])) == hit.text


def test_what_may_not_be_quoted_is_shown_as_such_and_not_for_copying(browser: FlaskClient, filled: Workbench) -> None:
    kept = next(
        item for item in filled.store.passages([row.id for row in filled.store.evidence()]) if item.rights == "no_quote"
    )
    page = browser.get(f"/v/{kept.id}").text
    assert "Not to be quoted" in page
    figure = re.search(r'<figure class="quote large">.*?</figure>', page, re.S)
    assert figure and "data-copy" not in figure[0]
    assert kept.text not in browser.get("/report/download?as=md").text


def test_the_report_is_read_and_downloaded(browser: FlaskClient) -> None:
    read = browser.get("/report/view")
    assert read.status_code == 200
    assert "/v/" in read.text
    saved = browser.get("/report/download?as=md&segment=federal")
    assert saved.mimetype == "text/markdown"
    assert 'filename="winloss-2026Q2-federal.md"' in saved.headers["Content-Disposition"]
    assert "http://localhost/v/" in saved.text
    assert browser.get("/report/download?as=exe").status_code == 400


def test_everything_comes_from_this_server_and_nothing_inline_runs(browser: FlaskClient) -> None:
    for page in [*PAGES, "/report/view", "/nowhere", "/api/v1/status"]:
        headers = browser.get(page).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert (
            "script-src 'self'" in policy and "unsafe-inline" not in policy.partition("script-src")[2].partition(";")[0]
        )
        assert headers["X-Content-Type-Options"] == "nosniff"
    assert not re.search(r"<script>|style=|https?://(?!localhost)", browser.get("/").text)


def test_another_sites_name_for_this_machine_is_refused(browser: FlaskClient) -> None:
    assert browser.get("/", headers={"Host": "evil.example"}).status_code == 400


def test_a_slip_in_the_query_keeps_what_was_typed(browser: FlaskClient) -> None:
    answer = browser.get('/search?q="half a phrase')
    assert answer.status_code == 400
    assert 'value="&#34;half a phrase"' in answer.text
    assert 'role="alert"' in answer.text


@pytest.mark.parametrize("page", ["/v/vnone", "/themes/hnone", "/documents/dnone", "/nowhere"])
def test_what_is_not_there_is_said(browser: FlaskClient, page: str) -> None:
    answer = browser.get(page)
    assert answer.status_code == 404
    assert "<h1>" in answer.text


def test_an_accident_tells_nothing_of_the_inside(browser: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret of the inside")

    monkeypatch.setattr(browsing, "files", broken)
    answer = browser.get("/sources")
    assert answer.status_code == 500
    assert "secret of the inside" not in answer.text
