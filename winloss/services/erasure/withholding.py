"""A document without one of its people: their turns, the questions only they answered, and their name around the words.

Other people's words stay as they are, also where they say the name: they are theirs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from winloss.model import Document, Participant, Side, Turn

FORGOTTEN = "[forgotten]"

_PART = re.compile(r"[^\W_]+")
_SHORTEST_PART = 3
_NOT_THE_BUYER = (Side.INTERVIEWER, Side.VENDOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remainder:
    """What is left of a document. `empty`: only questions and pitches, which say nothing without the answers."""

    document: Document
    turns: tuple[Turn, ...]
    participants: tuple[Participant, ...]
    empty: bool


def without_people(
    document: Document, turns: Sequence[Turn], participants: Sequence[Participant], gone: Collection[str]
) -> Remainder:
    """The document without the people of these names, to the letter as the document has them.

    Turns keep their numbers. The content hash is made anew from what is left, so that the same file read again with the
    same people left out is the same content.
    """
    kept = [turn for turn, stays in zip(turns, _staying(turns, gone), strict=True) if stays]
    questions = {turn.text for turn in kept}
    dropped = {turn.text for turn in turns} - questions
    left = tuple(_told_without(turn, gone, dropped) for turn in kept)
    people = tuple(person for person in participants if person.name not in gone)
    clean = _described_without(document, gone)
    spoke = any(turn.speaker.name in gone for turn in turns)
    return Remainder(
        document=replace(clean, content_hash=_hash(clean, left)),
        turns=left,
        participants=people,
        empty=spoke and all(turn.speaker.side in _NOT_THE_BUYER for turn in left),
    )


def without_title(remainder: Remainder, title: str) -> Remainder:
    """The same without a thread's title, where that was the words of somebody who is gone."""
    turns = tuple(replace(turn, question=None if turn.question == title else turn.question) for turn in remainder.turns)
    document = remainder.document
    document = replace(document, title=None if document.title == title else document.title)
    return replace(remainder, document=replace(document, content_hash=_hash(document, turns)), turns=turns)


def untouched(document: Document, turns: Sequence[Turn], participants: Sequence[Participant]) -> Remainder:
    """All of a document."""
    return Remainder(document=document, turns=tuple(turns), participants=tuple(participants), empty=False)


def without_names(text: str, names: Collection[str], *, parts: bool = False) -> str:
    """The text with these names taken out, however they are joined; with `parts` also first and last names alone."""
    for name in sorted(names, key=len, reverse=True):
        words = _PART.findall(name)
        if not words:
            continue
        runs = {r"[\W_]*".join(map(re.escape, order)) for order in (words, words[::-1])}
        if parts:
            runs |= {re.escape(word) for word in words if len(word) >= _SHORTEST_PART}
        wanted = "|".join(sorted(runs, key=len, reverse=True))
        text = re.sub(rf"(?<![^\W_])(?:{wanted})(?![^\W_])", FORGOTTEN, text, flags=re.IGNORECASE)
    return text


def _staying(turns: Sequence[Turn], gone: Collection[str]) -> list[bool]:
    """Whether each turn stays: not the person's, and not a question that nobody else answers."""
    staying = [turn.speaker.name not in gone for turn in turns]
    for place, turn in enumerate(turns):
        if staying[place] and turn.speaker.side is Side.INTERVIEWER:
            answers = _answers(turns, place)
            if answers and not any(staying[answer] for answer in answers):
                staying[place] = False
    return staying


def _answers(turns: Sequence[Turn], question: int) -> list[int]:
    """The places of the turns between a question and the next one."""
    answers = []
    for place in range(question + 1, len(turns)):
        if turns[place].speaker.side is Side.INTERVIEWER:
            break
        answers.append(place)
    return answers


def _told_without(turn: Turn, gone: Collection[str], dropped: Collection[str]) -> Turn:
    speaker = turn.speaker
    clean = replace(
        speaker,
        side_evidence=without_names(speaker.side_evidence, gone, parts=True),
        role_evidence=without_names(speaker.role_evidence, gone, parts=True),
    )
    return replace(turn, speaker=clean, question=None if turn.question in dropped else turn.question)


def _described_without(document: Document, gone: Collection[str]) -> Document:
    def clean(text: str | None) -> str | None:
        return without_names(text, gone, parts=True) if text else text

    return replace(
        document,
        external_id=clean(document.external_id) or document.external_id,
        title=clean(document.title),
        url=clean(document.url),
        thread_id=clean(document.thread_id),
        tags=tuple(tag for tag in document.tags if clean(tag) == tag),
        meta={name: clean(value) or value for name, value in document.meta.items()},
    )


def _hash(document: Document, turns: Sequence[Turn]) -> str:
    stated = document.stated or {
        name: getattr(document, name) for name in ("account", "segment", "outcome", "competitor")
    }
    parts = [
        [document.title, document.happened_on, document.url, document.rights, sorted(stated.items())],
        [[turn.text, turn.speaker.name, turn.speaker.side, turn.start_ms, turn.end_ms] for turn in turns],
    ]
    return sha256(json.dumps(parts, default=str).encode("utf-8", "surrogatepass")).hexdigest()
