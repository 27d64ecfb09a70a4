"""Several spellings of one person within a conversation, joined only where something tells that they are one.

Two people who are taken for one put words into a wrong mouth; one person who is taken for two is only counted twice.
So a spelling is joined to a fuller one on evidence alone, and to none where two could be meant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nlp.speakers.sides import Told
from nlp.speakers.titles import folded
from nlp.text.addresses import domain_of
from nlp.text.names import aside_of, bare_name, fits, is_address_of, is_label, is_turned, parts_of, share_a_part
from winloss.model import Participant, Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """The fullest spelling of a name, and what tells that it is the same person."""

    fullest: str
    evidence: str


def spellings(
    names: Sequence[str],
    known: Mapping[str, Participant],
    participants: Sequence[Participant],
    sides: Mapping[str | None, Told],
) -> dict[str, Spelling]:
    """For each name that is another spelling of a fuller one among `names`, that one.

    `known` is who each name is among the participants, `sides` what each name's side would be by itself.
    """
    fullest: list[str] = []
    found: dict[str, Spelling] = {}
    for name in sorted(filter(_is_name, names), key=_fullness, reverse=True):
        told = {other: evidence for other in fullest if (evidence := _evidence(name, other, known))}
        if not told and _has_initials(name) and not any(_could_be(name, person.name) for person in participants):
            told = {other: "initials, and nobody else fits" for other in fullest if _could_be(name, other)}
        told = {other: evidence for other, evidence in told.items() if _agree(sides.get(name), sides.get(other))}
        if len(told) == 1:
            ((other, evidence),) = told.items()
            found[name] = Spelling(fullest=other, evidence=evidence)
        else:
            fullest.append(name)
    return found


def _is_name(name: str) -> bool:
    return bool(parts_of(name)) and not is_label(name)


_DEVICES = frozenset(
    {"iphone", "ipad", "android", "galaxy", "phone", "mobile", "laptop", "macbook", "mac", "pc", "desktop"}
)


def _fullness(name: str) -> tuple[bool, int, bool, bool, int, str]:
    """No address, most whole parts, written as names are, in the usual order, then the length."""
    whole = [part for part in parts_of(name) if len(part) > 1 and part not in _DEVICES]
    words = bare_name(name).split()
    cased = all(word[0].isupper() and not (len(word) > 1 and word.rstrip(",").isupper()) for word in words)
    return domain_of(name) is None, len(whole), cased, not is_turned(name), len("".join(whole)), name


def _evidence(name: str, other: str, known: Mapping[str, Participant]) -> str | None:
    """What tells that two names are one person's, or None; that they could be is not enough."""
    one, two = known.get(name), known.get(other)
    if one is not None and one is two:
        return f'both are "{one.name}" of the participants'
    if one and two and one.email and two.email:
        if one.email.strip().casefold() == two.email.strip().casefold() and share_a_part(name, other):
            return "the same e-mail address"
        return None
    if is_address_of(name, parts_of(other)):
        return "the e-mail address of that name"
    same = parts_of(name) == parts_of(other)
    turned = (is_turned(name) or is_turned(other)) and sorted(parts_of(name)) == sorted(parts_of(other))
    return "the same name" if (same or turned) and not _of_two_companies(name, other) else None


def _of_two_companies(name: str, other: str) -> bool:
    asides = [aside for aside in (aside_of(name), aside_of(other)) if aside]
    return len({folded(aside) for aside in asides}) > 1


def _has_initials(name: str) -> bool:
    parts = parts_of(name)
    return any(len(part) == 1 for part in parts) and any(len(part) > 1 for part in parts)


def _could_be(name: str, other: str) -> bool:
    parts = parts_of(other)
    return parts != parts_of(name) and fits(parts_of(name), parts)


def _agree(one: Told | None, other: Told | None) -> bool:
    """Whether nothing speaks against two names being on one side."""
    sides = {told[0] for told in (one, other) if told} - {Side.UNKNOWN}
    return len(sides) < 2
