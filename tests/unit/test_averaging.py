"""The guard against averaging: it speaks where a pooled number misleads, and stays silent on small numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winloss.model import EvidenceRow, Share
from winloss.services.statistics import fisher, mid_p
from winloss.services.themes.averaging import ONE_SEGMENT, REVERSED, guard


def rows(segment, quarter, people, saying=0, start=0):
    """So many people of a segment in a quarter, the first of whom say the theme."""
    return [
        EvidenceRow(
            f"{segment}{quarter}{n}", "k", "d", f"{segment}{start + n}{quarter}", "pain", 1.0, None, None, segment,
            "interview", None, None, None, quarter, None, "named", "h1" if n < saying else None, (), None, 0,
        )
        for n in range(people)
    ]  # fmt: skip


def said(scope):
    return [row for row in scope if row.theme_id]


def test_a_theme_of_one_segment_is_told_with_its_counts():
    scope = [*rows("federal", "2026Q1", 21, 9), *rows("enterprise", "2026Q1", 34)]
    found = guard(said(scope), scope)
    assert (found.kind, found.segments) == (ONE_SEGMENT, ("federal",))
    assert "9 of 21 in federal" in found.words
    assert "0 of 34 elsewhere" in found.words


def test_too_few_people_and_even_shares_say_nothing():
    few = [*rows("federal", "2026Q1", 4, 2), *rows("enterprise", "2026Q1", 5)]
    assert guard(said(few), few) is None
    even = [*rows("federal", "2026Q1", 40, 12), *rows("enterprise", "2026Q1", 40, 11)]
    assert guard(said(even), even) is None
    alone = rows("federal", "2026Q1", 40, 30)
    assert guard(said(alone), alone) is None


def test_a_direction_that_reverses_between_segments_is_told():
    scope = [
        *rows("federal", "2026Q1", 60, 10), *rows("federal", "2026Q2", 60, 40),
        *rows("enterprise", "2026Q1", 60, 40), *rows("enterprise", "2026Q2", 60, 10),
    ]  # fmt: skip
    found = guard(said(scope), scope, quarter="2026Q2")
    assert (found.kind, found.segments) == (REVERSED, ("federal", "enterprise"))
    assert "federal: 40 of 60, before 10 of 60" in found.words
    assert guard(said(scope), scope) is None


def test_fishers_tea():
    assert fisher(Share(count=3, base=4, verbatims=3), Share(count=1, base=4, verbatims=1)) == pytest.approx(34 / 70)


@given(st.integers(0, 30), st.integers(1, 30), st.integers(0, 30), st.integers(1, 30))
def test_the_exact_test_is_a_probability_and_does_not_mind_the_order(a, n, b, m):
    one, other = Share(count=min(a, n), base=n, verbatims=0), Share(count=min(b, m), base=m, verbatims=0)
    assert 0 < fisher(one, other) <= 1 + 1e-12
    assert fisher(one, other) == pytest.approx(fisher(other, one))
    assert 0 <= mid_p(one, other) < fisher(one, other)


def test_the_mid_p_takes_half_of_what_was_seen():
    one, other = Share(count=3, base=4, verbatims=3), Share(count=1, base=4, verbatims=1)
    assert mid_p(one, other) == pytest.approx(34 / 70 - 16 / 70 / 2)
