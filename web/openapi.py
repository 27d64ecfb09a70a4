"""The OpenAPI 3.1 document of the API: one row a call, expanded; a test holds it against the routes."""

from __future__ import annotations

from typing import Any

from winloss import __version__

FILTERS = (
    "segment",
    "role",
    "mode_of_buyer",
    "facet",
    "source",
    "outcome",
    "competitor",
    "quarter",
    "account",
    "theme",
    "tag",
)
_NUMBERS = ("limit", "offset", "context", "version")
_TEXTS = ("q", "mode", "earlier", "later", "since", "until")

CALLS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("/openapi.json", "This document", ()),
    ("/status", "What is stored and what is stale", ()),
    ("/quarters", "The quarters and segments with evidence", ()),
    ("/search", "Find verbatims, with filter counts", ("q", "mode", "limit", "offset", "since", "until", *FILTERS)),
    ("/verbatims/{verbatim_id}", "A verbatim in its context", ("context",)),
    ("/verbatims/{verbatim_id}/similar", "Verbatims that mean nearly the same", ("limit", *FILTERS)),
    ("/themes", "Themes of a scope, with denominators", ("since", "until", *FILTERS)),
    ("/themes/{theme_id}", "One theme with its trend, parts and lineage", ("since", "until", *FILTERS)),
    ("/drift", "Drift verdicts", ("quarter", "facet", "segment")),
    ("/compare", "Two quarters side by side", ("earlier", "later", *FILTERS)),
    ("/files", "Ingested files with their findings", ()),
    ("/documents", "Documents, newest first", ("limit", "offset", "since", "until", *FILTERS)),
    ("/documents/{document_id}", "A document with its turns and verbatims", ("version",)),
    ("/report", "The quarterly synthesis, composed", ("quarter", "segment")),
)
_NEEDED = {"/compare": ("earlier", "later"), "/report": ("quarter",)}


def document() -> dict[str, Any]:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "winloss",
            "version": __version__,
            "description": "The buyer's exact words, with their sources.",
        },
        "servers": [{"url": "/api/v1"}],
        "paths": {path: {"get": _call(path, summary, names)} for path, summary, names in CALLS},
        "components": {"schemas": {"Error": _ERROR, "Verbatim": _VERBATIM}},
    }


def _call(path: str, summary: str, names: tuple[str, ...]) -> dict[str, Any]:
    inside = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    return {
        "summary": summary,
        "operationId": path.strip("/").replace("/", "_").replace("{", "").replace("}", "").replace(".", "_"),
        "parameters": [
            *({"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in inside),
            *(_parameter(name, needed=name in _NEEDED.get(path, ())) for name in names),
        ],
        "responses": {
            "200": {"description": "The answer", "content": {"application/json": {"schema": _answer(path)}}},
            "default": {
                "description": "What is wrong and what to do",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
            },
        },
    }


def _answer(path: str) -> dict[str, Any]:
    verbatims = {"type": "array", "items": {"$ref": "#/components/schemas/Verbatim"}}
    if path in ("/search", "/verbatims/{verbatim_id}/similar"):
        return {"type": "object", "required": ["hits"], "properties": {"hits": verbatims}}
    if path == "/verbatims/{verbatim_id}":
        return {"$ref": "#/components/schemas/Verbatim"}
    return {"type": "object"}


def _parameter(name: str, *, needed: bool) -> dict[str, Any]:
    if name in _NUMBERS:
        schema: dict[str, Any] = {"type": "integer", "minimum": 0}
    elif name in _TEXTS or needed:
        schema = {"type": "string"}
    else:
        schema = {"type": "array", "items": {"type": "string"}}
    return {"name": name, "in": "query", "required": needed, "schema": schema}


def _nullable(kind: str) -> dict[str, Any]:
    return {"type": [kind, "null"]}


_VERBATIM = {
    "type": "object",
    "required": ["id", "text", "source", "document_id", "external_id", "turn", "start", "end", "rights", "highlights"],
    "properties": {
        **{name: {"type": "string"} for name in ("id", "text", "source", "document_id", "external_id", "rights")},
        **{name: {"type": "integer"} for name in ("turn", "start", "end")},
        **{
            name: _nullable("string")
            for name in (
                *("facet", "role", "mode", "permission", "speaker", "segment", "account", "outcome", "competitor"),
                *("title", "date", "quarter", "url", "theme_id"),
            )
        },
        **{name: _nullable("integer") for name in ("start_ms", "end_ms")},
        **{name: _nullable("number") for name in ("facet_score", "score")},
        "highlights": {"type": "array", "items": {"type": "array", "items": {"type": "integer"}}},
    },
}
_ERROR = {
    "type": "object",
    "required": ["ok", "code", "error", "errors", "status"],
    "properties": {
        "ok": {"const": False},
        "code": {"type": "string"},
        "error": {"type": "string"},
        "hint": {"type": "string"},
        "errors": {"type": "array"},
        "status": {"type": "integer"},
    },
}
