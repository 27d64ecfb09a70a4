"""The reference of the mapping file says everything there is, and its examples work."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import ingest
from ingest import mapping, table_mapping
from ingest.mapping import compile_mapping

README = (Path(ingest.__file__).parent / "README.md").read_text(encoding="utf-8")
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


def test_every_reader_is_documented() -> None:
    assert [reader.name for reader in ingest.READERS if f"| `{reader.name}` |" not in README] == []
