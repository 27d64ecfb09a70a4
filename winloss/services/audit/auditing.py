"""A deck held against the verbatims: its claims graded, its quotations and numbers checked, what it leaves out told.

Everything that was said until the end of the deck's quarter counts; what was said in the quarter itself is told beside
it, because a deck that only repeats what was known says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from winloss.errors import NotEnoughEvidence, QueryError
from winloss.model import Claim, EvidenceRow, Filters, Share, Stance, fingerprint
from winloss.model.auditing import (
    AuditedClaim,
    Basis,
    CheckedNumber,
    CheckedQuote,
    Deck,
    DeckClaim,
    Grade,
    QuoteState,
    SynthesisAudit,
)
from winloss.ports import Workbench
from winloss.quarter import Quarter
from winloss.services import browsing
from winloss.services.audit import auditing_numbers, leaving_out
from winloss.services.audit.auditing_evidence import (
    Evidence,
    Heard,
    fresh,
    gather,
    hear,
    heard_stems,
    only_led,
    quarters_of,
    shares,
    sides,
    witnesses,
)
from winloss.services.audit.auditing_quotes import check_quotes
from winloss.services.audit.grading import Weighed, graded
from winloss.services.evidence import respondents, split
from winloss.services.statistics import wilson

if TYPE_CHECKING:
    from nlp.decks.deck_scope import ClaimScope


@dataclass(frozen=True, slots=True, kw_only=True)
class _Earlier:
    """What was said before the deck: beliefs and the claims of decks kept for earlier quarters, with their vectors."""

    told: tuple[str, ...]
    statements: tuple[str, ...]
    segments: tuple[str | None, ...]
    vectors: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A claim with what it was read to ask for: its scope, the statement that is held against verbatims, its vector."""

    claim: DeckClaim
    scope: ClaimScope
    filters: Filters
    statement: str
    vector: Any
    whole: Any
    bare: Any
    denies: bool


def audit_file(
    bench: Workbench, path: Path, *, quarter: str | None = None, filters: Filters | None = None
) -> SynthesisAudit:
    """Hold the deck in a file against the verbatims; nothing is stored.

    Raises:
        SourceError: it is no deck that can be read.
        QueryError: not a quarter.
        NotEnoughEvidence: nothing was heard until that quarter.
    """
    from ingest.decks import read_deck

    return audit_deck(bench, read_deck(path), quarter=quarter, filters=filters)


def id_of(deck: Deck, quarter: str, filters: Filters) -> str:
    """The id of the audit of a deck, of a quarter and scope."""
    return "a" + fingerprint(deck.name, quarter, repr(filters), *(block.text for block in deck.blocks))[:15]


def audit_deck(
    bench: Workbench, deck: Deck, *, quarter: str | None = None, filters: Filters | None = None
) -> SynthesisAudit:
    """Hold a deck against the verbatims; without a quarter, it is taken to speak of the latest.

    Raises:
        QueryError: not a quarter.
        NotEnoughEvidence: nothing was heard until that quarter.
    """
    from nlp.decks.deck_claims import read_claims

    chosen = filters or Filters()
    named = quarter_of(bench, quarter)
    evidence = gather(bench, named, replace(chosen, quarter=()))
    if not evidence.rows:
        raise NotEnoughEvidence(
            f"nothing was heard until {named} in this scope", hint="Take another quarter or fewer filters."
        )
    reading = read_claims(deck)
    asked = _asked(evidence, reading.claims)
    heard = [_heard(evidence, one) for one in _tracked(bench, asked)]
    quotes = check_quotes(evidence, reading.quotes, _encode(bench, [quote.text for quote in reading.quotes]))
    earlier = _earlier(bench, named)
    claims = tuple(
        _audited(evidence, one, said, [quote for quote in quotes if quote.claim == number], earlier)
        for number, (one, said) in enumerate(zip(asked, heard, strict=True))
    )
    judged = [
        leaving_out.Judged(statement=one.claim.statement, vector=one.vector, heard=said)
        for one, said in zip(asked, heard, strict=True)
    ]
    missing, covered, there = leaving_out.left_out(evidence, judged)
    return SynthesisAudit(
        id=id_of(deck, named, chosen),
        name=deck.name,
        form=deck.form,
        quarter=named,
        filters=chosen,
        made_at=bench.clock.now(),
        respondents=len(respondents(evidence.rows)),
        verbatims=len(evidence.rows),
        claims=claims,
        quotes=tuple(quotes),
        left_out=missing,
        covered=covered,
        themes=there,
        passed_over=reading.passed_over,
    )


