"""Charts: valid Vega-Lite, one image each with its numbers in words, and nothing in them that acts or is fetched."""

from __future__ import annotations

import json
import re

import pytest

from winloss.model import DriftVerdict, Facet, Lineage, Relation, Scope, Share, State, Theme, ThemeChange
from winloss.report import charts, timelines, vega

HOSTILE = '<script>alert(1)</script> role="x" </text> "quoted" & \\ ${datum} \u2028 ünï'


def share(count: int, base: int) -> Share:
    return Share(count=count, base=base, verbatims=count)


def verdict(quarter: str, state: State) -> DriftVerdict:
    return DriftVerdict(
        quarter=quarter,
        scope=Scope(),
        state=state,
        sentence="…",
        flags=(),
        statistics={"respondents_current": 40, "p_rising": 0.2},
        mds=0.2,
    )


def theme(name: str, title: str) -> Theme:
    return Theme(id=name, facet=Facet.PAIN, title=title, terms=(), size=1, exemplars=())


def change(title: str, difference: float | None, word: str = "steady") -> ThemeChange:
    return ThemeChange(
        theme=theme("h1", title),
        earlier=share(1, 10),
        later=share(3, 10),
        difference=difference,
        low=-0.1,
        high=0.4,
        word=word,
    )


def step(relation: Relation, later: str, come: tuple[str, ...], go: tuple[str, ...], earlier: str | None = "2026Q1"):
    return Lineage(
        facet=Facet.PAIN, earlier=earlier, later=later, relation=relation, from_themes=come, to_themes=go, reason="why"
    )


TREND = [("2026Q1", share(4, 9)), ("2026Q2", share(0, 0)), ("2026Q3", share(2, 9))]
LIFE = [
    step(Relation.BORN, "2026Q1", (), ("a",), None),
    step(Relation.SPLIT, "2026Q2", ("a",), ("a", "b")),
    step(Relation.DORMANT, "2026Q3", ("b",), (), "2026Q2"),
]
DRAWN = {
    "bars": lambda: charts.bars([("Won", share(3, 4)), (HOSTILE, share(0, 2)), ("None", share(0, 0))], noun="deals"),
    "trend": lambda: charts.trend(TREND),
    "compared": lambda: charts.compared(
        [(HOSTILE, [("Federal", share(3, 9)), ("Other", share(1, 8))]), ("b", [("Other", share(0, 0))])],
        ["Federal", "Other"],
    ),
    "differences": lambda: charts.differences([change(HOSTILE, 0.2, "grew"), change("b", None), change("c", -0.1)]),
    "timeline": lambda: timelines.verdict_timeline([verdict(f"2026Q{n}", s) for n, s in enumerate(State, 1)]),
    "sight": lambda: timelines.sight([verdict(f"2026Q{n}", s) for n, s in enumerate(State, 1)]),
    "lives": lambda: timelines.lives(LIFE, {"a": HOSTILE, "b": "b"}, {("a", "2026Q1"): 4, ("b", "2026Q2"): 2}, "a"),
}


@pytest.mark.parametrize("name", DRAWN)
def test_every_specification_is_valid_vega_lite(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import altair

    seen: list[str] = []
    monkeypatch.setattr(vega, "_drawn", lambda spec: seen.append(spec) or ("1", "1", "0 0 1 1", ""))
    DRAWN[name]()
    altair.Chart.from_dict(json.loads(seen[0]))  # raises where the schema does not allow it


@pytest.mark.parametrize("name", DRAWN)
def test_a_chart_is_one_image_with_a_title_and_words_and_does_nothing(name: str) -> None:
    svg = DRAWN[name]()
    assert svg.startswith(f'<svg class="chart vega {name}"') and svg.count('role="img"') == 1
    assert re.search(r"<title>[^<]+</title><desc>[^<]+</desc>", svg)
    svg, _, spec = svg.partition('<script type="application/json">')
    assert not set("<>&") & set(spec.removesuffix("</script>"))
    assert HOSTILE not in svg and json.loads(spec.removesuffix("</script>"))["$schema"] == vega.SCHEMA
    tags = re.findall(r"<[^>]+>", svg)
    assert not [tag for tag in tags if re.search(r"script|style=|href|\son\w+=|url\(|<image", tag)]
    assert {tag.split()[0] for tag in re.findall(r"<[a-z]+[ >]", svg)} <= {
        "<svg", "<title>", "<desc>", "<g", "<g>", "<path", "<line", "<text", "<rect", "<tspan"
    }  # fmt: skip


def test_the_words_of_a_chart_hold_its_numbers() -> None:
    assert "2026Q1: 4 of 9 people; 2026Q2: nobody heard; 2026Q3: 2 of 9 people" in charts.trend(TREND)
    assert "Won: 3 of 4 deals" in DRAWN["bars"]()
    assert "Federal 3 of 9 people, Other 1 of 8 people" in DRAWN["compared"]()
    assert "c: -10%, -10% to +40%" in DRAWN["differences"]()
    assert "2026Q2: split, why" in DRAWN["lives"]()


def test_states_are_told_apart_without_colour() -> None:
    marks = [timelines._MARKS[state][0:2] for state in State]
    assert len(set(marks)) == len(State)


def test_a_quarter_in_which_nobody_was_heard_leaves_a_gap() -> None:
    band, whole = charts.trend(TREND), charts.trend([(quarter, share(4, 9)) for quarter, _ in TREND])
    drawn = [re.search(r'd="([^"]*)" stroke="#8c2f1b" stroke-width="2"', svg) for svg in (band, whole)]
    assert [bool(line) and "L" in line[1] for line in drawn] == [False, True]


def test_nothing_is_drawn_of_nothing() -> None:
    assert charts.compared([("a", [("Federal", share(0, 0))])], ["Federal"]) == ""
    assert charts.differences([change("a", None)]) == charts.trend([]) == timelines.lives([], {}, {}, "a") == ""


def test_a_chart_is_drawn_once_for_the_same_numbers() -> None:
    charts.trend(TREND)
    before = vega._drawn.cache_info()
    assert charts.trend(list(TREND)) == charts.trend(TREND)
    assert vega._drawn.cache_info().misses == before.misses
