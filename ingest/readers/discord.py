"""Discord channels, threads and forum posts as DiscordChatExporter writes them (JSON)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ingest.chats import Notes, Recent, first_line, is_staff, looks_like_job, own_words, post_kind, quoted_lines
from ingest.json_files import shape, stream
from ingest.json_values import day_of_moment, number_in, object_in, objects_in, text_in
from ingest.posts import BLANK, Spans, filled, titled
from winloss.model import Participant, Readable, ReadDocument, ReadTurn, Rights, Side, SourceKind, stable_id
from winloss.ports import Format, Probe, ReadContext

_SAID = frozenset({None, "Default", "Reply", "ThreadStarterMessage", "0", "19", "21"})
_OF_NO_USE = frozenset(
    {
        *("id", "type", "timestamp", "timestampEdited", "callEndedTimestamp", "isPinned", "content", "author"),
        *("attachments", "embeds", "stickers", "reactions", "mentions", "reference", "forwardedMessage"),
        *("interaction", "inlineEmojis", "components"),
    }
)
_EMOJI = re.compile(r"<a?(:\w{1,64}:)\d{1,25}>")
_MENTION = re.compile(r"<@!?(\d{1,25})>")
_GONE = re.compile(r"(?i)deleted[ _]user(?:[ _#].*)?")
_NO_TAG = ("0", "0000")


@dataclass(slots=True, kw_only=True)
class _Channel:
    """Where messages stand; `thread` is the channel's own id where all of it is one thread, which `name` is about."""

    kind: SourceKind
    guild: str | None
    server: str | None
    id: str | None
    name: str | None
    parent: str | None
    thread: str | None
    private: bool
    notes: Notes = field(default_factory=Notes)
    known: Recent[tuple[str, str | None]] = field(default_factory=Recent)


class DiscordReader:
    """Messages of people. Every one is a document; answers share the thread of what they answer."""

    name = "discord"
    title = "Discord (DiscordChatExporter JSON)"
    family = "communities"
    formats: tuple[Format, ...] = (
        Format(
            name="Discord channel, DiscordChatExporter",
            looks="`.json`",
            gives="messages with author, day, roles, what they answer, link",
        ),
        Format(
            name="Discord thread or forum post, DiscordChatExporter",
            looks="`.json`",
            gives="the same, with the thread's title",
        ),
    )

    def identify(self, probe: Probe) -> bool:
        """A server, one of its channels, and messages."""
        return {"guild.id", "channel.id", "messages"} <= shape(probe)

    def read(self, path: Path, context: ReadContext) -> Iterator[Readable]:
        """One document a message, in the order of the file.

        Raises:
            MalformedSource: broken JSON.
        """
        guild, about = (next(stream(path, name), None) for name in ("guild", "channel"))
        channel = _channel(
            guild if isinstance(guild, dict) else {}, about if isinstance(about, dict) else {}, post_kind(context)
        )
        if channel.private and not context.private:
            channel.notes.count("private-topics")
        else:
            for message in stream(path, "messages.item"):
                if isinstance(message, dict) and (document := _document(message, channel)):
                    yield document
        yield from channel.notes.findings()


def _channel(guild: Mapping[str, Any], about: Mapping[str, Any], kind: SourceKind) -> _Channel:
    name, written, server = text_in(about, "id"), text_in(about, "type") or "", text_in(guild, "id")
    return _Channel(
        kind=kind,
        guild=server,
        server=text_in(guild, "name"),
        id=name,
        name=text_in(about, "name"),
        parent=text_in(about, "category"),
        thread=name if "Thread" in written else None,
        private=server == "0" or written.startswith(("Direct", "GuildPrivateThread")),
    )


def _document(message: Mapping[str, Any], channel: _Channel) -> ReadDocument | None:
    """The document, or None for what is left out, which is counted."""
    channel.notes.left.look(message, _OF_NO_USE)
    text, quoted = _words(message)
    if reason := _left_out(message, text, quoted):
        channel.notes.count(reason)
        return None
    name = text_in(message, "id") or stable_id("m-", channel.id, text)
    answered = text_in(object_in(message, "reference"), "messageId")
    thread, question = _thread(name, answered, channel)
    channel.known.put(name, (thread, first_line(text, quoted)))
    if name == channel.thread:
        words = titled(channel.name, text, quoted)
        return replace(_made(message, channel, name, words), title=channel.name, thread_id=thread)
    return replace(_made(message, channel, name, (text, quoted)), question=question, thread_id=thread)


