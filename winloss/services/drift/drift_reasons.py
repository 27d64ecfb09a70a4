"""Why nothing new came, when nothing did: what was the same in the asking, or that there was nothing more to hear."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import exp, log

from winloss.model import DriftVerdict, EvidenceRow, Reason, Share, Side, SourceKind, State
from winloss.ports import Workbench
from winloss.services.drift.strata import ASKED_IN, asked
from winloss.services.evidence import respondents
from winloss.services.plain_words import amount

MOST = 0.8
"""The share from which on one guide, interviewer or source is most of what was heard."""
FEWER = 0.75
"""Variety of roles under this share of the usual counts as the same few; the detector's own bound for narrowing."""
REPEATED = 0.2
"""Share of verbatims said word for word before, or of people heard before, from which on it may explain silence."""


def reasons_of(
    bench: Workbench, verdict: DriftVerdict, now: Sequence[EvidenceRow], before: Sequence[EvidenceRow]
) -> tuple[Reason, ...]:
    """What could explain that nothing new came, each with its figure, those that apply first.

    `now` are the rows of the verdict's quarter and cell, `before` those of the quarters it is compared with.
    """
    if not now:
        return ()
    found = [
        _guide(now, before),
        _roles(bench, now, before),
        _interviewers(bench, now),
        _sources(now),
        _same_people(now, before),
        _recycled(verdict, now, before),
        _saturation(verdict),
    ]
    return tuple(sorted((reason for reason in found if reason is not None), key=lambda reason: not reason.applies))


# --- the asking ------------------------------------------------------------------------------------------------------


def _guide(now: Sequence[EvidenceRow], before: Sequence[EvidenceRow]) -> Reason | None:
    """The answers that answer a question which was asked before, word for word."""
    known = {asked(row.question) for row in before if row.source in ASKED_IN} - {None}
    answers = [name for row in now if row.source in ASKED_IN and (name := asked(row.question))]
    if not answers:
        return None
    again = sum(name in known for name in answers)
    fresh = len({name for name in answers if name not in known})
    words = (
        f"{again} of {amount(len(answers), 'answer')} in interviews and surveys answer a question that was asked "
        f"before, word for word; {amount(fresh, 'question')} had not been asked."
    )
    return Reason(kind="same guide", words=words, share=again / len(answers), applies=again >= MOST * len(answers))


def _roles(bench: Workbench, now: Sequence[EvidenceRow], before: Sequence[EvidenceRow]) -> Reason | None:
    """The variety of roles, exp(entropy), against the usual; and the role that most people have."""
    counts, usual = _people_by(now, lambda row: row.role), _people_by(before, lambda row: row.role)
    if not counts:
        return None
    (role, most), people = counts.most_common(1)[0], sum(counts.values())
    share, ratio = most / people, _variety(counts) / _variety(usual) if usual else 1.0
    label = bench.codebook.role_label(role)
    words = f"{most} of {amount(people, 'person', 'people')} whose role is known are of one role ({label})"
    if usual:
        words += f", {usual[role]} of {sum(usual.values())} before; the variety of roles is {ratio:.0%} of the usual"
    return Reason(kind="same roles", words=words + ".", share=share, applies=ratio < FEWER or share >= MOST)


def _interviewers(bench: Workbench, now: Sequence[EvidenceRow]) -> Reason | None:
    """Who led the interviews: several people ask differently, one asks what they always ask."""
    documents = {row.document_id for row in now if row.source == SourceKind.INTERVIEW}
    led: dict[str, set[str]] = defaultdict(set)
    for spoken in bench.store.speakers(kind=SourceKind.INTERVIEW) if documents else ():
        if spoken.document_id in documents and spoken.speaker.side is Side.INTERVIEWER and spoken.speaker.name:
            led[spoken.speaker.name].add(spoken.document_id)
    held = set().union(*led.values()) if led else set()
    if not held:
        return None
    most = max(len(theirs) for theirs in led.values())
    words = f"{most} of {amount(len(held), 'interview')} were led by one of {amount(len(led), 'interviewer')}."
    return Reason(
        kind="same interviewer", words=words, share=most / len(held), applies=len(held) > 1 and most >= MOST * len(held)
    )


