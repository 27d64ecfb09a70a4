"""`winloss themes`, `report`: what was found, quarter by quarter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import click

from winloss.cli.drafting import with_drafts
from winloss.cli.shared import filter_options, json_option, print_json, warn_of_few, workbench
from winloss.errors import QueryError
from winloss.model import Filters, ThemePage, ThemeView
from winloss.quarter import Quarter
from winloss.services import browsing, journal, statistics
from winloss.services.presenting import passage_json, plain
from winloss.services.reports import reporting
from winloss.services.search import searching
from winloss.services.sources import languages
from winloss.services.telling import corner_json, depth_json, family_json, share_json, testable_json

WITHOUT_QUARTER = ("quarter",)


def one_quarter(text: str | None) -> str | None:
    """A quarter in its one spelling, or None."""
    return str(Quarter.parse(text)) if text else None


@click.command("themes")
@click.option("--quarter", metavar="QUARTER", help="Count only this quarter, such as 2026Q2.")
@filter_options(without=WITHOUT_QUARTER)
@click.option("--assignments", is_flag=True, help="Also list which verbatim is in which theme (with --json).")
@json_option
@click.pass_context
def themes_command(
    context: click.Context, quarter: str | None, filters: Filters, *, assignments: bool, as_json: bool
) -> None:
    """List themes with how many people of how many said them.

    \b
    Examples:
      winloss themes --facet pain --segment federal --quarter 2026Q2
      winloss themes --theme habcdefghijklmnop    # in full: outcomes, what each source says, what contradicts it
      winloss themes --json --assignments
    """
    bench = workbench(context)
    searching.check_filters(bench, filters)
    page = browsing.theme_page(bench, filters, quarter=one_quarter(quarter))
    depth = [
        browsing.theme_view(bench, theme_id, replace(filters, theme=()), quarter=one_quarter(quarter))
        for theme_id in filters.theme
    ]
    if not as_json:
        _print_themes(page)
        for view in depth:
            _print_depth(view)
        return
    answer: dict[str, object] = {
        "quarter": page.quarter,
        "respondents": page.respondents,
        "verbatims": page.verbatims,
        "unthemed": share_json(page.unthemed),
        "unread": dict(page.unread),
        "themes": [theme_json(view) for view in page.themes],
        "families": [family_json(family) for family in page.families],
        "corners": [corner_json(corner) for corner in page.corners],
    }
    if depth:
        answer["in_full"] = [{"id": view.theme.id, **depth_json(view)} for view in depth]
    if assignments:
        answer["assignments"] = browsing.assignments(bench, filters, quarter=one_quarter(quarter))
    print_json(answer)


@click.command("report")
@click.option("--quarter", required=True, metavar="QUARTER", help="The quarter to report on, such as 2026Q2.")
@filter_options(without=WITHOUT_QUARTER)
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write: .html, .md, .docx, .pptx, or .csv (everything counted).",
)
@click.option(
    "--template",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Your own .docx or .dotx, .pptx or .potx: its styles, layouts and colours are used, its contents are not.",
)
@click.option("--against", metavar="QUARTER", help="Hold the quarter against this one: what is new, gone, grew, faded.")
@click.option(
    "--draft",
    is_flag=True,
    help="Add sentences that a language model drafts (see [drafting] in winloss.toml), checked.",
)
@click.option("--link", default="http://127.0.0.1:8321/v/", show_default=True, help="What permalinks begin with.")
@click.pass_context
def report_command(
    context: click.Context,
    quarter: str,
    filters: Filters,
    out: Path,
    template: Path | None,
    against: str | None,
    *,
    draft: bool,
    link: str,
) -> None:
    """Write the quarterly synthesis; every statement cites its verbatims, and is held against them before.

    \b
    Examples:
      winloss report --quarter 2026Q2 --segment federal --out federal.html
      winloss report --quarter 2026Q2 --out synthesis.pptx --template our-slides.potx
      winloss report --quarter 2026Q2 --out numbers.csv    # one number a row, with its verbatims
      winloss report --quarter 2026Q2 --against 2025Q4 --out year-end.md
      winloss report --quarter 2026Q2 --draft --out drafted.html    # says what is sent, and what was dropped
    """
    bench = workbench(context)
    searching.check_filters(bench, filters)
    report = (
        reporting.compose_against(bench, quarter, against, filters)
        if against
        else reporting.compose(bench, quarter, filters)
    )
    if not out.parent.is_dir():
        raise QueryError(f"no folder {out.parent}", hint="Make the folder, or name another file.")
    if template is not None and out.exists() and out.samefile(template):
        raise QueryError("the report would replace its template", hint="Name another file with --out.")
    if draft:
        report = with_drafts(bench, report)
    suffix = out.suffix.casefold()
    reporting.verify(bench, report, suffix=suffix, link=lambda verbatim_id: link + verbatim_id)
    made = reporting.render_report(
        bench,
        report,
        suffix=suffix,
        link=lambda verbatim_id: link + verbatim_id,
        template=template.read_bytes() if template else None,
        deals_link=_deals_link(link),
    )
    out.write_bytes(made if isinstance(made, bytes) else made.encode("utf-8"))
    journal.note(bench, journal.HANDED_OUT, f"report of {report.quarter} ({out.suffix[1:]})")
    click.echo(f"{out}: {len(report.parts)} parts, {len(report.cited)} verbatims cited")
    warn_of_few(report.few)


def _deals_link(link: str) -> Callable[[str], str] | None:
    """Where the same server lists deals; unknown where permalinks do not begin as ours do."""
    server, found, rest = link.rpartition("/v/")
    return (lambda query: f"{server}/deals?{query}") if found and not rest else None


def theme_json(view: ThemeView) -> dict[str, object]:
    """A theme in a scope, as JSON."""
    theme = view.theme
    parts = {
        name: [{"value": value, **share_json(share)} for value, share in getattr(view, name)]
        for name in ("trend", "segments", "roles", "modes", "sources", "outcomes")
    }
    return {
        "id": theme.id,
        "facet": theme.facet.value,
        "title": theme.title,
        "terms": list(theme.terms),
        "size": theme.size,
        "born": theme.born,
        "family": theme.family,
        "share": share_json(view.share),
        **parts,
        "guard": plain(view.guard),
        **testable_json(view),
        "exemplars": [passage_json(passage) for passage in view.exemplars],
        "dissenting": [passage_json(passage) for passage in view.dissenting],
    }


def _print_themes(page: ThemePage) -> None:
    for view in page.themes:
        share = view.share
        click.echo(
            f"{view.theme.facet:<10} {share.count:>4} of {share.base:<5} {click.style(view.theme.title, bold=True)}"
            f"  {click.style(view.theme.id, dim=True)}"
        )
        if view.guard:
            click.echo(click.style(f"           {view.guard.words}", fg="yellow"))
        if view.specific:
            click.echo(click.style(f"           {_checkable(view)}", dim=True))
        for passage in view.exemplars[:1]:
            click.echo(click.style(f"           “{' '.join(passage.text.split())}”", dim=True))
    if 1 < len(page.families) < len(page.themes):
        click.echo(click.style("Families", bold=True))
        for family in page.families:
            share, count = family.share, len(family.themes)
            themes = "1 theme" if count == 1 else f"{count} themes"
            click.echo(f"{family.facet:<10} {share.count:>4} of {share.base:<5} {family.title}  ({themes})")
    for corner in page.corners:
        told = " / ".join(" ".join(passage.text.split()) for passage in corner.quotes)
        click.echo(f"Not yet a theme: {corner.share.count} of {corner.share.base} people, “{told}”")
    click.echo(
        f"{page.unthemed.verbatims} of {page.verbatims} verbatims fit no theme. {languages.told(page.unread)}".rstrip()
    )


def _checkable(view: ThemeView) -> str:
    """Whether a pain could be checked, in words."""
    kinds = ", ".join(view.confirmed) or "nobody"
    confirmed = (
        f"confirmed by {kinds}" if len(view.confirmed) > 1 else f"{kinds} only, not confirmed by a second source"
    )
    specific = view.specific
    return f"{specific.count} of {specific.base} tell it checkably; {confirmed}" if specific else confirmed


def _print_depth(view: ThemeView) -> None:
    """One theme in full: its trend with intervals, what each source says, outcomes, what contradicts it."""
    click.echo(click.style(f"\n{view.theme.title}", bold=True))
    for quarter, share in view.trend:
        low, high = statistics.wilson(share)
        told = f"{share.count} of {share.base} (95% interval {low:.0%} to {high:.0%})" if share.base else "nobody heard"
        click.echo(f"  {quarter}  {told}")
    for witness in view.witnesses:
        click.echo(f"  {witness.kind:<10} {witness.stance.value:<9} {witness.words}")
    if view.association:
        click.echo(f"  {view.association.words}")
    if view.denied:
        click.echo(f"  Denied by {view.denied.count} of {view.denied.base} people.")
    for passage in view.contradicting:
        click.echo(click.style(f"    “{' '.join(passage.text.split())}”", dim=True))
