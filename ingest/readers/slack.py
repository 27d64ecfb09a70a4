"""Slack: the export of a workspace, a zip with a file for each channel and day."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.chats import Notes, Recent, first_line, own_words, post_kind
from ingest.json_values import day_of_moment, number_in, object_in, objects_in, text_in
from ingest.posts import BLANK, Spans, filled
from ingest.slack_export import Conversation, SlackExport, export_prefix
from ingest.slack_people import SLACKBOT, Directory, Member, member
from ingest.slack_text import decoded, message_words
from ingest.zips import is_zip, member_names
from winloss.errors import MalformedSource
from winloss.model import Finding, Readable, ReadDocument, ReadTurn, Rights, Severity, SourceKind, stable_id
from winloss.ports import Format, Probe, ReadContext

_SAID = frozenset({None, "me_message", "thread_broadcast", "file_share", "file_comment", "file_mention"})
_CHANGED, _DELETED = "message_changed", "message_deleted"
_UNDERSTOOD = frozenset(
    {
        *("type", "subtype", "user", "text", "ts", "thread_ts", "blocks", "edited", "reactions", "comment", "username"),
        *("client_msg_id", "team", "user_team", "source_team", "user_profile", "reply_count", "reply_users", "replies"),
        *("reply_users_count", "latest_reply", "parent_user_id", "is_locked", "subscribed", "last_read", "attachments"),
        *("files", "file", "upload", "display_as_bot", "bot_id", "bot_profile", "app_id", "pinned_to", "pinned_info"),
        *("permalink", "root", "hidden", "is_starred", "inviter", "channel", "channel_type", "metadata", "event_ts"),
        *(
            "unread_count",
            "x_files",
            "icons",
            "item_type",
            "no_notifications",
            "is_intro",
            "language",
            "purpose",
            "topic",
        ),
        *("assistant_app_thread", "streaming_state", "saved", "room", "new_broadcast", "original", "old_name", "name"),
    }
)
_MANY = {
    "private channel": "private channels",
    "group conversation": "group conversations",
    "direct message": "conversations of two",
}


@dataclass(slots=True, kw_only=True)
class _Workspace:
    """An export on its way into documents; `domain` is the workspace's, where a link tells it."""

    kind: SourceKind
    people: Directory
    domain: str | None = None
    notes: Notes = field(default_factory=Notes)


@dataclass(slots=True, kw_only=True)
class _Place:
    """A conversation while it is read: what changed later, and what threads began with."""

    about: Conversation
    changed: Mapping[str, Mapping[str, Any]]
    deleted: frozenset[str]
    roots: Recent[str | None] = field(default_factory=Recent)
    seen: set[str] = field(default_factory=set)


class SlackReader:
    """Messages of people in public channels. Every one is a document; threads hang together by their first message."""

    name = "slack"
    title = "Slack workspace exports (zip)"
    family = "communities"
    formats: tuple[Format, ...] = (
        Format(
            name="Slack workspace export",
            looks="`.zip` as Slack gives it, or the folder in it",
            gives="messages with author, title, domain, day, channel, thread, link; private ones with `--private`",
        ),
    )

    def identify(self, probe: Probe) -> bool:
        """A zip with a list of conversations and a list of people side by side."""
        return probe.head.startswith(b"PK") and export_prefix(member_names(probe.path)) is not None

    def read(self, path: Path, context: ReadContext) -> Iterator[Readable]:
        """One document a message, channel by channel, each in the order of time.

        Raises:
            MalformedSource: no readable zip, or one that would unpack to more than any export does.
        """
        notes = Notes()
        try:
            archive = zipfile.ZipFile(path) if is_zip(path) else None
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise _broken(path) from error
        if archive is None:
            raise _broken(path)
        with archive:
            yield from _read(SlackExport(path, archive, notes.remarks), context, notes)
        yield from notes.findings()


def _broken(path: Path) -> MalformedSource:
    return MalformedSource(f"{path.name} is not a readable zip", hint="Ask for the export again.", path=str(path))


def _read(export: SlackExport, context: ReadContext, notes: Notes) -> Iterator[Readable]:
    listed, unlisted = export.conversations()
    wanted = [one for one in listed if context.private or one.private is None]
    workspace = _Workspace(kind=post_kind(context), people=Directory(export.people()), notes=notes)
    for conversation in listed:
        workspace.people.learn(conversation.id, conversation.name)
    workspace.domain = export.workspace(wanted, workspace.people.ids())
    yield from _told(listed, unlisted, private=context.private)
    for conversation in wanted:
        yield from _conversation(export, conversation, workspace)


def _told(listed: Sequence[Conversation], unlisted: Sequence[str], *, private: bool) -> Iterator[Finding]:
    """Which conversations are left out, or read although not everybody could read them."""
    counts = Counter(one.private for one in listed if one.private)
    held = ", ".join(f"{count:,} {_MANY[kind] if count > 1 else kind}" for kind, count in counts.items())
    if held and private:
        message = (
            f"{held} were read as well, because --private was given; they are for internal use unless you say more"
        )
        yield Finding(code="private-read", message=message, count=counts.total(), severity=Severity.INFO)
    elif held:
        message = f"{held} were left out; if everybody in them agrees, read them too with: winloss ingest --private"
        yield Finding(code="private-left-out", message=message, count=counts.total(), severity=Severity.INFO)
    if unlisted:
        message = "folders that belong to no conversation on the export's lists were left out"
        yield Finding(code="unlisted-folders", message=message, where=unlisted[0], count=len(unlisted))


# --- One conversation ------------------------------------------------------------------------------------------------


