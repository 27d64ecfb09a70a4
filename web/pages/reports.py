"""The quarterly synthesis: asked for here and made as a job, then read, downloaded, drafted for, and kept."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import PurePath

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web import asking, handing
from web.asking import Args
from web.queueing import page_of
from winloss.errors import ConfigError, NotAllowed, NotFound, QueryError
from winloss.model import Filters
from winloss.ports import Workbench
from winloss.services import browsing, journal
from winloss.services.reports import drafting, keeping, making, reporting
from winloss.services.reports.keeping import Content, KeptReport
from winloss.services.reports.making import Wish
from winloss.services.search import searching
from winloss.services.workspace import jobs
from winloss.services.workspace.jobs import AGAIN, Job, JobKind

TOLD = ("new", "gone", "grew", "faded")
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".docx": handing.TYPES[".docx"],
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".md": handing.TYPES[".md"],
    ".csv": handing.TYPES[".csv"],
}
FORMS = {".html": "HTML", ".docx": "Word", ".pptx": "PowerPoint", ".md": "Markdown", ".csv": "Numbers (CSV)"}
INTO = {".docx": ".docx", ".dotx": ".docx", ".pptx": ".pptx", ".potx": ".pptx"}
"""How a template's name ends -> what a report in it is."""
FAILED_SHOWN = 3


def make_blueprint(bench: Workbench) -> Blueprint:
    """`/report`, what is made there, and `/report/compare`."""
    pages = Blueprint("reports", __name__, url_prefix="/report")

    @pages.get("")
    def reports() -> str:
        quarter, filters = _asked(bench, request.args)
        at_work, failed = _jobs(bench)
        return render_template(
            "reports.html",
            kept=keeping.listed(bench),
            standing=reporting.standing(bench),
            at_work=at_work,
            failed=failed,
            quarter=quarter,
            quarters=browsing.quarters(bench),
            filters=filters,
            values=searching.filter_values(bench),
            address=asking.address_of(filters),
        )

    @pages.post("")
    def ask() -> ResponseReturnValue:
        quarter, filters = _asked(bench, request.form)
        against = asking.quarter_of(request.form, name="against")
        found = making.ask(bench, Wish(quarter=known(quarter), against=against, filters=filters))
        return redirect(_there(found), code=303)

    @pages.get("/compare")
    def compare() -> ResponseReturnValue:
        quarters = browsing.quarters(bench)
        quarter, filters = _asked(bench, request.args)
        before = [name for name in quarters if quarter and name < quarter]
        other = before[-1] if before else next((name for name in quarters if name != quarter), None)
        against = asking.quarter_of(request.args, name="against", default=other)
        found = reporting.compare(bench, quarter, against, filters) if quarter and against else ()
        return render_template(
            "report_compare.html",
            found=found,
            told=TOLD,
            quarter=quarter,
            against=against,
            quarters=quarters,
            filters=filters,
            values=searching.filter_values(bench),
            address={**asking.address_of(filters), "quarter": quarter, "against": against},
        )

    _add_kept(pages, bench)
    return pages


def _add_kept(pages: Blueprint, bench: Workbench) -> None:
    """`/report/<id>`: a report that was made, and what can be done with it."""

    @pages.get("/<report_id>")
    def report(report_id: str) -> str:
        kept = keeping.find(bench, report_id)
        content, shut = _opened(bench, kept)
        drafts = content is not None and (kept.drafted is None or bool(content.lacking))
        return render_template(
            "report.html",
            kept=kept,
            content=content,
            report=content.report if content else None,
            shut=shut,
            drafted=next((it for it in keeping.listed(bench) if it.of == kept.id and content), None),
            leaving=_leaving(bench, kept) if drafts and not kept.against else None,
            fresh=kept.standing == reporting.standing(bench),
            quarters=browsing.quarters(bench),
            address=asking.address_of(kept.filters),
            forms=FORMS,
            templates=tuple(INTO),
        )

    @pages.post("/<report_id>")
    def change(report_id: str) -> ResponseReturnValue:
        if request.form.get("do") != "remove":
            raise QueryError("nothing to do was named", hint="Go back, load the page again, and send it once more.")
        keeping.remove(bench, report_id)
        return redirect(url_for("reports.reports"), code=303)

    @pages.post("/<report_id>/draft")
    def draft(report_id: str) -> ResponseReturnValue:
        return redirect(_there(making.ask_draft(bench, report_id)), code=303)

    @pages.get("/<report_id>/view")
    def view(report_id: str) -> ResponseReturnValue:
        _, content = keeping.opened(bench, report_id)
        g.own_styles = True
        return reporting.render_report(bench, content.report, suffix=".html", link=_permalink, deals_link=_deals)

    @pages.get("/<report_id>/download")
    def download(report_id: str) -> ResponseReturnValue:
        return _handed_out(bench, report_id, f".{request.args.get('as', 'html')}", None)

    @pages.post("/<report_id>/download")
    def download_in_template(report_id: str) -> ResponseReturnValue:
        sent = request.files.get("template")
        suffix = INTO.get(PurePath(sent.filename or "").suffix.casefold()) if sent else None
        if sent is None or suffix is None:
            raise QueryError("no template was chosen", hint=f"Choose a file that ends in {', '.join(INTO)}.")
        return _handed_out(bench, report_id, suffix, sent.stream.read())


