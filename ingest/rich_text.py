"""RTF as text: the words of the body, without fonts, headers, footers, pictures, hidden and deleted words.

One pass over the bytes, however they are nested. Characters come as bytes in the code page of their font, as `\\'e9`,
or as `\\u233?`; pairs of surrogates become the one character that they stand for.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field, replace

_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,9})? ?|\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<symbol>[^a-zA-Z])"
    rb"|(?P<brace>[{}])|[\r\n]+|(?P<bytes>[^\\{}\r\n]+)"
)
_SKIPPED = frozenset(
    {
        *(b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"header", b"headerl", b"headerr"),
        *(
            b"headerf",
            b"footer",
            b"footerl",
            b"footerr",
            b"footerf",
            b"footnote",
            b"annotation",
            b"atnid",
            b"atnauthor",
        ),
        *(
            b"fldinst",
            b"listtable",
            b"listoverridetable",
            b"rsidtbl",
            b"generator",
            b"themedata",
            b"xmlnstbl",
            b"listtext",
        ),
        *(b"colorschememapping", b"latentstyles", b"datastore", b"pntext", b"bkmkstart", b"bkmkend", b"revtbl", b"tc"),
        *(b"xe", b"private", b"nonshppict", b"template", b"wgrffmtfilter", b"filetbl", b"pgptbl", b"mmathPr", b"sp"),
    }
)
_WRITTEN = {
    b"par": "\n\n",
    b"sect": "\n\n",
    b"page": "\n\n",
    b"line": "\n",
    b"tab": "\t",
    b"row": "\n\n",
    b"emdash": "—",
    b"endash": "–",
    b"emspace": "\u2003",
    b"enspace": "\u2002",
    b"bullet": "•",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"zwj": "\u200d",
    b"zwnj": "\u200c",
    b"ltrmark": "\u200e",
    b"rtlmark": "\u200f",
}
_SYMBOLS = {b"~": "\xa0", b"_": "\u2011", b"-": "\xad", b"{": "{", b"}": "}", b"\\": "\\", b"\n": "\n\n", b"\r": "\n\n"}
_HIDING = (b"v", b"deleted")
_CHARSETS = {
    0: "cp1252",
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    134: "gbk",
    136: "big5",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RichText:
    """The text of an RTF file, its rows of cells and what stands above them; `cut` where its end is missing."""

    text: str
    above_rows: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    title: str | None = None
    cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    """What a group inherits: whether its words are skipped, how many characters stand in for `\\u`, the font."""

    skipped: bool = False
    hidden: bool = False
    title: bool = False
    stand_ins: int = 1
    font: int | None = None


@dataclass(slots=True, kw_only=True)
class _Reading:
    """Everything that is known while an RTF is read."""

    state: _State = field(default_factory=_State)
    stack: list[_State] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    waiting: bytearray = field(default_factory=bytearray)
    skip: int = 0
    encoding: str = "cp1252"
    default_font: int | None = None
    fonts: dict[int, str] = field(default_factory=dict)
    in_fonts: int = 0
    title: list[str] = field(default_factory=list)
    cell_from: int = 0
    cells: list[str] = field(default_factory=list)
    rows: list[tuple[str, ...]] = field(default_factory=list)
    first_row: int = 0
    closed: bool = False


def rich_text(data: bytes) -> RichText:
    """The text of an RTF file. Paragraphs are separated by an empty line; anything that is no RTF is skipped."""
    reading = _Reading()
    place = 0
    while not reading.closed and (match := _TOKEN.search(data, place)):
        place = match.end()
        if match["word"] is not None:
            place += _control(reading, match["word"], int(match["number"]) if match["number"] else None)
        else:
            _other(reading, match)
    _flush(reading)
    text = _characters("".join(reading.parts))
    title = _characters("".join(reading.title)).strip() or None
    rows = tuple(tuple(_characters(cell).strip() for cell in row) for row in reading.rows)
    above = _characters("".join(reading.parts[: reading.first_row])) if rows else ""
    return RichText(
        above_rows=above, text=re.sub(r"\n{3,}", "\n\n", text).strip(), rows=rows, title=title, cut=not reading.closed
    )


def _other(reading: _Reading, match: re.Match[bytes]) -> None:
    if match["brace"] is not None:
        _group(reading, opens=match["brace"] == b"{")
    elif match["hex"] is not None:
        if reading.skip:
            reading.skip -= 1
        else:
            _bytes(reading, bytes([int(match["hex"], 16)]))
    elif match["symbol"] is not None:
        if match["symbol"] == b"*":
            reading.state = replace(reading.state, skipped=True)
        elif match["symbol"] in _SYMBOLS:
            _write(reading, _SYMBOLS[match["symbol"]])
    elif match["bytes"] is not None:
        skipped = min(reading.skip, len(match["bytes"]))
        reading.skip -= skipped
        _bytes(reading, match["bytes"][skipped:])


def _group(reading: _Reading, *, opens: bool) -> None:
    _flush(reading)
    reading.skip = 0
    if opens:
        reading.stack.append(reading.state)
        return
    if reading.stack:
        reading.state = reading.stack.pop()
    if reading.in_fonts > len(reading.stack):
        reading.in_fonts = 0
    reading.closed = not reading.stack


def _control(reading: _Reading, word: bytes, number: int | None) -> int:
    """Obey one control word; returns how many bytes after it are raw data."""
    state = reading.state
    if word == b"bin":
        return max(number or 0, 0)
    if word == b"u" and number is not None:
        _write(reading, chr(number % 0x10000))
        reading.skip = state.stand_ins
    elif word == b"uc":
        reading.state = replace(state, stand_ins=min(max(number or 0, 0), 16))
    elif word in _SKIPPED:
        _flush(reading)
        reading.in_fonts = reading.in_fonts or (len(reading.stack) if word == b"fonttbl" else 0)
        reading.state = replace(state, skipped=True)
    elif word == b"title":
        reading.state = replace(state, title=True)
    elif word in _HIDING or word == b"plain":
        _hide(reading, word, number)
    elif word in (b"cell", b"nestcell", b"row"):
        (_row if word == b"row" else _cell)(reading)
    elif word in _WRITTEN:
        _write(reading, _WRITTEN[word])
    else:
        _font(reading, word, number)
    return 0


def _hide(reading: _Reading, word: bytes, number: int | None) -> None:
    """Hidden and deleted words begin or end; plain print ends both."""
    _flush(reading)
    plain = word == b"plain"
    font = None if plain else reading.state.font
    reading.state = replace(reading.state, hidden=not plain and number != 0, font=font)


def _font(reading: _Reading, word: bytes, number: int | None) -> None:
    if number is None:
        return
    if word == b"f":
        _flush(reading)
        reading.state = replace(reading.state, font=number)
    elif word == b"deff":
        reading.default_font = number
    elif word == b"fcharset" and reading.in_fonts and reading.state.font is not None:
        reading.fonts[reading.state.font] = _CHARSETS.get(number, "")
    elif word == b"ansicpg":
        reading.encoding = _known(f"cp{number}") or {65001: "utf-8", 10000: "mac_roman"}.get(number, "cp1252")


def _cell(reading: _Reading) -> None:
    _flush(reading)
    if not reading.state.skipped:
        if not (reading.rows or reading.cells):
            reading.first_row = reading.cell_from
        reading.cells.append("".join(reading.parts[reading.cell_from :]))
        reading.parts.append("\n")
        reading.cell_from = len(reading.parts)


def _row(reading: _Reading) -> None:
    _flush(reading)
    if reading.cells:
        reading.rows.append(tuple(reading.cells))
    reading.cells = []
    _write(reading, "\n\n")
    reading.cell_from = len(reading.parts)


def _bytes(reading: _Reading, data: bytes) -> None:
    reading.waiting += data


def _write(reading: _Reading, text: str) -> None:
    _flush(reading)
    state = reading.state
    if state.title:
        reading.title.append(text)
    elif not (state.skipped or state.hidden):
        reading.parts.append(text)
        if text == "\n\n" and not reading.cells:
            reading.cell_from = len(reading.parts)


def _flush(reading: _Reading) -> None:
    """Write the bytes that wait, in the code page of their font: only whole, for some need two for a character."""
    if not reading.waiting:
        return
    data, reading.waiting = bytes(reading.waiting), bytearray()
    font = reading.state.font if reading.state.font is not None else reading.default_font
    encoding = (reading.fonts.get(font) if font is not None else "") or reading.encoding
    _write(reading, data.decode(encoding, "replace"))


def _known(encoding: str) -> str | None:
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        return None


def _characters(text: str) -> str:
    """Surrogates in pairs as the one character that they stand for; single ones as U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
