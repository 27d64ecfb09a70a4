"""The values of a query's fields, held against those that there are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from winloss.search.slips import slip
from winloss.search.tree import All, AnyOf, Field, Node

LISTED = 12


def with_known_values(
    tree: All,
    known: Callable[[str], Collection[str]],
    meant: Callable[[str, str], str | None] = lambda _name, _written: None,
) -> All:
    """The tree with every value of a field as it is known, whatever the case in which it was written.

    `known` gives the values that a field has; `meant` may say which of them another name stands for (field, as
    written). Ranges stay.

    Raises:
        QueryError: nothing has that value; the hint names the nearest known one, `column` is the value's.
    """

    def kept(field: Field) -> Field:
        by_case = {value.casefold(): value for value in known(field.name)} if field.values else {}
        values = []
        for place, value in enumerate(field.values):
            other = by_case.get(value.casefold()) or meant(field.name, value)
            if other is None:
                column = field.places[place] if place < len(field.places) else field.column
                raise slip(f"no verbatim has {field.name} {value!r}", column, _nearest(value, list(by_case.values())))
            values.append(other)
        return replace(field, values=tuple(dict.fromkeys(values)))

    return All(tuple(replace(part, node=_mapped(part.node, kept)) for part in tree.parts))


def _mapped(node: Node, change: Callable[[Field], Field]) -> Node:
    if isinstance(node, Field):
        return change(node)
    if isinstance(node, AnyOf):
        return AnyOf(tuple(_mapped(child, change) for child in node.nodes))
    if isinstance(node, All):
        return All(tuple(replace(part, node=_mapped(part.node, change)) for part in node.parts))
    return node


def _nearest(value: str, known: Sequence[str]) -> str:
    from rapidfuzz import process

    found = process.extractOne(value, known, processor=str.casefold, score_cutoff=60)
    if found is not None:
        return f"Did you mean {found[0]!r}?"
    shown = ", ".join(sorted(known)[:LISTED])
    return f"Known: {shown}{' …' if len(known) > LISTED else ''}." if known else "No verbatim here has any yet."
