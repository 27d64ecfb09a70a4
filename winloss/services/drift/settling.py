"""What verdicts come to when all cells of a quarter are looked at together, and once people have decided.

A cell by itself is tested at 5 %. Over many cells some would be found by chance alone, so that an alarm holds only
where it survives Benjamini and Hochberg's step-up over the quarter's cells; one that does not is told as such. A node
that somebody dismissed stays listed and heads nothing. All of it is worked out when verdicts are read: a decision
holds at once, and nothing that was computed is lost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from winloss.model import DriftNode, DriftVerdict, NodeDecided, NodeDecision, State, stable_id

RATE = 0.10
"""The false discovery rate over the cells of a quarter."""
ALARMS = frozenset({State.LAUNDERED, State.NEW_SIGNAL, State.NARROWED})
RISING = ("emerging", "growing")
FAMILIES = {"p_rising": RISING, "p_fading": ("fading",), "p_narrowing": ()}
"""The tests of a cell that are corrected together, each over all cells, and the nodes that rest on them."""
STATE_WORDS: Mapping[State, str] = {
    State.LAUNDERED: "new signal that the synthesis does not cover",
    State.NEW_SIGNAL: "new signal",
    State.NARROWED: "the sampling narrowed",
    State.SHIFTING: "known themes shift",
    State.SATURATED: "saturated",
    State.UNDERPOWERED: "not enough evidence",
}
DISMISSED = "dismissed"
UNCOVERED = "not covered by the synthesis"
CHANCE = "not significant over {} cells"


def settled(verdicts: Iterable[DriftVerdict], decisions: Sequence[NodeDecision], *, delta: float) -> list[DriftVerdict]:
    """The verdicts, in the order given, as they hold among each other; `delta` is the share that must have been seen.

    A pooled verdict tells what its segments come to (`beside`), and its sentence names those that say otherwise.
    """
    given = [_with_ids(verdict) for verdict in verdicts]
    by_quarter: dict[str, list[int]] = defaultdict(list)
    for place, verdict in enumerate(given):
        by_quarter[verdict.quarter].append(place)
    for places in by_quarter.values():
        here = _surviving([given[place] for place in places])
        for place, (verdict, surviving, cells) in zip(places, here, strict=True):
            given[place] = _settled(verdict, surviving, cells, decisions, delta)
    return _with_segments(given)


def decision_on(node: DriftNode, quarter: str, decisions: Iterable[NodeDecision]) -> NodeDecision | None:
    """The last decision about a node: one whose verbatims are, for the most part, this node's.

    In the quarter decided on, half of the smaller of the two must be common, so that a node is found again when it is
    computed anew. In another quarter half of the node itself must be: more voices than were decided on are news again.
    """
    found = [item for item in decisions if _same(node, quarter, item)]
    return max(found, key=lambda item: (item.made_at, item.id), default=None)


def heading(verdict: DriftVerdict) -> list[DriftNode]:
    """The nodes of a settled verdict that count: neither dismissed nor chance."""
    counted = verdict.statistics.get("nodes_counted")
    kept = set(str(counted or "").split(",")) if counted is not None else None
    return [node for place, node in enumerate(verdict.nodes) if kept is None or str(place) in kept]


def _with_ids(verdict: DriftVerdict) -> DriftVerdict:
    """The verdict with ids of its nodes: the same while the same verbatim leads a node of its kind in the same cell."""
    where = verdict.quarter, verdict.scope.facet, verdict.scope.segment, verdict.scope.role
    nodes = (replace(node, id=stable_id("n", *where, node.kind, *node.verbatims[:1])) for node in verdict.nodes)
    return replace(verdict, nodes=tuple(nodes))


# --- one quarter -----------------------------------------------------------------------------------------------------


def _surviving(verdicts: Sequence[DriftVerdict]) -> list[tuple[DriftVerdict, Mapping[str, bool], int]]:
    """Each verdict with the families of tests that hold in it, and the number of cells that were tested."""
    from nlp.signal.streaks import benjamini_hochberg

    tested = [place for place, verdict in enumerate(verdicts) if verdict.statistics.get("p_rising") is not None]
    holds: list[dict[str, bool]] = [{} for _ in verdicts]
    for family in FAMILIES:
        p_values = [_p_of(verdicts[place], family) for place in tested]
        for place, rejected in zip(tested, benjamini_hochberg(p_values, RATE) if tested else [], strict=True):
            holds[place][family] = rejected
    return [(verdict, hold, len(tested)) for verdict, hold in zip(verdicts, holds, strict=True)]


def _p_of(verdict: DriftVerdict, family: str) -> float:
    """The p value of a family of tests in a cell; what narrowed by asking other people rests on another test."""
    other = family == "p_narrowing" and verdict.statistics.get("narrowed_by") == "other people"
    return float(verdict.statistics.get("p_sampling_mix" if other else family) or 0.0)


def _settled(
    verdict: DriftVerdict,
    surviving: Mapping[str, bool],
    cells: int,
    decisions: Sequence[NodeDecision],
    delta: float,
) -> DriftVerdict:
    from nlp.signal.wording import sentence

    if not surviving:
        return verdict
    alive, chance, gone = [], False, False
    for place, node in enumerate(verdict.nodes):
        if not surviving["p_rising" if node.kind in RISING else "p_fading"]:
            chance = True
        elif (said := decision_on(node, verdict.quarter, decisions)) and said.kind is NodeDecided.DISMISS:
            gone = True
        else:
            alive.append(place)
    narrowed = "narrowed" in verdict.flags and surviving["p_narrowing"]
    chance = chance or ("narrowed" in verdict.flags and not narrowed)
    nodes = [verdict.nodes[place] for place in alive]
    heard = int(verdict.statistics["respondents_current"] or 0)
    state = _state(nodes, verdict.mds, delta, heard=heard, narrowed=narrowed)
    needed = more_people(verdict, delta)
    flags = [
        *_flags(nodes, verdict.flags, narrowed=narrowed),
        *([CHANCE.format(cells)] if chance else []),
        *([DISMISSED] if gone else []),
    ]
    statistics = {
        **verdict.statistics,
        "cells_tested": cells,
        "nodes_counted": ",".join(map(str, alive)),
        "more_respondents_needed": needed if state is State.UNDERPOWERED else None,
    }
    words = sentence(state, nodes, statistics, verdict.mds, needed, tested=True)
    return replace(
        verdict,
        state=state,
        flags=tuple(dict.fromkeys(flags)),
        statistics=statistics,
        sentence=words + _rest(flags, cells),
    )


def more_people(verdict: DriftVerdict, share: float) -> int:
    """More people until a theme of `share` would be seen as well as one of the smallest seen share is now.

    The scan sees a theme by the number of people who say it, so that as many must say it: n' * share = n * mds. Never
    fewer than the rule of three asks for (3 / share). Where nothing would be seen, three tenths stand for the share.
    """
    from math import ceil

    heard = int(verdict.statistics["respondents_current"] or 0)
    voices = heard * (verdict.mds if verdict.mds is not None else 0.3)
    return max(1, ceil(max(voices / share, 3 / share)) - heard)


def _state(nodes: Sequence[DriftNode], mds: float | None, delta: float, *, heard: int, narrowed: bool) -> State:
    """The first state that matches, as in `nlp.signal.drift`: the strongest emerging node says whether a deck launders.

    "Nothing above delta" takes 3 / delta people at least. Source of the rule of three: Hanley & Lippman-Hand, JAMA 249
    (1983) 1743-1745.
    """
    emerging = [node for node in nodes if node.kind == "emerging"]
    if emerging:
        return State.LAUNDERED if emerging[0].covered is False else State.NEW_SIGNAL
    if narrowed:
        return State.NARROWED
    if nodes:
        return State.SHIFTING
    saturated = mds is not None and mds <= delta and heard >= 3 / delta
    return State.SATURATED if saturated else State.UNDERPOWERED


def _flags(nodes: Sequence[DriftNode], flags: Sequence[str], *, narrowed: bool) -> list[str]:
    """The flags of a cell without those whose node or test does not hold."""
    kinds = {node.kind for node in nodes} | ({"narrowed"} if narrowed else set())
    conditional = {"emerging", "growing", "fading", "narrowed"}
    uncovered = next((node.covered is False for node in nodes if node.kind == "emerging"), False)
    kept = [flag for flag in flags if flag not in conditional or flag in kinds]
    kept = [flag for flag in kept if flag != UNCOVERED]
    return [UNCOVERED, *kept] if uncovered else kept


def _rest(flags: Sequence[str], cells: int) -> str:
    words = ""
    if CHANCE.format(cells) in flags:
        words += f" What stands out in this cell alone is within what chance does among the {cells} cells looked at."
    if DISMISSED in flags:
        words += " What somebody dismissed is listed, and not counted."
    return words


def _same(node: DriftNode, quarter: str, decision: NodeDecision) -> bool:
    here, there = set(node.verbatims), set(decision.verbatims)
    least = min(len(here), len(there)) if decision.quarter == quarter else len(here)
    return bool(least) and 2 * len(here & there) >= least


# --- the segments beside ---------------------------------------------------------------------------------------------


def _with_segments(verdicts: Sequence[DriftVerdict]) -> list[DriftVerdict]:
    parts: dict[tuple[str, str | None, str | None], dict[str, State]] = defaultdict(dict)
    for verdict in verdicts:
        if verdict.scope.segment is not None:
            parts[verdict.quarter, verdict.scope.facet, verdict.scope.role][verdict.scope.segment] = verdict.state
    return [
        _beside(verdict, parts.get((verdict.quarter, verdict.scope.facet, verdict.scope.role), {}))
        if verdict.scope.segment is None
        else verdict
        for verdict in verdicts
    ]


def _beside(verdict: DriftVerdict, parts: Mapping[str, State]) -> DriftVerdict:
    otherwise = [
        f"{segment} says otherwise: {STATE_WORDS[state]}"
        for segment, state in sorted(parts.items())
        if state is not verdict.state and (state in ALARMS or state is State.SHIFTING)
    ]
    words = f" {'; '.join(otherwise)}." if otherwise else ""
    words = words[:1] + words[1:2].upper() + words[2:]
    return replace(
        verdict, sentence=verdict.sentence + words, beside={name: state.value for name, state in sorted(parts.items())}
    )
