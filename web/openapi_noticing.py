"""The shapes of what nobody has read yet, and of who was heard, in the API's description."""

from __future__ import annotations

from collections.abc import Mapping

from web.schemas import Schema, listed, object_of, ref
from winloss.services.search.unread import AGAINST, ALONE, NEW, OTHER

NOTICING_SCHEMAS: Mapping[str, Schema] = {
    "Unread": object_of(
        **dict.fromkeys(("people", "verbatims"), "integer"),
        after="integer?",
        shown=listed(
            object_of(kind={"type": "string", "enum": [NEW, AGAINST, ALONE, OTHER]}, verbatim=ref("Verbatim"))
        ),
    ),
    "Coverage": object_of(
        quarter="string",
        needed="integer",
        sources=listed("string"),
        segments=listed("string"),
        cells=listed(object_of(segment="string?", source="string?", people="integer", verbatims="integer")),
        thinnest=listed(object_of(segment="string", source="string", people="integer")),
    ),
}