def quarter_of(bench: Workbench, quarter: str | None) -> str:
    """The quarter in its one spelling; without one, the latest with evidence.

    Raises:
        QueryError: not a quarter.
        NotEnoughEvidence: there is no evidence at all.
    """
    if quarter:
        return str(Quarter.parse(quarter))
    known = browsing.quarters(bench)
    if not known:
        raise NotEnoughEvidence("there are no verbatims yet", hint="Run `winloss ingest`, then `winloss analyse`.")
    return known[-1]


def one_quarter(filters: Filters) -> str | None:
    """The quarter among the filters, where there is one.

    Raises:
        QueryError: there are several: a deck speaks of one.
    """
    if len(filters.quarter) > 1:
        raise QueryError("a deck speaks of one quarter", hint="Name one; everything said until its end counts.")
    return filters.quarter[0] if filters.quarter else None


# --- asking ----------------------------------------------------------------------------------------------------------


def _asked(evidence: Evidence, claims: Sequence[DeckClaim]) -> list[_Asked]:
    from nlp.decks.deck_evidence import without_unheard
    from nlp.decks.deck_numbers import quantities, without_counting
    from nlp.decks.deck_scope import joined, scope_of

    bench = evidence.bench
    scopes = []
    for claim in claims:
        plain = without_counting(claim.statement)
        scopes.append(scope_of(plain, bench.codebook, quarter=evidence.quarter, context=claim.context))
    vectors = _encode(bench, [scope.bare for scope in scopes])
    wholes = _encode(bench, [claim.statement for claim in claims])
    known = heard_stems(bench)
    heard_only = [without_unheard(scope.bare, known) for scope in scopes]
    bares = iter(_encode(bench, [text for text in heard_only if text]))
    return [
        _Asked(
            claim=claim,
            scope=scope,
            filters=joined(replace(evidence.filters, quarter=()), scope.filters),
            statement=scope.bare,
            vector=vector,
            whole=whole,
            bare=next(bares) if told else None,
            denies=any(quantity.denies for quantity in quantities(claim.statement)),
        )
        for claim, scope, vector, whole, told in zip(claims, scopes, vectors, wholes, heard_only, strict=True)
    ]


def _tracked(bench: Workbench, asked: Sequence[_Asked]) -> Sequence[_Asked]:
    """The same, with the progress shown as they are taken."""

    def taken() -> Any:
        with bench.progress.track("holding claims against verbatims", total=len(asked)) as advance:
            for one in asked:
                yield one
                advance(1)

    return taken() if asked else asked


def _heard(evidence: Evidence, asked: _Asked) -> Heard:
    heard = hear(evidence, asked.statement, asked.vector, asked.filters, bare=asked.bare)
    if asked.denies:
        return replace(heard, supports=[], contradicts=heard.supports)
    return heard


def _encode(bench: Workbench, texts: Sequence[str]) -> Any:
    return bench.encoder().encode(list(texts)) if texts else []


# --- before the deck -------------------------------------------------------------------------------------------------


def _earlier(bench: Workbench, quarter: str) -> _Earlier:
    told, statements, segments = [], [], []
    for belief in bench.store.beliefs():
        if belief.status == "held":
            told.append(f"the belief “{belief.statement}” ({belief.owner}, since {belief.since})")
            statements.append(belief.statement)
            segments.append(belief.segment)
    for deck in bench.store.syntheses():
        if deck.quarter < quarter:
            for claim in deck.claims:
                told.append(f"“{claim.text}” in {deck.name} of {deck.quarter}")
                statements.append(claim.text)
                segments.append(deck.segment)
    return _Earlier(
        told=tuple(told),
        statements=tuple(statements),
        segments=tuple(segments),
        vectors=_encode(bench, statements),
    )


def _said_before(evidence: Evidence, asked: _Asked, earlier: _Earlier) -> str | None:
    """What was said before that says the same as the claim, of the same people."""
    from nlp.decks.deck_evidence import ALIKE, SAME_WORDS, cosines

    if not earlier.statements:
        return None
    near = cosines([asked.whole], list(earlier.vectors))[0]
    segments = asked.filters.segment
    for number in sorted(range(len(near)), key=lambda place: -near[place]):
        if near[number] < ALIKE:
            return None
        scope = earlier.segments[number]
        if near[number] >= SAME_WORDS:
            return earlier.told[number]
        if scope is None or not segments or scope in segments:
            vectors = asked.whole.reshape(1, -1)
            stance = evidence.stances.judge(
                earlier.statements[number], [asked.claim.statement], vectors, earlier.vectors[number]
            )[0]
            if stance.stance is not Stance.CONTRADICTS:
                return earlier.told[number]
    return None


