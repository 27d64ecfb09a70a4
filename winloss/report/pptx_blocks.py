"""What slides say, piece by piece: statements with their numbers, quotations with who said them, verbatims in full."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from winloss.model import Passage, Report, ReportTheme, Statement
from winloss.report.flowing import Block, Line, Run
from winloss.report.texts import (
    Link,
    RoleLabel,
    attribution,
    citation_numbers,
    cited_numbers,
    headline,
    printable,
    right_to_left,
    written_in,
)

STATEMENT, LEAD, QUOTE, SOURCE, CITED, NOTE = 20.0, 28.0, 16.0, 10.5, 11.0, 10.5
BESIDE, CLOSE = 13.0, 12.0
"""A statement beside a chart, and the words of themes that stand on one slide together."""


class Blocks:
    """Pieces of one report, which share its numbers and how things are linked and named."""

    def __init__(self, report: Report, link: Link, role_label: RoleLabel) -> None:
        self._numbers: Mapping[str, int] = citation_numbers(report)
        self._passages = {self._numbers[passage.id]: passage for passage in report.cited}
        self._link = link
        self._role_label = role_label

    def statement(self, statement: Statement, size: float, *, bullet: bool = False) -> Block:
        """A statement and the numbers of what it rests on."""
        runs = (Run(text=statement.text), *self.marks(statement.citations))
        return Block((Line(runs=runs, size=size, after=10, bullet=bullet),))

    def marks(self, citations: Sequence[str]) -> tuple[Run, ...]:
        """Numbers that lead to their verbatims."""
        return tuple(run for number in cited_numbers(citations, self._numbers) for run in _mark(number))

    def quote(self, passage: Passage, *, contrary: bool = False, size: float = QUOTE) -> Block:
        """A quotation, and who said it under it."""
        source = (
            Run(text=attribution(passage, self._role_label), colour="soft"),
            *_mark(self._numbers[passage.id]),
        )
        lead = Line(runs=(Run(text="A different voice", colour="accent", bold=True),), size=SOURCE, after=1)
        return Block(
            (
                *((lead,) if contrary else ()),
                Line(runs=_said(passage), size=size, after=2, from_right=right_to_left(passage.text)),
                Line(runs=source, size=SOURCE, after=10),
            )
        )

    def theme(self, theme: ReportTheme) -> Block:
        """A theme among others: its statement, one quotation, and a different voice."""
        text = theme.statement.text
        head = headline(text, theme.view.theme.title)
        runs = (Run(text=head, bold=True), Run(text=text[len(head) :]), *self.marks(theme.statement.citations))
        quotes = [self.quote(passage, size=CLOSE) for passage in theme.exemplars[:1]]
        quotes += [self.quote(passage, contrary=True, size=CLOSE) for passage in theme.dissenting]
        return Block((Line(runs=runs, size=CLOSE, after=4), *(line for quote in quotes for line in quote.lines)))

    def cited(self) -> list[Block]:
        """Every verbatim in full under its number, with its way back into the context."""
        return [self._cited(number, passage) for number, passage in self._passages.items()]

    def spoken(self, blocks: Sequence[Block]) -> str:
        """What the blocks cite, in full, for the notes of their slide."""
        runs = [run for block in blocks for line in block.lines for run in line.runs]
        numbers = dict.fromkeys(run.cites for run in runs if run.cites is not None)
        return "\n\n".join(self._in_full(number) for number in numbers)

    def _cited(self, number: int, passage: Passage) -> Block:
        told = f"{attribution(passage, self._role_label)} · {passage.date or 'no date'} · "
        return Block(
            (
                Line(
                    runs=(Run(text=f"[{number}] ", colour="accent", place=number), *_said(passage)),
                    size=CITED,
                    after=1,
                    from_right=right_to_left(passage.text),
                ),
                Line(
                    runs=(Run(text=told, colour="soft"), Run(text="in context", url=self._link(passage.id))),
                    size=9.0,
                    after=8,
                ),
            )
        )

    def _in_full(self, number: int) -> str:
        passage = self._passages[number]
        who = f"{attribution(passage, self._role_label)}, {passage.date or 'no date'}"
        return printable(f"[{number}] “{passage.text}”\n{who}\n{self._link(passage.id)}")


def note(text: str, size: float = NOTE) -> Block:
    """A remark in small type."""
    return Block((Line(runs=(Run(text=text, colour="soft"),), size=size, after=0),))


def _mark(number: int) -> tuple[Run, ...]:
    return Run(text=" "), Run(text=f"[{number}]", colour="accent", cites=number)


def _said(passage: Passage) -> tuple[Run, ...]:
    """A buyer's words as a run of their own, to the letter, between quotation marks."""
    words = Run(text=passage.text, face="head", language=written_in(passage.language))
    return Run(text="“", face="head"), words, Run(text="”", face="head")
