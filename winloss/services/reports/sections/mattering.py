"""What matters: the engagements, pains and proofs that most people of the segment tell, with exemplars and dissent."""

from __future__ import annotations

from dataclasses import replace

from winloss.model import THEMED_FACETS, Facet, Filters, ReportSection, ReportTheme, Statement, ThemeView
from winloss.services import browsing
from winloss.services.reports.sections.changes import guarded
from winloss.services.reports.sections.frame import EXEMPLARS, Frame, Told
from winloss.services.reports.sections.words import HEADINGS, NOT_ENOUGH, SOURCES, counted, interval, listed, name, of
from winloss.services.sources import languages

THEMES_PER_FACET = 3
ROLES = 3
FACET_WORDS = {Facet.PAIN: "pain", Facet.ENGAGEMENT: "engagement", Facet.PROOF: "proof"}


def matters(frame: Frame) -> list[Told]:
    """A section for each facet: its themes that most people tell in the quarter."""
    facets = [facet for facet in THEMED_FACETS if frame.shows(facet)]
    wanted = [theme for facet in facets for theme in frame.ranked(frame.said_now, facet, THEMES_PER_FACET)]
    views = browsing.views_of(frame.bench, wanted, frame.scope, frame.quarter) if wanted else ()
    return [_section(frame, facet, [view for view in views if view.theme.facet == facet]) for facet in facets]


def report_theme(
    frame: Frame, view: ThemeView, statement: Statement | None, scope: Filters | None = None
) -> ReportTheme | None:
    """A theme with what may be quoted of it, or None where nothing may; `scope` is what its quarter was counted in."""
    if statement is None:
        return None
    quotes = frame.ground.passages([*(item.id for item in view.exemplars), *(item.id for item in view.dissenting)])
    known = {item.id: item for item in quotes}
    return ReportTheme(
        view=view,
        statement=statement,
        exemplars=tuple(known[item.id] for item in view.exemplars if item.id in known)[:EXEMPLARS],
        dissenting=tuple(known[item.id] for item in view.dissenting if item.id in known)[:1],
        scope=scope,
    )


def no_dissent(view: ThemeView) -> str:
    """Said where nobody dissents, so that silence is told from an oversight."""
    return "" if view.dissenting else " Nobody dissents."


def _section(frame: Frame, facet: Facet, views: list[ThemeView]) -> Told:
    drafts = [replace(view, dissenting=tuple(frame.dissent(view.theme, frame.heard))) for view in views]
    themes = [told for view in drafts if (told := report_theme(frame, view, _statement(frame, view), frame.scope))]
    section = ReportSection(
        heading=HEADINGS[facet], themes=tuple(themes), note=_note(frame, facet, any_told=bool(themes))
    )
    return Told(section=section, lead=_lead(frame, facet, themes[0]) if themes else None)


def _statement(frame: Frame, view: ThemeView) -> Statement | None:
    label = frame.ground.codebook.role_label
    ranked = sorted(view.roles, key=lambda item: (-item[1].count, item[0]))
    roles = [(label(role), share.count) for role, share in ranked if share.count][:ROLES]
    text = f"{name(view.theme.title)}: {of(view.share)} in {frame.quarter} ({interval(view.share)})."
    text += f" By role: {counted(roles)}." if roles else ""
    text += _checkable(view) + guarded(view.guard) + no_dissent(view)
    cited = [*view.exemplars[:EXEMPLARS], *view.dissenting[:1]]
    return frame.ground.said(text, cited, names=(view.theme.title,), link=view.theme.id)


def _lead(frame: Frame, facet: Facet, told: ReportTheme) -> Statement | None:
    view = told.view
    text = (
        f"First among {FACET_WORDS[facet]}s: {name(view.theme.title)}, told by {of(view.share)} in {frame.quarter} "
        f"({interval(view.share)})."
    )
    return frame.ground.said(text, told.exemplars, names=(view.theme.title,), link=view.theme.id)


def _checkable(view: ThemeView) -> str:
    """Whether a pain could be checked by somebody else: who tells it specifically, and which kinds of source do."""
    if view.specific is None or not view.specific.base:
        return ""
    kinds = [SOURCES.get(kind, kind).lower() for kind in view.confirmed]
    heard = f"confirmed by {listed(kinds)}" if len(kinds) > 1 else f"heard in {listed(kinds)} only"
    return f" {view.specific.count} of {view.specific.base} tell it checkably; {heard}."


def _note(frame: Frame, facet: Facet, *, any_told: bool) -> str:
    said = [row for row in frame.now if row.facet == facet]
    unthemed = sum(row.theme_id is None for row in said)
    rest = f"{unthemed:,} of {len(said):,} verbatims fit no theme and are not in these counts." if said else ""
    unread = languages.told(languages.left_out(frame.now, frame.bench.settings))
    lead = "" if any_told else f"{NOT_ENOUGH}: nobody heard in {frame.quarter} tells a theme of this kind."
    return " ".join(part for part in (lead, rest, unread) if part)
