"""What grew and what faded: since the quarter before, and the year against the year before, always with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from winloss.model import EvidenceRow, Guard, ReportSection, Share, Statement, Theme, ThemeChange
from winloss.services import browsing, statistics
from winloss.services.evidence import Heard
from winloss.services.plain_words import amount
from winloss.services.reports import figures
from winloss.services.reports.sections import news
from winloss.services.reports.sections.frame import Frame, Told, by_theme
from winloss.services.reports.sections.words import NOT_ENOUGH, changed, name, of

HEADING = "What grew and what faded"
CHANGES = 6
"""Most changes told of each kind; those with the largest differences come first."""
CLEAR = ("new", "grew", "faded", "gone")
VERBS = {"grew": "grew", "faded": "faded", "new": "is new", "gone": "is gone"}


def changes(frame: Frame) -> Told:
    """What changed, by the detector, since the quarter before, and over the year."""
    moved, lead = news.moved(frame)
    last = _since_last(frame)
    since = [told for change in last if (told := _change(frame, change))]
    statements = [*moved, *since, *_over_the_year(frame)]
    note = _note(frame, told=bool(statements))
    before = quarter_before(frame) or ""
    drawn = figures.changes(last, before, frame.quarter, frame.scope)
    section = ReportSection(heading=HEADING, statements=tuple(statements), note=note, figures=drawn)
    return Told(section=section, lead=lead or next(iter(statements), None))


def pooled(frame: Frame) -> Told:
    """What the detector hears more or less of over all segments, the segments beside it; themes change in one each."""
    statements, lead = news.moved(frame)
    note = "Which themes grew and faded is told segment by segment: a change of the pooled share may be true of none."
    return Told(section=ReportSection(heading=HEADING, statements=tuple(statements), note=note), lead=lead)


def guarded(guard: Guard | None) -> str:
    """Why the pooled number misleads, where it does."""
    return f" {guard.words}" if guard else ""


def change_statement(frame: Frame, change: ThemeChange, earlier: str, later: str) -> Statement | None:
    """One theme in two quarters."""
    heard_in = later if change.later.count else earlier
    rows = [row for row in frame.all_rows if row.theme_id == change.theme.id and row.quarter == heard_in]
    text = (
        f"{name(change.theme.title)} {VERBS[change.word]}: {of(change.later)} in {later}, {of(change.earlier)} in "
        f"{earlier} ({changed(change.earlier, change.later)}).{guarded(change.guard)}"
    )
    return frame.ground.said(text, frame.newest(rows), names=(change.theme.title,), link=change.theme.id)


def quarter_before(frame: Frame) -> str | None:
    """The last quarter with evidence before the report's."""
    return next((name for name in reversed(frame.ground.quarters) if name < frame.quarter), None)


def _change(frame: Frame, change: ThemeChange) -> Statement | None:
    return change_statement(frame, change, quarter_before(frame) or "", frame.quarter)


def _since_last(frame: Frame) -> list[ThemeChange]:
    before = quarter_before(frame)
    if before is None:
        return []
    comparison = browsing.compare(frame.bench, before, frame.quarter, frame.scope)
    clear = [item for item in comparison.changes if item.word in CLEAR and _wanted(frame, item.theme)]
    return [replace(item, theme=frame.ground.titled(item.theme)) for item in clear[:CHANGES]]


def _over_the_year(frame: Frame) -> list[Statement]:
    """The year against the year before, where the two quarters alone hold too few people to show it."""
    before, after = Heard(frame.year_before), Heard(frame.year)
    said_before = by_theme(frame.year_before)
    found = []
    for theme in frame.ground.themes.values():
        old, new = said_before.get(theme.id, []), frame.said_in_year.get(theme.id, [])
        if (old or new) and _wanted(frame, theme):
            was, became = before.share(old), after.share(new)
            word = statistics.word_for(was, became, *statistics.newcombe(was, became))
            if word in CLEAR:
                found.append((abs(statistics.difference(was, became) or 0.0), theme, word, was, became, new or old))
    found.sort(key=lambda item: (-item[0], item[1].id))
    told = (_year_statement(frame, *item[1:]) for item in found[:CHANGES])
    return [statement for statement in told if statement]


def _year_statement(
    frame: Frame, theme: Theme, word: str, was: Share, became: Share, rows: Sequence[EvidenceRow]
) -> Statement | None:
    text = (
        f"{name(theme.title)} {VERBS[word]}: {of(became)} {frame.in_year}, {of(was)} in the year before "
        f"({changed(was, became)})."
    )
    return frame.ground.said(text, frame.newest(rows), names=(theme.title,), link=theme.id)


def _wanted(frame: Frame, theme: Theme) -> bool:
    return frame.shows(theme.facet) and (not frame.wanted or theme.id in frame.wanted)


def _note(frame: Frame, *, told: bool) -> str:
    before = quarter_before(frame)
    if before is None:
        return (
            f"{NOT_ENOUGH}: {frame.quarter} is the first quarter with evidence, so there is nothing to compare it with."
        )
    known = {row.theme_id for row in (*frame.year, *frame.year_before) if row.theme_id}
    lead = (
        ""
        if told
        else f"No theme's share changed by more than chance would explain, neither since {before} nor over the year. "
    )
    return (
        f"{lead}{amount(len(known), 'theme')} compared; of 20 that did not change, about one would be named by chance."
    )
