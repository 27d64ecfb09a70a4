"""Sentences about a report's statements that are true by construction, and ways to make each of them false."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from winloss.model import Passage
from winloss.services.reports.drafting.evidence import Evidence, Shown

_COUNT = re.compile(r"(\d+) of (\d+) people in ([\w -]+?)(?=,| and \d|[.;]|$)")
_TOLD = re.compile(r"(?:told by|:) (\d+) of (\d+) people in (\d{4}Q\d) \((\d+)%")
_MOVED = re.compile(
    r"(grew|faded|is gone|is new): (\d+) of (\d+) people in the year to (\d{4}Q\d), "
    r"(\d+) of (\d+) people in the year before"
)
_BELIEF = re.compile(r"is (contradicted|supported|mixed)\. (\d+) of (\d+) support it, (\d+) contradict it, (\d+) say")
_ROLE = re.compile(r": (\d+) of (\d+) people of the role in the year to (\d{4}Q\d)")
MOST_WORDS = 22


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A sentence, what it cites, of which kind it is, and whether it is true."""

    text: str
    cites: tuple[str, ...]
    kind: str
    true: bool = True


def true_sentences(evidence: Evidence) -> Iterator[Built]:
    """Sentences in other words than the statements' own."""
    for shown in evidence.statements:
        name = next(iter(shown.statement.names), "")
        if not name or "\n" in name:
            continue
        yield from _counted(shown, name)
        yield from _moved(shown, name)
        yield from _believed(shown, name)
        yield from _said(evidence, shown, name)


def by_hand(evidence: Evidence) -> Iterator[Built]:
    """Sentences written by hand about this part, true and false in pairs, as far as their statements are here."""
    if evidence.heading.casefold() != "federal":
        return
    told = tomllib.loads(Path(__file__).with_name("by_hand.toml").read_text(encoding="utf-8"))
    for pair in told["sentence"]:
        own = [it for it in evidence.statements if pair["of"] in it.statement.text]
        for true in (True, False):
            cites = tuple(it.id for it in own)
            if own:
                yield Built(text=pair["true" if true else "false"], cites=cites, kind="by hand", true=true)


def false_sentences(built: Built, evidence: Evidence, labels: Sequence[str]) -> Iterator[Built]:
    """The sentence made false, in every way that its kind allows."""
    yield from _other_numbers(built, evidence)
    yield from _other_quotes(built)
    yield from _other_sides(built)
    yield from _other_people(built, labels)
    yield from _other_citations(built, evidence)
    yield from _other_claims(built, evidence)


# --- true ------------------------------------------------------------------------------------------------------------


def _counted(shown: Shown, name: str) -> Iterator[Built]:
    text = shown.statement.text
    told = _COUNT.findall(text)
    if len(told) > 1 and text.startswith(f"‘{name}’"):
        (a, b, here), (c, d, there), *_ = told
        one = f"In {here}, {a} of {b} people tell ‘{name}’, against {c} of {d} people in {there}."
        other = f"‘{name}’ comes from {a} of {b} people in {here} and from {c} of {d} people in {there}."
        yield from (_made(it, shown, "compared") for it in (one, other))
    if match := _TOLD.search(text):
        a, b, quarter, share = match.groups()
        yield _made(f"In {quarter}, {a} of {b} people ({share}%) speak of ‘{name}’.", shown, "share")
    if match := _ROLE.search(text):
        a, b, quarter = match.groups()
        yield _made(f"{a} of {b} people of this role bring up ‘{name}’ in the year to {quarter}.", shown, "role")


def _moved(shown: Shown, name: str) -> Iterator[Built]:
    if match := _MOVED.search(shown.statement.text):
        way, a, b, quarter, c, d = match.groups()
        verb = {"grew": "rose", "faded": "fell", "is gone": "fell", "is new": "rose"}[way]
        before, now = f"{c} of {d} people in the year before", f"{a} of {b} people in the year to {quarter}"
        yield _made(f"‘{name}’ {verb} from {before} to {now}.", shown, "moved")


