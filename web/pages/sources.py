"""Where everything comes from: files with their findings, documents with their versions."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web import asking, coders, signing_in
from web.asking import Args
from web.presenters import chosen_values, speaker_lines
from winloss.ports import Workbench
from winloss.services import browsing
from winloss.services.erasure import tombstones
from winloss.services.quote_rights import rights
from winloss.services.search import searching
from winloss.services.sources import speaking, staging
from winloss.services.workspace import jobs
from winloss.services.workspace.status import status

PAGE = 50
UNANSWERED = ("role", "mode", "facet", "theme", "tag")
"""The filters that only verbatims can answer."""


def make_blueprint(bench: Workbench) -> Blueprint:
    """`/sources` and `/documents/<id>`."""
    pages = Blueprint("sources", __name__)

    @pages.get("/sources")
    def sources() -> ResponseReturnValue:
        filters = asking.filters_of(request.args, without=UNANSWERED)
        searching.check_filters(bench, filters)
        offset = asking.number_of(request.args, "offset", default=0, low=0, high=1_000_000)
        documents = browsing.documents(bench, filters)
        files = browsing.files(bench)
        known = jobs.jobs(bench)
        return render_template(
            "sources.html",
            status=status(bench),
            files=files,
            findings=sum(len(file.findings) for file in files),
            documents=rights.as_held(bench, documents[offset : offset + PAGE]),
            verbatims=browsing.verbatims_of_documents(bench),
            holds=browsing.files_hold(bench),
            forgotten=tombstones.told(bench),
            jobs_ever=bool(known),
            open_jobs=[job for job in known if job.is_open][::-1],
            uploads=waiting(bench),
            total=len(documents),
            offset=offset,
            size=PAGE,
            filters=filters,
            chosen=chosen_values(filters),
            address=asking.address_of(filters),
            values=searching.filter_values(bench),
            quarters=browsing.quarters(bench),
        )

    @pages.get("/documents/<document_id>")
    def document(document_id: str) -> ResponseReturnValue:
        version = asking.number_of(request.args, "version", default=0, low=0, high=1_000_000) or None
        view = browsing.document(bench, document_id, version)
        file = next((item for item in browsing.files(bench) if item.id == view.document.file_id), None)
        newest = view.document.version == view.versions[-1].version
        return render_template(
            "document.html",
            view=view,
            file=file,
            lines=speaker_lines(view.turns, bench),
            here=url_for("sources.document", document_id=document_id),
            people=speaking.people(bench, document=document_id) if newest else [],
            said=speaking.said_in(bench, document_id) if newest else [],
            roles=[(role.name, role.label) for role in bench.codebook.roles],
            changed=asking.number_of(request.args, "changed", default=-1, low=0, high=10**9),
        )

    @pages.post("/documents/<document_id>/speakers")
    def correct(document_id: str) -> ResponseReturnValue:
        done = _corrected(bench, browsing.document(bench, document_id).document.id, request.form)
        here = url_for("sources.document", document_id=document_id, changed=done.turns)
        return redirect(f"{here}#speakers", code=303)

    return pages


def waiting(bench: Workbench) -> list[staging.Upload]:
    """What was handed over and nobody has asked to take in, for whoever may do that."""
    if not signing_in.allowed("taking_in.upload"):
        return []
    return [item for item in staging.uploads(bench) if staging.asked_for(bench, item.id) is None]


def _corrected(bench: Workbench, document_id: str, form: Args) -> speaking.Assigned:
    if correction := form.get("take_back"):
        return speaking.take_back(bench, correction)
    everywhere = form.get("where") == "everywhere" and not form.get("name")
    target = speaking.target_of(
        bench, form.get("who", ""), document_id, turns=asking.turns_of(form), everywhere=everywhere
    )
    return speaking.assign(
        bench,
        target,
        side=asking.side_of(form),
        title=form.get("title"),
        role=form.get("role"),
        name=form.get("name"),
        author=coders.author(form.get("by")),
    )
