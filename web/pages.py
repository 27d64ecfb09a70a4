"""The pages. Each is one service call or two, and one template; every state is a URL."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, make_response, render_template, request, url_for
from markupsafe import Markup

from web import presenters
from web.presenters import PER_PAGE, filters_of, whole_number
from winloss.errors import NotFound
from winloss.model import Filters, Scope
from winloss.ports import Workbench
from winloss.services import browsing, charts, reporting, searching, status

FACETS = {"pain": "Pains", "engagement": "Engagements", "proof": "Proof"}
FACET_WORDS = {
    "pain": "what it costs them today",
    "engagement": "the work they are trying to get done",
    "proof": "what evidence convinces them",
}
FILTER_NAMES = {
    "segment": "Segment",
    "role": "Role",
    "mode": "Seat",
    "facet": "Facet",
    "source": "Source",
    "outcome": "Outcome",
    "competitor": "Competitor",
    "quarter": "Quarter",
    "account": "Account",
    "tag": "Tag",
}
REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"


def make_blueprint(bench: Workbench) -> Blueprint:
    """Every page of one workspace."""
    blueprint = Blueprint("pages", __name__)

    @blueprint.context_processor
    def _common() -> dict[str, object]:
        return {
            "label": bench.settings.label,
            "role_label": bench.codebook.role_label,
            "attribution": lambda passage: searching.attribution(bench, passage),
            "marked": presenters.marked,
            "of": presenters.of,
            "percent": presenters.percent,
            "clock": presenters.clock,
            "sparkline": lambda trend: Markup(charts.sparkline(trend)),
            "bars": lambda rows: Markup(charts.bars(rows)),
            "timeline": lambda verdicts: Markup(charts.verdict_timeline(verdicts)),
            "with_value": presenters.with_value,
            "with_offset": presenters.with_offset,
            "facets": FACETS,
        }

    @blueprint.get("/")
    def home() -> str:
        known = browsing.quarters(bench)
        latest = known[-1] if known else None
        segments = browsing.segments(bench)
        tops = {
            name: browsing.theme_page(bench, Filters(segment=(name,), facet=("pain",)), quarter=latest)
            for name in segments
        }
        every = browsing.verdicts(bench)
        return render_template(
            "home.html",
            status=status.status(bench),
            quarter=latest,
            tops=tops,
            verdicts=[item for item in every if item.quarter == latest and item.scope.facet is None],
            pooled=[item for item in every if item.scope == Scope()],
            fresh=searching.search(bench, "", Filters(quarter=(latest,), facet=tuple(FACETS)), limit=5, counted=False)
            if latest
            else None,
        )

    @blueprint.get("/search")
    def search() -> str:
        filters = filters_of(request)
        query = request.args.get("q", "")
        offset = whole_number(request, "offset", 0, most=100_000)
        mode = request.args.get("mode", "hybrid")
        page = searching.search(bench, query, filters, mode=mode, limit=PER_PAGE, offset=offset)
        return render_template(
            "search.html", page=page, filters=filters, query=query, mode=mode, offset=offset, per_page=PER_PAGE,
            filter_names=FILTER_NAMES, modes=searching.MODES,
        )  # fmt: skip

    @blueprint.get("/v/<verbatim_id>")
    def verbatim(verbatim_id: str) -> str:
        found = searching.show(bench, verbatim_id, context=whole_number(request, "context", 2, most=50))
        near = searching.similar(bench, verbatim_id, Filters(), limit=5)
        theme = bench.store.theme(found.passage.theme_id) if found.passage.theme_id else None
        return render_template("verbatim.html", found=found, near=near, theme=theme)

    @blueprint.get("/pains")
    def pains() -> str:
        known, segments = browsing.quarters(bench), browsing.segments(bench)
        facet = request.args.get("facet", "pain")
        if facet not in FACETS:
            raise NotFound(f"no facet {facet}", hint=f"Facets: {', '.join(FACETS)}.")
        quarter = request.args.get("quarter") or (known[-1] if known else None)
        chosen = [name for name in request.args.getlist("segment") if name] or list(segments[:1])
        role = tuple(name for name in request.args.getlist("role") if name)
        sides = {
            name: browsing.theme_page(bench, Filters(segment=(name,), role=role, facet=(facet,)), quarter=quarter)
            for name in chosen
        }
        return render_template(
            "pains.html", sides=sides, facet=facet, facet_words=FACET_WORDS[facet], quarter=quarter, quarters=known,
            segments=segments, chosen=chosen, role=role, roles=searching.filter_values(bench).get("role", ()),
        )  # fmt: skip

    @blueprint.get("/themes/<theme_id>")
    def theme(theme_id: str) -> str:
        filters = replace(filters_of(request), facet=(), theme=())
        offset = whole_number(request, "offset", 0, most=100_000)
        view = browsing.theme_view(bench, theme_id, filters)
        said = browsing.theme_passages(bench, theme_id, filters, limit=PER_PAGE, offset=offset)
        return render_template("theme.html", view=view, said=said, offset=offset, per_page=PER_PAGE, filters=filters)

    @blueprint.get("/compare")
    def compare() -> str:
        known = browsing.quarters(bench)
        filters = filters_of(request)
        earlier = request.args.get("earlier") or (known[-2] if len(known) > 1 else "")
        later = request.args.get("later") or (known[-1] if known else "")
        found = browsing.compare(bench, earlier, later, filters) if earlier and later else None
        return render_template(
            "compare.html", found=found, quarters=known, segments=browsing.segments(bench), filters=filters
        )

    @blueprint.get("/drift")
    def drift() -> str:
        known = browsing.quarters(bench)
        quarter = request.args.get("quarter") or (known[-1] if known else None)
        every = browsing.verdicts(bench)
        found = [item for item in every if item.quarter == quarter]
        names = [name for item in found for node in item.nodes for name in node.verbatims[:3]]
        quoted = {passage.id: passage for passage in bench.store.passages(names)}
        return render_template(
            "drift.html", quarter=quarter, quarters=known, found=found, quoted=quoted,
            pooled=[item for item in every if item.scope == Scope()],
        )  # fmt: skip

    @blueprint.get("/report")
    def report() -> str:
        return render_template("report.html", quarters=browsing.quarters(bench), segments=browsing.segments(bench))

    @blueprint.get("/report/view")
    def report_view() -> Response:
        suffix = "." + request.args.get("as", "html")
        quarter = request.args.get("quarter", "")
        composed = reporting.compose(bench, quarter, Filters(segment=filters_of(request).segment))
        text = reporting.render_report(
            bench,
            composed,
            suffix=suffix,
            link=lambda name: url_for("pages.verbatim", verbatim_id=name, _external=True),
        )
        response = make_response(text)
        response.headers["Content-Security-Policy"] = REPORT_POLICY
        if suffix != ".html":
            response.headers["Content-Type"] = "text/markdown; charset=utf-8"
        if request.args.get("download"):
            response.headers["Content-Disposition"] = f'attachment; filename="synthesis-{composed.quarter}{suffix}"'
        return response

    @blueprint.get("/sources")
    def sources() -> str:
        filters = filters_of(request)
        offset = whole_number(request, "offset", 0, most=1_000_000)
        documents = browsing.documents(bench, filters)
        return render_template(
            "sources.html", files=browsing.files(bench), documents=documents[offset : offset + 50], total=len(documents),
            offset=offset, filters=filters,
        )  # fmt: skip

    @blueprint.get("/documents/<document_id>")
    def document(document_id: str) -> str:
        version = whole_number(request, "version", 0, most=100_000) or None
        return render_template("document.html", view=browsing.document(bench, document_id, version))

    @blueprint.get("/about")
    def about() -> str:
        return render_template("about.html")

    return blueprint
