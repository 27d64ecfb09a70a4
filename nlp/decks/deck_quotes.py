"""Whether a quotation of a deck is what somebody said: to the byte, altered (and how), or found nowhere.

Marks that programs set by themselves (curly for straight, a dash for hyphens, spaces) alter nothing and are told. An
ellipsis stands for words left out, and those are shown; brackets stand for words put in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from winloss.model.auditing import Change

NEAR_ENOUGH, SAME_WORDS = 65.0, 0.55
"""Likeness (0 to 100, of characters, to the best place in a turn) and share of the quotation's words that are said in
this order, from which on a quotation is an altered one. Two people who say the same in their own words stay below.
"""
MOST_CHARACTERS = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where in a text a quotation stands: a half-open span, and whether every word of it is as said.

    `remarks` tell what the deck did to it though no word is changed; `likeness` is 100 where nothing is.
    """

    start: int
    end: int
    exact: bool
    likeness: float
    remarks: tuple[str, ...] = ()


def place(quote: str, text: str) -> Placed | None:
    """Where the quotation stands in a text to the letter, with what may be passed over; None where it does not."""
    if quote in text:
        start = text.index(quote)
        return Placed(start=start, end=start + len(quote), exact=True, likeness=100.0)
    match = _pattern(quote[:MOST_CHARACTERS]).search(text)
    if match is None:
        return _with_other_edges(quote, text)
    remarks = [*_remarks(match), *_typographic(quote, match[0])]
    return Placed(start=match.start(), end=match.end(), exact=True, likeness=100.0, remarks=tuple(remarks))


def _with_other_edges(quote: str, text: str) -> Placed | None:
    """The same where only the first letter's size and the last mark are otherwise: a sentence made of a part of one."""
    inner = quote.strip()
    body = inner.rstrip(".,;!")
    for first in dict.fromkeys((body[:1], body[:1].lower(), body[:1].upper())):
        tried = first + body[1:]
        if tried == inner or len(tried) < len(inner) - 1 or not tried.strip():
            continue
        match = _pattern(tried[:MOST_CHARACTERS]).search(text)
        if match is not None:
            remarks = [*_remarks(match), *_typographic(tried, match[0])]
            if first != body[:1]:
                remarks.append("the first letter is set otherwise")
            if body != inner:
                remarks.append("the mark at the end is the deck's")
            return Placed(start=match.start(), end=match.end(), exact=True, likeness=100.0, remarks=tuple(remarks))
    return None


def nearest(quote: str, texts: Sequence[str]) -> tuple[int, Placed] | None:
    """The text that holds the words most like the quotation, and where; None without any text."""
    from rapidfuzz import fuzz

    plain = _folded(_without_marks(quote[:MOST_CHARACTERS]))
    best: tuple[float, int] | None = None
    for number, text in enumerate(texts):
        score = (
            fuzz.partial_ratio(plain, _folded(text))
            if len(text) >= len(plain) * 0.6
            else fuzz.ratio(plain, _folded(text))
        )
        if best is None or score > best[0]:
            best = (score, number)
    if best is None:
        return None
    text = texts[best[1]]
    found = fuzz.partial_ratio_alignment(plain, _folded(text))
    start, end = (found.dest_start, found.dest_end) if found is not None else (0, len(text))
    start, end = _best_edges(plain, text, *_whole_words(text, start, end))
    return best[1], Placed(start=start, end=end, exact=False, likeness=round(best[0], 1))


def is_altered(quote: str, said: str, likeness: float) -> bool:
    """Whether the words, as placed, are what the quotation was made of."""
    words = len(_TOKEN.findall(_without_marks(quote)))
    same = sum(len(run.text.split()) for run in changes(quote, said) if run.kind == "same")
    return likeness >= NEAR_ENOUGH and same >= SAME_WORDS * words


def _best_edges(plain: str, text: str, start: int, end: int) -> tuple[int, int]:
    """The span moved by up to three words at either end, where that is more like the quotation."""
    from rapidfuzz import fuzz

    spans = [match.span() for match in _TOKEN.finditer(text)]
    first = max((number for number, span in enumerate(spans) if span[0] <= start), default=0)
    last = max((number for number, span in enumerate(spans) if span[0] < end), default=0)
    tried = [
        (spans[a][0], spans[b][1])
        for a in range(max(0, first - 3), min(first + 4, len(spans)))
        for b in range(max(a, last - 3), min(last + 4, len(spans)))
    ]
    return max(tried, key=lambda span: fuzz.ratio(plain, _folded(text[slice(*span)])), default=(start, end))


def changes(quote: str, said: str) -> tuple[Change, ...]:
    """The quotation word by word beside what was said: runs that are the same, added, or left out."""
    ours, theirs = _TOKEN.findall(quote), _TOKEN.findall(said)
    matcher = SequenceMatcher(
        None, [_folded(word) for word in theirs], [_folded(word) for word in ours], autojunk=False
    )
    runs: list[Change] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            runs.append(Change(kind="same", text=" ".join(theirs[a:b])))
            continue
        if b > a:
            runs.append(Change(kind="left out", text=" ".join(theirs[a:b])))
        if d > c:
            runs.append(Change(kind="added", text=" ".join(ours[c:d])))
    return tuple(runs)


