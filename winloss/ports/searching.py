"""What finds passages: caches and indexes that can be made anew from the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from winloss.model import Ask, Filters, Found, Passage

if TYPE_CHECKING:
    from winloss.ports.judging import Vectors


class Mirror(Protocol):
    """What follows the current passages within the transactions that change them; its parts are not yet committed.

    `connection` is the transaction's own, a SQLAlchemy connection.
    """

    def replace(self, connection: Any, documents: Sequence[str], passages: Sequence[Passage]) -> None:
        """These are now all the current passages of these documents."""

    def note(self, connection: Any, revision: int, *, erased: bool) -> None:
        """Everything of this revision has been told; `erased`: something was taken away for good."""


class VectorCache(Protocol):
    """Vectors by text key, per encoder fingerprint, append-only and crash-safe; rebuildable, hence beside the store."""

    def missing(self, keys: Sequence[str]) -> list[str]:
        """Those of `keys` that have no vector, each once, in order."""

    def append(self, keys: Sequence[str], vectors: Vectors) -> None:
        """Add vectors; durable when the call returns."""

    def get(self, keys: Sequence[str]) -> Vectors:
        """One row per key, in order. Raises NotFound where one is missing."""

    def clear(self) -> None:
        """Throw every vector of this fingerprint away."""

    def close(self) -> None:
        """Let go of the files."""


class SearchIndex(Protocol):
    """Lexical search over passages; rebuildable. Everything engine-specific is behind this."""

    def revision(self) -> int | None:
        """The store revision the index was last brought to; None when it is empty or unusable."""

    def ids(self) -> frozenset[str]:
        """The ids of every indexed passage."""

    def differing(self, passages: Iterable[Passage]) -> list[str]:
        """The ids of those passages that are not indexed, or not with these words, title and question."""

    def update(self, passages: Iterable[Passage], removed: Iterable[str], *, revision: int) -> None:
        """Add or replace passages, drop removed ids, and remember the revision; atomic."""

    def rebuild(self, passages: Iterable[Passage], *, revision: int) -> None:
        """Throw everything away and index these passages; atomic."""

    def search(
        self, query: str, *, limit: int, allowed: frozenset[str] | None = None, fuzzy: bool = False
    ) -> list[tuple[str, float]]:
        """(verbatim id, BM25 score), best first, ties by id; `allowed` restricts the answer to these ids.

        Raises:
            QueryError: the query cannot be parsed.
        """

    def highlight(self, query: str, text: str) -> list[tuple[int, int]]:
        """Half-open spans of `text` that match the query's words."""


class SearchEngine(Protocol):
    """Search over everything that is counted: words, meaning, filters and their counts, as of the store's revision."""

    def find(self, ask: Ask, vector: Vectors | None = None) -> Found:
        """A page of what the ask leads to; `vector` is the query's, without which nothing is found by meaning.

        Which verbatims a query finds does not depend on the filters. A page asked for `as_of` the revision of an
        earlier one goes on with its ranking while that is remembered.

        Raises:
            QueryError: the query cannot be parsed, or there is no such order.
        """

    def nearest(self, vector: Vectors, filters: Filters, limit: int) -> list[tuple[str, float]]:
        """(verbatim id, cosine) of the nearest that pass the filters, nearest first, ties by id."""

    def check(self, filters: Filters) -> None:
        """Refuse filter values that no verbatim has.

        Raises:
            QueryError: a value is unknown; the hint names the nearest known one.
        """

    def values(self) -> Mapping[str, tuple[tuple[str, int], ...]]:
        """Every value of every filter with its verbatims, most first."""

    def spelt(self, query: str) -> str | None:
        """The query with words that occur nowhere spelt as the corpus or a known name is, or None without such words.

        Raises:
            QueryError: it cannot be parsed.
        """

    def simpler(self, query: str) -> list[tuple[str, str]]:
        """(label, query) of queries that ask for less, the nearest to what was asked first.

        Raises:
            QueryError: it cannot be parsed.
        """

    def highlight(self, query: str, text: str) -> list[tuple[int, int]]:
        """Half-open spans of `text` that match the query's words."""

    def ready(self) -> None:
        """Have everything at the store's revision, so that the next who asks need not wait for it."""

    def forget(self) -> None:
        """Let go of all that is kept of the evidence, in memory and on the disk."""
