"""Searching a workspace: the index of words, the vectors and the evidence in columns put together.

What a query finds does not depend on the filters: by words whatever matches, by meaning whatever is near enough, both
together whatever is near or has at least half of the telling words. So the count beside a filter is what choosing it
leaves.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from winloss.errors import QueryError
from winloss.model import Ask, Filters, Found
from winloss.search.columns import FIELDS, EvidenceTable, Mask, Rows
from winloss.search.hybrid import fuse
from winloss.search.knowing import with_known_values
from winloss.search.query import All, Field, demanded, parse, said

if TYPE_CHECKING:
    from winloss.ports import Store
    from winloss.search.postings import Snapshot
    from winloss.search.table_file import TableFile

Scores = NDArray[np.float32]

NEAR = 0.3
"""Cosine from which on a verbatim counts as found by meaning; see `benchmarks/retrieval`."""
HALF = 0.5
"""Share of the telling words, by their rarity, that counts as found where meaning decides too."""
DEPTH = 1000
"""How many of the best of each kind are weighed against each other; what is found beyond follows by its own score."""
RANKINGS_KEPT = 32
KEPT_AFTER = 50
"""The evidence is kept anew once one of so many documents has changed: the next process reads less than that."""
NO_KEYS: NDArray[np.uint64] = np.empty((0, 2), dtype=np.uint64)
DIGITS = 5
"""Scores are compared to this many decimals: rounding noise must not decide an order."""


@dataclass(frozen=True, slots=True)
class Matches:
    """Per row what a query is worth there: BM25 (nan: no match), the share of its words, the cosine (nan: unknown)."""

    words: Scores | None
    share: Scores | None
    cosines: Scores | None
    demanded: Mask | None

    def members(self, *, close_only: bool) -> Mask:
        """The rows that the query finds; unless `close_only`, whatever is ranked."""
        if self.cosines is None:
            assert self.share is not None
            return self.share > 0
        found: Mask = self.cosines >= NEAR if close_only else ~np.isnan(self.cosines)
        if self.share is not None:
            found |= self.share >= (HALF if close_only else np.finfo(np.float32).tiny)
        return found & self.demanded if self.demanded is not None else found


@dataclass(frozen=True, slots=True)
class _Ranking:
    """The rows that an ask leads to, best first, as far as they were put in order, in the table of that moment."""

    table: EvidenceTable
    rows: Rows
    scores: NDArray[np.float64]
    total: int
    members: Mask | None
    complete: bool


_Basis = tuple["Snapshot | None", object]
"""What of the index and the vectors a ranking was made from: they follow the store a little later."""


class Words(Protocol):
    """The index of words as an engine sees it."""

    def snapshot(self) -> Snapshot | None:
        """The newest state; None where there is none."""

    def understood(self, tree: All) -> All:
        """The tree with what means the same beside each word."""

    def highlight(self, query: str, text: str) -> list[tuple[int, int]]:
        """Half-open spans of the text that match the query's words."""


