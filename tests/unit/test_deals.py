"""The deals that a CRM gives: listed as it gives them, beside what was heard of each; every count leads to them."""

from __future__ import annotations

import json
import re
from contextlib import closing
from html import escape, unescape

import pytest
from click.testing import CliRunner

from tests.conftest import StillClock, with_stand_ins
from web import create_app
from web.asking_deals import deals_asked, deals_url
from winloss.bootstrap import open_workbench
from winloss.cli.commands import winloss
from winloss.errors import QueryError
from winloss.model import Deal, DealsBehind, Facet, Filters, Report, ReportPart, ReportSection, Statement, Theme
from winloss.report.html import render_html
from winloss.report.reading_back import read_back
from winloss.services import analysis, browsing
from winloss.services.quote_rights import rights
from winloss.services.reports import reporting
from winloss.services.search import indexing
from winloss.services.sources import intake
from winloss.services.themes import crm_deals, crm_reasons, deal_scopes
from winloss.services.themes.deals_asked import DealsAsked

MAPPING = """
kind = "interview"
[fields]
id = "id"
text = "text"
date = "date"
speaker = "author"
job_title = "role"
account = "account"
rights = "rights"
"""
CRM = """Opportunity ID,Account Name,Stage,Close Date,Primary Competitor,Loss Reason
O-1,Mill,Closed Lost,2025-11-10,Ironquill,pricing / payment terms
O-2,Mill,Closed Lost,2026-05-20,Ironquill,Dana Whitfield wanted to see proof in a pilot
O-3,Harbor,Closed Won,2026-05-01,,
O-4,Quarry,Closed Lost,2026-02-01,Norlys,
O-5,Mill,Negotiation,2026-09-30,,
O-6,Fell,Closed Lost,2026-03-01,Norlys,mercury in retrograde
"""
ACCOUNTS = "Account Name,Industry,Employees,Segment\nMill,Health,900,federal\nHarbor,Bank,4000,global enterprise\n"
SAID = (
    (
        "Dana Whitfield",
        "Mill",
        "2025-11-03",
        "The alerts bury my analysts on every night shift of the week.",
        "anonymous",
    ),
    (
        "Tom Okafor",
        "Mill",
        "2026-02-13",
        "The alerts cost us two people, who left before the spring audit began.",
        "named",
    ),
    (
        "Dana Whitfield",
        "Mill",
        "2026-05-03",
        "We were never shown a pilot on our own traffic, for five months.",
        "anonymous",
    ),
    (
        "Eve Larsen",
        "Harbor",
        "2026-04-28",
        "The pilot proved to us that the queue fell from ninety to twelve.",
        "anonymous",
    ),
)


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    root = tmp_path_factory.mktemp("deals")
    opened = with_stand_ins(open_workbench(root / "workspace", clock=StillClock()))
    with closing(opened.store):
        _fill(opened, root / "drop")
        yield opened


