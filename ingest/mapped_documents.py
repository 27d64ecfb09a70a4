"""Rows become documents: one a row, or one of many rows that belong together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from ingest.cells import Cells, cell_of
from ingest.json_rows import look_up
from ingest.markup import plain_text
from ingest.recordings import milliseconds
from ingest.remarks import Remarks
from ingest.rows import Row
from ingest.table_mapping import Field, TableMapping
from ingest.turns import Cue, merge
from ingest.values import as_text, parse_clock
from winloss.model import Participant, Readable, ReadDocument, ReadTurn, Rights, Side, SourceKind, stable_id

ASKING = "Question"
"""Who asks where a table has questions but nobody's name beside them."""

_BLANK = " \t\r\n"
DELETED = frozenset({"[deleted]", "[removed]", "[entfernt]"})
_QUOTE_LINE = re.compile(r"^[ \t]*>(?!\s?\d)[^\r\n]*", re.MULTILINE)
Spans = tuple[tuple[int, int], ...]


def documents(
    rows: Iterator[Row], mapping: TableMapping, cells: Cells, remarks: Remarks, *, name: str
) -> Iterator[Readable]:
    """The documents of a table, in order."""
    maker = _Maker(mapping, cells, remarks, name)
    groups = ([row] for row in rows) if mapping.group_by is None else _groups(rows, mapping.group_by, remarks)
    seen: set[str] = set()
    for group in groups:
        document = maker.document(group)
        if document is None:
            continue
        if document.external_id in seen:
            message = "has the id of an earlier row; it will be kept as a newer version of the same document"
            remarks.add("same-id", message, where=group[0].where)
        seen.add(document.external_id)
        yield document


