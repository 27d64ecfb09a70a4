"""A drift verdict explained in plain words: what is new, what could not be seen, why nothing came, whom to ask next."""

from __future__ import annotations

from collections.abc import Sequence

from winloss.errors import NotFound
from winloss.model import Asked, DriftExplanation, DriftVerdict, EvidenceRow, NextInterview, Scope
from winloss.ports import Workbench
from winloss.quarter import Quarter
from winloss.services.drift import verdicts as reading
from winloss.services.drift.drift_cells import earlier, in_scope
from winloss.services.drift.drift_reasons import asked_of, reasons_of
from winloss.services.drift.next_interviews import next_interviews
from winloss.services.drift.settling import more_people
from winloss.services.drift.signals import signals_of
from winloss.services.library import library

FIELDS = ("source", "segment", "role", "outcome")
"""What is told of the people who were asked."""
STEPS = (0.30, 0.20, 0.15, 0.10, 0.05)
"""Shares that a further step would let be seen, as the detector measures its power at them."""


def explain(bench: Workbench, quarter: str, scope: Scope) -> DriftExplanation:
    """The verdict of one cell, explained.

    Raises:
        QueryError: the quarter is not written as 2026Q2.
        NotFound: nobody was heard in the cell in that quarter.
    """
    wanted = str(Quarter.parse(quarter))
    verdict = reading.verdict_of(bench, wanted, scope)
    if verdict is None:
        hint = "Nobody was heard there, or `winloss analyse` has not been run since."
        raise NotFound(f"no verdict for {scope_words(bench, scope)} in {wanted}", hint=hint)
    now, before = cell_rows(bench, verdict)
    wanting = next_interviews(bench, verdict, [*now, *before])
    return DriftExplanation(
        verdict=verdict,
        signals=signals_of(bench, verdict),
        unseen=unseen(bench, verdict, wanting),
        reasons=reasons_of(bench, verdict, now, before),
        asked=tuple(_asked(now, before)),
        next_interviews=wanting,
        streak=streak_words(bench, verdict),
    )


def cell_rows(bench: Workbench, verdict: DriftVerdict) -> tuple[list[EvidenceRow], list[EvidenceRow]]:
    """The rows of a verdict's cell: those of its quarter, and those of the quarters that it is compared with."""
    rows = list(in_scope(library(bench).rows, verdict.scope))
    quarters = sorted({str(row.quarter) for row in rows})
    compared = set(earlier(quarters, verdict.quarter, bench.settings.drift_history))
    now = [row for row in rows if row.quarter == verdict.quarter]
    return now, [row for row in rows if row.quarter in compared and row.quarter != verdict.quarter]


def scope_words(bench: Workbench, scope: Scope) -> str:
    """A cell as people read it: `pain · federal · CISO`, `everything of substance · everyone`."""
    parts = [scope.facet or "everything of substance", scope.segment or "all segments"]
    if scope.role:
        parts.append(bench.codebook.role_label(scope.role))
    return " · ".join(parts)


def unseen(bench: Workbench, verdict: DriftVerdict, wanting: Sequence[NextInterview]) -> str:
    """What could not have been seen, and how many more people, of which kind, would let it be."""
    heard = int(verdict.statistics["respondents_current"] or 0)
    if verdict.statistics.get("p_rising") is None:
        return f"Nothing could be seen: {heard} people this quarter are too few to compare with those before."
    wanted = next((share for share in STEPS if verdict.mds is None or share < verdict.mds), None)
    words = (
        "Even a theme held by 30% of people could have been missed."
        if verdict.mds is None
        else f"A theme below {verdict.mds:.0%} would have been missed."
    )
    if wanted is None:
        return words
    delta = bench.settings.drift_delta
    target = delta if verdict.mds is None or verdict.mds > delta else wanted
    more = more_people(verdict, target)
    return f"{words} {more} more {_with_whom(bench, wanting, more)} would bring that to {target:.0%}."


def streak_words(bench: Workbench, verdict: DriftVerdict) -> str:
    """What this quarter and those right before it say together, where their evidence reaches 20 to 1.

    Nobody knows beforehand with which quarter a streak begins, so that the evidence of all beginnings is averaged: a
    mean of e-values is an e-value. Source: Vovk & Wang, Annals of Statistics 49 (2021) 1736-1754, section 3.
    """
    from nlp.signal.streaks import CLAIMED, streak

    known = [
        item.statistics.get("p_rising_1")
        for item in reading.verdicts(bench, roles=True)
        if item.scope == verdict.scope and item.quarter <= verdict.quarter
    ]
    tested = [float(p) for p in known if p is not None]
    products = [streak(tested[start:]).evidence for start in range(len(tested))]
    if not products or known[-1] is None or sum(products) / len(products) < CLAIMED:
        return ""
    lasting = len(products) - products.index(max(products))
    return (
        f"{'This quarter alone says' if lasting == 1 else f'The last {lasting} quarters together say'} that something "
        f"new arrives: evidence {sum(products) / len(products):,.0f} to 1, where 20 to 1 is claimed."
    )


def _with_whom(bench: Workbench, wanting: Sequence[NextInterview], more: int) -> str:
    noun = "interview" if more == 1 else "interviews"
    if not wanting or wanting[0].role is None:
        return noun
    return f"{noun}, best with {bench.codebook.role_label(wanting[0].role)} in {wanting[0].segment},"


def _asked(now: Sequence[EvidenceRow], before: Sequence[EvidenceRow]) -> list[Asked]:
    return [
        Asked(field=field, value=value, now=here, before=there)
        for field in FIELDS
        for value, here, there in asked_of(now, before, field)
    ]
