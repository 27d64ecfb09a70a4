"""Following a group: what says the same, how often that is chance, and whether a claim is about what is new."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.signal.aboutness import BEHIND, RANK, Before
from nlp.signal.following import least_nearness, more_than_chance, nearness
from winloss.model import DriftVerdict, Scope, State
from winloss.report.timelines import sight


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def around(centre, count, spread, seed):
    chance = np.random.default_rng(seed)
    return unit(centre + spread * chance.normal(size=(count, len(centre))) / np.sqrt(len(centre)))


AXES = np.eye(3, 64)


def test_what_says_the_same_is_found_and_of_the_rest_one_in_a_hundred():
    group, old = around(AXES[0], 12, 0.6, 1), around(AXES[1], 4000, 3.0, 2)
    least = least_nearness(group, old[:2000])
    assert least is not None
    again = np.array(nearness(around(AXES[0], 200, 0.6, 3), group)) >= least
    by_chance = np.array(nearness(old[2000:], group)) >= least
    assert again.mean() > 0.95
    assert by_chance.mean() < 0.02


def test_three_voices_are_too_few_to_follow_and_no_history_leaves_the_groups_own_measure():
    group = around(AXES[0], 12, 0.6, 1)
    assert least_nearness(group[:3], group) is None
    own = least_nearness(group, group[:0])
    assert own is not None
    assert all(value >= own - 1e-6 for value in nearness(group, group))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 400), st.integers(1, 400))
def test_more_than_chance_grows_with_the_count(heard, of):
    heard = min(heard, of)
    assert not more_than_chance(0, of)
    if more_than_chance(heard, of) and heard < of:
        assert more_than_chance(heard + 1, of)


@pytest.mark.parametrize(("heard", "of", "more"), [(1, 100, False), (4, 100, True), (2, 20, True), (1, 20, False)])
def test_what_counts_as_more_than_chance(heard, of, more):
    assert more_than_chance(heard, of) is more


def said_before():
    """Eight old subjects, of which the second lies beside what is new."""
    axes = np.eye(9, 64)
    return unit(np.concatenate([around(axes[1 + number], 40, 0.8, 10 + number) for number in range(8)]))


def test_a_claim_about_the_new_outranks_and_outfits_the_old_and_one_about_the_old_does_not():
    new, before = around(np.eye(9, 64)[0] + 0.6 * np.eye(9, 64)[1], 8, 0.8, 4), Before(said_before())
    about_new = unit(AXES[:1] + 0.3 * AXES[1])[0]
    about_old, about_another = unit(AXES[1:2] + 0.2 * AXES[0])[0], np.eye(9, 64, dtype=np.float32)[5]
    assert (before.rank(about_new, new), before.fit(about_new, new) > 0) == (1.0, True)
    assert before.fit(about_old, new) < -BEHIND
    assert before.rank(about_another, new) < RANK
    assert [before.is_about(claim, new) for claim in (about_new, about_old, about_another)] == [True, False, False]


def test_a_claim_about_nothing_that_anybody_said_is_not_about_the_new():
    new, before = around(AXES[0], 8, 0.8, 4), Before(said_before())
    elsewhere = unit(np.random.default_rng(7).normal(size=(200, 64)))
    assert np.mean([before.is_about(claim, new) for claim in elsewhere]) < 0.1


def test_without_anything_before_every_claim_is_about_the_new_and_the_order_of_the_rows_is_nothing():
    new, old = around(AXES[0] + 0.6 * AXES[1], 8, 0.8, 4), said_before()
    claim = unit(AXES[:1] + 0.5 * AXES[1])[0]
    assert Before(old[:0]).is_about(AXES[1].astype(np.float32), new)
    one, other = Before(old), Before(old[np.random.default_rng(1).permutation(len(old))])
    assert one.rank(claim, new) == pytest.approx(other.rank(claim, new))
    assert one.fit(claim, new) == pytest.approx(other.fit(claim, new))


def test_the_chart_of_what_could_be_seen_tells_every_number_in_words():
    def verdict(quarter, people, mds, tested):
        numbers = {"respondents_current": people, **({"p_rising": 0.5} if tested else {})}
        return DriftVerdict(
            quarter=quarter, scope=Scope(), state=State.UNDERPOWERED, sentence="", flags=(), statistics=numbers, mds=mds
        )

    drawn = sight(
        [verdict("2026Q1", 40, 0.2, True), verdict("2026Q2", 7, None, False), verdict("2026Q3", 9, None, True)]
    )
    assert 'role="img"' in drawn
    assert "2026Q1: 40 people, smallest theme seen: 20% or more; " in drawn
    assert "2026Q2: 7 people, smallest theme seen: not tested; " in drawn
    assert "over 30%" in drawn
    assert sight([]) == ""
