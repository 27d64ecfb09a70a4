"""How far reading has come: whoever reads a file of any size opens it here, whoever waits for it is told the place.

Readers pass files on as they stream, without knowing who waits. A place is told by a context variable, so that nothing
has to be handed through every reader.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from io import BufferedReader, FileIO, TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO, TextIO

Heard = Callable[[int], None]

_heard: ContextVar[Heard | None] = ContextVar("heard", default=None)
_BUFFER = 256 << 10


@contextmanager
def followed(heard: Heard) -> Iterator[None]:
    """While this lasts, `heard` is called with the bytes that each file opened here is read up to."""
    token = _heard.set(heard)
    try:
        yield
    finally:
        _heard.reset(token)


def open_bytes(path: Path) -> BinaryIO:
    """A file's bytes.

    Raises:
        OSError: it cannot be opened.
    """
    heard = _heard.get()
    return path.open("rb") if heard is None else BufferedReader(_Told(path, heard), _BUFFER)


def open_text(path: Path, encoding: str, *, newline: str | None = None, errors: str = "strict") -> TextIO:
    """A file's text.

    Raises:
        OSError: it cannot be opened.
    """
    return TextIOWrapper(open_bytes(path), encoding=encoding, newline=newline, errors=errors)


class _Told(FileIO):
    """A file that tells how far it is read."""

    def __init__(self, path: Path, heard: Heard) -> None:
        super().__init__(path, "rb")
        self._heard = heard

    def readinto(self, buffer: Any) -> int | None:
        """The next bytes."""
        count = super().readinto(buffer)
        self._heard(self.tell())
        return count
