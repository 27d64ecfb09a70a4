"""The segments side by side: each facet's themes with the people of every segment, each with its own denominator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from winloss.model import THEMED_FACETS, Facet, ReportSection, Statement, ThemeView
from winloss.services import browsing
from winloss.services.plain_words import capitalise
from winloss.services.reports import figures
from winloss.services.reports.sections.basis import outside
from winloss.services.reports.sections.changes import guarded
from winloss.services.reports.sections.frame import EXEMPLARS, Frame, Told
from winloss.services.reports.sections.mattering import FACET_WORDS
from winloss.services.reports.sections.words import HEADINGS, NOT_ENOUGH, listed, name, of

ROWS = {Facet.PAIN: 8, Facet.ENGAGEMENT: 4, Facet.PROOF: 5}
TOLD = 3


def side_by_side(frame: Frame, segments: Sequence[str]) -> list[Told]:
    """A section for each facet."""
    facets = [facet for facet in THEMED_FACETS if frame.shows(facet)]
    wanted = [theme for facet in facets for theme in frame.ranked(frame.said_now, facet, ROWS[facet])]
    views = browsing.views_of(frame.bench, wanted, frame.scope, frame.quarter) if wanted else ()
    return [_section(frame, facet, [view for view in views if view.theme.facet == facet], segments) for facet in facets]


def _section(frame: Frame, facet: Facet, views: Sequence[ThemeView], segments: Sequence[str]) -> Told:
    rows = tuple((view.theme.title, *(of(dict(view.segments).get(part)) for part in segments)) for view in views)
    statements = [told for view in views[:TOLD] if (told := _statement(frame, view, segments))]
    note = "People who said it, of the people heard in that segment this quarter. Segments are not averaged."
    section = ReportSection(
        heading=f"{HEADINGS[facet]}: the segments side by side",
        statements=tuple(statements),
        figures=figures.side_by_side(views, segments, replace(frame.scope, quarter=(frame.quarter,))),
        table=((capitalise(FACET_WORDS[facet]), *segments), *rows) if rows else (),
        note=note + outside(frame)
        if rows
        else f"{NOT_ENOUGH}: nobody heard in {frame.quarter} tells a theme of this kind.",
        names=tuple(view.theme.title for view in views),
    )
    return Told(section=section, lead=statements[0] if statements else None)


def _statement(frame: Frame, view: ThemeView, segments: Sequence[str]) -> Statement | None:
    shares = dict(view.segments)
    heard = [f"{of(shares[part])} in {part}" for part in segments if part in shares and shares[part].base]
    text = f"{name(view.theme.title)}: {listed(heard)}.{guarded(view.guard)}"
    return frame.ground.said(text, view.exemplars[:EXEMPLARS], names=(view.theme.title,), link=view.theme.id)
