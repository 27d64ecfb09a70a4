"""On which side of the table a speaker sits, and what tells so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nlp.speakers.roles import role_of_title
from nlp.text.addresses import company_domain, is_within
from winloss.codebook import Codebook
from winloss.model import Participant, ReadTurn, Side

Told = tuple[Side, str]
"""A side and, in words, the evidence for it."""


def side_of_person(person: Participant, codebook: Codebook, *, interview: bool) -> Told | None:
    """The side that is known of a participant: the one given, the vendor's staff, or somebody who interviews."""
    if person.side is not None and person.side is not Side.UNKNOWN:
        return person.side, "the source says so"
    described = ", ".join(part for part in (person.title, person.affiliation) if part)
    if told := _vendor(person, described, codebook):
        return told
    if not interview:
        return None
    if _INTERVIEWS.search(described) and role_of_title(person.title or "", codebook)[0] is None:
        return Side.INTERVIEWER, f'title "{described}"'
    if _SELLS.search(described):
        return Side.VENDOR, f'title "{described}" is a seller\'s'
    return None


def side_of_label(name: str, names: Iterable[str]) -> Told | None:
    """The side that a label in the place of a name tells; "A" and "R" do so only beside "Q" or "I"."""
    called = name.strip(_MARKS).casefold()
    label = _NUMBER.sub("", called).strip(_MARKS)
    letters = {other.strip(" :.").casefold() for other in names}
    if called in _NOBODY:
        return Side.UNKNOWN, f'"{name}" is nobody\'s name'
    if len(label) == 1:
        asking, answering = letters & {"q", "i"}, letters & {"a", "r", "p"}
        if not (asking and answering):
            return None
    for side, labels in _LABELS.items():
        if label in labels:
            return side, f'the label "{name}" names {_MEANING[side]}'
    return None


def introduced_as_vendor(turns: Sequence[ReadTurn], names: Sequence[str], codebook: Codebook) -> dict[str | None, Told]:
    """Speakers who are introduced as the vendor's ("Ravi from Brackenfell is listening") or say so themselves."""
    found: dict[str | None, Told] = {}
    for called in _called(codebook):
        for name in names:
            first = re.escape(name.split()[0]) if name.split() else "$."
            by_others = rf"\b{first}(?: [A-Z][\w'’-]+)?(?:,? who(?: is|['’]s))? from {called}\b"
            from_there = rf"(?i:i['’]m|i am|this is) (?:{first} (?:[A-Z]\w+ )?)?from"
            by_self = rf"\b(?:{from_there}|(?i:i work (?:for|at)|here at)) {called}\b"
            for turn in turns:
                if said := re.search(by_self if turn.speaker == name else by_others, turn.text):
                    found.setdefault(name, (Side.VENDOR, f'introduced as "{said[0]}"'))
    return found


def sides_by_talk(
    turns: Sequence[ReadTurn], names: Sequence[str | None], sides: Mapping[str | None, Told]
) -> dict[str | None, Told]:
    """Sides of the speakers of an interview that nothing else tells, from who asks and who answers."""
    open_names = [name for name in names if name not in sides]
    found: dict[str | None, Told] = {}
    if not _of(sides, Side.INTERVIEWER):
        askers = _askers(turns, [name for name in open_names if name is not None], sides)
        found = dict.fromkeys(askers, (Side.INTERVIEWER, "asks most of the questions and says less"))
    known = {**sides, **found}
    asking = _of(known, Side.INTERVIEWER) or _of(known, Side.VENDOR)
    for name in open_names:
        if name in found:
            continue
        if name is None:
            found[name] = (Side.UNKNOWN, "nothing tells who speaks")
        elif asking:
            found[name] = (Side.BUYER, f"answers {asking[0]}")
        else:
            found[name] = (Side.UNKNOWN, "nothing tells who asks and who answers")
    return found


