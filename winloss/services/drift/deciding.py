"""People confirm, dismiss or watch what a verdict points at. It holds until it is taken back, over every analysis.

A confirmed node becomes a theme, or joins the one that it lies in, by the same decisions that people make about themes
(`winloss.services.themes.curation`): so it can be renamed, merged and taken back like any other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from winloss.errors import NotFound, QueryError
from winloss.model import (
    Decided,
    DriftNode,
    DriftVerdict,
    EvidenceRow,
    Kept,
    NodeDecided,
    NodeDecision,
    Scope,
    Theme,
    ThemeDecision,
    Watched,
    stable_id,
)
from winloss.ports import Workbench
from winloss.services import doing
from winloss.services.drift.drift_cells import in_scope
from winloss.services.drift.settling import decision_on
from winloss.services.drift.signals import SOURCE_WORDS, find, followed
from winloss.services.evidence import trend
from winloss.services.library import library
from winloss.services.research.coding import coder_name
from winloss.services.themes.curation import LONGEST_TITLE

DONE = {NodeDecided.CONFIRM: "confirmed", NodeDecided.DISMISS: "dismissed", NodeDecided.WATCH: "watches"}
JOINS = 0.5
"""Share of a node's verbatims that lie in one theme, and of that theme's that the node must be, for it to be that."""
LONGEST_REASON = 500


def confirm(bench: Workbench, node: str, *, by: str | None, title: str = "") -> NodeDecision:
    """Make a node a theme of its own, or let it join the theme that it is for the most part.

    Raises:
        NotFound: no verdict points at such a node.
        QueryError: its verbatims are of no facet that has themes, a title is too long or taken, or no person's name.
    """
    verdict, found = find(bench, node)
    who, wanted = coder_name(by), _words(title, LONGEST_TITLE)
    theme_id, decisions = _as_theme(bench, found, who, wanted)
    made = _decision(bench, verdict, found, NodeDecided.CONFIRM, who, title=wanted, theme_id=theme_id)
    return _put(bench, verdict, found, made, decisions)


def dismiss(bench: Workbench, node: str, *, by: str | None, reason: str) -> NodeDecision:
    """Say that a node is nothing, and why: it stays listed and heads no verdict any more.

    Raises:
        NotFound: no verdict points at such a node.
        QueryError: no reason is given, or no person's name.
    """
    verdict, found = find(bench, node)
    why = _words(reason, LONGEST_REASON)
    if not why:
        raise QueryError("say why it is dismissed", hint="Such as: a vendor's campaign, not buyers.")
    made = _decision(bench, verdict, found, NodeDecided.DISMISS, coder_name(by), reason=why)
    return _put(bench, verdict, found, made)


def watch(bench: Workbench, node: str, *, by: str | None, title: str = "") -> NodeDecision:
    """Have a node followed: every quarter says how many people say it.

    Raises:
        NotFound: no verdict points at such a node.
        QueryError: no person's name.
    """
    verdict, found = find(bench, node)
    made = _decision(bench, verdict, found, NodeDecided.WATCH, coder_name(by), title=_words(title, LONGEST_TITLE))
    return _put(bench, verdict, found, made)


def take_back(bench: Workbench, name: str, *, by: str | None) -> NodeDecision:
    """Take back what was decided about a node, whoever decided it; a theme that it became goes with it.

    Raises:
        NotFound: nothing was decided about such a node.
        QueryError: not a person's name.
        Conflict: the decision was taken back meanwhile.
    """
    decisions = bench.store.node_decisions()
    gone = next((item for item in decisions if item.id == name), None)
    if gone is None:
        verdict, node = find(bench, name)
        gone = decision_on(node, verdict.quarter, decisions)
    if gone is None:
        raise NotFound(f"nothing was decided about {name}", hint="`winloss drift watched` lists what was.")
    rest = tuple(
        item for item in bench.store.theme_decisions() if item.made_at == gone.made_at and _made_by(item, gone)
    )
    doing.do(
        bench,
        f"took back: {DONE[gone.kind]} a signal",
        by=coder_name(by),
        before=Kept(nodes=(gone,), decisions=rest if gone.kind is NodeDecided.CONFIRM else ()),
    )
    return gone


def watched(bench: Workbench, *, everything: bool = False) -> tuple[Watched, ...]:
    """What is watched, newest first: how many people say it in each quarter. `everything`: all decided."""
    kinds = (NodeDecided.WATCH, NodeDecided.CONFIRM)
    decisions = [item for item in bench.store.node_decisions() if everything or item.kind in kinds]
    return tuple(_watched(bench, item) for item in reversed(decisions))


# --- what is decided -------------------------------------------------------------------------------------------------


def _decision(
    bench: Workbench,
    verdict: DriftVerdict,
    node: DriftNode,
    kind: NodeDecided,
    who: str,
    *,
    title: str = "",
    reason: str = "",
    theme_id: str | None = None,
) -> NodeDecision:
    scope = verdict.scope
    return NodeDecision(
        id=stable_id("k", kind.value, verdict.quarter, *node.verbatims, bench.clock.now()),
        kind=kind,
        quarter=verdict.quarter,
        verbatims=node.verbatims,
        title=title,
        made_at=bench.clock.now(),
        by=who,
        reason=reason,
        facet=scope.facet,
        segment=scope.segment,
        role=scope.role,
        theme_id=theme_id,
    )


def _put(
    bench: Workbench,
    verdict: DriftVerdict,
    node: DriftNode,
    made: NodeDecision,
    decisions: Sequence[ThemeDecision] = (),
) -> NodeDecision:
    """Keep a decision in place of an earlier one about the same node; a theme that came of that one stays."""
    earlier = decision_on(node, verdict.quarter, bench.store.node_decisions())
    if earlier is not None and earlier.quarter != made.quarter:
        earlier = None
    if earlier is not None and replace(earlier, id=made.id, made_at=made.made_at) == made:
        return earlier
    before = Kept(nodes=(earlier,)) if earlier is not None and earlier.id != made.id else Kept()
    said = made.title or node.title or "a signal"
    doing.do(
        bench,
        f"{DONE[made.kind]} the signal {said}",
        by=made.by,
        before=before,
        after=Kept(nodes=(made,), decisions=tuple(decisions)),
    )
    return made


def _words(text: str, longest: int) -> str:
    shown = " ".join(text.split())
    if len(shown) > longest:
        raise QueryError("that is too long", hint=f"Up to {longest} characters.")
    return shown


# --- as a theme ------------------------------------------------------------------------------------------------------


def _as_theme(bench: Workbench, node: DriftNode, who: str, title: str) -> tuple[str, list[ThemeDecision]]:
    """The theme that a node becomes or joins, and the decisions that make it so."""
    rows = _of_main_facet(bench, node)
    counts = Counter(row.theme_id for row in rows if row.theme_id)
    themes = {theme.id: theme for theme in bench.store.themes()}
    fullest = next((name for name, _ in counts.most_common() if name in themes), None)
    if fullest and counts[fullest] >= JOINS * len(rows) and counts[fullest] >= JOINS * themes[fullest].size:
        strangers = tuple(row.id for row in rows if row.theme_id != fullest)
        moved = [_moved(bench, themes[fullest], strangers, who)] if strangers else []
        return fullest, moved
    nearest = fullest or next((name for name, theme in sorted(themes.items()) if theme.facet == rows[0].facet), None)
    if nearest is None:
        raise QueryError("there is no theme of that facet yet", hint="Run `winloss analyse` first.")
    split = _split(bench, themes[nearest], rows, who, title or node.title)
    return str(split.into), [split]


def _of_main_facet(bench: Workbench, node: DriftNode) -> list[EvidenceRow]:
    """The node's verbatims of the facet that most of them are of: a theme is of one facet."""
    wanted = set(node.verbatims)
    rows = [row for row in library(bench).rows if row.id in wanted]
    facets = Counter(str(row.facet) for row in rows if row.facet and row.facet != "none")
    if not facets:
        raise QueryError("none of its verbatims tells anything that themes are made of", hint="Watch or dismiss it.")
    main = min(facets, key=lambda name: (-facets[name], name))
    return [row for row in rows if row.facet == main]


