"""The shapes of users and the journal in the API's description."""

from __future__ import annotations

from collections.abc import Mapping

from web.api_users import CHANGES
from web.schemas import Schema, listed, object_of, ref
from winloss.model import Access
from winloss.services.team.passwords import LONGEST, SHORTEST

_ROLE: Schema = {"type": "string", "enum": list(Access)}
_TEXT: Schema = {"type": "string"}

USERS_SCHEMAS: Mapping[str, Schema] = {
    "User": object_of(name="string", role=_ROLE, made_at="string"),
    "Users": object_of(users=listed(ref("User"))),
    "UserChange": {
        "type": "object",
        "additionalProperties": False,
        "required": ["do", "name"],
        "properties": {
            "do": {"type": "string", "enum": list(CHANGES)},
            "name": _TEXT,
            "role": _ROLE,
            "password": {"type": "string", "minLength": SHORTEST, "maxLength": LONGEST},
        },
    },
    "JournalEntry": object_of(
        id="integer", at="string", who="string?", what="string", about="string", address="string"
    ),
    "Journal": object_of(entries=listed(ref("JournalEntry"))),
    "Whoami": object_of(name="string?", role={"type": ["string", "null"], "enum": [*Access, None]}),
}
