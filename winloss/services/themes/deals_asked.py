"""Which deals of the CRM to list, and how that is written in an address: the same for pages, reports and the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from winloss.model import Filters

PLACED, UNPLACED, UNSTATED = "placed", "unplaced", "unstated"
"""Of lost deals: any cause is named; a reason is stated that names none; no reason is stated."""
OTHERWISE = (PLACED, UNPLACED, UNSTATED)
STATED = (PLACED, UNPLACED)
SAID = "said"
_WRITTEN: Mapping[str, str] = {"mode": "mode-of-buyer", "without": "not"}


@dataclass(frozen=True, slots=True, kw_only=True)
class DealsAsked:
    """Which deals to list. Values of one field are or-ed, fields are and-ed; `quarter` is that of the closing day.

    `cause` is a reason of the codebook, or one of `placed`, `unplaced` and `unstated`: of lost deals only. With `theme`
    only deals whose buyers tell it, in the scope of `said`.
    """

    quarter: tuple[str, ...] = ()
    segment: tuple[str, ...] = ()
    outcome: tuple[str, ...] = ()
    cause: tuple[str, ...] = ()
    competitor: tuple[str, ...] = ()
    account: tuple[str, ...] = ()
    reason: tuple[str, ...] = ()
    deal: tuple[str, ...] = ()
    file: tuple[str, ...] = ()
    theme: str | None = None
    said: Filters = field(default_factory=Filters)


MANY: tuple[str, ...] = tuple(item.name for item in fields(DealsAsked) if item.name not in ("theme", SAID))
"""The fields that take several values."""


def parameters(asked: DealsAsked) -> tuple[tuple[str, str], ...]:
    """The wish as parameters of an address; what words it is about is written `said=quarter:2026Q2`."""
    told = [(name, value) for name in MANY for value in getattr(asked, name)]
    theme = [("theme", asked.theme)] if asked.theme else []
    return (*told, *theme, *(_said(asked.said) if asked.theme else ()))


def _said(scope: Filters) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for item in fields(Filters):
        name, value = _WRITTEN.get(item.name, item.name), getattr(scope, item.name)
        if item.name == "without":
            pairs += [(name, f"{_WRITTEN.get(field, field)}:{left_out}") for field, left_out in value]
        elif item.name not in ("facet", "theme"):
            pairs += [(name, one) for one in ((value,) if isinstance(value, str) else value or ())]
    return [(SAID, f"{name}:{value}") for name, value in pairs]