def windows(quote: str, *, words: int = 4, most: int = 6) -> list[str]:
    """Runs of words of a quotation, spread over it, by which the turns that may hold it are looked for."""
    found: list[str] = []
    for piece in _ELLIPSIS.split(_BRACKETS.sub("…", quote)):
        spans = [match.span() for match in re.finditer(r"[^\W_]+(?:['’\-][^\W_]+)*", piece)]
        size = min(words, len(spans))
        if size < 2:
            continue
        last = len(spans) - size
        for at in sorted({0, last // 2, last}):
            text = piece[spans[at][0] : spans[at + size - 1][1]]
            longest = max(_SIMPLE.findall(text), key=len, default="").strip()
            if len(longest.split()) >= 2:
                found.append(longest)
    return list(dict.fromkeys(found))[:most]


# --- letters ---------------------------------------------------------------------------------------------------------

_TOKEN = re.compile(r"\S+")
_SIMPLE = re.compile(r"[\w ,.]+")
_ELLIPSIS = re.compile(r"\s*(?:\[\s*(?:…|\.\.\.)\s*\]|\(\s*(?:…|\.\.\.)\s*\)|…|\.{3,})\s*")
_BRACKETS = re.compile(r"\[(?!\s*(?:…|\.\.\.)\s*\])([^\]]{0,200})\]")
_EDGE = re.compile(r"^(?:…|\s|\[[^\]]*\])+|(?:…|\s|\[[^\]]*\])+$")
_APOSTROPHES, _MARKS, _DASHES = "'’‘ʼ`´", '"“”„«»‟', "-–—‑−‒"
_FOLDS = str.maketrans(
    {**dict.fromkeys(_APOSTROPHES, "'"), **dict.fromkeys(_MARKS, '"'), **dict.fromkeys(_DASHES, "-"), "\u00a0": " "}
)
_LONGEST_CUT, _LONGEST_BRACKET = 1200, 120


def _folded(text: str) -> str:
    """The text in small letters with one kind of marks; every character keeps its place."""
    low = text.translate(_FOLDS)
    return low.casefold() if len(low.casefold()) == len(text) else low.lower() if len(low.lower()) == len(text) else low


def _without_marks(quote: str) -> str:
    return " ".join(_ELLIPSIS.sub(" ", _BRACKETS.sub(" ", quote)).split())


def _pattern(quote: str) -> re.Pattern[str]:
    """The quotation as a pattern: spaces and marks of any kind; an ellipsis any words between; brackets a few."""
    quote = _EDGE.sub("", _ELLIPSIS.sub("…", quote.strip()))
    pieces: list[str] = []
    at = 0
    for found in re.finditer(rf"…|{_BRACKETS.pattern}", quote):
        pieces.append(_loose(quote[at : found.start()]))
        if found[0] == "…":
            pieces.append(rf"(?P<cut{len(pieces)}>.{{0,{_LONGEST_CUT}}}?)")
        else:
            pieces.append(rf"(?P<put{len(pieces)}>.{{0,{_LONGEST_BRACKET}}}?)")
        at = found.end()
    pieces.append(_loose(quote[at:]))
    return re.compile("".join(pieces), re.DOTALL)


def _loose(text: str) -> str:
    out: list[str] = []
    for letter in text:
        if letter.isspace():
            if not out or out[-1] != r"\s*":
                out.append(r"\s*")
        elif letter in _APOSTROPHES:
            out.append(f"[{re.escape(_APOSTROPHES)}]")
        elif letter in _MARKS:
            out.append(f"[{re.escape(_MARKS)}{re.escape(_APOSTROPHES)}]")
        elif letter in _DASHES:
            out.append(rf"\s*[{re.escape(_DASHES)}]{{1,3}}\s*")
        else:
            out.append(re.escape(letter))
    return "".join(out).replace(r"\s*", r"\s+") if " " in text.strip() else "".join(out)


def _remarks(match: re.Match[str]) -> Iterable[str]:
    for name, words in match.groupdict().items():
        plain = " ".join((words or "").split())
        if name.startswith("cut") and plain:
            yield f"left out at the ellipsis: “{plain}”"
        elif name.startswith("put"):
            yield f"brackets stand for: “{plain}”" if plain else "brackets add words"


def _typographic(quote: str, said: str) -> Iterable[str]:
    plain = _BRACKETS.sub("", _ELLIPSIS.sub("", quote))
    for name, letters in (("apostrophes", _APOSTROPHES), ("quotation marks", _MARKS), ("dashes", _DASHES)):
        ours, theirs = {it for it in plain if it in letters}, {it for it in said if it in letters}
        if ours - theirs:
            yield f"{name} are set otherwise than in the source"
    if re.search(r"\s{2,}|[\n\t]", said):
        yield "spaces or line breaks differ"


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    while 0 < start < len(text) and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and end > 0 and not text[end].isspace():
        end += 1
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
