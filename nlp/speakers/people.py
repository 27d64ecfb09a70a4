"""Who speaks: the buyer, the interviewer or the vendor, and from which seat.

Only the buyer's words become verbatims, so a wrong side puts a vendor's pitch among the evidence. Every decision is
made on the strongest evidence there is and says what that was; where nothing tells, the side stays unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from nlp.speakers.claims import role_of_text
from nlp.speakers.roles import NOTHING, Found, role_of_title
from nlp.speakers.sides import Told, introduced_as_vendor, side_of_label, side_of_person, sides_by_talk
from nlp.text.names import aside_of, bare_name, matching
from nlp.text.signatures import title_of_signature
from nlp.text.spellings import Spelling, spellings
from winloss.codebook import Codebook
from winloss.model import Mode, Participant, ReadTurn, Side, SourceKind

__all__ = ["Voice", "resolve_speakers", "role_of_text", "role_of_title", "seat_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A speaker of one document with what could be told; `*_evidence` says in words why. Unknown is None."""

    name: str | None
    side: Side
    side_evidence: str
    title: str | None = None
    role: str | None = None
    role_evidence: str = ""
    mode: Mode | None = None


def resolve_speakers(
    turns: Sequence[ReadTurn], participants: Sequence[Participant], codebook: Codebook, *, kind: SourceKind
) -> dict[str | None, Voice]:
    """A voice for every distinct value of `turn.speaker`, None included.

    Evidence in order: the side a participant was given; an affiliation, e-mail address or title that names the vendor
    or an interviewer; a label such as "Interviewer" in place of a name; a title from the buying group; who asks and who
    answers. In posts, inquiries and surveys the author is the buyer unless the evidence says otherwise.
    """
    names = list(dict.fromkeys(turn.speaker for turn in turns))
    written = [name for name in names if name is not None]
    known = matching(written, participants)
    people = _people(written, known)
    sides = _sides(turns, people, codebook, kind=kind)
    if kind is not SourceKind.INTERVIEW:
        voices = {name: _voice(name, sides[name], people, turns, codebook) for name in names}
        return {name: _signed(voice, turns, name, codebook) for name, voice in voices.items()}
    joined = spellings(written, known, participants, sides)
    if joined:
        turns = [_as_one(turn, joined) for turn in turns]
        people = _together(people, joined)
        sides = _sides(turns, people, codebook, kind=kind)
    voices = {name: _voice(name, sides[name], people, turns, codebook) for name in names if name not in joined}
    voices = {
        name: replace(voice, name=bare_name(voice.name) if voice.name else None) for name, voice in voices.items()
    }
    for name, spelling in joined.items():
        voice = voices[spelling.fullest]
        evidence = f'{voice.side_evidence}{ALSO_WRITTEN}"{name}" ({spelling.evidence})'
        voices[spelling.fullest] = replace(voice, side_evidence=evidence)
    return {name: voices[joined[name].fullest if name in joined else name] for name in names}


def _signed(voice: Voice, turns: Sequence[ReadTurn], name: str | None, codebook: Codebook) -> Voice:
    """The author of a post or an inquiry with the title that the signature tells, where nothing else tells one."""
    if voice.title is not None or voice.side is not Side.BUYER:
        return voice
    said = [turn.text for turn in turns if turn.speaker == name]
    title = next((found for text in reversed(said) if (found := title_of_signature(text, codebook))), None)
    if title is None:
        return voice
    role, mode, _ = role_of_title(title, codebook)
    return replace(voice, title=title, role=role, mode=mode, role_evidence=f'signature "{title}"')


ALSO_WRITTEN = "; also written "
"""What stands in the evidence before the other spellings of a name."""


def _sides(
    turns: Sequence[ReadTurn], people: Mapping[str, Participant], codebook: Codebook, *, kind: SourceKind
) -> dict[str | None, Told]:
    """The side of every speaker and what tells it, strongest evidence first."""
    names = list(dict.fromkeys(turn.speaker for turn in turns))
    sides: dict[str | None, Told] = {}
    for written, person in people.items():
        if told := _told(written, person, people, codebook, kind=kind):
            sides[written] = told
    if kind is SourceKind.INTERVIEW:
        sides |= introduced_as_vendor(turns, [name for name in people if name not in sides], codebook)
        return sides | sides_by_talk(turns, names, sides)
    author = (Side.BUYER, f"wrote the {_WRITTEN[kind]}")
    return sides | {name: author for name in names if name not in sides}


def _as_one(turn: ReadTurn, joined: Mapping[str, Spelling]) -> ReadTurn:
    spelling = joined.get(turn.speaker) if turn.speaker is not None else None
    return replace(turn, speaker=spelling.fullest) if spelling else turn


def _together(people: Mapping[str, Participant], joined: Mapping[str, Spelling]) -> dict[str, Participant]:
    """The people by their fullest spelling, with what is known of them under any."""
    merged = {name: person for name, person in people.items() if name not in joined}
    for name, spelling in joined.items():
        person, other = merged[spelling.fullest], people[name]
        merged[spelling.fullest] = replace(
            person,
            title=person.title or other.title,
            email=person.email or other.email,
            affiliation=person.affiliation or other.affiliation,
            side=person.side or other.side,
        )
    return merged


_WRITTEN: Mapping[SourceKind, str] = {
    SourceKind.COMMUNITY: "post",
    SourceKind.INQUIRY: "inquiry",
    SourceKind.SURVEY: "survey answer",
}


def _people(names: Sequence[str], known: Mapping[str, Participant]) -> dict[str, Participant]:
    """For each name as written the participant meant, completed by what the name itself says in brackets."""
    found = {}
    for name in names:
        person = known.get(name) or Participant(name=name)
        aside = aside_of(name)
        found[name] = replace(person, title=aside) if aside and not person.title else person
    return found


def _told(
    name: str, person: Participant, people: Mapping[str, Participant], codebook: Codebook, *, kind: SourceKind
) -> Told | None:
    """The side that the participant's row, the label or the title tells."""
    interview = kind is SourceKind.INTERVIEW
    if told := side_of_person(person, codebook, interview=interview):
        return told
    if interview and (told := side_of_label(name, people)):
        return told
    if interview and person.title and role_of_title(person.title, codebook)[0] is not None:
        return Side.BUYER, f'title "{person.title}" is one of the buying group\'s'
    return None


def _voice(
    name: str | None,
    told: Told,
    people: Mapping[str, Participant],
    turns: Sequence[ReadTurn],
    codebook: Codebook,
) -> Voice:
    side, evidence = told
    person = people.get(name) if name is not None else None
    title = person.title if person else None
    role, mode, role_evidence = seat_of(title, side, [turn.text for turn in turns if turn.speaker == name], codebook)
    return Voice(
        name=person.name if person else name,
        side=side,
        side_evidence=evidence,
        title=title,
        role=role,
        role_evidence=role_evidence,
        mode=mode,
    )


def seat_of(title: str | None, side: Side, said: Sequence[str], codebook: Codebook) -> Found:
    """Role and mode of a buyer, from the title or else from the person's own words; nobody else has a seat."""
    if side is not Side.BUYER:
        return NOTHING
    titled = role_of_title(title, codebook) if title else NOTHING
    if titled[0] is not None:
        return titled
    role, mode, evidence = role_of_text("\n".join(said), codebook)
    return (role, titled[1] or mode, evidence) if role is not None else titled
