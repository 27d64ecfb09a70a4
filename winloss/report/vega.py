"""Vega-Lite charts drawn to SVG on the server: no font, script or data is fetched, and the page's style colours them.

Every chart has a title and a text for those who cannot see it. A drawing takes some 25 ms, so that it is kept by its
content; what is drawn dozens of times on a page (sparklines) is drawn by hand in `winloss.report.charts`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape
from typing import Any

ACCENT, INK, SOFT, LINE, PAPER, OTHER = "#8c2f1b", "#1c1d21", "#5b5f69", "#dedcd5", "#fdfdfb", "#2f5f7a"
"""The colours of a chart that stands alone; a page's style sheet names each and puts its own in its place."""
VERSION = "6.4"
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
KEPT = 1024
LETTER = 7
"""Pixels that a letter of 12 pixels takes on average in a wide sans serif font."""
Spec = dict[str, Any]
TOLD: Mapping[str, str] = {"field": "told", "type": "nominal"}
"""What a mark says of itself in words, under the mouse."""
_AXIS = {
    "domainColor": LINE,
    "gridColor": LINE,
    "tickColor": LINE,
    "labelColor": SOFT,
    "labelFontSize": 12,
    "labelLimit": 230,
    "labelPadding": 6,
    "titleColor": SOFT,
    "titleFontSize": 12,
    "titleFontWeight": "normal",
}
CONFIG: Mapping[str, Any] = {
    "aria": False,
    "background": "transparent",
    "font": "sans-serif",
    "view": {"stroke": None},
    "axis": _AXIS,
    "legend": {"labelColor": INK, "labelFontSize": 13, "symbolSize": 90, "title": None, "orient": "top", "offset": 10},
    "text": {"fontSize": 12, "color": INK},
}
_SVG = re.compile(r'<svg [^>]*?width="([\d.]+)" height="([\d.]+)" viewBox="([^"]*)"[^>]*>(.*)</svg>\s*', re.DOTALL)
_INERT = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
"""Signs that could end the data or begin a tag -> how JSON writes them otherwise."""
_TAG = re.compile(r"<[a-z][^<>]*>")
_SPOKEN = re.compile(r' (?:role|aria-[a-z]+|class)="[^"]*"')


def draw(spec: Spec, *, kind: str, title: str, story: str) -> str:
    """The chart as inline SVG; `story` is all that it shows, in words.

    Its specification stands behind it as inert data, so that a page can draw it again with the values under the mouse.
    """
    told = json.dumps(complete(spec), sort_keys=True, ensure_ascii=False)
    width, height, box, inner = _drawn(told)
    return (
        f'<svg class="chart vega {kind}" viewBox="{box}" width="{width}" height="{height}" role="img">'
        f"<title>{escape(title)}</title><desc>{escape(story)}</desc>{inner}</svg>"
        f'<script type="application/json">{told.translate(_INERT)}</script>'
    )


@lru_cache(maxsize=1)
def scripts() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script, out of the package that draws here: what a page needs to draw."""
    import vl_convert

    return vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=VERSION)


def complete(spec: Spec) -> Spec:
    """The specification with its schema and the house's configuration."""
    return {"$schema": SCHEMA, "config": dict(CONFIG), **spec}


def data(rows: Sequence[Mapping[str, Any]]) -> Spec:
    """Rows as the data of a chart."""
    return {"values": [dict(row) for row in rows]}


def named(names: Sequence[str]) -> Spec:
    """An axis of rows by number that shows names: two rows of one name stay two.

    Names begin at the left edge, in a column as wide as a wide font needs: whose font it will be is not known here.
    """
    return {
        "labelAlign": "left",
        "labelPadding": LETTER * max(map(len, names), default=0) + 8,
        "labelLimit": 0,
        "labelExpr": f"{json.dumps(list(names), ensure_ascii=False)}[datum.value]",
        "title": None,
        "ticks": False,
        "domain": False,
        "grid": False,
    }


@lru_cache(maxsize=KEPT)
def _drawn(spec: str) -> tuple[str, str, str, str]:
    """Width, height, view box and what is inside; the roles that Vega gives to parts go, the whole is one image."""
    import vl_convert

    svg = vl_convert.vegalite_to_svg(spec, vl_version=VERSION, allowed_base_urls=[])
    found = _SVG.search(svg)
    if found is None:
        raise ValueError("the drawing is no SVG that can be read")
    width, height, box, inner = found.groups()
    return width, height, box, _TAG.sub(lambda tag: _SPOKEN.sub("", tag[0]), inner)
