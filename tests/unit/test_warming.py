"""What pages count is in memory before anybody asks: at the start, and after what is written has lasted a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.unit.webtools import small_workspace
from winloss.model import Filters
from winloss.services import browsing
from winloss.services.library import library
from winloss.services.research import coding
from winloss.services.workspace import warming

if TYPE_CHECKING:
    from winloss.ports import Workbench


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Workbench]:
    with small_workspace(tmp_path) as bench:
        yield bench


def test_what_was_warmed_is_not_counted_again(small: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    warming.warm(small)
    monkeypatch.setattr(browsing, "_theme_page", lambda *_: pytest.fail("counted again"))
    pains = Filters(facet=("pain",))
    assert browsing.theme_page(small, pains, quarter=browsing.quarters(small)[-1]).themes
    assert browsing.theme_page(small, Filters()).themes


def test_after_a_write_that_lasts_it_is_warmed_again(small: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warming, "SETTLED", 0.01)
    stop = warming.start(small)
    try:
        _until(lambda: _warm(small))
        coding.give(small, library(small).rows[0].id, ["pain/cost"], coder="Mira", new=True)
        assert not _warm(small)
        _until(lambda: _warm(small))
    finally:
        stop.set()


def test_an_empty_workspace_has_nothing_to_warm(bench: Workbench) -> None:
    warming.warm(bench)


def test_warming_leaves_off_where_something_is_written(small: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    def steps(bench: Workbench) -> Iterator[object]:
        yield lambda: coding.give(bench, library(bench).rows[0].id, ["pain/cost"], coder="Mira", new=True)
        yield lambda: made.append("after the write")

    monkeypatch.setattr(warming, "_steps", steps)
    warming._warm_until_written(small, small.store.revision(), threading.Event())
    assert made == []


def _warm(bench: Workbench) -> bool:
    """Whether the last thing that is made is in memory for the revision of now."""
    kept = bench.memo.get("library")
    asked = ("hearing", "2026Q2")
    return kept is not None and kept.revision == bench.store.revision() and asked in kept._answers._known


def _until(true: object, seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end, "it was never warmed"
        time.sleep(0.02)
