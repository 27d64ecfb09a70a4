"""A rendered report read back into pieces: what is a statement, a quote, a source line, a note, a cell, a heading.

Whatever is in no place that the renderers have is taken for a statement, so that nothing is said unseen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from html.parser import HTMLParser

CITED, METHOD = "Verbatims cited", "How this was made"


class Kind(Enum):
    """What a piece of a report is."""

    HEADING = "heading"
    VERDICT = "verdict"
    STATEMENT = "statement"
    QUOTE = "quote"
    SOURCE = "source"
    NOTE = "note"
    CELL = "cell"
    CITED = "cited"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of a report: its words as they are shown, and the numbers that it cites."""

    kind: Kind
    text: str
    numbers: tuple[int, ...] = ()


def read_back(text: str, suffix: str) -> list[Piece]:
    """The pieces of a report in the form that `suffix` names, in order, without the settings at its end."""
    return list(_from_html(text) if suffix == ".html" else _from_markdown(text))


# --- Markdown --------------------------------------------------------------------------------------------------------

_MARK = re.compile(r"(?<!\\)\[\[(\d+)\]\]\(#v\d+\)")
_LISTED = re.compile(r'(\d+)\. <a id="v\d+"></a>“(.*)” (.*)\. \[In context\]\(\S*\)')
_QUOTE = re.compile(r"> (?:A different voice: )?“(.*)” \[\[(\d+)\]\]\(#v\d+\)")


def _from_markdown(text: str) -> Iterator[Piece]:
    lines = text.split("\n")
    number, part = 0, ""
    for place, line in enumerate(lines):
        if line.startswith("## "):
            part = line[3:]
        if part == METHOD or not line.strip() or line.strip() == ">":
            continue
        if quote := _QUOTE.fullmatch(line):
            number = int(quote[2])
            yield Piece(kind=Kind.QUOTE, text=_shown(quote[1]), numbers=(number,))
        elif listed := _LISTED.fullmatch(line):
            yield Piece(kind=Kind.CITED, text=_shown(listed[2]), numbers=(int(listed[1]),))
            yield Piece(kind=Kind.SOURCE, text=_shown(listed[3]), numbers=(int(listed[1]),))
        elif line.startswith("|"):
            yield from _cells(line, is_head=place + 1 < len(lines) and lines[place + 1].startswith("|---"))
        elif line != f"## {CITED}":
            yield _line(line, number)


def _line(line: str, number: int) -> Piece:
    numbers = tuple(int(found) for found in _MARK.findall(line))
    words = _MARK.sub("", line).strip()
    if heading := re.fullmatch(r"#{1,3} (.*)", words):
        return Piece(kind=Kind.HEADING, text=_shown(heading[1]))
    if label := re.fullmatch(r"> \*\*(.*)\*\*", words):
        return Piece(kind=Kind.HEADING, text=_shown(label[1]))
    if words.startswith("> "):
        return Piece(kind=Kind.SOURCE, text=_shown(words[2:]), numbers=(number,))
    if title := re.fullmatch(r"\*\*(.*)(?<!\\)\*\*", words):
        return Piece(kind=Kind.HEADING, text=_shown(title[1]))
    if verdict := re.fullmatch(r"\*\*[^*]*\.\*\* (.*)", words):
        return Piece(kind=Kind.VERDICT, text=_shown(verdict[1]), numbers=numbers)
    if note := re.fullmatch(r"(?<!\*)\*(?!\*)(.*)(?<!\\)\*", words):
        return Piece(kind=Kind.NOTE, text=_shown(note[1]), numbers=numbers)
    return Piece(kind=Kind.STATEMENT, text=_shown(words.removeprefix("- ")), numbers=numbers)


def _cells(line: str, *, is_head: bool) -> Iterator[Piece]:
    """The cells of a row but its first, which names the row; neither heads nor the line under them count anything."""
    if is_head or line.startswith("|---"):
        return
    for cell in re.split(r"(?<!\\)\|", line)[2:-1]:
        yield Piece(kind=Kind.CELL, text=_shown(cell.strip()))