def _split(bench: Workbench, theme: Theme, rows: Sequence[EvidenceRow], who: str, title: str) -> ThemeDecision:
    shown = title or "Untitled"
    taken = {item.title.casefold() for item in bench.store.themes(theme.facet)}
    if shown.casefold() in taken:
        raise QueryError(f"a theme is called “{shown}” already", hint="Give it another title with --title.")
    chosen = tuple(row.id for row in rows)
    made = stable_id("h", "signal", *sorted(chosen), bench.clock.now())
    return _theme_decision(bench, theme, Decided.SPLIT, who, title=shown, into=made, verbatims=chosen)


def _moved(bench: Workbench, theme: Theme, chosen: tuple[str, ...], who: str) -> ThemeDecision:
    return _theme_decision(bench, theme, Decided.MOVE, who, into=theme.id, verbatims=chosen)


def _theme_decision(
    bench: Workbench,
    theme: Theme,
    kind: Decided,
    who: str,
    *,
    into: str,
    verbatims: tuple[str, ...],
    title: str | None = None,
) -> ThemeDecision:
    position = max((item.position for item in bench.store.theme_decisions()), default=0) + 1
    return ThemeDecision(
        id=stable_id("d", kind.value, theme.id, position, bench.clock.now()),
        kind=kind,
        theme_id=theme.id,
        position=position,
        made_at=bench.clock.now(),
        by=who,
        title=title,
        into=into,
        verbatims=verbatims,
    )


