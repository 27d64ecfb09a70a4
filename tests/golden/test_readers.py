"""What every reader makes of small files of every format it knows, against what it should."""

from __future__ import annotations

import difflib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

import ingest
from winloss.ports import ReadContext

FILES = Path(__file__).parent / "files"
SOURCES = sorted(
    path
    for path in FILES.iterdir()
    if path.suffix != ".toml" and not any(word in path.name for word in (".expected", ".companion"))
)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_reads_as_expected(path: Path, may_write: str) -> None:
    context = ReadContext(mapping=_mapping(path), companions=_companions(path))
    reader = ingest.reader_for(path, context)
    found = {"reader": reader.name, "read": [plain(thing) for thing in ingest.read(path, context)]}
    written = json.dumps(found, ensure_ascii=False, indent=1, default=str) + "\n"
    expectation = path.with_name(path.name + ".expected.json")
    if may_write == "all" or (may_write == "missing" and not expectation.exists()):
        expectation.write_text(written, encoding="utf-8")
    assert expectation.exists(), f"{path.name} has no expectation: look at it, then run with --update-golden"
    expected = expectation.read_text(encoding="utf-8")
    difference = difflib.unified_diff(expected.splitlines(), written.splitlines(), "expected", "read", lineterm="")
    assert written == expected, "\n".join(difference)


def test_every_expectation_has_its_file() -> None:
    expected = {path.name.removesuffix(".expected.json") for path in FILES.glob("*.expected.json")}
    assert expected == {path.name for path in SOURCES}


def _mapping(path: Path) -> dict[str, object] | None:
    beside = path.with_suffix(".map.toml")
    return ingest.load_mapping(beside) if beside.exists() else None


def _companions(path: Path) -> tuple[Path, ...]:
    return tuple(sorted(FILES.glob(f"{path.stem}.companion*")))


def plain(thing: Any) -> dict[str, Any]:
    """What was read, without the fields that are empty."""
    return {"what": type(thing).__name__, **_filled(asdict(thing))}


def _filled(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _filled(part) for key, part in value.items() if part not in (None, "", (), [], {})}
    return [_filled(part) for part in value] if isinstance(value, list | tuple) else value
