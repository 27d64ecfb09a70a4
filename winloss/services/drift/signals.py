"""Drift nodes as people read them: what they are called, who said it first and where, and who has said it since."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from winloss.errors import NotFound
from winloss.model import (
    DriftNode,
    DriftVerdict,
    EvidenceRow,
    HeardIn,
    NodeDecision,
    Scope,
    Share,
    Signal,
    SourceKind,
)
from winloss.ports import Workbench
from winloss.services.drift import verdicts as reading
from winloss.services.drift.drift_cells import in_scope
from winloss.services.drift.settling import decision_on
from winloss.services.evidence import respondents, share, split
from winloss.services.library import library

SOURCE_WORDS: Mapping[str, str] = {
    SourceKind.COMMUNITY: "the community",
    SourceKind.INQUIRY: "inquiries",
    SourceKind.INTERVIEW: "interviews",
    SourceKind.SURVEY: "surveys",
}


AT_ONCE = 20_000
"""Verbatims whose vectors are in memory at a time."""
USUAL = 20_000
"""Earlier verbatims, spread evenly, that the measure is held against."""
REMEMBERED = 200
"""Groups of which it is remembered who says the same, until something is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """The rows that say what a group says, nearest first, and how many of the rows before it do by the same measure."""

    rows: tuple[EvidenceRow, ...]
    before: Share


def signals_of(bench: Workbench, verdict: DriftVerdict) -> tuple[Signal, ...]:
    """The nodes of a settled verdict, told in full."""
    decisions = bench.store.node_decisions()
    return tuple(_signal(bench, verdict, node, decisions) for node in verdict.nodes)


def find(bench: Workbench, name: str) -> tuple[DriftVerdict, DriftNode]:
    """The verdict and the node of this id; of a decision's id, the node that it is about.

    Raises:
        NotFound: no verdict points at such a node now.
    """
    decisions = {item.id: item for item in bench.store.node_decisions()}
    for verdict in reading.verdicts(bench, roles=True):
        for node in verdict.nodes:
            held = decision_on(node, verdict.quarter, decisions.values())
            if node.id == name or (held is not None and held.id == name):
                return verdict, node
    raise NotFound(f"no drift node {name}", hint="`winloss drift` lists the nodes of each verdict with their ids.")


def followed(
    bench: Workbench, verbatims: Iterable[str], scope: Scope, quarter: str, *, kind: str = "emerging"
) -> Followed:
    """Who says what these verbatims say, in the whole scope: in their quarter and later (before it, of what faded)."""
    key = "followed", bench.store.revision(), tuple(verbatims), scope, quarter, kind
    known = bench.memo.setdefault("followed", {})
    if key not in known:
        if len(known) >= REMEMBERED:
            known.clear()
        known[key] = _followed(bench, frozenset(verbatims), scope, quarter, kind)
    found: Followed = known[key]
    return found


def _followed(bench: Workbench, own: frozenset[str], scope: Scope, quarter: str, kind: str) -> Followed:
    from nlp.signal.following import least_nearness, nearness

    rows = list(in_scope(library(bench).rows, scope))
    members = [row for row in rows if row.id in own]
    first = min((str(row.quarter) for row in members), default=quarter)
    before = [row for row in rows if str(row.quarter) < first and row.id not in own] if kind != "fading" else []
    vectors = bench.vectors().get
    group = vectors([row.key for row in members]) if members else None
    usual = before[:: max(1, len(before) // USUAL)]
    least = least_nearness(group, vectors([row.key for row in usual])) if group is not None else None
    near: dict[str, float] = {row.id: 2.0 for row in members}
    if group is not None and least is not None:
        for start in range(0, len(rows), AT_ONCE):
            part = rows[start : start + AT_ONCE]
            for row, value in zip(part, nearness(vectors([row.key for row in part]), group), strict=True):
                if value >= least:
                    near[row.id] = value
    chosen = sorted((row for row in rows if row.id in near), key=lambda row: (-round(near[row.id], 6), row.id))
    return Followed(
        rows=tuple(row for row in chosen if kind == "fading" or str(row.quarter) >= first),
        before=share([row for row in chosen if str(row.quarter) < first and row.id not in own], before),
    )


# --- one node --------------------------------------------------------------------------------------------------------


def _signal(bench: Workbench, verdict: DriftVerdict, node: DriftNode, decisions: Sequence[NodeDecision]) -> Signal:
    rows = list(in_scope(library(bench).rows, verdict.scope))
    own = set(node.verbatims)
    said = [row for row in rows if row.id in own]
    quarters = {row.quarter for row in said}
    asked = [row for row in rows if row.quarter in quarters]
    spread = _spread(followed(bench, node.verbatims, verdict.scope, verdict.quarter).rows, said, rows)
    decision = decision_on(node, verdict.quarter, decisions)
    themes = Counter(row.theme_id for row in said if row.theme_id)
    return Signal(
        id=node.id,
        quarter=verdict.quarter,
        scope=verdict.scope,
        node=node,
        title=(decision.title if decision and decision.title else node.title) or "Untitled",
        rests_on=rests_on(node),
        spread=spread if node.kind != "fading" else (),
        spread_words=spread_words(spread) if node.kind != "fading" else "",
        segments=split(said, asked, lambda row: row.segment),
        roles=_heard_only(split(said, asked, lambda row: row.role)),
        sources=split(said, asked, lambda row: row.source),
        themes=tuple(sorted(themes.items(), key=lambda item: (-item[1], item[0]))),
        decision=decision,
        covered=node.covered,
    )


def rests_on(node: DriftNode) -> str:
    """The counts that a node rests on, with their denominators."""
    when = "this quarter" if node.window == 1 else f"in the last {node.window} quarters"
    return (
        f"{node.current} of {node.current_base} respondents {when}, {node.history} of {node.history_base} before, "
        f"within the same segments and sources"
    )


def _heard_only(shares: tuple[tuple[str, Share], ...]) -> tuple[tuple[str, Share], ...]:
    return tuple((name, part) for name, part in shares if part.count)


def _spread(
    found: Sequence[EvidenceRow], said: Sequence[EvidenceRow], rows: Sequence[EvidenceRow]
) -> tuple[HeardIn, ...]:
    """Where it is heard, the source that said it first at the head.

    Beside the node's own verbatims (`said`), a source counts in the quarters in which more of it says the same than the
    measure would find by chance.
    """
    from nlp.signal.following import more_than_chance

    heard = Counter((row.source, row.quarter) for row in found)
    of = Counter((row.source, row.quarter) for row in rows)
    telling = {place for place, count in heard.items() if more_than_chance(count, of[place])}
    own = {row.id for row in said}
    by_source: dict[str, list[EvidenceRow]] = defaultdict(list)
    for row in {row.id: row for row in (*said, *found)}.values():
        if row.id in own or (row.source, row.quarter) in telling:
            by_source[row.source].append(row)
    places = [
        HeardIn(
            source=source,
            people=len(respondents(rows)),
            first=min((row.date for row in rows if row.date), default=None),
        )
        for source, rows in by_source.items()
    ]
    return tuple(sorted(places, key=lambda item: (item.first or "9999", -item.people, item.source)))


def spread_words(spread: Sequence[HeardIn]) -> str:
    """Who says it first and where, and where it was taken up after that."""
    parts = []
    for item in spread:
        day = f" ({item.first}, {_people(item.people)})" if item.first else f" ({_people(item.people)})"
        parts.append(f"{SOURCE_WORDS.get(item.source, item.source)}{day}")
    return f"First in {', then in '.join(parts)}." if parts else ""


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"
