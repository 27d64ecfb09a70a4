"""The JSON API under /api/v1: the same services as the pages, the same form of a verbatim as the commands."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response, request, url_for

from web import openapi
from web.presenters import filters_of, whole_number
from winloss.errors import QueryError
from winloss.model import Filters, ThemeView
from winloss.ports import Workbench
from winloss.services import browsing, reporting, searching, status
from winloss.services.presenting import hit_json, passage_json, plain

MOST = 200


def make_blueprint(bench: Workbench) -> Blueprint:
    """Every API call of one workspace."""
    blueprint = Blueprint("api", __name__)

    @blueprint.get("/openapi.json")
    def openapi_document() -> Response:
        return jsonify(openapi.document())

    @blueprint.get("/status")
    def status_() -> Response:
        return jsonify(plain(status.status(bench)))

    @blueprint.get("/quarters")
    def quarters() -> Response:
        return jsonify({"quarters": list(browsing.quarters(bench)), "segments": list(browsing.segments(bench))})

    @blueprint.get("/search")
    def search() -> Response:
        filters = filters_of(request)
        searching.check_filters(bench, filters)
        page = searching.search(
            bench,
            request.args.get("q", ""),
            filters,
            mode=request.args.get("mode", "hybrid"),
            limit=whole_number(request, "limit", 20, most=MOST),
            offset=whole_number(request, "offset", 0, most=100_000),
        )
        counts = {
            name: [{"value": value, "count": count} for value, count in values]
            for name, values in page.filter_counts.items()
        }
        return jsonify(
            {
                "query": page.query,
                "mode": page.mode,
                "total": page.total,
                "hits": [hit_json(hit) for hit in page.hits],
                "filter_counts": counts,
            }
        )

    @blueprint.get("/verbatims/<verbatim_id>")
    def verbatim(verbatim_id: str) -> Response:
        found = searching.show(bench, verbatim_id, context=whole_number(request, "context", 2, most=50))
        return jsonify(
            {
                **passage_json(found.passage),
                "question": found.passage.question,
                "retired": found.retired,
                "context": [_turn(turn) for turn in found.turns],
                "permalink": url_for("pages.verbatim", verbatim_id=verbatim_id, _external=True),
            }
        )

    @blueprint.get("/verbatims/<verbatim_id>/similar")
    def similar(verbatim_id: str) -> Response:
        page = searching.similar(
            bench, verbatim_id, filters_of(request), limit=whole_number(request, "limit", 20, most=MOST)
        )
        return jsonify({"verbatim": verbatim_id, "hits": [hit_json(hit) for hit in page.hits]})

    @blueprint.get("/themes")
    def themes() -> Response:
        filters = filters_of(request)
        quarter = _one_quarter(filters)
        page = browsing.theme_page(bench, _without_quarter(filters), quarter=quarter)
        return jsonify(
            {
                "quarter": page.quarter,
                "respondents": page.respondents,
                "verbatims": page.verbatims,
                "unthemed": plain(page.unthemed),
                "themes": [_theme(view) for view in page.themes],
            }
        )

    @blueprint.get("/themes/<theme_id>")
    def theme(theme_id: str) -> Response:
        return jsonify(_theme(browsing.theme_view(bench, theme_id, filters_of(request))))

    @blueprint.get("/drift")
    def drift() -> Response:
        filters = filters_of(request)
        return jsonify({"verdicts": plain(browsing.verdicts(bench, quarter=_one_quarter(filters), filters=filters))})

    @blueprint.get("/compare")
    def compare() -> Response:
        found = browsing.compare(
            bench, request.args.get("earlier", ""), request.args.get("later", ""), filters_of(request)
        )
        return jsonify(plain(found))

    @blueprint.get("/files")
    def files() -> Response:
        return jsonify({"files": plain(browsing.files(bench))})

    @blueprint.get("/documents")
    def documents() -> Response:
        found = browsing.documents(bench, filters_of(request))
        offset, limit = (
            whole_number(request, "offset", 0, most=1_000_000),
            whole_number(request, "limit", 50, most=MOST),
        )
        return jsonify({"total": len(found), "documents": plain(found[offset : offset + limit])})

    @blueprint.get("/documents/<document_id>")
    def document(document_id: str) -> Response:
        view = browsing.document(bench, document_id, whole_number(request, "version", 0, most=100_000) or None)
        return jsonify(
            {
                "document": plain(view.document),
                "versions": [item.version for item in view.versions],
                "turns": [_turn(turn) for turn in view.turns],
                "verbatims": plain(view.verbatims),
            }
        )

    @blueprint.get("/report")
    def report() -> Response:
        composed = reporting.compose(
            bench, request.args.get("quarter", ""), Filters(segment=filters_of(request).segment)
        )
        return make_response(jsonify(plain(composed)))

    return blueprint


def _theme(view: ThemeView) -> dict[str, object]:
    parts = {
        name: [{"value": value, **_share(share)} for value, share in getattr(view, name)]
        for name in ("trend", "segments", "roles", "sources", "outcomes")
    }
    shown = plain(view)
    assert isinstance(shown, dict)
    return {**shown, "share": _share(view.share), **parts}


def _share(share: object) -> dict[str, object]:
    shown = plain(share)
    assert isinstance(shown, dict)
    return {**shown, "value": getattr(share, "value", None)}


def _turn(turn: object) -> dict[str, object]:
    """A turn without the name of its speaker: rights are those of the verbatims."""
    shown = plain(turn)
    assert isinstance(shown, dict)
    speaker = shown["speaker"]
    return {**shown, "speaker": {name: speaker[name] for name in ("side", "side_evidence", "role", "mode")}}


def _one_quarter(filters: Filters) -> str | None:
    if len(filters.quarter) > 1:
        raise QueryError("more than one quarter", hint="Ask for one quarter at a time, such as quarter=2026Q2.")
    return filters.quarter[0] if filters.quarter else None


def _without_quarter(filters: Filters) -> Filters:
    from dataclasses import replace

    return replace(filters, quarter=())
