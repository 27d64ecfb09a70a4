"""Mappings made once: kept beside the file and in the workspace, and found again for the next export of that shape."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from pathlib import Path

import ingest
from ingest.proposing import Proposal, fields_for, first_rows, propose, shape_of
from ingest.rows import headers
from winloss.errors import SourceError
from winloss.model import Finding
from winloss.ports import ReadContext, Workbench

__all__ = ["FOLDER", "Proposal", "fields_for", "keep", "kept_for", "proposal_for", "tried"]

FOLDER = "maps"
_SHOWN = 3


def proposal_for(path: Path, *, kind: str | None = None) -> tuple[Proposal, list[Mapping[str, object]]]:
    """What the columns of a table probably mean, and its first rows.

    Raises:
        MalformedSource: it is no table.
    """
    columns, rows = first_rows(path)
    return propose(columns, rows, kind=kind), [row.cells for row in rows[:_SHOWN]]


def tried(path: Path, proposal: Proposal) -> list[object]:
    """The first things that the proposal makes of the table, remarks left aside.

    Raises:
        SourceError, ConfigError: nothing can be made of it like that.
    """
    context = ReadContext(mapping=proposal.as_mapping())
    things = (thing for thing in ingest.read(path, context) if not isinstance(thing, Finding))
    return list(islice(things, _SHOWN))


def keep(bench: Workbench, path: Path, proposal: Proposal) -> Path:
    """Save the mapping beside the table and in the workspace; returns the file beside the table."""
    beside = path.with_name(f"{path.stem}.map.toml")
    folder = bench.root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for target in (beside, folder / f"{shape_of(proposal.columns)}.map.toml"):
        target.write_text(proposal.as_toml(), encoding="utf-8")
    return beside


def kept_for(root: Path, path: Path) -> Path | None:
    """The mapping that was saved for tables of this file's shape, where no reader knows the file by itself."""
    folder = root / FOLDER
    if not folder.is_dir() or not any(folder.glob("*.map.toml")):
        return None
    try:
        seen = ingest.probe(path)
        if any(reader.identify(seen) for reader in ingest.READERS):
            return None
        shapes = [shape_of([column for column in columns if column]) for columns in headers(seen)[:5]]
    except SourceError:
        return None
    return next((found for shape in shapes if (found := folder / f"{shape}.map.toml").is_file()), None)
