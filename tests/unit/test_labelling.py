"""People's labels: they win, are undone, survive another analysis, go with what is forgotten, and teach the model."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nlp.facets.classify import FacetClassifier
from tests.unit.webtools import small_workspace
from winloss.errors import Conflict, NotEnoughEvidence, NotFound, QueryError, StaleArtefact
from winloss.model import Facet, FacetLabel, Filters, held_of
from winloss.services import doing
from winloss.services.analysis import analyse
from winloss.services.erasure import erasing, forgetting
from winloss.services.erasure.forgetting import Wish
from winloss.services.research import labelling, retraining
from winloss.services.research.retraining import mcnemar
from winloss.services.search import searching


@pytest.fixture
def bench(tmp_path):
    with small_workspace(tmp_path) as opened:
        yield opened


def facet_now(bench, verbatim_id):
    return searching.passage_of(bench, verbatim_id).facet


def some(bench, facet, number=1):
    return [row.id for row in bench.store.evidence() if row.facet == facet][:number]


def test_what_somebody_says_wins_and_says_who(bench):
    (one,) = some(bench, "pain")
    labelling.label(bench, one, Facet.PROOF, by="Dana")
    passage = searching.passage_of(bench, one)
    assert (passage.facet, passage.facet_score) == ("proof", 1.0)
    assert passage.reason == "labelled proof by Dana (the model said pain)"
    assert passage.theme_id is None
    assert next(row for row in bench.store.evidence() if row.id == one).facet == "proof"


def test_labels_hold_through_another_analysis_and_join_themes_of_what_they_say(bench):
    moved = some(bench, "pain", 6)
    for name in moved:
        labelling.label(bench, name, "proof", by="Dana")
    analyse(bench)
    rows = {row.id: row for row in bench.store.evidence()}
    facets = {theme.id: theme.facet.value for theme in bench.store.themes()}
    assert {rows[name].facet for name in moved} == {"proof"}
    assert all(facets[row.theme_id] == row.facet for row in rows.values() if row.theme_id)
    labelled = [name for name, row in rows.items() if row.theme_id]
    assert labelled


def test_undo_and_redo_and_taking_back(bench):
    (one,) = some(bench, "pain")
    labelling.label(bench, one, "none", by="Dana")
    doing.undo(bench, by="Dana")
    assert facet_now(bench, one) == "pain"
    doing.redo(bench, by="Dana")
    assert facet_now(bench, one) == "none"
    assert labelling.unlabel(bench, one, by="Dana")
    assert not labelling.unlabel(bench, one, by="Dana")
    assert facet_now(bench, one) == "pain"


def test_what_somebody_else_changed_is_not_undone(bench):
    (one,) = some(bench, "pain")
    labelling.label(bench, one, "none", by="Dana")
    labelling.label(bench, one, "proof", by="Tom")
    doing.undo(bench, by="Dana")
    assert facet_now(bench, one) == "proof"
    labelling.label(bench, one, "none", by="Dana")
    with bench.store.transaction() as transaction:
        (mine,) = [item for item in bench.store.labels([one]) if item.by == "Dana"]
        from winloss.model import Kept

        transaction.swap(Kept(labels=(mine,)), Kept(labels=(replace(mine, facet=Facet.PAIN),)))
    with pytest.raises(Conflict):
        doing.undo(bench, by="Dana")


def given(facet, by, at):
    return FacetLabel(verbatim_id="v1", facet=facet, by=by, made_at=at)


def test_most_people_win_and_the_latest_word_where_they_tie():
    one, two = given(Facet.PAIN, "A", "1"), given(Facet.PROOF, "B", "2")
    assert held_of([one, two]) is two
    assert held_of([one, two, given(Facet.PAIN, "C", "0")]).facet is Facet.PAIN
    assert held_of([]) is None


def test_bad_labels_are_refused_and_change_nothing(bench):
    (one,) = some(bench, "pain")
    for wrong, problem in (
        ({"facet": "pains", "by": "Dana"}, QueryError),
        ({"facet": "pain", "by": " "}, QueryError),
        ({"facet": "pain", "by": None}, QueryError),
    ):
        with pytest.raises(problem):
            labelling.label(bench, one, **wrong)
    with pytest.raises(NotFound):
        labelling.label(bench, "vnothing", "pain", by="Dana")
    assert bench.store.labels() == []


def test_queues_leave_out_what_was_labelled_and_are_the_same_for_everybody(bench):
    first = labelling.queue(bench, order="random", by="Dana")
    assert first == labelling.queue(bench, order="random", by="Tom")
    assert sorted(first) == sorted(row.id for row in bench.store.evidence())
    labelling.label(bench, first[0], "pain", by="Dana")
    assert labelling.queue(bench, order="random", by="Dana") == first[1:]
    assert labelling.queue(bench, order="random", by="Tom") == first
    exemplars = {name for theme in bench.store.themes() for name in theme.exemplars}
    assert set(labelling.queue(bench, order="themes")[: len(exemplars)]) >= exemplars - {first[0]} or exemplars
    with pytest.raises(QueryError):
        labelling.queue(bench, order="best")


def test_only_blind_labels_measure_the_model(bench):
    waiting = labelling.queue(bench, order="random", by="Dana")
    for name in waiting[:12]:
        labelling.label(bench, name, "pain", by="Dana", blind=True)
    for name in waiting[12:20]:
        labelling.label(bench, name, "none", by="Dana")
    found = labelling.report(bench)
    right = sum(bench.store.decided([name])[name] == "pain" for name in waiting[:12])
    assert (found.model.right, found.model.of) == (right, 12)
    assert found.labelled == 20
    assert sum(row.count for row in found.overruled) == sum(
        bench.store.decided([name])[name] != ("pain" if place < 12 else "none")
        for place, name in enumerate(waiting[:20])
    )


def test_people_are_compared_on_what_both_labelled(bench):
    names = labelling.queue(bench, order="random")[:12]
    for place, name in enumerate(names):
        labelling.label(bench, name, "pain" if place % 2 else "none", by="Dana")
        labelling.label(bench, name, "pain" if place % 2 or place == 0 else "none", by="Tom")
    (pair,) = labelling.report(bench).pairs
    assert (pair.a, pair.b, pair.n, pair.agreed) == ("Dana", "Tom", 12, 11)
    assert 0.7 < pair.kappa < 0.9


def test_labels_go_to_a_file_and_come_back(bench):
    one, two = some(bench, "pain", 2)
    labelling.label(bench, one, "proof", by="Dana")
    labelling.label(bench, two, "none", by="Tom")
    text = "".join(labelling.label_lines(bench))
    labelling.unlabel(bench, one, by="Dana")
    labelling.unlabel(bench, two, by="Tom")
    changed, unknown = labelling.take_labels(bench, text + "vgone,pain,Dana,,,,\n")
    assert (changed, unknown) == (2, ["vgone"])
    assert [facet_now(bench, name) for name in (one, two)] == ["proof", "none"]
    with pytest.raises(QueryError, match="facet"):
        labelling.take_labels(bench, "verbatim,by\nv1,Dana\n")
    with pytest.raises(QueryError):
        labelling.take_labels(bench, f"verbatim,facet\n{one},pain\n{two},nonsense\n", by="Kim")
    assert not [item for item in bench.store.labels() if item.by == "Kim"]


def test_labels_go_with_what_is_forgotten(bench):
    (one,) = some(bench, "pain")
    document = searching.passage_of(bench, one).external_id
    labelling.label(bench, one, "none", by="Dana")
    forgetting.forget(bench, Wish(documents=(document,)))
    assert bench.store.labels() == []


# --- learning --------------------------------------------------------------------------------------------------------


@pytest.fixture
def learner(bench):
    """The workspace with the real head, judging by the wording alone: its vectors are those of a stand-in."""
    return replace(bench, shipped=lambda: FacetClassifier(encoder=bench.encoder().fingerprint))


def teach(bench, number=60):
    """Everybody says that whoever is `trying` to do something tells proof."""
    for row in bench.store.evidence()[:number]:
        said = searching.passage_of(bench, row.id).text
        labelling.label(bench, row.id, "proof" if "trying" in said else "pain", by="Dana")


def test_too_few_labels_teach_nothing(learner):
    with pytest.raises(NotEnoughEvidence, match="0 labelled verbatims"):
        retraining.measure(learner)
    with pytest.raises(NotFound):
        retraining.adopt(learner)


def test_what_labels_teach_is_measured_before_it_is_adopted_and_can_be_given_up(learner):
    teach(learner)
    lesson = retraining.measure(learner)
    assert lesson.before.base == lesson.after.base == 60
    assert lesson.after.count - lesson.before.count == lesson.fixed - lesson.broken
    assert lesson.after.count > lesson.before.count
    assert lesson.helps
    assert retraining.in_use(learner) is None
    assert retraining.adopted(learner.root) is None
    retraining.adopt(learner)
    assert retraining.in_use(learner) == lesson
    adaptation = retraining.adopted(learner.root)
    text = "We are trying to move every log of site 999 to the cloud."
    taught = FacetClassifier(encoder=learner.encoder().fingerprint, adaptation=adaptation)
    vectors = learner.encoder().encode([text])
    assert learner.shipped().classify([text], vectors)[0].facet is not Facet.PROOF
    (decision,) = taught.classify([text], vectors)
    assert decision.facet is Facet.PROOF
    assert sum(decision.scores.values()) == pytest.approx(1, abs=1e-5)
    assert taught.fingerprint != learner.shipped().fingerprint
    assert retraining.give_up(learner) == lesson
    assert retraining.in_use(learner) is None


def test_what_was_learned_for_another_classifier_is_left_aside(learner):
    teach(learner)
    retraining.measure(learner)
    retraining.adopt(learner)
    other = replace(learner, shipped=lambda: FacetClassifier())
    assert retraining.in_use(other) is None
    assert not FacetClassifier(adaptation=retraining.adopted(learner.root)).adapted
    with pytest.raises(StaleArtefact):
        retraining.adopt(other)


def test_what_was_learned_from_forgotten_words_is_forgotten(learner):
    teach(learner)
    retraining.measure(learner)
    retraining.adopt(learner)
    forgetting.forget(learner, Wish(documents=("p5",)))
    assert retraining.adopted(learner.root) is None
    assert not list((learner.root / "heads").glob("*"))
    assert not erasing.is_pending(learner)


def test_a_damaged_file_leaves_the_model_as_it_ships(learner):
    teach(learner)
    retraining.measure(learner)
    retraining.adopt(learner)
    for path in (learner.root / "heads").glob("*.npz"):
        path.write_bytes(b"no weights")
    assert retraining.adopted(learner.root) is None


def test_mcnemar_is_the_exact_binomial():
    assert mcnemar(0, 0) == 1
    assert mcnemar(5, 0) == pytest.approx(2 / 32)
    assert mcnemar(3, 7) == mcnemar(7, 3) == pytest.approx(2 * (1 + 10 + 45 + 120) / 1024)
    assert mcnemar(4, 4) == 1


def test_filters_find_by_what_people_say(bench):
    (one,) = some(bench, "pain")
    labelling.label(bench, one, "proof", by="Dana")
    page = searching.search(bench, "", Filters(facet=("proof",)), limit=200)
    assert one in {hit.passage.id for hit in page.hits}
    page = searching.search(bench, "", Filters(facet=("pain",)), limit=200)
    assert one not in {hit.passage.id for hit in page.hits}
