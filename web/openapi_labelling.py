"""The shapes of labelling in the API's description: labels, what they say together, and what they teach."""

from __future__ import annotations

from collections.abc import Mapping

from web.api_labelling import LESSONS
from web.schemas import Schema, listed, object_of, ref
from winloss.model import Facet

_TEXT: Schema = {"type": "string"}
_FACET: Schema = {"type": "string", "enum": list(Facet)}
_COUNTS: Schema = {"type": "object", "additionalProperties": {"type": "integer"}}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


_SHARE: Schema = object_of(count="integer", base="integer", verbatims="integer")


LABELLING_SCHEMAS: Mapping[str, Schema] = {
    "Label": object_of(
        verbatim_id="string", facet=_FACET, by="string", made_at="string", instead="string?", blind="boolean"
    ),
    "Rightness": object_of(right="integer", of="integer", low="number?", high="number?"),
    "TwoLabellers": object_of(
        a="string", b="string", n="integer", agreed="integer", kappa="number?", low="number?", high="number?"
    ),
    "LabelReport": object_of(
        labelled="integer",
        of="integer",
        facets=_COUNTS,
        people=_COUNTS,
        overruled=listed(object_of(model="string", people="string", count="integer")),
        model=ref("Rightness"),
        pairs=listed(ref("TwoLabellers")),
    ),
    "LabelsPage": object_of(total="integer", labels=listed(ref("Label")), report=ref("LabelReport")),
    "Labelled": object_of(verbatim="string", by="string", holds=_or_null(ref("Label"))),
    "Lesson": object_of(
        fingerprint="string",
        of="string",
        documents="integer",
        fixed="integer",
        broken="integer",
        p="number",
        low="number",
        high="number",
        measured_at="string",
        **dict.fromkeys(("before", "after", "blind_before", "blind_after"), _SHARE),
    ),
    "Lessons": object_of(in_use=_or_null(ref("Lesson")), measured=_or_null(ref("Lesson"))),
    "LabelChange": {
        "type": "object",
        "properties": {
            "verbatim": {**_TEXT, "description": "The verbatim's id; an `undo` without one takes the last step back."},
            "by": {**_TEXT, "description": "Who says so."},
            "facet": {**_FACET, "description": "What the verbatim is."},
            "undo": {"type": "boolean", "description": "Take back what was said before."},
        },
        "required": ["by"],
        "additionalProperties": False,
    },
    "LessonChange": {
        "type": "object",
        "properties": {"do": {"type": "string", "enum": list(LESSONS)}},
        "required": ["do"],
        "additionalProperties": False,
    },
}
