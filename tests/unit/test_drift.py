"""The drift detector on simulated quarters: what it must see, what it must not, and what it must admit."""

from __future__ import annotations

import numpy as np
import pytest

from nlp.signal.drift import (
    DriftSettings,
    SynthesisTheme,
    benjamini_hochberg,
    drift,
    drift_and_novelty,
    novelty,
    settings_for,
)
from winloss.model import Scope, State

QUARTERS = ("2025Q1", "2025Q2", "2025Q3", "2025Q4", "2026Q1")
QUICK = DriftSettings(permutations=299)


def simulate(*, people=60, new_share=0.0, verbatims=1, seed=0, themes=25, strata=3, roles=4, last_roles=None):
    """Quarters of people who each speak of a random theme; in the last, a share of them of one never heard before."""
    chance = np.random.default_rng(seed)
    centres = chance.normal(size=(themes + 1, 96))
    columns = {name: [] for name in ("vectors", "ids", "respondents", "quarters", "strata", "sampling")}
    for number, quarter in enumerate(QUARTERS):
        last = number == len(QUARTERS) - 1
        for person in range(people):
            theme = themes if last and chance.random() < new_share else chance.integers(themes)
            role = chance.integers(last_roles if last and last_roles else roles)
            for word in range(verbatims):
                columns["vectors"].append(centres[theme] + 0.8 * chance.normal(size=96))
                columns["ids"].append(f"{quarter}-{person:03}-{word}")
                columns["respondents"].append(f"{quarter}-{person}")
                columns["quarters"].append(quarter)
                columns["strata"].append(f"s{person % strata}")
                columns["sampling"].append(f"s{person % strata}|{role}")
    rows = np.array(columns.pop("vectors"), dtype=np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True), columns


def judge(vectors, columns, settings=QUICK, **given):
    return drift(vectors, **columns, current=QUARTERS[-1], scope=Scope(facet="pain"), settings=settings, **given)


def test_a_new_theme_is_new_signal_and_its_verbatims_are_named():
    verdict = judge(*simulate(new_share=0.25))
    assert verdict.state is State.NEW_SIGNAL
    node = verdict.nodes[0]
    assert node.kind == "emerging"
    assert all(name.startswith("2026Q1") for name in node.verbatims)
    assert f"{node.current} of 60 people" in verdict.sentence
    assert f"{node.history} of 240" in verdict.sentence


def test_what_does_not_say_one_thing_is_not_new(monkeypatch):
    vectors, columns = simulate(new_share=0.25)
    monkeypatch.setattr("nlp.signal.windows._readable_from", lambda *_: 0.99)
    verdict = judge(vectors, columns)
    assert verdict.state is State.SHIFTING
    assert "emerging" not in {node.kind for node in verdict.nodes}


def test_stable_quarters_raise_few_alarms():
    states = [judge(*simulate(seed=seed)).state for seed in range(12)]
    assert states.count(State.NEW_SIGNAL) <= 2
    assert State.NARROWED not in states


def test_one_talkative_person_is_not_a_theme():
    vectors, columns = simulate(seed=3)
    loud = np.repeat(np.eye(1, 96, 7, dtype=np.float32), 30, axis=0)
    columns = {name: list(values) for name, values in columns.items()}
    for number in range(30):
        columns["ids"].append(f"2026Q1-loud-{number}")
        columns["respondents"].append("loud")
        columns["quarters"].append("2026Q1")
        columns["strata"].append("s0")
        columns["sampling"].append("s0|0")
    verdict = judge(np.concatenate([vectors, loud]), columns)
    assert not any("loud" in name for node in verdict.nodes for name in node.verbatims)


def test_too_few_voices_are_not_tested():
    verdict = judge(*simulate(people=10))
    assert verdict.state is State.UNDERPOWERED
    assert verdict.nodes == ()
    assert "Too few voices" in verdict.sentence
    assert verdict.statistics["more_respondents_needed"] >= 5


def test_a_narrowed_sample_is_called_so():
    verdict = judge(*simulate(people=60, roles=6, last_roles=1, seed=5))
    assert "narrowed" in verdict.flags
    assert verdict.state is State.NARROWED
    assert verdict.statistics["sampling_ratio"] < 0.75


def test_a_stratum_never_heard_before_is_a_new_population_not_new_signal():
    vectors, columns = simulate(seed=2)
    strata = [
        "newcomers" if quarter == QUARTERS[-1] and index % 2 else stratum
        for index, (quarter, stratum) in enumerate(zip(columns["quarters"], columns["strata"], strict=True))
    ]
    verdict = judge(vectors, {**columns, "strata": strata})
    assert "new population" in verdict.flags
    assert verdict.statistics["respondents_new_population"] == 30


def test_saturation_is_claimed_only_with_the_power_to_back_it():
    verdict = judge(*simulate(people=150, seed=8))
    if verdict.state is State.SATURATED:
        assert verdict.mds is not None
        assert verdict.mds <= QUICK.delta
        assert "80% probability" in verdict.sentence
    silent = judge(*simulate(people=150, seed=8), settings=DriftSettings(permutations=299, measure_power=False))
    assert silent.state is not State.SATURATED


def test_power_grows_with_the_share():
    statistics = judge(*simulate(people=100, seed=1)).statistics
    power = [statistics[f"power_at_{share}%"] for share in (5, 10, 15, 20, 30)]
    assert power[0] < power[-1]
    assert power[-1] >= 0.9


