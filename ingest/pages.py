"""Web pages as text: paragraphs, tables, lists of terms, and the places where markup itself names who speaks.

The page is read as a stream of tags, never as a tree, so that its depth and its size cost nothing. What frames a page
(navigation, forms, footers, scripts) is left out; where a page marks its main part, only that part is read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from ingest.turns import could_be_name, is_label, looks_like_person
from ingest.values import parse_clock
from ingest.written import Written
from winloss.model import ReadTurn

_PAGE = re.compile(
    r"[\s\ufeff]*+(?:<\?xml[^>]{0,200}\?>\s*+)?(?:<!--(?:(?!-->).){0,2000}+-->\s*+)*+<(?:!doctype\s+html|html)\b",
    re.I | re.S,
)
_BLOCK = re.compile(r"\s*<(?:body|main|article|section|div|p|table|dl|h[1-6]|ul|ol)\b[^<>]*>", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_SPEAKER_CLASS = re.compile(r"(?i)(?:^|[-_])(?:speaker|speakername|speaker[-_]name|participant[-_]name)$")
_TIME_CLASS = re.compile(r"(?i)(?:^|[-_])(?:time|timestamp|timecode|start[-_]time)$")
_DROPPED_CLASS = re.compile(r"(?i)(?:^|[-_])(?:avatar|initials|sr-only|visually-hidden)$")
_DROPPED = frozenset(
    {
        *("script", "style", "template", "svg", "noscript", "iframe", "object", "select", "button", "textarea", "math"),
        *("nav", "footer", "aside", "form", "dialog", "audio", "video", "canvas", "menu"),
    }
)
_PARAGRAPHS = frozenset({"p", "blockquote", "ul", "ol", "table", "dl", "hr", "section", "article", "pre", "main"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LINES = frozenset(
    {"br", "li", "div", "tr", "dt", "dd", "header", "figure", "figcaption", "address", "details", "summary"}
)
_CELLS = frozenset({"td", "th", "dt", "dd"})
_ENDS = {"dd": ("dd", "dt"), "dt": ("dd", "dt"), "td": ("td", "th"), "th": ("td", "th"), "tr": ("td", "th", "tr")}
_VOID = frozenset(
    {"br", "hr", "img", "input", "meta", "link", "wbr", "area", "base", "col", "embed", "source", "track"}
)
_PIECE = 1 << 16
MAX_PIECES = 12
MAX_DEPTH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page as written, and where the text below its last heading begins (for what follows a conversation)."""

    written: Written
    headings: tuple[tuple[int, str], ...] = ()


@dataclass(slots=True, kw_only=True)
class _Mark:
    """A piece of text that markup shows to be a name or a time: where it stands among the parts."""

    kind: str
    start: int
    end: int
    text: str
    alone: bool = False


@dataclass(slots=True, kw_only=True)
class _Open:
    """An element that is being read."""

    tag: str
    begin: int
    mark: str | None = None


@dataclass(slots=True, kw_only=True)
class _Table:
    """Rows of an open table and where it begins; `layout` where another table stands in it."""

    begin: int
    rows: list[tuple[str, ...]] = field(default_factory=list)
    row: list[str] = field(default_factory=list)
    layout: bool = False
    terms: bool = False


def is_page(text: str) -> bool:
    """Whether a text is HTML: a whole page, or a piece of one whose lines are mostly tags."""
    if _PAGE.match(text):
        return True
    if not _BLOCK.match(text):
        return False
    lines = [line.strip() for line in text.split("\n", 400)[:400] if line.strip()]
    return 2 * sum(line.startswith("<") for line in lines) >= len(lines) and "</" in text


def read_page(markup: str) -> Page:
    """The text of a page with its tables, names and headings."""
    from lxml import etree

    collector = _Collector()
    parser = etree.HTMLParser(target=collector, huge_tree=True)
    markup = markup.replace("\x00", "\ufffd")
    try:
        for start in range(0, len(markup), _PIECE):
            parser.feed(markup[start : start + _PIECE])
        parser.close()
    except etree.LxmlError:
        collector.close()
    return collector.page()


