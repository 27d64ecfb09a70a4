"""What the verbatims say of one claim after the other: who speaks for it and against it, where, and since when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from winloss.model import EvidenceRow, Facet, Filters, Passage, Share, Stance, StanceDecision
from winloss.model.auditing import Sides, Witness
from winloss.ports import QuickStances, Workbench
from winloss.services.evidence import passing, respondents, share, split
from winloss.services.library import library, of_sources

if TYPE_CHECKING:
    from nlp.decks.deck_evidence import Ground

SHOWN = 6
"""So many people are quoted on either side of a claim."""


@dataclass(slots=True)
class Evidence:
    """The rows of an audit's scope, up to its quarter, with their distinct texts as vectors."""

    bench: Workbench
    quarter: str
    filters: Filters
    rows: list[EvidenceRow]
    keys: list[str]
    ground: Ground
    stances: QuickStances
    place_of: Mapping[str, int]
    texts: dict[str, str] = field(default_factory=dict)

    def text(self, keys: Sequence[str]) -> list[str]:
        """The texts of these keys, in order; each is read once."""
        lacking = [key for key in keys if key not in self.texts]
        if lacking:
            self.texts.update(self.bench.store.texts(lacking))
        return [self.texts[key] for key in keys]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What was heard of a claim: the rows for and against it, of those in its scope, each with its decision."""

    scope: list[EvidenceRow]
    supports: list[EvidenceRow]
    contradicts: list[EvidenceRow]
    decisions: Mapping[str, StanceDecision]
    capped: bool

    @property
    def both(self) -> list[EvidenceRow]:
        """Everything that speaks of the claim."""
        return [*self.supports, *self.contradicts]


def gather(bench: Workbench, quarter: str, filters: Filters) -> Evidence:
    """Everything that was said until the end of the quarter and passes the filters."""
    from nlp.decks.deck_evidence import Ground

    rows = [row for row in passing(library(bench).rows, filters) if row.quarter is None or row.quarter <= quarter]
    theme_of: dict[str, str | None] = {}
    for row in rows:
        theme_of.setdefault(row.key, row.theme_id)
    keys = list(theme_of)
    return Evidence(
        bench=bench,
        quarter=quarter,
        filters=filters,
        rows=rows,
        keys=keys,
        ground=Ground(bench.vectors().get(keys), list(theme_of.values())),
        stances=bench.quick_stances(),
        place_of={key: place for place, key in enumerate(keys)},
    )


def hear(evidence: Evidence, statement: str, vector: Any, scope: Filters, *, bare: Any = None) -> Heard:
    """Who in the scope speaks for a statement and who against it; `vector` is the statement's.

    `bare` is the vector of the same without words that nobody said, None where it has none.
    """
    from nlp.decks.deck_evidence import denies, says_it_is_over, speaks_of_it, weigh, weigh_trouble

    rows = passing(evidence.rows, scope)
    by_key: dict[str, list[EvidenceRow]] = defaultdict(list)
    for row in rows:
        by_key[row.key].append(row)
    near, capped = evidence.ground.near(vector, sorted(evidence.place_of[key] for key in by_key))
    if bare is not None and near:
        speaking = speaks_of_it(evidence.ground.rows([one.place for one in near]), vector, bare)
        near = [one for one, speaks in zip(near, speaking, strict=True) if speaks]
    keys = [evidence.keys[one.place] for one in near]
    judged: list[StanceDecision] = []
    if keys:
        vectors = evidence.ground.rows([one.place for one in near])
        judged = evidence.stances.judge(statement, evidence.text(keys), vectors, vector)
    denial, over = denies(statement), says_it_is_over(statement)
    decisions = {}
    for key, one, decision in zip(keys, near, judged, strict=True):
        stance, score = weigh(one, decision.probabilities, denial=denial)
        if over:
            pain = any(row.facet == Facet.PAIN for row in by_key[key])
            stance, score = weigh_trouble(one, evidence.texts[key], told_as_pain=pain)
        decisions[key] = replace(decision, stance=stance, score=round(score, 4))

    def said(stance: Stance) -> list[EvidenceRow]:
        return [row for key in keys if decisions[key].stance is stance for row in by_key[key]]

    return Heard(
        scope=rows,
        supports=said(Stance.SUPPORTS),
        contradicts=said(Stance.CONTRADICTS),
        decisions=decisions,
        capped=capped,
    )


def heard_stems(bench: Workbench) -> frozenset[str]:
    """The beginnings of every word that any verbatim has; made anew only when the store has changed."""
    from nlp.decks.deck_evidence import stems

    return of_sources(
        bench, "heard words", lambda: frozenset(stem for text in bench.store.texts().values() for stem in stems(text))
    )


def only_led(rows: Iterable[EvidenceRow]) -> set[str]:
    """The people who say it only in answer to leading questions."""
    from nlp.text.leading import leading

    asked = {row.question: bool(leading(row.question)) for row in rows if row.question}
    free = {row.respondent for row in rows if not asked.get(row.question or "")}
    return {row.respondent for row in rows} - free


def fresh(rows: Iterable[EvidenceRow], quarter: str) -> set[str]:
    """The people who say it in the quarter and never did before."""
    said = list(rows)
    before = {row.respondent for row in said if row.quarter != quarter}
    return respondents(row for row in said if row.quarter == quarter) - before


def sides(heard: Heard, by: Callable[[EvidenceRow], str | None]) -> tuple[Sides, ...]:
    """Both sides in each part of the claim's scope, the part with the most people heard first."""
    against = dict(split(heard.contradicts, heard.scope, by))
    return tuple(
        Sides(name=name, supports=supports, contradicts=against[name])
        for name, supports in split(heard.supports, heard.scope, by)
    )


