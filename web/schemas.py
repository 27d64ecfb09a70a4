"""The shapes of the API's answers as JSON Schema. A shape lists every member; unknown is null, never left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from winloss.model import Facet, Mode, Outcome, Permission, Relation, Rights, Severity, Side, SourceKind, State

Schema = dict[str, Any]
Short = str | Mapping[str, Any]
"""A schema, or the bare name of a JSON type; `string?` may be null."""


def ref(name: str) -> Schema:
    """A reference to one of the shapes below."""
    return {"$ref": f"#/components/schemas/{name}"}


def listed(items: Short) -> Schema:
    """A list of these."""
    return {"type": "array", "items": _long(items)}


def object_of(**members: Short) -> Schema:
    """An object with exactly these members."""
    properties = {name: _long(member) for name, member in members.items()}
    return {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}


def _long(short: Short) -> Schema:
    if not isinstance(short, str):
        return dict(short)
    return {"type": [short[:-1], "null"]} if short.endswith("?") else {"type": short}


def _one_of(words: Iterable[str], *, nullable: bool = False) -> Schema:
    values: list[str | None] = [str(word) for word in words]
    if nullable:
        return {"type": ["string", "null"], "enum": [*values, None]}
    return {"type": "string", "enum": values}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _map_to(values: Short) -> Schema:
    return {"type": "object", "additionalProperties": _long(values)}


_SPAN: Schema = {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2}
_NUMBERS: Schema = {"type": "object", "additionalProperties": {"type": ["number", "string", "null"]}}
_DAY: Schema = {"type": ["string", "null"], "format": "date"}

VERBATIM: Mapping[str, Short] = {
    "id": "string",
    "text": "string",
    "facet": _one_of(Facet, nullable=True),
    "facet_score": "number?",
    "role": "string?",
    "mode": _one_of(Mode, nullable=True),
    "permission": _one_of(Permission, nullable=True),
    "speaker": "string?",
    "segment": "string?",
    "account": "string?",
    "outcome": _one_of(Outcome, nullable=True),
    "competitor": "string?",
    "source": _one_of(SourceKind),
    "document_id": "string",
    "external_id": "string",
    "title": "string?",
    "date": _DAY,
    "quarter": "string?",
    "turn": "integer",
    "start": "integer",
    "end": "integer",
    "start_ms": "integer?",
    "end_ms": "integer?",
    "url": "string?",
    "theme_id": "string?",
    "rights": _one_of(Rights),
    "language": "string?",
    "tags": listed("string"),
    "coder": "string?",
    "quote_until": _DAY,
    "pseudonym": "string?",
    "score": "number?",
    "highlights": listed(_SPAN),
}
_HIT: Mapping[str, Short] = {**VERBATIM, "sentence": _or_null(_SPAN), "same_as": "string?"}
_SHARE: Mapping[str, Short] = {
    **dict.fromkeys(("count", "base", "verbatims"), "integer"),
    **dict.fromkeys(("value", "low", "high"), "number?"),
}
_FACTS: Mapping[str, Short] = {
    "id": "string",
    "facet": _one_of(Facet),
    "title": "string",
    "terms": listed("string"),
    "size": "integer",
    "born": "string?",
    "family": "integer?",
}
_PARTS = ("trend", "segments", "roles", "modes", "sources", "outcomes")
_THEME: Mapping[str, Short] = {
    **_FACTS,
    "share": ref("Share"),
    **{name: listed(ref("ShareOf")) for name in _PARTS},
    "guard": {"anyOf": [ref("Guard"), {"type": "null"}]},
    "specific": {"anyOf": [ref("Share"), {"type": "null"}]},
    "confirmed": listed("string"),
    "testable": "boolean?",
    "exemplars": listed(ref("Verbatim")),
    "dissenting": listed(ref("Verbatim")),
}

SCHEMAS: Mapping[str, Schema] = {
    "Verbatim": object_of(**VERBATIM),
    "Hit": object_of(**_HIT),
    "Citation": object_of(id="string", plain="string", markdown="string", html="string"),
    "SearchPage": object_of(
        query="string",
        mode="string",
        sort="string",
        revision="integer",
        total="integer",
        hits=listed(ref("Hit")),
        nearest=listed(ref("Hit")),
        filter_counts=_map_to(listed(object_of(value="string", verbatims="integer"))),
    ),
    "InContext": object_of(
        **VERBATIM,
        question="string?",
        retired="boolean",
        in_deal=_or_null(ref("DealPart")),
        context=listed(ref("Turn")),
    ),
    "DealPart": object_of(
        permission=_one_of(Permission),
        role="string?",
        named="string",
        by_speaker="boolean",
        words="string",
        by_title="boolean",
    ),
    "RolePart": object_of(
        role="string?",
        permission=_one_of(Permission),
        share=ref("Share"),
        by_title="integer",
        verbatims=listed("string"),
    ),
    "Speaker": object_of(
        name="string?",
        respondent="string",
        side=_one_of(Side),
        side_evidence="string",
        title="string?",
        role="string?",
        role_evidence="string",
        mode=_one_of(Mode, nullable=True),
    ),
    "Person": object_of(
        key="string",
        label="boolean",
        speaker=ref("Speaker"),
        documents=listed("string"),
        turns="integer",
        first="integer",
        corrected="boolean",
        rights=_one_of(Rights),
    ),
    "Correction": {
        "type": "object",
        "properties": {
            "name": {"type": "string", "description": "The speaker by name."},
            "document": {"type": "string", "description": "Only there: an id, an external id or a title."},
            "unnamed": {"type": "boolean", "description": "The turns of the document that name no speaker."},
            "turns": {**_SPAN, "description": "First and last turn of the document; they count from 0."},
            "side": _one_of(Side),
            "title": {"type": "string"},
            "role": {"type": "string", "description": "By its name in the codebook, such as `ciso`."},
            "full_name": {"type": "string"},
            "by": {"type": "string", "description": "Who says so."},
            "undo": {"type": "boolean", "description": "Take back what was said."},
        },
        "additionalProperties": False,
    },
    "Corrected": object_of(
        id="string",
        document="string?",
        turns=_or_null(_SPAN),
        side=_one_of(Side, nullable=True),
        title="string?",
        role="string?",
        by="string?",
        made_at="string",
        changed_documents="integer",
        changed_turns="integer",
    ),
    "Turn": object_of(
        id="string",
        document_id="string",
        ordinal="integer",
        speaker=ref("Speaker"),
        text="string",
        start_ms="integer?",
        end_ms="integer?",
        question="string?",
        quoted=listed(_SPAN),
        highlights=listed(ref("Highlight")),
        rights=_one_of(Rights),
    ),
    "Highlight": object_of(
        turn="integer",
        start="integer",
        end="integer",
        codes=listed("string"),
        coder="string?",
        note="string?",
    ),
    "Share": object_of(**_SHARE),
    "ShareOf": object_of(name="string", **_SHARE),
    "Guard": object_of(kind="string", segments=listed("string"), words="string"),
    "Theme": object_of(**_THEME),
    "ThemeInFull": object_of(
        **_THEME,
        lineage=listed(ref("Lineage")),
        association=_or_null(ref("Association")),
        witnesses=listed(ref("Witness")),
        denied=_or_null(ref("Share")),
        contradicting=listed(ref("Verbatim")),
    ),
    "ThemePage": object_of(
        quarter="string?",
        respondents="integer",
        verbatims="integer",
        unthemed=ref("Share"),
        unread=_NUMBERS,
        themes=listed(ref("Theme")),
        families=listed(ref("Family")),
        corners=listed(ref("Corner")),
    ),
    "Lineage": object_of(
        facet=_one_of(Facet),
        earlier="string?",
        later="string",
        relation=_one_of(Relation),
        from_themes=listed("string"),
        to_themes=listed("string"),
        reason="string",
    ),
    "Scope": object_of(facet="string?", segment="string?", role="string?", source="string?"),
    "Node": object_of(
        kind="string",
        p="number",
        ratio="number",
        current="integer",
        current_base="integer",
        history="integer",
        history_base="integer",
        window="integer",
        verbatims=listed("string"),
        earliest=_DAY,
        said_before=listed("string"),
        covered="boolean?",
        closest="string?",
        gap="number?",
        coherence="number?",
        title="string",
        id="string",
    ),
    "Verdict": object_of(
        quarter="string",
        scope=ref("Scope"),
        state=_one_of(State),
        sentence="string",
        flags=listed("string"),
        statistics=_NUMBERS,
        nodes=listed(ref("Node")),
        mds="number?",
        beside=_map_to("string"),
    ),
    "Change": object_of(
        theme=object_of(**_FACTS),
        earlier=ref("Share"),
        later=ref("Share"),
        difference="number?",
        low="number?",
        high="number?",
        word=_one_of(("grew", "faded", "new", "gone", "steady", "too few")),
        guard=_or_null(ref("Guard")),
    ),
    "Comparison": object_of(
        earlier="string", later="string", changes=listed(ref("Change")), verdicts=listed(ref("Verdict"))
    ),
    "ComparedSegment": object_of(
        segment="string?", earlier=ref("ComparedQuarter"), later=ref("ComparedQuarter"), changes=listed(ref("Change"))
    ),
    "ComparedQuarter": object_of(
        quarter="string",
        people="integer",
        documents="integer",
        verbatims="integer",
        sources=listed(ref("ShareOf")),
        verdict=_or_null(ref("Verdict")),
    ),
    "Document": object_of(
        id="string",
        version="integer",
        kind=_one_of(SourceKind),
        external_id="string",
        content_hash="string",
        file_id="string",
        title="string?",
        happened_on=_DAY,
        quarter="string?",
        url="string?",
        thread_id="string?",
        account="string?",
        segment="string?",
        outcome=_one_of(Outcome, nullable=True),
        competitor="string?",
        rights=_one_of(Rights),
        language="string?",
        tags=listed("string"),
        meta=_map_to("string"),
        stated=_map_to("string?"),
    ),
    "DocumentInFull": object_of(
        document=ref("Document"),
        versions=listed("integer"),
        turns=listed(ref("Turn")),
        verbatims=listed(ref("Verbatim")),
    ),
    "Finding": object_of(code="string", message="string", where="string", count="integer", severity=_one_of(Severity)),
    "File": object_of(
        id="string",
        path="string",
        blob="string",
        size="integer",
        reader="string",
        context_hash="string",
        ingested_at="string",
        documents="integer",
        turns="integer",
        deals="integer",
        accounts="integer",
        findings=listed(ref("Finding")),
    ),
    "Status": object_of(
        version="string",
        workspace="string",
        label="string?",
        codebook="string",
        searching="string",
        counts=_map_to("integer"),
        quarters=listed("string"),
        revision="integer",
        stale=_map_to("boolean"),
    ),
    "Statement": object_of(
        text="string", citations=listed("string"), link="string?", names=listed("string"), drafted="boolean"
    ),
    "ReportSection": object_of(
        heading="string",
        statements=listed(ref("Statement")),
        themes=listed(object_of(**_THEME, statement=ref("Statement"))),
        table=listed(listed("string")),
        note="string?",
    ),
    "ReportPart": object_of(
        heading="string",
        segment="string?",
        verdict=_or_null(ref("Verdict")),
        rests_on=listed("string"),
        sections=listed(ref("ReportSection")),
    ),
    "Report": object_of(
        title="string",
        label="string",
        quarter="string",
        parts=listed(ref("ReportPart")),
        cited=listed(ref("Verbatim")),
        method=listed(listed("string")),
    ),
    "Error": object_of(
        ok={"const": False}, code="string", error="string", hint="string", errors=listed({}), status="integer"
    ),
}
