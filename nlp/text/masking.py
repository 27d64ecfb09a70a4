"""Known names taken out of words that go elsewhere."""

from __future__ import annotations

import re

from nlp.text.unnamed import Names

__all__ = ["masked"]

_WORD = re.compile(r"[^\W_][\w'’-]*")
_GENITIVE = re.compile(r"['’]s?$")


def masked(text: str, names: Names, mark: str) -> str:
    """The text with a mark in place of every known name that it holds; what is no known name stays as it is."""
    words = [(match.start(), match.end(), _GENITIVE.sub("", match[0])) for match in _WORD.finditer(text)]
    spans: list[tuple[int, int]] = []
    place = 0
    while place < len(words):
        length = _length_of(words, place, names)
        if length:
            start, (last, _, bare) = words[place][0], words[place + length - 1]
            spans.append((start, last + len(bare)))
        place += max(length, 1)
    for start, end in reversed(spans):
        text = f"{text[:start]}{mark}{text[end:]}"
    return text


def _length_of(words: list[tuple[int, int, str]], place: int, names: Names) -> int:
    """How many words the longest known name has that begins there."""
    for length in range(min(names.longest, len(words) - place), 0, -1):
        run = " ".join(word.casefold() for _, _, word in words[place : place + length])
        if run in names.whole:
            return length
    return 1 if words[place][2] in names.parts else 0
