"""What pages about themes remember, made before the first reader asks: judging every text once takes a while."""

from __future__ import annotations

from winloss.model import THEMED_FACETS, Facet, Filters
from winloss.ports import Workbench
from winloss.services import browsing
from winloss.services.library import library
from winloss.services.themes import contradicting, families, proofgap, testable


def warm(bench: Workbench) -> None:
    """Have every text's judgement and the corners of every facet in memory."""
    rows = library(bench).rows
    if not rows or bench.vectors().missing([row.key for row in rows]):
        return
    testable.specific_keys(bench, {row.key for row in rows if row.facet == Facet.PAIN})
    contradicting.denials(bench)
    families.corners(bench, [facet.value for facet in THEMED_FACETS], library(bench).heard(Filters()))
    proofgap.proof_gap(bench, Filters())
    for theme in bench.store.themes()[:1]:
        browsing.theme_view(bench, theme.id)
