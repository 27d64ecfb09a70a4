"""Discourse, the forum of many vendor communities: topics as `/t/ID.json` gives them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.chats import Notes, Recent, is_staff, own_words, post_kind
from ingest.discourse_fields import POST, TOPIC
from ingest.json_files import LARGEST_WHOLE, read_whole, shape, stream
from ingest.json_values import day_of_moment, number_in, object_in, objects_in, text_in, texts_in
from ingest.markup import plain_text
from ingest.posts import BLANK, Spans, filled, titled
from ingest.sniff import encoding_of, probe
from winloss.model import (
    Finding,
    Participant,
    Readable,
    ReadDocument,
    ReadTurn,
    Rights,
    Side,
    SourceKind,
    stable_id,
)
from winloss.ports import Format, Probe, ReadContext

_REGULAR = 1
_LIKE = 2
_MACHINES = frozenset({"system", "discobot"})
_AVATAR = re.compile(r"(?:https?://[^/]+)?((?:/[\w-]+)*)/user_avatar/([\w.-]+\.[a-zA-Z]{2,})/")
_EMPTIED = re.compile(
    r"(?i)\((?:post|topic) (?:deleted|withdrawn) by (?:the )?author.*\)|this post was flagged by the community and is "
    r"temporarily hidden\."
)


@dataclass(slots=True, kw_only=True)
class _Topic:
    """What is known of a topic, over all the parts of it that a file holds."""

    id: str
    title: str | None = None
    slug: str | None = None
    tags: tuple[str, ...] = ()
    private: bool = False
    missing: set[int] = field(default_factory=set)
    whole: int = 0


@dataclass(slots=True, kw_only=True)
class _Forum:
    """A file on its way into documents; `base` is the forum's address, once anything has told it."""

    kind: SourceKind
    private: bool
    base: str | None = None
    notes: Notes = field(default_factory=Notes)
    topics: dict[str, _Topic] = field(default_factory=dict)
    seen: Recent[str] = field(default_factory=Recent)


class DiscourseReader:
    """Posts of members. Every one is a document; the topic's title is what answers answer."""

    name = "discourse"
    title = "Discourse topics (JSON)"
    family = "communities"
    formats: tuple[Format, ...] = (
        Format(
            name="Discourse topic",
            looks="`.json` (`/t/ID.json`), one, a list, or one a line; with later pages of posts",
            gives="posts with author, title, side, day, topic, tags, what they answer, link",
        ),
    )

    def identify(self, probe: Probe) -> bool:
        """Posts in a topic's stream, in one object, in a list of them, or one object a line."""
        return not {"post_stream.posts", "item.post_stream.posts"}.isdisjoint(shape(probe))

    def read(self, path: Path, context: ReadContext) -> Iterator[Readable]:
        """One document a post, in the order of the file.

        Raises:
            MalformedSource: broken JSON, or a single topic too large for memory.
        """
        forum = _Forum(kind=post_kind(context), private=context.private)
        for part in _parts(path, forum.notes):
            yield from _posts(part, forum)
        yield from (*_incomplete(forum), *forum.notes.findings())


# --- Topics ----------------------------------------------------------------------------------------------------------


def _parts(path: Path, notes: Notes) -> Iterator[Mapping[str, Any]]:
    """The topics, and pages of topics, in a file."""
    if probe(path).text.lstrip().startswith("["):
        parts: Iterator[Any] = stream(path, "item")
    else:
        parts = _lines(path, notes) if _is_line(path) else iter([read_whole(path)])
    yield from (part for part in parts if isinstance(part, dict))


def _is_line(path: Path) -> bool:
    """Whether the first of several lines is a topic by itself."""
    with path.open("rb") as file:
        first, second = file.readline(LARGEST_WHOLE), file.readline(64)
    return first.rstrip().endswith(b"}") and second.lstrip().startswith(b"{")