def _shown(text: str) -> str:
    """The text as a page shows it: without the backslashes before what would act, with its line breaks."""
    return re.sub(r"\\([\\`*_\[\]<>|~$&@:.])", r"\1", text.replace("<br>", "\n"))


# --- HTML ------------------------------------------------------------------------------------------------------------

_EMPTY = frozenset({"meta", "br", "img", "link", "hr", "input", "circle", "line", "rect", "polyline", "polygon"})
_UNSEEN = frozenset({"style", "title", "nav", "svg"})


def _from_html(text: str) -> list[Piece]:
    found: list[Piece] = []
    reader = _Reader()
    reader.feed(text)
    reader.close()
    number: tuple[int, ...] = ()
    for piece in reversed(reader.pieces):  # the number of a quote stands in the line below it
        number = piece.numbers if piece.kind is Kind.SOURCE else number
        found.append(replace(piece, numbers=number) if piece.kind is Kind.QUOTE else piece)
    return found[::-1]


class _Reader(HTMLParser):
    """Gathers the words of each element that is a piece by itself; links of citations are numbers, not words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[Piece] = []
        self._open: list[tuple[str, str]] = []
        self._words: list[str] = []
        self._numbers: list[int] = []
        self._kind: Kind | None = None
        self._depth = 0
        self._listed = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _EMPTY:
            return
        given = dict(attrs)
        self._open.append((tag, given.get("class") or ""))
        if tag == "li" and self._within("ol", "cited"):
            self._listed = int((given.get("id") or "v0")[1:] or 0)
        kind = self._starts(tag, given.get("class") or "")
        if kind is not None:
            self._flush()
            self._kind, self._depth = kind, len(self._open)

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            name, _ = self._open.pop()
            if self._kind is not None and len(self._open) < self._depth:
                self._flush()
            if name == tag:
                break

    def handle_data(self, data: str) -> None:
        if self._unseen():
            return
        if self._open and self._open[-1] == ("a", "cite"):
            self._numbers += [int(found) for found in re.findall(r"\d+", data)]
        elif self._kind is not None or data.strip():
            self._words.append(data)

    def close(self) -> None:
        super().close()
        self._flush()

    def _starts(self, tag: str, kind: str) -> Kind | None:
        """The piece that an element begins."""
        if self._unseen() or self._kind in (Kind.VERDICT, Kind.CITED):
            return Kind.SOURCE if (tag, kind) == ("span", "who") else None
        known = {
            "blockquote": Kind.QUOTE,
            "figcaption": Kind.SOURCE,
            "q": Kind.CITED,
            "td": Kind.CELL,
            "th": Kind.HEADING,
            "li": Kind.STATEMENT,
            "p": Kind.STATEMENT,
        }
        by_class = {"verdict": Kind.VERDICT, "note": Kind.NOTE, "label": Kind.HEADING, "who": Kind.SOURCE}
        for word in kind.split():
            if word in by_class:
                return by_class[word]
        return Kind.HEADING if re.fullmatch("h[1-6]", tag) else known.get(tag)

    def _within(self, tag: str, kind: str) -> bool:
        return any(name == tag and kind in classes.split() for name, classes in self._open)

    def _unseen(self) -> bool:
        """What is no part of what the report says: styles, charts, settings, heads and names of rows, fixed words."""
        return any(
            name in _UNSEEN or name == "th" or "method" in classes.split() or "contrary" in classes.split()
            for name, classes in self._open
        )

    def _flush(self) -> None:
        text, numbers = "".join(self._words), tuple(self._numbers)
        kind = self._kind or Kind.STATEMENT
        self._words, self._numbers, self._kind = [], [], None
        if not text.strip() or text.strip() in (CITED, METHOD):
            return
        if kind is Kind.CITED or self._within("ol", "cited"):
            numbers = (self._listed,)
        self.pieces.append(
            Piece(kind=kind, text=text if kind in (Kind.QUOTE, Kind.CITED) else text.strip(), numbers=numbers)
        )
