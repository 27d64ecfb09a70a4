"""Names as written in a transcript matched to the people who took part."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.titles import folded
from winloss.model import Participant


def matching(names: Sequence[str], participants: Sequence[Participant]) -> dict[str, Participant]:
    """The participant each name as written belongs to; a name that could be two people's is left out.

    Case, accents, forms of address, pronouns and what stands in brackets do not count; "Priya", "Priya N." and
    "P. Nair" are Priya Nair where no other participant could be meant.
    """
    full = [(_parts(person.name), person) for person in participants]
    found = {}
    for name in names:
        wanted = _parts(name)
        same = [person for parts, person in full if sorted(parts) == sorted(wanted)]
        fitting = same or [person for parts, person in full if _fits(wanted, parts)]
        if len({person.name for person in fitting}) == 1:
            found[name] = fitting[0]
    return found


def aside_of(name: str) -> str | None:
    """What a display name says beside the name, in brackets or after a bar, dash or comma: a title or a company."""
    match = _ASIDE.search(_PRONOUNS.sub(" ", name))
    said = next((part for part in match.groups() if part), "").strip() if match else ""
    return said if len(said) > 1 else None


def name_key(name: str) -> str:
    """What two ways to write one person's name have in common: order, case, accents and forms of address left aside."""
    return " ".join(sorted(_parts(name))) or " ".join(folded(name).split())


def share_a_part(one: str, other: str) -> bool:
    """Whether two names have a whole part in common, so that they can be one person's."""
    return bool({part for part in _parts(one) if len(part) > 1} & set(_parts(other)))


def is_label(name: str) -> bool:
    """Whether it stands for a speaker without naming a person: "Speaker 1", "SPEAKER_00", "Guest-2", "Q", a number."""
    plain = folded(name).strip(" :.*_-#[]()")
    return not re.search(r"[^\W\d_]", plain) or bool(_LABEL.fullmatch(plain))


_LABEL = re.compile(
    r"(?:(?:unknown|unidentified|unnamed) ?)?(?:speaker|spk|spkr|channel|guest|user|participant|person|voice|caller|"
    r"interviewer|interviewee|respondent|moderator|host|customer|buyer|client|prospect|vendor|agent|attendee|phone|"
    r"telephone|operator|question|answer|anonymous|unknown|unidentified|sprecher|teilnehmer|intervenant|orador)s?"
    r"[ ._#-]*(?:\d{1,4}|[a-z])?|[a-z]\d{0,2}"
)
_PRONOUNS = re.compile(r"[(\[]?\s*\b(?:he|she|they|ze)\s*/\s*\w+(?:\s*/\s*\w+)?\s*[)\]]?", re.IGNORECASE)
_ASIDE = re.compile(r"[(\[{]([^)\]}]*)[)\]}]|[|,]\s*(.+)$|\s[-–—]\s+(.+)$")
_ADDRESS = re.compile(r"\b(?:dr|mr|mrs|ms|prof|sir|dame|herr|frau|mme|m)\b\.?\s+")


def _parts(name: str) -> tuple[str, ...]:
    """The parts of a name, folded; "Nair, Priya" has the parts of "Priya Nair" once what is no name is gone."""
    plain = folded(_PRONOUNS.sub(" ", name))
    bare = re.sub(r"[(\[{][^)\]}]*[)\]}]|\|.*$|\s[-–—]\s.*$", " ", plain)
    return tuple(re.findall(r"[^\W_]+", _ADDRESS.sub("", bare)))


def _fits(written: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Whether every part of the shorter name is one of the longer's, in order, or its initial; one must be whole."""
    shorter, longer = sorted((written, full), key=len)
    if not any(len(part) > 1 and part in longer for part in shorter):
        return False
    rest = iter(longer)
    return all(any(_same(part, other) for other in rest) for part in shorter)


def _same(part: str, other: str) -> bool:
    return part == other or (1 in (len(part), len(other)) and part[0] == other[0])
