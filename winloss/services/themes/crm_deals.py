"""The deals that a CRM gives, as it gives them, beside what was heard of each.

What a CRM states is a salesperson's word, and no buyer's: it is listed and counted by itself, never as evidence. Names
of buyers who may not be named are not told in it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from winloss.errors import QueryError
from winloss.model import EvidenceRow, Filters, Outcome
from winloss.ports import Workbench
from winloss.quarter import Quarter
from winloss.services.evidence import passing, respondents, scope_only
from winloss.services.library import library
from winloss.services.quote_rights import hidden_names
from winloss.services.themes import crm_reasons, deal_scopes
from winloss.services.themes.deals_asked import OTHERWISE, PLACED, UNPLACED, UNSTATED, DealsAsked

_FREE = ("account", "reason")
"""What is compared however it is spaced and cased."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrmDeal:
    """One deal: what the CRM says of it, where that stands, and what was heard of it.

    `reason` is the CRM's in its own words, `causes` are those of the codebook that it names. `told_in` are the files
    that tell of it, each with the place, the newest last. `verbatims` from `people` are of the deal and found by
    `words`; `of_account` verbatims are of its account, whichever of its deals they are of, found by `account_words`.
    """

    id: str
    name: str | None
    account: str | None
    segment: str | None
    outcome: str | None
    stage: str | None
    reason: str | None
    causes: tuple[str, ...]
    competitor: str | None
    created_on: date | None
    closed_on: date | None
    quarter: str | None
    told_in: tuple[tuple[str, str | None], ...]
    verbatims: int
    people: int
    of_account: int
    words: Filters | None
    account_words: Filters | None

    @property
    def cause_kinds(self) -> tuple[str, ...]:
        """What the filter `cause` finds the deal by."""
        if self.outcome not in crm_reasons.LOST:
            return ()
        if not self.reason:
            return (UNSTATED,)
        return (PLACED, *self.causes) if self.causes else (UNPLACED,)


@dataclass(frozen=True, slots=True, kw_only=True)
class DealsPage:
    """The deals asked for, the latest closing first, of `total` that the CRM gives.

    `causes` counts them by what the CRM states, of the `lost` ones among them: a deal may name several causes.
    """

    deals: tuple[CrmDeal, ...]
    total: int
    lost: int
    causes: tuple[tuple[str, int], ...]


def deals(bench: Workbench, asked: DealsAsked | None = None) -> DealsPage:
    """The deals asked for.

    Raises:
        QueryError: a value is none that there is.
        NotFound: there is no such theme.
    """
    wish, every = asked or DealsAsked(), all_deals(bench)
    check(bench, wish)
    found = [deal for deal in every if _passes(deal, wish)]
    if wish.theme:
        telling = {deal.external_id for deal in deal_scopes.deals_of(bench, _telling(bench, wish))}
        found = [deal for deal in found if deal.id in telling]
    counts = Counter(kind for deal in found for kind in deal.cause_kinds)
    known = [reason.name for reason in bench.codebook.reasons if counts[reason.name]]
    known.sort(key=lambda name: -counts[name])
    return DealsPage(
        deals=tuple(found),
        total=len(every),
        lost=sum(1 for deal in found if deal.cause_kinds),
        causes=tuple((name, counts[name]) for name in (*known, UNPLACED, UNSTATED) if counts[name]),
    )


def all_deals(bench: Workbench) -> Sequence[CrmDeal]:
    """Every deal, the latest closing first; those that are not closed last."""
    return library(bench).once("crm deals", lambda: _all(bench))


def values(bench: Workbench) -> Mapping[str, tuple[str, ...]]:
    """What there is to choose from: the values of each field that deals have, the newest quarter first."""
    every = all_deals(bench)
    outcomes, kinds = _distinct(it.outcome for it in every), {kind for it in every for kind in it.cause_kinds}
    causes = (*(reason.name for reason in bench.codebook.reasons), *OTHERWISE)
    return {
        "quarter": tuple(sorted(_distinct(it.quarter for it in every), reverse=True)),
        "segment": tuple(sorted(_distinct(it.segment for it in every))),
        "outcome": tuple(value.value for value in Outcome if value in outcomes),
        "cause": tuple(name for name in causes if name in kinds),
        "competitor": tuple(sorted(_distinct(it.competitor for it in every))),
    }


