"""Reading what was found: themes with their denominators, two quarters side by side, verdicts, sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from winloss.model import (
    THEMED_FACETS,
    Copy,
    Document,
    EvidenceRow,
    Facet,
    Filters,
    Hit,
    Lineage,
    Passage,
    QuarterComparison,
    SearchPage,
    SourceFile,
    Theme,
    ThemeChange,
    ThemePage,
    ThemeView,
    Turn,
)
from winloss.ports import Workbench
from winloss.quarter import Quarter
from winloss.services import (
    averaging,
    contradicting,
    families,
    languages,
    outcomes,
    statistics,
    testable,
    triangulation,
)
from winloss.services.evidence import Heard, passing, respondents, scope_only, share
from winloss.services.library import library
from winloss.services.verdicts import verdicts as verdicts

TREND_QUARTERS = 8
EXEMPLARS = 3
DENIALS = 20
CENTRE_ROWS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """A document as its page shows it: the version asked for, all versions, its turns, its verbatims and its copies.

    `says_again` are the documents whose words this one holds, `said_again` those that hold its words.
    """

    document: Document
    versions: tuple[Document, ...]
    turns: tuple[Turn, ...]
    verbatims: tuple[Passage, ...]
    says_again: tuple[Copy, ...] = ()
    said_again: tuple[Copy, ...] = ()


def quarters(bench: Workbench) -> tuple[str, ...]:
    """Every quarter with evidence, oldest first."""
    shelf = library(bench)
    return shelf.once("quarters", lambda: tuple(sorted({row.quarter for row in shelf.rows if row.quarter})))


def segments(bench: Workbench) -> tuple[str, ...]:
    """Every segment with evidence: the codebook's order first, others by name."""
    shelf = library(bench)
    present = shelf.once("segments", lambda: frozenset(row.segment for row in shelf.rows if row.segment))
    known = [segment.name for segment in bench.codebook.segments if segment.name in present]
    return (*known, *sorted(present - set(known)))


def theme_page(bench: Workbench, filters: Filters, *, quarter: str | None = None) -> ThemePage:
    """The themes of a scope, by how many people said them in `quarter` (or ever), most first."""
    return library(bench).once(("themes", filters, quarter), lambda: _theme_page(bench, filters, quarter))


def _theme_page(bench: Workbench, filters: Filters, quarter: str | None) -> ThemePage:
    shelf, wanted = library(bench), _in_quarter(scope_only(filters), quarter)
    scope = shelf.passing(wanted)
    said = passing(scope, Filters(facet=filters.facet, theme=filters.theme)) if filters else list(scope)
    said = [row for row in said if row.facet and row.facet != Facet.NONE]
    groups: dict[str, list[EvidenceRow]] = defaultdict(list)
    for row in said:
        if row.theme_id:
            groups[row.theme_id].append(row)
    ranked = sorted(groups, key=lambda theme_id: (-len(respondents(groups[theme_id])), theme_id))
    known = {theme.id: theme for theme in bench.store.themes(dormant=True)}
    views = _views(bench, [known[theme_id] for theme_id in ranked], filters, quarter)
    facets = [facet.value for facet in THEMED_FACETS if not filters.facet or facet.value in filters.facet]
    return ThemePage(
        quarter=quarter,
        themes=views,
        unthemed=share([row for row in said if row.theme_id is None], scope),
        respondents=len(respondents(scope)),
        verbatims=len(said),
        unread=languages.left_out(scope, bench.settings),
        families=families.families(views, said, shelf.heard(wanted)),
        corners=() if filters.theme else families.corners(bench, facets, shelf.heard(wanted)),
    )


def theme_view(
    bench: Workbench, theme_id: str, filters: Filters | None = None, *, quarter: str | None = None
) -> ThemeView:
    """One theme in a scope, in full: with its lineage, outcomes, what each kind of source says, and what denies it.

    Raises:
        NotFound: no such theme.
    """
    asked = filters or Filters()
    return library(bench).once(("theme", theme_id, asked, quarter), lambda: _in_full(bench, theme_id, asked, quarter))


