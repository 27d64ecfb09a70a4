"""Themes: each facet's verbatims clustered blind to the quarter, titled in the buyers' words, identity kept.

While a facet has grown by no more than a quarter since its themes were last sought among all its verbatims, those that
were in a theme stay in it: what came joins a theme or, with what is in none, makes new ones. Beyond that, or under
other settings, all are clustered anew, and the ledger says what became of each theme.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING

from winloss.model import THEMED_FACETS, EvidenceRow, Facet, Theme, fingerprint, stable_id
from winloss.ports import Workbench
from winloss.services.themes import holding
from winloss.services.themes.ledger import cause_of, happened, returning

if TYPE_CHECKING:
    from nlp.themes.label import ThemeLabel
    from winloss.ports import Vectors

THEMING_VERSION = 2
GROWTH = 1.25
"""How far a facet may have grown since its themes were last sought among all its verbatims."""
STANDING = 0.9
"""Share of what was in themes that must still be there; where more went, all are clustered anew."""
SOUGHT = "sought"
"""Of the stages that remember under which settings, and among how many, themes were last sought among all."""
CONTENT = "themed"
"""Of the stages that remember which verbatims themes were last found in."""


def cluster_facets(bench: Workbench) -> tuple[str, ...]:
    """Cluster every facet whose verbatims changed since it was last clustered; returns the names of those facets."""
    rows = bench.store.evidence()
    done = []
    with bench.progress.track("finding themes", total=len(THEMED_FACETS)) as advance:
        for facet in THEMED_FACETS:
            members = [row for row in rows if row.facet == facet.value]
            mark = _fingerprint(bench, members)
            if bench.store.stage(f"themes:{facet}") != mark:
                _cluster_facet(bench, facet, members, _vectors_in_context(bench, members, rows), mark)
                done.append(facet.value)
            advance(1)
    return tuple(done)


def _cluster_facet(bench: Workbench, facet: Facet, members: Sequence[EvidenceRow], vectors: Vectors, mark: str) -> None:
    from nlp.themes.align import align

    known, before = bench.store.found_themes(facet)
    here = {row.id for row in members}
    standing = {row_id: theme_id for row_id, theme_id in before.items() if row_id in here}
    sought = _sought(bench, facet, len(members), len(before), len(standing))
    labels: list[ThemeLabel] = []
    clusters: dict[str, int | None] = {}
    families: list[int] = []
    for places in _by_language(members):
        part = [members[place] for place in places]
        found, numbers, kin = _clusters(bench, part, vectors[places], standing if sought.grown else {})
        clusters |= {row_id: None if number is None else number + len(labels) for row_id, number in numbers.items()}
        labels += found
        families += [number + max(families, default=-1) + 1 for number in kin]
    alignment = align(standing, clusters)
    continues = {**alignment.continues, **returning(known, before, clusters, alignment.continues)}
    identity = _identities(bench, facet, continues, [label.exemplars[0] for label in labels])
    assignments = {row_id: None if number is None else identity[number] for row_id, number in clusters.items()}
    births = _births(bench, members, assignments)
    themes = [
        Theme(
            id=identity[number],
            facet=facet,
            title=label.title,
            terms=tuple(label.terms),
            size=sum(1 for theme_id in assignments.values() if theme_id == identity[number]),
            exemplars=tuple(label.exemplars),
            dissenting=tuple(label.dissenting),
            born=births.get(identity[number]),
            family=families[number],
        )
        for number, label in enumerate(labels)
    ]
    content = _content(members)
    cause = cause_of(bench.store.stage(f"{CONTENT}:{facet}"), content)
    events = happened(known, before, themes, assignments, cause=cause, at=bench.clock.now())
    there = {theme.id: theme for theme in themes}
    asleep = [replace(theme, dormant=True, size=0) for theme in known if theme.id not in there]
    result = holding.curated_of(bench, facet, [*asleep, *themes], assignments)
    with bench.store.transaction(sources=False) as transaction:
        transaction.put_themes(facet, themes, assignments, mark)
        transaction.curate(facet, list(result.themes.values()), result.assignments)
        transaction.put_theme_events(events)
        transaction.set_stage(f"{CONTENT}:{facet}", content)
        transaction.set_stage(f"{SOUGHT}:{facet}", sought.told)
        transaction.set_stage(f"themes:{facet}", mark)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sought:
    """How themes are sought this time: among what came (`grown`) or all; `told` is what is remembered of it."""

    grown: bool
    told: str


def _sought(bench: Workbench, facet: Facet, members: int, before: int, standing: int) -> _Sought:
    mark = _settings_mark(bench)
    earlier, _, count = (bench.store.stage(f"{SOUGHT}:{facet}") or "").partition(" ")
    grown = bool(standing) and earlier == mark and members <= GROWTH * int(count) and standing >= STANDING * before
    return _Sought(grown=grown, told=f"{mark} {count if grown else members}")


def _clusters(
    bench: Workbench, members: Sequence[EvidenceRow], vectors: Vectors, standing: Mapping[str, str]
) -> tuple[list[ThemeLabel], dict[str, int | None], list[int]]:
    """How the clusters of one language are called, which cluster each verbatim is in, each cluster's family."""
    from nlp.text.unnamed import persons_in
    from nlp.themes.cluster import cluster, extend, min_size_for
    from nlp.themes.label import describe

    ids = [row.id for row in members]
    texts = bench.store.texts()
    size = min_size_for(len(ids), bench.settings.theme_min_share)
    seed = bench.settings.seed
    if kept := {row_id: standing[row_id] for row_id in ids if row_id in standing}:
        number_of = {theme_id: number for number, theme_id in enumerate(sorted(set(kept.values())))}
        earlier = {row_id: number_of[theme_id] for row_id, theme_id in kept.items()}
        clustering, _ = extend(vectors, keys=ids, earlier=earlier, min_size=size, seed=seed)
    else:
        clustering = cluster(vectors, keys=ids, min_size=size, seed=seed)
    labels = describe(
        {row.id: texts[row.key] for row in members},
        clustering,
        avoid=_accounts(bench, members),
        people=_people(bench),
        respondents=[row.respondent for row in members],
        encode=bench.encoder().encode,
        persons=persons_in,
    )
    numbers = {row_id: int(label) if label >= 0 else None for row_id, label in zip(ids, clustering.labels, strict=True)}
    return list(labels), numbers, [int(number) for number in clustering.families]


