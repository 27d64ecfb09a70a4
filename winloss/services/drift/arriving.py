"""The newest things that arrived: what the verdicts of the last quarter with any call emerging, each told once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from winloss.model import DriftNode, DriftVerdict, Passage
from winloss.ports import Workbench
from winloss.services.drift import verdicts as reading
from winloss.services.drift.settling import decision_on, heading
from winloss.services.drift.signals import rests_on
from winloss.services.search import searching

SHOWN = 3
QUOTES = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Something new, in the widest scope that says so, with the counts it rests on and what was said."""

    verdict: DriftVerdict
    node: DriftNode
    title: str
    rests_on: str
    passages: tuple[Passage, ...]


def arrivals(bench: Workbench, *, limit: int = SHOWN) -> tuple[Arrival, ...]:
    """What is new in the newest quarter in which anything is; dismissed groups and those by chance are left out."""
    every = reading.verdicts(bench, roles=True)
    for quarter in sorted({verdict.quarter for verdict in every}, reverse=True):
        here = [verdict for verdict in every if verdict.quarter == quarter]
        found = _distinct((item, node) for item in here for node in heading(item) if node.kind == "emerging")
        if found:
            return tuple(_arrival(bench, verdict, node) for verdict, node in found[:limit])
    return ()


def _distinct(found: Iterable[tuple[DriftVerdict, DriftNode]]) -> list[tuple[DriftVerdict, DriftNode]]:
    """The groups that are not, for the most part, one already named."""
    chosen: list[tuple[DriftVerdict, DriftNode]] = []
    for verdict, node in found:
        own = set(node.verbatims)
        if not any(2 * len(own & set(other.verbatims)) >= min(len(own), len(other.verbatims)) for _, other in chosen):
            chosen.append((verdict, node))
    return chosen


def _arrival(bench: Workbench, verdict: DriftVerdict, node: DriftNode) -> Arrival:
    held = decision_on(node, verdict.quarter, bench.store.node_decisions())
    passages = [passage for passage in bench.store.passages(node.verbatims) if searching.may_quote(passage)]
    return Arrival(
        verdict=verdict,
        node=node,
        title=(held.title if held and held.title else node.title) or "Untitled",
        rests_on=rests_on(node),
        passages=tuple(passages[:QUOTES]),
    )
