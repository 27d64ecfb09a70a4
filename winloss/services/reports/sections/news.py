"""What nobody had said before, with the verbatims; and what the detector hears more or less of than it did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from winloss.model import DriftNode, DriftVerdict, Passage, ReportSection, Share, State, Statement
from winloss.services.drift.settling import heading
from winloss.services.evidence import respondents, split
from winloss.services.reports.sections.frame import EXEMPLARS, Frame, Told
from winloss.services.reports.sections.words import NOT_ENOUGH, changed, counted, listed, name, of, people

NODES = 4
ROLES = 3
HEADING = "What nobody had said before"
WORDS = {"growing": "Heard more", "fading": "Heard less"}


def news(frame: Frame) -> Told:
    """What is said now and was said by nobody before, or by next to nobody: the groups that the detector points at."""
    found = [(node, told) for node in _fresh(frame)[:NODES] if (told := _statement(frame, node))]
    note = None if found else _nothing(frame)
    lead = _lead(frame, found[0][0]) if found else None
    return Told(
        section=ReportSection(heading=HEADING, statements=tuple(told for _, told in found), note=note), lead=lead
    )


def moved(frame: Frame) -> tuple[list[Statement], Statement | None]:
    """What was said before and is said by more, or fewer, people: the detector's other groups; the first in short."""
    fresh = {node.verbatims for node in _fresh(frame)}
    nodes = _distinct(frame.verdicts, lambda node: node.verbatims not in fresh)
    found = [(node, told) for node in nodes[:NODES] if (told := _statement(frame, node))]
    return [told for _, told in found], _lead(frame, found[0][0]) if found else None


def pointed_at(frame: Frame, verdict: DriftVerdict | None) -> tuple[str, ...]:
    """Some verbatims of the first group that a verdict points at, cited."""
    words = [name for node in (heading(verdict)[:1] if verdict else ()) for name in _words(node)]
    return frame.ground.cite(_one_each(frame.ground.passages(words))[:EXEMPLARS])


def is_fresh(node: DriftNode) -> bool:
    """Whether it is new: it emerges, or grows from nobody."""
    return node.kind == "emerging" or (node.kind == "growing" and node.history == 0)


def _fresh(frame: Frame) -> list[DriftNode]:
    return _distinct(frame.verdicts, is_fresh)


def _distinct(verdicts: Sequence[DriftVerdict], chosen: Callable[[DriftNode], bool]) -> list[DriftNode]:
    """The groups that count, the headline's first; one that shares most verbatims with one before is left out."""
    ordered = sorted(verdicts, key=lambda verdict: verdict.scope.facet is not None)
    kept: list[DriftNode] = []
    for node in [node for verdict in ordered for node in heading(verdict) if chosen(node)]:
        words = set(_words(node))
        if all(len(words & set(_words(other))) <= len(words) / 2 for other in kept):
            kept.append(node)
    return kept


def _words(node: DriftNode) -> tuple[str, ...]:
    """The verbatims to quote: of what fades, those that were said before."""
    return (node.said_before or node.verbatims) if node.kind == "fading" else node.verbatims


def _statement(frame: Frame, node: DriftNode) -> Statement | None:
    passages = frame.ground.passages(_words(node))
    quoted = _one_each(passages)[:EXEMPLARS]
    if not quoted:
        return None
    themes = Counter(item.theme_id for item in passages if item.theme_id).most_common(1)
    title = f"{name(node.title)}, " if node.title else ""
    lead = f" “{quoted[0].text}”" if node.kind != "fading" else ""
    word = "New" if is_fresh(node) else WORDS[node.kind]
    text = f"{word}: {title}{_counts(node)}.{_segments(frame, node)}{_who(frame, node)}{lead}"
    link = themes[0][0] if themes else None
    return frame.ground.said(text, quoted, names=(node.title,), link=link)


def _lead(frame: Frame, node: DriftNode) -> Statement | None:
    quoted = _one_each(frame.ground.passages(_words(node)))[:EXEMPLARS]
    title = f"{name(node.title)}, " if node.title else ""
    now = f"{node.current} of {node.current_base} people {_when(node)}"
    word = "New" if is_fresh(node) else WORDS[node.kind]
    text = f"{word}: {title}told by {now} and by {node.history} of {node.history_base} before."
    return frame.ground.said(text, quoted, names=(node.title,))


def _counts(node: DriftNode) -> str:
    now = Share(count=node.current, base=node.current_base, verbatims=0)
    before = Share(count=node.history, base=node.history_base, verbatims=0)
    return (
        f"{node.current} of {node.current_base} people {_when(node)}, {node.history} of {node.history_base} before "
        f"({changed(before, now)}; adjusted p = {node.p:.3f})"
    )


def _when(node: DriftNode) -> str:
    return "this quarter" if node.window == 1 else f"in the last {node.window} quarters"


def _who(frame: Frame, node: DriftNode) -> str:
    """The roles that say it, by people."""
    own = set(_words(node))
    roles = {row.respondent: row.role for row in frame.rows if row.id in own}
    ranked = sorted(Counter(roles.values()).items(), key=lambda item: (-item[1], item[0] or ""))[:ROLES]
    said = "Was said by" if node.kind == "fading" else "Said by"
    told = counted((frame.ground.codebook.role_label(role), count) for role, count in ranked)
    return f" {said} {told}." if told else ""


def _segments(frame: Frame, node: DriftNode) -> str:
    """Beside a number that is pooled over segments, the segments of those quarters, each with its own people."""
    if frame.segment is not None:
        return ""
    own = set(node.verbatims)  # of what fades, those who still say it
    place = frame.ground.quarters.index(frame.quarter) + 1
    window = frame.ground.quarters[max(0, place - node.window) : place]
    rows = [row for row in frame.rows if row.quarter in window]
    shares = split([row for row in rows if row.id in own], rows, lambda row: row.segment)
    return (
        f" By segment, each person once: {listed([f'{of(share)} in {segment}' for segment, share in shares])}."
        if shares
        else ""
    )


def _one_each(passages: Iterable[Passage]) -> list[Passage]:
    first: dict[str, Passage] = {}
    for passage in passages:
        first.setdefault(passage.respondent, passage)
    return list(first.values())


def _nothing(frame: Frame) -> str:
    if frame.headline is None or frame.headline.state is State.UNDERPOWERED:
        heard = people(len(respondents(frame.now)))
        return (
            f"{NOT_ENOUGH}: {heard} heard this quarter are too few to tell what is new from what went unheard before."
        )
    return "Nothing: no group of people says what nobody said before, beyond what chance would bring together."
