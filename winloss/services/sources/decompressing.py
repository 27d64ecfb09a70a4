"""Compressed files told by their content and read as streams, complete or not at all."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

ZSTD_WINDOW = 1 << 31
TAR_MARK = slice(257, 262)
_MAGIC = ((b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd"), (b"BZh", "bzip2"), (b"\xfd7zXZ\x00", "xz"))
_PACKED = 4096


def compression_of(path: Path) -> str | None:
    """`gzip`, `zstd`, `bzip2`, `xz` or `tar` by the file's content; None for anything else."""
    try:
        with path.open("rb") as file:
            head = file.read(512)
    except OSError:
        return None
    kind = next((name for magic, name in _MAGIC if head.startswith(magic)), None)
    return kind or ("tar" if head[TAR_MARK] == b"ustar" else None)


@contextmanager
def decompressed(path: Path, kind: str) -> Iterator[IO[bytes]]:
    """The unpacked bytes of a compressed file, as a stream.

    Reading from it raises OSError where the data is damaged, EOFError where it breaks off, or `lzma.LZMAError`.
    """
    if kind == "zstd":
        with path.open("rb") as packed:
            yield cast(IO[bytes], _Zstandard(packed))
        return
    opener: Any = {"gzip": gzip.open, "bzip2": bz2.open, "xz": lzma.open}[kind]
    with opener(path, "rb") as source:
        yield source


class _Zstandard:
    """Zstandard frames one after the other. The library's own stream takes a file that breaks off for its end.

    Small pieces go in, because a few bytes can become 128 KiB.
    """

    def __init__(self, packed: IO[bytes]) -> None:
        import zstandard

        self._packed = packed
        self._error = zstandard.ZstdError
        self._decompressor = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW)
        self._frame: Any = None
        self._rest = b""
        self._ready = b""

    def read(self, size: int) -> bytes:
        """The next bytes, at most `size`; none at the end."""
        while not self._ready:
            piece = self._rest or self._packed.read(_PACKED)
            self._rest = b""
            if not piece:
                if self._frame is not None:
                    raise EOFError("it breaks off before its end")
                return b""
            self._unpack(piece)
        taken, self._ready = self._ready[:size], self._ready[size:]
        return taken

    def _unpack(self, piece: bytes) -> None:
        frame = self._frame or self._decompressor.decompressobj()
        try:
            self._ready = frame.decompress(piece)
        except self._error as error:
            raise OSError(f"it is damaged ({error})") from error
        self._frame = None if frame.eof else frame
        self._rest = frame.unused_data if frame.eof else b""
