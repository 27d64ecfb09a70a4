"""What browsing keeps in memory: the evidence of the store's current revision, and what was counted of it.

Whatever is asked of the same revision twice is counted once. When anything is written there is another library, which
remembers nothing; of the rows, only those of documents that changed are read again.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
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
"""Where no more documents changed than these, the rows of the others are kept."""

T = TypeVar("T")


class Answers:
    """The answers to the latest questions, each found once, however many ask at the same time."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._known: OrderedDict[Hashable, _Answer] = OrderedDict()

    def of(self, question: Hashable, find: Callable[[], T]) -> T:
        """The answer to the question; found by whoever asks first, while others who ask the same wait for it."""
        with self._lock:
            answer = self._known.setdefault(question, _Answer())
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
    """The evidence of one store revision. Nothing that it gives out may be changed."""

    def __init__(self, revision: int, rows: Sequence[EvidenceRow]) -> None:
        self.revision = revision
        self.rows = rows
        self._answers, self._scopes = Answers(REMEMBERED), Answers(SCOPES)

    def once(self, question: Hashable, find: Callable[[], T]) -> T:
        """What `find` finds, found once in this revision for the same question: it must hang on nothing else."""
        return self._answers.of(question, find)

    def listed(self, question: Hashable, find: Callable[[], T]) -> T:
        """The same of what may be large: fewer answers are kept."""
        return self._scopes.of(("listed", question), find)

    def passing(self, filters: Filters) -> Sequence[EvidenceRow]:
        """The rows that pass the filters, by id."""
        return self._scopes.of(filters, lambda: passing(self.rows, filters)) if filters else self.rows

    def heard(self, filters: Filters) -> Heard:
        """The people heard in a scope."""
        return self._scopes.of(("heard", filters), lambda: Heard(self.passing(filters)))

    def by_theme(self, filters: Filters) -> Mapping[str | None, Sequence[EvidenceRow]]:
        """The rows of a scope by their theme; those in none under None."""
        return self._scopes.of(("by theme", filters), lambda: _by_theme(self.passing(filters)))

    def of_document(self, document_id: str) -> Sequence[EvidenceRow]:
        """The rows of one document, by id."""
        return self._scopes.of("by document", lambda: _by_document(self.rows)).get(document_id, ())


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
            kept = bench.memo["library"] = Library(revision, _rows(bench, kept))
        return kept


def at_revision(bench: Workbench, name: str, find: Callable[[], T]) -> T:
    """What `find` finds, found once in each revision of the store; unlike `once`, no evidence is read for it."""
    revision = bench.store.revision()
    kept = bench.memo.get(f"at revision: {name}")
    if kept is None or kept[0] != revision:
        kept = bench.memo[f"at revision: {name}"] = (revision, find())
    found: T = kept[1]
    return found


def _rows(bench: Workbench, kept: Library | None) -> Sequence[EvidenceRow]:
    """Every row of now: those of documents that changed are read again, or all where too many did."""
    changed = bench.store.touched(kept.revision) if kept else None
    if kept is None or changed is None or len(changed) > FEW:
        return bench.store.evidence()
    again = frozenset(changed)
    rows = [row for row in kept.rows if row.document_id not in again] if again else kept.rows
    new = list(bench.store.evidence_rows(changed)) if again else []
    return sorted([*rows, *new], key=attrgetter("id")) if new or len(rows) < len(kept.rows) else kept.rows


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
