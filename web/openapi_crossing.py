"""The shapes of what is counted across themes in the API's description."""

from __future__ import annotations

from collections.abc import Mapping

from web.asking import PARAMETERS
from web.schemas import Schema, listed, object_of, ref
from winloss.model import THEMED_FACETS, Corroboration, Mode, ProofSide

MATRIX_FILTERS: tuple[str, ...] = tuple(name for name in PARAMETERS.values() if name != "facet")
GAP_FILTERS = MATRIX_FILTERS
MAP_FILTERS: tuple[str, ...] = tuple(name for name in MATRIX_FILTERS if name != "theme")


def _or_null(name: str) -> Schema:
    return {"anyOf": [ref(name), {"type": "null"}]}


_FACET: Schema = {"type": "string", "enum": [facet.value for facet in THEMED_FACETS]}
_MODE: Schema = {"type": ["string", "null"], "enum": [*(mode.value for mode in Mode), None]}
_NAMED = object_of(id="string", title="string")
_NAMED_OR_NULL: Schema = {"anyOf": [_NAMED, {"type": "null"}]}
_DEALS = object_of(count="integer", base="integer", value="number?", low="number?", high="number?")

CROSSING_SCHEMAS: Mapping[str, Schema] = {
    "Association": object_of(
        lost=_DEALS,
        won=_DEALS,
        no_decision=_DEALS,
        **dict.fromkeys(("difference", "low", "high", "p"), "number?"),
        word={"type": "string", "enum": ["lost", "won", "even", "too few"]},
        words="string",
    ),
    "Witness": object_of(
        kind="string",
        stance={"type": "string", "enum": list(Corroboration)},
        told=ref("Share"),
        denied=ref("Share"),
        words="string",
        deals="integer",
        causes=listed("string"),
        reasons=listed(object_of(cause="string", reason="string", deals="integer")),
        quotes=listed(ref("Verbatim")),
    ),
    "Family": object_of(
        facet=_FACET,
        title="string",
        themes=listed("string"),
        share=ref("Share"),
        segments=listed(ref("ShareOf")),
    ),
    "Corner": object_of(
        facet=_FACET,
        share=ref("Share"),
        segments=listed(ref("ShareOf")),
        verbatims=listed("string"),
        quotes=listed(ref("Verbatim")),
    ),
    "CellTheme": object_of(id="string", title="string", share=ref("Share"), trend=listed(ref("ShareOf"))),
    "Cell": object_of(
        segment="string",
        role="string?",
        share=ref("Share"),
        trend=listed(ref("ShareOf")),
        themes=listed(ref("CellTheme")),
    ),
    "Matrix": object_of(
        facet=_FACET,
        quarter="string?",
        quarters=listed("string"),
        segments=listed("string"),
        roles=listed("string"),
        outside="integer",
        cells=listed(ref("Cell")),
    ),
    "Map": object_of(
        quarter="string?",
        cells=listed(
            object_of(
                segment="string?",
                role="string?",
                mode=_MODE,
                facet=_FACET,
                share=ref("Share"),
                themes=listed(ref("CellTheme")),
                quote=_or_null("Verbatim"),
            )
        ),
    ),
    "ProofAsked": object_of(
        proof=_NAMED_OR_NULL,
        **dict.fromkeys(("demanded", "received", "unmet"), ref("Share")),
        **dict.fromkeys(("asked_in", "got_in", "unmet_in"), listed("string")),
        **dict.fromkeys(("asked", "got"), listed(ref("Verbatim"))),
    ),
    "ProofGap": object_of(
        quarter="string?",
        respondents="integer",
        sides=object_of(**dict.fromkeys(list(ProofSide), "integer")),
        rows=listed(
            object_of(
                role="string?",
                pain=_NAMED_OR_NULL,
                **dict.fromkeys(("people", "demanded", "received", "unmet"), ref("Share")),
                segments=listed(ref("ShareOf")),
                kinds=listed(ref("ProofAsked")),
            )
        ),
    ),
}
