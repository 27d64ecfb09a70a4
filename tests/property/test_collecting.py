"""Whatever is done to collections and saved searches: undo leads back, and redo forward again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.webtools import small_workspace
from winloss.errors import Conflict, NotFound, QueryError
from winloss.model import Filters
from winloss.services import doing
from winloss.services.research import collecting
from winloss.services.search import saving, searching

if TYPE_CHECKING:
    from collections.abc import Iterator

    from winloss.ports import Workbench

ME = "Dana"
NAMES = st.sampled_from(["Board deck", "board  DECK", "Launch", ""])
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "rename", "merge", "remove", "pin", "unpin", "note", "move", "save", "resave", "drop"]),
        NAMES,
        NAMES,
        st.integers(0, 3),
    ),
    max_size=14,
)


@pytest.fixture(scope="module")
def opened(tmp_path_factory) -> Iterator[tuple[Workbench, list[str]]]:
    with small_workspace(tmp_path_factory.mktemp("collecting")) as bench:
        yield bench, [hit.passage.id for hit in searching.search(bench, "", Filters(), limit=4).hits]


def state(bench):
    return bench.store.collections(), bench.store.pins(), bench.store.saved_searches()


def taken(bench, ids, step):
    """Do one step; whether it was allowed."""
    what, name, other, number = step
    one = ids[number]
    ways = {
        "add": lambda: collecting.create(bench, name, by=ME, description=other),
        "rename": lambda: collecting.describe(bench, name, by=ME, to=other),
        "merge": lambda: collecting.merge(bench, name, other, by=ME),
        "remove": lambda: collecting.remove(bench, name, by=ME),
        "pin": lambda: collecting.pin(bench, name, ids[number:], by=ME, note=other, new=True),
        "unpin": lambda: collecting.unpin(bench, name, [one], by=ME),
        "note": lambda: collecting.note(bench, name, one, other, by=ME),
        "move": lambda: collecting.move(bench, name, one, number, by=ME),
        "save": lambda: saving.save(bench, name, "alerts", Filters(), mode="words", by=ME),
        "resave": lambda: saving.rename(bench, name, other, by=ME),
        "drop": lambda: saving.remove(bench, name, by=ME),
    }
    try:
        ways[what]()
    except (Conflict, NotFound, QueryError):
        return False
    return True


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_undo_leads_back_through_every_state_and_redo_forward(opened, steps):
    bench, ids = opened
    with bench.store.aside() as transaction:
        transaction.forget_operations()
    passed = [state(bench)]
    for step in steps:
        before = state(bench)
        done = taken(bench, ids, step)
        if state(bench) != before:
            assert done, "what is refused changes nothing"
            passed.append(state(bench))
        pins = bench.store.pins()
        assert len({(pin.collection_id, pin.verbatim_id) for pin in pins}) == len(pins)
        assert {pin.collection_id for pin in pins} <= {item.id for item in bench.store.collections()}
    for earlier in reversed(passed[:-1]):
        doing.undo(bench, by=ME)
        assert state(bench) == earlier
    for later in passed[1:]:
        doing.redo(bench, by=ME)
        assert state(bench) == later
    for _ in passed[1:]:
        doing.undo(bench, by=ME)
    assert state(bench) == passed[0]
