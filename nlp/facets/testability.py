"""Whether a pain is told specifically enough for somebody else to check it, and with which words.

A pain is tested by what it holds: a number, the name of a tool, how often it happens, what it costs, what followed
from it. An amount of money or of staff is a cost, one that says how often a frequency; neither is counted as a number
too. Vague words ("a lot", "expensive", "all the time") count for nothing. Vocabulary: `data/testability.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files

Span = tuple[int, int]
"""The half-open range of code points of the words that show a kind."""


class Kind(StrEnum):
    """What makes a pain checkable."""

    NUMBER = "number"
    TOOL = "tool"
    FREQUENCY = "frequency"
    COST = "cost"
    CONSEQUENCE = "consequence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Testability:
    """The kinds a passage holds, each with its spans in the order of the text; kinds it lacks are left out."""

    found: Mapping[Kind, tuple[Span, ...]]

    @property
    def specific(self) -> bool:
        """Whether somebody else could check it: a measure is there, or a tool and what followed."""
        return bool(_MEASURES & self.found.keys()) or len(self.found) == len(_UNMEASURED)


def testability(text: str, products: Sequence[str] = ()) -> Testability:
    """What makes the passage checkable; `products` are names of tools beside the widely known ones."""
    costs = _apart(_spans(_patterns()[Kind.COST], text))
    rates = (match.span(1) for match in _RATE.finditer(text))
    often = _clear_of(_apart((*_spans(_patterns()[Kind.FREQUENCY], text), *rates)), costs)
    tools = _apart((*_spans(_names(tuple(products)), text), *_spans(_CAMEL, text)))
    numbers = _clear_of(_apart(_spans(_COUNTED, text)), (*costs, *often, *tools))
    followed = _apart(_spans(_patterns()[Kind.CONSEQUENCE], text))
    kinds = (Kind.NUMBER, Kind.TOOL, Kind.FREQUENCY, Kind.COST, Kind.CONSEQUENCE)
    found = zip(kinds, (numbers, tools, often, costs, followed), strict=True)
    return Testability(found={kind: tuple(spans) for kind, spans in found if spans})


def is_specific(text: str, products: Sequence[str] = ()) -> bool:
    """Whether `testability` finds it specific, without looking further than it takes to say so."""
    tools = [*_spans(_names(tuple(products)), text), *_spans(_CAMEL, text)]
    if _clear_of(_spans(_COUNTED, text), _apart(tools)):
        return True
    measures = (_patterns()[Kind.FREQUENCY], _RATE, _patterns()[Kind.COST])
    if any(next(_spans(pattern, text), None) for pattern in measures):
        return True
    return bool(tools) and next(_spans(_patterns()[Kind.CONSEQUENCE], text), None) is not None


_MEASURES = frozenset({Kind.NUMBER, Kind.FREQUENCY, Kind.COST})
_UNMEASURED = frozenset(Kind) - _MEASURES

_UNITS = "two|three|four|five|six|seven|eight|nine"
_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_TENS = "twenty|thirty|forty|fourty|fifty|sixty|seventy|eighty|ninety"
_BIG = "hundred|thousand|million|billion|dozen|grand"
_SPELT = rf"(?:(?:{_TENS})(?:[- ](?:one|{_UNITS}))?|{_TEENS}|{_UNITS})"
_SPELT_OUT = (
    rf"(?:one and a half|(?:an?|one|half an?|a couple(?: of)?|a few|several) (?:{_BIG})|{_SPELT})"
    rf"(?:[- ](?:and )?(?:{_BIG}|{_SPELT}|an? half|point (?:one|{_UNITS}|five))){{0,6}}"
)
_FIGURES = r"\d[\d.,]{0,20}(?<![.,])(?: ?(?:k|m|bn|hundred|thousand|million|billion))?(?![\w])"
_NUMBER = rf"(?:{_FIGURES}|{_SPELT_OUT}|(?:dozens|hundreds|thousands|tens of thousands|millions))"
_PART = (
    r"(?:half (?:of )?(?:the|our|my|a|all|an|them|us|what)|(?:a|one|two) (?:third|quarter|fifth|tenth)s?(?: of)?|"
    rf"(?:one|{_NUMBER}) (?:in|out of) (?:every )?(?:{_NUMBER})|double|triple|tenfold|twice|thrice)"
)
_SCALE = r"(?: ?(?:%|percent|per cent|times|x\b|gigs?|gb|tb|mb|terabytes?|gigabytes?|petabytes?|ms))?"
_NAMED = (
    r"(?<![\w$€£#./:-])(?<!soc )(?<!iso )(?<!type )(?<!tier )(?<!level )(?<!windows )(?<!version )(?<!phase )(?<!step )"
    r"(?<!option )(?<!stage )(?<!pci )(?<!nist )(?<!article )(?<!section )(?<!layer )(?<!server )(?<!office )"
    r"(?<!plan )(?<!day )(?<!number )(?<!in the )"
    r"(?<!past )(?<!quarter to )"
)
"""What may not stand right before a number: what makes it a name ("SOC 2", "tier 3")."""
_NO_CLOCK = r"(?!\w|[:/]\d| ?(?:a\.?m\.?|p\.?m\.?|o['’]?clock)\b|-?(?:factor|fa\b|day exploit))"
_YEAR = r"(?!(?:19|20)\d\d(?![\dk%]|[.,]\d))"
_COUNTED = re.compile(rf"(?i){_NAMED}{_YEAR}(?:{_PART}|{_NUMBER}){_SCALE}{_NO_CLOCK}")
_CAMEL = re.compile(r"\b(?!Mc|Mac|Di|De|La|Le|Van|O)[A-Z][a-z]+[A-Z][A-Za-z]+\b")

_PERIODS = (
    "second|minute|hour|day|morning|afternoon|evening|night|shift|week|weekend|fortnight|month|quarter|year|sprint|"
    "release|release cycle|audit|renewal|build|deploy|deployment|login|reboot|patch tuesday|payday"
)
_WEEKDAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_RATE = re.compile(
    rf"(?i)(?:{_NUMBER}{_SCALE}|[$€£]\S{{1,20}}|hours?|times|couple|dozen)"
    r"(?: (?!for\b|in\b|within\b|after\b|over\b|and\b|then\b|took\b|takes\b|about\b)[\w'’-]+){0,4}"
    rf"(?: |/)((?:(?:an?|per|each) |(?<=/))(?:{_PERIODS})\b)"
    r"(?! (?:later|ago|after|before|early|late|off|or|long))"
)
"""An amount with what it is counted by: "400 alerts a day", "three hours a week"."""


@cache
def _vocabulary() -> Mapping[str, Sequence[str]]:
    return tomllib.loads(files("nlp").joinpath("data", "testability.toml").read_text(encoding="utf-8"))


@cache
def _patterns() -> Mapping[Kind, re.Pattern[str]]:
    return {kind: _any_of(map(_filled, _vocabulary()[kind])) for kind in (Kind.FREQUENCY, Kind.COST, Kind.CONSEQUENCE)}


def _filled(pattern: str) -> str:
    """A pattern of the vocabulary with its placeholders filled in."""
    fillings = {"periods": rf"(?:{_PERIODS})s", "period": rf"(?:{_PERIODS})", "weekday": rf"(?:{_WEEKDAYS})"}
    for name, words in {**fillings, "number": _NUMBER}.items():
        pattern = pattern.replace(f"{{{name}}}", words)
    return pattern


@lru_cache(maxsize=64)
def _names(products: tuple[str, ...]) -> re.Pattern[str]:
    """The tools' names; white space in a product's name may be missing or more, since speech is written either way."""
    spoken = (r"[\s-]*".join(map(re.escape, name.split())) for name in products if name.strip())
    return _any_of((*sorted(spoken, key=len, reverse=True), *_vocabulary()["tools"]))


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", re.IGNORECASE)


def _spans(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    """Where the pattern stands, without white space at the borders."""
    for match in pattern.finditer(text):
        words = match[0]
        start = match.start() + len(words) - len(words.lstrip())
        end = match.end() - (len(words) - len(words.rstrip()))
        if start < end:
            yield start, end


def _apart(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, of those that overlap only the first and longest."""
    kept: list[Span] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


def _clear_of(spans: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """The spans that touch none of the others."""
    taken = tuple(others)
    return [(start, end) for start, end in spans if all(end <= low or high <= start for low, high in taken)]
