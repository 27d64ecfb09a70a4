"""Charts over the quarters: what the verdicts were and rest on, and how a theme came, went on, split and merged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from winloss.model import DriftVerdict, Lineage, Relation, State
from winloss.report import vega
from winloss.report.charts import short
from winloss.report.texts import SHORT_VERDICTS

SIGHT_STEP, SIGHT_HEIGHT = 88, 120
LIFE_STEP, LIFE_ROW = 72, 64


def verdict_timeline(verdicts: Sequence[DriftVerdict]) -> str:
    """The states of one scope over the quarters, oldest first, as labelled marks on a line."""
    if not verdicts:
        return ""
    rows = [
        {
            "quarter": verdict.quarter,
            "state": verdict.state.value.capitalize(),
            "told": f"{verdict.quarter}: {verdict.sentence}",
            **_mark(verdict),
        }
        for verdict in verdicts
    ]
    spec = {
        "width": {"step": SIGHT_STEP},
        "height": 30,
        "data": vega.data(rows),
        "encoding": {"x": _QUARTERS},
        "layer": [_marks(15), _words("quarter", 44, vega.INK), _words("state", 58, vega.SOFT)],
    }
    story = "; ".join(f"{verdict.quarter}: {verdict.state.value}" for verdict in verdicts)
    return vega.draw(spec, kind="timeline", title="Drift verdicts by quarter", story=story)


def sight(verdicts: Sequence[DriftVerdict]) -> str:
    """What was said and could have been seen, quarter by quarter: state, people heard, smallest new theme seen.

    "Over 30%" says that even a theme held by 30% of people could have been missed.
    """
    if not verdicts:
        return ""
    rows = [
        {
            "quarter": verdict.quarter,
            "people": int(verdict.statistics.get("respondents_current") or 0),
            "state": SHORT_VERDICTS[verdict.state],
            "seen": _seen(verdict),
            "told": f"{verdict.quarter}: {verdict.sentence}",
            **_mark(verdict),
        }
        for verdict in verdicts
    ]
    heights = {"field": "people", "type": "quantitative", "axis": None, "scale": {"range": [SIGHT_HEIGHT, 36]}}
    spec = {
        "width": {"step": SIGHT_STEP},
        "height": SIGHT_HEIGHT,
        "data": vega.data(rows),
        "encoding": {"x": _QUARTERS},
        "layer": [
            {
                "mark": {"type": "bar", "width": 32, "color": vega.LINE},
                "encoding": {"y": heights, "tooltip": vega.TOLD},
            },
            {"mark": {"type": "text", "dy": -8}, "encoding": {"y": heights, "text": {"field": "people"}}},
            _marks(8),
            _words("quarter", SIGHT_HEIGHT + 18, vega.INK),
            _words("state", SIGHT_HEIGHT + 34, vega.SOFT),
            _words("seen", SIGHT_HEIGHT + 50, vega.SOFT),
        ],
    }
    story = "; ".join(
        f"{row['quarter']}: {row['people']} people, smallest theme seen: {row['seen']}; {row['state']}" for row in rows
    )
    title = "Verdicts, people heard, and the smallest new theme that would have been seen"
    return vega.draw(spec, kind="sight", title=title, story=story)


def lives(steps: Sequence[Lineage], titles: Mapping[str, str], people: Mapping[tuple[str, str], int], own: str) -> str:
    """How a theme came, went on, split and merged: a line of marks a theme, joined where it went on as another.

    A mark's area is the people who said it in that quarter; a hollow one says that nobody did any more.
    """
    rows, joins = _life(steps, people)
    if not rows:
        return ""
    order = [own, *sorted({row["theme"] for row in rows} - {own}, key=lambda name: (titles.get(name, name), name))]
    place = {name: number for number, name in enumerate(order)}
    quarters = sorted({row["quarter"] for row in rows})
    told = [{**row, "y": LIFE_ROW * place[row["theme"]] + 30, **_alive(row)} for row in rows]
    lines = [{**join, **{end: LIFE_ROW * place[join[end]] + 30 for end in ("from", "to")}} for join in joins]
    titled = [{"y": LIFE_ROW * place[name] + 6, "name": short(titles.get(name, name), 60)} for name in order]
    axis = {"labelAngle": 0, "title": None, "grid": False}
    x = {"type": "ordinal", "scale": {"domain": quarters}, "axis": axis}
    y = {"type": "quantitative", "scale": None, "axis": None}
    size = {"field": "people", "type": "quantitative", "legend": None, "scale": {"domainMin": 0, "range": [40, 420]}}
    fills = {name: {"field": name, "type": "nominal", "scale": None} for name in ("fill", "stroke")}
    here = {"x": {"field": "quarter", **x}, "y": {"field": "y", **y}}
    ends = {
        "x": {"field": "earlier", **x},
        "x2": {"field": "later"},
        "y": {"field": "from", **y},
        "y2": {"field": "to"},
    }
    spec = {
        "width": {"step": LIFE_STEP},
        "height": LIFE_ROW * len(order),
        "layer": [
            {
                "data": vega.data(lines),
                "mark": {"type": "rule", "color": vega.SOFT, "strokeWidth": 1.5},
                "encoding": ends,
            },
            {
                "data": vega.data(told),
                "mark": {"type": "point", "opacity": 1, "strokeWidth": 1.5},
                "encoding": {**here, "size": size, **fills, "tooltip": vega.TOLD},
            },
            {
                "data": vega.data([row for row in told if row["what"]]),
                "mark": {"type": "text", "dy": 20, "color": vega.SOFT},
                "encoding": {**here, "text": {"field": "what"}},
            },
            {
                "data": vega.data(titled),
                "mark": {"type": "text", "align": "left"},
                "encoding": {"y": {"field": "y", **y}, "x": {"value": 0}, "text": {"field": "name"}},
            },
        ],
    }
    story = "; ".join(f"{step.later}: {step.relation}, {step.reason}" for step in steps)
    return vega.draw(spec, kind="lives", title="How the theme came, went on, split and merged", story=story)


# --- parts of charts --------------------------------------------------------------------------------------------------

_QUARTERS = {"field": "quarter", "type": "ordinal", "axis": None}
_MARKS: Mapping[State, tuple[str, str, str]] = {
    State.LAUNDERED: ("diamond", vega.ACCENT, vega.ACCENT),
    State.NEW_SIGNAL: ("circle", vega.ACCENT, vega.ACCENT),
    State.NARROWED: ("triangle-down", vega.PAPER, vega.ACCENT),
    State.SHIFTING: ("square", vega.SOFT, vega.SOFT),
    State.SATURATED: ("circle", vega.SOFT, vega.SOFT),
    State.UNDERPOWERED: ("circle", vega.PAPER, vega.SOFT),
}
"""State -> shape, fill and outline of its mark: told apart without colour."""


def _mark(verdict: DriftVerdict) -> dict[str, str]:
    return dict(zip(("shape", "fill", "stroke"), _MARKS[verdict.state], strict=True))


def _marks(y: int) -> vega.Spec:
    looks = {name: {"field": name, "type": "nominal", "scale": None} for name in ("shape", "fill", "stroke")}
    mark = {"type": "point", "size": 110, "opacity": 1, "strokeWidth": 2}
    return {"mark": mark, "encoding": {"y": {"value": y}, **looks, "tooltip": vega.TOLD}}


def _words(field: str, y: int, colour: str) -> vega.Spec:
    return {"mark": {"type": "text", "color": colour}, "encoding": {"y": {"value": y}, "text": {"field": field}}}


def _life(
    steps: Iterable[Lineage], people: Mapping[tuple[str, str], int]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The marks (theme, quarter, what happened, people) and the lines between them."""
    what: dict[tuple[str, str], str] = {}
    joins: dict[tuple[str, str, str, str], dict[str, Any]] = {}
    for step in steps:
        word = "" if step.relation is Relation.CONTINUED else step.relation.value
        for name in step.to_themes or step.from_themes:
            what[name, step.later] = word
        for name in step.from_themes if step.earlier else ():
            what.setdefault((name, str(step.earlier)), "")
            for other in step.to_themes or (name,):
                join = {"earlier": step.earlier, "later": step.later, "from": name, "to": other}
                joins[name, other, str(step.earlier), step.later] = join
    rows = [
        {
            "theme": name,
            "quarter": quarter,
            "what": word,
            "people": people.get((name, quarter), 0),
            "told": f"{quarter}: {people.get((name, quarter), 0)} people{f', {word}' if word else ''}",
        }
        for (name, quarter), word in sorted(what.items())
    ]
    return rows, list(joins.values())


def _alive(row: Mapping[str, Any]) -> dict[str, str]:
    gone = row["what"] == Relation.DORMANT.value
    return {"fill": vega.PAPER if gone else vega.ACCENT, "stroke": vega.ACCENT}


def _seen(verdict: DriftVerdict) -> str:
    if verdict.statistics.get("p_rising") is None:
        return "not tested"
    return f"{verdict.mds:.0%} or more" if verdict.mds is not None else "over 30%"
