"""JSON lines of any size: one object a line, one line in memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from ingest.following import open_bytes, open_text
from ingest.remarks import Remarks
from ingest.sniff import probe
from winloss.model import Severity
from winloss.ports import Probe

LONGEST = 16 << 20
"""Bytes of the longest line that is read; no post is nearly as long."""

_BLANK = "\ufeff \t\r\n"
_WIDE = ((b"\xff\xfe\x00\x00", "utf-32"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def are_lines(seen: Probe) -> bool:
    """Whether the first line of a file is an object by itself, or too long to be seen whole."""
    start = seen.text.lstrip(_BLANK)
    line, end, _ = start.partition("\n")
    return start.startswith("{") and (not end or _parsed(line) is not None)


def json_lines(path: Path, remarks: Remarks) -> Iterator[tuple[str, dict[str, Any]]]:
    """(`line 17`, object) for every line that holds one; what is broken or too long is remarked and left out."""
    for number, line in enumerate(_lines(path, remarks), start=1):
        where = f"line {number}"
        if line is None:
            message = f"a line is longer than {LONGEST >> 20} MiB and was left out"
            remarks.add("long-line", message, where=where)
            continue
        if not (written := line.strip(_BLANK)):
            continue
        value = _parsed(written)
        if value is None:
            message = "a line is not a JSON object and was left out; where it is the last one, export the file again"
            remarks.add("broken-line", message, where=where)
        else:
            yield where, value


def _parsed(line: str) -> dict[str, Any] | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _lines(path: Path, remarks: Remarks) -> Iterator[str | None]:
    """Every line as text, None for one that is too long."""
    head = probe(path).head
    wide = next((name for mark, name in _WIDE if head.startswith(mark)), None)
    if wide is None and b"\x00" in head[:2]:
        wide = "utf-16-le" if head[1:2] == b"\x00" else "utf-16-be"
    if wide is None:
        with open_bytes(path) as file:
            yield from (_decoded(line, remarks) if line is not None else None for line in _bounded(file, b"\n"))
    else:
        with open_text(path, wide, errors="replace") as text:
            yield from _bounded(text, "\n")


def _bounded(file: IO[Any], end: str | bytes) -> Iterator[Any]:
    while line := file.readline(LONGEST):
        if len(line) < LONGEST or line.endswith(end):
            yield line
            continue
        while line and not line.endswith(end):
            line = file.readline(LONGEST)
        yield None


def _decoded(line: bytes, remarks: Remarks) -> str:
    """JSON is UTF-8; a line that is not was spoilt by an old program, nearly always a Western one."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        message = "lines are not UTF-8 and were read as Windows-1252 (Western European): look at their accents"
        remarks.add("encoding-guessed", message, severity=Severity.INFO)
        return line.decode("cp1252", "replace")
