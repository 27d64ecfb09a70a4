"""Whether a pain could be checked by somebody else: told with a number, a frequency, a cost, or a tool and a result."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from winloss.model import EvidenceRow, Facet, Share, Theme
from winloss.ports import Workbench
from winloss.services.evidence import share
from winloss.services.readings import readings


def specific(bench: Workbench, theme: Theme, said: Sequence[EvidenceRow]) -> Share | None:
    """The people who tell a pain specifically (`nlp.facets.testability`), of all who tell it; None for other facets."""
    if theme.facet is not Facet.PAIN:
        return None
    checkable = specific_keys(bench, {row.key for row in said})
    return share([row for row in said if row.key in checkable], said)


def specific_keys(bench: Workbench, keys: Iterable[str]) -> set[str]:
    """Those of the texts that are specific; the names of the codebook's companies count as tools."""
    from nlp.facets.testability import is_specific

    names = tuple(name for company in bench.codebook.companies for name in (company.name, *company.aliases))
    told = readings(bench, f"specific:{bench.codebook.fingerprint}", keys, lambda text: is_specific(text, names))
    return {key for key, is_specific in told.items() if is_specific}
