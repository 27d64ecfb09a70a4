"""Raw source bytes, content-addressed: from them the store itself can be rebuilt."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection
from pathlib import Path
from tempfile import NamedTemporaryFile

from winloss.errors import NotFound

_CHUNK = 1 << 20


class BlobStore:
    """Files named by the SHA-256 of their content, in 256 folders."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, path: Path) -> str:
        """Copy the file in and return its SHA-256; a file that is there already is not copied again.

        The copy is written aside, flushed and renamed, so that a crash leaves either no blob or a whole one.
        """
        digest = sha256_of(path)
        target = self._place(digest)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            with path.open("rb") as source, NamedTemporaryFile(dir=target.parent, delete=False) as aside:
                while chunk := source.read(_CHUNK):
                    aside.write(chunk)
                aside.flush()
                os.fsync(aside.fileno())
            Path(aside.name).replace(target)
        return digest

    def keep_only(self, digests: Collection[str]) -> int:
        """Remove every blob but these, and what a crash left half written; returns how many files went."""
        wanted = {self._place(digest) for digest in digests if digest}
        gone = [path for path in self._root.rglob("*") if path.is_file() and path not in wanted]
        for path in gone:
            path.unlink()
        return len(gone)

    def path(self, digest: str) -> Path:
        """Where the bytes lie.

        Raises:
            NotFound: no blob has this name.
        """
        target = self._place(digest)
        if len(digest) != 64 or not target.exists():
            raise NotFound(f"no stored file {digest[:12]}…", hint="Ingest the source file again.")
        return target

    def _place(self, digest: str) -> Path:
        return self._root / digest[:2] / digest[2:]


def sha256_of(path: Path) -> str:
    """The file's SHA-256 in hexadecimal, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
