"""What is counted across themes: every number can be counted by hand, people and deals once, unknown beside."""

from __future__ import annotations

import json
import re
from contextlib import closing
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import StillClock, with_stand_ins
from web import create_app
from winloss.bootstrap import open_workbench
from winloss.model import Corroboration, EvidenceRow, Facet, Filters, Theme
from winloss.services import analysis, browsing, statistics, telling
from winloss.services.evidence import Heard, respondents
from winloss.services.library import library
from winloss.services.sources import intake
from winloss.services.themes import contradicting, crm_reasons, crossing, outcomes, proofgap, triangulation

MAPPING = """
kind = "{kind}"
[fields]
id = "id"
text = "text"
date = "date"
speaker = "author"
job_title = "role"
segment = "segment"
account = "account"
outcome = "outcome"
"""
PAIN = "Every night shift the alerts bury my analysts, post {}."
DENIED = "Honestly the alerts were never a problem for my analysts on night shift, post {}."
CALLS = (
    "The alerts bury my analysts on every night shift, and two of them have left since the spring audit began.",
    "On a night shift the alerts bury whoever sits there, so my analysts stopped reading after midnight on Fridays.",
    "My analysts say the alerts bury them; our last night shift closed nine hundred of those without one look inside.",
    "What buries my analysts is alerts: every night shift begins with a queue that the day crew could not finish.",
    "Show me a pilot at a hospital of our size before I sign anything with any of you people.",
    "We asked them for a pilot on the plant network and never got one, for five months.",
    "I need to see a pilot that ran for a whole quarter, otherwise my board will not move.",
    "Before I take this upstairs I want a pilot on our own traffic, counted by my own crew.",
    "They gave us a pilot on the warehouse traffic and it caught nineteen of the twenty planted moves.",
    "We ran a pilot for six weeks, and it proved to us that the queue fell from ninety to twelve.",
    "During the pilot the count went from four hundred to sixty, which my deputy measured twice over.",
    "The pilot they let us run in March proved enough: nothing was lost when I pulled the cable myself.",
)
CRM = """Opportunity ID,Account Name,Stage,Close Date,Loss Reason
O-1,Mill 0,Closed Lost,2026-05-20,price too high
O-2,Mill 1,Closed Lost,2026-05-20,too expensive
O-3,Mill 2,Closed Lost,2026-05-20,too many alerts in the trial
O-4,Mill 3,Closed Won,2026-05-20,
"""


def said(number, text, **more):
    row = {"id": f"i{number}", "author": f"person {number}", "date": "2026-05-03", "text": text.format(number)}
    return {**row, "segment": ("federal", "global enterprise")[number % 2], **more}


