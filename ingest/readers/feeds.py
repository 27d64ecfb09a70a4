"""Feeds: RSS 2.0 and its elders, RSS 1.0 (RDF) and Atom, of forums, blogs and podcasts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.json_values import day_of_moment
from ingest.markup import plain_text
from ingest.posts import BLANK, Notes, Spans, filled, titled
from ingest.xml_files import UNREADABLE, elements, local_name
from winloss.model import Finding, Participant, Readable, ReadDocument, ReadTurn, Severity, Side, SourceKind, stable_id
from winloss.ports import Format, Probe, ReadContext

if TYPE_CHECKING:
    from lxml.etree import _Element

LINKS_SHOWN = 12

Parts = Mapping[str, "list[_Element]"]

_ROOT = re.compile(
    r"\s*+(?>(?:<\?(?:(?!\?>).){0,500}+\?>|<!--(?:(?!-->).){0,2000}+-->|<!DOCTYPE[^>\[]{0,300}+>)\s*+)*+"
    r"<(?:rss\b|(?:\w+:)?feed\b[^>]{0,4000}http://(?:www\.w3\.org/2005/Atom|purl\.org/atom/ns#)"
    r"|(?:\w+:)?RDF\b[^>]{0,4000}http://(?:purl\.org/rss/1\.0/|my\.netscape\.com/rdf/))",
    re.DOTALL,
)
_MARKUP = re.compile(r"<[a-zA-Z/!]|&#?\w+;")
_MAILBOX = re.compile(r"(?P<email>[^\s()@<>]+@[^\s()@<>]+)\s*\((?P<name>[^()]+)\)\s*")
_ADDRESS = re.compile(r"[^\s()@<>]+@[^\s()@<>]+")
_HANDLE = re.compile(r"^/?u/(?=\S+$)")
_UNDERSTOOD = frozenset(
    {
        *("title", "link", "description", "guid", "pubDate", "author", "creator", "category", "comments", "encoded"),
        *("source", "id", "updated", "published", "summary", "content", "contributor", "rights", "date", "subject"),
        *("issued", "modified", "created", "commentRss", "in-reply-to", "slash:comments", "enclosure", "transcript"),
        *("thumbnail", "group", "image", "duration", "episode", "season", "episodeType", "explicit", "keywords"),
        *("summary", "subtitle", "block", "chapters", "person", "origLink", "format", "identifier", "language", "type"),
        *("post-id", "total", "player", "rating", "credit", "guid", "isPermaLink", "commentCount", "topicArchived"),
        *("topicPinned", "topicClosed", "section", "hit_parade", "department", "soundbite", "license", "item"),
    }
)


@dataclass(slots=True)
class _Feed:
    """What the feed says about itself, and the transcripts its episodes link to."""

    title: str | None = None
    author: Participant | None = None
    transcripts: list[str] = field(default_factory=list)
    linked: int = 0
    show_notes: int = 0


class FeedReader:
    """Entries of feeds. Every one is a community post of its author."""

    name = "feeds"
    title = "Feeds (RSS, Atom, RDF)"
    family = "communities"
    formats: tuple[Format, ...] = (
        Format(name="RSS feed", looks="`.xml`, `.rss`", gives="posts with author, day, link, tags"),
        Format(name="Atom feed", looks="`.xml`, `.atom`", gives="posts with author, day, link, tags"),
        Format(
            name="Podcast feed", looks="`.xml`, `.rss`", gives="show notes; which episodes have transcripts to fetch"
        ),
    )

    def identify(self, probe: Probe) -> bool:
        """XML whose root is that of a feed."""
        return bool(_ROOT.match(probe.text))

    def read(self, path: Path, context: ReadContext) -> Iterator[Readable]:  # noqa: ARG002  (a feed stands alone)
        """One community document an entry.

        Raises:
            MalformedSource: no XML.
        """
        feed, notes = None, Notes()
        for element in elements(path, ("item", "entry"), notes.remarks):
            try:
                feed = feed or _described(element)
                document = _document(element, feed, notes)
            except UnicodeDecodeError:
                notes.remarks.add(*UNREADABLE)
                continue
            if document is not None:
                yield document
        if feed is not None:
            yield from _told(feed)
        yield from notes.findings()


def _described(first: _Element) -> _Feed:
    """What stands before the first entry about the feed itself: beside it, or in the channel beside it."""
    feed = _Feed()
    above = first.getparent()
    for element in above if above is not None else ():
        inside = list(element) if local_name(element) == "channel" else [element]
        for told in inside:
            if local_name(told) == "title" and not feed.title:
                feed.title = _line(told)
            elif local_name(told) in ("author", "managingEditor") and not feed.author:
                feed.author = _person(told)
    return feed


def _document(entry: _Element, feed: _Feed, notes: Notes) -> ReadDocument | None:
    """The document, or None where nothing is written."""
    parts = _parts(entry)
    notes.left.look(dict.fromkeys(parts, "filled"), _UNDERSTOOD)
    title = next(filter(None, map(_line, parts.get("title", ()))), None)
    body, quoted = _body(parts)
    text, quoted = titled(title, body, quoted)
    if not text.strip(BLANK):
        notes.count("no-text")
        return None
    link = _link(parts)
    is_episode = _note_episode(parts, title or link or "", feed)
    author = _author(parts) or feed.author
    if is_episode:
        author = Participant(name=author.name if author else feed.title or "publisher", side=Side.UNKNOWN)
    refs = (str(element.get("ref") or "").strip() for element in parts.get("in-reply-to", ()))
    answers = next(filter(None, refs), None)
    return ReadDocument(
        kind=SourceKind.COMMUNITY,
        external_id=_first(parts, "guid", "id") or link or stable_id("entry-", title, text),
        turns=(ReadTurn(speaker=author.name if author else None, text=text, quoted=quoted),),
        title=title,
        happened_on=_day(parts),
        url=link,
        thread_id=answers,
        tags=_tags(parts),
        participants=(author,) if author else (),
        meta=filled(feed=feed.title, reply_to=answers),
    )


def _parts(entry: _Element) -> dict[str, list[_Element]]:
    parts: dict[str, list[_Element]] = {}
    for element in entry.iterchildren("*"):
        parts.setdefault(local_name(element), []).append(element)
    return parts


def _first(parts: Parts, *names: str) -> str | None:
    """The first filled text under these names."""
    texts = ("".join(element.itertext()).strip() for name in names for element in parts.get(name, ()))
    return next(filter(None, texts), None)


def _line(element: _Element) -> str | None:
    return " ".join(_words(element)[0].split()) or None


def _body(parts: Parts) -> tuple[str, Spans]:
    """The fullest text there is: the whole post where the feed has it, else what stands for it."""
    for name in ("encoded", "content", "description", "summary"):
        for element in parts.get(name, ()):
            text, quoted = _words(element)
            if text.strip(BLANK):
                return text, quoted
    return "", ()


def _words(element: _Element) -> tuple[str, Spans]:
    """An element's text: HTML as its words, plain text as it is."""
    from lxml import etree

    kind = (element.get("type") or "").casefold()
    if len(element):
        return plain_text("".join(etree.tostring(child, encoding="unicode") for child in element))
    written = element.text or ""
    is_markup = kind in ("html", "text/html", "xhtml") or (kind in ("", "html") and _MARKUP.search(written))
    return plain_text(written) if is_markup else (written.strip(BLANK), ())


