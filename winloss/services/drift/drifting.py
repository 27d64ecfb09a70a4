"""Drift verdicts: every cell of every quarter, computed where its evidence changed, held against the quarter's deck.

What is stored is each cell by itself. What a cell comes to among all cells of its quarter, and what people decided
about its nodes, is worked out when verdicts are read (`winloss.services.drift.settling`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from winloss.model import DriftVerdict, EvidenceRow, Scope, State, fingerprint
from winloss.ports import Workbench
from winloss.services.drift import covering, naming_nodes, noticing, strata
from winloss.services.drift.drift_cells import Evidence, Leaf, earlier, evidence_of
from winloss.services.drift.settling import RATE

if TYPE_CHECKING:
    from nlp.signal.drift_settings import DriftSettings

DRIFT_VERSION = 8
WIDEST = 4
"""Quarters of the widest window: so many more than the history are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of one quarter: where its evidence lies, and whether it holds enough people to be tested."""

    quarter: str
    scope: Scope
    leaves: tuple[Leaf, ...]
    testable: bool


def judge_drift(bench: Workbench) -> int:
    """Compute the drift verdict of every quarter and cell whose evidence changed; returns how many were computed.

    The newest quarter comes first, and every verdict is kept as soon as it is there.
    """
    evidence = evidence_of(bench.store.evidence())
    _drop_gone(bench, evidence)
    stale = [work for quarter in reversed(evidence.quarters) for work in _stale(bench, evidence, quarter)]
    _put(bench, [(work, _untested(evidence, work.cell)) for work in stale if not work.cell.testable])
    tested = [work for work in stale if work.cell.testable]
    known: dict[str, DriftVerdict] = {}
    with bench.progress.track("testing for drift", total=len(tested)) as advance:
        for work in tested:
            verdict = known.get(work.mark) or _computed(bench, evidence, work)
            known[work.mark] = verdict
            _put(bench, [(work, replace(verdict, scope=work.cell.scope))])
            advance(1)
    covering.hold_against_decks(bench)
    noticing.tell_the_ledger(bench)
    return len(stale)


def cells_of(bench: Workbench, evidence: Evidence, quarter: str) -> list[Cell]:
    """The cells of a quarter; few of them hold enough people to be tested."""
    from nlp.signal.windows import MIN_CURRENT, MIN_HISTORY

    quarters = earlier(evidence.quarters, quarter, bench.settings.drift_history + WIDEST)
    cells = []
    for scope in evidence.scopes(quarter):
        leaves = tuple(evidence.of(scope, quarters))
        now, before = evidence.heard(leaves, quarter)
        testable = now >= MIN_CURRENT and before >= MIN_HISTORY
        cells.append(Cell(quarter=quarter, scope=scope, leaves=leaves, testable=testable))
    return cells


def drift_of(
    bench: Workbench, members: Sequence[EvidenceRow], quarter: str, scope: Scope, *, permutations: int | None = None
) -> DriftVerdict:
    """The verdict on these rows, of which those of `quarter` are current and the earlier ones history."""
    from nlp.signal.drift import drift

    return drift(
        bench.vectors().get([row.key for row in members]),
        ids=[row.id for row in members],
        respondents=[row.respondent for row in members],
        quarters=[str(row.quarter) for row in members],
        strata=strata.strata_of(members, quarter),
        sampling=[f"{row.segment}|{row.source}|{row.role}" for row in members],
        current=quarter,
        scope=scope,
        dates=[row.date for row in members],
        settings=settings_of(bench, permutations),
    )


def settings_of(bench: Workbench, permutations: int | None = None) -> DriftSettings:
    """The settings of the workspace, with the constants that were fitted to its model."""
    from nlp.signal.drift import settings_for

    settings = bench.settings
    return settings_for(
        bench.encoder().fingerprint,
        permutations=permutations or settings.drift_permutations,
        history=settings.drift_history,
        delta=settings.drift_delta,
        seed=settings.seed,
    )


def permutations_of(bench: Workbench, tested: int) -> int:
    """Permutations enough for so many cells tested together, in steps, so that one cell more changes nothing.

    Ten times the cells over the false discovery rate, so that the smallest p there can be is a tenth of what the
    strictest cell must reach (Benjamini & Hochberg 1995; see `nlp.signal.streaks.permutations_for`).
    """
    permutations = bench.settings.drift_permutations
    while permutations < 10 * tested / RATE:
        permutations = 2 * permutations + 1
    return permutations


# --- one quarter -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """A cell to judge, with the permutations it needs and the mark of what the verdict will be made from.

    Cells that hold the same evidence have the same mark: a workspace with one segment is not tested twice.
    """

    cell: Cell
    permutations: int
    mark: str


def _stale(bench: Workbench, evidence: Evidence, quarter: str) -> list[_Work]:
    cells = cells_of(bench, evidence, quarter)
    permutations = permutations_of(bench, sum(cell.testable for cell in cells))
    settings = repr(settings_of(bench, permutations))
    base = fingerprint(DRIFT_VERSION, naming_nodes.VERSION, bench.encoder().fingerprint, settings, quarter)
    works = [
        _Work(cell=cell, permutations=permutations, mark=fingerprint(base, evidence.mark(cell.leaves)))
        for cell in cells
    ]
    return [work for work in works if bench.store.stage(stage_name(quarter, work.cell.scope)) != work.mark]


def stage_name(quarter: str, scope: Scope) -> str:
    """The stage that remembers what a cell's verdict was made from."""
    return f"drift:{quarter}:{scope.facet}:{scope.segment}:{scope.role}"


def _computed(bench: Workbench, evidence: Evidence, work: _Work) -> DriftVerdict:
    cell = work.cell
    rows = evidence.rows(cell.leaves)
    verdict = drift_of(bench, rows, cell.quarter, cell.scope, permutations=work.permutations)
    return replace(verdict, nodes=naming_nodes.named(bench, verdict.nodes, rows))


def _untested(evidence: Evidence, cell: Cell) -> DriftVerdict:
    """What is said of a cell that holds too few people: only how many it holds."""
    from nlp.signal.wording import sentence

    now, before = evidence.heard(cell.leaves, cell.quarter)
    statistics: dict[str, float | int | str | None] = {
        "respondents_current": now,
        "respondents_history": before,
        "respondents_new_population": 0,
    }
    words = sentence(State.UNDERPOWERED, (), statistics, None, 0, tested=False)
    return DriftVerdict(
        quarter=cell.quarter,
        scope=cell.scope,
        state=State.UNDERPOWERED,
        sentence=words,
        flags=(),
        statistics=statistics,
    )


def _put(bench: Workbench, judged: Sequence[tuple[_Work, DriftVerdict]]) -> None:
    if not judged:
        return
    with bench.store.transaction(sources=False) as transaction:
        for work, verdict in judged:
            transaction.put_verdicts([verdict], work.mark)
            transaction.set_stage(stage_name(work.cell.quarter, work.cell.scope), work.mark)


def _drop_gone(bench: Workbench, evidence: Evidence) -> None:
    """Take away the verdicts of cells in which nobody is heard any more: corrections and labels move people."""
    here = {(quarter, scope) for quarter in evidence.quarters for scope in evidence.scopes(quarter)}
    gone = [verdict for verdict in bench.store.verdicts() if (verdict.quarter, verdict.scope) not in here]
    if gone:
        with bench.store.transaction(sources=False) as transaction:
            transaction.drop_verdicts([(verdict.quarter, verdict.scope) for verdict in gone])
            for verdict in gone:
                transaction.set_stage(stage_name(verdict.quarter, verdict.scope), "")
