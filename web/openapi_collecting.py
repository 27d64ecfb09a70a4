"""The shapes of collections and saved searches in the API's description, and what is sent to change them."""

from __future__ import annotations

from collections.abc import Mapping

from web.api_collecting import CHANGES, SAVED_CHANGES
from web.schemas import VERBATIM, Schema, listed, object_of, ref

_TEXT: Schema = {"type": "string"}
_YES: Schema = {"type": "boolean"}
_BY: Schema = {**_TEXT, "description": "Who does it, and whose last step `undo` takes back."}
_FILTERS: Schema = {"type": "object", "description": "Lists of values by filter; `since` and `until` are days."}
_STANDING: Mapping[str, Schema | str] = {
    "search": ref("SavedSearch"),
    "total": "integer",
    "new": "integer",
    "wrong": "string?",
}


def _sent(changes: tuple[str, ...], **members: Schema) -> Schema:
    properties = {"do": {"type": "string", "enum": list(changes)}, **members, "by": _BY}
    return {"type": "object", "properties": properties, "required": ["do"], "additionalProperties": False}


COLLECTING_SCHEMAS: Mapping[str, Schema] = {
    "QuoteCollection": object_of(id="string", name="string", made_at="string", description="string", by="string?"),
    "Shelf": object_of(collection=ref("QuoteCollection"), pins="integer"),
    "Shelves": object_of(collections=listed(ref("Shelf"))),
    "Pinned": object_of(**VERBATIM, note="string", retired="boolean"),
    "CollectionPage": object_of(collection=ref("QuoteCollection"), verbatims=listed(ref("Pinned"))),
    "SavedSearch": object_of(
        id="string", name="string", made_at="string", query="string", mode="string", filters="object", by="string?"
    ),
    "Standing": object_of(**_STANDING, looked_at="string?"),
    "Standings": object_of(searches=listed(ref("Standing"))),
    "Seen": object_of(**VERBATIM, new="boolean"),
    "SavedPage": object_of(**_STANDING, looked_at="string?", verbatims=listed(ref("Seen"))),
    "CollectionChange": _sent(
        CHANGES,
        collection={**_TEXT, "description": "Its name or id."},
        to={**_TEXT, "description": "The new name, or the collection that a merge goes into."},
        description=_TEXT,
        verbatims={"type": "array", "items": _TEXT, "description": "Verbatim ids; `note` and `move` take the first."},
        note=_TEXT,
        place={"type": "integer", "description": "Where `move` puts it, from 1."},
        new={**_YES, "description": "Make the collection where there is none of that name."},
    ),
    "SavedChange": _sent(
        SAVED_CHANGES,
        search={**_TEXT, "description": "Its name or id; the name to save it under."},
        to={**_TEXT, "description": "The new name."},
        query=_TEXT,
        mode=_TEXT,
        filters=_FILTERS,
    ),
}
