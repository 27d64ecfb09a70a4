"""Whether a rendered report keeps the rules that every report must keep.

The rules. Every statement cites verbatims that the report lists. Words in “…” are a buyer's, to the letter: a whole
verbatim that is cited, or part of one whose cut ends are marked with “…”. A percentage stands in one sentence with the
count that it is of. No name is told that the rights of its source forbid, and what may not be quoted stands nowhere.
Nothing stands in the text that the report does not hold.

The text is read as it will be read, by `winloss.report.reading_back`; nothing of the renderers is used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from winloss.model import Passage, Report, Rights
from winloss.report.reading_back import Kind, Piece, read_back

__all__ = ["Breach", "breaches"]

_PERCENT = re.compile(r"\d(?:[.,]\d+)?\s?%")
_LEVEL = re.compile(r"\b95% interval|\b95%(?= for (?:shares|differences)\b)")
"""The confidence level: a percentage of nothing that was counted."""
_BASE = re.compile(r"\bof (?:the )?\d[\d,]*\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?”])\s+(?=[A-Z“‘])")
_QUOTED = re.compile(r"“([^”]*)”")
_WORDS_OF_ONES_OWN = re.compile(r"[\s\d_@-]|[a-z][A-Z]")
"""What a name has that is no word of the language: several words, a digit, a capital within."""
_SHOWN = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A rule that is broken, and the words that break it."""

    rule: str
    words: str

    def __str__(self) -> str:
        short = self.words if len(self.words) <= _SHOWN else self.words[: _SHOWN - 1] + "…"
        return f"{self.rule} ({short!r})"


def breaches(
    text: str,
    report: Report,
    *,
    suffix: str,
    verbatims: Mapping[str, Passage],
    role_label: Callable[[str | None], str],
) -> list[Breach]:
    """Every breach in a report as rendered, in the order of the text; `verbatims` are those of the store, by id."""
    check = _Check(report, verbatims, role_label)
    found = [breach for piece in read_back(text, suffix) for breach in check.piece(piece)]
    return list(dict.fromkeys([*found, *check.lacking()]))


