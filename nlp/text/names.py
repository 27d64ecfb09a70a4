"""Names as written in a transcript matched to the people who took part."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.speakers.titles import CHIEFS, HANDS_ON, folded, words_of
from nlp.text.addresses import domain_of
from winloss.model import Participant


def matching(names: Sequence[str], participants: Sequence[Participant]) -> dict[str, Participant]:
    """The participant each name as written belongs to; a name that could be two people's is left out.

    Case, accents, forms of address, pronouns and what stands in brackets do not count; "Priya", "Priya N." and
    "P. Nair" are Priya Nair where no other participant could be meant.
    """
    participants = [person for person in participants if person.name.strip()]
    full = [(parts_of(person.name), person) for person in participants]
    found = {}
    for name in names:
        wanted = parts_of(name)
        addressed = [person for person in participants if person.email and same_address(person.email, name)]
        same = [person for parts, person in full if parts == wanted]
        turned = [person for parts, person in full if sorted(parts) == sorted(wanted)]
        fitting = addressed or same or turned or [person for parts, person in full if fits(wanted, parts)]
        if len({person.name for person in fitting}) == 1:
            found[name] = fitting[0]
    return found


def aside_of(name: str) -> str | None:
    """What a display name says beside the name, in brackets or after a bar, dash or comma: a title or a company."""
    match = None if is_turned(name) else _ASIDE.search(_PRONOUNS.sub(" ", name))
    said = next((part for part in match.groups() if part), "").strip() if match else ""
    return said if len(said) > 1 else None


def name_key(name: str) -> str:
    """What two ways to write one person's name have in common: order, case, accents and forms of address left aside."""
    return " ".join(sorted(parts_of(name))) or " ".join(folded(name).split())


def bare_name(name: str) -> str:
    """A display name without what stands beside the name: brackets, pronouns, a title after a bar, dash or comma."""
    plain = " ".join(re.sub(r"[(\[{][^)\]}]*[)\]}]", " ", _PRONOUNS.sub(" ", name)).split())
    if is_turned(name):
        return plain or name
    return re.split(r"\s*[|,]\s*|\s[-–—]\s", plain, maxsplit=1)[0].strip() or name


def is_turned(name: str) -> bool:
    """Whether the family name stands first, before a comma: "Nair, Priya", but not "Priya Nair, CISO"."""
    match = _TURNED.fullmatch(_PRONOUNS.sub(" ", name).strip())
    return match is not None and not set(words_of(match[1])) & (CHIEFS | HANDS_ON)


def same_address(email: str, name: str) -> bool:
    """Whether a name is written as this e-mail address."""
    return domain_of(email) is not None and email.strip().casefold() == name.strip(" <>").casefold()


def is_address_of(address: str, parts: Sequence[str]) -> bool:
    """Whether an e-mail address is made of a full name: `priya.nair@`, `pnair@`, `priyan@`."""
    if domain_of(address) is None or len(parts) < 2:
        return False
    local = re.sub(r"[\W_\d]+", "", folded(address.partition("@")[0]))
    first, last = parts[0], parts[-1]
    return local in (first + last, last + first, first[0] + last, first + last[0], last + first[0])


def share_a_part(one: str, other: str) -> bool:
    """Whether two names have a whole part in common, so that they can be one person's."""
    return bool({part for part in parts_of(one) if len(part) > 1} & set(parts_of(other)))


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
_TURNED = re.compile(r"[^\W\d_][^\s,]*,\s*([^\W\d_a-z][a-zß-öø-ÿ'’-]+(?: [^\W\d_a-z]\.?)?)")
_ADDRESS = re.compile(r"\b(?:dr|mr|mrs|ms|prof|sir|dame|herr|frau|mme|m)\b\.?\s+")


def parts_of(name: str) -> tuple[str, ...]:
    """The parts of a name, folded; "Nair, Priya" has the parts of "Priya Nair" once what is no name is gone."""
    if domain_of(name):
        return tuple(re.findall(r"[^\W_\d]+", folded(name.partition("@")[0])))
    plain = folded(_PRONOUNS.sub(" ", name))
    bare = re.sub(r"[(\[{][^)\]}]*[)\]}]|\|.*$|\s[-–—]\s.*$", " ", plain)
    return tuple(re.findall(r"[^\W_]+", _ADDRESS.sub("", bare)))


def fits(written: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Whether every part of the shorter name is one of the longer's, in order, or its initial; one must be whole."""
    shorter, longer = sorted((written, full), key=len)
    if not any(len(part) > 1 and part in longer for part in shorter):
        return False
    rest = iter(longer)
    return all(any(_same(part, other) for other in rest) for part in shorter)


def _same(part: str, other: str) -> bool:
    return part == other or (1 in (len(part), len(other)) and part[0] == other[0])
