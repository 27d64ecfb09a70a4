"""How much one document may hold: far more than anybody says, far less than fills the memory.

An hour of speech is some sixty kilobytes and a few hundred turns. What passes these limits is no transcript but a dump,
a loop of a faulty program, or an attack; a person can split a file, nobody can split a machine's memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from winloss.errors import MalformedSource

MAX_TEXT = 16 << 20
MAX_LINES = 1_000_000
MAX_TURNS = 100_000
MAX_COLUMNS = 16_384
MAX_CELL = 16 << 20
MAX_LINE = 32 << 20
_PER_CONTAINER, _PER_VALUE = 190, 60
MAX_JSON = 384 << 20
"""What the values of one JSON document may take up in memory, by `json_weight`."""


def check_text_file(path: Path) -> None:
    """Refuse a text file that is larger than any transcript.

    Raises:
        MalformedSource: it is larger than `MAX_TEXT`.
    """
    if path.stat().st_size > MAX_TEXT:
        raise too_much(path, f"is larger than {MAX_TEXT >> 20} MiB")


def check_lines(path: Path, text: str) -> None:
    """Refuse a text that has more lines than any transcript.

    Raises:
        MalformedSource: it has more than `MAX_LINES`.
    """
    if max(text.count("\n"), text.count("\r")) > MAX_LINES:
        raise too_much(path, f"has more than {MAX_LINES:,} lines")


def check_turns(path: Path, count: int) -> None:
    """Refuse a conversation that has more turns than any.

    Raises:
        MalformedSource: it has more than `MAX_TURNS`.
    """
    if count > MAX_TURNS:
        raise too_much(path, f"has {count:,} turns")


def too_much(path: Path, what: str) -> MalformedSource:
    """The refusal of a file for its size."""
    return MalformedSource(
        f"{path.name} {what}, too much for one transcript",
        hint="Split it into one file a conversation.",
        path=str(path),
    )


def bounded_lines(file: TextIO, path: Path) -> Iterator[str]:
    """The lines of an open file, none of which fills the memory.

    Raises:
        MalformedSource: a line has more than `MAX_LINE` characters; what came before has been given.
    """
    while line := file.readline(MAX_LINE):
        if len(line) >= MAX_LINE:
            raise MalformedSource(
                f"{path.name} has a line of more than {MAX_LINE >> 20} million characters",
                hint="A quote is probably not closed, or the line breaks are lost. Export it again.",
                path=str(path),
            )
        yield line


def shown(names: Iterable[str], *, most: int = 40) -> str:
    """Names in a message: not all of very many, and none in full that is very long."""
    listed = list(names)
    short = (name if len(name) <= 60 else name[:59] + "…" for name in listed[:most])
    return ", ".join(short) + (f" and {len(listed) - most:,} more" if len(listed) > most else "")


def json_weight(text: str) -> int:
    """How many bytes the values of a JSON text take up in memory, at the most."""
    return _PER_CONTAINER * (text.count("{") + text.count("[")) + _PER_VALUE * text.count(",")


def event_weight(kind: str, value: object) -> int:
    """How many bytes one piece of a streamed JSON document takes up in memory, at the most."""
    if kind in ("start_map", "start_array"):
        return _PER_CONTAINER
    return _PER_VALUE + (4 * len(value) if isinstance(value, str) else 0)
