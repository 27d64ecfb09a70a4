"""The words of Slack's messages: its markup, and its blocks of rich text, as people see them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from ingest.chats import quoted_lines
from ingest.json_values import object_in, objects_in, text_in
from ingest.posts import BLANK, Spans

MOST_LEVELS = 12
_CODE = re.compile(r"<([^<>]{1,4000})>|&(amp|lt|gt);")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">"}
_NO_LETTER = re.compile(r"[\W_]+")


class Names(Protocol):
    """What people and channels are called by their ids."""

    def person(self, name: str) -> str | None:
        """The name of a person."""

    def channel(self, name: str) -> str | None:
        """The name of a channel."""


def message_words(message: Mapping[str, Any], names: Names) -> tuple[str, Spans]:
    """The text of a message and the spans of it that quote somebody else.

    What the message holds as rich text counts where its plain text is missing or says less.
    """
    written = message.get("text")
    text = decoded(written, names).strip(BLANK) if isinstance(written, str) else ""
    blocks = objects_in(message, "blocks")
    rich, quoted = _Rich(names).read(blocks) if blocks else ("", ())
    if len(_NO_LETTER.sub("", rich)) > len(_NO_LETTER.sub("", text)):
        return rich, quoted
    return text, quoted_lines(text)


def decoded(written: str, names: Names) -> str:
    """Slack's markup as people see it: mentions by name, links by their label, entities as characters."""
    return _CODE.sub(lambda match: _ENTITIES[match[2]] if match[2] else _shown(match[1], match[0], names), written)


def _shown(code: str, whole: str, names: Names) -> str:
    target, _, label = code.partition("|")
    label = decoded(label, names) if label else ""
    kind, rest = target[:1], target[1:]
    if kind == "@":
        return f"@{names.person(rest) or label.removeprefix('@') or rest}"
    if kind == "#":
        return f"#{label or names.channel(rest) or rest}"
    if kind == "!":
        if rest.startswith(("subteam^", "date^")):
            return label or ("@group" if rest.startswith("subteam^") else "")
        return f"@{rest.partition('^')[0]}" if rest in ("here", "channel", "everyone") else label or f"@{rest}"
    if ":" in target or "/" in target:
        return label or decoded(target.removeprefix("mailto:"), names)
    return whole


class _Rich:
    """Collects the text of blocks; lines are joined as they come."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._text = ""
        self._quoted: list[tuple[int, int]] = []

    def read(self, blocks: list[dict[str, Any]]) -> tuple[str, Spans]:
        for block in blocks:
            if text_in(block, "type") == "rich_text":
                for element in objects_in(block, "elements"):
                    self._element(element)
            else:
                for line in self._plain(block):
                    self._put(line)
        return self._text, tuple(self._quoted)

    def _element(self, element: Mapping[str, Any]) -> None:
        kind = text_in(element, "type")
        if kind == "rich_text_list":
            self._list(element)
        elif kind == "rich_text_preformatted":
            self._put(f"```\n{self._inline(element).strip(BLANK)}\n```")
        else:
            self._put(self._inline(element), quoted=kind == "rich_text_quote")

    def _list(self, element: Mapping[str, Any]) -> None:
        indent = element.get("indent")
        space = "    " * (min(indent, MOST_LEVELS) if isinstance(indent, int) and indent > 0 else 0)
        ordered = text_in(element, "style") == "ordered"
        for number, item in enumerate(objects_in(element, "elements"), start=1):
            self._put(f"{space}{f'{number}.' if ordered else '•'} {self._inline(item)}")

    def _plain(self, block: Mapping[str, Any]) -> Iterator[str]:
        """The words of a section or a heading."""
        for part in (object_in(block, "text"), *objects_in(block, "fields")):
            if said := text_in(part, "text"):
                yield said if text_in(part, "type") == "plain_text" else decoded(said, self._names)
        if text_in(block, "type") == "markdown" and (said := text_in(block, "text")):
            yield said

    def _inline(self, element: Mapping[str, Any]) -> str:
        return "".join(map(self._piece, objects_in(element, "elements")))

    def _piece(self, piece: Mapping[str, Any]) -> str:
        kind = text_in(piece, "type")
        if kind == "user" and (name := text_in(piece, "user_id")):
            return f"@{self._names.person(name) or name}"
        if kind == "channel" and (name := text_in(piece, "channel_id")):
            return f"#{self._names.channel(name) or name}"
        if kind == "emoji":
            return f":{text_in(piece, 'name') or ''}:"
        if kind == "broadcast":
            return f"@{text_in(piece, 'range') or 'channel'}"
        if kind == "usergroup":
            return "@group"
        said = piece.get("text")
        return said if isinstance(said, str) and said else text_in(piece, "url", "fallback", "value") or ""

    def _put(self, line: str, *, quoted: bool = False) -> None:
        line = line.strip("\r\n")
        if not line.strip(BLANK):
            return
        self._text += "\n" if self._text else ""
        start = len(self._text)
        self._text += line
        if quoted:
            self._quoted.append((start, len(self._text)))
