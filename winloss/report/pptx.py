"""The report as slides: one message on each, charts and tables to edit, every number leading to its words."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from winloss.model import Figure, Passage, Report, ReportPart, ReportSection, ReportTheme, Share, Statement
from winloss.report import flowing, pptx_charts, pptx_tables
from winloss.report.flowing import Block, Line, Run
from winloss.report.office import describe, filling, settled
from winloss.report.pptx_deck import Box, Deck
from winloss.report.texts import (
    VERDICT_WORDS,
    Link,
    RoleLabel,
    attribution,
    citation_numbers,
    cited_numbers,
    headline,
    noticed_beside,
    printable,
    right_to_left,
    written_in,
)

STATEMENT, LEAD, QUOTE, SOURCE, CITED, NOTE = 20.0, 28.0, 16.0, 10.5, 11.0, 10.5
BESIDE = 13.0
"""A statement beside a chart."""
CHART = 0.4
"""How much of the width a trend takes; the words stand left of it."""
GAP = 24.0
NOTE_ROOM = 0.2
"""How much of the height a note under a table or a chart may take; a longer one stands on a slide of its own."""


def render_pptx(report: Report, *, link: Link, role_label: RoleLabel, template: bytes | None = None) -> bytes:
    """The whole report, in the layouts of the template where one is given.

    Raises:
        ConfigError: the template is no PowerPoint file, or a damaged one.
    """
    with filling(template, "pptx"):
        deck = Deck(template)
        _Talk(deck, report, link, role_label).write()
        describe(deck.file.core_properties, report)
        written = io.BytesIO()
        deck.file.save(written)
        return settled(written.getvalue())


class _Talk:
    """The slides that are being written, and how things on them are numbered, linked and named."""

    def __init__(self, deck: Deck, report: Report, link: Link, role_label: RoleLabel) -> None:
        self._deck = deck
        self._report = report
        self._numbers: Mapping[str, int] = citation_numbers(report)
        self._passages = {self._numbers[passage.id]: passage for passage in report.cited}
        self._link = link
        self._role_label = role_label
        self._foot = " · ".join(part for part in (report.title, report.label) if part)

    def write(self) -> None:
        """All of it, from the title to how it was made."""
        report = self._report
        segments = [part.segment for part in report.parts if part.segment]
        lines = [
            f"Segments: {', '.join(segments)}" if segments else "",
            f"Every statement cites its verbatims: {len(report.cited):,} of them, numbered, stand at the end.",
            report.label,
        ]
        self._deck.open(report.title, [line for line in lines if line])
        for part in report.parts:
            self._part(part)
        self._deck.resolve(self._cited())
        self._table([("What", "Value"), *report.method], "How this was made", "", None)

    # --- parts and sections ------------------------------------------------------------------------------------------

    def _part(self, part: ReportPart) -> None:
        if part.verdict is not None:
            words = VERDICT_WORDS[part.verdict.state]
            sentence = Run(text=part.verdict.sentence, face="head")
            blocks = [Block((Line(runs=(sentence, *self._marks(part.rests_on)), size=LEAD, after=14),))]
            if also := ", ".join(noticed_beside(part.verdict)):
                blocks.append(Block((Line(runs=(Run(text=f"Also: {also}", colour="soft"),), size=STATEMENT),)))
            self._words(blocks, f"{part.heading}: {words[:1].lower()}{words[1:]}", self._report.quarter)
        for section in part.sections:
            self._section(section, f"{part.heading} · {self._report.quarter}")

    def _section(self, section: ReportSection, kicker: str) -> None:
        drawn = pptx_charts.drawn(section.figures)
        told_below = bool(drawn or section.table)
        statements = [self._statement(item, STATEMENT, bullet=True) for item in section.statements]
        if not told_below and section.note and not section.themes:
            statements.append(_note(section.note, NOTE if statements else STATEMENT))
        if statements:
            self._words(statements, section.heading, kicker)
        for number, figures in enumerate(drawn):
            self._chart(figures, section, kicker, going_on=number > 0)
        for theme in section.themes:
            last = theme is section.themes[-1] and not told_below
            self._theme(theme, f"{kicker} · {section.heading}", section.note if last else None)
        if section.table:
            self._table(section.table, section.heading, kicker, section.note)

    def _words(self, blocks: Sequence[Block], title: str, kicker: str) -> None:
        room = self._deck.room
        size = (room.width, room.height)
        for number, page in enumerate(flowing.pages(blocks, first=size, later=size)):
            slide = self._slide(title, kicker, going_on=number > 0)
            self._deck.words(slide, page.blocks, room, page.scale)
            self._speak(slide, page.blocks)

    def _chart(self, figures: Sequence[Figure], section: ReportSection, kicker: str, *, going_on: bool) -> None:
        above, below = self._above_note(section.note)
        slide = self._slide(section.heading, kicker, going_on=going_on)
        pptx_charts.shares(slide, figures, above, top=pptx_charts.scale(section.figures))
        if section.note and below:
            self._deck.words(slide, [_note(section.note)], below, 1.0)
        elif section.note and not section.table and not going_on:
            self._words([_note(section.note)], section.heading, kicker)

    def _table(self, rows: Sequence[Sequence[str]], title: str, kicker: str, note: str | None) -> None:
        above, below = self._above_note(note)
        for number, part in enumerate(pptx_tables.parts(rows, above)):
            slide = self._slide(title, kicker, going_on=number > 0)
            end = pptx_tables.place(slide, part, above)
            if note and below:
                self._deck.words(slide, [_note(note)], Box(below.left, end + 8.0, below.width, below.height), 1.0)
        if note and not below:
            self._words([_note(note)], title, kicker)

    def _above_note(self, note: str | None) -> tuple[Box, Box | None]:
        """The room with and without that for a note below; None where the note is too long to stand there."""
        room = self._deck.room
        if not note:
            return room, None
        needed = flowing.height([_note(note)], room.width, 1.0)
        if needed > NOTE_ROOM * room.height:
            return room, None
        free = room.height - needed - 8.0
        above = Box(room.left, room.top, room.width, free)
        return above, Box(room.left, room.top + free + 8.0, room.width, needed)

    # --- themes ------------------------------------------------------------------------------------------------------

    def _theme(self, theme: ReportTheme, kicker: str, note: str | None) -> None:
        view, room = theme.view, self._deck.room
        title = headline(theme.statement.text, view.theme.title)
        blocks = [
            self._statement(theme.statement, BESIDE),
            *(self._quote(passage) for passage in theme.exemplars),
            *(self._quote(passage, contrary=True) for passage in theme.dissenting),
            *([_note(note)] if note else []),
        ]
        beside = room.width * (1 - CHART) - GAP if view.trend else room.width
        made = flowing.pages(blocks, first=(beside, room.height), later=(room.width, room.height))
        for number, page in enumerate(made):
            slide = self._slide(title, kicker, going_on=number > 0)
            wide = beside if number == 0 else room.width
            self._deck.words(slide, page.blocks, Box(room.left, room.top, wide, room.height), page.scale)
            if number == 0 and view.trend:
                self._trend(slide, view.trend, Box(room.left + wide + GAP, room.top, room.width - wide - GAP, 0))
            self._speak(slide, page.blocks)

    def _trend(self, slide: Any, trend: Sequence[tuple[str, Share]], place: Box) -> None:
        caption = _note("People who said it, of the people heard")
        above = flowing.height([caption], place.width, 1.0)
        self._deck.words(slide, [caption], Box(place.left, place.top, place.width, above), 1.0)
        high = min(self._deck.room.height - above - 4.0, 0.75 * place.width)
        drawn = Box(place.left, place.top + above + 4.0, place.width, high)
        pptx_charts.trend(slide, trend, drawn, title="Share of people")

    def _statement(self, statement: Statement, size: float, *, bullet: bool = False) -> Block:
        runs = (Run(text=statement.text), *self._marks(statement.citations))
        return Block((Line(runs=runs, size=size, after=10, bullet=bullet),))

    def _marks(self, citations: Sequence[str]) -> tuple[Run, ...]:
        return tuple(run for number in cited_numbers(citations, self._numbers) for run in _mark(number))

    def _quote(self, passage: Passage, *, contrary: bool = False) -> Block:
        source = (
            Run(text=attribution(passage, self._role_label), colour="soft"),
            *_mark(self._numbers[passage.id]),
        )
        lead = Line(runs=(Run(text="A different voice", colour="accent", bold=True),), size=SOURCE, after=1)
        return Block(
            (
                *((lead,) if contrary else ()),
                Line(runs=_said(passage), size=QUOTE, after=2, from_right=right_to_left(passage.text)),
                Line(runs=source, size=SOURCE, after=10),
            )
        )

    # --- what is cited -----------------------------------------------------------------------------------------------

    def _cited(self) -> Mapping[int, Any]:
        """The closing slides, in two columns; returns the slide on which each number stands first."""
        room = self._deck.room
        wide = (room.width - GAP) / 2
        blocks = [self._cited_block(number, passage) for number, passage in self._passages.items()]
        columns = flowing.pages_apart(blocks, (wide, room.height))
        places: dict[int, Any] = {}
        for start in range(0, len(columns), 2):
            slide = self._slide("Verbatims cited", "", going_on=start > 0)
            for number, page in enumerate(columns[start : start + 2]):
                left = room.left + number * (wide + GAP)
                self._deck.words(slide, page.blocks, Box(left, room.top, wide, room.height), page.scale)
                for block in page.blocks:
                    for run in block.lines[0].runs:
                        if run.text.startswith("["):
                            places.setdefault(int(run.text.strip("[] ")), slide)
        return places

    def _cited_block(self, number: int, passage: Passage) -> Block:
        told = f"{attribution(passage, self._role_label)} · {passage.date or 'no date'} · "
        return Block(
            (
                Line(
                    runs=(Run(text=f"[{number}] ", colour="accent"), *_said(passage)),
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

    def _slide(self, title: str, kicker: str, *, going_on: bool = False) -> Any:
        return self._deck.slide(f"{title} (continued)" if going_on else title, kicker, foot=self._foot)

    def _speak(self, slide: Any, blocks: Sequence[Block]) -> None:
        """The notes of a slide: every verbatim that it cites, in full."""
        numbers = dict.fromkeys(
            run.cites for block in blocks for line in block.lines for run in line.runs if run.cites is not None
        )
        told = [self._in_full(number) for number in numbers]
        if told and (frame := slide.notes_slide.notes_text_frame) is not None:
            frame.text = "\n\n".join(told)

    def _in_full(self, number: int) -> str:
        passage = self._passages[number]
        who = f"{attribution(passage, self._role_label)}, {passage.date or 'no date'}"
        return printable(f"[{number}] “{passage.text}”\n{who}\n{self._link(passage.id)}")


def _said(passage: Passage) -> tuple[Run, ...]:
    """A buyer's words as a run of their own, to the letter, between quotation marks."""
    words = Run(text=passage.text, face="head", language=written_in(passage.language))
    return Run(text="“", face="head"), words, Run(text="”", face="head")


def _mark(number: int) -> tuple[Run, ...]:
    return Run(text=" "), Run(text=f"[{number}]", colour="accent", cites=number)


def _note(text: str, size: float = NOTE) -> Block:
    return Block((Line(runs=(Run(text=text, colour="soft"),), size=size, after=0),))