def test_later_quarters_are_not_looked_at():
    vectors, columns = simulate(new_share=0.3)
    verdict = drift(vectors, **columns, current="2025Q4", scope=Scope(), settings=QUICK)
    assert verdict.state is not State.NEW_SIGNAL
    assert verdict.statistics["respondents_history"] == 180


@pytest.mark.parametrize(
    ("p_values", "expected"),
    [
        ([0.001, 0.2, 0.03, 0.9], [True, False, True, False]),
        ([0.04, 0.05, 0.06, 0.09], [True, True, True, True]),
        ([0.2, 0.3], [False, False]),
        ([], []),
    ],
)
def test_benjamini_hochberg_at_ten_percent(p_values, expected):
    assert benjamini_hochberg(p_values, 0.10) == expected


def test_novelty_is_small_for_what_was_said_and_large_for_what_was_not():
    history = np.eye(4, 8, dtype=np.float32).repeat(6, axis=0)
    current = np.stack([np.eye(8, dtype=np.float32)[0], np.eye(8, dtype=np.float32)[7]])
    near, far = novelty(current, history)
    assert near == pytest.approx(0.0, abs=1e-6)
    assert far == pytest.approx(1.0, abs=1e-6)
    assert novelty(current, history[:0]).tolist() == [1.0, 1.0]


def synthesis_of(vectors, columns, quarters):
    """A synthesis with one theme for each of ten people of these quarters, quoted once."""
    rows = [row for row, quarter in enumerate(columns["quarters"]) if quarter in quarters][:10]
    return [SynthesisTheme(name=f"theme {row}", statement=vectors[row], earlier=vectors[row : row + 1]) for row in rows]


def test_a_synthesis_that_leaves_out_what_is_new_is_laundering():
    vectors, columns = simulate(new_share=0.25)
    old = judge(vectors, columns, synthesis=synthesis_of(vectors, columns, QUARTERS[:4]))
    assert old.state is State.LAUNDERED
    assert old.nodes[0].covered is False
    assert "does not cover it" in old.sentence
    cited = {name for node in old.nodes for name in node.verbatims}
    honest = judge(vectors, columns, synthesis=synthesis_of(vectors, columns, QUARTERS[:4]), cited=cited)
    assert honest.state is State.NEW_SIGNAL
    assert honest.nodes[0].covered is True


def test_a_node_names_who_said_it_before():
    vectors, columns = simulate(new_share=0.25)
    node = judge(vectors, columns).nodes[0]
    assert len({name.rpartition("-")[0] for name in node.said_before}) == node.history
    assert not any(name.startswith("2026Q1") for name in node.said_before)


def test_novelty_puts_the_new_theme_first():
    vectors, columns = simulate(people=80, new_share=0.2)
    verdict, scores = drift_and_novelty(vectors, **columns, current=QUARTERS[-1], scope=Scope(), settings=QUICK)
    assert set(scores) == {name for name in columns["ids"] if name.startswith(QUARTERS[-1])}
    newest = sorted(scores, key=lambda name: -scores[name])[: len(verdict.nodes[0].verbatims)]
    assert len(set(newest) & set(verdict.nodes[0].verbatims)) >= 0.8 * len(newest)


def test_a_quarter_of_strangers_is_a_new_population():
    vectors, columns = simulate(new_share=0.3)
    strata = ["strangers" if quarter == QUARTERS[-1] else "known" for quarter in columns["quarters"]]
    verdict = judge(vectors, {**columns, "strata": strata})
    assert verdict.state is State.UNDERPOWERED
    assert "new population" in verdict.flags
    assert "never heard before" in verdict.sentence


def test_one_earlier_period_is_enough_only_where_asked_for():
    vectors, columns = simulate(new_share=0.3)
    kept = [row for row, quarter in enumerate(columns["quarters"]) if quarter >= QUARTERS[-2]]
    columns = {name: [values[row] for row in kept] for name, values in columns.items()}
    assert judge(vectors[kept], columns).state is State.UNDERPOWERED
    verdict = judge(vectors[kept], columns, settings=DriftSettings(permutations=299, history_least=1))
    assert verdict.state is State.NEW_SIGNAL
    assert "one period of history" in verdict.flags


def test_constants_belong_to_a_model():
    assert not settings_for("some other model").fitted
    assert settings_for("some other model", delta=0.2).delta == 0.2
    flags = judge(*simulate(), settings=settings_for("some other model", permutations=99)).flags
    assert "constants not fitted to this model" in flags


def test_what_came_up_last_quarter_and_is_silent_now_is_not_new():
    """Nine quarters; the new theme is said in the last but one only."""
    chance = np.random.default_rng(3)
    centres, rows, quarters = chance.normal(size=(26, 96)), [], []
    for number in range(9):
        for person in range(50):
            theme = 25 if number == 7 and person < 15 else chance.integers(25)
            rows.append(centres[theme] + 0.8 * chance.normal(size=96))
            quarters.append(f"Q{number}")
    vectors = np.array(rows, dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    names = [f"v{place:03}" for place in range(450)]
    states = [
        drift(
            vectors, ids=names, respondents=names, quarters=quarters, strata=["all"] * 450, current=current,
            scope=Scope(), settings=QUICK,
        ).state
        for current in ("Q7", "Q8")
    ]  # fmt: skip
    assert states[0] is State.NEW_SIGNAL
    assert states[1] is not State.NEW_SIGNAL