def _in_full(bench: Workbench, theme_id: str, filters: Filters, quarter: str | None) -> ThemeView:
    theme = bench.store.theme(theme_id)
    view = _views(bench, [theme], filters, quarter)[0]
    wanted = _in_quarter(scope_only(filters), quarter)
    shelf = library(bench)
    scope, said = shelf.passing(wanted), shelf.by_theme(wanted).get(theme_id, ())
    denied = passing(contradicting.denials(bench).get(theme_id, ()), wanted)
    quoted = [row.id for row in sorted(denied, key=lambda row: (row.date or "", row.id), reverse=True)[:DENIALS]]
    return replace(
        view,
        lineage=_lineage_of(bench, theme),
        association=outcomes.association(said, scope),
        witnesses=triangulation.witnesses(bench, said, denied, scope, central=theme.exemplars),
        contradicting=tuple(bench.store.passages(quoted)),
        denied=share(denied, scope),
    )


def theme_passages(
    bench: Workbench, theme_id: str, filters: Filters, *, limit: int = 50, offset: int = 0
) -> SearchPage:
    """The verbatims of a theme that pass the filters, newest first."""
    theme = bench.store.theme(theme_id)
    rows = passing(library(bench).by_theme(Filters()).get(theme_id, ()), filters)
    rows.sort(key=lambda row: (row.date or "", row.id), reverse=True)
    window = [row.id for row in rows[offset : offset + limit]]
    hits = tuple(Hit(passage=passage, score=0.0) for passage in bench.store.passages(window))
    return SearchPage(query=theme.title, mode="theme", total=len(rows), hits=hits)


def assignments(bench: Workbench, filters: Filters, *, quarter: str | None = None) -> dict[str, str | None]:
    """Which theme each verbatim of a themed facet is in, None for the unthemed."""
    rows = library(bench).passing(_in_quarter(filters, quarter))
    return {row.id: row.theme_id for row in rows if row.facet and row.facet != Facet.NONE}


def compare(bench: Workbench, earlier: str, later: str, filters: Filters) -> QuarterComparison:
    """Two quarters of a scope side by side: what the intervals allow to say about each theme.

    Raises:
        QueryError: a quarter is not written as 2026Q2.
    """
    earlier, later = str(Quarter.parse(earlier)), str(Quarter.parse(later))
    asked = "changes", earlier, later, filters
    changes = library(bench).once(asked, lambda: _changes(bench, earlier, later, filters))
    found = verdicts(bench, quarter=later, filters=filters)
    return QuarterComparison(earlier=earlier, later=later, changes=changes, verdicts=found)


def _changes(bench: Workbench, earlier: str, later: str, filters: Filters) -> tuple[ThemeChange, ...]:
    shelf, scope = library(bench), scope_only(filters)
    heard = Heard([*shelf.passing(_in_quarter(scope, earlier)), *shelf.passing(_in_quarter(scope, later))])
    said: dict[str | None, list[EvidenceRow]] = defaultdict(list)
    for row in heard.rows:
        said[row.theme_id].append(row)
    changes = []
    for theme in bench.store.themes(dormant=True):
        if filters.facet and theme.facet.value not in filters.facet:
            continue
        told = said[theme.id]
        old = heard.of(earlier).share([row for row in told if row.quarter == earlier])
        new = heard.of(later).share([row for row in told if row.quarter == later])
        if old.count or new.count:
            low, high = statistics.newcombe(old, new)
            changes.append(
                ThemeChange(
                    theme=theme,
                    earlier=old,
                    later=new,
                    difference=statistics.difference(old, new),
                    low=low,
                    high=high,
                    word=statistics.word_for(old, new, low, high),
                    guard=averaging.guard(told, heard, quarter=later),
                )
            )
    return tuple(sorted(changes, key=lambda change: (-abs(change.difference or 0.0), change.theme.id)))


def files(bench: Workbench) -> list[SourceFile]:
    """Every ingested file with its findings, newest first."""
    return bench.store.files()


def documents(bench: Workbench, filters: Filters) -> list[Document]:
    """The current documents that pass the filters, newest first."""
    return library(bench).listed(("documents", filters), lambda: bench.store.documents(filters))


def document(bench: Workbench, document_id: str, version: int | None = None) -> DocumentView:
    """A document with its turns and verbatims.

    Raises:
        NotFound: no such document or version.
    """
    chosen = bench.store.document(document_id, version)
    ids = [row.id for row in library(bench).of_document(document_id)]
    copies = bench.store.copies()
    spoken = sorted(bench.store.passages(ids), key=lambda passage: (passage.turn, passage.start))
    return DocumentView(
        document=chosen,
        versions=tuple(bench.store.versions(document_id)),
        turns=tuple(bench.store.turns(document_id, chosen.version)),
        verbatims=tuple(spoken),
        says_again=tuple(copy for copy in copies if copy.document_id == document_id),
        said_again=tuple(copy for copy in copies if copy.of_id == document_id),
    )


