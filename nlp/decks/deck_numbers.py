"""Numbers in claims: shares, counts, all and nobody, ratios between segments, as bounds to hold counts against.

Only numbers about people or deals are read: "40 % of CISOs", not "alerts fell by 40 %"; "3 of 5", not "72 hours".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Meant(StrEnum):
    """What kind of number it is."""

    SHARE = "share"
    COUNT = "count"
    RATIO = "ratio"
    MORE = "more often"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number as written (`words`, a span of the text), and the half of it that can be checked: from `low` to `high`.

    A share or a ratio is told as a number from 0; `exact` tells that a value is named, so that it must lie in the
    interval of what was counted. `of` is the base that the deck itself names ("3 of 5"), None without one. `denies`:
    the sentence says that nobody does what follows.
    """

    meant: Meant
    words: str
    start: int
    end: int
    low: float
    high: float
    exact: bool = False
    of: int | None = None
    denies: bool = False
    says: str = ""


def quantities(text: str) -> list[Quantity]:
    """The numbers about people in a claim, in order; none overlaps another."""
    found: list[Quantity] = []
    for quantity in sorted(_all(text), key=lambda item: (item.start, -item.end)):
        if quantity.meant is Meant.MORE and any(other.meant is Meant.RATIO for other in found):
            continue
        if all(quantity.end <= other.start or other.end <= quantity.start for other in found):
            found.append(quantity)
    return found


def without_counting(text: str) -> str:
    """The claim without the words that count people: what each of those people would say."""
    spans = [(item.start, item.end) for item in quantities(text) if item.meant in (Meant.SHARE, Meant.COUNT)]
    for start, end in reversed(spans):
        text = f"{text[:start]} {text[end:]}"
    plain = " ".join(text.split())
    plain = re.sub(r"(?i)^(?:of|out of)\s+(?:the |our |all )?", "", plain)
    if re.match(rf"(?i)(?:{_VERBS})\b", plain):
        plain = f"buyers {plain}"
    return plain[:1].upper() + plain[1:]


# --- reading ---------------------------------------------------------------------------------------------------------

