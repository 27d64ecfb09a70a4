"""Codings on a plain text, as research tools keep them: laid on the turns of the conversation in it.

Tools count positions differently: in code points, in UTF-16 units, with line ends of one or of two characters, with or
without a byte order mark. Where a coding tells its words, the way of counting that finds most of them is taken.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path

from ingest.preamble import day_of, read_preamble
from ingest.recordings import remark
from ingest.speech import is_conversation, parse_speech
from ingest.spoken import spoken_kind
from ingest.turns import known_names
from ingest.values import day_in_name
from ingest.written import nobodys
from winloss.model import Finding, Highlight, Participant, Readable, ReadDocument, ReadTurn, Side
from winloss.ports import ReadContext

RESPONDENT = "Respondent"
"""Who is taken to have said what somebody coded, where nothing names a speaker."""

_FEW = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """A coded span of a text: half-open, as its tool counts; `words` are its words as the tool gives them."""

    start: int
    end: int
    codes: tuple[str, ...]
    coder: str | None = None
    note: str | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedText:
    """A text with its codings, and what is known of it."""

    id: str
    text: str
    selections: tuple[Selection, ...]
    title: str | None = None
    tags: tuple[str, ...] = ()


def coded_document(coded: CodedText, path: Path, context: ReadContext) -> Iterator[Readable]:
    """The text as a document with its codings as highlights, and remarks. No words in it: remarks only.

    Where a paragraph names no speaker, what is coded of it counts as the buyer's words, and nothing else of it does.
    """
    selections, way = _placed(coded.text, coded.selections)
    turns, above = _turns(coded.text, context)
    if not turns:
        yield Finding(code="no-words", message="a coded source holds no words and was left out", where=coded.id)
        return
    places = list(_places(coded.text, turns))
    highlights, lost = [], 0
    for selection in selections:
        found = list(_on_turns(selection, places))
        highlights += found
        lost += not found
    marked = {highlight.turn for highlight in highlights}
    nameless = [number for number in sorted(marked) if turns[number].speaker is None]
    for number in nameless:
        spans = [(mark.start, mark.end) for mark in highlights if mark.turn == number]
        rest = tuple(_uncovered(len(turns[number].text), spans))
        turns[number] = replace(turns[number], speaker=RESPONDENT, quoted=rest)
    yield ReadDocument(
        kind=spoken_kind(context),
        external_id=coded.id,
        turns=tuple(turns),
        title=coded.title,
        happened_on=day_of(read_preamble(above).facts) or day_in_name(coded.title or ""),
        tags=coded.tags,
        participants=(Participant(name=RESPONDENT, side=Side.BUYER),) if nameless else (),
        highlights=tuple(highlights),
    )
    yield from _remarks(coded, path, way=way, nameless=len(nameless), lost=lost)


def coded_excerpts(
    path: Path,
    context: ReadContext,
    *,
    name: str,
    excerpts: Sequence[Selection],
    title: str | None = None,
    url: str | None = None,
) -> Iterator[Readable]:
    """A document of nothing but coded excerpts (`words` each): every one is a turn of the respondent."""
    told = [excerpt for excerpt in excerpts if (excerpt.words or "").strip()]
    turns = tuple(ReadTurn(speaker=RESPONDENT, text=(excerpt.words or "").strip()) for excerpt in told)
    if not turns:
        return
    highlights = tuple(
        Highlight(turn=number, start=0, end=len(turn.text), codes=excerpt.codes, coder=excerpt.coder, note=excerpt.note)
        for number, (turn, excerpt) in enumerate(zip(turns, told, strict=True))
    )
    yield ReadDocument(
        kind=spoken_kind(context),
        external_id=name,
        turns=turns,
        title=title,
        happened_on=day_in_name(title or name),
        url=url,
        participants=(Participant(name=RESPONDENT, side=Side.BUYER),),
        highlights=highlights,
    )
    yield _taken_for_the_buyer(path, len(turns))


def _turns(text: str, context: ReadContext) -> tuple[list[ReadTurn], tuple[str, ...]]:
    speech = parse_speech(text, known=known_names(context.manifest))
    if speech.turns and is_conversation(speech, text):
        return list(speech.turns), speech.preamble
    return list(nobodys(text)), ()


def _places(text: str, turns: Sequence[ReadTurn]) -> Iterator[tuple[int, int]]:
    """Where each turn lies in the text."""
    cursor = 0
    for turn in turns:
        start = text.find(turn.text, cursor)
        start = cursor if start < 0 else start
        cursor = start + len(turn.text)
        yield start, cursor


def _on_turns(selection: Selection, places: Sequence[tuple[int, int]]) -> Iterator[Highlight]:
    """The selection as highlights of the turns that it touches."""
    first = max(0, bisect_right(places, (selection.start, -1)) - 1)
    for number in range(first, len(places)):
        start, end = places[number]
        if start >= selection.end:
            return
        begin, stop = max(selection.start, start), min(selection.end, end)
        if begin < stop:
            yield Highlight(
                turn=number,
                start=begin - start,
                end=stop - start,
                codes=selection.codes,
                coder=selection.coder,
                note=selection.note,
            )


def _uncovered(length: int, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """What of a text lies in none of the spans."""
    cursor = 0
    for start, end in sorted(spans):
        if cursor < start:
            yield cursor, start
        cursor = max(cursor, end)
    if cursor < length:
        yield cursor, length


# --- Ways to count ---------------------------------------------------------------------------------------------------

Way = Callable[[int], int]


def _placed(text: str, selections: Sequence[Selection]) -> tuple[list[Selection], str]:
    """The selections in code points of the text, and how their positions had to be counted."""
    checked = [selection for selection in selections if _squeezed(selection.words or "")]
    best, best_score = "code points", -1
    for name, way in _ways(text):
        score = sum(_says(text, selection, way) for selection in checked)
        if score > best_score:
            best, best_score = name, score
    way = next(way for name, way in _ways(text) if name == best)
    moved = [replace(it, start=way(it.start), end=way(it.end)) for it in selections]
    return [it for it in moved if 0 <= it.start < it.end <= len(text)], best


def _ways(text: str) -> Iterator[tuple[str, Way]]:
    yield "code points", lambda place: place
    sizes = {
        "UTF-16 units": lambda letter: 2 if ord(letter) > 0xFFFF else 1,
        "line ends of two characters": lambda letter: 2 if letter == "\n" else 1,
        "line ends of one character": lambda letter: 0 if letter == "\r" else 1,
    }
    for name, size in sizes.items():
        ends = list(accumulate(map(size, text), initial=0))
        yield name, lambda place, ends=ends: bisect_right(ends, place) - 1  # type: ignore[misc]
    yield "a byte order mark counted", lambda place: place - 1


def _says(text: str, selection: Selection, way: Way) -> bool:
    """Whether the text has the selection's words there; tools that cut them off at some length tell their beginning."""
    start, end = way(selection.start), way(selection.end)
    if not 0 <= start < end <= len(text):
        return False
    here, told = _squeezed(text[start:end]), _squeezed(selection.words or "")
    return here == told or (len(told) >= _FEW and here.startswith(told.removesuffix("…").removesuffix("...")))


def _squeezed(words: str) -> str:
    return " ".join(words.split())


# --- Remarks ---------------------------------------------------------------------------------------------------------


def _remarks(coded: CodedText, path: Path, *, way: str, nameless: int, lost: int) -> Iterator[Finding]:
    if way != "code points":
        yield remark("positions", f"the positions of codings were read as {way}: so they fall on their words")
    if lost:
        message = "codings lie on no words that anybody says and were left out; look at them in the tool they are from"
        yield Finding(code="codings-lost", message=message, count=lost, where=coded.title or coded.id)
    if nameless:
        yield _taken_for_the_buyer(path, nameless)


def _taken_for_the_buyer(path: Path, count: int) -> Finding:
    message = (
        "coded passages name no speaker and count as the buyer's words, because somebody coded them; "
        "`winloss speakers` shows them and corrects it"
    )
    return Finding(code="coded-as-buyer", message=message, count=count, where=path.name)
