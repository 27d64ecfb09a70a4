"""Hacker News: answers of Algolia's search, whole threads, and items of the official API."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from ingest.json_files import read_whole, shape, stream
from ingest.json_lines import are_lines, json_lines
from ingest.json_values import day_of_moment, number_in, text_in
from ingest.lookup import Lookup, opened_lookup
from ingest.markup import plain_text
from ingest.posts import BLANK, Notes, filled, titled
from ingest.quoting import quoted_lines
from ingest.sniff import probe
from winloss.model import Participant, Readable, ReadDocument, ReadTurn, Rights, SourceKind, stable_id
from winloss.ports import Format, Probe, ReadContext

_SITE = "https://news.ycombinator.com/item?id="
_PLACES = ("hits.item", "item", "")
_HIT = frozenset({"objectID", "created_at_i", "_tags"})
_ITEM = frozenset({"id", "created_at", "parent_id", "children", "author"})
_OFFICIAL = frozenset({"id", "by", "time", "type"})
_GONE = frozenset({"[deleted]", "[flagged]", "[dead]", "[deleted by user]"})
_UNDERSTOOD = frozenset(
    {
        *("objectID", "created_at", "created_at_i", "author", "title", "url", "points", "num_comments", "story_text"),
        *("comment_text", "story_id", "story_title", "story_url", "parent_id", "_tags", "_highlightResult", "children"),
        *("id", "text", "type", "options", "updated_at", "relevancy_score", "_snippetResult", "_rankingInfo"),
        *("by", "time", "kids", "parent", "descendants", "score", "dead", "deleted", "parts", "poll", "ranking"),
        *("timestamp", "_distinctSeqID", "story"),
    }
)


class HackerNewsReader:
    """Stories and comments. Every one is a document by itself; those of one story have its id in common."""

    name = "hackernews"
    title = "Hacker News (Algolia search, threads, items)"
    family = "communities"
    formats: tuple[Format, ...] = (
        Format(
            name="Hacker News search (Algolia)", looks="`.json`", gives="stories and comments with author, day, thread"
        ),
        Format(name="Hacker News thread (Algolia item)", looks="`.json`", gives="the story and all its comments"),
        Format(name="Hacker News items (official API)", looks="`.json`, `.ndjson`", gives="stories and comments"),
    )

    def identify(self, probe: Probe) -> bool:
        """JSON objects with the fields that Algolia or the official API give to an item."""
        return _place(shape(probe)) is not None

    def read(self, path: Path, context: ReadContext) -> Iterator[Readable]:  # noqa: ARG002  (nothing else tells more)
        """One community document a story or comment; comments stand below what they answer, as in the file.

        Raises:
            MalformedSource: broken JSON.
        """
        notes = Notes()
        with opened_lookup() as stories:
            for item, above in _items(path, notes):
                document = _document(item, above, stories, notes)
                if document is not None:
                    yield document
        yield from notes.findings()


def _place(seen: frozenset[str]) -> str | None:
    """The path at which items stand."""
    for place in _PLACES:
        at = f"{place}." if place else ""
        for fields in (_HIT, _ITEM, _OFFICIAL):
            if {at + name for name in fields} <= seen and (fields is not _OFFICIAL or _is_official(seen, at)):
                return place
    return None


def _is_official(seen: frozenset[str], at: str) -> bool:
    return any(at + name in seen for name in ("kids", "descendants", "parent"))


def _items(path: Path, notes: Notes) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any] | None]]:
    """(item, the story it stands under) in reading order, however deeply answers are nested."""
    seen = probe(path)
    place = _place(shape(seen))
    if not place and are_lines(seen):
        values: Iterator[Any] = (thing for _, thing in json_lines(path, notes.remarks))
    else:
        values = stream(path, place) if place else iter([read_whole(path)])
    for value in values:
        waiting: list[tuple[object, Mapping[str, Any] | None]] = [(value, None)]
        while waiting:
            item, above = waiting.pop()
            if isinstance(item, dict):
                yield item, above
                children = item.get("children")
                if isinstance(children, list):
                    waiting += ((child, above or item) for child in reversed(children))


def _document(
    item: Mapping[str, Any], above: Mapping[str, Any] | None, stories: Lookup, notes: Notes
) -> ReadDocument | None:
    """The document, or None for what is left out, which is counted."""
    notes.left.look(item, _UNDERSTOOD)
    number, kind = text_in(item, "objectID", "id"), _kind(item)
    parent = text_in(item, "parent_id", "parent")
    story = _story(item, above, number, parent, stories) if kind == "comment" else number
    title = _line(item, "title") if kind != "comment" else None
    _remember(number, story, title, stories)
    if kind in ("job", "pollopt"):
        notes.count("advertisements" if kind == "job" else "no-text")
        return None
    body, quoted = _body(item)
    text, quoted = titled(title, body, quoted)
    if not text.strip(BLANK):
        notes.count("deleted" if _deleted(item) else "no-text")
        return None
    withdrawn = _withdrawn(item)
    if withdrawn:
        notes.count("withdrawn")
    author = text_in(item, "author", "by")
    return ReadDocument(
        kind=SourceKind.COMMUNITY,
        external_id=f"hn-{number}" if number else stable_id("hn-", author, text),
        turns=(ReadTurn(speaker=author, text=text, quoted=quoted),),
        title=title,
        happened_on=_day(item),
        url=_SITE + number if number else None,
        thread_id=story,
        question=_question(item, above, story, stories) if kind == "comment" else None,
        rights=Rights.NO_QUOTE if withdrawn else None,
        participants=(Participant(name=author),) if author else (),
        meta=_meta(item, parent, withdrawn, kind),
    )


def _kind(item: Mapping[str, Any]) -> str:
    """`story`, `comment`, `job`, `poll` or `pollopt`; what has a parent and no title is a comment."""
    tags = item.get("_tags")
    named = [text_in(item, "type"), *(tags if isinstance(tags, list) else [])]
    for kind in ("comment", "pollopt", "job", "poll", "story"):
        if kind in named:
            return kind
    return "comment" if text_in(item, "parent_id", "parent", "comment_text") and not text_in(item, "title") else "story"


def _story(
    item: Mapping[str, Any],
    above: Mapping[str, Any] | None,
    number: str | None,
    parent: str | None,
    stories: Lookup,
) -> str | None:
    """The id of the story that a comment belongs to, told by it, by where it stands, or by what it answers."""
    told = text_in(item, "story_id", "story") or _tagged(item)
    if told and told != number:
        return told
    over = text_in(above, "story_id", "id") if above is not None else None
    return over or (stories.get(f"story:{parent}") if parent else None)


def _tagged(item: Mapping[str, Any]) -> str | None:
    tags = item.get("_tags")
    named = (tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else iter(())
    return next((tag.removeprefix("story_") for tag in named if tag.startswith("story_")), None)


def _remember(number: str | None, story: str | None, title: str | None, stories: Lookup) -> None:
    if number and story:
        stories.put(f"story:{number}", story)
    if number and title:
        stories.put(f"title:{number}", title)


def _question(
    item: Mapping[str, Any], above: Mapping[str, Any] | None, story: str | None, stories: Lookup
) -> str | None:
    known = stories.get(f"title:{story}") if story else None
    return _line(item, "story_title") or known or (_line(above, "title") if above is not None else None)


def _body(item: Mapping[str, Any]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The words as the page shows them. What a reader answers stands in lines that begin with `>`."""
    for name in ("comment_text", "story_text", "text"):
        markup = item.get(name)
        if isinstance(markup, str) and (text := plain_text(markup)[0].strip(BLANK)):
            return ("", ()) if text.casefold() in _GONE else (text, quoted_lines(text))
    return "", ()


