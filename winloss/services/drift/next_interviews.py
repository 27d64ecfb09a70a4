"""Whom to ask next: the kinds of buyers that deals are lost and won with, and that too little was heard of.

A kind is a segment, a role and an outcome. Its weight is the share of deals of that segment and outcome, spread evenly
over the roles of the buying group: no source says how much of a deal is a role's. One more interview with a kind of
which n people were heard is the first to meet a theme that a share s of the kind holds with probability s (1 - s)^n;
times the weight, that is what the interview is expected to teach.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from winloss.model import DriftVerdict, EvidenceRow, NextInterview, Outcome, Scope, Share
from winloss.ports import Workbench
from winloss.services.drift.verdicts import verdict_of
from winloss.services.sources import joining

SHOWN = 5
CLOSED = (Outcome.WON, Outcome.LOST_TO_COMPETITOR, Outcome.NO_DECISION, Outcome.CHURNED, Outcome.RENEWED)
LEAST = 15
"""People whom a cell must hold to be tested at all."""
OUTCOME_WORDS: Mapping[str, str] = {
    Outcome.WON: "won",
    Outcome.LOST_TO_COMPETITOR: "lost to a competitor",
    Outcome.NO_DECISION: "ended without a decision",
    Outcome.CHURNED: "churned",
    Outcome.RENEWED: "renewed",
}
_PER_SEGMENT = 2
"""Kinds of one segment and outcome that are named at most, so that the list does not spell out one gap five times."""


class _Kind(NamedTuple):
    """A kind of buyer: how many of it were heard, its deals, and its weight before anybody of it was heard."""

    segment: str
    role: str
    outcome: str | None
    heard: int
    deals: Share
    weight: float

    def gain(self, share: float) -> float:
        """The chance that one more interview is the first to meet a theme of this share, by the kind's weight."""
        return self.weight * (1 - share) ** self.heard


def next_interviews(bench: Workbench, verdict: DriftVerdict, rows: Sequence[EvidenceRow]) -> tuple[NextInterview, ...]:
    """The kinds of buyers that one more interview would teach most about; `rows` are the cell's and its history's."""
    scope = verdict.scope
    weights = _deal_weights(bench)
    roles = [scope.role] if scope.role else _roles(bench, rows)
    people = _heard(rows)
    share = bench.settings.drift_delta
    kinds = [
        _Kind(segment, role, outcome, people[segment, role, outcome], deals, (deals.value or 0.0) / len(roles) * share)
        for (segment, outcome), deals in weights.items()
        if scope.segment in (None, segment)
        for role in roles
    ]
    kinds.sort(key=lambda kind: (-kind.gain(share), kind.segment, kind.role, str(kind.outcome)))
    return tuple(_told(bench, verdict, kind, kind.gain(share)) for kind in _diverse(kinds))


def _deal_weights(bench: Workbench) -> dict[tuple[str, str | None], Share]:
    """(segment, outcome) -> deals of all closed deals; without deals, (segment, None) -> accounts of all accounts."""
    known = [
        (segment, deal.outcome.value)
        for deal, account in joining.deals_with_accounts(bench)
        if deal.outcome in CLOSED and account and (segment := bench.codebook.segment_of(account))
    ]
    counts: Counter[tuple[str, str | None]] = Counter(known)
    if not counts:
        segments = map(bench.codebook.segment_of, bench.store.accounts())
        counts = Counter((segment, None) for segment in segments if segment)
    base = sum(counts.values())
    return {kind: Share(count=count, base=base, verbatims=0) for kind, count in sorted(counts.items(), key=str)}


def _roles(bench: Workbench, rows: Sequence[EvidenceRow]) -> list[str]:
    """The roles that sit in this market's buying groups: those ever heard here, in the order of the codebook."""
    heard = {row.role for row in rows if row.role}
    return [role.name for role in bench.codebook.roles if role.name in heard]


def _heard(rows: Iterable[EvidenceRow]) -> Mapping[tuple[str | None, str | None, str | None], int]:
    people: dict[tuple[str | None, str | None, str | None], set[str]] = defaultdict(set)
    for row in rows:
        for outcome in (row.outcome, None):
            people[row.segment, row.role, outcome].add(row.respondent)
    return defaultdict(int, {kind: len(those) for kind, those in people.items()})


def _told(bench: Workbench, verdict: DriftVerdict, kind: _Kind, gain: float) -> NextInterview:
    segment, role, outcome, heard, deals, _ = kind
    alone = verdict_of(bench, verdict.quarter, Scope(facet=verdict.scope.facet, segment=segment, role=role))
    here = int(alone.statistics["respondents_current"] or 0) if alone else 0
    needed = max(0, LEAST - here)
    label = bench.codebook.role_label(role)
    what = "deals" if outcome else "accounts"
    ended = f", {what} {OUTCOME_WORDS[outcome]}" if outcome else ""
    words = (
        f"{label} in {segment}{ended}: {deals.count} of {deals.base} {what} ({deals.value or 0:.0%}), "
        f"{_people(heard)} heard{' from them' if outcome else ''}."
    )
    words += f" {_alone(needed, here, alone.mds if alone else None)}"
    return NextInterview(
        segment=segment,
        role=role,
        outcome=outcome,
        heard=heard,
        deals=deals,
        more_needed=needed,
        gain=gain,
        words=words,
    )


def _diverse(kinds: Iterable[_Kind]) -> list[_Kind]:
    """The best of them, at most two of one segment and outcome."""
    taken: Counter[tuple[str | None, str | None]] = Counter()
    chosen: list[_Kind] = []
    for kind in kinds:
        if taken[kind.segment, kind.outcome] < _PER_SEGMENT and len(chosen) < SHOWN:
            taken[kind.segment, kind.outcome] += 1
            chosen.append(kind)
    return chosen


def _alone(needed: int, here: int, mds: float | None) -> str:
    """What could be seen among these people by themselves, and how far one more interview would bring it down.

    A theme is seen by the number of people who say it, so that one more of n people lowers the share by mds / (n + 1).
    """
    told = f"In this segment and role {_people(here)} this quarter;"
    if needed:
        return f"{told} {needed} more and they can be tested by themselves."
    if mds is None:
        return f"{told} even a theme of 30% of them could be missed."
    return f"Among them a theme below {mds:.0%} is missed; one more interview lowers that by {mds / (here + 1):.1%}."


def _people(count: int) -> str:
    return "nobody" if not count else "1 person" if count == 1 else f"{count:,} people"
