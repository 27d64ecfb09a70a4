"""What matters to each role: a table in the part of the segment, and, after all parts, each role in full.

One quarter of one role holds few people, so that a role is told over the year that ends with the quarter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from winloss.model import (
    THEMED_FACETS,
    EvidenceRow,
    Facet,
    ReportPart,
    ReportSection,
    ReportTheme,
    Statement,
    Theme,
    ThemeView,
)
from winloss.services import browsing
from winloss.services.evidence import Heard, respondents
from winloss.services.plain_words import capitalise
from winloss.services.reports.sections.frame import EXEMPLARS, Frame, Told, by_theme
from winloss.services.reports.sections.mattering import FACET_WORDS, no_dissent, report_theme
from winloss.services.reports.sections.words import NOT_ENOUGH, counted, interval, name, of, people
from winloss.services.themes.exemplars import chosen_of

FEWEST = 5
"""People of a role in the year from which on it is told by itself: of fewer, each would be recognised."""
THEMES = 2
TOGETHER = 2
"""People of a role who must tell a theme before it is called the role's; where no theme has them, the first is told."""
LEADS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role's rows of the year, with its people counted, and the themes of each facet that most of them tell.

    `ever` are its rows of all quarters until the report's, for the trends.
    """

    label: str
    heard: Heard
    ever: Heard
    said: Mapping[str, Sequence[EvidenceRow]]
    now: int
    themes: Mapping[Facet, Sequence[Theme]]

    def view(self, frame: Frame, theme: Theme, quoted: Sequence[str]) -> ThemeView:
        """A theme among the people of the role, with exemplars of these ids."""
        said = self.said[theme.id]
        recent = frame.ground.quarters[: frame.ground.quarters.index(frame.quarter) + 1][-browsing.TREND_QUARTERS :]
        return ThemeView(
            theme=theme,
            quarter=frame.quarter,
            share=self.heard.share(said),
            trend=self.ever.trend([row for row in self.ever.rows if row.theme_id == theme.id], recent),
            segments=(),
            roles=(),
            sources=self.heard.split(said, "source"),
            outcomes=(),
            exemplars=tuple(frame.ground.passages(quoted)),
            dissenting=tuple(frame.dissent(theme, self.heard)),
        )


def roles_of(frame: Frame) -> list[Role]:
    """The roles with enough people in the year, those of most people first."""
    groups, ever = _by_role(frame.year), _by_role(frame.rows)
    kept = [role for role in groups if role and len(respondents(groups[role])) >= FEWEST]
    kept.sort(key=lambda role: (-len(respondents(groups[role])), role))
    return [_role(frame, role, groups[role], ever[role]) for role in kept]


def summary(frame: Frame, roles: Sequence[Role]) -> Told:
    """One line a role: what most of its people tell of each facet."""
    facets = [facet for facet in THEMED_FACETS if frame.shows(facet)]
    head = (
        "Role",
        "People in the year",
        f"Of them in {frame.quarter}",
        *(capitalise(FACET_WORDS[facet]) for facet in facets),
    )
    rows = [
        (
            role.label,
            f"{role.heard.people:,}",
            f"{role.now:,} of {role.heard.people:,}",
            *(_cell(role, facet) for facet in facets),
        )
        for role in roles
    ]
    section = ReportSection(
        heading="What matters to each role",
        table=(head, *rows) if rows else (),
        note=_note(frame, roles),
        names=tuple(theme.title for role in roles for themes in role.themes.values() for theme in themes[:1]),
    )
    return Told(section=section)


def part(frame: Frame, roles: Sequence[Role], heading: str) -> ReportPart | None:
    """Each role in full, or None where no role has enough people."""
    quoted = {
        (role.label, theme.id): _exemplars(frame, theme, role.said[theme.id])
        for role in roles
        for themes in role.themes.values()
        for theme in themes
    }
    frame.ground.passages(name for names in quoted.values() for name in names)  # all of them read at once
    found = [(role, themes) for role in roles if (themes := _themes(frame, role, quoted))]
    if not found:
        return None
    leads = [lead for role, themes in found[:LEADS] if (lead := _lead(frame, role, themes[0]))]
    short = ReportSection(heading="In short", statements=tuple(leads))
    sections = [short, *(_section(frame, role, themes) for role, themes in found)]
    return ReportPart(heading=heading, segment=frame.segment, verdict=None, sections=tuple(sections))


# --- one role --------------------------------------------------------------------------------------------------------


def _by_role(rows: Iterable[EvidenceRow]) -> Mapping[str | None, list[EvidenceRow]]:
    groups: dict[str | None, list[EvidenceRow]] = defaultdict(list)
    for row in rows:
        groups[row.role].append(row)
    return groups


def _role(frame: Frame, role: str | None, rows: Sequence[EvidenceRow], ever: Sequence[EvidenceRow]) -> Role:
    said = by_theme(rows, frame.wanted)
    together = {theme_id: own for theme_id, own in said.items() if len(respondents(own)) >= TOGETHER}
    return Role(
        label=frame.ground.codebook.role_label(role),
        heard=Heard(rows),
        ever=Heard(ever),
        said=said,
        now=len(respondents([row for row in rows if row.quarter == frame.quarter])),
        themes={
            facet: frame.ranked(together, facet, THEMES) or frame.ranked(said, facet, 1)
            for facet in THEMED_FACETS
            if frame.shows(facet)
        },
    )


def _cell(role: Role, facet: Facet) -> str:
    """`‘alerts unread’, 7 of 15`."""
    for theme in role.themes[facet][:1]:
        share = role.heard.share(role.said[theme.id])
        return f"{name(theme.title)}, {share.count} of {share.base}"
    return "nothing heard"


def _note(frame: Frame, roles: Sequence[Role]) -> str:
    label = frame.ground.codebook.role_label
    told = {role.label for role in roles}
    counts = [
        (label(role), len(respondents(rows))) for role, rows in _by_role(frame.year).items() if label(role) not in told
    ]
    counts.sort(key=lambda item: (-item[1], item[0]))
    rest = f" Not told by themselves (role unknown, or under {FEWEST} people): {counted(counts)}." if counts else ""
    if not roles:
        return f"{NOT_ENOUGH}: no role has {FEWEST} people {frame.in_year}.{rest}"
    return f"Each role's people {frame.in_year} and how many of them tell it; quoted further down, role by role.{rest}"


def _section(frame: Frame, role: Role, themes: Sequence[ReportTheme]) -> ReportSection:
    heading = f"{role.label}: {people(role.heard.people)} {frame.in_year}, {role.now:,} of them in {frame.quarter}"
    return ReportSection(heading=heading, themes=tuple(themes))


def _themes(frame: Frame, role: Role, quoted: Mapping[tuple[str, str], Sequence[str]]) -> list[ReportTheme]:
    told = [theme for themes in role.themes.values() for theme in themes]
    views = [role.view(frame, theme, quoted[role.label, theme.id]) for theme in told]
    drafts = (report_theme(frame, view, _statement(frame, view)) for view in views)
    return [draft for draft in drafts if draft]


def _statement(frame: Frame, view: ThemeView) -> Statement | None:
    text = (
        f"{capitalise(FACET_WORDS[view.theme.facet])} {name(view.theme.title)}: {of(view.share)} of the role "
        f"{frame.in_year} ({interval(view.share)}).{no_dissent(view)}"
    )
    cited = [*view.exemplars, *view.dissenting]
    return frame.ground.said(text, cited, names=(view.theme.title,), link=view.theme.id)


def _lead(frame: Frame, role: Role, told: ReportTheme) -> Statement | None:
    view = told.view
    text = f"{role.label}: the {FACET_WORDS[view.theme.facet]} {name(view.theme.title)} is told by {of(view.share)}."
    return frame.ground.said(text, told.exemplars, names=(view.theme.title,), link=view.theme.id)


def _exemplars(frame: Frame, theme: Theme, said: Sequence[EvidenceRow]) -> list[str]:
    """Three of the role's own, one a person: those of the quarter first, then those of the year."""
    chosen: dict[str, str] = {}
    for row_id, respondent in _ranked(frame, theme, said):
        if respondent not in chosen and len(chosen) < EXEMPLARS:
            chosen[respondent] = row_id
    return list(chosen.values())


def _ranked(frame: Frame, theme: Theme, said: Sequence[EvidenceRow]) -> Iterator[tuple[str, str]]:
    people_of = {row.id: row.respondent for row in said}
    for quarter in (frame.quarter, None):
        for row_id in chosen_of(frame.bench, theme, said, quarter)[0]:
            yield row_id, people_of[row_id]
