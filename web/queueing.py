"""What may be done with a job that was asked for, on its page and by programs alike; and how a job is answered."""

from __future__ import annotations

from web import signing_in
from winloss.errors import NoAccess, QueryError
from winloss.ports import Workbench
from winloss.services.workspace import jobs as queue
from winloss.services.workspace.jobs import Job, JobKind


def changed_job(bench: Workbench, job_id: str, way: str) -> Job:
    """A job once it is cancelled or asked for again, by who may do what it does.

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
