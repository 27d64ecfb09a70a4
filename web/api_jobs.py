"""The API of long work and of forgetting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, request

from web.api_coding import Route, checked
from web.queueing import changed_job, shown_job
from winloss.errors import QueryError
from winloss.ports import Workbench
from winloss.services.erasure import forgetting, tombstones
from winloss.services.erasure.forgetting import Wish
from winloss.services.presenting import plain
from winloss.services.workspace import jobs

WAYS = ("update", "cancel", "again")
_JOB = {"do": str, "job": str}
_WISH = {"people": list, "documents": list, "sources": list, "account": str, "sure": bool}


def register(api: Blueprint, route: Route, bench: Workbench, page: Callable[[], tuple[int, int]]) -> None:  # noqa: ARG001
    """Add `/jobs` and `/forgetting`."""

    @route("/jobs")
    def jobs_answer() -> object:
        return _queue(bench)

    @route("/jobs/<job_id>")
    def job_answer(job_id: str) -> object:
        return {"worked_on": jobs.is_worked_on(bench), "job": _told(bench, jobs.find(bench, job_id))}

    @api.post("/jobs")
    def change_jobs() -> Response:
        told = checked(request.get_json(silent=True), _JOB)
        return jsonify({"job": _told(bench, _changed(bench, told)), **_queue(bench)})

    @route("/forgetting")
    def forgotten() -> object:
        return {"forgotten": plain(tombstones.told(bench))}

    @api.post("/forgetting")
    def forget() -> Response:
        told = checked(request.get_json(silent=True), _WISH)
        wish = Wish(
            people=tuple(told.get("people", ())),
            documents=tuple(told.get("documents", ())),
            sources=tuple(told.get("sources", ())),
            account=told.get("account"),
        )
        if not (wish.people or wish.documents or wish.sources):
            raise QueryError("nothing to forget was named", hint="Name people, documents or sources.")
        plan = forgetting.plan(bench, wish)
        job = forgetting.ask(bench, wish) if told.get("sure") else None
        return jsonify({"plan": plain(plan), "job": jobs.job_json(job) if job else None})


def _queue(bench: Workbench) -> dict[str, object]:
    return {"worked_on": jobs.is_worked_on(bench), "jobs": [_told(bench, job) for job in jobs.jobs(bench)]}


def _told(bench: Workbench, job: jobs.Job) -> dict[str, Any]:
    return jobs.job_json(shown_job(bench, job))


def _changed(bench: Workbench, told: Any) -> jobs.Job:
    way = told.get("do")
    if way == "update":
        return jobs.submit(bench, jobs.JobKind.UPDATE, "")
    if way not in WAYS:
        raise QueryError("do names none of the changes there are", hint=f"Known: {', '.join(WAYS)}.")
    return changed_job(bench, told.get("job", ""), way)
