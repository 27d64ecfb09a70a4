"""A workbench that stands still: the same answers, asked for once."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace

import pytest

from tests.unit.passages import a_passage
from winloss.services.still import still


class Counting:
    """A store that counts what it is asked."""

    def __init__(self):
        self.asked = Counter()

    def revision(self):
        self.asked["revision"] += 1
        return 7

    def deals(self):
        self.asked["deals"] += 1
        return ["d1"]

    def verdicts(self, quarter=None):
        self.asked["verdicts", quarter] += 1
        return [quarter]

    def passages(self, ids):
        self.asked.update(ids)
        return [a_passage(name) for name in ids if name != "gone"]


@pytest.fixture
def counting(monkeypatch):
    monkeypatch.setattr("winloss.services.still.replace", lambda bench, store: SimpleNamespace(store=store))
    store = Counting()
    return store, still(SimpleNamespace(store=store)).store


def test_what_was_asked_is_answered_from_memory(counting):
    store, quiet = counting
    assert [quiet.revision() for _ in range(3)] == [7, 7, 7]
    assert [quiet.verdicts("2026Q1"), quiet.verdicts("2026Q2"), quiet.verdicts()] == [["2026Q1"], ["2026Q2"], [None]]
    assert store.asked["revision"] == 1


def test_whoever_changes_an_answer_changes_only_their_own(counting):
    _, quiet = counting
    quiet.deals().append("mine")
    assert quiet.deals() == ["d1"]


def test_each_verbatim_is_read_once_and_comes_in_the_order_asked_for(counting):
    store, quiet = counting
    assert [passage.id for passage in quiet.passages(["v2", "gone", "v1", "v2"])] == ["v2", "v1", "v2"]
    assert [passage.id for passage in quiet.passages(["v1", "v3"])] == ["v1", "v3"]
    assert (store.asked["v1"], store.asked["v2"], store.asked["v3"]) == (1, 1, 1)