def fill(bench, folder):
    """Twelve interviews of four deals, thirty posts of three quarters, an opportunity for each deal."""
    folder.mkdir()
    calls = [
        said(n, CALLS[n], account=f"Mill {n % 4}", outcome=("lost_to_competitor", "won")[n % 4 == 3],
             role=("CISO", "SOC Manager")[n % 2])
        for n in range(12)
    ]  # fmt: skip
    days = ("2025-11-03", "2026-02-03", "2026-05-03")
    both = {"role": "CISO", "account": "", "outcome": ""}
    posts = [said(100 + n, PAIN if n % 5 else DENIED, **{**both, "date": days[n % 3]}) for n in range(30)]
    for kind, rows in (("interview", calls), ("community", posts)):
        (folder / f"{kind}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        (folder / f"{kind}.map.toml").write_text(MAPPING.format(kind=kind), encoding="utf-8")
    (folder / "opportunities.csv").write_text(CRM, encoding="utf-8")
    intake.take_in(bench, [folder])
    for stage in (analysis.segment_documents, analysis.embed_verbatims, crm_reasons.embed_reasons):
        stage(bench)
    analysis.classify_verbatims(bench)
    put_themes(bench)


def put_themes(bench):
    """One theme of pains, which some deny, and one of proof, without clustering."""
    rows = bench.store.evidence()
    for facet, title in ((Facet.PAIN, "alerts bury my analysts"), (Facet.PROOF, "a pilot on our own traffic")):
        own = [item for item in rows if item.facet == facet]
        inside = {item.id: f"h{facet}" for item in own}
        exemplars = tuple(inside)[:3]
        theme = Theme(
            id=f"h{facet}", facet=facet, title=title, terms=("alerts",), size=len(own), exemplars=exemplars, family=0
        )
        with bench.store.transaction() as transaction:
            transaction.put_themes(facet, [theme], inside, "by hand")


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    root = tmp_path_factory.mktemp("crossing")
    opened = with_stand_ins(open_workbench(root / "workspace", clock=StillClock()))
    with closing(opened.store):
        fill(opened, root / "drop")
        yield opened


@pytest.fixture(scope="module")
def pain(bench) -> Theme:
    return bench.store.theme("hpain")


def row(number, *, account=None, outcome=None, source="interview", theme=None, segment="federal"):
    return EvidenceRow(
        f"v{number}", f"{number:032x}", f"d{number}", f"r{number}", "pain", 1.0, None, None, segment, source, outcome,
        None, account, "2026Q2", "2026-05-01", "named", theme, (), None, 0,
    )  # fmt: skip


# --- lost and won ----------------------------------------------------------------------------------------------------


def test_deals_count_once_however_many_buyers_and_verbatims_they_have():
    scope = [row(n, account=f"A{n // 3}", outcome="lost_to_competitor") for n in range(30)]
    scope += [row(100 + n, account=f"B{n // 2}", outcome="won") for n in range(24)]
    telling = [item for item in scope if item.account in ("A0", "A1", "A2", "A3", "A4", "A5", "A6", "A7", "B0")]
    found = outcomes.association(telling, scope)
    assert (found.lost.count, found.lost.base, found.won.count, found.won.base) == (8, 10, 1, 12)
    assert found.difference == pytest.approx(8 / 10 - 1 / 12)
    assert found.low > 0
    assert found.word == "lost"
    assert found.p < 0.01
    assert "8 of 10 lost deals" in found.words


def test_few_deals_are_called_few_whatever_they_show():
    scope = [row(n, account=f"A{n}", outcome="lost_to_competitor") for n in range(9)]
    scope += [row(100 + n, account=f"B{n}", outcome="won") for n in range(30)]
    found = outcomes.association(scope[:9], scope)
    assert found.word == "too few"
    assert "Too few" in found.words
    assert outcomes.association([], []).p is None


def test_posts_and_open_deals_are_no_deals():
    scope = [row(1, account="A", outcome="lost_to_competitor", source="community"), row(2, account="B", outcome="open")]
    found = outcomes.association(scope, scope)
    assert (found.lost.base, found.won.base) == (0, 0)


@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12), st.integers(0, 12))
@settings(max_examples=30, deadline=None)
def test_a_word_is_given_only_where_the_interval_leaves_no_room_for_none(lost, more_lost, won, more_won):
    scope = [row(n, account=f"A{n}", outcome="lost_to_competitor") for n in range(lost + more_lost)]
    telling = scope[:lost]
    wins = [row(100 + n, account=f"B{n}", outcome="won") for n in range(won + more_won)]
    found = outcomes.association([*telling, *wins[:won]], [*scope, *wins])
    if found.word in ("lost", "won"):
        assert min(found.lost.base, found.won.base) >= statistics.FEW
        assert (found.low > 0) == (found.word == "lost")
    if found.difference is not None:
        assert found.low <= found.difference <= found.high


# --- sources ---------------------------------------------------------------------------------------------------------


def test_what_denies_a_theme_is_found_and_counted_by_people(bench, pain):
    denied = contradicting.denials(bench)[pain.id]
    texts = bench.store.texts([item.key for item in denied])
    assert all("never a problem" in text for text in texts.values())
    view = browsing.theme_view(bench, pain.id)
    assert view.denied.count == len(respondents(denied)) == 6
    assert view.contradicting


def test_each_kind_of_source_agrees_is_silent_or_disagrees(bench, pain):
    found = {witness.kind: witness for witness in browsing.theme_view(bench, pain.id).witnesses}
    assert found["interview"].stance is Corroboration.AGREE
    assert (found["community"].stance, found["community"].denied.count) == (Corroboration.AGREE, 6)
    assert (found["inquiry"].stance, found["inquiry"].words) == (Corroboration.SILENT, "Nobody was heard there.")


