"""A dry run: what a file would be read as, without storing anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import ingest
from winloss.errors import SourceError
from winloss.model import Account, Deal, Finding, ReadDocument, Side, Speaker, Turn
from winloss.ports import ReadContext, Workbench
from winloss.services import attending, correcting, intake, reading_in

SPEAKERS = 12
VERBATIMS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What would be read from one file: the reader, counts, the first speakers and verbatims, the findings."""

    path: str
    reader: str | None = None
    documents: int = 0
    turns: int = 0
    deals: int = 0
    accounts: int = 0
    speakers: tuple[Speaker, ...] = ()
    verbatims: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    error: str | None = None
    hint: str | None = None


def look(
    bench: Workbench, paths: Sequence[Path], *, kind: str | None = None, mapping: Path | None = None
) -> list[Preview]:
    """One preview per file.

    Raises:
        SourceError: a path does not exist.
    """
    found = intake.contexts(paths, kind=kind, mapping=mapping)
    return [_preview(bench, path, shown, context) for path, shown, context in found]


def _preview(bench: Workbench, path: Path, shown: str, context: ReadContext) -> Preview:
    try:
        reader = ingest.reader_for(path, context)
        things = list(ingest.read(path, context))
    except SourceError as error:
        return Preview(path=shown, error=error.message, hint=error.hint)
    findings = [thing for thing in things if isinstance(thing, Finding)]
    turns: list[Turn] = []
    corrections = bench.store.corrections()
    for thing in things:
        if isinstance(thing, ReadDocument):
            described = attending.described(thing, context, path)
            document, read, remarks = reading_in.as_stored(described, bench.codebook, bench.settings, file_id="")
            turns += correcting.as_corrected(document, read, corrections, bench.codebook)
            findings += remarks
    return Preview(
        path=shown,
        reader=reader.title,
        documents=sum(isinstance(thing, ReadDocument) for thing in things),
        turns=len(turns),
        deals=sum(isinstance(thing, Deal) for thing in things),
        accounts=sum(isinstance(thing, Account) for thing in things),
        speakers=_speakers(turns),
        verbatims=_verbatims(turns),
        findings=tuple(intake.gathered(findings)),
    )


def _speakers(turns: Sequence[Turn]) -> tuple[Speaker, ...]:
    distinct = {(turn.speaker.name, turn.speaker.respondent): turn.speaker for turn in turns}
    return tuple(islice(distinct.values(), SPEAKERS))


def _verbatims(turns: Sequence[Turn]) -> tuple[str, ...]:
    from nlp.segment import segment

    spoken = [turn for turn in turns if turn.speaker.side is Side.BUYER][: 4 * VERBATIMS]
    spans = segment([turn.text for turn in spoken], quoted=[turn.quoted for turn in spoken])
    words = (turn.text[span.start : span.end] for turn, pieces in zip(spoken, spans, strict=True) for span in pieces)
    return tuple(islice(words, VERBATIMS))
