"""Decks read from every format, and files that are none refused within bounds."""

from __future__ import annotations

import zipfile

import pytest

from fixtures.decks import build
from ingest.decks import LARGEST, read_deck
from tests.unit.hostile_files import LAUGHS, word
from winloss.errors import MalformedSource, SourceError, UnknownFormat
from winloss.model.auditing import BlockKind

SCRIPT = """# A deck

Prepared by nobody

# Why we lose

- Price
  - in federal
- Paperwork

| Segment | Pain |
| federal | Paperwork |

Notes: Say it slowly.
"""


@pytest.fixture(params=["pptx", "docx", "md", "pdf"])
def deck(request, tmp_path):
    path = tmp_path / f"deck.{request.param}"
    path.write_bytes(build.WRITERS[request.param](list(build.slides_of(SCRIPT))))
    return read_deck(path)


def test_titles_bullets_and_tables_have_their_kind_and_place(deck):
    told = {block.text: block for block in deck.blocks}
    assert told["Why we lose"].kind is BlockKind.TITLE
    assert told["Price"].kind is BlockKind.BODY
    assert told["Price"].listed
    assert told["Price"].part == told["Why we lose"].part
    assert all(block.where and block.place >= 0 for block in deck.blocks)
    if deck.form != "pdf":
        assert told["in federal"].level == 1
        assert told["federal | Paperwork"].head == ("Segment", "Pain")
    if deck.form == "pptx":
        assert told["Say it slowly."].kind is BlockKind.NOTE
        assert told["Price"].where == "slide 2, bullet 1"


def test_the_decks_of_the_demo_are_what_the_script_makes(tmp_path):
    for made in build.build(tmp_path):
        assert made.read_bytes() == (build.HERE / made.name).read_bytes()


@pytest.mark.parametrize(
    ("name", "content", "themes"),
    [
        ("themes.csv", "id,theme\n1,Alert noise\n2,Night shifts\n", ["Alert noise", "Night shifts"]),
        ("themes.csv", "Alert noise\nNight shifts\n", ["Alert noise", "Night shifts"]),
        ("themes.csv", "Finding;People\nAlert noise;12\n", ["Alert noise"]),
        ("themes.json", '["Alert noise", "Night shifts"]', ["Alert noise", "Night shifts"]),
        ("themes.json", '{"themes": [{"title": "Alert noise", "size": 3}]}', ["Alert noise"]),
        ("themes.jsonl", '{"claim": "Alert noise"}\n{"claim": "Night shifts"}\n', ["Alert noise", "Night shifts"]),
        ("themes.txt", "Alert noise\nNight shifts\nYear-two bill\n", ["Alert noise", "Night shifts", "Year-two bill"]),
    ],
)
def test_a_list_of_themes_is_a_deck(tmp_path, name, content, themes):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    assert [block.text for block in read_deck(path).blocks] == themes


def test_a_wrapped_paragraph_of_plain_text_is_one(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text(
        "Buyers in federal agencies wait\nfor an authorization before they\ncan buy anything.\n", encoding="utf-8"
    )
    assert [block.text for block in read_deck(path).blocks] == [
        "Buyers in federal agencies wait for an authorization before they can buy anything."
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("deck.pptx", b"PK\x03\x04 this is no zip"),
        ("deck.pptx", b""),
        ("deck.pdf", b"%PDF-1.4 and nothing else"),
        ("deck.exe", b"MZ\x90\x00"),
        ("deck.ppt", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600),
        ("themes.json", b'{"themes": ['),
        ("themes.json", b"[" * 100_000),
        ("themes.csv", b"a,b\n1,2\n"),
        ("deck.md", b"\x00\x01\x02"),
        ("deck.md", b"   \n\n"),
    ],
)
def test_what_is_no_deck_is_refused_with_what_to_do(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SourceError) as refused:
        read_deck(path)
    assert refused.value.hint


def test_an_office_file_that_swells_is_refused(tmp_path):
    bomb = tmp_path / "deck.pptx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("ppt/slides/slide1.xml", b" " * (40 << 20))
    with pytest.raises(MalformedSource):
        read_deck(bomb)


def test_entities_of_a_word_file_are_not_expanded(tmp_path):
    path = tmp_path / "deck.docx"
    source = min(build.HERE.glob("*.docx"))
    made = zipfile.ZipFile(path, "w")
    with zipfile.ZipFile(source) as archive:
        for info in archive.infolist():
            body = word(b"<w:p><w:r><w:t>&a10;</w:t></w:r></w:p>", LAUGHS)
            made.writestr(info.filename, body if info.filename == "word/document.xml" else archive.read(info))
    made.close()
    with pytest.raises(SourceError):
        read_deck(path)


def test_a_file_larger_than_any_deck_is_refused_unread(tmp_path):
    path = tmp_path / "deck.pptx"
    with path.open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(MalformedSource, match="larger"):
        read_deck(path)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(MalformedSource, match="no file"):
        read_deck(tmp_path / "deck.pptx")


def test_another_kind_of_zip_is_no_deck(tmp_path):
    path = tmp_path / "deck.pptx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(UnknownFormat):
        read_deck(path)
