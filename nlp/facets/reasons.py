"""Puts a decision about a passage into words: which of its own words decided, and what else it could be."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from winloss.model import Facet

QUOTES = 3
"""The most phrases a reason quotes."""
LEAST = 0.05
"""What weighs less is not quoted."""
CLOSE = 0.15
"""A second facet this close to the first is named."""
POINTS_TO = {
    Facet.ENGAGEMENT: "work to get done",
    Facet.PAIN: "pain",
    Facet.PROOF: "proof",
    Facet.NONE: "none of the three",
}
SMALL_TALK = re.compile(
    r"(?:a|again|ah|alright|all|and|absolutely|anyway|appreciate|bye|cheers|cool|course|correct|definitely|evening"
    r"|exactly|everybody|everyone|fair|for|fine|go|good|gosh|great|ha|haha|hello|hey|hi|hmm?|i|it's|know|lol|lovely|lot"
    r"|many|me|mean|mm|mhm|morning|much|my|nope?|of|oh|ok|okay|perfect|please|point|pretty|quite|really|right|so|sorry"
    r"|sure|thanks?|that's|the|there|to|true|uhm?|um|very|well|welcome|yeah|yep|yes|yup|you)"
)
"""A word of which greetings, acknowledgements and fillers are made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A half-open span of the text and how far it moves the decision towards the facet decided."""

    start: int
    end: int
    weight: float


def is_small_talk(text: str) -> bool:
    """Whether a text consists of greetings, acknowledgements and fillers only, or of no words at all."""
    words = re.findall(r"[^\W\d_][\w']*|\d+", text.replace("’", "'").lower())
    return all(SMALL_TALK.fullmatch(word) for word in words)


def reason_for(text: str, weighed: Sequence[Weighed], scores: Mapping[Facet, float], *, by_meaning: bool) -> str:
    """One line for people, e.g. `"closed unread", "every shift" point to pain`.

    `scores` holds every facet; the highest is the decision. `by_meaning` says that the passage as a whole weighed more
    than its words.
    """
    first, second = sorted(scores, key=lambda facet: -scores[facet])[:2]
    quotes = [f'"{" ".join(text[start:end].split())}"' for start, end in _telling(text, weighed)]
    target = POINTS_TO[first]
    if not quotes:
        said = _UNSAID if first is Facet.NONE else f"reads like {target} as a whole; no single word decides"
    elif by_meaning:
        said = f"reads like {target} as a whole, with {', '.join(quotes)}"
    else:
        said = f"{', '.join(quotes)} {'points' if len(quotes) == 1 else 'point'} to {target}"
    return f"{said}; could also be {POINTS_TO[second]}" if scores[first] - scores[second] < CLOSE else said


_UNSAID = "no clear sign of work to get done, pain or proof"


def _telling(text: str, weighed: Sequence[Weighed]) -> list[tuple[int, int]]:
    """The spans that weigh most, none overlapping, no words twice, in the order of the text."""
    chosen: list[tuple[int, int]] = []
    said: set[str] = set()
    for item in sorted(weighed, key=lambda item: (-item.weight, item.start, item.end)):
        words = text[item.start : item.end].casefold()
        apart = all(item.end <= start or end <= item.start for start, end in chosen)
        if item.weight > LEAST and len(chosen) < QUOTES and apart and words not in said:
            chosen.append((item.start, item.end))
            said.add(words)
    return sorted(chosen)
