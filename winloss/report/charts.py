"""Charts as inline SVG: small, printable, readable without colour, each with a title and text for screen readers."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import sqrt

from winloss.model import DriftVerdict, Share

Z95 = 1.959963984540054
SPARK_WIDTH, SPARK_HEIGHT = 168, 40
BAR_WIDTH, BAR_ROW = 560, 26
_LABEL = 190
_PAD = 5


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


def bars(rows: Sequence[tuple[str, Share]]) -> str:
    """One horizontal bar a row with `count of base` written beside it; the thin line is the 95% interval."""
    if not rows:
        return ""
    height = BAR_ROW * len(rows) + 4
    body = []
    for number, (name, share) in enumerate(rows):
        middle = BAR_ROW * number + BAR_ROW / 2 + 2
        low, high = wilson(share.count, share.base) if share.base else (0.0, 0.0)
        span = BAR_WIDTH - _LABEL - 120
        left, right, end = _LABEL + span * low, _LABEL + span * high, _LABEL + span * max(share.value or 0, high) + 8
        said = f"{share.count} of {share.base}"
        body += [
            f'<text x="{_LABEL - 10}" y="{middle + 4:.1f}" text-anchor="end">{escape(_short(name))}</text>',
            f'<rect x="{_LABEL}" y="{middle - 7:.1f}" width="{span * (share.value or 0):.1f}" height="14" rx="1.5"/>',
            f'<line x1="{left:.1f}" x2="{right:.1f}" y1="{middle:.1f}" y2="{middle:.1f}"/>',
            f'<text x="{end:.1f}" y="{middle + 4:.1f}" class="n">{said}</text>',
        ]
    story = "; ".join(f"{name}: {_said(share)}" for name, share in rows)
    return _svg(BAR_WIDTH, height, "bars", "People who said it", story, body)


def verdict_timeline(verdicts: Sequence[DriftVerdict]) -> str:
    """The states of one scope over the quarters, oldest first, as labelled marks on a line."""
    if not verdicts:
        return ""
    step, height = 112, 54
    width = step * len(verdicts)
    body = [f'<line x1="0" x2="{width}" y1="16" y2="16"/>']
    for number, verdict in enumerate(verdicts):
        x = step * number + step / 2
        kind = verdict.state.name.casefold().replace("_", "-")
        words = escape(verdict.state.value.capitalize())
        body += [
            f'<circle cx="{x}" cy="16" r="6" class="{kind}"/>',
            f'<text x="{x}" y="38" text-anchor="middle">{escape(verdict.quarter)}</text>',
            f'<text x="{x}" y="51" text-anchor="middle" class="state">{words}</text>',
        ]
    story = "; ".join(f"{verdict.quarter}: {verdict.state.value}" for verdict in verdicts)
    return _svg(width, height, "timeline", "Drift verdicts by quarter", story, body)


SIGHT_STEP, SIGHT_HEIGHT = 92, 132


def sight(verdicts: Sequence[DriftVerdict]) -> str:
    """What could have been seen, quarter by quarter: people heard as bars, the smallest new theme seen below.

    "Over 30%" says that even a theme held by 30% of people could have been missed.
    """
    if not verdicts:
        return ""
    people = [int(item.statistics.get("respondents_current") or 0) for item in verdicts]
    top, floor, tall = max(people, default=1) or 1, SIGHT_HEIGHT - 34, SIGHT_HEIGHT - 62
    body, story = [f'<line x1="0" x2="{SIGHT_STEP * len(verdicts)}" y1="{floor}" y2="{floor}"/>'], []
    for number, (verdict, count) in enumerate(zip(verdicts, people, strict=True)):
        x, high = SIGHT_STEP * number + SIGHT_STEP / 2, tall * count / top
        seen = _seen(verdict)
        body += [
            f'<rect x="{x - 16:.1f}" y="{floor - high:.1f}" width="32" height="{high:.1f}" rx="1.5"/>',
            f'<text x="{x:.1f}" y="{floor - high - 6:.1f}" text-anchor="middle" class="n">{count}</text>',
            f'<text x="{x:.1f}" y="{floor + 15}" text-anchor="middle">{escape(verdict.quarter)}</text>',
            f'<text x="{x:.1f}" y="{floor + 29}" text-anchor="middle" class="state">{escape(seen)}</text>',
        ]
        story.append(f"{verdict.quarter}: {count} people, smallest theme seen: {seen}")
    title = "People heard, and the smallest new theme that would have been seen"
    return _svg(SIGHT_STEP * len(verdicts), SIGHT_HEIGHT, "sight", title, "; ".join(story), body)


def _seen(verdict: DriftVerdict) -> str:
    if verdict.statistics.get("p_rising") is None:
        return "not tested"
    return f"{verdict.mds:.0%} or more" if verdict.mds is not None else "over 30%"


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


def _said(share: Share) -> str:
    return f"{share.count} of {share.base} people" if share.base else "nobody heard"


def _short(name: str) -> str:
    return name if len(name) <= 28 else name[:27].rstrip() + "…"
