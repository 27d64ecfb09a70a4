"""Like compared with like: which people of a cell may change places with which when quarters are compared.

A stratum is segment, source and the question asked, as far as known. Questions count where an interview guide or a
survey asks them alike of many people; the free questions of a conversation never repeat and separate nobody.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from winloss.model import EvidenceRow, SourceKind

ASKED_IN = (SourceKind.INTERVIEW.value, SourceKind.SURVEY.value)
"""The sources in which somebody asks; a community's question is a thread's title, and an inquiry asks itself."""
ALIKE = 10
"""People whom a question must have been put to in a cell to make a stratum of its own: fewer cannot be compared."""
COMPARED = 3
"""People on either side, this quarter and before, that a stratum of a known question must have."""
_WORD = re.compile(r"[^\W_]+")


def asked(question: str | None) -> str | None:
    """A question as questions are compared: words in lower case, nothing else; None where there are none."""
    return " ".join(word.casefold() for word in _WORD.findall(question or "")) or None


def strata_of(rows: Sequence[EvidenceRow], quarter: str) -> list[str]:
    """The stratum of each row's respondent: segment, source, and the guide question that most of their words answer.

    A question separates people where it was put to enough of them on both sides; one that is put to enough this quarter
    and never was before separates them too: what they say cannot be compared.
    """
    question = _question_of_people(rows)
    sides: dict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for row in rows:
        if name := question.get(_person(row)):
            sides[name][str(row.quarter) < quarter].add(row.respondent)
    telling = {name for name, (now, before) in sides.items() if _tells(len(now), len(before))}
    return [f"{row.segment}|{row.source}|{_if_in(question.get(_person(row)), telling)}" for row in rows]


def _tells(now: int, before: int) -> bool:
    known = now >= COMPARED and before >= COMPARED and now + before >= ALIKE
    return known or (before == 0 and now >= ALIKE)


def _question_of_people(rows: Sequence[EvidenceRow]) -> dict[tuple[str, str], str]:
    """(respondent, quarter) -> the question that most of their verbatims answer, the first by name where they tie."""
    votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in rows:
        if row.source in ASKED_IN and (name := asked(row.question)):
            votes[_person(row)][name] += 1
    return {person: min(count, key=lambda name: (-count[name], name)) for person, count in votes.items()}


def _person(row: EvidenceRow) -> tuple[str, str]:
    return row.respondent, str(row.quarter)


def _if_in(name: str | None, known: set[str]) -> str:
    return name if name in known else ""
