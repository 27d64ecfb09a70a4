"""A workbench for one answer that asks the store again and again: what was read once is not read anew.

Between two sections of one report nothing is meant to change, and a question to the database that is asked three
hundred times costs more than all that is worked out from its answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from winloss.model import Passage
from winloss.ports import Workbench

if TYPE_CHECKING:
    from winloss.ports import Store

ONCE = ("revision", "deals", "accounts", "beliefs", "node_decisions", "verdicts", "syntheses")
"""What is read without saying which, and so need not be read twice."""


def still(bench: Workbench) -> Workbench:
    """The workbench with a store that answers the same question from memory. It is for reading, and for one answer."""
    return replace(bench, store=cast("Store", _Still(bench.store)))


class _Still:
    """A store of which some answers are remembered; everything else is passed on."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._answers: dict[str, Any] = {}
        self._passages: dict[str, Passage] = {}

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)
        return self._once(name, found) if name in ONCE else found

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """The verbatims of these ids that there are, in the order given."""
        missing = [name for name in dict.fromkeys(ids) if name not in self._passages]
        if missing:
            self._passages.update((passage.id, passage) for passage in self._store.passages(missing))
        return [self._passages[name] for name in ids if name in self._passages]

    def _once(self, name: str, ask: Callable[..., Any]) -> Callable[..., Any]:
        def answer(*given: Any, **named: Any) -> Any:
            if given or named:
                return ask(*given, **named)
            if name not in self._answers:
                self._answers[name] = ask()
            known = self._answers[name]
            return list(known) if isinstance(known, list) else known

        return answer
