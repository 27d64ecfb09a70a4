"""Whether a theme is heard more where deals were lost: deals compared with deals, never verbatims with verbatims.

The unit is a deal somebody was interviewed about. How many of the lost ones have a buyer who tells the theme is held
against how many of the won ones do. An association is no cause, and small numbers are called small.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from winloss.model import Association, DealShare, EvidenceRow, Outcome, SourceKind
from winloss.services import statistics

FEW_DEALS = statistics.FEW
"""Fewer deals than this on either side, and nothing is said of a difference."""


def deals_of(rows: Iterable[EvidenceRow], outcome: Outcome) -> set[str]:
    """The deals with that outcome that somebody was interviewed about.

    A deal is an account with its outcome; an interview without a known account is a deal of its own.
    """
    return {
        row.account.casefold() if row.account else row.document_id
        for row in rows
        if row.source == SourceKind.INTERVIEW and row.outcome == outcome
    }


def association(said: Sequence[EvidenceRow], scope: Sequence[EvidenceRow]) -> Association:
    """A theme (its rows in the scope) among the lost and the won deals of the scope.

    The interval is Newcombe's (`statistics.newcombe`), which holds at small numbers; a word is given only where it
    leaves no room for none.
    """
    lost, won, undecided = (
        _deals(said, scope, outcome) for outcome in (Outcome.LOST_TO_COMPETITOR, Outcome.WON, Outcome.NO_DECISION)
    )
    low, high = statistics.newcombe(won, lost)
    word = _word(lost, won, low, high)
    return Association(
        lost=lost,
        won=won,
        no_decision=undecided,
        difference=statistics.difference(won, lost),
        low=low,
        high=high,
        p=statistics.mid_p(lost, won) if lost.base and won.base else None,
        word=word,
        words=_words(word, lost, won),
    )


def _deals(said: Sequence[EvidenceRow], scope: Sequence[EvidenceRow], outcome: Outcome) -> DealShare:
    return DealShare(count=len(deals_of(said, outcome)), base=len(deals_of(scope, outcome)))


def _word(lost: DealShare, won: DealShare, low: float | None, high: float | None) -> str:
    if low is None or high is None or min(lost.base, won.base) < FEW_DEALS:
        return "too few"
    if low > 0:
        return "lost"
    return "won" if high < 0 else "even"


def _words(word: str, lost: DealShare, won: DealShare) -> str:
    counts = f"{lost.count} of {lost.base} lost deals and {won.count} of {won.base} won deals have a buyer who tells it"
    said = {
        "lost": f"Heard more where deals were lost: {counts}.",
        "won": f"Heard more where deals were won: {counts}.",
        "even": f"No clear difference: {counts}, and the interval leaves room for none.",
        "too few": f"Too few deals to say: {counts}; under {FEW_DEALS} on a side, a difference is not judged.",
    }
    return said[word]