def _made(message: Mapping[str, Any], channel: _Channel, name: str, words: tuple[str, Spans]) -> ReadDocument:
    author = object_in(message, "author")
    gone = bool(_GONE.fullmatch(text_in(author, "name") or ""))
    if gone:
        channel.notes.count("withdrawn")
    person = None if gone else _person(author)
    return ReadDocument(
        kind=channel.kind,
        external_id=name,
        turns=(ReadTurn(speaker=person.name if person else None, text=words[0], quoted=words[1]),),
        happened_on=day_of_moment(message.get("timestamp")),
        url=_url(channel, text_in(message, "id")),
        rights=Rights.NO_QUOTE if gone else Rights.INTERNAL if channel.private else None,
        tags=tuple(filter(None, (channel.parent if channel.thread else channel.name,))),
        participants=(person,) if person else (),
        meta=_meta(message, author, channel, withdrawn=gone),
    )


def _left_out(message: Mapping[str, Any], text: str, quoted: Spans) -> str | None:
    if object_in(message, "author").get("isBot") is True:
        return "bots"
    if text_in(message, "type") not in _SAID:
        return "system"
    if own_words(text, quoted).strip(BLANK):
        return None
    return "forwarded" if text else "no-text"


def _words(message: Mapping[str, Any]) -> tuple[str, Spans]:
    """What was written, then what was passed on with it, which is somebody else's."""
    names = {
        told: text_in(person, "nickname", "name")
        for person in objects_in(message, "mentions")
        if (told := text_in(person, "id"))
    }
    text = _plain(message.get("content"), names)
    quoted = quoted_lines(text, mark="> ")
    passed = _plain(object_in(message, "forwardedMessage").get("content"), names)
    if not passed:
        return text, quoted
    above = f"{text}\n\n" if text else ""
    return above + passed, (*quoted, (len(above), len(above) + len(passed)))


def _plain(content: object, names: Mapping[str, str | None]) -> str:
    """A message's text; emoji and mentions that were exported as codes become what Discord shows."""
    if not isinstance(content, str):
        return ""
    text = _EMOJI.sub(r"\1", content)
    return _MENTION.sub(lambda match: f"@{names[match[1]]}" if names.get(match[1]) else match[0], text).strip(BLANK)


def _thread(name: str, answered: str | None, channel: _Channel) -> tuple[str, str | None]:
    """The id of what began the conversation, and the first line of what is answered (or the thread's name)."""
    parent = channel.known.get(answered)
    if channel.thread:
        return channel.thread, (parent[1] if parent and parent[1] else None) or channel.name
    if answered is None:
        return name, None
    return parent or (answered, None)


def _url(channel: _Channel, message: str | None) -> str | None:
    if not (channel.guild and channel.id and message):
        return None
    server = "@me" if channel.guild == "0" else channel.guild
    return f"https://discord.com/channels/{server}/{channel.id}/{message}"


def _person(author: Mapping[str, Any]) -> Participant | None:
    name = text_in(author, "name", "nickname")
    if name is None:
        return None
    tag = text_in(author, "discriminator")
    roles = _roles(author)
    beside = (text_in(author, "nickname") or "").partition("|")[2].strip()
    title = next((said for said in (beside, *roles) if looks_like_job(said)), None)
    return Participant(
        name=f"{name}#{tag}" if tag and tag not in _NO_TAG else name,
        title=title,
        side=Side.VENDOR if any(map(is_staff, roles)) else None,
    )


def _roles(author: Mapping[str, Any]) -> list[str]:
    return [name for role in objects_in(author, "roles") if (name := text_in(role, "name")) and name != "@everyone"]


def _meta(
    message: Mapping[str, Any], author: Mapping[str, Any], channel: _Channel, *, withdrawn: bool
) -> dict[str, str]:
    edited = day_of_moment(message.get("timestampEdited"))
    reactions = sum(int(number_in(reaction, "count") or 0) for reaction in objects_in(message, "reactions"))
    return filled(
        reply_to=text_in(object_in(message, "reference"), "messageId"),
        server=channel.server,
        thread=channel.name if channel.thread else None,
        roles=", ".join(_roles(author)),
        edited=edited.isoformat() if edited else None,
        reactions=str(reactions) if reactions else None,
        withdrawn="its author's account was deleted" if withdrawn else None,
    )
