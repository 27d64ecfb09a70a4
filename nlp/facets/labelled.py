"""Passages that people labelled, and which part of the split each is in.

Two kinds: passages written for this project (`data/facet_passages.jsonl`, words and all) and passages of public text,
of which only the place, the hash and the label are kept here (`data/facet_places.jsonl`); whoever has the text can
read them (`load_real`). The parts follow hashes, so that a passage stays where it is however the files grow. Of two
writers nothing is learned, so that what somebody's passages are decided like whom nobody has read can be told: their
blocks are in one part whatever their hash.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from winloss.errors import NotFound, StaleArtefact
from winloss.model import Facet, text_key

DATA = Path(__file__).parent.parent / "data"
PASSAGES = DATA / "facet_passages.jsonl"
PLACES = DATA / "facet_places.jsonl"
TRAIN, DEV, TEST = "train", "dev", "test"
UNREAD = {"r1": DEV, "r3": TEST}
"""The part in which all blocks of a writer are whom nothing is learned from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """One labelled passage; `domain` is its field or the set it is from, `register` how it is told.

    `document` says which document a passage of public text is from, and is empty for one written here. Some of these
    were written in blocks, whose passages answer one another: `block` names it, from its writer up to its number.
    """

    text: str
    facet: Facet
    domain: str
    register: str
    document: str = ""
    block: str = ""

    @property
    def part(self) -> str:
        """Its part of the split: six tenths to train, two to choose by, two that are measured once.

        Passages of one document, or of one block, are in one part.
        """
        if self.writer in UNREAD:
            return UNREAD[self.writer]
        place = int(text_key(self.document or self.block or self.text)[:8], 16) % 10
        return TRAIN if place < 6 else DEV if place < 8 else TEST

    @property
    def writer(self) -> str:
        """Who wrote it, for a passage that was written in a block."""
        return self.block.partition("-")[0]

    @property
    def real(self) -> bool:
        """Whether nobody of this project wrote it."""
        return bool(self.document)


def load_passages(path: Path = PASSAGES) -> list[Labelled]:
    """The labelled passages that were written here, in the order of the file."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        Labelled(
            text=row["text"],
            facet=Facet(row["facet"]),
            domain=row["domain"],
            register=row["register"],
            block=row.get("block", ""),
        )
        for row in rows
    ]


def load_real(data: Path, places: Path = PLACES) -> list[Labelled]:
    """The labelled passages of public text, read from the folder `data` and checked by their hash.

    Raises:
        NotFound: a text is not there.
        StaleArtefact: a text is not the one that was labelled.
    """
    rows = [json.loads(line) for line in places.read_text(encoding="utf-8").splitlines()]
    return [_read(data, row) for row in rows]


def of_parts(passages: Iterable[Labelled], *parts: str) -> list[Labelled]:
    """The passages in these parts of the split."""
    return [passage for passage in passages if passage.part in parts]


def _read(data: Path, row: dict[str, object]) -> Labelled:
    file, line = str(row["file"]), int(str(row["line"]))
    content = _lines(data / file)[line]
    steps = row["path"]
    found = json.loads(content) if steps else content
    for step in steps if isinstance(steps, list) else ():
        found = found[step]
    text = str(found)[int(str(row["start"])) : int(str(row["end"]))]
    if text_key(text) != row["hash"]:
        raise StaleArtefact(
            f"{file}, line {line + 1} is not the text that was labelled", hint="Use the data set as it was published."
        )
    document = f"{file}:{line}" if steps else file
    return Labelled(
        text=text, facet=Facet(str(row["facet"])), domain=file.partition("/")[0], register="real", document=document
    )


@cache
def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise NotFound(f"{path} cannot be read: {error}", hint="Name the folder that holds the data sets.") from error
