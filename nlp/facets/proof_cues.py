"""Whether a passage about proof asks for evidence or tells of evidence that was had: the rules of language.

*Demanded*: somebody asks, needs, insists, waits, was refused ("show me a customer our size", "they never sent the
report"). *Received*: somebody was given it, saw it, measured it, or says what it did for them ("they gave us the
letter", "in the pilot it went from six hundred to seventy"). What speaks of evidence in general is *unclear*. A request
that was met is received; evidence that was had and did not do is demanded still.

Sentences are judged one by one; the one with the plainer words decides, the later one where both are as plain. The
rules know only what they list, so a head weighs them with the meaning of the passage (`nlp.facets.proof_sides`).
Vocabulary: `data/proof_cues.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from nlp.facets.denial import with_parts
from winloss.model import ProofSide

Span = tuple[int, int]
"""The half-open range of code points of the words that tell the side."""

_WEIGHTS = {"plain": 2, "likely": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cue:
    side: ProofSide
    weight: int
    pattern: re.Pattern[str]


@cache
def _cues() -> Sequence[_Cue]:
    told = tomllib.loads(files("nlp").joinpath("data", "proof_cues.toml").read_text(encoding="utf-8"))
    return tuple(
        _Cue(side=side, weight=weight, pattern=re.compile(f"(?i){with_parts(pattern, told['parts'])}"))
        for side in (ProofSide.DEMANDED, ProofSide.RECEIVED)
        for name, weight in _WEIGHTS.items()
        for pattern in told[side][name]
    )


def told_side(text: str) -> tuple[ProofSide, Span | None]:
    """The side, and the words that tell it (None where none do)."""
    best: tuple[int, int] | None = None
    side, where = ProofSide.UNCLEAR, None
    for start, end in _clauses(text):
        found = _judged(text, start, end)
        if found is not None:
            judged, weight, span = found
            if best is None or (weight, start) >= best:
                best, side, where = (weight, start), judged, span
    return side, where


def cue_counts(text: str) -> list[int]:
    """How many cues of each side and weight the passage holds: demanded likely, plain, received likely, plain."""
    held = [(cue.side, cue.weight) for cue in _cues() if cue.pattern.search(text)]
    return [held.count((side, weight)) for side in (ProofSide.DEMANDED, ProofSide.RECEIVED) for weight in (1, 2)]


def _judged(text: str, start: int, end: int) -> tuple[ProofSide, int, Span] | None:
    """The side of one sentence, by the weightiest cue; a demand goes before a gift of the same weight."""
    found = [
        (cue.weight, cue.side is ProofSide.DEMANDED, -match.start(), match.span(), cue.side)
        for cue in _cues()
        if (match := cue.pattern.search(text, start, end))
    ]
    if not found:
        return None
    weight, _, _, span, side = max(found)
    return side, weight, span


_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")


def _clauses(text: str) -> Iterator[Span]:
    for match in _SENTENCE.finditer(text):
        if match[0].strip():
            yield match.span()
