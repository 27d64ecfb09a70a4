"""Hacker News where golden files do not show it: depth, and fields of any type."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ingest
from winloss.errors import MalformedSource
from winloss.model import ReadDocument
from winloss.ports import ReadContext

ITEM = {"id": 1, "created_at_i": 1776500000, "created_at": "", "author": "ines", "parent_id": None, "children": []}
HIT = {"objectID": "7", "created_at_i": 1776500000, "_tags": ["comment"], "author": "uwe", "comment_text": "Too dear."}


def read(path: Path) -> list[ReadDocument]:
    return [thing for thing in ingest.read(path, ReadContext()) if isinstance(thing, ReadDocument)]


def test_a_hundred_answers_deep_are_read_in_order(tmp_path: Path) -> None:
    item: dict[str, object] = {**ITEM, "id": 100, "text": "last", "parent_id": 99}
    for number in range(99, 0, -1):
        item = {**ITEM, "id": number, "text": f"answer {number}", "parent_id": number - 1, "children": [item]}
    path = tmp_path / "thread"
    path.write_text(json.dumps({**item, "title": "How deep?", "parent_id": None}), encoding="utf-8")
    documents = read(path)
    assert [document.external_id for document in documents] == [f"hn-{number}" for number in range(1, 101)]
    assert {document.question for document in documents[1:]} == {"How deep?"}
    assert {document.thread_id for document in documents} == {"1"}


def test_what_is_nested_absurdly_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "thread"
    start = json.dumps({**ITEM, "text": "x"}, indent=1).removesuffix("[]\n}")
    path.write_text(start * 20000 + "[]" + "}" * 20000, encoding="utf-8")
    with pytest.raises(MalformedSource):
        read(path)


ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.just("<p>&gt; x"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=4,
)
FIELDS = [*ITEM, *HIT, "title", "text", "story_id", "story_title", "points", "url", "type", "dead", "deleted", "parent"]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(odd=st.dictionaries(st.sampled_from(FIELDS), ANY, max_size=6))
def test_any_field_may_have_any_type(odd: dict[str, object], tmp_path: Path) -> None:
    path = tmp_path / "search"
    path.write_text(json.dumps({"hits": [HIT, {**HIT, **odd}]}), encoding="utf-8")
    documents = read(path)
    assert documents[0].turns[0].text == "Too dear."
    assert all(document.turns[0].text.strip() and "" not in document.meta.values() for document in documents)
    thread = {**ITEM, "text": "Mine.", "children": [{**ITEM, **odd}]}
    path.write_text(json.dumps(thread), encoding="utf-8")
    assert read(path)[0].turns[0].text == "Mine."
