"""Documents that are written, not recorded: Word, RTF, PDF and web pages once their text is known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.limits import check_lines
from ingest.preamble import Preamble, split_front_matter
from ingest.speech import Speech, is_conversation, parse_speech
from ingest.speech_tables import Table, table_turns
from ingest.spoken import written_document
from ingest.turns import known_names
from winloss.errors import UnknownFormat
from winloss.model import Readable, ReadTurn
from winloss.ports import ReadContext

_PARAGRAPH = re.compile(r"(?>\r\n|\r|\n)[ \t]*(?>\r\n|\r|\n)[ \t\r\n]*")
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a document says: its text, its tables, what it tells about itself, and turns that its markup tells.

    `above_tables` and `above_turns` is the text that stands above the first of them; `names` are those that its markup
    shows to be speakers' names.
    """

    text: str
    tables: tuple[Table, ...] = ()
    above_tables: str = ""
    turns: tuple[ReadTurn, ...] = ()
    above_turns: str = ""
    names: frozenset[str] = frozenset()
    title: str | None = None
    language: str | None = None


def read_written(path: Path, written: Written, context: ReadContext) -> Iterator[Readable]:
    """One document of the way to name speakers that finds the most turns, and remarks about it.

    Where nobody is named, every paragraph is a turn of nobody, if a kind was asked for.

    Raises:
        UnknownFormat: nothing tells who speaks, and no kind was asked for.
        MalformedSource: there are no words in it, or more than in any conversation.
    """
    check_lines(path, written.text)
    front, body = split_front_matter(written.text)
    front = _told(front, written)
    known = known_names(context.manifest) | known_names(front.facts) | written.names
    speech = parse_speech(body, known=known)
    tabled = table_turns(written.tables)
    if len(tabled) > max(len(speech.turns), len(written.turns)):
        speech = Speech(turns=tabled, preamble=_lines(written.above_tables))
    elif len(written.turns) > len(speech.turns):
        speech = Speech(turns=written.turns, preamble=_lines(written.above_turns))
    elif not is_conversation(speech, body) and (context.kind is None or not speech.turns):
        speech = Speech(turns=nobodys(body))
        if context.kind is None and speech.turns:
            raise nobody_speaks(path)
    document, findings = written_document(path, speech, context, front=front, title=written.title)
    yield document
    yield from findings


def nobodys(text: str) -> tuple[ReadTurn, ...]:
    """Every paragraph as a turn of nobody."""
    parts = (part.strip(" \t\r\n") for part in _PARAGRAPH.split(text))
    return tuple(ReadTurn(speaker=None, text=part) for part in parts if part.strip())


def nobody_speaks(path: Path) -> UnknownFormat:
    """The refusal of a text that names no speakers and that nobody said to be an interview."""
    shown = f'"{path.name}"' if " " in path.name else path.name
    return UnknownFormat(
        f"nothing in {path.name} tells who speaks",
        hint=f"If it is an interview all the same: winloss ingest {shown} --kind interview",
        path=str(path),
    )


def _told(front: Preamble, written: Written) -> Preamble:
    language = {"language": written.language} if written.language else {}
    return Preamble(facts={**language, **front.facts}, unread=front.unread)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in _LINE_END.split(split_front_matter(text)[1]) if line.strip())