_INTERVIEWS = re.compile(
    r"(?i)\b(?:interviewer|interviewing|moderator|host|facilitator|win[ /-]?loss|win-loss|note ?taker|user research\w*|"
    r"(?:qualitative|market|customer) research\w*|researcher|research (?:lead|analyst|manager|director|consultant)|"
    r"interviewerin|enquêteur|entrevistador\w*|befragerin?)\b"
)
_SELLS = re.compile(
    r"(?i)\b(?:account executive|account manager|sales engineer|solutions? engineer|pre-?sales|product marketing|"
    r"customer success|competitive intelligence|partner manager|sales development|BDR|SDR|PMM|vendor)\b"
)
_LABELS: Mapping[Side, frozenset[str]] = {
    Side.INTERVIEWER: frozenset(
        {"interviewer", "moderator", "host", "facilitator", "q", "question", "int", "i", "iv", "researcher", "mod"}
        | {"interviewer name", "co-host", "cohost", "note taker", "notetaker", "interviewerin", "enquêteur"}
    ),
    Side.BUYER: frozenset(
        {"respondent", "interviewee", "participant", "guest", "buyer", "customer", "client", "prospect", "a", "answer"}
        | {"resp", "r", "subject", "p", "evaluator", "befragter", "befragte", "kunde", "kundin", "cliente", "invité"}
    ),
    Side.VENDOR: frozenset({"vendor", "sales", "sales rep", "rep", "seller", "account executive", "ae", "se", "csm"}),
}
_NOBODY = frozenset(
    {"break", "intro", "outro", "music", "narrator", "announcer", "operator", "recording", "system", "advertisement"}
    | {"unknown speaker", "unknown", "unidentified", "unidentified speaker", "speaker", "silence", "all", "crosstalk"}
)
_MARKS = " :.#*_-[]()"
_NUMBER = re.compile(r"[\s#_-]*\d+\s*$")
_MEANING = {Side.INTERVIEWER: "an interviewer", Side.BUYER: "the one interviewed", Side.VENDOR: "the vendor"}


def _vendor(person: Participant, described: str, codebook: Codebook) -> Told | None:
    vendor = codebook.vendor
    if vendor is None:
        return None
    for called in _called(codebook):
        if re.search(rf"(?<!\w){called}(?!\w)", described, re.IGNORECASE):
            return Side.VENDOR, f'"{described}" names the vendor'
    domain = company_domain(person.email)
    if domain and any(is_within(domain, known) for known in vendor.domains):
        return Side.VENDOR, f"e-mail address at {domain}"
    return None


def _called(codebook: Codebook) -> list[str]:
    """The vendor's names as patterns."""
    vendor = codebook.vendor
    return [re.escape(name) for name in (vendor.name, *vendor.aliases)] if vendor else []


def _of(sides: Mapping[str | None, Told], side: Side) -> list[str]:
    return [name for name, told in sides.items() if told[0] is side and name is not None]


@dataclass(slots=True)
class _Talk:
    """How one speaker talks: turns, words, and turns that end with a question."""

    turns: int = 0
    words: int = 0
    questions: int = 0

    @property
    def asking(self) -> float:
        return self.questions / self.turns


_ASKS = 0.2
"""Share of turns that end with a question, from which somebody may be asking for a living."""
_ASKS_IN_FEW = 0.6
"""The same where there are few questions to judge by."""
_MANY = 3
_ENDS_ASKING = re.compile(r"\?[\"'”’)\]\s]*$")


def _askers(turns: Sequence[ReadTurn], names: Sequence[str], sides: Mapping[str | None, Told]) -> list[str]:
    """Those who clearly ask while others clearly answer, most questions first; empty where it is not clear.

    The asker's turns end with a question at least twice as often as anybody else's, and somebody else says more. A
    second asker asks at least half as often as the first.
    """
    talks = _talks(turns)
    shares = {name: talks[name] for name in names if name in talks}
    answering = {name for name, told in sides.items() if told[0] is Side.BUYER}
    if not shares or len(talks) < 2:
        return []
    best = max(shares, key=lambda name: (shares[name].asking, -shares[name].words))
    first = shares[best]
    askers = [
        name for name, talk in shares.items() if talk.asking >= first.asking / 2 and talk.turns * 4 >= first.turns
    ]
    others = [talk for name, talk in talks.items() if name not in askers and (name in shares or name in answering)]
    total = sum(talk.words for talk in talks.values())
    said = max((talk.words / talk.turns for talk in others), default=0.0)
    enough = _ASKS if first.questions >= _MANY else _ASKS_IN_FEW
    if first.asking < enough or said <= first.words / first.turns or first.words > 0.6 * total:
        return []
    return sorted(askers, key=lambda name: (-shares[name].questions, name))


def _talks(turns: Sequence[ReadTurn]) -> dict[str, _Talk]:
    talks: dict[str, _Talk] = {}
    for turn in turns:
        if turn.speaker is not None and turn.text.strip():
            talk = talks.setdefault(turn.speaker, _Talk())
            talk.turns += 1
            talk.words += len(turn.text.split())
            talk.questions += _ENDS_ASKING.search(turn.text[-20:]) is not None
    return talks
