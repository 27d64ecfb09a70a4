"""The shapes of coding in the API's description: counts, codings, agreement, and what is sent to change them."""

from __future__ import annotations

from collections.abc import Mapping

from web.api_coding import CHANGES
from web.schemas import Schema, listed, object_of, ref

_TEXT: Schema = {"type": "string"}
_YES: Schema = {"type": "boolean"}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_NUMBERS = ("observed", "kappa", "low", "high")


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


CODING_SCHEMAS: Mapping[str, Schema] = {
    "Part": object_of(coder="string?", count="integer", base="integer"),
    "Code": object_of(path="string", made_at="string", description="string", colour="string?"),
    "CodeCount": object_of(
        path="string",
        code=_or_null(ref("Code")),
        here="integer",
        total=ref("Part"),
        by=listed(ref("Part")),
        tags=listed("string"),
    ),
    "Codebook": object_of(
        looked_at="integer",
        coders=listed(ref("Part")),
        codes=listed(ref("CodeCount")),
        from_sources=listed(ref("CodeCount")),
    ),
    "Coding": object_of(verbatim_id="string", code="string", coder="string", made_at="string"),
    "CodingsPage": object_of(total="integer", codings=listed(ref("Coding"))),
    "Coded": object_of(verbatim="string", coder="string", codes=listed("string"), looked_at="boolean"),
    "Agreement": object_of(
        code="string?",
        n="integer",
        agreed="integer",
        verdict={"type": "string", "enum": ["said", "not enough", "nobody varies"]},
        **dict.fromkeys(_NUMBERS, "number?"),
        **dict.fromkeys(("both", "only_a", "only_b"), "integer?"),
    ),
    "Disagreement": object_of(verbatim_id="string", a=listed("string"), b=listed("string")),
    "TwoCoders": object_of(
        a="string",
        b="string",
        overall=ref("Agreement"),
        codes=listed(ref("Agreement")),
        disagreements=listed(ref("Disagreement")),
    ),
    "Agreed": object_of(coders=listed(ref("Part")), compared=_or_null(ref("TwoCoders"))),
    "CodebookChange": {
        "type": "object",
        "properties": {
            "do": {"type": "string", "enum": list(CHANGES)},
            "path": {"type": "string", "description": "The code, such as `pain/cost`."},
            "to": {"type": "string", "description": "The new path of a move; the code that a merge goes into."},
            "description": _TEXT,
            "colour": {"type": "string", "description": "As `#rrggbb`; empty for none."},
            "by": {"type": "string", "description": "Who does it, and whose last step `undo` takes back."},
        },
        "required": ["do"],
        "additionalProperties": False,
    },
    "CodingChange": {
        "type": "object",
        "properties": {
            "verbatim": _TEXT,
            "coder": _TEXT,
            "give": _TEXTS,
            "take": _TEXTS,
            "none": {**_YES, "description": "No code applies; codes that this coder had given go."},
            "new": {**_YES, "description": "Make the codes that are not there."},
            "undo": {**_YES, "description": "Take back the last thing that this coder did."},
        },
        "required": ["coder"],
        "additionalProperties": False,
    },
}
