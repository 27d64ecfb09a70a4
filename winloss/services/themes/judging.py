"""Judges every text by the rules of language while it is analysed, so that no page and no report waits for it."""

from __future__ import annotations

from winloss.model import Facet
from winloss.ports import Workbench
from winloss.services.library import library
from winloss.services.themes import contradicting, crm_reasons, proofgap, testable


def judge_texts(bench: Workbench) -> None:
    """Ask what is asked of texts one by one: is a pain specific, who denies it, on which side is proof, which cause."""
    rows = library(bench).rows
    testable.specific_keys(bench, {row.key for row in rows if row.facet == Facet.PAIN})
    contradicting.judge(bench)
    proofgap.judge(bench, [row for row in rows if row.facet == Facet.PROOF])
    crm_reasons.judge(bench, rows)