def test_a_source_whose_people_deny_as_much_as_they_tell_disagrees(bench, monkeypatch):
    scope = [row(n, source="community", theme="h1") for n in range(4)]
    monkeypatch.setattr(crm_reasons, "causes_of_theme", lambda *_: ())
    found = {item.kind: item for item in triangulation.witnesses(bench, scope, scope[:2], Heard(scope))}
    assert (found["community"].stance, found["community"].told.count) == (Corroboration.DISAGREE, 2)
    silent = {item.kind: item for item in triangulation.witnesses(bench, [], [], Heard(scope))}["community"]
    assert silent.stance is Corroboration.SILENT
    assert "up to 49%" in silent.words


def test_the_crm_says_price_and_the_buyers_say_noise(bench, pain):
    telling = [item for item in library(bench).rows if item.theme_id == pain.id]
    assert crm_reasons.causes_of_theme(bench, telling)[0] == "noise"
    crm = browsing.theme_view(bench, pain.id).witnesses[-1]
    assert (crm.kind, crm.stance) == ("crm", Corroboration.DISAGREE)
    assert {it.label: it.deals for it in crm.reasons} == {"Price": 2, "Noise and accuracy": 1}
    assert "noise and accuracy" in crm.words
    assert "it names price for 2" in crm.words


def test_reasons_are_placed_by_their_words_in_the_order_they_name_them(bench):
    named = crm_reasons.causes_named("SOC staff went dark, then price", bench.codebook.reasons)
    assert named == ("people", "price")
    assert crm_reasons.causes_named("", bench.codebook.reasons) == ()
    assert crm_reasons.causes_named("enterprise surprise", bench.codebook.reasons) == ()


# --- segments, roles, seats ------------------------------------------------------------------------------------------


def test_the_matrix_counts_people_of_each_cell_over_the_quarters(bench):
    found = crossing.matrix(bench, Filters(), facet="pain")
    assert (found.quarter, found.quarters) == ("2026Q2", ("2025Q4", "2026Q1", "2026Q2"))
    rows = library(bench).rows
    for cell in found.cells:
        here = [item for item in rows if item.segment == cell.segment and cell.role in (None, item.role)]
        for quarter, share in cell.trend:
            heard = [item for item in here if item.quarter == quarter]
            telling = [item for item in heard if item.facet == "pain"]
            assert (share.count, share.base) == (len(respondents(telling)), len(respondents(heard)))
        assert cell.share == cell.trend[-1][1]
        for told in cell.themes:
            assert told.share.base == cell.share.base
            assert told.share.count <= cell.share.count
    assert found.cell("federal", None).share.base > 0
    assert found.cell("nowhere", None) is None


def test_a_quarter_before_anything_was_heard_is_refused(bench):
    with pytest.raises(Exception, match="no evidence"):
        crossing.matrix(bench, Filters(), facet="pain", quarter="2001Q1")


def test_an_empty_workspace_has_an_empty_matrix(tmp_path):
    with closing((opened := with_stand_ins(open_workbench(tmp_path / "w", clock=StillClock()))).store):
        assert crossing.matrix(opened, Filters(), facet="pain").cells == ()
        assert crossing.seats(opened, Filters()) == ()
        assert proofgap.proof_gap(opened, Filters()).rows == ()


def test_seats_stand_apart_and_quote_their_own_people(bench):
    cells = crossing.seats(bench, Filters(role=("ciso",)))
    assert {cell.role for cell in cells} == {"ciso"}
    assert {cell.facet for cell in cells} == {"pain", "engagement", "proof"}
    for cell in cells:
        if cell.quote:
            assert (cell.quote.segment, cell.quote.role, cell.quote.mode) == (cell.segment, cell.role, cell.mode)
            assert cell.quote.theme_id == cell.themes[0].theme.id


def test_parts_of_a_scope_add_up():
    heard = Heard([row(n, segment=("a", "b", None)[n % 3]) for n in range(12)])
    assert heard.bases("segment") == {"a": 4, "b": 4}
    assert [share.count for _, share in heard.split(heard.rows[:3], "segment")] == [1, 1]
    assert heard.of("2026Q2").people == 12
    assert heard.before("2026Q2").people == 0


