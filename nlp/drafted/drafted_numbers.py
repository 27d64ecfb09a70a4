"""Whether the numbers of a drafted sentence are those of the statements that it cites, and said of the same people.

A statement counts as "7 of 19 people in federal": the count, its base, and whom they are of, which is told by the words
in the same clause. A sentence may say the same counts of the same people, the percentage that a count is, and a word of
amount that its own count bears out ("half", "most", "twice as many"). Every other number must stand beside the same
word in what is cited. What cannot be accounted for is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nlp.drafted.drafted_words import is_group

__all__ = ["Counted", "labels_before", "number_trouble"]

_WORDS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_WORD_NUMBER = re.compile(rf"(?i)\b(?:{'|'.join(_WORDS)})\b")
_PAIR = re.compile(
    r"(\d[\d,]*) (?:(?:people|buyers|persons|respondents) )?(?:out )?of (?:the |all )?(\d[\d,]*)(?![\d.%])"
)
_INHERITS = re.compile(r",? (?:and |but )?(\d[\d,]*) (?=(?:contradict|support|say|dissent|deny|denies|agree)\w*\b)")
_TOKEN = re.compile(r"[+\-−–±]?\d[\d,.:]*\d|[+\-−±]?\d|\w+(?:['’-]\w+)*|%")
_CLAUSE = re.compile(r"[,;:–—()]|\.\s|\b(?:and|but|while|whereas|against|versus|than|compared with)\b")
_BEFORE = re.compile(r"\b(?:before|earlier|previous(?:ly)?|prior|formerly)\b")
_NOW = re.compile(r"\b(?:last \d+ quarters|year to|this quarter|now|currently)\b")
_QUARTER = re.compile(r"\b\d{4}q[1-4]\b")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s?(?:%|percent\b|per cent\b)")
_FROM_TO = re.compile(r"\bfrom\b(?P<one>[^;]{0,80}?)\bto\b(?P<two>[^;]*)")
_MORE = re.compile(r"\b(more|fewer|less)\b(?:[^,;]{0,40}?)\bthan\b")
_UP = re.compile(r"\b(?:grew|grow\w*|rose|ris(?:e|es|en|ing)|increas\w+|climb\w*|gain\w*|up from|jump\w*|emerg\w+)\b")
_DOWN = re.compile(r"\b(?:fad(?:e|es|ed|ing)|f[ae]ll\w*|declin\w+|decreas\w+|shr[aiu]nk\w*|drop\w*|down from|ebb\w*)\b")
_SIDES = {
    "support": r"\bsupport\w*",
    "contradict": r"\bcontradict\w*",
    "silent": r"\bsay nothing\b|\bsilent\b",
    "lost": r"\blost deals\b|\bdeals (?:that were )?lost\b",
    "won": r"\bwon deals\b|\bdeals (?:that were )?won\b",
    "no decision": r"\bno decision\b",
}
PEOPLE = (
    r"(?:people|persons?|buyers?|customers?|respondents?|interviewees?|accounts?|companies|agencies|teams?|deals?|"
    r"users?|leaders?|executives?|analysts?|engineers?|cisos?|cfos?|cios?|them|those|voices|segments?)"
)
_ALL = re.compile(rf"\b(?:everyone|everybody|(?:all|every|each)(?: of)?(?: the| these| those)? (?:\w+ )?{PEOPLE})\b")
_NONE = re.compile(rf"\b(?:nobody|no one|no-one|none|no (?:\w+ )?{PEOPLE})\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A statement as numbers are held against it; `context` is what it stands under, `names` what it speaks of."""

    text: str
    names: tuple[str, ...] = ()
    context: str = ""


@dataclass(frozen=True, slots=True)
class _Fact:
    count: int
    base: int
    labels: frozenset[str]
    start: int
    end: int

    @property
    def share(self) -> float:
        return self.count / self.base if self.base else 0.0

    @property
    def pair(self) -> tuple[int, int]:
        return self.count, self.base


def number_trouble(
    bare: str, named: str, statements: Sequence[Counted], words: Sequence[str], labels: Collection[str]
) -> str | None:
    """What is wrong with the numbers of a sentence, or None.

    `bare` is the sentence without what it quotes, `named` the same with the names that it holds; `words` are the
    verbatims that it cites, `labels` the segments, roles and sources that there are.
    """
    sentence = _Sentence(bare, named, statements, labels)
    return sentence.trouble(words)


