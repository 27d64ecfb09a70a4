"""`winloss report --draft`: what is sent is said before, what was dropped after; both beside the report, not in it."""

from __future__ import annotations

import click

from winloss.model import Report
from winloss.ports import Workbench
from winloss.services import drafting

SHOWN = 160


def with_drafts(bench: Workbench, report: Report) -> Report:
    """The report with drafted sentences; says on standard error what is sent, and what became of the answers.

    Raises:
        ConfigError: no model is configured, or it may not be asked as it is.
    """
    click.echo(drafting.leaving(bench, report).told, err=True)
    made = drafting.draft(bench, report, ask=True)
    for item in made.dropped:
        click.echo(f"dropped, {item.part}, sentence {item.number}: {item.reason}: {_shown(item.words)}", err=True)
    for heading, why in made.lacking.items():
        click.echo(f"not drafted, {heading}: {why}", err=True)
    click.echo(f"{made.kept} drafted sentences passed the checks, {len(made.dropped)} were dropped", err=True)
    return made.report


def _shown(words: str) -> str:
    """Somebody else's words on a terminal: on one line, with nothing in them that the terminal would act on."""
    plain = "".join(letter if letter.isprintable() else "�" for letter in words)
    return plain if len(plain) <= SHOWN else plain[: SHOWN - 1] + "…"