_SMALL = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "a dozen": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
}  # fmt: skip
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+|" + "|".join(sorted(_SMALL, key=len, reverse=True)) + ")"
_PEOPLE = (
    r"(?:people|persons?|buyers?|customers?|respondents?|interviewees?|accounts?|companies|agencies|organi[sz]ations?|teams?|deals?|losses|wins|evaluations?|"
    r"opportunities|participants?|prospects?|users?|practitioners?|executives?|leaders?|c[iftso]{2,3}os?|cisos?|cios?|cfos?|ctos?|analysts?|engineers?|architects?|"
    r"managers?|directors?|leads?|admins?|administrators?|posters?|champions?|evaluators?|procurement leads?|"
    r"voices|interviews|segments?|(?:[\w-]+ )?market|federal|"
    r"mid-?market|enterprises?|them|us|those)"
)
_WHO = (
    rf"(?:(?:the|our|all|these|those|of|lost|won|federal|mid-?market|commercial|global|enterprise|security|"
    rf"soc|it|cloud|detection|"
    rf"[\w-]+ed)\s+){{0,4}}{_PEOPLE}"
)
_VERBS = (
    r"said|say|says|told|asked|ask|asks|want|wants|wanted|mention\w*|complain\w*|cite\w*|need\w*|raise\w*|named?|called?|chose|choose|left|"
    r"bought|buy|trust\w*|prefer\w*|demand\w*|reject\w*|struggle\w*|describe\w*|talk\w*|brought|spoke|speak|report\w*|expect\w*|hate[sd]?|liked?|love[sd]?|"
    r"fear\w*|like|are|were|have|had|cannot|can|could|do|don['’]t|would|will|wait\w*|lose|lost|felt|feel|see|saw|think|believe\w*|care\w*|read|open\w*|use[sd]?|"
    r"came|come|comes|turned|turn|go|went|decid\w*|sign\w*|move[sd]?|cannot|still|never|even|fail\w*|stall\w*|hinge\w*|rest\w*|trace\w*|boil\w*|were|was|is"
)
_SAYING = (
    r"ask(?:s|ed)?|want(?:s|ed)?|said|says?|told|mention(?:s|ed)?|complain(?:s|ed)?|rais(?:es|ed)|brought|brings|talk(?:s|ed)?|spoke|cares?|cared|needs?|needed|trusts?|trusted|"
    r"named?|cited?|bought|buys|chose|chooses|reads?|opens?|believes?|likes?|liked|hates?|expects?|expected|objected|objects|worr(?:ies|ied)|praised?|left|rejected|prefers?"
)
_ABOUT = (
    r"(?:(?:about|around|roughly|nearly|almost|some|approximately|close to|just (?:over|under)|well over|"
    r"over|more than|at least|under|less than|fewer than|"
    r"at "
    r"most|"
    r"up "
    r"to|"
    r"only|"
    r"~|"
    r"≈|"
    r">|"
    r"<|"
    r"≥|"
    r"≤)\s*)"
)
_FRACTIONS = {
    "half": Fraction(1, 2),
    "third": Fraction(1, 3),
    "quarter": Fraction(1, 4),
    "fifth": Fraction(1, 5),
    "tenth": Fraction(1, 10),
    "sixth": Fraction(1, 6),
    "eighth": Fraction(1, 8),
}
_PERCENT = re.compile(
    rf"(?i)({_ABOUT})?(\d{{1,3}}(?:\.\d+)?)(?:\s?[–-]\s?(\d{{1,3}}))?\s?(?:%|percent|per cent|"
    rf"pct)\s+(?:of\s+)?(?={_WHO}\b)"
    rf"|({_ABOUT})?(\d{{1,3}}(?:\.\d+)?)\s?(?:%|percent|per cent)\s+(?=(?:{_VERBS})\b)"
    rf"|({_ABOUT})?\b(\d{{1,3}}(?:\.\d+)?)\s?(?:%|percent)(?=\s*(?:$|[,;)]))"
)
_OF = re.compile(
    rf"(?i)({_ABOUT})?\b({_NUMBER})\s+(?:out\s+)?(?:of|in|/)\s+(?:the\s+|our\s+|every\s+)?({_NUMBER})\b(?!\s*(?:%|hours|days|weeks|months|years|minutes))|"
    rf"\b(\d+)\s?/\s?(\d+)\b(?!/)"
)
_FRACTION = re.compile(
    rf"(?i)({_ABOUT})?\b(?:(a|one|two|three|four|1|2|3)[\s-]+)?(half|thirds?|quarters?|fifths?|tenths?)\s+(?:of\s+)?(?={_WHO}\b)"
)
_COUNT = re.compile(
    rf"(?i)({_ABOUT})?\b({_NUMBER}|dozens|hundreds|scores|a handful|a couple)\s+(?:of\s+)?(?=(?:different\s+|"
    rf"separate\s+)?{_WHO}\b)(?!\w*\s*(?:interviews|segments?)\b)"
)
_TIMES = re.compile(
    rf"(?i)({_ABOUT})?\b(?:(twice|double|three times|triple|four times|half|(\d+(?:\.\d+)?)\s?(?:x|×|"
    rf"times))(?:\s+as)?(?:\s+(?:many|often|much|likely|common|frequent(?:ly)?|frequent))?|"
    rf"(twice|\d+(?:\.\d+)?\s?(?:x|times))\s+more)\b(?=.*\b(?:as|than|in|among|of)\b)"
)
_MORE_OFTEN = re.compile(
    r"(?i)\b(more|less|fewer)\s+(?:often|frequently|common(?:ly)?|likely|widespread|\w+ buyers|\w+ "
    r"people)?\b(?=[^.]*\bthan\b)"
)
_WORDS: tuple[tuple[str, float, float, str, bool], ...] = (
    (
        rf"(?:the )?(?:vast|overwhelming|great|large|strong) majority(?: of)?(?=\s+{_WHO}\b)",
        2 / 3,
        1.0,
        "at least two thirds",
        False,
    ),
    (
        r"almost (?:everyone|everybody|all)|nearly (?:everyone|everybody|all|every\s+\w+)|virtually all",
        0.8,
        1.0,
        "at least four in five",
        False,
    ),
    (
        (
            rf"(?:most|the majority|a majority|the bulk)(?: of)?(?=\s+(?:of\s+)?{_WHO}\b)|more than half(?: "
            rf"of)?(?=\s+{_WHO}\b)|most of(?=\s+{_WHO}\b)"
        ),
        0.5,
        1.0,
        "more than half",
        False,
    ),
    (r"(?:a )?minority(?: of)?|less than half(?: of)?|fewer than half(?: of)?", 0.0, 0.5, "less than half", False),
    (r"(?:everyone|everybody)(?! else)", 1.0, 1.0, "all", False),
    (rf"(?:every(?: single)?|each|all)(?: of)?(?=\s+{_WHO}\b)(?!\s+(?:segments?|quarters?)\b)", 1.0, 1.0, "all", False),
    (
        r"(?:^|(?<=[,;:–—] )|(?<=\bthat )|(?<=\band )|(?<=\bbut ))(?:nobody|no one|no-one|none(?: of (?:them|"
        r"the buyers|our buyers|the \w+))?|not (?:a single|one)(?: \w+)?)(?! else)(?=\s+(?:(?:ever|even|has|"
        r"have|had|really)\s+)*(?:" + _SAYING + r")\b)",
        0.0,
        0.0,
        "nobody",
        True,
    ),
    (rf"no(?=\s+{_WHO}\b)(?!\s+(?:deals?|decision|interviews)\b)", 0.0, 0.0, "nobody", True),
    (
        (
            rf"(?:only a few|very few|few|hardly any|hardly anyone|almost (?:no|nobody|none))(?=\s+{_WHO}\b|"
            rf"\s+(?:{_VERBS})\b)|hardly anyone|almost nobody"
        ),
        0.0,
        0.2,
        "fewer than one in five",
        False,
    ),
)
_SOME: tuple[tuple[str, int, str], ...] = (
    (rf"(?:several|multiple|a number of)(?=\s+{_WHO}\b)", 3, "at least three people"),
    (rf"(?:some|a few|a couple of)(?=\s+{_WHO}\b)", 2, "at least two people"),
)


