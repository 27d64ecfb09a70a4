"""A query's tree in one line, to compare with."""

from __future__ import annotations

from winloss.search.query import All, AnyOf, Exact, Field, Fuzzy, Misspelt, Near, Node, Same, Wild, Word


def shape(node: Node) -> str:
    """`+` demands, `-` excludes, [] a sequence, {} alternatives, <> what means the same."""
    if isinstance(node, All):
        marks = ["-" if part.excluded else "+" if part.required else "" for part in node.parts]
        return f"[{' '.join(mark + shape(part.node) for mark, part in zip(marks, node.parts, strict=True))}]"
    if isinstance(node, AnyOf):
        return f"{{{' '.join(map(shape, node.nodes))}}}"
    if isinstance(node, Same):
        return f"<{' '.join(map(shape, node.ways))}>"
    return _leaf(node)


def _leaf(node: Node) -> str:
    if isinstance(node, Word):
        return node.token.surface
    if isinstance(node, Exact):
        return f'"{" ".join(node.surfaces)}"'
    if isinstance(node, Near):
        return f'"{" ".join(node.surfaces)}"~{node.slop}'
    if isinstance(node, Wild):
        return node.pattern
    if isinstance(node, Misspelt):
        return f"{node.name}?"
    if isinstance(node, Field):
        return f"{node.name}:{'|'.join(node.values) or f'{node.low or str()}..{node.high or str()}'}"
    assert isinstance(node, Fuzzy)
    return f"{node.surface}~{node.distance or ''}"
