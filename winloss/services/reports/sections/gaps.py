"""What could not be heard: the share of people that a new theme could hide among, and whom to ask next."""

from __future__ import annotations

from collections.abc import Sequence

from winloss.model import DriftVerdict, NextInterview, ReportSection
from winloss.services.drift import explaining
from winloss.services.drift.drift_reasons import reasons_of
from winloss.services.drift.next_interviews import OUTCOME_WORDS, next_interviews
from winloss.services.plain_words import amount, capitalise
from winloss.services.reports.sections.frame import Frame, Told
from winloss.services.reports.sections.words import NOT_ENOUGH, people

HEADING = "What could not be heard, and the next five interviews"


def gaps(frame: Frame) -> Told:
    """Coverage gaps by the detector's power, why nothing new may have come, and the interviews that teach most."""
    verdict = frame.headline
    if verdict is None:
        note = f"{NOT_ENOUGH}: the drift detector has judged nothing here, so that no gap can be measured."
        return Told(section=ReportSection(heading=HEADING, note=note))
    now, before = explaining.cell_rows(frame.bench, verdict)
    wanting = next_interviews(frame.bench, verdict, [*now, *before])
    reasons = [reason.words for reason in reasons_of(frame.bench, verdict, now, before) if reason.applies]
    note = " ".join([_unseen(verdict), *map(capitalise, reasons), _how(wanting)])
    return Told(section=ReportSection(heading=HEADING, table=_table(frame, wanting), note=note))


def _unseen(verdict: DriftVerdict) -> str:
    heard = int(verdict.statistics["respondents_current"] or 0)
    if verdict.statistics.get("p_rising") is None:
        return f"Nothing new could be seen: {people(heard)} this quarter are too few to compare with those before."
    if verdict.mds is None:
        return f"A new theme could have been missed even where 30% of {people(heard)} hold it."
    return f"A new theme that fewer than {verdict.mds:.0%} of {people(heard)} hold would have been missed."


def _how(wanting: Sequence[NextInterview]) -> str:
    if not wanting:
        return "Whom to ask next cannot be told: no deal and no account with a segment is known."
    return (
        "The interviews are ranked by the chance that one more is the first to meet a theme, times the share of deals "
        "that end so."
    )


def _table(frame: Frame, wanting: Sequence[NextInterview]) -> tuple[tuple[str, ...], ...]:
    if not wanting:
        return ()
    head = ("Whom to ask", "Deals that ended so", "Heard from them", "What it takes")
    return (head, *(_row(frame, kind) for kind in wanting))


def _row(frame: Frame, kind: NextInterview) -> tuple[str, ...]:
    what = "deals" if kind.outcome else "accounts"
    ended = f", {what} {OUTCOME_WORDS[kind.outcome]}" if kind.outcome else ""
    deals = f"{kind.deals.count:,} of {kind.deals.base:,} {what}" if kind.deals else "no deals known"
    takes = (
        f"{amount(kind.more_needed, 'more person', 'more people')} and the role can be tested by itself"
        if kind.more_needed
        else "tested by itself already"
    )
    who = f"{frame.ground.codebook.role_label(kind.role)} in {kind.segment}{ended}"
    return who, deals, people(kind.heard) if kind.heard else "nobody", takes