# --- themes ----------------------------------------------------------------------------------------------------------


def _views(bench: Workbench, themes: Sequence[Theme], filters: Filters, quarter: str | None) -> tuple[ThemeView, ...]:
    shelf, scope = library(bench), scope_only(filters)
    heard, told = shelf.heard(scope), shelf.by_theme(scope)
    recent = _recent(quarters(bench), quarter)
    said = {theme.id: told.get(theme.id, ()) for theme in themes}
    views = [_view(bench, theme, said[theme.id], heard, quarter, recent) for theme in themes]
    chosen = {theme.id: _chosen(bench, theme, said[theme.id], quarter) for theme in themes}
    passages = bench.store.passages([name for parts in chosen.values() for part in parts for name in part])
    known = {passage.id: passage for passage in passages}
    return tuple(
        replace(
            view,
            exemplars=tuple(known[name] for name in chosen[view.theme.id][0]),
            dissenting=tuple(known[name] for name in chosen[view.theme.id][1]),
        )
        for view in views
    )


def _view(
    bench: Workbench,
    theme: Theme,
    said: Sequence[EvidenceRow],
    heard: Heard,
    quarter: str | None,
    recent: Sequence[str],
) -> ThemeView:
    now = [row for row in said if quarter is None or row.quarter == quarter]
    scope = heard.of(quarter)
    return ThemeView(
        theme=theme,
        quarter=quarter,
        share=scope.share(now),
        trend=heard.trend(said, recent),
        segments=scope.split(now, "segment"),
        roles=scope.split(now, "role"),
        modes=scope.split(now, "mode"),
        sources=scope.split(now, "source"),
        outcomes=scope.split(now, "outcome"),
        guard=averaging.guard(said, heard, quarter=quarter),
        specific=testable.specific(bench, theme, now),
    )


def _chosen(
    bench: Workbench, theme: Theme, said: Sequence[EvidenceRow], quarter: str | None
) -> tuple[list[str], list[str]]:
    """What to quote of a theme in a scope: exemplars of the quarter, one a person, and dissenting voices until then.

    The theme's own exemplars come first; where the scope lacks them, those nearest the theme's centre take their place.
    """
    now = [row for row in said if quarter is None or row.quarter == quarter]
    own = {row.id: row for row in now}
    ranked = [own[name] for name in theme.exemplars if name in own] + _nearest_centre(bench, said, now)
    exemplars: dict[str, str] = {}
    for row in ranked:
        if row.respondent not in exemplars and row.id not in theme.dissenting and len(exemplars) < EXEMPLARS:
            exemplars[row.respondent] = row.id
    present = {row.id for row in said if quarter is None or (row.quarter or "") <= quarter}
    return list(exemplars.values()), [name for name in theme.dissenting if name in present]


def _nearest_centre(bench: Workbench, said: Sequence[EvidenceRow], now: Sequence[EvidenceRow]) -> list[EvidenceRow]:
    """The rows of `now`, those nearest the mean of everything said in the theme first."""
    if not now:
        return []
    vectors = bench.vectors()
    centre = vectors.get([row.key for row in said[:CENTRE_ROWS]]).mean(axis=0)
    nearness = vectors.get([row.key for row in now]) @ centre
    order = sorted(range(len(now)), key=lambda place: (-round(float(nearness[place]), 6), now[place].id))
    return [now[place] for place in order]


def _lineage_of(bench: Workbench, theme: Theme) -> tuple[Lineage, ...]:
    steps = bench.store.lineage(theme.facet)
    return tuple(step for step in steps if theme.id in step.from_themes or theme.id in step.to_themes)


def _in_quarter(filters: Filters, quarter: str | None) -> Filters:
    return replace(filters, quarter=(quarter,)) if quarter else filters


def _recent(known: Sequence[str], quarter: str | None) -> Sequence[str]:
    until = [name for name in known if quarter is None or name <= quarter]
    return until[-TREND_QUARTERS:]
