"""Reading what was found: themes with their denominators, two quarters side by side, verdicts, sources."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from winloss.errors import NotFound
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
    Rights,
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
from winloss.services import statistics
from winloss.services.drift.verdicts import verdicts as verdicts
from winloss.services.evidence import Heard, passing, respondents, scope_only, share
from winloss.services.library import library, of_sources
from winloss.services.quote_rights import hidden_names
from winloss.services.sources import languages
from winloss.services.themes import averaging, contradicting, families, outcomes, testable, triangulation
from winloss.services.themes.exemplars import chosen_of

TREND_QUARTERS = 8
DENIALS = 20


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


def latest_quarter(bench: Workbench) -> str:
    """The newest quarter with evidence.

    Raises:
        NotFound: there is none.
    """
    if not (known := quarters(bench)):
        raise NotFound("no quarter has any evidence", hint="Ingest something first.")
    return known[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileHolds:
    """What the documents of one file are: their kinds, their quote rights, the strictest last, and their verbatims."""

    kinds: tuple[str, ...]
    rights: tuple[str, ...]
    verbatims: int


def files_hold(bench: Workbench) -> Mapping[str, FileHolds]:
    """What each file holds of which the current version of a document was read, by the file's id."""
    return of_sources(bench, "files hold", lambda: _files_hold(bench))


def _files_hold(bench: Workbench) -> Mapping[str, FileHolds]:
    counted = verbatims_of_documents(bench)
    groups: dict[str, list[Document]] = defaultdict(list)
    for document in documents(bench, Filters()):
        groups[document.file_id].append(document)
    return {
        file_id: FileHolds(
            kinds=tuple(sorted({item.kind.value for item in group})),
            rights=tuple(item.value for item in Rights if any(document.rights is item for document in group)),
            verbatims=sum(counted[item.id] for item in group),
        )
        for file_id, group in groups.items()
    }


def verbatims_of_documents(bench: Workbench) -> Counter[str]:
    """How many verbatims each document has that are counted."""
    rows = library(bench).rows
    return of_sources(bench, "verbatims of documents", lambda: Counter(row.document_id for row in rows))


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
    scope, heard = shelf.passing(wanted), shelf.heard(wanted)
    said = _said_in(scope, filters)
    views = views_of(bench, _ranked(bench, said), filters, quarter)
    facets = [facet.value for facet in THEMED_FACETS if not filters.facet or facet.value in filters.facet]
    return ThemePage(
        quarter=quarter,
        themes=views,
        unthemed=share([row for row in said if row.theme_id is None], scope),
        respondents=len(respondents(scope)),
        verbatims=len(said),
        unread=languages.left_out(scope, bench.settings),
        families=families.families(views, said, heard),
        corners=() if filters.theme else families.corners(bench, facets, heard),
    )


def top_themes(bench: Workbench, filters: Filters, *, quarter: str, limit: int) -> tuple[ThemeView, ...]:
    """The first themes of a scope, as `theme_page` ranks them."""
    scope = library(bench).passing(_in_quarter(scope_only(filters), quarter))
    return views_of(bench, _ranked(bench, _said_in(scope, filters))[:limit], filters, quarter)


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
    view = views_of(bench, [theme], filters, quarter)[0]
    wanted = _in_quarter(scope_only(filters), quarter)
    shelf = library(bench)
    scope, said = shelf.passing(wanted), shelf.by_theme(wanted).get(theme_id, ())
    denied = passing(contradicting.denials(bench).get(theme_id, ()), wanted)
    quoted = [row.id for row in sorted(denied, key=lambda row: (row.date or "", row.id), reverse=True)[:DENIALS]]
    return replace(
        view,
        lineage=_lineage_of(bench, theme),
        association=outcomes.association(said, scope),
        witnesses=triangulation.witnesses(bench, said, denied, shelf.heard(wanted), central=theme.exemplars),
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


def people_of(bench: Workbench, theme_ids: Collection[str], filters: Filters) -> dict[tuple[str, str], int]:
    """(theme, quarter) -> how many people of a scope said it then."""
    said: dict[tuple[str, str], set[str]] = defaultdict(set)
    told = library(bench).by_theme(scope_only(filters))
    for theme_id in theme_ids:
        for row in told.get(theme_id, ()):
            if row.quarter:
                said[theme_id, row.quarter].add(row.respondent)
    return {place: len(people) for place, people in said.items()}


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
    """Every ingested file with its findings, newest first; they name no buyer who may not be named."""
    return library(bench).listed("files", lambda: _files(bench))


def _files(bench: Workbench) -> list[SourceFile]:
    names = hidden_names.hidden_names(bench)
    return [names.in_file(file) for file in bench.store.files()]


def documents(bench: Workbench, filters: Filters) -> list[Document]:
    """The current documents that pass the filters, newest first."""
    return of_sources(bench, ("documents", filters), lambda: bench.store.documents(filters))


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


def _said_in(scope: Sequence[EvidenceRow], filters: Filters) -> list[EvidenceRow]:
    """What was said in a scope of the facets and themes asked for, other remarks left out."""
    said = passing(scope, Filters(facet=filters.facet, theme=filters.theme)) if filters else scope
    return [row for row in said if row.facet and row.facet != Facet.NONE]


def _ranked(bench: Workbench, said: Sequence[EvidenceRow]) -> list[Theme]:
    """The themes of what was said, those that most people said first."""
    people: dict[str, set[str]] = defaultdict(set)
    for row in said:
        if row.theme_id:
            people[row.theme_id].add(row.respondent)
    known = {theme.id: theme for theme in bench.store.themes(dormant=True)}
    return [known[theme_id] for theme_id in sorted(people, key=lambda name: (-len(people[name]), name))]


# --- themes ----------------------------------------------------------------------------------------------------------


def views_of(bench: Workbench, themes: Sequence[Theme], filters: Filters, quarter: str | None) -> tuple[ThemeView, ...]:
    """These themes in a scope, in the order given."""
    shelf, scope = library(bench), scope_only(filters)
    heard, told = shelf.heard(scope), shelf.by_theme(scope)
    recent = _recent(quarters(bench), quarter)
    said = {theme.id: told.get(theme.id, ()) for theme in themes}
    views = [_view(bench, theme, said[theme.id], heard, quarter, recent) for theme in themes]
    chosen = {theme.id: chosen_of(bench, theme, said[theme.id], quarter) for theme in themes}
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


def _lineage_of(bench: Workbench, theme: Theme) -> tuple[Lineage, ...]:
    steps = bench.store.lineage(theme.facet)
    return tuple(step for step in steps if theme.id in step.from_themes or theme.id in step.to_themes)


def _in_quarter(filters: Filters, quarter: str | None) -> Filters:
    return replace(filters, quarter=(quarter,)) if quarter else filters


def _recent(known: Sequence[str], quarter: str | None) -> Sequence[str]:
    until = [name for name in known if quarter is None or name <= quarter]
    return until[-TREND_QUARTERS:]
