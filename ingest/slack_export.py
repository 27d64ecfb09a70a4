"""The layout of a Slack export: lists of conversations and people, and one file a day for each conversation.

An export comes as a zip; what it claims to unpack to is checked before anything is, and a part that cannot be read is
told and loses no other.
"""

from __future__ import annotations

import json
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.json_files import stream_utf8
from ingest.json_values import objects, text_in
from ingest.remarks import Remarks
from winloss.errors import MalformedSource

LISTS = {
    "channels.json": None,
    "groups.json": "private channel",
    "mpims.json": "group conversation",
    "dms.json": "direct message",
}
"""The lists of conversations, and what those in them are that not everybody could read."""

PEOPLE = ("users.json", "org_users.json")
LARGEST_DAY = 64 << 20
MAX_UNPACKED = 64 << 30
MAX_RATIO = 250
FREE_RATIO = 64 << 20
LOOKED_THROUGH = 32 << 20
_DAY = re.compile(r"([^/]+)/(\d{4}-\d{2}-\d{2})\.json")
_UTF8_NAMES = 0x800
_UNREADABLE = (
    *(zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError, NotImplementedError, struct.error),
    *(zlib.error, lzma.LZMAError, MemoryError),
)
_OWN_LINK = re.compile(
    rb"https:\\?/\\?/([a-z0-9-]{1,64}(?:\.enterprise)?)\.slack\.com\\?/(?:archives|files)\\?/(\w{7,16})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A channel, or a conversation that not everybody could read (`private` says what it is)."""

    id: str
    name: str | None
    private: str | None
    days: tuple[zipfile.ZipInfo, ...]


def export_prefix(names: Iterable[str]) -> str | None:
    """Where in a folder or an archive an export lies: `""` or `folder/`; None where there is none."""
    found = set(names)
    places = sorted({name.rpartition("/")[0] for name in found if name.rpartition("/")[2] in PEOPLE})
    for place in places:
        prefix = f"{place}/" if place else ""
        if (
            prefix.count("/") <= 1
            and not prefix.startswith("__MACOSX")
            and any(prefix + name in found for name in LISTS)
        ):
            return prefix
    return None


class SlackExport:
    """An export that is being read. Parts that cannot be read are told in `remarks`."""

    def __init__(self, path: Path, archive: zipfile.ZipFile, remarks: Remarks) -> None:
        """Raises MalformedSource where it would unpack to more than any export does."""
        self.path = path
        self._archive = archive
        self._remarks = remarks
        members = archive.infolist()
        whole = sum(member.file_size for member in members)
        if whole > MAX_UNPACKED or whole > max(FREE_RATIO, MAX_RATIO * path.stat().st_size):
            raise MalformedSource(
                f"{path.name} says that it unpacks to {whole >> 20:,} MiB, which no export does",
                hint="Unpack it yourself and ingest the folder.",
                path=str(path),
            )
        named = {_name(member): member for member in members if not member.filename.endswith("/")}
        prefix = export_prefix(named) or ""
        self._members = {name.removeprefix(prefix): member for name, member in named.items() if name.startswith(prefix)}

    def conversations(self) -> tuple[list[Conversation], list[str]]:
        """The conversations that have messages, in the order of the lists, and the folders that no list knows."""
        folders: dict[str, list[tuple[str, zipfile.ZipInfo]]] = {}
        for name, member in self._members.items():
            if match := _DAY.fullmatch(name):
                folders.setdefault(match[1], []).append((match[2], member))
        days = {folder: tuple(member for _, member in sorted(held, key=_by_day)) for folder, held in folders.items()}
        found = []
        for thing, private in self._listed():
            told, called = text_in(thing, "id"), text_in(thing, "name")
            folder = next((known for known in (called, told) if known is not None and known in days), None)
            if folder is not None:
                held_days = days.pop(folder)
                found.append(Conversation(id=told or folder, name=called, private=private, days=held_days))
        return found, sorted(days)

    def people(self) -> Iterator[dict[str, Any]]:
        """Everybody on the lists of people."""
        for name in PEOPLE:
            yield from self._objects(name)

    def messages(self, day: zipfile.ZipInfo) -> list[dict[str, Any]]:
        """The messages of a day, in order; none where the day cannot be read."""
        data = self._read(day)
        if data is None:
            return []
        try:
            found = objects(json.loads(data.removeprefix(b"\xef\xbb\xbf")))
        except (ValueError, RecursionError):
            self._tell(_name(day))
            return []
        return sorted(found, key=_by_time)

    def mentions(self, day: zipfile.ZipInfo, *words: bytes) -> bool:
        """Whether any of the words stands in the file of a day."""
        data = self._quietly(day) or b""
        return any(word in data for word in words)

    def workspace(self, conversations: Iterable[Conversation], people: Iterable[str]) -> str | None:
        """The workspace's address (`acme` of `acme.slack.com`): that of a link to one of its own channels or files."""
        known = {*people}
        rest = LOOKED_THROUGH
        everything = list(conversations)
        known |= {conversation.id for conversation in everything}
        for member in (day for conversation in everything for day in conversation.days):
            rest -= member.file_size
            if rest < 0:
                return None
            for match in _OWN_LINK.finditer(self._quietly(member) or b""):
                if match[2].decode("ascii", "replace") in known:
                    return match[1].decode()
        return None

    def _listed(self) -> Iterator[tuple[dict[str, Any], str | None]]:
        for name, private in LISTS.items():
            for thing in self._objects(name):
                yield thing, private or ("private channel" if thing.get("is_private") is True else None)

    def _objects(self, name: str) -> Iterator[dict[str, Any]]:
        member = self._members.get(name)
        if member is None:
            return
        try:
            with self._archive.open(member) as file:
                for thing in stream_utf8(file, "item", self.path):
                    if isinstance(thing, dict):
                        yield thing
        except (*_UNREADABLE, MalformedSource):
            self._tell(name)

    def _read(self, member: zipfile.ZipInfo) -> bytes | None:
        if member.file_size > LARGEST_DAY:
            message = f"a day of messages is larger than {LARGEST_DAY >> 20} MiB and was left out"
            self._remarks.add("day-too-large", message, where=_name(member))
            return None
        if (data := self._quietly(member)) is None:
            self._tell(_name(member))
        return data

    def _quietly(self, member: zipfile.ZipInfo) -> bytes | None:
        if member.file_size > LARGEST_DAY:
            return None
        try:
            return self._archive.read(member)
        except _UNREADABLE:
            return None

    def _tell(self, name: str) -> None:
        message = "a file in the export is damaged and was left out, or its end was; ask for the export again"
        self._remarks.add("member-broken", message, where=name)


def _name(member: zipfile.ZipInfo) -> str:
    """A member's name; where it was written without saying that it is UTF-8, it is that all the same if it can be."""
    if member.flag_bits & _UTF8_NAMES:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return member.filename


def _by_day(held: tuple[str, zipfile.ZipInfo]) -> str:
    return held[0]


def _by_time(message: dict[str, Any]) -> float:
    try:
        return float(message.get("ts") or 0)
    except (TypeError, ValueError, OverflowError):
        return 0.0
