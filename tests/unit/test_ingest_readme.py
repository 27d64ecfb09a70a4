"""The reference of the mapping file says everything there is, and its examples work."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import ingest
from ingest import mapping, table_mapping
from ingest.formats import brief_markdown, formats, markdown
from ingest.mapping import compile_mapping

README = (Path(ingest.__file__).parent / "README.md").read_text(encoding="utf-8")
ROOT_README = (Path(ingest.__file__).parents[1] / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_examples_are_valid(example: str) -> None:
    assert compile_mapping(tomllib.loads(example)).kind


@pytest.mark.parametrize("kind", table_mapping.KINDS)
def test_every_field_is_documented(kind: str) -> None:
    line = next(line for line in README.splitlines() if line.startswith("| ") and f"`{kind}`" in line.split("|")[1])
    assert set(re.findall(r"`(\w+)`", line.split("|")[2])) == set(table_mapping.fields_of(kind))


@pytest.mark.parametrize(
    "words",
    [mapping._KEYS, mapping._FIELD_KEYS, mapping._TURN_KEYS, mapping._CONDITION_KEYS],
    ids=["keys", "options", "turns", "conditions"],
)
def test_every_key_is_documented(words: tuple[str, ...]) -> None:
    assert [word for word in words if not re.search(rf"(?<![\w.]){word}(?!\w)", README)] == []


def test_the_tables_of_formats_are_those_of_the_readers() -> None:
    for readme, expected in ((README, markdown()), (ROOT_README, brief_markdown())):
        found = re.search(r"<!-- formats[^>]*-->\n(.*?)\n<!-- end of formats -->", readme, re.DOTALL)
        assert found is not None
        assert found[1] == expected, "write it anew with: python -m ingest.formats"


def test_every_reader_is_in_the_table() -> None:
    assert {reader for _, reader, _ in formats()} == {reader.name for reader in ingest.READERS}
