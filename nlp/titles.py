"""Job titles as people write them, brought to one form so that the codebook's phrases can be found in them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from winloss.codebook import Codebook, Role
from winloss.model import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A phrase of the codebook found among the words of a title, from `start` to `end` (half-open)."""

    role: Role
    start: int
    end: int


@lru_cache(maxsize=20_000)
def words_of(title: str) -> tuple[str, ...]:
    """The words of a title, folded: case, accents, punctuation, abbreviations and small words do not count.

    >>> words_of("Sr. SecEng II")
    ('senior', 'security', 'engineer', 'ii')
    """
    plain = folded(title)
    for written, meant in _SPELLED.items():
        plain = plain.replace(written, meant)
    words: list[str] = []
    for word in _TOKEN.findall(plain):
        if word == "eng":
            word = "engineering" if _ABOVE_ENGINEERS & set(words) else "engineer"
        words += [part for part in _WRITTEN_OUT.get(word, word).split() if part not in _SMALL]
    return tuple(words)


def folded(text: str) -> str:
    """The text in lower case and without accents."""
    parts = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return "".join(character for character in parts if not unicodedata.combining(character))


def phrase_in(words: Sequence[str], codebook: Codebook) -> Match | None:
    """The codebook's longest phrase among the words, the earliest of equally long ones."""
    phrases = _phrases(codebook.roles)
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
    if ranks & CHIEFS or (words[-1:] == ("owner",) and words[:-1] in _COMPANIES):
        return Mode.EXECUTIVE
    if "counsel" in ranks:
        junior = ranks & {"associate", "assistant"}
        return Mode.EXECUTIVE if "general" in ranks and not junior else Mode.PRACTITIONER
    return Mode.PRACTITIONER if ranks & HANDS_ON else None


@lru_cache(maxsize=16)
def _phrases(roles: Sequence[Role]) -> dict[tuple[str, ...], Role]:
    found: dict[tuple[str, ...], Role] = {}
    for role in roles:
        for title in role.titles:
            found.setdefault(words_of(title), role)
    found.pop((), None)
    return found


_WRITTEN_OUT = {
    "ciso": "chief information security officer",
    "cso": "chief security officer",
    "cio": "chief information officer",
    "cto": "chief technology officer",
    "cfo": "chief financial officer",
    "coo": "chief operating officer",
    "ceo": "chief executive officer",
    "svp": "senior vp",
    "evp": "executive vp",
    "avp": "assistant vp",
    "sr": "senior",
    "snr": "senior",
    "jr": "junior",
    "mgr": "manager",
    "mngr": "manager",
    "managers": "manager",
    "mgmt": "management",
    "dir": "director",
    "hd": "head",
    "dep": "deputy",
    "assoc": "associate",
    "asst": "assistant",
    "exec": "executive",
    "engr": "engineer",
    "engineers": "engineer",
    "analysts": "analyst",
    "arch": "architect",
    "architects": "architect",
    "dev": "developer",
    "devs": "developer",
    "developers": "developer",
    "swe": "software engineer",
    "sde": "software engineer",
    "admin": "administrator",
    "admins": "administrator",
    "sysadmin": "system administrator",
    "sysadmins": "system administrator",
    "infra": "infrastructure",
    "sec": "security",
    "infosec": "information security",
    "secops": "security operations",
    "seceng": "security engineer",
    "cybersecurity": "cyber security",
    "cybersec": "cyber security",
    "itops": "it operations",
    "ops": "operations",
    "systems": "system",
    "tech": "technology",
    "acct": "account",
    "govt": "government",
    "centre": "center",
    "defence": "defense",
    "programme": "program",
    "licence": "license",
    "cofounder": "founder",
}
_SPELLED = {
    "vice president": "vp",
    "vice-president": "vp",
    "security operations center": "soc",
    "security operations centre": "soc",
    "information technology": "it",
    "co-founder": "founder",
    "dev ops": "devops",
    "site-reliability": "site reliability",
}
_SMALL_WORDS = """
    of the and for a an in at to with de la le les l d des du der die das den fur und et y para el los las del von im
    """
_SMALL = frozenset(_SMALL_WORDS.split())
_TOKEN = re.compile(r"[^\W_]+(?='s\b)|(?<!')[^\W_]+|(?<=\b[ld]')[^\W_]+|(?<=')[^\W_]{2,}")
_ABOVE_ENGINEERS = frozenset({"vp", "head", "director", "manager", "chief"})

_CHIEF_WORDS = """
    chief president vp founder director head cro cpo cmo cdo cao clo chro cco cxo dciso vciso biso rssi dsi daf pdg
    comptroller controller treasurer superintendent chairman chairwoman directeur directrice directora geschaftsfuhrer
    geschaftsfuhrerin leiter leiterin bereichsleiter bereichsleiterin vorstand jefe inhaber proprietor fondateur
    """
CHIEFS = frozenset(_CHIEF_WORDS.split())
"""Words that name somebody who leads."""
_COMPANIES = ((), ("business",), ("small", "business"), ("company",), ("firm",))
_JUNIOR_TO_ANY_CHIEF = frozenset({"office", "aide", "intern", "trainee", "student", "apprentice", "werkstudent"})
_SMALL_CHIEFS = frozenset(
    {(unit, "chief") for unit in ("branch", "section", "crew", "team", "shift", "unit", "watch", "division")}
    | {("assistant", "vp"), ("assistant", "controller"), ("executive", "assistant")}
)
_HANDS_ON_WORDS = """
    manager lead leader engineer analyst architect specialist administrator developer consultant officer buyer counsel
    auditor responder hunter operator technician coordinator supervisor planner associate assistant programmer assessor
    researcher scientist accountant lawyer attorney paralegal advisor owner responsable ingenieur ingenieurin analyste
    administrateur acheteur juriste analista ingeniero administrador comprador abogado teamleiter teamleiterin
    gruppenleiter beauftragter architekt entwickler systemadministrator einkaufer einkauferin
    """
HANDS_ON = frozenset(_HANDS_ON_WORDS.split())
"""Words that name somebody who does a kind of work, rather than the work itself."""
