"""Identity: a theme that keeps most of its verbatims is the same theme, whatever the clusters are numbered."""

from __future__ import annotations

import random

from nlp.themes.align import align, quarter_lineage
from winloss.model import Facet, Relation


def assigned(**groups):
    return {f"{name}{number}": name for name, size in groups.items() for number in range(size)}


def test_nothing_moves_so_everything_continues_however_clusters_are_numbered():
    earlier = assigned(a=10, b=6, c=4)
    numbers = {"a": 2, "b": 0, "c": 1}
    later = {name: numbers[theme] for name, theme in earlier.items()}
    assert align(earlier, later).continues == {2: "a", 0: "b", 1: "c"}


def test_growth_and_a_few_movers_keep_the_identity():
    earlier = assigned(a=20, b=20)
    later = {name: 0 if theme == "a" else 1 for name, theme in earlier.items()} | {f"new{n}": 0 for n in range(15)}
    later |= {"a0": 1, "a1": None}
    assert align(earlier, later).continues == {0: "a", 1: "b"}


def test_a_theme_continues_in_one_cluster_only_and_its_break_up_is_told():
    earlier = assigned(a=20)
    later = {f"a{n}": 0 if n < 12 else 1 for n in range(20)}
    found = align(earlier, later)
    assert found.continues == {0: "a"}
    assert found.splits == {"a": (0, 1)}


def test_themes_that_flow_together_are_told_and_the_larger_lives_on():
    earlier = assigned(a=12, b=8)
    found = align(earlier, dict.fromkeys(earlier, 0))
    assert found.continues == {0: "a"}
    assert found.merges == {0: ("a", "b")}


def test_what_shares_little_is_another_theme():
    earlier = assigned(a=20)
    later = {f"a{n}": 0 for n in range(3)} | {f"z{n}": 0 for n in range(30)} | {f"a{n}": None for n in range(3, 20)}
    assert align(earlier, later).continues == {0: "a"}
    assert align(assigned(a=4), {}).continues == {}


def test_the_order_of_verbatims_changes_nothing():
    earlier = assigned(a=9, b=9, c=9)
    later = {name: {"a": 0, "b": 1, "c": 1}[theme] for name, theme in earlier.items()}
    names = list(earlier)
    random.Random(4).shuffle(names)
    assert align({name: earlier[name] for name in names}, later) == align(earlier, later)


def test_a_life_in_quarters_with_its_numbers():
    counts = {"2025Q4": {"h": 3}, "2026Q1": {"h": 5, "g": 1}, "2026Q2": {"g": 2}, "2026Q3": {"h": 1, "g": 0}}
    steps = quarter_lineage(counts, Facet.PAIN)
    told = {(step.later, (step.to_themes or step.from_themes)[0]): step for step in steps}
    assert told["2025Q4", "h"].relation is Relation.BORN
    assert told["2026Q1", "h"].reason == "5 people, after 3 people in 2025Q4"
    assert told["2026Q2", "h"].relation is Relation.DORMANT
    assert told["2026Q3", "h"].relation is Relation.CONTINUED
    assert "since 2026Q1" in told["2026Q3", "h"].reason
    assert told["2026Q3", "g"].relation is Relation.DORMANT
    assert [step.later for step in steps] == sorted(step.later for step in steps)
