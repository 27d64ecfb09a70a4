"""The deals of a CRM as JSON, the same for the command and the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

from winloss.codebook import Codebook
from winloss.model import Filters
from winloss.services.themes.crm_deals import CrmDeal, DealsPage
from winloss.services.themes.deals_asked import UNPLACED, UNSTATED

OTHER_CAUSES: Mapping[str, str] = {UNPLACED: "A reason that names no cause", UNSTATED: "No reason stated"}
_PLAIN = (
    *("id", "name", "account", "segment", "outcome", "stage", "reason", "competitor", "quarter"),
    *("verbatims", "people", "of_account"),
)


def deals_json(page: DealsPage, codebook: Codebook, *, offset: int, limit: int) -> dict[str, object]:
    """Some of the deals that were found, with what the CRM states of all of them."""
    return {
        "total": len(page.deals),
        "of": page.total,
        "lost": page.lost,
        "causes": [
            {"cause": name, "label": cause_label(codebook, name), "deals": count} for name, count in page.causes
        ],
        "deals": [deal_json(deal) for deal in page.deals[offset : offset + limit]],
    }


def deal_json(deal: CrmDeal) -> dict[str, object]:
    """A deal; `words` and `account_words` are the filters of a search that finds what was heard of it."""
    return {
        **{name: getattr(deal, name) for name in _PLAIN},
        "causes": list(deal.causes),
        "created_on": deal.created_on.isoformat() if deal.created_on else None,
        "closed_on": deal.closed_on.isoformat() if deal.closed_on else None,
        "told_in": [{"file": path, "where": where} for path, where in deal.told_in],
        "words": _filters(deal.words),
        "account_words": _filters(deal.account_words),
    }


def cause_label(codebook: Codebook, cause: str) -> str:
    """What screens call a cause that a CRM names, or that it names none."""
    return OTHER_CAUSES.get(cause) or codebook.reason_label(cause)


def _filters(chosen: Filters | None) -> dict[str, object] | None:
    """The filters that are set, by name."""
    if chosen is None:
        return None
    told = {item.name: getattr(chosen, item.name) for item in fields(Filters) if getattr(chosen, item.name)}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in told.items()}
