"""Which verbatims say nearly the same, case by case from folding.yml."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.unit.passages import a_passage
from winloss.model import Hit
from winloss.services.search.folding import folded

CASES = yaml.safe_load(Path(__file__).with_name("folding.yml").read_text(encoding="utf-8"))


def folds_under(first: str, second: str) -> bool:
    hits = folded([Hit(passage=a_passage(name, text), score=1.0) for name, text in (("v1", first), ("v2", second))])
    return hits[1].same_as == "v1"


@pytest.mark.parametrize("name", CASES)
def test_what_says_nearly_the_same_folds_and_nothing_else_does(name):
    case = CASES[name]
    found = {other: folds_under(case["text"], other) for other in (*case["same"], *case["other"])}
    assert found == {**dict.fromkeys(case["same"], True), **dict.fromkeys(case["other"], False)}
    assert all(folds_under(other, case["text"]) is verdict for other, verdict in found.items())
