"""The shapes of audits in the API's description, and what is sent to make and to keep one."""

from __future__ import annotations

from collections.abc import Mapping

from web.api_audit import WAYS
from web.schemas import VERBATIM, Schema, listed, object_of, ref
from winloss.model.auditing import Basis, Grade, Holding, QuoteState

_TEXT: Schema = {"type": "string"}
_INTERVAL: Schema = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
_SCOPE: Schema = {"type": "object", "description": "The filters that are set, by name."}
_FACET: Schema = {"type": ["string", "null"]}


def _words(values: type[Basis] | type[Grade] | type[Holding] | type[QuoteState]) -> Schema:
    return {"type": "string", "enum": [item.value for item in values]}


_COUNTED: Mapping[str, Schema] = {"type": "object", "additionalProperties": {"type": "integer"}}  # type: ignore[dict-item]

AUDIT_SCHEMAS: Mapping[str, Schema] = {
    "Deck": object_of(
        id="string",
        name="string",
        quarter="string",
        segment="string?",
        made_at="string",
        by="string?",
        claims=listed(object_of(text="string", where="string", quotes=listed("string"))),
        file="boolean",
    ),
    "Decks": object_of(decks=listed(ref("Deck"))),
    "Sides": object_of(value="string", supports=ref("Share"), contradicts=ref("Share")),
    "ClaimWitness": object_of(**VERBATIM, decided_by="string", led_by="string?", led_how="string?"),
    "CheckedNumber": object_of(words="string", says="string", verdict=_words(Holding), reason="string"),
    "CheckedQuote": object_of(
        text="string",
        where="string",
        claim="integer?",
        verdict=_words(QuoteState),
        found="string?",
        who="string?",
        document_id="string?",
        turn="integer?",
        verbatim_id="string?",
        changes=listed(object_of(kind="string", text="string")),
        remarks=listed("string"),
    ),
    "AuditedClaim": object_of(
        number="integer",
        text="string",
        statement="string",
        where="string",
        basis=_words(Basis),
        grade=_words(Grade),
        reason="string",
        scope=_SCOPE,
        supports=ref("Share"),
        contradicts=ref("Share"),
        interval=_INTERVAL,
        this_quarter=ref("Share"),
        first_time="integer",
        first_heard="string?",
        last_heard="string?",
        led="integer",
        at_least="boolean",
        said_before="string?",
        remarks=listed("string"),
        segments=listed(ref("Sides")),
        roles=listed(ref("Sides")),
        sources=listed(ref("Sides")),
        outcomes=listed(ref("Sides")),
        themes=listed("string"),
        numbers=listed(ref("CheckedNumber")),
        quotes=listed("string"),
        against=listed(ref("ClaimWitness")),
        **{"for": listed(ref("ClaimWitness"))},
    ),
    "LeftOut": object_of(
        kind="string",
        title="string",
        theme_id="string?",
        facet=_FACET,
        share=ref("Share"),
        segments=listed(
            object_of(
                segment="string",
                count="integer",
                base="integer",
                verbatims="integer",
                value="number?",
                low="number?",
                high="number?",
            )
        ),
        nearest_claim="string?",
        nearness="number?",
        earliest="string?",
        quotes=listed(ref("Verbatim")),
    ),
    "Audit": object_of(
        id="string",
        name="string",
        form="string",
        quarter="string",
        made_at="string",
        kept="boolean",
        scope=_SCOPE,
        respondents="integer",
        verbatims="integer",
        sound="boolean",
        grades=_COUNTED,
        covered="integer",
        themes="integer",
        claims=listed(ref("AuditedClaim")),
        quotes=listed(ref("CheckedQuote")),
        left_out=listed(ref("LeftOut")),
        passed_over=_COUNTED,
    ),
    "Audited": object_of(
        audit={"anyOf": [ref("Audit"), {"type": "null"}]},
        job={"anyOf": [ref("Job"), {"type": "null"}]},
        decks=listed(ref("Deck")),
    ),
    "AuditChange": {
        "type": "object",
        "properties": {
            "do": {"type": "string", "enum": list(WAYS)},
            "name": {**_TEXT, "description": "The file's name, such as readout.pptx."},
            "content": {**_TEXT, "description": "The file's bytes as base64."},
            "quarter": {**_TEXT, "description": "The quarter it speaks of; the latest where none is named."},
            "segment": {**_TEXT, "description": "The segment it speaks of; all where none is named."},
            "deck": {**_TEXT, "description": "Instead of name and content: a deck that is here, by id."},
            "by": {**_TEXT, "description": "Who does it, and whose last step `undo` takes back."},
        },
        "required": ["do"],
        "additionalProperties": False,
    },
}
