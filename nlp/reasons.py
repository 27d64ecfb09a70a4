"""Puts a decision about a passage into words: which of its own words decided, and what else it could be."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from winloss.model import Facet

QUOTES = 3
"""The most phrases a reason quotes."""
CLOSE = 0.15
"""A second facet this close to the first is named."""
POINTS_TO = {
    Facet.ENGAGEMENT: "work to get done",
    Facet.PAIN: "pain",
    Facet.PROOF: "proof",
    Facet.NONE: "none of the three",
}
SMALL_TALK = frozenset(
    "a again ah alright all and absolutely anyway appreciate bye cheers cool course correct definitely evening exactly "
    "everybody everyone fair for fine go good gosh great ha haha hello hey hi hm hmm i it's know lol lovely lot many "
    "me mean mhm morning much my no nope of oh ok okay perfect please point pretty quite really right so sorry sure "
    "thank thanks that's the there to true uh uhm um very well welcome yeah yep yes yup you".split()
)
"""Words of which greetings, acknowledgements and fillers are made."""
STOP = frozenset(
    "a an and are as at be been but by did do does for from had has have he her his i if in is it it's its just me my "
    "of on or our out she so than that that's the their them then there they this to up us was we were what which who "
    "will with would you your not no n't".split()
)
"""A phrase made of these alone is not quoted: it may weigh something, but tells a reader nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A half-open span of the text and how far it moves the decision towards the facet decided."""

    start: int
    end: int
    weight: float


def is_small_talk(text: str) -> bool:
    """Whether a text consists of greetings, acknowledgements and fillers only, or of no words at all."""
    words = re.findall(r"[^\W\d_][\w']*|\d+", text.replace("’", "'").lower())
    return all(word in SMALL_TALK for word in words)


def reason_for(text: str, weighed: Sequence[Weighed], scores: Mapping[Facet, float], *, by_meaning: bool) -> str:
    """One line for people, e.g. `"closed unread", "every shift" point to pain`.

    `scores` holds every facet; the highest is the decision. `by_meaning` says that the passage as a whole weighed more
    than its words.
    """
    first, second = sorted(scores, key=lambda facet: -scores[facet])[:2]
    quotes = [f'"{" ".join(text[start:end].split())}"' for start, end in _telling(text, weighed)]
    target = POINTS_TO[first]
    if not quotes:
        said = f"reads like {target}; no single word decides"
    elif by_meaning:
        said = f"reads like {target} as a whole, with {', '.join(quotes)}"
    else:
        said = f"{', '.join(quotes)} {'points' if len(quotes) == 1 else 'point'} to {target}"
    return f"{said}; could also be {POINTS_TO[second]}" if scores[first] - scores[second] < CLOSE else said


def _telling(text: str, weighed: Sequence[Weighed]) -> list[tuple[int, int]]:
    """The spans that weigh most, none overlapping, in the order of the text."""
    spans: dict[tuple[int, int], float] = {}
    for item in weighed:
        spans[item.start, item.end] = spans.get((item.start, item.end), 0.0) + item.weight
    chosen: list[tuple[int, int]] = []
    for (start, end), weight in sorted(spans.items(), key=lambda item: (-item[1], item[0])):
        if weight <= 0.05 or len(chosen) == QUOTES:
            break
        if _says_something(text[start:end]) and all(end <= left or right <= start for left, right in chosen):
            chosen.append((start, end))
    return sorted(chosen)


def _says_something(phrase: str) -> bool:
    words = re.findall(r"[\w']+", phrase.replace("’", "'").lower())
    return any(word not in STOP for word in words)
