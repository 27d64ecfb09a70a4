"""Putting the pieces of a query together: which parts are wishes, which are demands, and what belongs together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from winloss.search.analysis import fold, surfaces, tokens
from winloss.search.pieces import Piece, pieces
from winloss.search.slips import slip
from winloss.search.tree import All, AnyOf, Exact, Field, Fuzzy, Near, Node, Part, Wild, Word, fields_in

DEEPEST = 20
"""Parentheses may be nested this deep."""

_FUZZY = re.compile(r"(.+?)~([12]?)[.,;:!?]*")
_TOO_FUZZY = re.compile(r"\w+~([0-9]+)[.,;:!?]*")
_HYPHENS = ("-", "\u2010", "\u2011")
_WILD = re.compile(r"[\w*]+")


@dataclass(slots=True)
class _Unit:
    """What stands between two spaces: alternatives, each of one node or, for `bake-off`, of several."""

    choices: list[tuple[Node, ...]]
    required: bool = False
    excluded: bool = False

    def parts(self) -> list[Part]:
        if self.excluded:
            return [Part(node, excluded=True) for choice in self.choices for node in choice]
        if one := _one_field(self.choices):
            return [Part(one, required=True)]
        if len(self.choices) == 1:
            return [Part(node, required=self.required) for node in self.choices[0]]
        return [Part(AnyOf(tuple(map(_as_one, self.choices))), required=True)]


class Parser:
    """Reads the pieces from left to right; OR binds tighter than standing side by side."""

    def __init__(self, query: str) -> None:
        self._pieces = list(pieces(query))
        self._at = 0

    def sequence(self, depth: int = 0) -> All:
        """Parts up to the end of the query or of the group.

        Raises:
            QueryError: an operator lacks a side, or a parenthesis its other half; `column` says where.
        """
        units: list[_Unit] = []
        joint: Piece | None = None
        while (piece := self._peek()) is not None and not (piece.kind == "close" and depth):
            if piece.kind in ("or", "and"):
                if joint or not units or units[-1].excluded:
                    raise _one_sided(piece)
                joint = self._next()
            elif (unit := self._unit(depth)) is not None:
                _join(units, joint, unit)
                joint = None
        if joint:
            raise _one_sided(joint)
        return All(tuple(part for unit in units for part in unit.parts()))

    def _unit(self, depth: int) -> _Unit | None:
        """What the next piece stands for; None where it is only symbols."""
        piece = self._next()
        if piece.kind == "close":
            raise slip("a closing parenthesis without an opening one", piece.at)
        if piece.kind == "not":
            return self._excluded(piece, depth)
        if piece.kind == "open":
            return _Unit([(self._group(piece, depth + 1),)], required=True)
        if piece.kind == "phrase":
            return _Unit([(_phrase(piece),)], required=True)
        if piece.kind == "field":
            return _Unit([(field,) for field in piece.fields], required=True)
        nodes = tuple(_leaves(piece))
        return _Unit([nodes]) if nodes else None

    def _excluded(self, minus: Piece, depth: int) -> _Unit:
        following = self._peek()
        ready = following is not None and following.kind not in ("not", "or", "and", "close")
        unit = self._unit(depth) if ready else None
        if unit is None:
            raise slip(f"{_sign(minus)} without anything to leave out", minus.at)
        words = [node for node in unit.choices[0] if isinstance(node, Word)]
        if len(words) == len(unit.choices[0]) > 1:
            text = " ".join(word.text for word in words)
            unit.choices = [(Exact(tuple(word.token.surface for word in words), minus.at, text),)]
        unit.excluded = True
        return unit

    def _group(self, opening: Piece, depth: int) -> All:
        if depth > DEEPEST:
            raise slip("the parentheses are nested too deeply", opening.at)
        group = self.sequence(depth)
        if self._peek() is None:
            raise slip("an opening parenthesis without a closing one", opening.at)
        self._next()
        if not finds_something(group):
            raise slip("a group without anything to find", opening.at)
        return group

    def _peek(self) -> Piece | None:
        return self._pieces[self._at] if self._at < len(self._pieces) else None

    def _next(self) -> Piece:
        self._at += 1
        return self._pieces[self._at - 1]


def finds_something(tree: All) -> bool:
    """Whether the tree says what to find: more than words that must not be there."""
    return any(not part.excluded or any(fields_in(part.node)) for part in tree.parts)


def _join(units: list[_Unit], joint: Piece | None, unit: _Unit) -> None:
    """Add the unit, joined with the one before by OR or AND where one of them stands between."""
    if joint is None:
        units.append(unit)
        return
    if unit.excluded:
        raise _one_sided(joint)
    if joint.kind == "or":
        units[-1].choices += unit.choices
    else:
        units[-1].required = unit.required = True
        units.append(unit)


def _one_field(choices: Sequence[tuple[Node, ...]]) -> Field | None:
    """Alternatives that only name values of one field, as that field."""
    fields = [node for choice in choices for node in choice if isinstance(node, Field) and node.values]
    if len(fields) < len(choices) or len({field.name for field in fields}) > 1:
        return None
    places: dict[str, int] = {}
    for field in fields:
        for value, place in zip(field.values, field.places, strict=True):
            places.setdefault(value, place)
    return replace(fields[0], values=tuple(places), places=tuple(places.values()))


def _as_one(nodes: tuple[Node, ...]) -> Node:
    return nodes[0] if len(nodes) == 1 else All(tuple(Part(node, required=True) for node in nodes))


def _phrase(piece: Piece) -> Exact | Near:
    words = tuple(surfaces(piece.text))
    text = " ".join(piece.text.split())
    return Exact(words, piece.at, text) if piece.slop is None else Near(words, piece.slop, piece.at, text)


def _leaves(piece: Piece) -> Sequence[Node]:
    if "*" in piece.text and (wild := _wild(piece)):
        return wild
    if "~" in piece.text and (fuzzy := _fuzzy(piece)):
        return fuzzy
    return _words(piece.text, piece.at)


def _words(text: str, column: int) -> list[Node]:
    words: list[Node] = []
    end = 0
    for token in tokens(text):
        joined = bool(words) and text[end : token.start] in _HYPHENS
        words.append(Word(replace(token, start=column), text[token.start : token.end], joined))
        end = token.end
    return words


def _fuzzy(piece: Piece) -> list[Node]:
    too_far = _TOO_FUZZY.fullmatch(piece.text)
    if too_far and too_far[1] not in ("1", "2"):
        raise slip("1 or 2 slips of the pen were expected after the ~", piece.at + too_far.start(1))
    fuzzy = _FUZZY.fullmatch(piece.text)
    distance = int(fuzzy[2]) if fuzzy and fuzzy[2] else None
    return [Fuzzy(surface, distance, text) for surface, text in _typed(fuzzy[1])] if fuzzy else []


def _typed(text: str) -> list[tuple[str, str]]:
    return [(token.surface, text[token.start : token.end]) for token in tokens(text)]


def _wild(piece: Piece) -> list[Node]:
    leaves: list[Node] = []
    for match in _WILD.finditer(piece.text):
        letters = match[0].replace("*", "")
        if "*" not in match[0]:
            leaves += _words(match[0], piece.at)
        elif len(letters) == 1:
            raise slip(f"{match[0]} would match far too many words", piece.at + match.start())
        elif letters:
            parts = (fold(part) for part in re.split(r"\*+", match[0]))
            leaves.append(Wild("*".join(parts), piece.at + match.start(), match[0]))
    return leaves


def _sign(minus: Piece) -> str:
    return "a minus sign" if minus.text == "-" else minus.text


def _one_sided(joint: Piece) -> Exception:
    return slip(f"{joint.text} needs something to find on both sides", joint.at)