def _conversation(export: SlackExport, about: Conversation, workspace: _Workspace) -> Iterator[ReadDocument]:
    place = _place(export, about)
    for day in about.days:
        today: set[str] = set()
        for message in export.messages(day):
            told = _as_it_stands(message, place)
            time = text_in(told, "ts")
            if time is not None and time in today:
                continue
            today.add(time or "")
            if document := _document(told, place, workspace):
                yield document


def _place(export: SlackExport, about: Conversation) -> _Place:
    """What exports that keep every edit say about changes and deletions, gathered before the first message is read."""
    changed: dict[str, Mapping[str, Any]] = {}
    deleted: set[str] = set()
    for day in about.days:
        if not export.mentions(day, _CHANGED.encode(), _DELETED.encode()):
            continue
        for message in export.messages(day):
            subject = _subject(message)
            time = text_in(subject, "ts") or text_in(message, "deleted_ts")
            if time and text_in(message, "subtype") == _CHANGED:
                changed[time] = subject
            elif time and text_in(message, "subtype") == _DELETED:
                deleted.add(time)
    return _Place(about=about, changed=changed, deleted=frozenset(deleted))


def _subject(message: Mapping[str, Any]) -> Mapping[str, Any]:
    """The message that a notice of a change or a deletion is about, in its newest words."""
    named = ("message", "previous_message", "original")
    return next((told for name in named if (told := object_in(message, name))), {})


def _as_it_stands(message: Mapping[str, Any], place: _Place) -> Mapping[str, Any]:
    """The message with its newest words; a notice about one that was not in the export is that one."""
    notice = text_in(message, "subtype") in (_CHANGED, _DELETED)
    subject = _subject(message) if notice else message
    time = text_in(subject, "ts") or ""
    if notice and (time in place.seen or not subject):
        return message
    if time in place.changed or time in place.deleted:
        place.seen.add(time)
    return place.changed.get(time, subject)


# --- One message -----------------------------------------------------------------------------------------------------


def _document(message: Mapping[str, Any], place: _Place, workspace: _Workspace) -> ReadDocument | None:
    """The document, or None for what is left out, which is counted."""
    notes = workspace.notes
    author = _author(message, workspace.people)
    if reason := _left_out(message, author):
        if reason != "known":
            notes.count(reason)
        return None
    notes.left.look(message, _UNDERSTOOD)
    text, quoted = _words(message, workspace)
    if not own_words(text, quoted).strip(BLANK):
        notes.count("forwarded" if text else "no-text")
        return None
    time = text_in(message, "ts") or stable_id("m-", text_in(message, "user"), text)
    root = text_in(message, "thread_ts") or time
    if root == time and ("thread_ts" in message or number_in(message, "reply_count")):
        place.roots.put(time, first_line(text, quoted))
    if withdrawn := _withdrawn(time, author, place):
        notes.count("withdrawn")
    about = place.about
    return ReadDocument(
        kind=workspace.kind,
        external_id=f"{about.id}/{time}",
        turns=(ReadTurn(speaker=author.name if author else None, text=text, quoted=quoted),),
        happened_on=day_of_moment(number_in(message, "ts")),
        url=_url(about, message, workspace),
        thread_id=f"{about.id}/{root}",
        question=place.roots.get(root) if root != time else None,
        rights=Rights.NO_QUOTE if withdrawn else Rights.INTERNAL if about.private else None,
        tags=(about.name,) if about.name and about.private in (None, "private channel") else (),
        participants=(author.participant(),) if author else (),
        meta=_meta(message, place, root if root != time else None, withdrawn),
    )


def _author(message: Mapping[str, Any], people: Directory) -> Member | None:
    name = text_in(object_in(message, "comment"), "user") or text_in(message, "user")
    known = people.get(name)
    return known or member({**object_in(message, "user_profile"), "id": name})


def _left_out(message: Mapping[str, Any], author: Member | None) -> str | None:
    subtype = text_in(message, "subtype")
    if subtype in (_CHANGED, _DELETED):
        return "known"
    if subtype == "tombstone":
        return "deleted"
    bot = author.bot if author else text_in(message, "bot_id") is not None
    if subtype == "bot_message" or bot or text_in(message, "user") == SLACKBOT:
        return "bots"
    return None if subtype in _SAID and message.get("hidden") is not True else "system"


def _words(message: Mapping[str, Any], workspace: _Workspace) -> tuple[str, Spans]:
    commented = text_in(object_in(message, "comment"), "comment")
    if commented:
        return decoded(commented, workspace.people).strip(BLANK), ()
    return message_words(message, workspace.people)


def _withdrawn(time: str, author: Member | None, place: _Place) -> str | None:
    if time in place.deleted:
        return "deleted"
    return "its author's account was closed" if author and author.gone else None


def _url(about: Conversation, message: Mapping[str, Any], workspace: _Workspace) -> str | None:
    time = text_in(message, "ts")
    if workspace.domain is None or time is None:
        return None
    link = f"https://{workspace.domain}.slack.com/archives/{about.id}/p{time.replace('.', '')}"
    root = text_in(message, "thread_ts")
    return f"{link}?thread_ts={root}&cid={about.id}" if root and root != time else link


def _meta(message: Mapping[str, Any], place: _Place, root: str | None, withdrawn: str | None) -> dict[str, str]:
    edited = day_of_moment(number_in(object_in(message, "edited"), "ts"))
    reactions = _total(objects_in(message, "reactions"))
    return filled(
        reply_to=f"{place.about.id}/{root}" if root else None,
        conversation=place.about.private,
        edited=edited.isoformat() if edited else None,
        reactions=str(reactions) if reactions else None,
        withdrawn=withdrawn,
    )


def _total(reactions: Iterable[Mapping[str, Any]]) -> int:
    return sum(int(number_in(reaction, "count") or 0) for reaction in reactions)