def _sources(now: Sequence[EvidenceRow]) -> Reason | None:
    counts = _people_by(now, lambda row: row.source)
    (source, most), people = counts.most_common(1)[0], sum(counts.values())
    others = ", ".join(f"{name} {count}" for name, count in counts.most_common()[1:])
    words = f"{most} of {amount(people, 'person', 'people')} were heard in one source ({source})"
    words += f"; the others: {others}." if others else "; there was no other."
    return Reason(kind="same source", words=words, share=most / people, applies=most >= MOST * people)


def _same_people(now: Sequence[EvidenceRow], before: Sequence[EvidenceRow]) -> Reason:
    people, known = respondents(now), respondents(before)
    again = len(people & known)
    words = f"{again} of {amount(len(people), 'person', 'people')} had been heard in an earlier quarter too."
    return Reason(
        kind="same people",
        words=words,
        share=again / len(people),
        applies=again >= REPEATED * len(people) and again > 1,
    )


def _recycled(verdict: DriftVerdict, now: Sequence[EvidenceRow], before: Sequence[EvidenceRow]) -> Reason:
    """Words that were said before: to the letter, and by the detector's measure of texts that are too near."""
    known = {row.key for row in before}
    again = sum(row.key in known for row in now)
    near = verdict.statistics.get("p_recycled")
    flagged = "recycled text" in verdict.flags
    words = f"{again} of {amount(len(now), 'verbatim')} were said before word for word"
    if near is not None:
        words += f"; that the rest lies so near to earlier texts has p = {float(near):.3f} by chance"
    share = again / len(now)
    return Reason(kind="recycled text", words=words + ".", share=share, applies=flagged or share >= REPEATED)


def _saturation(verdict: DriftVerdict) -> Reason:
    if verdict.mds is None:
        words = "Nothing can be said of saturation: even a theme of 30% of people could have been missed."
    else:
        words = (
            f"A new theme of {verdict.mds:.0%} of people or more would have been seen with at least 80% probability."
        )
    return Reason(kind="saturation", words=words, share=verdict.mds, applies=verdict.state is State.SATURATED)


# --- counting --------------------------------------------------------------------------------------------------------


def asked_of(
    now: Sequence[EvidenceRow], before: Sequence[EvidenceRow], field: str
) -> Iterator[tuple[str, Share, Share]]:
    """Who was asked, by an attribute of rows: each value's share of the people now and before, the largest first."""
    here, there = _people_by(now, lambda row: getattr(row, field)), _people_by(before, lambda row: getattr(row, field))
    bases = sum(here.values()), sum(there.values())
    for name in sorted({*here, *there}, key=lambda name: (-here[name], -there[name], name)):
        yield (
            name,
            Share(count=here[name], base=bases[0], verbatims=0),
            Share(count=there[name], base=bases[1], verbatims=0),
        )


def _people_by(rows: Iterable[EvidenceRow], by: Callable[[EvidenceRow], str | None]) -> Counter[str]:
    """Value -> people who have it, each once in every quarter."""
    people: dict[str, set[tuple[str, str | None]]] = defaultdict(set)
    for row in rows:
        if (name := by(row)) is not None:
            people[name].add((row.respondent, row.quarter))
    return Counter({name: len(those) for name, those in sorted(people.items())})


def _variety(counts: Mapping[str, int]) -> float:
    """exp(entropy): the effective number of values. Source: Hill, Ecology 54 (1973) 427-432, order 1."""
    total = sum(counts.values())
    return exp(-sum(count / total * log(count / total) for count in counts.values() if count))
