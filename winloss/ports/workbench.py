"""The workbench: all seams together, as every use case is given them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from winloss.codebook import Codebook
from winloss.config import Settings
from winloss.ports.judging import Classifier, Drafter, Encoder, QuickStances, Stances
from winloss.ports.searching import SearchEngine, SearchIndex, VectorCache
from winloss.ports.store import Store


class Clock(Protocol):
    """Tells the time; a fake one makes tests exact."""

    def now(self) -> str:
        """The moment in UTC, ISO 8601 with seconds and `Z`."""


class Progress(Protocol):
    """Shows how far long work has come: a bar on a terminal, plain lines elsewhere, nothing in tests."""

    def track(
        self, label: str, *, total: int | None = None, unit: str = ""
    ) -> AbstractContextManager[Callable[[int], None]]:
        """A context in which calling the value with n says that n more units are done (fewer, where work starts again).

        What is counted goes without saying, unless the unit is `bytes`.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What works on plain texts, without a workspace. Slow parts are made when first asked for."""

    settings: Settings
    codebook: Codebook
    progress: Progress
    encoder: Callable[[], Encoder]
    classifier: Callable[[], Classifier]
    stances: Callable[[], Stances]
    quick_stances: Callable[[], QuickStances]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbench(Tools):
    """Everything a use case needs, put together by `winloss.bootstrap`.

    `classifier` knows what was learned from people's labels, where that was adopted; `shipped` is the one without.
    `searching` says in plain words where searching happens, and why not in the database where that was to be expected.
    `drafter` is a language model, None where none is configured; asking for it may raise ConfigError.
    `memo` holds what services keep in memory between calls, each with the store revision it was made from.
    """

    root: Path
    clock: Clock
    store: Store
    index: Callable[[], SearchIndex]
    engine: Callable[[], SearchEngine]
    vectors: Callable[[], VectorCache]
    shipped: Callable[[], Classifier]
    searching: str = "in files of the workspace"
    drafter: Callable[[], Drafter] | None = None
    memo: dict[str, Any] = field(default_factory=dict, repr=False)
