"""Reddit: monthly dumps and downloads of posts and comments, listings of the API, and saved threads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ingest.json_files import read_whole, shape, stream
from ingest.json_lines import are_lines, json_lines
from ingest.json_values import day_of_moment, moment, number_in, object_in, objects_in, text_in
from ingest.lookup import Lookup, opened_lookup
from ingest.posts import BLANK, Notes, filled, titled
from ingest.quoting import quoted_lines
from ingest.reddit_fields import OF_COMMENTS, OF_POSTS
from ingest.reddit_words import author_of, flair_of, is_gone, left_out, line_of, text_of, unless_gone, withdrawn_by
from ingest.sniff import probe
from winloss.errors import MalformedSource
from winloss.model import Finding, Participant, Readable, ReadDocument, ReadTurn, Rights, SourceKind, stable_id
from winloss.ports import Format, Probe, ReadContext

MOST_REPLIES = 1_000_000
"""Missing in one place; a file can claim any number."""

_SITE = "https://www.reddit.com"
_LISTED = ("data.children.item", "item.data.children.item")
_PLAIN = ("", "item", "data.item")
_FULL_NAME = re.compile(r"t[13]_\w{1,32}")


class RedditReader:
    """Posts and comments. Every one is a document by itself; those of one thread have the thread's id in common."""

    name = "reddit"
    title = "Reddit (dumps of posts and comments, API listings, saved threads)"
    family = "communities"
    formats: tuple[Format, ...] = (
        Format(
            name="Reddit posts, Arctic Shift or Pushshift",
            looks="`.ndjson`, `.jsonl`, `.json` (also `.zst`, `.gz`)",
            gives="posts with author, flair, day, thread, link",
        ),
        Format(
            name="Reddit comments, Arctic Shift or Pushshift",
            looks="`.ndjson`, `.jsonl`, `.json` (also `.zst`, `.gz`)",
            gives="comments with author, flair, day, thread, link; the thread's title where its posts lie beside them",
        ),
        Format(name="Reddit API listing", looks="`.json`", gives="posts and comments"),
        Format(
            name="Reddit thread (URL + `.json`)", looks="`.json`", gives="the post and its comments, nested ones too"
        ),
    )

    def identify(self, probe: Probe) -> bool:
        """JSON objects with a title and a text of their own, or with a text that belongs to a link."""
        return _place(shape(probe)) is not None

    def informs(self, probe: Probe) -> bool:
        """Posts carry the titles of the threads that comments beside them belong to."""
        seen = shape(probe)
        return _place(seen) is not None and any(path.rpartition(".")[2] == "selftext" for path in seen)

    def read(self, path: Path, context: ReadContext) -> Iterator[Readable]:
        """One community document a post or comment, in the order of the file.

        Raises:
            MalformedSource: broken JSON.
        """
        notes = Notes()
        with opened_lookup() as titles:
            _learn(context.companions, titles, notes)
            for thing in _things(path, notes):
                document = _document(thing, titles, notes)
                if document is not None:
                    yield document
        yield from _told(notes)


# --- What is in a file -----------------------------------------------------------------------------------------------


def _place(seen: frozenset[str]) -> str | None:
    """The path at which the posts stand: of listings, of plain objects in an array, or "" for lines."""
    for place in _LISTED:
        inside = f"{place}.data"
        if f"{place}.kind" in seen and _has_post(seen, inside):
            return place
    return next((place for place in _PLAIN if _has_post(seen, place)), None)


def _has_post(seen: frozenset[str], place: str) -> bool:
    at = f"{place}." if place else ""
    return {f"{at}selftext", f"{at}title"} <= seen or {f"{at}link_id", f"{at}body"} <= seen


def _things(path: Path, notes: Notes) -> Iterator[Mapping[str, Any]]:
    """The posts and comments, unwrapped from listings and nested replies."""
    seen = probe(path)
    place = _place(shape(seen))
    if are_lines(seen) and (place == "" or seen.text.strip().count("\n{")):
        values: Iterator[Any] = (thing for _, thing in json_lines(path, notes.remarks))
    else:
        values = stream(path, place) if place else iter([read_whole(path)])
    for value in values:
        yield from _unwrapped(value, notes)


def _unwrapped(value: object, notes: Notes) -> Iterator[Mapping[str, Any]]:
    """The posts and comments in a value in reading order, however deeply replies are nested."""
    waiting = [value]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, list):
            waiting += reversed(thing)
        if not isinstance(thing, dict):
            continue
        kind, data = thing.get("kind"), object_in(thing, "data")
        if kind == "Listing":
            waiting += reversed(objects_in(data, "children"))
        elif kind == "more":
            notes.count("more", min(max(int(number_in(data, "count") or 0), 1), MOST_REPLIES))
        elif kind in ("t1", "t3"):
            waiting.append(data.get("replies"))
            yield data
        elif kind is None or not data:
            waiting.append(thing.get("replies"))
            yield thing


def _learn(companions: Sequence[Path], titles: Lookup, notes: Notes) -> None:
    """The titles of the threads in the files of posts that lie beside a file of comments."""
    for path in companions:
        try:
            if _place(shape(probe(path))) is not None:
                for thing in _things(path, Notes()):
                    _remember(thing, titles)
        except MalformedSource as error:
            message = f"{error.message}: titles of threads may be missing"
            notes.remarks.add("broken-companion", message, where=path.name)


