"""XML of any size, one element at a time: nothing is fetched, no entity is defined, broken places are passed over."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

from ingest.following import open_bytes
from ingest.remarks import Remarks
from winloss.errors import MalformedSource

if TYPE_CHECKING:
    from lxml.etree import _Element


UNREADABLE = ("unreadable", "an entry holds what is no character in any text, and was left out; export it again")
"""What is told of an element whose text or attributes cannot be decoded: `&#xD800;` stands for half a character."""


def elements(path: Path, names: Collection[str], remarks: Remarks) -> Iterator[_Element]:
    """The elements with these names (without namespace), complete, in the order in which they end.

    An element is emptied once the next one is asked for, and so is everything before it: take from it what you need.

    Raises:
        MalformedSource: entities of its own, or no XML at all.
    """
    with open_bytes(path) as file:
        yield from _walk(file, path, names, remarks)


def local_name(element: _Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _walk(file: IO[bytes], path: Path, names: Collection[str], remarks: Remarks) -> Iterator[_Element]:
    from lxml import etree

    safe = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False, "recover": True}
    wanted = [f"{{*}}{name}" for name in names]
    walk = etree.iterparse(file, events=("end",), tag=wanted, remove_comments=True, remove_pis=True, **safe)
    first, broken = True, None
    try:
        for _, element in walk:
            if first:
                _refuse_entities(element, path)
                first = False
            yield element
            _forget(element)
    except etree.XMLSyntaxError as error:
        broken = str(error.msg)
    problem = walk.error_log[0] if len(walk.error_log) else None
    broken = problem.message.strip() if problem else broken
    if broken and first:
        raise MalformedSource(f"{path.name} is not valid XML: {broken}", hint="Export it again.", path=str(path))
    if broken:
        message = f"the XML is broken and may lack something: {broken}. Export the file again."
        remarks.add("broken-xml", message, where=f"line {problem.line}" if problem else "")


def _forget(element: _Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _refuse_entities(element: _Element, path: Path) -> None:
    dtd = element.getroottree().docinfo.internalDTD
    if dtd is not None and any(True for _ in dtd.iterentities()):
        raise MalformedSource(
            f"{path.name} defines entities of its own, which no export does",
            hint="Export it again from where it comes from.",
            path=str(path),
        )
