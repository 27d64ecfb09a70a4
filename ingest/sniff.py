"""The first look at a file: is it text, in which encoding, or which kind of office document.

Nothing is decided by the file's name. UTF-8 is tried first and strictly, because a text that is valid UTF-8 almost
never is anything else; only what is not goes to statistics, which then is told to the user as a finding.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from ingest.limits import check_lines, check_text_file
from ingest.mojibake import repaired_text
from ingest.zips import member_names
from winloss.errors import MalformedSource
from winloss.model import Finding, Severity
from winloss.ports import Probe

HEAD = 64 * 1024
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OLD_ENCODINGS = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "mac_roman"]
_OLD_ENCODINGS += ["shift_jis", "euc_jp", "gb18030", "big5", "euc_kr"]
_NAMES = {"utf-8-sig": "UTF-8", "utf-8": "UTF-8", "cp1252": "Windows-1252 (Western European)"}
_BINARY = bytes(sorted(set(range(32)) - set(b"\t\n\r\x0b\x0c\x1b\x1c\x1d\x1e\x1f\x08")))
_OFFICE = (("word/", "docx"), ("xl/", "xlsx"))
_PART = re.compile(rb"(?:word|xl)/[\w/]{1,60}\.xml")
_MAGIC = (
    b"%PDF-",
    b"\xd0\xcf\x11\xe0",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"OggS",
    b"ID3",
    b"\x1f\x8b",
    b"RIFF",
)


def probe(path: Path) -> Probe:
    """The name and the first 64 KiB; `text` is empty for binary files and has no byte order mark.

    Raises:
        MalformedSource: the file cannot be opened.
    """
    head = _start(path, HEAD)
    encoding = encoding_of_head(head)
    text = codecs.getincrementaldecoder(encoding)("replace").decode(head) if encoding else ""
    return Probe(path=path, head=head, text=repaired_text(text.removeprefix("\ufeff"))[0])


def encoding_of_head(head: bytes) -> str | None:
    """How the first 64 KiB of a file are encoded; None where they are no text."""
    return _encoding(head, whole=len(head) < HEAD)


def encoding_of(path: Path) -> tuple[str, list[Finding]]:
    """The encoding with which the whole file decodes, and a finding where it had to be guessed.

    Raises:
        MalformedSource: the file is not text, holds NUL characters, or decodes as nothing.
    """
    encoding = encoding_of_head(_start(path, HEAD))
    if encoding is None:
        raise MalformedSource(f"{path.name} is not a text file", hint="Export it as text again.", path=str(path))
    bad = _first_bad_byte(path, encoding)
    if bad is not None and encoding == "utf-8" and not _holds_nul(path, bad):
        encoding = _guess(_around(path, bad))
        bad = _first_bad_byte(path, encoding)
    if bad is not None and _holds_nul(path, bad):
        raise MalformedSource(
            f"{path.name} holds NUL characters, which no text has",
            hint="It is damaged or no text file. Export it again.",
            path=str(path),
            where=f"byte {bad}",
        )
    if bad is not None:
        raise MalformedSource(
            f"{path.name} is not valid {_NAMES.get(encoding, encoding)} text",
            hint="Save it as UTF-8 and try again.",
            path=str(path),
            where=f"byte {bad}",
        )
    return encoding, _remark(encoding)


def read_text(path: Path) -> tuple[str, list[Finding]]:
    """The whole text without byte order mark, newlines as they are; garbled characters repaired where that is certain.

    Findings tell where the encoding was guessed or anything repaired.

    Raises:
        MalformedSource: the file is not text, holds NUL characters, decodes as nothing, or is larger than any
            transcript.
    """
    check_text_file(path)
    encoding, findings = encoding_of(path)
    text, repairs = repaired_text(path.read_bytes().decode(encoding).removeprefix("\ufeff"))
    check_lines(path, text)
    return text, [*findings, *repairs]


def office_kind(seen: Probe) -> str | None:
    """`docx` or `xlsx` where the file is (the beginning of) one, else None."""
    if not seen.head.startswith(b"PK\x03\x04"):
        return None
    names = member_names(seen.path) or [match.decode() for match in _PART.findall(seen.head)]
    parts = [name for name in names if name.endswith(".xml")]
    return next((kind for mark, kind in _OFFICE if any(name.startswith(mark) for name in parts)), None)


def _start(path: Path, size: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(size)
    except OSError as error:
        raise MalformedSource(f"{path.name} cannot be opened: {error.strerror}", path=str(path)) from error


def _encoding(head: bytes, *, whole: bool) -> str | None:
    """How the head is encoded; None for binary data."""
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return encoding
    if head.startswith(_MAGIC):
        return None
    if b"\x00" in head:
        return _utf16(head)
    try:
        codecs.getincrementaldecoder("utf-8")("strict").decode(head, final=whole)
    except UnicodeDecodeError:
        return None if _share(head, _BINARY) > 0.02 else _guess(head)
    return "utf-8"


def _utf16(head: bytes) -> str | None:
    """UTF-16 without a byte order mark shows as zeros in every other byte."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) / 2
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None if _share(head.replace(b"\x00", b""), _BINARY) > 0.02 or max(even, odd) > 0.05 * half else "utf-8"


def _share(data: bytes, of: bytes) -> float:
    return (len(data) - len(data.translate(None, of))) / max(len(data), 1)


def _guess(sample: bytes) -> str:
    """The likeliest old encoding; Windows-1252 wherever it reads the same or as well as the best."""
    from charset_normalizer import from_bytes

    matches = list(from_bytes(sample, cp_isolation=_OLD_ENCODINGS, threshold=0.35))
    if not matches:
        return "cp1252"
    best = min(match.chaos for match in matches)
    western = [match for match in matches if "cp1252" in match.could_be_from_charset and match.chaos <= best + 0.02]
    return "cp1252" if western else matches[0].encoding


def _first_bad_byte(path: Path, encoding: str) -> int | None:
    """Where decoding the whole file fails, or None. NUL characters count as failure: no text has any."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    offset = 0
    with path.open("rb") as file:
        while True:
            block = file.read(1 << 20)
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                return max(0, offset + error.start)
            if "\x00" in text:
                return offset + max(block.find(b"\x00"), 0)
            if not block:
                return None
            offset += len(block)


def _holds_nul(path: Path, place: int) -> bool:
    with path.open("rb") as file:
        file.seek(place)
        return file.read(1) == b"\x00"


def _around(path: Path, place: int) -> bytes:
    with path.open("rb") as file:
        file.seek(max(0, place - HEAD // 2))
        return file.read(HEAD)


def _remark(encoding: str) -> list[Finding]:
    if encoding.startswith(("utf-8", "utf-16", "utf-32")):
        return []
    name = _NAMES.get(encoding, encoding)
    message = f"not UTF-8: read as {name}. Save it as UTF-8 where names or quotes look wrong."
    return [Finding(code="encoding-guessed", message=message, severity=Severity.INFO)]