def _line(item: Mapping[str, Any], name: str) -> str | None:
    told = text_in(item, name)
    line = " ".join(plain_text(told)[0].split()) if told else ""
    return line if line and line.casefold() not in _GONE else None


def _deleted(item: Mapping[str, Any]) -> bool:
    """Algolia keeps what was deleted as an item without author and text, because others answered it."""
    gone = any(str(item.get(name)).casefold() in _GONE for name in ("title", "text", "comment_text"))
    return gone or item.get("deleted") is True or text_in(item, "author", "by") is None


def _withdrawn(item: Mapping[str, Any]) -> str | None:
    """Who took back what still has words, in words: the site kills an item, or its author deletes it."""
    if item.get("dead") is True:
        return "removed by moderators"
    return "deleted by its author" if item.get("deleted") is True else None


def _day(item: Mapping[str, Any]) -> date | None:
    for name in ("created_at_i", "time", "created_at", "timestamp"):
        if day := day_of_moment(item.get(name)):
            return day
    return None


def _meta(item: Mapping[str, Any], parent: str | None, withdrawn: str | None, kind: str) -> dict[str, str]:
    score, replies = number_in(item, "points", "score"), number_in(item, "num_comments", "descendants")
    return filled(
        reply_to=f"hn-{parent}" if parent else None,
        score=f"{score:.0f}" if score is not None else None,
        replies=f"{replies:.0f}" if replies is not None else None,
        link=text_in(item, "url") if kind != "comment" else None,
        withdrawn=withdrawn,
    )
