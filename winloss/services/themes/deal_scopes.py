"""Which words are of which deal: those of its account, with its outcome, said nearest to the day it closed.

Where an account has several deals that ended alike, each has the days that are nearer to its own closing than to any
other's. What was said on no known day is then of none of them, and neither is anything where no closing is known: which
deal it is of, nobody can tell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from winloss.model import Account, Deal, EvidenceRow, Filters
from winloss.ports import Workbench
from winloss.services.library import library
from winloss.services.sources import joining

_Days = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class DealScope:
    """A deal with all that is known of its account, as words spell it, and what finds the words that are of the deal.

    `words` is None where none can be told to be.
    """

    deal: Deal
    account: Account | None
    spelt: tuple[str, ...]
    words: Filters | None

    @property
    def called(self) -> str | None:
        """What the account is called, as documents call it."""
        return self.account.name if self.account else self.deal.account


def deal_scopes(bench: Workbench) -> Mapping[str, DealScope]:
    """Every deal by its external id, in that order."""
    return library(bench).once("deal scopes", lambda: {it.deal.external_id: it for it in _scopes(bench)})


def deals_of(bench: Workbench, said: Iterable[EvidenceRow]) -> list[Deal]:
    """The deals that these words are of, each once, by external id."""
    by_kind = library(bench).once("deal scopes by account", lambda: _by_kind(deal_scopes(bench).values()))
    found: dict[str, Deal] = {}
    for row in said:
        for scope in by_kind.get((row.account or "", row.outcome), ()):
            if scope.words and _on(row.date, scope.words):
                found[scope.deal.external_id] = scope.deal
    return [found[name] for name in sorted(found)]


def _on(day: str | None, words: Filters) -> bool:
    if not words.since and not words.until:
        return True
    return day is not None and (words.since or day) <= day <= (words.until or day)


def _by_kind(scopes: Iterable[DealScope]) -> Mapping[tuple[str, str | None], list[DealScope]]:
    """The deals by account, as the words write it, and outcome."""
    found: dict[tuple[str, str | None], list[DealScope]] = defaultdict(list)
    for scope in scopes:
        for name in scope.spelt if scope.words else ():
            found[name, scope.deal.outcome].append(scope)
    return found


def _scopes(bench: Workbench) -> Iterable[DealScope]:
    written: dict[str, set[str]] = defaultdict(set)
    for row in library(bench).rows:
        if row.account:
            written[row.account.casefold()].add(row.account)
    alike: dict[tuple[str, str | None], list[Deal]] = defaultdict(list)
    known = joining.deals_with_accounts(bench)
    for deal, account in known:
        alike[_key(deal, account), deal.outcome].append(deal)
    days = {name: its for deals in alike.values() for name, its in _days_of(deals).items()}
    for deal, account in known:
        key, its = _key(deal, account), days.get(deal.external_id)
        spelt = tuple(sorted(written.get(key, ())))
        words = (
            Filters(account=spelt, outcome=(deal.outcome.value,), since=its[0], until=its[1])
            if spelt and deal.outcome and its
            else None
        )
        yield DealScope(deal=deal, account=account, spelt=spelt, words=words)


def _key(deal: Deal, account: Account | None) -> str:
    return (account.name if account else deal.account or "").casefold()


def _days_of(deals: Sequence[Deal]) -> Mapping[str, _Days]:
    """Deal -> the first and the last day whose words are of it, of deals of one account that ended alike.

    Of deals that closed on one day the first by id stands for all.
    """
    if len(deals) == 1:
        return {deals[0].external_id: (None, None)}
    by_id = sorted(deals, key=lambda deal: deal.external_id, reverse=True)
    by_day = {deal.closed_on: deal for deal in by_id if deal.closed_on}
    ordered = sorted(by_day.items())
    starts: dict[str, str] = {}
    ends: dict[str, str] = {}
    for (day, deal), (next_day, next_deal) in pairwise(ordered):
        gap = (next_day - day).days
        halfway = gap // 2 if gap % 2 or deal.external_id < next_deal.external_id else gap // 2 - 1
        last = day + timedelta(days=halfway)
        ends[deal.external_id] = last.isoformat()
        starts[next_deal.external_id] = (last + timedelta(days=1)).isoformat()
    return {deal.external_id: (starts.get(deal.external_id), ends.get(deal.external_id)) for _, deal in ordered}
