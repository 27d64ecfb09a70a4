"""The routes and shapes of kept reports in the API's description."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from web import api_reports
from web.schemas import Schema, listed, object_of, ref

_TEXT: Schema = {"type": "string"}
_TEXTS: Schema = {"type": "object", "additionalProperties": _TEXT}


def _body(required: tuple[str, ...], **members: Schema) -> Schema:
    return {"type": "object", "properties": members, "required": [*required], "additionalProperties": False}


REPORT_SCHEMAS: Mapping[str, Schema] = {
    "KeptReport": object_of(
        id="string",
        quarter="string",
        against="string?",
        filters={"type": "object"},
        made_at="string",
        by="string?",
        standing="string",
        parts="integer",
        cited="integer",
        drafted="integer?",
        of="string?",
        given_up="boolean",
    ),
    "KeptReports": object_of(reports=listed(ref("KeptReport"))),
    "KeptReportInFull": object_of(
        kept=ref("KeptReport"),
        report=ref("Report"),
        dropped=listed(object_of(part="string", number="integer", reason="string", words="string")),
        lacking=_TEXTS,
    ),
    "ReportWish": _body(
        ("quarter",),
        quarter={**_TEXT, "description": "The quarter to report on, such as 2026Q2."},
        against={**_TEXT, "description": "Another quarter, to hold it against."},
        segment={**_TEXT, "description": "One segment; all, side by side, where none is named."},
    ),
    "ReportChange": _body(("do",), do={"type": "string", "enum": list(api_reports.WAYS)}),
    "ReportAsked": object_of(
        job={"anyOf": [ref("Job"), {"type": "null"}]}, kept={"anyOf": [ref("KeptReport"), {"type": "null"}]}
    ),
}


def accepted(operation: Mapping[str, Any]) -> dict[str, Any]:
    """An operation that may also answer 202, with the job that does what was asked for."""
    post = operation["post"]
    same = post["responses"]["200"]["content"]
    answer = {
        "description": "It is done as a job; `Location` tells how far it is.",
        "headers": {"Location": {"schema": _TEXT}},
        "content": same,
    }
    return {"post": {**post, "responses": {"202": answer, **post["responses"]}}}
