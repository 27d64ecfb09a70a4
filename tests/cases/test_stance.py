"""What passages say of statements, case by case (`stance.yml`)."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from nlp.stance import StanceJudge

CASES = yaml.safe_load((Path(__file__).parent / "stance.yml").read_text(encoding="utf-8"))

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def told():
    """Name of a case -> the decision on it, all decided at once."""
    from platformdirs import user_cache_path

    from nlp.encode import SentenceEncoder
    from nlp.export import BUNDLED_MODEL

    encoder = SentenceEncoder(BUNDLED_MODEL, cache=user_cache_path("winloss", appauthor=False) / "models")
    statements = encoder.encode([case["statement"] for case in CASES.values()])
    texts = encoder.encode([case["text"] for case in CASES.values()])
    judge = StanceJudge()
    return {
        name: judge.judge(case["statement"], [case["text"]], texts[row : row + 1], statements[row])[0]
        for row, (name, case) in enumerate(CASES.items())
    }


@pytest.mark.parametrize("name", CASES)
def test_each_case(name, told):
    assert told[name].stance == CASES[name]["stance"], told[name].probabilities