def _believed(shown: Shown, name: str) -> Iterator[Built]:
    if match := _BELIEF.search(shown.statement.text):
        verdict, a, n, c, _ = match.groups()
        text = f"‘{name}’ is {verdict}: {c} of {n} people contradict it and {a} of {n} support it."
        yield _made(text, shown, "belief")


def _said(evidence: Evidence, shown: Shown, name: str) -> Iterator[Built]:
    """Quotations, and the words that two people have in common."""
    told = _TOLD.search(shown.statement.text) or _ROLE.search(shown.statement.text)
    for number in shown.passages[:2]:
        passage = evidence.numbers[number]
        sentence = _short(passage.text)
        if sentence:
            who = f"in {passage.segment}" if passage.segment else "here"
            text = f"On ‘{name}’ one person {who} says “{sentence}”."
            yield Built(text=text, cites=(shown.id, number), kind="quoted")
            yield Built(text=f"One person {who} says “{sentence}”.", cites=(number,), kind="quoted alone")
    shared = _shared([evidence.numbers[number] for number in shown.passages])
    if told and len(shared) > 1:
        a, b = told.groups()[:2]
        text = f"‘{name}’ is told by {a} of {b} people, who speak of {' and '.join(shared[:3])}."
        yield _made(text, shown, "words in common")


def _shared(passages: Sequence[Passage]) -> list[str]:
    """Words of six letters or more that two people of these say."""
    said: dict[str, set[str]] = {}
    for passage in passages:
        for word in re.findall(r"(?<![\w'’-])[a-z]{6,}(?![\w'’-])", passage.text):
            said.setdefault(word, set()).add(passage.respondent)
    return sorted(word for word, people in said.items() if len(people) > 1)


def _made(text: str, shown: Shown, kind: str) -> Built:
    return Built(text=text, cites=(shown.id,), kind=kind)


def _short(text: str) -> str:
    """The first sentence of a verbatim, where it is short and plain."""
    first = re.split(r"(?<=[.!?])\s", text.strip())[0]
    plain = re.fullmatch(r"[A-Z][\w ,'’-]+\.", first) and not re.search(r"\d", first)
    return first if plain and 5 <= len(first.split()) <= MOST_WORDS else ""


# --- false -----------------------------------------------------------------------------------------------------------


def _other_numbers(built: Built, evidence: Evidence) -> Iterator[Built]:
    pairs = re.findall(r"\d+ of \d+", built.text)
    if not pairs:
        return
    count, base = (int(it) for it in pairs[0].split(" of "))
    other = count + 1 if count < base else count - 1
    yield _false(built, built.text.replace(pairs[0], f"{other} of {base}", 1), "count changed")
    yield _false(built, built.text.replace(pairs[0], f"{count} of {base + 1}", 1), "base changed")
    if len(pairs) > 1 and pairs[0] != pairs[1]:
        swapped = built.text.replace(pairs[0], "@", 1).replace(pairs[1], pairs[0], 1).replace("@", pairs[1], 1)
        yield _false(built, swapped, "counts swapped")
    if share := re.search(r"(\d+)%", built.text):
        yield _false(built, built.text.replace(share[0], f"{int(share[1]) + 5}%"), "percentage changed")
    elsewhere = [
        pair
        for it in evidence.statements
        if it.id not in built.cites
        for pair in re.findall(r"\d+ of \d+(?= people)", it.statement.text)
        if pair not in pairs
    ]
    own = " ".join(it.statement.text for it in evidence.statements if it.id in built.cites)
    if strange := next((pair for pair in elsewhere if pair not in own), None):
        yield _false(built, built.text.replace(pairs[0], strange, 1), "number of another statement")
    yield _false(built, built.text.replace(f"{pairs[0]} people", "most people", 1), "amount for a count")
    yield _false(built, built.text.replace(f"{pairs[0]} people", "everybody", 1), "amount for a count")


