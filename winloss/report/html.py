"""The report as one self-contained HTML file: no script, nothing fetched, made to be read and printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from importlib.resources import files

from winloss.model import DealsBehind, Passage, Report, ReportPart, ReportSection, ReportTheme, Statement
from winloss.report.charts import sparkline
from winloss.report.texts import (
    SCROLLED,
    VERDICT_WORDS,
    Link,
    RoleLabel,
    attribution,
    citation_numbers,
    cited_numbers,
    noticed_beside,
)

ThemeLink = Callable[[str], str] | None
DealsLink = Callable[[str], str] | None
Behind = Mapping[int | str, DealsBehind]
"""Row of a table, or a statement -> the deals that it counts."""
NOTHING: Behind = {}
SHORT_CELL = 16
"""Letters of a cell up to which it stands in one line."""


def render_html(
    report: Report, *, link: Link, role_label: RoleLabel, theme_link: ThemeLink = None, deals_link: DealsLink = None
) -> str:
    """The whole report. Every buyer's word is escaped. `deals_link` makes the address of deals from their query."""
    page = _Page(citation_numbers(report), link, role_label, theme_link, deals_link)
    style = files("winloss.report").joinpath("report.css").read_text(encoding="utf-8")
    label = (
        f'<aside class="label" aria-label="About this report">{escape(report.label)}</aside>' if report.label else ""
    )
    contents = "".join(
        f'<li><a href="#part-{number}">{escape(part.heading)}</a></li>' for number, part in enumerate(report.parts)
    )
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(report.title)}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>\n{style}</style>\n</head>\n<body>\n{label}\n<header><h1>{escape(report.title)}</h1>"
        f'<nav aria-label="Parts"><ul>{contents}<li><a href="#cited">Verbatims cited</a></li>'
        '<li><a href="#method">How this was made</a></li></ul></nav></header>\n'
        f"<main>\n{''.join(page.part(part, number) for number, part in enumerate(report.parts))}"
        f"{page.cited(report.cited)}{page.method(report.method)}</main>\n</body>\n</html>\n"
    )


