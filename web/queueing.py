"""What may be done with a job that was asked for, on its page and by programs alike; and where a job leads to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Response, jsonify, url_for

from web import signing_in
from winloss.errors import NoAccess, QueryError
from winloss.ports import Workbench
from winloss.services.quote_rights import hidden_names
from winloss.services.workspace import jobs as queue
from winloss.services.workspace.jobs import Job, JobKind

BY_ITSELF, GO_ON = "by-itself", "go-on"
"""What the page of a job is asked to do: to load itself again and to lead on, or to lead on where it is done."""


def page_of(job: Job) -> str:
    """Where whoever asks for a job goes: to its page, which leads on at once where it is done by then."""
    return f"{url_for('jobs.job', job_id=job.id)}?{GO_ON}=1"


def leads_to(job: Job) -> str | None:
    """The page of what a job made, where it made something that is opened."""
    if "report" in job.result:
        return url_for("reports.report", report_id=job.result["report"])
    if "beliefs" in job.result:
        return url_for("beliefs.register")
    return url_for("audit.audit", audit_id=job.result["audit"]) if "audit" in job.result else None


def accepted(told: Mapping[str, object], job: Mapping[str, Any] | None) -> Response:
    """What the API answers: 202 where a job does what was asked for, with where to ask after it, else 200."""
    answer = jsonify(told)
    if job is not None:
        answer.status_code = 202
        answer.headers["Location"] = url_for("api.job_answer", job_id=job["id"])
    return answer


def shown_job(bench: Workbench, job: Job) -> Job:
    """The job, the remarks that it came to naming nobody who may not be named today; those of open ones never did."""
    if job.is_open or not job.result.get("files"):
        return job
    return replace(job, result=hidden_names.hidden_names(bench).in_result(job.result))


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
