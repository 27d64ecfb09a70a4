"""Reading for beliefs as a job: a belief that is new, or new evidence, takes a while to read through."""

from __future__ import annotations

from winloss.ports import Workbench
from winloss.services.belief import beliefs, believing
from winloss.services.workspace import jobs
from winloss.services.workspace.jobs import Job, JobKind


def ask(bench: Workbench) -> Job | None:
    """Have the verbatims read for every belief that needs it; None where none does."""
    lacking = any(believing.unread(bench, belief) for belief in beliefs.listed(bench, retired=True))
    return jobs.submit(bench, JobKind.READ, "") if lacking else None


def reading(bench: Workbench) -> Job | None:
    """The job that reads for beliefs now, or is the next to; None where there is none."""
    waiting = [job for job in jobs.jobs(bench) if job.kind is JobKind.READ and job.is_open]
    return waiting[-1] if waiting else None
