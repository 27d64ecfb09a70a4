"""A dry run: what a file would be read as, without storing anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path

import ingest
from winloss.errors import SourceError
from winloss.model import Account, Correction, Deal, Document, Finding, ReadDocument, Side, Speaker, Turn
from winloss.ports import ReadContext, Workbench
from winloss.services.erasure import tombstones
from winloss.services.sources import attending, correcting, intake, reading_in

SPEAKERS = 12
VERBATIMS = 5
LISTED = 8
OPENING = 8
NEW, CHANGED, HERE, FORGOTTEN = "new", "new version", "here already", "forgotten"
"""How a document that would be read stands to what is stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """One of the first speakers, with how many turns they have in the file."""

    speaker: Speaker
    turns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What would be read from one file: the reader, counts, the first speakers and verbatims, the findings.

    `listed` are the first documents and `opening` is how the first of them begins; `standing` counts how all of them
    stand to what is stored. `more` tells that the file holds more than was looked at.
    """

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
    spoken: tuple[Spoken, ...] = ()
    listed: tuple[Document, ...] = ()
    opening: tuple[Turn, ...] = ()
    standing: Mapping[str, int] = field(default_factory=dict)
    mapping_kept: bool = False
    more: bool = False


def look(
    bench: Workbench,
    paths: Sequence[Path],
    *,
    kind: str | None = None,
    mapping: Path | None = None,
    private: bool = False,
    told: Mapping[str, intake.Told] | None = None,
    sides: Mapping[str, Mapping[str, Side]] | None = None,
    most: int | None = None,
    cut: bool = True,
) -> list[Preview]:
    """One preview per file; `sides` lays over who speaks, by path and name. Of a file `most` things are looked at.

    Without `cut` no turn is cut into verbatims, which has to load the language model.

    Raises:
        SourceError: a path does not exist, or an archive cannot be opened.
    """
    found = intake.contexts(paths, root=bench.root, kind=kind, mapping=mapping, private=private, told=told)
    looking = _Looking(bench=bench, most=most, cut=cut)
    return [
        looking.at(path, shown, context, (sides or {}).get(shown.partition("/")[0], {}))
        for path, shown, context in found
    ]


@dataclass
class _Looking:
    """What is asked of the store once for all files that are looked at."""

    bench: Workbench
    most: int | None
    cut: bool

    @cached_property
    def known(self) -> Mapping[str, Document]:
        return {document.id: document for document in self.bench.store.documents()}

    @cached_property
    def marks(self) -> tombstones.Marks:
        return tombstones.marks(self.bench)

    @cached_property
    def corrections(self) -> list[Correction]:
        return self.bench.store.corrections()

    def at(self, path: Path, shown: str, context: ReadContext, sides: Mapping[str, Side]) -> Preview:
        """The preview of one file."""
        tally, remarks, spoken = _Tally(), intake.Gathered(), _Spoken()
        try:
            reader = ingest.reader_for(path, context)
            for place, thing in enumerate(ingest.read(path, context)):
                if self.most is not None and place >= self.most:
                    tally.more = True
                    break
                if isinstance(thing, Finding):
                    remarks.add(thing)
                elif isinstance(thing, ReadDocument):
                    described = attending.described(thing, context, path)
                    for finding in self._hear(described, sides, tally, spoken):
                        remarks.add(finding)
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
            verbatims=_verbatims(spoken.buyers) if self.cut else (),
            findings=remarks.findings(),
            spoken=tuple(Spoken(speaker=who, turns=spoken.turns[key]) for key, who in spoken.speakers.items()),
            listed=tuple(spoken.listed),
            opening=tuple(spoken.opening),
            standing=dict(tally.standing),
            mapping_kept=context.mapping_kept,
            more=tally.more,
        )

    def _hear(self, read: ReadDocument, sides: Mapping[str, Side], tally: _Tally, spoken: _Spoken) -> Sequence[Finding]:
        codebook = self.bench.codebook
        document, as_read, found = reading_in.as_stored(read, codebook, self.bench.settings, file_id="")
        said = [*self.corrections, *(_said(self.bench, document, name, side) for name, side in sides.items())]
        turns = correcting.as_corrected(document, as_read, said, codebook)
        spoken.hear(document, turns)
        tally.documents += 1
        tally.turns += len(turns)
        tally.standing[self._standing(document, as_read)] += 1
        return found

    def _standing(self, document: Document, turns: Sequence[Turn]) -> str:
        if self.marks.holds_document(document.id, turns):
            return FORGOTTEN
        known = self.known.get(document.id)
        if known is None:
            return NEW
        return HERE if known.read_hash == document.content_hash else CHANGED


def _said(bench: Workbench, document: Document, name: str, side: Side) -> Correction:
    """What is said of a speaker of a document that is not stored yet."""
    return Correction(id="", speaker=name, made_at=bench.clock.now(), document_id=document.id, side=side)


@dataclass(slots=True)
class _Tally:
    """Counts of one file."""

    documents: int = 0
    turns: int = 0
    deals: int = 0
    accounts: int = 0
    standing: Counter[str] = field(default_factory=Counter)
    more: bool = False


@dataclass(slots=True)
class _Spoken:
    """The first documents, speakers and turns: as much as is shown, however long the file is."""

    speakers: dict[tuple[str | None, str], Speaker] = field(default_factory=dict)
    turns: Counter[tuple[str | None, str]] = field(default_factory=Counter)
    buyers: list[Turn] = field(default_factory=list)
    listed: list[Document] = field(default_factory=list)
    opening: list[Turn] = field(default_factory=list)

    def hear(self, document: Document, turns: Sequence[Turn]) -> None:
        """Take what is still wanted."""
        self.opening += [] if self.listed else turns[:OPENING]
        self.listed += [document] if len(self.listed) < LISTED else []
        for turn in turns:
            speaker = turn.speaker
            key = (speaker.name, speaker.respondent)
            if len(self.speakers) < SPEAKERS:
                self.speakers.setdefault(key, speaker)
            if key in self.speakers:
                self.turns[key] += 1
            if len(self.buyers) < 4 * VERBATIMS and speaker.side is Side.BUYER:
                self.buyers.append(turn)


def _verbatims(turns: Sequence[Turn]) -> tuple[str, ...]:
    from nlp.text.segment import segment

    spans = segment([turn.text for turn in turns], quoted=[turn.quoted for turn in turns])
    words = (turn.text[span.start : span.end] for turn, pieces in zip(turns, spans, strict=True) for span in pieces)
    return tuple(islice(words, VERBATIMS))
