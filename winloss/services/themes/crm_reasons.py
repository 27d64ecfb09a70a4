"""What the CRM says that deals were lost for, in the causes of the codebook, and which cause a theme is about.

A stated reason is placed by the words that the codebook lists for a cause; one that has none of them by its meaning:
the cause whose description is nearest, where it is near enough. A theme is about the causes whose words its people use
more than other people do; where nobody uses any, about the cause whose description is nearest its centre. What a theme
of proof is about is proof besides.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from winloss.codebook import Reason
from winloss.model import THEMED_FACETS, Deal, EvidenceRow, Facet, Outcome, text_key
from winloss.ports import Workbench
from winloss.services.evidence import respondents
from winloss.services.library import at_revision, library
from winloss.services.readings import readings
from winloss.services.themes import deal_scopes

LOST = (Outcome.LOST_TO_COMPETITOR, Outcome.NO_DECISION, Outcome.CHURNED)
"""Outcomes for which a CRM states a reason."""
PROOF = "proof"
"""The cause of the codebook that every theme of proof is about."""
NEAR = 0.35
"""Least cosine between a text and the description of a cause from which on it may be placed by meaning."""
USED = 0.2
"""Least share of a theme's people who use a cause's words."""
USERS = 3
BESIDE = 0.6
"""A further cause is named where its words set the theme apart at least this much as those of the first."""


def embed_reasons(bench: Workbench) -> int:
    """Have the vectors of stated reasons and of the causes' descriptions; returns how many were computed."""
    texts = {text_key(text): text for text in (*_stated(bench), *(reason.about for reason in bench.codebook.reasons))}
    missing = bench.vectors().missing(list(texts))
    if missing:
        bench.vectors().append(missing, bench.encoder().encode([texts[key] for key in missing]))
    return len(missing)


def causes_named(text: str, reasons: Sequence[Reason]) -> tuple[str, ...]:
    """The causes whose words the text holds, in the order in which it names them."""
    places = {reason.name: match.start() for reason in reasons if (match := _pattern(reason.words).search(text))}
    return tuple(sorted(places, key=lambda name: (places[name], name)))


def causes_of_deals(bench: Workbench) -> Mapping[str, tuple[str, ...]]:
    """Stated reason -> the causes that it names, by its words or else by its meaning; empty where it is in neither."""
    return at_revision(bench, "reasons", lambda: {text: _placed(bench, text) for text in sorted(_stated(bench))})


def causes_of_theme(bench: Workbench, said: Sequence[EvidenceRow]) -> tuple[str, ...]:
    """The causes that a theme (its rows) is about; empty where none is told."""
    told = _told_by_theme(bench, said)
    asks_for_proof = any(row.facet == Facet.PROOF for row in said)
    known = {reason.name for reason in bench.codebook.reasons}
    return tuple(dict.fromkeys((*told, PROOF))) if asks_for_proof and PROOF in known else told


def deals_behind(bench: Workbench, said: Sequence[EvidenceRow]) -> list[Deal]:
    """The lost deals with a stated reason whose buyers say these words, by external id."""
    return [deal for deal in deal_scopes.deals_of(bench, said) if deal.outcome in LOST and deal.loss_reason]


def _stated(bench: Workbench) -> set[str]:
    return {deal.loss_reason for deal in bench.store.deals() if deal.loss_reason and deal.outcome in LOST}


def _told_by_theme(bench: Workbench, said: Sequence[EvidenceRow]) -> tuple[str, ...]:
    from nlp.themes.belonging import nearest_sentence

    reasons = bench.codebook.reasons
    own = {row.theme_id for row in said}
    here, elsewhere = _used(bench, said), _usage(bench)
    everywhere = {name: elsewhere.outside(name, own) for name in here}
    people, others = len(respondents(said)), max(elsewhere.outside(None, own), 1)
    apart = {
        name: count / people - everywhere[name] / others
        for name, count in here.items()
        if count >= USERS and count >= USED * people
    }
    ranked = sorted((name for name in apart if apart[name] > 0), key=lambda name: (-apart[name], name))
    if ranked:
        return tuple(name for name in ranked if apart[name] >= BESIDE * apart[ranked[0]])
    vectors = bench.vectors()
    about = [text_key(reason.about) for reason in reasons]
    if not said or not about or vectors.missing(about):
        return ()
    place = nearest_sentence(vectors.get([row.key for row in said]), vectors.get(about), least=NEAR)
    return () if place is None else (reasons[place].name,)


def _placed(bench: Workbench, text: str) -> tuple[str, ...]:
    from nlp.themes.belonging import nearest_sentence

    reasons = bench.codebook.reasons
    if named := causes_named(text, reasons):
        return named
    keys = [text_key(text), *(text_key(reason.about) for reason in reasons)]
    if len(keys) == 1 or bench.vectors().missing(keys):
        return ()
    rows = bench.vectors().get(keys)
    place = nearest_sentence(rows[:1], rows[1:], least=NEAR)
    return () if place is None else (reasons[place].name,)


@dataclass(frozen=True, slots=True)
class _Usage:
    """How many people use the words of a cause (None: say anything) in just these themes, over all themed facets."""

    people: Mapping[str | None, Counter[frozenset[str | None]]]

    def outside(self, cause: str | None, own: Collection[str | None]) -> int:
        """The people who do so in any other theme, or in none."""
        mine = frozenset(own)
        return sum(count for themes, count in self.people.get(cause, Counter()).items() if not themes <= mine)


def judge(bench: Workbench, rows: Sequence[EvidenceRow]) -> None:
    """Have these texts judged, where a CRM states reasons that they could be held against."""
    if any(deal.loss_reason for deal in bench.store.deals()):
        _causes_by_text(bench, [row for row in rows if row.facet in THEMED_FACETS])


def _usage(bench: Workbench) -> _Usage:
    """Over the whole library, counted once while nothing is written: every theme is held against all others."""
    return at_revision(bench, "use of causes", lambda: _counted(bench))


def _counted(bench: Workbench) -> _Usage:
    rows = [row for row in library(bench).rows if row.facet in THEMED_FACETS]
    by_text = _causes_by_text(bench, rows)
    themes: dict[tuple[str | None, str], set[str | None]] = defaultdict(set)
    for row in rows:
        for name in (None, *by_text.get(row.key, ())):
            themes[name, row.respondent].add(row.theme_id)
    people: dict[str | None, Counter[frozenset[str | None]]] = defaultdict(Counter)
    for (name, _), told in themes.items():
        people[name][frozenset(told)] += 1
    return _Usage(people)


def _used(bench: Workbench, rows: Sequence[EvidenceRow]) -> Counter[str]:
    """Cause -> how many people use its words."""
    by_text = _causes_by_text(bench, rows)
    people = {(row.respondent, name) for row in rows for name in by_text.get(row.key, ())}
    return Counter(name for _, name in people)


def _causes_by_text(bench: Workbench, rows: Sequence[EvidenceRow]) -> Mapping[str, tuple[str, ...]]:
    reasons, name = bench.codebook.reasons, f"causes:{bench.codebook.fingerprint}"
    return readings(bench, name, {row.key for row in rows}, lambda text: causes_named(text, reasons), tuple)


@lru_cache(maxsize=256)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    parts = (re.escape(word.rstrip("*")) + (r"\w*" if word.endswith("*") else "") for word in words)
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts) or '(?!)'})(?!\w)", re.IGNORECASE)
