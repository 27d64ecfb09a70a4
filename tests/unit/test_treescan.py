"""The tree scan: its regions, its scores, its calibration, and the path for cells too big for one dendrogram."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from nlp.signal import dendrogram
from nlp.signal.drift import DriftSettings, drift
from nlp.signal.power import power_by_share, smallest_seen
from nlp.signal.treescan import non_overlapping, regions, scans, tail_scores
from nlp.signal.windows import odds_ratio_bound
from winloss.model import Scope, State


def cloud(count=300, themes=12, seed=0, size=48):
    """Unit rows around random directions, and the direction of each."""
    chance = np.random.default_rng(seed)
    theme = chance.integers(themes, size=count)
    rows = chance.normal(size=(themes, size))[theme] + 0.6 * chance.normal(size=(count, size))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32), theme


def scanned(rows, now, *, permutations=199, units=None):
    units = np.arange(len(rows)) if units is None else units
    found = regions(rows, units, seed=0)
    people = int(units.max()) + 1
    return found, *scans(
        found, now, np.zeros(people, dtype=np.int64), active=np.ones(people, bool), permutations=permutations, seed=1
    )


@pytest.mark.parametrize("limit", [8_000, 100])
def test_regions_are_three_people_to_a_third_of_the_rows(monkeypatch, limit):
    monkeypatch.setattr(dendrogram, "ROWS_AS_LEAVES", limit)
    monkeypatch.setattr(dendrogram, "GROUP", 80)
    rows, _ = cloud()
    units = np.arange(300) // 2
    found = regions(rows, units, seed=0)
    assert found.count > 20
    assert found.rows.getnnz(axis=1).max() <= 100
    assert found.units.getnnz(axis=1).min() >= 3
    for region in range(0, found.count, 7):
        assert set(found.units[region].indices) == set(units[found.rows[region].indices])


def test_no_region_is_there_twice():
    found = regions(cloud()[0], np.arange(300), seed=0)
    members = [tuple(sorted(found.rows[region].indices)) for region in range(found.count)]
    assert len(set(members)) == len(members)


def spread_over_two_styles():
    """Twelve themes, each told in either of two styles that weigh more than what is told; the theme of each row."""
    chance = np.random.default_rng(3)
    theme, style = chance.integers(12, size=300), chance.integers(2, size=300)
    about, told = chance.normal(size=(12, 200)), 4 * chance.normal(size=(2, 200))
    rows = about[theme] + told[style] + 0.6 * chance.normal(size=(300, 200))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32), theme


def best_fit(found, wanted):
    """How well the best region fits a set of rows: what they share of what either holds."""
    inside = found.rows @ wanted.astype(np.float32)
    return float((inside / (found.rows.getnnz(axis=1) + wanted.sum() - inside)).max())


def test_a_theme_that_two_styles_cut_in_two_is_one_region(monkeypatch):
    rows, theme = spread_over_two_styles()
    fits = [best_fit(regions(rows, np.arange(300), seed=0), theme == number) for number in range(12)]
    assert min(fits) > 0.95
    monkeypatch.setattr(dendrogram, "_without_common", lambda rows: rows)
    alone = [best_fit(regions(rows, np.arange(300), seed=0), theme == number) for number in range(12)]
    assert max(alone) < 0.85


def test_every_row_is_in_one_leaf_of_the_micro_clusters(monkeypatch):
    monkeypatch.setattr(dendrogram, "ROWS_AS_LEAVES", 100)
    monkeypatch.setattr(dendrogram, "GROUP", 80)
    rows, theme = cloud()
    leaf, centres = dendrogram.leaves_of(rows, 0)
    assert len(leaf) == 300
    assert set(leaf) == set(range(len(centres)))
    assert 15 <= len(centres) <= 45
    assert np.allclose(np.linalg.norm(centres, axis=1), 1, atol=1e-5)
    pure = [np.bincount(theme[leaf == number]).max() / (leaf == number).sum() for number in range(len(centres))]
    assert np.mean(pure) > 0.9


@pytest.mark.parametrize("limit", [8_000, 100])
def test_a_planted_group_is_found(monkeypatch, limit):
    monkeypatch.setattr(dendrogram, "ROWS_AS_LEAVES", limit)
    monkeypatch.setattr(dendrogram, "GROUP", 80)
    rows, theme = cloud()
    now = np.random.default_rng(2).random(300) < 0.2
    now |= theme == 5
    found, rising, _ = scanned(rows, now)
    best = int(np.lexsort((rising.scores, rising.p))[0])
    members = found.rows[best].indices
    assert rising.p[best] <= 0.05
    assert (theme[members] == 5).mean() > 0.8


def test_scores_are_binomial_tails():
    rows, _ = cloud()
    now = np.random.default_rng(3).random(300) < 0.3
    _, rising, falling = scanned(rows, now)
    size = rising.current + rising.history
    assert np.allclose(rising.scores, binom.logsf(rising.current - 1, size, now.mean()), atol=1e-6)
    assert np.allclose(falling.scores, binom.logcdf(falling.current, size, now.mean()), atol=1e-6)


def test_the_null_is_the_smallest_score_of_each_permutation():
    rows, _ = cloud(count=120)
    now = np.arange(120) < 30
    found, rising, _ = scanned(rows, now, permutations=50)
    chance, own = np.random.default_rng(9), []
    for _ in range(50):
        counts = np.rint(found.units @ chance.permutation(now).astype(np.float32)).astype(np.int64)
        own.append(tail_scores(counts, rising.current + rising.history, rising.q).min())
    assert np.median(rising.null) == pytest.approx(np.median(own), abs=0.7)
    assert (np.diff(rising.null) >= 0).all()
    assert len(rising.null) == 50
    assert rising.p.min() >= 1 / 51


def test_a_permutation_stays_within_its_stratum():
    """A theme that only one stratum has is nothing new where that stratum alone is heard now."""
    rows, theme = cloud(themes=2)
    now = (theme == 1) & (np.arange(300) % 4 != 0)
    found = regions(rows, np.arange(300), seed=0)
    within = scans(found, now, theme, active=np.ones(300, bool), permutations=199, seed=1)[0]
    across = scans(found, now, theme * 0, active=np.ones(300, bool), permutations=199, seed=1)[0]
    assert across.p.min() <= 0.05 < within.p.min()


def test_overlapping_regions_are_told_once():
    found = regions(cloud()[0], np.arange(300), seed=0)
    kept = non_overlapping(found, list(range(found.count)))
    rows = np.concatenate([found.rows[region].indices for region in kept])
    assert len(rows) == len(set(rows))


@pytest.mark.parametrize(("current", "history", "low", "high"), [(10, 0, 15, 16), (5, 5, 1, 3), (3, 0, 3, 4)])
def test_the_odds_ratio_bound(current, history, low, high):
    assert low < odds_ratio_bound(current, history, 0.2) < high


def test_an_odds_ratio_without_anybody_is_nothing():
    assert odds_ratio_bound(0, 10, 0.2) == 0.0
    assert odds_ratio_bound(5, 0, 1.0) == 0.0


def test_power_rises_with_the_share_and_falls_with_looseness():
    rows, _ = cloud(count=500, themes=25)
    now = np.arange(500) >= 400
    found, rising, _ = scanned(rows, now)
    told = [
        power_by_share(
            rows, np.arange(500), found, now, np.zeros(500, dtype=np.int64), active=np.ones(500, bool), q=rising.q,
            threshold=rising.threshold(0.05), looseness=looseness, seed=0,
        )
        for looseness in (1.0, 6.0)
    ]  # fmt: skip
    assert told[0][0.05] < told[0][0.15]
    assert told[0][0.15] >= 0.8
    assert told[1][0.10] < told[0][0.10]


def test_small_samples_must_see_more_often():
    assert smallest_seen({0.05: 0.5, 0.10: 0.85, 0.15: 0.95}, 100) == 0.10
    assert smallest_seen({0.05: 0.5, 0.10: 0.85, 0.15: 0.95}, 40) == 0.15
    assert smallest_seen({0.05: 0.1}, 40) is None


def test_themes_that_fade_because_others_were_asked_are_narrowed():
    """Two kinds of people with themes of their own; now mostly the one is heard, in two strata of equal number."""
    rows, theme = cloud(count=600, themes=8, seed=4)
    kind = theme % 2
    quarter = np.arange(600) // 120
    now = quarter == 4
    kept = ~now | (kind == 0) | (np.arange(600) % 8 == 0)
    names = [f"v{place:03}" for place in np.flatnonzero(kept)]
    verdict = drift(
        rows[kept],
        ids=names,
        respondents=names,
        quarters=[f"2025Q{number}" for number in quarter[kept]],
        strata=[f"kind {number}" for number in kind[kept]],
        current="2025Q4",
        scope=Scope(),
        settings=DriftSettings(permutations=299, windows=(1,), narrowing_ratio=0.1, measure_power=False),
    )
    assert verdict.state is State.NARROWED
    assert "Other people were asked" in verdict.sentence
