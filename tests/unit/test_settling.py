"""Verdicts settled among the cells of their quarter, and after people have decided."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from winloss.model import DriftNode, DriftVerdict, NodeDecided, NodeDecision, Scope, State
from winloss.services.drift.settling import heading, more_people, settled

DELTA = 0.10


def node(kind="emerging", verbatims=("a", "b", "c", "d"), **more):
    return DriftNode(
        kind=kind, p=0.01, ratio=9.0, current=4, current_base=40, history=0, history_base=200, window=1,
        verbatims=verbatims, **more,
    )  # fmt: skip


def cell(p=0.5, *, nodes=(), mds=0.2, flags=(), narrowing=1.0, quarter="2026Q1", ratio=1.0, **scope):
    statistics = {
        "respondents_current": 40, "respondents_history": 200, "respondents_new_population": 0,
        "p_rising": p, "p_fading": p if any(item.kind == "fading" for item in nodes) else 1.0,
        "p_narrowing": narrowing, "sampling_ratio": ratio,
    }  # fmt: skip
    return DriftVerdict(
        quarter=quarter, scope=Scope(**scope), state=State.UNDERPOWERED, sentence="", mds=mds, nodes=nodes,
        flags=(*(item.kind for item in nodes), *flags), statistics=statistics,
    )  # fmt: skip


def untested(**scope):
    few = {"respondents_current": 3, "respondents_history": 9, "respondents_new_population": 0}
    return replace(cell(**scope), statistics=few, sentence="Too few.")


def dismissal(verbatims, quarter="2026Q1", kind=NodeDecided.DISMISS):
    return NodeDecision(
        id="k1", kind=kind, quarter=quarter, verbatims=verbatims, title="", made_at="2026-01-01", by="Dana", reason="x"
    )


def test_an_alarm_that_is_rare_among_its_cells_holds_and_a_usual_one_does_not():
    quiet = [cell(0.5, segment=f"s{n}") for n in range(19)]
    strong, weak = settled([cell(0.002, nodes=(node(),)), *quiet], (), delta=DELTA)[0], None
    weak = settled([cell(0.04, nodes=(node(),)), *quiet], (), delta=DELTA)[0]
    assert (strong.state, strong.flags) == (State.NEW_SIGNAL, ("emerging",))
    assert weak.state is State.UNDERPOWERED
    assert "not significant over 20 cells" in weak.flags
    assert "emerging" not in weak.flags
    assert len(weak.nodes) == 1
    assert heading(weak) == []
    assert "20 cells" in weak.sentence


def test_cells_that_were_not_tested_make_no_alarm_harder_to_hold():
    alone = settled([cell(0.09, nodes=(node(),))], (), delta=DELTA)[0]
    among = settled([cell(0.09, nodes=(node(),)), *(untested(segment=f"s{n}") for n in range(50))], (), delta=DELTA)[0]
    assert alone.state is among.state is State.NEW_SIGNAL


def test_settling_is_the_same_in_any_order_and_when_done_again():
    chance = random.Random(3)
    cells = [
        cell(chance.random() ** 3, nodes=(node(chance.choice(["emerging", "growing", "fading"])),), segment=f"s{n}")
        for n in range(30)
    ]
    once = settled(cells, (), delta=DELTA)
    mixed = [*cells]
    chance.shuffle(mixed)
    assert sorted(settled(mixed, (), delta=DELTA), key=repr) == sorted(once, key=repr)
    assert {item.state for item in once} > {State.NEW_SIGNAL, State.UNDERPOWERED}


@pytest.mark.parametrize(
    ("given", "state"),
    [
        (cell(0.001, nodes=(node(covered=False),)), State.LAUNDERED),
        (cell(0.001, nodes=(node(covered=True),)), State.NEW_SIGNAL),
        (cell(0.001, nodes=(node(),), flags=("narrowed",), narrowing=0.001, ratio=0.5), State.NEW_SIGNAL),
        (cell(0.5, flags=("narrowed",), narrowing=0.001, ratio=0.5), State.NARROWED),
        (cell(0.5, flags=("narrowed",), narrowing=0.5, ratio=0.5), State.UNDERPOWERED),
        (cell(0.001, nodes=(node("fading"),)), State.SHIFTING),
        (cell(0.5, mds=0.1), State.SATURATED),
        (replace(cell(0.5, mds=0.1), statistics={**cell().statistics, "respondents_current": 29}), State.UNDERPOWERED),
        (cell(0.5, mds=None), State.UNDERPOWERED),
    ],
)
def test_the_first_state_that_matches_heads_the_verdict(given, state):
    assert settled([given], (), delta=DELTA)[0].state is state


def test_a_dismissed_node_stays_listed_and_heads_nothing():
    given = cell(0.001, nodes=(node(), node("growing", ("x", "y"))))
    found = settled([given], [dismissal(("a", "b"))], delta=DELTA)[0]
    assert found.state is State.SHIFTING
    assert "dismissed" in found.flags
    assert [item.kind for item in found.nodes] == ["emerging", "growing"]
    assert [item.kind for item in heading(found)] == ["growing"]


def test_a_decision_is_found_again_by_its_verbatims_and_not_by_others():
    def state(decided, quarter):
        given = cell(0.001, nodes=(node(verbatims=("a", "b", "c", "d")),))
        return settled([given], [dismissal(decided, quarter)], delta=DELTA)[0].state

    assert state(("a", "b", "q"), "2026Q1") is State.UNDERPOWERED
    assert state(("a",), "2026Q1") is State.UNDERPOWERED
    assert state(("a",), "2025Q4") is State.NEW_SIGNAL, "three of four voices are news in another quarter"
    assert state(("q", "r"), "2026Q1") is State.NEW_SIGNAL


def test_a_node_that_is_confirmed_after_it_was_dismissed_counts_again():
    given = cell(0.001, nodes=(node(),))
    dismissed = dismissal(("a", "b", "c", "d"), "2025Q4")
    later = replace(dismissal(("a", "b", "c", "d"), kind=NodeDecided.CONFIRM), id="k2", made_at="2026-02-01")
    assert settled([given], [dismissed], delta=DELTA)[0].state is State.UNDERPOWERED
    assert settled([given], [dismissed, later], delta=DELTA)[0].state is State.NEW_SIGNAL


def test_watching_a_node_takes_nothing_from_the_verdict():
    watching = dismissal(("a", "b", "c", "d"), kind=NodeDecided.WATCH)
    assert settled([cell(0.001, nodes=(node(),))], [watching], delta=DELTA)[0].state is State.NEW_SIGNAL


def test_a_pooled_verdict_stands_beside_its_segments_and_names_those_that_say_otherwise():
    cells = [
        cell(0.5),
        cell(0.001, nodes=(node(),), segment="federal"),
        cell(0.5, segment="global enterprise"),
        cell(0.001, nodes=(node(),), segment="federal", facet="pain"),
    ]
    pooled = settled(cells, (), delta=DELTA)[0]
    assert pooled.beside == {"federal": "NEW SIGNAL", "global enterprise": "UNDERPOWERED"}
    assert "Federal says otherwise: new signal." in pooled.sentence
    assert "lobal enterprise" not in pooled.sentence


def test_nodes_get_ids_that_depend_on_the_cell_and_the_leading_verbatim():
    one, other = settled([cell(nodes=(node(),)), cell(nodes=(node(),), segment="federal")], (), delta=DELTA)
    assert one.nodes[0].id and one.nodes[0].id != other.nodes[0].id
    assert settled([cell(nodes=(node(),))], (), delta=DELTA)[0].nodes[0].id == one.nodes[0].id


@pytest.mark.parametrize(
    ("mds", "share", "more"), [(0.2, 0.1, 40), (None, 0.1, 80), (0.1, 0.05, 40), (0.05, 0.01, 260)]
)
def test_as_many_more_people_as_would_bring_as_many_voices(mds, share, more):
    assert more_people(cell(mds=mds), share) == more
