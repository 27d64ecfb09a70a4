"""What a drift node is called: a clause that one of the people in it said, held against what else is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from winloss.model import DriftNode, EvidenceRow, text_key
from winloss.ports import Workbench

VERSION = 1
BESIDE = 300
"""Most other verbatims of the cell that a title is held against, drawn by hash."""


def named(bench: Workbench, nodes: Sequence[DriftNode], rows: Sequence[EvidenceRow]) -> tuple[DriftNode, ...]:
    """The nodes with titles in the buyers' words; `rows` are those of the cell that the nodes were found in."""
    return tuple(replace(node, title=_title(bench, node, rows)) for node in nodes)


def _title(bench: Workbench, node: DriftNode, rows: Sequence[EvidenceRow]) -> str:
    from nlp.themes.grouping import grouped
    from nlp.themes.label import describe

    inside = {name: place for place, name in enumerate(node.verbatims)}
    members = sorted((row for row in rows if row.id in inside), key=lambda row: inside[row.id])
    own = {*inside, *node.said_before}
    beside = sorted((row for row in rows if row.id not in own), key=lambda row: text_key(row.id))[:BESIDE]
    if not members:
        return ""
    everything = [*members, *beside]
    texts = bench.store.texts([row.key for row in everything])
    avoid = {row.account for row in rows if row.account} | {account.name for account in bench.store.accounts()}
    labels = describe(
        {row.id: texts[row.key] for row in everything},
        grouped(bench.vectors().get([row.key for row in everything]), [len(members), len(beside)]),
        avoid=avoid,
        respondents=[row.respondent for row in everything],
        encode=bench.encoder().encode,
    )
    return labels[0].title
