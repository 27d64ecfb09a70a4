"""Files handed over in the browser: kept, looked at with what would be read of them, explained, and taken in."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web import staged_forms
from winloss.errors import QueryError
from winloss.model import GIVEN_RIGHTS, Outcome
from winloss.ports import Workbench
from winloss.services.sources import staged, staging


def make_blueprint(bench: Workbench) -> Blueprint:
    """`/sources/uploads` and what lies under it."""
    pages = Blueprint("taking_in", __name__, url_prefix="/sources/uploads")

    @pages.post("")
    def hand_over() -> ResponseReturnValue:
        sent = [(item.filename or "", item.stream) for item in request.files.getlist("files") if item.filename]
        upload = staged.hand_over(bench, sent)
        return redirect(url_for("taking_in.upload", upload_id=upload.id), code=303)

    @pages.get("/<upload_id>")
    def upload(upload_id: str) -> str:
        found = staging.find(bench, upload_id)
        asked = request.args.get("columns")
        return render_template(
            "upload.html",
            upload=found,
            seen=staged.look(bench, found),
            job=staging.asked_for(bench, upload_id),
            asked=asked,
            table=staged.table_of(bench, found, found.file(asked)) if asked else None,
            kinds=staged.KINDS,
            segments=[segment.name for segment in bench.codebook.segments],
            outcomes=list(Outcome),
            rights=GIVEN_RIGHTS,
            sides_up_to=staged.SIDES_UP_TO,
        )

    @pages.post("/<upload_id>")
    def change(upload_id: str) -> ResponseReturnValue:
        way, name = request.form.get("do", ""), request.form.get("file", "")
        here = url_for("taking_in.upload", upload_id=upload_id)
        if way == "take":
            return redirect(url_for("jobs.job", job_id=staged.ask(bench, upload_id).id), code=303)
        if way == "drop":
            left = staging.drop(bench, upload_id, [name] if name else None)
            return redirect(here if left else url_for("sources.sources", dropped=1), code=303)
        if way == "tell":
            staged.tell(bench, upload_id, name, **staged_forms.told_of(request.form))
        elif way == "map":
            kind, fields = staged_forms.columns_of(request.form)
            staged.map_columns(bench, upload_id, name, kind, fields)
        elif way == "unmap":
            staged.map_no_more(bench, upload_id, name)
        else:
            raise QueryError("nothing to do was named", hint="Go back, load the page again, and send it once more.")
        place = [file.name for file in staging.find(bench, upload_id).files].index(name) + 1
        return redirect(f"{here}#file-{place}", code=303)

    return pages
