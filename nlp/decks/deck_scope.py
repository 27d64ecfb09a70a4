"""Whom a claim speaks of: the segment, roles, source, outcome, competitor and quarter that its own words name.

A claim that says "federal CISOs" is held to federal CISOs. A seat that the claim is *about* ("the CISO decides") is no
scope: others may speak of it. Nor is a company that is only named; "against Kestrelane" and "lost to Kestrelane" are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from winloss.codebook import Codebook
from winloss.model import Filters, Outcome, SourceKind
from winloss.quarter import Quarter


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimScope:
    """The filters a claim's words stand for, those words, and the segments it sets against each other, if any.

    `bare` is the claim without the words that only say whom it speaks of: what each of those people would say.
    """

    filters: Filters
    bare: str = ""
    words: tuple[str, ...] = ()
    compared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Named:
    field: str
    value: str
    start: int
    end: int


def scope_of(statement: str, codebook: Codebook, *, quarter: str, context: Sequence[str] = ()) -> ClaimScope:
    """The scope of a claim; what its own words leave open, the lines above it may say.

    `quarter` is the one the deck speaks of: "this quarter" means it.
    """
    own = sorted(_named(statement, codebook, quarter), key=lambda named: named.start)
    bare = _bare(statement, own)
    segments = [found.value for found in own if found.field == "segment"]
    compared = tuple(dict.fromkeys(segments))
    if len(compared) > 1 and (_COMPARES.search(statement) or _CONTRASTS.search(statement)):
        own = [found for found in own if found.field != "segment"]
    else:
        compared = ()
    fixed = {found.field for found in own} | ({"segment"} if compared else set())
    for line in reversed(context):
        more = [found for found in _named(line, codebook, quarter) if found.field not in fixed]
        if len({found.value for found in more if found.field == "segment"}) > 1:
            more = [found for found in more if found.field != "segment"]
        own += more
        fixed |= {found.field for found in more}
    return ClaimScope(filters=_filters(own), bare=bare, words=tuple(dict.fromkeys(_told(own))), compared=compared)


_LEADS_IN = re.compile(
    r"(?i)(?:\b(?:in|for|from|across|outside(?: of)?|against|at|among|within|of|on|to|by|inside|"
    r"throughout)\s+(?:the\s+|our\s+|all\s+)?)$"
)
_VERB_FIRST = re.compile(
    r"(?i)^(?:wants?|needs?|is|are|was|were|has|have|had|loses?|lost|wins?|asks?|asked|says?|said|do(?:es)?|did|will|would|can(?:not)?|cares?|prefers?|complains?|"
    r"struggles?|buys?|bought|chooses?|chose|hates?|loves?|waits?|trusts?|expects?|fears?|\w+s)\b"
)


def _bare(text: str, found: Sequence[_Named]) -> str:
    """The text without the words of its scope; people of a seat become buyers, and so does a segment that acts."""
    left, subject = text, False
    for item in sorted(found, key=lambda named: -named.start):
        before, after = left[: item.start], left[item.end :]
        if item.field == "role" or (
            item.field == "outcome" and re.search(r"(?i)(?:buyers?|customers?|accounts?)$", left[: item.end])
        ):
            left = f"{before}buyers{after}"
            continue
        lead = _LEADS_IN.search(before)
        if (
            lead is None
            and item.field in ("segment", "without")
            and not before.strip()
            and _VERB_FIRST.match(after.strip())
        ):
            subject = True
        left = (before[: lead.start()] if lead else before) + after
    plain = re.sub(r"\s+(?=[,.;:])", "", " ".join(left.split())).strip(" ,;:–—-")
    if subject:
        plain = f"Buyers {plain}"
    return (plain[:1].upper() + plain[1:]) if len(plain.split()) > 1 else text


def joined(wider: Filters, narrower: Filters) -> Filters:
    """Both at once: where both name values of a filter, those that both have, else the narrower ones."""
    values: dict[str, Any] = {}
    for item in fields(Filters):
        ours, theirs = getattr(wider, item.name), getattr(narrower, item.name)
        if isinstance(ours, tuple) and ours and theirs and item.name != "without":
            values[item.name] = tuple(value for value in theirs if value in ours) or theirs
        elif item.name == "without":
            values[item.name] = (*ours, *theirs)
        else:
            values[item.name] = theirs or ours
    return Filters(**values)


# --- words -----------------------------------------------------------------------------------------------------------

_COMPARES = re.compile(
    r"(?i)\b(?:than|twice|double|triple|three times|\d+(?:\.\d+)? ?(?:x|times)|more often|less often|rather "
    r"than|compared (?:with|to)|versus|vs\.?|as in|as often|not in)\b"
)
_CONTRASTS = re.compile(r"(?i)\b(?:but not|unlike|while|whereas|both|same in|across|in all|every segment|either)\b")
_OUTCOMES: tuple[tuple[str, tuple[Outcome, ...]], ...] = (
    (
        (
            r"(?:deals?|evaluations?|opportunit(?:y|ies)) (?:that )?we (?:have )?lost|lost (?:deals?|opportunit(?:y|"
            r"ies)|evaluations?|buyers?|customers?|accounts?|interviews?)|"
            r"^losses|(?:our |of |in |all |the |\w+ )losses|closed[- ]lost|buyers? who (?:did not|didn['’]t) "
            r"(?:choose|pick|buy)(?: us)?|lost to (?:a )?competitors?|competitive losses"
        ),
        (Outcome.LOST_TO_COMPETITOR,),
    ),
    (r"no[- ]decisions?(?: deals?| losses)?|stalled deals?|deals? that stall(?:ed)?", (Outcome.NO_DECISION,)),
    (
        (
            r"(?:deals?|evaluations?) (?:that )?we (?:have )?won|won (?:deals?|buyers?|customers?|accounts?|"
            r"evaluations?)|(?:our |of |in |all )wins\b|closed[- ]won|buyers? who (?:chose|picked|bought) us"
        ),
        (Outcome.WON,),
    ),
    (r"churned (?:customers?|accounts?)|customers? who (?:left|churned)|churn(?:ed)? deals?", (Outcome.CHURNED,)),
    (r"renewed (?:customers?|accounts?)|customers? who renewed", (Outcome.RENEWED,)),
    (
        r"open (?:deals?|opportunit(?:y|ies))|active (?:deals?|evaluations?)|deals? in (?:flight|progress)",
        (Outcome.OPEN,),
    ),
)
_SOURCES: tuple[tuple[str, SourceKind], ...] = (
    (
        (
            r"(?:in|from|across|our) (?:the )?(?:\w+ )?interviews|interviewees?|interviewed (?:buyers|customers)|"
            r"buyers we interviewed"
        ),
        SourceKind.INTERVIEW,
    ),
    (
        (
            r"(?:in|on|from|across) (?:the )?(?:\w+ )?(?:communit(?:y|ies)|forums?)(?: posts?| threads?)?|community "
            r"posts?|forum (?:posts?|users)|(?:on )?reddit|practitioners online|posters"
        ),
        SourceKind.COMMUNITY,
    ),
    (
        (
            r"(?:in|from|across) (?:the )?(?:analyst )?inquir(?:y|ies)|analyst inquir(?:y|ies)|inquir(?:y|ies) to "
            r"analysts|clients of analysts|ask(?:ing)? (?:the )?analysts"
        ),
        SourceKind.INQUIRY,
    ),
    (
        r"(?:in|from|across) (?:the )?(?:\w+ )?surveys?|survey respondents|surveyed (?:buyers|customers)",
        SourceKind.SURVEY,
    ),
)
_POWERS = (
    r"decides?|decided|signs?(?: off)?|signed(?: off)?|approves?|approved|blocks?|blocked|vetoe?s?|vetoed|"
    r"champions?|championed|owns?|owned|controls?|drives?|"
    r"holds? the (?:budget|pen)|makes? the (?:call|decision)|ha(?:s|ve) the (?:last|final) (?:word|say)|kills?|"
    r"killed|stalls?|runs?|leads?|picks?|chooses?"
)
_QUARTER = re.compile(
    r"(?i)\b(?:((?:19|20)\d\d)\s?-?\s?q([1-4])|q([1-4])\s?(?:of\s)?((?:19|20)\d\d)|q([1-4])\s?['’](\d\d))\b"
)
_RELATIVE = ((re.compile(r"(?i)\bthis quarter\b"), 0), (re.compile(r"(?i)\blast quarter\b"), -1))
_WITHOUT = re.compile(
    r"(?i)\b(?:outside(?: of)?|except(?: in| for)?|other than|apart from|not in|excluding|beyond|non-?)\s*(?:the )?$"
)
_AGAINST = (
    r"(?:against|versus|vs\.?|lost? to|losing to|losses to|lose to|loses to|beaten by|won by|went to|"
    r"deals with|competing with|up against)"
)


_ANYBODY = (
    "auditor",
    "internal auditor",
    "it auditor",
    "regulator",
    "buyer",
    "customer",
    "user",
    "lead",
    "manager",
    "director",
    "practitioner",
)
"""Titles of a seat that decks use for whoever is heard."""
_WEAK = ("global", "commercial", "government", "public", "large", "small")
_WITH_PEOPLE = (
    r"(?=\s+(?:buyers?|customers?|accounts?|deals?|teams?|segment|agenc\w+|cisos?|companies|"
    r"organi[sz]ations?|losses|wins))"
)
"""What must follow a short or everyday name of a segment, so that "commercial terms" is no segment."""


def _named(text: str, codebook: Codebook, quarter: str) -> Iterator[_Named]:
    taken: list[tuple[int, int]] = []
    words = _vocabulary(codebook)
    for field, rule, value_of in words.rules:
        for match in rule.finditer(text):
            start, end = match.span(match.lastindex or 0)
            if any(start < other_end and other_start < end for other_start, other_end in taken):
                continue
            if field == "role" and not _speaks(text, start, end, words.places):
                continue
            taken.append((start, end))
            value = value_of(match)
            left_out = field == "segment" and _WITHOUT.search(text[:start])
            yield _Named("without", f"{field}={value}", start, end) if left_out else _Named(field, value, start, end)
    yield from _quarters(text, quarter)


def _speaks(text: str, start: int, end: int, places: re.Pattern[str]) -> bool:
    """Whether people of a seat are whom the claim speaks of: many of them, first in their clause, not by their "
    "powers."""
    if re.match(rf"(?i)\s+(?:who|that|and|or)?\s*(?:{_POWERS})\b", text[end:]):
        return False
    word = text[start:end].casefold()
    before = re.split(r"[,;:.–—]|\b(?:and|but|while|whereas|that|because|among|amongst)\b", text[:start])[-1]
    each = re.search(r"(?i)\b(?:every|each|no|any|one)\s+(?:[\w-]+\s+){0,2}$", before) is not None
    plural = word.endswith("s") and not word.endswith(("ss", "ops", "operations", "finance"))
    before = places.sub(" ", before)
    return (plural or each) and all(_COUNTS.fullmatch(part) for part in before.split())