def _by_language(members: Sequence[EvidenceRow]) -> list[list[int]]:
    """The places of the members of each language: a model that reads several still groups by language first."""
    known = Counter(row.language for row in members if row.language)
    usual = max(sorted(known), key=lambda code: known[code], default=None)
    groups: dict[str | None, list[int]] = {}
    for place, row in enumerate(members):
        groups.setdefault(row.language or usual, []).append(place)
    return [groups[code] for code in sorted(groups, key=lambda code: code or "")]


def _vectors_in_context(bench: Workbench, members: Sequence[EvidenceRow], rows: Sequence[EvidenceRow]) -> Vectors:
    """The members' vectors, each leaned towards all that was said in its turn, whatever the facet."""
    from nlp.themes.cluster import in_context

    turns = {(row.document_id, row.turn) for row in members}
    said = [row for row in rows if (row.document_id, row.turn) in turns]
    leaned = in_context(bench.vectors().get([row.key for row in said]), [(row.document_id, row.turn) for row in said])
    place = {row.id: number for number, row in enumerate(said)}
    return leaned[[place[row.id] for row in members]]


def _identities(bench: Workbench, facet: Facet, continues: Mapping[int, str], medoids: Sequence[str]) -> dict[int, str]:
    """Each cluster's theme id: that of the theme it continues, else a new one that no theme ever had.

    A new id is made from the cluster's most central verbatim, so that it does not depend on the order of ingestion.
    """
    taken = {theme.id for theme in bench.store.themes(dormant=True)}
    identity = dict(continues)
    for number, medoid in enumerate(medoids):
        attempts = (stable_id("h", facet.value, medoid, again or None) for again in count())
        identity.setdefault(number, next(name for name in attempts if name not in taken))
        taken.add(identity[number])
    return identity


def _births(bench: Workbench, members: Sequence[EvidenceRow], assignments: Mapping[str, str | None]) -> dict[str, str]:
    """The quarter in which each theme was first heard; a theme that lives on keeps an earlier birth."""
    births = {theme.id: theme.born for theme in bench.store.themes(dormant=True) if theme.born}
    for row in members:
        theme_id = assignments[row.id]
        if theme_id and row.quarter:
            births[theme_id] = min(births.get(theme_id, row.quarter), row.quarter)
    return births


def _accounts(bench: Workbench, members: Collection[EvidenceRow]) -> frozenset[str]:
    """Names of accounts, none of which a title may hold."""
    accounts = {row.account for row in members if row.account}
    return frozenset(accounts | {account.name for account in bench.store.accounts()})


def _people(bench: Workbench) -> frozenset[str]:
    """Names of everybody who speaks, took part or can be written to, none of which a title may hold."""
    spoken = {spoken.speaker.name for spoken in bench.store.speakers() if spoken.speaker.name}
    corrected = {name for correction in bench.store.corrections() for name in (correction.speaker, correction.name)}
    present = {person.name for people in bench.store.reachable_people().values() for person in people}
    return frozenset({*spoken, *present, *(name for name in corrected if name)})


def _fingerprint(bench: Workbench, members: Sequence[EvidenceRow]) -> str:
    from nlp.themes.label import LABEL_VERSION

    return fingerprint(_settings_mark(bench), LABEL_VERSION, _content(members))


def _settings_mark(bench: Workbench) -> str:
    """Changes with everything that shapes the clusters beside the verbatims."""
    from nlp.themes.cluster import CLUSTER_VERSION

    settings = bench.settings
    told = (bench.encoder().fingerprint, settings.theme_min_share, settings.seed)
    return fingerprint(THEMING_VERSION, CLUSTER_VERSION, *told)


def _content(members: Sequence[EvidenceRow]) -> str:
    return fingerprint(*(part for row in members for part in (row.id, row.key)))
