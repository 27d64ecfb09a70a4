"""Encodings and file kinds are told from the bytes alone."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from ingest.sniff import encoding_of, office_kind, probe, read_text
from winloss.errors import MalformedSource

FRENCH = "Renée : on n’a signé qu’après le deuxième café – voilà où l’été s’arrête."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_text_is_read_in_its_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "x"
    path.write_bytes((FRENCH * 3).encode(encoding))
    text, findings = read_text(path)
    assert text == FRENCH * 3
    assert probe(path).text == text
    assert [finding.code for finding in findings] == (["encoding-guessed"] if encoding == "cp1252" else [])


def test_cyrillic_is_told_from_western(tmp_path: Path) -> None:
    path = tmp_path / "x"
    text = "Мы выбрали другого поставщика, потому что журналы стоили слишком дорого во второй год. " * 4
    path.write_bytes(text.encode("cp1251"))
    assert read_text(path)[0] == text


def test_what_comes_late_decides_too(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"plain words. " * 9000 + "café".encode("cp1252"))
    assert encoding_of(path)[0] == "cp1252"
    assert read_text(path)[0].endswith("café")


def test_newlines_stay_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"a\r\nb\rc\nd\x0be\xe2\x80\xa8f")
    assert read_text(path)[0] == "a\r\nb\rc\nd\x0be\u2028f"


@pytest.mark.parametrize("content", [b"a\x00b", b"word " * 20000 + b"\x00", b"%PDF-1.7 words", b"\x89PNG\r\n"])
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)
    with pytest.raises(MalformedSource):
        read_text(path)


def test_a_head_cut_inside_a_character_is_still_utf8(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"a" + "é".encode() * 40000)
    assert probe(path).text.startswith("aéé")
    assert encoding_of(path) == ("utf-8", [])


def test_office_files_are_told_by_what_is_in_them(tmp_path: Path) -> None:
    for name, kind in (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"), ("ppt/slides.xml", None)):
        path = tmp_path / "renamed.bin"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(name, "<x/>")
        assert office_kind(probe(path)) == kind
        assert probe(path).text == ""


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MalformedSource):
        probe(tmp_path / "nowhere.txt")
