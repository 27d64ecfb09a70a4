"""Intervals and what they allow to say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winloss.model import Share
from winloss.services.statistics import newcombe, wilson, word_for


def share(count: int, base: int) -> Share:
    return Share(count=count, base=base, verbatims=count)


shares = st.integers(0, 400).flatmap(lambda base: st.integers(0, base).map(lambda count: share(count, base)))


def test_newcombe_matches_the_published_example():
    """56 of 70 against 48 of 80: Newcombe 1998, table II, method 10, gives .0524 to .3339."""
    low, high = newcombe(share(48, 80), share(56, 70))
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)


@given(shares)
def test_wilson_holds_the_share_and_stays_a_probability(one):
    low, high = wilson(one)
    assert 0 <= low <= high <= 1
    assert one.value is None or low - 1e-9 <= one.value <= high + 1e-9


@given(shares, shares)
def test_swapping_the_quarters_mirrors_the_interval_and_the_word(one, other):
    low, high = newcombe(one, other)
    back_low, back_high = newcombe(other, one)
    mirror = {"grew": "faded", "new": "gone", "faded": "grew", "gone": "new"}
    forth = word_for(one, other, low, high)
    assert word_for(other, one, back_low, back_high) == mirror.get(forth, forth)
    if low is not None:
        assert low == pytest.approx(-back_high)
        assert high == pytest.approx(-back_low)


@pytest.mark.parametrize(
    ("earlier", "later", "word"),
    [
        (share(0, 40), share(12, 40), "new"),
        (share(12, 40), share(0, 40), "gone"),
        (share(4, 40), share(20, 40), "grew"),
        (share(20, 40), share(21, 40), "steady"),
        (share(0, 9), share(9, 9), "too few"),
        (share(0, 0), share(9, 20), "too few"),
    ],
)
def test_what_may_be_said(earlier, later, word):
    assert word_for(earlier, later, *newcombe(earlier, later)) == word
