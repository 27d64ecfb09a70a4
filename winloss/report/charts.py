"""Charts as inline SVG: small, printable, readable without colour, each with a title and text for screen readers.

Sparklines are drawn by hand: a page has dozens of them. Everything larger is Vega-Lite's (`winloss.report.vega`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from math import sqrt
from typing import Any

from winloss.model import Share, ThemeChange
from winloss.report import vega

Z95 = 1.959963984540054
SPARK_WIDTH, SPARK_HEIGHT = 168, 40
BAR_SPAN, BAR_ROW = 130, 26
TREND_STEP, TREND_HEIGHT = 41, 150
COMPARED_SPAN = 330
LONGEST = 48
_PAD = 5
_PERCENT = {"format": "%", "tickCount": 3, "title": None, "grid": False}
_GAPS = "break-paths-show-path-domains"
_SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
_COLOURS = (vega.ACCENT, vega.INK, vega.OTHER, vega.SOFT)


def wilson(count: int, base: int) -> tuple[float, float]:
    """Wilson's 95% score interval of count / base, (0, 1) where base is 0.

    Source: E. B. Wilson, Journal of the American Statistical Association 22 (1927) 209-212.
    """
    if base == 0:
        return 0.0, 1.0
    p, z2 = count / base, Z95 * Z95
    centre = (p + z2 / (2 * base)) / (1 + z2 / base)
    half = Z95 * sqrt(p * (1 - p) / base + z2 / (4 * base * base)) / (1 + z2 / base)
    return max(0.0, centre - half), min(1.0, centre + half)


def sparkline(trend: Sequence[tuple[str, Share]]) -> str:
    """Shares over the quarters as a line with its 95% band; quarters in which nobody was heard leave a gap."""
    if not trend:
        return ""
    top = max(0.05, *(wilson(share.count, share.base)[1] if share.base else 0.0 for _, share in trend))
    top = min(top, max(0.1, 2.5 * max((share.value or 0.0) for _, share in trend)))
    places = [(_x(number, len(trend)), share) for number, (_, share) in enumerate(trend)]
    body = [_band(run, top) + _line(run, top) for run in _runs(places)]
    body += [
        f'<circle cx="{x:.1f}" cy="{_y(share.value or 0, top):.1f}" r="1.8"/>' for x, share in places if share.base
    ]
    story = "; ".join(f"{quarter}: {_said(share)}" for quarter, share in trend)
    return _svg(SPARK_WIDTH, SPARK_HEIGHT, "spark", f"Share of people, {trend[0][0]} to {trend[-1][0]}", story, body)


def bars(rows: Sequence[tuple[str, Share]], title: str = "People who said it", noun: str = "people") -> str:
    """One horizontal bar a row with `count of base` written beside it; the thin line is the 95% interval."""
    if not rows:
        return ""
    told = [
        {
            "name": short(name),
            "row": number,
            "value": share.value or 0,
            **_interval(share),
            "said": _counted(share, noun),
            "told": f"{name}: {_in_full(share, noun)}",
        }
        for number, (name, share) in enumerate(rows)
    ]
    top = max([0.05, *(max(row["value"], row["high"]) for row in told)])
    y = {"field": "row", "type": "ordinal", "axis": vega.named([str(row["name"]) for row in told])}
    x = {"type": "quantitative", "scale": {"domain": [0, top]}, "axis": _PERCENT}
    layers = [
        {
            "mark": {"type": "bar", "height": 13, "color": vega.ACCENT},
            "encoding": {"x": {"field": "value", **x}, "tooltip": vega.TOLD},
        },
        {
            "mark": {"type": "rule", "color": vega.INK},
            "encoding": {"x": {"field": "low", **x}, "x2": {"field": "high"}},
        },
        {
            "mark": {"type": "text", "align": "left", "color": vega.SOFT},
            "encoding": {"x": {"value": BAR_SPAN + 10}, "text": {"field": "said"}},
        },
    ]
    spec = {
        "width": BAR_SPAN,
        "height": {"step": BAR_ROW},
        "data": vega.data(told),
        "encoding": {"y": y},
        "layer": layers,
    }
    story = "; ".join(f"{name}: {_said(share, noun)}" for name, share in rows)
    return vega.draw(spec, kind="bars", title=title, story=story)


def trend(shares: Sequence[tuple[str, Share]]) -> str:
    """Shares over the quarters as a line with its 95% band on an axis; nobody heard in a quarter leaves a gap."""
    if not shares:
        return ""
    rows = [
        {
            "quarter": quarter,
            "value": share.value,
            "told": f"{quarter}: {_in_full(share)}",
            **(_interval(share) if share.base else {"low": None, "high": None}),
        }
        for quarter, share in shares
    ]
    x = {"field": "quarter", "type": "ordinal", "title": None, "axis": {"labelAngle": 0, "labelOverlap": True}}
    y = {"type": "quantitative", "title": None, "axis": {"format": "%", "tickCount": 4}}
    points = {"type": "line", "color": vega.ACCENT, "point": {"color": vega.ACCENT, "size": 36}, "invalid": _GAPS}
    spec = {
        "width": {"step": TREND_STEP},
        "height": TREND_HEIGHT,
        "data": vega.data(rows),
        "encoding": {"x": x},
        "layer": [
            {
                "mark": {"type": "area", "color": vega.ACCENT, "opacity": 0.15, "invalid": _GAPS},
                "encoding": {"y": {"field": "low", **y}, "y2": {"field": "high"}},
            },
            {"mark": points, "encoding": {"y": {"field": "value", **y}, "tooltip": vega.TOLD}},
        ],
    }
    story = "; ".join(f"{quarter}: {_said(share)}" for quarter, share in shares)
    return vega.draw(spec, kind="trend", title=f"Share of people, {shares[0][0]} to {shares[-1][0]}", story=story)


def compared(rows: Sequence[tuple[str, Sequence[tuple[str, Share]]]], names: Sequence[str]) -> str:
    """Groups side by side: under each row's name a mark with its 95% interval for every group that was heard.

    `names` are the groups in their order; each has its own shape, so that they are told apart without colour.
    """
    tall = 22 + 14 * len(names) + 10
    told = [
        {
            "y": tall * place + 24 + 14 * names.index(group),
            "group": group,
            "value": share.value,
            "told": f"{name}: {group}, {_in_full(share)}",
            **_interval(share),
        }
        for place, (name, shares) in enumerate(rows)
        for group, share in shares
        if share.base and group in names
    ]
    if not told:
        return ""
    titles = [{"y": tall * place + 8, "name": short(name, LONGEST)} for place, (name, _) in enumerate(rows)]
    scale = {"domain": list(names)}
    legend = {"columns": 1 if sum(map(len, names)) > 36 else len(names)}
    colour = {
        "field": "group",
        "type": "nominal",
        "scale": {**scale, "range": _cycle(_COLOURS, names)},
        "legend": legend,
    }
    shape = {"field": "group", "type": "nominal", "scale": {**scale, "range": _cycle(_SHAPES, names)}, "legend": legend}
    x = {"type": "quantitative", "axis": {**_PERCENT, "grid": True}, "scale": {"domainMin": 0}}
    y = {"field": "y", "type": "quantitative", "scale": None, "axis": None}
    spec = {
        "width": COMPARED_SPAN,
        "height": tall * len(rows),
        "layer": [
            {
                "data": vega.data(told),
                "mark": {"type": "rule"},
                "encoding": {"y": y, "color": colour, "x": {"field": "low", **x}, "x2": {"field": "high"}},
            },
            {
                "data": vega.data(told),
                "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1},
                "encoding": {
                    "y": y,
                    "color": colour,
                    "x": {"field": "value", **x},
                    "shape": shape,
                    "tooltip": vega.TOLD,
                },
            },
            *_headings(titles),
        ],
    }
    lines = (
        f"{name}: " + ", ".join(f"{group} {_said(share)}" for group, share in shares if share.base)
        for name, shares in rows
    )
    return vega.draw(spec, kind="compared", title=f"Shares of people: {', '.join(names)}", story="; ".join(lines))


def differences(changes: Sequence[ThemeChange]) -> str:
    """How much more, or less, often each theme is told in the later quarter, in points with the 95% interval."""
    known = [change for change in changes if change.difference is not None]
    if not known:
        return ""
    rows = [
        {
            "y": 44 * place + 26,
            "value": change.difference,
            "low": change.low,
            "high": change.high,
            "clear": change.word not in ("steady", "too few"),
            "told": _changed(change),
        }
        for place, change in enumerate(known)
    ]
    titles = [{"y": 44 * place + 8, "name": short(change.theme.title, LONGEST)} for place, change in enumerate(known)]
    y = {"field": "y", "type": "quantitative", "scale": None, "axis": None}
    percent = {**_PERCENT, "labelExpr": "datum.value ? format(100 * datum.value, '+d') + ' points' : 'as many'"}
    x = {"type": "quantitative", "axis": percent}
    fill = {"condition": {"test": "datum.clear", "value": vega.ACCENT}, "value": vega.PAPER}
    spec = {
        "width": COMPARED_SPAN,
        "height": 44 * len(known),
        "layer": [
            {
                "data": vega.data([{"zero": 0}]),
                "mark": {"type": "rule", "color": vega.INK},
                "encoding": {"x": _zero(x)},
            },
            {
                "data": vega.data(rows),
                "mark": {"type": "rule", "color": vega.ACCENT},
                "encoding": {"y": y, "x": {"field": "low", **x}, "x2": {"field": "high"}},
            },
            {
                "data": vega.data(rows),
                "mark": {"type": "point", "size": 70, "opacity": 1, "stroke": vega.ACCENT},
                "encoding": {"y": y, "x": {"field": "value", **x}, "fill": fill, "tooltip": vega.TOLD},
            },
            *_headings(titles),
        ],
    }
    story = "; ".join(map(_changed, known))
    return vega.draw(spec, kind="differences", title="Differences in the share of people", story=story)


def _changed(change: ThemeChange) -> str:
    """What changed in words: `alerts unread: +8%, -2% to +19%`."""
    return f"{change.theme.title}: {change.difference or 0:+.0%}, {change.low or 0:+.0%} to {change.high or 0:+.0%}"


def _zero(x: vega.Spec) -> vega.Spec:
    return {"field": "zero", **x}


def _headings(rows: Sequence[Mapping[str, Any]]) -> list[vega.Spec]:
    """Names written over a chart from its left edge, each on ground of its own so that no line runs through it."""
    encoding = {
        "y": {"field": "y", "type": "quantitative", "scale": None, "axis": None},
        "x": {"value": 0},
        "text": {"field": "name"},
    }
    ground = {"type": "text", "align": "left", "stroke": vega.PAPER, "strokeWidth": 5, "color": vega.PAPER}
    return [
        {"data": vega.data(rows), "mark": mark, "encoding": encoding}
        for mark in (ground, {"type": "text", "align": "left"})
    ]


def _cycle(values: Sequence[str], names: Sequence[str]) -> list[str]:
    return [values[number % len(values)] for number in range(len(names))]


def _interval(share: Share) -> dict[str, float]:
    low, high = wilson(share.count, share.base) if share.base else (0.0, 0.0)
    return {"low": low, "high": high}


def _counted(share: Share, noun: str) -> str:
    return f"{share.count} of {share.base}" if share.base else f"no {noun}"


def _svg(width: int, height: int, kind: str, title: str, story: str, body: Sequence[str]) -> str:
    return (
        f'<svg class="chart {kind}" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">'
        f"<title>{escape(title)}</title><desc>{escape(story)}</desc>{''.join(body)}</svg>"
    )


def _runs(places: Sequence[tuple[float, Share]]) -> list[list[tuple[float, Share]]]:
    """Neighbouring quarters in which somebody was heard."""
    runs: list[list[tuple[float, Share]]] = [[]]
    for x, share in places:
        if share.base:
            runs[-1].append((x, share))
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _band(run: Sequence[tuple[float, Share]], top: float) -> str:
    bounds = [(x, wilson(share.count, share.base)) for x, share in run]
    upper = [f"{x:.1f},{_y(min(high, top), top):.1f}" for x, (_, high) in bounds]
    lower = [f"{x:.1f},{_y(low, top):.1f}" for x, (low, _) in reversed(bounds)]
    return f'<polygon class="band" points="{" ".join([*upper, *lower])}"/>'


def _line(run: Sequence[tuple[float, Share]], top: float) -> str:
    points = " ".join(f"{x:.1f},{_y(share.value or 0, top):.1f}" for x, share in run)
    return f'<polyline points="{points}"/>'


def _x(number: int, count: int) -> float:
    return _PAD + (SPARK_WIDTH - 2 * _PAD) * (number / (count - 1) if count > 1 else 0.5)


def _y(value: float, top: float) -> float:
    return SPARK_HEIGHT - _PAD - (SPARK_HEIGHT - 2 * _PAD) * min(1.0, value / top)


def _said(share: Share, noun: str = "people") -> str:
    return f"{share.count} of {share.base} {noun}" if share.base else "nobody heard"


def _in_full(share: Share, noun: str = "people") -> str:
    if not share.base:
        return "nobody heard"
    low, high = wilson(share.count, share.base)
    return f"{_said(share, noun)}, {share.value or 0:.0%} (95% interval {low:.0%} to {high:.0%})"


def short(name: str, longest: int = 28) -> str:
    """The name, cut where it is longer."""
    return name if len(name) <= longest else name[: longest - 1].rstrip() + "…"
