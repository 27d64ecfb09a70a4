"""What a language model is given of one part of a report: its statements and the verbatims that they cite, numbered.

Only what the report itself says and cites is given. What may not be quoted never is; where the model is not on this
machine, neither is what is for internal use, nor a statement that holds such words. Nobody is named: whoever spoke is
told by role, segment and source, and known names within the words are taken out. Words that give orders to a language
model stay here too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from winloss.model import Passage, Report, ReportPart, ReportSection, Rights, Statement
from winloss.ports import Workbench
from winloss.services.library import library

if TYPE_CHECKING:
    from nlp.text.unnamed import Names

MOST_STATEMENTS = 40
MOST_VERBATIMS = 60
MOST_LETTERS = 24_000
"""Of all verbatims of a part: some six thousand words of a model, which small ones hold."""
NAME = "[name]"
INTERNAL, NAMED, ORDERS, ROOM = "internal use only", "with names", "with orders to a language model", "beyond the room"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A statement as it is given: with the verbatims that go with it, and what it stands under."""

    id: str
    statement: Statement
    passages: tuple[str, ...]
    context: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is given of a part. `numbers` are the verbatims by the number they are given, `words` as they are given."""

    heading: str
    segment: str | None
    statements: tuple[Shown, ...]
    numbers: Mapping[str, Passage]
    words: Mapping[str, str]
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def sources(self) -> Mapping[str, int]:
        """How many verbatims of each kind of source."""
        return Counter(passage.source for passage in self.numbers.values())


class Gathering:
    """Gathers what may be given of a report; `local`: the model is on this machine."""

    def __init__(self, bench: Workbench, report: Report, *, local: bool) -> None:
        self._bench, self._local = bench, local
        self._cited = {passage.id: passage for passage in report.cited}
        self._words: dict[str, str | None] = {}
        self._why: dict[str, str] = {}

    def of(self, part: ReportPart) -> Evidence:
        """The evidence of a part; it may be empty."""
        found = [(it, context) for it, context in stated(part) if self._may_tell(it)][:MOST_STATEMENTS]
        chosen = self._chosen([it for it, _ in found])
        number = {name: f"V{place}" for place, name in enumerate(chosen, start=1)}
        shown = [
            Shown(
                id=f"S{place}",
                statement=it,
                passages=tuple(number[name] for name in it.citations if name in number),
                context=context,
            )
            for place, (it, context) in enumerate(found, start=1)
        ]
        wanted = {name for it, _ in found for name in it.citations}
        return Evidence(
            heading=part.heading,
            segment=part.segment,
            statements=tuple(it for it in shown if it.passages),
            numbers={number[name]: self._cited[name] for name in chosen},
            words={number[name]: self._words[name] or "" for name in chosen},
            left_out=Counter(self._why.get(name, ROOM) for name in wanted if name not in number),
        )

    # --- verbatims ---------------------------------------------------------------------------------------------------

    def _chosen(self, statements: Sequence[Statement]) -> list[str]:
        """The verbatims that are given: the first of every statement, then the second, as far as there is room."""
        deepest = max((len(it.citations) for it in statements), default=0)
        ranked = [it.citations[depth] for depth in range(deepest) for it in statements if depth < len(it.citations)]
        chosen: list[str] = []
        room = MOST_LETTERS
        for name in dict.fromkeys(ranked):
            words = self._given(name)
            if words is not None and len(words) <= room and len(chosen) < MOST_VERBATIMS:
                chosen.append(name)
                room -= len(words)
        return chosen

    def _given(self, name: str) -> str | None:
        """The words as they are given, or None where they are not."""
        if name not in self._words:
            passage = self._cited.get(name)
            words, why = self._judged(passage) if passage else (None, ROOM)
            self._words[name] = words
            if why:
                self._why[name] = why
        return self._words[name]

    def _judged(self, passage: Passage) -> tuple[str | None, str]:
        from nlp.drafted.drafted_words import is_order
        from nlp.text.unnamed import persons_in

        if passage.rights == Rights.NO_QUOTE or (passage.rights == Rights.INTERNAL and not self._local):
            return None, INTERNAL
        if is_order(passage.text):
            return None, ORDERS
        words = self.unnamed(passage.text)
        if self.names.held_by(words) or (not self._local and persons_in(words)):
            return None, NAMED
        return words, ""

    def unnamed(self, text: str) -> str:
        """The text without the names that are known."""
        from nlp.text.masking import masked

        return masked(text, self.names, NAME)

    # --- statements --------------------------------------------------------------------------------------------------

    def _may_tell(self, statement: Statement) -> bool:
        """Whether a statement holds no words that stay here; a title may be an order too."""
        from nlp.drafted.drafted_words import is_order

        if any(self._given(name) is None and self._cited[name].text in statement.text for name in statement.citations):
            return False
        if self.names.held_by(statement.text) or is_order(statement.text):
            return False
        return self._local or not any(self._is_internal(name) for name in statement.names)

    def _is_internal(self, title: str) -> bool:
        """Whether a title is made of words that only a source for internal use says."""
        return any(title in text for text in self._internal) and not any(title in text for text in self._open)

    @cached_property
    def names(self) -> Names:
        """The names of everybody who is known, and of their accounts; a handle may hold words that name nobody."""
        from nlp.drafted.drafted_words import is_small
        from nlp.text.unnamed import names_of

        people, accounts = self._known
        found = names_of(accounts, people)
        return replace(found, parts=frozenset(part for part in found.parts if not is_small(part)))

    @cached_property
    def _known(self) -> tuple[frozenset[str], frozenset[str]]:
        """People, and accounts."""
        store = self._bench.store
        spoken = {spoken.speaker.name for spoken in store.speakers() if spoken.speaker.name}
        corrected = {name for it in store.corrections() for name in (it.speaker, it.name) if name}
        present = {person.name for people in store.reachable_people().values() for person in people}
        rows = {row.account for row in library(self._bench).rows if row.account}
        return frozenset({*spoken, *corrected, *present}), frozenset(rows | {it.name for it in store.accounts()})

    @cached_property
    def _internal(self) -> list[str]:
        return self._texts(secret=True)

    @cached_property
    def _open(self) -> list[str]:
        return self._texts(secret=False)

    def _texts(self, *, secret: bool) -> list[str]:
        hidden = (Rights.INTERNAL, Rights.NO_QUOTE)
        keys = {row.key for row in library(self._bench).rows if (row.rights in hidden) is secret}
        return list(self._bench.store.texts(sorted(keys)).values()) if keys else []


def stated(part: ReportPart) -> Iterator[tuple[Statement, str]]:
    """The statements of a part that cite something, each once, with what they stand under."""
    seen: set[str] = set()
    for statement, heading in _all(part):
        if statement.citations and not statement.drafted and statement.text not in seen:
            seen.add(statement.text)
            yield statement, f"{part.heading}, {heading}"


def _all(part: ReportPart) -> Iterator[tuple[Statement, str]]:
    if part.verdict and part.rests_on:
        names = tuple(name for node in part.verdict.nodes for name in (node.closest, node.title) if name)
        yield Statement(text=part.verdict.sentence, citations=part.rests_on, names=names), "verdict"
    for section in part.sections:
        yield from ((statement, section.heading) for statement in _of_section(section))


def _of_section(section: ReportSection) -> Iterator[Statement]:
    yield from section.statements
    for theme in section.themes:
        quoted = [*theme.exemplars, *theme.dissenting]
        citations = dict.fromkeys([*theme.statement.citations, *(passage.id for passage in quoted)])
        yield Statement(text=theme.statement.text, citations=tuple(citations), names=theme.statement.names)
