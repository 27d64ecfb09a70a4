"""The form of a sentence that a language model wrote: one plain sentence, with its quotations to the letter.

What is between quotation marks of any kind must be the words of a verbatim, or a name that a statement has; it is
brought to the marks that reports use. Everything else about the form is refused rather than mended.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

__all__ = ["Parsed", "Refused", "parse"]

SHORTEST, LONGEST = 12, 420
"""Code points of a sentence without its quotations."""
FEWEST_WORDS = 3
"""Words of a quotation: a single word of somebody's, between marks, may be made to say anything."""

_MARKUP = re.compile(r"[<>`*_\[\]{}|#\\~^$=]|&#?\w+;")
_LINK = re.compile(
    r"(?i)://|\bwww\.|\w@\w|(?<!\w)@\w|\b(?:https?|javascript|data|mailto|file)\s*:|"
    r"\b[\w-]+\.(?:com|net|org|io|ai|dev|co|eu|gov|edu|info|biz|app|xyz|de|uk|fr|ru|cn)\b"
)
_MARKS = '“”„‟«»‹›"'
_DOUBLE = re.compile(r"“([^“”]*)”|\"([^\"]*)\"|‘([^‘’]{2,})’(?!\w)|(?<!\w)'([^'\n]{2,})'(?!\w)")
_SEVERAL = re.compile(r"(?<!\d)[.!?](?:\s+\S)|[!?]")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_WORD = re.compile(r"\w+")
_LEFT_OUT = re.compile(r"^(?:…|\.\.\.)\s*|\s*(?:…|\.\.\.)$")
Piece = tuple[str, str]
"""What a stretch of the sentence is, `text`, `quote` or `name`, and its words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A sentence in the form of reports. `bare` is what the model itself says: “” and ‘’ stand for what it quotes.

    `sources` are the places, among the texts, of the one that each quotation is from, and where in it.
    """

    text: str
    bare: str
    quotes: tuple[str, ...]
    names: tuple[str, ...]
    sources: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a sentence has no form that a report may hold."""

    reason: str
    words: str = ""


def parse(text: str, texts: Sequence[str], names: Iterable[str]) -> Parsed | Refused:
    """The sentence, or why it is refused. `texts` are the verbatims that it may quote, `names` what it may name so."""
    plain = text.strip()
    known = sorted({name for name in names if name}, key=len, reverse=True)
    shown, quotes, told, sources = [], [], [], []
    for kind, words in _pieces(plain, known):
        if kind == "text":
            shown.append(words)
        elif kind == "name":
            told.append(words)
            shown.append(f"‘{words}’")
        else:
            found = _placed(words, texts)
            if isinstance(found, Refused):
                return found
            which, start, end, rest = found
            sources.append((which, start, end))
            quotes.append(texts[which][start:end])
            shown.append(f"“{_with_cuts(texts[which], start, end)}”{rest}")
    bare = "".join(
        words if kind == "text" else {"name": "‘’", "quote": "“”"}[kind] for kind, words in _pieces(plain, known)
    )
    if refused := _refused(bare):
        return refused
    whole = "".join(shown)
    whole = whole if whole.endswith(".") else f"{whole}."
    return Parsed(text=whole, bare=bare, quotes=tuple(quotes), names=tuple(told), sources=tuple(sources))


def _pieces(text: str, names: Sequence[str]) -> Iterator[Piece]:
    """The sentence cut at its quotation marks; what stands between marks and is a name is one."""
    at = 0
    while at < len(text):
        found, name = _next(text, at, names)
        if found is None:
            break
        yield "text", text[at : found[0]]
        yield ("name", name) if name else ("quote", text[found[0] + 1 : found[1] - 1])
        at = found[1]
    yield "text", text[at:]


def _next(text: str, at: int, names: Sequence[str]) -> tuple[tuple[int, int] | None, str]:
    """The next stretch between marks, with its marks, and the name that it is."""
    first = _DOUBLE.search(text, at)
    best: tuple[tuple[int, int] | None, str] = (first.span() if first else None, "")
    for name in names:
        for opening, closing in ("‘’", "''", "“”", '""'):
            place = text.find(f"{opening}{name}{closing}", at)
            if place >= 0 and (best[0] is None or place <= best[0][0]):
                best = ((place, place + len(name) + 2), name)
    return best


def _placed(words: str, texts: Sequence[str]) -> tuple[int, int, int, str] | Refused:
    """Which text a quotation is from, where in it, and a mark at its end that is the sentence's own."""
    inner = _LEFT_OUT.sub("", _LEFT_OUT.sub("", words))
    if len(_WORD.findall(inner)) < FEWEST_WORDS:
        return Refused("a quotation of too few words", words)
    for tried, rest in ((inner, ""), (inner[:-1], inner[-1:])):
        if rest and rest not in ",.;":
            continue
        for which, text in enumerate(texts):
            start = text.find(tried)
            if start >= 0 and _whole_words(text, start, start + len(tried)):
                return which, start, start + len(tried), rest
    return Refused("a quotation that is not to the letter", words)


def _whole_words(text: str, start: int, end: int) -> bool:
    before = start == 0 or not (text[start - 1].isalnum() and text[start].isalnum())
    after = end == len(text) or not (text[end - 1].isalnum() and text[end].isalnum())
    return before and after


def _with_cuts(text: str, start: int, end: int) -> str:
    """The words with an ellipsis at each end at which the verbatim goes on."""
    return f"{'… ' if start else ''}{text[start:end]}{' …' if end < len(text) else ''}"


def _refused(bare: str) -> Refused | None:
    """What is wrong with what the model itself says."""
    hidden = [letter for letter in bare if unicodedata.category(letter) in _HIDDEN]
    if hidden:
        return Refused("control characters", repr("".join(hidden[:3])))
    if found := _LINK.search(bare):
        return Refused("a link or an address", found[0])
    if found := _MARKUP.search(bare):
        return Refused("markup", found[0])
    if any(mark in bare.replace("“”", "") for mark in _MARKS):
        return Refused("quotation marks that do not close")
    if not SHORTEST <= len(bare) <= LONGEST:
        return Refused("a sentence that is too short or too long")
    if _SEVERAL.search(bare.rstrip(".")):
        return Refused("more than one sentence")
    if foreign := _foreign(bare):
        return Refused("letters of another script", foreign)
    if not bare.endswith((".", "“”", "‘’")):
        return Refused("a sentence without an end")
    return None


def _foreign(bare: str) -> str:
    """Letters that are not Latin: a name that rights forbid could be written with look-alikes."""
    return "".join(
        letter for letter in bare if letter.isalpha() and not unicodedata.name(letter, "").startswith("LATIN")
    )
