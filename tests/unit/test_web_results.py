"""What the pages show of a result: marks, folds, the place in the recording, citations as far as rights allow."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from typing import TYPE_CHECKING, cast

import pytest
from flask.testing import FlaskClient

from tests.conftest import StillClock, with_stand_ins
from tests.unit.webtools import HOSTILE, MAPPING
from web import create_app
from winloss.bootstrap import open_workbench
from winloss.ports import Workbench
from winloss.services.analysis import analyse
from winloss.services.sources import intake

if TYPE_CHECKING:
    from winloss.store.repository import SqlStore

SAME = "Nobody reads the weekly digest at night."
POSTS = (
    ("p0", SAME, "anonymous"),
    ("p1", SAME.upper(), "anonymous"),
    ("p2", f"  {SAME[:-1]}…", "no_quote"),
    ("p3", "The invoice came late. Our nights drown in alerts. Lunch was cold.", "internal"),
    ("p4", HOSTILE, "anonymous"),
)
CALL = """WEBVTT

00:01:00.000 --> 00:01:04.000
<v Dana Ortiz>What made you look for something else?

00:01:05.000 --> 00:01:12.000
<v Priya Nair>The escalation queue grew by forty cases a week and we had nobody left to read them.
"""
PEOPLE = (
    "file,interview_date,participants\n"
    'call.vtt,2026-05-04,"Priya Nair=CISO; Dana Ortiz=Win/Loss Interviewer, Some Research Firm"\n'
)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    folder = tmp_path_factory.mktemp("results")
    bench = with_stand_ins(open_workbench(folder / "workspace", clock=StillClock()))
    drop = folder / "drop"
    drop.mkdir()
    rows = [
        {
            "id": name,
            "author": f"by-{name}",
            "text": text,
            "date": "2026-05-03",
            "segment": "federal",
            "rights": rights,
            "url": "",
        }
        for name, text, rights in POSTS
    ]
    (drop / "posts.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (drop / "posts.map.toml").write_text(MAPPING, encoding="utf-8")
    (drop / "call.vtt").write_text(CALL, encoding="utf-8")
    (drop / "manifest.csv").write_text(PEOPLE, encoding="utf-8")
    with closing(cast("SqlStore", bench.store)):
        intake.take_in(bench, [drop])
        analyse(bench)
        yield bench


@pytest.fixture
def browser(filled: Workbench) -> FlaskClient:
    return create_app(filled).test_client()


def verbatim_of(bench: Workbench, words: str) -> str:
    said = bench.store.passages([row.id for row in bench.store.evidence()])
    return next(passage.id for passage in said if words in passage.text)


def test_what_says_nearly_the_same_opens_under_the_best_and_is_counted(browser: FlaskClient) -> None:
    page = browser.get("/search?q=digest&mode=words").text
    assert "<strong>3 verbatims</strong>" in page
    assert page.count('<figure class="quote') == 1
    fold = re.search(r'<details class="same">.*?</details>', page, re.S)
    assert fold and "and 2 nearly the same" in fold[0]
    assert len(set(re.findall(r"/v/(v\w+)", fold[0]))) == 2
    assert "Not to be quoted" in fold[0]


def test_the_nearest_sentence_is_marked_and_said_so(browser: FlaskClient, filled: Workbench) -> None:
    page = browser.get("/search?q=our+nights+drown+in+alerts&mode=meaning").text
    assert '<p class="legend">' in page
    near = re.search(r'<mark class="near" title="[^"]+">(.*?)</mark>(?!<)', page, re.S)
    marked = re.findall(r'<mark class="near"[^>]*>((?:[^<]|<mark>[^<]*</mark>)*)</mark>', page)
    assert near and "Our nights drown in alerts." in [unescape(re.sub(r"<[^>]+>", "", part)) for part in marked]
    whole = [
        unescape(re.sub(r"<[^>]+>", "", quote)) for quote in re.findall(r"<blockquote>(.*?)</blockquote>", page, re.S)
    ]
    texts = {item.text for item in filled.store.passages([row.id for row in filled.store.evidence()])}
    assert set(whole) <= texts
    assert '<p class="legend">' not in browser.get("/search?q=weekly+digest&mode=words").text


def test_nothing_close_leads_to_the_nearest_set_apart(browser: FlaskClient) -> None:
    page = browser.get("/search?q=qqqqqqq&mode=meaning").text
    assert "<strong>0 verbatims</strong>" in page
    assert "Nothing is close; the nearest are" in page
    section = re.search(r'<section class="nearest".*?</section>', page, re.S)
    assert section and 1 <= section[0].count('<figure class="quote') <= 3
    answer = browser.get("/api/v1/search?q=qqqqqqq&mode=meaning").get_json()
    assert answer["total"] == 0
    assert answer["hits"] == []
    assert answer["nearest"]


def test_the_source_line_leads_to_the_place_in_the_recording(browser: FlaskClient) -> None:
    page = browser.get("/search?q=escalation+queue").text
    link = re.search(r'<a class="at" href="(/documents/[^"#]+)#(t\d+)">.*?at 1:05</a>', page)
    assert link
    assert f'id="{link[2]}"' in browser.get(link[1]).text


@pytest.mark.parametrize("words", [SAME, "Our nights", "<script>"])
def test_a_citation_is_there_without_javascript_in_three_forms(
    browser: FlaskClient, filled: Workbench, words: str
) -> None:
    name = verbatim_of(filled, words)
    page = browser.get(f"/v/{name}/cite").text
    fields = [unescape(text) for text in re.findall(r"<textarea[^>]* readonly[^>]*>\n(.*?)</textarea>", page, re.S)]
    answer = browser.get(f"/api/v1/verbatims/{name}/citation").get_json()
    assert fields == [answer["plain"], answer["markdown"], answer["html"]]
    assert all(f"http://localhost/v/{name}" in field for field in fields)
    assert "<script>alert" not in page
    assert f"/v/{name}/cite" in browser.get(f"/v/{name}").text
    assert ("internal use only" in fields[0]) == (words == "Our nights")


def test_what_is_not_to_be_quoted_is_not_cited_and_the_reason_is_given(browser: FlaskClient, filled: Workbench) -> None:
    name = verbatim_of(filled, f"{SAME[:-1]}…")
    refused = browser.get(f"/v/{name}/cite")
    assert refused.status_code == 403
    assert "not to be quoted" in refused.text
    assert SAME[:-1] not in refused.text
    answer = browser.get(f"/api/v1/verbatims/{name}/citation")
    assert (answer.status_code, answer.get_json()["code"]) == (403, "WL-RIGHTS")
    page = browser.get(f"/v/{name}").text
    assert f"/v/{name}/cite" not in page
    assert browser.get("/v/v-nowhere/cite").status_code == 404
