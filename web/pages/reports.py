"""The quarterly synthesis: chosen and previewed here, read and downloaded as a document of its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web import asking, handing
from winloss.errors import NotFound, QueryError
from winloss.model import Filters, Report
from winloss.ports import Workbench
from winloss.services import browsing, journal
from winloss.services.reports import drafting, reporting
from winloss.services.search import searching

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


def make_blueprint(bench: Workbench) -> Blueprint:
    """`/report`, `/report/draft`, `/report/compare`, `/report/view` and `/report/download`."""
    pages = Blueprint("reports", __name__)

    @pages.get("/report")
    def report() -> ResponseReturnValue:
        quarters = browsing.quarters(bench)
        quarter, filters = _asked(bench)
        found = reporting.compose(bench, quarter, filters) if quarter else None
        wished = _draft_wished(bench)
        drafted = drafting.draft(bench, found, ask=False) if found and wished else None
        return render_template(
            "report.html",
            report=drafted.report if drafted else found,
            drafted=drafted,
            leaving=drafting.leaving(bench, found) if found and drafted and drafted.lacking else None,
            can_draft=drafting.is_configured(bench),
            quarter=quarter,
            quarters=quarters,
            filters=filters,
            values=searching.filter_values(bench),
            address={**asking.address_of(filters), "quarter": quarter, **({"draft": "true"} if wished else {})},
            forms=FORMS,
            templates=tuple(INTO),
        )

    @pages.post("/report/draft")
    def draft() -> ResponseReturnValue:
        quarter, filters = _asked(bench)
        found = reporting.compose(bench, known(quarter), filters)
        drafting.draft(bench, found, ask=True)
        address = {**asking.address_of(filters), "quarter": quarter, "draft": "true"}
        return redirect(url_for("reports.report", **address), 303)

    @pages.get("/report/compare")
    def compare() -> ResponseReturnValue:
        quarters = browsing.quarters(bench)
        quarter, filters = _asked(bench)
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

    @pages.get("/report/view")
    def view() -> ResponseReturnValue:
        g.own_styles = True
        found, _ = _composed(bench)
        return reporting.render_report(bench, found, suffix=".html", link=_permalink, deals_link=_deals)

    @pages.get("/report/download")
    def download() -> ResponseReturnValue:
        return _handed_out(bench, f".{request.args.get('as', 'html')}", None)

    @pages.post("/report/download")
    def download_in_template() -> ResponseReturnValue:
        sent = request.files.get("template")
        suffix = INTO.get(PurePath(sent.filename or "").suffix.casefold()) if sent else None
        if sent is None or suffix is None:
            raise QueryError("no template was chosen", hint=f"Choose a file that ends in {', '.join(INTO)}.")
        return _handed_out(bench, suffix, sent.stream.read())

    return pages


def _handed_out(bench: Workbench, suffix: str, template: bytes | None) -> Response:
    found, filters = _composed(bench)
    reporting.verify(bench, found, suffix=suffix, link=_whole_permalink)
    made = reporting.render_report(
        bench, found, suffix=suffix, link=_whole_permalink, template=template, deals_link=_whole_deals
    )
    journal.note(bench, journal.HANDED_OUT, f"report of {found.quarter} ({suffix[1:]})")
    against = request.args.get("against")
    parts = (*(("against", against) if against else ()), *filters.segment)
    name = "-".join(["winloss", found.quarter, *map(_slug, parts)]) + suffix
    answer = Response(made, content_type=TYPES[suffix])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _composed(bench: Workbench) -> tuple[Report, Filters]:
    asked, filters = _asked(bench)
    quarter = known(asked)
    against = asking.quarter_of(request.args, name="against")
    if against:
        return reporting.compose_against(bench, quarter, against, filters), filters
    found = reporting.compose(bench, quarter, filters)
    return drafting.draft(bench, found, ask=False).report if _draft_wished(bench) else found, filters


def known(quarter: str | None) -> str:
    """The quarter, where there is any.

    Raises:
        NotFound: there is no quarter to report on.
    """
    if quarter is None:
        raise NotFound("there is no quarter to report on yet", hint="Run `winloss ingest`, then `winloss analyse`.")
    return quarter


def _draft_wished(bench: Workbench) -> bool:
    """Whether drafted sentences are to be shown; only where a language model is configured."""
    return drafting.is_configured(bench) and asking.yes_of(request.args, "draft")


def _asked(bench: Workbench) -> tuple[str | None, Filters]:
    quarters = browsing.quarters(bench)
    filters = asking.filters_of(request.args, without=("quarter",))
    searching.check_filters(bench, filters)
    quarter = asking.quarter_of(request.args, default=quarters[-1] if quarters else None)
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
