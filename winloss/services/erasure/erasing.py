"""What is left to do once the store has forgotten: raw bytes, vectors, caches, counts, the index, free pages.

Every step brings one thing back to what the store still holds, so that all of them can be done again at any time. The
store notes that they are pending in the same commit that forgets; whoever reads in, derives or backs up next finishes
what a crash left undone.

Files are removed and the database is written anew; what a disk, or a
snapshot of it, keeps of removed files is beyond this.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from winloss.ports import Workbench
from winloss.services import readings
from winloss.services.audit import passing
from winloss.services.belief import stances
from winloss.services.reports import keeping
from winloss.services.reports.drafting import kept
from winloss.services.research import retraining
from winloss.services.search import indexing
from winloss.services.sources import copying, staging
from winloss.services.themes import tracking
from winloss.services.workspace import jobs

STAGE = "forgetting"
PENDING = "pending"
LOCK_FILE = "use.lock"


@contextmanager
def at_work(bench: Workbench) -> Iterator[None]:
    """Hold off forgetting while something is read in or derived, having finished what is pending of it."""
    from winloss.search import locked

    finish(bench)
    with locked(bench.root / LOCK_FILE, shared=True):
        yield


@contextmanager
def alone(bench: Workbench) -> Iterator[None]:
    """Wait for everybody who is at work in this workspace, and hold them off."""
    from winloss.search import locked

    with locked(bench.root / LOCK_FILE):
        yield


def is_pending(bench: Workbench) -> bool:
    """Whether something was forgotten whose traces are not all removed yet."""
    return bench.store.stage(STAGE) == PENDING


def finish(bench: Workbench) -> bool:
    """Remove the traces of what was forgotten, where that is pending; returns whether it was."""
    if not is_pending(bench):
        return False
    with alone(bench):
        remove_traces(bench)
    return True


def remove_traces(bench: Workbench) -> None:
    """Bring everything beside the store to what it still holds, and overwrite the space that was freed in it.

    Raises:
        ConfigError: another program is reading the database; everything else is done, and is done again next time.
    """
    from winloss.search import keep_only

    bench.memo.clear()
    bench.store.drop_blobs()
    keep_only(bench.root / "vectors", bench.store.text_keys())
    readings.trim(bench)
    stances.trim(bench)
    copying.trim(bench)
    retraining.trim(bench)
    kept.trim(bench)
    keeping.trim(bench)
    passing.trim(bench)
    jobs.trim(bench)
    staging.trim(bench)
    _count_again(bench)
    indexing.rebuild(bench)
    for stray in bench.root.rglob("*.part"):
        stray.unlink(missing_ok=True)
    bench.store.compact()
    with bench.store.transaction() as transaction:
        transaction.set_stage(STAGE, "")


def _count_again(bench: Workbench) -> None:
    """Retake the snapshots that went with what was forgotten, where the analysis had come that far."""
    if bench.store.snapshots() or bench.store.lineage():
        tracking.take_snapshots(bench)
        tracking.trace_lineage(bench)