class LocalEngine:
    """Search over one workspace on this machine. Any number of threads may ask at the same time.

    Everything is brought to the store's revision when something is asked; what changed since is all that is read.
    `meant` says which value of a field another name for it stands for, such as a competitor's nickname; `names` are
    what a misspelt word may have been meant for though nobody said it, such as companies.
    `kept` is where the evidence is found again by the next process.
    """

    def __init__(
        self,
        store: Store,
        index: Words,
        vectors: Callable[[], Any],
        meant: Callable[[str, str], str | None] = lambda _field, _written: None,
        names: Sequence[str] = (),
        kept: TableFile | None = None,
    ) -> None:
        self._store = store
        self._names = names
        self._kept = kept
        self._unkept: int | None = None
        self._meant = meant
        self._index = index
        self._vectors = vectors
        self._table: EvidenceTable | None = None
        self._placed: tuple[EvidenceTable, int, NDArray[np.int32]] | None = None
        self._rows_of: tuple[EvidenceTable, Snapshot, NDArray[np.int32]] | None = None
        self._rankings: OrderedDict[object, tuple[_Basis, _Ranking]] = OrderedDict()
        self._turn = Lock()

    # --- asking ---

    def find(self, ask: Ask, vector: Scores | None = None) -> Found:
        """What the ask leads to: a page of ids with scores, how many there are, and the filter counts asked for.

        `vector` is the query's, a unit row; without it nothing is found by meaning.

        Raises:
            QueryError: the query cannot be parsed, or there is no such mode or order.
        """
        table = self.table()
        tree = self._parsed(table, ask.query) if ask.query.strip() else None
        ranking = self._ranking(table, ask, tree, vector)
        table = ranking.table
        window = slice(ask.offset, ask.offset + ask.limit)
        named = zip(ranking.rows[window].tolist(), ranking.scores[window].tolist(), strict=True)
        counts: Mapping[str, Any] = {}
        if ask.counted:
            counts = table.counts_with(ask.filters, ask.counted, within=ranking.members)
        return Found(
            revision=table.revision,
            total=ranking.total,
            ranking=tuple((table.id_of(row), score) for row, score in named),
            filter_counts=counts,
        )

    def nearest(self, vector: Scores, filters: Filters, limit: int) -> list[tuple[str, float]]:
        """(id, cosine) of the verbatims nearest to the vector among those that pass the filters, nearest first."""
        table = self.table()
        rows = np.flatnonzero(table.mask(filters))
        cosines = self._cosines(table, vector)[rows]
        kept = ~np.isnan(cosines)
        found, scores = best(rows[kept], cosines[kept], table, limit)
        return [(table.id_of(row), score) for row, score in zip(found.tolist(), scores.tolist(), strict=True)]

    def check(self, filters: Filters) -> None:
        """Refuse filter values that no verbatim has.

        Raises:
            QueryError: a value is unknown; the hint names the nearest known one.
        """
        self.table().check(filters)

    def values(self) -> Mapping[str, tuple[tuple[str, int], ...]]:
        """Every value of every filter with its verbatims, most first."""
        return self.table().counts_with(Filters(), FIELDS)

    def spelt(self, query: str) -> str | None:
        """The query with words that occur nowhere spelt as the corpus or a known name is, or None without such words.

        Raises:
            QueryError: it cannot be parsed.
        """
        from winloss.search.suggesting import did_you_mean

        snapshot = self._index.snapshot()
        return did_you_mean(parse(query), snapshot.frequencies if snapshot is not None else {}, self._names)

    def simpler(self, query: str) -> list[tuple[str, str]]:
        """Queries that ask for less, each with a label that says what it leaves out.

        Raises:
            QueryError: it cannot be parsed.
        """
        from winloss.search.suggesting import relaxed

        return [(other.label, other.query) for other in relaxed(parse(query))]

    def highlight(self, query: str, text: str) -> list[tuple[int, int]]:
        """Half-open spans of the text that match the query's words."""
        return self._index.highlight(query, text)

    def table(self) -> EvidenceTable:
        """The evidence at the store's current revision."""
        revision = self._store.revision()
        table = self._table
        if table is not None and table.revision >= revision:
            return table
        with self._turn:
            if self._table is None or self._table.revision < revision:
                self._table = self._brought_to(self._table or self._found_kept(revision), revision)
                self._keep(self._table)
            return self._table

    def ready(self) -> None:
        """Have everything at the store's revision, so that the next who asks need not wait for it."""
        self.table()

    def forget(self) -> None:
        """Let go of all that is kept of the evidence, in memory and on the disk."""
        with self._turn:
            self._table = self._placed = self._rows_of = None
            self._rankings.clear()
            if self._kept is not None:
                self._kept.drop()

    def _brought_to(self, table: EvidenceTable | None, revision: int) -> EvidenceTable:
        touched = self._store.touched(table.revision) if table is not None else None
        if table is None or touched is None or 2 * table.count < len(table):
            self._unkept = None
            return EvidenceTable.from_rows(self._store.evidence_rows(), revision=revision)
        if not touched:
            return replace(table, revision=revision)
        if self._unkept is not None:
            self._unkept += len(touched)
        return table.changed(touched, self._store.evidence_rows(touched), revision=revision)

    def _found_kept(self, revision: int) -> EvidenceTable | None:
        table = self._kept.load() if self._kept is not None else None
        if table is None or table.revision > revision:
            return None
        self._unkept = 0
        return table

    def _keep(self, table: EvidenceTable) -> None:
        """Keep the table once enough documents have changed since the one that is kept, which is None at first."""
        enough = self._unkept is None or self._unkept * KEPT_AFTER > len(table.documents.values)
        if self._kept and enough and self._kept.save(table, lambda: self._store.revision() == table.revision):
            self._unkept = 0

    # --- ranking ---

    def _ranking(self, table: EvidenceTable, ask: Ask, tree: All | None, vector: Scores | None) -> _Ranking:
        """The ranking of an ask; remembered, so that its pages belong together whatever is added meanwhile."""
        understood = self._index.understood(tree) if tree is not None else None
        asked = (understood, ask.filters, ask.mode, ask.sort, ask.close_only)
        reach = ask.offset + ask.limit
        basis = self._index.snapshot(), self._state_of_vectors() if vector is not None else None
        with self._turn:
            made_from, known = self._rankings.get((ask.as_of or table.revision, asked), (None, None))
        usable = known is not None and (ask.as_of is not None or made_from == basis)
        if known is not None and usable and (known.complete or len(known.rows) >= reach):
            return known
        ranking = self._ranked(table, ask, tree, vector, reach)
        with self._turn:
            self._rankings[table.revision, asked] = basis, ranking
            while len(self._rankings) > RANKINGS_KEPT:
                self._rankings.popitem(last=False)
        return ranking

    def _ranked(self, table: EvidenceTable, ask: Ask, tree: All | None, vector: Scores | None, reach: int) -> _Ranking:
        matches = self._matches(table, ask, tree, vector) if tree is not None else None
        members = matches.members(close_only=ask.close_only) if matches else None
        allowed = table.mask(ask.filters)
        rows = np.flatnonzero(allowed & members if members is not None else allowed)
        worded = tree is not None and bool(said(tree).parts)
        if ask.sort in ("newest", "oldest") or (ask.sort == "relevance" and not worded):
            ordered, scores = _by_day(rows, table, newest=ask.sort != "oldest")
        elif ask.sort in ("typical", "unusual"):
            ordered, scores = self._by_typicality(rows, table, typical=ask.sort == "typical")
        elif ask.sort == "relevance" and matches is not None:
            ordered, scores = _by_relevance(rows, matches, table, reach, self._to_weigh(table, matches, vector))
        else:
            raise QueryError(f"no order {ask.sort!r}", hint="Orders: relevance, newest, oldest, typical, unusual.")
        return _Ranking(table, ordered, scores, len(rows), members, len(ordered) == len(rows))

    def _parsed(self, table: EvidenceTable, query: str) -> All:
        return with_known_values(parse(query), table.names, self._meant)

    def _matches(self, table: EvidenceTable, ask: Ask, tree: All, vector: Scores | None) -> Matches:
        understood = self._index.understood(tree)
        words = share = required = None
        if ask.mode != "meaning" or vector is None or not said(tree).parts:
            words, share = self._by_words(table, understood)
        by_meaning = vector is not None and ask.mode != "words" and said(tree).parts
        cosines = self._near(table, vector, ask) if vector is not None and by_meaning else None
        if cosines is not None and (demands := demanded(understood)) is not None:
            required = self._meeting(table, demands)
        return Matches(words, share, cosines, required)

    def _near(self, table: EvidenceTable, vector: Scores, ask: Ask) -> Scores:  # noqa: ARG002
        """The cosine of every row that the ask may find by meaning; nan where none is known."""
        return self._cosines(table, vector)

    def _to_weigh(self, table: EvidenceTable, matches: Matches, vector: Scores | None) -> Callable[[Rows], Scores]:  # noqa: ARG002
        """What gives the cosines of rows, also of those that are not near."""
        cosines = matches.cosines
        return lambda rows: np.full(len(rows), np.nan, np.float32) if cosines is None else cosines[rows]

    def _state_of_vectors(self) -> object:
        return len(self._vectors().placed(NO_KEYS)[1])

    def _by_words(self, table: EvidenceTable, tree: All) -> tuple[Scores, Scores]:
        from winloss.search.scoring import match

        words = np.full(len(table), np.nan, dtype=np.float32)
        share = np.zeros(len(table), dtype=np.float32)
        snapshot = self._index.snapshot()
        if snapshot is not None and snapshot.live:
            row_of_doc = self._rows_of_docs(table, snapshot)

            def docs_having(field: Field) -> NDArray[np.int32]:
                having = np.append(table.meeting(field.name, field.values, field.low, field.high), False)
                return np.flatnonzero(having[row_of_doc]).astype(np.int32)

            docs, scores, shares = match(tree, snapshot, docs_having)
            rows = row_of_doc[docs]
            here = rows >= 0
            words[rows[here]] = scores[here]
            share[rows[here]] = shares[here]
        return words, share

    def _meeting(self, table: EvidenceTable, demands: All) -> Mask:
        """The rows that meet what the query demands."""
        if any(not part.excluded for part in demands.parts):
            met: Mask = self._by_words(table, demands)[1] > 0
            return met
        _, unwanted = self._by_words(table, All(tuple(replace(part, excluded=False) for part in demands.parts)))
        free: Mask = unwanted == 0
        return free

    def _cosines(self, table: EvidenceTable, vector: Scores) -> Scores:
        """The cosine of every row; nan where a text has no vector yet."""
        places, matrix = self._places(table)
        if not len(matrix):
            return np.full(len(table), np.nan, dtype=np.float32)
        found: Scores = (matrix @ vector)[places]
        found[places < 0] = np.nan
        return found

    def _places(self, table: EvidenceTable) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Where each row's vector stands, and the vectors."""
        vectors = self._vectors()
        known = self._placed
        if known is not None and known[0] is table:
            places, matrix = known[2], vectors.placed(NO_KEYS)[1]
            if len(matrix) == known[1]:
                return places, matrix
        places, matrix = vectors.placed(table.keys)
        self._placed = table, len(matrix), places
        return places, matrix

    def _rows_of_docs(self, table: EvidenceTable, snapshot: Snapshot) -> NDArray[np.int32]:
        """The row of each document of the index; -1 where it is not current evidence."""
        known = self._rows_of
        if known is not None and known[0] is table and known[1] is snapshot:
            return known[2]
        rows = table.rows_of(snapshot.ids)
        rows[snapshot.deleted] = -1
        self._rows_of = table, snapshot, rows
        return rows

    def _by_typicality(self, rows: Rows, table: EvidenceTable, *, typical: bool) -> tuple[Rows, NDArray[np.float64]]:
        """By the cosine to the middle of them all; rows without a vector come last."""
        places, matrix = self._places(table)
        placed = rows[places[rows] >= 0]
        rest = rows[places[rows] < 0]
        if not len(placed):
            return rest, np.zeros(len(rest))
        middle = np.zeros(matrix.shape[1], dtype=np.float64)
        for start in range(0, len(placed), 65536):
            middle += matrix[places[placed[start : start + 65536]]].sum(axis=0)
        middle /= np.linalg.norm(middle) or 1.0
        cosines = np.round((matrix @ middle.astype(np.float32))[places[placed]].astype(np.float64), DIGITS)
        order = np.lexsort((table.ids[placed], -cosines if typical else cosines))
        return np.concatenate([placed[order], rest]), np.concatenate([cosines[order], np.zeros(len(rest))])


