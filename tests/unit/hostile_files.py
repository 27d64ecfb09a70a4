"""Files that somebody made to do harm, or that a faulty program made; each small to build and large to read."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

GOLDEN = Path(__file__).parents[1] / "golden" / "files"
MIB = 1 << 20
TURN = "Dana Ortiz: Why did you look?\n\nPriya Nair: Alerts nobody read.\n\n"
SENTENCE = "We closed four thousand alerts a day unread. "

Build = Callable[[Path], None]


# --- Office files ----------------------------------------------------------------------------------------------------


def office(golden: str, member: str, content: bytes, *, claimed: int | None = None) -> Build:
    """A golden office file with another content of one member; `claimed` is the size that its directory tells."""

    def build(path: Path) -> None:
        made = io.BytesIO()
        with zipfile.ZipFile(GOLDEN / golden) as source, zipfile.ZipFile(made, "w") as target:
            for info in source.infolist():
                if info.filename != member:
                    target.writestr(info.filename, source.read(info))
            target.writestr(member, content, zipfile.ZIP_DEFLATED, compresslevel=1)
        data = bytearray(made.getvalue())
        if claimed is not None:
            place = data.rfind(member.encode())
            struct.pack_into("<L", data, place - 46 + 24, claimed)
        path.write_bytes(data)

    return build


def sheet(rows: bytes, head: bytes = b"") -> bytes:
    """The XML of a sheet."""
    return (
        b'<?xml version="1.0"?>'
        + head
        + b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b"<sheetData>" + rows + b"</sheetData></worksheet>"
    )


def word(paragraphs: bytes, head: bytes = b"") -> bytes:
    """The XML of a Word document."""
    return (
        b'<?xml version="1.0"?>'
        + head
        + b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        b"<w:body>" + paragraphs + b"</w:body></w:document>"
    )


LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a0 "ha">'
    + b"".join(b'<!ENTITY a%d "%s">' % (level, b"&a%d;" % (level - 1) * 10) for level in range(1, 11))
    + b"]>"
)
SWELLING = b'<!DOCTYPE x [<!ENTITY a "' + b"h" * 50_000 + b'">]>'
SHEET, STRINGS, WORDS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "word/document.xml"
CELL = b'<c r="A%d" t="inlineStr"><is><t>%s</t></is></c>'


# --- Text ------------------------------------------------------------------------------------------------------------


def text(content: str | bytes) -> Build:
    """A file of this content."""
    data = content.encode() if isinstance(content, str) else content
    return lambda path: path.write_bytes(data) and None


def repeated(*pieces: tuple[str, int]) -> Build:
    """A file of pieces, each so many times."""

    def build(path: Path) -> None:
        with path.open("w", encoding="utf-8", newline="") as file:
            for piece, times in pieces:
                for start in range(0, times, 10_000):
                    file.write(piece * min(10_000, times - start))

    return build


def sized(head: str, piece: str, mib: int, tail: str = "") -> Build:
    """A file of so many MiB: a head, a piece again and again, a tail."""
    return repeated((head, 1), (piece, mib * MIB // len(piece.encode())), (tail, 1))


def whisper(words: str) -> str:
    """A Whisper transcript whose one segment says this (not escaped)."""
    times = '"id": 0, "no_speech_prob": 0.1, "start": 0, "end": 7200'
    return '{"text": "", "language": "en", "segments": [{' + times + ', "text": "' + words + '"}]}'


VTT = "WEBVTT\n\n00:00:00.000 --> 02:00:00.000\n"
SENTENCES = '"transcript": [{"speakerId": "1", "sentences": [{"start": 0, "end": 1, "text": "'
GONG = '{"callTranscripts": [{"callId": "7", ' + SENTENCES

CASES: dict[str, Build] = {
    # Zip bombs
    "bomb.xlsx": office("deals.xlsx", SHEET, sheet(b" " * (150 * MIB))),
    "bomb-strings.xlsx": office("deals.xlsx", STRINGS, b" " * (150 * MIB)),
    "bomb-claimed.xlsx": office("deals.xlsx", SHEET, sheet(b"<row/>"), claimed=3 << 30),
    "bomb-denied.xlsx": office("deals.xlsx", SHEET, sheet(b" " * (150 * MIB)), claimed=1000),
    "bomb.docx": office("paragraphs.docx", WORDS, word(b" " * (150 * MIB))),
    "bomb-denied.docx": office("paragraphs.docx", WORDS, word(b" " * (150 * MIB)), claimed=1000),
    "styles-bomb.docx": office("paragraphs.docx", "word/styles.xml", b"<a>" * (40 * MIB)),
    # Entities
    "laughs.xlsx": office("deals.xlsx", SHEET, sheet(b'<row r="1">' + CELL % (1, b"&a10;") + b"</row>", LAUGHS)),
    "laughs.docx": office("paragraphs.docx", WORDS, word(b"<w:p><w:r><w:t>&a10;</w:t></w:r></w:p>", LAUGHS)),
    "laughs.html": text(LAUGHS.replace(b"DOCTYPE x", b"DOCTYPE html") + b"<html><p>Dana Ortiz: &a10;</p></html>"),
    "swelling.docx": office(
        "paragraphs.docx", WORDS, word(b"<w:p><w:r><w:t>" + b"&a;" * 50_000 + b"</w:t></w:r></w:p>", SWELLING)
    ),
    "swelling.xlsx": office(
        "deals.xlsx", SHEET, sheet(b'<row r="1">' + CELL % (1, b"&a;" * 50_000) + b"</row>", SWELLING)
    ),
    # Depth
    "deep.json": text("[" * 100_000),
    "deep-closed.json": text("[" * 100_000 + "]" * 100_000),
    "deep-objects.json": text('{"segments": ' * 100_000 + "1" + "}" * 100_000),
    "deep-gong.json": text(GONG.replace('"text": "', '"x": ' + "[" * 100_000)),
    "deep-records.jsonl": text(('{"a": ' * 100_000 + "1" + "}" * 100_000 + "\n") * 2),
    "deep.html": text("<!doctype html>" + "<div>" * 200_000 + "Dana Ortiz: Why?"),
    "deep-tables.html": text("<!doctype html>" + "<table><tr><td>" * 60_000 + "Dana Ortiz: Why?"),
    "deep.rtf": text("{\\rtf1 " + "{" * 1_000_000),
    "deep.docx": office("paragraphs.docx", WORDS, word(b"<w:p><w:r>" * 100_000)),
    # Gigantic values
    "cell.csv": sized('interview_id,quote,date\n1,"', SENTENCE, 200, '",2026-04-14\n'),
    "line.csv": sized("interview_id,quote,date\n1,", SENTENCE, 200),
    "cell.xlsx": office(
        "deals.xlsx", SHEET, sheet(b'<row r="1">' + CELL % (1, SENTENCE.encode() * 600_000) + b"</row>")
    ),
    "numbers.json": text(whisper("x").replace("7200", "9" * 5000)),
    "numbers-gong.json": text(GONG.replace('"end": 1', '"end": ' + "9" * 100_000)),
    "string.json": sized(whisper("").removesuffix('"}]}'), SENTENCE, 39, '"}]}'),
    "string-gong.json": sized(GONG, SENTENCE, 80, '"}]}]}]}'),
    "escaped-gong.json": sized(GONG, '\\"', 80, '"}]}]}]}'),
    "empties.json": sized('{"segments": [{"no_speech_prob": 1, "text": "x"}], "a": [', "[],", 39, "0]}"),
    "empties-gong.json": sized('{"callTranscripts": [{"transcript": [', "{},", 80, "0]}]}"),
    "record.jsonl": sized('{"a": "', SENTENCE, 80, '"}\n'),
    "cue.vtt": sized(VTT, SENTENCE, 50),
    "cue-fits.vtt": sized(VTT, SENTENCE, 30),
    "turn.txt": sized(TURN, SENTENCE, 30),
    "turn-wide.txt": sized(TURN + "😀", SENTENCE, 30),
    "paragraph.html": sized("<!doctype html><p>Dana Ortiz: Why?</p><p>Priya Nair: ", SENTENCE, 30),
    # Many
    "columns.csv": text("a," * 1_000_000 + "\n" + "1," * 1_000_000),
    "columns-below.csv": text("interview_id,quote,date\n" + "1," * 1_000_000),
    "rows-of-one.csv": repeated(("quote\n", 1), ("yes\n", 999_999)),
    "rows-of-two.csv": repeated(("interview_id,quote,date\n", 1), (",yes,2026-04-14\n", 200_000)),
    "rows-far-down.xlsx": office("deals.xlsx", SHEET, sheet(b'<row r="4000000000">' + CELL % (1, b"x") + b"</row>")),
    "lines.txt": repeated((TURN, 3), ("a\n", 4_000_000)),
    "turns.txt": repeated((TURN, 150_000)),
    "turns-fit.txt": repeated((TURN, 30_000)),
    "cues.vtt": repeated(("WEBVTT\n\n", 1), ("00:00:01.000 --> 00:00:02.000\n", 30_000)),
    "quotes.html": text("<!doctype html>" + "<blockquote><p>a" * 20_000),
    # NUL
    "nul.txt": text(TURN.encode() + b"\x00" * 100 + TURN.encode()),
    "nul-only.txt": text(b"\x00" * MIB),
    "nul.csv": text(b"interview_id,quote,date\n1,a\x00b,2026-04-14\n"),
    "nul.vtt": text(VTT.encode() + b"Dana Ortiz: a\x00b\n"),
    "nul.json": text(whisper("a\\u0000b \\ud800")),
}
UNITS = (
    *(":", " ", "(", "[", "{", "<", ">", "*", "_", "-", "|", "#", "&", "\\", "/", ".", "'", '"', "\t", "7", "\u00a0"),
    *("A", "\n ", "\r\n", "a ", "A ", "a:", "A: b\n", "1:", "1,", "10:00 ", "[1:00] ", "(1:00)", "\\[", "**a", "**A**"),
    *("__a: ", "<v a", "<c ", "<!---->", "<p>", "<a b", "&#1;", "- ", "-|", "| a ", ">\n", "{\\a", "https://"),
    *("<cite>", "---\n", "1\n00:00:01,000 --> 00:00:02,000\n", "00:00:01.000 --> 00:00:02.000\n"),
    *("Dana Ortiz (1:00)", "Dana  1:00 ", "Ã¢"),
)
"""What a pattern could stumble over when there is a quarter of a MiB of nothing else."""

for _number, _unit in enumerate(UNITS):
    for _head, _start in (("turns", TURN), ("page", "<!doctype html>"), ("captions", VTT)):
        CASES[f"{_head}-{_number:02}.txt"] = text(_start + _unit * (MIB // 4 // len(_unit.encode())))
