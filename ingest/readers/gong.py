"""Gong: the transcript of calls, and the extensive call beside it that tells who took part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.json_files import shape, stream
from ingest.json_values import day_of_moment, number_in, object_in, objects_in, text_in
from ingest.leftovers import Leftovers
from ingest.recordings import Recording, cue, milliseconds, recorded
from ingest.turns import Cue
from winloss.errors import MalformedSource
from winloss.model import Finding, Participant, Readable, Side
from winloss.ports import Format, Probe, ReadContext

_TRANSCRIPT = "callTranscripts.item.transcript"
_CALL = "calls.item.metaData"
_OF_NO_USE = frozenset(
    {
        *("id", "url", "title", "started", "duration", "language", "scheduled", "primaryUserId", "direction", "system"),
        *("scope", "media", "workspaceId", "sdrDisposition", "clientUniqueId", "customData", "purpose", "meetingUrl"),
        *("isPrivate", "calendarEventId"),
    }
)
_SIDES = {"internal": Side.VENDOR, "external": Side.BUYER}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """What the extensive call tells about a transcript; `names` are those of the speakers by id."""

    about: Mapping[str, Any]
    participants: tuple[Participant, ...]
    names: Mapping[str, str]
    account: str | None = None


@dataclass(slots=True)
class _Notes:
    """What is told once a file."""

    left: Leftovers = field(default_factory=Leftovers)
    unnamed: int = 0

    def findings(self) -> list[Finding]:
        found = self.left.findings()
        if self.unnamed:
            message = (
                "speakers are only numbered: put Gong's extensive call export (with parties) of the same calls beside "
                "this file, or name it as companion_file in manifest.csv"
            )
            found.append(Finding(code="speakers-unnamed", message=message, count=self.unnamed))
        return found


class GongReader:
    """Gong's API answers. Every call is one interview; sentences of one speaker become one turn."""

    name = "gong"
    title = "Gong calls (transcript and extensive call)"
    family = "calls"
    formats: tuple[Format, ...] = (
        Format(name="Gong transcript", looks="`.json`", gives="turns with speakers and times"),
        Format(
            name="Gong extensive call",
            looks="`.json` beside the transcript",
            gives="names, titles, sides, account, day",
        ),
    )

    def identify(self, probe: Probe) -> bool:
        """A list of call transcripts, or of calls with their metadata."""
        seen = shape(probe)
        return _TRANSCRIPT in seen or _CALL in seen

    def accompanies(self, probe: Probe) -> bool:
        """The extensive call holds no words."""
        return _TRANSCRIPT not in shape(probe)

    def read(self, path: Path, context: ReadContext) -> Iterator[Readable]:
        """One interview a call.

        Raises:
            MalformedSource: broken JSON, or an extensive call without its transcript.
        """
        calls = _calls(context.companions)
        notes, given = _Notes(), 0
        for transcript in stream(path, "callTranscripts.item"):
            if isinstance(transcript, dict) and (recording := _recording(transcript, calls, notes)).cues:
                given += 1
                yield from recorded(path, recording, context)
        if not given:
            raise MalformedSource(
                f"{path.name} holds no words that were said",
                hint="Export the transcript of the same calls too and ingest both files together.",
                path=str(path),
            )
        yield from notes.findings()


def _calls(companions: Iterable[Path]) -> dict[str, _Call]:
    found = {}
    for path in companions:
        for call in stream(path, "calls.item"):
            about = object_in(call, "metaData") if isinstance(call, dict) else {}
            if name := text_in(about, "id"):
                found[name] = _call(call, about)
    return found


def _call(call: Mapping[str, Any], about: Mapping[str, Any]) -> _Call:
    names, people, account = {}, [], None
    for party in objects_in(call, "parties"):
        name = text_in(party, "name", "emailAddress")
        if name is None:
            continue
        if speaker := text_in(party, "speakerId"):
            names[speaker] = name
        account = account or _account(party)
        told = text_in(party, "affiliation")
        people.append(
            Participant(
                name=name,
                title=text_in(party, "title"),
                email=text_in(party, "emailAddress"),
                side=_SIDES.get((told or "").casefold()),
            )
        )
    return _Call(about=about, participants=tuple(people), names=names, account=account)


def _account(party: Mapping[str, Any]) -> str | None:
    """The account's name among the CRM objects of a party, where it is told."""
    for context in objects_in(party, "context"):
        for thing in objects_in(context, "objects"):
            if text_in(thing, "objectType") == "Account":
                for value in objects_in(thing, "fields"):
                    if text_in(value, "name") in ("Name", "Account Name"):
                        return text_in(value, "value")
    return None


def _recording(transcript: Mapping[str, Any], calls: Mapping[str, _Call], notes: _Notes) -> Recording:
    notes.left.look(transcript, ("callId", "transcript"))
    call_id = text_in(transcript, "callId")
    call = calls.get(call_id or "")
    about = call.about if call else {}
    notes.left.look(about, _OF_NO_USE, at="metaData")
    length = number_in(about, "duration")
    return Recording(
        cues=tuple(_cues(transcript, call.names if call else {}, notes)),
        id=call_id,
        title=text_in(about, "title"),
        day=day_of_moment(about.get("started") or about.get("scheduled")),
        language=text_in(about, "language"),
        url=text_in(about, "url"),
        account=call.account if call else None,
        participants=call.participants if call else (),
        length_ms=length * 1000 if length else None,
    )


def _cues(transcript: Mapping[str, Any], names: Mapping[str, str], notes: _Notes) -> Iterator[Cue]:
    """Times are milliseconds from the start of the call."""
    for monologue in objects_in(transcript, "transcript"):
        notes.left.look(monologue, ("speakerId", "topic", "sentences"), at="transcript")
        speaker = text_in(monologue, "speakerId")
        name = names.get(speaker or "")
        if speaker and name is None:
            notes.unnamed += 1
        called = name or (f"speaker:{speaker[-4:]}" if speaker else None)
        for sentence in objects_in(monologue, "sentences"):
            start, end = (milliseconds(number_in(sentence, key)) for key in ("start", "end"))
            if said := text_in(sentence, "text"):
                yield cue(called, said, start, end)
