"""The belief register by services, commands, pages and the API; verdicts count people and say where they hold."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from nlp.stances.forest import arrays_of, forest_of, planted
from nlp.stances.stance_features import clauses, feature_names, features, frame_of, signs_of
from nlp.stances.stance_labelled import load_pairs
from tests.conftest import StillClock, with_stand_ins
from tests.unit.webtools import small_workspace
from web import create_app, openapi
from winloss.bootstrap import open_workbench
from winloss.cli.commands import winloss
from winloss.errors import Conflict, MalformedSource, NotFound, QueryError, UnknownFormat
from winloss.model import Basis, Stance, StanceDecision
from winloss.services import doing
from winloss.services.belief import beliefs, believing, stances
from winloss.services.belief.belief_files import drafts_in
from winloss.services.belief.beliefs import Draft
from winloss.services.belief.believing import Verdict
from winloss.services.workspace import jobs, working

ALERTS = Draft(statement="Alerts bury analysts at night", owner="Dana", since="2025-02-01")


class WordJudge:
    """Supports what says “bury”, contradicts what says “cost”; counts what it is asked."""

    fingerprint = "words-1"

    def __init__(self):
        self.asked = 0

    def judge(self, statement, texts, *, advance=None):
        self.asked += len(texts)
        return [self._decided(text) for text in texts]

    def explain(self, statement, texts):
        return [Basis(span=(0, 3), reason="a word") for _ in texts]

    def _decided(self, text):
        stance = Stance.SUPPORTS if "bury" in text else Stance.CONTRADICTS if "cost" in text else Stance.UNRELATED
        chances = {item.value: 0.9 if item is stance else 0.05 for item in Stance}
        return StanceDecision(stance=stance, score=0.9, reason="a word", probabilities=chances, span=(0, 3))


@pytest.fixture
def judge():
    return WordJudge()


@pytest.fixture(scope="module")
def made_once(tmp_path_factory):
    """The folder of a workspace that is made and analysed once; each test works on a copy of it."""
    folder = tmp_path_factory.mktemp("beliefs")
    with small_workspace(folder):
        pass
    return folder / "workspace"


@pytest.fixture
def bench(tmp_path, made_once, judge):
    root = shutil.copytree(made_once, tmp_path / "workspace")
    opened = with_stand_ins(open_workbench(root, clock=StillClock()))
    yield replace(opened, stances=lambda: judge)
    opened.store.close()


@pytest.fixture
def client(bench):
    return create_app(bench).test_client()


@pytest.fixture
def post(client):
    def send(**fields):
        token = re.search(r'name="token" value="([^"]+)"', client.get("/beliefs").text)[1]
        return client.post("/beliefs", data={"token": token, **fields}, follow_redirects=True)

    return send


# --- the register ----------------------------------------------------------------------------------------------------


def test_a_belief_is_kept_changed_with_a_trail_retired_and_undone(bench):
    made = beliefs.add(bench, ALERTS, by="Dana")
    changed = beliefs.edit(bench, made.id, by="Tom", owner="Ines", segment="federal")
    assert [(edit.field, edit.was, edit.became, edit.by) for edit in changed.edits] == [
        ("owner", "Dana", "Ines", "Tom"),
        ("segment", None, "federal", "Tom"),
    ]
    assert beliefs.edit(bench, made.id, by="Tom", segment="").segment is None
    beliefs.retire(bench, made.statement.upper(), by="Tom")
    assert beliefs.listed(bench) == []
    assert [belief.id for belief in beliefs.listed(bench, retired=True)] == [made.id]
    for _ in range(3):
        doing.undo(bench, by="Tom")
    assert beliefs.find(bench, made.id) == made


def test_what_is_not_as_it_must_be_is_refused_with_what_to_do(bench):
    beliefs.add(bench, ALERTS, by=None)
    for wrong in ({"owner": ""}, {"since": "1.2.2025"}, {"segment": "fedral"}, {"facet": "joy"}, {"statement": " "}):
        with pytest.raises(QueryError) as caught:
            beliefs.add(bench, replace(ALERTS, **{"statement": "Another", **wrong}), by=None)
        assert caught.value.hint
    with pytest.raises(QueryError, match="did you mean 'federal'"):
        beliefs.add(bench, replace(ALERTS, statement="Another", segment="fedral"), by=None)
    with pytest.raises(Conflict):
        beliefs.add(bench, replace(ALERTS, statement="alerts  bury analysts at NIGHT"), by=None)
    with pytest.raises(NotFound) as caught:
        beliefs.find(bench, "Alerts bury analyst at nigth")
    assert "Alerts bury analysts at night" in caught.value.hint
    assert len(bench.store.beliefs()) == 1


def test_which_beliefs_were_held_when_and_of_whom(bench):
    for draft in (ALERTS, replace(ALERTS, statement="Logs move to the cloud", since="2026-04-01", segment="federal")):
        beliefs.add(bench, draft, by=None)
    assert [item.statement for item in beliefs.held(bench, "2026Q1")] == [ALERTS.statement]
    assert len(beliefs.held(bench, "2026Q2", "federal")) == 2
    assert len(beliefs.held(bench, "2026Q2", "global enterprise")) == 1
    beliefs.retire(bench, ALERTS.statement, by=None)
    assert [item.statement for item in beliefs.held(bench, "2026Q1")] == [ALERTS.statement]
    assert len(beliefs.held(bench)) == 1
    rows = beliefs.statement_vectors(bench, beliefs.held(bench, "2026Q1"))
    assert rows.shape == (1, bench.encoder().dimensions)


FILES = {
    "a.csv": 'Statement,Owner,Since,Segment\nWe lose on price,Dana,2025-02-01,federal\n,,,\n"Legal, it is",Tom,,\n',
    "a.jsonl": '{"belief": "We lose on price", "who": "Dana", "date": "2025-02-01", "segment": "federal"}\n\n'
    '{"statement": "Legal, it is", "owner": "Tom"}\n',
    "a.toml": '[[beliefs]]\nstatement = "We lose on price"\nowner = "Dana"\nsince = 2025-02-01\nsegment = "federal"\n'
    '[[beliefs]]\nstatement = "Legal, it is"\nowner = "Tom"\n',
    "a.md": "# Beliefs\n\n- We lose on price (owner: Dana; since: 2025-02-01; segment: federal)\n"
    "- **Legal, it is** (owner: Tom)\n\nThat is all.\n",
}


@pytest.mark.parametrize("name", FILES)
def test_every_kind_of_list_is_read_alike(bench, tmp_path, name):
    path = tmp_path / name
    path.write_text(FILES[name], encoding="utf-8")
    made = beliefs.add_all(bench, drafts_in(path), by=None)
    assert [(item.statement, item.owner, item.since, item.segment) for item in made] == [
        ("We lose on price", "Dana", "2025-02-01", "federal"),
        ("Legal, it is", "Tom", "2026-06-30", None),
    ]


@pytest.mark.parametrize(
    ("name", "text", "where"),
    [
        ("a.csv", "what,owner\nx,y\n", "line 1"),
        ("a.csv", "statement,owner\nfine,Dana\n,Dana\n", "line 3"),
        ("a.csv", "statement,owner\none,two,three\n", "line 2"),
        ("a.jsonl", '{"statement": "x"}\nnot json\n', "line 2"),
        ("a.jsonl", '{"statement": "x", "colour": "red"}\n', "line 1"),
        ("a.toml", 'beliefs = "x"', "whole file"),
        ("a.md", "No bullets here.", "whole file"),
    ],
)
def test_a_broken_list_says_which_line_and_what_to_do(tmp_path, name, text, where):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MalformedSource) as caught:
        drafts_in(path)
    assert where in caught.value.where
    assert caught.value.hint


def test_a_list_with_one_bad_belief_changes_nothing(bench, tmp_path):
    path = tmp_path / "beliefs.csv"
    path.write_text("statement,owner,segment\nOne thing,Dana,\nAnother thing,Dana,fedral\n", encoding="utf-8")
    with pytest.raises(QueryError, match=r"beliefs.csv, line 3: no segment"):
        beliefs.add_all(bench, drafts_in(path), by=None)
    assert bench.store.beliefs() == []
    with pytest.raises(UnknownFormat):
        drafts_in(tmp_path / "beliefs.pdf")


# --- evidence --------------------------------------------------------------------------------------------------------


def test_people_are_counted_once_and_everybody_is_on_one_side(bench):
    made = beliefs.add(bench, ALERTS, by=None)
    found = believing.evidence(bench, made.id)
    for part in (found.whole, *found.segments, *found.roles, *found.sources, *found.quarters):
        assert part.supports.base == part.contradicts.base == part.silent.base
        assert part.supports.count + part.contradicts.count + part.silent.count == part.supports.base
        assert 0 <= part.low <= part.high <= 1
    people = {row.respondent for row in bench.store.evidence()}
    assert found.whole.supports.base == len(people)
    assert {voice.stance for voice in found.supporting} == {Stance.SUPPORTS}
    assert all("bury" in voice.passage.text for voice in found.supporting)
    assert all("cost" in voice.passage.text for voice in found.contradicting)
    assert {part.name for part in found.quarters} == {"2025Q4", "2026Q1", "2026Q2"}


def test_a_belief_that_holds_in_one_segment_only_says_so(bench):
    made = beliefs.add(bench, ALERTS, by=None)
    found = believing.evidence(bench, made.id)
    verdicts = {part.name: part.verdict for part in found.segments}
    assert verdicts == {"federal": Verdict.SUPPORTED, "global enterprise": Verdict.CONTRADICTED}
    assert found.verdict is Verdict.MIXED
    assert "Supported in federal, contradicted in global enterprise" in found.sentence
    narrowed = beliefs.edit(bench, made.id, by=None, segment="federal")
    assert believing.evidence(bench, narrowed.id).verdict is Verdict.SUPPORTED


def test_a_scope_nobody_speaks_in_and_a_statement_nobody_can_test(bench):
    proud = beliefs.add(bench, replace(ALERTS, statement="Our brand is strong"), by=None)
    found = believing.evidence(bench, proud.id)
    assert found.verdict is Verdict.UNFALSIFIABLE
    assert {part.verdict for part in found.quarters} == {Verdict.UNFALSIFIABLE}
    assert not found.supporting
    lonely = beliefs.add(bench, replace(ALERTS, statement="Lawyers read every line", role="legal"), by=None)
    assert believing.evidence(bench, lonely.id).sentence == "Nobody in its scope was heard."


@pytest.mark.parametrize(
    ("for_it", "against", "base", "verdict"),
    [
        (0, 0, 9, Verdict.NOT_ENOUGH),
        (0, 0, 10, Verdict.SILENT),
        (4, 0, 20, Verdict.SUPPORTED),
        (3, 0, 20, Verdict.NOT_ENOUGH),
        (0, 4, 20, Verdict.CONTRADICTED),
        (5, 5, 20, Verdict.MIXED),
        (2, 1, 20, Verdict.NOT_ENOUGH),
    ],
)
def test_the_verdict_follows_from_the_interval(for_it, against, base, verdict):
    from winloss.model import Share
    from winloss.services.statistics import wilson

    low, high = wilson(Share(count=for_it, base=for_it + against, verbatims=0))
    assert believing._word(for_it, against, base, low, high) is verdict


def test_what_was_judged_is_not_judged_again_and_no_words_are_kept(bench, judge):
    made = beliefs.add(bench, ALERTS, by=None)
    believing.register(bench)
    asked = judge.asked
    assert asked
    bench.memo.clear()
    believing.register(bench)
    assert judge.asked == asked
    (kept,) = (bench.root / stances.FOLDER).glob("*.json")
    told = json.loads(kept.read_text())
    assert all(re.fullmatch("[0-9a-f]{32}", key) for key in told)
    assert not re.search("bury|cost|[Aa]lerts", kept.read_text())
    kept.write_text("{", encoding="utf-8")
    bench.memo.clear()
    assert believing.evidence(bench, made.id).whole.supports.count
    assert judge.asked >= 2 * asked


# --- commands, pages, API --------------------------------------------------------------------------------------------


def test_the_commands_and_the_api_tell_the_same(bench, client):
    call = lambda *words: CliRunner().invoke(winloss, ["--workspace", str(bench.root), "beliefs", *words])  # noqa: E731
    added = call("add", "Our brand is strong", "--owner", "Dana", "--since", "2025-02-01", "--json")
    assert added.exit_code == 0, added.output
    (made,) = json.loads(added.stdout)
    listed = json.loads(call("list", "--json").stdout)
    assert listed == client.get("/api/v1/beliefs").get_json()
    shown = call("show", made["id"], "--quarter", "2026Q1")
    assert "UNFALSIFIABLE" in shown.output
    assert call("retire", made["id"]).exit_code == 0
    assert json.loads(call("list", "--json").stdout) == {"beliefs": []}
    assert "Taken back" in call("undo").output
    for name in ("add", "list", "show", "edit", "retire", "restore", "undo"):
        assert "Example:" in call(name, "--help").output


def test_the_api_answers_as_described_and_changes_the_register(client):
    def valid(body, name):
        told = openapi.document()
        Draft202012Validator({**told["components"]["schemas"][name], "components": told["components"]}).validate(body)

    sent = {"do": "add", "statement": "Alerts bury analysts at night", "owner": "Dana"}
    answer = client.post("/api/v1/beliefs", json=sent)
    valid(answer.get_json(), "BeliefRegister")
    (entry,) = answer.get_json()["beliefs"]
    found = client.get(f"/api/v1/beliefs/{entry['id']}?quarter=2026Q1").get_json()
    valid(found, "BeliefEvidence")
    assert found["quarter"] == "2026Q1"
    assert client.get("/api/v1/beliefs?colour=red").status_code == 400
    assert client.post("/api/v1/beliefs", json={"do": "burn"}).status_code == 400
    assert client.post("/api/v1/beliefs", json=sent).status_code == 409


def test_a_belief_is_written_changed_and_taken_back_on_pages(bench, client, post):
    page = post(do="add", statement="Alerts <b>bury</b> analysts", owner="Dana", since="2025-02-01", by="Tom")
    assert "Alerts &lt;b&gt;bury&lt;/b&gt; analysts" in page.text
    (made,) = bench.store.beliefs()
    assert made.by == "Tom"
    page = post(do="edit", belief=made.id, statement="Alerts bury analysts", owner="Ines", since="2025-02-01")
    assert "owner was “Dana”, became “Ines”" in page.text
    believing.prepare(bench)
    narrowed = client.get(f"/beliefs/{made.id}?quarter=2026Q1&segment=federal&all=true").text
    assert "global enterprise" not in narrowed.split("Who says it")[1].split("Change it")[0]
    assert "no longer held" in post(do="retire", belief=made.id).text
    post(do="undo")
    assert beliefs.find(bench, made.id).status == beliefs.HELD
    assert client.post("/beliefs", data={"do": "retire", "belief": made.id}).status_code == 403


def test_what_may_not_be_quoted_is_not_shown(bench, client):
    made = beliefs.add(bench, ALERTS, by=None)
    (secret,) = [row for row in bench.store.evidence() if row.rights == "no_quote"]
    words = bench.store.passages([secret.id])[0].text
    assert "bury" in words
    believing.prepare(bench)
    page = client.get(f"/beliefs/{made.id}?all=true")
    assert words not in page.text
    assert "may not be quoted" in page.text
    assert words not in client.get(f"/api/v1/beliefs/{made.id}").text


def test_a_new_belief_is_read_by_a_job_while_pages_answer_at_once(bench, client, post, judge):
    page = post(do="add", statement=ALERTS.statement, owner="Dana")
    assert judge.asked == 0
    assert "not read yet" in page.text
    (job,) = jobs.jobs(bench)
    assert f"/jobs/{job.id}" in page.text
    (made,) = bench.store.beliefs()
    assert "still to be read" in client.get(f"/beliefs/{made.id}").text
    assert client.get("/api/v1/beliefs").get_json()["beliefs"][0]["verdict"] == "not read yet"
    post(do="read", belief=made.id)
    assert len(jobs.jobs(bench)) == 1
    working.work(bench)
    assert judge.asked
    done = client.get(f"/jobs/{job.id}?by-itself=1")
    assert (done.status_code, done.headers["Location"]) == (303, "/beliefs")
    assert "mixed" in client.get("/beliefs").text.split("not enough evidence</span>")[0]
    post(do="edit", belief=made.id, statement=ALERTS.statement, owner="Ines", since="2025-02-01")
    assert len(jobs.jobs(bench)) == 1, "nothing is to be read for another owner"


# --- what is read ----------------------------------------------------------------------------------------------------


class FirstOnly:
    """Only the texts of a set speak of a statement, for it; remembers what it was asked."""

    fingerprint = "first-1"

    def __init__(self, speaking):
        self.speaking, self.asked = speaking, []

    def judge(self, statement, texts, *, advance=None):
        self.asked += texts
        return [self._decided(text in self.speaking) for text in texts]

    def _decided(self, speaks):
        chances = {"supports": 0.8 * speaks, "contradicts": 0.0, "unrelated": 1 - 0.8 * speaks}
        stance = Stance.SUPPORTS if speaks else Stance.UNRELATED
        return StanceDecision(stance=stance, score=0.8, reason="", probabilities=chances)


@pytest.mark.parametrize(("speaking", "read"), [(0, 1), (1, 1), (2, 2), (stances.STEP, 2), (stances.STEP + 2, 3)])
def test_texts_are_read_nearest_first_until_few_of_them_speak(bench, speaking, read):
    keys = sorted({row.key for row in bench.store.evidence()})[: 3 * stances.STEP]
    texts = bench.store.texts(keys)
    judge = FirstOnly({texts[key] for key in keys[:speaking]})
    asked = replace(bench, stances=lambda: judge)
    found = stances.read(asked, "Something", keys)
    assert judge.asked == [texts[key] for key in keys[: read * stances.STEP]]
    assert [key for key in found if found[key].speaks] == keys[:speaking]
    assert stances.read(asked, "Something", keys) == found
    assert len(judge.asked) == read * stances.STEP, "what was read is not read again"


# --- signs and trees -------------------------------------------------------------------------------------------------


def test_how_statements_are_put():
    kinds = {
        "We lose federal on price": ("cause", "price"),
        "The CISO decides": ("decider", "the ciso"),
        "Buyers want the full platform": ("wish", "the full platform"),
        "Alert noise is solved": ("state", "alert noise is solved"),
    }
    for statement, (kind, subject) in kinds.items():
        assert (frame_of(statement).kind, frame_of(statement).subject) == (kind, subject)
    assert frame_of("Price is not why we lose").negated
    assert not frame_of("Price is why we lose").negated


@pytest.mark.parametrize("text", ["", " ", "One. Two, but three\nfour — five", "İ said “no” because… 😀 it rained"])
def test_clauses_tile_the_text_and_features_have_their_length(text):
    spans = clauses(text)
    assert spans[0][0] == 0
    assert all(end == start for (_, end), (start, _) in pairwise(spans))
    assert spans[-1][1] == len(text)
    assert len(features(frame_of("We lose on price"), text)[0]) == len(feature_names())


def test_a_denial_and_another_reason_are_seen_in_their_clauses():
    frame = frame_of("We lose on price")
    denied, other = signs_of(frame, "Price was never the issue. What decided it was the letter from the agency.")
    assert denied.values["deny"]
    assert denied.values["subject"] == 1
    assert other.values["other_reason"] == 1


def test_a_forest_runs_as_scikit_learn_does_and_survives_being_kept():
    from sklearn.ensemble import ExtraTreesClassifier

    chance = np.random.default_rng(1)
    rows = chance.normal(size=(80, 4)).astype(np.float32).astype(np.float64)
    yes, weights = rows[:, 0] + rows[:, 1] > 0, np.ones(80)
    forest = planted(rows, yes, weights, trees=7, leaf=3, share=0.5, seed=1)
    grown = ExtraTreesClassifier(7, min_samples_leaf=3, max_features=0.5, random_state=1).fit(rows, yes.astype(int))
    assert np.allclose(forest.chances(rows), grown.predict_proba(rows)[:, 1], atol=1e-6)
    again = forest_of(arrays_of(forest, "x"), "x")
    assert np.array_equal(again.chances(rows), forest.chances(rows))


def test_no_statement_is_in_two_parts_of_the_labelled_pairs():
    pairs = load_pairs()
    parts = {}
    for pair in pairs:
        assert parts.setdefault(pair.statement, pair.part) == pair.part
    assert len(pairs) >= 300
    assert {pair.part for pair in pairs} == {"train", "dev", "test"}
