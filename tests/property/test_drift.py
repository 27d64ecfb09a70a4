"""What must hold for every cell: the order of rows is nothing, and labels that say nothing find nothing twice."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.signal.drift import DriftSettings, benjamini_hochberg, drift
from winloss.model import Scope

QUARTERS = ("2025Q1", "2025Q2", "2025Q3", "2025Q4")
QUICK = DriftSettings(permutations=99, measure_power=False)


def cell(seed: int, people: int = 30):
    chance = np.random.default_rng(seed)
    count = people * len(QUARTERS)
    rows = chance.normal(size=(count, 24)).astype(np.float32)
    rows += 3 * np.eye(24, dtype=np.float32)[chance.integers(0, 24, count)]
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    quarters = [QUARTERS[number // people] for number in range(count)]
    names = [f"v{number:04}" for number in chance.permutation(count)]
    people_names = [f"{quarter}-{chance.integers(people)}" for quarter in quarters]
    strata = [f"s{chance.integers(3)}" for _ in range(count)]
    return rows, names, people_names, quarters, strata


def judge(rows, names, people, quarters, strata):
    return drift(
        rows, ids=names, respondents=people, quarters=quarters, strata=strata, current=QUARTERS[-1], scope=Scope(),
        settings=QUICK,
    )  # fmt: skip


@given(seed=st.integers(0, 1000), order_seed=st.integers(0, 1000))
@settings(max_examples=15, deadline=None)
def test_the_order_of_rows_changes_nothing(seed, order_seed):
    rows, *columns = cell(seed)
    order = np.random.default_rng(order_seed).permutation(len(rows))
    shuffled = judge(rows[order], *([column[place] for place in order] for column in columns))
    assert shuffled == judge(rows, *columns)


@given(seed=st.integers(0, 1000))
@settings(max_examples=10, deadline=None)
def test_every_p_value_and_count_is_possible(seed):
    rows, *columns = cell(seed)
    verdict = judge(rows, *columns)
    assert 0 < verdict.statistics["p_rising"] <= 1
    assert 0 < verdict.statistics["p_fading"] <= 1
    for node in verdict.nodes:
        assert 0 <= node.current <= node.current_base
        assert 0 <= node.history <= node.history_base
        assert node.p <= QUICK.alpha
        assert set(node.verbatims) <= set(columns[0])


@given(st.lists(st.floats(0, 1), max_size=30), st.floats(0.01, 0.3))
def test_rejections_are_the_smallest_p_values(p_values, q):
    rejected = benjamini_hochberg(p_values, q)
    if any(rejected):
        worst = max(p for p, out in zip(p_values, rejected, strict=True) if out)
        assert all(out for p, out in zip(p_values, rejected, strict=True) if p < worst)
