"""The query language: words, "exact phrases", -not, OR, AND, (groups), wild* and fuzzy~.

Bare words are wishes: a passage with more of them comes first, and none has to be there, so that a whole question can
be asked. What is written with an operator is a demand: phrases, groups, alternatives, and both sides of AND. A slip
(a quotation mark or parenthesis without its other half) is an error that says where, never an empty answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from winloss.errors import QueryError
from winloss.search.analysis import Token, fold, surfaces, tokens

DEEPEST = 20
"""Parentheses may be nested this deep."""

_QUOTES = '"“”„'
_PIECE = re.compile(rf"(?P<quote>[{_QUOTES}])|(?P<open>\()|(?P<close>\))|(?P<chunk>[^\s{_QUOTES}()]+)")
_FUZZY = re.compile(r"(.+?)~([12]?)[.,;:!?]*")
_WILD = re.compile(r"[\w*]+")
_HELP = 'Write words, "exact phrases", -not, OR, (groups), wild* or fuzzy~.'


@dataclass(frozen=True, slots=True)
class Word:
    """A bare word, found by its stem."""

    token: Token


@dataclass(frozen=True, slots=True)
class Exact:
    """Words side by side, as written; `column` is 1-based."""

    surfaces: tuple[str, ...]
    column: int = 1


@dataclass(frozen=True, slots=True)
class Wild:
    """Words of a pattern; `*` stands for any letters."""

    pattern: str
    column: int


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Words within `distance` slips of the pen (None: one up to five letters, else two)."""

    surface: str
    distance: int | None = None


