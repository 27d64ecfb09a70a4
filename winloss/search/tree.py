"""What a query is once it is read: a tree of parts, each a wish or a demand.

Columns and the text as typed tell people where and what; they do not count when trees are compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from winloss.search.analysis import Token


@dataclass(frozen=True, slots=True)
class Word:
    """A bare word, found by its stem; `joined` with a hyphen to the word before it. `text` is how it was typed."""

    token: Token
    text: str = field(default="", compare=False)
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Exact:
    """Words side by side, as written; `column` is 1-based."""

    surfaces: tuple[str, ...]
    column: int = field(default=1, compare=False)
    text: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Near:
    """Words as written, in any order, with at most `slop` other words among them.

    For words in the order written this is Lucene's slop; another order costs nothing here. A word that is written twice
    has to be there twice.
    """

    surfaces: tuple[str, ...]
    slop: int
    column: int = field(default=1, compare=False)
    text: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Wild:
    """Words of a pattern; `*` stands for any letters."""

    pattern: str
    column: int = field(default=1, compare=False)
    text: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Words within `distance` slips of the pen (None: one up to five letters, else two)."""

    surface: str
    distance: int | None = None
    text: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Misspelt:
    """Words that are probably a name with a slip of the pen in it."""

    name: str


@dataclass(frozen=True, slots=True)
class Same:
    """Ways to say one thing: whichever occurs counts as the same word."""

    ways: tuple[Word | Exact | Misspelt, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """What is known about a verbatim beside its words: one of `values`, or something from `low` to `high`.

    Both ends are inclusive and one of them may be open (None). `date` has ISO days, `quarter` quarters as `2026Q1`;
    other values are as written. `places` are the columns of the values, or of the range.
    """

    name: str
    values: tuple[str, ...] = ()
    low: str | None = None
    high: str | None = None
    column: int = field(default=1, compare=False)
    places: tuple[int, ...] = field(default=(), compare=False)


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


Worded = Word | Exact | Near | Wild | Fuzzy | Misspelt
Leaf = Worded | Same | Field
Node = Leaf | AnyOf | All


def fields_in(node: Node) -> Iterator[Field]:
    """Every field that the tree asks for or excludes, from left to right."""
    if isinstance(node, Field):
        yield node
    elif isinstance(node, AnyOf):
        for child in node.nodes:
            yield from fields_in(child)
    elif isinstance(node, All):
        for part in node.parts:
            yield from fields_in(part.node)