def _link(parts: Parts) -> str | None:
    """The page of an entry: a permalink, or Atom's alternate link."""
    for element in parts.get("link", ()):
        target = (element.text or element.get("href") or "").strip()
        if target.startswith(("http://", "https://")) and element.get("rel") in (None, "alternate"):
            return target
    for element in parts.get("guid", ()):
        told = (element.text or "").strip()
        if told.startswith(("http://", "https://")) and element.get("isPermaLink") != "false":
            return told
    return None


def _author(parts: Parts) -> Participant | None:
    people = (_person(element) for name in ("creator", "author") for element in parts.get(name, ()))
    return next(filter(None, people), None)


def _person(element: _Element) -> Participant | None:
    """`Name`, `mail@example.com (Name)`, or Atom's name and e-mail address."""
    inside = {local_name(child): (child.text or "").strip() for child in element.iterchildren("*")}
    told = inside.get("name") or (element.text or "").strip()
    email = inside.get("email") or None
    if match := _MAILBOX.fullmatch(told):
        told, email = match["name"].strip(), match["email"]
    elif _ADDRESS.fullmatch(told):
        told, email = told.partition("@")[0], told
    name = _HANDLE.sub("", told)
    return Participant(name=name, email=email) if name else None


def _day(parts: Parts) -> date | None:
    """The day in UTC on which an entry came out; where that is not told, the day of its last change."""
    for name in ("pubDate", "published", "issued", "created", "date", "updated", "modified"):
        written = _first(parts, name)
        if written and (day := day_of_moment(_mail_moment(written) or written)):
            return day
    return None


def _mail_moment(written: str) -> str | None:
    """`Sat, 18 Apr 2026 10:00:00 +0200` as ISO 8601."""
    try:
        return parsedate_to_datetime(written).isoformat()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _tags(parts: Parts) -> tuple[str, ...]:
    written = (
        (element.get("label") or element.get("term") or element.text or "").strip()
        for name in ("category", "subject")
        for element in parts.get(name, ())
    )
    return tuple(dict.fromkeys(filter(None, written)))


def _note_episode(parts: Parts, called: str, feed: _Feed) -> bool:
    """Whether an entry is a podcast's episode; remembers the transcripts it links to."""
    for element in parts.get("transcript", ()):
        if target := (element.get("url") or "").strip():
            feed.linked += 1
            if len(feed.transcripts) < LINKS_SHOWN:
                kind = element.get("type")
                feed.transcripts.append(f"“{called}” {target}" + (f" ({kind})" if kind else ""))
    sounds = (element.get("type") or "" for element in parts.get("enclosure", ()))
    is_episode = "transcript" in parts or any(kind.startswith(("audio/", "video/")) for kind in sounds)
    feed.show_notes += is_episode
    return is_episode


def _told(feed: _Feed) -> Iterator[Finding]:
    if feed.linked:
        more = f" and {feed.linked - len(feed.transcripts)} more" if feed.linked > len(feed.transcripts) else ""
        message = (
            f"transcripts that episodes link to, to fetch and ingest as calls: {'; '.join(feed.transcripts)}{more}"
        )
        yield Finding(code="transcripts-linked", message=message, count=feed.linked, severity=Severity.INFO)
    if feed.show_notes:
        message = "show notes of a podcast are its publisher's words and count as nobody's evidence"
        yield Finding(code="show-notes", message=message, count=feed.show_notes, severity=Severity.INFO)