_COUNTS = re.compile(
    r"(?i)the|our|most|many|some|few|several|all|every|each|no|any|of|half|two|three|four|five|six|seven|eight|nine|ten|thirds?|"
    r"quarters?|one|a|an|in|out|nearly|almost|about|around|roughly|over|under|more|less|than|at|least|only|just|even|majority|minority|"
    r"handful|share|twice|as|lost|won|other|both|neither|fewer|percent|per|cent|[\d.,]+%?|%|buyers?|among|for|to|by|from|according"
)


def _quarters(text: str, quarter: str) -> Iterator[_Named]:
    for match in _QUARTER.finditer(text):
        groups = [group for group in match.groups() if group]
        year, part = (groups[0], groups[1]) if len(groups[0]) == 4 else (groups[1], groups[0])
        yield _Named("quarter", f"{year if len(year) == 4 else '20' + year}Q{part}", *match.span())
    for rule, step in _RELATIVE:
        for match in rule.finditer(text):
            named = Quarter.parse(quarter) if step == 0 else Quarter.parse(quarter).shift(-1)
            yield _Named("quarter", str(named), *match.span())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Vocabulary:
    """How a codebook's segments, seats and competitors are written, with outcomes and sources, as (field, "
    "rule, value)."""

    rules: tuple[tuple[str, re.Pattern[str], Callable[[re.Match[str]], str]], ...]
    places: re.Pattern[str]


