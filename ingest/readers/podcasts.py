"""Podcast transcripts as web pages: every turn is a `cite`, a `time` and a `p`, as the podcast namespace describes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from ingest.recordings import Recording, cue, recorded
from ingest.sniff import read_text
from ingest.turns import Cue
from ingest.values import parse_clock
from winloss.model import Readable
from winloss.ports import Format, Probe, ReadContext

_TURN = re.compile(r"(?i)<cite\b[^>]{0,200}>[^<]{0,200}</cite>\s{0,80}<time\b")
_PARTS = frozenset({"cite", "time", "p"})
_SPACES = re.compile(r"[ \t\r\n\f]+")
_PIECE = 1 << 16


class PodcastReader:
    """Transcripts that a feed names as `text/html`. Paragraphs of one speaker become one turn."""

    name = "podcasts"
    title = "Podcast transcripts (HTML)"
    family = "calls"
    formats: tuple[Format, ...] = (
        Format(name="Podcasting 2.0 transcript page", looks="`.html`", gives="turns with speakers and times"),
    )

    def identify(self, probe: Probe) -> bool:
        """Markup in which a `time` follows a `cite`."""
        return probe.text.lstrip("\ufeff \t\r\n").startswith("<") and bool(_TURN.search(probe.text))

    def read(self, path: Path, context: ReadContext) -> Iterator[Readable]:
        """One interview.

        Raises:
            MalformedSource: not text, or without words.
        """
        from lxml import etree

        text, remarks = read_text(path)
        parts = _Parts()
        parser = etree.HTMLParser(target=parts, huge_tree=True)
        markup = text.replace("\x00", "\ufffd")
        try:
            for start in range(0, len(markup), _PIECE):
                parser.feed(markup[start : start + _PIECE])
            parser.close()
        except etree.LxmlError:
            parts.close()
        yield from recorded(path, Recording(cues=tuple(parts.cues)), context, remarks)


class _Parts:
    """Receives tags and text in their order; a paragraph without a `cite` goes on with the speaker before it."""

    def __init__(self) -> None:
        self.cues: list[Cue] = []
        self._words: dict[str, list[str]] = {part: [] for part in _PARTS}
        self._within: str | None = None

    def start(self, tag: str, _attributes: Mapping[str, str]) -> None:
        """A tag opens; a break within a paragraph is a space."""
        if tag in _PARTS:
            if tag == "p":
                self._finish()
            self._words[tag].clear()
            self._within = tag
        elif tag == "br" and self._within:
            self._words[self._within].append(" ")

    def end(self, tag: str) -> None:
        """A tag closes."""
        if tag == "p":
            self._finish()
        if tag == self._within:
            self._within = None

    def data(self, data: str) -> None:
        """Text comes."""
        if self._within:
            self._words[self._within].append(data)

    def close(self) -> None:
        """The page ends."""
        self._finish()

    def _finish(self) -> None:
        """A paragraph has come to its end, or the next one begins before it did."""
        said = _SPACES.sub(" ", "".join(self._words["p"])).strip()
        self._words["p"].clear()
        if not said:
            return
        speaker = "".join(self._words["cite"]).strip().removesuffix(":").strip()
        start = parse_clock("".join(self._words["time"]).strip())
        self._words["time"].clear()
        self.cues.append(cue(speaker or None, said, start, None))
