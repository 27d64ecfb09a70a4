"""The JSON API: one route a use case, the same names, filters and shapes as the commands with `--json`."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from functools import wraps

from flask import Blueprint, Response, jsonify, request

from web import (
    api_audit,
    api_beliefs,
    api_coding,
    api_collecting,
    api_crossing,
    api_curating,
    api_dealing,
    api_drifting,
    api_jobs,
    api_labelling,
    api_noticing,
    api_reports,
    api_rights,
    api_taking_in,
    api_users,
    asking,
    coders,
    openapi,
)
from web.as_json import (
    assigned_json,
    compared_json,
    comparison_json,
    page_json,
    person_json,
    report_json,
    role_part_json,
    theme_json,
    turn_json,
)
from web.corrections import correction_of
from web.presenters import permalink
from winloss.errors import QueryError
from winloss.model import Filters
from winloss.ports import Workbench
from winloss.services import browsing
from winloss.services.library import of_sources
from winloss.services.presenting import hit_json, passage_json, plain
from winloss.services.quote_rights import citing, rights
from winloss.services.reports import reporting
from winloss.services.search import searching
from winloss.services.sources import speaking
from winloss.services.telling import depth_json
from winloss.services.themes import permissions
from winloss.services.workspace.status import status

Answer = Callable[..., object]
Route = Callable[..., Callable[[Answer], Answer]]


def make_blueprint(bench: Workbench) -> Blueprint:
    """Every route of the API."""
    api = Blueprint("api", __name__)

    def route(path: str, *known: str) -> Callable[[Answer], Answer]:
        """Register an answer, refusing parameters that the route does not know: a typo must not widen a search."""

        def register(answer: Answer) -> Answer:
            @wraps(answer)
            def answered(**parts: str) -> Response:
                _refuse_unknown(known)
                return jsonify(answer(**parts))

            api.get(path)(answered)
            return answer

        return register

    _finding(route, bench)
    _themes(route, bench)
    _reports(route, bench)
    _documents(route, bench)
    _speakers(api, route, bench)
    for module in (
        api_collecting,
        api_coding,
        api_labelling,
        api_curating,
        api_drifting,
        api_beliefs,
        api_audit,
        api_rights,
        api_taking_in,
        api_jobs,
        api_reports,
        api_users,
    ):
        module.register(api, route, bench, lambda: (_offset(), _limit()))

    @route("/permissions", *openapi.FILTERS)
    def permissions_answer() -> object:
        filters = asking.filters_of(request.args)
        searching.check_filters(bench, filters)
        return {"parts": [role_part_json(part) for part in permissions.parts(bench, filters)]}

    api_crossing.register(route, bench, _filters, _quarter)
    api_dealing.register(route, bench, lambda: (_offset(), _limit()))
    api_noticing.register(route, bench)

    @route("/status")
    def status_answer() -> object:
        return plain(status(bench))

    @route("/openapi.json")
    def openapi_answer() -> object:
        return openapi.document()

    return api


def _finding(route: Route, bench: Workbench) -> None:
    @route("/search", "q", "mode", "sort", "limit", "offset", "at", *openapi.FILTERS)
    def search() -> object:
        page = searching.search(
            bench,
            request.args.get("q", ""),
            _filters(bench),
            mode=request.args.get("mode") or "hybrid",
            sort=request.args.get("sort") or "relevance",
            limit=_limit(),
            offset=_offset(),
            as_of=asking.number_of(request.args, "at", default=0, low=0, high=10**15) or None,
        )
        return {
            "query": page.query,
            "mode": page.mode,
            "sort": page.sort,
            "revision": page.revision,
            "total": page.total,
            "hits": [hit_json(hit) for hit in page.hits],
            "nearest": [hit_json(hit) for hit in page.nearest],
            "filter_counts": {
                asking.PARAMETERS[field]: [{"value": value, "verbatims": count} for value, count in counts]
                for field, counts in page.filter_counts.items()
            },
        }

    @route("/verbatims/<verbatim_id>", "context")
    def verbatim(verbatim_id: str) -> object:
        around = asking.number_of(request.args, "context", default=2, low=0, high=50)
        found = searching.show(bench, verbatim_id, context=around)
        return {
            **passage_json(found.passage),
            "question": found.passage.question,
            "retired": found.retired,
            "in_deal": plain(permissions.part_in(bench, found)),
            "context": [turn_json(turn) for turn in found.turns],
        }

    @route("/verbatims/<verbatim_id>/similar", "limit", *openapi.FILTERS)
    def similar(verbatim_id: str) -> object:
        page = searching.similar(bench, verbatim_id, _filters(bench), limit=_limit())
        return {"verbatim": verbatim_id, "hits": [hit_json(hit) for hit in page.hits]}

    @route("/verbatims/<verbatim_id>/citation")
    def citation(verbatim_id: str) -> object:
        cited = citing.cite(bench, verbatim_id, link=permalink)
        return {"id": verbatim_id, "plain": cited.plain, "markdown": cited.markdown, "html": cited.html}


def _themes(route: Route, bench: Workbench) -> None:
    @route("/themes", *openapi.FILTERS)
    def themes() -> object:
        page = browsing.theme_page(bench, _filters(bench, without=("quarter",)), quarter=_quarter())
        return page_json(page)

    @route("/themes/<theme_id>", *openapi.FILTERS)
    def theme(theme_id: str) -> object:
        filters = _filters(bench, without=("quarter",))
        view = browsing.theme_view(bench, theme_id, filters, quarter=_quarter())
        return {**theme_json(view), "lineage": plain(view.lineage), **depth_json(view)}

    @route("/drift", *openapi.FILTERS)
    def drift() -> object:
        filters = _filters(bench, without=("quarter",))
        return {"verdicts": plain(browsing.verdicts(bench, quarter=_quarter(), filters=filters))}

    @route("/compare", "earlier", "later", *openapi.FILTERS_WITHOUT_QUARTER)
    def compare() -> object:
        earlier, later = (asking.quarter_of(request.args, name=name) for name in ("earlier", "later"))
        if earlier is None or later is None:
            raise QueryError("two quarters are needed", hint="Ask with earlier=2026Q1&later=2026Q2.")
        return comparison_json(browsing.compare(bench, earlier, later, _filters(bench, without=("quarter",))))

    @route("/quarters")
    def quarters() -> object:
        return {"quarters": list(browsing.quarters(bench)), "segments": list(browsing.segments(bench))}


def _reports(route: Route, bench: Workbench) -> None:
    @route("/report", *openapi.FILTERS)
    def report() -> object:
        quarter = _quarter()
        if quarter is None:
            raise QueryError("a quarter is needed", hint="Ask with quarter=2026Q2.")
        return report_json(reporting.compose(bench, quarter, _filters(bench, without=("quarter",))))

    @route("/report/compare", "against", *openapi.FILTERS)
    def report_compare() -> object:
        quarter, against = _quarter(), asking.quarter_of(request.args, name="against")
        if quarter is None or against is None:
            raise QueryError("two quarters are needed", hint="Ask with quarter=2026Q2&against=2026Q1.")
        found = reporting.compare(bench, quarter, against, _filters(bench, without=("quarter",)))
        return {"segments": [compared_json(item) for item in found]}


def _documents(route: Route, bench: Workbench) -> None:
    @route("/documents", "limit", "offset", *openapi.DOCUMENT_FILTERS)
    def documents() -> object:
        found = browsing.documents(bench, _filters(bench))
        start = _offset()
        return {"total": len(found), "documents": plain(rights.as_held(bench, found[start : start + _limit()]))}

    @route("/documents/<document_id>", "version")
    def document(document_id: str) -> object:
        version = asking.number_of(request.args, "version", default=0, low=0, high=1_000_000) or None
        view = browsing.document(bench, document_id, version)
        return {
            "document": plain(rights.as_held(bench, [view.document])[0]),
            "versions": [item.version for item in view.versions],
            "turns": [turn_json(turn) for turn in view.turns],
            "verbatims": [passage_json(passage) for passage in view.verbatims],
        }

    @route("/files")
    def files() -> object:
        return {"files": plain(browsing.files(bench))}


def _speakers(api: Blueprint, route: Route, bench: Workbench) -> None:
    @route("/speakers", "document", "unknown", "limit", "offset")
    def speakers() -> object:
        unknown = asking.yes_of(request.args, "unknown")
        document = request.args.get("document") or None
        asked = "people", document, unknown
        found = of_sources(bench, asked, lambda: speaking.people(bench, document=document, unknown=unknown))
        start = _offset()
        page = found[start : start + _limit()]
        return {"total": len(found), "speakers": [person_json(person) for person in page]}

    @api.post("/speakers")
    def correct_speaker() -> Response:
        _refuse_unknown(())
        told = correction_of(request.get_json(silent=True))
        target = speaking.Target(
            name=told.get("name"), document=told.get("document"), unnamed=told["unnamed"], turns=told.get("turns")
        )
        if told["undo"]:
            return jsonify(assigned_json(speaking.undo(bench, target)))
        done = speaking.assign(
            bench,
            target,
            side=told.get("side"),
            title=told.get("title"),
            role=told.get("role"),
            name=told.get("full_name"),
            author=coders.author(told.get("by")),
        )
        return jsonify(assigned_json(done))


def _refuse_unknown(known: tuple[str, ...]) -> None:
    for name in request.args:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"Known here: {', '.join(known) or 'none'}."
            raise QueryError(f"no parameter {name!r}", hint=hint)


def _filters(bench: Workbench, *, without: tuple[str, ...] = ()) -> Filters:
    filters = asking.filters_of(request.args, without=without)
    searching.check_filters(bench, filters)
    return filters


def _quarter() -> str | None:
    if len(request.args.getlist("quarter")) > 1:
        raise QueryError("only one quarter at a time here", hint="Give quarter once, or leave it out for all.")
    return asking.quarter_of(request.args)


def _limit() -> int:
    return asking.number_of(request.args, "limit", default=20, low=1, high=1000)


def _offset() -> int:
    return asking.number_of(request.args, "offset", default=0, low=0, high=1_000_000)