def check(bench: Workbench, asked: DealsAsked) -> None:
    """Refuse what no deal could ever be.

    Raises:
        QueryError: an outcome or a cause that there is not.
        NotFound: there is no such theme.
    """
    known: Mapping[str, Sequence[str]] = {
        "outcome": list(Outcome),
        "cause": [*(reason.name for reason in bench.codebook.reasons), *OTHERWISE],
    }
    for name, allowed in known.items():
        for value in getattr(asked, name):
            if value not in allowed:
                raise QueryError(f"no {name} {value!r}", hint=f"Known: {', '.join(allowed)}.")
    if asked.theme:
        bench.store.theme(asked.theme)


def _all(bench: Workbench) -> tuple[CrmDeal, ...]:
    shelf, told_in = library(bench), bench.store.deals_told_in()
    causes, names = crm_reasons.causes_of_deals(bench), hidden_names.hidden_names(bench)
    by_account: dict[str, list[EvidenceRow]] = defaultdict(list)
    for row in shelf.rows:
        if row.account:
            by_account[row.account].append(row)
    found = [
        _deal(bench, scope, by_account, told_in.get(name, ()), causes, names)
        for name, scope in deal_scopes.deal_scopes(bench).items()
    ]
    return tuple(sorted(found, key=lambda deal: (deal.closed_on or date.min, deal.id), reverse=True))


def _deal(
    bench: Workbench,
    scope: deal_scopes.DealScope,
    by_account: Mapping[str, Sequence[EvidenceRow]],
    told_in: tuple[tuple[str, str | None], ...],
    causes: Mapping[str, tuple[str, ...]],
    names: hidden_names.HiddenNames,
) -> CrmDeal:
    deal = scope.deal
    near = [row for name in scope.spelt for row in by_account.get(name, ())]
    said = passing(near, scope.words) if scope.words else []
    shown = partial(names.of_account, scope.spelt)
    return CrmDeal(
        id=deal.external_id,
        name=shown(deal.name),
        account=shown(scope.called),
        segment=bench.codebook.segment_of(scope.account) if scope.account else None,
        outcome=deal.outcome.value if deal.outcome else None,
        stage=deal.stage,
        reason=shown(deal.loss_reason),
        causes=causes.get(deal.loss_reason or "", ()) if deal.outcome in crm_reasons.LOST else (),
        competitor=deal.competitor,
        created_on=deal.created_on,
        closed_on=deal.closed_on,
        quarter=str(Quarter.of(deal.closed_on)) if deal.closed_on else None,
        told_in=told_in,
        verbatims=len(said),
        people=len(respondents(said)),
        of_account=len(near),
        words=scope.words if said else None,
        account_words=Filters(account=scope.spelt) if near else None,
    )


def _telling(bench: Workbench, asked: DealsAsked) -> Sequence[EvidenceRow]:
    return library(bench).by_theme(scope_only(asked.said)).get(asked.theme, ())


def _passes(deal: CrmDeal, asked: DealsAsked) -> bool:
    told: Mapping[str, Collection[str | None]] = {
        "quarter": (deal.quarter,),
        "segment": (deal.segment,),
        "outcome": (deal.outcome,),
        "cause": deal.cause_kinds,
        "competitor": (deal.competitor,),
        "account": (_folded(deal.account),),
        "reason": (_folded(deal.reason),),
        "deal": (deal.id,),
        "file": tuple(path for path, _ in deal.told_in),
    }
    return all(_any(name, values, getattr(asked, name)) for name, values in told.items() if getattr(asked, name))


def _any(name: str, told: Collection[str | None], wanted: Collection[str]) -> bool:
    return any((_folded(value) if name in _FREE else value) in told for value in wanted)


def _folded(text: str | None) -> str | None:
    return " ".join(text.split()).casefold() if text else None


def _distinct(told: Iterable[str | None]) -> frozenset[str]:
    return frozenset(value for value in told if value)
