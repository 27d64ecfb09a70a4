"""People decide about themes: it holds over another analysis, is undone, is in the ledger, and goes when forgotten."""

from __future__ import annotations

import pytest

from tests.unit.webtools import small_workspace
from winloss.errors import NotFound, QueryError
from winloss.model import Cause, Decided, Facet, Theme, ThemeDecision
from winloss.services import doing
from winloss.services.analysis import analyse
from winloss.services.erasure import forgetting
from winloss.services.erasure.forgetting import Wish
from winloss.services.research import labelling
from winloss.services.themes import curation
from winloss.services.themes.curating import curated
from winloss.services.themes.ledger import happened, returning

pytestmark = pytest.mark.usefixtures("themes_kept")


@pytest.fixture
def bench(tmp_path):
    with small_workspace(tmp_path) as opened:
        yield opened


def state(bench):
    themes = {theme.id: theme for theme in bench.store.themes(dormant=True)}
    return themes, {row.id: row.theme_id for row in bench.store.evidence()}


def of_facet(bench, facet=Facet.PAIN):
    return [theme.id for theme in bench.store.themes(facet)]


def members(bench, theme_id):
    return [row.id for row in bench.store.evidence() if row.theme_id == theme_id]


def again(bench):
    """Another analysis, of other settings."""
    from dataclasses import replace

    analyse(replace(bench, settings=replace(bench.settings, seed=bench.settings.seed + 1), memo={}))


def test_a_theme_keeps_the_title_that_somebody_gave_it(bench):
    one = of_facet(bench)[0]
    found = bench.store.theme(one).title
    theme = curation.rename(bench, one, "  Nobody   can budget ", by="Dana")
    assert (theme.title, theme.named_by) == ("Nobody can budget", "Dana")
    again(bench)
    assert bench.store.theme(one).title == "Nobody can budget"
    doing.undo(bench, by="Dana")
    assert bench.store.theme(one).title == found
    assert bench.store.theme(one).named_by is None


def test_merged_themes_stay_merged_and_come_apart_again(bench):
    one, other, *_ = of_facet(bench)
    before = state(bench)
    ours, theirs = members(bench, one), members(bench, other)
    curation.merge(bench, other, one, by="Dana")
    assert sorted(members(bench, one)) == sorted([*ours, *theirs])
    merged = bench.store.theme(other)
    assert (merged.dormant, merged.merged_into, merged.size) == (True, one, 0)
    assert bench.store.theme(one).size == len(ours) + len(theirs)
    again(bench)
    assert sorted(members(bench, one)) == sorted([*ours, *theirs])
    doing.undo(bench, by="Dana")
    assert state(bench) == before


def test_a_split_makes_a_theme_and_holds(bench):
    one = of_facet(bench)[0]
    chosen = members(bench, one)[:4]
    made = curation.split(bench, one, chosen, "The night shift", by="Dana")
    assert sorted(members(bench, made.id)) == sorted(chosen)
    assert made.title == "The night shift"
    assert made.size == 4
    assert set(made.exemplars) <= set(chosen)
    assert made.exemplars
    again(bench)
    assert sorted(members(bench, made.id)) == sorted(chosen)
    doing.undo(bench, by="Dana")
    assert members(bench, made.id) == []
    assert bench.store.theme(made.id).dormant
    doing.redo(bench, by="Dana")
    assert sorted(members(bench, made.id)) == sorted(chosen)


def test_moved_verbatims_stay_where_they_were_put(bench):
    one, other, *_ = of_facet(bench)
    moved = members(bench, one)[:2]
    assert curation.move(bench, moved, other, by="Dana") == 2
    assert curation.move(bench, moved, other, by="Dana") == 0
    assert curation.move(bench, members(bench, one)[:1], None, by="Dana") == 1
    again(bench)
    assert set(moved) <= set(members(bench, other))
    doing.undo(bench, by="Dana")
    doing.undo(bench, by="Dana")
    assert set(moved) <= set(members(bench, one))


def test_pinned_and_archived_themes_are_marked_and_stay(bench):
    one, other, *_ = of_facet(bench)
    ours = members(bench, one)
    assert curation.pin(bench, one, by="Dana").pinned
    assert curation.archive(bench, other, by="Dana").archived
    again(bench)
    assert set(ours) <= set(members(bench, one))
    assert bench.store.theme(other).archived
    assert not bench.store.theme(other).dormant


def test_the_ledger_says_who_did_what_and_who_took_it_back(bench):
    one = of_facet(bench)[0]
    born = bench.store.theme_events(one)
    assert [(event.what, event.cause) for event in born] == [("born", Cause.DATA)]
    curation.rename(bench, one, "Another name", by="Dana")
    doing.undo(bench, by="Dana")
    events = bench.store.theme_events(one)
    assert [(event.what, event.cause, event.by) for event in events[:2]] == [("renamed", Cause.PERSON, "Dana")] * 2
    assert events[0].reason == "taken back: to “Another name”"
    assert events[2:] == born


def test_one_decision_is_taken_back_and_those_after_it_hold(bench):
    one, other, *_ = of_facet(bench)
    curation.rename(bench, one, "First", by="Dana")
    curation.archive(bench, other, by="Tom")
    (first,) = curation.decisions_on(bench, one)
    curation.take_back(bench, first.id, by="Kim")
    assert bench.store.theme(one).title != "First"
    assert bench.store.theme(other).archived
    with pytest.raises(NotFound):
        curation.take_back(bench, first.id, by="Kim")


