"""One generation of the index: the Whoosh files in one folder, made, changed and opened."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from whoosh import fields, index

from winloss.model import Passage
from winloss.search.analysis import Token, tokens
from winloss.search.files import sync_folder
from winloss.search.postings import CONTEXT, ID, MARK, STEMS, SURFACES, Kept, PlainPositions, Segment, Snapshot, codec

MEMORY_MB = 256


def make(folder: Path, passages: Iterable[Passage]) -> None:
    """A new generation of these passages; durable when the call returns."""
    folder.mkdir(parents=True)
    _write(index.create_in(str(folder), _schema()), passages, removed=())
    _sync(folder)


def change(folder: Path, passages: Iterable[Passage], removed: Iterable[str]) -> None:
    """Add or replace passages and drop removed ids, in one commit; durable when the call returns."""
    _write(index.open_dir(str(folder)), passages, removed)
    _sync(folder)


def open_snapshot(folder: Path, kept: Kept | None = None, before: Snapshot | None = None) -> Snapshot:
    """The last committed state of the generation; segments that `before` has open are not opened again."""
    known = {segment.name: segment for segment in before.segments} if before else {}
    kept = kept or Kept()
    reader = index.open_dir(str(folder), readonly=True).reader()
    parts = []
    for leaf, _ in reader.leaf_readers() if reader.doc_count_all() else ():
        gone = sorted(leaf.deleted_docs_set)
        segment = known.get(str(leaf.segment().segment_id()))
        if segment is None:
            segment = Segment(leaf, kept)
        else:
            leaf.close()
        parts.append((segment, gone))
    return Snapshot(parts)


def _schema() -> Any:
    surfaces = fields.TEXT(phrase=True)
    surfaces.format = PlainPositions()
    return fields.Schema(
        **{
            ID: fields.ID(unique=True, sortable=True),
            STEMS: fields.TEXT(phrase=False),
            SURFACES: surfaces,
            CONTEXT: fields.TEXT(phrase=False),
            MARK: fields.COLUMN(),
        }
    )


def _write(whoosh: Any, passages: Iterable[Passage], removed: Iterable[str]) -> None:
    """One commit, or nothing where the passages cannot be read to the end."""
    empty = whoosh.doc_count() == 0
    writer = whoosh.writer(limitmb=MEMORY_MB, codec=codec())
    try:
        for name in removed:
            writer.delete_by_term(ID, name)
        for passage in passages:
            (writer.add_document if empty else writer.update_document)(**contents(passage))
    except BaseException:
        writer.cancel()
        raise
    writer.commit()


def contents(passage: Passage) -> dict[str, Any]:
    """What is indexed of a passage, by field: lists of words in order, its id and its mark."""
    words = tokens(passage.text)
    return {
        ID: passage.id,
        STEMS: _stems(words),
        SURFACES: [token.surface for token in words],
        CONTEXT: _context(passage.title, passage.question),
        MARK: mark_of(passage),
    }


def mark_of(passage: Passage) -> bytes:
    """What of a passage the index holds, as a hash."""
    told = "\0".join((passage.text, passage.title or "", passage.question or ""))
    return blake2b(told.encode("utf-8", "surrogatepass"), digest_size=8).digest()


@lru_cache(maxsize=10_000)
def _context(title: str | None, question: str | None) -> list[str]:
    return _stems(tokens(" \n ".join(filter(None, (title, question)))))


def _stems(words: Iterable[Token]) -> list[str]:
    return [token.stem for token in words if not token.stop]


def _sync(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
    sync_folder(folder)
