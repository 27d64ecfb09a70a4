"""The quarterly synthesis: composed from evidence by rules, every statement with the verbatims it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from winloss.errors import NotFound
from winloss.model import (
    THEMED_FACETS,
    DriftNode,
    DriftVerdict,
    Facet,
    Filters,
    Guard,
    Passage,
    Report,
    ReportPart,
    ReportSection,
    ReportTheme,
    Scope,
    Share,
    Statement,
    ThemeChange,
    ThemePage,
    ThemeView,
)
from winloss.ports import Workbench
from winloss.quarter import Quarter
from winloss.services import browsing, languages, presenting, statistics
from winloss.services.crowds import FEWEST
from winloss.services.evidence import passing, respondents
from winloss.services.library import library
from winloss.services.outward import FewPeople, few_people, outward
from winloss.services.outward_titles import title_outside, view_outside
from winloss.services.settling import heading

THEMES_PER_FACET = 3
EXEMPLARS = 3
NODES = 4
CHANGES = 8
"""Most changes told; those with the largest differences come first."""
HEADINGS = {
    Facet.PAIN: "What it costs them today",
    Facet.ENGAGEMENT: "What they are trying to get done",
    Facet.PROOF: "What convinces them",
}
SOURCES = {
    "interview": "Interviews",
    "community": "Community posts",
    "inquiry": "Analyst inquiries",
    "survey": "Surveys",
}


@dataclass(slots=True)
class _Citations:
    """The verbatims cited so far, in order, as they may leave; what rights forbid to print is never cited."""

    bench: Workbench
    passages: dict[str, Passage] = field(default_factory=dict)
    few: dict[FewPeople, None] = field(default_factory=dict)

    def add(self, passages: Sequence[Passage]) -> tuple[str, ...]:
        """Cite these; returns the ids that may be cited."""
        allowed = outward(self.bench, passages)
        self.few |= dict.fromkeys(few_people(self.bench, passages))
        for passage in allowed:
            self.passages.setdefault(passage.id, passage)
        return tuple(passage.id for passage in allowed)

    def named(self, ids: Sequence[str]) -> tuple[Passage, ...]:
        """What was cited under these ids."""
        return tuple(self.passages[name] for name in ids if name in self.passages)


def compose(bench: Workbench, quarter: str, filters: Filters | None = None) -> Report:
    """The report of a quarter: one part per segment asked for, or all of them after a comparison, never an average.

    Where no segment is known at all, one part speaks of everybody heard.

    Raises:
        QueryError: the quarter is not written as 2026Q2.
        NotFound: the workspace has no evidence from that quarter.
    """
    chosen = filters or Filters()
    wanted = str(Quarter.parse(quarter))
    known = browsing.quarters(bench)
    if wanted not in known:
        raise NotFound(f"no evidence from {wanted}", hint=f"Quarters with evidence: {', '.join(known) or 'none'}.")
    cited = _Citations(bench)
    parts = tuple(_parts(bench, wanted, chosen, cited))
    return Report(
        title=f"Win/loss synthesis, {wanted}",
        label=bench.settings.label,
        quarter=wanted,
        parts=parts,
        cited=tuple(cited.passages.values()),
        method=(*_method(bench), *_quoting(cited)),
        few=tuple(few.words for few in sorted(cited.few, key=lambda few: (len(few.who), few.who, few.shown))),
    )


def render_report(bench: Workbench, report: Report, *, suffix: str, link: Callable[[str], str]) -> str:
    """The report as a document of the kind that `suffix` names; `link` makes a permalink of a verbatim id.

    Raises:
        WinlossError: there is no renderer for the suffix.
    """
    from winloss.report import render

    return render(report, suffix=suffix, link=link, role_label=bench.codebook.role_label)


# --- parts -----------------------------------------------------------------------------------------------------------


def _parts(bench: Workbench, quarter: str, filters: Filters, cited: _Citations) -> Iterator[ReportPart]:
    names = filters.segment or browsing.segments(bench)
    if not names:
        yield _part(bench, quarter, filters, None, cited)
        return
    if not filters.segment:
        yield _comparison(bench, quarter, filters, names, cited)
    for name in names:
        yield _part(bench, quarter, replace(filters, segment=(name,)), name, cited)


def _part(bench: Workbench, quarter: str, filters: Filters, segment: str | None, cited: _Citations) -> ReportPart:
    verdicts = browsing.verdicts(bench, quarter=quarter, filters=replace(filters, facet=()))
    headline = next((verdict for verdict in verdicts if verdict.scope.facet is None), None)
    sections = [
        _basis(bench, quarter, filters),
        _news(bench, verdicts, cited),
        _changes(bench, quarter, filters, cited),
        *(_facet(bench, quarter, filters, facet, cited) for facet in THEMED_FACETS),
    ]
    kept = tuple(section for section in sections if section is not None)
    heading = segment[:1].upper() + segment[1:] if segment else "Everybody heard: no segments are known"
    return ReportPart(heading=heading, segment=segment, verdict=headline, sections=kept)


def _comparison(
    bench: Workbench, quarter: str, filters: Filters, segments: Sequence[str], cited: _Citations
) -> ReportPart:
    """The segments side by side, each with its own denominator."""
    pooled = [verdict for verdict in browsing.verdicts(bench, quarter=quarter) if verdict.scope == Scope()]
    page = browsing.theme_page(bench, replace(filters, facet=(Facet.PAIN,)), quarter=quarter)
    statements = []
    rows: list[tuple[str, ...]] = [("Pain", *segments)]
    for view in (view_outside(bench, one) for one in page.themes[:8]):
        shares = dict(view.segments)
        rows.append((view.theme.title, *(_of(shares.get(name)) for name in segments)))
        statements.append(_side_by_side(view, segments, cited))
    sections = [
        _basis(bench, quarter, filters),
        ReportSection(
            heading="The segments side by side",
            statements=tuple(statement for statement in statements[:3] if statement.citations),
            table=tuple(rows) if len(rows) > 1 else (),
            note="People who said it, of the people heard in that segment this quarter. Segments are not averaged."
            + _outside(bench, quarter, filters),
        ),
    ]
    return ReportPart(
        heading="All segments, side by side",
        segment=None,
        verdict=pooled[0] if pooled else None,
        sections=tuple(sections),
    )


def _side_by_side(view: ThemeView, segments: Sequence[str], cited: _Citations) -> Statement:
    shares = dict(view.segments)
    heard = [f"{_of(shares[name])} in {name}" for name in segments if name in shares and shares[name].base]
    return Statement(
        text=f"“{view.theme.title}”: {_listed(heard)}.{_guarded(view.guard)}",
        citations=cited.add(view.exemplars[:EXEMPLARS]),
        link=view.theme.id,
    )


def _outside(bench: Workbench, quarter: str, filters: Filters) -> str:
    rows = passing(library(bench).rows, replace(filters, quarter=(quarter,), facet=(), theme=()))
    people = len(respondents([row for row in rows if row.segment is None]))
    return f" Of {people} more people the segment is not known; they stand in no column." if people else ""


# --- sections --------------------------------------------------------------------------------------------------------


def _basis(bench: Workbench, quarter: str, filters: Filters) -> ReportSection:
    rows = passing(library(bench).rows, replace(filters, quarter=(quarter,), facet=(), theme=()))
    table: list[tuple[str, ...]] = [("Source", "People", "Documents", "Verbatims")]
    for source in sorted({row.source for row in rows}):
        part = [row for row in rows if row.source == source]
        documents = {row.document_id for row in part}
        table.append(
            (
                SOURCES.get(source, source),
                *(f"{count:,}" for count in (len(respondents(part)), len(documents), len(part))),
            )
        )
    roles = Counter(
        bench.codebook.role_label(role) for role in {row.respondent: row.role for row in rows}.values()
    ).most_common()
    note = f"{len(respondents(rows)):,} people in all. Roles: " + ", ".join(f"{name} {count}" for name, count in roles)
    return ReportSection(heading="What this rests on", table=tuple(table), note=note + ".")


def _news(bench: Workbench, verdicts: Sequence[DriftVerdict], cited: _Citations) -> ReportSection | None:
    statements = [_node_statement(bench, node, cited) for node in _distinct_news(verdicts)[:NODES]]
    kept = tuple(statement for statement in statements if statement.citations)
    return ReportSection(heading="What nobody had said before", statements=kept) if kept else None


def _distinct_news(verdicts: Sequence[DriftVerdict]) -> list[DriftNode]:
    """What emerges or grows, the headline's first; a node that shares most of its verbatims with one before is it."""
    ordered = sorted(verdicts, key=lambda verdict: verdict.scope.facet is not None)
    kept: list[DriftNode] = []
    for node in [node for verdict in ordered for node in heading(verdict) if node.kind in ("emerging", "growing")]:
        words = set(node.verbatims)
        if all(len(words & set(other.verbatims)) <= len(words) / 2 for other in kept):
            kept.append(node)
    return kept


