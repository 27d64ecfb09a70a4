"""The search index in a folder: kept by Whoosh, replaced whole when rebuilt, and thrown away when it does not fit.

    index/
      state.json     schema version, the generation in use, and the store revision it was brought to
      lock           held while writing
      g…/            one generation: a Whoosh index
      evidence.*     what the filters see, kept by `table_file`

A rebuild writes a new generation and then switches `state.json`, so that a crash leaves the old index in use. An update
commits inside the generation before it notes the revision: after a crash in between the same update is made again.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING
from uuid import uuid4

from winloss.errors import QueryError, StaleArtefact
from winloss.model import Passage
from winloss.search.analysis import ANALYSIS_VERSION
from winloss.search.files import locked, replace_whole
from winloss.search.query import All, forgiving, parse, words_of
from winloss.search.synonyms import Thesaurus
from winloss.search.thesaurus_file import LiveThesaurus

if TYPE_CHECKING:
    from winloss.search.postings import Kept, Snapshot

SCHEMA_VERSION = f"3.{ANALYSIS_VERSION}"
"""3: id, stems, surfaces with positions, stems of title and question, mark. An index of another version is rebuilt."""

STATE_FILE = "state.json"
LOCK_FILE = "lock"
RETRIES = 3


@dataclass(frozen=True, slots=True)
class _State:
    schema: str
    generation: str
    revision: int
    stamp: str
    """Of the write itself: another one means that an open index is to be opened anew."""


class WhooshIndex:
    """Lexical search over passages. Any number of processes may search while one writes.

    `synonyms` are groups of words and phrases that a query treats as one, or what keeps them; they are not part of the
    index.
    """

    def __init__(self, folder: Path, synonyms: tuple[tuple[str, ...], ...] | LiveThesaurus) -> None:
        self._folder = folder
        self._thesaurus = synonyms if isinstance(synonyms, LiveThesaurus) else Thesaurus(synonyms)
        self._open: tuple[_State, Snapshot] | None = None
        self._kept: Kept | None = None
        self._turn = Lock()

    def revision(self) -> int | None:
        """The store revision the index was last brought to; None when it is empty or unusable."""
        state = self._state()
        return state.revision if state else None

    def ids(self) -> frozenset[str]:
        """The ids of every indexed passage."""
        snapshot = self.snapshot()
        return snapshot.live_ids if snapshot else frozenset()

    def differing(self, passages: Iterable[Passage]) -> list[str]:
        """The ids of those passages that are not indexed, or not with these words, title and question."""
        from winloss.search.generation import mark_of

        snapshot = self.snapshot()
        return [item.id for item in passages if snapshot is None or snapshot.mark(item.id) != mark_of(item)]

    def update(self, passages: Iterable[Passage], removed: Iterable[str], *, revision: int) -> None:
        """Add or replace passages, drop removed ids, and remember the revision; atomic.

        Where there is no usable index, one is made of these passages.
        """
        from winloss.search import generation

        with locked(self._folder / LOCK_FILE):
            if state := self._state():
                generation.change(self._folder / state.generation, passages, removed)
                self._note(state.generation, revision)
            else:
                self._replace(passages, revision)

    def rebuild(self, passages: Iterable[Passage], *, revision: int) -> None:
        """Throw everything away and index these passages; atomic."""
        with locked(self._folder / LOCK_FILE):
            self._replace(passages, revision)

    def search(
        self, query: str, *, limit: int, allowed: frozenset[str] | None = None, fuzzy: bool = False
    ) -> list[tuple[str, float]]:
        """(verbatim id, score), best first, ties by id; `allowed` restricts the answer to these ids.

        `fuzzy` forgives slips of the pen in every bare word. An index that was never built answers nothing.

        Raises:
            QueryError: the query cannot be parsed; `column` says where.
            StaleArtefact: the index is damaged.
        """
        from winloss.search.scoring import best, score

        tree = self.understood(parse(query))
        snapshot = self.snapshot()
        if snapshot is None or not snapshot.live or limit < 1:
            return []
        docs, scores = score(forgiving(tree) if fuzzy else tree, snapshot)
        return best(docs, scores, snapshot.ids, limit, allowed)

    def highlight(self, query: str, text: str) -> list[tuple[int, int]]:
        """Half-open spans of `text` that match the query's words; a query with a slip in it is taken as bare words."""
        from winloss.search.highlighting import spans

        try:
            tree = parse(query)
        except QueryError:
            tree = words_of(query)
        return spans(self._thesaurus.expand(tree), text)

    def _state(self) -> _State | None:
        """What `state.json` says, or None where there is no index that this version can use."""
        try:
            state = _State(**json.loads((self._folder / STATE_FILE).read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return None
        present = any((self._folder / state.generation).glob("*.toc"))
        return state if present and state.schema == SCHEMA_VERSION else None

    def understood(self, tree: All) -> All:
        """The tree with what means the same beside each word."""
        return self._thesaurus.expand(tree)

    def snapshot(self) -> Snapshot | None:
        """The newest state, opened anew only when it has changed; None where there is none. It stays readable.

        Raises:
            StaleArtefact: the index is damaged.
        """
        with self._turn:
            for _ in range(RETRIES):
                state = self._state()
                if self._open is not None and self._open[0] == state:
                    return self._open[1]
                if state is None:
                    self._open = None
                    return None
                try:
                    self._open = state, self._opened(state)
                except FileNotFoundError:  # another process has just replaced this generation or merged its segments
                    continue
                return self._open[1]
        raise StaleArtefact("the search index is damaged", hint="Run `winloss reindex`.")

    def _opened(self, state: _State) -> Snapshot:
        from winloss.search import generation
        from winloss.search.postings import Kept

        self._kept = self._kept or Kept()
        before = self._open[1] if self._open and self._open[0].generation == state.generation else None
        return generation.open_snapshot(self._folder / state.generation, self._kept, before)

    def _replace(self, passages: Iterable[Passage], revision: int) -> None:
        from winloss.search import generation

        name = f"g{uuid4().hex[:12]}"
        generation.make(self._folder / name, passages)
        self._note(name, revision)

    def _note(self, name: str, revision: int) -> None:
        """Have the generation used from now on, and remove all others: what a crash left behind too."""
        state = _State(schema=SCHEMA_VERSION, generation=name, revision=revision, stamp=uuid4().hex)
        replace_whole(self._folder / STATE_FILE, json.dumps(asdict(state)).encode())
        for old in self._folder.glob("g*"):
            if old.name != name:
                shutil.rmtree(old, ignore_errors=True)
