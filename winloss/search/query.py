"""The query language: words, "exact phrases", "near these"~5, -not, OR, AND, (groups), wild*, fuzzy~ and field:value.

Bare words are wishes: a passage with more of them comes first, and none has to be there, so that a whole question can
be asked. What is written with an operator is a demand: phrases, groups, fields, alternatives, and both sides of AND. A
slip (a quotation mark or parenthesis without its other half, a range that runs backwards) is an error that says where,
never an empty answer.
"""

from __future__ import annotations

from dataclasses import replace

from winloss.search.analysis import surfaces, tokens
from winloss.search.grammar import DEEPEST, Parser, finds_something
from winloss.search.slips import slip
from winloss.search.tree import (
    All,
    AnyOf,
    Exact,
    Field,
    Fuzzy,
    Leaf,
    Misspelt,
    Near,
    Node,
    Part,
    Same,
    Wild,
    Word,
    Worded,
    fields_in,
)

__all__ = [
    "DEEPEST",
    "All",
    "AnyOf",
    "Exact",
    "Field",
    "Fuzzy",
    "Leaf",
    "Misspelt",
    "Near",
    "Node",
    "Part",
    "Same",
    "Wild",
    "Word",
    "Worded",
    "demanded",
    "demands",
    "excluded_apart",
    "fields_apart",
    "fields_in",
    "forgiving",
    "parse",
    "plain_query",
    "said",
    "words_of",
]


def parse(query: str) -> All:
    """The query as a tree.

    Raises:
        QueryError: it cannot be understood, or holds nothing to look for; `column` says where, from 1 to one past the
            end.
    """
    tree = Parser(query).sequence()
    if not tree.parts:
        raise slip("the query holds no word to look for", 1)
    if not finds_something(tree):
        raise slip("the query says only what not to find", 1)
    return tree


def fields_apart(tree: All) -> tuple[All, tuple[Field, ...]]:
    """The tree without those fields that every answer must have, and them, one of a name: what filters can do.

    Ranges of one field are made one. The rest may be empty; it keeps fields among alternatives, in groups, that are
    left out (`-field:value`), and a second demand on a field (`tag:cost tag:renewal`), which a filter would take for an
    alternative.
    """
    rest: list[Part] = []
    fields: dict[str, Field] = {}
    for part in tree.parts:
        node = part.node
        if not isinstance(node, Field) or part.excluded:
            rest.append(part)
        elif node.name not in fields:
            fields[node.name] = node
        elif not node.values and not fields[node.name].values:
            fields[node.name] = _both(fields[node.name], node)
        else:
            rest.append(part)
    return All(tuple(rest)), tuple(fields.values())


def excluded_apart(tree: All) -> tuple[All, tuple[Field, ...]]:
    """The tree without those fields that no answer may have (`-field:value`), and them."""
    left_out = [part.node for part in tree.parts if part.excluded and isinstance(part.node, Field)]
    rest = [part for part in tree.parts if not (part.excluded and isinstance(part.node, Field))]
    return All(tuple(rest)), tuple(left_out)


def demands(query: str) -> bool:
    """Whether the query says what must or must not be there, which a search by meaning does not heed.

    Fields that can be taken for filters do not count: every search heeds filters.

    Raises:
        QueryError: it cannot be understood.
    """
    rest, _ = excluded_apart(fields_apart(parse(query))[0])
    return any(part.required or part.excluded for part in rest.parts)


def said(tree: All) -> All:
    """What the query is about: the tree without fields at its top and without what is left out."""
    rest, _ = fields_apart(tree)
    parts = tuple(part for part in rest.parts if not part.excluded and not isinstance(part.node, Field))
    return All(parts)


def demanded(tree: All) -> All | None:
    """What the query demands to be or not to be there, or None where it demands nothing."""
    parts = tuple(part for part in tree.parts if part.required or part.excluded)
    return All(parts) if parts else None


def words_of(query: str) -> All:
    """The query's words alone, as if there were no operators."""
    return All(tuple(Part(Word(token, query[token.start : token.end])) for token in tokens(query)))


def forgiving(node: All) -> All:
    """The tree with slips of the pen forgiven in its bare words."""
    return All(tuple(replace(part, node=_forgiven(part.node)) for part in node.parts))


def plain_query(text: str) -> str:
    """The text as a query without operators: for questions written by people who do not know the query language.

    A text without any word stays as it is.
    """
    return " ".join(surface.replace("~", "") for surface in surfaces(text)) or text


def _both(one: Field, other: Field) -> Field:
    """What lies in both ranges."""
    lows = [field.low for field in (one, other) if field.low]
    highs = [field.high for field in (one, other) if field.high]
    return replace(one, low=max(lows, default=None), high=min(highs, default=None))


def _forgiven(node: Node) -> Node:
    if isinstance(node, Word) and not node.token.stop:
        return Fuzzy(node.token.surface)
    if isinstance(node, AnyOf):
        return AnyOf(tuple(map(_forgiven, node.nodes)))
    return forgiving(node) if isinstance(node, All) else node
