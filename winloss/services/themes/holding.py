"""Letting what people decided about themes hold: over what was found, in the store, and in the ledger of events."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from winloss.model import (
    THEMED_FACETS,
    Cause,
    Decided,
    EvidenceRow,
    Facet,
    Kept,
    Theme,
    ThemeDecision,
    ThemeEvent,
    fingerprint,
)
from winloss.ports import Transaction, Workbench
from winloss.services.library import library
from winloss.services.themes.curating import Curated, curated

STAGE = "curation"
DONE = {
    Decided.RENAME: "renamed",
    Decided.MERGE: "merged",
    Decided.SPLIT: "split",
    Decided.MOVE: "moved",
    Decided.PIN: "pinned",
    Decided.ARCHIVE: "archived",
}
"""Kind of decision -> what the ledger calls it."""


def note(bench: Workbench, transaction: Transaction, before: Kept, after: Kept, *, by: str | None) -> None:
    """Write to the ledger which decisions came and went."""
    gone, made = set(before.decisions) - set(after.decisions), set(after.decisions) - set(before.decisions)
    facets = {theme.id: theme.facet for theme in bench.store.themes(dormant=True)}
    events = [
        ThemeEvent(
            theme_id=item.theme_id,
            facet=facets[item.theme_id],
            what=DONE[item.kind],
            cause=Cause.PERSON,
            reason=_reason(item) if item in made else f"taken back: {_reason(item)}",
            at=bench.clock.now(),
            by=by,
            others=(item.into,) if item.into else (),
        )
        for item in sorted(gone | made, key=lambda item: (item.position, item.id))
        if item.theme_id in facets
    ]
    transaction.put_theme_events(events)


def hold(bench: Workbench, facets: Collection[Facet] = THEMED_FACETS) -> None:
    """Let the decisions hold over what was last found, and describe the themes that they changed."""
    for facet in facets:
        found, assigned = bench.store.found_themes(facet)
        rows = rows_of(bench, facet)
        result = curated_of(bench, facet, found, {row.id: assigned.get(row.id) for row in rows})
        with bench.store.transaction(sources=False) as transaction:
            transaction.curate(facet, list(result.themes.values()), result.assignments)
    with bench.store.transaction(sources=False) as transaction:
        transaction.set_stage(STAGE, mark(bench))


def hold_if_stale(bench: Workbench) -> None:
    """The same, where a crash or a restored backup left decisions that do not hold yet."""
    decisions = bench.store.theme_decisions()
    if bench.store.stage(STAGE) != mark(bench) and (decisions or bench.store.stage(STAGE)):
        hold(bench)


def curated_of(bench: Workbench, facet: Facet, found: Sequence[Theme], assignments: dict[str, str | None]) -> Curated:
    """What holds of what was found, with the themes that changed described in the buyers' words."""
    from winloss.services.themes.describing import described

    decisions = bench.store.theme_decisions()
    result = curated(facet, found, assignments, decisions)
    return described(bench, assignments, result) if decisions else result


def mark(bench: Workbench) -> str:
    """Changes with the decisions."""
    return fingerprint(STAGE, *(item.id for item in bench.store.theme_decisions()))


def rows_of(bench: Workbench, facet: Facet) -> list[EvidenceRow]:
    """The current verbatims of a facet."""
    return [row for row in library(bench).rows if row.facet == facet.value]


def _reason(item: ThemeDecision) -> str:
    count = f"{len(item.verbatims):,} verbatim{'' if len(item.verbatims) == 1 else 's'}"
    return {
        Decided.RENAME: f"to “{item.title}”",
        Decided.MERGE: "into another",
        Decided.SPLIT: f"{count} into “{item.title}”",
        Decided.MOVE: f"{count} {'to another theme' if item.into else 'out of any theme'}",
        Decided.PIN: f"with {count}",
        Decided.ARCHIVE: "set aside",
    }[item.kind]
