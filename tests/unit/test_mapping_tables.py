"""A table that nobody explained: asked about once, read the same way ever after."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ingest
from ingest.mapping import compile_mapping, load_mapping
from ingest.proposing import propose, shape_of
from ingest.rows import Row
from winloss.cli import mapping as asking
from winloss.errors import ConfigError
from winloss.services.sources import intake, mapping_tables

TABLE = """ref,when,who,what they wrote,where
77,2026-05-02,ana,The alerts buried my two analysts and both of them left within a month.,https://x.example/77
78,2026-05-03,ben,We only bought it because a peer at another bank showed us theirs.,https://x.example/78
"""


def the_table(folder, name="posts.csv", text=TABLE):
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def answers(monkeypatch, *lines):
    left = iter(lines)
    monkeypatch.setattr(asking, "can_ask", lambda: True)
    monkeypatch.setattr(asking.click, "prompt", lambda *_, default="", **__: next(left, default) or default)
    monkeypatch.setattr(asking.click, "confirm", lambda *_, **__: True)


def test_what_stands_in_the_columns_tells_what_they_are(tmp_path):
    proposal, rows = mapping_tables.proposal_for(the_table(tmp_path / "in"))
    assert proposal.kind == "community"
    assert proposal.fields["text"] == "what they wrote"
    assert proposal.fields["date"] == "when"
    assert proposal.fields["url"] == "where"
    assert rows[0]["ref"] == "77"


def test_a_mapping_is_made_once_and_found_again(bench, tmp_path, monkeypatch):
    path = the_table(tmp_path / "in")
    answers(monkeypatch, "community", "1=id", "3=speaker", "9=text", "nonsense", "")
    made = asking.mapping_by_asking(bench, (path,), kind=None)
    assert made == path.with_name("posts.map.toml")
    assert load_mapping(made)["fields"]["speaker"] == "who"
    later = the_table(tmp_path / "later", "june.csv", TABLE.replace("77,", "97,").replace("78,", "98,"))
    (outcome,) = intake.take_in(bench, [later]).files
    assert (outcome.status, outcome.documents) == ("added", 2)
    assert [finding.code for finding in outcome.findings if finding.code == "kept-mapping"]
    assert {document.external_id for document in bench.store.documents()} == {"97", "98"}


def test_a_table_of_another_shape_is_still_asked_about(bench, tmp_path, monkeypatch):
    answers(monkeypatch, "community", "")
    asking.mapping_by_asking(bench, (the_table(tmp_path / "in"),), kind=None)
    other = the_table(tmp_path / "other", "other.csv", "a,b\n1,2\n3,4\n")
    (outcome,) = intake.take_in(bench, [other]).files
    assert outcome.status == "refused"


def test_nothing_is_asked_where_nobody_can_answer(bench, tmp_path, monkeypatch):
    monkeypatch.setattr(asking, "can_ask", lambda: False)
    with pytest.raises(ConfigError, match="terminal"):
        asking.mapping_by_asking(bench, (the_table(tmp_path / "in"),), kind=None)


def test_the_order_of_columns_is_no_other_shape():
    assert shape_of(["A b", "c"]) == shape_of(["C", "a_B"]) != shape_of(["a b", "d"])


NAMES = st.lists(st.text(min_size=1, max_size=12).filter(str.strip), min_size=1, max_size=6, unique_by=str.strip)


@given(NAMES, st.data())
def test_whatever_is_proposed_is_a_mapping(names, data):
    columns = tuple(name.strip() for name in names)
    cells = st.one_of(st.none(), st.text(max_size=30), st.integers(), st.just("2026-03-01"))
    rows = [
        Row(where=str(number), cells={column: data.draw(cells) for column in columns})
        for number in range(data.draw(st.integers(0, 3)))
    ]
    for kind in (None, "deals", "accounts", "interview"):
        proposal = propose(columns, rows, kind=kind)
        if not proposal.missing():
            assert compile_mapping(proposal.as_mapping()).kind == proposal.kind


def test_the_file_that_is_written_says_the_same(tmp_path):
    proposal, _ = mapping_tables.proposal_for(the_table(tmp_path / "in", text=TABLE.replace("who", 'wh"o \\ é')))
    path = tmp_path / "x.map.toml"
    path.write_text(proposal.as_toml(), encoding="utf-8")
    assert ingest.load_mapping(path) == proposal.as_mapping()
