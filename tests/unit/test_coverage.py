"""Does a synthesis cover what is new, and which numbers beside the verdict say what they promise?"""

from __future__ import annotations

import numpy as np
import pytest

from nlp.signal.coverage import SynthesisTheme, coverage
from nlp.signal.echo import belief_echo, recycled, repeat_rate, support
from nlp.signal.narrowing import narrowing
from nlp.signal.streaks import adjusted, permutations_for, streak
from nlp.signal.unseen import code_coverage


def near(direction, count, *, noise=0.5, seed=0, size=48):
    """Unit rows around one axis."""
    rows = np.eye(size)[direction] + noise * np.random.default_rng(seed).normal(size=(count, size)) / np.sqrt(size) * 2
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def theme(direction, name="old", *, quotes=6, seed=1):
    return SynthesisTheme(
        name=name, statement=near(direction, 1, seed=seed + 50)[0], earlier=near(direction, quotes, seed=seed)
    )


def test_a_group_that_no_theme_is_near_is_not_covered():
    found = coverage(near(3, 10), [theme(0), theme(1)])
    assert not found.covered
    assert found.gap > 0.3
    assert found.uncited == 10


def test_a_group_of_a_stated_theme_is_covered_and_the_theme_is_named():
    found = coverage(near(1, 10), [theme(0), theme(1)])
    assert (found.covered, found.theme) == (True, 1)
    assert found.gap < 0.15


def test_new_quotes_filed_under_an_old_theme_do_not_cover_what_is_new():
    filed = SynthesisTheme(
        name="old", statement=near(0, 1, seed=9)[0], earlier=near(0, 6, seed=1), current=near(3, 6, seed=2)
    )
    assert not coverage(near(3, 10), [filed]).covered


def test_a_theme_without_earlier_quotes_is_known_by_its_new_ones():
    fresh = SynthesisTheme(name="new", statement=near(3, 1, seed=9)[0], current=near(3, 4, seed=2))
    assert coverage(near(3, 10), [theme(0), fresh]).covered


def test_two_half_fitting_themes_do_not_add_up_to_one():
    rows = near(0, 8) + near(1, 8, seed=4)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    assert not coverage(rows, [theme(0), theme(1)]).covered


def test_what_is_cited_needs_no_cover():
    rows = near(3, 6)
    assert coverage(rows, [theme(0)], cited=np.ones(6, dtype=bool)).covered
    some = coverage(rows, [theme(0)], cited=np.arange(6) < 2)
    assert (some.covered, some.uncited) == (False, 4)


def test_an_empty_synthesis_covers_nothing():
    found = coverage(near(3, 6), [])
    assert (found.covered, found.theme) == (False, None)


def test_coverage_does_not_depend_on_the_order_of_rows():
    rows, order = near(3, 9), np.random.default_rng(1).permutation(9)
    people = np.array([0, 0, 1, 2, 3, 3, 4, 5, 6])
    one = coverage(rows, [theme(0)], respondents=people.tolist())
    other = coverage(rows[order], [theme(0)], respondents=people[order].tolist())
    assert one.gap == pytest.approx(other.gap, abs=1e-9)


def test_one_person_repeating_herself_holds_nothing_together():
    alone = np.concatenate([near(3, 1).repeat(10, axis=0), near(7, 1, seed=3)])
    found = coverage(alone, [theme(0)], respondents=[0] * 10 + [1])
    assert found.gap < 0.3


def test_repeat_rate_counts_statements_said_before():
    before = np.eye(3, 8, dtype=np.float32)
    assert repeat_rate(np.eye(4, 8, dtype=np.float32), before) == 0.75
    assert repeat_rate(before, before[:0]) == 0.0


def deck_case(deck):
    """Twelve themes, the first four named by most people; beliefs restate the last four."""
    themes = np.eye(12, 16, dtype=np.float32)
    chance = np.random.default_rng(0)
    theme_of = [int(chance.integers(4)) if chance.random() < 0.7 else int(chance.integers(12)) for _ in range(300)]
    people = [number // 3 for number in range(300)]
    return belief_echo(themes[deck], themes[8:], themes=themes, theme_of=theme_of, respondents=people, decks=199)


def test_a_deck_of_beliefs_echoes_and_a_deck_of_what_was_said_does_not():
    assert deck_case([8, 9, 10, 11]).p <= 0.01
    assert deck_case([0, 1, 2, 3]).p > 0.5


def test_support_flags_what_repeats():
    deck = np.eye(4, 8, dtype=np.float32)
    found = support(deck, last_deck=deck[:3], beliefs=np.eye(8, dtype=np.float32)[6:], echo=deck_case([8, 9, 10, 11]))
    assert found.flags == ("repeats the last synthesis", "belief echo")
    assert found.statistics["repeat_rate_deck"] == 0.75


def quarters(copied: int, seed: int = 0):
    chance = np.random.default_rng(seed)
    rows = chance.normal(size=(200, 32)).astype(np.float32)
    rows[160 : 160 + copied] = rows[:copied] + 0.05 * chance.normal(size=(copied, 32))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows, np.arange(200), np.arange(200) >= 160, np.zeros(200, dtype=np.int64)


def test_copied_text_is_recycled_and_fresh_text_is_not():
    rows, units, now, strata = quarters(25)
    assert recycled(rows, units, now, strata, active=np.ones(200, dtype=bool), permutations=199) <= 0.01
    rows, units, now, strata = quarters(0)
    assert recycled(rows, units, now, strata, active=np.ones(200, dtype=bool), permutations=199) > 0.05


def test_narrowing_sees_fewer_groups_and_another_mix():
    before = np.tile(np.arange(5), 40)
    one_group = narrowing(
        np.concatenate([before, np.zeros(40, dtype=int)]), np.arange(240) >= 200, permutations=499, seed=0
    )
    assert one_group.ratio < 0.3
    assert (one_group.p, one_group.p_mix) == (0.002, 0.002)
    same = narrowing(np.concatenate([before, before[:40]]), np.arange(240) >= 200, permutations=499, seed=0)
    assert same.ratio == pytest.approx(1.0)
    assert same.p_mix > 0.5


def test_streaks_multiply_and_are_claimed_at_twenty():
    assert streak([0.25]).evidence == pytest.approx(1.0)
    assert streak([0.01, 0.01]).evidence == pytest.approx(25.0)
    assert streak([0.01, 0.01]).claimed
    assert not streak([0.04, 0.5, 0.04]).claimed
    assert streak([]).evidence == 1.0


def test_adjusted_values_say_at_which_rate_each_would_be_rejected():
    assert adjusted([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.04, 0.04])
    assert adjusted([]) == []


def test_many_cells_need_more_permutations():
    assert permutations_for(1) == 1999
    assert permutations_for(24) == 2400


def test_code_coverage_of_a_worked_example():
    found = code_coverage([{"a", "b"}, {"a", "c"}, {"a", "b"}, {"d"}])
    assert (found.codes_seen, found.named_once, found.named_twice) == (4, 2, 1)
    assert found.coverage == pytest.approx(1 - 2 / 7 * (3 * 2) / (3 * 2 + 2))
    assert found.codes_estimated == pytest.approx(4 + 3 / 4 * 4 / 2)


def test_code_coverage_of_nothing_and_of_everything():
    assert code_coverage([]).coverage is None
    assert code_coverage([{"a"}, {"a"}, {"a"}]).coverage == 1.0
    assert code_coverage([{"a"}]).coverage == 0.0
