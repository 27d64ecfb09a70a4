"""The shapes of rights to quote in the API's description."""

from __future__ import annotations

from collections.abc import Mapping

from web.api_rights import CHANGES, KINDS
from web.schemas import Schema, listed, object_of, ref
from winloss.model import GIVEN_RIGHTS, Rights, RightsOf, Side

_TEXT: Schema = {"type": "string"}
_GIVEN: Schema = {"type": ["string", "null"], "enum": [*GIVEN_RIGHTS, None]}
_DAY: Schema = {"type": ["string", "null"], "format": "date"}
_DECISION: Schema = {"anyOf": [ref("RightsDecision"), {"type": "null"}]}
_HELD: Schema = object_of(rights={"type": "string", "enum": list(Rights)}, until=_DAY)
_COUNTS: Schema = {"type": "object", "additionalProperties": {"type": "integer"}}

RIGHTS_SCHEMAS: Mapping[str, Schema] = {
    "RightsDecision": object_of(
        id="string",
        of={"type": "string", "enum": list(RightsOf)},
        target="string",
        rights=_GIVEN,
        made_at="string",
        until=_DAY,
        instead=_GIVEN,
        people=listed("string"),
        by="string?",
    ),
    "SourceRights": object_of(
        document=ref("Document"), held=_HELD, decision=_DECISION, verbatims="integer", unquoted="integer"
    ),
    "FileRights": object_of(path="string", decision=_DECISION, documents=_COUNTS),
    "PersonRights": object_of(
        respondent="string",
        pseudonym="string?",
        names=listed("string"),
        side={"type": "string", "enum": list(Side)},
        role="string?",
        documents=listed("string"),
        held=_HELD,
        decision=_DECISION,
        verbatims="integer",
        unquoted="integer",
    ),
    "RightsPage": object_of(
        of={"type": "string", "enum": list(KINDS)},
        total="integer",
        listed=listed({"anyOf": [ref("SourceRights"), ref("FileRights"), ref("PersonRights")]}),
    ),
    "RightsDecisions": object_of(decisions=listed(ref("RightsDecision"))),
    "RightsWarnings": object_of(
        few=listed(object_of(shown={"type": "object", "additionalProperties": _TEXT}, people="integer")),
        endings=listed(object_of(decision=ref("RightsDecision"), label="string", ended="boolean")),
    ),
    "RightsChange": {
        "type": "object",
        "additionalProperties": False,
        "required": ["do"],
        "properties": {
            "do": {"type": "string", "enum": list(CHANGES)},
            "document": {**_TEXT, "description": "A document by id, external id or title."},
            "file": {**_TEXT, "description": "A file by its path as it is listed."},
            "person": {**_TEXT, "description": "Somebody by pseudonym, id or full name."},
            "rights": {**_TEXT, "description": "`named`, `anonymous`, `internal` or `no_quote`; empty: as they are."},
            "until": {**_TEXT, "description": "The last day of the right to quote."},
            "by": {**_TEXT, "description": "Who decides, and whose last step `undo` takes back."},
        },
    },
}
