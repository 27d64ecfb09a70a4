"""What a drift verdict says in plain words, with its counts and denominators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nlp.signal.windows import MIN_CURRENT
from winloss.model import DriftNode, State

RARE = 0.01
"""Share of the people before up to which a theme cannot be called known."""


def sentence(
    state: State,
    nodes: Sequence[DriftNode],
    statistics: Mapping[str, float | int | str | None],
    mds: float | None,
    needed: int,
    *,
    tested: bool,
) -> str:
    """One or two sentences that a marketer can read out."""
    people = statistics["respondents_current"]
    before = statistics["respondents_history"]
    if not tested and _strangers(statistics):
        return (
            f"A new population: {statistics['respondents_new_population']} of {people} people this quarter are of a "
            f"segment or source that was never heard before, so there is nothing to compare them with."
        )
    if not tested:
        return (
            f"Too few voices to judge: {people} people this quarter and {before} before; at least 15 and 45 (over two "
            f"earlier quarters) are needed."
        )
    if state is State.LAUNDERED:
        return _laundered(next(node for node in nodes if node.covered is False))
    if state is State.NEW_SIGNAL:
        return _counted(next(node for node in nodes if node.kind == "emerging"), "say something that")
    if state is State.NARROWED and statistics.get("narrowed_by") == "other people":
        return (
            f"Other people were asked: themes seem to fade among the {people} people heard, but not within the "
            f"segments and sources they come from. What is missing cannot be called settled."
        )
    if state is State.NARROWED:
        ratio = float(statistics["sampling_ratio"] or 0)
        return (
            f"The sampling narrowed: {people} people were heard, but from {ratio:.0%} of the usual variety of "
            f"segments, sources and roles. What is missing cannot be called settled."
        )
    if state is State.SHIFTING:
        return _shift(nodes[0])
    if state is State.SATURATED:
        return (
            f"Nothing new: {people} people were heard against {before} before, and a new theme held by {mds:.0%} of "
            f"them or more would have been seen with at least 80% probability."
        )
    seen = f"a new theme below {mds:.0%} would have been missed" if mds else "even a theme held by 30% could be missed"
    return (
        f"Nothing new was seen, but {seen}: {people} people this quarter, {before} before. About {needed} more people "
        f"would settle it."
    )


def _strangers(statistics: Mapping[str, float | int | str | None]) -> bool:
    """Enough people were heard, but too few of them in a segment and source that was heard before."""
    people, strangers = int(statistics["respondents_current"] or 0), int(statistics["respondents_new_population"] or 0)
    return people - strangers < MIN_CURRENT <= people


def _laundered(node: DriftNode) -> str:
    closest = f"the closest is “{node.closest}”" if node.closest else "it states no theme"
    return f"{_counted(node, 'say something that')} The synthesis does not cover it; {closest}."


def _counted(node: DriftNode, verb: str) -> str:
    when = "this quarter" if node.window == 1 else f"in the last {node.window} quarters"
    return (
        f"{node.current} of {node.current_base} people {when} {verb} {node.history} of {node.history_base} said "
        f"before, within the same segments and sources."
    )


def _shift(node: DriftNode) -> str:
    when = "this quarter" if node.window == 1 else f"in the last {node.window} quarters"
    now, before = (
        f"{node.current} of {node.current_base} people {when}",
        f"{node.history} of {node.history_base} before",
    )
    if node.kind == "fading":
        return f"Less is heard of a known theme: {now}, {before}. Nothing new was heard."
    if node.history <= RARE * node.history_base:
        return f"A theme that hardly anyone named before keeps being heard: {now}, {before}."
    return f"A known theme is heard more: {now}, {before}. Nothing new was heard."