def _node_statement(bench: Workbench, node: DriftNode, cited: _Citations) -> Statement:
    passages = [item for item in bench.store.passages(node.verbatims) if presenting.may_quote(item)]
    quoted = passages[:EXEMPLARS]
    themes = Counter(item.theme_id for item in passages if item.theme_id).most_common(1)
    lead = f"“{quoted[0].text}”" if quoted else ""
    word = "New" if node.kind == "emerging" else "Growing"
    window = "this quarter" if node.window == 1 else f"in the last {node.window} quarters"
    return Statement(
        text=(
            f"{word}: {node.current} of {node.current_base} people {window}, {node.history} of {node.history_base} "
            f"before (adjusted p = {node.p:.3f}). {lead}"
        ),
        citations=cited.add(quoted),
        link=themes[0][0] if themes else None,
    )


def _changes(bench: Workbench, quarter: str, filters: Filters, cited: _Citations) -> ReportSection | None:
    known = browsing.quarters(bench)
    place = known.index(quarter)
    if place == 0:
        return None
    comparison = browsing.compare(bench, known[place - 1], quarter, filters)
    moved = [change for change in comparison.changes if change.word in ("new", "grew", "faded", "gone")][:CHANGES]
    statements = [_change_statement(bench, change, comparison.earlier, quarter, filters, cited) for change in moved]
    kept = tuple(statement for statement in statements if statement.citations)
    note = (
        None if kept else f"Against {comparison.earlier}, no theme's share changed by more than chance would explain."
    )
    return ReportSection(heading=f"What changed since {comparison.earlier}", statements=kept, note=note)


