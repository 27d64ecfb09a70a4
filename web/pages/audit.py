"""Decks held against the verbatims: dropped, read, kept as a quarter's synthesis, taken away, and handed on."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web import coders
from web.presenters import permalink
from web.queueing import page_of
from winloss.errors import QueryError
from winloss.model import Filters
from winloss.ports import Workbench
from winloss.report.audit_texts import GRADE_WORDS, KINDS, basis, headline, heard, left_out_line
from winloss.services import browsing, doing, journal
from winloss.services.audit import asking_audits, audit_files, keeping_decks, passing
from winloss.services.audit.asking_audits import Wish
from winloss.services.workspace.jobs import Job

FILES = {
    ".html": "a page",
    ".json": "JSON",
    ".docx": "the deck with comments",
    ".pptx": "the deck with notes",
    ".pdf": "the deck with sticky notes",
    ".md": "the text with footnotes",
    ".txt": "the text with footnotes",
}
"""Suffix -> what such a file of an audit is."""


def make_blueprint(bench: Workbench) -> Blueprint:
    """`/audit`."""
    pages = Blueprint("audit", __name__)

    @pages.get("/audit")
    def audits() -> str:
        return render_template(
            "audits.html",
            decks=keeping_decks.decks(bench),
            seen=passing.listed(bench),
            quarters=list(reversed(browsing.quarters(bench))),
            segments=browsing.segments(bench),
        )

    @pages.post("/audit")
    def drop() -> ResponseReturnValue:
        form, me = request.form, coders.coder()
        if form.get("do") == "undo":
            doing.undo(bench, by=me)
            return redirect(url_for("audit.audits"), code=303)
        sent = request.files.get("deck")
        if sent is None or not sent.filename:
            raise QueryError("no deck was chosen", hint="Choose a PPTX, DOCX, PDF or Markdown file, then send it.")
        filters = Filters(segment=(form["segment"],)) if form.get("segment") else Filters()
        wish = Wish(quarter=form.get("quarter") or None, filters=filters, keep=bool(form.get("keep")), by=me)
        found = asking_audits.ask(bench, sent.filename, sent.stream.read(), wish)
        return redirect(page_of(found) if isinstance(found, Job) else _audit_page(found), code=303)

    @pages.get("/audit/<audit_id>")
    def audit(audit_id: str) -> str:
        found, _ = keeping_decks.opened(bench, audit_id)
        return render_template(
            "audit.html",
            audit=found,
            headline=headline(found),
            basis=basis(found),
            heard=heard,
            left_out_line=left_out_line,
            grades=GRADE_WORDS,
            kinds=KINDS,
            files={suffix: FILES[suffix] for suffix in audit_files.forms(found)},
        )

    @pages.post("/audit/<audit_id>")
    def change(audit_id: str) -> ResponseReturnValue:
        me = coders.coder()
        if request.form.get("do") == "keep":
            kept = keeping_decks.keep_opened(bench, audit_id, by=me)
            return redirect(_audit_page(kept.id), code=303)
        if request.form.get("do") == "remove":
            keeping_decks.remove(bench, audit_id, by=me)
            return redirect(url_for("audit.audits", removed=1), code=303)
        raise QueryError("nothing to do was named", hint="Go back, load the page again, and send it once more.")

    @pages.get("/audit/<audit_id>/file")
    def handed(audit_id: str) -> Response:
        found, content = keeping_decks.opened(bench, audit_id)
        suffix = f".{request.args.get('as') or 'html'}"
        made = audit_files.as_file(bench, found, content, suffix=suffix, link=permalink)
        journal.note(bench, journal.HANDED_OUT, f"audit of {found.name} ({suffix[1:]})")
        answer = Response(made, content_type=audit_files.TYPES[suffix])
        name = quote(f"{found.name.rpartition('.')[0] or found.name} audited{suffix}".replace("/", "-"))
        answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
        return answer

    return pages


def _audit_page(audit_id: str) -> str:
    return url_for("audit.audit", audit_id=audit_id)
