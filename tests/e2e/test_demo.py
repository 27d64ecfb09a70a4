"""The real thing, once: the demo corpus with the real model, held to what `fixtures/truth.toml` says was planted."""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from pathlib import Path

import pytest

import fixtures
from fixtures import build
from winloss.bootstrap import open_workbench
from winloss.model import Filters, Scope, State
from winloss.services import believing, browsing, demo, reporting, searching, statistics
from winloss.services.evidence import trend

pytestmark = pytest.mark.model

TRUTH = tomllib.loads((Path(fixtures.__file__).parent / "truth.toml").read_text(encoding="utf-8"))
FACETS = {code: facet for facet, codes in TRUTH["codes"].items() for code in codes}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The demo, run once: the workbench and what it printed."""
    root = tmp_path_factory.mktemp("demo") / "workspace"
    demo.prepare(root)
    bench = open_workbench(root)
    lines = list(demo.run(bench))
    yield bench, lines
    bench.store.close()


@pytest.fixture(scope="module")
def bench(told):
    return told[0]


@pytest.fixture(scope="module")
def planted():
    """External id of every post and inquiry -> the code that was planted in it."""
    codes = {post["post_id"]: post["code"] for post in build.posts()}
    return codes | {entry["inquiry_id"]: entry["code"] for entry in build.inquiries()}


@pytest.fixture(scope="module")
def themes_of_code(bench, planted):
    """Code -> the themes of its facet that hold more posts and inquiries of it than of any other, the fullest first."""
    external = {document.id: document.external_id for document in bench.store.documents()}
    written = defaultdict(Counter)
    for row in bench.store.evidence():
        code = planted.get(external[row.document_id])
        if code and row.theme_id:
            written[row.theme_id, row.facet][code] += 1
    themes = defaultdict(list)
    for (theme_id, facet), codes in sorted(written.items(), key=lambda item: -max(item[1].values())):
        ((code, _),) = codes.most_common(1)
        if FACETS.get(code) == facet:
            themes[code].append(theme_id)
    return themes


def heard(bench, theme_ids):
    """Quarter -> the share of people who said any of the themes."""
    rows = bench.store.evidence()
    said = [row for row in rows if row.theme_id in theme_ids]
    return dict(trend(said, rows, TRUTH["quarters"]))


def test_nothing_was_refused_and_everything_is_labelled_fictional(told):
    bench, lines = told
    assert not [line for line in lines if line.startswith("refused")]
    assert "ictional" in lines[0]
    counts = bench.store.counts()
    assert counts["documents"] >= 32 + 320 + 120
    assert (counts["deals"] >= 200, counts["accounts"] >= 80) == (True, True)
    assert browsing.quarters(bench) == tuple(TRUTH["quarters"])
    assert set(browsing.segments(bench)) == set(TRUTH["segments"])


def test_the_interviewer_and_the_vendor_are_never_evidence(bench):
    speakers = {passage.speaker for passage in bench.store.passages([row.id for row in bench.store.evidence()])}
    assert speakers.isdisjoint({"Dana Whitlock", "Teo Marsh", "Ravi Anand"})


def test_most_posts_are_filed_under_the_facet_that_was_planted(bench, planted):
    external = {document.id: document.external_id for document in bench.store.documents()}
    found = defaultdict(Counter)
    for row in bench.store.evidence():
        found[external[row.document_id]][row.facet] += 1
    coded = {name: FACETS[code] for name, code in planted.items() if code in FACETS and found[name]}
    pains = [name for name, facet in coded.items() if facet == "pain"]
    found_in = sum("pain" in found[name] for name in pains)
    assert found_in >= 0.75 * len(pains)


def test_persisting_pains_are_heard_in_every_quarter(bench, themes_of_code):
    for code in TRUTH["persists"]["codes"]:
        told = heard(bench, themes_of_code[code])
        assert all(share.count for share in told.values()), (code, told)


def test_the_pain_of_one_segment_is_found_in_that_segment_only(bench, themes_of_code):
    only = TRUTH["only_in_one_segment"]
    fullest = themes_of_code[only["code"]][0]
    spans = {name: statistics.wilson(share) for name, share in browsing.theme_view(bench, fullest).segments}
    lowest, _ = spans.pop(only["segment"])
    assert all(lowest > highest for _, highest in spans.values()), (lowest, spans)


@pytest.mark.parametrize(("planted_as", "told_as"), [("grows", "growing"), ("fades", "fading")])
def test_what_grows_is_told_to_grow_and_what_fades_to_fade(bench, planted, planted_as, told_as):
    plan = TRUTH[planted_as]
    code_of = {document.id: planted.get(document.external_id) for document in bench.store.documents()}
    document_of = {row.id: row.document_id for row in bench.store.evidence()}
    told = [node for verdict in browsing.verdicts(bench) if verdict.quarter in plan["told"] for node in verdict.nodes]
    about = [Counter(code_of[document_of[name]] for name in node.verbatims) for node in told if node.kind == told_as]
    assert any(codes[plan["code"]] > sum(codes.values()) / 2 for codes in about), about


def test_the_new_signal_is_found_in_its_quarter_and_first_in_the_community(bench, planted):
    new = TRUTH["new_signal"]
    verdict = pooled(bench, new["quarter"])
    assert verdict.state is State.NEW_SIGNAL, verdict.sentence
    named = {name for node in verdict.nodes if node.kind == "emerging" for name in node.verbatims}
    said = [passage for passage in bench.store.passages(sorted(named)) if passage.quarter == new["quarter"]]
    about = [passage for passage in said if planted.get(passage.external_id) == new["code"]]
    assert len(about) >= 0.8 * len(said), [passage.text for passage in said if passage not in about]
    assert {passage.source for passage in about} == {"community"}


def test_no_new_signal_is_claimed_where_none_was_planted(bench):
    quiet = [*TRUTH["quarters"][:2], *TRUTH["repeats"]["quarters"], TRUTH["narrowed"]["quarter"]]
    states = {quarter: pooled(bench, quarter).state for quarter in quiet}
    assert State.NEW_SIGNAL not in states.values(), states


def test_the_narrowed_quarter_is_called_narrowed(bench):
    verdict = pooled(bench, TRUTH["narrowed"]["quarter"])
    assert verdict.state is State.NARROWED, verdict.sentence


def test_the_new_pain_is_found_by_meaning_in_other_words(bench, planted):
    page = searching.search(bench, "no record of why the bot dismissed it", Filters(), mode="hybrid", limit=10)
    codes = [planted.get(hit.passage.external_id) for hit in page.hits]
    assert codes.count("AIAUDIT") >= 5, codes


def test_the_report_cites_every_statement_and_quotes_to_the_letter(bench):
    report = reporting.compose(bench, "2026Q2")
    cited = {passage.id for passage in report.cited}
    statements = [
        statement
        for part in report.parts
        for section in part.sections
        for statement in (*section.statements, *(theme.statement for theme in section.themes))
    ]
    assert len(statements) >= 20
    assert all(statement.citations and set(statement.citations) <= cited for statement in statements)
    stored = {passage.id: passage.text for passage in bench.store.passages(sorted(cited))}
    assert stored == {passage.id: passage.text for passage in report.cited}
    assert [part.segment for part in report.parts] == [None, *browsing.segments(bench)]


def test_the_corpus_is_what_its_scripts_build(tmp_path):
    build.build(tmp_path / "corpus")
    written = {path.relative_to(tmp_path / "corpus"): path.read_bytes() for path in files_under(tmp_path / "corpus")}
    kept = {path.relative_to(fixtures.CORPUS): path.read_bytes() for path in files_under(fixtures.CORPUS)}
    assert written == kept


def files_under(root: Path):
    return [path for path in root.rglob("*") if path.is_file()]


def pooled(bench, quarter):
    return next(verdict for verdict in browsing.verdicts(bench, quarter=quarter) if verdict.scope == Scope())


def test_the_register_holds_what_leadership_believes_and_counts_everybody_once(told):
    bench, lines = told
    entries = {entry.belief.statement: entry for entry in believing.register(bench)}
    assert {belief["statement"] for belief in TRUTH["beliefs"]} < set(entries)
    for belief in TRUTH["beliefs"]:
        assert entries[belief["statement"]].belief.segment == belief.get("segment")
    assert entries["Our brand is strong"].verdict is believing.Verdict.UNFALSIFIABLE
    for entry in entries.values():
        assert [part.name for part in entry.quarters] == TRUTH["quarters"]
        assert any(entry.sentence in line for line in lines)
