"""`winloss report --draft`: what is sent is said before, what was dropped after; both beside the report, not in it."""

from __future__ import annotations

import click

from winloss.model import Report
from winloss.ports import Workbench
from winloss.services.reports import drafting


def with_drafts(bench: Workbench, report: Report) -> Report:
    """The report with drafted sentences; says on standard error what is sent, and what became of the answers.

    Raises:
        ConfigError: no model is configured, or it may not be asked as it is.
    """
    click.echo(drafting.leaving(bench, report).told, err=True)
    made = drafting.draft(bench, report, ask=True)
    for item in made.dropped:
        click.echo(f"dropped, {item.part}, sentence {item.number}: {item.reason}: {item.shown}", err=True)
    for heading, why in made.lacking.items():
        click.echo(f"not drafted, {heading}: {why}", err=True)
    click.echo(f"{made.kept} drafted sentences passed the checks, {len(made.dropped)} were dropped", err=True)
    return made.report
