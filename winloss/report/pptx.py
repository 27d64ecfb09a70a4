"""The report as slides: one message on each, charts and tables to edit, every number leading to its words."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from winloss.model import Figure, Report, ReportPart, ReportSection, ReportTheme, Share
from winloss.report import flowing, pptx_charts, pptx_tables
from winloss.report.flowing import Block, Line, Run
from winloss.report.office import describe, filling, settled
from winloss.report.pptx_blocks import BESIDE, LEAD, NOTE, STATEMENT, Blocks, note
from winloss.report.pptx_deck import Box, Deck
from winloss.report.texts import VERDICT_WORDS, Link, RoleLabel, headline, noticed_beside

TREND, CHART = 0.4, 0.56
"""How much of the width a trend takes, and a chart of bars; the words stand left of it."""
READABLE = 0.88
"""How much smaller words may be set to stand beside a chart; else they have a slide of their own."""
CLOSELY = 12
"""A part with more themes than this tells those of a section together, without charts."""
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
        _Talk(deck, report, Blocks(report, link, role_label)).write()
        describe(deck.file.core_properties, report)
        written = io.BytesIO()
        deck.file.save(written)
        return settled(written.getvalue())


class _Talk:
    """The slides that are being written."""

    def __init__(self, deck: Deck, report: Report, blocks: Blocks) -> None:
        self._deck = deck
        self._report = report
        self._blocks = blocks
        self._foot = " · ".join(part for part in (report.title, report.label) if part)

    def write(self) -> None:
        """All of it, from the title to how it was made."""
        report = self._report
        segments = list(dict.fromkeys(part.segment for part in report.parts if part.segment))
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
            blocks = [Block((Line(runs=(sentence, *self._blocks.marks(part.rests_on)), size=LEAD, after=14),))]
            if also := ", ".join(noticed_beside(part.verdict)):
                blocks.append(note(f"Also: {also}", STATEMENT))
            self._words(blocks, f"{part.heading}: {words[:1].lower()}{words[1:]}", self._report.quarter)
        closely = sum(len(section.themes) for section in part.sections) > CLOSELY
        for section in part.sections:
            self._section(section, f"{part.heading} · {self._report.quarter}", closely=closely)

    def _section(self, section: ReportSection, kicker: str, *, closely: bool) -> None:
        drawn = pptx_charts.drawn(section.figures)
        told_below = bool(drawn or section.table)
        if not (len(drawn) == 1 and self._beside_chart(section, drawn[0], kicker)):
            self._statements(section, kicker, with_note=not told_below and not section.themes)
            for number, figures in enumerate(drawn):
                self._chart(figures, section, kicker, going_on=number > 0)
        rest = None if told_below else section.note
        if closely:
            self._together(section, kicker, rest)
        else:
            for theme in section.themes:
                last = theme is section.themes[-1]
                self._theme(theme, f"{kicker} · {section.heading}", rest if last else None)
        if section.table:
            self._table(section.table, section.heading, kicker, section.note)

    def _statements(self, section: ReportSection, kicker: str, *, with_note: bool) -> None:
        blocks = [self._blocks.statement(item, STATEMENT, bullet=True) for item in section.statements]
        if with_note and section.note:
            blocks.append(note(section.note, NOTE if blocks else STATEMENT))
        self._words(blocks, section.heading, kicker)

    def _words(self, blocks: Sequence[Block], title: str, kicker: str) -> None:
        room = self._deck.room
        size = (room.width, room.height)
        for number, page in enumerate(flowing.pages(blocks, first=size, later=size)):
            slide = self._slide(title, kicker, going_on=number > 0)
            self._write(slide, page, room)
            self._speak(slide, page.blocks)

    def _columns(self, blocks: Sequence[Block], title: str, kicker: str) -> Mapping[int, Any]:
        """Write blocks in two columns; returns the slide on which each number has its place."""
        room = self._deck.room
        wide = (room.width - GAP) / 2
        made = flowing.pages_apart(blocks, (wide, room.height))
        places: dict[int, Any] = {}
        for start in range(0, len(made), 2):
            slide = self._slide(title, kicker, going_on=start > 0)
            both = made[start : start + 2]
            for number, page in enumerate(both):
                self._write(slide, page, Box(room.left + number * (wide + GAP), room.top, wide, room.height))
            told = [block for page in both for block in page.blocks]
            self._speak(slide, told)
            for run in (run for block in told for line in block.lines for run in line.runs):
                if run.place is not None:
                    places.setdefault(run.place, slide)
        return places

    # --- charts and tables -------------------------------------------------------------------------------------------

    def _beside_chart(self, section: ReportSection, figures: Sequence[Figure], kicker: str) -> bool:
        """Put the statements and the chart on one slide; False where the words do not fit beside it."""
        above, below = self._above_note(section.note)
        wide = above.width * (1 - CHART) - GAP
        blocks = [self._blocks.statement(item, BESIDE) for item in section.statements]
        made = flowing.pages(blocks, first=(wide, above.height), later=(wide, above.height))
        if len(made) != 1 or made[0].scale < READABLE or (section.note and below is None):
            return False
        slide = self._slide(section.heading, kicker)
        self._write(slide, made[0], Box(above.left, above.top, wide, above.height))
        self._speak(slide, made[0].blocks)
        place = Box(above.left + wide + GAP, above.top, above.width - wide - GAP, above.height)
        pptx_charts.shares(slide, figures, place, top=pptx_charts.scale(section.figures))
        if section.note and below:
            self._deck.words(slide, [note(section.note)], below, 1.0)
        return True

    def _chart(self, figures: Sequence[Figure], section: ReportSection, kicker: str, *, going_on: bool) -> None:
        above, below = self._above_note(section.note)
        slide = self._slide(section.heading, kicker, going_on=going_on)
        pptx_charts.shares(slide, figures, above, top=pptx_charts.scale(section.figures))
        if section.note and below:
            self._deck.words(slide, [note(section.note)], below, 1.0)
        elif section.note and not section.table and not going_on:
            self._words([note(section.note)], section.heading, kicker)

    def _table(self, rows: Sequence[Sequence[str]], title: str, kicker: str, told: str | None) -> None:
        above, below = self._above_note(told)
        for number, part in enumerate(pptx_tables.parts(rows, above)):
            slide = self._slide(title, kicker, going_on=number > 0)
            end = pptx_tables.place(slide, part, above)
            if told and below:
                self._deck.words(slide, [note(told)], Box(below.left, end + 8.0, below.width, below.height), 1.0)
        if told and not below:
            self._words([note(told)], title, kicker)

    def _above_note(self, told: str | None) -> tuple[Box, Box | None]:
        """The room with and without that for a note below; None where the note is too long to stand there."""
        room = self._deck.room
        if not told:
            return room, None
        needed = flowing.height([note(told)], room.width, 1.0)
        if needed > NOTE_ROOM * room.height:
            return room, None
        free = room.height - needed - 8.0
        above = Box(room.left, room.top, room.width, free)
        return above, Box(room.left, room.top + free + 8.0, room.width, needed)

    # --- themes ------------------------------------------------------------------------------------------------------

    def _theme(self, theme: ReportTheme, kicker: str, told: str | None) -> None:
        view, room = theme.view, self._deck.room
        title = headline(theme.statement.text, view.theme.title)
        blocks = [
            self._blocks.statement(theme.statement, BESIDE),
            *(self._blocks.quote(passage) for passage in theme.exemplars),
            *(self._blocks.quote(passage, contrary=True) for passage in theme.dissenting),
            *([note(told)] if told else []),
        ]
        beside = room.width * (1 - TREND) - GAP if view.trend else room.width
        made = flowing.pages(blocks, first=(beside, room.height), later=(room.width, room.height))
        for number, page in enumerate(made):
            slide = self._slide(title, kicker, going_on=number > 0)
            wide = beside if number == 0 else room.width
            self._write(slide, page, Box(room.left, room.top, wide, room.height))
            if number == 0 and view.trend:
                self._trend(slide, view.trend, Box(room.left + wide + GAP, room.top, room.width - wide - GAP, 0))
            self._speak(slide, page.blocks)

    def _together(self, section: ReportSection, kicker: str, told: str | None) -> None:
        blocks = [self._blocks.theme(theme) for theme in section.themes]
        self._columns([*blocks, note(told)] if told and blocks else blocks, section.heading, kicker)

    def _trend(self, slide: Any, trend: Sequence[tuple[str, Share]], place: Box) -> None:
        caption = note("People who said it, of the people heard")
        above = flowing.height([caption], place.width, 1.0)
        self._deck.words(slide, [caption], Box(place.left, place.top, place.width, above), 1.0)
        high = min(self._deck.room.height - above - 4.0, 0.75 * place.width)
        drawn = Box(place.left, place.top + above + 4.0, place.width, high)
        pptx_charts.trend(slide, trend, drawn, title="Share of people")

    # --- slides ------------------------------------------------------------------------------------------------------

    def _cited(self) -> Mapping[int, Any]:
        """The closing slides; returns the slide on which each number stands."""
        return self._columns(self._blocks.cited(), "Verbatims cited", "")

    def _slide(self, title: str, kicker: str, *, going_on: bool = False) -> Any:
        return self._deck.slide(f"{title} (continued)" if going_on else title, kicker, foot=self._foot)

    def _write(self, slide: Any, page: flowing.Page, box: Box) -> None:
        self._deck.words(slide, page.blocks, box, page.scale)

    def _speak(self, slide: Any, blocks: Sequence[Block]) -> None:
        """The notes of a slide: every verbatim that it cites, in full."""
        told = self._blocks.spoken(blocks)
        if told and (frame := slide.notes_slide.notes_text_frame) is not None:
            frame.text = told
