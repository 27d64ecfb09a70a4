"""The shapes of decisions about themes in the API's description, and of the ledger."""

from __future__ import annotations

from collections.abc import Mapping

from web.api_curating import WAYS
from web.schemas import Schema, listed, object_of, ref
from winloss.model import Cause, Decided

_TEXT: Schema = {"type": "string"}

CURATING_SCHEMAS: Mapping[str, Schema] = {
    "ThemeEvent": object_of(
        theme_id="string",
        facet="string",
        what="string",
        cause={"type": "string", "enum": list(Cause)},
        reason="string",
        at="string",
        by="string?",
        others=listed("string"),
    ),
    "ThemeDecision": object_of(
        id="string",
        kind={"type": "string", "enum": list(Decided)},
        theme_id="string",
        position="integer",
        made_at="string",
        by="string",
        title="string?",
        into="string?",
        verbatims=listed("string"),
    ),
    "ThemeAsDecided": object_of(
        **dict.fromkeys(("id", "facet", "title"), "string"),
        **dict.fromkeys(("terms", "exemplars", "dissenting"), listed("string")),
        **dict.fromkeys(("born", "named_by", "merged_into"), "string?"),
        **dict.fromkeys(("dormant", "pinned", "archived"), "boolean"),
        size="integer",
        family="integer?",
    ),
    "ThemeHistory": object_of(
        theme=ref("ThemeAsDecided"), events=listed(ref("ThemeEvent")), decisions=listed(ref("ThemeDecision"))
    ),
    "ThemeDecided": {
        "type": "object",
        "properties": {
            "do": {"type": "string", "enum": list(WAYS)},
            "by": {**_TEXT, "description": "Who decides, and whose last step `undo` takes back."},
            "title": {**_TEXT, "description": "Of a rename, or of the theme that a split makes."},
            "into": {**_TEXT, "description": "The theme that a merger goes into, or that verbatims move to."},
            "verbatims": {"type": "array", "items": _TEXT, "description": "Those to split off or to move."},
            "decision": {**_TEXT, "description": "The decision to take back."},
        },
        "required": ["do", "by"],
        "additionalProperties": False,
    },
}
