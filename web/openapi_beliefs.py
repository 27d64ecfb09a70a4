"""The shapes of the belief register in the API's description, and what is sent to change it."""

from __future__ import annotations

from collections.abc import Mapping

from web.api_beliefs import CHANGES
from web.schemas import VERBATIM, Schema, listed, object_of, ref
from winloss.services.belief.believing import Verdict

_TEXT: Schema = {"type": "string"}
_VERDICT: Schema = {"type": "string", "enum": [verdict.value for verdict in Verdict]}
_BELIEF: Mapping[str, Schema | str] = {
    "id": "string",
    "statement": "string",
    "owner": "string",
    "since": "string",
    "made_at": "string",
    "segment": "string?",
    "role": "string?",
    "facet": "string?",
    "status": {"type": "string", "enum": ["held", "retired"]},
    "by": "string?",
    "edits": listed(ref("BeliefEdit")),
}
_VERDICTS: Mapping[str, Schema | str] = {
    "verdict": _VERDICT,
    "sentence": "string",
    "whole": ref("BeliefStanding"),
    "quarters": listed(ref("BeliefStanding")),
}
_PARTS = ("segments", "roles", "sources")

BELIEF_SCHEMAS: Mapping[str, Schema] = {
    "BeliefEdit": object_of(at="string", by="string?", field="string", was="string?", became="string?"),
    "Belief": object_of(**_BELIEF),
    "BeliefStanding": object_of(
        name="string",
        verdict=_VERDICT,
        supports=ref("Share"),
        contradicts=ref("Share"),
        silent=ref("Share"),
        low="number",
        high="number",
    ),
    "BeliefEntry": object_of(**_BELIEF, **_VERDICTS),
    "BeliefRegister": object_of(beliefs=listed(ref("BeliefEntry"))),
    "BeliefVoice": object_of(
        **VERBATIM, stance={"type": "string", "enum": ["supports", "contradicts"]}, reason="string"
    ),
    "BeliefEvidence": object_of(
        belief=ref("Belief"),
        quarter="string?",
        **_VERDICTS,
        **{name: listed(ref("BeliefStanding")) for name in _PARTS},
        supporting=listed(ref("BeliefVoice")),
        contradicting=listed(ref("BeliefVoice")),
        withheld="integer",
    ),
    "BeliefChange": {
        "type": "object",
        "properties": {
            "do": {"type": "string", "enum": list(CHANGES)},
            "belief": {**_TEXT, "description": "Its id or statement."},
            "statement": _TEXT,
            "owner": _TEXT,
            "since": {**_TEXT, "description": "A day such as 2025-02-01; today where it is left out."},
            "segment": {**_TEXT, "description": "The segment it speaks of; an empty text takes it away."},
            "role": _TEXT,
            "facet": _TEXT,
            "by": {**_TEXT, "description": "Who does it, and whose last step `undo` takes back."},
        },
        "required": ["do"],
        "additionalProperties": False,
    },
}
