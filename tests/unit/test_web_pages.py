"""The pages: each answers, numbers lead to what they count, and nothing that buyers wrote acts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from tests.unit.webtools import HOSTILE, made_report, small_workspace
from web import create_app
from web.pages import crossing
from winloss.model import Filters, Share
from winloss.ports import Workbench
from winloss.services import browsing
from winloss.services.sources import intake
from winloss.services.workspace import working

PAGES = [
    "/", "/search", "/search?q=alerts", "/pains", "/pains?facet=proof", "/pains?view=segments", "/compare",
    "/drift", "/report", "/report/compare", "/sources", "/about", "/matrix", "/matrix?facet=proof", "/map",
    "/proof-gap",
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


def test_a_theme_tells_sources_deals_and_what_contradicts_it(browser: FlaskClient, filled: Workbench) -> None:
    theme = browsing.theme_page(filled, Filters(facet=("pain",))).themes[0].theme
    page = browser.get(f"/themes/{theme.id}").text
    for heading in ("Do the sources bear each other out?", "Lost and won deals", "What contradicts it"):
        assert f">{heading}</h2>" in page
    assert "Too few deals to say" in page
    assert "Cannot be checked yet" in page
    assert "not confirmed by a second" in page


def test_what_is_in_no_theme_is_shown_on_the_pains_page(browser: FlaskClient) -> None:
    page = browser.get("/pains?quarter=all").text
    assert ">Not yet a theme</h2>" in page
    assert re.search(r"\d+ of [\d,]+ verbatims?, from \d+ of \d+ (people|person), fit no theme", page)


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
    assert kept.text not in browser.get(f"{made_report(filled)}/download?as=md").text


def test_two_reports_stand_side_by_side_and_their_numbers_lead_to_verbatims(
    browser: FlaskClient, filled: Workbench
) -> None:
    page = browser.get("/report/compare?quarter=2026Q2&against=2025Q4&segment=federal").text
    assert "2026Q2 against 2025Q4" in page
    numbers = re.findall(r'<a class="n" href="(/search[^"]*)">(\d+) of \d+</a>', page)
    assert len(numbers) >= 4
    for link, _ in numbers[:4]:
        assert browser.get(unescape(link)).status_code == 200
    saved = browser.get(f"{made_report(filled, against='2025Q4', segment='federal')}/download?as=md")
    assert saved.headers["Content-Disposition"].endswith('winloss-2026Q2-against-2025q4-federal.md"')
    assert "Every theme of either quarter" in saved.text


def test_the_report_is_read_and_downloaded(browser: FlaskClient, filled: Workbench) -> None:
    whole, federal = made_report(filled), made_report(filled, segment="federal")
    read = browser.get(f"{whole}/view")
    assert read.status_code == 200
    assert "/v/" in read.text
    saved = browser.get(f"{federal}/download?as=md")
    assert saved.mimetype == "text/markdown"
    assert 'filename="winloss-2026Q2-federal.md"' in saved.headers["Content-Disposition"]
    assert "http://localhost/v/" in saved.text
    assert browser.get(f"{whole}/download?as=exe").status_code == 400
    assert browser.get("/report/rnowhere/view").status_code == 404


def test_a_report_is_asked_for_and_its_job_leads_to_it(browser: FlaskClient, filled: Workbench) -> None:
    token = re.findall(r'name="token" value="([^"]+)"', browser.get("/report").text)[0]
    wish = {"token": token, "quarter": "2026Q1", "segment": "federal"}
    asked = browser.post("/report", data=wish).headers["Location"]
    assert re.fullmatch(r"/jobs/j\w+\?go-on=1", asked)
    job = asked.partition("?")[0]
    page = browser.get(job).text
    assert "Making a report" in page
    assert "Nobody works on it now" in page
    assert browser.get(f"{job}?by-itself=1").headers["Refresh"] == "5"
    assert "2026Q1, federal" in browser.get("/report").text
    working.work(filled)
    led = browser.get(f"{job}?by-itself=1")
    assert browser.get(asked).headers["Location"] == led.headers["Location"]
    assert "Refresh" not in browser.get(job).headers
    assert (led.status_code, led.headers["Location"]) == (303, made_report(filled, quarter="2026Q1", segment="federal"))
    assert f'href="{led.headers["Location"]}">Open the report' in browser.get(job).text
    assert browser.post("/report", data=wish).headers["Location"] == led.headers["Location"]
    page = browser.get(led.headers["Location"]).text
    assert "Quarterly synthesis: 2026Q1, Federal" in page
    assert "The evidence has changed since" not in page
    assert browser.post(led.headers["Location"], data={"token": token, "do": "sing"}).status_code == 400
    browser.post(led.headers["Location"], data={"token": token, "do": "remove"})
    assert browser.get(led.headers["Location"]).status_code == 404


def test_everything_comes_from_this_server_and_nothing_inline_runs(browser: FlaskClient, filled: Workbench) -> None:
    for page in [*PAGES, made_report(filled), f"{made_report(filled)}/view", "/nowhere", "/api/v1/status"]:
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


CALL = """Dana Ortiz: Thanks for joining. Why did you start looking?

