"""The shapes of uploads, jobs and forgetting in the API's description."""

from __future__ import annotations

from collections.abc import Mapping

from web import api_jobs, api_taking_in
from web.schemas import Schema, listed, object_of, ref
from winloss.model import Side
from winloss.services.sources.staged import KINDS, ROW
from winloss.services.workspace.jobs import JobKind, JobState

_TEXT: Schema = {"type": "string"}
_TEXTS: Schema = {"type": "object", "additionalProperties": _TEXT}
_TEXTS_OR_NONE: Schema = {"type": ["object", "null"], "additionalProperties": _TEXT}
_LIST: Schema = {"type": "array", "items": _TEXT}
_COUNTS: Schema = {"type": "object", "additionalProperties": {"type": "integer"}}
_SIDE: Schema = {"type": "string", "enum": list(Side)}
_UPLOAD: Mapping[str, Schema] = {
    **dict.fromkeys(("id", "made_at"), _TEXT),
    "by": {"type": ["string", "null"]},
    "names": _LIST,
    "remarks": _LIST,
}


def _body(required: tuple[str, ...], **members: Schema) -> Schema:
    return {"type": "object", "properties": members, "required": [*required], "additionalProperties": False}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


TAKING_IN_SCHEMAS: Mapping[str, Schema] = {
    "Upload": object_of(**_UPLOAD),
    "Uploads": object_of(uploads=listed(ref("Upload"))),
    "UploadInFull": object_of(**_UPLOAD, job="string?", files=listed(ref("HandedOver"))),
    "HandedOver": object_of(
        name="string",
        size="integer",
        helper="boolean",
        ready="boolean",
        error="string?",
        hint="string?",
        told=object_of(kind="string?", fields=_TEXTS_OR_NONE, row=_TEXTS, sides=_TEXTS, proposed="boolean"),
        table=_or_null(ref("TableColumns")),
        previews=listed(ref("Preview")),
    ),
    "TableColumns": object_of(
        kind="string",
        columns=listed(object_of(name="string", field="string?", samples=_LIST)),
        fields=_LIST,
        missing=_LIST,
        proposed="boolean",
    ),
    "Preview": object_of(
        path="string",
        reader="string?",
        error="string?",
        hint="string?",
        more="boolean",
        mapping_kept="boolean",
        **dict.fromkeys(("documents", "turns", "deals", "accounts"), "integer"),
        standing=_COUNTS,
        findings=listed(ref("Finding")),
        listed=listed(ref("Document")),
        opening=listed(object_of(speaker="string?", side=_SIDE, role="string?", text="string")),
        speakers=listed(
            object_of(
                name="string?", side=_SIDE, side_evidence="string", title="string?", role="string?", turns="integer"
            )
        ),
    ),
    "HandingOver": _body(
        ("files",), files={"type": "array", "items": _body(("name", "content"), name=_TEXT, content=_TEXT)}
    ),
    "UploadChange": _body(
        ("do",),
        do={"type": "string", "enum": list(api_taking_in.WAYS)},
        file={**_TEXT, "description": "The file by its name in the upload; `take` and `drop` without it mean all."},
        kind={"type": "string", "enum": list(KINDS)},
        row={"type": "object", "properties": dict.fromkeys(ROW, _TEXT), "additionalProperties": False},
        sides={**_TEXTS, "description": "Speaker -> side."},
        fields={**_TEXTS, "description": "Field -> column of the table."},
    ),
    "UploadChanged": object_of(upload=_or_null(ref("UploadInFull")), job=_or_null(ref("Job"))),
    "Job": object_of(
        id="string",
        number="integer",
        kind={"type": "string", "enum": list(JobKind)},
        about="string",
        made_at="string",
        by="string?",
        state={"type": "string", "enum": list(JobState)},
        attempts="integer",
        began_at="string?",
        ended_at="string?",
        stage="string",
        done="integer",
        total="integer?",
        unit="string",
        so_far="string",
        error="string?",
        hint="string?",
        result={"type": "object"},
    ),
    "Queue": object_of(worked_on="boolean", jobs=listed(ref("Job"))),
    "JobNow": object_of(worked_on="boolean", job=ref("Job")),
    "QueueChange": _body(("do",), do={"type": "string", "enum": list(api_jobs.WAYS)}, job=_TEXT),
    "QueueChanged": object_of(job=ref("Job"), worked_on="boolean", jobs=listed(ref("Job"))),
    "Forgotten": object_of(forgotten=listed(object_of(day="string", counts=_COUNTS))),
    "ForgettingWish": _body(
        (),
        **dict.fromkeys(("people", "documents", "sources"), _LIST),
        account=_TEXT,
        sure={"type": "boolean", "description": "Without it nothing is forgotten: the plan alone comes back."},
    ),
    "NamedDocument": object_of(id="string", kind="string", external_id="string", title="string?", turns="integer"),
    "ForgettingPlan": object_of(
        documents=listed(ref("NamedDocument")),
        parts=listed(ref("NamedDocument")),
        **dict.fromkeys(("turns", "verbatims", "deals", "accounts"), "integer"),
        **dict.fromkeys(("files", "released", "remarks"), _LIST),
    ),
    "ForgettingAsked": object_of(plan=ref("ForgettingPlan"), job=_or_null(ref("Job"))),
}
