"""Conversations in tables of speaker and text: those of Word and web pages, and Markdown's `| Speaker | Text |`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.turns import could_be_name
from ingest.values import parse_clock
from winloss.model import ReadTurn

Table = Sequence[Sequence[str]]

_HEADER_CELLS = frozenset({"speaker", "name", "who", "text", "transcript", "time", "timestamp", "words", "utterance"})
_LINE_END = re.compile(r"\r\n|\r|\n")
_RULE = re.compile(r"\|?(?:[ \t]*:?-+:?[ \t]*\|)+(?:[ \t]*:?-+:?)?[ \t]*")
_BAR = re.compile(r"(?<!\\)\|")
_STRONG = re.compile(r"(\*\*|__)(.+?)\1:?")


def table_turns(tables: Sequence[Table]) -> tuple[ReadTurn, ...]:
    """Turns of the tables whose rows are speaker and text, with a time before, between or after them or without.

    A row without a speaker goes on with the one before. Tables in which a speaker's place holds what is no name are
    no conversations and give nothing.
    """
    turns: list[ReadTurn] = []
    for table in tables:
        turns += _turns_of(table)
    return tuple(turns)


def split_markdown_table(text: str) -> tuple[tuple[str, ...], Table]:
    """The lines above the first Markdown table of a text, and the rows of that table; no rows where there is none."""
    lines = [line.strip(" \t") for line in _LINE_END.split(text)]
    rule = next((place for place, line in enumerate(lines) if place and _is_rule(line, lines[place - 1])), None)
    if rule is None:
        return (), ()
    rows = [_cells(lines[rule - 1])]
    for line in lines[rule + 1 :]:
        if "|" not in line:
            break
        rows.append(_cells(line))
    return tuple(line for line in lines[: rule - 1] if line), tuple(rows)


def _turns_of(table: Table) -> list[ReadTurn]:
    turns: list[ReadTurn] = []
    speaker: str | None = None
    for row in table:
        time = next((clock for cell in row if (clock := parse_clock(cell.strip("[]()"))) is not None), None)
        cells = [cell for cell in row if parse_clock(cell.strip("[]()")) is None]
        if len(cells) != 2 or all(cell.casefold() in _HEADER_CELLS for cell in cells if cell):
            continue
        name = cells[0].rstrip(": \t")
        if name and not could_be_name(name):
            return []
        speaker = name or speaker
        if cells[1].strip():
            turns.append(ReadTurn(speaker=speaker, text=cells[1], start_ms=time))
    return turns


def _is_rule(line: str, above: str) -> bool:
    return "|" in above and "|" in line and bool(_RULE.fullmatch(line))


def _cells(line: str) -> tuple[str, ...]:
    """The cells of a row as Markdown shows them: a name's bold print goes, an escaped bar is a bar."""
    first, *rest = _BAR.split(line.removeprefix("|"))
    if rest and not rest[-1].strip():
        rest.pop()
    cells = [cell.strip(" \t").replace("\\|", "|") for cell in (first, *rest)]
    return tuple(strong[2] if (strong := _STRONG.fullmatch(cell)) else cell for cell in cells)