def _other_quotes(built: Built) -> Iterator[Built]:
    match = re.search(r"“(.*)”", built.text)
    if not match:
        return
    words = match[1].split()
    middle = len(words) // 2
    letter = words[middle][:-1] + ("x" if words[middle][-1] != "x" else "y")
    for kind, changed in (
        ("quote altered by a letter", [*words[:middle], letter, *words[middle + 1 :]]),
        ("quote without a word", [*words[:middle], *words[middle + 1 :]]),
        ("quote with a word more", [*words[:middle], "really", *words[middle:]]),
        ("quote denied", [*words[:middle], "not", *words[middle:]]),
        ("quote invented", ["We", "would", "buy", "it", "again", "tomorrow", "at", "twice", "the", "price."]),
    ):
        yield _false(built, built.text.replace(match[1], " ".join(changed)), kind)


def _other_sides(built: Built) -> Iterator[Built]:
    for before, after, kind in (
        (" tell ‘", " do not tell ‘", "negation inserted"),
        (" comes from ", " does not come from ", "negation inserted"),
        (" speak of ", " never speak of ", "negation inserted"),
        (" bring up ", " do not bring up ", "negation inserted"),
        (" is told by ", " is not told by ", "negation inserted"),
        ("who speak of ", "who do not speak of ", "negation inserted"),
        (" rose ", " fell ", "direction turned"),
        (" fell ", " rose ", "direction turned"),
        ("is contradicted", "is supported", "verdict turned"),
        ("is supported", "is contradicted", "verdict turned"),
        ("is mixed", "is supported", "verdict turned"),
        ("is mixed", "is not mixed", "negation inserted"),
    ):
        if before in built.text:
            yield _false(built, built.text.replace(before, after, 1), kind)


def _other_people(built: Built, labels: Sequence[str]) -> Iterator[Built]:
    for label in labels:
        if label in re.sub(r"[‘“].*?[’”]", "", built.text):
            for other in [it for it in labels if it != label][:2]:
                yield _false(built, built.text.replace(label, other, 1), "segment swapped")
            break
    if " people" in built.text:
        yield _false(built, built.text.replace(" people", " vendors", 1), "people swapped")
        yield _false(built, built.text.replace(" people", " people at Northwind", 1), "name inserted")
    if quarter := re.search(r"\d{4}Q\d", built.text):
        yield _false(built, built.text.replace(quarter[0], "2024Q4", 1), "quarter swapped")


def _other_citations(built: Built, evidence: Evidence) -> Iterator[Built]:
    own = [it for it in evidence.statements if it.id in built.cites]
    named = {name for it in own for name in it.statement.names}
    others = [it for it in evidence.statements if it.statement.names and not named & set(it.statement.names)]
    if own and others and not built.kind.startswith("quoted"):
        other = others[len(built.text) % len(others)]
        cites = tuple(other.id if it in {one.id for one in own} else it for it in built.cites)
        yield replace(built, cites=cites, kind="citation of another theme", true=False)
    yield replace(built, cites=(), kind="no citation", true=False)
    yield replace(built, cites=("S99",), kind="citation of nothing", true=False)


def _other_claims(built: Built, evidence: Evidence) -> Iterator[Built]:
    """What one person says, told of all; and what another theme's buyers say."""
    count = re.search(r"is told by \d+ of \d+ people, who ", built.text)
    if built.kind != "words in common" or count is None:
        return
    (shown,) = (it for it in evidence.statements if it.id in built.cites)
    named = set(shown.statement.names)
    for it in evidence.statements:
        for number in it.passages:
            own = number in shown.passages
            sentence = _short(evidence.numbers[number].text)
            if sentence and (own or not named & set(it.statement.names)):
                text = f"{built.text[: count.end()]}say that {sentence[0].lower()}{sentence[1:]}"
                yield _false(built, text, "one person's words told of all" if own else "claim of another theme")
                break


def _false(built: Built, text: str, kind: str) -> Built:
    return replace(built, text=text, kind=kind, true=text == built.text)