class _Collector:
    """Receives tags and text in their order; breaks are written only once more text comes."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._break = ""
        self._stack: list[_Open] = []
        self._open: Counter[str] = Counter()
        self._dropped = 0
        self._kept_space = 0
        self._tables: list[_Table] = []
        self._finished: list[_Table] = []
        self._marks: list[_Mark] = []
        self._headings: list[tuple[int, str]] = []
        self._regions: dict[str, list[tuple[int, int]]] = {"main": [], "article": []}
        self._title: str | None = None
        self._language: str | None = None

    def start(self, tag: str, attrs: Mapping[str, str]) -> None:
        """A tag opens."""
        tag = tag.lower()
        if self._dropped or tag in _DROPPED or _is_hidden(attrs):
            self._dropped += tag not in _VOID
            return
        for sibling in _ENDS.get(tag, ()):
            self._end_sibling(sibling)
        self._breaks(tag)
        if tag == "html":
            self._language = attrs.get("lang") or attrs.get("xml:lang")
        elif tag in ("table", "dl"):
            if self._tables:
                self._tables[-1].layout = True
            self._tables.append(_Table(begin=len(self._parts), terms=tag == "dl"))
        elif tag == "tr" and self._tables:
            self._tables[-1].row = []
        self._kept_space += tag == "pre"
        if tag not in _VOID:
            self._open[tag] += 1
            self._stack.append(_Open(tag=tag, begin=len(self._parts), mark=_kind_of(tag, attrs)))

    def end(self, tag: str) -> None:
        """A tag closes."""
        tag = tag.lower()
        if self._dropped:
            self._dropped -= tag not in _VOID
            return
        while self._open[tag]:
            if self._close(self._stack.pop()) == tag:
                return

    def data(self, data: str) -> None:
        """Text comes."""
        if self._dropped:
            return
        words = data if self._kept_space else _SPACES.sub(" ", data)
        if not self._kept_space:
            if not self._parts or self._break:
                words = words.lstrip(" ")
            elif self._parts[-1].endswith((" ", "\n")):
                words = words.removeprefix(" ")
        if not words:
            return
        if self._break and self._parts:
            self._parts[-1] = self._parts[-1].rstrip(" ")
            self._parts.append(self._break)
        self._break = ""
        self._parts.append(words)

    def close(self) -> None:
        """The page ends: whatever is still open closes."""
        while self._stack:
            self._close(self._stack.pop())

    def page(self) -> Page:
        """What was collected."""
        self.close()
        begin, end = self._main()
        offsets = [0]
        for part in self._parts[begin:end]:
            offsets.append(offsets[-1] + len(part))
        marks = [mark for mark in self._marks if begin <= mark.start and mark.end <= end]
        tables = [table for table in self._finished if not table.layout and begin <= table.begin < end]
        speakers = _speakers(self._parts, marks)
        first = [table.begin for table in tables[:1]], [mark.start for mark in speakers[:1]]
        above = ["".join(self._parts[begin : place[0]]) if place else "" for place in first]
        written = Written(
            text="".join(self._parts[begin:end]),
            tables=tuple(tuple(table.rows) for table in tables),
            above_tables=above[0],
            turns=_marked_turns(self._parts, speakers, marks, end),
            above_turns=above[1],
            names=frozenset(mark.text for mark in marks if mark.kind == "name"),
            title=self._title or next((words for _, words in self._headings), None),
            language=self._language,
        )
        headings = tuple((offsets[place - begin], words) for place, words in self._headings if begin <= place <= end)
        return Page(written=written, headings=headings)

    def _main(self) -> tuple[int, int]:
        for regions in self._regions.values():
            if len(regions) == 1 and regions[0][1] > regions[0][0]:
                return regions[0][0], min(regions[0][1], len(self._parts))
        return 0, len(self._parts)

    def _end_sibling(self, tag: str) -> None:
        """End tags of cells and rows may be left out: the next one ends the one before in the same table."""
        if not self._open[tag]:
            return
        near = islice(reversed(self._stack), MAX_DEPTH)
        around = next((opened.tag for opened in near if opened.tag in (tag, "table", "dl")), None)
        if around == tag:
            self.end(tag)

    def _close(self, opened: _Open) -> str:
        tag = opened.tag
        self._open[tag] -= 1
        if tag == "title" or tag in _HEADINGS:
            self._title_or_heading(opened)
        elif tag in _CELLS and self._tables:
            self._cell(opened)
        elif tag == "tr" and self._tables:
            self._tables[-1].rows.append(tuple(self._tables[-1].row))
        elif tag in ("table", "dl") and self._tables:
            self._finished.append(self._tables.pop())
        elif tag in self._regions:
            self._regions[tag].append((opened.begin, len(self._parts)))
        self._kept_space -= tag == "pre"
        if opened.mark:
            self._mark(opened)
        self._breaks(tag)
        return tag

    def _title_or_heading(self, opened: _Open) -> None:
        """Titles are not spoken: they are taken out of the text; a heading that is a name stays as a mark."""
        words = "".join(self._parts[opened.begin :]).strip()
        del self._parts[opened.begin :]
        if opened.tag in ("title", "h1"):
            self._title = words if opened.tag == "h1" and words else self._title or words or None
        elif words:
            self._headings.append((len(self._parts), words))
        opened.mark = None

    def _cell(self, opened: _Open) -> None:
        table = self._tables[-1]
        if table.layout:
            return
        words = "".join(self._parts[opened.begin :]).strip(" \n")
        if not table.terms:
            table.row.append(words)
        elif opened.tag == "dt":
            table.row = [words]
        else:
            table.rows.append((*(table.row or [""]), words))
            table.row = []

    def _mark(self, opened: _Open) -> None:
        if len(self._parts) - opened.begin > MAX_PIECES:
            return
        pieces = [part for part in self._parts[opened.begin :] if part.strip()]
        words = "".join(pieces).strip(" \n\xa0")
        name = words.rstrip(": \xa0")
        if len(words) > 100 or not words:
            return
        if opened.mark == "time" and parse_clock(words.strip("[]()")) is None:
            return
        if opened.mark != "time" and not could_be_name(name):
            return
        alone = words.endswith(":")
        text = words if opened.mark == "time" else name
        self._marks.append(
            _Mark(kind=opened.mark or "", start=opened.begin, end=len(self._parts), text=text, alone=alone)
        )

    def _breaks(self, tag: str) -> None:
        if tag in _PARAGRAPHS or tag in _HEADINGS:
            self._break = "\n\n"
        elif tag in _LINES:
            self._break = self._break or "\n"


def _is_hidden(attrs: Mapping[str, str]) -> bool:
    return "hidden" in attrs or any(map(_DROPPED_CLASS.search, (attrs.get("class") or "").split()))


def _kind_of(tag: str, attrs: Mapping[str, str]) -> str | None:
    classes = (attrs.get("class") or "").split()
    if any(map(_SPEAKER_CLASS.search, classes)):
        return "speaker"
    if tag == "time" or any(map(_TIME_CLASS.search, classes)):
        return "time"
    return "name" if tag in ("b", "strong", "cite") else None


def _speakers(parts: list[str], marks: list[_Mark]) -> list[_Mark]:
    """The places where elements that are marked as speakers, or bold names by themselves, begin a turn."""
    speakers = [mark for mark in marks if mark.kind == "speaker"]
    if len(speakers) < 2:
        speakers = _names_alone(parts, marks)
    return speakers if len(speakers) > 1 else []


def _marked_turns(parts: list[str], speakers: list[_Mark], marks: list[_Mark], end: int) -> tuple[ReadTurn, ...]:
    """What is said between them; times beside them are cut out of it."""
    times = sorted((mark for mark in marks if mark.kind == "time"), key=lambda mark: mark.start)
    ends = [*(mark.start for mark in speakers[1:]), end] if speakers else []
    return tuple(_said(parts, speakers, ends, times))


def _said(parts: list[str], speakers: list[_Mark], ends: list[int], times: list[_Mark]) -> Iterator[ReadTurn]:
    place = 0
    for mark, end in zip(speakers, ends, strict=True):
        cursor, pieces, begun = mark.end, [], None
        while place < len(times) and times[place].start < mark.end:
            place += 1
        while place < len(times) and times[place].end <= end:
            pieces += parts[cursor : max(cursor, times[place].start)]
            cursor = max(cursor, times[place].end)
            begun = begun if begun is not None else parse_clock(times[place].text.strip("[]()"))
            place += 1
        words = "".join([*pieces, *parts[cursor:end]]).removeprefix(":").strip(" \n")
        if words.strip():
            yield ReadTurn(speaker=mark.text, text=words, start_ms=begun)


def _names_alone(parts: list[str], marks: list[_Mark]) -> list[_Mark]:
    """Bold names that are a paragraph by themselves, where at least two such names come back or are people's."""
    alone = [mark for mark in marks if mark.kind == "name" and _is_alone(parts, mark)]
    counts = Counter(mark.text for mark in alone)
    likely = [mark for mark in alone if counts[mark.text] > 1 or looks_like_person(mark.text) or is_label(mark.text)]
    return likely if len({mark.text for mark in likely}) > 1 and max(counts.values()) > 1 else []


def _is_alone(parts: list[str], mark: _Mark) -> bool:
    before = "".join(parts[max(0, mark.start - 1) : mark.start])
    inside = parts[mark.start : mark.end]
    begins = mark.start == 0 or before.endswith("\n") or bool(inside and inside[0].startswith("\n"))
    after = parts[mark.end] if mark.end < len(parts) else "\n"
    return begins and after.startswith("\n")
