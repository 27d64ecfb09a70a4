"""What passages say of statements, case by case (`stance.yml`)."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from nlp.stances.stance import StanceJudge
from nlp.stances.stance_reader import StanceReader

CASES = yaml.safe_load((Path(__file__).parent / "stance.yml").read_text(encoding="utf-8"))

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def told():
    """Name of a case -> the decision on it, all decided at once."""
    from platformdirs import user_cache_path

    judge = StanceJudge(StanceReader(user_cache_path("winloss", appauthor=False) / "models"))
    return {name: judge.judge(case["statement"], [case["text"]])[0] for name, case in CASES.items()}


NOT_YET = {
    True: pytest.mark.xfail(strict=True, reason="told wrongly today"),
    "on some machines": pytest.mark.xfail(strict=False, reason="on a limit: decided otherwise on other kinds of CPU"),
}


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=NOT_YET[case["not_yet"]] if "not_yet" in case else ()) for name, case in CASES.items()],
)
def test_each_case(name, told):
    assert told[name].stance == CASES[name]["stance"], told[name].probabilities