# --- grading ---------------------------------------------------------------------------------------------------------


def _audited(
    evidence: Evidence, asked: _Asked, heard: Heard, quotes: Sequence[CheckedQuote], earlier: _Earlier
) -> AuditedClaim:
    supports, contradicts, now = shares(heard, evidence.quarter)
    led = only_led(heard.supports)
    said_before = _said_before(evidence, asked, earlier)
    segments = sides(heard, lambda row: row.segment)
    newly = len(fresh(heard.supports, evidence.quarter))
    grade, reason = graded(
        Weighed(
            supports=supports.count,
            contradicts=contradicts.count,
            base=supports.base,
            led=len(led),
            fresh=newly,
            segments=segments,
            names_segment=bool(asked.filters.segment or asked.filters.without or asked.scope.compared),
            unfalsifiable=_untestable(evidence.bench, asked.claim.statement)
            if asked.claim.basis is Basis.STATEMENT
            else None,
            said_before=said_before,
            denies=asked.denies,
            capped=heard.capped,
        )
    )
    low, high = wilson(supports)
    first, last = quarters_of(heard.contradicts if asked.denies else heard.supports)
    return AuditedClaim(
        claim=Claim(text=asked.claim.text, where=asked.claim.where, place=asked.claim.place, quotes=asked.claim.quotes),
        statement=asked.claim.statement,
        basis=asked.claim.basis,
        grade=grade,
        reason=reason,
        scope=asked.scope.filters,
        scope_words=asked.scope.words,
        supports=supports,
        contradicts=contradicts,
        now=now,
        fresh=newly,
        low=low,
        high=high,
        segments=segments,
        roles=sides(heard, lambda row: row.role),
        sources=sides(heard, lambda row: row.source),
        outcomes=sides(heard, lambda row: row.outcome),
        first=first,
        last=last,
        witnesses=witnesses(evidence, heard, heard.supports),
        against=witnesses(evidence, heard, heard.contradicts),
        led=len(led),
        numbers=_numbers(asked, heard, supports),
        said_before=said_before,
        remarks=tuple(_remarks(quotes, said_before, grade, now, evidence.quarter)),
        themes=_themes(heard.supports),
        capped=heard.capped,
    )


def _untestable(bench: Workbench, statement: str) -> str | None:
    """Why no verbatim could show a statement wrong, as a sentence; None where one could."""
    from nlp.stances.falsifiable import falsifiability

    vendor = bench.codebook.vendor
    found = falsifiability(statement, (vendor.name, *vendor.aliases) if vendor else ())
    return None if found.falsifiable else f"Verbatims cannot test it: {found.reason}."


def _numbers(asked: _Asked, heard: Heard, supports: Share) -> tuple[CheckedNumber, ...]:
    from nlp.decks.deck_numbers import quantities

    text = asked.claim.statement
    found = quantities(text) or [one for line in asked.claim.context for one in quantities(line)]
    said = Share(count=len(respondents(heard.contradicts)), base=supports.base, verbatims=len(heard.contradicts))
    by_segment = dict(split(heard.supports, heard.scope, lambda row: row.segment))
    compared = {name: by_segment[name] for name in asked.scope.compared if name in by_segment}
    return tuple(
        auditing_numbers.check(one, said if one.denies else supports, compared, capped=heard.capped) for one in found
    )


def _remarks(
    quotes: Sequence[CheckedQuote], said_before: str | None, grade: Grade, now: Share, quarter: str
) -> list[str]:
    """What a reader of the grade should know beside it."""
    remarks = []
    if said_before and grade is not Grade.RESTATED:
        remarks.append(f"Said before: {said_before}.")
    if now.base and not now.count and grade in (Grade.SUPPORTED, Grade.ONE_SEGMENT):
        remarks.append(f"Nobody said it in {quarter}.")
    bad = [quote for quote in quotes if quote.state is not QuoteState.EXACT]
    if bad:
        remarks.append(f"{len(bad)} of {len(quotes)} quotations beside it are not a buyer's exact words.")
    return remarks


def _themes(rows: Sequence[EvidenceRow]) -> tuple[str, ...]:
    """The themes that its people said it in, by how many people, the most first."""
    people: dict[str, set[str]] = {}
    for row in rows:
        if row.theme_id:
            people.setdefault(row.theme_id, set()).add(row.respondent)
    return tuple(sorted(people, key=lambda name: (-len(people[name]), name)))[:3]