@dataclass(frozen=True, slots=True)
class Same:
    """Ways to say one thing: whichever occurs counts as the same word."""

    ways: tuple[Word | Exact, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Alternatives joined by OR."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a sequence: a wish, or a demand that it is there (`required`) or is not (`excluded`)."""

    node: Node
    required: bool = False
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class All:
    """Parts one after another."""

    parts: tuple[Part, ...]


Leaf = Word | Exact | Wild | Fuzzy | Same
Node = Leaf | AnyOf | All


def parse(query: str) -> All:
    """The query as a tree.

    Raises:
        QueryError: it cannot be understood, or holds nothing to look for; `column` says where.
    """
    tree = _Parser(query).sequence(depth=0)
    if not any(not part.excluded for part in tree.parts):
        column = 1 if tree.parts else 0
        what = "the query says only what not to find" if tree.parts else "the query holds no word to look for"
        raise QueryError(what, hint=_HELP, column=column)
    return tree


def demands(query: str) -> bool:
    """Whether the query says what must or must not be there, which a search by meaning does not heed.

    Raises:
        QueryError: it cannot be understood.
    """
    return any(part.required or part.excluded for part in parse(query).parts)


def demanded(tree: All) -> All | None:
    """What the query demands to be or not to be there, or None where it demands nothing."""
    parts = tuple(part for part in tree.parts if part.required or part.excluded)
    return All(parts) if parts else None


def words_of(query: str) -> All:
    """The query's words alone, as if there were no operators."""
    return All(tuple(Part(Word(token)) for token in tokens(query)))


def forgiving(node: All) -> All:
    """The tree with slips of the pen forgiven in its bare words."""
    return All(tuple(replace(part, node=_forgiven(part.node)) for part in node.parts))


def plain_query(text: str) -> str:
    """The text as a query without operators: for questions written by people who do not know the query language.

    A text without any word stays as it is.
    """
    return " ".join(surface.replace("~", "") for surface in surfaces(text)) or text


def _forgiven(node: Node) -> Node:
    if isinstance(node, Word) and not node.token.stop:
        return Fuzzy(node.token.surface)
    if isinstance(node, AnyOf):
        return AnyOf(tuple(map(_forgiven, node.nodes)))
    return forgiving(node) if isinstance(node, All) else node


@dataclass(frozen=True, slots=True)
class _Piece:
    kind: str
    text: str
    at: int


class _Parser:
    """Reads the pieces from left to right; OR binds tighter than standing side by side."""

    def __init__(self, query: str) -> None:
        self.query = query
        self.pieces = list(_pieces(query))
        self.at = 0

    def sequence(self, depth: int) -> All:
        """Parts up to the end of the query or of the group."""
        parts: list[Part] = []
        while (piece := self._peek()) is not None:
            if piece.kind == "close":
                if depth:
                    break
                raise _slip("a closing parenthesis without an opening one", piece.at)
            if piece.kind in ("or", "and"):
                self._join(parts, self._next(), depth)
            else:
                parts += self._parts(depth)
        return All(tuple(parts))

    def _join(self, parts: list[Part], joint: _Piece, depth: int) -> None:
        """Join the part before with the part after by OR or AND."""
        after = self._parts(depth) if self._peek() is not None else []
        if not parts or not after or parts[-1].excluded or after[0].excluded:
            raise _slip(f"{joint.text} needs something to find on both sides", joint.at)
        if joint.kind == "and":
            parts[-1] = replace(parts[-1], required=True)
            parts += [replace(after[0], required=True), *after[1:]]
            return
        before = parts[-1].node
        known = before.nodes if isinstance(before, AnyOf) else (before,)
        parts[-1] = Part(AnyOf((*known, after[0].node)), required=True)
        parts += after[1:]

    def _parts(self, depth: int) -> list[Part]:
        """What the next piece stands for: nothing where it is only symbols, several parts where it is several words."""
        piece = self._peek()
        if piece is None or piece.kind in ("or", "and", "close"):
            return []
        self._next()
        if piece.kind == "not":
            return self._excluded(piece, depth)
        if piece.kind == "open":
            return [Part(self._group(piece, depth + 1), required=True)]
        if piece.kind == "phrase":
            return [Part(Exact(tuple(surfaces(piece.text)), piece.at), required=True)]
        return [Part(node) for node in _leaves(piece)]

    def _excluded(self, minus: _Piece, depth: int) -> list[Part]:
        parts = self._parts(depth)
        if not parts or parts[0].excluded:
            raise _slip("a minus sign without anything to leave out", minus.at)
        words = [part.node.token.surface for part in parts if isinstance(part.node, Word)]
        if len(words) == len(parts) > 1:
            return [Part(Exact(tuple(words), minus.at), excluded=True)]
        return [replace(part, required=False, excluded=True) for part in parts]

    def _group(self, opening: _Piece, depth: int) -> All:
        if depth > DEEPEST:
            raise _slip("the parentheses are nested too deeply", opening.at)
        group = self.sequence(depth)
        if self._peek() is None:
            raise _slip("an opening parenthesis without a closing one", opening.at)
        self._next()
        if not any(not part.excluded for part in group.parts):
            raise _slip("a group without anything to find", opening.at)
        return group

    def _peek(self) -> _Piece | None:
        return self.pieces[self.at] if self.at < len(self.pieces) else None

    def _next(self) -> _Piece:
        self.at += 1
        return self.pieces[self.at - 1]


def _pieces(query: str) -> Iterator[_Piece]:
    """Operators, phrases and chunks of text with their 1-based columns. A mark inside a word is no operator."""
    position, inside_word = 0, 0
    while (match := _PIECE.search(query, position)) is not None:
        position, column, kind = match.end(), match.start() + 1, str(match.lastgroup)
        glued = match.start() > 0 and query[match.start() - 1].isalnum()
        if kind == "quote":
            if glued and query[match.start() - 1].isdigit():
                continue
            phrase, position = _phrase(query, match.end(), column)
            yield _Piece("phrase", phrase, column)
        elif kind == "open" and glued:
            inside_word += 1
        elif kind == "close" and inside_word:
            inside_word -= 1
        elif kind == "chunk":
            yield from _chunk(match[0], column, query[position : position + 1])
        else:
            yield _Piece(kind, match[0], column)


def _phrase(query: str, start: int, column: int) -> tuple[str, int]:
    closing = re.compile(rf"[{_QUOTES}]").search(query, start)
    if closing is None:
        raise _slip("a quotation mark without its other half", column)
    phrase = query[start : closing.start()]
    if not surfaces(phrase):
        raise _slip("quotation marks without a word between them", column)
    return phrase, closing.end()


def _chunk(text: str, column: int, after: str) -> Iterator[_Piece]:
    if text in ("OR", "AND"):
        yield _Piece(text.lower(), text, column)
    elif text == "-" and after and after in f"({_QUOTES}":
        yield _Piece("not", text, column)
    elif re.match(r"-\w", text):
        yield _Piece("not", "-", column)
        yield _Piece("chunk", text[1:], column + 1)
    else:
        yield _Piece("chunk", text, column)


def _leaves(piece: _Piece) -> list[Leaf]:
    if "*" in piece.text and (wild := _wild(piece)):
        return wild
    fuzzy = _FUZZY.fullmatch(piece.text)
    if fuzzy and (named := surfaces(fuzzy[1])):
        return [Fuzzy(surface, int(fuzzy[2]) if fuzzy[2] else None) for surface in named]
    return [Word(replace(token, start=piece.at)) for token in tokens(piece.text)]


def _wild(piece: _Piece) -> list[Leaf]:
    leaves: list[Leaf] = []
    for match in _WILD.finditer(piece.text):
        letters = match[0].replace("*", "")
        if "*" not in match[0]:
            leaves += [Word(token) for token in tokens(match[0])]
        elif len(letters) == 1:
            raise _slip(f"{match[0]} would match far too many words", piece.at + match.start())
        elif letters:
            parts = (fold(part) for part in re.split(r"\*+", match[0]))
            leaves.append(Wild("*".join(parts), piece.at + match.start()))
    return leaves


def _slip(what: str, column: int) -> QueryError:
    return QueryError(f"{what}, at column {column} of the query", hint=_HELP, column=column)
