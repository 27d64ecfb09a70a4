"""What the CRM knows is laid beside what buyers said: account, segment, outcome and competitor of each document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from winloss.codebook import Codebook
from winloss.model import Account, Deal, Document, Outcome
from winloss.ports import Workbench
from winloss.services.sources import identity

_DECIDED = (Outcome.WON, Outcome.LOST_TO_COMPETITOR, Outcome.NO_DECISION, Outcome.CHURNED, Outcome.RENEWED)
_FAR = 10**6
_SINGLE = (
    "domain",
    "industry",
    "employees",
    "revenue",
    "country",
    "region",
    "ownership",
    "security_maturity",
    "segment",
)
_LISTS = ("regulations", "technologies", "signals")


def join_context(bench: Workbench) -> int:
    """Fill in, for every document, what the source itself does not state; returns how many that changed.

    What a source states always wins. An account that is not stated is that of the people who took part, where their
    e-mail addresses are of one account's domain. The outcome comes from the account's decided deal closed nearest to
    the document. Then people who are known to be the same one get one id.
    """
    accounts = _by_name(bench.store.accounts())
    deals = _by_account(_with_accounts(bench.store.deals(), accounts.values()), accounts)
    participants = bench.store.reachable_people()
    by_domain = identity.account_of_people(accounts.values(), bench.codebook)
    changed = 0
    with bench.store.transaction() as transaction:
        for document in bench.store.documents_of_accounts(participants):
            name = (document.stated["account"] or by_domain(participants.get(document.id, ())) or "").casefold()
            if name or document.account:
                account = accounts.get(name)
                known = deals.get(account.name if account else name, ())
                joined = _joined(document, account, known, bench.codebook)
                changed += transaction.set_document_context(document.id, **joined)
    identity.link(bench)
    return changed


def deals_with_accounts(bench: Workbench) -> list[tuple[Deal, Account | None]]:
    """Every deal, by external id, with all that is known of its account; None where that is known of nowhere."""
    accounts = _by_name(bench.store.accounts())
    named = _with_accounts(bench.store.deals(), accounts.values())
    return [(deal, accounts.get((deal.account or "").casefold())) for deal in named]


def nearest_deal(deals: Iterable[Deal], day: date | None) -> Deal | None:
    """The deal closed nearest to the day, or None where there is no deal."""
    return min(deals, key=lambda deal: (_days_apart(deal.closed_on, day), deal.external_id), default=None)


def _by_name(accounts: Sequence[Account]) -> dict[str, Account]:
    """Accounts by every name that they have; those with one domain are one account."""
    from winloss.services.sources.domains import registrable

    by_domain: dict[str, list[Account]] = defaultdict(list)
    for account in accounts:
        domain = registrable(account.domain) if account.domain else None
        by_domain[domain or account.name].append(account)
    return {account.name.casefold(): _one(same) for same in by_domain.values() for account in same}


def _one(same: Sequence[Account]) -> Account:
    """What several entries say about one account; it is called as the CRM calls it, which gives it an id."""
    first, *others = sorted(
        same, key=lambda account: (account.external_id is None, account.segment is None, account.name)
    )
    united: dict[str, Any] = {
        name: next((value for account in (first, *others) if (value := getattr(account, name)) is not None), None)
        for name in _SINGLE
    }
    for name in _LISTS:
        united[name] = tuple(dict.fromkeys(part for account in (first, *others) for part in getattr(account, name)))
    return replace(first, **united)


def _with_accounts(deals: Iterable[Deal], accounts: Iterable[Account]) -> Iterator[Deal]:
    """The opportunities, with the names of accounts that they only have the id of."""
    names = {account.external_id: account.name for account in accounts if account.external_id}
    for deal in deals:
        yield deal if deal.account else replace(deal, account=names.get(deal.account_id or ""))


def _by_account(deals: Iterable[Deal], accounts: Mapping[str, Account]) -> Mapping[str, list[Deal]]:
    """Decided deals by the name of their account, where it is known to us, else by the name that they give."""
    grouped: dict[str, list[Deal]] = defaultdict(list)
    for deal in deals:
        if deal.account and deal.outcome in _DECIDED:
            name = deal.account.casefold()
            grouped[accounts[name].name if name in accounts else name].append(deal)
    return grouped


def _joined(
    document: Document, account: Account | None, deals: Iterable[Deal], codebook: Codebook
) -> dict[str, str | None]:
    nearest = nearest_deal(deals, document.happened_on)
    stated = document.stated
    outcome = nearest.outcome.value if nearest and nearest.outcome else None
    return {
        "account": account.name if account else stated["account"],
        "segment": stated["segment"] or (codebook.segment_of(account) if account else None),
        "outcome": stated["outcome"] or outcome,
        "competitor": stated["competitor"] or (nearest.competitor if nearest and not stated["outcome"] else None),
    }


def _days_apart(one: date | None, other: date | None) -> int:
    return abs((one - other).days) if one and other else _FAR
