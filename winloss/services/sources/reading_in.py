"""From a document as read to a document as stored: ids, quarter, rights, resolved speakers, the question answered."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from typing import overload

from nlp.speakers.people import Voice, resolve_speakers
from nlp.text.language import language_code, language_of
from winloss.codebook import Codebook, suggestion
from winloss.config import Settings
from winloss.model import (
    Document,
    Finding,
    Highlight,
    ReadDocument,
    ReadTurn,
    Rights,
    Side,
    SourceKind,
    Speaker,
    Turn,
    stable_id,
)
from winloss.model.fields import fields_of
from winloss.quarter import Quarter

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""No database keeps these: NUL and lone surrogates, which are not characters. They become U+FFFD, one for one."""


def as_stored(
    read: ReadDocument, codebook: Codebook, settings: Settings, *, file_id: str
) -> tuple[Document, list[Turn], list[Finding]]:
    """The document, its turns with resolved speakers, and remarks about values that the codebook does not know."""
    findings: list[Finding] = []
    document_id = stable_id("d", read.kind.value, read.external_id)
    voices = resolve_speakers(read.turns, read.participants, codebook, kind=read.kind)
    turns = _turns(read, document_id, voices, findings)
    document = Document(
        id=document_id,
        version=0,
        kind=read.kind,
        external_id=_storable(read.external_id),
        content_hash=_content_hash(read, turns),
        file_id=file_id,
        title=_storable(read.title),
        happened_on=read.happened_on,
        quarter=str(Quarter.of(read.happened_on)) if read.happened_on else None,
        url=_storable(read.url),
        thread_id=_storable(read.thread_id),
        account=_storable(read.account),
        segment=_segment(read.segment, codebook, findings),
        outcome=read.outcome,
        competitor=_competitor(read.competitor, codebook, findings),
        rights=read.rights or _default_rights(read.kind, settings),
        language=language_code(_storable(read.language)) or language_of(_said(read)),
        tags=tuple(_storable(tag) for tag in read.tags),
        meta={_storable(name): _storable(value) for name, value in read.meta.items()},
    )
    if read.happened_on is None:
        findings.append(
            Finding(
                code="no-date",
                message="no date: counted in no quarter. Give one in manifest.csv or in the mapping.",
                where=read.external_id,
            )
        )
    return document, turns, findings


def _turns(
    read: ReadDocument, document_id: str, voices: dict[str | None, Voice], findings: list[Finding]
) -> list[Turn]:
    turns: list[Turn] = []
    question = _storable(read.question)
    for ordinal, spoken in enumerate(read.turns):
        voice = voices[spoken.speaker]
        text = _storable(spoken.text)
        if text != spoken.text:
            findings.append(
                Finding(code="unstorable", message="characters that no text can hold were replaced by U+FFFD")
            )
        buyer = voice.side is Side.BUYER
        turns.append(
            Turn(
                id="",
                document_id=document_id,
                ordinal=ordinal,
                speaker=_speaker(voice, spoken, read),
                text=text,
                start_ms=spoken.start_ms,
                end_ms=spoken.end_ms,
                question=question if buyer else None,
                quoted=spoken.quoted,
                highlights=tuple(_storable_highlight(it) for it in read.highlights if it.turn == ordinal),
            )
        )
        if voice.side is Side.INTERVIEWER:
            question = text
    return turns


def _speaker(voice: Voice, spoken: ReadTurn, read: ReadDocument) -> Speaker:
    return Speaker(
        name=_storable(voice.name),
        respondent=respondent_of(
            voice.name or spoken.speaker, kind=read.kind, account=read.account, external_id=read.external_id
        ),
        side=voice.side,
        side_evidence=_storable(voice.side_evidence),
        title=_storable(voice.title),
        role=voice.role,
        role_evidence=_storable(voice.role_evidence),
        mode=voice.mode,
    )


def respondent_of(name: str | None, *, kind: SourceKind, account: str | None, external_id: str) -> str:
    """The person: an author by handle, an interviewee by name and account; nameless ones by their document."""
    if name is None or kind in (SourceKind.INQUIRY, SourceKind.SURVEY):
        return stable_id("r", kind.value, external_id, name)
    if kind is SourceKind.COMMUNITY:
        return stable_id("r", kind.value, name.casefold())
    return stable_id("r", kind.value, account or external_id, name.casefold())


def _said(read: ReadDocument) -> str:
    """The words of a document, as far as its language needs them."""
    return "\n".join(turn.text for turn in read.turns[:40])


def _segment(written: str | None, codebook: Codebook, findings: list[Finding]) -> str | None:
    if written is None:
        return None
    known = codebook.segment_named(written)
    if known is None:
        names = ", ".join(segment.name for segment in codebook.segments)
        near = suggestion(written, (name for it in codebook.segments for name in (it.name, *it.aliases)))
        message = f"segment {written!r} is not in the codebook (known: {names}){near}"
        findings.append(Finding(code="unknown-segment", message=message))
    return known or _storable(written)


def _competitor(written: str | None, codebook: Codebook, findings: list[Finding]) -> str | None:
    if written is None:
        return None
    known = codebook.competitor_named(written)
    if known is None and codebook.competitors:
        near = suggestion(written, (name for it in codebook.competitors for name in (it.name, *it.aliases)))
        message = f"competitor {written!r} is not in the codebook{near}"
        findings.append(Finding(code="unknown-competitor", message=message))
    return known or _storable(written)


def _default_rights(kind: SourceKind, settings: Settings) -> Rights:
    return Rights(getattr(settings, f"rights_{kind.value}"))


def _content_hash(read: ReadDocument, turns: Sequence[Turn]) -> str:
    described = fields_of(read)
    described.pop("turns")
    described.pop("meta")
    for name in ("participants", "highlights"):
        described[name] = [fields_of(thing) for thing in described[name]]
    parts = [described, [[turn.text, fields_of(turn.speaker), turn.start_ms, turn.end_ms] for turn in turns]]
    return sha256(json.dumps(parts, sort_keys=True, default=str).encode("utf-8", "surrogatepass")).hexdigest()


def _storable_highlight(highlight: Highlight) -> Highlight:
    codes = tuple(_storable(code) for code in highlight.codes)
    return replace(highlight, codes=codes, coder=_storable(highlight.coder), note=_storable(highlight.note))


@overload
def _storable(text: str) -> str: ...
@overload
def _storable(text: None) -> None: ...
@overload
def _storable(text: str | None) -> str | None: ...
def _storable(text: str | None) -> str | None:
    return _UNSTORABLE.sub("\ufffd", text) if text is not None else None
