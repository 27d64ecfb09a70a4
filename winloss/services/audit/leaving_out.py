"""What a deck leaves out: themes that are strong in its scope, and what newly emerged, of which no claim speaks.

A theme is *strong* where at least `LEAST` people said it in the quarter and it is among the `STRONGEST` of its facet,
or the lower bound of its share is above `MUCH`. *Emerging* and *growing* are what the drift detector found in the
quarter. A claim speaks of a theme where it lies near the theme's centre (cosine at least `SPEAKS`) or where at least
`SHARED` of what was heard of the claim is of that theme; whether a claim speaks of something new is asked of its own
verbatims, since these may have been filed under an old theme.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from winloss.model import DriftNode, EvidenceRow, Facet, Passage, Theme
from winloss.model.auditing import LeftOut
from winloss.services.audit.auditing_evidence import Evidence, Heard
from winloss.services.evidence import share, split
from winloss.services.presenting import may_quote
from winloss.services.statistics import wilson

LEAST = 3
STRONGEST = 5
MUCH = 0.10
SPEAKS = 0.45
SHARED = 0.25
SOMETHING_NEW = "something new"
QUOTES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A claim's statement and vector beside what was heard of it."""

    statement: str
    vector: Any
    heard: Heard


def left_out(evidence: Evidence, claims: Sequence[Judged]) -> tuple[tuple[LeftOut, ...], int, int]:
    """What no claim speaks of, the newest and the strongest first; how much is covered, and how much there is."""
    scope = [row for row in evidence.rows if row.quarter == evidence.quarter]
    found: list[LeftOut] = []
    there = covered = 0
    told: set[str] = set()
    for kind, theme, rows, node in _news(evidence, scope):
        there += 1
        told.add(theme.id if theme else "")
        near = _nearest(evidence, rows, claims)
        if near[1]:
            covered += 1
        else:
            found.append(_told(evidence, kind, theme, rows, scope, near[0], node))
    for theme, rows in _strong(evidence, scope):
        if theme.id in told:
            continue
        there += 1
        near = _nearest(evidence, rows, claims, theme=theme.id)
        if near[1]:
            covered += 1
        else:
            found.append(_told(evidence, "strong", theme, rows, scope, near[0], None))
    order = {"emerging": 0, "growing": 1, "strong": 2}
    found.sort(key=lambda one: (order[one.kind], -one.share.count, one.title))
    return tuple(found), covered, there


# --- what there is ---------------------------------------------------------------------------------------------------


def _strong(evidence: Evidence, scope: Sequence[EvidenceRow]) -> Iterator[tuple[Theme, list[EvidenceRow]]]:
    said: dict[str, list[EvidenceRow]] = defaultdict(list)
    for row in scope:
        if row.theme_id and row.facet != Facet.NONE:
            said[row.theme_id].append(row)
    known = {theme.id: theme for theme in evidence.bench.store.themes(dormant=True)}
    shares = {name: share(rows, scope) for name, rows in said.items() if name in known}
    taken: Counter[Facet] = Counter()
    for name in sorted(shares, key=lambda name: (-shares[name].count, name)):
        theme, heard = known[name], shares[name]
        taken[theme.facet] += 1
        if heard.count >= LEAST and (taken[theme.facet] <= STRONGEST or wilson(heard)[0] > MUCH):
            yield theme, said[name]


def _news(
    evidence: Evidence, scope: Sequence[EvidenceRow]
) -> Iterator[tuple[str, Theme | None, list[EvidenceRow], DriftNode]]:
    """What the drift detector found new or growing, in the deck's segments, each once."""
    by_id = {row.id: row for row in evidence.rows}
    now = {row.id for row in scope}
    known = {theme.id: theme for theme in evidence.bench.store.themes(dormant=True)}
    seen: list[set[str]] = []
    themes: set[str] = set()
    for node in _nodes(evidence):
        rows = [by_id[name] for name in node.verbatims if name in now]
        words = {row.id for row in rows}
        if len({row.respondent for row in rows}) < LEAST or any(len(words & other) * 2 > len(words) for other in seen):
            continue
        seen.append(words)
        commonest: list[tuple[str, int]] = Counter(row.theme_id for row in rows if row.theme_id).most_common(1)
        theme = known.get(commonest[0][0]) if commonest and commonest[0][1] * 2 > len(rows) else None
        if theme is not None and theme.id in themes:
            continue
        themes.add(theme.id if theme else "")
        yield node.kind, theme, rows, node


def _nodes(evidence: Evidence) -> list[DriftNode]:
    segments = evidence.filters.segment
    verdicts = [
        verdict
        for verdict in evidence.bench.store.verdicts(evidence.quarter)
        if not segments or verdict.scope.segment in (None, *segments)
    ]
    nodes = [node for verdict in verdicts for node in verdict.nodes if node.kind in ("emerging", "growing")]
    return sorted(nodes, key=lambda node: (node.kind != "emerging", node.p, -node.current))


# --- what speaks of it -----------------------------------------------------------------------------------------------


def _nearest(
    evidence: Evidence, rows: Sequence[EvidenceRow], claims: Sequence[Judged], *, theme: str | None = None
) -> tuple[tuple[str | None, float | None], bool]:
    """(the claim nearest to these verbatims, how near), and whether any claim speaks of them."""
    from nlp.decks.deck_evidence import centre, cosines

    if not claims:
        return (None, None), False
    places = [evidence.place_of[row.key] for row in rows]
    middle = centre(evidence.ground.rows(places))
    near = [row[0] for row in cosines([claim.vector for claim in claims], [middle])]
    best = max(range(len(claims)), key=lambda number: near[number])
    spoken = near[best] >= SPEAKS or any(_shares(claim.heard, {row.id for row in rows}, theme) for claim in claims)
    return (claims[best].statement, round(near[best], 3)), spoken


def _shares(heard: Heard, ids: set[str], theme: str | None) -> bool:
    """Whether a good part of what was heard of a claim is of this theme, or among these verbatims."""
    said = heard.both
    inside = [row for row in said if row.id in ids or (theme is not None and row.theme_id == theme)]
    return len(inside) >= LEAST and len(inside) >= SHARED * len(said)


def _told(
    evidence: Evidence,
    kind: str,
    theme: Theme | None,
    rows: Sequence[EvidenceRow],
    scope: Sequence[EvidenceRow],
    near: tuple[str | None, float | None],
    node: DriftNode | None,
) -> LeftOut:
    quotes = _quotes(evidence, rows, theme)
    title = theme.title if theme else " ".join(quotes[0].text.split()) if quotes else SOMETHING_NEW
    return LeftOut(
        kind=kind,
        title=title,
        share=share(rows, scope),
        segments=split(rows, scope, lambda row: row.segment),
        quotes=tuple(quotes),
        theme=theme,
        nearest=near[0],
        gap=near[1],
        earliest=node.earliest if node else None,
    )


def _quotes(evidence: Evidence, rows: Sequence[EvidenceRow], theme: Theme | None) -> list[Passage]:
    """Verbatims that may be quoted, one a person, the theme's own exemplars first, then the most typical."""
    from nlp.decks.deck_evidence import by_typicality

    places = [evidence.place_of[row.key] for row in rows]
    typical = [rows[number] for number in by_typicality(evidence.ground.rows(places))]
    own = [row for row in typical if theme is not None and row.id in theme.exemplars]
    chosen: dict[str, str] = {}
    for row in (*own, *typical):
        chosen.setdefault(row.respondent, row.id)
    passages = evidence.bench.store.passages(list(chosen.values())[: QUOTES * 3])
    return [passage for passage in passages if may_quote(passage)][:QUOTES]