Priya Nair: My analysts closed four thousand alerts a day unread, and two of them left us in spring.

Ravi Anand: Our pilot would have proved that to you in a week, on your own data, and without any cost.

Dana Ortiz: What would have helped?

Priya Nair: A pilot on our own traffic proved more than any slide.
"""


@pytest.fixture
def spoken(bench: Workbench, tmp_path: Path) -> tuple[FlaskClient, str]:
    """A browser, and the address of the page of one call."""
    (tmp_path / "call-1.txt").write_text(CALL, encoding="utf-8")
    intake.take_in(bench, [tmp_path / "call-1.txt"])
    return create_app(bench).test_client(), f"/documents/{bench.store.documents()[0].id}"


def fields(page: str, speaker: str) -> dict[str, str]:
    """The hidden fields of the form that corrects a speaker."""
    item = next(part for part in page.split("<li>") if speaker in part and 'name="who"' in part)
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', item))


def test_speakers_are_shown_with_evidence_and_without_names_that_may_not_be_named(spoken) -> None:
    browser, page = spoken
    text = unescape(browser.get(page).text)
    assert "answers Dana Ortiz" in text
    assert "Interviewer · Dana Ortiz" in text
    assert "Priya" not in text and "Ravi" not in text


def test_people_who_may_not_be_named_are_told_apart(bench: Workbench, tmp_path: Path) -> None:
    (tmp_path / "talk.txt").write_text("Ann Lee: It cost us nights.\n\nBo Ray: Ours too.\n\nAnn Lee: Every week.\n")
    intake.take_in(bench, [tmp_path / "talk.txt"])
    page = create_app(bench).test_client().get(f"/documents/{bench.store.documents()[0].id}").text
    said = re.findall(r"</a> (Unknown speaker \d)", page)
    assert said == ["Unknown speaker 1", "Unknown speaker 2", "Unknown speaker 1"]
    assert 'href="#t1">Unknown speaker 2</a>' in page


def test_a_form_corrects_a_speaker_and_takes_it_back(spoken, bench: Workbench) -> None:
    browser, page = spoken
    form = fields(browser.get(page).text, 'href="#t2"')
    answer = browser.post(f"{page}/speakers", data={**form, "side": "vendor", "where": "everywhere", "by": "<Mira>"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{page}?changed=1#speakers")
    seen = browser.get(answer.headers["Location"].partition("#")[0]).text
    assert "1 turn changed" in seen
    assert "Vendor · Ravi Anand" in seen
    assert "set by &lt;Mira&gt; on 2026-06-30" in seen
    assert [item.document_id for item in bench.store.corrections()] == [None]
    ((name, value),) = re.findall(r'<button name="(take_back)" value="(\w+)"', seen)
    assert browser.post(f"{page}/speakers", data={"token": form["token"], name: value}).status_code == 303
    assert bench.store.corrections() == []
    assert browser.post(f"{page}/speakers", data={"token": form["token"], name: value}).status_code == 404


def test_a_form_corrects_turns_and_names_in_this_document_only(spoken, bench: Workbench) -> None:
    browser, page = spoken
    form = fields(browser.get(page).text, 'href="#t1"')
    browser.post(f"{page}/speakers", data={**form, "name": "Priya Nair-Shah", "where": "everywhere"})
    form = fields(browser.get(page).text, 'href="#t1"')
    browser.post(f"{page}/speakers", data={**form, "role": "ciso", "turns": "4", "where": "everywhere"})
    assert {item.document_id for item in bench.store.corrections()} == {page.rpartition("/")[2]}
    turns = bench.store.turns(page.rpartition("/")[2])
    assert [turns[place].speaker.name for place in (1, 4)] == ["Priya Nair-Shah", "Priya Nair-Shah"]
    assert [turns[place].speaker.role for place in (1, 4)] == [None, "ciso"]


@pytest.mark.parametrize(
    ("changes", "headers", "status"),
    [
        ({"token": "guessed"}, {}, 403),
        ({"token": ""}, {}, 403),
        ({}, {"Origin": "https://evil.example"}, 403),
        ({}, {"Sec-Fetch-Site": "cross-site"}, 403),
        ({}, {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"}, 403),
        ({}, {"Origin": "http://localhost"}, 303),
        ({}, {"Sec-Fetch-Site": "same-origin", "Origin": "https://in.front.example"}, 303),
        ({"who": "snobody"}, {}, 404),
        ({"side": "boss"}, {}, 400),
        ({"side": ""}, {}, 400),
        ({"turns": "two"}, {}, 400),
        ({"role": "boss"}, {}, 400),
    ],
)
def test_only_a_form_of_ours_that_says_something_changes_anything(spoken, bench, changes, headers, status) -> None:
    browser, page = spoken
    form = {**fields(browser.get(page).text, 'href="#t2"'), "side": "vendor"}
    answer = browser.post(f"{page}/speakers", data={**form, **changes}, headers=headers)
    assert answer.status_code == status
    assert len(bench.store.corrections()) == (status == 303)
    if status != 303:
        assert "<h1>" in answer.text


def test_nothing_else_takes_changes(browser: FlaskClient) -> None:
    for page in PAGES:
        address = page.partition("?")[0]
        taken = address.startswith("/report")
        assert browser.post(address).status_code == (403 if taken else 405), "a report is asked for, with a token"
    assert browser.post("/documents/dnone/speakers").status_code == 403


def test_the_proof_gap_tells_people_without_a_role_beside_those_with_one() -> None:
    rows = [
        SimpleNamespace(role=role, people=Share(count=count, base=count, verbatims=0), pain=pain)
        for role, count, pain in ((None, 3, None), ("ciso", 9, None), ("ciso", 9, "alerts"), ("cfo", 5, None))
    ]
    groups = crossing._by_role(rows)
    assert [(group.grouper, len(group.list)) for group in groups] == [("ciso", 2), ("cfo", 1), (None, 1)]


def shown_unread(page: str) -> list[str]:
    section = page.partition('aria-labelledby="unread"')[2].partition("</section>")[0]
    return re.findall(r'href="/v/([^"]+)">In context', section)


def test_the_first_page_shows_five_that_nobody_has_read_until_somebody_opens_them(
    browser: FlaskClient, filled: Workbench
) -> None:
    first = shown_unread(browser.get("/").text)
    assert len(first) == len(set(first)) == 5
    passages = filled.store.passages(first)
    assert len({passage.respondent for passage in passages}) == 5
    assert {passage.quarter for passage in passages} == {browsing.quarters(filled)[-1]}
    assert "no_quote" not in {passage.rights for passage in passages}
    others = shown_unread(browser.get("/?after=5").text)
    assert len(others) == 5 and not set(first) & set(others)
    browser.get(f"/v/{first[0]}", headers={"Sec-Purpose": "prefetch"})
    browser.head(f"/v/{first[0]}")
    assert shown_unread(browser.get("/").text) == first
    browser.get(f"/v/{first[0]}")
    assert first[0] not in shown_unread(browser.get("/").text)


def test_the_first_page_leads_to_every_verdict_and_to_everybody_heard(browser: FlaskClient, filled: Workbench) -> None:
    page = browser.get("/").text
    latest = browsing.quarters(filled)[-1]
    grid = page.partition('aria-label="Verdicts by role and segment"')[2].partition("</table>")[0]
    links = [unescape(link) for link in re.findall(r'href="(/drift[^"]*)"', grid)]
    assert {parse_qs(urlsplit(link).query).get("segment", [""])[0] for link in links} == {
        "", *browsing.segments(filled)
    }  # fmt: skip
    assert all(browser.get(link).status_code == 200 for link in links)
    heard = page.partition('aria-label="People heard by segment and source"')[2].partition("</table>")[0]
    link, count = re.findall(r'<a class="n" href="([^"]+)">(\d+)', heard)[0]
    rows = [
        row for row in filled.store.evidence() if row.quarter == latest and row.facet in ("pain", "proof", "engagement")
    ]
    assert int(count) == len({row.respondent for row in rows})
    total = re.search(r"<strong>([\d,]+) verbatims?</strong>", browser.get(unescape(link)).text)
    assert total and int(total[1]) == len(rows)


def test_the_script_of_the_charts_is_ours_and_is_asked_for_once(browser: FlaskClient) -> None:
    answer = browser.get("/charts/vega.js")
    assert answer.mimetype == "text/javascript" and "vegaEmbed" in answer.text
    again = browser.get("/charts/vega.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