def _change_statement(
    bench: Workbench, change: ThemeChange, earlier: str, quarter: str, filters: Filters, cited: _Citations
) -> Statement:
    heard_in = quarter if change.later.count else earlier
    found = browsing.theme_passages(bench, change.theme.id, replace(filters, quarter=(heard_in,)), limit=EXEMPLARS)
    verbs = {"grew": "grew", "faded": "faded", "new": "was heard for the first time", "gone": "was not heard"}
    low, high = change.low or 0.0, change.high or 0.0
    return Statement(
        text=(
            f"“{title_outside(bench, change.theme)}” {verbs[change.word]}: {_of(change.later)} in {quarter}, "
            f"{_of(change.earlier)} in {earlier} (difference {_signed(change.difference or 0.0)}, "
            f"95% interval {_signed(low)} to {_signed(high)} points).{_guarded(change.guard)}"
        ),
        citations=cited.add([hit.passage for hit in found.hits]),
        link=change.theme.id,
    )


def _facet(bench: Workbench, quarter: str, filters: Filters, facet: Facet, cited: _Citations) -> ReportSection | None:
    page = browsing.theme_page(bench, replace(filters, facet=(facet.value,)), quarter=quarter)
    themes = [_theme(bench, view_outside(bench, view), quarter, cited) for view in page.themes[:THEMES_PER_FACET]]
    kept = tuple(theme for theme in themes if theme.statement.citations)
    if not kept:
        return None
    return ReportSection(heading=HEADINGS[facet], themes=kept, note=_unthemed(page))


