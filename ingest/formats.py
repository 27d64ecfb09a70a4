"""Every format that is read, as a table; `python -m ingest.formats` writes it into the README files that show it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ingest.registry import READERS
from winloss.ports import Format

FAMILIES = {
    "calls": "Calls and meetings",
    "research": "Research tools",
    "communities": "Communities",
    "inquiries": "Analyst inquiries",
    "surveys": "Surveys",
    "crm": "CRM and accounts",
    "tables": "Tables",
}
"""The heading of every family of readers, in the order in which they are shown."""


def formats() -> Iterator[tuple[str, str, Format]]:
    """Every format with its family's heading and the name of its reader, family by family."""
    for family, heading in FAMILIES.items():
        for reader in READERS:
            if reader.family == family:
                yield from ((heading, reader.name, found) for found in reader.formats)


def markdown() -> str:
    """The formats as a Markdown table, a line each."""
    lines = ["| | format | file | what comes of it | reader |", "|---|---|---|---|---|"]
    before = ""
    for heading, reader, found in formats():
        shown = f"**{heading}**" if heading != before else ""
        lines.append(f"| {shown} | {found.name} | {found.looks} | {found.gives} | `{reader}` |")
        before = heading
    return "\n".join(lines)


def brief_markdown() -> str:
    """The formats' names as a Markdown table, a line for each family."""
    names: dict[str, list[str]] = {}
    for heading, _, found in formats():
        names.setdefault(heading, []).append(found.name)
    rows = [f"| **{heading}** | {' · '.join(found)} |" for heading, found in names.items()]
    return "\n".join(["| | read as exported |", "|---|---|", *rows])


def _write(readme: Path, table: str) -> None:
    marks = re.compile(r"(<!-- formats[^>]*-->\n).*?(<!-- end of formats -->)", re.DOTALL)
    text = readme.read_text(encoding="utf-8")
    readme.write_text(marks.sub(lambda found: f"{found[1]}{table}\n{found[2]}", text), encoding="utf-8")


if __name__ == "__main__":
    here = Path(__file__).parent
    _write(here / "README.md", markdown())
    _write(here.parent / "README.md", brief_markdown())