def _by_relevance(
    rows: Rows, matches: Matches, table: EvidenceTable, reach: int, cosines_of: Callable[[Rows], Scores]
) -> tuple[Rows, NDArray[np.float64]]:
    """The best first: of both kinds the best are weighed against each other, the others follow by nearness.

    `cosines_of` gives the cosines of rows that are weighed, be they near or not.
    """
    words = matches.words[rows] if matches.words is not None else np.full(len(rows), np.nan, dtype=np.float32)
    cosines = matches.cosines[rows] if matches.cosines is not None else np.full(len(rows), np.nan, dtype=np.float32)
    if matches.words is None or matches.cosines is None:
        return best(rows, words if matches.cosines is None else cosines, table, max(reach, DEPTH))
    chosen = np.union1d(_top(words, DEPTH), _top(cosines, DEPTH))
    head = rows[chosen]
    scores = fuse(words[chosen], cosines_of(head), table.documents.codes[head], table.turns[head])
    order = np.lexsort((table.ids[head], -scores))
    if reach <= len(head) or len(head) == len(rows):
        return head[order], scores[order]
    others = np.setdiff1d(np.arange(len(rows)), chosen, assume_unique=True)
    tail, nearness = best(rows[others], cosines_of(rows[others]), table, len(others))
    lowest = float(scores.min()) if len(scores) else 0.0
    return np.concatenate([head[order], tail]), np.concatenate([scores[order], lowest - 1 + nearness])


def _by_day(rows: Rows, table: EvidenceTable, *, newest: bool) -> tuple[Rows, NDArray[np.float64]]:
    """By day; what has none comes last, ties go by id."""
    days = table.days[rows].astype(np.int64)
    order = np.lexsort((table.ids[rows], -days if newest else np.where(days > 0, days, np.iinfo(np.int64).max)))
    return rows[order], np.zeros(len(rows))


def best(rows: Rows, scores: Scores, table: EvidenceTable, limit: int) -> tuple[Rows, NDArray[np.float64]]:
    """The `limit` best rows with their scores, ties by id."""
    chosen = _top(scores, limit)
    rounded = np.array(np.round(scores[chosen], DIGITS), dtype=np.float64)
    order = np.lexsort((table.ids[rows[chosen]], -rounded))[:limit]
    return rows[chosen][order], rounded[order]


def _top(scores: Scores, limit: int) -> Rows:
    """The places of the `limit` greatest scores and of what equals the least of them, ascending; nan is none."""
    places = np.flatnonzero(~np.isnan(scores))
    if len(places) <= limit:
        return places
    known = np.round(scores[places], DIGITS)
    border = np.partition(known, len(known) - limit)[len(known) - limit]
    best: Rows = places[known >= border]
    return best
