"""Taking in codes that others made: those that came with sources, and the codebooks of REFI-QDA files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from winloss.errors import NotFound, QueryError
from winloss.model import Code, Kept, ancestry
from winloss.ports import Workbench
from winloss.services import doing
from winloss.services.research.codes import colour_of, description_of, key_of, order_of, path_of


def adopt(bench: Workbench, path: str | None = None, *, by: str | None) -> list[Code]:
    """Take codes that came with sources into the codebook: this one and those below, or all; returns the new ones.

    Raises:
        NotFound: no source has such a code that is not in the codebook already.
    """
    wanted = None if path is None else key_of(path)
    found = {coding.code for coding in bench.store.source_codings()}
    known = {key_of(code.path) for code in bench.store.codes()}
    fresh: dict[str, Code] = {}
    for one in sorted(found, key=order_of):
        if wanted is None or wanted in map(key_of, ancestry(one)):
            for part in ancestry(_storable(one)):
                if part and key_of(part) not in known:
                    fresh.setdefault(key_of(part), Code(path=part, made_at=bench.clock.now()))
    if not fresh:
        raise NotFound("no source has a code that is not in the codebook already", hint="`winloss codes list`")
    told = f"the code {path}" if path else f"{len(fresh)} codes"
    doing.do(bench, f"took {told} of the sources into the codebook", by=by, after=Kept(codes=tuple(fresh.values())))
    return list(fresh.values())


def take_in(bench: Workbench, path: Path, *, by: str | None) -> list[Code]:
    """Take the codebook of a REFI-QDA file (`.qdpx`, `.qde`, `.qdc`) in; returns the new codes.

    A code that is there stays as it is. A colour or a name that cannot be kept is left out.

    Raises:
        MalformedSource: it is no such file.
        NotFound: it defines no code that is not in the codebook already.
    """
    from ingest.readers.refi import codebook_of

    known = {key_of(code.path) for code in bench.store.codes()}
    fresh: dict[str, Code] = {}
    for code in codebook_of(path):
        for part in ancestry(_storable(code.path)):
            if part and key_of(part) not in known:
                fresh.setdefault(key_of(part), Code(path=part, made_at=bench.clock.now()))
        if (key := key_of(_storable(code.path))) in fresh:
            told, colour = description_of(code.description), _colour_or_none(code.colour)
            fresh[key] = replace(fresh[key], description=told, colour=colour)
    if not fresh:
        raise NotFound(f"{path.name} defines no code that is not in the codebook already", hint="`winloss codes list`")
    doing.do(bench, f"took the codebook of {path.name} in", by=by, after=Kept(codes=tuple(fresh.values())))
    return list(fresh.values())


def _storable(path: str) -> str:
    """A source's code as a path of ours, which has no empty parts; empty where it cannot be one."""
    try:
        return path_of("/".join(part for part in path.split("/") if part.strip()))
    except QueryError:
        return ""


def _colour_or_none(text: str | None) -> str | None:
    try:
        return colour_of(text)
    except QueryError:
        return None