def _lines(path: Path, notes: Notes) -> Iterator[Any]:
    encoding, _ = encoding_of(path)
    with path.open(encoding=encoding) as file:
        for number, line in enumerate(iter(lambda: file.readline(LARGEST_WHOLE), ""), start=1):
            try:
                yield json.loads(line) if line.strip() else None
            except (ValueError, RecursionError):
                message = "a line is not the JSON of a topic and was left out; export that topic again"
                notes.remarks.add("broken-line", message, where=f"line {number}")


def _posts(part: Mapping[str, Any], forum: _Forum) -> Iterator[ReadDocument]:
    """The documents of a topic, or of a page of one."""
    held = object_in(part, "post_stream")
    posts = objects_in(held, "posts")
    forum.notes.left.look(part, TOPIC, at="topic")
    forum.base = forum.base or next(filter(None, map(_base, posts)), None)
    topic = _topic(part, posts, forum)
    if topic.private and not forum.private:
        forum.notes.count("private-topics")
        return
    _expect(topic, held)
    for post in posts:
        name = _number(post, "id")
        topic.missing.discard(name or 0)
        if document := _document(post, topic, forum):
            yield document


def _topic(part: Mapping[str, Any], posts: list[dict[str, Any]], forum: _Forum) -> _Topic:
    """The topic that a part belongs to, with what this part adds to what is known of it."""
    first = posts[0] if posts else {}
    name = text_in(part, "id") or text_in(first, "topic_id") or stable_id("t-", text_in(part, "title", "slug"))
    topic = forum.topics.setdefault(name, _Topic(id=name))
    topic.title = topic.title or _line(text_in(part, "title")) or _line(text_in(first, "topic_title"))
    topic.slug = topic.slug or text_in(part, "slug") or text_in(first, "topic_slug")
    topic.tags = topic.tags or _tags(part)
    topic.private = topic.private or text_in(part, "archetype") == "private_message"
    return topic


def _tags(part: Mapping[str, Any]) -> tuple[str, ...]:
    named = [name for tag in objects_in(part, "tags") if (name := text_in(tag, "name", "slug"))]
    return tuple(dict.fromkeys([*texts_in(part, "tags"), *named]))


def _expect(topic: _Topic, held: Mapping[str, Any]) -> None:
    """Note which posts the topic has in all."""
    ids = held.get("stream")
    if isinstance(ids, list) and not topic.whole:
        topic.missing = {told for told in ids if isinstance(told, int) and not isinstance(told, bool)}
        topic.whole = len(topic.missing)


def _incomplete(forum: _Forum) -> Iterator[Finding]:
    """How many posts are not in the file, and how to get them."""
    cut = [topic for topic in forum.topics.values() if topic.missing and topic.whole]
    if not cut:
        return
    whole = sum(topic.whole for topic in cut)
    there = whole - sum(len(topic.missing) for topic in cut)
    which = f"of topic {cut[0].id}" if len(cut) == 1 else f"of {len(cut):,} topics"
    address = f"{forum.base or ''}/t/{cut[0].id if len(cut) == 1 else 'ID'}/posts.json?post_ids[]=…"
    message = (
        f"{there:,} of {whole:,} posts {which} are in this file; fetch the rest with {address} (their ids are listed "
        "under post_stream.stream) and put them into one file with the topic, as a list"
    )
    yield Finding(code="posts-missing", message=message, where=cut[0].title or cut[0].id)


# --- One post --------------------------------------------------------------------------------------------------------


def _document(post: Mapping[str, Any], topic: _Topic, forum: _Forum) -> ReadDocument | None:
    """The document, or None for what is left out, which is counted."""
    forum.notes.left.look(post, POST)
    number = _number(post, "post_number")
    text, quoted = _words(post)
    name = f"discourse/{topic.id}/{text_in(post, 'id') or number or stable_id('p-', text)}"
    place = f"{topic.id}/{number}"
    if number is not None and forum.seen.get(place) == name:
        return None
    forum.seen.put(place, name)
    opening = number == 1
    if reason := _left_out(post, text, quoted, titled=opening and topic.title is not None):
        forum.notes.count(reason)
        return None
    if opening:
        text, quoted = titled(topic.title, text, quoted)
    return _made(post, topic, forum, name=name, words=(text, quoted), opening=opening)


