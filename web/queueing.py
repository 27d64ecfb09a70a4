"""What may be done with a job that was asked for, on its page and by programs alike."""

from __future__ import annotations

from dataclasses import replace

from web import signing_in
from winloss.errors import NoAccess, QueryError
from winloss.ports import Workbench
from winloss.services.quote_rights import hidden_names
from winloss.services.workspace import jobs as queue
from winloss.services.workspace.jobs import Job, JobKind


def shown_job(bench: Workbench, job: Job) -> Job:
    """The job, the remarks that it came to naming nobody who may not be named today; those of open ones never did."""
    if job.is_open or not job.result.get("files"):
        return job
    return replace(job, result=hidden_names.hidden_names(bench).in_result(job.result))


def changed_job(bench: Workbench, job_id: str, way: str) -> Job:
    """A job once it is cancelled or asked for again; who may not forget may do neither with forgetting.

    Raises:
        NotFound, Conflict: there is no such job, or it cannot be done with it.
        NoAccess: it is forgetting, and whoever asks may not do that.
        QueryError: there is no such way.
    """
    if queue.find(bench, job_id).kind is JobKind.FORGET and not signing_in.allowed("forgetting.forget"):
        raise NoAccess("only who may forget may do that", hint="Ask an admin.")
    if way == "cancel":
        return queue.cancel(bench, job_id)
    if way == "again":
        return queue.again(bench, job_id)
    raise QueryError("nothing to do was named", hint="Known: again, cancel.")