def _groups(rows: Iterator[Row], group_by: str, remarks: Remarks) -> list[list[Row]]:
    """Rows by the value of a column (or all of the file), groups and rows in order of appearance."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        key = "file" if group_by == "file" else as_text(cell_of(row, group_by)).strip()
        if key:
            groups.setdefault(key, []).append(row)
        else:
            remarks.add("no-group", f"a row has no {group_by!r} and was left out", where=row.where)
    return list(groups.values())


class _Maker:
    """Makes documents of groups of rows as one mapping says."""

    def __init__(self, mapping: TableMapping, cells: Cells, remarks: Remarks, name: str) -> None:
        self._mapping = mapping
        self._cells = cells
        self._remarks = remarks
        self._name = name
        self._kind = SourceKind(mapping.kind)

    def document(self, group: Sequence[Row]) -> ReadDocument | None:
        """One document, or None where the rows hold no words."""
        first = group[0]
        asked, turns = self._turns(group)
        if not turns:
            return None
        cells = self._cells
        return ReadDocument(
            kind=self._kind,
            external_id=self._id(group, turns),
            turns=tuple(turns),
            title=cells.text("title", first),
            happened_on=cells.day("date", first),
            url=cells.text("url", first),
            thread_id=cells.text("thread", first),
            question=asked,
            account=cells.text("account", first),
            segment=cells.text("segment", first),
            outcome=cells.outcome(first),
            competitor=cells.text("competitor", first),
            rights=self._rights(first),
            language=cells.text("language", first),
            tags=tuple(dict.fromkeys(tag for row in group for tag in cells.several("tags", row))),
            participants=self._people(group, turns),
            meta={name: value for name in self._mapping.meta if (value := as_text(cell_of(first, name)).strip())},
        )

    def _rights(self, row: Row) -> Rights | None:
        """Who may be quoted; what is written but not understood allows nothing."""
        rights = self._cells.closed("rights", row)
        unclear = Rights.NO_QUOTE if self._cells.written("rights", row) else None
        return Rights(rights) if rights else unclear

    def _id(self, group: Sequence[Row], turns: Sequence[ReadTurn]) -> str:
        """The row's own id, the group's, the file's name, or a hash of who said what when."""
        if written := self._cells.written("id", group[0]):
            return written
        if self._mapping.group_by == "file":
            return self._name
        if self._mapping.group_by:
            return as_text(cell_of(group[0], self._mapping.group_by)).strip()
        spoken = [part for turn in turns for part in (turn.speaker, " ".join(turn.text.split()))]
        return stable_id("row-", *spoken, self._cells.written("date", group[0]))

    def _turns(self, group: Sequence[Row]) -> tuple[str | None, list[ReadTurn]]:
        """The question that the first turn answers, where it stands beside it, and the turns."""
        if self._mapping.turns is not None:
            turns = self._nested(group[0])
            if not turns:
                self._remarks.add("no-text", "a row holds no words and was left out", where=group[0].where)
            return self._cells.text("question", group[0]), turns
        answers = [answer for row in group for answer in self._answered(row)]
        if self._timed():
            answers = self._merged(answers)
        if len(answers) == 1:
            return answers[0][0], [answers[0][1]]
        return None, _interleaved(answers)

    def _answered(self, row: Row) -> list[tuple[str | None, ReadTurn]]:
        """The row's answers; a finding where it has none."""
        answers = list(self._answers(row))
        if not answers:
            text = next((as_text(cell_of(row, name)) for name in self._mapping.text_columns()), "")
            deleted = text.strip().casefold() in DELETED
            code, what = ("deleted", "was deleted by its author") if deleted else ("no-text", "holds no words")
            self._remarks.add(code, f"a row {what} and was left out", where=row.where)
        return answers

    def _answers(self, row: Row) -> Iterator[tuple[str | None, ReadTurn]]:
        """(question, turn) pairs of one row: its text, and one for every question column."""
        speaker = self._speaker(row)
        if text_fields := self._mapping.fields.get("text"):
            text, quoted = self._words(text_fields[0], row)
            if text and text.casefold() not in DELETED:
                start, end = _in_order(self._time("start", row), self._time("end", row))
                turn = ReadTurn(speaker=speaker, text=text, start_ms=start, end_ms=end, quoted=quoted)
                yield self._cells.text("question", row), turn
        for column in self._mapping.questions:
            answer = as_text(cell_of(row, column)).strip(_BLANK)
            if answer.strip():
                yield column, ReadTurn(speaker=speaker, text=answer)

    def _words(self, field: Field, row: Row) -> tuple[str, Spans]:
        """The text of a row, its columns joined, and what in it is quoted."""
        text, quoted = "", []
        for column in field.columns:
            raw = as_text(cell_of(row, column))
            piece, spans = plain_text(raw) if column in field.html else self._plain(raw)
            if not piece.strip():
                continue
            text += field.join if text else ""
            quoted += [(start + len(text), end + len(text)) for start, end in spans]
            text += piece
        return text, tuple(quoted)

    def _plain(self, raw: str) -> tuple[str, Spans]:
        """Text as written; in communities a line that begins with `>` quotes somebody else."""
        piece = raw.strip(_BLANK)
        if self._kind is not SourceKind.COMMUNITY or ">" not in piece:
            return piece, ()
        return piece, tuple(match.span() for match in _QUOTE_LINE.finditer(piece))

    def _speaker(self, row: Row) -> str | None:
        """The author's name; who is only described is called by the description, told apart where it must be."""
        name, described = self._cells.text("speaker", row), self._cells.text("job_title", row)
        if name or not described:
            return name
        if self._kind is SourceKind.COMMUNITY:
            return f"{described} ({self._cells.written('id', row) or row.where})"
        return described

    def _people(self, group: Sequence[Row], turns: Sequence[ReadTurn]) -> tuple[Participant, ...]:
        people: dict[str, Participant] = {}
        if any(turn.speaker == ASKING for turn in turns):
            people[ASKING] = Participant(name=ASKING, side=Side.INTERVIEWER)
        for row in group:
            name = self._speaker(row)
            if name is None or name in people:
                continue
            title, email, firm = (self._cells.text(field, row) for field in ("job_title", "email", "firm"))
            side = self._cells.closed("side", row)
            if title or email or firm or side:
                people[name] = Participant(
                    name=name, title=title, email=email, affiliation=firm, side=Side(side) if side else None
                )
        return tuple(people.values())

    def _nested(self, row: Row) -> list[ReadTurn]:
        """The turns that a record holds in a list of its own."""
        told = self._mapping.turns
        elements = cell_of(row, told.path) if told else None
        if told is None or not isinstance(elements, list):
            return []
        turns = []
        for element in elements:
            text = as_text(_inside(element, told.text)).strip(_BLANK)
            if text.strip():
                start, end = _in_order(
                    *(_milliseconds(_inside(element, key), told.unit) for key in (told.start, told.end))
                )
                speaker = as_text(_inside(element, told.speaker)).strip() or None
                turns.append(ReadTurn(speaker=speaker, text=text, start_ms=start, end_ms=end))
        return turns

    def _timed(self) -> bool:
        return "start" in self._mapping.fields and self._mapping.group_by is not None

    def _merged(self, answers: Sequence[tuple[str | None, ReadTurn]]) -> list[tuple[str | None, ReadTurn]]:
        """Rows that are pieces of speech with times, merged into turns."""
        cues = (
            Cue(speaker=turn.speaker, text=turn.text, start_ms=turn.start_ms, end_ms=turn.end_ms) for _, turn in answers
        )
        return [(None, turn) for turn in merge(cues)]

    def _time(self, field: str, row: Row) -> int | None:
        source = next(iter(self._mapping.fields.get(field, ())), None)
        if source is None:
            return None
        unit = source.formats[0] if source.formats else "clock"
        return _milliseconds(self._cells.written(field, row), unit)


def _interleaved(answers: Sequence[tuple[str | None, ReadTurn]]) -> list[ReadTurn]:
    """Turns with each question before its answer, once where several answers follow."""
    turns: list[ReadTurn] = []
    asked: str | None = None
    for question, turn in answers:
        if question and question != asked:
            turns.append(ReadTurn(speaker=ASKING, text=question))
        asked = question or asked
        turns.append(turn)
    return turns


def _inside(element: Any, key: str | None) -> Any:
    return look_up(element, key) if key and isinstance(element, dict) else None


def _in_order(start: int | None, end: int | None) -> tuple[int | None, int | None]:
    """Two times; an end before its beginning is none."""
    return start, end if start is None or end is None or start <= end else None


def _milliseconds(value: object, unit: str) -> int | None:
    written = as_text(value).strip()
    if unit == "clock" or ":" in written:
        return parse_clock(written)
    try:
        return milliseconds(float(written), per=1000 if unit == "s" else 1)
    except ValueError:
        return None
