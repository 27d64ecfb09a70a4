"""What reads a file: the seam between the intake and the readers of `ingest`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from winloss.model import Attendee, Readable


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What a reader may look at to decide whether a file is its own: the name and the first 64 KiB."""

    path: Path
    head: bytes
    text: str
    """`head` decoded as the sniffed encoding, with replacement; empty for binary files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadContext:
    """What is known beside the bytes: the kind asked for, the mapping, and the manifest's row for this file.

    `name` is what a document is called that has no id of its own, where the file's name alone would not do.
    `companions` are the other files of the same delivery that the same reader claims and that are read along with this
    one (who took part in the calls, the users of a dump). `private` allows what is excluded unless somebody asks for
    it: direct messages and private channels. `attendees` are the people whom lists beside the file name. `shown` is
    where the file lies as the user sees it, with the folders and archives around it. `mapping_kept` tells that the
    mapping is one that was made for an earlier table of the same shape.
    """

    kind: str | None = None
    mapping: Mapping[str, object] | None = None
    manifest: Mapping[str, str] | None = None
    name: str | None = None
    companions: tuple[Path, ...] = ()
    private: bool = False
    shown: str | None = None
    mapping_kept: bool = False
    attendees: tuple[Attendee, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One export that a reader reads, as the table of formats shows it.

    `name` is the product and the export ("Zoom cloud recording"), `looks` the usual file ("`.vtt`"), `gives` what is
    read of it ("turns with speakers and times").
    """

    name: str
    looks: str
    gives: str


class Reader(Protocol):
    """Reads one family of files. Stateless; `read` streams, so that a file larger than memory can be read.

    `family` is one of `calls`, `research`, `communities`, `inquiries`, `crm`, `surveys`, `tables`.
    """

    name: str
    title: str
    family: str
    formats: tuple[Format, ...]

    def identify(self, probe: Probe) -> bool:
        """Whether this file is for this reader, by content. Exactly one reader may say so."""

    def read(self, path: Path, context: ReadContext) -> Iterator[Readable]:
        """The documents, deals, accounts and findings in the file.

        Raises:
            MalformedSource: the content is broken in a way that would make the rest wrong.
        """


@runtime_checkable
class Accompanied(Reader, Protocol):
    """A reader some of whose files only say more about others: who took part in a call, the users of a dump."""

    def accompanies(self, probe: Probe) -> bool:
        """Whether this file of the reader's is read along with the others of its delivery, not by itself."""


@runtime_checkable
class Informing(Reader, Protocol):
    """A reader some of whose files say more about others and are read by themselves too: posts, and their comments."""

    def informs(self, probe: Probe) -> bool:
        """Whether this file of the reader's says something about those that do not."""