# --- proof -----------------------------------------------------------------------------------------------------------


def test_a_demand_is_met_by_somebody_of_the_same_deal(bench):
    gap = proofgap.proof_gap(bench, Filters())
    assert sum(gap.sides.values()) == len([item for item in library(bench).rows if item.facet == "proof"])
    for line in gap.rows:
        assert line.unmet.count <= line.demanded.count <= line.people.count
        for kind in line.kinds:
            assert kind.unmet.count <= kind.demanded.count
            assert kind.demanded.verbatims == len(set(kind.asked_in))
            assert {item.id for item in kind.asked} <= set(kind.asked_in)
    everybody = [line for line in gap.rows if line.pain is None]
    assert sum(line.demanded.count for line in everybody) == 4
    assert sum(line.received.count for line in everybody) == 12


def test_the_verbatims_behind_a_number_are_all_of_them(bench):
    line = next(line for line in proofgap.proof_gap(bench, Filters()).rows if line.demanded.count)
    asked = proofgap.Asked(role=line.role, pain=None, proof=None, any_proof=True, side="demanded")
    assert len(proofgap.said(bench, Filters(), asked)) == line.demanded.verbatims


def test_the_page_leads_from_each_number_to_all_of_its_verbatims(bench):
    browser = create_app(bench).test_client()
    page = browser.get("/proof-gap").text
    links = {unescape(link): int(count) for link, count in re.findall(r'href="(/proof-gap/said[^"]+)">(\d+) of', page)}
    assert links
    for link, people in links.items():
        quotes = browser.get(link).text.count('<figure class="quote')
        assert quotes > 0
        assert quotes >= people or "side=received" in link  # one letter may be had by a whole deal
    assert browser.get("/proof-gap/said?side=neither").status_code == 400


def test_page_command_and_api_say_the_same(bench):
    browser = create_app(bench).test_client()
    assert browser.get("/api/v1/proof-gap").json == telling.gap_json(proofgap.proof_gap(bench, Filters()))
    assert browser.get("/api/v1/map").json == telling.map_json(crossing.seats(bench, Filters()), None)
    asked = browser.get("/api/v1/matrix?facet=proof&segment=federal").json
    assert asked == telling.matrix_json(crossing.matrix(bench, Filters(segment=("federal",)), facet="proof"))
    assert {cell["segment"] for cell in asked["cells"]} == {"federal"}


# --- levels and checkability -----------------------------------------------------------------------------------------


def test_a_family_counts_each_of_its_people_once(bench):
    page = browsing.theme_page(bench, Filters(facet=("pain",)))
    assert sorted(name for family in page.families for name in family.themes) == sorted(
        view.theme.id for view in page.themes
    )
    for family in page.families:
        own = [item for item in library(bench).rows if item.theme_id in family.themes]
        assert (family.share.count, family.share.base) == (len(respondents(own)), page.respondents)


def test_a_pain_can_be_checked_where_it_is_specific_and_heard_in_two_kinds_of_source(bench, pain):
    view = browsing.theme_view(bench, pain.id)
    assert view.confirmed == ("community", "interview")
    assert view.testable == bool(view.specific.count)
    posts = browsing.theme_view(bench, pain.id, Filters(source=("community",)))
    assert (posts.confirmed, posts.testable) == (("community",), False)


def test_a_passage_is_about_the_nearest_theme_that_it_is_near_enough_to():
    import numpy as np

    from nlp.themes.belonging import belonging, nearest_sentence, reach

    def rows(*angles):
        return np.array([[np.cos(a), np.sin(a)] for a in angles], dtype=np.float32)

    one, other = rows(0.0, 0.1, 0.2), rows(1.4, 1.5, 1.6)
    assert belonging([reach(one), reach(other)], rows(0.1, 0.8, 1.5)) == [0, None, 1]
    assert belonging([reach(other)], rows(1.5)) == [0]
    assert belonging([], rows(0.1)) == [None]
    assert nearest_sentence(one, rows(1.5, 0.2), least=0.5) == 1
    assert nearest_sentence(one, rows(1.5), least=0.5) is None