def _theme(bench: Workbench, view: ThemeView, quarter: str, cited: _Citations) -> ReportTheme:
    exemplars = cited.add([item for item in view.exemplars if presenting.may_quote(item)][:EXEMPLARS])
    dissenting = cited.add([item for item in view.dissenting if presenting.may_quote(item)][:1])
    low, high = statistics.wilson(view.share)
    roles = [f"{bench.codebook.role_label(name)} {share.count}" for name, share in view.roles if share.count][:3]
    text = (
        f"“{view.theme.title}”: {_of(view.share)} in {quarter} "
        f"({_percent(view.share.value or 0.0)}, 95% interval {_percent(low)} to {_percent(high)})"
    )
    statement = Statement(
        text=text + (f"; by role: {', '.join(roles)}." if roles else ".") + _checkable(view) + _guarded(view.guard),
        citations=(*exemplars, *dissenting),
        link=view.theme.id,
    )
    return ReportTheme(
        view=view, statement=statement, exemplars=cited.named(exemplars), dissenting=cited.named(dissenting)
    )


def _unthemed(page: ThemePage) -> str:
    note = f"{page.unthemed.verbatims} of {page.verbatims} verbatims fit no theme and are not in these counts."
    return f"{note} {languages.told(page.unread)}".rstrip()


def _checkable(view: ThemeView) -> str:
    """Whether a pain could be checked by somebody else: who tells it specifically, and which kinds of source do."""
    if view.specific is None or not view.specific.base:
        return ""
    kinds = [SOURCES.get(kind, kind).lower() for kind in view.confirmed]
    heard = f"confirmed by {_listed(kinds)}" if len(kinds) > 1 else f"heard in {_listed(kinds)} only"
    return f" {view.specific.count} of {view.specific.base} tell it checkably; {heard}."


def _guarded(guard: Guard | None) -> str:
    """Why the pooled number misleads, where it does."""
    return f" {guard.words}" if guard else ""


# --- words -----------------------------------------------------------------------------------------------------------


def _of(share: Share | None) -> str:
    if share is None or share.base == 0:
        return "nobody heard"
    return f"{share.count} of {share.base} people"


def _percent(value: float) -> str:
    return f"{100 * value:.0f}%"


def _signed(value: float) -> str:
    """In percentage points, with a decimal where whole points would say nothing."""
    return f"{100 * value:+.0f}" if abs(value) >= 0.0995 else f"{100 * value:+.1f}"


def _listed(parts: Sequence[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def _quoting(cited: _Citations) -> tuple[tuple[str, str], ...]:
    """How people are called, and whose attribution was cut short because it would have pointed at them."""
    unnamed = {item.pseudonym for item in cited.passages.values() if item.pseudonym and not item.speaker}
    if not unnamed:
        return ()
    told = f"{len(unnamed):,} people may not be named and go by a pseudonym, the same in everything from this workspace"
    few = dict.fromkeys(item.outside for item in sorted(cited.few, key=lambda few: (len(few.who), few.who)))
    cut = f"fewer than {FEWEST} people heard fit it: {', '.join(few)}" if few else "none had to be cut short"
    return (("People quoted", told), ("Attributions cut short", cut))


def _method(bench: Workbench) -> tuple[tuple[str, str], ...]:
    settings = bench.settings
    return (
        ("Embedding model", bench.encoder().fingerprint),
        ("Codebook", f"{bench.codebook.name} ({bench.codebook.fingerprint})"),
        ("Seed", str(settings.seed)),
        ("Drift permutations", str(settings.drift_permutations)),
        ("Saturation threshold", f"{settings.drift_delta:.0%}"),
        ("Store revision", str(bench.store.revision())),
        ("Unit of counting", "respondents: interviewees by name and account, authors by handle"),
        ("Intervals", "Wilson 95% for shares, Newcombe 95% for differences"),
    )
