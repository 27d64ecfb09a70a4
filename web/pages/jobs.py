"""Long work: what waits, how far it is, what it came to; asked for, cancelled, and asked for again."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.queueing import BY_ITSELF, GO_ON, changed_job, leads_to, shown_job
from winloss.ports import Workbench
from winloss.services.workspace import jobs as queue
from winloss.services.workspace.jobs import JobKind

REFRESH = 5
"""Seconds after which a page without scripts loads itself again, where it was asked to."""


def make_blueprint(bench: Workbench) -> Blueprint:
    """`/jobs` and `/jobs/<id>`."""
    pages = Blueprint("jobs", __name__, url_prefix="/jobs")

    @pages.get("")
    def jobs() -> str:
        return render_template("jobs.html", jobs=queue.jobs(bench), worked_on=queue.is_worked_on(bench))

    @pages.get("/<job_id>")
    def job(job_id: str) -> ResponseReturnValue:
        found = queue.find(bench, job_id)
        there = None if found.is_open else leads_to(found)
        if there and (request.args.get(BY_ITSELF) or request.args.get(GO_ON)):
            return redirect(there, code=303)
        before = queue.before(bench, found)
        worked_on = queue.is_worked_on(bench)
        told = {"job": shown_job(bench, found), "before": before, "worked_on": worked_on, "there": there}
        page = render_template("job.html", **told, seconds=REFRESH)
        answer = make_response(page)
        if found.is_open and request.args.get(BY_ITSELF):
            answer.headers["Refresh"] = str(REFRESH)
        return answer

    @pages.post("")
    def start() -> ResponseReturnValue:
        asked = queue.submit(bench, JobKind.UPDATE, "")
        return redirect(url_for("jobs.job", job_id=asked.id), code=303)

    @pages.post("/<job_id>")
    def change(job_id: str) -> ResponseReturnValue:
        changed = changed_job(bench, job_id, request.form.get("do", ""))
        return redirect(url_for("jobs.job", job_id=changed.id), code=303)

    return pages