class _Page:
    """What every fragment needs: the citation numbers and how things are linked and named."""

    def __init__(
        self,
        numbers: Mapping[str, int],
        link: Link,
        role_label: RoleLabel,
        theme_link: ThemeLink,
        deals_link: DealsLink,
    ) -> None:
        self._numbers = numbers
        self._link = link
        self._role_label = role_label
        self._theme_link = theme_link
        self._deals_link = deals_link

    def part(self, part: ReportPart, number: int) -> str:
        heading = escape(part.heading)
        sections = "".join(self._section(section) for section in part.sections)
        return f'<section class="part" id="part-{number}"><h2>{heading}</h2>{self._verdict(part)}{sections}</section>\n'

    def cited(self, passages: Sequence[Passage]) -> str:
        items = "".join(
            f'<li id="v{self._numbers[item.id]}"><q>{escape(item.text)}</q> <span class="who">'
            f"{escape(attribution(item, self._role_label))} · {escape(item.date or 'no date')} · "
            f'<a href="{escape(self._link(item.id))}">in context</a></span></li>'
            for item in passages
        )
        return f'<section id="cited"><h2>Verbatims cited</h2><ol class="cited">{items}</ol></section>\n'

    def method(self, method: Sequence[tuple[str, str]]) -> str:
        rows = "".join(
            f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>' for name, value in method
        )
        return f'<section class="method" id="method"><h2>How this was made</h2><table>{rows}</table></section>\n'

    def _verdict(self, part: ReportPart) -> str:
        if part.verdict is None:
            return ""
        kind = part.verdict.state.name.casefold().replace("_", "-")
        also = ", ".join(noticed_beside(part.verdict))
        shown = f'<p class="flags">Also: {escape(also)}</p>' if also else ""
        return (
            f'<div class="verdict {kind}"><p><strong>{VERDICT_WORDS[part.verdict.state]}.</strong> '
            f"{escape(part.verdict.sentence)}{self._marks(part.rests_on)}</p>{shown}</div>"
        )

    def _section(self, section: ReportSection) -> str:
        behind = {it.within: it for it in section.deals}
        statements = "".join(f"<li{_kind(item)}>{self._statement(item, behind)}</li>" for item in section.statements)
        listed = f'<ul class="statements">{statements}</ul>' if statements else ""
        themes = "".join(self._theme(theme) for theme in section.themes)
        note = f'<p class="note">{escape(section.note)}</p>' if section.note else ""
        return (
            f"<section><h3>{escape(section.heading)}</h3>{listed}{themes}{self._table(section, behind)}{note}</section>"
        )

    def _statement(self, statement: Statement, behind: Behind = NOTHING) -> str:
        text = self._to_deals(statement.text, behind.get(statement.text))
        return f"{text}{self._marks(statement.citations)}"

    def _to_deals(self, text: str, told: DealsBehind | None) -> str:
        """The text, its end a link to the deals that it counts, where there is a page of them."""
        if told is None or self._deals_link is None or not text.endswith(told.words):
            return escape(text)
        before = escape(text.removesuffix(told.words))
        return f'{before}<a href="{escape(self._deals_link(told.query))}">{escape(told.words)}</a>'

    def _table(self, section: ReportSection, behind: Behind) -> str:
        if not section.table:
            return ""
        head, *body = section.table
        heads = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
        lines = "".join(
            f'<tr><th scope="row">{escape(row[0])}</th>{"".join(map(_cell, row[1:-1]))}'
            f"{self._last(number, row, behind)}</tr>"
            for number, row in enumerate(body, start=1)
        )
        return f"{SCROLLED}<table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table></div>"

    def _last(self, number: int, row: Sequence[str], behind: Behind) -> str:
        """The last cell of a row, if it is not the first too."""
        if len(row) < 2:
            return ""
        return _cell(row[-1], self._to_deals(row[-1], behind.get(number)))

    def _marks(self, citations: Sequence[str]) -> str:
        marks = "".join(
            f'<a class="cite" href="#v{number}" aria-label="verbatim {number}">{number}</a>'
            for number in cited_numbers(citations, self._numbers)
        )
        return f"<sup>{marks}</sup>" if marks else ""

    def _theme(self, theme: ReportTheme) -> str:
        title = escape(theme.view.theme.title)
        if self._theme_link:
            title = f'<a href="{escape(self._theme_link(theme.view.theme.id))}">{title}</a>'
        quotes = "".join(self._quote(item) for item in theme.exemplars)
        dissent = "".join(self._quote(item, contrary=True) for item in theme.dissenting)
        return (
            f'<article class="theme"><div class="head"><h4>{title}</h4>{sparkline(theme.view.trend)}</div>'
            f"<p>{self._statement(theme.statement)}</p>{quotes}{dissent}</article>"
        )

    def _quote(self, passage: Passage, *, contrary: bool = False) -> str:
        number = self._numbers[passage.id]
        lead = '<p class="contrary">A different voice</p>' if contrary else ""
        kind = ' class="dissent"' if contrary else ""
        return (
            f"<figure{kind}>{lead}<blockquote>{escape(passage.text)}</blockquote>"
            f"<figcaption>{escape(attribution(passage, self._role_label))} "
            f'<a class="cite" href="#v{number}" aria-label="verbatim {number}">{number}</a></figcaption></figure>'
        )


def _cell(text: str, shown: str | None = None) -> str:
    """A cell; a short one, such as a count with its denominator, is not broken. `shown` is its text as HTML."""
    short = ' class="n"' if len(text) <= SHORT_CELL else ""
    return f"<td{short}>{escape(text) if shown is None else shown}</td>"


def _kind(statement: Statement) -> str:
    return ' class="drafted"' if statement.drafted else ""
