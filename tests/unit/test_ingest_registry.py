"""Which reader a file goes to, and what is said where there is none or there are two."""

from __future__ import annotations

from pathlib import Path

import pytest

import ingest
from ingest import registry
from winloss.errors import AmbiguousFormat, UnknownFormat
from winloss.model import ReadDocument, SourceKind
from winloss.ports import ReadContext


def a_file(folder: Path, content: bytes | str, name: str = "export") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("content", "says", "hint"),
    [
        (b"", "empty", "Export"),
        (b"\x00\x01\x02" * 99, "no reader", "winloss formats"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 99, "old Word or Excel", ".docx"),
        (b"ID3\x04" + b"\x00" * 99, "recording", "transcript"),
        (b"a,b,c\n1,2,3\n", "columns: a, b, c", "--map"),
        (b'{"callTranscripts": [], "x": 1}', "keys: callTranscripts, x", "--map"),
        (b"Only some words about nothing in particular.", "no reader", "--kind interview"),
    ],
)
def test_what_is_not_known_is_named_with_a_way_on(tmp_path: Path, content: bytes, says: str, hint: str) -> None:
    with pytest.raises(UnknownFormat) as refused:
        ingest.reader_for(a_file(tmp_path, content), ReadContext())
    assert says in refused.value.message
    assert hint in refused.value.hint


def test_two_claims_are_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry.CRM.__class__, "identify", lambda self, probe: True)
    with pytest.raises(AmbiguousFormat, match="captions and crm"):
        ingest.reader_for(a_file(tmp_path, "WEBVTT\n\n"), ReadContext())


def test_a_kind_opens_texts_that_name_nobody(tmp_path: Path) -> None:
    path = a_file(tmp_path, "First thoughts.\n\nSecond thoughts,\non two lines.\n", "notes.txt")
    document, *findings = ingest.read(path, ReadContext(kind="survey"))
    assert isinstance(document, ReadDocument)
    assert document.kind is SourceKind.SURVEY
    assert [(turn.speaker, turn.text) for turn in document.turns] == [
        (None, "First thoughts."),
        (None, "Second thoughts,\non two lines."),
    ]
    assert [finding.code for finding in findings] == ["no-speakers"]


def test_the_id_is_the_files_name_and_the_day_may_be_in_it(tmp_path: Path) -> None:
    path = a_file(tmp_path, "Q: Why?\n\nA: Because.\n", "2026-04-14 Hallam Water.txt")
    document, *findings = ingest.read(path, ReadContext())
    assert isinstance(document, ReadDocument)
    assert (document.external_id, str(document.happened_on)) == ("2026-04-14 Hallam Water", "2026-04-14")
    assert [finding.code for finding in findings] == ["date-from-name"]
    told = ingest.read(path, ReadContext(manifest={"interview_date": "2026-04-20"}))
    assert [thing for thing in told if not isinstance(thing, ReadDocument)] == []
