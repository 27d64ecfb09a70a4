"""The shape of the deals that a CRM gives in the API's description, and what may be asked of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from web.schemas import Schema, listed, object_of, ref
from winloss.model import Outcome

_DAY: Schema = {"type": ["string", "null"], "format": "date"}
_WORDS: Schema = {
    "type": ["object", "null"],
    "properties": {
        "account": listed("string"),
        "outcome": listed("string"),
        "since": {"type": "string", "format": "date"},
        "until": {"type": "string", "format": "date"},
    },
    "additionalProperties": False,
}
ASKED: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "segment": ("Segment of the account.", {}),
    "outcome": ("How the deal ended.", {"enum": list(Outcome)}),
    "cause": (
        "What the CRM names for a lost deal: a reason of the codebook, or `placed` (any), `unplaced`, `unstated`.",
        {},
    ),
    "competitor": ("The competitor as the CRM writes it.", {}),
    "account": ("Account by name.", {}),
    "reason": ("The CRM's reason to the letter.", {}),
    "deal": ("The CRM's id.", {}),
    "file": ("The file that tells of it, as files are listed.", {}),
    "said": (
        "With `theme`: whose words count, as a filter and a value: `quarter:2026Q2`.",
        {"pattern": r"^[a-z-]+:[\s\S]"},
    ),
}
"""Parameter that may be repeated -> what it is, and what its values look like."""

DEALING_SCHEMAS: Mapping[str, Schema] = {
    "Deal": object_of(
        id="string",
        **dict.fromkeys(("name", "account", "segment"), "string?"),
        outcome={"type": ["string", "null"], "enum": [*Outcome, None]},
        **dict.fromkeys(("stage", "reason", "competitor", "quarter"), "string?"),
        causes=listed("string"),
        created_on=_DAY,
        closed_on=_DAY,
        told_in=listed(object_of(file="string", where="string?")),
        **dict.fromkeys(("verbatims", "people", "of_account"), "integer"),
        words=_WORDS,
        account_words=_WORDS,
    ),
    "Deals": object_of(
        **dict.fromkeys(("total", "of", "lost"), "integer"),
        causes=listed(object_of(cause="string", label="string", deals="integer")),
        deals=listed(ref("Deal")),
    ),
}
