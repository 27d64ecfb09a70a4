"""Every page and the same as JSON: one table, which the pages name in their heads and a test walks.

A page says where its twin is in the header `Link`, with those of its parameters that the twin knows. What an address
leaves open the API leaves open too, where the page may choose: the newest quarter, pains.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from flask import Flask, Response, request, url_for

from web import openapi

TWINS: Mapping[str, str] = {
    "home.home": "status_answer",
    "finding.search": "search",
    "finding.verbatim": "verbatim",
    "finding.cite": "citation",
    "finding.similar": "similar",
    "themes.pains": "themes",
    "themes.theme": "theme",
    "themes.compare": "compare",
    "crossing.matrix": "matrix",
    "crossing.seats": "seats",
    "crossing.gap": "gap",
    "crossing.said": "gap",
    "dealing.deal": "permissions_answer",
    "dealing.deals": "deals",
    "drift.drift": "drift",
    "beliefs.register": "belief_register",
    "beliefs.belief": "belief",
    "audit.audits": "audits",
    "audit.audit": "audit",
    "reports.reports": "reports_answer",
    "reports.report": "report_answer",
    "reports.view": "report_answer",
    "reports.compare": "report_compare",
    "jobs.jobs": "jobs_answer",
    "curating.ledger": "ledger",
    "curating.curate": "decisions",
    "collections.collections": "collections",
    "collections.collection": "collection",
    "saved.saved": "saved_search",
    "coding.code": "codings",
    "codes.codes": "codes",
    "codes.verbatims": "codings",
    "codes.agreed": "agreed",
    "labelling.label": "next_to_label",
    "labelling.labels": "labels",
    "sources.sources": "documents",
    "sources.document": "document",
    "signing_in.users": "users_answer",
    "signing_in.journal_page": "journal_answer",
}
"""Endpoint of a page -> its twin's, within the API."""

ALONE: Mapping[str, str] = {
    "static": "the app's own style sheets and scripts",
    "home.icon": "its mark",
    "home.about": "what the words mean, the same in every workspace",
    "signing_in.sign_in": "a form",
    "collections.pin": "a form",
    "signing_in.account": "forms; `/whoami` tells who is signed in",
    "themes.themes": "leads to another page",
    "saved.searches": "leads to another page; `/saved` tells the same",
    "audit.handed": "a file of what `/audits/{audit_id}` tells",
    "collections.export": "a file of what `/collections/{collection}` tells",
    "saved.export_saved": "a file of what `/saved/{search}` tells",
    "charting.library": "the script that draws charts",
    "jobs.job": "an address by number; `/jobs/{job_id}` tells the same",
    "rights.rights": "forms; `/rights` of the API tells the same",
    "forgetting.plan": "a form; `/forgetting` tells what was forgotten",
    "taking_in.upload": "a form; `/uploads/{upload_id}` tells the same",
    "reports.download": "a file of what `/reports/{report_id}` tells",
}
"""Addresses that have no twin, and why."""


def register(app: Flask) -> None:
    """Have every page name its twin."""

    @app.after_request
    def name_twin(response: Response) -> Response:
        twin = TWINS.get(request.endpoint or "")
        if twin and response.status_code == 200 and request.method in ("GET", "HEAD"):
            response.headers["Link"] = f'<{_address(app, twin)}>; rel="alternate"; type="application/json"'
        return response


def _address(app: Flask, twin: str) -> str:
    rule = next(app.url_map.iter_rules(f"api.{twin}"))
    place = dict(zip(sorted(rule.arguments), (request.view_args or {}).values(), strict=False))
    known = _parameters(rule.rule)
    asked: dict[str, Any] = {name: told for name, told in request.args.lists() if name in known and any(told)}
    return url_for(f"api.{twin}", **place, **asked)


@cache
def _parameters(rule: str) -> frozenset[str]:
    path = rule.removeprefix("/api/v1").replace("<", "{").replace(">", "}")
    return frozenset(
        item["name"] for item in openapi.document()["paths"][path]["get"]["parameters"] if item["in"] == "query"
    )
