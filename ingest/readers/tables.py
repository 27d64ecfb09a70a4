"""Tables that a mapping file explains: CSV, Excel and JSON of any origin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from ingest.mapped import fits, read_mapped
from ingest.mapping import compile_mapping
from ingest.rows import headers
from ingest.table_mapping import fields_of
from winloss.errors import MalformedSource
from winloss.model import Readable
from winloss.ports import Probe, ReadContext


class TableReader:
    """Any table, as its mapping says."""

    name = "tables"
    title = "Tables with a mapping file (CSV, Excel, JSON)"

    def identify(self, probe: Probe) -> bool:  # noqa: ARG002
        """Never: a table alone does not say what its columns mean."""
        return False

    def fits(self, probe: Probe, mapping: Mapping[str, object]) -> bool:
        """Whether the file is a table with the columns that the mapping needs."""
        checked = compile_mapping(mapping)
        return any(fits(columns, checked) for columns in headers(probe))

    def read(self, path: Path, context: ReadContext) -> Iterator[Readable]:
        """What the mapping makes of the rows.

        Raises:
            MalformedSource: not a table, or a column that the mapping needs is missing; the hint lists what there is.
        """
        mapping = compile_mapping(context.mapping or {})
        if context.kind and context.kind != mapping.kind:
            if fields_of(context.kind) != fields_of(mapping.kind):
                raise MalformedSource(
                    f"--kind {context.kind} does not go with a mapping of {mapping.kind}",
                    hint="Leave --kind away, or change `kind` in the mapping.",
                    path=str(path),
                )
            mapping = replace(mapping, kind=context.kind)
        yield from read_mapped(path, mapping)