class _Sentence:
    """A sentence, its counts, and the statements that it may have them from."""

    def __init__(self, bare: str, named: str, statements: Sequence[Counted], labels: Collection[str]) -> None:
        self._plain = _digits(bare)
        self._named = named
        self._statements = statements
        self._labels = tuple(label.casefold() for label in labels)
        self._facts = list(_facts(self._plain, self._labels))
        self._taken: list[tuple[int, int]] = [(fact.start, fact.end) for fact in self._facts]

    def trouble(self, words: Sequence[str]) -> str | None:
        """The first thing that is wrong."""
        for check in (self._counts, self._percents, self._amounts, self._comparisons):
            if found := check():
                return found
        return self._others(words)

    # --- counts ------------------------------------------------------------------------------------------------------

    def _counts(self) -> str | None:
        for fact in self._facts:
            if self._of_another_group(fact):
                return "a count that is of others"
            known = [(statement, told) for statement in self._governing(fact) for told in self._told(statement)]
            same = [(statement, told) for statement, told in known if told.pair == fact.pair]
            if not same:
                return "a count that is not in what it cites"
            if not any(self._of_the_same(fact, statement, told) for statement, told in same):
                return "a count that is of others"
        names = {statement.names[0] for statement in self._statements if statement.names}
        if self._facts and len(names) > 1 and not any(name in self._named for name in names):
            return "a count of one of several statements, and not said of which"
        return None

    def _of_another_group(self, fact: _Fact) -> bool:
        """Whether the word after a count stands for people that the statements do not speak of."""
        after = re.findall(r"[^\W\d_]+", self._plain[fact.end : fact.end + 60])[:2]
        around = " ".join(f"{_without(it.text, it.names)} {it.context}" for it in self._statements).casefold()
        return any(is_group(word) and word.rstrip("s") not in around for word in after)

    def _governing(self, fact: _Fact) -> Sequence[Counted]:
        """The statements whose counts may stand here: those of the name nearest before, where one is."""
        spoken = [
            (place, statement)
            for statement in self._statements
            for name in statement.names
            if (place := self._named.find(name)) >= 0
        ]
        if len({place for place, _ in spoken}) < 2:
            found = [statement for _, statement in spoken]
            return found or self._statements
        marks = [match.start() for match in re.finditer("‘", self._named)]
        blank = [match.start() for match in re.finditer("‘’", self._plain)]
        before = [number for number, start in enumerate(blank) if start < fact.start]
        number = before[-1] if before else 0
        at = marks[number] + 1 if number < len(marks) else -1
        return [statement for place, statement in spoken if place == at] or self._statements

    def _told(self, statement: Counted) -> list[_Fact]:
        return list(_facts(_digits(_without(statement.text, statement.names)), self._labels))

    def _of_the_same(self, fact: _Fact, statement: Counted, told: _Fact) -> bool:
        others = [other for other in self._told(statement) if other.pair != told.pair]
        elsewhere = frozenset[str]().union(*(other.labels for other in others))
        around = f"{statement.text} {statement.context}".casefold()
        for label in fact.labels:
            if label in told.labels:
                continue
            if label in elsewhere or (label not in around and label not in ("now", "before")):
                return False
            if label in ("now", "before") and told.labels & {"now", "before"}:
                return False
        apart = [other for other in others if other.labels != told.labels]
        unsaid = not fact.labels and "before" not in told.labels and all(_is_time(label) for label in told.labels)
        return not apart or bool(fact.labels & told.labels) or not told.labels - elsewhere or unsaid

    # --- shares ------------------------------------------------------------------------------------------------------

    def _percents(self) -> str | None:
        literal = [f"{statement.text}".casefold() for statement in self._statements]
        for match in re.finditer(r"95% interval \S+ to \S+", self._plain):
            if not any(match[0].rstrip(".,;)") in text for text in literal):
                return "an interval that is not in what it cites"
            self._taken.append(match.span())
        for match in _PERCENT.finditer(self._plain):
            if self._is_taken(match.start()):
                continue
            if not any(round(100 * fact.share) == round(float(match[1])) for fact in self._facts):
                return "a percentage without the count that it is"
            self._taken.append(match.span())
        return None

    def _amounts(self) -> str | None:
        for pattern, bears_out in _AMOUNTS:
            for match in pattern.finditer(self._plain):
                if self._is_taken(match.start()) or self._is_said(match[0]):
                    continue
                if not any(bears_out(fact.share, match) for fact in self._facts):
                    return "a word of amount that no count bears out"
                self._taken.append(match.span())
        return None

    def _is_said(self, words: str) -> bool:
        """Whether a statement says it so; a verbatim that says "everybody" speaks for one."""
        return any(words in _digits(statement.text) for statement in self._statements)

    def _comparisons(self) -> str | None:
        for match in _TIMES.finditer(self._plain):
            if self._is_taken(match.start()) or self._is_said(match[0]):
                continue
            wanted = _TIMES_OF.get(match[1]) or float(match[2] or 0)
            shares = [fact.share for fact in self._facts]
            if not any(other and abs(one / other - wanted) <= 0.1 * wanted for one, other in pairwise(shares)):
                return "a ratio that no two counts bear out"
            self._taken.append(match.span())
        if self._turned():
            return "a direction that the counts do not bear out"
        for match in _MORE.finditer(self._plain):
            if self._is_said(match[0]):
                continue
            shares = [fact.share for fact in self._facts]
            more = match[1] == "more"
            if len(shares) != 2 or (shares[0] > shares[1]) is not more or shares[0] == shares[1]:
                return "a comparison that no two counts bear out"
        return None

    def _turned(self) -> bool:
        """Whether the sentence says up where its two counts go down, or the other way round."""
        before = [fact.share for fact in self._facts if "before" in fact.labels]
        now = [fact.share for fact in self._facts if "before" not in fact.labels]
        up, down = _UP.search(self._plain), _DOWN.search(self._plain)
        if len(before) != 1 or len(now) != 1 or bool(up) is bool(down):
            return False
        return now[0] <= before[0] if up else now[0] >= before[0]

    # --- the rest ----------------------------------------------------------------------------------------------------

    def _is_taken(self, place: int) -> bool:
        return any(start <= place < end for start, end in self._taken)

    def _others(self, words: Sequence[str]) -> str | None:
        """Every other number stands beside the same word in what is cited, or is a quarter; who is quoted is one."""
        around = [_digits(f"{it.text} {it.context}") for it in self._statements] + [_digits(text) for text in words]
        known = frozenset(pair for text in around for pair in pairwise(_tokens(text)))
        quarters = {found for text in around for found in _QUARTER.findall(text)}
        tokens = [(match[0].rstrip(".,:"), match.start()) for match in _TOKEN.finditer(self._plain)]
        for place, (token, start) in enumerate(tokens):
            if not token[-1:].isdigit() and not re.fullmatch(r"[+\-−±]?\d\S*", token):
                continue
            if self._is_taken(start) or token in quarters or (token == "1" and "“”" in self._plain):
                continue
            beside = {(token, tokens[place + 1][0])} if place + 1 < len(tokens) else set()
            beside |= {(tokens[place - 1][0], token)} if place else set()
            if not beside & known:
                return "a number that is not in what it cites"
        return None


