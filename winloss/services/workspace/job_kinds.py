"""What can be asked for as a job, how it may stand, who may ask for it, and what is done beside what.

What changes the evidence is done one after another. What only reads it does not wait for that: a report is made, or a
deck audited, while files are taken in, and while a language model takes its time over another report.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from winloss.model import Access


class JobKind(StrEnum):
    """What can be asked for."""

    TAKE_IN = "take in"
    UPDATE = "bring up to date"
    FORGET = "forget"
    REPORT = "report"
    DRAFT = "draft"
    AUDIT = "audit"
    READ = "read for beliefs"


class JobState(StrEnum):
    """How a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    CANCELLED = "cancelled"


OPEN = (JobState.WAITING, JobState.RUNNING)
AGAIN = (JobState.FAILED, JobState.INTERRUPTED, JobState.CANCELLED)
"""States from which a job can be asked for again."""
NEEDS: Mapping[JobKind, Access] = {
    JobKind.TAKE_IN: Access.RESEARCHER,
    JobKind.UPDATE: Access.RESEARCHER,
    JobKind.FORGET: Access.ADMIN,
    JobKind.REPORT: Access.VIEWER,
    JobKind.DRAFT: Access.RESEARCHER,
    JobKind.AUDIT: Access.RESEARCHER,
    JobKind.READ: Access.RESEARCHER,
}
"""Kind -> what whoever asks must at least be allowed, when they ask and still when it is done."""
LANES: Mapping[str, tuple[JobKind, ...]] = {
    "worker.lock": (JobKind.TAKE_IN, JobKind.UPDATE, JobKind.FORGET),
    "reports.lock": (JobKind.REPORT, JobKind.AUDIT),
    "drafts.lock": (JobKind.DRAFT,),
    "beliefs.lock": (JobKind.READ,),
}
"""Lock of whoever does them -> kinds that are done one after another, each lane beside the others."""