_KNOWN: dict[str, _Vocabulary] = {}
_MOST_KNOWN = 8


def _vocabulary(codebook: Codebook) -> _Vocabulary:
    """The vocabulary of a codebook, made once."""
    if codebook.fingerprint not in _KNOWN:
        if len(_KNOWN) >= _MOST_KNOWN:
            _KNOWN.clear()
        _KNOWN[codebook.fingerprint] = _Vocabulary(rules=tuple(_rules(codebook)), places=_places(codebook))
    return _KNOWN[codebook.fingerprint]


def _rules(codebook: Codebook) -> Iterator[tuple[str, re.Pattern[str], Callable[[re.Match[str]], str]]]:
    for name, value in _segment_names(codebook):
        weak = len(name) < 4 or name.casefold() in _WEAK
        yield "segment", _whole(_loose(name) + (_WITH_PEOPLE if weak else "")), _always(value)
    seats = _seats(codebook)
    longest = sorted(seats, key=lambda name: (-len(name), name))
    if longest:
        written = "|".join(_loose(name) for name in longest)
        yield "role", _whole(rf"(?:{written})(?:es|s)?"), lambda match: seats[_seat(match[0], seats)]
    for company in codebook.competitors:
        names = "|".join(_loose(name) for name in (company.name, *company.aliases))
        yield "competitor", _whole(rf"{_AGAINST}\s+({names})"), _always(company.name)
    for words, outcomes in _OUTCOMES:
        for outcome in outcomes:
            yield "outcome", _whole(words), _always(outcome.value)
    for words, source in _SOURCES:
        yield "source", _whole(words), _always(source.value)


