"""The quarterly synthesis: composed from evidence by rules, every statement with the verbatims it rests on.

The sections are in `winloss.services.reports.sections`. In each part the short matter comes first: the verdict, five
sentences, what is new, what changed, what matters; what matters to each role is told in full after all parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from winloss import __version__
from winloss.errors import NotFound, UnsoundReport
from winloss.model import Filters, Report, ReportPart, ReportSection, fingerprint
from winloss.ports import Workbench
from winloss.quarter import Quarter
from winloss.services import browsing
from winloss.services.belief import beliefs
from winloss.services.quote_rights.outward_titles import title_outside
from winloss.services.reports import figures
from winloss.services.reports.sections import by_role, gaps, held, proofs
from winloss.services.reports.sections.against import Compared, compared
from winloss.services.reports.sections.against import parts as against_parts
from winloss.services.reports.sections.basis import basis, heading_of, narrowed, rests_on
from winloss.services.reports.sections.changes import changes, pooled
from winloss.services.reports.sections.deals import deals
from winloss.services.reports.sections.frame import Frame, Ground, Told
from winloss.services.reports.sections.mattering import matters
from winloss.services.reports.sections.method import filters_told, method, quoted
from winloss.services.reports.sections.news import news, pointed_at
from winloss.services.reports.sections.sides import side_by_side
from winloss.services.reports.sections.witnessing import witnesses
from winloss.services.reports.sections.words import HEADINGS as HEADINGS
from winloss.services.reports.sections.words import SOURCES as SOURCES
from winloss.services.still import still

IN_SHORT = 5
"""Sentences on top of a part."""
PART_SECTIONS, BESIDE_SECTIONS = 11, 7
"""Sections that are made, one after another, for a part, its roles among them, and for all segments side by side."""
REMEMBERED = 8
"""Reports kept in memory until something is written; the one asked for first goes first."""


def compose(bench: Workbench, quarter: str, filters: Filters | None = None) -> Report:
    """The report of a quarter: one part per segment asked for, or all of them after a comparison, never an average.

    Where no segment is known at all, one part speaks of everybody heard. The same evidence gives the same report, in
    every workspace that was filled from the same files.

    Raises:
        QueryError: the quarter is not written as 2026Q2.
        NotFound: the workspace has no evidence from that quarter.
    """
    chosen = filters or Filters()
    wanted = known_quarter(bench, quarter)
    memo: dict[object, Report] = bench.memo.setdefault("reports", {})
    key = (_mark(bench), wanted, chosen)
    if key not in memo:
        while len(memo) >= REMEMBERED:
            del memo[next(iter(memo))]
        memo[key] = _composed(still(bench), wanted, chosen)
    return memo[key]


def compose_against(bench: Workbench, quarter: str, against: str, filters: Filters | None = None) -> Report:
    """Two quarters side by side as a report: one part a segment, what is new, gone, grew and faded between them.

    Raises:
        QueryError: a quarter is not written as 2026Q2, or both are the same.
        NotFound: the workspace has no evidence from one of them.
    """
    chosen = filters or Filters()
    found = compare(still(bench), quarter, against, chosen)
    earlier, later = found[0].earlier.quarter, found[0].later.quarter
    ground = ground_of(still(bench), later)
    parts = []
    with bench.progress.track("setting the quarters side by side", total=len(found)) as advance:
        for part in against_parts(ground, found, chosen):
            parts.append(part)
            advance(1)
    return Report(
        title=f"Win/loss synthesis, {later} against {earlier}",
        label=bench.settings.label,
        quarter=later,
        parts=tuple(parts),
        cited=tuple(ground.cited.values()),
        method=(*method(bench, later, chosen), ("Held against", earlier), *quoted(ground)),
        few=tuple(few.words for few in ground.warnings()),
    )


def compare(bench: Workbench, quarter: str, against: str, filters: Filters) -> tuple[Compared, ...]:
    """Two quarters in each segment asked for: who was heard, what the detector said, every theme of either.

    Raises:
        QueryError: a quarter is not written as 2026Q2, or both are the same.
        NotFound: the workspace has no evidence from one of them.
    """
    return compared(bench, known_quarter(bench, quarter), known_quarter(bench, against), filters)


def known_quarter(bench: Workbench, quarter: str) -> str:
    """The quarter in its one spelling.

    Raises:
        QueryError: the quarter is not written as 2026Q2.
        NotFound: the workspace has no evidence from that quarter.
    """
    wanted = str(Quarter.parse(quarter))
    known = browsing.quarters(bench)
    if wanted not in known:
        raise NotFound(f"no evidence from {wanted}", hint=f"Quarters with evidence: {', '.join(known) or 'none'}.")
    return wanted


def standing(bench: Workbench) -> str:
    """A mark that changes with everything that a report is made from, and with what makes it."""
    return fingerprint(__version__, bench.codebook.fingerprint, bench.settings.label, repr(_mark(bench)))


def ground_of(bench: Workbench, quarter: str) -> Ground:
    """What the parts of a report of that quarter stand on."""
    kept = bench.store.themes(dormant=True)
    themes = {theme.id: replace(theme, title=title_outside(bench, theme)) for theme in kept}
    return Ground(bench=bench, quarter=quarter, quarters=browsing.quarters(bench), themes=themes)


def render_report(
    bench: Workbench,
    report: Report,
    *,
    suffix: str,
    link: Callable[[str], str],
    template: bytes | None = None,
    behind: Callable[[Filters], Sequence[str]] | None = None,
    deals_link: Callable[[str], str] | None = None,
) -> str | bytes:
    """The report as a document of the kind that `suffix` names; `link` makes a permalink of a verbatim id.

    `deals_link` makes the address of the page of deals from its query; without it, no deals are linked.
    `template` is the content of a Word or PowerPoint file whose styles, or layouts, are to be used. `behind` names the
    verbatims of a scope, where they are not those of today.

    Raises:
        WinlossError: there is no renderer for the suffix, or the template is none for it.
    """
    from winloss.report import render

    return render(
        report,
        suffix=suffix,
        link=link,
        role_label=bench.codebook.role_label,
        template=template,
        behind=behind or partial(figures.behind, bench),
        deals_link=deals_link,
    )


def verify(bench: Workbench, report: Report, *, suffix: str, link: Callable[[str], str]) -> None:
    """Hold the report, as it is rendered, against the verbatims of the store; what is no text is held as Markdown.

    Raises:
        UnsoundReport: a statement without a citation, a quote that is not to the letter, a percentage without its
            denominator, or a name that rights forbid: a defect of ours, named so that it can be reported.
    """
    from winloss.report.verifying import breaches

    form = suffix if suffix in (".html", ".md") else ".md"
    text = str(render_report(bench, report, suffix=form, link=link))
    assert isinstance(text, str)
    stored = {item.id: item for item in bench.store.passages([item.id for item in report.cited])}
    found = breaches(text, report, suffix=form, verbatims=stored, role_label=bench.codebook.role_label)
    if found:
        told = "; ".join(str(breach) for breach in found[:5]) + (
            f"; and {len(found) - 5} more" if len(found) > 5 else ""
        )
        raise UnsoundReport(f"the report breaks its own rules: {told}", hint="Nothing was written. Please report this.")


# --- parts -----------------------------------------------------------------------------------------------------------


def _mark(bench: Workbench) -> object:
    """Changes with everything that a report is made from."""
    return bench.store.revision(), tuple(bench.store.node_decisions()), tuple(beliefs.listed(bench))


def _composed(bench: Workbench, quarter: str, filters: Filters) -> Report:
    ground = ground_of(bench, quarter)
    with bench.progress.track("putting the sections together", total=_sections(bench, filters)) as advance:
        ground.advance = advance
        parts = tuple(_parts(ground, filters))
    return Report(
        title=f"Win/loss synthesis, {quarter}",
        label=bench.settings.label,
        quarter=quarter,
        parts=parts,
        cited=tuple(ground.cited.values()),
        method=(*method(bench, quarter, filters), *quoted(ground)),
        few=tuple(few.words for few in ground.warnings()),
    )


def _sections(bench: Workbench, filters: Filters) -> int:
    """How many sections are to be made."""
    names = filters.segment or browsing.segments(bench)
    return (len(names) or 1) * PART_SECTIONS + (BESIDE_SECTIONS if names and not filters.segment else 0)


def _parts(ground: Ground, filters: Filters) -> Iterator[ReportPart]:
    names: Sequence[str] = filters.segment or browsing.segments(ground.bench)
    segments: Sequence[str | None] = names or (None,)
    frames = [Frame(ground, filters, name) for name in segments]
    if names and not filters.segment:
        yield _comparison(Frame(ground, filters, None), names)
    roles = [ground.made(by_role.roles_of(frame)) for frame in frames]
    for frame, own in zip(frames, roles, strict=True):
        yield _part(frame, own)
    for frame, own in zip(frames, roles, strict=True):
        full = by_role.part(frame, own, f"{heading_of(frame.segment)}, role by role")
        if full:
            yield full


def _part(frame: Frame, roles: Sequence[by_role.Role]) -> ReportPart:
    made = frame.ground.made
    fresh, moved, mattering = made(news(frame)), made(changes(frame)), made(matters(frame))
    by_outcome, heard_by = made(deals(frame)), made(witnesses(frame))
    believed, asked = made(held.held(frame)), made(proofs.proofs(frame))
    told = [
        *(fresh, moved, *mattering, made(by_role.summary(frame, roles))),
        *(by_outcome, heard_by, believed, asked, made(gaps.gaps(frame)), made(basis(frame))),
    ]
    leads = [fresh, moved, *mattering[:1], heard_by, believed, asked, by_outcome, *mattering[:0:-1]]
    return _as_part(frame, heading_of(frame.segment), _in_short(frame, leads), told)


def _comparison(frame: Frame, segments: Sequence[str]) -> ReportPart:
    """The segments side by side, each with its own denominator."""
    made = frame.ground.made
    fresh, moved, sides = made(news(frame)), made(pooled(frame)), made(side_by_side(frame, segments))
    by_outcome, believed = made(deals(frame)), made(held.held(frame))
    told = [fresh, moved, *sides, _elsewhere(), by_outcome, believed, made(gaps.gaps(frame)), made(basis(frame))]
    leads = [fresh, moved, *sides[:1], by_outcome, believed, *sides[1:]]
    return _as_part(frame, "All segments, side by side", _in_short(frame, leads), told)


def _elsewhere() -> Told:
    note = (
        "What matters to each role, whether the sources agree and the proof gap stand in each segment's part: pooled "
        "over segments they may be true of none."
    )
    return Told(section=ReportSection(heading="Told segment by segment", note=note))


def _in_short(frame: Frame, told: Sequence[Told]) -> ReportSection:
    leads = [item.lead for item in told if item.lead][:IN_SHORT]
    note = " ".join(part for part in (rests_on(frame), _narrowed(frame)) if part)
    return ReportSection(heading="In short", statements=tuple(leads), note=note)


def _narrowed(frame: Frame) -> str:
    """Said where the filters leave less than the cell that the verdict is of."""
    role = () if len(frame.scope.role) == 1 else frame.scope.role
    rest = filters_told(replace(frame.scope, segment=(), role=role))
    return narrowed([rest] if rest else [])


def _as_part(frame: Frame, heading: str, short: ReportSection, told: Sequence[Told]) -> ReportPart:
    sections = (short, *(item.section for item in told))
    verdict = frame.headline
    return ReportPart(
        heading=heading, segment=frame.segment, verdict=verdict, sections=sections, rests_on=pointed_at(frame, verdict)
    )
