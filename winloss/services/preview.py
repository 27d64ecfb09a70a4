"""A dry run: what a file would be read as, without storing anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
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
    bench: Workbench,
    paths: Sequence[Path],
    *,
    kind: str | None = None,
    mapping: Path | None = None,
    private: bool = False,
) -> list[Preview]:
    """One preview per file.

    Raises:
        SourceError: a path does not exist.
    """
    found = intake.contexts(paths, root=bench.root, kind=kind, mapping=mapping, private=private)
    return [_preview(bench, path, shown, context) for path, shown, context in found]


def _preview(bench: Workbench, path: Path, shown: str, context: ReadContext) -> Preview:
    tally, remarks, spoken = _Tally(), intake.Gathered(), _Spoken()
    corrections = bench.store.corrections()
    try:
        reader = ingest.reader_for(path, context)
        for thing in ingest.read(path, context):
            if isinstance(thing, Finding):
                remarks.add(thing)
            elif isinstance(thing, ReadDocument):
                described = attending.described(thing, context, path)
                document, read, found = reading_in.as_stored(described, bench.codebook, bench.settings, file_id="")
                turns = correcting.as_corrected(document, read, corrections, bench.codebook)
                for finding in found:
                    remarks.add(finding)
                spoken.hear(turns)
                tally.documents += 1
                tally.turns += len(turns)
            else:
                tally.deals += isinstance(thing, Deal)
                tally.accounts += isinstance(thing, Account)
    except SourceError as error:
        return Preview(path=shown, error=error.message, hint=error.hint)
    return Preview(
        path=shown,
        reader=reader.title,
        documents=tally.documents,
        turns=tally.turns,
        deals=tally.deals,
        accounts=tally.accounts,
        speakers=tuple(spoken.speakers.values()),
        verbatims=_verbatims(spoken.buyers),
        findings=remarks.findings(),
    )


@dataclass(slots=True)
class _Tally:
    """Counts of one file."""

    documents: int = 0
    turns: int = 0
    deals: int = 0
    accounts: int = 0


@dataclass(slots=True)
class _Spoken:
    """The first speakers and the first turns of buyers: as much as is shown, however long the file is."""

    speakers: dict[tuple[str | None, str], Speaker] = field(default_factory=dict)
    buyers: list[Turn] = field(default_factory=list)

    def hear(self, turns: Sequence[Turn]) -> None:
        """Take what is still wanted."""
        for turn in turns:
            speaker = turn.speaker
            if len(self.speakers) < SPEAKERS:
                self.speakers.setdefault((speaker.name, speaker.respondent), speaker)
            if len(self.buyers) < 4 * VERBATIMS and speaker.side is Side.BUYER:
                self.buyers.append(turn)


def _verbatims(turns: Sequence[Turn]) -> tuple[str, ...]:
    from nlp.segment import segment

    spans = segment([turn.text for turn in turns], quoted=[turn.quoted for turn in turns])
    words = (turn.text[span.start : span.end] for turn, pieces in zip(turns, spans, strict=True) for span in pieces)
    return tuple(islice(words, VERBATIMS))
