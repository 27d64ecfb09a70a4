"""What drift has to say about themes, told to the ledger of themes: a theme that what emerges, or fades, lies in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from winloss.model import Cause, DriftNode, DriftVerdict, EvidenceRow, Theme, ThemeEvent
from winloss.ports import Workbench
from winloss.services.drift import verdicts as reading
from winloss.services.drift.settling import heading
from winloss.services.drift.signals import rests_on

MOSTLY = 0.5
"""Share of a node's verbatims that must lie in one theme for the node to be that theme's news."""
TOLD = ("emerging", "fading")
EVERY = 10**6


def tell_the_ledger(bench: Workbench) -> int:
    """Add to the ledger which themes emerge or fade, each once a quarter; returns how many events were added.

    Only cells of everybody speak for a theme: what one segment says alone stands in the segment's verdict.
    """
    rows = {row.id: row for row in bench.store.evidence()}
    themes = {theme.id: theme for theme in bench.store.themes()}
    known = {(event.theme_id, event.what, event.reason[:10]) for event in bench.store.theme_events(limit=EVERY)}
    events: dict[tuple[str, str, str], ThemeEvent] = {}
    for verdict, node in _nodes(reading.verdicts(bench)):
        theme = theme_of(node, rows, themes)
        if theme is not None:
            event = _event(bench, verdict, node, theme, rows)
            events.setdefault((event.theme_id, event.what, event.reason[:10]), event)
    fresh = [event for key, event in events.items() if key not in known]
    if fresh:
        with bench.store.transaction(sources=False) as transaction:
            transaction.put_theme_events(fresh)
    return len(fresh)


def theme_of(node: DriftNode, rows: Mapping[str, EvidenceRow], themes: Mapping[str, Theme]) -> Theme | None:
    """The theme that most of a node's verbatims lie in, or None where they lie in several, or in none."""
    counts = Counter(rows[name].theme_id for name in node.verbatims if name in rows)
    if not counts:
        return None
    name, most = max(counts.items(), key=lambda item: (item[1], str(item[0])))
    return themes.get(str(name)) if most >= MOSTLY * len(node.verbatims) else None


def _nodes(verdicts: Iterable[DriftVerdict]) -> Iterable[tuple[DriftVerdict, DriftNode]]:
    for verdict in verdicts:
        if verdict.scope.segment is None and verdict.scope.role is None:
            yield from ((verdict, node) for node in heading(verdict) if node.kind in TOLD)


def _event(
    bench: Workbench, verdict: DriftVerdict, node: DriftNode, theme: Theme, rows: Mapping[str, EvidenceRow]
) -> ThemeEvent:
    here = sum(1 for name in node.verbatims if name in rows and rows[name].theme_id == theme.id)
    reason = f"in {verdict.quarter}: {rests_on(node)}; {here} of its {len(node.verbatims)} verbatims lie here"
    return ThemeEvent(
        theme_id=theme.id,
        facet=theme.facet,
        what=node.kind,
        cause=Cause.DATA,
        reason=reason,
        at=bench.clock.now(),
    )