# --- reading ---------------------------------------------------------------------------------------------------------


def labels_before(text: str, place: int, labels: Collection[str]) -> frozenset[str]:
    """The labels between the last count before a place and the place: whom what stands there is told of."""
    plain = _digits(text[:place])
    last = max((match.end() for match in _PAIR.finditer(plain)), default=0)
    return _said(plain[last:], tuple(label.casefold() for label in labels)) - set(_SIDES) - {"now", "before"}


def _without(text: str, names: Sequence[str]) -> str:
    for name in names:
        text = text.replace(name, "")
    return text


def _digits(text: str) -> str:
    """In small letters, with the words for numbers as digits."""
    plain = text.casefold().replace("’", "'")
    return _WORD_NUMBER.sub(lambda match: str(_WORDS[match[0].casefold()]), plain)


def _tokens(text: str) -> list[str]:
    return [match[0].rstrip(".,:") for match in _TOKEN.finditer(text)]


def _facts(plain: str, labels: Sequence[str]) -> Iterator[_Fact]:
    """The counts of a text, each with whom it is of."""
    found = list(_pairs(plain))
    for place, (count, base, start, end) in enumerate(found):
        before = found[place - 1][3] if place else 0
        after = found[place + 1][2] if place + 1 < len(found) else len(plain)
        yield _Fact(count, base, _whose(plain, (start, end), (before, after), labels) | _way(plain, start), start, end)


def _pairs(plain: str) -> Iterator[tuple[int, int, int, int]]:
    at = 0
    base = 0
    while match := (_PAIR.search(plain, at) if not base else _first(plain, at)):
        count = int(match[1].replace(",", ""))
        base = int(match[2].replace(",", "")) if match.re is _PAIR else base
        yield count, base, match.start(1), match.end()
        at = match.end()


def _first(plain: str, at: int) -> re.Match[str] | None:
    """The next count, one that shares the base of the count before it included."""
    found = [match for match in (_PAIR.search(plain, at), _INHERITS.search(plain, at)) if match]
    return min(found, key=lambda match: match.start(1), default=None)


