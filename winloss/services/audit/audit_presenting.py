"""An audit as JSON: the same for the command, the API and the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

from winloss.model import Filters, Share, Synthesis
from winloss.model.auditing import AuditedClaim, CheckedQuote, LeftOut, Sides, SynthesisAudit, Witness
from winloss.services.presenting import passage_json, plain
from winloss.services.statistics import wilson

Json = dict[str, object]


def audit_json(audit: SynthesisAudit) -> Json:
    """The whole audit."""
    return {
        "id": audit.id,
        "name": audit.name,
        "form": audit.form,
        "quarter": audit.quarter,
        "made_at": audit.made_at,
        "kept": audit.kept,
        "scope": scope_json(audit.filters),
        "respondents": audit.respondents,
        "verbatims": audit.verbatims,
        "sound": audit.sound,
        "grades": {grade.value: count for grade, count in audit.grades.items()},
        "covered": audit.covered,
        "themes": audit.themes,
        "claims": [_claim(number, claim) for number, claim in enumerate(audit.claims, start=1)],
        "quotes": [_quote(quote) for quote in audit.quotes],
        "left_out": [_left_out(item) for item in audit.left_out],
        "passed_over": dict(audit.passed_over),
    }


def deck_json(deck: Synthesis) -> Json:
    """A kept deck, without its claims' verdicts."""
    return {
        "id": deck.id,
        "name": deck.name,
        "quarter": deck.quarter,
        "segment": deck.segment,
        "made_at": deck.made_at,
        "by": deck.by,
        "claims": [{"text": claim.text, "where": claim.where, "quotes": list(claim.quotes)} for claim in deck.claims],
        "file": deck.blob is not None,
    }


def scope_json(filters: Filters) -> Json:
    """The filters that are set."""
    named = {item.name: getattr(filters, item.name) for item in fields(Filters)}
    return {name: plain(value) for name, value in named.items() if value}


def share_json(share: Share) -> Json:
    """A share with its base and its 95% interval."""
    low, high = wilson(share)
    told: Json = {"count": share.count, "base": share.base, "verbatims": share.verbatims, "value": share.value}
    return {**told, "low": low, "high": high}


def _claim(number: int, claim: AuditedClaim) -> Json:
    return {
        "number": number,
        "text": claim.claim.text,
        "statement": claim.statement,
        "where": claim.claim.where,
        "basis": claim.basis.value,
        "grade": claim.grade.value,
        "reason": claim.reason,
        "scope": scope_json(claim.scope),
        "supports": share_json(claim.supports),
        "contradicts": share_json(claim.contradicts),
        "interval": [round(claim.low, 4), round(claim.high, 4)],
        "this_quarter": share_json(claim.now),
        "first_time": claim.fresh,
        "first_heard": claim.first,
        "last_heard": claim.last,
        "led": claim.led,
        "at_least": claim.capped,
        "said_before": claim.said_before,
        "remarks": list(claim.remarks),
        "segments": _sides(claim.segments),
        "roles": _sides(claim.roles),
        "sources": _sides(claim.sources),
        "outcomes": _sides(claim.outcomes),
        "themes": list(claim.themes),
        "numbers": [
            {"words": item.words, "says": item.says, "verdict": item.holding.value, "reason": item.reason}
            for item in claim.numbers
        ],
        "quotes": list(claim.claim.quotes),
        "for": [_witness(item) for item in claim.witnesses],
        "against": [_witness(item) for item in claim.against],
    }


def _sides(parts: tuple[Sides, ...]) -> list[Json]:
    return [
        {"value": part.name, "supports": share_json(part.supports), "contradicts": share_json(part.contradicts)}
        for part in parts
    ]


def _witness(witness: Witness) -> Json:
    told: Mapping[str, object] = passage_json(witness.passage, witness.score)
    return {**told, "decided_by": witness.reason, "led_by": witness.led_by, "led_how": witness.led_how}


def _quote(quote: CheckedQuote) -> Json:
    return {
        "text": quote.text,
        "where": quote.where,
        "claim": None if quote.claim is None else quote.claim + 1,
        "verdict": quote.state.value,
        "found": quote.found,
        "who": quote.who or None,
        "document_id": quote.document_id,
        "turn": quote.turn,
        "verbatim_id": quote.verbatim_id,
        "changes": [{"kind": change.kind, "text": change.text} for change in quote.changes],
        "remarks": list(quote.remarks),
    }


def _left_out(item: LeftOut) -> Json:
    return {
        "kind": item.kind,
        "title": item.title,
        "theme_id": item.theme.id if item.theme else None,
        "facet": item.theme.facet.value if item.theme else None,
        "share": share_json(item.share),
        "segments": [{"segment": name, **share_json(share)} for name, share in item.segments],
        "nearest_claim": item.nearest,
        "nearness": item.gap,
        "earliest": item.earliest,
        "quotes": [passage_json(passage) for passage in item.quotes],
    }
