"""Whether a drafted sentence takes the side of what it cites: denied where that is denied, up where that is up.

A word stands denied where a negation comes before it in its clause. Words that a sentence shares with what it cites
must be denied in both or in neither. The scope of a negation is its clause, bounded by conjunctions and marks (Chapman
et al., J. Biomed. Inform. 34 (2001) 301-310). Vocabulary: `data/drafted_words.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from nlp.drafted.drafted_words import stem_of, stems, vocabulary

__all__ = ["cut_from_denial", "side_trouble"]

_CLAUSE = re.compile(r"[,;:.!?()–—\n]+|\b(?:but|and|because|although|though|whereas|while|except|so that|which|who)\b")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_STANDS = re.compile(
    r"(?i)\b(?:is|are|was|were|be|been|remains?|stays?|stands?|counts? as) (?:now |still |clearly |largely |not )?"
    r"(supported|contradicted|mixed|silent|unfalsifiable|gone|new|confirmed|disproved|proven|refuted|saturated)\b"
)
REACH = 7
"""Words after a negation that it denies, within its clause."""


@dataclass(frozen=True, slots=True)
class _Sides:
    """The stems of a text that stand denied, and those that do not."""

    denied: frozenset[str]
    told: frozenset[str]


def side_trouble(bare: str, statements: Sequence[str], verbatims: Sequence[str]) -> str | None:
    """What is wrong with the side that a sentence takes, or None; the others are all the texts that it cites."""
    cited = [*statements, *verbatims]
    ours, theirs = _sides(bare), [_sides(text) for text in cited]
    denied = frozenset[str]().union(*(it.denied for it in theirs))
    told = frozenset[str]().union(*(it.told for it in theirs))
    if any(stem in told and stem not in denied for stem in ours.denied):
        return "it denies what it cites"
    if any(not _is_denied(clause, denied, cited) for clause in _CLAUSE.split(bare)):
        return "a denial that is not in what it cites"
    if any(stem in denied and stem not in told for stem in ours.told):
        return "it tells what what it cites denies"
    return _standing(bare, statements) or _turned(bare, cited)


def _is_denied(clause: str, denied: frozenset[str], cited: Sequence[str]) -> bool:
    """Whether a clause denies nothing but what is denied in what is cited too, or says it in the very same words."""
    found = _negation().search(clause)
    if found is None or any(stem in denied for stem in stems(clause[found.end() :])):
        return True
    after = _WORD.findall(clause[found.start() :])[:3]
    phrase = " ".join(after if len(after) > 1 else [*_WORD.findall(clause[: found.start()])[-1:], *after]).casefold()
    return " " in phrase and any(phrase in " ".join(_WORD.findall(text)).casefold() for text in cited)


def _standing(bare: str, statements: Sequence[str]) -> str | None:
    """Whether the sentence says that something `is supported`, `is new` where no statement says so."""
    whole = " ".join(statements).casefold()
    for match in _STANDS.finditer(bare):
        if re.search(rf"\b(?:is|are|was|were) (?:\w+ )?{match[1].casefold()}\b", whole) is None:
            return "it says the opposite of what it cites"
    return None


def cut_from_denial(text: str, start: int) -> bool:
    """Whether a quotation that begins there is cut from words that deny it, suppose it, or tell somebody to say it."""
    sentence = max(text.rfind(mark, 0, start) for mark in ".!?\n") + 1
    before = text[sentence:start]
    return bool(_negation().search(before) or _unreal().search(before))


def _turned(bare: str, cited: Sequence[str]) -> str | None:
    """Whether the sentence has one of two opposite words, and what it cites only the other."""
    whole = " ".join(cited)
    for pair in _opposites():
        for mine, other in (pair, pair[::-1]):
            only_mine = mine.search(bare) and not other.search(bare)
            if only_mine and other.search(whole) and not mine.search(whole):
                return "it says the opposite of what it cites"
    return None


@cache
def _opposites() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    return tuple((_words(pair["one"]), _words(pair["other"])) for pair in vocabulary()["opposites"])


@cache
def _negation() -> re.Pattern[str]:
    return _words(vocabulary()["negation"])


@cache
def _unreal() -> re.Pattern[str]:
    return _words(vocabulary()["unreal"])


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?i)\b(?:{pattern})\b")


def _sides(text: str) -> _Sides:
    denied: set[str] = set()
    told: set[str] = set()
    for clause in _CLAUSE.split(text):
        found = _negation().search(clause)
        if found is None:
            told |= stems(clause)
            continue
        told |= stems(clause[: found.start()])
        after = [stem_of(word) for word in _WORD.findall(clause[found.end() :])]
        kept = stems(clause[found.end() :])
        denied |= {stem for stem in after[:REACH] if stem in kept}
        told |= {stem for stem in after[REACH:] if stem in kept}
    return _Sides(frozenset(denied), frozenset(told))
