"""Which themes are heard more where deals were lost or won, over every deal that somebody was interviewed about."""

from __future__ import annotations

from collections.abc import Sequence

from winloss.model import Association, DealShare, EvidenceRow, Outcome, ReportSection, SourceKind, Statement, Theme
from winloss.services.plain_words import amount
from winloss.services.reports.sections.frame import Frame, Told, by_theme
from winloss.services.reports.sections.words import NOT_ENOUGH, changed, count_of, name
from winloss.services.themes import outcomes

HEADING = "Where deals were lost and where they were won"
ROWS, UNJUDGED = 6, 3
"""Rows of the table, and how many of them where nothing can be judged."""
SIDES = {"lost": Outcome.LOST_TO_COMPETITOR, "won": Outcome.WON}
ALLOWED = {
    "lost": "heard more where deals were lost",
    "won": "heard more where deals were won",
    "even": "no clear difference",
    "too few": "too few deals to say",
}


def deals(frame: Frame) -> Told:
    """The themes that lost and won deals differ in, and those that most deals tell."""
    scope = [row for row in frame.rows if row.source == SourceKind.INTERVIEW]
    said = by_theme(scope, frame.wanted)
    known = [theme for name_, theme in frame.ground.themes.items() if name_ in said and frame.shows(theme.facet)]
    found = [(theme, outcomes.association(said[theme.id], scope)) for theme in known]
    found.sort(key=lambda item: (item[1].word not in SIDES, item[1].p or 1.0, -_told(item[1]), item[0].id))
    statements = [
        told for theme, it in found if it.word in SIDES and (told := _statement(frame, theme, it, said[theme.id]))
    ][:ROWS]
    shown = found[: ROWS if statements else UNJUDGED]
    section = ReportSection(
        heading=HEADING,
        statements=tuple(statements),
        table=_table(shown),
        note=_note(scope, found, told=bool(statements)) + _pooled(frame),
        names=tuple(theme.title for theme, _ in shown),
    )
    return Told(section=section, lead=statements[0] if statements else None)


def _told(it: Association) -> int:
    return it.lost.count + it.won.count + it.no_decision.count


def _statement(frame: Frame, theme: Theme, it: Association, said: Sequence[EvidenceRow]) -> Statement | None:
    side = SIDES[it.word]
    passages = frame.newest(row for row in said if row.outcome == side)
    text = (
        f"{name(theme.title)} is {ALLOWED[it.word]}: {it.lost.count} of {it.lost.base} lost deals and "
        f"{it.won.count} of {it.won.base} won deals have a buyer who tells it "
        f"({changed(it.won, it.lost)})."
    )
    return frame.ground.said(text, passages, names=(theme.title,), link=theme.id)


def _table(found: Sequence[tuple[Theme, Association]]) -> tuple[tuple[str, ...], ...]:
    if not found:
        return ()
    head = ("Theme", "Lost deals", "Won deals", "No decision", "What may be said")
    rows = ((theme.title, *map(_of_deals, (it.lost, it.won, it.no_decision)), ALLOWED[it.word]) for theme, it in found)
    return (head, *rows)


def _pooled(frame: Frame) -> str:
    if frame.segment is not None or not any(row.segment for row in frame.rows):
        return ""
    return " Pooled over segments; those of each segment stand in its part."


def _of_deals(share: DealShare) -> str:
    return count_of(share) if share.base else "no such deal"


def _note(scope: Sequence[EvidenceRow], found: Sequence[tuple[Theme, Association]], *, told: bool) -> str:
    lost, won = (len(outcomes.deals_of(scope, side)) for side in SIDES.values())
    base = f"{amount(lost, 'lost deal')} and {amount(won, 'won deal')} with an interview"
    if min(lost, won) < outcomes.FEW_DEALS:
        return f"{NOT_ENOUGH}: {base}; under {outcomes.FEW_DEALS} on a side, no difference is judged."
    lead = "" if told else "No theme differs between lost and won deals by more than chance would explain. "
    caution = "That a theme goes with lost deals does not say that it lost them"
    chance = f"of 20 themes that make no difference, about one would be named by chance; {len(found):,} were looked at"
    return f"{lead}Of {base}. {caution}; {chance}."
