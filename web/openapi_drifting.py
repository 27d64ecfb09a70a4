"""The shapes of a verdict's explanation in the API's description, and of what people decide about its nodes."""

from __future__ import annotations

from collections.abc import Mapping

from web.api_drifting import WAYS
from web.schemas import Schema, listed, object_of, ref
from winloss.model import NodeDecided

_TEXT: Schema = {"type": "string"}
_DAY: Schema = {"type": ["string", "null"], "format": "date"}
_PAIR: Schema = {"type": "array", "minItems": 2, "maxItems": 2}
_SHARES: Schema = {"type": "array", "items": {**_PAIR, "prefixItems": [_TEXT, ref("Counted")]}}
_DECISION = {"anyOf": [ref("NodeDecision"), {"type": "null"}]}

DRIFTING_SCHEMAS: Mapping[str, Schema] = {
    "Counted": object_of(count="integer", base="integer", verbatims="integer"),
    "HeardIn": object_of(source="string", people="integer", first=_DAY),
    "Signal": object_of(
        id="string",
        quarter="string",
        scope=ref("Scope"),
        node=ref("Node"),
        title="string",
        rests_on="string",
        spread=listed(ref("HeardIn")),
        spread_words="string",
        segments=_SHARES,
        roles=_SHARES,
        sources=_SHARES,
        themes={"type": "array", "items": {**_PAIR, "prefixItems": [_TEXT, {"type": "integer"}]}},
        decision=_DECISION,
        covered="boolean?",
    ),
    "Reason": object_of(kind="string", words="string", share="number?", applies="boolean"),
    "Asked": object_of(field="string", value="string", now=ref("Counted"), before=ref("Counted")),
    "NextInterview": object_of(
        segment="string?",
        role="string?",
        outcome="string?",
        heard="integer",
        deals={"anyOf": [ref("Counted"), {"type": "null"}]},
        more_needed="integer",
        gain="number",
        words="string",
    ),
    "DriftExplanation": object_of(
        verdict=ref("Verdict"),
        signals=listed(ref("Signal")),
        unseen="string",
        reasons=listed(ref("Reason")),
        asked=listed(ref("Asked")),
        next_interviews=listed(ref("NextInterview")),
        streak="string",
    ),
    "NodeDecision": object_of(
        id="string",
        kind={"type": "string", "enum": list(NodeDecided)},
        quarter="string",
        verbatims=listed("string"),
        title="string",
        made_at="string",
        by="string",
        reason="string",
        facet="string?",
        segment="string?",
        role="string?",
        theme_id="string?",
    ),
    "Watched": object_of(
        decision=ref("NodeDecision"), title="string", trend=_SHARES, words="string", verbatims=listed("string")
    ),
    "NodeDecided": {
        "type": "object",
        "properties": {
            "do": {"type": "string", "enum": list(WAYS)},
            "node": {**_TEXT, "description": "The node's id; `undo` takes the decision's too."},
            "by": {**_TEXT, "description": "Who decides."},
            "title": {**_TEXT, "description": "What to call it; else the buyers' words do."},
            "reason": {**_TEXT, "description": "Why it is dismissed."},
        },
        "required": ["do", "node", "by"],
        "additionalProperties": False,
    },
}