class _Check:
    """The report and the verbatims that a text is held against, and what of them the text held."""

    def __init__(
        self, report: Report, verbatims: Mapping[str, Passage], role_label: Callable[[str | None], str]
    ) -> None:
        self._ids = [passage.id for passage in report.cited]
        self._verbatims = verbatims
        self._role_label = role_label
        self._names = sorted(_names(report), key=len, reverse=True)
        self._statements = dict(_statements(report))
        self._verdicts = {_plain(part.verdict.sentence): bool(part.rests_on) for part in report.parts if part.verdict}
        self._titles = {_plain(title) for title in _headings(report)}
        self._notes = {_plain(section.note) for part in report.parts for section in part.sections if section.note}
        roles = {role_label(passage.role) for passage in verbatims.values()}
        self._forbidden = _any_of(_forbidden(verbatims.values()) - roles)
        self._seen: set[int] = set()

    def piece(self, piece: Piece) -> Iterator[Breach]:
        """What is wrong with one piece of the text."""
        checks: Mapping[Kind, Callable[[Piece], Iterator[Breach]]] = {
            Kind.STATEMENT: self._statement,
            Kind.QUOTE: self._quote,
            Kind.CITED: self._cited,
            Kind.SOURCE: self._source,
            Kind.VERDICT: self._verdict,
            Kind.NOTE: self._note,
            Kind.CELL: self._prose,
            Kind.HEADING: self._heading,
        }
        yield from checks[piece.kind](piece)

    def lacking(self) -> Iterator[Breach]:
        """Verbatims that the report cites and the text does not list."""
        for number, name in enumerate(self._ids, start=1):
            if number not in self._seen:
                yield Breach(rule="a cited verbatim is not listed", words=name)

    # --- pieces ------------------------------------------------------------------------------------------------------

    def _statement(self, piece: Piece) -> Iterator[Breach]:
        composed = self._statements.get(_plain(piece.text))
        if composed is None:
            yield Breach(rule="a statement that the report does not hold", words=piece.text)
        if not piece.numbers:
            yield Breach(rule="a statement without a citation", words=piece.text)
        elif composed is not None and not {self._id(number) for number in piece.numbers} <= composed:
            yield Breach(rule="a statement cites other verbatims than it rests on", words=piece.text)
        yield from self._numbers(piece)
        cited = [self._verbatims[name] for name in map(self._id, piece.numbers) if name in self._verbatims]
        bare = self._without_names(piece.text)
        bare, wrong = _without_quotes(bare, cited)
        yield from (Breach(rule="a quote that is not to the letter", words=words) for words in wrong)
        yield from self._counts(bare)
        yield from self._persons(bare)

    def _quote(self, piece: Piece) -> Iterator[Breach]:
        if not piece.numbers:
            yield Breach(rule="a quote without its number", words=piece.text)
        yield from self._numbers(piece)
        for number in piece.numbers:
            yield from self._to_the_letter(piece.text, self._verbatims.get(self._id(number)))

    def _cited(self, piece: Piece) -> Iterator[Breach]:
        self._seen.update(piece.numbers)
        yield from self._quote(piece)

    def _source(self, piece: Piece) -> Iterator[Breach]:
        """Who said it: no part of it is the speaker or the account, where the rights forbid to name them."""
        for number in piece.numbers:
            passage = self._verbatims.get(self._id(number))
            if passage is None or passage.rights == Rights.NAMED:
                continue
            known = {passage.segment, passage.quarter, passage.source, passage.date}
            for part in re.split(r" · |, ", piece.text.replace(self._role_label(passage.role), "", 1)):
                if part not in known and part in (passage.speaker, passage.account, passage.respondent):
                    yield Breach(rule="a name that the rights forbid", words=piece.text)

    def _verdict(self, piece: Piece) -> Iterator[Breach]:
        cites = [cites for sentence, cites in self._verdicts.items() if sentence in _plain(piece.text)]
        if not cites:
            yield Breach(rule="a verdict that the report does not hold", words=piece.text)
        if any(cites) and not piece.numbers:
            yield Breach(rule="a statement without a citation", words=piece.text)
        yield from self._numbers(piece)
        yield from self._persons(self._without_names(piece.text))

    def _note(self, piece: Piece) -> Iterator[Breach]:
        if _plain(piece.text) not in self._notes:
            yield Breach(rule="a note that the report does not hold", words=piece.text)
        yield from self._prose(piece)

    def _prose(self, piece: Piece) -> Iterator[Breach]:
        """What may hold no buyer's words at all: notes and cells."""
        bare = self._without_names(piece.text)
        yield from (Breach(rule="a quote without its number", words=words) for words in _QUOTED.findall(bare))
        yield from self._counts(bare)
        yield from self._persons(bare)

    def _heading(self, piece: Piece) -> Iterator[Breach]:
        if _plain(piece.text) not in self._titles:
            yield Breach(rule="a heading that the report does not hold", words=piece.text)
        yield from self._persons(self._without_names(piece.text))

    # --- rules -------------------------------------------------------------------------------------------------------

    def _id(self, number: int) -> str:
        return self._ids[number - 1] if 0 < number <= len(self._ids) else ""

    def _numbers(self, piece: Piece) -> Iterator[Breach]:
        for number in piece.numbers:
            passage = self._verbatims.get(self._id(number))
            if passage is None:
                yield Breach(rule=f"citation {number} leads to no verbatim", words=piece.text)
            elif passage.rights == Rights.NO_QUOTE:
                yield Breach(rule="a verbatim that may not be quoted", words=piece.text)

    @staticmethod
    def _to_the_letter(words: str, passage: Passage | None) -> Iterator[Breach]:
        if passage is not None and _breaks(words) != _breaks(passage.text):
            yield Breach(rule="a quote that is not to the letter", words=words)

    def _counts(self, text: str) -> Iterator[Breach]:
        for sentence in _SENTENCE.split(_LEVEL.sub("interval", text)):
            if _PERCENT.search(sentence) and not _BASE.search(sentence):
                yield Breach(rule="a percentage without its denominator", words=sentence)

    def _persons(self, text: str) -> Iterator[Breach]:
        for found in self._forbidden.finditer(text):
            yield Breach(rule="a name that the rights forbid", words=found[0])

    def _without_names(self, text: str) -> str:
        """The text without the names that it sets apart: the titles of themes, beliefs, claims of decks."""
        if _breaks(text) in self._names:
            return ""
        for name in self._names if "‘" in text else ():
            text = text.replace(f"‘{name}’", "‘’")
        return text


