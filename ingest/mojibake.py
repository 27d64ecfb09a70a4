"""Garbled characters (`itâ€™s`, `JosÃ©`): UTF-8 that some program took for Windows-1252 before the file was saved.

They are repaired with ftfy (Speer 2019, doi:10.5281/zenodo.2591652), and only where a document leaves no doubt: either
nothing but garbled characters stands beside its ASCII, or several do and they are the most. What is doubtful stays as
it is and is told. The file itself is kept as it came, so nothing is lost either way.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

from winloss.model import Account, Deal, Finding, Participant, Readable, ReadDocument, Severity

if TYPE_CHECKING:
    from ftfy import TextFixerConfig

_CONTINUED = "".join(sorted({bytes([byte]).decode("cp1252", "ignore") for byte in range(0x80, 0xC0)}))
_CONTINUED = f"[{re.escape(_CONTINUED)}\x80-\xbf]"
_GARBLED = re.compile(f"[\xc2-\xdf]{_CONTINUED}|[\xe0-\xef]{_CONTINUED}{{2}}|[\xf0-\xf4]{_CONTINUED}{{3}}")
_SEVERAL = 3
_FIELDS = {
    ReadDocument: ("title", "question", "account", "segment", "competitor", "tags"),
    Deal: ("name", "account", "stage", "competitor", "product", "loss_reason", "owner"),
    Account: (
        "name",
        "industry",
        "country",
        "region",
        "ownership",
        "segment",
        "regulations",
        "technologies",
        "signals",
    ),
    Participant: ("name", "title"),
}

Thing = ReadDocument | Deal | Account


@dataclass(slots=True)
class _Count:
    repaired: int = 0
    doubtful: int = 0

    def findings(self) -> Iterator[Finding]:
        """What is told once a file."""
        if self.repaired:
            message = "garbled characters were repaired (UTF-8 read as Windows-1252, like â€™ for ’); the file is kept"
            yield Finding(code="garbled-repaired", message=message, count=self.repaired, severity=Severity.INFO)
        if self.doubtful:
            message = (
                "characters look garbled, but not for certain, and were left: save the file as UTF-8 and read it again"
            )
            yield Finding(code="garbled-left", message=message, count=self.doubtful)


def repaired_text(text: str) -> tuple[str, list[Finding]]:
    """The same for a text that holds a whole document: repaired, with what was done; what is doubtful is left."""
    count = _Count()
    return (_fixed(text), list(count.findings())) if _is_certain((text,), count) else (text, [])


def repaired(things: Iterable[Readable]) -> Iterator[Readable]:
    """The same things with their garbled characters repaired, and at the end what was done and what was not."""
    count = _Count()
    for thing in things:
        yield thing if isinstance(thing, Finding) else _repaired(thing, count)
    yield from count.findings()


def _repaired(thing: Thing, count: _Count) -> Thing:
    if not _is_certain(list(_texts(thing)), count):
        return thing
    return _fixed_document(thing) if isinstance(thing, ReadDocument) else _fixed_fields(thing)


def _is_certain(texts: Sequence[str], count: _Count) -> bool:
    """Whether anything in the texts of one document is garbled for certain; counted either way."""
    places = Counter(place[0] for text in texts if not text.isascii() for place in _GARBLED.finditer(text))
    if not places:
        return False
    healed = sum(number for place, number in places.items() if _fixed(place) not in (place, "\ufffd"))
    others = sum(not letter.isascii() for text in texts for letter in _GARBLED.sub("", text))
    if not healed or (others and not _SEVERAL <= healed >= others):
        count.doubtful += places.total()
        return False
    count.repaired += healed
    return True


def _texts(thing: Thing) -> Iterator[str]:
    """Every text that could be garbled."""
    people = thing.participants if isinstance(thing, ReadDocument) else ()
    for holder in (thing, *people):
        for name in _FIELDS[type(holder)]:
            value = getattr(holder, name)
            yield from value if isinstance(value, tuple) else (value,) if value else ()
    if isinstance(thing, ReadDocument):
        for turn in thing.turns:
            yield turn.text
            yield turn.speaker or ""


def _fixed_document(document: ReadDocument) -> ReadDocument:
    """The document with the spans of quotations and highlights where their words now are."""
    spans: dict[int, set[int]] = defaultdict(set)
    for highlight in document.highlights:
        spans[highlight.turn] |= {highlight.start, highlight.end}
    turns, moved = [], []
    for ordinal, turn in enumerate(document.turns):
        text, places = _fixed_text(turn.text, spans[ordinal] | {place for span in turn.quoted for place in span})
        quoted = tuple((places[start], places[end]) for start, end in turn.quoted)
        turns.append(replace(turn, text=text, quoted=quoted, speaker=turn.speaker and _fixed(turn.speaker)))
        moved.append(places)
    highlights = tuple(
        replace(highlight, start=moved[highlight.turn][highlight.start], end=moved[highlight.turn][highlight.end])
        for highlight in document.highlights
    )
    people = tuple(_fixed_fields(person) for person in document.participants)
    fixed: ReadDocument = _fixed_fields(document)
    return replace(fixed, turns=tuple(turns), highlights=highlights, participants=people)


def _fixed_text(text: str, edges: set[int]) -> tuple[str, Mapping[int, int]]:
    """The text, and where the edges of its spans now are. No repair reaches across an edge."""
    cuts = sorted({0, *edges, len(text)})
    pieces = [_fixed(text[start:end]) for start, end in pairwise(cuts)]
    return "".join(pieces), dict(zip(cuts, accumulate(map(len, pieces), initial=0), strict=True))


def _fixed_fields(thing: Any) -> Any:
    changes = {}
    for name in _FIELDS[type(thing)]:
        value = getattr(thing, name)
        changes[name] = tuple(map(_fixed, value)) if isinstance(value, tuple) else value and _fixed(value)
    return replace(thing, **changes)


def _fixed(text: str) -> str:
    if text.isascii() or not _GARBLED.search(text):
        return text
    from ftfy import fix_encoding

    healed = fix_encoding(text, _only_encoding())
    return healed if healed.strip() else text


@lru_cache(maxsize=1)
def _only_encoding() -> TextFixerConfig:
    """Settings by which nothing is repaired but what was decoded wrongly, and nothing is put in for what was lost."""
    from ftfy import TextFixerConfig

    return TextFixerConfig(unescape_html=False, replace_lossy_sequences=False, fix_c1_controls=False, explain=False)