def _all(text: str) -> Iterator[Quantity]:
    yield from _percents(text)
    yield from _parts(text)
    yield from _fractions(text)
    yield from _ratios(text)
    yield from _counts(text)
    for words, low, high, says, denies in _WORDS:
        for match in re.finditer(rf"(?i)(?<![\w-])(?:{words})(?![\w-])", text):
            yield _made(match, Meant.SHARE, low, high, says=says, denies=denies)
    for words, least, says in _SOME:
        for match in re.finditer(rf"(?i)(?<![\w-])(?:{words})(?![\w-])", text):
            yield _made(match, Meant.COUNT, float(least), float("inf"), says=says)


def _percents(text: str) -> Iterator[Quantity]:
    for match in _PERCENT.finditer(text):
        about, first, second = match[1] or match[4] or match[6], match[2] or match[5] or match[7], match[3]
        share = float(first) / 100
        if share > 1:
            continue
        if second:
            yield _made(match, Meant.SHARE, share, float(second) / 100, says=f"{first} to {second}%")
        else:
            yield _bounded(match, Meant.SHARE, share, about, f"{first}%")


def _parts(text: str) -> Iterator[Quantity]:
    for match in _OF.finditer(text):
        count, base = _value(match[2] or match[4]), _value(match[3] or match[5])
        if count is None or base is None or not 0 <= count <= base or base < 2:
            continue
        yield _bounded(match, Meant.SHARE, count / base, match[1], f"{count} of {base}", of=base)


