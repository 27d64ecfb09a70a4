"""Cutting a query into its pieces: operators, phrases, fields and chunks of text, each with its column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from winloss.search.analysis import surfaces
from winloss.search.fields import QUOTES, field_at
from winloss.search.slips import slip
from winloss.search.tree import Field

MOST_BETWEEN = 50
"""The most other words that nearness may allow."""

_PIECE = re.compile(rf"(?P<quote>[{QUOTES}])|(?P<open>\()|(?P<close>\))|(?P<chunk>[^\s{QUOTES}()]+)")
_QUOTE = re.compile(f"[{QUOTES}]")
_OPENS = re.compile(rf"(?<![^\s{QUOTES}(\[{{\-:=/])[{QUOTES}](?=[^\s)\]}}.,;!?])")
"""A quotation mark that opens by its looks: nothing before it that it could close, something behind it to open."""
_NOTHING_QUOTED = re.compile(f"[{QUOTES}]{{2}}")
_MINUS = re.compile(r"-(?=\*?\w)")
_NEARNESS = re.compile(rf"~(?P<number>[^\s{QUOTES}()]*)")
_OPERATORS = {"OR": "or", "AND": "and", "NOT": "not"}
_NEAR_HINT = f'Write "near these"~5 for at most five other words among them, up to {MOST_BETWEEN}.'


@dataclass(frozen=True, slots=True)
class Piece:
    """`kind` is or, and, not, open, close, phrase, field or chunk; `at` the 1-based column.

    `slop` is the nearness of a phrase, `fields` the alternatives of a field.
    """

    kind: str
    text: str
    at: int
    slop: int | None = None
    fields: tuple[Field, ...] = ()


def pieces(query: str) -> Iterator[Piece]:
    """The pieces in order. A quotation mark or parenthesis inside a word is no operator.

    A phrase may hold quotation marks; where they do not pair up, whatever stands between the first and the last
    character of the query is one phrase.

    Raises:
        QueryError: a phrase or a field is not complete; `column` says where.
    """
    if (whole := _one_phrase(query)) is not None:
        yield whole
        return
    position, inside_word = 0, 0
    while (match := _PIECE.search(query, position)) is not None:
        start, position, kind = match.start(), match.end(), str(match.lastgroup)
        glued = start > 0 and query[start - 1].isalnum()
        if kind == "quote":
            if not (glued and query[start - 1].isdigit()):
                phrase, position = _phrase(query, start)
                yield phrase
        elif kind == "open" and glued:
            inside_word += 1
        elif kind == "close" and inside_word:
            inside_word -= 1
        elif kind == "chunk":
            found, position = _chunk(query, start, position)
            yield from found
        else:
            yield Piece(kind, match[0], start + 1)


def _phrase(query: str, start: int) -> tuple[Piece, int]:
    """The phrase that begins here, with its nearness, and where it ends."""
    closing = _closing(query, start)
    if closing is None:
        raise slip("a quotation mark without its other half", start + 1)
    text, end = query[start + 1 : closing], closing + 1
    words = surfaces(text)
    if not words:
        raise slip("quotation marks without a word between them", start + 1)
    nearness = _NEARNESS.match(query, end)
    if nearness is None:
        return Piece("phrase", text, start + 1), end
    return Piece("phrase", text, start + 1, slop=_slop(nearness, len(words))), nearness.end()


def _closing(query: str, start: int) -> int | None:
    """Where the quotation mark at `start` has its other half, those of other pairs in between aside."""
    depth = 1
    for mark in _QUOTE.finditer(query, start + 1):
        depth += 1 if _OPENS.match(query, mark.start()) else -1
        if not depth:
            return mark.start()
    return None


def _one_phrase(query: str) -> Piece | None:
    """The query as one phrase, if it stands between quotation marks and those within it have no other half."""
    start, end = len(query) - len(query.lstrip()), len(query.rstrip()) - 1
    if (
        start >= end
        or query[start] not in QUOTES
        or query[end] not in QUOTES
        or (_pairs_up(query, end) and not _NOTHING_QUOTED.search(query))
    ):
        return None
    text = query[start + 1 : end]
    return Piece("phrase", text, start + 1) if surfaces(text) else None


def _pairs_up(query: str, end: int) -> bool:
    """Whether each quotation mark up to the one at `end` has its other half."""
    depth = 0
    for mark in _QUOTE.finditer(query):
        opens = _OPENS.match(query, mark.start()) is not None
        if not depth and not opens and mark.start() < end and query[mark.start() - 1].isdigit():
            continue  # inches
        depth += 1 if opens else -1
        if depth < 0:
            return False
    return not depth


def _slop(nearness: re.Match[str], words: int) -> int:
    number = nearness["number"].rstrip(".,;:!?")
    column = nearness.start("number") + 1
    if not (number.isascii() and number.isdigit() and len(number) < 5 and int(number) <= MOST_BETWEEN):
        raise slip(f"a number from 0 to {MOST_BETWEEN} was expected after the ~", column, _NEAR_HINT)
    if words < 2:
        raise slip("nearness needs two words or more", column, f"{_NEAR_HINT} For slips of the pen write word~.")
    return int(number)


def _chunk(query: str, start: int, end: int) -> tuple[list[Piece], int]:
    """What the text between two white spaces, quotation marks or parentheses stands for, and where it ends."""
    text, column = query[start:end], start + 1
    if text in _OPERATORS:
        return [Piece(_OPERATORS[text], text, column)], end
    if text == "-" and query[end : end + 1] and query[end] in f"({QUOTES}":
        return [Piece("not", text, column)], end
    found: list[Piece] = []
    if _MINUS.match(text):
        found, start, text = [Piece("not", "-", column)], start + 1, text[1:]
    if (fields := field_at(query, start)) is not None:
        return [*found, Piece("field", text, start + 1, fields=tuple(fields[0]))], fields[1]
    return [*found, Piece("chunk", text, start + 1)], end
