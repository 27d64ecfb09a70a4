"""A whole workspace of any number of verbatims, as reading in and analysing would leave it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path

from benchmarks.search_speed import corpus
from winloss.bootstrap import open_workbench
from winloss.model import (
    Classification,
    Document,
    Facet,
    Outcome,
    Participant,
    Passage,
    Rights,
    Side,
    SourceKind,
    Speaker,
    Turn,
    Verbatim,
    stable_id,
    text_key,
)
from winloss.ports import Workbench

DOCUMENTS_AT_ONCE = 250
FACETS = (Facet.PAIN, Facet.PROOF, Facet.ENGAGEMENT, Facet.NONE)
Read = tuple[Document, list[Turn], list[Participant]]


def make(
    root: Path, data: Path, size: int, *, first: int = 0, seed: int = 7, bench: Workbench | None = None
) -> Workbench:
    """The workspace with so many more verbatims, not indexed yet, each distinct text with a random vector."""
    bench = bench or open_workbench(root)
    store(bench, data, size, first=first, seed=seed)
    keys = bench.vectors().missing(list(bench.store.texts()))
    for start in range(0, len(keys), corpus.AT_ONCE):
        some = keys[start : start + corpus.AT_ONCE]
        bench.vectors().append(some, corpus.unit_rows(len(some), seed=first + start))
    return bench


def store(bench: Workbench, data: Path, size: int, *, first: int = 0, seed: int = 7) -> None:
    """Put documents of 40 turns each into the store, every turn a verbatim."""
    pending = _documents(data, size, first, seed)
    while batch := list(islice(pending, DOCUMENTS_AT_ONCE)):
        with bench.store.transaction() as transaction:
            transaction.put_documents(batch)
            for document, turns, _ in batch:
                verbatims = [whole(turn) for turn in turns]
                transaction.put_verbatims(document.id, verbatims, "whole turns")
                facets = {item.id: decided(FACETS[n % len(FACETS)]) for n, item in enumerate(verbatims)}
                transaction.put_classifications(facets, "in turn")


def _documents(data: Path, size: int, first: int, seed: int) -> Iterator[Read]:
    passages = corpus.passages(data, size, first=first, seed=seed)
    draw = random.Random(seed)
    while some := list(islice(passages, corpus.TURNS)):
        yield _document(some, draw)


def _document(passages: list[Passage], draw: random.Random) -> Read:
    name = stable_id("d", passages[0].document_id)
    year, month = 2022 + draw.randrange(4), 1 + draw.randrange(12)
    document = Document(
        id=name,
        version=1,
        kind=draw.choice(list(SourceKind)),
        external_id=passages[0].document_id,
        content_hash=name,
        file_id="f",
        title=passages[0].title,
        happened_on=date(year, month, 1 + draw.randrange(28)),
        quarter=f"{year}Q{(month - 1) // 3 + 1}",
        account=f"account {draw.randrange(3000)}",
        segment=f"segment {draw.randrange(6)}",
        outcome=draw.choice([None, Outcome.WON, Outcome.LOST_TO_COMPETITOR]),
        competitor=f"competitor {draw.randrange(30)}",
        rights=draw.choice([Rights.INTERNAL, Rights.ANONYMOUS]),
        language="en",
    )
    speaker = Speaker(
        name=None, respondent=f"r{name}", side=Side.BUYER, side_evidence="made", role=f"role {draw.randrange(12)}"
    )
    turns = [
        Turn(id=stable_id("t", name, 1, ordinal), document_id=name, ordinal=ordinal, speaker=speaker, text=passage.text)
        for ordinal, passage in enumerate(passages)
    ]
    return document, turns, []


def whole(turn: Turn) -> Verbatim:
    """The whole turn as a verbatim."""
    return Verbatim(
        id=stable_id("v", turn.id),
        turn_id=turn.id,
        document_id=turn.document_id,
        start=0,
        end=len(turn.text),
        text=turn.text,
        key=text_key(turn.text),
    )


def decided(facet: Facet) -> Classification:
    """The decision for this facet, as sure as can be."""
    return Classification(facet=facet, facet_score=1.0, scores={item.value: float(item is facet) for item in Facet})