def _made_by(item: ThemeDecision, gone: NodeDecision) -> bool:
    """Whether a decision about a theme came with the confirmation of a node."""
    return item.by == gone.by and item.into == gone.theme_id and set(item.verbatims) <= set(gone.verbatims)


# --- what is watched -------------------------------------------------------------------------------------------------


def _watched(bench: Workbench, item: NodeDecision) -> Watched:
    scope = Scope(facet=item.facet, segment=item.segment, role=item.role)
    rows = list(in_scope(library(bench).rows, scope))
    quarters = sorted({str(row.quarter) for row in rows})
    found = followed(bench, item.verbatims, scope, item.quarter)
    told = [row for row in found.rows if str(row.quarter) <= (quarters[-1] if quarters else "")]
    line = trend(told, rows, [name for name in quarters if name >= item.quarter])
    newest = line[-1] if line else (item.quarter, None)
    heard = {(row.source, row.respondent) for row in told if str(row.quarter) == newest[0]}
    sources = Counter(source for source, _ in heard)
    where = ", ".join(f"{SOURCE_WORDS.get(name, name)} {count}" for name, count in sorted(sources.items()))
    share = newest[1]
    words = (
        f"{share.count} of {share.base} respondents say it in {newest[0]}{f' ({where})' if where else ''}; by the same "
        f"measure {found.before.count} of {found.before.base} did before it was found."
        if share is not None
        else "Nobody was heard since."
    )
    return Watched(
        decision=item,
        title=item.title or _title_of(bench, item),
        trend=line,
        words=words,
        verbatims=tuple(row.id for row in told if str(row.quarter) == newest[0])[:20],
    )


def _title_of(bench: Workbench, item: NodeDecision) -> str:
    """What the node is called where nobody named it: as the verdict calls it now, else its first verbatim's words."""
    for verdict in bench.store.verdicts(item.quarter):
        for node in verdict.nodes:
            if node.title and decision_on(node, verdict.quarter, [item]) is not None:
                return node.title
    passages = bench.store.passages(item.verbatims[:1])
    return " ".join(passages[0].text.split()[:8]) if passages else "Untitled"
