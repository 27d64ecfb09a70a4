"""Quotations of a deck held against everything that was said, by buyers and by whoever asked them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from winloss.model import Document, Rights, Side, Turn, quotable
from winloss.model.auditing import CheckedQuote, DeckQuote, QuoteState
from winloss.services.audit.auditing_evidence import Evidence

NEAR_VERBATIMS = 30
MOST_DOCUMENTS = 60
_WHO = {Side.INTERVIEWER: "the interviewer", Side.VENDOR: "the vendor", Side.UNKNOWN: "somebody whose side is unknown"}
_RIGHTS = {
    Rights.NO_QUOTE: "its source may not be quoted at all",
    Rights.INTERNAL: "its source is for internal use only",
    Rights.ENDED: "the right to quote it has ended",
}
Said = tuple[Document, Turn]


def check_quotes(evidence: Evidence, quotes: Sequence[DeckQuote], vectors: Any) -> list[CheckedQuote]:
    """One answer for each quotation, in order; `vectors` are theirs."""
    return [_checked(evidence, quote, vector) for quote, vector in zip(quotes, vectors, strict=True)]


def _checked(evidence: Evidence, quote: DeckQuote, vector: Any) -> CheckedQuote:
    from nlp.decks import deck_quotes

    said = list(_candidates(evidence, quote.text, vector))
    held = [(document, turn, deck_quotes.place(quote.text, turn.text)) for document, turn in said]
    exact = [(document, turn, placed) for document, turn, placed in held if placed is not None]
    if exact:
        best = min(exact, key=lambda one: (one[1].speaker.side is not Side.BUYER, len(one[2].remarks)))
        return _answer(evidence, quote, *best, exact=True)
    found = deck_quotes.nearest(quote.text, [turn.text for _, turn in said])
    if found is None:
        return CheckedQuote(
            text=quote.text, where=quote.where, place=quote.place, claim=quote.claim, state=QuoteState.NOT_FOUND
        )
    document, turn = said[found[0]]
    return _answer(evidence, quote, document, turn, found[1], exact=False)


def _candidates(evidence: Evidence, text: str, vector: Any) -> Iterable[Said]:
    """The turns of documents that hold some of its words, or a verbatim near to it."""
    from nlp.decks import deck_quotes

    store = evidence.bench.store
    ids: dict[str, None] = {}
    for words in deck_quotes.windows(text):
        for name in store.documents_saying(words)[:MOST_DOCUMENTS]:
            ids.setdefault(name)
    nearness = evidence.ground.nearness(vector)
    order = sorted(range(len(evidence.keys)), key=lambda place: -nearness[place])[:NEAR_VERBATIMS]
    near = {evidence.keys[place] for place in order}
    for row in evidence.rows:
        if row.key in near:
            ids.setdefault(row.document_id)
    for document, turns in store.history(list(ids)[:MOST_DOCUMENTS]):
        for turn in turns:
            yield document, turn


def _answer(
    evidence: Evidence, quote: DeckQuote, document: Document, turn: Turn, placed: Any, *, exact: bool
) -> CheckedQuote:
    from nlp.decks import deck_quotes

    words = turn.text[placed.start : placed.end]
    buyer = turn.speaker.side is Side.BUYER
    state = QuoteState.EXACT if exact else QuoteState.ALTERED
    if not exact and not deck_quotes.is_altered(quote.text, words, placed.likeness):
        state = QuoteState.NOT_FOUND
    elif not buyer:
        state = QuoteState.NOT_A_BUYER
    secret = not quotable(turn.rights)
    remarks = [*placed.remarks]
    if state is not QuoteState.NOT_FOUND and turn.rights in _RIGHTS:
        remarks.append(_RIGHTS[turn.rights])
    differs = state is QuoteState.ALTERED or (state is QuoteState.NOT_A_BUYER and not exact)
    return CheckedQuote(
        text=quote.text,
        where=quote.where,
        place=quote.place,
        claim=quote.claim,
        state=state,
        found=None if secret else words,
        who=_who(evidence, document, turn),
        document_id=document.id,
        turn=turn.ordinal,
        verbatim_id=_verbatim_at(evidence, document, turn, placed),
        changes=deck_quotes.changes(quote.text, words) if differs and not secret else (),
        remarks=tuple(remarks),
    )


def _verbatim_at(evidence: Evidence, document: Document, turn: Turn, placed: Any) -> str | None:
    """The verbatim that holds the beginning of the words, where there is one."""
    if turn.speaker.side is not Side.BUYER:
        return None
    here = [row.id for row in evidence.rows if row.document_id == document.id and row.turn == turn.ordinal]
    passages = evidence.bench.store.passages(here)
    held = (passage.id for passage in passages if passage.start <= placed.start < passage.end)
    return next(held, None)


def _who(evidence: Evidence, document: Document, turn: Turn) -> str:
    """Who said it, without a name: the seat, the segment, the source and the quarter."""
    side = turn.speaker.side
    seat = evidence.bench.codebook.role_label(turn.speaker.role) if side is Side.BUYER else _WHO[side]
    parts = (seat, document.segment, document.kind.value, document.quarter)
    return " · ".join(part for part in parts if part)