def _whose(plain: str, own: tuple[int, int], near: tuple[int, int], labels: Sequence[str]) -> frozenset[str]:
    """The labels in the count's own clause; where it has none, those of the clauses back to the last count."""
    start, end = own
    cut = _CLAUSE.search(plain, end)
    tail = plain[end : min(cut.start() if cut else len(plain), near[1])]
    if said := _said(tail, labels):
        return said
    heads = [match.end() for match in _CLAUSE.finditer(plain, near[0], start)]
    if near[0] and not heads:
        return frozenset()
    return _said(plain[max(heads, default=0) : start], labels) or _said(plain[near[0] : start], labels)


def _said(text: str, labels: Sequence[str]) -> frozenset[str]:
    found = {label for label in labels if re.search(rf"(?<![\w-]){re.escape(label)}s?(?![\w-])", text)}
    found |= {name for name, pattern in _SIDES.items() if re.search(pattern, text)}
    found |= set(_QUARTER.findall(text))
    if _BEFORE.search(text):
        found.add("before")
    elif _NOW.search(text):
        found.add("now")
    return frozenset(found)


def _is_time(label: str) -> bool:
    """Whether a label is a time; what is told without one is told of now."""
    return label == "now" or _QUARTER.fullmatch(label) is not None


def _way(plain: str, start: int) -> frozenset[str]:
    """`from 5 of 57 to 17 of 61`: the first is what was before."""
    for match in _FROM_TO.finditer(plain):
        if match.start("one") <= start < match.end("one") and _PAIR.search(match["two"]):
            return frozenset({"before"})
        if match.start("two") <= start < match.end("two") and _PAIR.search(match["one"]):
            return frozenset({"now"})
    return frozenset()


_PARTS = {"half": 1 / 2, "third": 1 / 3, "quarter": 1 / 4, "fifth": 1 / 5, "tenth": 1 / 10}
_CLOSE = 0.02
_TIMES = re.compile(r"\b(?:(twice|double[ds]?|triple[ds]?)|(\d+(?:\.\d+)?)[ -]?(?:times|x|fold))\b")
_TIMES_OF: Mapping[str | None, float] = {
    "twice": 2.0, "double": 2.0, "doubled": 2.0, "doubles": 2.0, "triple": 3.0, "tripled": 3.0, "triples": 3.0
}  # fmt: skip


def _part(share: float, match: re.Match[str]) -> bool:
    times = float(match["times"]) if match["times"] and match["times"].isdigit() else 1.0
    return abs(share - times * _PARTS[match["part"].rstrip("s") if match["part"] != "half" else "half"]) <= _CLOSE


_AMOUNTS: tuple[tuple[re.Pattern[str], Callable[[float, re.Match[str]], bool]], ...] = (
    (re.compile(r"\b(?:more than|over|above) half\b"), lambda share, _: share > 0.5),
    (re.compile(r"\b(?:less than|fewer than|under|below) half\b"), lambda share, _: share < 0.5),
    (
        re.compile(
            r"\b(?:(?P<times>\d|a)[ -])?(?P<part>half|thirds?|quarters?|fifths?|tenths?)\b(?! to \d{4})"
            r"(?= of\b|,| \(|\.| the\b)"
        ),
        _part,
    ),
    (re.compile(r"\b(?:vast|overwhelming|large|great) majority\b"), lambda share, _: share >= 2 / 3),
    (re.compile(r"\b(?:almost|nearly|virtually) (?:all|everyone|everybody)\b"), lambda share, _: share >= 0.8),
    (
        re.compile(r"\b(?:hardly any(?:one|body)?|almost (?:no one|nobody|none)|very few)\b"),
        lambda share, _: share <= 0.1,
    ),
    (_ALL, lambda share, _: share == 1.0),
    (_NONE, lambda share, _: share == 0.0),
    (re.compile(r"\b(?:most(?! recent)|majority|mostly|predominantly|largely)\b"), lambda share, _: share > 0.5),
    (re.compile(r"\bminority\b"), lambda share, _: 0 < share < 0.5),
    (re.compile(r"\b(?:few|rarely|seldom|handful)\b"), lambda share, _: 0 < share <= 0.2),
    (
        re.compile(
            r"\b(?:many|much|numerous|countless|lots?|dozens|hundreds|thousands|scores|widespread|widely|commonly|"
            r"frequently|often|overwhelmingly|universally|always|unanimous(?:ly)?|plenty|mainly|generally|typically)\b"
        ),
        lambda share, _: share >= 0.5,
    ),
    (re.compile(r"\b(?:several|some|various|multiple)\b(?= " + PEOPLE + r")"), lambda share, _: share > 0.0),
)
"""A word of amount, and whether a share bears it out."""
