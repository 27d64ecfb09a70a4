"""Wording of an audit that every form of it shares: what stands beside a claim in a copy of the deck."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from winloss.model import Passage, quotable
from winloss.model.auditing import AuditedClaim, CheckedQuote, Grade, LeftOut, QuoteState, Sides, SynthesisAudit
from winloss.report.texts import RoleLabel, attribution

MOST_QUOTED = 2
GRADE_WORDS = {
    Grade.SUPPORTED: "Supported",
    Grade.ONE_SEGMENT: "One segment only",
    Grade.THIN: "Thin",
    Grade.CONTRADICTED: "Contradicted",
    Grade.NO_EVIDENCE: "No evidence",
    Grade.RESTATED: "Restates a belief without new evidence",
    Grade.UNFALSIFIABLE: "Unfalsifiable",
}
KINDS = {"emerging": "New", "growing": "Heard more", "strong": "Strong"}


def headline(audit: SynthesisAudit) -> str:
    """The grades in one line, those that are there."""
    told = [f"{count} {grade.value}" for grade, count in audit.grades.items() if count]
    return f"{len(audit.claims)} claims: {', '.join(told)}" if told else "No claim was found"


def basis(audit: SynthesisAudit) -> str:
    """What the audit rests on, in one sentence."""
    scope = f" in {', '.join(audit.filters.segment)}" if audit.filters.segment else ""
    return (
        f"Held against {audit.verbatims:,} verbatims of {audit.respondents:,} people heard until the end of "
        f"{audit.quarter}{scope}. Counts are people, never verbatims; only buyers' words count."
    )


def counts(parts: Sequence[Sides]) -> str:
    """`federal 12 of 115 (2 against), mid-market 0 of 136` for the parts in which anybody was heard."""
    told = []
    for part in parts:
        if part.supports.base:
            against = f" ({part.contradicts.count} against)" if part.contradicts.count else ""
            told.append(f"{part.name} {part.supports.count} of {part.supports.base}{against}")
    return ", ".join(told)


def heard(claim: AuditedClaim) -> str:
    """When it was heard first and last; empty where it never was."""
    if claim.first is None:
        return ""
    when = f"heard in {claim.first}" if claim.first == claim.last else f"heard {claim.first} to {claim.last}"
    return f"{when}; {claim.now.count} of {claim.now.base} in the quarter itself"


def may_print(passage: Passage) -> bool:
    """Whether the words may stand in a file that leaves the machine."""
    return quotable(passage.rights)


def note(claim: AuditedClaim, role_label: RoleLabel) -> str:
    """What stands beside a claim in a copy of its deck: grade, reason, counts, numbers, and both sides' words."""
    return "\n".join(_note(claim, role_label))


def _note(claim: AuditedClaim, role_label: RoleLabel) -> Iterator[str]:
    yield f"{GRADE_WORDS[claim.grade].upper()}. {claim.reason}"
    if claim.scope_words:
        yield f"Held to: {', '.join(claim.scope_words)}."
    if parts := counts(claim.segments):
        yield f"By segment: {parts}."
    if when := heard(claim):
        yield f"{when[:1].upper()}{when[1:]}."
    for number in claim.numbers:
        yield f"“{number.words}” {number.holding.value}: {number.reason}"
    yield from claim.remarks
    for lead, side in (("For", claim.witnesses), ("Against", claim.against)):
        printed = [witness for witness in side if may_print(witness.passage)][:MOST_QUOTED]
        for witness in printed:
            words = " ".join(witness.passage.text.split())
            led = f" (asked: “{witness.led_by}”)" if witness.led_by else ""
            yield f"{lead}: “{words}” — {attribution(witness.passage, role_label)} [{witness.passage.id}]{led}"


def quote_note(quote: CheckedQuote) -> str:
    """What stands beside a quotation in a copy of its deck."""
    return " ".join(_quote_note(quote))


def _quote_note(quote: CheckedQuote) -> Iterator[str]:
    short = quote.text if len(quote.text) <= 80 else quote.text[:79] + "…"
    yield f"QUOTATION “{short}”: {quote.state.value}."
    if quote.state is QuoteState.NOT_FOUND:
        yield f"The nearest that was said: “{quote.found}” — {quote.who}." if quote.found else "Nobody said this."
    elif quote.state is not QuoteState.EXACT and quote.found:
        yield f"Said was: “{quote.found}” — {quote.who}."
    elif quote.who:
        yield f"Said by {quote.who}."
    if quote.remarks:
        yield f"{'; '.join(quote.remarks)}."


def left_out_line(item: LeftOut) -> str:
    """A theme that the deck leaves out, in one line."""
    return f"{KINDS[item.kind]}: “{item.title}”, {item.share.count} of {item.share.base} people in the quarter"
