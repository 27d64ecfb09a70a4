"""What the store promises about what people keep, on SQLite and on a real PostgreSQL server alike."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from tests.contract.test_store import TEXT, a_verbatim, with_document
from winloss.errors import Conflict
from winloss.model import (
    Belief,
    BeliefEdit,
    Claim,
    Classification,
    Code,
    Coding,
    Facet,
    FacetLabel,
    Filters,
    Kept,
    Look,
    NodeDecided,
    NodeDecision,
    Operation,
    Pin,
    QuoteCollection,
    SavedSearch,
    Synthesis,
    mark_of,
)

NOW = "2026-06-30T12:00:00Z"
SHELF = QuoteCollection(id="c1", name="Board deck", made_at=NOW, description="for July")
PIN = Pin(collection_id="c1", verbatim_id="v1", position=1, made_at=NOW, note="opens it", by="Dana")
SEARCH = SavedSearch(
    id="s1", name="Pricing", made_at=NOW, query="price", filters=Filters(segment=("federal",), since="2026-01-01")
)
CODE = Code(path="pain/cost", made_at=NOW, description="what it costs", colour="#8c2f1b")
CODING = Coding(verbatim_id="v1", code="pain/cost", coder="Dana", made_at=NOW)
LABEL = FacetLabel(verbatim_id="v1", facet=Facet.PROOF, by="Dana", made_at=NOW, instead="pain", blind=True)
EDIT = BeliefEdit(at=NOW, by="Dana", field="owner", was="Tom", became="Eve")
BELIEF = Belief(
    id="b1",
    statement="We lose on price",
    owner="Eve",
    since="2025-02-01",
    made_at=NOW,
    segment="federal",
    edits=(EDIT,),
)
DECK = Synthesis(
    id="y1",
    name="q2.pptx",
    quarter="2026Q2",
    made_at=NOW,
    claims=(Claim(text="Price decides.", where="slide 2", place=1, quotes=("too expensive",)),),
)
NODE = NodeDecision(
    id="n1",
    kind=NodeDecided.WATCH,
    quarter="2026Q2",
    verbatims=("v1", "v2"),
    title="who closed it",
    made_at=NOW,
    by="Dana",
)
EVERYTHING = Kept(
    collections=(SHELF,),
    pins=(PIN,),
    searches=(SEARCH,),
    codes=(CODE,),
    codings=(CODING,),
    labels=(LABEL,),
    beliefs=(BELIEF,),
    syntheses=(DECK,),
    nodes=(NODE,),
)


@pytest.fixture
def said(store):
    """One document with two verbatims."""
    with_document(store)
    with store.transaction() as transaction:
        both = [a_verbatim(store, TEXT[:6], "v1"), a_verbatim(store, TEXT, "v2")]
        transaction.put_verbatims("d1", both, "seg1")
    return store


def kept(store) -> Kept:
    return Kept(
        collections=tuple(store.collections()),
        pins=tuple(store.pins()),
        searches=tuple(store.saved_searches()),
        codes=tuple(store.codes()),
        codings=tuple(store.codings()),
        labels=tuple(store.labels()),
        beliefs=tuple(store.beliefs()),
        syntheses=tuple(store.syntheses()),
        nodes=tuple(store.node_decisions()),
    )


def swap(store, before: Kept, after: Kept) -> None:
    with store.transaction() as transaction:
        transaction.swap(before, after)


def test_gives_back_everything_that_was_put_in_and_takes_it_away(said):
    swap(said, Kept(), EVERYTHING)
    assert kept(said) == EVERYTHING
    swap(said, EVERYTHING, Kept())
    assert kept(said) == Kept()


def test_labels_hold_over_the_model_and_leave_when_they_are_taken_away(said):
    with said.transaction() as transaction:
        decided = Classification(facet=Facet.PAIN, facet_score=0.6, scores={"pain": 0.6}, reason="because")
        transaction.put_classifications({"v1": decided, "v2": decided}, "model")
    revision = said.revision()
    swap(said, Kept(), Kept(labels=(LABEL,)))
    (passage,) = said.passages(["v1"])
    assert (passage.facet, passage.facet_score) == ("proof", 1.0)
    assert "Dana" in passage.reason
    assert said.decided(["v1", "v2", "v3"]) == {"v1": "pain", "v2": "pain"}
    assert {row.id: row.facet for row in said.evidence()} == {"v1": "proof", "v2": "pain"}
    assert said.revision() > revision
    other = FacetLabel(verbatim_id="v1", facet=Facet.NONE, by="Tom", made_at="2026-07-01T12:00:00Z")
    swap(said, Kept(), Kept(labels=(other,)))
    assert said.passages(["v1"])[0].facet == "none"
    swap(said, Kept(labels=(LABEL, other)), Kept())
    (passage,) = said.passages(["v1"])
    assert (passage.facet, passage.facet_score, passage.reason) == ("pain", 0.6, "because")


def test_what_somebody_else_changed_is_not_written_over(said):
    swap(said, Kept(), EVERYTHING)
    other = Pin(collection_id="c1", verbatim_id="v1", position=1, made_at=NOW, note="another note", by="Tom")
    swap(said, Kept(pins=(PIN,)), Kept(pins=(other,)))
    with pytest.raises(Conflict):
        swap(said, Kept(pins=(PIN,), codes=(CODE,)), Kept())
    assert said.pins() == [other]
    assert said.codes() == [CODE]


@pytest.mark.parametrize(
    "taken",
    [
        Kept(collections=(QuoteCollection(id="c2", name="  board DECK", made_at=NOW),)),
        Kept(searches=(SavedSearch(id="s2", name="pricing", made_at=NOW),)),
        Kept(codes=(Code(path="Pain/Cost", made_at=NOW),)),
        Kept(beliefs=(Belief(id="b2", statement="we lose ON price", owner="Tom", since=NOW[:10], made_at=NOW),)),
    ],
)
def test_names_are_taken_once_whatever_their_case(said, taken):
    swap(said, Kept(), EVERYTHING)
    with pytest.raises(Conflict):
        swap(said, Kept(), taken)
    assert kept(said) == EVERYTHING


def test_only_codings_are_evidence(said):
    before = said.revision()
    with said.aside() as transaction:
        transaction.swap(Kept(), Kept(collections=(SHELF,), pins=(PIN,), searches=(SEARCH,), codes=(CODE,)))
        transaction.put_look(Look(search_id="s1", looked_at=NOW, seen=frozenset({mark_of("v1")})))
    assert said.revision() == before
    swap(said, Kept(), Kept(codings=(CODING,)))
    assert said.revision() > before
    assert said.touched(before) == ["d1"]
    assert [row.tags for row in said.evidence_rows() if row.id == "v1"] == [("loss", "pain/cost")]
    assert [passage.tags for passage in said.passages(["v1", "v2"])] == [("loss", "pain/cost"), ("loss",)]


def test_codings_of_verbatims_that_are_no_longer_said_can_be_left_out(said):
    swap(said, Kept(), Kept(codings=(CODING, Coding(verbatim_id="gone", code="", coder="Dana", made_at=NOW))))
    assert len(said.codings()) == 2
    assert said.codings(current=True) == [CODING]
    assert said.codings(["v1"]) == [CODING]


def test_a_look_is_remembered_and_replaced(said):
    look = Look(search_id="s1", looked_at=NOW, seen=frozenset({mark_of("v1"), mark_of("v2")}))
    for seen in (look.seen, frozenset({mark_of("v2")}), frozenset()):
        with said.aside() as transaction:
            transaction.put_look(Look(search_id="s1", looked_at=NOW, seen=seen))
        assert said.looks() == [Look(search_id="s1", looked_at=NOW, seen=seen)]


def test_operations_are_remembered_newest_first_and_what_was_undone_goes_with_the_next(said):
    def put(what: str, by: str | None) -> None:
        operation = Operation(id=0, what=what, made_at=NOW, by=by, before=Kept(), after=EVERYTHING)
        with said.aside() as transaction:
            transaction.put_operation(operation)

    put("one", "Dana")
    put("two", "Tom")
    assert [(item.what, item.after) for item in said.operations()] == [("two", EVERYTHING), ("one", EVERYTHING)]
    with said.aside() as transaction:
        transaction.set_undone(said.operations()[1].id, True)
    put("three", "Tom")
    assert [(item.what, item.undone) for item in said.operations()] == [("three", False), ("two", False), ("one", True)]
    put("four", "Dana")
    assert [item.what for item in said.operations(limit=2)] == ["four", "three"]
    assert "one" not in [item.what for item in said.operations()]
    with said.aside() as transaction:
        transaction.forget_operations()
    assert said.operations() == []


def test_what_is_erased_leaves_every_collection_and_every_memory(said):
    swap(said, Kept(), EVERYTHING)
    with said.aside() as transaction:
        transaction.put_look(Look(search_id="s1", looked_at=NOW, seen=frozenset({mark_of("v1"), b"another1"})))
        transaction.put_operation(Operation(id=0, what="x", made_at=NOW, by=None, before=Kept(), after=EVERYTHING))
    with said.transaction() as transaction:
        transaction.erase_documents(["d1"])
    left = Kept(collections=(SHELF,), searches=(SEARCH,), codes=(CODE,), beliefs=(BELIEF,), syntheses=(DECK,))
    assert kept(said) == left
    assert said.looks()[0].seen == frozenset({b"another1"})
    assert said.operations() == []


def test_a_collection_stays_while_somebody_elses_pin_is_in_it(said):
    swap(said, Kept(), Kept(collections=(SHELF,)))
    swap(said, Kept(), Kept(pins=(PIN,)))
    with pytest.raises(Conflict):
        swap(said, Kept(collections=(SHELF,)), Kept())
    assert kept(said) == Kept(collections=(SHELF,), pins=(PIN,))
    swap(said, Kept(collections=(SHELF,), pins=(PIN,)), Kept())
    assert kept(said) == Kept()


def test_nothing_is_pinned_to_a_collection_that_is_gone(said):
    with pytest.raises(Conflict):
        swap(said, Kept(), Kept(pins=(PIN,)))
    assert said.pins() == []


def test_people_who_change_things_at_the_same_time_wait_for_each_other(said):
    def make(person: int) -> None:
        for number in range(10):
            shelf = QuoteCollection(id=f"c{person}-{number}", name=f"{person}, {number}", made_at=NOW)
            done = Kept(collections=(shelf,))
            operation = Operation(id=0, what="made", made_at=NOW, by=str(person), before=Kept(), after=done)
            with said.aside() as transaction:
                transaction.swap(Kept(), done)
                transaction.put_operation(operation)
            with said.aside() as transaction:
                transaction.put_look(Look(search_id="s1", looked_at=NOW))

    with ThreadPoolExecutor(4) as people:
        list(people.map(make, range(4)))
    assert len(said.collections()) == len(said.operations()) == 40


def test_one_of_two_who_change_the_same_thing_is_told(said):
    swap(said, Kept(), Kept(collections=(SHELF,), pins=(PIN,)))
    begin = Barrier(4)

    def write(note: str) -> bool:
        begin.wait()
        try:
            swap(said, Kept(pins=(PIN,)), Kept(pins=(replace(PIN, note=note),)))
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(4) as people:
        assert sum(people.map(write, "abcd")) == 1


def test_what_was_opened_is_remembered_once_by_whom_and_goes_with_the_words(said):
    revision = said.revision()
    for by in ("Dana", "", "Dana", "Tom"):
        said.note_opened("v1", by, NOW)
    said.note_opened("v2", "Dana", NOW)
    assert said.readers() == ["Dana", "Tom"]
    assert said.read_by_anybody() == {"v1", "v2"}
    assert said.revision() == revision
    with said.transaction() as transaction:
        transaction.unname_readers(["Dana"])
    assert said.readers() == ["Tom"]
    assert said.read_by_anybody() == {"v1", "v2"}
    with said.transaction() as transaction:
        transaction.erase_documents(["d1"])
    assert (said.readers(), said.read_by_anybody()) == ([], set())


def test_whoever_reads_does_not_wait_for_whoever_writes(said):
    with said.transaction() as transaction:
        transaction.set_stage("x", "y")
        said.note_opened("v1", "Dana", NOW)
    assert said.read_by_anybody() <= {"v1"}
    said.note_opened("v1", "Dana", NOW)
    assert said.read_by_anybody() == {"v1"}