def _remember(thing: Mapping[str, Any], titles: Lookup) -> None:
    """The title of a post's own thread, or of the thread that a comment names."""
    own = "title" in thing
    thread = _bare(text_in(thing, "id", "name") if own else text_in(thing, "link_id"))
    title = unless_gone(line_of(thing, "title" if own else "link_title"))
    if thread and title:
        titles.put(thread, title)


# --- One post or comment ---------------------------------------------------------------------------------------------


def _document(thing: Mapping[str, Any], titles: Lookup, notes: Notes) -> ReadDocument | None:
    """The document, or None for what is left out, which is counted."""
    is_comment = "body" in thing or ("link_id" in thing and "title" not in thing)
    notes.left.look(thing, OF_COMMENTS if is_comment else OF_POSTS)
    _remember(thing, titles)
    if (reason := left_out(thing)) is not None:
        notes.count(reason)
        return None
    title = None if is_comment else unless_gone(line_of(thing, "title"))
    body = unless_gone(text_of(thing, "body" if is_comment else "selftext"))
    text, quoted = titled(title, body or "", quoted_lines(body or ""))
    if not text.strip(BLANK):
        notes.count("deleted" if is_gone(thing) else "no-text")
        return None
    withdrawn = withdrawn_by(thing)
    if withdrawn:
        notes.count("withdrawn")
    author = author_of(thing)
    full = _full_name(thing, is_comment=is_comment, text=text)
    thread = _bare(text_in(thing, "link_id")) if is_comment else _bare(full)
    return ReadDocument(
        kind=SourceKind.COMMUNITY,
        external_id=full,
        turns=(ReadTurn(speaker=author, text=text, quoted=quoted),),
        title=title,
        happened_on=day_of_moment(thing.get("created_utc")) or day_of_moment(thing.get("created")),
        url=_url(thing, full, thread, is_comment=is_comment),
        thread_id=thread,
        question=titles.get(thread) if is_comment else None,
        rights=Rights.NO_QUOTE if withdrawn else None,
        tags=_tags(thing),
        participants=(Participant(name=author, title=flair_of(thing, "author_flair_text")),) if author else (),
        meta=_meta(thing, withdrawn, is_comment=is_comment),
    )


def _full_name(thing: Mapping[str, Any], *, is_comment: bool, text: str) -> str:
    """Reddit's own name of a thing (`t1_…` a comment, `t3_…` a post); a hash where there is none."""
    kind = "t1_" if is_comment else "t3_"
    for name in ("name", "id"):
        told = text_in(thing, name)
        if told and _FULL_NAME.fullmatch(told):
            return told
    if told := text_in(thing, "id"):
        return kind + told
    return stable_id(kind, author_of(thing), text, text_in(thing, "created_utc"))


def _bare(name: str | None) -> str | None:
    return name[3:] if name and _FULL_NAME.fullmatch(name) else name


def _url(thing: Mapping[str, Any], full: str, thread: str | None, *, is_comment: bool) -> str | None:
    link = text_in(thing, "permalink") or ""
    if link.startswith("/") and not link.startswith("//"):
        return _SITE + link
    if link.startswith("https://"):
        return link
    if is_comment:
        return f"{_SITE}/comments/{thread}/_/{_bare(full)}/" if thread else None
    return f"{_SITE}/comments/{thread}/"


def _tags(thing: Mapping[str, Any]) -> tuple[str, ...]:
    subreddit = text_in(thing, "subreddit")
    flair = flair_of(thing, "link_flair_text")
    return tuple(filter(None, (f"r/{subreddit}" if subreddit else None, flair)))


def _meta(thing: Mapping[str, Any], withdrawn: str | None, *, is_comment: bool) -> dict[str, str]:
    score = number_in(thing, "score", "ups")
    replies = number_in(thing, "num_comments")
    copied = text_in(thing, "crosspost_parent")
    of_thread = thing.get("is_submitter") is True
    return filled(
        reply_to=text_in(thing, "parent_id"),
        score=f"{score:.0f}" if score is not None else None,
        replies=f"{replies:.0f}" if replies is not None else None,
        edited=_edited(thing),
        distinguished=text_in(thing, "distinguished"),
        wrote_the_opening_post="yes" if of_thread else None,
        link=None if is_comment else _link(thing),
        crosspost_of=copied,
        crosspost_url=f"{_SITE}/comments/{_bare(copied)}/" if copied else None,
        withdrawn=withdrawn,
    )


def _edited(thing: Mapping[str, Any]) -> str | None:
    """The day of the last edit; `yes` where only that is told."""
    told = thing.get("edited")
    on = None if isinstance(told, bool) else moment(told)
    return on.date().isoformat() if on else "yes" if told is True else None


def _link(thing: Mapping[str, Any]) -> str | None:
    """Where a post links to, unless it is the post itself."""
    target = line_of(thing, "url_overridden_by_dest") or line_of(thing, "url")
    outside = target and target.startswith(("http://", "https://")) and thing.get("is_self") is not True
    return target if outside and "/comments/" not in str(target) else None


def _told(notes: Notes) -> Iterator[Finding]:
    if more := notes.counts.pop("more", 0):
        message = (
            "replies that Reddit did not send with this thread are missing: open the branches that are cut off "
            "and save them too, or take the thread from a dump"
        )
        yield Finding(code="more-replies", message=message, count=more)
    yield from notes.findings()