def _fill(bench, folder):
    folder.mkdir()
    names = ("author", "account", "date", "text", "rights")
    rows = [
        {"id": f"i{place}", "role": "SOC Manager", **dict(zip(names, told, strict=True))}
        for place, told in enumerate(SAID)
    ]
    (folder / "calls.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (folder / "calls.map.toml").write_text(MAPPING, encoding="utf-8")
    (folder / "opportunities.csv").write_text(CRM, encoding="utf-8")
    (folder / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    intake.take_in(bench, [folder])
    for stage in (analysis.segment_documents, analysis.embed_verbatims, crm_reasons.embed_reasons):
        stage(bench)
    analysis.classify_verbatims(bench)
    told = [row.id for row in bench.store.evidence() if row.facet == Facet.PAIN]
    theme = Theme(id="hpain", facet=Facet.PAIN, title="alerts bury", terms=("alerts",), size=2, exemplars=tuple(told))
    with bench.store.transaction() as transaction:
        transaction.put_themes(Facet.PAIN, [theme], dict.fromkeys(told, "hpain"), "by hand")
    indexing.refresh(bench)


@pytest.fixture(scope="module")
def client(bench):
    return create_app(bench).test_client()


def ids(bench, **asked):
    return [deal.id for deal in crm_deals.deals(bench, DealsAsked(**asked)).deals]


# --- what is listed --------------------------------------------------------------------------------------------------


def test_a_deal_is_told_as_the_crm_tells_it_with_file_and_row(bench):
    page = crm_deals.deals(bench)
    assert [deal.id for deal in page.deals] == ["O-5", "O-2", "O-3", "O-6", "O-4", "O-1"]
    first = page.deals[-1]
    assert (first.account, first.segment, first.outcome) == ("Mill", "federal", "lost_to_competitor")
    assert (first.reason, first.causes, first.competitor) == ("pricing / payment terms", ("price",), "Ironquill")
    assert (str(first.closed_on), first.quarter) == ("2025-11-10", "2025Q4")
    ((path, where),) = first.told_in
    assert (path.rpartition("/")[2], where) == ("opportunities.csv", "row 2")


def test_words_are_of_the_deal_that_closed_nearest_and_the_search_finds_as_many(bench, client):
    deals = {deal.id: deal for deal in crm_deals.all_deals(bench)}
    assert {name: (deal.verbatims, deal.people) for name, deal in deals.items() if deal.verbatims} == {
        "O-1": (2, 2),
        "O-2": (1, 1),
        "O-3": (1, 1),
    }
    for deal in deals.values():
        if deal.words:
            address = client.get(f"/api/v1/deals?deal={deal.id}").json["deals"][0]["words"]
            assert client.get("/api/v1/search", query_string=address).json["total"] == deal.verbatims
    assert deals["O-5"].of_account == 3
    assert deals["O-6"].of_account == 0


@pytest.mark.parametrize(
    ("closings", "expected"),
    [
        ({"a": "2026-01-01", "b": "2026-01-05"}, {"a": (None, "2026-01-03"), "b": ("2026-01-04", None)}),
        ({"b": "2026-01-01", "a": "2026-01-05"}, {"b": (None, "2026-01-02"), "a": ("2026-01-03", None)}),
        ({"a": "2026-01-01", "b": "2026-01-02"}, {"a": (None, "2026-01-01"), "b": ("2026-01-02", None)}),
        ({"a": "2026-01-01", "b": "2026-01-01"}, {"a": (None, None)}),
        ({"a": None}, {"a": (None, None)}),
        ({"a": None, "b": None}, {}),
    ],
)
def test_every_day_is_nearest_to_one_closing(closings, expected):
    from datetime import date

    made = [
        Deal(external_id=name, closed_on=date.fromisoformat(day) if day else None) for name, day in closings.items()
    ]
    assert deal_scopes._days_of(made) == expected


def test_causes_are_counted_of_lost_deals_with_those_that_state_none(bench):
    page = crm_deals.deals(bench)
    assert (page.total, page.lost) == (6, 4)
    assert dict(page.causes) == {"price": 1, "proof": 1, "unplaced": 1, "unstated": 1}
    assert ids(bench, cause=("price",)) == ["O-1"]
    assert ids(bench, cause=("placed",)) == ["O-2", "O-1"]
    assert ids(bench, cause=("unplaced", "unstated")) == ["O-6", "O-4"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"quarter": ("2026Q2",)}, ["O-2", "O-3"]),
        ({"segment": ("federal",), "outcome": ("lost_to_competitor",)}, ["O-2", "O-1"]),
        ({"competitor": ("Norlys",)}, ["O-6", "O-4"]),
        ({"account": ("harbor",)}, ["O-3"]),
        ({"reason": ("Pricing /  payment terms",)}, ["O-1"]),
        ({"outcome": ("won", "open")}, ["O-5", "O-3"]),
        ({"segment": ("nowhere",)}, []),
    ],
)
def test_deals_are_chosen_by_what_the_crm_says(bench, asked, expected):
    assert ids(bench, **asked) == expected


def test_what_there_is_not_is_refused(bench):
    for asked in ({"outcome": ("vanished",)}, {"cause": ("moonlight",)}):
        with pytest.raises(QueryError):
            crm_deals.deals(bench, DealsAsked(**asked))


def test_a_buyer_who_may_not_be_named_is_not_named_in_the_crms_words(bench, client):
    reason = next(deal.reason for deal in crm_deals.all_deals(bench) if deal.id == "O-2")
    assert re.fullmatch(r"(?:a buyer|Buyer \d+) wanted to see proof in a pilot", reason)
    for address in ("/deals", "/api/v1/deals"):
        assert "Whitfield" not in client.get(address).text


def test_whoever_may_be_named_is(bench, client):
    try:
        rights.set_rights(bench, rights.Target(person="Dana Whitfield"), rights="named", by="Dana")
        for document in bench.store.documents():
            rights.set_rights(bench, rights.Target(document=document.id), rights="named", by="Dana")
        assert "Dana Whitfield wanted to see proof" in client.get("/deals").text
    finally:
        for decision in bench.store.rights_decisions():
            rights.clear(bench, rights.Target(**{decision.of.value: decision.target}))


# --- what leads to them ----------------------------------------------------------------------------------------------


