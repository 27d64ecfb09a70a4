"""The words of Reddit's posts: what is somebody's, what was taken back, and what a program wrote."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from ingest.json_values import object_in, text_in
from ingest.posts import BLANK

Thing = Mapping[str, Any]

_GONE = frozenset(
    {
        *("[deleted]", "[removed]", "[deleted by user]", "[removed by reddit]", "[removed by moderator]"),
        *("[ removed by reddit ]", "[ removed by moderator ]", "[ deleted by user ]"),
    }
)
_NOBODY = frozenset({"[deleted]", "[removed]"})
_BOTS = frozenset(
    {
        *("automoderator", "remindmebot", "sneakpeekbot", "wikisummarizerbot", "wikitextbot", "autowikibot"),
        *("botdefense", "repostsleuthbot", "savevideo", "vredditdownloader", "gifreversingbot", "totesmessenger"),
        *("haikusbot", "commonmisspellingbot", "converter-bot", "stabbot", "imguralbumbot", "link-reply-bot"),
        *("of_patrol_bot", "sub_doesnt_exist_bot", "profanitycounter", "youtubefactsbot", "alphabet_order_bot"),
        *("anti-gif-bot", "twitterlinkbot", "amputatorbot", "nice-scores", "same_subreddit_bot", "modmail-bot"),
        *("flair_helper", "botrickbateman", "reddit-info-bot", "github-guard", "moderation-bot"),
    }
)
_CALLS_ITSELF_BOT = re.compile(
    r"(?i)\bI(?:['’]| a)m an? (?:automated )?bot\b|\bthis (?:action|comment) was performed auto"
)
_BOT_NAME = re.compile(r"(?i)bot[-_]?\d*$|^bot[-_]")
_EDITORS_ENTITY = re.compile(r"&#x200[bB];|&nbsp;")
_API_ENTITY = re.compile(r"&(?:amp|lt|gt);")
_EMOJI_CODE = re.compile(r":[\w-]+:")
_WITHDRAWN_BY = {
    "deleted": "deleted by its author",
    "author": "deleted by its author",
    "moderator": "removed by moderators",
    "removed": "removed by moderators",
    "automod_filtered": "removed by moderators",
}


def left_out(thing: Thing) -> str | None:
    """Why nobody's words stand in a post: a program's, or an advertisement."""
    if thing.get("promoted") is True or thing.get("is_created_from_ads_ui") is True:
        return "advertisements"
    author = text_in(thing, "author") or ""
    text = text_in(thing, "body", "selftext") or ""
    is_bot = author.casefold() in _BOTS or (_BOT_NAME.search(author) and _CALLS_ITSELF_BOT.search(text))
    return "bots" if is_bot else None


def text_of(thing: Thing, name: str) -> str | None:
    """Text as its author wrote it: what the API escapes is unescaped, and so are the fillers of Reddit's editor."""
    value = thing.get(name)
    if not isinstance(value, str):
        return None
    plain = _API_ENTITY.sub(lambda match: html.unescape(match[0]), value) if "&" in value else value
    return _EDITORS_ENTITY.sub(lambda match: html.unescape(match[0]), plain).strip(BLANK) or None


def line_of(thing: Thing, name: str) -> str | None:
    """The same on one line."""
    text = text_of(thing, name)
    return " ".join(text.split()) or None if text else None


def unless_gone(text: str | None) -> str | None:
    """A text, but for what Reddit puts in place of one that is gone."""
    return None if text is None or text.casefold() in _GONE else text


def is_gone(thing: Thing) -> bool:
    """Whether Reddit says that there were words."""
    return any((line_of(thing, name) or "").casefold() in _GONE for name in ("title", "selftext", "body"))


def author_of(thing: Thing) -> str | None:
    """The author's handle; None where the account is gone."""
    author = text_in(thing, "author")
    return None if author is None or author.casefold() in _NOBODY else author


def withdrawn_by(thing: Thing) -> str | None:
    """Who took a post back that still has words, in words; None where it stands."""
    told = object_in(thing, "_meta")
    by = text_in(told, "removal_type") or text_in(thing, "removed_by_category")
    came_back = told.get("was_initially_deleted") is True and told.get("was_deleted_later") is not True
    if by and not came_back:
        return _WITHDRAWN_BY.get(by, "removed by Reddit")
    if told.get("was_deleted_later") is True:
        return "deleted later"
    if thing.get("removed") is True or thing.get("spam") is True or text_in(thing, "banned_by"):
        return "removed by moderators"
    if text_in(thing, "removal_reason"):
        return "removed by Reddit"
    if unless_gone(text_of(thing, "selftext")) is None and text_of(thing, "selftext"):
        return "deleted by its author" if "deleted" in str(thing["selftext"]).casefold() else "removed by moderators"
    return "its author deleted the account" if author_of(thing) is None and "author" in thing else None


def flair_of(thing: Thing, name: str) -> str | None:
    """A flair without its emoji."""
    text = line_of(thing, name)
    return " ".join(_EMOJI_CODE.sub(" ", text).split()) or None if text else None
