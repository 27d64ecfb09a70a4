"""The labelled pairs of statement and passage, and how they are split."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from nlp.facets.labelled import DEV, TEST, TRAIN
from nlp.stances.stance_labelled import load_field, load_motions, load_pairs, load_read, of_parts
from winloss.errors import StaleArtefact
from winloss.model import Stance

REAL = Path(__file__).resolve().parents[2] / "../shared/data"


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


def test_what_was_read_of_a_statement_or_a_situation_stays_in_one_part_and_stands_for_the_opposite_too():
    pairs = load_read()
    parts = {}
    for item in pairs:
        parts.setdefault(item.group, set()).add(item.part)
    assert {len(found) for found in parts.values()} == {1}
    assert set.union(*parts.values()) == {TRAIN, DEV, TEST}
    sides = Counter(item.stance for item in pairs)
    assert sides[Stance.SUPPORTS] == sides[Stance.CONTRADICTS] > 0
    assert {item.origin for item in pairs} == {"search", "situation"}


def test_a_passage_that_is_gone_is_told_and_not_left_out(tmp_path):
    path = tmp_path / "readings.jsonl"
    path.write_text('{"statement": "a", "opposite": "b", "origin": "search", "group": "a", "said": {"0": "s"}}\n')
    with pytest.raises(StaleArtefact, match="1 passages read for “a” are gone"):
        load_read(path)


def test_pairs_of_the_field_stand_for_the_opposite_too_and_share_nothing_with_what_is_measured():
    pairs = load_field()
    sides = Counter(item.stance for item in pairs)
    assert sides[Stance.SUPPORTS] == sides[Stance.CONTRADICTS] > 0
    assert {item.part for item in pairs} == {TRAIN, DEV, TEST}
    assert len({item.part for item in pairs if item.group == pairs[0].group}) == 1
    measured = {text for item in of_parts(load_pairs(), TEST) for text in (item.statement, item.text)}
    assert not measured & {text for item in pairs for text in (item.statement, item.text)}


@pytest.mark.realdata
@pytest.mark.skipif(not REAL.is_dir(), reason="the shared real data sets are not here")
def test_an_argument_speaks_for_or_against_its_motion():
    pairs = load_motions(REAL)
    assert {item.stance for item in pairs} == {Stance.SUPPORTS, Stance.CONTRADICTS}
    assert {item.group for item in pairs} == {item.statement for item in pairs}