def quarters_of(rows: Iterable[EvidenceRow]) -> tuple[str | None, str | None]:
    """The first and the last quarter in which it was said."""
    known = sorted(row.quarter for row in rows if row.quarter)
    return (known[0], known[-1]) if known else (None, None)


def shares(heard: Heard, quarter: str) -> tuple[Share, Share, Share]:
    """Who supports it, who contradicts it, and who supports it in the quarter, each of those heard."""
    now = [row for row in heard.scope if row.quarter == quarter]
    return (
        share(heard.supports, heard.scope),
        share(heard.contradicts, heard.scope),
        share([row for row in heard.supports if row.quarter == quarter], now),
    )


def witnesses(evidence: Evidence, heard: Heard, rows: Sequence[EvidenceRow]) -> tuple[Witness, ...]:
    """A verbatim of each of a few people, the surest first; every segment is heard before one is heard twice."""
    best: dict[str, EvidenceRow] = {}
    for row in sorted(rows, key=lambda row: (-heard.decisions[row.key].score, row.id)):
        best.setdefault(row.respondent, row)
    chosen = _spread(list(best.values()))[:SHOWN]
    found = {passage.id: passage for passage in evidence.bench.store.passages([row.id for row in chosen])}
    return tuple(_witness(found[row.id], heard.decisions[row.key]) for row in chosen if row.id in found)


def _spread(rows: list[EvidenceRow]) -> list[EvidenceRow]:
    """The rows so that the first of each segment come first, then the second of each."""
    turn: dict[str | None, int] = defaultdict(int)
    ranked: list[tuple[int, int, EvidenceRow]] = []
    for place, row in enumerate(rows):
        ranked.append((turn[row.segment], place, row))
        turn[row.segment] += 1
    return [row for _, _, row in sorted(ranked, key=lambda item: item[:2])]


def _witness(passage: Passage, decision: StanceDecision) -> Witness:
    from nlp.text.leading import leading

    how = leading(passage.question)
    return Witness(
        passage=passage,
        score=decision.score,
        reason=decision.reason,
        led_by=passage.question if how else None,
        led_how=how,
    )
