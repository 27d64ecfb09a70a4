"""What the CRM knows is laid beside what buyers said: account, segment, outcome and competitor of each document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from winloss.codebook import Codebook
from winloss.model import Account, Deal, Document, Outcome
from winloss.ports import Workbench
from winloss.services import identity

_DECIDED = (Outcome.WON, Outcome.LOST_TO_COMPETITOR, Outcome.NO_DECISION, Outcome.CHURNED, Outcome.RENEWED)
_FAR = 10**6


def join_context(bench: Workbench) -> int:
    """Fill in, for every document, what the source itself does not state; returns how many that changed.

    What a source states always wins. An account that is not stated is that of the people who took part, where their
    e-mail addresses are of one account's domain. The outcome comes from the account's decided deal closed nearest to
    the document. Then people who are known to be the same one get one id.
    """
    accounts = {account.name.casefold(): account for account in bench.store.accounts()}
    deals = _by_account(bench.store.deals())
    participants = bench.store.participants()
    by_domain = identity.account_of_people(accounts.values(), bench.codebook)
    changed = 0
    with bench.store.transaction() as transaction:
        for document in bench.store.documents():
            stated = document.stated["account"]
            name = stated or by_domain(participants.get(document.id, ())) or ""
            if name or document.account:
                found = accounts.get(name.casefold())
                joined = _joined(document, found, deals.get(name.casefold(), ()), bench.codebook)
                changed += transaction.set_document_context(document.id, **joined)
    identity.link(bench)
    return changed


def _by_account(deals: Iterable[Deal]) -> Mapping[str, list[Deal]]:
    grouped: dict[str, list[Deal]] = defaultdict(list)
    for deal in deals:
        if deal.account and deal.outcome in _DECIDED:
            grouped[deal.account.casefold()].append(deal)
    return grouped


def _joined(
    document: Document, account: Account | None, deals: Iterable[Deal], codebook: Codebook
) -> dict[str, str | None]:
    nearest = min(
        deals, key=lambda deal: (_days_apart(deal.closed_on, document.happened_on), deal.external_id), default=None
    )
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
