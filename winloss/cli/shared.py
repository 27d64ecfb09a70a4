"""What commands have in common: the workbench, the filters, JSON on standard output, the width of text."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from winloss.bootstrap import default_workspace, open_workbench
from winloss.cli.progress import shown_progress
from winloss.errors import QueryError
from winloss.model import Filters, Passage
from winloss.ports import Workbench
from winloss.quarter import Quarter

_MANY = (
    "segment",
    "role",
    "facet",
    "source",
    "outcome",
    "competitor",
    "quarter",
    "account",
    "theme",
    "tag",
    "language",
    "rights",
)
_FILTER_HELP = {
    "segment": "A market segment of the codebook.",
    "role": "A buyer's role, such as ciso.",
    "facet": "engagement, pain or proof.",
    "source": "interview, community, inquiry or survey.",
    "outcome": "won, lost_to_competitor, no_decision, open, churned or renewed.",
    "competitor": "A competitor's name.",
    "quarter": "A quarter such as 2026Q2.",
    "account": "An account's name.",
    "theme": "A theme's id.",
    "tag": "A tag.",
    "language": "A language by its code, such as en.",
    "rights": "named, anonymous, internal, ended or no_quote.",
}

_WARNED = 10


def workbench(context: click.Context) -> Workbench:
    """The workbench of the workspace that the command line names."""
    from winloss.services.quote_rights import rights

    bench = open_workbench(context.obj or default_workspace(), progress=shown_progress())
    rights.settle(bench)
    return bench


def filter_options(*, without: tuple[str, ...] = ()) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Options for every filter; the command gets them as one `filters` argument."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(command)
        def wrapped(*args: Any, **options: Any) -> Any:
            chosen = {name: tuple(options.pop(name, ())) for name in _MANY if name not in without}
            mode = tuple(options.pop("mode_of_buyer", ()))
            since, until = options.pop("since", None), options.pop("until", None)
            quarters = tuple(str(Quarter.parse(item)) for item in chosen.pop("quarter", ()))
            left_out = tuple(map(_left_out, options.pop("not_", ())))
            first, last = _day(since), _day(until)
            filters = Filters(**chosen, quarter=quarters, mode=mode, without=left_out, since=first, until=last)
            return command(*args, filters=filters, **options)

        decorated: Callable[..., Any] = wrapped
        for name in ("until", "since"):
            words = f"Only {'from' if name == 'since' else 'up to'} this day (2026-04-30)."
            decorated = click.option(f"--{name}", metavar="DAY", help=words)(decorated)
        decorated = click.option(
            "--mode-of-buyer",
            multiple=True,
            type=click.Choice(["practitioner", "executive"]),
            help="From which seat the buyer speaks.",
        )(decorated)
        decorated = click.option(
            "--not", "not_", multiple=True, metavar="FILTER=VALUE", help="Leave out, such as segment=federal."
        )(decorated)
        for name in reversed([name for name in _MANY if name not in without]):
            decorated = click.option(f"--{name}", multiple=True, metavar="VALUE", help=_FILTER_HELP[name])(decorated)
        return decorated

    return decorate


json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")


def print_json(value: object) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def print_passage(bench: Workbench, passage: Passage, *, number: int | None = None) -> None:
    """A verbatim for people: the words, who said them as far as rights allow, and its id."""
    from winloss.services.presenting import attribution

    mark = click.style(f"{number:>2}. " if number else "    ", dim=True)
    click.echo(f"{mark}“{' '.join(passage.text.split())}”")
    facet = f"{passage.facet} · " if passage.facet and passage.facet != "none" else ""
    line = f"    {facet}{attribution(passage, bench.codebook)} · {passage.date or 'no date'} · {passage.id}"
    click.echo(click.style(line, dim=True))


def warn_of_few(warnings: Sequence[str]) -> None:
    """Tell on standard error which attributions would point at a person; the file itself does not say."""
    if warnings:
        many = (
            "attributions would point at a person and were"
            if len(warnings) > 1
            else "attribution would point at a person and was"
        )
        click.echo(f"{len(warnings):,} {many} cut short:", err=True)
    for warning in warnings[:_WARNED]:
        click.echo(f"  {warning}", err=True)
    if len(warnings) > _WARNED:
        click.echo(f"  … and {len(warnings) - _WARNED:,} more", err=True)


def read_lines(name: str) -> list[str]:
    """The lines of a file, or of standard input for `-`."""
    text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig")
    return text.splitlines()


def _left_out(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    field = "mode" if name == "mode-of-buyer" else name
    if field not in (*_MANY, "mode") or name == "mode" or not equals or not value:
        raise QueryError(f"not a filter and a value: {text!r}", hint="Write --not segment=federal.")
    return field, str(Quarter.parse(value)) if field == "quarter" else value


def _day(text: str | None) -> str | None:
    from datetime import date

    if text is None:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise QueryError(f"not a day: {text!r}", hint="Write days as 2026-04-30.") from error
