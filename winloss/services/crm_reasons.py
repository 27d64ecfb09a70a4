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
from datetime import date
from functools import lru_cache

from winloss.codebook import Reason
from winloss.model import THEMED_FACETS, Deal, EvidenceRow, Facet, Outcome, text_key
from winloss.ports import Workbench
from winloss.services import joining
from winloss.services.evidence import respondents
from winloss.services.library import library
from winloss.services.readings import readings

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
    return library(bench).once("reasons", lambda: {text: _placed(bench, text) for text in sorted(_stated(bench))})


def causes_of_theme(bench: Workbench, said: Sequence[EvidenceRow]) -> tuple[str, ...]:
    """The causes that a theme (its rows) is about; empty where none is told."""
    told = _told_by_theme(bench, said)
    asks_for_proof = any(row.facet == Facet.PROOF for row in said)
    known = {reason.name for reason in bench.codebook.reasons}
    return tuple(dict.fromkeys((*told, PROOF))) if asks_for_proof and PROOF in known else told


def deals_behind(bench: Workbench, said: Sequence[EvidenceRow]) -> list[Deal]:
    """The lost deals with a stated reason whose buyers say these words, by external id.

    Whoever speaks for an account and an outcome speaks of the deal of that account that ended so, nearest in time.
    """
    known = joining.decided_deals(bench)
    found: dict[str, Deal] = {}
    for row in said:
        if row.account and row.outcome in LOST:
            deals = [deal for deal in known.get(row.account.casefold(), ()) if deal.outcome == row.outcome]
            deal = joining.nearest_deal(deals, date.fromisoformat(row.date) if row.date else None)
            if deal and deal.loss_reason:
                found[deal.external_id] = deal
    return [found[name] for name in sorted(found)]


def _stated(bench: Workbench) -> set[str]:
    return {deal.loss_reason for deal in bench.store.deals() if deal.loss_reason and deal.outcome in LOST}


def _told_by_theme(bench: Workbench, said: Sequence[EvidenceRow]) -> tuple[str, ...]:
    from nlp.belonging import nearest_sentence

    reasons = bench.codebook.reasons
    here, people = Counter(name for _, name in _users(bench, said)), len(respondents(said))
    everywhere, others = _elsewhere(bench, {row.theme_id for row in said})
    apart = {
        name: count / people - everywhere[name] / max(others, 1)
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
    from nlp.belonging import nearest_sentence

    reasons = bench.codebook.reasons
    if named := causes_named(text, reasons):
        return named
    keys = [text_key(text), *(text_key(reason.about) for reason in reasons)]
    if len(keys) == 1 or bench.vectors().missing(keys):
        return ()
    rows = bench.vectors().get(keys)
    place = nearest_sentence(rows[:1], rows[1:], least=NEAR)
    return () if place is None else (reasons[place].name,)


def _elsewhere(bench: Workbench, own: Collection[str | None]) -> tuple[Counter[str], int]:
    """Cause -> how many people use its words outside these themes; and how many people there are outside them."""
    by_theme = library(bench).once("causes by theme", lambda: _by_theme(bench))
    rest = [told for theme_id, told in by_theme.items() if theme_id not in own]
    users: set[tuple[str, str]] = set().union(*(users for _, users in rest))
    return Counter(name for _, name in users), len(set().union(*(people for people, _ in rest)))


def _by_theme(bench: Workbench) -> Mapping[str | None, tuple[set[str], set[tuple[str, str]]]]:
    """Theme (None: in none) -> its people, and who of them uses the words of which cause."""
    groups: dict[str | None, list[EvidenceRow]] = defaultdict(list)
    for row in library(bench).rows:
        if row.facet in THEMED_FACETS:
            groups[row.theme_id].append(row)
    return {theme_id: (respondents(rows), _users(bench, rows)) for theme_id, rows in groups.items()}


def _users(bench: Workbench, rows: Sequence[EvidenceRow]) -> set[tuple[str, str]]:
    """Who uses the words of which cause."""
    reasons = bench.codebook.reasons
    by_text = readings(
        bench,
        f"causes:{bench.codebook.fingerprint}",
        {row.key for row in rows},
        lambda text: causes_named(text, reasons),
    )
    return {(row.respondent, name) for row in rows for name in by_text.get(row.key, ())}


@lru_cache(maxsize=256)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    parts = (re.escape(word.rstrip("*")) + (r"\w*" if word.endswith("*") else "") for word in words)
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts) or '(?!)'})(?!\w)", re.IGNORECASE)
