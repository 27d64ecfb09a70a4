"""Job titles as people write them, brought to one form so that the codebook's phrases can be found in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from nlp.speakers.titlewords import folded, meant_by, spaced, vocabulary
from winloss.codebook import Codebook, Role
from winloss.model import Mode

__all__ = ["CHIEFS", "HANDS_ON", "Match", "folded", "mode_of", "phrase_in", "phrases_of", "words_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A phrase of the codebook found among the words of a title, from `start` to `end` (half-open)."""

    role: Role
    start: int
    end: int


@lru_cache(maxsize=20_000)
def words_of(title: str) -> tuple[str, ...]:
    """The words of a title, folded and in English; case, accents, punctuation, short forms and small words do not
    count.

    All that is called cyber, information or IT security is security.

    >>> words_of("Sr. SecEng II")
    ('senior', 'security', 'engineer', 'ii')
    >>> words_of("Informationssicherheitsbeauftragte")
    ('security', 'officer')
    """
    known = vocabulary()
    plain = known.phrase.sub(lambda found: f" {known.phrases[found[0]]} ", spaced(_EITHER.sub("", folded(title))))
    tokens = _TOKEN.findall(plain.replace("&", " and "))
    words = [part for place, word in enumerate(tokens) for part in meant_by(_engineering(tokens, place, word))]
    return tuple(word for word in _security(words) if word not in known.small)


def phrase_in(words: Sequence[str], codebook: Codebook) -> Match | None:
    """The codebook's longest phrase among the words, the earliest of equally long ones."""
    phrases = phrases_of(codebook.roles)
    longest = max(map(len, phrases), default=0)
    for size in range(min(longest, len(words)), 0, -1):
        for start in range(len(words) - size + 1):
            if role := phrases.get(tuple(words[start : start + size])):
                return Match(role=role, start=start, end=start + size)
    return None


def mode_of(words: Sequence[str]) -> Mode | None:
    """From which seat the holder of a title speaks, by its words of rank; None where it has none.

    Chiefs, vice presidents, directors, heads and founders lead; managers, leads, engineers, analysts and architects do
    the work. Rank above decides over rank below, as in "Head of Detection Engineers".
    """
    ranks = set(words)
    if ranks & _JUNIOR_TO_ANY_CHIEF or any(pair in _SMALL_CHIEFS for pair in pairwise(words)):
        return Mode.PRACTITIONER
    if (
        ranks & CHIEFS
        or ("general", "manager") in pairwise(words)
        or (words[-1:] == ("owner",) and words[:-1] in _COMPANIES)
    ):
        return Mode.EXECUTIVE
    if "counsel" in ranks:
        junior = ranks & {"associate", "assistant"}
        return Mode.EXECUTIVE if "general" in ranks and not junior else Mode.PRACTITIONER
    return Mode.PRACTITIONER if ranks & HANDS_ON else None


@lru_cache(maxsize=16)
def phrases_of(roles: Sequence[Role]) -> dict[tuple[str, ...], Role]:
    """The words of the codebook's phrases, each with its role; the first role that has a phrase keeps it."""
    found: dict[tuple[str, ...], Role] = {}
    for role in roles:
        for title in role.titles:
            found.setdefault(words_of(title), role)
    found.pop((), None)
    return found


_TOKEN = re.compile(r"[^\W_]+(?='s\b)|(?<!')[^\W_]+|(?<=\b[ld]')[^\W_]+|(?<=')[^\W_]{2,}")
_EITHER = re.compile(
    r"(?<=[a-z])(?:[*:_]|/-?)in(?:nen)?\b|\((?:e|ne|in|se|trice|rice|euse)\)|(?<=[a-z])[·.](?:e|rice)\b"
)
_ABOVE_ENGINEERS = frozenset({"vp", "vice", "svp", "head", "director", "dir", "manager", "mgr", "chief"})


def _engineering(tokens: Sequence[str], place: int, word: str) -> str:
    """`eng` written out: the department below somebody who leads it, else the person."""
    if word != "eng":
        return word
    led = _ABOVE_ENGINEERS & {*tokens[:place], *tokens[place + 1 : place + 2]}
    return "engineering" if led else "engineer"


def _security(words: Sequence[str]) -> list[str]:
    """The words with one name for security: "information and cyber security", "IT security" are plain security."""
    kept: list[str] = []
    for word in words:
        if word == "security":
            while kept and (kept[-1] in _KINDS or (kept[-1] == "and" and {*kept[-2:-1]} & _KINDS_JOINED)):
                kept.pop()
            if kept[-2:] == ["security", "and"]:
                kept.pop()
        if not kept or kept[-1] != word:
            kept.append(word)
    return kept


_KINDS = frozenset({"information", "cyber", "it"})
_KINDS_JOINED = frozenset({"information", "cyber", "security"})

_CHIEF_WORDS = """
    chief president vp founder director head cro cpo cmo cdo cao chro cco cxo comptroller controller treasurer
    superintendent chairman chairwoman chairperson geschaftsfuhrer geschaftsfuhrerin vorstand inhaber proprietor
"""
CHIEFS = frozenset(_CHIEF_WORDS.split())
"""Words that name somebody who leads."""
_COMPANIES = ((), ("business",), ("small", "business"), ("company",), ("firm",))
_JUNIOR_TO_ANY_CHIEF = frozenset({"office", "aide", "intern", "trainee", "student", "apprentice", "werkstudent"})
_SMALL_CHIEFS = frozenset(
    {(unit, "chief") for unit in ("branch", "section", "crew", "team", "shift", "unit", "watch", "division")}
    | {("assistant", "vp"), ("assistant", "controller"), ("executive", "assistant"), ("business", "partner")}
)
_HANDS_ON_WORDS = """
    manager lead engineer analyst architect specialist administrator developer consultant officer buyer counsel auditor
    responder hunter operator technician coordinator supervisor planner associate assistant programmer assessor
    researcher scientist accountant lawyer attorney paralegal advisor owner recruiter
"""
HANDS_ON = frozenset(_HANDS_ON_WORDS.split())
"""Words that name somebody who does a kind of work, rather than the work itself."""