def test_every_count_of_the_crm_on_a_theme_leads_to_as_many_deals(bench, client):
    crm = browsing.theme_view(bench, "hpain").witnesses[-1]
    assert (crm.kind, crm.deals) == ("crm", 1)
    page = client.get("/themes/hpain").text
    counts = {}
    for link, words in re.findall(r'<a[^>]* href="(/deals\?[^"]*)"[^>]*>([^<]*)</a>', page):
        counts[" ".join(unescape(words).split())] = len(client.get("/api/v1" + unescape(link)).json["deals"])
    assert {"The one deal": 1, "Price 1": 1}.items() <= counts.items()
    assert counts["What the CRM says of the deals whose buyers tell it"] == 1
    narrowed = client.get("/api/v1/deals?theme=hpain&said=quarter:2026Q2").json
    assert (narrowed["total"], narrowed["of"]) == (0, 6)


def test_an_address_asks_for_what_it_was_made_from(client):
    scope = Filters(quarter=("2026Q2",), mode=("executive",), without=(("segment", "federal"),), until="2026-06-30")
    asked = DealsAsked(cause=("price", "unstated"), reason=("a & b",), theme="hpain", said=scope)
    with client.application.test_request_context():
        address = deals_url(asked)
    with client.application.test_request_context(address):
        from flask import request

        assert deals_asked(request.args) == asked


# --- pages, commands, the API ----------------------------------------------------------------------------------------


def test_the_page_says_what_was_heard_and_of_whom_nobody_was(client):
    page = " ".join(re.sub(r"<[^>]+>", " ", client.get("/deals").text).split())
    assert "6 of 6 deals that the CRM gives" in page
    assert "not a buyer’s: it counts as evidence nowhere" in page
    assert "2 verbatims from 2 people" in page
    assert "nobody of this deal was heard; 3 verbatims of the account" in page
    assert "Of 4 lost deals among them, the CRM names price for 1 of 4" in page
    assert "opportunities.csv, row 2" in page
    only = client.get("/deals?quarter=2026Q2&cause=price").text
    assert "No deal is so" in only
    assert client.get("/deals?outcome=vanished").status_code == 400
    assert client.get("/deals?theme=nothing").status_code == 404
    assert client.get("/deals?theme=hpain&said=facet:pain").status_code == 400


def test_the_command_says_what_the_api_says(bench, client, monkeypatch):
    monkeypatch.setattr("winloss.cli.shared.open_workbench", lambda *_, **__: bench)
    told = CliRunner().invoke(winloss, ["deals", "--segment", "federal", "--json"], catch_exceptions=False)
    assert json.loads(told.stdout) == client.get("/api/v1/deals?segment=federal").json
    plain = CliRunner().invoke(winloss, ["deals", "--theme", "hpain"], catch_exceptions=False).stdout
    assert "1 of 6 deals that the CRM gives." in plain
    assert "2025-11-10  Mill: lost_to_competitor against Ironquill" in plain
    assert "the CRM says: pricing / payment terms (price)" in plain
    assert CliRunner().invoke(winloss, ["deals", "--said", "role"]).exit_code != 0


def test_a_report_leads_from_what_the_crm_states_to_as_many_deals_and_says_no_other_word(bench, client):
    report = reporting.compose(bench, "2026Q2")
    part = next(part for part in report.parts if any(section.deals for section in part.sections))
    (led, cell) = next(section.deals for section in part.sections if section.deals)
    assert (cell.within, cell.words) == (1, "agree: 1 of 1")
    assert client.get(f"/api/v1/deals?{led.query}").json["total"] == 1

    def rendered(deals_link):
        return reporting.render_report(bench, report, suffix=".html", link=str, deals_link=deals_link)

    linked, bare = rendered(lambda query: f"/deals?{query}"), rendered(None)
    address = f'href="/deals?{escape(led.query)}"'
    assert f"<a {address}>agree: 1 of 1</a>" in linked
    assert "/deals" not in bare
    assert read_back(linked, ".html") == read_back(bare, ".html")


def test_a_statement_about_the_crm_ends_with_a_link_to_its_deals():
    text = "‘Alerts’: the CRM states other reasons than the buyers. Of 3 lost deals, it names price for 2."
    words = "Of 3 lost deals, it names price for 2."
    section = ReportSection(
        heading="The CRM",
        statements=(Statement(text=text, citations=()), Statement(text=words, citations=())),
        deals=(DealsBehind(words=words, query="theme=h&cause=placed", within=text),),
    )
    part = ReportPart(heading="Federal", segment="federal", verdict=None, sections=(section,))
    report = Report(title="Report", label="", quarter="2026Q2", parts=(part,), cited=(), method=())
    page = render_html(report, link=str, role_label=str, deals_link=lambda query: f"/deals?{query}")
    assert f'the buyers. <a href="/deals?theme=h&amp;cause=placed">{words}</a></li><li>{words}</li>' in page
