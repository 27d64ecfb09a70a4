"""One export of every format that we promise to read, as it lies beside the project: read as a careful person would."""

from __future__ import annotations

import difflib
import json
import shutil
from pathlib import Path

import pytest

import ingest
from tests.golden.test_readers import plain
from winloss.ports import ReadContext

EXPECTED = Path(__file__).parent / "samples"
SAMPLES = Path(__file__).parents[2] / "../shared/samples"
NAMES = sorted(path.name.removesuffix(".expected.json") for path in EXPECTED.glob("*.expected.json"))
OTHER_NAMES = ("export", "export.csv", "export.json", "export.vtt", "notes.txt", "archive.zip")

pytestmark = [
    pytest.mark.realdata,
    pytest.mark.skipif(not SAMPLES.exists(), reason="the shared samples of export formats are not here"),
]


def files() -> list[Path]:
    return sorted(path for path in SAMPLES.iterdir() if path.is_file()) if SAMPLES.exists() else []


def test_every_sample_reads_as_expected(may_write: str) -> None:
    read_along = ingest.companions(files())
    differences = []
    for path, companions in read_along.items():
        context = ReadContext(companions=companions)
        found = {
            "reader": ingest.reader_for(path, context).name,
            "read along": [companion.name for companion in companions],
            "read": [plain(thing) for thing in ingest.read(path, context)],
        }
        written = json.dumps(found, ensure_ascii=False, indent=1, default=str) + "\n"
        expectation = EXPECTED / f"{path.name}.expected.json"
        if may_write == "all" or (may_write == "missing" and not expectation.exists()):
            expectation.write_text(written, encoding="utf-8")
        expected = expectation.read_text(encoding="utf-8") if expectation.exists() else ""
        differences += difflib.unified_diff(expected.splitlines(), written.splitlines(), path.name, "read", lineterm="")
    assert not differences, "\n".join(differences)


def test_there_is_an_expectation_for_every_sample() -> None:
    read_along = {companion.name for companions in ingest.companions(files()).values() for companion in companions}
    assert set(NAMES) | read_along == {path.name for path in files()}


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_exactly_one_reader_claims_it_whatever_its_name(path: Path, tmp_path: Path) -> None:
    claims = [reader.name for reader in ingest.READERS if reader.identify(ingest.probe(path))]
    assert len(claims) == 1
    for name in OTHER_NAMES:
        renamed = tmp_path / name
        shutil.copyfile(path, renamed)
        assert [reader.name for reader in ingest.READERS if reader.identify(ingest.probe(renamed))] == claims
