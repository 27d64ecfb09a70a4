"""Fusing the ranking by words with the ranking by meaning."""

from __future__ import annotations

import importlib.util
import math
from pathlib import Path
from typing import Any

import pytest

from winloss.search import fuse

WORDS = [("a", 9.0), ("b", 3.0), ("c", 3.0)]
MEANING = [("d", 0.9), ("a", 0.8), ("e", 0.1)]


def names(ranking: list[tuple[str, float]]) -> list[str]:
    return [name for name, _ in ranking]


@pytest.mark.parametrize("method", ["z-score", "reciprocal rank"])
def test_holds_everything_of_both_once_with_the_shared_one_first(method: Any) -> None:
    fused = fuse(WORDS, MEANING, method=method, weight=0.5)
    assert sorted(names(fused)) == ["a", "b", "c", "d", "e"]
    assert fused[0][0] == "a"
    assert [score for _, score in fused] == sorted((score for _, score in fused), reverse=True)


@pytest.mark.parametrize("method", ["z-score", "reciprocal rank"])
def test_the_weight_decides_who_has_the_say(method: Any) -> None:
    assert names(fuse(WORDS, MEANING, method=method, weight=1.0))[:3] == ["a", "b", "c"]
    assert names(fuse(WORDS, MEANING, method=method, weight=0.0))[:2] == ["d", "a"]


def test_scores_of_any_scale_fuse_alike() -> None:
    stretched = [(name, 100 * score - 7) for name, score in WORDS]
    assert names(fuse(stretched, MEANING)) == names(fuse(WORDS, MEANING))


@pytest.mark.parametrize("ranking", [WORDS, [("b", 1.0), ("a", 1.0)], [("a", 2.0)]])
def test_one_empty_ranking_leaves_the_other_as_it_is(ranking: list[tuple[str, float]]) -> None:
    expected = [name for name, _ in sorted(ranking, key=lambda item: (-item[1], item[0]))]
    assert names(fuse(ranking, [])) == expected
    assert names(fuse([], ranking)) == expected
    assert fuse([], []) == []


def test_reciprocal_rank_is_the_published_formula() -> None:
    fused = dict(fuse(WORDS, MEANING, method="reciprocal rank", weight=0.5))
    assert fused["a"] == pytest.approx(0.5 / 61 + 0.5 / 62)


def test_measures_of_the_benchmark() -> None:
    judged = _judged()
    wanted = frozenset({"x", "y"})
    assert judged.ndcg(["x", "y", "z"], wanted) == pytest.approx(1.0)
    assert judged.ndcg(["z", "x"], wanted) == pytest.approx((1 / math.log2(3)) / (1 + 1 / math.log2(3)))
    assert judged.ndcg(["z"] * 10 + ["x"], wanted) == 0.0
    assert judged.recall(["x", "z"], wanted) == 0.5
    assert judged.recall(["z", "x", "y"], wanted, depth=1) == 0.0


def _judged() -> Any:
    path = Path(__file__).parents[2] / "benchmarks" / "retrieval" / "judged.py"
    spec = importlib.util.spec_from_file_location("judged", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules["judged"] = module
    spec.loader.exec_module(module)
    return module