def _fractions(text: str) -> Iterator[Quantity]:
    for match in _FRACTION.finditer(text):
        parts, name = match[2], match[3].casefold().rstrip("s") if match[3].casefold() != "half" else "half"
        times = {"two": 2, "2": 2, "three": 3, "3": 3, "four": 4}.get((parts or "").casefold(), 1)
        value = float(_FRACTIONS[name] * times)
        if value <= 1:
            yield _bounded(match, Meant.SHARE, value, match[1], f"{match[0].strip()} ({100 * value:.0f}%)")


def _ratios(text: str) -> Iterator[Quantity]:
    for match in _TIMES.finditer(text):
        word = (match[2] or match[4] or "").casefold()
        named = {"twice": 2.0, "double": 2.0, "three times": 3.0, "triple": 3.0, "four times": 4.0, "half": 0.5}
        number = match[3] or (re.match(r"[\d.]+", word) or [None])[0]
        value = named.get(word) or (float(number) if number else None)
        if value and not (word == "half" and not re.search(r"(?i)half\s+as\b", match[0])):
            yield _bounded(match, Meant.RATIO, value, match[1], f"{value:g} times as often")
    for match in _MORE_OFTEN.finditer(text):
        more = match[1].casefold() == "more"
        if not re.match(r"(?i)\s*than\s+(?:half|\d|two|three|a\b)", text[match.end(1) :]):
            low, high = (1.0, float("inf")) if more else (0.0, 1.0)
            yield _made(match, Meant.MORE, low, high, says="more often" if more else "less often")


def _counts(text: str) -> Iterator[Quantity]:
    for match in _COUNT.finditer(text):
        word = match[2].casefold()
        least = {"dozens": 24, "hundreds": 200, "scores": 40, "a handful": 3, "a couple": 2}.get(word)
        if least is not None:
            most = 9.0 if word == "a handful" else float("inf")
            yield _made(match, Meant.COUNT, float(least), most, says=f"at least {least} people")
            continue
        value = _value(match[2])
        if value is not None and not 1900 <= value <= 2100:
            yield _bounded(match, Meant.COUNT, float(value), match[1], f"{value} people")


def _bounded(
    match: re.Match[str], meant: Meant, value: float, about: str | None, says: str, *, of: int | None = None
) -> Quantity:
    """A value, or what is above or below it, by the word before it."""
    word = " ".join((about or "").casefold().split())
    top = 1.0 if meant is Meant.SHARE else float("inf")
    if word in ("over", "more than", "at least", "well over", "just over", ">", "≥"):
        return _made(match, meant, value, top, says=f"at least {says}", of=of)
    if word in ("under", "less than", "fewer than", "at most", "up to", "only", "just under", "<", "≤"):
        return _made(match, meant, 0.0, value, says=f"at most {says}", of=of)
    return _made(match, meant, value, value, says=f"about {says}" if word else says, of=of, exact=True)


def _made(
    match: re.Match[str],
    meant: Meant,
    low: float,
    high: float,
    *,
    says: str,
    of: int | None = None,
    exact: bool = False,
    denies: bool = False,
) -> Quantity:
    words = match[0].strip()
    lead = len(match[0]) - len(match[0].lstrip())
    start = match.start() + lead
    return Quantity(
        meant=meant,
        words=words,
        start=start,
        end=start + len(words),
        low=low,
        high=high,
        says=says,
        of=of,
        exact=exact,
        denies=denies,
    )


def _value(word: str | None) -> int | None:
    if word is None:
        return None
    plain = " ".join(word.casefold().split()).replace(",", "")
    return int(plain) if plain.isdigit() else _SMALL.get(plain)
