"""Charts that PowerPoint itself draws and lets people edit: shares of people, with how many of how many beside them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import ceil
from typing import Any

from winloss.model import Figure, Share
from winloss.report.cells import inert_cell
from winloss.report.pptx_deck import Box
from winloss.report.texts import printable

BARS = 24
"""Most bars on one chart; the next go on on a further slide, on the same scale."""
HEAD, BAR = 60.0, 30.0
"""Points that the legend takes, and at most each bar."""
LONGEST = 46
_TEXT, _SMALL = 11, 9
_LEADS = re.compile(r"(?:https?|ftps?|file|mailto|internal|external):|\{=", re.IGNORECASE)
"""What the workbook behind a chart would take for an address, or for a formula over several cells."""


def trend(slide: Any, series: Sequence[tuple[str, Share]], box: Box, *, title: str) -> None:
    """The shares of the quarters as a line; quarters in which nobody was heard leave a gap."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_MARKER_STYLE

    data = CategoryChartData(number_format="0%")
    data.categories = [f"{quarter}\n{_of(share)}" for quarter, share in series]
    data.add_series(_label(title), [share.value for _, share in series])
    chart = _placed(slide, XL_CHART_TYPE.LINE_MARKERS, data, box, _story(series))
    chart.has_title, chart.has_legend = False, False
    _quiet(chart, size=_SMALL)
    line = chart.plots[0].series[0]
    line.smooth = False
    line.marker.style, line.marker.size = XL_MARKER_STYLE.CIRCLE, 6
    _labelled(chart.plots[0], above=True)


def shares(slide: Any, figures: Sequence[Figure], box: Box, *, top: float) -> None:
    """The shares of the figures as bars, one for each group, side by side for each what; `top` is the scale's end."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION

    whats, groups = _kinds(figure.what for figure in figures), _kinds(figure.group for figure in figures)
    known = {(figure.what, figure.group): figure.share for figure in figures if figure.share}
    data = CategoryChartData(number_format="0%")
    data.categories = [_label(what) for what in whats]
    for group in groups:
        told = [known.get((what, group)) for what in whats]
        data.add_series(_named(group, told), [share.value if share else None for share in told])
    high = min(box.height, HEAD + BAR * len(whats) * (len(groups) + 0.6))
    box = Box(box.left, box.top, box.width, high)
    story = "; ".join(f"{figure.what}, {figure.group}: {_of(figure.share)}" for figure in figures if figure.share)
    chart = _placed(slide, XL_CHART_TYPE.BAR_CLUSTERED, data, box, story)
    chart.has_title, chart.has_legend = False, True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    _quiet(chart, size=_TEXT)
    chart.category_axis.reverse_order = True
    chart.value_axis.maximum_scale = top
    chart.plots[0].gap_width, chart.plots[0].overlap = 60, -5
    _labelled(chart.plots[0])


def drawn(figures: Sequence[Figure]) -> list[list[Figure]]:
    """The figures that are shares, chart by chart: so many whats on each."""
    known = [figure for figure in figures if figure.share is not None]
    whats = _kinds(figure.what for figure in known)
    most = max(1, BARS // max(1, len(_kinds(figure.group for figure in known))))
    step = max(1, ceil(len(whats) / ceil(len(whats) / most))) if whats else 1
    parts = [whats[start : start + step] for start in range(0, len(whats), step)]
    return [[figure for figure in known if figure.what in part] for part in parts]


def scale(figures: Sequence[Figure]) -> float:
    """Where the scale of charts of these figures ends: a little above the largest share."""
    return min(1.0, max(0.1, 1.15 * max((figure.share.value or 0.0 for figure in figures if figure.share), default=0)))


def _placed(slide: Any, kind: Any, data: Any, box: Box, story: str) -> Any:
    frame = slide.shapes.add_chart(kind, *box.emu, data)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", printable(story))
    return frame.chart


def _quiet(chart: Any, *, size: int) -> None:
    """Without grid and scale: the numbers stand at the marks."""
    from pptx.enum.chart import XL_TICK_MARK
    from pptx.enum.dml import MSO_THEME_COLOR
    from pptx.util import Pt

    chart.font.size = Pt(size)
    chart.font.color.theme_color = MSO_THEME_COLOR.TEXT_1
    values, names = chart.value_axis, chart.category_axis
    values.visible, values.has_major_gridlines, values.minimum_scale = False, False, 0
    names.has_major_gridlines, names.major_tick_mark = False, XL_TICK_MARK.NONE
    names.format.line.color.theme_color = MSO_THEME_COLOR.TEXT_2
    for number, series in enumerate(chart.plots[0].series):
        colour = getattr(MSO_THEME_COLOR, f"ACCENT_{number % 6 + 1}")
        series.format.line.color.theme_color = colour
        for shape in (series.format, *([series.marker.format] if hasattr(series, "marker") else [])):
            if shape is not series.format or not hasattr(series, "marker"):
                shape.fill.solid()
                shape.fill.fore_color.theme_color = colour


def _labelled(plot: Any, *, above: bool = False) -> None:
    from pptx.enum.chart import XL_LABEL_POSITION
    from pptx.util import Pt

    plot.has_data_labels = True
    labels = plot.data_labels
    labels.number_format, labels.number_format_is_linked = "0%", False
    labels.position = XL_LABEL_POSITION.ABOVE if above else XL_LABEL_POSITION.OUTSIDE_END
    labels.font.size = Pt(_SMALL)


def _named(group: str, told: Sequence[Share | None]) -> str:
    """A group with how many people were heard in it, where that is the same for all of its bars."""
    bases = {share.base for share in told if share is not None}
    return _label(f"{group} (of {bases.pop():,} people)" if len(bases) == 1 else group)


def _label(text: str) -> str:
    """A name in a chart: short, on one line, and no formula in the workbook behind it."""
    single = " ".join(printable(text).split())
    short = single if len(single) <= LONGEST else single[: LONGEST - 1].rstrip() + "…"
    return f"'{short}" if _LEADS.match(short) else str(inert_cell(short))


def _kinds(names: Any) -> list[str]:
    return list(dict.fromkeys(names))


def _of(share: Share | None) -> str:
    return f"{share.count:,} of {share.base:,}" if share is not None and share.base else "nobody"


def _story(series: Sequence[tuple[str, Share]]) -> str:
    return "; ".join(f"{quarter}: {_of(share)} people" for quarter, share in series)
