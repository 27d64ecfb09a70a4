"""Beliefs and what the evidence says of them as plain JSON: the same for commands and the API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from winloss.model import Belief
from winloss.services.belief.believing import BeliefEvidence, Entry, Standing, Voice
from winloss.services.presenting import may_quote, passage_json, plain
from winloss.services.telling import share_json


def told_belief(belief: Belief) -> dict[str, object]:
    """A belief with its trail."""
    told = plain(belief)
    assert isinstance(told, dict)
    return told


def told_entry(entry: Entry) -> dict[str, object]:
    """A belief of the register with its verdicts."""
    return {
        **told_belief(entry.belief),
        "verdict": entry.verdict.value,
        "sentence": entry.sentence,
        "whole": _standing(entry.whole),
        "quarters": [_standing(part) for part in entry.quarters],
    }


def told_evidence(found: BeliefEvidence) -> dict[str, object]:
    """What a quarter, or all of them, say of a belief. Verbatims that may not be quoted are left out and counted."""
    voices = (*found.supporting, *found.contradicting)
    return {
        "belief": told_belief(found.belief),
        "quarter": found.quarter,
        "verdict": found.verdict.value,
        "sentence": found.sentence,
        "whole": _standing(found.whole),
        **{name: [_standing(part) for part in parts] for name, parts in _splits(found).items()},
        "supporting": _voices(found.supporting),
        "contradicting": _voices(found.contradicting),
        "withheld": sum(not may_quote(voice.passage) for voice in voices),
    }


def _splits(found: BeliefEvidence) -> Mapping[str, Sequence[Standing]]:
    return {
        "segments": found.segments,
        "roles": found.roles,
        "sources": found.sources,
        "quarters": found.quarters,
    }


def _standing(part: Standing) -> dict[str, object]:
    shares = {"supports": part.supports, "contradicts": part.contradicts, "silent": part.silent}
    return {
        "name": part.name,
        "verdict": part.verdict.value,
        **{name: share_json(share) for name, share in shares.items()},
        "low": round(part.low, 4),
        "high": round(part.high, 4),
    }


def _voices(voices: Sequence[Voice]) -> list[dict[str, object]]:
    return [_voice(voice) for voice in voices if may_quote(voice.passage)]


def _voice(voice: Voice) -> dict[str, object]:
    told = passage_json(voice.passage, round(voice.score, 4), (voice.span,))
    return {**told, "stance": voice.stance.value, "reason": voice.reason}
