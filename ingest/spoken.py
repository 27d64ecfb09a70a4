"""The document around a conversation: what captions, text and Word transcripts have in common once turns are read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from ingest.limits import check_turns
from ingest.preamble import Preamble, day_of, lay_over, read_preamble
from ingest.speech import Speech
from ingest.values import day_in_name
from winloss.errors import MalformedSource
from winloss.model import Finding, ReadDocument, ReadTurn, Severity, SourceKind
from winloss.ports import ReadContext


def spoken_document(
    path: Path,
    turns: Sequence[ReadTurn],
    context: ReadContext,
    *,
    day: date | None = None,
    title: str | None = None,
    language: str | None = None,
) -> tuple[ReadDocument, list[Finding]]:
    """One document of these turns and remarks about it.

    The file's name without its suffix is its id, so that a corrected file becomes a new version of the same document;
    `context.name` takes its place where files of one name lie in several folders.
    Where nothing else tells the day, a date in the file's name does.

    Raises:
        MalformedSource: nobody says anything, or it is more than a conversation can hold.
    """
    if not turns:
        raise MalformedSource(f"{path.name} holds no words", hint="Export the transcript again.", path=str(path))
    check_turns(path, len(turns))
    findings = []
    if day is None and not (context.manifest or {}).get("interview_date") and (day := day_in_name(path.stem)):
        message = "the date was taken from the file's name; give one in manifest.csv if it is another day"
        findings.append(Finding(code="date-from-name", message=message, where=path.name, severity=Severity.INFO))
    if all(turn.speaker is None for turn in turns):
        message = "no speakers: nothing tells whose words these are. Add names, or ask for an export that has them"
        findings.append(Finding(code="no-speakers", message=message, where=path.name))
    document = ReadDocument(
        kind=spoken_kind(context),
        external_id=context.name or path.stem,
        turns=tuple(turns),
        title=title,
        happened_on=day,
        language=language,
    )
    return document, findings


def written_document(
    path: Path, speech: Speech, context: ReadContext, *, front: Preamble, title: str | None = None
) -> tuple[ReadDocument, list[Finding]]:
    """The document of a typed transcript, with what its front matter and preamble tell, and remarks about it.

    Raises:
        MalformedSource: nobody says anything.
    """
    above = read_preamble(speech.preamble)
    facts = {**above.facts, **({"title": title} if title else {}), **front.facts}
    document, findings = spoken_document(
        path, speech.turns, context, day=day_of(facts), title=facts.get("title"), language=facts.get("language")
    )
    above = Preamble(facts=facts, unread=front.unread + above.unread)
    document, remarks = lay_over(document, above, where=path.name)
    return document, [*findings, *remarks, *_speaker_remarks(speech, path.name)]


def spoken_kind(context: ReadContext) -> SourceKind:
    """The kind asked for; conversations are interviews unless told otherwise."""
    return SourceKind(context.kind) if context.kind in set(SourceKind) else SourceKind.INTERVIEW


def _speaker_remarks(speech: Speech, where: str) -> list[Finding]:
    remarks = []
    if speech.once:
        message = f"each speaks only once, check that these are people: {', '.join(speech.once)}"
        remarks.append(Finding(code="speaks-once", message=message, where=where, severity=Severity.INFO))
    if speech.kept:
        message = f"read as spoken words, not as speakers: {', '.join(f'{name}:' for name in speech.kept[:12])}"
        remarks.append(Finding(code="colon-kept", message=message, where=where, severity=Severity.INFO))
    return remarks
