"""The labelled pairs of statement and passage, and how they are split."""

from __future__ import annotations

from nlp.facets.labelled import DEV, TEST, TRAIN
from nlp.stances.stance_labelled import load_pairs, of_parts
from winloss.model import Stance


def test_no_pair_written_later_is_measured_on():
    pairs = load_pairs()
    assert {item.part for item in pairs if item.later} == {TRAIN, DEV}
    assert {item.later for item in of_parts(pairs, TEST)} == {False}
    measured = {text for item in of_parts(pairs, TEST) for text in (item.statement, item.text)}
    learned = {text for item in of_parts(pairs, TRAIN, DEV) for text in (item.statement, item.text)}
    assert measured
    assert not measured & learned


def test_those_written_later_can_be_left_out():
    pairs = load_pairs()
    assert load_pairs(later=False) == [item for item in pairs if not item.later]
    assert any(item.later for item in pairs)


def test_an_opposite_turns_both_sides_and_leaves_the_rest():
    turned = {Stance.SUPPORTS: Stance.CONTRADICTS, Stance.CONTRADICTS: Stance.SUPPORTS}
    by_text = {}
    for item in load_pairs():
        by_text.setdefault((item.group, item.text), []).append(item)
    both = [items for items in by_text.values() if len(items) == 2]
    assert both
    for own, opposite in both:
        assert own.statement != opposite.statement
        assert opposite.stance is turned.get(own.stance, own.stance)
