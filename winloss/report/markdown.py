"""The report as Markdown. Buyers' words are escaped so that they are shown to the letter and nothing in them acts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from winloss.model import Passage, Report, ReportPart, ReportSection, ReportTheme, Statement
from winloss.report.texts import (
    VERDICT_WORDS,
    Link,
    RoleLabel,
    attribution,
    citation_numbers,
    cited_numbers,
)

_ACTS = re.compile(
    r"[\\`*_\[\]<>|~$]"  # emphasis, code, links, tags, cells, formulas
    r"|&(?=#?\w+;)|@(?=\w)"  # entities, addresses and mentions
    r"|(?<=http):(?=//)|(?<=https):(?=//)|(?<=ftp):(?=//)|(?<=www)\.(?=\w)",  # addresses that link themselves
    re.IGNORECASE,
)
"""What Markdown, or a page that shows it, would act on instead of showing it."""
_BREAK = re.compile(r"\r\n?|\n")


def render_markdown(report: Report, *, link: Link, role_label: RoleLabel) -> str:
    """The whole report; citations are numbered links to the list at its end."""
    numbers = citation_numbers(report)
    lines = [f"# {inert(report.title)}", ""]
    if report.label:
        lines += [f"> **{inert(report.label)}**", ""]
    for part in report.parts:
        lines += _part(part, numbers, role_label)
    lines += ["## Verbatims cited", ""]
    lines += [_cited(passage, numbers[passage.id], link, role_label) for passage in report.cited]
    lines += ["", "## How this was made", "", "| | |", "|---|---|"]
    lines += [f"| {inert(name)} | {inert(value)} |" for name, value in report.method]
    return "\n".join(lines) + "\n"


def inert(text: str) -> str:
    """The text, to stand within a line, with all that Markdown would act on escaped; line breaks stay line breaks."""
    return _BREAK.sub("<br>", _ACTS.sub(r"\\\g<0>", text))


def _part(part: ReportPart, numbers: Mapping[str, int], role_label: RoleLabel) -> Iterator[str]:
    yield f"## {inert(part.heading)}"
    yield ""
    if part.verdict:
        marks = _marks(part.rests_on, numbers)
        yield f"**{VERDICT_WORDS[part.verdict.state]}.** {inert(part.verdict.sentence)} {marks}".rstrip()
        yield ""
    for section in part.sections:
        yield from _section(section, numbers, role_label)


def _section(section: ReportSection, numbers: Mapping[str, int], role_label: RoleLabel) -> Iterator[str]:
    yield f"### {inert(section.heading)}"
    yield ""
    for statement in section.statements:
        yield f"- {_statement(statement, numbers)}"
    if section.statements:
        yield ""
    for theme in section.themes:
        yield from _theme(theme, numbers, role_label)
    if section.table:
        yield from _table(section.table)
    if section.note:
        yield f"*{inert(section.note)}*"
        yield ""


def _statement(statement: Statement, numbers: Mapping[str, int]) -> str:
    return f"{inert(statement.text)} {_marks(statement.citations, numbers)}"


def _marks(citations: Sequence[str], numbers: Mapping[str, int]) -> str:
    return " ".join(f"[[{number}]](#v{number})" for number in cited_numbers(citations, numbers))


def _theme(theme: ReportTheme, numbers: Mapping[str, int], role_label: RoleLabel) -> Iterator[str]:
    yield f"**{inert(theme.view.theme.title)}**"
    yield ""
    yield _statement(theme.statement, numbers)
    yield ""
    for passage in theme.exemplars:
        yield from _quote(passage, numbers, role_label, "")
    for passage in theme.dissenting:
        yield from _quote(passage, numbers, role_label, "A different voice: ")


def _quote(passage: Passage, numbers: Mapping[str, int], role_label: RoleLabel, lead: str) -> Iterator[str]:
    number = numbers[passage.id]
    yield f"> {lead}“{inert(passage.text)}” [[{number}]](#v{number})"
    yield ">"
    yield f"> {inert(attribution(passage, role_label))}"
    yield ""


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    head, *body = rows
    yield "| " + " | ".join(map(inert, head)) + " |"
    yield "|" + "---|" * len(head)
    for row in body:
        yield "| " + " | ".join(map(inert, row)) + " |"
    yield ""


def _cited(passage: Passage, number: int, link: Link, role_label: RoleLabel) -> str:
    who = inert(attribution(passage, role_label))
    when = inert(passage.date or "no date")
    return f'{number}. <a id="v{number}"></a>“{inert(passage.text)}” {who}, {when}. [In context]({link(passage.id)})'