def _handed_out(bench: Workbench, report_id: str, suffix: str, template: bytes | None) -> Response:
    kept, content = keeping.opened(bench, report_id)
    reporting.verify(bench, content.report, suffix=suffix, link=_whole_permalink)
    behind = dict(content.behind)
    made = reporting.render_report(
        bench,
        content.report,
        suffix=suffix,
        link=_whole_permalink,
        template=template,
        behind=lambda scope: behind.get(scope, ()),
        deals_link=_whole_deals,
    )
    journal.note(bench, journal.HANDED_OUT, f"report of {content.report.quarter} ({suffix[1:]})")
    parts = (*(("against", kept.against) if kept.against else ()), *kept.filters.segment)
    name = "-".join(["winloss", kept.quarter, *map(_slug, parts)]) + suffix
    answer = Response(made, content_type=TYPES[suffix])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def known(quarter: str | None) -> str:
    """The quarter, where there is any.

    Raises:
        NotFound: there is no quarter to report on.
    """
    if quarter is None:
        raise NotFound("there is no quarter to report on yet", hint="Run `winloss ingest`, then `winloss analyse`.")
    return quarter


def _there(found: Job | KeptReport) -> str:
    """Where somebody goes who asked: to the job, which leads on to the report by itself, or straight to it."""
    if isinstance(found, KeptReport):
        return url_for("reports.report", report_id=found.id)
    return page_of(found)


def _opened(bench: Workbench, kept: KeptReport) -> tuple[Content | None, str]:
    """What a kept report holds, or why it stays shut."""
    try:
        return keeping.opened(bench, kept.id)[1], ""
    except (NotAllowed, NotFound) as error:
        return None, error.message


def _leaving(bench: Workbench, kept: KeptReport) -> drafting.Leaving | None:
    """What drafting for a report would send, or for the rest of a drafted one; None where no model can be asked."""
    if not drafting.is_configured(bench):
        return None
    with suppress(ConfigError, NotFound, NotAllowed):
        return drafting.leaving(bench, keeping.opened(bench, kept.of or kept.id)[1].report)
    return None


def _jobs(bench: Workbench) -> tuple[list[Job], list[Job]]:
    """The reports and drafts at work, in order, and the last that did not end well."""
    own = [job for job in jobs.jobs(bench) if job.kind in (JobKind.REPORT, JobKind.DRAFT)]
    ended = [job for job in own if not job.is_open][:FAILED_SHOWN]
    return [job for job in own if job.is_open][::-1], [job for job in ended if job.state in AGAIN]


def _asked(bench: Workbench, args: Args) -> tuple[str | None, Filters]:
    quarters = browsing.quarters(bench)
    filters = asking.filters_of(args, without=("quarter",))
    searching.check_filters(bench, filters)
    quarter = asking.quarter_of(args, default=quarters[-1] if quarters else None)
    return quarter, replace(filters, facet=(), theme=())


def _permalink(verbatim_id: str) -> str:
    return url_for("finding.verbatim", verbatim_id=verbatim_id)


def _whole_permalink(verbatim_id: str) -> str:
    return url_for("finding.verbatim", verbatim_id=verbatim_id, _external=True)


def _deals(query: str) -> str:
    return f"{url_for('dealing.deals')}?{query}"


def _whole_deals(query: str) -> str:
    return f"{url_for('dealing.deals', _external=True)}?{query}"


def _slug(text: str) -> str:
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in text.casefold())
