"""What every reader promises: one claims a file, two reads are equal, broken files are refused or partly read."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ingest
from winloss.errors import SourceError, UnknownFormat
from winloss.model import Account, Deal, Finding, ReadDocument
from winloss.ports import ReadContext

FILES = Path(__file__).parents[1] / "golden" / "files"
SOURCES = sorted(
    path
    for path in FILES.iterdir()
    if path.suffix != ".toml" and not any(word in path.name for word in (".expected", ".companion"))
)
UNMAPPED = [path for path in SOURCES if not path.with_suffix(".map.toml").exists()]
MAPPED = [path for path in SOURCES if path not in UNMAPPED]


def name_of(path: Path) -> str:
    return path.name


def context_of(path: Path) -> ReadContext:
    beside = FILES / (path.stem + ".map.toml")
    companions = tuple(sorted(FILES.glob(f"{path.stem}.companion*")))
    return ReadContext(mapping=ingest.load_mapping(beside) if beside.exists() else None, companions=companions)


@pytest.mark.parametrize("path", UNMAPPED, ids=name_of)
def test_exactly_its_reader_claims_a_file(path: Path) -> None:
    claims = [reader.name for reader in ingest.READERS if reader.identify(ingest.probe(path))]
    expected = json.loads(path.with_name(path.name + ".expected.json").read_text(encoding="utf-8"))
    assert claims == [expected["reader"]]


@pytest.mark.parametrize("path", UNMAPPED, ids=name_of)
@pytest.mark.parametrize("name", ["export", "export.csv", "export.vtt", "export.docx", "notes.txt"])
def test_the_name_of_a_file_does_not_matter(path: Path, name: str, tmp_path: Path) -> None:
    renamed = tmp_path / name
    shutil.copyfile(path, renamed)
    assert ingest.reader_for(renamed, ReadContext()) is ingest.reader_for(path, ReadContext())


@pytest.mark.parametrize("path", MAPPED, ids=name_of)
def test_a_table_that_nothing_explains_asks_for_a_mapping(path: Path) -> None:
    with pytest.raises(UnknownFormat) as refused:
        ingest.reader_for(path, ReadContext())
    assert "--map" in refused.value.hint


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_two_reads_are_equal(path: Path) -> None:
    context = context_of(path)
    assert list(ingest.read(path, context)) == list(ingest.read(path, context))


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_what_is_read_can_be_told_apart_and_says_something(path: Path) -> None:
    things = list(ingest.read(path, context_of(path)))
    documents = [thing for thing in things if isinstance(thing, ReadDocument)]
    ids = [thing.external_id for thing in things if isinstance(thing, ReadDocument | Deal)]
    assert len(ids) == len(set(ids))
    assert any(not isinstance(thing, Finding) or thing.code in ("codebook", "crm-aside") for thing in things)
    for document in documents:
        assert document.turns
        for turn in document.turns:
            assert turn.text.strip()
            assert turn.speaker is None or turn.speaker.strip()
            assert all(0 <= start < end <= len(turn.text) for start, end in turn.quoted)
            assert turn.end_ms is None or turn.start_ms is None or turn.start_ms <= turn.end_ms


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_file_cut_anywhere_is_refused_or_partly_read(path: Path, tmp_path: Path) -> None:
    whole = path.read_bytes()
    cut = tmp_path / path.name
    for share in (0.0, 0.02, 0.1, 0.33, 0.5, 0.77, 0.95, 0.999):
        cut.write_bytes(whole[: int(len(whole) * share)])
        _refused_or_read(cut, context_of(path))


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_a_damaged_file_is_refused_or_read(path: Path, data: st.DataObject, tmp_path: Path) -> None:
    damaged = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(damaged) - 1))
        damaged[place] = data.draw(st.integers(0, 255))
    copy = tmp_path / path.name
    copy.write_bytes(bytes(damaged))
    _refused_or_read(copy, context_of(path))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    content=st.one_of(
        st.binary(max_size=400),
        st.text(max_size=400).map(lambda text: text.encode("utf-8", "surrogatepass")),
        st.sampled_from([b"PK\x03\x04word/", b"WEBVTT\n\n", b"{", b"[[", b"a,b\n1", b"\xff\xfe", b"---\n---"]),
    ),
    kind=st.sampled_from([None, "interview", "community", "inquiry", "survey", "deals", "accounts"]),
)
def test_any_bytes_are_refused_or_read(content: bytes, kind: str | None, tmp_path: Path) -> None:
    path = tmp_path / "anything"
    path.write_bytes(content)
    _refused_or_read(path, ReadContext(kind=kind))


def test_an_office_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    slides = tmp_path / "deck.pptx"
    with zipfile.ZipFile(slides, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("ppt/presentation.xml", "<p/>")
    with pytest.raises(UnknownFormat):
        ingest.reader_for(slides, ReadContext())


def test_importing_ingest_loads_nothing_heavy() -> None:
    heavy = ["docx", "openpyxl", "numpy", "pandas", "charset_normalizer", "rapidfuzz"]
    script = f"import sys, ingest; print([name for name in {heavy} if name in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def _refused_or_read(path: Path, context: ReadContext) -> None:
    try:
        things = list(ingest.read(path, context))
    except SourceError as error:
        assert error.message
        return
    assert all(isinstance(thing, ReadDocument | Deal | Account | Finding) for thing in things)
