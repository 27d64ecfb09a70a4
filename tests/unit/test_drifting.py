"""Drift in a workspace: which cells are judged when, what is told of a verdict, and what people decide about it."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator

from tests.conftest import with_stand_ins
from tests.unit.driftspace import NEW, QUARTERS, drifting_workspace, posts, take_in
from web import create_app, openapi
from winloss.bootstrap import open_workbench
from winloss.cli import commands
from winloss.errors import NotFound, QueryError
from winloss.model import Claim, Kept, NodeDecided, Scope, State, Synthesis
from winloss.services import doing
from winloss.services.analysis import analyse
from winloss.services.drift import deciding, drifting, explaining, signals, verdicts
from winloss.services.drift.drift_cells import evidence_of
from winloss.services.erasure import forgetting
from winloss.services.erasure.taking import Wish

LAST = QUARTERS[-1]


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    with drifting_workspace(tmp_path_factory.mktemp("drifting")) as opened:
        yield opened


@pytest.fixture
def undecided(bench):
    yield bench
    for item in bench.store.node_decisions():
        deciding.take_back(bench, item.id, by="Dana")


def pooled(bench, quarter=LAST):
    found = verdicts.verdict_of(bench, quarter, Scope())
    assert found is not None
    return found


def new_node(bench):
    return next(node for node in pooled(bench).nodes if node.kind == "emerging")


# --- judging ---------------------------------------------------------------------------------------------------------


def test_what_nobody_said_before_is_new_in_its_quarter_only(bench):
    states = {quarter: pooled(bench, quarter).state for quarter in QUARTERS}
    assert states.pop(LAST) is State.NEW_SIGNAL
    assert State.NEW_SIGNAL not in states.values()
    said = bench.store.passages(new_node(bench).verbatims)
    assert sum(NEW in passage.text for passage in said) >= 0.9 * len(said)


def test_every_cell_with_people_has_a_verdict_and_few_are_tested(bench):
    evidence = evidence_of(bench.store.evidence())
    here = {item.scope for item in verdicts.verdicts(bench, quarter=LAST, roles=True)}
    assert here == set(evidence.scopes(LAST))
    tested = [item for item in verdicts.verdicts(bench, quarter=LAST) if item.statistics.get("p_rising") is not None]
    assert {item.scope.segment for item in tested} == {None, "federal", "global enterprise"}
    for item in verdicts.verdicts(bench, quarter=QUARTERS[0]):
        assert item.state is State.UNDERPOWERED
        assert "p_rising" not in item.statistics


def test_more_cells_get_more_permutations_in_steps(bench):
    few, many = drifting.permutations_of(bench, 3), drifting.permutations_of(bench, 40)
    assert few == bench.settings.drift_permutations
    assert many >= 10 * 40 / drifting.RATE
    assert drifting.permutations_of(bench, 41) == many


# --- the deck --------------------------------------------------------------------------------------------------------


def deck(*claims, segment=None, name="deck.pptx"):
    told = tuple(Claim(text=text, where=f"slide {n}", place=n) for n, text in enumerate(claims))
    return Synthesis(id=f"s-{name}", name=name, quarter=LAST, made_at="2026-06-30", claims=told, segment=segment)


@pytest.mark.parametrize(
    ("claims", "state"),
    [
        (("The alerts bury every analyst on night shift", "Renewal cost doubles and nobody can budget"), "LAUNDERED"),
        (("Renewal cost doubles", "An assistant silently closed alerts so auditors refuse signature"), "NEW SIGNAL"),
    ],
)
def test_a_deck_that_leaves_the_new_out_launders_and_without_it_the_verdict_is_as_before(bench, claims, state):
    kept = deck(*claims)
    doing.do(bench, "kept a deck", by="Dana", after=Kept(syntheses=(kept,)))
    assert drifting.judge_drift(bench) == 0, "the scan need not be computed anew for a deck"
    assert pooled(bench).state.value == state
    federal = verdicts.verdict_of(bench, LAST, Scope(segment="federal"))
    if federal.nodes:
        assert (federal.state is State.LAUNDERED) is (state == "LAUNDERED")
    doing.undo(bench, by="Dana")
    drifting.judge_drift(bench)
    assert pooled(bench).state is State.NEW_SIGNAL
    assert all(node.covered is None for node in pooled(bench).nodes)


def test_a_deck_of_one_segment_is_not_held_against_everybody(bench):
    doing.do(bench, "kept a deck", by="Dana", after=Kept(syntheses=(deck("Renewal cost", segment="federal"),)))
    drifting.judge_drift(bench)
    assert pooled(bench).state is State.NEW_SIGNAL
    doing.undo(bench, by="Dana")
    drifting.judge_drift(bench)


# --- the explanation -------------------------------------------------------------------------------------------------


def test_a_verdict_is_explained_with_counts_and_denominators(bench):
    told = explaining.explain(bench, LAST, Scope())
    (signal, *_) = told.signals
    assert f"{signal.node.current} of {signal.node.current_base} respondents this quarter" in signal.rests_on
    assert signal.spread[0].source == "community"
    assert signal.spread[0].first == "2026-05-03"
    assert signal.spread_words.startswith("First in the community (2026-05-03")
    assert signal.title.casefold() in bench.store.passages(signal.node.verbatims)[0].text.casefold() or signal.title
    assert "more interview" in told.unseen or "A theme below" in told.unseen
    kinds = {reason.kind for reason in told.reasons}
    assert {"same roles", "same source", "same people", "recycled text", "saturation"} >= kinds - {"same guide"}
    source = next(reason for reason in told.reasons if reason.kind == "same source")
    assert source.applies and source.share == 1.0
    asked = [row for row in told.asked if row.field == "segment"]
    assert sum(row.now.count for row in asked) == asked[0].now.base == 44


def test_the_title_is_what_somebody_said(bench):
    node = new_node(bench)
    assert any(node.title in passage.text for passage in bench.store.passages(node.verbatims))


def test_no_cell_no_explanation(bench):
    with pytest.raises(NotFound):
        explaining.explain(bench, LAST, Scope(segment="nowhere"))
    with pytest.raises(QueryError):
        explaining.explain(bench, "spring", Scope())


def test_saying_the_same_is_followed_and_the_error_of_the_measure_told(bench):
    found = signals.followed(bench, new_node(bench).verbatims, Scope(), LAST)
    texts = [passage.text for passage in bench.store.passages([row.id for row in found.rows])]
    assert sum(NEW in text for text in texts) == 12
    assert found.before.base == 4 * 44
    assert found.before.count <= 0.05 * found.before.base


# --- decisions -------------------------------------------------------------------------------------------------------


def test_a_dismissed_node_heads_nothing_until_it_is_taken_back(undecided):
    bench = undecided
    with pytest.raises(QueryError):
        deciding.dismiss(bench, new_node(bench).id, by="Dana", reason="  ")
    made = deciding.dismiss(bench, new_node(bench).id, by="Dana", reason="a campaign")
    assert pooled(bench).state is not State.NEW_SIGNAL
    assert "dismissed" in pooled(bench).flags
    assert any(node.kind == "emerging" for node in pooled(bench).nodes)
    deciding.take_back(bench, made.id, by="Tom")
    assert pooled(bench).state is State.NEW_SIGNAL


def test_a_confirmed_node_is_a_theme_and_goes_with_its_decision(undecided):
    bench = undecided
    before = {theme.id for theme in bench.store.themes()}
    made = deciding.confirm(bench, new_node(bench).id, by="Dana", title="The assistant decides")
    theme = bench.store.theme(made.theme_id)
    rows = {row.id: row for row in bench.store.evidence()}
    assert {rows[name].theme_id for name in made.verbatims} == {theme.id}
    if theme.id not in before:
        assert theme.title == "The assistant decides"
    analyse(bench)
    assert {row.theme_id for row in bench.store.evidence() if row.id in made.verbatims} == {theme.id}
    deciding.take_back(bench, made.id, by="Dana")
    assert {item.id for item in bench.store.themes()} == before
    assert bench.store.theme_decisions() == []


def test_deciding_again_replaces_and_undo_brings_back(undecided):
    bench = undecided
    name = new_node(bench).id
    deciding.watch(bench, name, by="Dana")
    deciding.dismiss(bench, name, by="Dana", reason="nothing")
    assert [item.kind for item in bench.store.node_decisions()] == [NodeDecided.DISMISS]
    doing.undo(bench, by="Dana")
    assert [item.kind for item in bench.store.node_decisions()] == [NodeDecided.WATCH]


def test_nobody_decides_about_what_is_not_there(bench):
    for way in (deciding.confirm, deciding.watch, deciding.take_back):
        with pytest.raises(NotFound):
            way(bench, "nnothing", by="Dana")
    with pytest.raises(QueryError):
        deciding.watch(bench, new_node(bench).id, by=" ")


# --- over time -------------------------------------------------------------------------------------------------------


def stored(bench):
    return {(item.quarter, item.scope): item for item in bench.store.verdicts()}


def test_only_what_is_stale_is_judged_and_what_is_watched_reports_until_it_is_forgotten(tmp_path):
    with drifting_workspace(tmp_path) as bench:
        assert drifting.judge_drift(bench) == 0, "nothing is computed twice"
        deciding.watch(bench, new_node(bench).id, by="Dana", title="Assistant")
        (told,) = deciding.watched(bench)
        assert [(name, share.count, share.base) for name, share in told.trend] == [(LAST, 12, 44)]

        before, gone = stored(bench), Scope(facet="pain", segment="nowhere")
        with bench.store.transaction() as transaction:
            transaction.put_verdicts([replace(pooled(bench), scope=gone)], "x")
        late, tail = {**posts()[0], "id": "late", "author": "late", "date": "2026-05-04"}, posts()[-44:-38]
        next_quarter = [
            {**row, "id": f"n{row['id']}", "author": f"n{row['author']}", "date": "2026-08-03",
             "text": f"Then {' '.join(row['text'].rstrip('.').split()[:-4:-1])}: {NEW.lower()}."}
            for row in tail
        ]  # fmt: skip
        take_in(bench, tmp_path / "later", [late, *next_quarter], "later")
        changed = {key for key, item in stored(bench).items() if before.get(key) != item}
        assert {(quarter, scope.segment) for quarter, scope in changed} >= {(LAST, None), (LAST, "federal")}
        assert {quarter for quarter, _ in changed} == {LAST, "2026Q3"}, "earlier quarters stay as they were"
        assert (LAST, "global enterprise") not in {(quarter, scope.segment) for quarter, scope in changed}
        assert (LAST, gone) not in stored(bench), "where nobody is heard any more there is no verdict"

        (told,) = deciding.watched(bench)
        assert [(name, share.count, share.base) for name, share in told.trend] == [(LAST, 12, 45), ("2026Q3", 6, 6)]
        assert told.words.startswith("6 of 6 respondents say it in 2026Q3 (the community 6)")

        forgetting.forget(bench, Wish(people=("q4-author-1",)))
        analyse(bench)
        left = {row.id for row in bench.store.evidence()}
        assert all(set(item.verbatims) <= left for item in bench.store.node_decisions())
        assert all(set(node.verbatims) <= left for item in stored(bench).values() for node in item.nodes)
        assert deciding.watched(bench)[0].trend[0][1].count == 11


# --- the command, the API, the page ----------------------------------------------------------------------------------


@pytest.fixture
def call(bench, monkeypatch, capsys):
    def run(*words):
        def opened(*_, **__):
            return with_stand_ins(open_workbench(bench.root, clock=bench.clock))

        monkeypatch.setattr("winloss.cli.shared.open_workbench", opened)
        commands.winloss(["--workspace", str(bench.root), *words], standalone_mode=False)
        return capsys.readouterr().out

    return run


def test_the_command_tells_explains_and_decides(call, undecided):
    told = json.loads(call("drift", "--quarter", LAST, "--json"))
    assert {item["scope"]["role"] for item in told["verdicts"]} == {None}
    first = told["verdicts"][0]
    assert (first["state"], first["scope"]["facet"], first["scope"]["segment"]) == ("NEW SIGNAL", None, None)
    name = first["nodes"][0]["id"]
    words = call("drift", "--quarter", LAST)
    assert "What could not have been seen" in words
    assert name in words
    assert "Watched from now on" in call("drift", "watch", name, "--by", "Dana")
    assert json.loads(call("drift", "watched", "--json"))["watched"][0]["decision"]["by"] == "Dana"
    assert "Dismissed" in call("drift", "dismiss", name, "--reason", "a test", "--by", "Dana")
    assert json.loads(call("drift", "--quarter", LAST, "--json"))["verdicts"][0]["state"] != "NEW SIGNAL"
    assert "Taken back: dismiss" in call("drift", "undo", name, "--by", "Dana")
    assert json.loads(call("drift", "explain", "--quarter", LAST, "--segment", "federal", "--json"))["reasons"]


def validated(answer, name):
    schema = {"$ref": f"#/components/schemas/{name}", "components": openapi.document()["components"]}
    Draft202012Validator(schema).validate(answer.get_json())
    return answer.get_json()


def test_the_api_explains_and_decides(undecided):
    client = create_app(undecided).test_client()
    told = validated(client.get(f"/api/v1/drift/explanation?quarter={LAST}"), "DriftExplanation")
    name = told["signals"][0]["id"]
    assert client.post("/api/v1/drift/decisions", json={"do": "dismiss", "node": name, "by": "Dana"}).status_code == 400
    made = client.post("/api/v1/drift/decisions", json={"do": "watch", "node": name, "by": "Dana"})
    assert validated(made, "NodeDecision")["kind"] == "watch"
    watched = client.get("/api/v1/drift/decisions").get_json()["watched"]
    assert [item["decision"]["by"] for item in watched] == ["Dana"]
    told = validated(client.get(f"/api/v1/drift/explanation?quarter={LAST}"), "DriftExplanation")
    assert told["signals"][0]["decision"]["kind"] == "watch"
    assert client.post("/api/v1/drift/decisions", json={"do": "dance", "node": name, "by": "D"}).status_code == 400
    assert client.get("/api/v1/drift/explanation?quarter=2020Q1").status_code == 404


def test_the_page_shows_the_verdict_and_takes_decisions_by_forms_alone(undecided):
    client = create_app(undecided).test_client()
    page = client.get(f"/drift?quarter={LAST}").text
    assert "Whom to ask next" in page and "Who was asked" in page
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    name = new_node(undecided).id
    form = {"token": token, "by": "Dana", "node": name, "quarter": LAST, "do": "dismiss", "reason": "<b>no</b>"}
    answer = client.post("/drift/decide", data=form, follow_redirects=True)
    assert answer.status_code == 200
    assert "&lt;b&gt;no&lt;/b&gt;" in answer.text
    assert "Dismissed: listed, not counted." in answer.text
    assert client.post("/drift/decide", data={**form, "do": "undo"}, follow_redirects=True).status_code == 200
    assert undecided.store.node_decisions() == []
    assert client.post("/drift/decide", data={**form, "token": "old"}).status_code == 403


def test_a_number_on_the_page_leads_to_as_many_verbatims_people(bench):
    client = create_app(bench).test_client()
    page = client.get(f"/drift?quarter={LAST}").text
    link, count = re.search(r'<a class="n" href="([^"]+segment=federal[^"]*)">(\d+) of', page).groups()
    assert int(count) == 22
    assert "22 verbatim" in client.get(link.replace("&amp;", "&")).text
