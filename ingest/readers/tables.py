"""Tables that a mapping file explains, or that explain themselves: CSV, Excel and JSON of any origin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from ingest.known_tables import mapping_of
from ingest.mapped import fits, read_mapped
from ingest.mapping import compile_mapping
from ingest.rows import headers
from ingest.sniff import probe
from ingest.table_mapping import TableMapping, fields_of
from winloss.errors import MalformedSource
from winloss.model import Finding, Readable, Severity, Side
from winloss.ports import Format, Probe, ReadContext


class TableReader:
    """Any table, as its mapping says, or as its header does."""

    name = "tables"
    title = "Tables with a mapping file, interview exports and inquiry logs (CSV, Excel, JSON)"
    family = "tables"
    formats: tuple[Format, ...] = (
        Format(
            name="Win/loss interviews (Clozd-like, in-house)",
            looks="`.csv`, `.xlsx`",
            gives="interviews with account, outcome, competitor, drivers",
        ),
        Format(
            name="Sales' own win/loss sheet",
            looks="`.csv`, `.xlsx`",
            gives="what salespeople noted: kept and found, no buyer's words",
        ),
        Format(name="Analyst inquiry log", looks="`.csv`, `.xlsx`", gives="inquiries with role, region, vendors named"),
        Format(name="Any other table", looks="`.csv`, `.xlsx`, `.json`, `.jsonl`", gives="what its mapping file says"),
    )

    def identify(self, probe: Probe) -> bool:
        """A table of interviews or inquiries whose header explains itself; any other needs a mapping."""
        return any(mapping_of(columns) for columns in headers(probe))

    def fits(self, probe: Probe, mapping: Mapping[str, object]) -> bool:
        """Whether the file is a table with the columns that the mapping needs."""
        checked = compile_mapping(mapping)
        return any(fits(columns, checked) for columns in headers(probe))

    def read(self, path: Path, context: ReadContext) -> Iterator[Readable]:
        """What the mapping makes of the rows.

        Raises:
            MalformedSource: not a table, or a column that the mapping needs is missing; the hint lists what there is.
        """
        mapping = compile_mapping(context.mapping) if context.mapping else _explained(path)
        if context.kind and context.kind != mapping.kind:
            if fields_of(context.kind) != fields_of(mapping.kind):
                raise MalformedSource(
                    f"--kind {context.kind} does not go with a mapping of {mapping.kind}",
                    hint="Leave --kind away, or change `kind` in the mapping.",
                    path=str(path),
                )
            mapping = replace(mapping, kind=context.kind)
        if mapping.constants.get("side") == Side.VENDOR:
            message = "these are the vendor's words: they are found by search and count as no evidence of a buyer's"
            yield Finding(code="vendor-words", message=message, where=path.name, severity=Severity.INFO)
        yield from read_mapped(path, mapping)


def _explained(path: Path) -> TableMapping:
    """The mapping that the file's own header amounts to."""
    for columns in headers(probe(path)):
        if mapping := mapping_of(columns):
            return mapping
    raise MalformedSource(
        f"nothing says what the columns of {path.name} mean",
        hint=f"Say it once: winloss ingest {path.name} --map",
        path=str(path),
    )