# --- what the report holds -------------------------------------------------------------------------------------------


def _statements(report: Report) -> Iterator[tuple[str, frozenset[str]]]:
    """The text of every statement, and the verbatims that it rests on; the same text may stand twice."""
    found: dict[str, frozenset[str]] = {}
    for part in report.parts:
        for section in part.sections:
            for it in (*section.statements, *(theme.statement for theme in section.themes)):
                found[_plain(it.text)] = found.get(_plain(it.text), frozenset()) | frozenset(it.citations)
    yield from found.items()


def _names(report: Report) -> set[str]:
    found: set[str] = set()
    for part in report.parts:
        for node in part.verdict.nodes if part.verdict else ():
            found.update(name for name in (node.closest, node.title) if name)
        for section in part.sections:
            found.update(section.names)
            found.update(name for statement in section.statements for name in statement.names)
            for theme in section.themes:
                found.update((theme.view.theme.title, *theme.statement.names))
    return {_breaks(name) for name in found if name}


def _headings(report: Report) -> Iterator[str]:
    yield report.title
    yield report.label
    for part in report.parts:
        yield part.heading
        for section in part.sections:
            yield section.heading
            yield from (theme.view.theme.title for theme in section.themes)


def _forbidden(passages: Iterable[Passage]) -> set[str]:
    """Names of people and accounts that no verbatim's rights allow, as far as they can be told from words."""
    known = list(passages)
    allowed = {name for it in known if it.rights == Rights.NAMED for name in (it.speaker, it.account)}
    public = {name for it in known for name in (it.segment, it.source, it.competitor)}
    named = {name for it in known if it.rights != Rights.NAMED for name in (it.speaker, it.account) if name}
    return {name for name in named - allowed - public if len(name) > 3 and _WORDS_OF_ONES_OWN.search(name)}


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    """Any of the names as whole words, the longest first; nothing where there are none."""
    longest = sorted(names, key=lambda name: (-len(name), name))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest)) or '(?!)'})(?!\w)")


# --- words -----------------------------------------------------------------------------------------------------------


def _without_quotes(text: str, cited: Sequence[Passage]) -> tuple[str, list[str]]:
    """The text without the buyers' words that it quotes, and what it quotes that none of the cited says."""
    said = sorted((_breaks(passage.text) for passage in cited), key=len, reverse=True)
    bare = _breaks(text)
    for words in said:
        bare = bare.replace(f"“{words}”", "“”")
    wrong = [words for words in _QUOTED.findall(bare) if words and not any(_part_of(words, whole) for whole in said)]
    return _QUOTED.sub("“”", bare), wrong


def _part_of(words: str, whole: str) -> bool:
    """Whether the words are part of the whole, with every end that is cut marked by an ellipsis."""
    inner = words.removeprefix("…").removesuffix("…").strip()
    if not inner or inner not in whole:
        return False
    from_start = words.startswith("…") or whole.startswith(inner)
    return from_start and (words.endswith("…") or whole.endswith(inner))


def _plain(text: str) -> str:
    """The text as both forms keep it: every line break written one way, nothing around it."""
    return _breaks(text).strip()


def _breaks(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
