"""What browsing keeps in memory: the evidence of the store's current revision, and what was counted of it.

Whatever is asked of the same revision twice is counted once. When anything is written there is another library, which
remembers nothing; of the rows, only those of documents that changed are read again.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from threading import Lock
from typing import Any, TypeVar

from winloss.model import EvidenceRow, Filters
from winloss.ports import Workbench
from winloss.services.evidence import Heard, passing

REMEMBERED = 400
"""So many answers of one revision are kept; those not asked for the longest go first."""
SCOPES = 24
"""So many scopes are kept: in a large corpus one of them may be a megabyte."""
FEW = 2000
MANY = 20
"""Where no more documents changed than these, or than one for so many rows, the rows of the others are kept."""

T = TypeVar("T")


class Answers:
    """The answers to the latest questions, each found once, however many ask at the same time."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._known: OrderedDict[Hashable, _Answer] = OrderedDict()

    def of(self, question: Hashable, find: Callable[[], T], *, instead_of: object = None) -> T:
        """The answer to the question; found by whoever asks first, while others who ask the same wait for it.

        Where the answer is the one named by `instead_of`, it is found anew.
        """
        with self._lock:
            answer = self._known.setdefault(question, _Answer())
            if instead_of is not None and answer.found and answer.told is instead_of:
                answer = self._known[question] = _Answer()
            self._known.move_to_end(question)
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        with answer.lock:
            if not answer.found:
                answer.told, answer.found = find(), True
        told: T = answer.told
        return told


@dataclass(slots=True)
class _Answer:
    """One answer: `told`, once it is `found`."""

    lock: Lock = field(default_factory=Lock)
    found: bool = False
    told: Any = None


class Library:
    """The evidence of one store revision. Nothing that it gives out may be changed.

    `people` is what was counted of who was heard in a scope; it is handed on while all of them stay where they are.
    """

    def __init__(
        self, revision: int, rows: Sequence[EvidenceRow], people: dict[Filters, dict[Any, Any]] | None = None
    ) -> None:
        self.revision = revision
        self.rows = rows
        self.people = {} if people is None else people
        self._answers, self._scopes, self._lists = Answers(REMEMBERED), Answers(SCOPES), Answers(SCOPES)

    @cached_property
    def keys(self) -> frozenset[str]:
        """The key of every distinct text."""
        return frozenset(row.key for row in self.rows)

    def later(self, revision: int) -> Library:
        """The library of a later revision that has the very same rows."""
        same = Library(revision, self.rows, self.people)
        same._scopes = self._scopes
        return same

    def once(self, question: Hashable, find: Callable[[], T]) -> T:
        """What `find` finds, found once in this revision for the same question: it must hang on nothing else."""
        return self._answers.of(question, find)

    def listed(self, question: Hashable, find: Callable[[], T]) -> T:
        """The same of what may be large: fewer answers are kept."""
        return self._lists.of(question, find)

    def passing(self, filters: Filters) -> Sequence[EvidenceRow]:
        """The rows that pass the filters, by id."""
        return self._scopes.of(filters, lambda: passing(self.rows, filters)) if filters else self.rows

    def heard(self, filters: Filters) -> Heard:
        """The people heard in a scope."""
        return self._scopes.of(("heard", filters), lambda: Heard(self.passing(filters), self._counted(filters)))

    def by_theme(self, filters: Filters) -> Mapping[str | None, Sequence[EvidenceRow]]:
        """The rows of a scope by their theme; those in none under None."""
        return self._scopes.of(("by theme", filters), lambda: _by_theme(self.passing(filters)))

    def of_document(self, document_id: str) -> Sequence[EvidenceRow]:
        """The rows of one document, by id."""
        return self._scopes.of("by document", lambda: _by_document(self.rows)).get(document_id, ())

    def _counted(self, filters: Filters) -> dict[Any, Any] | None:
        """What is known of who was heard in a scope of people, and not of what they said."""
        if filters.facet or filters.theme or filters.tag or filters.without:
            return None
        if len(self.people) > REMEMBERED:
            self.people.clear()
        return self.people.setdefault(filters, {})


def library(bench: Workbench) -> Library:
    """The library of the store's current revision, made anew only when the store has changed, or the day has.

    A right to quote may end with a day.
    """
    with bench.memo.setdefault("library lock", Lock()):
        revision, today = bench.store.revision(), bench.clock.now()[:10]
        if bench.memo.setdefault("library of", today) != today:
            bench.memo.pop("library", None)
            bench.memo["library of"] = today
        kept: Library | None = bench.memo.get("library")
        if kept is None or kept.revision != revision:
            kept = bench.memo["library"] = _made(bench, revision, kept)
        return kept


def at_revision(bench: Workbench, name: str, find: Callable[[], T]) -> T:
    """What `find` finds, found once in each revision of the store; unlike `once`, no evidence is read for it."""
    return _while(bench, name, (bench.store.revision(),), find)


def of_sources(bench: Workbench, name: Hashable, find: Callable[[], T]) -> T:
    """What `find` finds in what sources hold, found anew where that has changed, or the day, not where people label.

    It must hang on nothing else: not on facets, themes, verdicts, codes or labels.
    """
    return _while(bench, name, (bench.store.sources_revision(), bench.clock.now()[:10]), find)


def _while(bench: Workbench, name: Hashable, mark: object, find: Callable[[], T]) -> T:
    """What was found for this name, as long as the mark stays as it is."""
    answers: Answers = bench.memo.setdefault("while", Answers(SCOPES))
    told: tuple[object, T] = answers.of(name, lambda: (mark, find()))
    if told[0] != mark:
        told = answers.of(name, lambda: (mark, find()), instead_of=told)
    return told[1]


def _made(bench: Workbench, revision: int, kept: Library | None) -> Library:
    """The library of now: rows of documents that changed are read again, or all where too many did."""
    changed = bench.store.touched(kept.revision) if kept else None
    if kept is None or changed is None or len(changed) > max(FEW, len(kept.rows) // MANY):
        return Library(revision, bench.store.evidence())
    if not changed:
        return kept.later(revision)
    again = frozenset(changed)
    old = [row for row in kept.rows if row.document_id in again]
    new = sorted(bench.store.evidence_rows(changed), key=attrgetter("id"))
    if list(map(_who, old)) != list(map(_who, new)):
        rows = [row for row in kept.rows if row.document_id not in again]
        return Library(revision, sorted([*rows, *new], key=attrgetter("id")))
    instead = {row.id: row for row in new}
    return Library(revision, [instead.get(row.id, row) for row in kept.rows], kept.people)


def _who(row: EvidenceRow) -> tuple[object, ...]:
    """Who says it, where and when: everything that filters ask of a row but what it says."""
    told = (row.segment, row.source, row.outcome, row.competitor, row.account, row.quarter, row.date, row.rights)
    return row.id, row.document_id, row.respondent, row.role, row.mode, row.language, *told


def _by_theme(rows: Sequence[EvidenceRow]) -> Mapping[str | None, Sequence[EvidenceRow]]:
    groups: dict[str | None, list[EvidenceRow]] = defaultdict(list)
    for row in rows:
        groups[row.theme_id].append(row)
    return dict(groups)


def _by_document(rows: Sequence[EvidenceRow]) -> Mapping[str, Sequence[EvidenceRow]]:
    groups: dict[str, list[EvidenceRow]] = defaultdict(list)
    for row in rows:
        groups[row.document_id].append(row)
    return dict(groups)