def _whole(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?i)(?<![\w-])(?:{words})(?![\w])")


def _always(value: str) -> Callable[[re.Match[str]], str]:
    return lambda _: value


def _segment_names(codebook: Codebook) -> list[tuple[str, str]]:
    """(how it is written, segment), the longest first, so that "federal civilian" is not "federal"."""
    names = [(name, item.name) for item in codebook.segments for name in _written(item.name, item.aliases)]
    names += _heads([segment.name for segment in codebook.segments], {name for name, _ in names})
    return sorted(names, key=lambda item: (-len(item[0]), item))


def _places(codebook: Codebook) -> re.Pattern[str]:
    names = [name for segment in codebook.segments for name in (segment.name, *segment.aliases)]
    return re.compile("(?i)" + "|".join(map(_loose, sorted(names, key=len, reverse=True))) if names else r"(?!)")


def _seats(codebook: Codebook) -> dict[str, str]:
    """How a seat is written, in small letters with single spaces -> its role; the first role that has it."""
    found: dict[str, str] = {}
    for role in codebook.roles:
        for name in (role.label, role.name.replace("_", " "), *role.titles):
            plain = _spaced(name)
            if (len(name) > 2 or name.isupper()) and plain not in _ANYBODY:
                found.setdefault(plain, role.name)
    return found


def _seat(written: str, seats: Mapping[str, str]) -> str:
    plain = _spaced(written)
    return next(name for name in (plain, plain[:-1], plain[:-2]) if name in seats)


def _spaced(text: str) -> str:
    return " ".join(re.split(r"[\s-]+", text.casefold())).strip()


def _written(name: str, aliases: Sequence[str]) -> set[str]:
    return {written for written in (name, *aliases) if len(written) > 2}


def _heads(names: Sequence[str], known: set[str]) -> list[tuple[str, str]]:
    """Words of a segment's name that no other segment has: people say "mid-market" for "mid-market commercial"."""
    words = {name: name.split() for name in names}
    return [
        (part, name)
        for name, parts in words.items()
        for part in parts
        if len(part) > 4 and part not in known and sum(part in other for other in words.values()) == 1
    ]


def _loose(name: str) -> str:
    """A name as a pattern that minds neither hyphens nor the number of spaces."""
    return r"[\s-]?".join(re.escape(part) for part in re.split(r"[\s-]+", name) if part)


def _filters(found: Sequence[_Named]) -> Filters:
    values: dict[str, list[str]] = {}
    without: list[tuple[str, str]] = []
    for item in found:
        if item.field == "without":
            field, _, value = item.value.partition("=")
            without.append((field, value))
        else:
            values.setdefault(item.field, []).append(item.value)
    chosen: dict[str, Any] = {field: tuple(dict.fromkeys(names)) for field, names in values.items()}
    return replace(Filters(**chosen), without=tuple(dict.fromkeys(without)))


def _told(found: Sequence[_Named]) -> list[str]:
    return [f"{item.field}: {item.value}" if item.field != "without" else f"without {item.value}" for item in found]
