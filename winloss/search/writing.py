"""Writing a tree down as a query: for suggestions, links and saved searches."""

from __future__ import annotations

import re

from winloss.search.analysis import STOP_WORDS
from winloss.search.tree import All, AnyOf, Exact, Field, Fuzzy, Misspelt, Near, Node, Part, Same, Wild, Word

_SIMPLE = re.compile(r"\w(?:[\w/-]*\w)?")
_OPERATORS = ("OR", "AND", "NOT")


def written(tree: All) -> str:
    """The query that `parse` reads as this tree; of the same meaning where no query gives just this tree.

    Words are written as they were typed where that is known.
    """
    text = ""
    before: Part | None = None
    for part in tree.parts:
        text += _between(before, part) if before else ""
        text += f"-{_excluded(part.node)}" if part.excluded else _node(part.node)
        before = part
    return text


def _between(before: Part, part: Part) -> str:
    if isinstance(part.node, Word) and part.node.joined and isinstance(before.node, Word):
        return "-"
    demanded = before.required and part.required
    return " AND " if demanded and (_weak(before.node) or _weak(part.node)) else " "


def _weak(node: Node) -> bool:
    """Whether the node is no demand unless AND makes it one."""
    return isinstance(node, Word | Fuzzy | Wild | Misspelt)


def _one_chunk(node: All) -> bool:
    """Whether these are the words of `bake-off` where it stands beside OR."""
    words = [part.node for part in node.parts if part.required and isinstance(part.node, Word)]
    return len(words) == len(node.parts) > 1 and all(word.joined for word in words[1:])


def _excluded(node: Node) -> str:
    return f"({_node(node)})" if isinstance(node, AnyOf | Same) else _node(node)


def _node(node: Node) -> str:
    if isinstance(node, All):
        return written(node) if _one_chunk(node) else f"({written(node)})"
    if isinstance(node, AnyOf):
        return " OR ".join(map(_node, node.nodes))
    if isinstance(node, Same):
        return " OR ".join(map(_node, node.ways))
    return _field(node) if isinstance(node, Field) else _words(node)


def _words(node: Word | Exact | Near | Wild | Fuzzy | Misspelt) -> str:
    if isinstance(node, Word):
        return _word(node)
    if isinstance(node, Exact):
        return f'"{node.text or " ".join(node.surfaces)}"'
    if isinstance(node, Near):
        return f'"{node.text or " ".join(node.surfaces)}"~{node.slop}'
    if isinstance(node, Wild):
        return node.text or node.pattern
    if isinstance(node, Fuzzy):
        return f"{node.text or node.surface}~{node.distance or ''}"
    return f"{node.name}~"


def _word(node: Word) -> str:
    text = node.text or node.token.surface
    if text in _OPERATORS:
        return text.lower()
    shouted = node.token.surface in STOP_WORDS and not node.token.stop
    return text.upper() if shouted else text


def _field(node: Field) -> str:
    if not node.values:
        ends = (node.low or "", node.high or "")
        return f"{node.name}:{ends[0]}" if ends[0] == ends[1] else f"{node.name}:{ends[0]}..{ends[1]}"
    values = [_value(value) for value in node.values]
    return f"{node.name}:{values[0]}" if len(values) == 1 else f"{node.name}:({' OR '.join(values)})"


def _value(value: str) -> str:
    return value if _SIMPLE.fullmatch(value) and value not in _OPERATORS else f'"{value}"'
