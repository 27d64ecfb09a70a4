"""HTML to plain text: paragraphs stay apart, code goes, quotations are told apart."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_PARAGRAPHS = frozenset({"p", "blockquote", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "section"})
_LINES = frozenset({"br", "li", "div", "tr", "dt", "dd", "article", "aside", "header", "footer"})
_DROPPED = frozenset({"pre", "script", "style", "head", "template", "svg"})
_SPACES = re.compile(r"[ \t\r\n\f]+")


def plain_text(markup: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The words of an HTML fragment, and the half-open spans of it that quote somebody else.

    Paragraphs are separated by an empty line, list items and line breaks by a line end. Blocks of code (`pre`) and
    scripts are left out; `code` within a sentence stays. Quotations are `blockquote` and Discourse's `aside.quote`.
    """
    parser = _Plain()
    parser.feed(markup)
    parser.close()
    return parser.finished()


class _Plain(HTMLParser):
    """Collects text; breaks are remembered and written only once more text comes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._length = 0
        self._break = ""
        self._dropping: list[str] = []
        self._quoting: list[str] = []
        self._quote_from: int | None = None
        self._quotes: list[tuple[int, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._breaks(tag)
        if tag in _DROPPED:
            self._breaks("p")
            self._dropping.append(tag)
        elif tag == "blockquote" or (tag == "aside" and "quote" in (dict(attrs).get("class") or "").split()):
            self._quoting.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._dropping and tag == self._dropping[-1]:
            self._dropping.pop()
        if self._quoting and tag == self._quoting[-1]:
            self._quoting.pop()
            if not self._quoting:
                self._end_quote()
        if tag != "br":
            self._breaks(tag)

    def handle_data(self, data: str) -> None:
        if self._dropping:
            return
        words = _SPACES.sub(" ", data)
        if not self._parts or self._break:
            words = words.lstrip(" ")
        elif self._parts[-1].endswith(" "):
            words = words.removeprefix(" ")
        if not words:
            return
        if self._break and self._parts:
            self._length -= len(self._parts[-1])
            self._parts[-1] = self._parts[-1].rstrip(" ")
            self._length += len(self._parts[-1])
            self._write(self._break)
        self._break = ""
        if self._quoting and self._quote_from is None:
            self._quote_from = self._length
        self._write(words)

    def finished(self) -> tuple[str, tuple[tuple[int, int], ...]]:
        self._end_quote()
        text = "".join(self._parts).rstrip(" \n")
        return text, tuple((start, min(end, len(text))) for start, end in self._quotes if start < len(text))

    def _write(self, words: str) -> None:
        self._parts.append(words)
        self._length += len(words)

    def _breaks(self, tag: str) -> None:
        if tag in _PARAGRAPHS:
            self._break = "\n\n"
        elif tag in _LINES:
            self._break = self._break or "\n"

    def _end_quote(self) -> None:
        if self._quote_from is not None:
            trailing = len(self._parts[-1]) - len(self._parts[-1].rstrip(" "))
            self._quotes.append((self._quote_from, self._length - trailing))
            self._quote_from = None
