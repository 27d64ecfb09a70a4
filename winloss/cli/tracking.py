"""`winloss themes`, `report`: what was found, quarter by quarter."""

from __future__ import annotations

from pathlib import Path

import click

from winloss.cli.shared import filter_options, json_option, print_json, workbench
from winloss.errors import QueryError
from winloss.model import Filters, Share, ThemePage, ThemeView
from winloss.quarter import Quarter
from winloss.services import browsing, journal, languages, reporting, searching
from winloss.services.presenting import passage_json, plain

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
      winloss themes --json --assignments
    """
    bench = workbench(context)
    searching.check_filters(bench, filters)
    page = browsing.theme_page(bench, filters, quarter=one_quarter(quarter))
    if not as_json:
        _print_themes(page)
        return
    answer: dict[str, object] = {
        "quarter": page.quarter,
        "respondents": page.respondents,
        "verbatims": page.verbatims,
        "unthemed": share_json(page.unthemed),
        "unread": dict(page.unread),
        "themes": [theme_json(view) for view in page.themes],
    }
    if assignments:
        answer["assignments"] = browsing.assignments(bench, filters, quarter=one_quarter(quarter))
    print_json(answer)


@click.command("report")
@click.option("--quarter", required=True, metavar="QUARTER", help="The quarter to report on, such as 2026Q2.")
@filter_options(without=WITHOUT_QUARTER)
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="File to write: .html or .md."
)
@click.option("--link", default="http://127.0.0.1:8321/v/", show_default=True, help="What permalinks begin with.")
@click.pass_context
def report_command(context: click.Context, quarter: str, filters: Filters, out: Path, link: str) -> None:
    """Write the quarterly synthesis; every statement cites its verbatims.

    \b
    Example:
      winloss report --quarter 2026Q2 --segment federal --out federal.html
    """
    bench = workbench(context)
    searching.check_filters(bench, filters)
    report = reporting.compose(bench, quarter, filters)
    text = reporting.render_report(bench, report, suffix=out.suffix, link=lambda verbatim_id: link + verbatim_id)
    if not out.parent.is_dir():
        raise QueryError(f"no folder {out.parent}", hint="Make the folder, or name another file.")
    out.write_text(text, encoding="utf-8")
    journal.note(bench, journal.HANDED_OUT, f"report of {report.quarter} ({out.suffix[1:]})")
    click.echo(f"{out}: {len(report.parts)} parts, {len(report.cited)} verbatims cited")


def share_json(share: Share) -> dict[str, object]:
    """A share with its denominator."""
    return {"count": share.count, "base": share.base, "verbatims": share.verbatims, "value": share.value}


def theme_json(view: ThemeView) -> dict[str, object]:
    """A theme in a scope, as JSON."""
    theme = view.theme
    parts = {
        name: [{"value": value, **share_json(share)} for value, share in getattr(view, name)]
        for name in ("trend", "segments", "roles", "sources", "outcomes")
    }
    return {
        "id": theme.id,
        "facet": theme.facet.value,
        "title": theme.title,
        "terms": list(theme.terms),
        "size": theme.size,
        "born": theme.born,
        "share": share_json(view.share),
        **parts,
        "guard": plain(view.guard),
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
        for passage in view.exemplars[:1]:
            click.echo(click.style(f"           “{' '.join(passage.text.split())}”", dim=True))
    click.echo(
        f"{page.unthemed.verbatims} of {page.verbatims} verbatims fit no theme. {languages.told(page.unread)}".rstrip()
    )