def _made(
    post: Mapping[str, Any], topic: _Topic, forum: _Forum, *, name: str, words: tuple[str, Spans], opening: bool
) -> ReadDocument:
    if withdrawn := _withdrawn(post):
        forum.notes.count("withdrawn")
    person = _person(post)
    speaker = person.name if person else None
    return ReadDocument(
        kind=forum.kind,
        external_id=name,
        turns=(ReadTurn(speaker=speaker, text=words[0], quoted=words[1]),),
        title=topic.title if opening else None,
        happened_on=day_of_moment(post.get("created_at")),
        url=_url(topic, _number(post, "post_number"), forum),
        thread_id=f"discourse/{topic.id}",
        question=None if opening else topic.title,
        rights=Rights.NO_QUOTE if withdrawn else Rights.INTERNAL if topic.private else None,
        language=text_in(post, "locale"),
        tags=topic.tags,
        participants=(person,) if person else (),
        meta=_meta(post, topic, forum, withdrawn),
    )


def _words(post: Mapping[str, Any]) -> tuple[str, Spans]:
    cooked = post.get("cooked")
    return plain_text(cooked) if isinstance(cooked, str) else ("", ())


def _left_out(post: Mapping[str, Any], text: str, quoted: Spans, *, titled: bool) -> str | None:
    """Why a post is not read; one that has a title says something in any case."""
    if _number(post, "post_type") not in (None, _REGULAR):
        return "system"
    if text_in(post, "username") in _MACHINES or (_number(post, "user_id") or 0) < 0:
        return "bots"
    if post.get("cooked_hidden") is True or _EMPTIED.fullmatch(text.strip()):
        return "deleted"
    if titled or own_words(text, quoted).strip(BLANK):
        return None
    return "forwarded" if text else "no-text"


def _withdrawn(post: Mapping[str, Any]) -> str | None:
    if post.get("user_deleted") is True:
        return "deleted by its author"
    if text_in(post, "deleted_at"):
        return "deleted"
    return "hidden after readers flagged it" if post.get("hidden") is True else None


def _person(post: Mapping[str, Any]) -> Participant | None:
    name = text_in(post, "username", "display_username", "name")
    if name is None:
        return None
    title, group = text_in(post, "user_title"), text_in(post, "primary_group_name", "flair_name")
    staff = any(post.get(role) is True for role in ("moderator", "admin", "staff", "group_moderator"))
    staff = staff or any(is_staff(told) for told in (title, group) if told)
    return Participant(name=name, title=title or group, side=Side.VENDOR if staff else None)


def _url(topic: _Topic, number: int | None, forum: _Forum) -> str | None:
    if forum.base is None:
        return None
    return f"{forum.base}/t/{topic.slug or '-'}/{topic.id}" + (f"/{number}" if number is not None else "")


def _base(post: Mapping[str, Any]) -> str | None:
    """The forum's address, which pictures of members carry that are stored there."""
    match = _AVATAR.match(text_in(post, "avatar_template") or "")
    return f"https://{match[2]}{match[1]}" if match else None


def _meta(post: Mapping[str, Any], topic: _Topic, forum: _Forum, withdrawn: str | None) -> dict[str, str]:
    answered = _number(post, "reply_to_post_number")
    likes = next((act for act in objects_in(post, "actions_summary") if _number(act, "id") == _LIKE), {})
    count = _number(likes, "count")
    version = _number(post, "version")
    edited = day_of_moment(post.get("updated_at")) if version is not None and version > 1 else None
    return filled(
        reply_to=forum.seen.get(f"{topic.id}/{answered}") if answered is not None else None,
        likes=str(count) if count else None,
        accepted="yes" if post.get("accepted_answer") is True else None,
        edited=edited.isoformat() if edited else None,
        withdrawn=withdrawn,
    )


def _number(thing: Mapping[str, Any], name: str) -> int | None:
    told = number_in(thing, name)
    return int(told) if told is not None else None


def _line(title: str | None) -> str | None:
    return " ".join(title.split()) if title else None
