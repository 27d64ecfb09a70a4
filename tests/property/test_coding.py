"""Whatever is done to codes and codings: undo leads back, no coding is without its code, and none is there twice."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.unit.webtools import small_workspace
from winloss.errors import Conflict, NotFound
from winloss.model import NONE_APPLIES, Filters
from winloss.services import doing
from winloss.services.research import codes, coding
from winloss.services.search import searching

if TYPE_CHECKING:
    from collections.abc import Iterator

    from winloss.ports import Workbench

ME = "Dana"
PATHS = st.lists(st.sampled_from(["a", "b", "A"]), min_size=1, max_size=3).map("/".join)
VERBATIMS = st.integers(0, 2)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), PATHS, PATHS, VERBATIMS),
        st.tuples(st.sampled_from(["move", "merge", "remove", "describe"]), PATHS, PATHS, VERBATIMS),
        st.tuples(st.sampled_from(["give", "new", "take", "none"]), PATHS, PATHS, VERBATIMS),
    ),
    max_size=12,
)


@dataclass(frozen=True)
class Opened:
    """A workspace with three of its verbatims. Told in a word when an example is printed, not with all its settings."""

    bench: Workbench = field(repr=False)
    verbatims: list[str]


@pytest.fixture(scope="module")
def opened(tmp_path_factory) -> Iterator[Opened]:
    with small_workspace(tmp_path_factory.mktemp("coding")) as bench:
        yield Opened(bench, [hit.passage.id for hit in searching.search(bench, "", Filters(), limit=3).hits])


def state(bench):
    return bench.store.codes(), bench.store.codings()


def undone(bench):
    """Undo all that was done; how many steps it was."""
    steps = 0
    with suppress(NotFound):
        while True:
            doing.undo(bench, by=ME)
            steps += 1
    return steps


def taken(bench, ids, step):
    """Do one step; whether it was allowed."""
    what, path, other, number = step
    verbatim = ids[number]
    ways = {
        "add": lambda: codes.add(bench, path, by=ME),
        "move": lambda: codes.move(bench, path, other, by=ME),
        "merge": lambda: codes.merge(bench, path, other, by=ME),
        "remove": lambda: codes.remove(bench, path, by=ME),
        "describe": lambda: codes.describe(bench, path, by=ME, description=other),
        "give": lambda: [coding.give(bench, verbatim, [code.path], coder=ME) for code in codes.codes(bench)[:2]],
        "new": lambda: coding.give(bench, verbatim, [path], coder=ME, new=True),
        "take": lambda: [coding.take_away(bench, verbatim, [code.path], coder=ME) for code in codes.codes(bench)[:1]],
        "none": lambda: coding.none_applies(bench, verbatim, coder=ME),
    }
    try:
        ways[what]()
    except (Conflict, NotFound):
        return False
    return True


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
@example(steps=[("add", "b/A/b", "a", 0), ("add", "a/a", "a", 0), ("merge", "b", "a", 0)])
def test_whatever_is_done_holds_together_and_can_be_taken_back(opened, steps):
    bench = opened.bench
    try:
        for step in steps:
            before = state(bench)
            if not taken(bench, opened.verbatims, step):
                assert state(bench) == before
            holds_together(bench, opened.verbatims)
        told = coding.tally(bench)
        assert all(row.here <= row.total.count <= row.total.base == told.looked_at for row in told.codes)
        after = state(bench)
        number = undone(bench)
        assert state(bench) == ([], [])
        for _ in range(number):
            doing.redo(bench, by=ME)
        assert state(bench) == after
    finally:
        undone(bench)
    assert state(bench) == ([], [])


def holds_together(bench, verbatims):
    known = {code.path for code in bench.store.codes()}
    given_codes = bench.store.codings()
    assert {item.code for item in given_codes} <= known | {NONE_APPLIES}
    assert {path.rpartition("/")[0] for path in known} <= known | {""}
    assert len({codes.key_of(path) for path in known}) == len(known)
    for verbatim in verbatims:
        mine = [item.code for item in given_codes if item.verbatim_id == verbatim]
        assert NONE_APPLIES not in mine or mine == [NONE_APPLIES]