def test_what_makes_no_sense_is_refused_and_changes_nothing(bench):
    one, other, *_ = of_facet(bench)
    work = Theme(id="hwork", facet=Facet.ENGAGEMENT, title="Work", terms=(), size=0, exemplars=())
    with bench.store.transaction() as transaction:
        transaction.put_themes(Facet.ENGAGEMENT, [work], {}, "made")
    before = state(bench)
    for wrong in (
        lambda: curation.merge(bench, one, one, by="Dana"),
        lambda: curation.merge(bench, one, work.id, by="Dana"),
        lambda: curation.rename(bench, one, "  ", by="Dana"),
        lambda: curation.rename(bench, one, bench.store.theme(other).title.upper(), by="Dana"),
        lambda: curation.rename(bench, one, "A title", by=None),
        lambda: curation.split(bench, one, [], "All", by="Dana"),
        lambda: curation.split(bench, one, members(bench, one), "All", by="Dana"),
        lambda: curation.split(bench, one, members(bench, other)[:1], "Theirs", by="Dana"),
        lambda: curation.move(bench, members(bench, one)[:1], work.id, by="Dana"),
    ):
        with pytest.raises(QueryError):
            wrong()
    with pytest.raises(NotFound):
        curation.merge(bench, one, "hnothing", by="Dana")
    with pytest.raises(NotFound):
        curation.move(bench, ["vnothing"], one, by="Dana")
    assert state(bench) == before
    assert bench.store.theme_decisions() == []


def test_decisions_lose_what_is_forgotten(bench):
    one = of_facet(bench)[0]
    chosen = members(bench, one)[:2]
    curation.split(bench, one, chosen, "Of Dana Fox", by="Dana Fox")
    documents = {row.id: row.document_id for row in bench.store.evidence()}
    forgetting.forget(bench, Wish(documents=(documents[chosen[0]],)))
    (decision,) = bench.store.theme_decisions()
    assert decision.verbatims == (chosen[1],)
    forgetting.forget(bench, Wish(documents=(documents[chosen[1]],)))
    assert bench.store.theme_decisions() == []


def test_a_label_takes_a_verbatim_out_of_a_theme_of_another_facet(bench):
    one = of_facet(bench)[0]
    name = members(bench, one)[0]
    labelling.label(bench, name, "proof", by="Dana")
    assert name not in members(bench, one)
    curation.rename(bench, one, "Renamed", by="Dana")
    assert name not in members(bench, one)
    again(bench)
    assert name not in members(bench, one)


# --- the pure parts --------------------------------------------------------------------------------------------------


def theme(name, *exemplars, **more):
    return Theme(id=name, facet=Facet.PAIN, title=name, terms=(), size=0, exemplars=exemplars, **more)


def decision(kind, theme_id, position, **more):
    return ThemeDecision(
        id=f"d{position}", kind=kind, theme_id=theme_id, position=position, made_at="", by="Dana", **more
    )


def test_decisions_follow_each_other():
    themes = [theme("a"), theme("b"), theme("c")]
    found = {"1": "a", "2": "b", "3": "c", "4": None}
    merges = [decision(Decided.MERGE, "a", 1, into="b"), decision(Decided.MERGE, "b", 2, into="c")]
    result = curated(Facet.PAIN, themes, found, [*merges, decision(Decided.MOVE, "b", 3, into="b", verbatims=("4",))])
    assert set(result.assignments.values()) == {"c"}
    assert [name for name, item in result.themes.items() if not item.dormant] == ["c"]
    circle = curated(Facet.PAIN, themes, found, [*merges, decision(Decided.MERGE, "c", 3, into="a")])
    assert [item.id for item in circle.idle] == ["d3"]
    assert curated(Facet.PAIN, themes, found, [decision(Decided.RENAME, "gone", 1, title="x")]).idle


def test_a_dormant_theme_returns_when_its_exemplars_are_together_again():
    known = [theme("a", "1", "2", "3"), theme("b", "7", "8", "9")]
    clusters = {"1": 0, "2": 0, "3": None, "7": 1, "8": 1}
    assert returning(known, {"7": "b"}, clusters, {1: "b"}) == {0: "a"}
    assert returning(known, {"1": "a", "7": "b"}, clusters, {1: "b"}) == {}
    assert returning(known, {"7": "b"}, {"1": 0, "2": 2}, {1: "b"}) == {}


def test_what_happened_is_told_by_what_moved():
    known = [theme("a"), theme("b")]
    before = {str(n): "a" if n < 10 else "b" for n in range(20)}
    after = {str(n): ("a" if n < 5 else "c") if n < 10 else None for n in range(20)}
    events = happened(known, before, [theme("a"), theme("c")], after, cause=Cause.SETTINGS, at="now")
    assert {(event.theme_id, event.what, event.others) for event in events} == {
        ("a", "continued", ()), ("a", "split", ("c",)), ("c", "born", ("a",)), ("b", "dormant", ()),
    }  # fmt: skip
    assert all(event.cause is Cause.SETTINGS for event in events)
    merged = happened(known, before, [theme("a")], dict.fromkeys(before, "a"), cause=Cause.DATA, at="now")
    assert ("a", "merged", ("b",)) in {(event.theme_id, event.what, event.others) for event in merged}
    assert happened(known, before, known, before, cause=Cause.DATA, at="now") == []
    returned = happened(known, {}, [theme("a")], {"1": "a"}, cause=Cause.DATA, at="now")
    assert [event.what for event in returned] == ["returned"]
